"""The keys on which a citizen types: all of them at once, or few where there is no room."""

from kiosk.flow import Intent
from kiosk.search import GROUPS
from kiosk.views import Choice, Words


def _keys(faces: str) -> tuple[Choice, ...]:
    return tuple(Choice(Intent.TYPE, face, Words(face)) for face in faces)


LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
FIGURES = _keys("1234567890")
ALL = _keys(LETTERS + "0123456789")
NINE = (  # 九宫格, as on a telephone: three or four letters to a key
    Choice(Intent.TYPE, "1", Words("1")),
    *(Choice(Intent.TYPE, str(n), Words(face, str(n))) for n, face in enumerate(GROUPS, 2)),
    Choice(Intent.TYPE, "0", Words("0")),
)
GROUPED = FIGURES + tuple(Choice(Intent.TYPE, face, Words(face)) for face in GROUPS)


def search_keys(few: bool) -> tuple[Choice, ...]:
    """For what an item may be meant by: pinyin initials and figures."""
    return NINE if few else ALL


def ticket_keys(few: bool, opened: str) -> tuple[Choice, ...]:
    """For a number and its code, in which every letter counts. On few keys the figures, and groups
    of letters or those of the group that was `opened`."""
    if not few:
        return ALL
    if not opened:
        return GROUPED
    return (*FIGURES, *_keys(opened), Choice(Intent.TYPE, "", Words("A–Z")))
