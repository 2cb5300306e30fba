"""The pages: files of hall_server/web, the look as CSS, the texts as JSON."""

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse, Response
from fastapi.staticfiles import StaticFiles

from config import rare
from config.language import as_written, keys, languages
from config.look import look
from hall_server.words import Refusal, Refused

WEB = Path(__file__).parent.parent / "web"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}
PAGES = {
    "/": "index",
    "/window": "window",
    "/manager": "manager",
    "/pad": "pad",
    "/t/{token}": "phone",
    "/record/{hall}": "record",
}

router = APIRouter(include_in_schema=False)
files = StaticFiles(directory=WEB)


def _page(name: str) -> None:
    async def page() -> FileResponse:
        return FileResponse(WEB / f"{name}.html", media_type="text/html")

    path = next(path for path, named in PAGES.items() if named == name)
    router.add_api_route(path, page, methods=["GET"])


for _name in PAGES.values():
    _page(_name)


@router.get("/look.css")
async def look_css() -> Response:
    """The colours and sizes of config/look.toml as CSS custom properties."""
    return Response(look().css(), media_type="text/css")


@router.get("/rare.ttf")
async def rare_font() -> FileResponse:
    """The font of rare characters of names (生僻字), for browsers that have none."""
    font = rare.font()
    if font is None:
        raise Refused(Refusal.UNKNOWN_COMMAND, command="rare.ttf")
    return FileResponse(font, media_type="font/ttf")


@router.get("/api/texts/{file}")
async def texts(file: str) -> dict[str, dict[str, str]]:
    """All sentences of one file of config/texts, facts still in braces."""
    under = [key for key in keys() if key.partition(".")[0] == file]
    if not under:
        raise Refused(Refusal.UNKNOWN_COMMAND, command="texts")
    return {lang: {key: as_written(key, lang) for key in under} for lang in languages()}
