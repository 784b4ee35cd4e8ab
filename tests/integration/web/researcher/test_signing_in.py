"""Signing in, staying signed in, signing out, and the language of the pages."""

from datetime import timedelta

import pytest

from app.domain.account import Role
from app.services.accounts import ATTEMPTS_ALLOWED
from tests.integration.web.researcher.conftest import PASSWORD, words

COOKIE = "castalia_researcher"
SIGN_IN = "/research/sign-in"


def test_a_researcher_signs_in_and_finds_their_studies(owner):
    page = owner.client.get("/research")
    assert page.status_code == 200
    assert "A garden for everybody" in page.text
    assert "Illustration: invented study and panel" in page.text
    assert "Owner of the study" in page.text


def test_the_cookie_is_for_the_researchers_pages_only_and_out_of_reach_of_scripts(owner, browser):
    answer = browser().post(SIGN_IN, data={"email": "owner@example.org", "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert {"path=/research", "httponly", "samesite=lax"} <= {
        part.strip().lower() for part in cookie.split(";")
    }
    assert owner.client.cookies[COOKIE] not in cookie


def test_before_the_first_account_the_page_says_how_it_is_made_and_afterwards_nothing(
    study, browser, sign_in
):
    empty = words(browser().get(SIGN_IN))
    assert "Nobody has an account here yet." in empty
    assert "castalia researcher add" in empty
    refused = browser().post(SIGN_IN, data={"email": "ana@example.org", "password": PASSWORD})
    assert refused.status_code == 401
    assert "castalia researcher add" in words(refused)
    sign_in(None)
    for answer in (
        browser().get(SIGN_IN),
        browser().post(SIGN_IN, data={"email": "ana@example.org", "password": PASSWORD}),
    ):
        assert "castalia researcher add" not in words(answer)


@pytest.mark.parametrize(
    ("email", "password"), [("owner@example.org", "not the password"), ("nobody@example.org", PASSWORD)]
)
def test_a_wrong_password_and_an_unknown_address_are_refused_in_the_same_words(
    owner, browser, email, password
):
    answer = browser().post(SIGN_IN, data={"email": email, "password": password, "next": "/research/x"})
    assert answer.status_code == 401
    assert "The e-mail address or the password is not right." in words(answer)
    assert f'value="{email}"' in answer.text
    assert 'value="/research/x"' in answer.text
    assert password not in answer.text
    assert "<title>Error: " in answer.text


def test_after_many_attempts_one_is_asked_to_wait(owner, browser):
    guesser = browser()
    for _ in range(ATTEMPTS_ALLOWED):
        guesser.post(SIGN_IN, data={"email": "somebody@example.org", "password": "a guess"})
    answer = guesser.post(SIGN_IN, data={"email": "somebody@example.org", "password": "a guess"})
    assert answer.status_code == 429
    assert "too many attempts" in answer.text


@pytest.mark.parametrize("how", ["signed out", "signed in anew"])
def test_what_was_typed_before_a_session_ended_is_given_back_and_nothing_is_stored(owner, browser, how):
    typed = {"csrf_token": owner.token, "code": "S99", "topic": "value", "text.en": "A long <text>."}
    address = "/research/garden-study/new-statement"
    client = browser()
    if how == "signed in anew":
        client.post(SIGN_IN, data={"email": "owner@example.org", "password": PASSWORD})
    answer = client.post(address, data=typed)
    assert answer.status_code == (401 if how == "signed out" else 403)
    assert "A long &lt;text&gt;." in answer.text
    assert owner.token not in answer.text
    if how == "signed out":
        assert f'href="{SIGN_IN}?next=%2Fresearch%2Fgarden-study%2Fnew-statement"' in answer.text
    assert "S99" not in owner.get("/statements").text


def test_a_password_is_given_back_to_nobody(owner, browser):
    passwords = {"csrf_token": owner.token, "current": PASSWORD, "new": "another long password"}
    answer = browser().post("/research/account/password", data=passwords)
    assert answer.headers["location"].startswith(SIGN_IN)
    assert PASSWORD not in answer.text


def test_whoever_asks_for_a_page_comes_to_it_after_signing_in(owner, browser):
    client = browser()
    asked = client.get("/research/garden-study/log?actors=team")
    assert asked.status_code == 303
    form = client.get(asked.headers["location"])
    assert 'name="next" value="/research/garden-study/log?actors=team"' in form.text
    answer = client.post(
        SIGN_IN,
        data={
            "email": "owner@example.org",
            "password": PASSWORD,
            "next": "/research/garden-study/log?actors=team",
        },
    )
    assert answer.headers["location"] == "/research/garden-study/log?actors=team"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://example.org",
        "//example.org",
        "/research/\\example.org",
        "/s/garden-study",
        SIGN_IN,
        "javascript:x",
    ],
)
def test_signing_in_never_leads_elsewhere(owner, browser, elsewhere):
    answer = browser().post(
        SIGN_IN, data={"email": "owner@example.org", "password": PASSWORD, "next": elsewhere}
    )
    assert answer.headers["location"] == "/research"


def test_whoever_is_signed_in_need_not_sign_in_again(owner):
    assert owner.client.get(SIGN_IN).headers["location"] == "/research"


def test_signing_out_ends_the_session_also_for_a_copy_of_the_cookie(owner, browser):
    copied = owner.client.cookies[COOKIE]
    answer = owner.client.post("/research/sign-out", data={"csrf_token": owner.token})
    assert answer.headers["location"] == SIGN_IN
    thief = browser()
    thief.cookies.set(COOKIE, copied)
    assert thief.get("/research").headers["location"].startswith(SIGN_IN)


def test_a_session_ends_after_its_hours(owner, clock, settings):
    clock.advance(timedelta(hours=settings.session_hours))
    assert owner.get().headers["location"].startswith(SIGN_IN)


def test_a_form_without_the_token_of_the_session_changes_nothing(owner):
    answer = owner.client.post("/research/garden-study/rounds/open", data={"day": ""})
    assert answer.status_code == 403
    assert "No round has been held yet" in owner.get("/rounds").text


def test_a_form_from_another_site_is_refused(owner):
    answer = owner.client.post(
        "/research/garden-study/rounds/open",
        data={"csrf_token": owner.token},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 403


def test_the_language_is_kept_on_the_account(owner, browser):
    answer = owner.client.post(
        "/research/language",
        data={"csrf_token": owner.token, "locale": "nl", "next": "/research/garden-study"},
    )
    assert answer.headers["location"] == "/research/garden-study"
    assert '<html lang="nl"' in owner.get().text
    again = browser()
    again.post(SIGN_IN, data={"email": "owner@example.org", "password": PASSWORD})
    assert '<html lang="nl"' in again.get("/research").text


def test_an_unknown_language_is_ignored(owner):
    owner.client.post("/research/language", data={"csrf_token": owner.token, "locale": "tlh"})
    assert '<html lang="en"' in owner.get().text


def test_the_sign_in_page_speaks_the_language_asked_for(browser):
    page = browser().get(f"{SIGN_IN}?language=de")
    assert '<html lang="de"' in page.text
    assert f'action="{SIGN_IN}?language=de"' in page.text


def test_a_text_in_another_language_than_the_page_is_marked_so(sign_in):
    page = sign_in(Role.OWNER, language="de").client.get("/research")
    assert '<span lang="en">A garden for everybody</span>' in page.text
