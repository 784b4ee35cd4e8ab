"""The log as its readers see it: a page at a time, the newest first, and held against its chain."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from app.domain.event import Event, first_broken_link
from app.domain.study import Study
from app.services.finding import get_study_of
from app.storage import accounts, events
from app.storage.database import Database
from app.storage.events import EventFilter

PAGE_SIZE: Final = 50
RESEARCHER: Final = "researcher:"

EVERYTHING: Final = EventFilter()


@dataclass(frozen=True)
class StudyLog:
    """A page of the log.

    ``names`` gives the researchers' names by the actor that stands in the log; ``team`` everybody but
    panelists who ever acted. ``older_before`` leads to the page of older entries; None when there is none.
    ``n_events`` counts the whole log.
    """

    study: Study
    events: tuple[Event, ...]
    names: Mapping[str, str]
    team: frozenset[str]
    older_before: int | None
    n_events: int


@dataclass(frozen=True)
class ChainCheck:
    """The whole log held against its chain; ``broken_at`` is the first entry that does not fit, if any."""

    n_events: int
    head: str
    broken_at: int | None


def read_log(
    database: Database, slug: str, wanted: EventFilter = EVERYTHING, *, before: int | None = None
) -> StudyLog:
    """What happened in a study, the newest first.

    Raises
    ------
    StudyNotFound
    """
    with database.reading() as connection:
        study = get_study_of(connection, slug)
        found = events.read_newest_events(connection, study.id, wanted, before=before, limit=PAGE_SIZE + 1)
        shown = found[:PAGE_SIZE]
        team = events.read_actors(connection, study.id)
        names = accounts.read_names(connection, _researchers_in(shown, team))
        n_events, _ = events.read_chain_head(connection, study.id)
        return StudyLog(
            study=study,
            events=shown,
            names={f"{RESEARCHER}{researcher_id}": name for researcher_id, name in names.items()},
            team=team,
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
        broken_at = first_broken_link(events.read_links(connection, study.id), head, n_events)
        return ChainCheck(n_events, head, broken_at)


def find_entry(database: Database, slug: str, printed: str) -> int | None:
    """The number of the entry whose hash was printed, as in a report; None when the log has none such.

    Raises
    ------
    StudyNotFound
    """
    with database.reading() as connection:
        return events.find_sequence(connection, get_study_of(connection, slug).id, printed)


def _researchers_in(shown: Iterable[Event], team: Iterable[str]) -> set[int]:
    """Everybody of the team who ever acted, or whom a shown action was about."""
    found = {int(actor.removeprefix(RESEARCHER)) for actor in team if actor.startswith(RESEARCHER)}
    about = (event.payload.get("researcher") for event in shown)
    return found | {researcher_id for researcher_id in about if isinstance(researcher_id, int)}
