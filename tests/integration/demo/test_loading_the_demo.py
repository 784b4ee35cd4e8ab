"""The demo is the longest path through the services there is: two studies, from their files on."""

from collections import Counter

import pytest

from analysis.rules import Decision
from app.clock import FixedClock
from app.demo.loader import FOLDER, load_demo, read_demo_links
from app.demo.script import read_script
from app.demo.simulator import newcomers
from app.domain.errors import StudyAlreadyImported
from app.domain.event import EventKind, first_broken_link
from app.domain.link import link_token
from app.domain.rating import RatingChange
from app.domain.round import RoundStatus
from app.domain.study import StudyStatus
from app.interchange.study_folder import read_study_folder
from app.services.coding_agreement import read_agreement
from app.services.entering import Visitor, enter_by_link, find_panelist, look_up_link
from app.services.finding import get_study_of
from app.services.overview import StudyOverview, read_overview
from app.services.profile import read_profile
from app.services.questionnaire import Questionnaire, read_questionnaire
from app.services.ratings import save_answers
from app.services.recommending import read_recommendation_desk
from app.services.submitting import submit_questionnaire
from app.services.themes import read_theme_desk
from app.storage.codings import count_sources
from app.storage.database import Database
from app.storage.events import read_chain_head, read_events
from app.storage.statement_entries import read_entries
from tests.demo_study import SECRET

FINISHED, LIVE = "peer-support", "peer-support-live"


def tokens_of_newcomers(database: Database) -> dict[str, str]:
    """By group, the token of the link that loading gave out; panelists are numbered as in the panel file."""
    people = read_study_folder(FOLDER).panel
    addresses = [one.email for one in people]
    with database.reading() as connection:
        study = get_study_of(connection, LIVE)
    return {
        group: link_token(SECRET, study.id, addresses.index(one.email) + 1, 1)
        for group, one in newcomers(read_script(FOLDER), people).items()
    }


def enter(database: Database, now: FixedClock, token: str) -> Visitor:
    entered = enter_by_link(database, now, token, session_hours=1)
    return find_panelist(database, now, entered.slug, entered.session_token)


def questionnaire_of(database: Database, now: FixedClock, visitor: Visitor) -> Questionnaire:
    found = read_questionnaire(database, now, visitor)
    assert found is not None
    return found


def n_submitted(overview: StudyOverview) -> list[int]:
    return [line.n_submitted for line in overview.rounds]


def test_the_finished_study_ends_with_38_in_none_out_and_14_without_consensus(
    demo: Database, now: FixedClock
):
    overview = read_overview(demo, now, FINISHED)
    assert overview.study.status is StudyStatus.CONCLUDED
    assert +Counter(overview.decisions) == {Decision.CONSENSUS_IN: 38, Decision.NO_CONSENSUS: 14}


def test_the_finished_study_has_three_rounds_on_ever_fewer_statements(demo: Database, now: FixedClock):
    overview = read_overview(demo, now, FINISHED)
    assert [line.round.status for line in overview.rounds] == [RoundStatus.FED_BACK] * 3
    assert [line.n_statements for line in overview.rounds] == [52, 30, 19]
    assert n_submitted(overview) == [70, 64, 59]


def test_the_finished_study_says_something_to_three_audiences_in_every_language(demo: Database):
    desk = read_recommendation_desk(demo, FINISHED)
    assert [len(audience.name) for audience in desk.audiences] == [3, 3, 3]
    assert {one.audience for one in desk.recommendations} == {"A01", "A02", "A03"}
    assert [one.missing(desk.study.languages) for one in desk.recommendations] == [()] * 7
    doubtful = [one for one in desk.recommendations if one.not_accepted(desk.accepted)]
    assert [bool(one.reservation) for one in doubtful] == [True]
    assert read_recommendation_desk(demo, LIVE).recommendations == ()


def test_two_have_coded_the_open_material_of_the_finished_study_and_mostly_agree(demo: Database):
    found = read_agreement(demo, FINISHED)
    assert len(found.coders) == 2
    assert isinstance(found.agreement.overall.value, float)
    assert 0.5 < found.agreement.overall.value < 0.95
    assert {placed.depth for placed in found.themes} == {0, 1}
    assert len(read_theme_desk(demo, FINISHED).matches) >= 8


