"""Checking a card of evidence before it is stored."""

import re
from collections.abc import Collection, Sequence

from app.domain.errors import DomainError, NotFound
from app.domain.messages import N_, LanguageNames
from app.domain.statement import Evidence
from app.domain.statement_editing import (
    FieldsRefused,
    checked_code,
    checked_field,
    checked_texts,
    fingerprint_of,
)

CARD_TITLE_LIMIT = 300
CARD_TEXT_LIMIT = 4000
SOURCE_LIMIT = 1000

_COUNTRY = re.compile("[A-Z]{2}")


class CardNotFound(NotFound):
    """The study has no card of evidence of this code."""

    message = N_("The study has no evidence card “%(code)s”.")


class CardChangedMeanwhile(DomainError):
    """Somebody else changed the card since the page was opened; nothing was overwritten."""

    message = N_(
        "The card %(code)s was changed by somebody else since you opened this page. Nothing was overwritten: "
        "what you typed stands in the fields, what is stored now beside it."
    )


class CardInUse(DomainError):
    """A recommendation rests on the card."""

    message = N_("A recommendation rests on the card %(code)s, so it cannot be removed.")


class CardTextMissing(DomainError):
    """A card lacks its title or its text."""

    message = N_("What it is has not been said in %(language)s yet.")


class CardTitleMissing(CardTextMissing):
    """A card has no title in a language."""

    message = N_("The title is missing in %(language)s.")


class CountryNotReadable(DomainError):
    """The country is not two letters."""

    message = N_("Write the two capital letters of the country, such as BE, or leave it empty.")


class CardStatementsUnknown(DomainError):
    """The card stands beside no statement, or beside one that there is not."""

    message = N_("Name the codes of one or more statements, parted by commas, such as S07, S12.")


def checked_card(
    card: Evidence, languages: Sequence[str], statements: Collection[str], taken: Collection[str]
) -> Evidence:
    """The card as it will be stored.

    Raises
    ------
    FieldsRefused
        With every field that cannot be stored: ``code``, ``country``, ``statements``, ``source`` and
        ``title.<language>``, ``what.<language>``, ``why.<language>``.
    """
    problems: dict[str, DomainError] = {}
    code = checked_code(card.code, taken, problems)
    texts = {
        name: checked_texts(name, given, languages, limit, problems)
        for name, given, limit in (
            ("title", card.title, CARD_TITLE_LIMIT),
            ("what", card.what, CARD_TEXT_LIMIT),
            ("why", card.why, CARD_TEXT_LIMIT),
        )
    }
    for name, missing in (("title", CardTitleMissing), ("what", CardTextMissing)):
        for language in languages:
            if language not in texts[name]:
                where = LanguageNames((language,))
                problems.setdefault(f"{name}.{language}", missing(language=where))
    country = (card.country or "").strip().upper()
    if country and not _COUNTRY.fullmatch(country):
        problems["country"] = CountryNotReadable()
    named = tuple(dict.fromkeys(filter(None, (one.strip() for one in card.statements))))
    if not named or any(one not in statements for one in named):
        problems["statements"] = CardStatementsUnknown()
    source = checked_field("source", card.source, SOURCE_LIMIT, problems)
    if problems:
        raise FieldsRefused(problems)
    return Evidence(
        code=code,
        kind=card.kind,
        statements=named,
        title=texts["title"],
        what=texts["what"],
        why=texts["why"],
        source=source,
        country=country or None,
    )


def card_fingerprint(card: Evidence) -> str:
    """A short sign of all that the card says: who saves sends back the one they have seen."""
    return fingerprint_of([dict(part) if isinstance(part, dict) else part for part in vars(card).values()])
