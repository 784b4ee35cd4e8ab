"""One panelist on two devices at the same instant: one answer counts, the other is shown, none is lost."""

import json
from collections.abc import Mapping
from functools import partial

import pytest

from app.domain.errors import PanelistHasLeft, StaleComment, StaleRating, TakesPartAlready
from app.domain.panel import Membership
from app.domain.rating import CommentChange, RatingChange
from app.services.consent import decline_consent, decline_for_good, give_consent
from app.services.profile import read_profile, save_profile
from app.services.ratings import Saved, save_answers
from app.services.submitting import Receipt, submit_questionnaire
from app.storage import ratings
from app.storage.database import Database
from tests.integration.races.racing import Crossing, count_events, read_log, study_id, together
from tests.running_study import STATEMENTS, RunningStudy

TIMES = 15


def rate_s01(study: RunningStudy, database: Database, point: int, version: int) -> Saved:
    change = RatingChange("S01", "agreement", point, False, version)
    return save_answers(database, study.clock, study.visitor(0), 1, [change])


def history(study: RunningStudy) -> list[tuple[int, int]]:
    """Every version of the first panelist's rating of S01, with its point."""
    query = "SELECT version, point FROM rating_version ORDER BY version"
    with study.database.reading() as connection:
        return [(version, point) for version, point in connection.exec_driver_sql(query)]


def test_of_two_ratings_at_once_one_is_stored_and_the_other_is_told_of_it(
    open_study: RunningStudy, elsewhere: Database
) -> None:
    open_study.visitor(0)
    expected: list[tuple[int, int]] = []
    for version in range(TIMES):
        points = [point for point in (1, 2, 3) if (version, point) not in expected][:2]
        answers = together(
            partial(rate_s01, open_study, open_study.database, points[0], version),
            partial(rate_s01, open_study, elsewhere, points[1], version),
        )
        winners = [point for point, saved in zip(points, answers, strict=True) if not saved.refusals]
        (refusal,) = [refusal for saved in answers for refusal in saved.refusals]
        assert len(winners) == 1
        assert isinstance(refusal.error, StaleRating)
        assert refusal.current is not None
        assert (refusal.current.version, refusal.current.point) == (version + 1, winners[0])
        expected.append((version + 1, winners[0]))
    assert history(open_study) == expected
    assert count_events(open_study, "RatingsSaved") == TIMES


