"""Opening a personal link changes nothing; one button enters; the link's secret stays secret."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from app.main import create_app
from app.services.consent import give_consent, withdraw
from app.services.entering import ENTRIES_ALLOWED, ENTRIES_WINDOW
from app.services.links import revoke_link
from app.services.rounds import open_round
from app.storage.tables import metadata
from tests.integration.web.conftest import OWN_PAGE
from tests.integration.web.panelist.conftest import enter
from tests.panel_study import ACTOR, SLUG


def everything(database) -> dict[str, int]:
    """How many rows each table has."""
    with database.reading() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        }


def test_opening_a_link_in_every_way_but_the_button_changes_nothing(study, browser):
    study.open_round()
    token, before = study.link().token, everything(study.database)
    scanner = browser()
    for method in ("GET", "HEAD", "GET", "OPTIONS", "PUT", "DELETE"):
        scanner.request(method, f"/p/{token}")
    page = scanner.get(f"/p/{token}?language=fr")
    for href in re.findall(r'href="([^"]+)"', page.text):
        if not href.startswith("mailto:"):
            scanner.get(href if href.startswith("/") else f"/p/{token}{href}")
    assert everything(study.database) == before
    assert scanner.cookies == {}


def test_the_entrance_says_what_the_study_is_in_the_panelists_language(study, browser):
    page = browser().get(f"/p/{study.link('fr').token}")
    assert page.status_code == 200
    assert '<html lang="fr"' in page.text
    assert "Un jardin pour tous" in page.text
    assert "Que doit être le jardin ?" in page.text
    assert "team@example.org" in page.text


def test_the_button_opens_a_session_and_leads_to_the_study(study, browser):
    client = browser()
    answer = client.post(f"/p/{study.link().token}", data={"shared_device": ""})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/s/{SLUG}")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("castalia_panelist=")
    for part in ("HttpOnly", "SameSite=lax", f"Path=/s/{SLUG}", "Max-Age=43200"):
        assert part in cookie
    assert "Secure" not in cookie
    assert client.get(f"/s/{SLUG}").headers["location"] == f"/s/{SLUG}/study"


def test_behind_tls_the_cookie_is_secure_and_the_browser_stays_on_tls(study, settings, clock):
    over_tls = settings.model_copy(update={"base_url": "https://delphi.example.org"})
    with TestClient(create_app(over_tls, clock), headers=OWN_PAGE, follow_redirects=False) as client:
        answer = client.post(f"/p/{study.link().token}", data={"shared_device": ""})
    assert "Secure" in answer.headers["set-cookie"]
    assert "max-age" in answer.headers["strict-transport-security"]


def test_on_a_shared_device_the_session_ends_with_the_browser_and_nothing_is_kept_in_it(study, browser):
    study.open_round()
    study.take_part(study.link())
    client = browser()
    answer = client.post(f"/p/{study.link().token}", data={"shared_device": "yes"})
    assert "Max-Age" not in answer.headers["set-cookie"]
    assert 'data-autosave-key=""' in client.get(f"/s/{SLUG}/topics/value").text


def test_every_entry_gives_a_new_session(study, browser):
    client = browser()
    sessions = {
        client.post(f"/p/{study.link().token}", data={"x": ""}).cookies["castalia_panelist"] for _ in range(2)
    }
    assert len(sessions) == 2


def test_the_link_works_again_on_another_device(study, browser):
    first, second = (enter(browser(), study.link()) for _ in range(2))
    assert first.get().status_code == second.get().status_code == 303


def test_the_language_chosen_at_the_entrance_is_kept(study, browser):
    client = browser()
    client.post(f"/p/{study.link('en').token}?language=nl", data={"x": ""})
    assert '<html lang="nl"' in client.get(f"/s/{SLUG}/study").text


def test_a_language_that_the_study_does_not_have_changes_nothing(study, browser):
    client = browser()
    assert '<html lang="en"' in client.get(f"/p/{study.link('en').token}?language=de").text
    client.post(f"/p/{study.link('en').token}?language=de", data={"x": ""})
    assert '<html lang="en"' in client.get(f"/s/{SLUG}/study").text


def test_the_links_secret_is_on_no_page_and_in_no_log(study, browser):
    study.open_round()
    study.take_part(study.link())
    token = study.link().token
    client = browser()
    with capture_logs() as lines:
        pages = [client.get(f"/p/{token}"), client.post(f"/p/{token}", data={"x": ""})]
        pages += [client.get(f"/s/{SLUG}{page}") for page in ("", "/study", "/overview", "/topics/value")]
        pages += [client.get(f"/p/{token}x"), client.put(f"/p/{token}"), client.get(f"/p/{token}/")]
        pages.append(client.post(f"/p/{token}", data={"x": ""}, headers={"Sec-Fetch-Site": "cross-site"}))
    assert all(token not in page.text and token not in str(page.headers) for page in pages)
    assert len(lines) == len(pages)
    assert token not in str(lines)
    assert {line["route"] for line in lines} == {
        "/p/{token}",
        "/s/{slug}",
        "/s/{slug}/study",
        "/s/{slug}/overview",
        "/s/{slug}/topics/{code}",
        "(no such page)",
    }


def test_pages_are_never_stored_and_tell_no_other_server_where_one_came_from(study, browser):
    page = browser().get(f"/p/{study.link().token}")
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    nonce = re.search(r"'nonce-([^']+)'", page.headers["content-security-policy"])
    assert nonce is not None
    assert page.headers["content-security-policy"].startswith("default-src 'self';")
    assert "unsafe" not in page.headers["content-security-policy"]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_link_that_opens_nothing_is_a_plain_page_that_says_whom_to_ask(study, browser, clock, method):
    revoked, other = study.link("en"), study.link("fr")
    revoke_link(study.database, clock, SLUG, revoked.pseudonym, ACTOR)
    client = browser()
    for token in (revoked.token, "nonsense", "a" * 43, "%00", "é"):
        answer = client.request(method, f"/p/{token}", data={"x": ""} if method == "POST" else None)
        assert answer.status_code == 404
        assert "ask the study team for a new link" in answer.text
        assert "an address to write to" in answer.text
        assert client.cookies == {}
    clock.advance(timedelta(days=366))
    assert client.get(f"/p/{other.token}").status_code == 404


def test_revoking_a_link_ends_the_sessions_entered_by_it(study, newcomer, clock):
    revoke_link(study.database, clock, SLUG, newcomer.link.pseudonym, ACTOR)
    assert newcomer.get("/study").status_code == 401


def test_after_its_hours_a_session_asks_to_open_the_link_again(newcomer, clock):
    clock.advance(timedelta(hours=13))
    answer = newcomer.get("/study")
    assert answer.status_code == 401
    assert "open the personal link from your invitation again" in answer.text


def test_a_session_of_one_study_opens_no_other(newcomer, browser):
    client = browser()
    client.cookies.set("castalia_panelist", newcomer.client.cookies["castalia_panelist"])
    assert client.get("/s/another-study").status_code == 401


def test_leaving_ends_the_session_and_clears_what_the_browser_kept(newcomer):
    answer = newcomer.send("/leave")
    assert (answer.status_code, answer.headers["location"]) == (303, "/goodbye?language=en")
    assert answer.headers["clear-site-data"] == '"storage"'
    assert "castalia_panelist" not in newcomer.client.cookies
    assert newcomer.get("/study").status_code == 401
    assert "open the personal link" in newcomer.client.get("/goodbye?language=en").text


def test_a_session_that_was_left_cannot_be_used_again(newcomer, browser):
    stolen = newcomer.client.cookies["castalia_panelist"]
    newcomer.send("/leave")
    client = browser()
    client.cookies.set("castalia_panelist", stolen)
    assert client.get(f"/s/{SLUG}/study").status_code == 401


def test_the_entrance_says_so_when_the_panelist_has_left_the_study(study, browser):
    visitor = study.visitor(study.link())
    give_consent(study.database, study.clock, visitor)
    withdraw(study.database, study.clock, visitor)
    page = browser().get(f"/p/{study.link().token}")
    assert "You have left this study" in page.text
    assert "Enter the study" not in page.text


def test_another_site_cannot_enter_for_somebody(study, browser):
    before = everything(study.database)
    answer = browser().post(
        f"/p/{study.link().token}", data={"x": ""}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403
    assert everything(study.database) == before


def test_a_link_used_more_often_than_a_person_can_has_to_wait_and_others_do_not(study, browser, clock):
    token, other = study.link("en").token, study.link("fr").token
    client = browser()
    for _ in range(ENTRIES_ALLOWED):
        assert client.post(f"/p/{token}", data={"x": ""}).status_code == 303
    answer = browser().post(f"/p/{token}?language=en", data={"x": ""})
    assert answer.status_code == 429
    assert "Wait 15 minutes" in answer.text
    assert browser().post(f"/p/{other}", data={"x": ""}).status_code == 303
    clock.advance(timedelta(minutes=14, seconds=30))
    assert "Wait one minute" in browser().post(f"/p/{token}", data={"x": ""}).text
    clock.advance(ENTRIES_WINDOW)
    assert browser().post(f"/p/{token}", data={"x": ""}).status_code == 303


def test_no_table_holds_a_links_secret_or_a_sessions(study, browser):
    client = browser()
    client.post(f"/p/{study.link().token}", data={"shared_device": "yes"})
    with study.database.reading() as connection:
        dump = str([connection.execute(select(table)).all() for table in metadata.sorted_tables])
    assert study.link().token not in dump
    assert client.cookies["castalia_panelist"] not in dump


def test_the_entrance_says_until_when_the_round_is_open(study, browser, clock):
    assert "closes on" not in browser().get(f"/p/{study.link().token}").text
    open_round(study.database, clock, SLUG, ACTOR, closes_at=clock.now() + timedelta(days=3))
    page = browser().get(f"/p/{study.link().token}").text
    for words in ("Round 1 closes on", "Thursday, 5 March 2026", "(Brussels time)", "in 3 days"):
        assert words in page


def test_what_was_sent_after_the_session_ended_is_given_back_without_what_nobody_typed(guest, clock):
    assert guest.token
    clock.advance(timedelta(hours=13))
    answer = guest.rate("value", {"S01": 4}, **{"S01.agreement.version": "0", "S01.comment": "So calm"})
    assert answer.status_code == 401
    given_back = re.findall(r'<dt>([^<]*)</dt><dd class="typed-text">([^<]*)</dd>', answer.text)
    assert given_back == [("S01 agreement", "4"), ("S01 comment", "So calm")]
