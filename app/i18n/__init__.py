"""The languages Castalia speaks.

The source language of every sentence is English, so English needs no catalog. The others are read from
`locale/<language>/LC_MESSAGES/castalia.po` once per process; there are no compiled catalogs to go stale.
"""

import io
import re
from collections.abc import Sequence
from functools import cache
from gettext import NullTranslations
from pathlib import Path
from typing import Final

from babel.core import negotiate_locale as best_of
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from app.domain.messages import N_

__all__ = [
    "CATALOG_DIRECTORY",
    "LANGUAGE_NAMES",
    "N_",
    "SOURCE_LANGUAGE",
    "UnknownLanguage",
    "catalog_path",
    "negotiate_language",
    "translations",
]

SOURCE_LANGUAGE: Final = "en"
LANGUAGE_NAMES: Final = {"en": "English", "fr": "Français", "nl": "Nederlands", "de": "Deutsch"}
"""The supported languages, each by its own name, in the order of the language switch."""

_E_MAIL: Final = re.compile(r"(?<=\b[Ee])-(?=[Mm]ail)")
_BEFORE_A_SIGN: Final = re.compile(r" (?=[:;?!»]|%(?!\())|(?<=«) ")

CATALOG_DIRECTORY: Final = Path(__file__).parent / "locale"


class UnknownLanguage(LookupError):
    """A language that has no catalog was asked for."""


def catalog_path(language: str) -> Path:
    """Return where the catalog of `language` lives."""
    return CATALOG_DIRECTORY / language / "LC_MESSAGES" / "castalia.po"


@cache
def translations(language: str) -> NullTranslations:
    """Return the sentences of `language`; English ones are the sources themselves.

    Raises
    ------
    UnknownLanguage
        If the language is not one of `LANGUAGE_NAMES`.
    """
    if language not in LANGUAGE_NAMES:
        raise UnknownLanguage(language)
    if language == SOURCE_LANGUAGE:
        return NullTranslations()
    with catalog_path(language).open("rb") as file:
        catalog = read_po(file, locale=language, domain="castalia")
    for message in catalog:
        if message.id:
            message.string = _unbroken(message.string or "", language)
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Translations(compiled, domain="castalia")


def _unbroken(string: str | Sequence[str], language: str) -> str | tuple[str, ...]:
    """The same with signs at which no line breaks: catalogs may have those that everybody's keyboard has."""
    if not isinstance(string, str):
        return tuple(str(_unbroken(one, language)) for one in string)
    kept = _E_MAIL.sub("\N{NON-BREAKING HYPHEN}", string)
    return _BEFORE_A_SIGN.sub("\N{NO-BREAK SPACE}", kept) if language == "fr" else kept


def negotiate_language(accept_language: str, offered: tuple[str, ...] = tuple(LANGUAGE_NAMES)) -> str:
    """Return the offered language a browser's Accept-Language header likes best, else the first offered."""
    preferred = [tag.replace("-", "_") for tag in _by_weight(accept_language)]
    return best_of(preferred, offered, sep="_") or offered[0]


def _by_weight(accept_language: str) -> list[str]:
    weighted = []
    for position, part in enumerate(accept_language.split(",")):
        tag, _, parameter = part.strip().partition(";")
        weight = _weight(parameter)
        if tag and weight > 0:
            weighted.append((-weight, position, tag.strip()))
    return [tag for _, _, tag in sorted(weighted)]


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
