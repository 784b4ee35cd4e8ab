"""The consensus report opened from disk: readable by everybody, complete without network or script."""

from pathlib import Path

import pytest

from app.reports.html import render_html
from tests.browser.barriers import assert_no_barrier
from tests.browser.chromium import Visitors
from tests.unit.reports.examples import report


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a report on disk."""
    path: Path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(render_html(report(), "en"), encoding="utf-8")
    return path.as_uri()


def test_the_report_is_accessible_and_fits_its_window(visitors: Visitors, file: str) -> None:
    page = visitors.arrive(file)
    page.goto(file)
    assert_no_barrier(page)


def test_the_contents_lead_to_every_chapter_without_a_script(visitors: Visitors, file: str) -> None:
    page = visitors.arrive(file, java_script_enabled=False)
    page.goto(file)
    links = page.get_by_role("navigation", name="Contents").get_by_role("link")
    for place in range(links.count()):
        title = links.nth(place).inner_text()
        links.nth(place).click()
        assert page.get_by_role("heading", level=2, name=title, exact=True).is_visible()


def test_the_report_prints_on_a4_with_its_figures(visitors: Visitors, file: str, tmp_path: Path) -> None:
    page = visitors.arrive(file)
    page.goto(file)
    page.emulate_media(media="print")
    assert page.evaluate("document.querySelectorAll('.drawing svg').length") == 7
    printed = page.pdf(prefer_css_page_size=True)
    assert printed.startswith(b"%PDF")
    assert b"/MediaBox [0 0 594.95996 841.91998]" in printed
