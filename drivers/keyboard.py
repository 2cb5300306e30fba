"""What a scanner types that calls itself a keyboard: the kernel's key events in, text out."""

import struct

EVENT = struct.Struct("@llHHi")  # input_event: seconds, microseconds, type, code, value
LOST = b"\x00"  # stands for what cannot be read, so that no code with a hole passes for a whole one
_SYN, _KEY = 0, 1  # event types
_DROPPED = 3  # SYN_DROPPED: the kernel's buffer ran over
_UP, _DOWN = 0, 1  # 2 is a key held down, repeated by the kernel
_ENTERS = frozenset({28, 96})
_SHIFTS, _CONTROLS = frozenset({42, 54}), frozenset({29, 97})
_OTHERS = frozenset({56, 100, 125, 126})  # Alt and Meta: no US character is behind them
_HELD = _SHIFTS | _CONTROLS | _OTHERS
_CAPS = 58
_LOCKS = frozenset({69, 70})  # NumLock, ScrollLock: a scanner's keypad always means digits

# linux/input-event-codes.h: where each row of a US keyboard begins; plain, and with Shift.
_ROWS = (
    (2, "1234567890-=", "!@#$%^&*()_+"),
    (16, "qwertyuiop[]", "QWERTYUIOP{}"),
    (30, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
    (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
    (57, " ", " "),
    (71, "789-456+1230.", "789-456+1230."),
)
_ALONE = {55: "*", 98: "/", 117: "=", 121: ","}
KEYS: dict[int, tuple[str, str]] = {
    first + n: pair
    for first, plain, shifted in _ROWS
    for n, pair in enumerate(zip(plain, shifted, strict=True))
} | {code: (one, one) for code, one in _ALONE.items()}


class Keys:
    """Key events, in whatever pieces they come, as the bytes a serial scanner would send.

    US layout, Shift, CapsLock, keypad; Enter is CR; Control with a key is its control character,
    as some scanners send FNC1 (GS). A key held down counts once. A key that means nothing here is
    counted in `unknown` and leaves a zero byte in its place, as do events the kernel lost.
    """

    def __init__(self) -> None:
        self.unknown = 0
        self._rest = b""
        self._held: set[int] = set()
        self._capitals = False

    def feed(self, data: bytes) -> bytes:
        """Take bytes of the device file as they came; give what was typed."""
        data = self._rest + data
        whole = len(data) - len(data) % EVENT.size
        self._rest = data[whole:]
        typed = b""
        for _, _, kind, code, value in EVENT.iter_unpack(data[:whole]):
            if (kind, code) == (_SYN, _DROPPED):
                self._held.clear()
                typed += LOST
            elif kind == _KEY:
                typed += self._key(code, value)
        return typed

    def _key(self, code: int, value: int) -> bytes:
        if code in _HELD:
            (self._held.discard if value == _UP else self._held.add)(code)
            return b""
        if value != _DOWN or code in _LOCKS:
            return b""
        if code == _CAPS:
            self._capitals = not self._capitals
            return b""
        if code in _ENTERS:
            return b"\r"
        pair = KEYS.get(code)
        if pair is None or self._held & _OTHERS:
            self.unknown += 1
            return LOST
        shifted = bool(self._held & _SHIFTS) != (self._capitals and pair[0].isalpha())
        typed = pair[shifted].encode("ascii")
        return bytes([typed[0] & 0x1F]) if self._held & _CONTROLS else typed