def test_one_statement_was_written_from_what_patients_said(demo: Database, now: FixedClock):
    for slug in (FINISHED, LIVE):
        with demo.reading() as connection:
            study = get_study_of(connection, slug)
            sources = count_sources(connection, study.id)
            entries = read_entries(connection, study.id)
        assert {one.entry.statement.code: sources.get(one.id, 0) for one in entries}["S52"] == 4
        assert [one.entry.statement.code for one in entries] == [f"S{n:02}" for n in range(1, 53)]


def test_the_live_study_stands_in_the_middle_of_round_3(demo: Database, now: FixedClock):
    overview = read_overview(demo, now, LIVE)
    *held, standing = overview.rounds
    assert [line.round.status for line in held] == [RoundStatus.FED_BACK] * 2
    assert standing.round.status is RoundStatus.OPEN
    assert n_submitted(overview)[:2] == [70, 64]
    for group in overview.protocol.protocol.group_codes:
        rows = [row for row in standing.flow if row.group == group]
        submitted = sum(row.n_submitted for row in rows)
        assert 0 < submitted < sum(row.n_opened for row in rows) < sum(row.n_invited for row in rows)


def test_the_live_round_stays_open_for_weeks_after_loading(demo: Database, now: FixedClock):
    standing = read_overview(demo, now, LIVE).rounds[-1].round
    assert standing.opened_at is not None
    assert standing.closes_at is not None
    assert standing.opened_at < now.now()
    assert (standing.closes_at - now.now()).days >= 28


def test_both_studies_say_that_they_are_invented_and_have_titles_of_their_own(
    demo: Database, now: FixedClock
):
    finished, live = (read_overview(demo, now, slug).study for slug in (FINISHED, LIVE))
    assert finished.synthetic
    assert live.synthetic
    for language in finished.languages:
        assert finished.texts.title[language] != live.texts.title[language]


def test_one_newcomer_of_every_group_finds_round_3_untouched_and_the_groups_view_beside_it(
    demo: Database, now: FixedClock
):
    tokens = tokens_of_newcomers(demo)
    assert len(tokens) == 4
    for group, token in tokens.items():
        assert look_up_link(demo, now, token).study.slug == LIVE
        visitor = enter(demo, now, token)
        assert visitor.panelist.group == group
        seen = questionnaire_of(demo, now, visitor)
        assert seen.accepts_ratings
        assert seen.submitted_at is None
        assert (seen.n_answered, seen.n_statements) == (0, 19)
        assert all(statement.previous for statement in seen.statements)
        assert all(statement.feedback[0].groups for statement in seen.statements)


def test_a_newcomer_can_rate_and_hand_in(demo: Database, now: FixedClock):
    visitor = enter(demo, now, tokens_of_newcomers(demo)["patients"])
    before = n_submitted(read_overview(demo, now, LIVE))[-1]
    asked = [one.statement.code for one in questionnaire_of(demo, now, visitor).statements]
    changes = [RatingChange(code, "agreement", 4, abstained=False, known_version=0) for code in asked]
    assert not save_answers(demo, now, visitor, 3, changes).refusals
    assert submit_questionnaire(demo, now, visitor, 3, "a newcomer's request").n_answered == 19
    assert n_submitted(read_overview(demo, now, LIVE))[-1] == before + 1


def test_a_newcomer_has_a_profile_from_round_1(demo: Database, now: FixedClock):
    visitor = enter(demo, now, tokens_of_newcomers(demo)["relatives"])
    assert read_profile(demo, visitor).answers


@pytest.mark.parametrize("slug", [FINISHED, LIVE])
def test_the_log_of_the_whole_study_is_one_unbroken_chain_in_order_of_time(demo: Database, slug: str):
    with demo.reading() as connection:
        study = get_study_of(connection, slug)
        n_events, head = read_chain_head(connection, study.id)
        events = list(read_events(connection, study.id))
    assert first_broken_link(events, head, n_events) is None
    moments = [event.occurred_at for event in events]
    assert moments == sorted(moments)
    submitted = sum(event.kind == EventKind.QUESTIONNAIRE_SUBMITTED for event in events)
    assert submitted > 70 + 64


def test_loading_a_second_time_is_refused(demo: Database, now: FixedClock):
    with pytest.raises(StudyAlreadyImported):
        load_demo(demo, now, SECRET)


def test_the_newcomers_links_are_told_again_when_the_demo_is_already_there(demo: Database):
    told = {link.group: link.token for link in read_demo_links(demo, SECRET)}
    assert told == tokens_of_newcomers(demo)
