"""Names and addresses of the panel appear nowhere for those who may not know them.

The panel is one of canaries. Whatever the server says is searched for them, however it is written: pages,
files and what is packed in them, names of files, headers, refusals, and the lines of its journal.
"""

import base64
import io
import json
import logging
import zipfile
from html import escape
from urllib.parse import quote

import pytest
from pypdf import PdfReader
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from app.domain.account import Permission, may
from app.domain.link import invitation_token
from app.web.shared.permissions import ROUTES, Audience
from tests.integration.web.conftest import OWN_PAGE
from tests.integration.web.researcher.house import PARTS, STATES, WITH_CANARIES, house_of
from tests.integration.web.researcher.route_cases import CASES
from tests.panel_study import SECRET, SLUG

CANARIES = [text for person in WITH_CANARIES.panel for text in (person.name, person.email)]
WITHOUT_NAMES = [name for name, part in PARTS.items() if not may(part, Permission.READ_IDENTITIES)]
WITH_NAMES = [name for name in PARTS if name not in WITHOUT_NAMES]
MARKS = ("Kanarienvogel", "canary", "cage.example", "d’Été", "“Söhne”")
"""What all canaries have in common, and nothing else has."""
WRONG_TURNS = (
    "/nothing",
    "/rounds/999",
    "/results/1/S99",
    "/panel?group=nobody&page=99",
    "/panel/people?page=99",
    "/panel/people/nobody",
    "/log?before=3",
)
"""Addresses that lead nowhere, or to a part of a page."""


def writings(text: str) -> set[bytes]:
    """Every way in which a text may be written in an answer."""
    plain = {
        text,
        escape(text),
        escape(text).replace("&#x27;", "&#39;"),
        text.encode("ascii", "xmlcharrefreplace").decode(),
        json.dumps(text).strip('"'),
        quote(text),
        quote(text, safe=""),
        quote(text).replace("%20", "+"),
        text.encode().hex(),
    }
    folded = {one.casefold().encode() for one in plain}
    return folded | {text.casefold().encode(code, "ignore") for code in ("utf-16-le", "utf-16-be", "cp1252")}


def in_base64(text: str) -> set[bytes]:
    """The text as it stands in the middle of something written in base64, at each of three places."""
    found = set()
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + text.encode() + b"\0" * 3)
        first, last = -(-before * 4 // 3), (before + len(text.encode())) * 8 // 6
        found.add(whole[first + 1 : last - 1])
    return found


SOUGHT = {mark: writings(mark) for mark in MARKS}
SOUGHT_IN_BASE64 = {mark: in_base64(mark) for mark in MARKS}


def canaries_in(said: bytes) -> list[str]:
    """Which marks of canaries stand in what was said, in whatever writing."""
    folded = said.decode("utf-8", "surrogateescape").casefold().encode("utf-8", "surrogateescape")
    return [
        mark
        for mark in MARKS
        if any(one in folded for one in SOUGHT[mark]) or any(one in said for one in SOUGHT_IN_BASE64[mark])
    ]


def readable(content: bytes) -> bytes:
    """Everything that can be read in a file: itself, the files packed in it, the pages of a PDF."""
    parts = [content]
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts += [one.filename.encode() + one.comment for one in archive.infolist()]
            parts += [readable(archive.read(one)) for one in archive.infolist()]
    if content.startswith(b"%PDF"):
        document = PdfReader(io.BytesIO(content))
        text = "".join(page.extract_text() for page in document.pages)
        parts.append(f"{text}{document.metadata}{document.xmp_metadata}".encode())
    return b"\n".join(parts)


def whole(answer) -> bytes:
    """An answer with its status line and headers, the names of files and addresses in them included."""
    return readable(answer.content) + repr(answer.headers.multi_items()).encode()


def everything_said(house, desk, caplog) -> bytes:
    """All that the addresses of the study, and what goes wrong at them, say to somebody, and the journal."""
    said = []
    caplog.set_level(logging.DEBUG)
    caplog.clear()
    with capture_logs() as lines:
        for method, path in [route for route in CASES if route in ROUTES]:
            case = CASES[method, path]
            for address in house.addresses(path, case, desk):
                said.append(whole(house.answer(method, address, case, desk)))
                if method == "POST" or case.after:
                    house.put_back()
        said += [whole(desk.client.get(f"/research/{SLUG}{page}")) for page in WRONG_TURNS]
    assert len(lines) >= len(said)
    return b"\n".join(said) + repr(lines).encode() + _of_the_server(caplog).encode()


def _of_the_server(caplog) -> str:
    """What any library has logged, but for the client that stands for a browser."""
    return "".join(one.getMessage() for one in caplog.records if not one.name.startswith("http"))


@pytest.fixture
def house(app, clock, database_url):
    """The installation, in the state that the test names."""
    with house_of(app, clock, database_url).open() as house:
        yield house


WRITTEN = {
    "as it is": str,
    "in capitals": str.upper,
    "in HTML": escape,
    "in HTML without accents": lambda text: text.encode("ascii", "xmlcharrefreplace").decode(),
    "in an address": quote,
    "in a form": lambda text: quote(text).replace("%20", "+"),
    "in JSON": json.dumps,
    "in base64": lambda text: base64.b64encode(text.encode()).decode(),
    "in base64, one place on": lambda text: base64.b64encode(b"x" + text.encode()).decode(),
    "in base64, two places on": lambda text: base64.b64encode(b"xx" + text.encode()).decode(),
    "in hexadecimal": lambda text: text.encode().hex(),
    "in UTF-16": lambda text: text.encode("utf-16-le"),
    "in cp1252": lambda text: text.encode("cp1252"),
}


@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN)
@pytest.mark.parametrize("canary", CANARIES[:2], ids=["name", "address"])
def test_a_canary_is_found_however_it_is_written(written, canary):
    said = written(canary)
    said = said if isinstance(said, bytes) else said.encode()
    assert canaries_in(b"<p>" + said + b"</p>") != []


