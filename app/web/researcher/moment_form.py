"""A day and an hour in the study's zone, as they are typed; where an hour comes twice, which one is meant."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from app.domain.deadline import DeadlineHourTwice, WhichHour, deadline_at
from app.domain.errors import DomainError
from app.web.shared.parts import FieldError
from app.web.shared.submission import SentForm
from app.web.shared.words import error_in_words


@dataclass(frozen=True, slots=True)
class MomentForm:
    """What was typed, and whether it must be said which of two equal hours is meant.

    ``name`` begins the names of its fields, where a page asks for several moments.
    """

    day: str = ""
    hour: str = ""
    which: str = ""
    asks_which: bool = False
    errors: tuple[FieldError, ...] = ()
    name: str = ""

    def moment(self, zone: str) -> datetime | None:
        """The moment that is meant, or None when nothing was typed; see :func:`deadline_at` for refusals."""
        which = WhichHour(self.which) if self.which in set(WhichHour) else None
        return deadline_at(self.day, self.hour, zone, which)

    def refused(self, refusal: DomainError, locale: str) -> "MomentForm":
        """The same form, with what is wrong with it."""
        asks_which = isinstance(refusal, DeadlineHourTwice)
        field = f"field-{self.name}{'which' if asks_which else 'day'}"
        return replace(
            self, asks_which=asks_which, errors=(FieldError(field, error_in_words(refusal, locale)),)
        )


def read_moment(form: SentForm, name: str = "") -> MomentForm:
    """What was typed into such a form; ``name`` begins the names of its fields."""
    return MomentForm(form.one(f"{name}day"), form.one(f"{name}hour"), form.one(f"{name}which"), name=name)


def moment_as_typed(at: datetime | None, zone: str, name: str = "") -> MomentForm:
    """A moment as one would type it; empty fields for none."""
    if at is None:
        return MomentForm(name=name)
    local = at.astimezone(ZoneInfo(zone))
    hour = local.strftime("%H:%M")
    which = WhichHour.SECOND.value if local.fold else ""
    return MomentForm(local.date().isoformat(), hour, which, asks_which=bool(local.fold), name=name)