def test_a_rating_that_waited_for_another_device_is_compared_with_what_that_device_stored(
    open_study: RunningStudy, elsewhere: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_study.visitor(0)
    crossing = Crossing(monkeypatch, "app.services.ratings._sort_ratings")
    first, second = crossing.run(
        lambda: rate_s01(open_study, open_study.database, 1, 0),
        lambda: rate_s01(open_study, elsewhere, 3, 0),
    )
    assert first.refusals == ()
    (refusal,) = second.refusals
    assert isinstance(refusal.error, StaleRating)
    assert refusal.current.point == 1
    assert history(open_study) == [(1, 1)]


def test_of_two_comments_at_once_one_is_stored_and_the_other_is_told_of_it(
    open_study: RunningStudy, elsewhere: Database
) -> None:
    visitor, clock = open_study.visitor(0), open_study.clock
    for version in range(TIMES):
        texts = f"here {version}", f"there {version}"
        answers = together(
            *(
                partial(save_answers, device, clock, visitor, 1, [], [CommentChange("S01", text, version)])
                for device, text in zip((open_study.database, elsewhere), texts, strict=True)
            )
        )
        (winner,) = [text for text, saved in zip(texts, answers, strict=True) if not saved.refusals]
        (refusal,) = [refusal for saved in answers for refusal in saved.refusals]
        assert isinstance(refusal.error, StaleComment)
        assert (refusal.current_comment.text, refusal.current_comment.version) == (winner, version + 1)


def test_two_devices_that_rate_different_statements_do_not_disturb_each_other(
    open_study: RunningStudy, elsewhere: Database
) -> None:
    visitor, clock = open_study.visitor(0), open_study.clock

    def save(database: Database, code: str, version: int) -> Saved:
        change = RatingChange(code, "agreement", 1 + version % 3, False, version)
        return save_answers(database, clock, visitor, 1, [change])

    for version in range(TIMES):
        answers = together(
            partial(save, open_study.database, "S01", version), partial(save, elsewhere, "S02", version)
        )
        assert [saved.refusals for saved in answers] == [(), ()]
    with open_study.database.reading() as connection:
        own = ratings.read_own_ratings(connection, study_id(connection, open_study), 1, visitor.panelist.id)
    assert {key: rating.version for key, rating in own.items()} == {
        ("S01", "agreement"): TIMES,
        ("S02", "agreement"): TIMES,
    }


@pytest.mark.parametrize(
    "keys", [["once"] * 20, [f"try {n}" for n in range(20)]], ids=["one key", "own keys"]
)
def test_twenty_submits_at_once_give_one_receipt_and_one_event(
    open_study: RunningStudy, elsewhere: Database, keys: list[str]
) -> None:
    visitor, clock = open_study.visitor(0), open_study.clock
    open_study.rate(0, dict.fromkeys(STATEMENTS, 3))
    devices = (open_study.database, elsewhere)
    receipts = together(
        *(partial(submit_questionnaire, devices[n % 2], clock, visitor, 1, key) for n, key in enumerate(keys))
    )
    assert len(receipts) == 20
    assert len(set(receipts)) == 1
    assert isinstance(receipts[0], Receipt)
    assert count_events(open_study, "QuestionnaireSubmitted") == 1


def decisions(study: RunningStudy) -> list[str]:
    return [event.kind for event in read_log(study) if event.kind in {"ConsentGiven", "ConsentDeclined"}]


def test_of_consent_given_and_declined_at_once_the_consent_counts(
    study: RunningStudy, elsewhere: Database
) -> None:
    for n in range(12):
        visitor, before = study.enter(n), len(decisions(study))
        given, declined = together(
            partial(give_consent, study.database, study.clock, visitor),
            partial(decline_consent, elsewhere, study.clock, visitor),
        )
        assert given is None
        assert study.enter(n).panelist.membership is Membership.CONSENTED
        noted = ["ConsentDeclined", "ConsentGiven"] if declined is None else ["ConsentGiven"]
        assert decisions(study)[before:] == noted
        assert declined is None or isinstance(declined, TakesPartAlready)


def test_of_consent_given_and_declined_for_good_at_once_the_first_one_counts(
    study: RunningStudy, elsewhere: Database
) -> None:
    for n in range(12):
        visitor = study.enter(n)
        given, declined = together(
            partial(give_consent, study.database, study.clock, visitor),
            partial(decline_for_good, elsewhere, study.clock, visitor),
        )
        left = study.enter(n).panelist.declined_for_good_at is not None
        assert isinstance(given, PanelistHasLeft) is left
        assert isinstance(declined, TakesPartAlready) is not left


def test_consent_given_twice_at_once_is_noted_once(study: RunningStudy, elsewhere: Database) -> None:
    for n in range(12):
        visitor = study.enter(n)
        together(
            partial(give_consent, study.database, study.clock, visitor),
            partial(give_consent, elsewhere, study.clock, visitor),
        )
        assert decisions(study) == ["ConsentGiven"] * (n + 1)


def test_consent_waits_for_the_decision_of_another_device(
    study: RunningStudy, elsewhere: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = study.enter(0)
    crossing = Crossing(monkeypatch, "app.storage.panel.mark_declined_for_good")
    declined, given = crossing.run(
        lambda: decline_for_good(study.database, study.clock, visitor),
        lambda: give_consent(elsewhere, study.clock, visitor),
    )
    assert declined is None
    assert isinstance(given, PanelistHasLeft)
    assert decisions(study) == []


def test_who_changes_their_mind_while_a_round_is_opened_is_asked_in_it(
    study: RunningStudy, elsewhere: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    decline_consent(study.database, study.clock, study.enter(0))
    visitor = study.enter(0)
    crossing = Crossing(monkeypatch, "app.storage.rounds.invite")
    crossing.run(study.open, lambda: give_consent(elsewhere, study.clock, visitor))
    assert study.rate(0, {"S01": 3}).refusals == ()


def test_of_two_profiles_at_once_one_is_stored_whole(study: RunningStudy, elsewhere: Database) -> None:
    forms: tuple[Mapping[str, list[str]], ...] = (
        {"role": ["a"], "years": ["1"]},
        {"role": ["b"], "years": ["2"]},
    )
    for n in range(6):
        visitor = study.visitor(n)
        outcomes = together(
            partial(save_profile, study.database, study.clock, visitor, forms[0]),
            partial(save_profile, elsewhere, study.clock, visitor, forms[1]),
        )
        assert outcomes == [(), ()]
        answers = read_profile(study.database, visitor).answers
        assert (answers["role"].options, answers["years"].text) in {(("a",), "1"), (("b",), "2")}
    assert json.dumps([event.payload for event in read_log(study)]).count('"role"') == 12
