"""Signing in through a provider that vouches for people: a real one, in a process of its own."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select
from starlette.testclient import TestClient

from app.clock import FixedClock
from app.domain.account import Role
from app.domain.second_factor import new_salt
from app.main import create_app
from app.services.accounts import add_researcher
from app.services.joining import join_study
from app.settings import Settings
from app.storage import second_factors
from app.storage.tables.account import provider_account, researcher
from tests.integration.web.conftest import OWN_PAGE
from tests.integration.web.researcher.conftest import PASSWORD, words
from tests.openid_provider import CLIENT_ID, CLIENT_SECRET, provider_process
from tests.panel_study import SECRET, SLUG, PlayedStudy

SIGN_IN = "/research/sign-in"
PROVIDER = f"{SIGN_IN}/provider"
ANN = "ann@example.org"


@pytest.fixture(scope="module")
def issuer():
    """Where the provider is."""
    with provider_process() as issuer:
        yield issuer


@pytest.fixture
def make_house(sqlite_url):
    """The application, with a provider, and Ann who has an account and a study."""
    made = []

    def make_house(**settings):
        clock = FixedClock(datetime.now(UTC))
        known: dict[str, Any] = {"oidc_client_id": CLIENT_ID, "oidc_client_secret": SecretStr(CLIENT_SECRET)}
        app = create_app(
            Settings(
                database_url=sqlite_url,
                secret=SECRET,
                base_url="https://delphi.example.org",
                **(known | settings),
            ),
            clock,
        )
        made.append(app)
        PlayedStudy.begin(app.state.database, clock)
        ann = add_researcher(app.state.database, clock, email=ANN, name="Ann", password=PASSWORD)
        join_study(app.state.database, clock, SLUG, ann.id, Role.OWNER, "system")
        return app

    yield make_house
    for app in made:
        app.state.database.close()


@pytest.fixture
def house(make_house, issuer):
    return make_house(oidc_issuer=issuer)


@pytest.fixture
def client(house):
    return visitor(house)


def visitor(house):
    """A new browser, on the encrypted address that people use."""
    return TestClient(house, base_url="https://delphi.example.org", headers=OWN_PAGE, follow_redirects=False)


class Stay(HTTPRedirectHandler):
    """A browser that looks where it is sent before it goes there."""

    def redirect_request(self, *_):
        return None

    def http_error_302(self, req, fp, code, msg, headers):
        return fp


def at_provider(address, **person):
    """Say at the provider who one is, and give the address to which it sends the browser back."""
    with build_opener(Stay()).open(f"{address}&{urlencode(person)}") as answer:
        return str(answer.headers["Location"])


def go(client, wanted="/research/garden-study"):
    return client.get(PROVIDER, params={"next": wanted})


def sign_in(client, **person):
    """The whole way: to the provider, and back."""
    back = at_provider(go(client).headers["location"], **person)
    return client.get(urlsplit(back).path + "?" + urlsplit(back).query)


def count(house, table):
    with house.state.database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(table))


def test_who_has_an_account_at_a_verified_address_is_let_in_to_the_page_asked_for(client, house):
    assert "Sign in with the account of your organisation" in words(client.get(SIGN_IN))
    answer = sign_in(client, email="Ann@Example.org")
    assert (answer.status_code, answer.headers["location"]) == (303, "/research/garden-study")
    assert client.get("/research/garden-study").status_code == 200
    assert "castalia_provider" not in client.cookies
    assert count(house, provider_account) == 1


def test_afterwards_the_account_is_known_by_its_subject_whatever_the_address(client, house):
    sign_in(client, email=ANN, sub="7")
    again = visitor(house)
    assert sign_in(again, email="married@example.org", sub="7").status_code == 303
    assert again.get("/research").status_code == 200
    assert count(house, provider_account) == 1


@pytest.mark.parametrize(
    "person",
    [
        {"email": "nobody@example.org"},
        {"email": ANN, "verified": "no"},
        {"email": ""},
    ],
)
def test_whom_nobody_knows_here_is_told_to_ask_for_an_invitation_and_no_account_is_made(
    client, house, person
):
    answer = sign_in(client, **person)
    assert answer.status_code == 403
    assert "Ask the owner of a study to invite you." in words(answer)
    assert client.get("/research").status_code == 303
    assert (count(house, researcher), count(house, provider_account)) == (1, 0)


@pytest.mark.parametrize(
    "twist",
    ["issuer", "audience", "expired", "nonce", "signature", "shared key", "unsigned", "declined", "nobody"],
)
def test_what_does_not_hold_opens_nothing(client, house, twist):
    answer = sign_in(client, email=ANN, twist=twist)
    assert (answer.status_code, "did not come to its end" in words(answer)) == (403, True)
    assert client.get("/research").status_code == 303
    assert count(house, provider_account) == 0


def says_when_to_come_back(answer):
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    assert "or sign in with your password" in words(answer)


def test_a_provider_that_fails_is_a_503_that_says_when_to_come_back(client):
    says_when_to_come_back(sign_in(client, email=ANN, twist="broken"))


def test_a_provider_that_is_away_is_a_503_that_says_when_to_come_back(make_house):
    says_when_to_come_back(go(visitor(make_house(oidc_issuer="http://127.0.0.1:9"))))


def test_a_provider_that_speaks_for_another_is_not_believed(make_house, issuer):
    assert go(visitor(make_house(oidc_issuer=f"{issuer}/other"))).status_code == 503


def test_an_answer_is_good_once_and_in_the_browser_that_asked(client, house):
    thief = visitor(house)
    back = at_provider(go(client).headers["location"], email=ANN)
    address = urlsplit(back).path + "?" + urlsplit(back).query
    assert thief.get(address).status_code == 403
    go(thief)
    assert thief.get(address).status_code == 403
    cookie = client.cookies["castalia_provider"]
    assert client.get(address).status_code == 303
    thief.cookies.set("castalia_provider", cookie, domain="delphi.example.org", path=SIGN_IN)
    assert thief.get(address).status_code == 403


@pytest.mark.parametrize("query", ["", "?code=x", "?state=x&code=x", "?state=%00&code=%00", "?state=é&code="])
def test_an_address_that_is_made_up_is_told_to_begin_again(client, query):
    go(client)
    answer = client.get(f"{PROVIDER}/back{query}")
    assert (answer.status_code, "Begin it again." in words(answer)) == (403, True)


def test_what_ties_the_answer_to_the_question_stands_in_no_cookie(client):
    asked = parse_qs(urlsplit(go(client).headers["location"]).query)
    cookie = client.cookies["castalia_provider"]
    assert asked["scope"] == ["openid email"]
    assert asked["code_challenge_method"] == ["S256"]
    assert not [name for name in ("state", "nonce", "code_challenge") if asked[name][0] in cookie]
    assert len({asked["state"][0], asked["nonce"][0]}) == 2


@pytest.mark.parametrize("elsewhere", ["https://example.org", "//example.org", "/research/\\x", SIGN_IN])
def test_coming_back_never_leads_elsewhere(client, elsewhere):
    back = at_provider(go(client, elsewhere).headers["location"], email=ANN)
    assert client.get(urlsplit(back).path + "?" + urlsplit(back).query).headers["location"] == "/research"


def test_a_second_factor_is_asked_for_all_the_same(client, house):
    database = house.state.database
    with database.writing() as connection:
        second_factors.insert_second_factor(connection, 1, new_salt(), step=0, at=house.state.clock.now())
    assert sign_in(client, email=ANN).headers["location"].startswith(f"{SIGN_IN}/code")
    assert client.get("/research").status_code == 303


def test_a_disabled_account_stays_closed(client, house):
    sign_in(client, email=ANN)
    with house.state.database.writing() as connection:
        connection.execute(researcher.update().values(disabled_at=house.state.clock.now()))
    assert sign_in(visitor(house), email=ANN).status_code == 403


def test_without_a_provider_there_is_no_such_page(make_house):
    client = visitor(make_house())
    assert "account of your organisation" not in client.get(SIGN_IN).text
    assert [client.get(address).status_code for address in (PROVIDER, f"{PROVIDER}/back")] == [404, 404]
