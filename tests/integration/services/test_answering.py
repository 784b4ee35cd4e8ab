"""A panelist enters, consents, answers, comes back, hands in; and what is refused on the way."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from app.clock import FixedClock
from app.domain.errors import (
    ConsentMissing,
    LinkNotValid,
    NotInvited,
    PanelistHasLeft,
    PanelistSignedOut,
    PointOffScale,
    QuestionnaireIncomplete,
    RepeatedRequestDiffers,
    RoundNotFound,
    RoundNotOpen,
    StaleComment,
    StaleRating,
    TakesPartAlready,
    UnknownCriterion,
    UnknownStatement,
)
from app.domain.event import first_broken_link
from app.domain.panel import Invitee
from app.domain.rating import CommentChange, RatingChange
from app.services.consent import (
    LanguageNotOffered,
    choose_language,
    decline_consent,
    decline_for_good,
    give_consent,
    withdraw,
)
from app.services.entering import Visitor, enter_by_link, find_panelist, leave_session, look_up_link
from app.services.links import issue_links, read_links, revoke_link
from app.services.own_answers import read_own_answers
from app.services.panel_adding import add_panelist
from app.services.profile import read_profile, save_profile
from app.services.questionnaire import read_questionnaire, read_topic
from app.services.ratings import save_answers
from app.services.submitting import read_receipt, submit_questionnaire
from app.storage import ratings, studies
from app.storage.database import Database
from app.storage.events import read_chain_head, read_events
from tests.running_study import SECRET, SESSION_HOURS, RunningStudy


def n_events(study: RunningStudy) -> int:
    with study.database.reading() as connection:
        found = studies.find_study(connection, study.slug)
        assert found is not None
        return read_chain_head(connection, found.id)[0]


def test_looking_at_a_link_changes_nothing(open_study: RunningStudy) -> None:
    before = n_events(open_study)
    facts = look_up_link(open_study.database, open_study.clock, open_study.link(1).token)
    assert (facts.study.slug, facts.language, facts.has_left) == ("small-study", "nl", False)
    assert n_events(open_study) == before


def enter_once(database: Database, clock: FixedClock, token: str) -> object:
    return enter_by_link(database, clock, token, session_hours=1)


@pytest.mark.parametrize("step", [look_up_link, enter_once])
def test_a_foreign_a_revoked_and_an_expired_link_open_nothing(
    open_study: RunningStudy, step: Callable[[Database, FixedClock, str], object]
) -> None:
    def refused(token: str) -> None:
        with pytest.raises(LinkNotValid, match="ask the study team"):
            step(open_study.database, open_study.clock, token)

    refused("not-a-link")
    revoke_link(
        open_study.database, open_study.clock, open_study.slug, open_study.link(0).pseudonym, "system"
    )
    refused(open_study.link(0).token)
    open_study.clock.advance(timedelta(days=366))
    refused(open_study.link(1).token)


def test_a_new_link_replaces_the_old_one_and_ends_its_sessions(open_study: RunningStudy) -> None:
    database, clock, old = open_study.database, open_study.clock, open_study.link(0)
    session = enter_by_link(database, clock, old.token, session_hours=SESSION_HOURS).session_token
    (new,) = issue_links(database, clock, open_study.slug, SECRET, "system", pseudonyms=[old.pseudonym])
    assert new.token != old.token
    with pytest.raises(LinkNotValid):
        look_up_link(database, clock, old.token)
    with pytest.raises(PanelistSignedOut):
        find_panelist(database, clock, open_study.slug, session)
    assert look_up_link(database, clock, new.token).study.slug == open_study.slug


def test_the_links_in_force_can_be_told_again_in_the_order_of_the_panel(open_study: RunningStudy) -> None:
    database, clock = open_study.database, open_study.clock
    (new,) = issue_links(
        database, clock, open_study.slug, SECRET, "system", pseudonyms=[open_study.link(1).pseudonym]
    )
    told = read_links(database, open_study.slug, SECRET)
    assert told == (open_study.link(0), new, *open_study.links[2:])


def test_a_session_ends_after_its_hours_by_leaving_and_does_not_open_another_study(
    open_study: RunningStudy,
) -> None:
    database, clock = open_study.database, open_study.clock
    first = enter_by_link(database, clock, open_study.link(0).token, session_hours=1).session_token
    second = enter_by_link(database, clock, open_study.link(0).token, session_hours=1).session_token
    with pytest.raises(PanelistSignedOut):
        find_panelist(database, clock, "another-study", first)
    leave_session(database, clock, first)
    with pytest.raises(PanelistSignedOut):
        find_panelist(database, clock, open_study.slug, first)
    assert (
        find_panelist(database, clock, open_study.slug, second).panelist.pseudonym
        == open_study.link(0).pseudonym
    )
    clock.advance(timedelta(hours=1))
    with pytest.raises(PanelistSignedOut):
        find_panelist(database, clock, open_study.slug, second)


def test_answers_are_kept_and_found_again_from_another_device(open_study: RunningStudy) -> None:
    saved = open_study.rate(0, {"S01": 3, "S02": None}, comments={"S01": "  Well said.  "})
    assert (saved.n_answered, saved.n_statements, saved.refusals) == (2, 3, ())
    assert saved.versions == {("S01", "agreement"): 1, ("S02", "agreement"): 1}
    assert saved.comment_versions == {"S01": 1}
    again = read_questionnaire(open_study.database, open_study.clock, open_study.enter(0))
    assert again is not None
    by_code = {s.statement.code: s for s in again.statements}
    assert by_code["S01"].ratings["agreement"].point == 3
    assert by_code["S01"].comment.text == "Well said."
    assert by_code["S02"].ratings["agreement"].abstained
    assert (again.n_answered, again.unanswered) == (2, ("S03",))
    assert [(t.topic.code, t.n_answered, t.n_statements) for t in again.topics] == [
        ("value", 1, 1),
        ("pay", 1, 2),
    ]


def test_a_topic_shows_its_own_statements_with_their_evidence_and_everybodys_progress(
    open_study: RunningStudy,
) -> None:
    page = read_topic(open_study.database, open_study.clock, open_study.visitor(0), "value")
    assert page is not None
    assert [s.statement.code for s in page.statements] == ["S01"]
    assert page.statements[0].evidence[0].title == {"fr": "Exemple", "nl": "Voorbeeld"}
    assert page.n_statements == 3


def test_before_round_one_there_is_no_questionnaire(study: RunningStudy) -> None:
    assert read_questionnaire(study.database, study.clock, study.visitor(0)) is None
    assert read_receipt(study.database, study.visitor(0)) is None


def test_saving_the_same_again_changes_nothing(open_study: RunningStudy) -> None:
    open_study.rate(0, {"S01": 3}, comments={"S01": "Yes"})
    before = n_events(open_study)
    again = open_study.rate(0, {"S01": 3}, comments={"S01": "Yes"})
    assert again.refusals == ()
    assert again.versions == {("S01", "agreement"): 1}
    assert n_events(open_study) == before


def test_a_stale_rating_is_refused_with_what_is_stored_and_the_rest_of_the_page_is_kept(
    open_study: RunningStudy,
) -> None:
    open_study.rate(0, {"S01": 3})
    saved = open_study.rate(0, {"S01": 1, "S02": 2})
    (refusal,) = saved.refusals
    assert isinstance(refusal.error, StaleRating)
    assert refusal.current is not None
    assert refusal.current.point == 3
    assert saved.versions == {("S01", "agreement"): 1, ("S02", "agreement"): 1}
    assert open_study.rate(0, {"S01": 1}, known_version=1).versions == {("S01", "agreement"): 2}


def test_a_stale_comment_is_refused_with_what_is_stored(open_study: RunningStudy) -> None:
    open_study.rate(0, {}, comments={"S01": "First"})
    saved = open_study.rate(0, {}, comments={"S01": "Second"})
    (refusal,) = saved.refusals
    assert isinstance(refusal.error, StaleComment)
    assert refusal.current_comment is not None
    assert refusal.current_comment.text == "First"


def test_every_version_of_a_rating_stays_in_the_history(open_study: RunningStudy) -> None:
    for version, point in enumerate([3, 1, 2]):
        open_study.rate(0, {"S01": point}, known_version=version)
    with open_study.database.reading() as connection:
        kept = connection.exec_driver_sql("SELECT version, point FROM rating_version ORDER BY version").all()
        (now,) = connection.exec_driver_sql("SELECT version, point FROM rating").all()
    assert [tuple(row) for row in kept] == [(1, 3), (2, 1), (3, 2)]
    assert tuple(now) == (3, 2)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (RatingChange("S01", "agreement", 4, False, 0), PointOffScale),
        (RatingChange("S99", "agreement", 3, False, 0), UnknownStatement),
        (RatingChange("S01", "beauty", 3, False, 0), UnknownCriterion),
    ],
)
def test_what_cannot_be_stored_is_refused_and_named(
    open_study: RunningStudy, change: RatingChange, error: type[Exception]
) -> None:
    visitor = open_study.visitor(0)
    saved = save_answers(
        open_study.database, open_study.clock, visitor, 1, [change], [CommentChange("S99", "x", 0)]
    )
    assert [type(refusal.error) for refusal in saved.refusals] == [error, UnknownStatement]
    assert saved.n_answered == 0


def test_nothing_is_taken_before_consent_after_leaving_and_in_a_round_that_is_not_there(
    open_study: RunningStudy,
) -> None:
    database, clock = open_study.database, open_study.clock
    change = [RatingChange("S01", "agreement", 3, False, 0)]
    newcomer = open_study.enter(0)
    with pytest.raises(ConsentMissing):
        save_answers(database, clock, newcomer, 1, change)
    with pytest.raises(RoundNotFound):
        save_answers(database, clock, newcomer, 2, change)
    decline_consent(database, clock, newcomer)
    decline_consent(database, clock, newcomer)
    with pytest.raises(PanelistHasLeft):
        save_answers(database, clock, newcomer, 1, change)
    decline_for_good(database, clock, newcomer)
    with pytest.raises(PanelistHasLeft):
        give_consent(database, clock, newcomer)
    assert look_up_link(database, clock, open_study.link(0).token).has_left


def test_declining_after_consent_is_withdrawing_and_must_be_said_so(open_study: RunningStudy) -> None:
    with pytest.raises(TakesPartAlready, match="already said that you take part"):
        decline_consent(open_study.database, open_study.clock, open_study.visitor(0))


def test_somebody_who_was_not_invited_to_the_round_is_told_so(open_study: RunningStudy) -> None:
    visitor = open_study.visitor(0)
    with open_study.database.writing() as connection:
        connection.exec_driver_sql(f"DELETE FROM participation WHERE panelist_id = {visitor.panelist.id}")
    with pytest.raises(NotInvited):
        open_study.rate(0, {"S01": 3})
    page = read_questionnaire(open_study.database, open_study.clock, visitor)
    assert page is not None
    assert not page.accepts_ratings


def test_whoever_joined_while_a_round_was_open_is_not_asked_in_it_after_declining_and_coming_back(
    open_study: RunningStudy,
) -> None:
    database, clock = open_study.database, open_study.clock
    clock.advance(timedelta(minutes=1))
    late = Invitee("Late Example", "late@example.org", "peers", "fr")
    add_panelist(database, clock, open_study.slug, "system", late)
    link = issue_links(database, clock, open_study.slug, SECRET, "system")[-1]
    entered = enter_by_link(database, clock, link.token, session_hours=SESSION_HOURS)

    def visitor() -> Visitor:
        return find_panelist(database, clock, open_study.slug, entered.session_token)

    decline_consent(database, clock, visitor())
    give_consent(database, clock, visitor())
    change = RatingChange("S01", "agreement", 3, abstained=False, known_version=0)
    with pytest.raises(NotInvited):
        save_answers(database, clock, visitor(), 1, [change])


def test_after_the_deadline_and_after_the_close_nothing_counts(open_study: RunningStudy) -> None:
    open_study.visitor(0)
    open_study.clock.advance(timedelta(days=7))
    with pytest.raises(RoundNotOpen, match="Round 1 is not open"):
        open_study.rate(0, {"S01": 3})
    open_study.close()
    with pytest.raises(RoundNotOpen):
        open_study.rate(0, {"S01": 3})
    with pytest.raises(RoundNotOpen):
        open_study.submit(0)


def test_a_questionnaire_with_gaps_is_not_handed_in_and_the_gaps_are_named(open_study: RunningStudy) -> None:
    open_study.rate(0, {"S01": 3, "S02": None})
    with pytest.raises(QuestionnaireIncomplete, match="S03"):
        open_study.submit(0)


def test_handing_in_gives_one_receipt_however_often_it_is_sent(open_study: RunningStudy) -> None:
    open_study.rate(0, {"S01": 3, "S02": None, "S03": 1})
    first = open_study.submit(0)
    before = n_events(open_study)
    assert open_study.submit(0) == first
    assert open_study.submit(0, key="another form") == first
    assert n_events(open_study) == before
    assert read_receipt(open_study.database, open_study.visitor(0)) == first
    with pytest.raises(RepeatedRequestDiffers):
        submit_questionnaire(open_study.database, open_study.clock, open_study.visitor(0), 2, "once")


def test_answers_can_be_changed_after_handing_in_until_the_close(open_study: RunningStudy) -> None:
    open_study.rate(0, {"S01": 3, "S02": None, "S03": 1})
    open_study.submit(0)
    assert open_study.rate(0, {"S01": 2}, known_version=1).refusals == ()
    (round_,) = read_own_answers(open_study.database, open_study.visitor(0)).rounds
    rated = [(a.statement.code, a.ratings["agreement"]) for a in round_.statements]
    assert [(code, rating.point, rating.abstained) for code, rating in rated] == [
        ("S01", 2, False),
        ("S02", None, True),
        ("S03", 1, False),
    ]
    assert round_.statements[0].statement.text["fr"] == "L’espoir grandit."


def test_the_profile_is_stored_whole_or_not_at_all(open_study: RunningStudy) -> None:
    database, clock, visitor = open_study.database, open_study.clock, open_study.visitor(0)
    refusals = save_profile(database, clock, visitor, {"role": ["a"], "years": ["many"]})
    assert [code for code, _ in refusals] == ["years"]
    assert read_profile(database, visitor).answers == {}
    assert not read_profile(database, visitor).is_complete
    assert save_profile(database, clock, visitor, {"role": ["a"], "years": ["12"]}) == ()
    assert save_profile(database, clock, visitor, {"role": ["b"], "years": [""]}) == ()
    profile = read_profile(database, visitor)
    assert profile.is_complete
    assert {code: answer.options for code, answer in profile.answers.items()} == {"role": ("b",)}
    page = read_questionnaire(database, clock, visitor)
    assert page is not None
    assert page.profile_complete


def test_a_panelist_chooses_a_language_of_the_study(open_study: RunningStudy) -> None:
    visitor = open_study.visitor(0)
    choose_language(open_study.database, open_study.clock, visitor, "nl")
    assert open_study.enter(0).panelist.language == "nl"
    with pytest.raises(LanguageNotOffered):
        choose_language(open_study.database, open_study.clock, visitor, "de")


def n_ratings(study: RunningStudy) -> int:
    with study.database.reading() as connection:
        return sum(row.n for row in ratings.count_ratings(connection, study.visitor(0).study.id, 1))


def test_withdrawing_by_stopping_keeps_the_ratings_and_takes_no_more(open_study: RunningStudy) -> None:
    open_study.rate(0, {"S01": 3})
    withdraw(open_study.database, open_study.clock, open_study.visitor(0))
    withdraw(open_study.database, open_study.clock, open_study.visitor(0))
    assert n_ratings(open_study) == 1
    with pytest.raises(PanelistHasLeft):
        open_study.rate(0, {"S02": 3})


def test_withdrawing_by_erasing_leaves_no_rating_and_no_comment(
    database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    study = RunningStudy(database, clock, tmp_path, withdrawal="erase")
    study.open()
    study.rate(0, {"S01": 3}, comments={"S01": "Something"})
    study.rate(1, {"S01": 3})
    withdraw(study.database, study.clock, study.visitor(0))
    assert n_ratings(study) == 1
    with study.database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM comment").scalar_one() == 0
        assert connection.exec_driver_sql("SELECT count(*) FROM rating_version").scalar_one() == 1


def test_the_log_of_everything_that_happened_is_whole(open_study: RunningStudy) -> None:
    open_study.rate(0, {"S01": 3, "S02": None, "S03": 1}, comments={"S01": "é"})
    open_study.submit(0)
    open_study.close()
    with open_study.database.reading() as connection:
        found = studies.find_study(connection, open_study.slug)
        assert found is not None
        n, head = read_chain_head(connection, found.id)
        events = list(read_events(connection, found.id))
    assert first_broken_link(events, head, n) is None
    assert [event.kind for event in events][-3:] == ["QuestionnaireSubmitted", "RoundClosed", "RoundAnalysed"]
    assert not any("example.org" in str(event) for event in events)
