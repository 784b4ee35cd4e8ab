"""A researcher runs a study in Chromium: opens a round, watches it, closes it, decides, reports."""

import io
import re
import zipfile
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.researcher.conftest import AtDesk
from tests.browser.states import rate_round


def shows(desk: AtDesk, words: str) -> None:
    """Wait until the page says this, in one line whatever its cells."""
    expect(desk.page.locator("main")).to_contain_text(words, use_inner_text=True)


def test_a_researcher_opens_watches_and_closes_a_round_and_downloads_the_report(study, arrive):
    desk = arrive(accept_downloads=True)
    desk.page.clock.install()
    desk.sign_in()
    desk.page.get_by_role("link", name="A garden for everybody").click()
    desk.press("Open round 1")
    desk.page.get_by_label("Deadline: day").fill("2026-03-20")
    desk.page.get_by_label("Deadline: hour").fill("18:00")
    desk.press("Open round 1")
    shows(desk, "The round is open.")

    desk.page.get_by_role("link", name="Round 1").first.click()
    shows(desk, "Gardeners – 6 0 0 0 0 0%")
    shows(desk, "Friday, 20 March 2026 at 18:00")
    rate_round(study)
    with desk.page.expect_response("**/rounds/1/response"):
        desk.page.clock.fast_forward(16_000)
    shows(desk, "Gardeners – 6 6 6 0 0 0%")

    desk.press("Close the round …")
    desk.press("Close round 1")
    shows(desk, "Round 1 is closed.")
    shows(desk, "5 Consensus: in")
    desk.page.locator("#decisions").get_by_role("link", name="S02").click()
    shows(desk, "The rule for acceptance is met in 1 of 2 groups; 2 needed.")

    desk.go("/rounds")
    desk.press("Release the feedback of round 1")
    desk.press("Release the feedback")
    shows(desk, "The feedback is released.")

    desk.go("/reports")
    with desk.page.expect_download() as report:
        desk.press("Download the report")
    assert "S02" in Path(report.value.path()).read_text(encoding="utf-8")
    with desk.page.expect_download() as tables:
        desk.press("Download the tables")
    with zipfile.ZipFile(io.BytesIO(Path(tables.value.path()).read_bytes())) as archive:
        assert any(name.endswith("decisions.csv") for name in archive.namelist())

    desk.go("/conclude")
    desk.page.get_by_label("Why the study ends against its rule").fill("Everybody was heard.")
    desk.press("Conclude the study")
    shows(desk, "The study is concluded.")
    desk.go("/log")
    shows(desk, "The log is whole: ")
    newest_first = re.compile("concluded the study against.*took the report out.*closed round 1", re.DOTALL)
    expect(desk.page.locator("main")).to_contain_text(newest_first)
    desk.page.get_by_role("button", name="Sign out").click()
    expect(desk.page.get_by_label("Password")).to_be_visible()


def test_the_same_without_javascript(study, arrive):
    desk = arrive(java_script_enabled=False)
    desk.sign_in()
    desk.go("/rounds")
    desk.press("Open round 1")
    desk.page.get_by_role("link", name="Round 1").first.click()
    rate_round(study)
    desk.press("Stop this")
    desk.press("Count now")
    shows(desk, "Gardeners – 6 6 6 0 0 0%")
    desk.press("Close the round …")
    desk.press("Close round 1")
    shows(desk, "Round 1 is closed.")
    desk.page.get_by_role("navigation", name="Show").get_by_text("No consensus").click()
    expect(desk.page.locator("#decisions tbody th")).to_have_text(["S02"])


def numbers_as_numbers(text):
    """Digits stand before letters and count as one number, so that P-6X comes before P-322."""
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.findall(r"\d+|\D+", text)]


def test_tables_are_sorted_by_their_heads(study, arrive):
    desk = arrive()
    desk.sign_in()
    desk.go("/panel")
    pseudonyms = sorted((link.pseudonym for link in study.links), key=numbers_as_numbers)
    head = desk.page.get_by_role("button", name="Pseudonym")
    first_row = desk.page.locator("section tbody th").first
    head.click()
    expect(desk.page.locator("th[aria-sort=ascending]")).to_have_text("Pseudonym")
    expect(first_row).to_contain_text(pseudonyms[0])
    head.click()
    expect(desk.page.locator("th[aria-sort=descending]")).to_have_text("Pseudonym")
    expect(first_row).to_contain_text(pseudonyms[-1])


def test_a_session_that_ends_while_a_page_updates_itself_leads_to_the_sign_in(study, arrive, clock):
    study.open_round()
    desk = arrive()
    desk.page.clock.install()
    desk.sign_in()
    desk.go("/rounds/1")
    desk.page.context.clear_cookies()
    with desk.page.expect_navigation(url="**/research/sign-in**"):
        desk.page.clock.fast_forward(16_000)
    expect(desk.page.locator("main .sign-in")).to_have_count(1)
    expect(desk.page.locator("#response")).to_have_count(0)
