"""The log: who did what when, the newest first, and whether its chain is whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.domain.event import SUBJECTS, Event, Subject
from app.domain.messages import N_, Sentence
from app.services.log import RESEARCHER, ChainCheck, StudyLog, check_log, read_log
from app.storage.events import EventFilter
from app.web.researcher.desk import Room, StudyDesk, find_study_desk
from app.web.researcher.event_wording import event_sentence
from app.web.researcher.pages import whole_number
from app.web.researcher.wording import ROLE_WORDS
from app.web.shared.parts import Choice, Column, FieldError, errors_by_field
from app.web.shared.state import database_of

router = APIRouter()

CHECKED_AT_ONCE: Final = 5_000
"""Up to this many entries the chain is checked with the newest entries; that of a longer log on request."""

_TEAM, _PANEL, _ITSELF = "team", "panel", "system"

_GROUPS: Final[dict[str, str]] = {
    "": N_("Everybody"),
    _TEAM: N_("The team"),
    _PANEL: N_("The panel"),
    _ITSELF: N_("Castalia itself"),
}

_ABOUT: Final[dict[Subject, str]] = {
    Subject.STUDY: N_("The study"),
    Subject.PROTOCOL: N_("Protocol"),
    Subject.STATEMENTS: N_("Statements"),
    Subject.PANEL: N_("Panel"),
    Subject.ROUNDS: N_("Rounds"),
    Subject.ANSWERS: N_("Answers"),
    Subject.COMMENTS: N_("Comments"),
    Subject.CODING: N_("Coding"),
    Subject.TEAM: N_("The team"),
    Subject.RECOMMENDATIONS: N_("Recommendations"),
    Subject.REPORTS: N_("Reports"),
}

_YEARS: Final = range(1900, 3000)
"""Years that a log may be about; those at the ends of the calendar have no moment in every zone."""

_NO_DAY: Final = N_("Write the day like this: 2026-05-12.")
_TURNED_ROUND: Final = N_("The last day lies before the first.")


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
class Sought:
    """What was chosen and typed to find entries, as it came."""

    who: str
    about: str
    first: str
    last: str

    @property
    def query(self) -> dict[str, str]:
        """The same, to stand in an address."""
        chosen = {"who": self.who, "about": self.about, "from": self.first, "to": self.last}
        return {name: value for name, value in chosen.items() if value}


@dataclass(frozen=True, slots=True)
class LogPage:
    """A page of the log. Without `check` the chain was not held against its hashes; `check_href` does it."""

    zone: str
    action: str
    sought: Sought
    people: tuple[Choice, ...]
    subjects: tuple[Choice, ...]
    errors: tuple[FieldError, ...]
    wrong: Mapping[str, str]
    columns: tuple[Column, ...]
    lines: tuple[LogLine, ...]
    n_events: int
    check: ChainCheck | None
    check_href: str
    newest_href: str
    older_href: str


@router.get("/research/{slug}/log")
def show_log(
    request: Request, slug: str, who: str = "", about: str = "", before: str = "", check: str = ""
) -> Response:
    """Show what happened in the study, and whether the log is whole."""
    desk = find_study_desk(request, slug, Room.LOG)
    # "from" is a word of Python, so the two days are read by hand.
    sought = Sought(who, about, *(request.query_params.get(name, "").strip() for name in ("from", "to")))
    since, until, errors = _days(desk, sought)
    wanted = _filter(sought, since, until)
    older_than = whole_number(before, otherwise=0) or None
    log = read_log(database_of(request), slug, wanted, before=older_than)
    checks = check == "yes" or (older_than is None and log.n_events <= CHECKED_AT_ONCE)
    checked = check_log(database_of(request), slug) if checks else None
    page = _page(desk, log, sought, errors, checked, is_older=older_than is not None)
    return desk.show("log.html", page, status=422 if errors else 200)


def _filter(sought: Sought, since: datetime | None, until: datetime | None) -> EventFilter:
    kinds = [kind for kind, subject in SUBJECTS.items() if subject == sought.about]
    return EventFilter(
        of_panelists=sought.who == _PANEL if sought.who in (_TEAM, _PANEL) else None,
        actor=sought.who if sought.who == _ITSELF or sought.who.startswith(RESEARCHER) else "",
        kinds=kinds if sought.about in set(Subject) else None,
        since=since,
        until=until,
    )


def _days(desk: StudyDesk, sought: Sought) -> tuple[datetime | None, datetime | None, tuple[FieldError, ...]]:
    """The moments at which the days sought begin and end, and what is wrong with them."""
    typed = {"from": sought.first, "to": sought.last}
    days = {name: _day(text) for name, text in typed.items()}
    errors = [
        FieldError(f"field-{name}", desk.say(_NO_DAY))
        for name, text in typed.items()
        if text and days[name] is None
    ]
    first, last = days["from"], days["to"]
    if first and last and last < first:
        errors.append(FieldError("field-to", desk.say(_TURNED_ROUND)))
    if errors:
        return None, None, tuple(errors)
    zone = desk.study.zone
    return _midnight(first, zone), _midnight(last, zone, days_later=1), ()


def _day(typed: str) -> date | None:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if day.year in _YEARS else None


def _midnight(day: date | None, zone: ZoneInfo, *, days_later: int = 0) -> datetime | None:
    if day is None:
        return None
    local = datetime.combine(day + timedelta(days=days_later), time.min, zone)
    return local.astimezone(UTC)


def _page(
    desk: StudyDesk,
    log: StudyLog,
    sought: Sought,
    errors: tuple[FieldError, ...],
    check: ChainCheck | None,
    *,
    is_older: bool,
) -> LogPage:
    address = desk.path(Room.LOG)
    roles = {role.value: desk.say(word) for role, word in ROLE_WORDS.items()}
    older = {**sought.query, "before": log.older_before}
    return LogPage(
        zone=log.study.time_zone,
        action=address,
        sought=sought,
        people=_people(desk, log),
        subjects=(
            Choice("", desk.say(N_("Everything"))),
            *(Choice(subject, desk.say(word)) for subject, word in _ABOUT.items()),
        ),
        errors=errors,
        wrong={"field-from": "", "field-to": "", **errors_by_field(errors)},
        columns=tuple(
            Column(desk.say(label), is_sortable=False)
            for label in (N_("Number"), N_("When"), N_("Who"), N_("What"), N_("Hash"))
        ),
        lines=tuple(_line(desk, event, log, roles) for event in log.events),
        n_events=log.n_events,
        check=check,
        check_href=f"{address}?check=yes",
        newest_href=f"{address}?{urlencode(sought.query)}" if is_older else "",
        older_href=f"{address}?{urlencode(older)}" if log.older_before else "",
    )


def _people(desk: StudyDesk, log: StudyLog) -> tuple[Choice, ...]:
    groups = (Choice(value, desk.say(word)) for value, word in _GROUPS.items())
    named = sorted((log.names[actor], actor) for actor in log.team if actor in log.names)
    return (*groups, *(Choice(actor, name) for name, actor in named))


def _line(desk: StudyDesk, event: Event, log: StudyLog, roles: dict[str, str]) -> LogLine:
    kind, _, pseudonym = event.actor.partition(":")
    is_panelist = kind == "panelist"
    actor = pseudonym if is_panelist else log.names.get(event.actor) or desk.say(_GROUPS[_ITSELF])
    return LogLine(
        sequence=event.sequence,
        occurred_at=event.occurred_at,
        actor=actor,
        is_pseudonym=is_panelist,
        sentence=event_sentence(event, log.names, roles),
        hash=event.hash,
    )
