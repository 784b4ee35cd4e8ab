"""Forms that come before a session, from browsers that do not say where a form was sent from."""

import re

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.web.shared.doors import DOOR_COOKIE

OLD_BROWSER = {"Accept": "text/html", "Origin": "null"}
PAGES = ("/link", "/research/sign-in")
TOKEN = re.compile(r'name="csrf_token" value="([^"]*)"')


@pytest.fixture
def old_browser(app):
    """A browser that names neither site nor origin."""
    return lambda: TestClient(app, headers=OLD_BROWSER, follow_redirects=False)


def fields(page: str) -> dict[str, str]:
    found = TOKEN.search(page)
    assert found is not None
    return {"csrf_token": found[1], "email": "ann@example.org", "password": "wrong"}


def addresses(study) -> tuple[str, ...]:
    return (*PAGES, f"/p/{study.link().token}")


def test_a_form_from_our_own_page_is_accepted(study, old_browser):
    for address in addresses(study):
        client = old_browser()
        answer = client.post(address, data=fields(client.get(address).text))
        assert answer.status_code in (303, 401), address


def test_the_cookie_is_the_same_on_every_page_and_only_our_server_reads_it(study, old_browser):
    client = old_browser()
    said = [client.get(address).headers["set-cookie"] for address in addresses(study)]
    assert len({cookie.partition(";")[0] for cookie in said}) == 1
    assert all("HttpOnly" in cookie and "SameSite=lax" in cookie for cookie in said)
    assert "Max-Age" not in said[0]


@pytest.mark.parametrize("lacks", ["cookie", "token", "both", "own cookie"])
def test_a_form_that_another_site_made_up_is_refused(study, old_browser, lacks):
    for address in addresses(study):
        client, elsewhere = old_browser(), old_browser()
        sent = fields(client.get(address).text)
        if lacks in ("cookie", "both"):
            client.cookies.clear()
        if lacks in ("token", "both"):
            sent["csrf_token"] = "é" * 40
        if lacks == "own cookie":
            elsewhere.get(address)
            client.cookies.set(DOOR_COOKIE, elsewhere.cookies[DOOR_COOKIE])
            client = elsewhere
        answer = client.post(address, data=sent)
        assert answer.status_code == 403, address
        assert "castalia_panelist" not in client.cookies


def test_behind_tls_the_cookie_is_secure(study, settings, clock):
    over_tls = settings.model_copy(update={"base_url": "https://delphi.example.org"})
    with TestClient(create_app(over_tls, clock), headers=OLD_BROWSER) as client:
        assert "Secure" in client.get("/link").headers["set-cookie"]


def test_a_browser_that_says_where_a_form_comes_from_gets_no_cookie(study, browser):
    client = browser()
    for address in addresses(study):
        page = client.get(address)
        assert "set-cookie" not in page.headers
        assert 'name="csrf_token" value=""' in page.text
