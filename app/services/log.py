"""The log as researchers read it: a page at a time, the newest first, and held against its chain."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.domain.event import Event, first_broken_link
from app.domain.study import Study
from app.services.finding import get_study_of
from app.storage import accounts, events
from app.storage.database import Database

PAGE_SIZE: Final = 50


class Actors(StrEnum):
    """Whose doings are looked at."""

    EVERYONE = "everyone"
    TEAM = "team"
    PANEL = "panel"


_OF_PANELISTS: Final[dict[Actors, bool | None]] = {
    Actors.EVERYONE: None,
    Actors.TEAM: False,
    Actors.PANEL: True,
}


@dataclass(frozen=True)
class StudyLog:
    """A page of the log.

    ``names`` gives the researchers' names by the actor that stands in the log. ``older_before`` leads to the
    page of older entries; None when there is none. ``n_events`` counts the whole log.
    """

    study: Study
    events: tuple[Event, ...]
    names: Mapping[str, str]
    older_before: int | None
    n_events: int


@dataclass(frozen=True)
class ChainCheck:
    """The whole log held against its chain; ``broken_at`` is the first entry that does not fit, if any."""

    n_events: int
    head: str
    broken_at: int | None


def read_log(
    database: Database, slug: str, *, actors: Actors = Actors.EVERYONE, before: int | None = None
) -> StudyLog:
    """What happened in a study, the newest first.

    Raises
    ------
    StudyNotFound
    """
    with database.reading() as connection:
        study = get_study_of(connection, slug)
        found = events.read_newest_events(
            connection, study.id, of_panelists=_OF_PANELISTS[actors], before=before, limit=PAGE_SIZE + 1
        )
        shown = found[:PAGE_SIZE]
        names = accounts.read_names(connection, _researchers_in(shown))
        n_events, _ = events.read_chain_head(connection, study.id)
        return StudyLog(
            study=study,
            events=shown,
            names={_actor(researcher_id): name for researcher_id, name in names.items()},
            older_before=shown[-1].sequence if len(found) > PAGE_SIZE else None,
            n_events=n_events,
        )


def check_log(database: Database, slug: str) -> ChainCheck:
    """Compute every hash of the log again, from the first entry to the last.

    Raises
    ------
    StudyNotFound
    """
    with database.reading() as connection:
        study = get_study_of(connection, slug)
        n_events, head = events.read_chain_head(connection, study.id)
        broken_at = first_broken_link(events.read_events(connection, study.id), head, n_events)
        return ChainCheck(n_events, head, broken_at)


def _researchers_in(shown: Iterable[Event]) -> set[int]:
    """Everybody of the team who acted, or whom an action was about."""
    found = {int(event.actor.partition(":")[2]) for event in shown if event.actor.startswith("researcher:")}
    about = (event.payload.get("researcher") for event in shown)
    return found | {researcher_id for researcher_id in about if isinstance(researcher_id, int)}


def _actor(researcher_id: int) -> str:
    return f"researcher:{researcher_id}"
