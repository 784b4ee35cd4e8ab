"""A card of evidence is checked whole before it is stored: all that is wrong is said at its field."""

from dataclasses import replace

import pytest

from app.domain.evidence_editing import (
    CardStatementsUnknown,
    CardTextMissing,
    CardTitleMissing,
    CountryNotReadable,
    card_fingerprint,
    checked_card,
)
from app.domain.statement import Evidence, EvidenceKind
from app.domain.statement_editing import CodeTaken, FieldsRefused

CARD = Evidence(
    "E01", EvidenceKind.LITERATURE, ("S01",), {"en": "Title"}, {"en": "What"}, {"en": ""}, "A book", "be"
)


def check(**typed: object) -> Evidence:
    return checked_card(replace(CARD, **typed), ["en"], {"S01", "S02"}, {"E09"})  # type: ignore[arg-type]


def test_a_card_is_stored_without_what_is_empty_or_said_twice():
    stored = check(statements=(" S02", "S01", "S02", ""), code=" E01 ")
    assert (stored.code, stored.statements, stored.country) == ("E01", ("S02", "S01"), "BE")
    assert (stored.why, stored.texts) == ({}, ({"en": "Title"}, {"en": "What"}))
    assert check(country=None).country is None


@pytest.mark.parametrize(
    ("typed", "field", "problem"),
    [
        ({"code": "E09"}, "code", CodeTaken),
        ({"title": {}}, "title.en", CardTitleMissing),
        ({"what": {"en": "  "}}, "what.en", CardTextMissing),
        ({"country": "Belgium"}, "country", CountryNotReadable),
        ({"statements": ()}, "statements", CardStatementsUnknown),
        ({"statements": ("S01", "S99")}, "statements", CardStatementsUnknown),
    ],
)
def test_what_is_wrong_with_a_card_is_said_at_its_field(typed, field, problem):
    with pytest.raises(FieldsRefused) as refused:
        check(**typed)
    assert {name: type(found) for name, found in refused.value.problems.items()} == {field: problem}


def test_the_sign_of_a_card_changes_with_all_that_it_says():
    signs = {card_fingerprint(one) for one in (CARD, replace(CARD, source="A film"), replace(CARD, why={}))}
    assert len(signs) == 3
    assert card_fingerprint(CARD) == card_fingerprint(replace(CARD))
