"""The account's own pages: name, password, second factor, sessions; and a password forgotten."""

import re
from datetime import timedelta

import pyotp
import pytest

from app.domain.account import Role
from app.mail.delivery import Postman, read_server
from app.services.letters import Sender
from app.services.mailing import Outcome, deliver_all
from app.services.second_factor import CODES_ALLOWED
from app.web.researcher.devices import device_of
from tests.integration.web.researcher.conftest import PASSWORD, words
from tests.mail_server import mail_server
from tests.panel_study import SECRET

SIGN_IN, ACCOUNT, RECOVER = "/research/sign-in", "/research/account", "/research/recover"
SECOND_FACTOR = f"{ACCOUNT}/second-factor"
STEP = timedelta(seconds=30)
ANOTHER = "another long password"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def enter(owner, browser):
    """Type address and password in a new browser."""

    def enter(password=PASSWORD, agent=FIREFOX):
        client = browser()
        fields = {"email": "owner@example.org", "password": password, "next": "/research/garden-study"}
        return client, client.post(SIGN_IN, data=fields, headers={"User-Agent": agent})

    return enter


def post(owner, address, **fields):
    return owner.client.post(address, data={"csrf_token": owner.token, **fields})


def set_up(owner, clock, code=None):
    """Do as the page says: type the secret into a device, and the code that it shows into the page."""
    page = owner.client.get(SECOND_FACTOR).text
    secret = re.search(r'class="shared-secret">([A-Z2-7 ]+)<', page)
    salt = re.search(r'name="salt" value="(\w+)"', page)
    assert secret
    assert salt
    device = pyotp.TOTP(secret[1].replace(" ", ""))
    answer = post(owner, SECOND_FACTOR, salt=salt[1], code=code or device.at(clock.now()))
    return device, answer


def test_name_and_language_are_kept(owner):
    page = owner.client.get(ACCOUNT)
    assert 'value="Owner of the study"' in page.text
    answer = post(owner, ACCOUNT, name=" Olga <O'Neill> ", locale="nl")
    assert answer.headers["location"] == f"{ACCOUNT}?done=saved"
    page = owner.client.get(answer.headers["location"])
    assert "Olga &lt;O&#39;Neill&gt;" in page.text
    assert '<html lang="nl"' in page.text
    refused = post(owner, ACCOUNT, name="x" * 201, locale="nl")
    assert (refused.status_code, 'href="#field-name"' in refused.text) == (422, True)
    assert post(owner, ACCOUNT, name=" ").status_code == 422


def test_every_page_of_the_team_leads_to_the_account(owner):
    assert f'<a href="{ACCOUNT}">Owner of the study</a>' in owner.get().text


def test_another_password_is_set_against_the_current_one(owner, enter):
    wrong = post(owner, f"{ACCOUNT}/password", current="not the password", password=ANOTHER)
    assert (wrong.status_code, "This is not your password." in words(wrong)) == (422, True)
    short = post(owner, f"{ACCOUNT}/password", current=PASSWORD, password="short")
    assert (short.status_code, 'href="#field-password"' in short.text) == (422, True)
    assert ANOTHER not in wrong.text
    elsewhere, _ = enter()
    answer = post(owner, f"{ACCOUNT}/password", current=PASSWORD, password=ANOTHER)
    assert answer.headers["location"].endswith("done=password")
    assert elsewhere.get("/research").status_code == 303
    assert owner.client.get("/research").status_code == 200
    assert enter()[1].status_code == 401
    assert enter(ANOTHER)[1].status_code == 303


def test_sessions_are_listed_and_ended_one_by_one_or_all_others(owner, enter):
    browsers = [enter()[0] for _ in range(3)]
    page = owner.client.get(ACCOUNT)
    assert page.text.count("Firefox, Linux</th>") == 3
    assert "this session" in page.text
    references = re.findall(r'name="session" value="([0-9a-f]{64})"', page.text)
    assert len(references) == 3
    assert post(owner, f"{ACCOUNT}/sessions", session=references[0]).headers["location"].endswith("ended")
    assert sorted(client.get("/research").status_code for client in browsers) == [200, 200, 303]
    post(owner, f"{ACCOUNT}/sessions", session="others")
    assert [client.get("/research").status_code for client in browsers] == [303, 303, 303]
    assert owner.client.get("/research").status_code == 200


