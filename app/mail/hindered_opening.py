"""What the study team is told when a round could not open at its planned moment."""

from dataclasses import dataclass

from app.i18n import translations
from app.mail.letter import Letter


@dataclass(frozen=True)
class HinderedOpening:
    """What the message says; ``title`` stands in ``language``."""

    language: str
    title: str
    round_number: int
    link: str


def write_hindered_opening(hindered: HinderedOpening) -> Letter:
    """Write the message in the study's first language."""
    catalog = translations(hindered.language)
    told = {"title": hindered.title, "number": hindered.round_number}
    return Letter(
        language=hindered.language,
        subject=catalog.gettext("Round %(number)s did not open: %(title)s") % told,
        greeting=catalog.gettext("Good day,"),
        before=(
            catalog.gettext(
                "Round %(number)s of the study “%(title)s” was to open by itself now. Something stood in the "
                "way, so it is not open, and nobody on the panel was written to."
            )
            % told,
            catalog.gettext(
                "The page of the rounds says what it is. When it is mended, open the round yourself, or plan "
                "another moment."
            ),
        ),
        link_words=catalog.gettext("Open the page of the rounds"),
        link=hindered.link,
        after=(),
        closing=(catalog.gettext("With kind regards,"), "Castalia"),
    )
