"""“This is not me”: a scanner that presses and ticks everything changes nothing; a person's word does."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from app.storage.events import read_events
from app.storage.tables import metadata
from app.storage.tables.panel import identity
from tests.panel_study import SLUG

FORM = re.compile(r"<form method=\"post\"(?: action=\"([^\"]+)\")?[^>]*>(.*?)</form>", re.DOTALL)
FIELD = re.compile(r"<(?:input|button)[^>]*>")
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


def everything(database) -> dict[str, str]:
    """Every row of every table."""
    with database.reading() as connection:
        return {table.name: str(connection.execute(select(table)).all()) for table in metadata.sorted_tables}


def forms(page: str) -> list[tuple[str, dict[str, list[str]]]]:
    """Every form of a page with everything that can be ticked, chosen or pressed, by name."""
    found = []
    for action, inside in FORM.findall(page):
        fields: dict[str, list[str]] = {}
        for tag in FIELD.findall(inside):
            attributes = dict(ATTRIBUTE.findall(tag))
            if "name" in attributes and attributes.get("type") != "text":
                fields.setdefault(attributes["name"], []).append(unescape(attributes.get("value", "")))
        found.append((unescape(action), fields))
    return found


def disown(client, token, **fields):
    return client.post(f"/p/{token}", data={"step": "not_me_for_sure", **fields})


def log(study):
    with study.database.reading() as connection:
        return [(event.kind, event.actor, dict(event.payload)) for event in read_events(connection, 1)]


def test_a_scanner_that_presses_everything_but_the_entering_button_changes_nothing(study, browser):
    study.open_round()
    address, before = f"/p/{study.link().token}", everything(study.database)
    scanner, to_read, read = browser(), [browser().get(address).text], 0
    while to_read:
        page, read = to_read.pop(), read + 1
        for action, fields in forms(page):
            if "shared_device" in fields:
                continue  # the entering button's own form
            for why in fields.get("why", [""]):
                filled = {name: values[-1] for name, values in fields.items()} | {"why": why}
                answer = scanner.post(action or address, data=filled)
                assert answer.status_code in (200, 422)
                if read < 8:
                    to_read.append(answer.text)
    assert read > 8, "the scanner went deep"
    assert everything(study.database) == before
    assert scanner.cookies == {}


def test_the_first_press_only_asks_and_the_links_secret_is_not_on_the_page(study, browser):
    token = study.link("fr").token
    answer = browser().post(f"/p/{token}", data={"step": "not_me"})
    assert answer.status_code == 200
    for words in ("Ce n’est pas moi", "L’invitation est arrivée par erreur", "le mot « non »"):
        assert words in unescape(answer.text).replace("\u00a0", " ")
    assert "Quelqu’un d’autre a utilisé cet appareil" not in answer.text
    assert token not in answer.text


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({}, ("field-why", "field-word")),
        ({"why": "wrong_address"}, ("field-word",)),
        ({"why": "wrong_address", "word": "yes"}, ("field-word",)),
        ({"why": "shared_device", "word": "no"}, ("field-why",)),
        ({"why": "nonsense", "word": "<no>"}, ("field-why", "field-word")),
    ],
)
def test_what_is_missing_is_said_with_what_was_chosen_and_nothing_changes(study, browser, fields, missing):
    before = everything(study.database)
    answer = disown(browser(), study.link().token, **fields)
    assert answer.status_code == 422
    for field in ("field-why", "field-word"):
        assert (f'href="#{field}"' in answer.text) is (field in missing)
    if fields.get("word"):
        assert f'value="{fields["word"]}"'.replace("<", "&lt;").replace(">", "&gt;") in answer.text
    if fields.get("why") == "wrong_address":
        assert 'value="wrong_address" checked' in answer.text
    assert everything(study.database) == before


@pytest.mark.parametrize("word", ["no", "NO", " no. ", "non", "Nee", "nein!"])
def test_a_word_of_any_language_closes_the_link(study, browser, word):
    token = study.link().token
    answer = disown(browser(), token, why="passed_on", word=word)
    assert (answer.status_code, answer.headers["location"]) == (303, "/goodbye?language=en&why=not_me")
    assert browser().get(f"/p/{token}").status_code == 404
    page = browser().get(answer.headers["location"]).text
    assert "The study team knows of it." in page


def test_neither_the_log_nor_the_list_says_whose_link_it_was(study, browser):
    link = study.link()
    disown(browser(), link.token, why="wrong_address", word="no")
    assert log(study)[-1] == ("LinkDisowned", "system", {"why": "wrong_address"})
    with study.database.reading() as connection:
        marked = connection.execute(select(identity).where(identity.c.disowned_at.is_not(None))).all()
    assert len(marked) == 1


def test_disowning_twice_finds_the_link_closed(study, browser):
    answers = [disown(browser(), study.link().token, why="passed_on", word="no") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 404]
    assert [kind for kind, *_ in log(study)].count("LinkDisowned") == 1


def test_who_has_left_for_good_is_not_asked_whether_it_is_them(study, newcomer):
    assert "This is not me" in newcomer.client.get(f"/p/{newcomer.link.token}").text
    newcomer.send("/decline-for-good")
    assert "This is not me" not in newcomer.client.get(f"/p/{newcomer.link.token}").text


def test_every_page_of_a_session_leads_to_it(guest):
    for page in ("/study", "/overview", "/topics/value"):
        assert f'href="/s/{SLUG}/not-me"' in guest.get(page).text


def test_whoever_finds_an_open_session_closes_it_and_no_more(study, guest):
    page = guest.get("/not-me").text
    assert "Somebody else used this device before me" in page
    assert 'name="word"' not in page
    assert guest.send("/not-me").status_code == 422
    answer = guest.send("/not-me", {"why": "shared_device"})
    assert answer.headers["location"] == "/goodbye?language=en&why=not_me"
    assert answer.headers["clear-site-data"] == '"storage"'
    assert guest.get("/study").status_code == 401
    assert guest.client.get(f"/p/{guest.link.token}").status_code == 200


@pytest.mark.parametrize("why", ["wrong_address", "passed_on"])
def test_whoever_entered_by_anothers_link_closes_the_link_too(study, guest, why):
    guest.send("/not-me", {"why": why})
    assert guest.get("/study").status_code == 401
    assert guest.client.get(f"/p/{guest.link.token}").status_code == 404


def test_a_form_without_the_sessions_token_closes_nothing(study, guest):
    before = everything(study.database)
    answer = guest.client.post(f"/s/{SLUG}/not-me", data={"why": "passed_on", "csrf_token": "x"})
    assert answer.status_code == 403
    assert everything(study.database) == before
