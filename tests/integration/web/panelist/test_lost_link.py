"""A lost link is asked for by address; page, answer and time are the same whoever asks."""

import re

import pytest
from sqlalchemy import select

from app.services.asking_by_mail import REQUESTS_ALLOWED
from app.storage.tables.panel import identity, link_request
from tests.panel_study import SLUG

ABSENT = "nobody@example.org"


def address_of_somebody(study) -> str:
    with study.database.reading() as connection:
        return str(connection.scalar(select(identity.c.email).limit(1)))


def asked_for(study) -> list[str]:
    with study.database.reading() as connection:
        return list(connection.scalars(select(link_request.c.email)))


def ask(client, email, language="en"):
    return client.post(f"/link?language={language}", data={"email": email})


def test_every_address_gets_the_same_answer(study, browser):
    client = browser()
    answers = [ask(client, email) for email in (address_of_somebody(study), ABSENT)]
    assert [(a.status_code, a.headers["location"], a.content) for a in answers] == [
        (303, "/link?noted=yes&language=en", b"")
    ] * 2
    page = client.get(answers[0].headers["location"]).text
    assert "If a study has invited you at this address" in page
    assert sorted(asked_for(study)) == sorted([address_of_somebody(study), ABSENT])


def test_too_many_requests_get_the_same_answer_too_and_keep_what_was_typed(study, browser):
    for email in (address_of_somebody(study), ABSENT):
        client = browser()
        for _ in range(REQUESTS_ALLOWED):
            assert ask(client, email).status_code == 303
        answer = ask(client, email)
        assert answer.status_code == 429
        assert "Wait 60 minutes" in answer.text
        assert f'value="{email}"' in answer.text


def test_what_is_no_address_comes_back_with_what_to_do(study, browser):
    answer = ask(browser(), "<me at home>")
    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    assert 'value="&lt;me at home&gt;"' in answer.text
    assert 'href="#field-email"' in answer.text
    assert "does not look like an e-mail address" in answer.text
    assert asked_for(study) == []


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Have your personal link sent again"),
        ("fr", "Recevoir votre lien personnel à nouveau"),
        ("nl", "Uw persoonlijke link opnieuw laten sturen"),
        ("de", "Ihren persönlichen Link noch einmal senden lassen"),
    ],
)
def test_the_page_speaks_the_four_languages(browser, study, language, title):
    page = browser().get(f"/link?language={language}").text
    assert f'<html lang="{language}"' in page
    assert f"<h1>{title}</h1>" in page
    assert ask(browser(), ABSENT, language).headers["location"] == f"/link?noted=yes&language={language}"


def test_an_address_is_never_typed_from_memory_alone(browser, study):
    field = re.search(r"<input[^>]+name=\"email\"[^>]*>", browser().get("/link").text)
    assert field is not None
    assert 'type="email"' in field[0]
    assert 'autocomplete="email"' in field[0]
    assert "onpaste" not in field[0]


def test_pages_that_ask_to_open_the_link_again_lead_to_it(study, browser):
    client = browser()
    for page in ("/p/nonsense", f"/s/{SLUG}/study", "/", "/goodbye"):
        assert 'href="/link?language=en"' in client.get(page).text, page


def test_an_installation_with_an_illustration_says_that_it_writes_to_nobody(study, browser):
    assert "Illustrations write to nobody" in browser().get("/link").text
    with study.database.writing() as connection:
        connection.exec_driver_sql("UPDATE study SET synthetic = (1 = 0)")
    assert "Illustrations write to nobody" not in browser().get("/link").text


def test_another_site_cannot_ask(study, browser):
    answer = browser().post("/link", data={"email": ABSENT}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert asked_for(study) == []
