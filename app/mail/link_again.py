"""The personal link sent again: somebody asked for it at the panelist's address, or the team renewed it."""

from dataclasses import dataclass
from gettext import NullTranslations

from app.i18n import translations
from app.mail.letter import Letter


@dataclass(frozen=True)
class LinkAgain:
    """What the message says; ``title`` stands in ``language``."""

    language: str
    name: str
    title: str
    contact: str
    link: str
    was_asked_for: bool = True


def write_link_again(again: LinkAgain) -> Letter:
    """Write the message in the panelist's language."""
    catalog = translations(again.language)
    told = {"title": again.title}
    return Letter(
        language=again.language,
        subject=catalog.gettext("Your personal link: %(title)s") % told,
        greeting=catalog.gettext("Dear %(name)s,") % {"name": again.name},
        before=_before(again, catalog, told),
        link_words=catalog.gettext("Open the study"),
        link=again.link,
        after=(
            catalog.gettext(
                "This is a personal link: please do not pass it on. You can use it again, on any device, to "
                "come back to your answers."
            ),
            catalog.gettext("If you have a question, please write to %(contact)s.")
            % {"contact": again.contact},
        ),
        closing=(catalog.gettext("With kind regards,"), catalog.gettext("The study team")),
    )


def _before(again: LinkAgain, catalog: NullTranslations, told: dict[str, str]) -> tuple[str, ...]:
    if again.was_asked_for:
        return (
            catalog.gettext("Here is your personal link to the study “%(title)s”, as you asked for.") % told,
            catalog.gettext(
                "You did not ask for it? Then somebody typed your address, perhaps by mistake. Nobody but "
                "you got this link, and you need not do anything."
            ),
        )
    return (
        catalog.gettext("The study team sends you a new personal link to the study “%(title)s”.") % told,
        catalog.gettext(
            "If you had a link before, it opens nothing any more. Whatever you have answered is kept."
        ),
    )
