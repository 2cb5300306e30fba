"""A scanner that calls itself a keyboard and was not taken from the screen: its keys as a code."""

SILENCE = 0.08  # seconds after which what was typed is over; a scanner needs 5 ms for a key
MOST = 300  # longer than every code that a kiosk knows
_ENTERS = frozenset({13, 271})  # Return, and Enter on the keypad
_SHIFTED = dict(zip("`1234567890-=[]\\;',./", '~!@#$%^&*()_+{}|:"<>?', strict=True))


class Wedge:
    """Keys as the window tells them (US layout), in the time of a machine: Enter ends a code, a
    silence drops it, so that nobody's own typing becomes one."""

    def __init__(self) -> None:
        self._typed = ""
        self._last = 0.0

    def key(self, key: int, letter: str | None, modifiers: list[str], now: float) -> str:
        """One key down: the code that it completes, else ""."""
        if now - self._last > SILENCE:
            self._typed = ""
        self._last = now
        if key in _ENTERS:
            code, self._typed = self._typed, ""
            return code
        if letter and len(letter) == 1 and letter.isprintable() and len(self._typed) < MOST:
            self._typed += _meant(letter, modifiers)
        return ""


def _meant(letter: str, modifiers: list[str]) -> str:
    shift = "shift" in modifiers
    if letter.isalpha():
        return letter.upper() if shift != ("capslock" in modifiers) else letter.lower()
    return _SHIFTED.get(letter, letter) if shift else letter
