"""The invitation to a round: what a panelist reads in the mail that brings their personal link."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.domain.round import PlannedRound
from app.i18n import N_, translations
from app.mail.deadlines import answer_before
from app.mail.letter import Letter

_WHAT_IT_ASKS: Final = {
    PlannedRound.OPEN: N_(
        "In this round we ask open questions. You answer in your own words; there is nothing to rate."
    ),
    PlannedRound.RATING: N_(
        "In this round you rate statements on a scale. If you like, you say why in a comment."
    ),
    PlannedRound.REAL_TIME: N_(
        "In this round you rate statements on a scale. Once you have rated one, figures of the panel follow "
        "as soon as enough people have answered. You can change your answer until the round closes."
    ),
}


@dataclass(frozen=True)
class Invitation:
    """What an invitation says; ``title`` stands in ``language``, ``closes_at`` is None without a deadline."""

    language: str
    name: str
    title: str
    round_number: int
    asks: PlannedRound
    minutes_per_round: int
    closes_at: datetime | None
    time_zone: str
    contact: str
    link: str


def write_invitation(invitation: Invitation) -> Letter:
    """Write the invitation in the panelist's language."""
    catalog = translations(invitation.language)
    told = {"title": invitation.title, "number": invitation.round_number}
    if invitation.round_number == 1:
        subject = catalog.gettext("You are invited: %(title)s") % told
    else:
        subject = catalog.gettext("Round %(number)s is open: %(title)s") % told
    return Letter(
        language=invitation.language,
        subject=subject,
        greeting=catalog.gettext("Dear %(name)s,") % {"name": invitation.name},
        before=(
            *_opening(invitation),
            catalog.gettext(_WHAT_IT_ASKS[invitation.asks]),
            _duration(invitation),
            *answer_before(invitation.language, invitation.closes_at, invitation.time_zone),
        ),
        link_words=catalog.gettext("Open the questionnaire"),
        link=invitation.link,
        after=(
            catalog.gettext(
                "This is a personal link: please do not pass it on. You can use it again, on any device, to "
                "come back to your answers."
            ),
            catalog.gettext("If you have a question, please write to %(contact)s.")
            % {"contact": invitation.contact},
        ),
        closing=(catalog.gettext("With kind regards,"), catalog.gettext("The study team")),
    )


def _opening(invitation: Invitation) -> tuple[str, ...]:
    catalog = translations(invitation.language)
    told = {"title": invitation.title, "number": invitation.round_number}
    if invitation.round_number == 1:
        return (
            catalog.gettext(
                "You are invited to give your view in the study “%(title)s”. It counts as much as anybody "
                "else's."
            )
            % told,
            catalog.gettext(
                "Taking part is your own choice. First you can read what the study is about and who sees "
                "your answers; then you decide."
            ),
        )
    return (
        catalog.gettext(
            "Round %(number)s of the study “%(title)s” is open, and your view counts again. You can take "
            "part even if you missed a round before."
        )
        % told,
    )


def _duration(invitation: Invitation) -> str:
    return translations(invitation.language).ngettext(
        "This round takes about one minute. You can stop at any moment and go on later.",
        "This round takes about %(num)s minutes. You can stop at any moment and go on later.",
        invitation.minutes_per_round,
    ) % {"num": invitation.minutes_per_round}