def test_with_a_second_factor_one_signs_in_in_two_steps(owner, enter, clock):
    device, answer = set_up(owner, clock)
    codes = re.findall(r"<li><code>([0-9A-Z-]{14})</code></li>", answer.text)
    assert len(codes) == 10
    assert "10 recovery codes are left." in words(owner.client.get(ACCOUNT))
    assert not [code for code in codes if code in owner.client.get(ACCOUNT).text]
    clock.advance(STEP)
    client, first = enter()
    assert first.headers["location"].startswith(f"{SIGN_IN}/code?next=%2Fresearch%2Fgarden-study")
    assert client.get("/research").status_code == 303
    assert "castalia_researcher" not in client.cookies
    form = client.get(first.headers["location"])
    assert 'name="next" value="/research/garden-study"' in form.text
    wrong = client.post(f"{SIGN_IN}/code", data={"code": "000000", "next": "/research/garden-study"})
    assert (wrong.status_code, 'href="#field-code"' in wrong.text) == (422, True)
    code = device.at(clock.now())
    second = client.post(f"{SIGN_IN}/code", data={"code": code, "next": "/research/garden-study"})
    assert second.headers["location"] == "/research/garden-study"
    assert client.get("/research/garden-study").status_code == 200
    client, _ = enter()
    assert client.post(f"{SIGN_IN}/code", data={"code": code}).status_code == 422
    assert client.post(f"{SIGN_IN}/code", data={"code": codes[3].lower()}).status_code == 303


def test_after_many_codes_one_is_asked_to_wait(owner, enter, clock):
    set_up(owner, clock)
    client, _ = enter()
    answers = [client.post(f"{SIGN_IN}/code", data={"code": "1"}) for _ in range(CODES_ALLOWED + 1)]
    assert [answer.status_code for answer in answers] == [422] * CODES_ALLOWED + [429]
    assert "too many attempts" in answers[-1].text


def test_without_a_password_typed_before_there_is_no_code_to_type(owner, browser):
    for answer in (browser().get(f"{SIGN_IN}/code"), browser().post(f"{SIGN_IN}/code", data={"code": "1"})):
        assert answer.headers["location"].startswith(SIGN_IN)


def test_the_secret_stands_on_the_page_drawn_and_in_letters(owner):
    page = owner.client.get(SECOND_FACTOR).text
    assert "<svg" in page
    assert 'stroke="#000"' in page
    assert len(re.findall(r'class="shared-secret">((?:[A-Z2-7]{4} ?){8})<', page)) == 1
    assert "style=" not in page


def test_a_wrong_code_shows_the_same_secret_again(owner, clock):
    before = owner.client.get(SECOND_FACTOR).text
    salt = re.search(r'name="salt" value="(\w+)"', before)
    assert salt
    refused = post(owner, SECOND_FACTOR, salt=salt[1], code="000000")
    assert (refused.status_code, 'href="#field-code"' in refused.text) == (422, True)
    secret = re.compile(r'class="shared-secret">([^<]+)<')
    assert secret.findall(refused.text) == secret.findall(before)


@pytest.mark.parametrize("salt", ["", "x", "é" * 32, "../" * 20, "a" * 5000])
def test_a_form_without_its_salt_begins_anew(owner, salt):
    answer = post(owner, SECOND_FACTOR, salt=salt, code="000000")
    assert (answer.status_code, 'name="salt"' in answer.text) == (200, True)


def test_the_second_factor_is_renewed_and_switched_off_against_the_password(owner, enter, clock):
    assert post(owner, f"{SECOND_FACTOR}/codes", password=PASSWORD).headers["location"].endswith("done=off")
    set_up(owner, clock)
    for what in ("codes", "off"):
        refused = post(owner, f"{SECOND_FACTOR}/{what}", password="wrong")
        assert (refused.status_code, "This is not your password." in words(refused)) == (422, True)
    assert len(re.findall("<li><code>", post(owner, f"{SECOND_FACTOR}/codes", password=PASSWORD).text)) == 10
    assert post(owner, f"{SECOND_FACTOR}/off", password=PASSWORD).headers["location"].endswith("done=off")
    assert "castalia_researcher" in enter()[0].cookies


