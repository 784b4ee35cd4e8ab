"""Rating a topic by its button, and answer by answer by the script: nothing typed is ever lost."""

from datetime import timedelta
from html import unescape

import pytest

from app.services.questionnaire import read_questionnaire
from app.services.rounds import open_round
from tests.integration.web.panelist.conftest import enter
from tests.panel_study import ACTOR, CRITERION, SLUG


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request):
    """Each kind of database stores answers by statements of its own: these pages are tried on both."""
    return request.getfixturevalue(f"{request.param}_url")


def stored(study, link):
    """What is stored of a panelist's ratings: point (None: unable) by statement."""
    questionnaire = read_questionnaire(study.database, study.clock, study.visitor(link))
    assert questionnaire is not None
    return {
        item.statement.code: item.ratings[CRITERION].point
        for item in questionnaire.statements
        if CRITERION in item.ratings
    }


def comments(study, link):
    questionnaire = read_questionnaire(study.database, study.clock, study.visitor(link))
    assert questionnaire is not None
    return {i.statement.code: i.comment.text for i in questionnaire.statements if i.comment.text}


def checked(page: str, name: str) -> list[str]:
    """The values chosen under a name on a page."""
    parts = page.split(f'name="{name}" value="')[1:]
    return [part.split('"')[0] for part in parts if part.split(">")[0].endswith("checked")]


def test_a_topic_shows_its_statements_and_no_others(guest):
    page = guest.get("/topics/value").text
    for words in ("The garden gives rest.", "How far do you agree?", "Strongly agree", "A garden in Lille"):
        assert words in page
    assert "The town pays" not in page
    assert "0 of 6 statements answered" in page


def test_an_unknown_topic_is_not_there(guest):
    assert guest.get("/topics/nothing").status_code == 404
    assert guest.get("/topics/nothing").text.count("There is no topic “nothing”") == 1


def test_a_page_is_saved_by_its_button_and_the_next_topic_comes(study, guest):
    answer = guest.rate(
        "value", {"S01": 4, "S02": "unable"}, then="next", **{"S03.comment": "Not sure.\r\nReally."}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, f"/s/{SLUG}/topics/pay")
    assert stored(study, guest.link) == {"S01": 4, "S02": None}
    assert comments(study, guest.link) == {"S03": "Not sure.\nReally."}
    page = guest.get("/topics/value").text
    assert (checked(page, "S01.agreement"), checked(page, "S02.agreement")) == (["4"], ["unable"])
    assert "Saved at 10:00." in page


@pytest.mark.parametrize(
    ("then", "page"),
    [("overview", "overview"), ("review", "review"), ("//evil.example", "overview"), ("", "overview")],
)
def test_after_saving_the_button_pressed_says_where_to_go(guest, then, page):
    assert guest.rate("value", {"S01": 4}, then=then).headers["location"] == f"/s/{SLUG}/{page}"


def test_saving_a_page_twice_changes_nothing(study, guest):
    for _ in range(2):
        assert guest.rate("value", {"S01": 4}, **{"S01.comment": "Yes."}).status_code == 303
    assert stored(study, guest.link) == {"S01": 4}


def test_a_rating_off_the_scale_comes_back_with_everything_typed(study, guest):
    answer = guest.rate("value", {"S01": 9, "S02": "many", "S03": 2}, **{"S01.comment": "<b>Keep me</b>"})
    assert answer.status_code == 422
    assert "“9” is not on the scale of statement S01" in answer.text
    assert "“many” is not on the scale of statement S02" in answer.text
    assert "&lt;b&gt;Keep me&lt;/b&gt;" in answer.text
    assert 'href="#field-S01-agreement"' in answer.text
    assert 'id="field-S01-agreement"' in answer.text
    assert checked(answer.text, "S03.agreement") == ["2"]
    assert stored(study, guest.link) == {"S03": 2}, "what is right is stored all the same"


def test_a_comment_that_is_too_long_comes_back_whole(study, guest):
    text = "a" * 4001
    answer = guest.rate("value", {"S01": 4}, **{"S01.comment": text})
    assert answer.status_code == 422
    assert text in answer.text
    assert "This text has 4001 characters" in answer.text
    assert 'href="#statement-S01-comment"' in answer.text
    assert stored(study, guest.link) == {"S01": 4}


def test_a_comment_with_a_character_that_no_text_has_is_refused(guest):
    answer = guest.rate("value", {}, **{"S01.comment": "a\x00b"})
    assert answer.status_code == 422
    assert "a character that cannot be stored" in answer.text


