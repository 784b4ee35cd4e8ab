"""An invitation to a colleague: to work on a study, in a role that the page behind the link names."""

from dataclasses import dataclass

from app.i18n import translations
from app.mail.letter import Letter


@dataclass(frozen=True)
class ColleagueInvited:
    """What the message says; ``title`` stands in ``language``, ``link`` can be used once."""

    language: str
    inviter: str
    title: str
    days: int
    link: str


def write_colleague_invitation(invited: ColleagueInvited) -> Letter:
    """Write the message in the language that the inviter chose."""
    catalog = translations(invited.language)
    told = {"title": invited.title, "inviter": invited.inviter, "days": invited.days}
    return Letter(
        language=invited.language,
        subject=catalog.gettext("You are invited to work on a study: %(title)s") % told,
        greeting=catalog.gettext("Good day,"),
        before=(
            catalog.gettext("%(inviter)s invites you to work on the study “%(title)s” in Castalia.") % told,
            catalog.gettext(
                "The page behind the link says in which role. Sign in there with your account, or make one."
            ),
        ),
        link_words=catalog.gettext("Look at the invitation"),
        link=invited.link,
        after=(
            catalog.gettext(
                "The link can be used once, within %(days)s days. If you do not know the sender, "
                "leave it: nothing happens."
            )
            % told,
        ),
        closing=(catalog.gettext("With kind regards,"), "Castalia"),
    )
