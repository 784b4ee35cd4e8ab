"""The log: who did what when, the newest first, and whether its chain is whole."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.domain.event import Event
from app.domain.messages import N_, Sentence
from app.services.log import Actors, ChainCheck, StudyLog, check_log, read_log
from app.web.researcher.desk import Room, StudyDesk, find_study_desk
from app.web.researcher.event_wording import event_sentence
from app.web.researcher.pages import whole_number
from app.web.researcher.wording import ROLE_WORDS
from app.web.shared.parts import Column, NavLink
from app.web.shared.state import database_of

router = APIRouter()

CHECKED_AT_ONCE: Final = 5_000
"""Up to this many entries the chain is checked with the newest entries; that of a longer log on request."""

_FILTERS: Final[dict[Actors, str]] = {
    Actors.EVERYONE: N_("Everything"),
    Actors.TEAM: N_("The team"),
    Actors.PANEL: N_("The panel"),
}


@dataclass(frozen=True, slots=True)
class LogLine:
    """One entry: its number, when, who, and what they did."""

    sequence: int
    occurred_at: datetime
    actor: str
    is_pseudonym: bool
    sentence: Sentence
    hash: str


@dataclass(frozen=True, slots=True)
class LogPage:
    """A page of the log. Without `check` the chain was not held against its hashes; `check_href` does it."""

    zone: str
    filters: tuple[NavLink, ...]
    columns: tuple[Column, ...]
    lines: tuple[LogLine, ...]
    n_events: int
    check: ChainCheck | None
    check_href: str
    newest_href: str
    older_href: str


@router.get("/research/{slug}/log")
def show_log(request: Request, slug: str, actors: str = "", before: str = "", check: str = "") -> Response:
    """Show what happened in the study, and whether the log is whole."""
    desk = find_study_desk(request, slug, Room.LOG)
    chosen = Actors(actors) if actors in set(Actors) else Actors.EVERYONE
    older_than = whole_number(before, otherwise=0) or None
    log = read_log(database_of(request), slug, actors=chosen, before=older_than)
    checks = check == "yes" or (older_than is None and log.n_events <= CHECKED_AT_ONCE)
    checked = check_log(database_of(request), slug) if checks else None
    return desk.show("log.html", _page(desk, log, chosen, checked, is_older=older_than is not None))


def _page(
    desk: StudyDesk, log: StudyLog, chosen: Actors, check: ChainCheck | None, *, is_older: bool
) -> LogPage:
    address = desk.path(Room.LOG)
    roles = {role.value: desk.say(word) for role, word in ROLE_WORDS.items()}
    return LogPage(
        zone=log.study.time_zone,
        filters=tuple(
            NavLink(desk.say(label), f"{address}?actors={actors}", is_current=actors is chosen)
            for actors, label in _FILTERS.items()
        ),
        columns=tuple(
            Column(desk.say(label), is_sortable=False)
            for label in (N_("Number"), N_("When"), N_("Who"), N_("What"), N_("Hash"))
        ),
        lines=tuple(_line(desk, event, log, roles) for event in log.events),
        n_events=log.n_events,
        check=check,
        check_href=f"{address}?check=yes",
        newest_href=f"{address}?actors={chosen}" if is_older else "",
        older_href=f"{address}?{urlencode({'actors': chosen, 'before': log.older_before})}"
        if log.older_before
        else "",
    )


def _line(desk: StudyDesk, event: Event, log: StudyLog, roles: dict[str, str]) -> LogLine:
    kind, _, pseudonym = event.actor.partition(":")
    is_panelist = kind == "panelist"
    actor = pseudonym if is_panelist else log.names.get(event.actor) or desk.say(N_("Castalia itself"))
    return LogLine(
        sequence=event.sequence,
        occurred_at=event.occurred_at,
        actor=actor,
        is_pseudonym=is_panelist,
        sentence=event_sentence(event, log.names, roles),
        hash=event.hash,
    )
