"""Recommendations on their pages: written, put in order, flagged, and not overwritten."""

import pytest

from app.domain.account import Role
from tests.integration.web.researcher.conftest import words

ON_S01 = {
    "audience": "A01",
    "text.en": "Pay them as colleagues.",
    "text.fr": "Payez-les comme des collègues.",
    "text.nl": "",
    "statements": "S01",
    "evidence": "",
}


@pytest.fixture
def named(decided, owner):
    """Two audiences are named."""
    page = owner.get("/audiences").text
    known = page.split('name="known" value="')[1].split('"')[0]
    first = {"known": known, "new": "A01", "A01.place": "1", "A01.name.en": "Teams", "A01.name.nl": "Teams"}
    assert owner.send("/audiences", first).headers["location"].endswith("/recommendations?done=audiences")
    return decided


def known_of(page) -> str:
    return str(page.text.split('name="known" value="')[1].split('"')[0])


def test_the_page_asks_for_audiences_first(decided, owner):
    assert "Name the audiences" in owner.get("/recommendations").text
    assert "Name the audiences" in owner.get("/new-recommendation").text
    assert "/recommendations" in owner.get("/reports").text


def test_a_recommendation_is_written_with_what_it_rests_on_and_flags_what_is_missing(named, owner):
    form = owner.get("/new-recommendation?audience=A01")
    assert "5 accepted statements" in words(form)
    assert owner.send("/new-recommendation", ON_S01).headers["location"].endswith("?done=saved")
    page = words(owner.get("/recommendations?done=saved"))
    assert "Pay them as colleagues." in page
    assert "Dutch missing" in page
    assert "1 recommendation misses a translation." in page
    assert "S01" in page
    assert "Consensus: in" in page
    assert "wrote recommendation 1" in words(owner.get("/log"))
    assert "Pay them" in owner.get("/recommendations/1").text


def test_what_cannot_be_stored_is_said_at_its_field_and_stays_typed(named, owner):
    answer = owner.send("/new-recommendation", {**ON_S01, "statements": "S02, S99", "evidence": "E9"})
    assert answer.status_code == 422
    assert "The panel has not rated these statements: S99." in answer.text
    assert "The study has no such evidence cards: E9." in answer.text
    assert 'value="S02, S99"' in answer.text
    answer = owner.send("/new-recommendation", {**ON_S01, "statements": "S02"})
    assert "These statements are not accepted by consensus: S02." in answer.text
    nothing = owner.send("/new-recommendation", {"audience": "A7", "themes": "x"})
    assert "Choose whom the recommendation speaks to." in nothing.text
    assert "One of the themes is not there any more." in nothing.text
    assert "Write the text in at least one language." in nothing.text


def test_a_reservation_stands_under_what_rests_on_no_consensus(named, owner):
    answer = owner.send("/new-recommendation", {**ON_S01, "statements": "S02", "reservation.en": "Divided."})
    assert answer.status_code == 303
    page = words(owner.get("/recommendations"))
    assert "Reservation: Divided." in page
    assert "Reservation: missing" in page
    assert "No consensus" in page


def test_who_saves_second_sees_what_is_stored(named, owner):
    owner.send("/new-recommendation", ON_S01)
    known = known_of(owner.get("/recommendations/1"))
    assert (
        owner.send("/recommendations/1", {**ON_S01, "text.nl": "Betaal hen.", "known": known}).status_code
        == 303
    )
    answer = owner.send("/recommendations/1", {**ON_S01, "text.en": "Mine.", "known": known})
    assert answer.status_code == 409
    assert "was changed by somebody else" in words(answer)
    assert "Betaal hen." in answer.text
    assert ">Mine.</textarea>" in answer.text
    again = owner.send("/recommendations/1", {**ON_S01, "text.en": "Mine.", "known": known_of(answer)})
    assert again.status_code == 303
    invalid = owner.send(
        "/recommendations/1", {**ON_S01, "statements": "", "known": known_of(owner.get("/recommendations/1"))}
    )
    assert invalid.status_code == 422


def test_recommendations_are_moved_and_removed(named, owner):
    for text in ("First.", "Second."):
        owner.send("/new-recommendation", {**ON_S01, "text.en": text})
    assert owner.send("/recommendations/2/move", {"to": "up"}).headers["location"].endswith("?done=moved")
    page = words(owner.get("/recommendations"))
    assert page.index("Second.") < page.index("First.")
    owner.send("/recommendations/2/move", {"to": "down"})
    assert owner.send("/recommendations/1/remove").headers["location"].endswith("?done=removed")
    assert "First." not in owner.get("/recommendations").text
    for address in ("/recommendations/1", "/recommendations/99"):
        assert owner.get(address).status_code == 404
    assert owner.send("/recommendations/1/move", {"to": "up"}).status_code == 404


def test_audiences_are_renamed_and_stay_while_something_is_said_to_them(named, owner):
    owner.send("/new-recommendation", ON_S01)
    known = known_of(owner.get("/audiences"))
    kept = {"known": known, "code": "A01", "A01.place": "1", "A01.name.en": "Teams", "new": "A02"}
    refused = owner.send("/audiences", {**kept, "A01.remove": "yes"})
    assert refused.status_code == 422
    assert "Recommendations speak to this audience." in refused.text
    unnamed = owner.send("/audiences", {**kept, "A01.name.en": " "})
    assert "Write the name in at least one language." in unnamed.text
    stale = owner.send("/audiences", {**kept, "known": "x", "A02.name.en": "State"})
    assert stale.status_code == 409
    assert "Stored now: Teams" in words(stale)
    assert 'value="State"' in stale.text
    assert owner.send("/audiences", {**kept, "A02.name.en": "State", "A02.place": "1"}).status_code == 303
    page = words(owner.get("/recommendations"))
    assert page.index("State") < page.index("Pay them")


def test_recommendations_are_read_by_everybody_and_written_by_those_who_design(named, owner, sign_in):
    owner.send("/new-recommendation", ON_S01)
    analyst = sign_in(Role.ANALYST)
    page = analyst.get("/recommendations")
    assert "Pay them as colleagues." in page.text
    assert "/new-recommendation" not in page.text
    assert analyst.get("/recommendations/1").status_code == 403
