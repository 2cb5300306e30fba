"""The hall's time in a run: from nine in the morning on, so that no run meets a day's end."""

from datetime import UTC, datetime

DATE = "2026-11-23"
NINE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 9:00 in the hall


class Watch:
    """A clock that stands at nine when it is made, and goes."""

    def __init__(self) -> None:
        self._ahead = NINE - datetime.now(UTC)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead
