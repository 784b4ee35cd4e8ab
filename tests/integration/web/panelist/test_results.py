"""How the groups answered, to look back on: what the rule lets everybody see, and released comments."""

import pytest

from app.domain.moderation import Moderation
from app.services.moderating import moderate_comment, read_comment_desk, release_pending_comments
from tests.integration.web.panelist.conftest import enter
from tests.integration.web.states import BEGUN, led_on
from tests.panel_study import ACTOR, SLUG, STATEMENTS, PlayedStudy


def hold_round_1(study: PlayedStudy) -> None:
    """Neighbours are of one mind on S02, and four people write."""
    study.open_round()
    for n, link in enumerate(study.links):
        points: dict[str, int | None] = dict.fromkeys(STATEMENTS, 4 + n % 2)
        points["S02"] = 2 if link.group == "neighbours" else 4 + n % 2
        points["S03"] = None if n == 0 else 5
        written = {"S02": f"Because of {n}."} if n % 3 == 0 else {}
        study.rate(study.take_part(link), points, written)
    study.close_round()


LED_TO_BY = {"played": led_on(BEGUN, "garden-of-one-mind", hold_round_1)}


@pytest.fixture
def played(study: PlayedStudy) -> PlayedStudy:
    """The study after the close of round 1: neighbours are of one mind on S02, and four people wrote."""
    return study


def test_before_anything_is_fed_back_there_is_nothing_to_see(played, browser):
    guest = enter(browser(), played.link())
    assert guest.get("/results").status_code == 404
    assert "once the study team has shown it" in guest.get("/results").text


def test_after_the_release_every_statement_is_shown_with_the_own_answer(played, browser):
    played.release_feedback()
    guest = enter(browser(), played.link())
    page = guest.get("/results")
    assert page.status_code == 200
    for code in ("S01", "S02", "S03"):
        assert f'id="statement-{code}"' in page.text
    assert "<strong>4, Agree</strong>" in page.text
    assert "<strong>unable to rate</strong>" in page.text
    assert "6 of 6 chose 4 or 5" in page.text
    assert 'id="statement-S04"' in guest.get("/results?topic=pay").text


def test_a_group_of_one_mind_is_withheld(played, browser):
    played.release_feedback()
    page = enter(browser(), played.link()).get("/results").text
    on_s02 = page.split('id="statement-S02"')[1].split("</article>")[0]
    assert "6 of 6 chose 4 or 5" in on_s02
    assert "We show no figures for Neighbours, to protect those who answered" in on_s02
    assert "2 of 6" not in on_s02


def test_only_released_comments_are_read(played, browser):
    desk = read_comment_desk(played.database, SLUG)
    first, second = desk.comments[:2]
    args = (played.database, played.clock, SLUG, ACTOR)
    moderate_comment(*args, first, 1, Moderation.RELEASED)
    moderate_comment(*args, second, 1, Moderation.REDACTED, redacted="Because of somebody.")
    played.release_feedback()
    page = enter(browser(), played.link()).get("/results").text
    assert "2 comments from this round" in page
    assert first.text in page
    assert "Because of somebody." in page
    assert not [one.text for one in desk.comments[1:] if one.text in page]


def test_released_comments_stand_beside_the_statement_in_the_next_round(played, browser):
    release_pending_comments(played.database, played.clock, SLUG, ACTOR, 1)
    played.release_feedback()
    played.open_round()
    guest = enter(browser(), played.link())
    assert "4 comments from the last round" in guest.get("/topics/value").text
    shown = guest.get("/results").text
    places = [shown.index(f"Because of {n}.") for n in (0, 3, 6, 9)]
    assert places != sorted(places), "the order follows the words, not the people"


def test_earlier_rounds_stay_to_be_read_after_the_end(played, browser):
    played.release_feedback()
    played.open_round()
    played.close_round()
    played.release_feedback()
    played.conclude()
    guest = enter(browser(), played.link())
    latest = guest.get("/results").text
    assert "These are the answers of round 2." in latest
    assert "You did not answer this in round 2." in latest
    first = guest.get("/results?round=1").text
    assert "<strong>4, Agree</strong>" in first


@pytest.mark.parametrize("wrong", ["?round=9", "?round=1&topic=none", "?topic=none"])
def test_a_round_or_topic_that_was_not_fed_back_is_not_there(played, browser, wrong):
    played.release_feedback()
    assert enter(browser(), played.link()).get(f"/results{wrong}").status_code == 404


def test_what_is_no_number_of_a_round_leads_to_the_newest(played, browser):
    played.release_feedback()
    guest = enter(browser(), played.link())
    for nonsense in ("x1", "9" * 30, "²"):
        assert "the answers of round 1" in guest.get(f"/results?round={nonsense}").text


def test_without_a_session_nothing_is_shown(played, browser):
    played.release_feedback()
    assert browser().get(f"/s/{SLUG}/results").status_code == 401
