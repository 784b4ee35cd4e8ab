"""A word to the study team: a personal link came into the hands of somebody else."""

from dataclasses import dataclass

from app.i18n import translations
from app.mail.letter import Letter


@dataclass(frozen=True)
class DisownedLink:
    """What the message says; ``link`` leads to the list of the people invited."""

    language: str
    title: str
    link: str


def write_disowned_link(disowned: DisownedLink) -> Letter:
    """Write the message in the study's language; it names nobody, and no pseudonym."""
    catalog = translations(disowned.language)
    told = {"title": disowned.title}
    return Letter(
        language=disowned.language,
        subject=catalog.gettext("A personal link reached somebody else: %(title)s") % told,
        greeting=catalog.gettext("Good day,"),
        before=(
            catalog.gettext(
                "Somebody who had a personal link to the study “%(title)s” says that it is not theirs. "
                "The link is closed."
            )
            % told,
            catalog.gettext(
                "If the address is wrong, no more e-mails go to it. An owner of the study sees it marked in "
                "the list of those invited, and can look for the right one."
            ),
        ),
        link_words=catalog.gettext("Open the list"),
        link=disowned.link,
        after=(),
        closing=(catalog.gettext("With kind regards,"), "Castalia"),
    )
