"""A round's deadline, as a letter tells it."""

from datetime import datetime

from app.i18n import translations
from app.i18n.formats import formats


def answer_before(language: str, closes_at: datetime | None, time_zone: str) -> tuple[str, ...]:
    """The sentence with the deadline; none where there is no deadline."""
    if closes_at is None:
        return ()
    written = formats(language)
    sentence = translations(language).gettext("Please answer before %(date)s at %(time)s (%(place)s time).")
    return (
        sentence
        % {
            "date": written.date(closes_at, time_zone),
            "time": written.time(closes_at, time_zone),
            "place": written.place(time_zone),
        },
    )
