"""Whatever goes wrong, people get a page in their language, and scripts a small object."""

import json
from http import HTTPStatus

import pytest
from fastapi import FastAPI, Request
from httpx2 import Response
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from app.domain.errors import PointOffScale, ResearcherSignedOut
from app.main import create_app
from app.settings import Settings
from app.storage.database import DatabaseUnavailable
from app.web.shared.permissions import ROUTES, Audience
from tests.integration.web.conftest import OWN_PAGE
from tests.integration.web.panelist.conftest import Guest, enter
from tests.panel_study import SECRET, SLUG

JSON = {"Accept": "application/json"}


class Mishap(Exception):
    """Something nobody foresaw, with something private in its message."""


@pytest.fixture
def broken(app: FastAPI) -> TestClient:
    """The application with addresses at which things go wrong."""

    def fail(request: Request, kind: str) -> None:
        raise {
            "mishap": Mishap("the diary of Ann Example"),
            "away": DatabaseUnavailable("password of the database"),
            "off-scale": PointOffScale(point="<9>", statement="S01", first=1, last=5),
            "signed-out": ResearcherSignedOut(),
        }[kind]

    app.add_api_route("/broken/{kind}", fail)
    app.add_api_route("/research/broken/{kind}", fail)

    def add_one(n: int, m: int) -> int:
        return n + m

    app.add_api_route("/sum/{n}", add_one)
    return TestClient(app, headers=OWN_PAGE, follow_redirects=False)


def test_an_unexpected_error_is_a_kind_page_and_a_line_without_anything_private(broken):
    with capture_logs() as lines:
        answer = broken.get("/broken/mishap")
    assert answer.status_code == 500
    assert "It is not your fault" in answer.text
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "diary" not in answer.text + str(lines)
    (error,) = [line for line in lines if line["event"] == "unexpected_error"]
    assert error["error"].endswith("Mishap")
    assert error["route"] == "/broken/{kind}"
    assert error["where"][-1].endswith(" fail")


def test_a_script_gets_an_unexpected_error_as_a_small_object(broken):
    answer = broken.get("/broken/mishap", headers=JSON)
    assert (answer.status_code, answer.json()["error"]) == (500, "unexpected")


def test_a_database_that_is_away_is_a_503_that_says_when_to_come_back(broken):
    page, reply = broken.get("/broken/away"), broken.get("/broken/away", headers=JSON)
    assert (page.status_code, page.headers["retry-after"]) == (503, "30")
    assert "nothing was changed" in page.text
    assert "password" not in page.text
    assert (reply.status_code, reply.json()["error"], reply.headers["retry-after"]) == (
        503,
        "unavailable",
        "30",
    )


def test_what_a_refusal_quotes_is_text_and_no_markup(broken):
    page = broken.get("/broken/off-scale")
    assert page.status_code == 422
    assert "&lt;9&gt;" in page.text
    assert "<9>" not in page.text


@pytest.mark.parametrize("language", ["en", "fr", "nl", "de"])
def test_a_refusal_speaks_the_language_of_the_browser(broken, language):
    page = broken.get("/broken/off-scale", headers={"Accept-Language": f"{language};q=0.9, en;q=0.1"})
    assert f'<html lang="{language}"' in page.text


def test_a_researcher_who_is_signed_out_is_led_to_the_sign_in_and_back(broken):
    answer = broken.get("/research/broken/signed-out?a=1&b=2")
    assert answer.status_code == 303
    assert (
        answer.headers["location"]
        == "/research/sign-in?next=%2Fresearch%2Fbroken%2Fsigned-out%3Fa%3D1%26b%3D2"
    )
    assert broken.get("/research/broken/signed-out", headers=JSON).status_code == 401


@pytest.mark.parametrize("path", ["/nothing", "/s", "/p", "/p/", "/sum/x?m=1", "/static/nothing.css"])
def test_what_is_not_there_is_a_plain_page(broken, path):
    answer = broken.get(path)
    assert answer.status_code == 404
    assert "There is no such page" in answer.text
    assert "detail" not in answer.text


def test_a_form_address_that_is_visited_is_a_plain_page_that_names_what_is_allowed(study, broken):
    answer = broken.get(f"/s/{SLUG}/consent")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert "takes forms, not visits" in answer.text


def test_a_missing_part_of_an_address_is_told_in_words(broken):
    page, reply = broken.get("/sum/1?m=x"), broken.get("/sum/1?m=x", headers=JSON)
    assert page.status_code == reply.status_code == 422
    assert "Something in the address or the form is missing" in page.text
    assert set(json.loads(reply.text)) == {"error", "message"}


def test_a_body_that_is_too_large_is_refused(study, browser):
    guest = enter(browser(), study.link())
    answer = guest.send("/profile", {"profile.role": "x" * 5_000_000})
    assert answer.status_code == 413
    assert "More was sent than can be taken at once" in answer.text


def test_forms_and_json_are_taken_only_as_what_they_are(study, browser):
    guest = enter(browser(), study.link())
    as_json = guest.client.post(f"/s/{SLUG}/consent", json={"csrf_token": guest.token})
    as_form = guest.client.post(
        f"/s/{SLUG}/autosave?round=1", data={"point": "4"}, headers={"X-CSRF-Token": guest.token}
    )
    as_text = guest.client.post(
        f"/s/{SLUG}/autosave?round=1",
        content=b"{}",
        headers={"X-CSRF-Token": guest.token, "Content-Type": "text/plain"},
    )
    assert [answer.status_code for answer in (as_json, as_form, as_text)] == [415, 415, 415]


