"""A round by language or by a profile answer: computed when asked for, kept, and told in the log."""

import pytest

from analysis.results import OVERALL, NotAssessable
from app.clock import FixedClock
from app.domain.errors import AnalysisMissing, NotFound
from app.domain.event import EventKind
from app.services.finding import get_study_of
from app.services.groupings import GroupedResults, analyse_by, read_grouped_results, read_groupings
from app.services.profile import save_profile
from app.services.stored_analyses import read_comparisons_of_rounds, read_other_rules_of_rounds
from app.storage.database import Database
from app.storage.erasing import erase_person
from app.storage.events import read_events
from tests.panel_study import ACTOR, SLUG, STATEMENTS, PlayedStudy
from tests.prepared import Prepared


def hold_round_1(database: Database, clock: FixedClock) -> None:
    """One has both tools, one a rake, one a spade, the others none."""
    played = PlayedStudy.begin(database, clock)
    played.divide()
    for link, tools in zip(played.links, (["spade", "rake"], ["rake"], ["spade"]), strict=False):
        assert save_profile(database, clock, played.visitor(link), {"role": ["expert"], "tools": tools}) == ()
    played.close_round()


@pytest.fixture
def prepared() -> Prepared:
    """The garden study with round 1 closed."""
    return Prepared("garden-with-tools", hold_round_1)


@pytest.fixture
def garden(database: Database, clock: FixedClock) -> PlayedStudy:
    """The garden study with round 1 closed: one has both tools, one a rake, one a spade, the others none."""
    return PlayedStudy.standing(database, clock)


def grouped(garden: PlayedStudy, code: str) -> GroupedResults:
    analyse_by(garden.database, garden.clock, SLUG, ACTOR, 1, code)
    return read_grouped_results(garden.database, SLUG, 1, code)


def test_a_panel_is_grouped_by_language_and_by_every_question_with_answers_to_choose(garden: PlayedStudy):
    choices = read_groupings(garden.database, 1)
    assert [one.code for one in choices] == ["language", "profile-tools", "profile-role", "profile-home"]
    assert [one.allows_several for one in choices] == [False, True, False, False]


def test_nothing_is_computed_before_somebody_asks(garden: PlayedStudy):
    found = read_grouped_results(garden.database, SLUG, 1, "language")
    assert found.analysis is None
    assert not found.rests_on_other_ratings


def test_by_language_every_panelist_counts_once_and_no_decision_changes(garden: PlayedStudy):
    found = grouped(garden, "language")
    assert found.analysis is not None
    assert found.analysis.is_exclusive
    assert dict(zip(found.analysis.groups, found.analysis.sizes, strict=True)) == {
        f"={language}": sum(link.language == language for link in garden.links)
        for language in ("en", "fr", "nl")
    }
    for entry in found.analysis.statements:
        of_round = found.round.statement_on(entry.statement, entry.criterion)
        assert entry.figures_of(OVERALL) == of_round.figures_of(OVERALL)
    assert found.round == read_grouped_results(garden.database, SLUG, 1, "profile-role").round


def test_whoever_chose_several_answers_is_in_each_group_and_who_chose_none_in_one_of_their_own(
    garden: PlayedStudy,
):
    found = grouped(garden, "profile-tools").analysis
    assert found is not None
    assert not found.is_exclusive
    assert dict(zip(found.groups, found.sizes, strict=True)) == {
        "=spade": 2,
        "=rake": 2,
        "": len(garden.links) - 3,
    }
    assert isinstance(found.statements[0].divergence.kruskal_wallis.p, NotAssessable)


def test_asking_again_keeps_nothing_new_until_an_answer_changes(garden: PlayedStudy):
    grouped(garden, "profile-role")
    grouped(garden, "profile-role")
    beginner = garden.visitor(garden.links[0])
    save_profile(garden.database, garden.clock, beginner, {"role": ["beginner"]})
    found = grouped(garden, "profile-role").analysis
    assert found is not None
    assert found.groups == ("=beginner", "=expert")
    with garden.database.reading() as connection:
        told = [
            event.payload["grouping"]
            for event in read_events(connection, 1)
            if event.kind == EventKind.GROUPING_ANALYSED
        ]
    assert told == ["profile-role", "profile-role"]


def test_figures_by_a_grouping_say_when_somebody_was_erased_meanwhile(garden: PlayedStudy):
    assert not grouped(garden, "language").rests_on_other_ratings
    with garden.database.writing() as connection:
        erase_person(connection, 1, 1)
    assert grouped(garden, "language").rests_on_other_ratings


def test_a_grouping_or_a_round_that_is_not_there_is_refused(garden: PlayedStudy):
    for code in ("group", "profile-years", "profile-words", ""):
        with pytest.raises(NotFound):
            analyse_by(garden.database, garden.clock, SLUG, ACTOR, 1, code)
    garden.release_feedback()
    garden.open_round()
    with pytest.raises(AnalysisMissing):
        analyse_by(garden.database, garden.clock, SLUG, ACTOR, 2, "language")


def test_a_round_is_kept_with_what_other_rules_decide_and_with_what_changed(garden: PlayedStudy):
    garden.release_feedback()
    garden.open_round()
    for link in garden.links[:-1]:
        garden.rate(garden.visitor(link), dict.fromkeys(STATEMENTS, 5))
    garden.close_round()
    with garden.database.reading() as connection:
        study_id = get_study_of(connection, SLUG).id
        compared = read_comparisons_of_rounds(connection, study_id)
        others = read_other_rules_of_rounds(connection, study_id)
    assert compared[1] == ()
    (comparison,) = compared[2]
    overall = comparison.statements[0].of(OVERALL)
    assert (comparison.before, overall.n, overall.n_lost) == (1, len(garden.links) - 1, 1)
    assert [one.criterion for one in others[2]] == ["agreement"]
