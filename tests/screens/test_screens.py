"""The pictures of ./run screens: taken, named, and all of them in the page to leaf through."""

from pathlib import Path

import zxingcpp
from PIL import Image

from tests.kiosk import halls
from tests.screens import leaf, papers


async def test_every_paper_has_its_picture_and_its_place_in_the_page(tmp_path: Path) -> None:
    pictures = [path async for path in papers.shoot(tmp_path)]
    assert len(pictures) == len(papers.PRINTERS) * (4 * len(papers.STYLES) + len(papers.tickets()))
    with Image.open(tmp_path / "paper" / "gb18030_58" / "ticket-no-telephone.png") as paper:
        assert zxingcpp.read_barcodes(paper.convert("L")) == []
    with Image.open(tmp_path / "paper" / "raster_80" / "ticket-again-with-priority.png") as paper:
        (code,) = zxingcpp.read_barcodes(paper.convert("L"))
    assert code.text == halls.URL
    page = leaf.write(tmp_path, pictures).read_text(encoding="utf-8")
    for path in pictures:
        assert f'src="{path.relative_to(tmp_path)}"' in page
