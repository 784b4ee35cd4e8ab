"""A statement that was reworded between rounds shows what changed, word by word, and why."""

import re

from tests.integration.web.panelist.conftest import Guest, enter
from tests.panel_study import PlayedStudy

WORDING = {
    "en": "The garden brings rest and friends.",
    "fr": "Le jardin repose et unit.",
    "nl": "De tuin geeft rust en vrienden.",
}


def words_of(page: str) -> str:
    """The change of wording as a screen reader says it."""
    found = re.search(r'<details class="wording-change">(.*?)</details>', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", "", found[1]).split()) if found else ""


def next_round(study: PlayedStudy) -> None:
    study.close_round()
    study.release_feedback()
    study.open_round()


def begin(study: PlayedStudy, browser, language: str = "en") -> Guest:
    study.open_round()
    study.rate_everything(study.links)
    return enter(browser(), study.link(language))


def test_the_words_that_came_and_went_are_told_with_the_reason(study, browser):
    guest = begin(study, browser)
    study.reword("S01", WORDING, "Many <b>asked</b> for it.")
    assert words_of(guest.get("/topics/value").text) == "", "this round still asks the old wording"
    next_round(study)
    page = guest.get("/topics/value").text
    assert '<del><span class="visually-hidden">removed: </span>gives</del>' in page
    assert '<ins><span class="visually-hidden">new: </span>and friends</ins>.' in page
    assert words_of(page) == (
        "The wording has changed since the last round "
        "The garden removed: gives new: brings rest new: and friends. "
        "Why: Many &lt;b&gt;asked&lt;/b&gt; for it."
    )


def test_each_reads_the_change_in_their_own_language(study, browser):
    guest = begin(study, browser, "fr")
    study.reword("S01", WORDING, "")
    next_round(study)
    assert "nouveau : repose et unit." in words_of(guest.get("/topics/value").text).replace("\xa0", " ")


def test_a_round_later_the_wording_is_no_news_any_more(study, browser):
    guest = begin(study, browser)
    study.reword("S01", WORDING, "Many asked for it.")
    next_round(study)
    next_round(study)
    page = guest.get("/topics/value").text
    assert WORDING["en"] in page
    assert words_of(page) == ""


def test_two_changes_between_two_rounds_are_one_for_who_reads_them(study, browser):
    guest = begin(study, browser)
    study.reword("S01", {**WORDING, "en": "A draft that nobody saw."}, "First thought.")
    study.reword("S01", WORDING, "Second thought.")
    next_round(study)
    page = guest.get("/topics/value").text
    assert "nobody saw" not in page
    assert words_of(page).endswith("new: and friends. Why: Second thought.")
