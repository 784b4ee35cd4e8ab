"""The report that the panel may read at the end: when, by whom, and nothing that tells on single people."""

import re
from dataclasses import replace

import pytest

from app.domain.protocol import protocol_from_tables
from app.domain.study_definition import StudyDefinition
from tests.integration.web.panelist.conftest import enter
from tests.integration.web.states import begun_with, led_on
from tests.panel_study import SLUG, STATEMENTS, PlayedStudy, panel_study


def with_report(**feedback: object) -> StudyDefinition:
    definition = panel_study()
    rules = definition.tables["protocol"]
    tables = {
        **definition.tables,
        "protocol": {**rules, "feedback": {**rules["feedback"], "report": True, **feedback}},
    }
    return replace(definition, tables=tables, protocol=protocol_from_tables(tables))


def rate_all(study: PlayedStudy, points: tuple[int, ...] = (4, 5, 2)) -> None:
    """Everybody rates everything, each group in turn with these points."""
    for group in ("gardeners", "neighbours"):
        links = [link for link in study.links if link.group == group]
        for n, link in enumerate(links):
            study.rate(study.take_part(link), dict.fromkeys(STATEMENTS, points[n % len(points)]))


def conclude(study: PlayedStudy) -> None:
    study.close_round()
    study.release_feedback()
    study.conclude()


def hold_one_round(study: PlayedStudy) -> None:
    study.open_round()
    rate_all(study)
    conclude(study)


BEGUN = begun_with("garden-with-report", with_report())
LED_TO_BY = {"reported": led_on(BEGUN, "garden-reported", hold_one_round)}


@pytest.fixture
def reported(study: PlayedStudy) -> PlayedStudy:
    """A study that is over, and whose protocol lets the panel read the report."""
    return study


def told(page: str) -> dict[str, str]:
    found = re.findall(
        r'part-code">(S\d\d)</span>.*?entry-kind">\s*<span class="[^"]+">(?:<svg.*?</svg>)?([^<]+)</span>',
        page,
        re.DOTALL,
    )
    return dict(found)


@pytest.mark.parametrize(
    ("language", "title", "word"),
    [
        ("en", "A garden for everybody", "No consensus"),
        ("fr", "Un jardin pour tous", "Pas de consensus"),
        ("nl", "Een tuin voor iedereen", "Geen consensus"),
    ],
)
def test_at_the_end_the_panel_reads_what_was_decided_in_its_own_language(
    reported, browser, language, title, word
):
    guest = enter(browser(), reported.link(language))
    home = guest.get()
    assert f'href="/s/{SLUG}/report"' in home.text
    page = guest.get("/report")
    assert page.status_code == 200
    assert f'<html lang="{language}">' in page.text
    assert title in page.text
    assert told(page.text) == dict.fromkeys(STATEMENTS, word)
    assert f'href="/s/{SLUG}"' in page.text, "there is a way back"


def test_the_report_stands_under_the_policy_of_every_page(reported, browser):
    page = enter(browser(), reported.link()).get("/report")
    policy = page.headers["content-security-policy"]
    nonce = re.search(r"style-src 'self' 'nonce-([^']+)'", policy)
    assert nonce is not None
    assert f'<style nonce="{nonce[1]}">' in page.text
    assert "<script" not in page.text
    assert page.headers["cache-control"] == "no-store"


def test_the_report_has_no_figure_of_a_group(reported, browser):
    page = enter(browser(), reported.link()).get("/report").text
    main = page[page.index("<main") : page.index("</main>")]
    assert "%" not in re.sub(r'<p class="rule">.*?</p>', "", main)
    for word in ("Median", "Share", "Divergence", "interval"):
        assert word not in main


def test_decisions_that_rest_on_people_of_one_mind_are_not_told(app, clock, browser):
    study = PlayedStudy.begin(app.state.database, clock, with_report())
    study.open_round()
    rate_all(study, (4,))
    conclude(study)
    page = enter(browser(), study.link()).get("/report").text
    assert told(page) == dict.fromkeys(STATEMENTS, "Not told here, to protect single people")
    assert "Accepted by consensus" in page, "none of the decisions told is one"
    assert re.search(r'Accepted by consensus</span></dt><dd><span class="outcome-n">0<', page)
    assert "even the decision could tell that" in page


@pytest.mark.parametrize("state", ["running", "between", "kept back"])
def test_before_the_end_or_without_leave_there_is_no_report(app, clock, browser, state):
    definition = panel_study() if state == "kept back" else with_report()
    study = PlayedStudy.begin(app.state.database, clock, definition)
    study.open_round()
    rate_all(study)
    if state == "between":
        study.close_round()
        study.release_feedback()
    if state == "kept back":
        conclude(study)
    guest = enter(browser(), study.link())
    answer = guest.get("/report")
    assert answer.status_code == 404
    assert "This study has no report for the panel, or not yet." in answer.text
    assert "/report" not in guest.client.get(f"/s/{SLUG}", follow_redirects=True).text


def test_who_left_reads_no_report(reported, browser):
    guest = enter(browser(), reported.link("fr"))
    guest.send("/withdraw")
    assert "Vous avez quitté" in guest.get().text
    assert guest.get("/report").status_code == 403
    assert browser().get(f"/s/{SLUG}/report").status_code == 401