def panelist_posts() -> list[str]:
    return [
        path
        for (method, path), access in ROUTES.items()
        if method == "POST" and access.audience is Audience.PANELIST
    ]


def send(guest: Guest, path: str, token: str, **headers: str) -> Response:
    """Send the least that an address takes: JSON to the autosave address, a form to the others."""
    address = path.replace("{slug}", SLUG).replace("{code}", "value")
    if address.endswith("/autosave"):
        return guest.client.post(
            f"{address}?round=1", json={}, headers=JSON | {"X-CSRF-Token": token} | headers
        )
    return guest.client.post(address, data={"csrf_token": token}, headers=headers)


@pytest.mark.parametrize("path", panelist_posts())
def test_no_other_site_and_no_other_session_can_send_a_panelists_form(study, browser, path):
    study.open_round()
    guest, another = (enter(browser(), study.link()) for _ in range(2))
    assert send(guest, path, guest.token, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert send(guest, path, "").status_code == 403
    assert send(guest, path, another.token).status_code == 403


def test_a_page_from_before_a_new_entry_is_refused_with_what_was_typed(study, browser):
    study.open_round()
    study.take_part(study.link())
    client = browser()
    before = enter(client, study.link()).token
    guest = enter(client, study.link())
    answer = client.post(
        f"/s/{SLUG}/topics/value", data={"csrf_token": before, "round": "1", "S01.comment": "Kept <text>"}
    )
    assert answer.status_code == 403
    assert "You have entered again" in answer.text
    assert "Kept &lt;text&gt;" in answer.text
    assert before not in answer.text
    assert guest.token not in answer.text


def test_a_database_that_goes_away_while_saving_gives_back_what_was_typed(study, browser, monkeypatch):
    study.open_round()
    study.take_part(study.link())
    guest = enter(browser(), study.link())
    assert guest.token

    def be_away(*_: object, **__: object) -> None:
        raise DatabaseUnavailable("away")

    monkeypatch.setattr("app.web.panelist.rating.save_answers", be_away)
    answer = guest.rate("value", {"S01": 4}, **{"S01.comment": "All of this"})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    assert "All of this" in answer.text
    assert '<html lang="en"' in answer.text


def test_every_page_of_a_panelist_asks_for_the_link_when_there_is_no_session(study, browser):
    opened = {}
    for (method, path), access in ROUTES.items():
        if access.audience is Audience.PANELIST:
            address = path.replace("{slug}", SLUG).replace("{code}", "value")
            query = "?round=1" if address.endswith("/autosave") else ""
            body = {"json": {}} if query else {"data": {"x": ""}} if method == "POST" else {}
            opened[method, path] = browser().request(method, address + query, **body).status_code
    assert set(opened.values()) == {401}, opened


def asks_to_sign_in(answer: Response) -> bool:
    """Whether an answer leads to the sign-in, also one that gives back what was sent, or reloads a page."""
    is_empty_reload = answer.headers.get("hx-refresh") == "true" and answer.text == ""
    gives_back = answer.status_code == 401 and 'href="/research/sign-in' in answer.text
    return is_empty_reload or gives_back or answer.headers.get("location", "").startswith("/research/sign-in")


def test_every_page_of_a_researcher_asks_to_sign_in_when_there_is_no_session(study, browser):
    opened = {}
    for (method, path), access in ROUTES.items():
        if access.audience is Audience.RESEARCHER:
            address = path
            for part, value in {
                "slug": SLUG,
                "number": "1",
                "format_": "html",
                "pseudonym": "P-222222",
                "kind": "map",
            }.items():
                address = address.replace(f"{{{part}}}", value)
            body = {"data": {"x": ""}} if method == "POST" else {}
            opened[method, path] = browser().request(method, address, **body)
            if opened[method, path].status_code == HTTPStatus.UNSUPPORTED_MEDIA_TYPE:  # it takes files
                file = {"file": ("x.csv", b"code\n", "text/csv")}
                opened[method, path] = browser().post(address, files=file)
    assert [route for route, answer in opened.items() if not asks_to_sign_in(answer)] == []


def test_the_server_lives_and_says_whether_it_is_ready(browser):
    client = browser()
    assert (client.get("/livez").status_code, client.get("/livez").json()) == (200, {"status": "alive"})
    assert (client.get("/readyz").status_code, client.get("/readyz").json()) == (200, {"status": "ready"})


def test_without_its_schema_the_server_lives_but_is_not_ready(empty_sqlite_url):
    with TestClient(create_app(Settings(database_url=empty_sqlite_url, secret=SECRET))) as client:
        assert client.get("/livez").status_code == 200
        answer = client.get("/readyz")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")


def test_the_first_page_says_how_panelists_and_researchers_get_in(browser):
    page = browser().get("/?language=nl")
    assert page.status_code == 200
    assert '<html lang="nl"' in page.text
    assert 'href="/research/sign-in"' in page.text
