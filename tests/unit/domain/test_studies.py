"""A study speaks of days and hours in its own time zone."""

from dataclasses import replace
from datetime import UTC, datetime

from app.domain.design import design_document
from app.domain.errors import GroupHasPanelists
from app.domain.study import Study, StudyStatus, StudyTexts

STUDY = Study(
    id=1,
    slug="gardens",
    status=StudyStatus.DRAFT,
    languages=("fr", "nl"),
    time_zone="Europe/Brussels",
    synthetic=False,
    contact="delphi@example.org",
    minutes_per_round=20,
    texts=StudyTexts({}, {}, {}, {}, {}),
    created_at=datetime(2026, 1, 5, 9, tzinfo=UTC),
    concluded_at=None,
)


def test_noon_in_the_world_is_one_o_clock_in_the_winter_of_brussels() -> None:
    assert datetime(2026, 1, 5, 12, tzinfo=UTC).astimezone(STUDY.zone).hour == 13


def test_the_document_of_a_study_holds_its_facts_texts_and_rules() -> None:
    study = replace(STUDY, texts=replace(STUDY.texts, title={"fr": "Jardins"}))
    group = {"code": "peers", "name": {"fr": "Pairs"}}
    document = design_document(study, {"group": [group], "languages": ["fr", "nl"]})
    assert document["group"] == [group]
    assert "languages" not in document
    assert document["study"]["languages"] == ["fr", "nl"]
    assert (document["study"]["slug"], document["study"]["title"]) == ("gardens", {"fr": "Jardins"})


def test_one_panelist_and_several_are_told_apart_where_a_group_cannot_go() -> None:
    assert str(GroupHasPanelists(1, group="Peers")).startswith("One panelist belongs to the group “Peers”.")
    assert str(GroupHasPanelists(3, group="Peers")).startswith("3 panelists belong to the group “Peers”.")
