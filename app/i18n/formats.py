"""Dates, numbers and lists as a language writes them.

Times are UTC inside and the study's zone outside, so everything that shows an instant asks for the zone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, format_timedelta, get_timezone_location
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent

_CONVENTIONS = {"en": "en_GB"}
"""English for a European product: the day before the month, and twenty-four hours."""


@dataclass(frozen=True, slots=True)
class Formats:
    """How one language writes dates, numbers and lists."""

    locale: Locale

    def date(self, instant: datetime, zone: str) -> str:
        """Return the day with its weekday: "Tuesday, 12 May 2026"."""
        return format_date(_local(instant, zone), format="full", locale=self.locale)

    def short_date(self, instant: datetime, zone: str) -> str:
        """Return the day without its year: "12 May"."""
        return format_skeleton("dMMM", _local(instant, zone), locale=self.locale)

    def time(self, instant: datetime, zone: str) -> str:
        """Return the hour and minute: "18:00"."""
        return format_time(_local(instant, zone), format="short", locale=self.locale)

    def moment(self, instant: datetime, zone: str) -> str:
        """Return day and time in the short form of tables: "12 May 2026 18:00"."""
        local = _local(instant, zone)
        return f"{format_date(local, format='medium', locale=self.locale)} {self.time(instant, zone)}"

    def relative(self, instant: datetime, now: datetime) -> str:
        """Return the distance from now in words: "in 3 days", "2 hours ago"."""
        return format_timedelta(instant - now, add_direction=True, threshold=1.2, locale=self.locale)

    def place(self, zone: str) -> str:
        """Return the city that names a time zone: "Brussels" for Europe/Brussels."""
        return get_timezone_location(ZoneInfo(zone), locale=self.locale, return_city=True)

    def number(self, value: float, digits: int | None = None) -> str:
        """Return a number with the language's separators, with exactly `digits` decimals when given."""
        pattern = None if digits is None else "#,##0" + ("." + "0" * digits if digits else "")
        return format_decimal(value, format=pattern, locale=self.locale)

    def percent(self, share: float, digits: int = 0) -> str:
        """Return a share between 0 and 1 as per cent."""
        return _percent(self.locale, share, digits)

    def listing(self, items: Iterable[object], style: Literal["standard", "or"] = "standard") -> str:
        """Return items as a list in a sentence: "4 or 5", "peers, patients and relatives"."""
        return format_list([str(item) for item in items], style=style, locale=self.locale)

    @property
    def clause_sign(self) -> str:
        """Return what stands between two clauses: French has a space before its semicolon."""
        return "\u00a0; " if self.locale.language == "fr" else "; "

    def territory(self, code: str) -> str:
        """Return a country's name, or its code when the language has no name for it."""
        return str(self.locale.territories.get(code.upper(), code))

    def language(self, code: str) -> str:
        """Return a language's name, or its code when this language has no name for it."""
        return str(self.locale.languages.get(code, code))

    def language_head(self, code: str) -> str:
        """Return a language's name as it stands alone, over a column or beside a box: with a capital."""
        name = self.language(code)
        return name[:1].upper() + name[1:]


# A table of hundreds of rows has the same few shares over and over, and each takes a tenth of a millisecond.
@lru_cache(maxsize=4096)
def _percent(locale: Locale, share: float, digits: int) -> str:
    pattern = locale.percent_formats[None].pattern
    if digits:
        pattern = pattern.replace("0", "0." + "0" * digits, 1)
    return format_percent(share, format=pattern, locale=locale)


def _local(instant: datetime, zone: str) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant without a zone cannot be shown")
    return instant.astimezone(ZoneInfo(zone))


@cache
def formats(language: str) -> Formats:
    """Return how `language` writes dates, numbers and lists."""
    return Formats(Locale.parse(_CONVENTIONS.get(language, language)))
