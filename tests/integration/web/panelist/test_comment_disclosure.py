"""Comments on the pages tell neither author nor group, neither time nor order, and no rare language."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import cycle

from fastapi import FastAPI

from app.domain.panel import Invitee
from app.domain.rating import CommentChange, RatingChange
from app.services.moderating import release_pending_comments
from app.services.ratings import save_answers
from tests.integration.web.panelist.conftest import browser_of, enter
from tests.integration.web.panelist.watching import (
    Page,
    first_difference,
    paths_of_results,
    paths_while_open,
    read,
)
from tests.panel_study import ACTOR, CRITERION, SLUG, TOPICS, PlayedStudy, panel_study

GROUP_OF = ("gardeners", "neighbours")
LANGUAGES = {"en": 4, "fr": 6, "nl": 6}
"""The panel by language; the minimum is 5, and one of those who read English watches."""
Person = tuple[str, int]
"""Of which language, with a place in it."""
_COMMENT = re.compile(r'<blockquote(?: lang="(\w\w)")?>([^<]*)</blockquote>')


@dataclass(frozen=True)
class Written:
    """A comment on a statement in a round, by somebody of a language and with a place in it."""

    round: int
    language: str
    place: int
    code: str
    text: str


def comments() -> list[Written]:
    """In round 1 six write in French and four in Dutch, in round 2 four and six; two in English in both."""
    written = [
        Written(number, language, place, code, f"Because of {language} {place}.")
        for number, by in ((1, {"en": 2, "fr": 6, "nl": 4}), (2, {"en": 2, "fr": 4, "nl": 6}))
        for language, n in by.items()
        for place, code in zip(range(1, n + 1) if language == "en" else range(n), cycle(("S01", "S04")))
    ]
    return [*written, *(Written(3, one, n, "S02", "Yes.") for n in range(6) for one in ("fr", "nl"))]


PANEL = [(language, n) for language, count in LANGUAGES.items() for n in range(count)]


def watch(app: FastAPI, clock, written: Sequence[Written], panel: Sequence[Person]) -> list[Page]:
    """Three rounds with these comments, written in this order; the first of the panel opens every page."""
    invited = tuple(
        Invitee(f"{language} {n}", f"{language}{n}@example.org", GROUP_OF[n % 2], language)
        for language, n in panel
    )
    study = PlayedStudy.begin(app.state.database, clock, replace(panel_study(), panel=invited))
    visitors = {who: study.take_part(link) for who, link in zip(panel, study.links, strict=True)}
    guest = enter(browser_of(app), study.links[0])
    begun, pages = clock.now(), []
    for number in (1, 2, 3):
        study.open_round()
        pages += read(guest, paths_while_open(TOPICS, ("S01", "S04")))
        for one in (one for one in written if one.round == number):
            rating = RatingChange(one.code, CRITERION, 4, abstained=False, known_version=0)
            comment = CommentChange(one.code, one.text, known_version=0)
            visitor = visitors[one.language, one.place]
            assert save_answers(study.database, clock, visitor, number, [rating], [comment]).refusals == ()
            clock.advance(timedelta(minutes=7))
        clock.advance(begun + timedelta(hours=3 * number) - clock.now())
        study.close_round()
        release_pending_comments(study.database, clock, SLUG, ACTOR, number)
        study.release_feedback()
        pages += read(guest, paths_of_results(TOPICS, number))
    clock.advance(begun - clock.now())
    return pages


def by_other_authors(written: Sequence[Written]) -> list[Written]:
    """The words of each author, by one of the other group; where a language is not told, by any other."""
    told = {1: {"fr"}, 2: {"nl"}, 3: {"fr", "nl"}}
    moved = []
    for number in (1, 2, 3):
        for code in ("S01", "S02", "S04"):
            there = [one for one in written if (one.round, one.code) == (number, code)]
            for is_told in (set(told[number]), None):
                for language in sorted(is_told or {""}):
                    among = [
                        one
                        for one in there
                        if (one.language == language if is_told else one.language not in told[number])
                    ]
                    texts = [one.text for one in among]
                    moved += [
                        replace(one, text=text)
                        for one, text in zip(among, [*texts[1:], *texts[:1]], strict=True)
                    ]
    return moved


def seen_in(pages: Sequence[Page], round_number: int) -> set[tuple[str, str]]:
    """The comments on the pages of a round's results: language told, and text."""
    asked = [page for page in pages if page.path.startswith(f"/results?round={round_number}&")]
    return {found for page in asked for found in _COMMENT.findall(page.text)}


def test_pages_are_the_same_whoever_wrote_the_comments_and_in_which_order(
    new_app: Callable[[], FastAPI], clock
):
    written, invited_otherwise = comments(), [PANEL[0], *reversed(PANEL[1:])]
    pages = watch(new_app(), clock, written, PANEL)
    for others, panel in (
        (written[::-1], PANEL),
        (by_other_authors(written), PANEL),
        (written, invited_otherwise),
    ):
        assert first_difference(pages, watch(new_app(), clock, others, panel)) == ""
    first, second, third = (seen_in(pages, number) for number in (1, 2, 3))
    assert {text for _, text in first} == {one.text for one in written if one.round == 1}
    assert {language for language, _ in first} == {"", "fr"}, "in Dutch wrote fewer than the minimum"
    assert {language for language, _ in second} == {"", "nl"}, "in French wrote fewer than the minimum"
    assert third == {("fr", "Yes."), ("nl", "Yes.")}
