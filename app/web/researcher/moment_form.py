"""A day and an hour in the study's zone, as they are typed; where an hour comes twice, which one is meant."""

from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.deadline import DeadlineHourTwice, WhichHour, deadline_at
from app.domain.errors import DomainError
from app.web.shared.parts import FieldError
from app.web.shared.submission import SentForm
from app.web.shared.words import error_in_words


@dataclass(frozen=True, slots=True)
class MomentForm:
    """What was typed, and whether it must be said which of two equal hours is meant."""

    day: str = ""
    hour: str = ""
    which: str = ""
    asks_which: bool = False
    errors: tuple[FieldError, ...] = ()

    def moment(self, zone: str) -> datetime | None:
        """The moment that is meant, or None when nothing was typed; see :func:`deadline_at` for refusals."""
        which = WhichHour(self.which) if self.which in set(WhichHour) else None
        return deadline_at(self.day, self.hour, zone, which)

    def refused(self, refusal: DomainError, locale: str) -> "MomentForm":
        """The same form, with what is wrong with it."""
        asks_which = isinstance(refusal, DeadlineHourTwice)
        error = FieldError("field-which" if asks_which else "field-day", error_in_words(refusal, locale))
        return replace(self, asks_which=asks_which, errors=(error,))


def read_moment(form: SentForm) -> MomentForm:
    """What was typed into such a form."""
    return MomentForm(form.one("day"), form.one("hour"), form.one("which"))
