"""The page to leaf through a folder of pictures."""

from html import escape
from itertools import groupby
from pathlib import Path

HEAD = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Screens of the service hall 政务服务大厅</title>
<style>
body { font: 16px/1.5 sans-serif; margin: 16px; }
nav a { margin-right: 16px; }
.row { display: flex; flex-wrap: wrap; gap: 16px; align-items: flex-start; }
figure { margin: 0; }
img { max-width: 440px; max-height: 360px; border: 1px solid; }
</style>
<h1>Screens of the service hall 政务服务大厅</h1>
"""


def write(folder: Path, pictures: list[Path]) -> Path:
    """Write index.html: one section for each folder, each picture a link to its full size."""
    places = [path.relative_to(folder) for path in pictures]
    sections = [(str(where), list(ours)) for where, ours in groupby(places, lambda one: one.parent)]
    links = "\n".join(f'<a href="#{escape(where)}">{escape(where)}</a>' for where, _ in sections)
    body = "\n".join(_section(where, ours) for where, ours in sections)
    page = folder / "index.html"
    page.write_text(f"{HEAD}<nav>\n{links}\n</nav>\n{body}\n", encoding="utf-8")
    return page


def _section(where: str, places: list[Path]) -> str:
    figures = "\n".join(
        f'<figure><a href="{escape(place.as_posix())}">'
        f'<img loading="lazy" src="{escape(place.as_posix())}" alt="{escape(place.stem)}"></a>'
        f"<figcaption>{escape(place.stem)}</figcaption></figure>"
        for place in places
    )
    return f'<h2 id="{escape(where)}">{escape(where)}</h2>\n<div class="row">\n{figures}\n</div>'
