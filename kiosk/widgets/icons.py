"""Icons by name, from the Lucide font (ISC, see icons-LICENSE.txt)."""

from kivy.lang import global_idmap

ICONS = {
    "a-large-small": "\ue587",
    "accessibility": "\ue297",
    "angry": "\ue2fc",
    "arrow-left": "\ue048",
    "calendar-check": "\ue2b7",
    "check": "\ue06c",
    "chevron-right": "\ue06f",
    "circle-check": "\ue226",
    "circle-x": "\ue084",
    "contrast": "\ue09d",
    "delete": "\ue0ae",
    "face-grinning": "\ue300",
    "face-neutral": "\ue114",
    "face-slightly-frowning": "\ue0db",
    "face-slightly-smiling": "\ue164",
    "file-text": "\ue0cc",
    "hand-helping": "\ue3b8",
    "heart-handshake": "\ue2d7",
    "house": "\ue0f5",
    "info": "\ue0f9",
    "keyboard": "\ue284",
    "landmark": "\ue23a",
    "languages": "\ue0fe",
    "layers": "\ue529",
    "map-pin": "\ue111",
    "megaphone": "\ue235",
    "message-square-warning": "\ue576",
    "monitor-check": "\ue482",
    "moon": "\ue11e",
    "printer": "\ue141",
    "qr-code": "\ue1df",
    "rotate-ccw": "\ue148",
    "search": "\ue151",
    "square": "\ue167",
    "star": "\ue176",
    "ticket": "\ue20f",
    "timer": "\ue1e0",
    "triangle-alert": "\ue193",
    "users": "\ue1a4",
    "volume-1": "\ue1aa",
    "volume-2": "\ue1ab",
    "wifi-off": "\ue1af",
    "x": "\ue1b2",
}


def glyph(name: str) -> str:
    """The character of an icon; "" for no icon."""
    return ICONS[name] if name else ""


global_idmap["glyph"] = glyph
