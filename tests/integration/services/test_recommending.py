"""Recommendations are stored with what they rest on, in order, and nobody overwrites a colleague's."""

import pytest
from sqlalchemy import insert

from app.domain.event import EventKind
from app.domain.evidence_editing import CardInUse
from app.domain.recommendation import (
    Audience,
    AudiencesChangedMeanwhile,
    Basis,
    Recommendation,
    RecommendationChangedMeanwhile,
    RecommendationNotFound,
    audiences_fingerprint,
)
from app.domain.statement_editing import FieldsRefused
from app.services.evidence import remove_card
from app.services.recommending import (
    RecommendationDesk,
    add_recommendation,
    change_recommendation,
    move_recommendation,
    read_recommendation_desk,
    remove_recommendation,
    save_audiences,
)
from app.storage.events import read_events
from app.storage.tables.coding import theme
from tests.integration.services.conftest import OPENED
from tests.running_study import RunningStudy, small_study_after

ACTOR = "researcher:1"
TEAMS = Audience("A01", {"fr": "Équipes", "nl": "Teams"})
STATE = Audience("A02", {"fr": "État"})


def hold_round_1(study: RunningStudy) -> None:
    """S01 is accepted; then two audiences are named."""
    for n in range(12):
        study.rate(n, {"S01": 3, "S02": 1 + n % 3, "S03": 1 + n % 3})
    study.close()
    save(study, TEAMS, STATE)


LED_TO_BY = {"rated": small_study_after(OPENED, "small-with-audiences", hold_round_1)}


@pytest.fixture
def rated(study: RunningStudy) -> RunningStudy:
    """The study after round 1, in which S01 was accepted, with two audiences."""
    return study


def desk(study: RunningStudy) -> RecommendationDesk:
    return read_recommendation_desk(study.database, study.slug)


def save(study: RunningStudy, *audiences: Audience, known: str | None = None) -> None:
    seen = audiences_fingerprint(desk(study).audiences) if known is None else known
    save_audiences(study.database, study.clock, study.slug, ACTOR, audiences, known=seen)


def add(study: RunningStudy, text: str = "Payez.", audience: str = "A01", **parts: object) -> int:
    basis = parts.pop("basis", Basis(("S01",)))
    wanted = Recommendation(0, audience, {"fr": text}, basis, **parts)  # type: ignore[arg-type]
    return add_recommendation(study.database, study.clock, study.slug, ACTOR, wanted)


def change(study: RunningStudy, number: int, text: str, audience: str = "A01", *, known: str) -> None:
    wanted = Recommendation(number, audience, {"fr": text}, Basis(("S01",), (), ("E01",)))
    change_recommendation(study.database, study.clock, study.slug, ACTOR, wanted, known=known)


def said(study: RunningStudy) -> list[tuple[str, str]]:
    return [(one.audience, one.text["fr"]) for one in desk(study).recommendations]


def kinds(study: RunningStudy) -> list[str]:
    with study.database.reading() as connection:
        return [event.kind for event in read_events(connection, 1)]


def test_recommendations_stand_by_audience_in_their_order(rated):
    for text, audience in (("Un.", "A02"), ("Deux.", "A01"), ("Trois.", "A01")):
        add(rated, text, audience)
    assert said(rated) == [("A01", "Deux."), ("A01", "Trois."), ("A02", "Un.")]
    move_recommendation(rated.database, rated.clock, rated.slug, ACTOR, 3, up=True)
    move_recommendation(rated.database, rated.clock, rated.slug, ACTOR, 3, up=True)
    assert said(rated) == [("A01", "Trois."), ("A01", "Deux."), ("A02", "Un.")]
    save(rated, STATE, TEAMS)
    assert said(rated)[0] == ("A02", "Un.")
    assert kinds(rated).count(EventKind.RECOMMENDATION_MOVED) == 1


def test_a_recommendation_rests_on_statements_themes_and_evidence(rated):
    with rated.database.writing() as connection:
        drawn = {"parent_id": None, "description": "", "colour": "#0b5563", "position": 1}
        connection.execute(insert(theme), {"study_id": 1, "id": 7, "name": "Argent", **drawn})
    basis = Basis(("S01", "S02"), (7,), ("E01",))
    number = add(rated, basis=basis, reservation={"fr": "Partagé.", "nl": "Verdeeld."})
    found = desk(rated).get(number)
    assert (found.basis, found.reservation) == (basis, {"fr": "Partagé.", "nl": "Verdeeld."})
    assert desk(rated).themes == {7: "Argent"}
    assert desk(rated).accepted == {"S01": True, "S02": False, "S03": False}
    with pytest.raises(CardInUse):
        remove_card(rated.database, rated.clock, rated.slug, ACTOR, "E01")


def test_before_anything_is_rated_only_evidence_carries_a_recommendation(study):
    save(study, TEAMS)
    with pytest.raises(FieldsRefused) as refusal:
        add(study)
    assert list(refusal.value.problems) == ["statements"]
    assert add(study, basis=Basis(evidence=("E01",))) == 1


def test_of_two_who_change_a_recommendation_the_second_is_told(rated):
    number = add(rated)
    known = desk(rated).get(number).fingerprint
    change(rated, number, "Payez mieux.", "A02", known=known)
    with pytest.raises(RecommendationChangedMeanwhile):
        change(rated, number, "Payez moins.", known=known)
    found = desk(rated).get(number)
    assert (found.audience, found.text["fr"], found.basis.evidence) == ("A02", "Payez mieux.", ("E01",))
    change(rated, number, "Payez mieux.", "A02", known=found.fingerprint)
    assert kinds(rated).count(EventKind.RECOMMENDATION_CHANGED) == 1


def test_a_recommendation_that_is_removed_is_not_there_any_more_and_the_log_keeps_it(rated):
    number = add(rated)
    remove_recommendation(rated.database, rated.clock, rated.slug, ACTOR, number)
    with pytest.raises(RecommendationNotFound):
        remove_recommendation(rated.database, rated.clock, rated.slug, ACTOR, number)
    with rated.database.reading() as connection:
        last = list(read_events(connection, 1))[-1]
    assert (last.kind, last.payload["text"]) == (EventKind.RECOMMENDATION_REMOVED, {"fr": "Payez."})


def test_audiences_change_only_for_those_who_have_seen_them_and_stay_while_something_is_said(rated):
    with pytest.raises(AudiencesChangedMeanwhile):
        save(rated, STATE, known="another")
    add(rated)
    with pytest.raises(FieldsRefused) as refusal:
        save(rated, STATE)
    assert list(refusal.value.problems) == ["A01.remove"]
    save(rated, TEAMS)
    save(rated, TEAMS)
    assert desk(rated).audiences == (TEAMS,)
    assert kinds(rated).count(EventKind.AUDIENCES_CHANGED) == 2
    remove_recommendation(rated.database, rated.clock, rated.slug, ACTOR, 1)
    save(rated)
    assert desk(rated).audiences == ()
