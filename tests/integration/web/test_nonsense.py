"""Whatever is sent to whichever address, nothing answers with an error of ours.

Every form is sent without each of its fields, with one of them twice, and with nonsense in one or in all;
every address is asked with nonsense in its path, and in whatever its links and search forms ask. Nonsense is
dealt out in turn, so that each kind meets many fields.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from itertools import cycle, islice
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from starlette.testclient import TestClient

from app.web.panelist.visit import COOKIE
from app.web.shared.csrf import TOKEN_HEADER, csrf_token
from tests.forms import forms_of
from tests.integration.web.researcher.house import STATES, House, house_of
from tests.integration.web.researcher.route_cases import CASES
from tests.integration.web.researcher.test_both_databases import is_sent_in
from tests.integration.web.researcher.test_permissions import WALKED
from tests.panel_study import SECRET, SLUG, PlayedStudy

NONSENSE = (
    b"",
    b" ",
    b"a\0b",
    b"\xff\xfe",  # no UTF-8
    b"\xed\xa0\x80",  # half a pair of UTF-16
    b"x" * 30_000,
    b"9" * 30,
    b"-1",
    b"nan",
    b"1e999",
    "²٣".encode(),  # digits that int() reads, and one that it does not
    "'\"<>{{7*7}}${x}%s%(a)s\\[[1]].x[1]é\N{RIGHT-TO-LEFT OVERRIDE}".encode(),
    b"2026-02-31T25:61",
    b"0001-01-01T00:00",
    b"9999-12-31T23:59",
    b"a\r\nb: c\r\n\r\nd",
)
IN_PATHS = ("nothing-such", "%00", "%ff", "9" * 30, "-1", "..%2f..", "x" * 5_000, "%C2%B2")
N_IN_ONE_FIELD, N_IN_ALL, N_IN_QUERY, N_IN_PATH = 1, 4, 1, 2
AS_A_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
AS_JSON = {"Content-Type": "application/json"}
NO_ANSWERS = (
    b"",
    b"{",
    b"null",
    b"[]",
    b"[" * 5_000,
    b'{"round": 1e999, "answers": 1}',
    b'{"\\ud800": "\\ud800"}',
    b"\xff",
    b'{"round": "1", "answers": [{"statement": {}, "criterion": [], "point": 1e400, "version": -1}]}',
)
Sent = list[tuple[str, str | bytes]]


class Nonsense:
    """Sends it, and keeps in mind what met an error of ours."""

    def __init__(self, client: TestClient) -> None:
        self._client, self._cookies = client, dict(client.cookies)
        self._values = cycle(NONSENSE)
        self.errors: list[str] = []

    def send(
        self, method: str, address: str, body: bytes = b"", headers: Mapping[str, str] = AS_A_FORM
    ) -> int:
        """The status of the answer; 500 where the application gave none."""
        self._client.cookies.clear()
        self._client.cookies.update(self._cookies)
        try:
            status = self._client.request(method, address, content=body, headers=headers).status_code
        except Exception as error:  # noqa: BLE001 - the test client lets errors of the application through
            status = 500
            body = repr(error).encode() + b": " + body
        if status >= 500 and status != 503:
            self.errors.append(f"{method} {address[:200]} {body[:300]!r}: {status}")
        return status

    def in_form(self, fields: Iterable[tuple[str, str]]) -> Iterator[Sent]:
        """The same form, spoilt in many ways."""
        sound: Sent = list(fields)
        for name in dict(sound):
            yield [pair for pair in sound if pair[0] != name]
            yield [*sound, *(pair for pair in sound if pair[0] == name)]
            for value in self._some(N_IN_ONE_FIELD):
                yield [(one, value if one == name else held) for one, held in sound]
        for value in self._some(N_IN_ALL):
            yield [(name, value) for name, _ in sound]

    def in_query(self, path: str, names: Iterable[str]) -> None:
        """Ask with nonsense in each thing that can be asked for."""
        for name in sorted(names):
            for value in self._some(N_IN_QUERY):
                self.send("GET", f"{path}?{urlencode({name: value})}")

    def _some(self, n: int) -> list[bytes]:
        return [next(self._values) for _ in range(n)]


def one_by_one(fields: Mapping[str, str | list[str]]) -> list[tuple[str, str]]:
    """The fields of a form as they are sent."""
    return [
        (name, value)
        for name, held in fields.items()
        for value in ([held] if isinstance(held, str) else held)
    ]


def asked_on(page: str, address: str) -> Iterator[tuple[str, str]]:
    """The addresses that a page leads to, each with a name that is asked for there."""
    for link in [address, *re.findall(r'href="(/[^"]*)"', page)]:
        parts = urlsplit(unescape(link))
        yield parts.path, ""
        yield from ((parts.path, name) for name, _ in parse_qsl(parts.query, keep_blank_values=True))
    for form in forms_of(page):
        if form.method == "get":
            yield from ((form.action or urlsplit(address).path, name) for name in form.fields)


def pages_from(client: TestClient, *addresses: str) -> dict[str, str]:
    """Every page outside the researchers' rooms that links lead to."""
    found, ahead = dict[str, str](), list(addresses)
    while ahead:
        address = ahead.pop()
        if address in found:
            continue
        answer = client.get(address)
        found[address] = answer.text if answer.headers.get("Content-Type", "").startswith("text/html") else ""
        leads_to = [answer.headers["Location"]] if answer.is_redirect else []
        leads_to += re.findall(r'href="(/[^"#]*)', found[address])
        ahead += [unescape(link) for link in leads_to if not link.startswith("/static")]
    return found


