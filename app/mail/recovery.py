"""A link with which somebody who forgot the password of an account sets a new one."""

from dataclasses import dataclass

from app.i18n import translations
from app.mail.letter import Letter


@dataclass(frozen=True)
class Recovery:
    """What the message says; ``link`` can be used once, for so many ``minutes``."""

    language: str
    name: str
    minutes: int
    link: str


def write_recovery(recovery: Recovery) -> Letter:
    """Write the message in the language of the account."""
    catalog = translations(recovery.language)
    return Letter(
        language=recovery.language,
        subject=catalog.gettext("A new password for Castalia"),
        greeting=catalog.gettext("Dear %(name)s,") % {"name": recovery.name},
        before=(
            catalog.gettext("Somebody asked for a new password for your account. Set it behind this link."),
        ),
        link_words=catalog.gettext("Set a new password"),
        link=recovery.link,
        after=(
            catalog.gettext("The link can be used once, within %(minutes)s minutes.")
            % {"minutes": recovery.minutes},
            catalog.gettext(
                "You did not ask for it? Then you need not do anything: your password stays as it is."
            ),
        ),
        closing=(catalog.gettext("With kind regards,"), "Castalia"),
    )
