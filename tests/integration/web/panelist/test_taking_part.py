"""Saying yes, saying no, leaving, and choosing a language: each is one step and takes effect at once."""

import re
from datetime import timedelta

import pytest

from app.domain.panel import Membership
from app.services.links import IssuedLink
from app.services.rounds import open_round
from tests.integration.web.panelist.conftest import enter
from tests.panel_study import ACTOR, SLUG, PlayedStudy


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


def test_declining_is_one_click_and_can_be_taken_back_in_the_round_that_opened_meanwhile(study, newcomer):
    assert f'action="/s/{SLUG}/decline"' in newcomer.get("/study").text
    assert newcomer.send("/decline").headers["location"] == f"/s/{SLUG}/declined"
    assert membership(study, newcomer.link) is Membership.DECLINED
    assert newcomer.get().headers["location"] == f"/s/{SLUG}/declined"
    assert "Nothing more is asked of you" in newcomer.get("/declined").text
    study.open_round()
    assert newcomer.get("/overview").status_code == 403
    assert "Yes, I take part" in newcomer.get("/study").text
    assert newcomer.send("/consent").status_code == 303
    assert membership(study, newcomer.link) is Membership.CONSENTED
    assert newcomer.get("/declined").headers["location"] == f"/s/{SLUG}"
    newcomer.send("/profile", {"profile.role": "expert"})
    assert newcomer.rate("value", {"S01": 4}).status_code == 303, "asked in the open round after all"


def test_the_entrance_tells_who_declined_that_they_can_still_say_yes(newcomer):
    newcomer.send("/decline")
    page = newcomer.client.get(f"/p/{newcomer.link.token}").text
    assert "You told us that you do not take part" in page
    assert "Enter the study" in page


def test_declining_is_final_when_the_panelist_asks_for_it(study, newcomer):
    newcomer.send("/decline")
    assert "My answer is final" in newcomer.get("/declined").text
    for _ in range(2):
        assert newcomer.send("/decline-for-good").headers["location"] == f"/s/{SLUG}/declined"
    assert "Your answer is final" in newcomer.get("/declined").text
    assert newcomer.get("/study").headers["location"] == f"/s/{SLUG}"
    assert newcomer.send("/consent").status_code == 403
    assert membership(study, newcomer.link) is Membership.DECLINED
    page = newcomer.client.get(f"/p/{newcomer.link.token}").text
    assert "You have left this study" in page
    assert "Enter the study" not in page


def test_who_takes_part_does_not_decline_but_stops(newcomer):
    newcomer.send("/consent")
    for page in ("/decline", "/decline-for-good"):
        assert newcomer.send(page).status_code == 409
    assert newcomer.get("/declined").headers["location"] == f"/s/{SLUG}"


def test_before_consent_it_is_said_what_leaving_would_do_and_when_the_rounds_are(study, newcomer, clock):
    page = newcomer.get("/study").text
    assert "You can stop at any moment, on this page, without saying why." in page
    assert "stays in the study, under a code and without your name" in page
    assert "The first round has not begun yet." in page
    open_round(study.database, clock, SLUG, ACTOR, closes_at=clock.now() + timedelta(days=3))
    page = newcomer.get("/study").text
    for words in ("Round 1 closes on", "Thursday, 5 March 2026", "10:00", "in 3 days", "Brussels"):
        assert words in page
    study.close_round()
    assert "Round 1: Monday, 2 March 2026 to Monday, 2 March 2026" in newcomer.get("/study").text


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
    assert "stays in the study, under a code and without your name" in question.text
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


def test_optional_questions_are_marked_and_an_answer_can_be_taken_back(study, newcomer):
    newcomer.send("/consent")
    page = newcomer.get("/profile").text
    assert page.count("(optional)") == 4
    assert re.search(r'name="profile.home" value=""[^>]*>', page), "a way to leave it again"
    newcomer.send("/profile", {"profile.role": "expert", "profile.home": "flat", "profile.words": "Ann’s"})
    assert 'value="flat" checked' in newcomer.get("/profile").text
    assert "Ann’s</textarea>" in newcomer.get("/profile").text
    newcomer.send("/profile", {"profile.role": "expert", "profile.home": ""})
    page = newcomer.get("/profile").text
    assert 'value="flat" checked' not in page
    assert 'value="" checked' not in page, "saying nothing is chosen by nobody beforehand"


def test_a_text_that_is_too_long_comes_back_whole(newcomer):
    newcomer.send("/consent")
    answer = newcomer.send("/profile", {"profile.role": "expert", "profile.words": "a" * 201})
    assert answer.status_code == 422
    assert "a" * 201 in answer.text
    assert 'href="#profile-words"' in answer.text
