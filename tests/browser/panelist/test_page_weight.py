"""What a telephone has to load for the heaviest usual page: ten statements, feedback of four groups."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page as BrowserPage
from playwright.sync_api import expect

from app.clock import FixedClock
from app.main import create_app
from app.settings import Settings
from app.storage.database import Database
from tests.browser.chromium import PHONE, Visitors
from tests.conftest import Run
from tests.page_of_ten import SECRET, SLUG, Page, play_to_round_2
from tests.prepared import BEGINNING
from tests.serving import free_port, serving

MOST_BYTES = 60_000
MOST_BYTES_OF_SCRIPT = 10_000
MOST_REQUESTS = 12

WATCH_SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


@pytest.fixture(scope="module")
def pages(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, tuple[Page, ...]]]:
    """Where the study is served, and its panelists' sessions."""
    file: Path = tmp_path_factory.mktemp("pages") / "ten.db"
    url = f"sqlite:///{shutil.copy(run.migrated_sqlite(), file)}"
    clock = FixedClock(BEGINNING)
    database = Database(url)
    played = play_to_round_2(database, clock)
    database.close()
    with serving(create_app(Settings(database_url=url, secret=SECRET), clock), free_port()) as address:
        yield address, played


def arrive_in_session(visitors: Visitors, address: str, session: Page, **options: object) -> BrowserPage:
    page = visitors.arrive(address, viewport=PHONE, **options)
    page.context.add_cookies([{"name": "castalia_panelist", "value": session.session_token, "url": address}])
    return page


def load_counting(page: BrowserPage, path: str) -> dict[str, int]:
    """Load a page, and return for each address that was loaded how many bytes came over the wire."""
    watch = page.context.new_cdp_session(page)
    watch.send("Network.enable")
    asked: dict[str, str] = {}
    loaded: dict[str, int] = {}
    watch.on("Network.requestWillBeSent", lambda e: asked.update({e["requestId"]: e["request"]["url"]}))
    watch.on(
        "Network.loadingFinished",
        lambda e: loaded.update({asked.get(e["requestId"], e["requestId"]): int(e["encodedDataLength"])}),
    )
    page.goto(path, wait_until="networkidle")
    return loaded


def test_the_first_load_of_a_topic_of_ten_statements_is_light(visitors: Visitors, pages) -> None:
    address, played = pages
    topic = f"/s/{SLUG}/topics/{played[0].topics[0]}"
    page = arrive_in_session(visitors, address, played[0])
    loaded = load_counting(page, topic)
    expect(page.locator("[data-card]")).to_have_count(10)
    expect(page.locator(".feedback")).to_have_count(10)
    icon = page.locator("link[rel=icon]").get_attribute("href")
    assert icon is not None
    # Chromium without a window asks for no icon; browsers do.
    loaded.setdefault(icon, int(page.request.get(icon).headers["content-length"]))
    scripts = {
        url: int(page.request.get(url).headers["content-length"]) for url in loaded if "/static/js/" in url
    }
    assert scripts
    assert sum(loaded.values()) < MOST_BYTES, loaded
    assert sum(scripts.values()) < MOST_BYTES_OF_SCRIPT, scripts
    assert len(loaded) <= MOST_REQUESTS, loaded


def test_the_next_page_loads_no_style_and_no_script_again(visitors: Visitors, pages) -> None:
    address, played = pages
    page = arrive_in_session(visitors, address, played[0])
    page.goto(f"/s/{SLUG}/topics/{played[0].topics[0]}", wait_until="networkidle")
    loaded = load_counting(page, f"/s/{SLUG}/topics/{played[0].topics[1]}")
    assert max(loaded, key=loaded.__getitem__).endswith(played[0].topics[1])
    # Modules that a script imports carry no hash: the browser asks whether they are still the same.
    assert all(size < 1500 for url, size in loaded.items() if "/static/" in url), loaded
    assert not any("?v=" in url and size for url, size in loaded.items()), loaded


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_nothing_moves_while_the_page_loads(visitors: Visitors, pages, scripts: bool) -> None:
    address, played = pages
    page = arrive_in_session(visitors, address, played[0], java_script_enabled=scripts)
    page.context.add_init_script(WATCH_SHIFTS)
    page.goto(f"/s/{SLUG}/topics/{played[0].topics[0]}", wait_until="networkidle")
    first = page.locator("[data-card]").first
    before = first.bounding_box()
    if scripts:
        assert page.evaluate("window.shifted") == 0
    page.wait_for_timeout(300)
    assert first.bounding_box() == before