def letters(study, mail_room):
    """Let a worker write, and give what came."""
    sender = Sender("castalia@example.org", "https://delphi.example.org", SECRET.encode())
    postman = Postman(read_server(mail_room.url))
    done = deliver_all(study.database, study.clock, sender, postman, lambda: False)
    return [delivery.outcome for delivery in done], mail_room.messages


def test_a_forgotten_password_is_set_anew_by_the_mail_in_the_accounts_language(
    study, sign_in, browser, clock
):
    editor = sign_in(Role.EDITOR, language="fr")
    set_up(editor, clock)
    client = browser()
    answers = [client.post(RECOVER, data={"email": who}) for who in ("editor@example.org", "no@example.org")]
    assert [answer.headers["location"] for answer in answers] == [f"{RECOVER}?noted=yes&language=en"] * 2
    assert "If there is an account at this address" in words(client.get(f"{RECOVER}?noted=yes"))
    with mail_server() as room:
        outcomes, messages = letters(study, room)
        assert sorted(outcomes) == [Outcome.NOT_NEEDED, Outcome.SENT]
        assert letters(study, room)[0] == []
    (message,) = messages
    assert message["To"] == "Editor of the study <editor@example.org>"
    assert message["Content-Language"] == "fr"
    text = message.get_body(("plain",)).get_content()
    link = re.search(r"https://delphi\.example\.org(/research/recover/\S+)", text)
    assert link
    page = client.get(link[1])
    assert "For the account editor@example.org." in words(page)
    assert link[1].rpartition("/")[2] not in page.text
    short = client.post(link[1], data={"password": "short"})
    assert (short.status_code, 'href="#field-password"' in short.text) == (422, True)
    done = client.post(link[1], data={"password": ANOTHER})
    assert done.headers["location"] == f"{SIGN_IN}?done=password&language=en"
    assert "Your new password is set." in words(client.get(done.headers["location"]))
    assert editor.client.get("/research").status_code == 303
    again = client.post(SIGN_IN, data={"email": "editor@example.org", "password": ANOTHER})
    assert again.headers["location"].startswith(f"{SIGN_IN}/code")
    for answer in (client.get(link[1]), client.post(link[1], data={"password": ANOTHER})):
        assert answer.status_code == 404
        assert "This link cannot be used" in answer.text
        assert 'href="/research/recover?language=en"' in answer.text, "where one asks for a new one"


def test_a_recovery_that_cannot_be_sent_now_is_sent_later_once(study, owner, browser, clock):
    browser().post(RECOVER, data={"email": "owner@example.org"})
    with mail_server() as room:
        room.answers["owner@example.org"] = "451 come back later"
        assert letters(study, room)[0] == [Outcome.DEFERRED]
        assert letters(study, room)[0] == []
        room.answers.clear()
        clock.advance(timedelta(minutes=2))
        outcomes, messages = letters(study, room)
    assert (outcomes, len(messages)) == ([Outcome.SENT], 1)


@pytest.mark.parametrize("email", ["", "no address"])
def test_what_is_no_address_is_told_so_with_what_was_typed(browser, study, email):
    answer = browser().post(RECOVER, data={"email": email})
    assert (answer.status_code, f'value="{email}"' in answer.text) == (422, True)


def test_where_no_mail_is_sent_the_page_says_whom_to_ask(browser, study):
    page = words(browser().get(RECOVER))
    assert "No mail server is set up here" in page
    assert "Forgotten your password?" in words(browser().get(SIGN_IN))


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1", "Safari, iPhone"),
        ("curl/8", ""),
        ("", ""),
    ],
)
def test_a_browser_is_named_in_words(agent, words):
    assert device_of(agent) == words
