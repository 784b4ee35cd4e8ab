"""What somebody reads who has not handed in while a round is open: a reminder, or that there is more time."""

from dataclasses import dataclass
from datetime import datetime

from app.i18n import translations
from app.mail.deadlines import answer_before
from app.mail.letter import Letter


@dataclass(frozen=True)
class StillOpen:
    """What the message says; ``title`` stands in ``language``, ``closes_at`` is None without a deadline."""

    language: str
    name: str
    title: str
    round_number: int
    closes_at: datetime | None
    time_zone: str
    contact: str
    link: str


def write_reminder(still_open: StillOpen) -> Letter:
    """Write the reminder in the panelist's language."""
    catalog = translations(still_open.language)
    told = {"title": still_open.title, "number": still_open.round_number}
    return _letter(
        still_open,
        catalog.gettext("Round %(number)s still waits for you: %(title)s") % told,
        catalog.gettext(
            "Round %(number)s of the study “%(title)s” is open, and your questionnaire is not handed in yet."
        )
        % told,
        catalog.gettext(
            "Whatever you have saved is kept, and you can go on where you stopped. If you do not want to "
            "take part, you need not do anything."
        ),
    )


def write_extension(still_open: StillOpen) -> Letter:
    """Write that there is more time, in the panelist's language."""
    catalog = translations(still_open.language)
    told = {"title": still_open.title, "number": still_open.round_number}
    return _letter(
        still_open,
        catalog.gettext("There is more time: %(title)s") % told,
        catalog.gettext("Round %(number)s of the study “%(title)s” stays open for longer than we told you.")
        % told,
        catalog.gettext("Whatever you have saved is kept, and you can go on where you stopped."),
    )


def _letter(still_open: StillOpen, subject: str, opening: str, more: str) -> Letter:
    catalog = translations(still_open.language)
    return Letter(
        language=still_open.language,
        subject=subject,
        greeting=catalog.gettext("Dear %(name)s,") % {"name": still_open.name},
        before=(
            opening,
            *answer_before(still_open.language, still_open.closes_at, still_open.time_zone),
            more,
        ),
        link_words=catalog.gettext("Open the questionnaire"),
        link=still_open.link,
        after=(
            catalog.gettext(
                "This is a personal link: please do not pass it on. You can use it again, on any device, to "
                "come back to your answers."
            ),
            catalog.gettext("If you have a question, please write to %(contact)s.")
            % {"contact": still_open.contact},
        ),
        closing=(catalog.gettext("With kind regards,"), catalog.gettext("The study team")),
    )
