"""A researcher runs a study in Chromium: opens a round, watches it, closes it, decides, reports."""

import io
import zipfile
from pathlib import Path

from tests.browser.researcher.conftest import AtDesk, rate_round
from tests.panel_study import STATEMENTS


def words(desk: AtDesk, place: str = "main") -> str:
    return " ".join(desk.page.locator(place).first.inner_text().split())


def test_a_researcher_opens_watches_and_closes_a_round_and_downloads_the_report(study, arrive):
    desk = arrive(accept_downloads=True)
    desk.page.clock.install()
    desk.sign_in()
    desk.page.get_by_role("link", name="A garden for everybody").click()
    desk.press("Open round 1")
    desk.page.get_by_label("Deadline: day").fill("2026-03-20")
    desk.page.get_by_label("Deadline: hour").fill("18:00")
    desk.press("Open round 1")
    desk.page.get_by_text("The round is open.").wait_for()

    desk.page.get_by_role("link", name="Round 1").first.click()
    assert "Gardeners – 6 0 0 0 0%" in words(desk)
    assert "Friday, 20 March 2026 at 18:00" in words(desk)
    rate_round(study)
    with desk.page.expect_response("**/rounds/1/response"):
        desk.page.clock.fast_forward(16_000)
    desk.page.get_by_text("Gardeners").first.wait_for()
    desk.page.wait_for_function(
        "document.querySelector('#response tbody').innerText.includes('6\\t6\\t6\\t0')"
    )

    desk.press("Close the round …")
    desk.press("Close round 1")
    desk.page.get_by_text("Round 1 is closed.").wait_for()
    assert "5 Consensus: in" in words(desk)
    desk.page.locator("#decisions").get_by_role("link", name="S02").click()
    assert "The rule for acceptance is met in 1 of 2 groups; 2 needed." in words(desk)

    desk.go("/rounds")
    desk.press("Release the feedback of round 1")
    desk.press("Release the feedback")
    desk.page.get_by_text("The feedback is released.").wait_for()

    desk.go("/reports")
    with desk.page.expect_download() as report:
        desk.press("Download the report")
    assert "S02" in Path(report.value.path()).read_text(encoding="utf-8")
    with desk.page.expect_download() as tables:
        desk.press("Download the tables")
    with zipfile.ZipFile(io.BytesIO(Path(tables.value.path()).read_bytes())) as archive:
        assert any(name.endswith("decisions.csv") for name in archive.namelist())

    desk.go("/conclude")
    desk.press("Conclude the study")
    desk.page.get_by_text("The study is concluded.").wait_for()
    desk.go("/log")
    log = words(desk)
    assert "The log is whole: " in log
    assert log.index("concluded the study") < log.index("took the report out") < log.index("closed round 1")
    desk.page.get_by_role("button", name="Sign out").click()
    assert desk.page.get_by_label("Password").is_visible()


def test_the_same_without_javascript(study, arrive):
    desk = arrive(java_script_enabled=False)
    desk.sign_in()
    desk.go("/rounds")
    desk.press("Open round 1")
    desk.page.get_by_role("link", name="Round 1").first.click()
    rate_round(study)
    desk.press("Stop this")
    desk.press("Count now")
    assert "Gardeners – 6 6 6 0 0%" in words(desk)
    desk.press("Close the round …")
    desk.press("Close round 1")
    assert "Round 1 is closed." in words(desk)
    desk.page.get_by_role("navigation", name="Show").get_by_text("No consensus").click()
    assert [code for code in STATEMENTS if desk.page.get_by_role("link", name=code, exact=True).count()] == [
        "S02"
    ]


def test_tables_are_sorted_by_their_heads(study, arrive):
    study.open_round()
    rate_round(study)
    study.close_round()
    desk = arrive()
    desk.sign_in()
    desk.go("/results/1")

    def first_row() -> str:
        return str(desk.page.locator("#decisions tbody th").first.inner_text())

    gap = desk.page.get_by_role("button", name="Gap")
    gap.click()
    assert first_row() != "S02"
    gap.click()
    assert first_row() == "S02"
    assert desk.page.locator("#decisions th[aria-sort=descending]").inner_text() == "Gap"


def test_a_session_that_ends_while_a_page_updates_itself_leads_to_the_sign_in(study, arrive, clock):
    study.open_round()
    desk = arrive()
    desk.page.clock.install()
    desk.sign_in()
    desk.go("/rounds/1")
    desk.page.context.clear_cookies()
    with desk.page.expect_navigation(url="**/research/sign-in**"):
        desk.page.clock.fast_forward(16_000)
    assert desk.page.locator("main .sign-in").count() == 1
    assert desk.page.locator("#response").count() == 0