@pytest.fixture
def state(prepared):
    """How far the study is."""
    return next(name for name, one in STATES.items() if one is prepared)


@pytest.fixture
def house(app, clock, database_url):
    """The installation, in the state that the test names."""
    with house_of(app, clock, database_url).open() as house:
        yield house


@pytest.mark.parametrize("prepared", STATES.values(), ids=STATES)
def test_no_form_for_researchers_meets_an_error_of_ours(house: House, state: str) -> None:
    owner = house.desks["owner"]
    nonsense = Nonsense(owner.client)
    for method, path in WALKED:
        case = CASES[method, path]
        if method == "GET" or case.file or not is_sent_in(case, state):
            continue
        address = next(house.addresses(path, case, owner))
        house.answer(method, address, case, owner)
        house.put_back()
        fields = one_by_one(house.fields(address, case, owner))
        for sent in nonsense.in_form([*fields, ("nobody_knows", "1")]):
            body = urlencode([*sent, ("csrf_token", owner.token)]).encode()
            if nonsense.send(method, address, body) == 303:
                house.put_back()
    assert nonsense.errors == []


@pytest.mark.parametrize("prepared", [STATES["fed_back"]], ids=["fed_back"])
def test_no_address_for_researchers_meets_an_error_of_ours(house: House) -> None:
    owner = house.desks["owner"]
    nonsense, asked, in_paths = Nonsense(owner.client), defaultdict[str, set[str]](set), cycle(IN_PATHS)
    for method, path in WALKED:
        case = CASES[method, path]
        address = next(house.addresses(path, case, owner))
        if method == "GET":
            for leads_to, name in asked_on(owner.client.get(address).text, address):
                asked[leads_to] |= {name} - {""}
        body = urlencode({"csrf_token": owner.token}).encode()
        parts, known = path.split("/"), urlsplit(address).path.split("/")
        for place, part in enumerate(parts):
            for value in islice(in_paths, N_IN_PATH) if "{" in part else ():
                nonsense.send(method, "/".join([*known[:place], value, *known[place + 1 :]]), body)
    for path, names in sorted(asked.items()):
        nonsense.in_query(path, names)
    assert nonsense.errors == []


@pytest.mark.parametrize("prepared", [STATES["open"], STATES["fed_back"]], ids=["open", "fed_back"])
def test_nothing_for_panelists_and_for_everybody_meets_an_error_of_ours(app, clock, database_url, browser):
    panelist, links = browser(), PlayedStudy.standing(app.state.database, clock).links
    assert panelist.post(f"/p/{links[0].token}", data={"shared_device": ""}).status_code == 303
    nonsense, session = Nonsense(panelist), panelist.cookies[COOKIE]
    with house_of(app, clock, database_url).open() as house:
        panelist.portal = house.stranger.client.portal
        pages = pages_from(panelist, "/", "/research/sign-in", f"/p/{links[1].token}", f"/s/{SLUG}")
        for address, page in pages.items():
            for path, name in asked_on(page, address):
                nonsense.in_query(path, {name} - {""})
            for form in forms_of(page):
                for sent in nonsense.in_form(one_by_one(form.fields)) if form.method == "post" else ():
                    if nonsense.send("POST", form.action or address, urlencode(sent).encode()) == 303:
                        house.put_back()
        by_script = AS_JSON | {TOKEN_HEADER: csrf_token(SECRET, session)}
        for body in NO_ANSWERS:
            assert nonsense.send("POST", f"/s/{SLUG}/autosave?round=1", body, by_script) in {400, 409, 422}
    assert nonsense.errors == []
