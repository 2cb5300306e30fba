"""When a hall is open (办理时间): weekly spans, single dates, holidays and 调休."""

import datetime
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, StringConstraints

from hall_server.wire.bounds import Frozen
from hall_server.wire.fault import Faults
from hall_server.wire.items import Label, Line

HALL_TIME = ZoneInfo("Asia/Shanghai")
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
MILLISECOND = datetime.timedelta(milliseconds=1)
CLOCK_PATTERN = r"^(?:[01][0-9]|2[0-3]):[0-5][0-9]$"

Clock = Annotated[str, StringConstraints(pattern=CLOCK_PATTERN)]  # "09:00", hall time
Weekday = Annotated[int, Field(strict=True, ge=1, le=7)]  # 1 = Monday, as in ISO 8601
Shift = Literal["normal", "midday", "extended", "weekend"]  # 正常 午间 延时 双休


class Span(Frozen):
    """One stretch of opening: no new number after last_ticket, called people are still served."""

    days: tuple[Weekday, ...] = Field(min_length=1, max_length=7)
    start: Clock
    end: Clock
    last_ticket: Clock
    shift: Shift = "normal"


class SpecialDay(Frozen):
    """One date that has its own spans; with none of them the hall is closed (e.g. 停电检修)."""

    date: datetime.date
    reason: Label
    spans: tuple[Span, ...] = Field(default=(), max_length=6)


class Hours(Frozen):
    """When the hall is open: by weekday, and by date where a date differs."""

    weekly: tuple[Span, ...] = Field(min_length=1, max_length=40)
    special: tuple[SpecialDay, ...] = Field(default=(), max_length=100)


class Holiday(Frozen):
    """A free stretch of the national notice, first to last day."""

    name: Label
    first: datetime.date
    last: datetime.date


class Workday(Frozen):
    """A weekend day worked in exchange (调休上班), with the hours of ``as_day``."""

    date: datetime.date
    name: Label = "调休上班"
    as_day: Weekday = 1


class CalendarYear(Frozen):
    """The holidays and 调休 of one year; unpublished until the State Council's notice is out."""

    year: int = Field(strict=True, ge=2020, le=2100)
    published: bool
    source: Line = ""
    holidays: tuple[Holiday, ...] = Field(default=(), max_length=30)
    workdays: tuple[Workday, ...] = Field(default=(), max_length=30)


class Calendar(Frozen):
    """The years a hall knows. A year nobody published counts plain Monday to Friday."""

    years: tuple[CalendarYear, ...] = Field(default=(), max_length=20)

    def known(self, day: date) -> bool:
        """Whether the notice of this day's year is in; if not, the manager is told."""
        return any(year.year == day.year and year.published for year in self.years)

    def holiday(self, day: date) -> Holiday | None:
        return next((h for y in self.years for h in y.holidays if h.first <= day <= h.last), None)

    def workday(self, day: date) -> Workday | None:
        return next((w for y in self.years for w in y.workdays if w.date == day), None)

    def works(self, day: date) -> bool:
        """Whether this is a working day (工作日), for promised days and the clocks of cases."""
        if self.workday(day):
            return True
        return day.isoweekday() <= 5 and not self.holiday(day)


def in_ms(at: datetime.datetime) -> int:
    """An instant as the hall keeps it: whole milliseconds since 1970 in UTC."""
    return (at - EPOCH) // MILLISECOND


def instant(ms: int) -> datetime.datetime:
    """The instant that is kept so, in UTC."""
    return EPOCH + ms * MILLISECOND


def hours_faults(hours: Hours, calendar: Calendar, opens: str, closes: str, found: Faults) -> None:
    """Hours that cannot be: spans that overlap or end early, dates of another year."""
    if closes <= opens:
        found.add("hall", "day_end", "ends_early", f"> {opens}", value=closes)
    for n, span in enumerate(hours.weekly, 1):
        _span_faults(f"hours.weekly[{n}]", span, (opens, closes), found)
    _overlaps("hours.weekly", hours.weekly, found)
    found.repeated("hours.special", "date", (str(day.date) for day in hours.special))
    for n, day in enumerate(hours.special, 1):
        place = f"hours.special[{n}]"
        for m, span in enumerate(day.spans, 1):
            _span_faults(f"{place}.spans[{m}]", span, (opens, closes), found)
        everyday = [span.model_copy(update={"days": (1,)}) for span in day.spans]
        _overlaps(f"{place}.spans", everyday, found)
    found.repeated("calendar", "year", (str(year.year) for year in calendar.years))
    for year in calendar.years:
        place = f"calendar {year.year}"
        named = [workday.date for workday in year.workdays]
        for holiday in year.holidays:
            named += [holiday.first, holiday.last]
            if holiday.last < holiday.first:
                found.add(place, "last", "ends_early", f"≥ {holiday.first}", value=holiday.last)
            for workday in year.workdays:
                if holiday.first <= workday.date <= holiday.last:
                    found.add(place, "workdays", "free_and_worked", value=workday.date)
        for one in named:
            if one.year != year.year:
                found.add(place, "date", "other_year", str(year.year), value=one)


def _span_faults(place: str, span: Span, day: tuple[str, str], found: Faults) -> None:
    opens, closes = day
    if span.end <= span.start:
        found.add(place, "end", "ends_early", f"> {span.start}", value=span.end)
    elif not span.start <= span.last_ticket <= span.end:
        allowed = f"{span.start}–{span.end}"
        found.add(place, "last_ticket", "last_ticket_outside", allowed, value=span.last_ticket)
    if span.start < opens or span.end > closes:
        value = f"{span.start}–{span.end}"
        found.add(place, "start", "outside_the_day", f"{opens}–{closes}", value=value)


def _overlaps(group: str, spans: Sequence[Span], found: Faults) -> None:
    for n, span in enumerate(spans, 1):
        for m, other in enumerate(spans[: n - 1], 1):
            meet = span.start < other.end and other.start < span.end
            if meet and set(span.days) & set(other.days):
                found.add(f"{group}[{n}]", "start", "overlaps", value=f"{group}[{m}]")
