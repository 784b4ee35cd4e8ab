"""Pieces of pages are rendered once for many panelists, and stand on nobody's page whose own they are not."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from markupsafe import escape
from starlette.testclient import TestClient

from app.clock import FixedClock
from app.main import create_app
from app.services.amending import amend_protocol
from app.services.rounds import close_round, open_round, release_feedback
from app.settings import Settings
from app.storage.database import Database
from app.storage.kept import Kept
from app.web.panelist import statement_cards
from app.web.shared import templating
from app.web.shared.csrf import csrf_token
from app.web.shared.parts import GAP_EDGE
from tests.conftest import Run
from tests.page_of_ten import CRITERION, SECRET, SLUG, Page, codes_of, definition_with, play_to_round_2
from tests.prepared import BEGINNING

POLICIES = ("all", "own_group", "none")
NEW_EACH_TIME = re.compile(
    r'nonce="[^"]*"|name="csrf_token" value="[^"]*"|data-(csrf|autosave-secret)="[^"]*"'
)

Installation = tuple[TestClient, tuple[Page, ...]]


@pytest.fixture(scope="module")
def played(run: Run, tmp_path_factory: pytest.TempPathFactory) -> dict[Path, tuple[Page, ...]]:
    """The same study under every feedback policy, each in a file of its own, to be copied only."""
    found = {}
    directory = tmp_path_factory.mktemp("played")
    for policy in POLICIES:
        file = Path(shutil.copy(run.migrated_sqlite(), directory / f"{policy}.db"))
        database = Database(f"sqlite:///{file}")
        found[file] = play_to_round_2(database, FixedClock(BEGINNING), definition_with(policy=policy))
        database.close()
    return found


@pytest.fixture
def installations(
    played: dict[Path, tuple[Page, ...]], tmp_path: Path, clock: FixedClock
) -> Iterator[list[Installation]]:
    """The same study under every feedback policy, each in an installation of its own, all in one process."""
    found = []
    apps = []
    for file, pages in played.items():
        url = f"sqlite:///{shutil.copy(file, tmp_path)}"
        apps.append(create_app(Settings(database_url=url, secret=SECRET), clock))
        found.append((TestClient(apps[-1], follow_redirects=False), pages))
    yield found
    for app in apps:
        app.state.database.close()


def shown(client: TestClient, page: Page) -> str:
    """What a panelist reads, without what is new on each page."""
    response = client.get(
        f"/s/{SLUG}/topics/{page.topics[0]}", headers={"Cookie": f"castalia_panelist={page.session_token}"}
    )
    assert response.status_code == 200
    return NEW_EACH_TIME.sub("", response.text)


def save(client: TestClient, page: Page, answers: dict[str, str]) -> None:
    """Save some answers of the page as its form would."""
    cookie = {"Cookie": f"castalia_panelist={page.session_token}"}
    address = f"/s/{SLUG}/topics/{page.topics[0]}"
    fields = {"csrf_token": csrf_token(SECRET, page.session_token), "round": "2", "then": "here"}
    saved = client.post(address, data=fields | answers, headers=cookie | {"Sec-Fetch-Site": "same-origin"})
    assert saved.status_code == 303


def one_of_each_kind(pages: tuple[Page, ...]) -> list[Page]:
    """A panelist of every group and language."""
    return list({(page.group, page.language): page for page in pages}.values())


def test_a_page_read_after_all_others_is_the_page_read_alone(
    installations: list[Installation], monkeypatch: pytest.MonkeyPatch
) -> None:
    everybody = [(client, page) for client, pages in installations for page in one_of_each_kind(pages)]
    for client, page in everybody:
        shown(client, page)
    after_all_others = [shown(client, page) for client, page in everybody]
    alone = []
    for client, page in everybody:
        templating.environment.cache_clear()
        templating._pieces.cache_clear()
        monkeypatch.setattr(statement_cards, "_STANDING", Kept(1))
        alone.append(shown(client, page))
    assert after_all_others == alone
    assert len(set(alone)) == len(alone)


def test_each_installation_shows_what_its_own_policy_allows(installations: list[Installation]) -> None:
    for client, pages in installations:
        shown(client, pages[0])
    counts = [shown(client, pages[0]).count('class="group-name') for client, pages in installations]
    assert counts[0] > counts[1] > counts[2] == 0


def test_an_answer_is_on_the_next_page_however_often_it_was_changed(
    installations: list[Installation],
) -> None:
    client, pages = installations[0]
    page, code = pages[0], codes_of(pages[0].topics[0])[0]
    for version, point in enumerate((2, 5, 2, 5, 1)):
        save(client, page, {f"{code}.{CRITERION}": str(point), f"{code}.{CRITERION}.version": str(version)})
        read = shown(client, page)
        field = read[read.index(f'id="field-{code}-{CRITERION}"') :].partition("</fieldset>")[0]
        assert f'value="{version + 1}" data-version' in field
        assert re.findall(r'value="(\w+)" checked', field) == [str(point)]


def test_a_comment_is_on_the_next_page_as_it_was_written_and_on_nobody_elses(
    installations: list[Installation],
) -> None:
    client, pages = installations[0]
    page, other = (p for p in pages[:2])
    code = codes_of(page.topics[0])[0]
    save(client, other, {f"{code}.comment": "Not yours.", f"{code}.comment.version": "0"})
    for version, text in enumerate(("A <b>first</b> thought.", f"{GAP_EDGE}comment{GAP_EDGE}", "")):
        save(client, page, {f"{code}.comment": text, f"{code}.comment.version": str(version)})
        read = shown(client, page)
        assert f'name="{code}.comment.version" value="{version + 1}"' in read
        assert f">{escape(text)}</textarea>" in read
        assert "Not yours." not in read


def test_an_amendment_is_on_the_pages_of_the_next_round(
    installations: list[Installation], clock: FixedClock
) -> None:
    client, pages = installations[0]
    database, page = client.app.state.database, pages[0]  # type: ignore[attr-defined]
    codes = codes_of(page.topics[0])
    save(client, page, {f"{code}.{CRITERION}": "3" for code in codes})
    assert 'class="reason"' in shown(client, page)
    close_round(database, clock, SLUG, "system")
    release_feedback(database, clock, SLUG, "system")
    amended = definition_with(reason_when_band_crossed=False)
    amend_protocol(database, clock, SLUG, amended, "Nobody wanted to say why.", "system")
    open_round(database, clock, SLUG, "system")
    read = shown(client, page)
    assert "point-before" in read
    assert 'class="reason"' not in read