def test_what_was_changed_in_another_tab_is_not_overwritten_but_asked(study, guest):
    guest.rate("value", {"S01": 4}, **{"S01.comment": "first"})
    stale = {"S01.agreement.version": "0", "S01.comment.version": "0"}
    answer = guest.rate("value", {"S01": 2, "S02": 3}, **stale, **{"S01.comment": "second"})
    assert answer.status_code == 409
    assert "Which answer counts?" in answer.text
    for both in ("4, Agree", "2, Disagree", "first", "second"):
        assert both in answer.text
    assert stored(study, guest.link) == {"S01": 4, "S02": 3}
    chosen = guest.rate(
        "value",
        {"S01": 2},
        **{"S01.agreement.version": "1", "S01.comment.version": "1", "S01.comment": "second"},
    )
    assert chosen.status_code == 303
    assert stored(study, guest.link) == {"S01": 2, "S02": 3}
    assert comments(study, guest.link) == {"S01": "second"}


def test_a_conflict_beside_another_fault_is_told_in_place(guest):
    guest.rate("value", {"S01": 4})
    answer = guest.rate("value", {"S01": 2, "S02": 9}, **{"S01.agreement.version": "0"})
    assert answer.status_code == 422
    assert "Your rating of S01 was changed on another page" in unescape(answer.text)
    assert 'name="S01.agreement.version" value="1"' in answer.text


@pytest.mark.parametrize("by_deadline", [False, True], ids=["closed", "deadline passed"])
def test_after_the_close_nothing_counts_and_what_was_typed_is_given_back(study, browser, clock, by_deadline):
    open_round(study.database, clock, SLUG, ACTOR, closes_at=clock.now() + timedelta(hours=1))
    study.take_part(study.link())
    guest = enter(browser(), study.link())
    guest.rate("value", {"S01": 4})
    assert guest.token
    if by_deadline:
        clock.advance(timedelta(hours=1))
    else:
        study.close_round()
    late = {"S02.comment": "Please read this", "S01.agreement.version": "1"}
    answer = guest.rate("value", {"S01": 4, "S02": 2, "S03": "unable"}, **late)
    assert answer.status_code == 409
    for words in ("Round 1 closed on Monday", "2, Disagree", "unable to rate", "Please read this"):
        assert words in answer.text
    assert "4, Agree" not in answer.text, "what is stored already was not lost"
    assert stored(study, guest.link) == {"S01": 4}
    reply = guest.autosave(statement="S02", point=2)
    assert (reply.status_code, reply.json()["error"]) == (409, "round_not_open")
    assert guest.get("/topics/value").headers["location"] == f"/s/{SLUG}"


def test_a_round_that_does_not_exist_is_not_there(guest):
    assert guest.send("/topics/value", {"round": "7", "S01.agreement": "4"}).status_code == 404
    assert guest.send("/topics/value", {"round": "x", "S01.agreement": "4"}).status_code == 404
    assert guest.autosave(7, point=4).status_code == 404


def test_from_round_2_the_previous_answer_and_the_groups_are_shown(study, browser):
    study.open_round()
    study.rate_apart(study.links)
    study.close_round()
    study.release_feedback()
    study.open_round()
    guest = enter(browser(), study.link())
    page = guest.get("/topics/value").text
    assert "your last answer" in page
    assert "Keep my last answer: 4, Agree" in page
    assert "6 of 6 chose 4 or 5" in page
    assert "You chose 4." in page
    assert "What made you change it?" in page


def test_the_previous_answer_is_kept_with_one_action(study, browser):
    study.open_round()
    study.rate_apart(study.links)
    study.close_round()
    study.release_feedback()
    study.open_round()
    guest = enter(browser(), study.link())
    answer = guest.send("/topics/value", {"round": "2", "keep": "S02.agreement", "S01.agreement": "5"})
    assert answer.headers["location"] == f"/s/{SLUG}/topics/value#statement-S02"
    assert stored(study, guest.link) == {"S01": 5, "S02": 4}


def test_a_group_that_is_too_small_is_withheld(study, browser):
    study.open_round()
    small = [link for link in study.links if link.group == "neighbours"][:4]
    study.rate_apart([*small, *(link for link in study.links if link.group == "gardeners")])
    study.close_round()
    study.release_feedback()
    study.open_round()
    page = enter(browser(), study.link()).get("/topics/value").text
    assert "We show no figures for Neighbours" in page
    assert "4 of 4" not in page


def test_a_reason_is_stored_when_the_answer_crossed_a_band(study, browser):
    study.open_round()
    study.rate_apart(study.links)
    study.close_round()
    study.release_feedback()
    study.open_round()
    guest = enter(browser(), study.link())
    reason = {"S01.agreement.reason": "new_arguments", "S01.agreement.reason_text": "I read more."}
    assert guest.send("/topics/value", {"round": "2", "S01.agreement": "1", **reason}).status_code == 303
    page = guest.get("/topics/value").text
    assert checked(page, "S01.agreement.reason") == ["new_arguments"]
    assert "I read more." in page