def test_a_canary_is_found_in_what_is_packed_and_nothing_is_found_where_there_is_none():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", f"<si><t>{CANARIES[1]}</t></si>")
    assert canaries_in(packed.getvalue()) == []
    assert canaries_in(readable(packed.getvalue())) == ["canary", "cage.example"]
    assert canaries_in(b"<p>Whoever keeps a bird keeps it in a cage, for example.</p>") == []


@pytest.mark.parametrize("prepared", [STATES["open"], STATES["concluded"]], ids=["open", "concluded"])
def test_names_and_addresses_of_the_panel_appear_nowhere_for_those_who_may_not_know(house, caplog):
    for name in WITHOUT_NAMES:
        assert canaries_in(everything_said(house, house.desks[name], caplog)) == [], name


@pytest.mark.parametrize("prepared", [STATES["closed"]], ids=["closed"])
def test_the_same_walk_finds_every_name_where_it_may_be_seen(house, caplog):
    for name in WITH_NAMES:
        said = everything_said(house, house.desks[name], caplog).decode("utf-8", "replace")
        missing = [canary for canary in CANARIES if canary not in said and escape(canary) not in said]
        assert missing == [], name


@pytest.mark.parametrize("prepared", [STATES["concluded"]], ids=["concluded"])
def test_a_panelist_meets_nobody_elses_name(house, browser, caplog):
    link, *_ = house.study.links
    others = [text for person in WITH_CANARIES.panel[1:] for text in (person.name[:16], person.email)]
    others += [one.pseudonym for one in house.study.links if one is not link]
    client = browser()
    assert client.post(f"/p/{link.token}", data={"step": ""}).status_code == 303
    said, kinds = [], set()
    with capture_logs() as lines:
        for (method, path), access in ROUTES.items():
            if access.audience is Audience.PANELIST and method == "GET":
                code = "S02" if "/statements/" in path else "value"
                answer = client.get(path.format(slug=SLUG, code=code))
                kinds.add(answer.headers.get("Content-Type", "").partition(";")[0])
                said.append(whole(answer))
    assert {"text/html", "text/csv", "application/pdf"} <= kinds
    found = b"\n".join(said).lower() + repr(lines).casefold().encode()
    assert [text for text in others if any(one in found for one in writings(text))] == []
    assert house.study.link().pseudonym.encode() not in b"\n".join(said)


@pytest.mark.parametrize("prepared", [STATES["closed"]], ids=["closed"])
def test_an_invitation_is_no_way_to_the_names(house):
    address = f"/research/join/{invitation_token(SECRET.encode(), 1, 1)}"
    page = TestClient(house.app, headers=OWN_PAGE).get(address)
    assert page.status_code == 200
    assert canaries_in(whole(page)) == []


@pytest.mark.parametrize("prepared", [STATES["closed"]], ids=["closed"])
def test_those_who_see_the_mail_list_never_see_it_beside_a_pseudonym(house):
    pseudonyms = {link.pseudonym for link in house.study.links}
    names = {escape(person.name) for person in WITH_CANARIES.panel}
    for name in WITH_NAMES:
        people, panel = (
            house.desks[name].client.get(f"/research/{SLUG}{page}").text
            for page in ("/panel/people", "/panel")
        )
        assert all(f">{name}<" in people for name in names)
        assert not any(pseudonym in people for pseudonym in pseudonyms)
        assert all(f">{pseudonym}<" in panel for pseudonym in pseudonyms)
        assert not any(name in panel for name in names)
