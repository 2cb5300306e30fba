"""Every screen of the hall as a PNG: `python -m tests.screens [folder]` (./run screens)."""

import argparse
import asyncio
import sys
from pathlib import Path

from tests.screens import kiosks, leaf, pages, papers, walls

PARTS = {"kiosk": kiosks, "walls": walls, "pages": pages, "papers": papers}


async def shoot(folder: Path, parts: list[str]) -> list[Path]:
    """Take the pictures of these parts; where each one is."""
    taken: list[Path] = []
    for part in parts:
        async for path in PARTS[part].shoot(folder):
            taken.append(path)
        print(f"{part}: {len(taken)} pictures so far", flush=True)
    return taken


def main() -> int:
    parser = argparse.ArgumentParser(prog="run screens", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("screens"))
    parser.add_argument("--only", action="append", choices=PARTS, help="this part alone")
    given = parser.parse_args()
    folder = given.folder.resolve()
    taken = asyncio.run(shoot(folder, given.only or list(PARTS)))
    print(f"{len(taken)} pictures; leaf through them: {leaf.write(folder, taken)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
