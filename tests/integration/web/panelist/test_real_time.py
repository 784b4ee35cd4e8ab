"""A real-time round at a panelist's browser: figures after one's own answer, and nowhere before."""

import pytest

from tests.integration.web.panelist.conftest import Guest, enter
from tests.integration.web.states import begun_with
from tests.panel_study import PlayedStudy, panel_study

SO_FAR = "How the panel has answered so far"
ONCE_ANSWERED = "Once you have answered"


LED_TO_BY = {"study": begun_with("garden-real-time", panel_study("garden_real_time_study"))}
"""A study of one real-time round."""


@pytest.fixture
def panel(study: PlayedStudy, guest: Guest) -> PlayedStudy:
    """The neighbours have rated S01 so that their figures are shown; the guest, a gardener, has not."""
    links = [link for link in study.links if link.group == "neighbours"]
    for link, point in zip(links, (1, 1, 2, 1, 3, 3), strict=True):
        study.rate(study.take_part(link), {"S01": point})
    return study


def card_of(page: str, code: str) -> str:
    return page.split(f'id="statement-{code}"')[1].split("</article>", maxsplit=1)[0]


def test_before_an_own_answer_no_figure_is_shown_on_any_way(panel, guest):
    page = guest.get("/topics/value").text
    assert ONCE_ANSWERED in card_of(page, "S01")
    assert SO_FAR not in page
    assert SO_FAR not in guest.get("/statements/S01/feedback").text
    assert guest.get("/results").status_code != 200
    assert set(guest.autosave(point=4).json()) == {"saved_at", "version", "answered", "total"}


def test_after_an_own_answer_its_figures_stand_on_the_page_and_those_of_others_do_not(panel, guest):
    guest.rate("value", {"S01": 4})
    page = guest.get("/topics/value").text
    assert SO_FAR in card_of(page, "S01")
    assert "6 ratings" in card_of(page, "S01")
    assert ONCE_ANSWERED in card_of(page, "S02")
    assert "live_feedback.js" in page


def test_the_part_that_the_script_fetches_is_the_figures_alone(panel, guest):
    guest.autosave(point=4)
    part = guest.get("/statements/S01/feedback")
    assert part.status_code == 200
    assert SO_FAR in part.text
    assert "<html" not in part.text
    assert "csrf" not in part.text


def test_figures_that_have_not_enough_in_them_say_so_and_not_how_few(study, guest):
    guest.autosave(point=4)
    page = guest.get("/topics/value").text
    assert "There are no figures for Gardeners yet" in page
    assert "fewer than" not in page


def test_an_answer_can_be_changed_until_the_close(panel, guest):
    guest.autosave(point=4)
    assert guest.autosave(point=2, version=1).json()["version"] == 2
    panel.close_round()
    assert guest.autosave(point=3, version=2).status_code == 409


def test_figures_of_a_statement_that_is_not_asked_are_not_there(panel, guest):
    assert guest.get("/statements/S99/feedback").status_code == 404


def test_somebody_else_sees_what_they_have_answered_and_no_more(panel, guest, browser):
    other = next(link for link in panel.links if link.group == "neighbours")
    page = enter(browser(), other).get("/topics/value").text
    assert SO_FAR in card_of(page, "S01")
    assert ONCE_ANSWERED in card_of(page, "S02")