def test_autosave_stores_an_answer_and_says_when(study, guest):
    reply = guest.autosave(point=4, comment="Yes.", comment_version=0)
    assert reply.status_code == 200
    assert reply.json() == {
        "saved_at": "10:00",
        "version": 1,
        "comment_version": 1,
        "answered": 1,
        "total": 6,
    }
    again = guest.autosave(point=4, comment="Yes.", comment_version=0)
    assert again.json() == reply.json(), "sending again is harmless"
    assert stored(study, guest.link) == {"S01": 4}
    assert comments(study, guest.link) == {"S01": "Yes."}


def test_autosave_stores_a_comment_before_there_is_a_rating(study, guest):
    reply = guest.autosave(comment="First thoughts", comment_version=0)
    assert (reply.status_code, reply.json()["answered"]) == (200, 0)
    assert "version" not in reply.json(), "of the rating nothing was said"
    assert comments(study, guest.link) == {"S01": "First thoughts"}


def test_autosave_of_a_stale_answer_gives_both_versions(study, guest):
    guest.autosave(point=4, comment="phone", comment_version=0)
    reply = guest.autosave(point=2, comment="laptop", comment_version=0)
    assert reply.status_code == 409
    assert reply.json()["error"] == "stale"
    assert "Nothing was overwritten" in reply.json()["message"]
    assert reply.json()["current"] == {
        "point": 4,
        "abstained": False,
        "version": 1,
        "comment": "phone",
        "comment_version": 1,
    }
    assert stored(study, guest.link) == {"S01": 4}


def test_autosave_tells_the_version_of_what_was_stored_beside_a_refusal(study, guest):
    reply = guest.autosave(point=4, comment="a" * 4001, comment_version=0)
    assert (reply.status_code, reply.json()["error"]) == (422, "text_too_long")
    assert reply.json()["current"]["point"] == 4
    assert reply.json()["current"]["version"] == 1
    assert stored(study, guest.link) == {"S01": 4}


@pytest.mark.parametrize(
    ("wrong", "status", "error"),
    [
        ({"point": 9}, 422, "point_off_scale"),
        ({"point": 3.5}, 422, "point_off_scale"),
        ({"point": 10**30}, 422, "point_off_scale"),
        ({"point": 4, "abstained": True}, 422, "rating_contradicts_itself"),
        ({"point": 4, "reason": {"code": "because"}}, 422, "unknown_reason"),
        ({"point": 4, "statement": "S99"}, 404, "unknown_statement"),
        ({"point": 4, "criterion": "importance"}, 404, "unknown_criterion"),
        ({"point": 4, "statement": 1}, 400, "not_readable"),
        ({"point": 4, "version": 10**30}, 400, "not_readable"),
        ({"comment": "\x00", "comment_version": 0}, 422, "text_not_readable"),
    ],
    ids=str,
)
def test_autosave_refuses_what_does_not_fit_and_says_why(study, guest, wrong, status, error):
    reply = guest.autosave(**wrong)
    assert (reply.status_code, reply.json()["error"]) == (status, error)
    assert reply.json()["message"]
    assert stored(study, guest.link) == {}


def test_autosave_of_a_text_that_is_half_a_character_is_refused(guest):
    reply = guest.client.post(
        f"/s/{SLUG}/autosave?round=1",
        content=b'{"statement":"S01","criterion":"agreement","comment":"\\ud800","comment_version":0}',
        headers={"X-CSRF-Token": guest.token, "Content-Type": "application/json"},
    )
    assert (reply.status_code, reply.json()["error"]) == (422, "text_not_readable")


@pytest.mark.parametrize("round_number", ["", "x", "0", "-1", "99999999999999999999"])
def test_autosave_without_a_round_is_refused_in_words(guest, round_number):
    reply = guest.client.post(
        f"/s/{SLUG}/autosave?round={round_number}",
        json={"statement": "S01"},
        headers={"X-CSRF-Token": guest.token},
    )
    assert reply.status_code == 422
    assert set(reply.json()) == {"error", "message"}


def test_an_answer_never_reaches_another_panelists_sheet(study, browser):
    study.open_round()
    first, second = (study.link(group=group) for group in ("gardeners", "neighbours"))
    for link in (first, second):
        study.take_part(link)
    enter(browser(), first).rate("value", {"S01": 5})
    assert stored(study, second) == {}
