"""Saying yes, saying no, leaving, and choosing a language: each is one step and takes effect at once."""

import pytest

from app.domain.panel import Membership
from app.services.links import IssuedLink
from tests.integration.web.panelist.conftest import enter
from tests.panel_study import SLUG, PlayedStudy


def membership(study: PlayedStudy, link: IssuedLink) -> Membership:
    return study.visitor(link).panelist.membership


def test_before_any_answer_the_study_is_explained(newcomer):
    assert newcomer.get().headers["location"] == f"/s/{SLUG}/study"
    page = newcomer.get("/study").text
    for words in (
        "You rate six statements.",
        "Nobody sees your answers.",
        "You take part freely.",
        "Up to 3 rounds",
    ):
        assert words in page


def test_consent_leads_to_the_profile_questions(study, newcomer):
    answer = newcomer.send("/consent")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/s/{SLUG}/profile")
    assert membership(study, newcomer.link) is Membership.CONSENTED


def test_declining_is_asked_once_and_then_final(study, newcomer):
    question = newcomer.get("/decline")
    assert "You do not want to take part?" in question.text
    assert membership(study, newcomer.link) is Membership.UNDECIDED
    assert newcomer.send("/decline").headers["location"] == f"/s/{SLUG}"
    assert membership(study, newcomer.link) is Membership.DECLINED
    assert "Nothing more is asked of you" in newcomer.get().text
    assert newcomer.get("/study").headers["location"] == f"/s/{SLUG}"
    assert newcomer.get("/decline").headers["location"] == f"/s/{SLUG}"
    assert newcomer.send("/consent").status_code == 403


@pytest.mark.parametrize(
    "page", ["/profile", "/overview", "/topics/value", "/review", "/receipt", "/withdraw"]
)
def test_without_consent_no_page_asks_anything(newcomer, page):
    answer = newcomer.get(page)
    assert answer.status_code == 403
    assert "say whether you take part" in answer.text
    assert f'href="/s/{SLUG}"' in answer.text


def test_without_consent_nothing_is_stored(study, newcomer):
    study.open_round()
    assert newcomer.rate("value", {"S01": 4}).status_code == 403
    answer = newcomer.autosave(point=4)
    assert (answer.status_code, answer.json()["error"]) == (403, "consent_missing")


def test_withdrawing_says_what_happens_and_takes_effect_at_once(study, guest):
    guest.rate("value", {"S01": 4})
    question = guest.get("/withdraw")
    assert "stay in the study, under a code and without your name" in question.text
    assert membership(study, guest.link) is Membership.CONSENTED
    assert guest.send("/withdraw").headers["location"] == f"/s/{SLUG}"
    assert membership(study, guest.link) is Membership.WITHDRAWN
    assert "You have left the study" in guest.get().text
    assert guest.get("/topics/value").status_code == 403
    assert guest.autosave(point=5).json()["error"] == "has_left"


def test_the_language_is_kept_and_the_same_page_comes_back(study, newcomer):
    answer = newcomer.send("/language", {"locale": "nl", "next": f"/s/{SLUG}/study"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/s/{SLUG}/study")
    assert '<html lang="nl"' in newcomer.get("/study").text
    assert study.visitor(newcomer.link).panelist.language == "nl"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://elsewhere.example", "//elsewhere.example", "/research", f"/s/{SLUG}x", "", f"/s/{SLUG}@x"],
)
def test_the_language_switch_leads_to_own_pages_only(newcomer, elsewhere):
    answer = newcomer.send("/language", {"locale": "nl", "next": elsewhere})
    assert answer.headers["location"] == f"/s/{SLUG}"


def test_a_language_that_the_study_does_not_have_is_refused(newcomer):
    answer = newcomer.send("/language", {"locale": "de", "next": f"/s/{SLUG}"})
    assert answer.status_code == 404


def test_profile_questions_are_asked_with_what_was_answered_before(study, guest):
    page = guest.get("/profile").text
    assert 'value="expert" checked' in page
    assert 'value="spade" checked' not in page


def test_a_profile_is_stored_and_leads_on(study, newcomer):
    study.open_round()
    newcomer.send("/consent")
    assert newcomer.get().headers["location"] == f"/s/{SLUG}/profile"
    typed = {"profile.role": "beginner", "profile.tools": "rake", "profile.years": "3,5"}
    assert newcomer.send("/profile", typed).headers["location"] == f"/s/{SLUG}"
    assert newcomer.get().headers["location"] == f"/s/{SLUG}/overview"
    page = newcomer.get("/profile").text
    assert 'value="beginner" checked' in page
    assert 'value="rake" checked' in page
    assert 'value="3,5"' in page


def test_a_profile_that_does_not_fit_comes_back_with_everything_typed(newcomer):
    newcomer.send("/consent")
    answer = newcomer.send("/profile", {"profile.tools": "rake", "profile.years": "<many>"})
    assert answer.status_code == 422
    assert "<title>Error: About you" in answer.text
    for words in (
        "Please answer “What are you?”.",
        "write a number, for example 12.",
        'value="rake" checked',
    ):
        assert words in answer.text
    assert 'value="&lt;many&gt;"' in answer.text
    assert 'href="#profile-role"' in answer.text
    assert 'id="profile-role"' in answer.text


def test_waiting_for_the_first_round_is_a_page_that_says_so(study, browser):
    study.take_part(study.link())
    waiting = enter(browser(), study.link())
    assert "The first round has not begun yet" in waiting.get().text
    for page in ("/overview", "/review", "/receipt"):
        assert waiting.get(page).headers["location"] == f"/s/{SLUG}"
    assert waiting.get("/topics/value").status_code == 404


def test_between_rounds_and_at_the_end_a_page_says_what_happens_next(study, guest, clock):
    guest.rate("value", {"S01": 4})
    study.close_round()
    page = guest.get().text
    assert "Round 1 closed on Monday" in page
    assert "10:00" in page, "the study's time zone, not UTC"
    assert "You had answered 1 of 6 statements" in page
    study.release_feedback()
    assert "The next round is being prepared" in guest.get().text
    assert guest.get("/overview").headers["location"] == f"/s/{SLUG}"
    study.conclude()
    assert "The study is finished" in guest.get().text
