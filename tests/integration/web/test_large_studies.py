"""What a page asks of the database does not grow with the study: every page, at two sizes."""

import re
import shutil
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from app.clock import FixedClock
from app.main import create_app
from app.settings import Settings
from app.storage.tables import metadata
from tests.conftest import Run
from tests.large_pages import Visitors, routes
from tests.large_study import FIRST, OPEN_ROUND, SECOND, SECRET, LargeStudy
from tests.prepared import BEGINNING
from tests.queries import counting

SIZES = {"small": (5, 12), "large": (30, 120)}
"""Statements and panelists."""

NOWHERE = {"/s/{slug}/declined", "/s/{slug}/statements/{code}"}
"""What this panelist never sees, who takes part in a study that shows its statements by topics."""

ONLY_THEN = {
    "open questions": {"/s/{slug}/questions"},
    "fed back": {"/research/{slug}/conclude"},
    "concluded": {"/s/{slug}/report"},
}
"""What can be seen in one state of the study alone; all the rest between rounds or while one is open."""

MONITOR = ("/research/{slug}/rounds/{number}", "/research/{slug}/rounds/{number}/response")
GROWING = {"panelist", "identity", "event"} | {
    table.name for table in metadata.sorted_tables if "panelist_id" in table.columns
}
"""The tables that have a row for every panelist, or for what one of them did."""


@dataclass(frozen=True)
class Answer:
    """How a page was answered, after how many queries, and which growing tables they name."""

    status: int
    n_queries: int
    growing: frozenset[str]


def walk(url: str, n_statements: int, n_panelists: int) -> dict[tuple[str, str, str], Answer]:
    """Ask for every page of a study of this size in one state after the other."""
    clock = FixedClock(BEGINNING)
    app = create_app(Settings(database_url=url, secret=SECRET), clock)
    study = LargeStudy.begin(app.state.database, clock, n_statements, n_panelists)
    visitors = Visitors(app, study)
    answers: dict[tuple[str, str, str], Answer] = {}

    def look(state: str, newest_round: int) -> None:
        for page in visitors.pages(newest_round):
            if page.route in ONLY_THEN.get(state, {page.route}):
                with counting() as sent:
                    answer = visitors.client.get(page.address)
                named = frozenset(re.findall(r"\w+", " ".join(sent)))
                answers[state, page.route, page.asked] = Answer(
                    answer.status_code, len(sent), named & GROWING
                )

    study.open()
    study.answer()
    look("open questions", OPEN_ROUND)
    study.close()
    study.release()
    study.open()
    study.rate(FIRST, 0.9)
    study.close()
    study.work()
    look("between rounds", FIRST)
    study.release()
    look("fed back", FIRST)
    study.open()
    study.rate(SECOND, 0.9)
    look("open", SECOND)
    study.close()
    study.release()
    study.conclude()
    look("concluded", SECOND)
    app.state.database.close()
    return answers


def test_no_page_asks_more_of_the_database_in_a_large_study(run: Run, tmp_path: Path) -> None:
    small, large = (
        walk(f"sqlite:///{shutil.copy(run.sqlite_in(None), tmp_path / name)}", *size)
        for name, size in SIZES.items()
    )
    seen = {route for (_, route, _), answer in large.items() if answer.status == HTTPStatus.OK}
    assert set(routes()) - NOWHERE - seen == set(), "pages that are shown in no state that is tried here"
    assert {page: answer.status for page, answer in large.items()} == {
        page: answer.status for page, answer in small.items()
    }
    grown = {
        page: (small[page], answer)
        for page, answer in large.items()
        if answer.n_queries > small[page].n_queries
    }
    assert grown == {}
    # Whoever looks on while thousands answer reads what was counted, and nothing of what they answered.
    assert {route: large["open", route, ""].growing for route in MONITOR} == dict.fromkeys(
        MONITOR, frozenset()
    )
    assert large["open", "/research/{slug}/panel", ""].growing
