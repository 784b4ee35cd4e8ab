"""The panel as researchers see it: groups against their targets, and how far each pseudonym has come."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.domain.link import person_sign
from app.domain.panel import Panelist, Participation
from app.domain.protocol import Protocol
from app.domain.study import Study
from app.services.finding import get_study_of
from app.services.paging import page_within
from app.storage import panel_states, response, rounds, studies
from app.storage.database import Database
from app.storage.panel_states import GroupCount, Person
from app.storage.response import FlowRow

PAGE_SIZE: Final = 100


@dataclass(frozen=True)
class PanelStates:
    """One page of the panel.

    ``states`` gives by pseudonym and round how far somebody has come; rounds they were not asked in are
    absent.
    ``n_matching`` counts the panelists on all pages, ``n_unreachable`` those whose address takes no mail.
    """

    study: Study
    protocol: Protocol
    round_numbers: tuple[int, ...]
    groups: tuple[GroupCount, ...]
    flow: tuple[FlowRow, ...]
    panelists: tuple[Panelist, ...]
    states: Mapping[str, Mapping[int, Participation]]
    n_matching: int
    page: int
    n_unreachable: int


@dataclass(frozen=True)
class People:
    """One page of those invited, with their names, each by the sign that stands for them in an address.

    ``n_people`` counts all, ``n_unreachable`` those who have not left and whose address takes no mail.
    """

    study: Study
    protocol: Protocol
    people: Mapping[str, Person]
    n_people: int
    n_unreachable: int
    page: int


def read_panel_states(
    database: Database, slug: str, *, group: str | None = None, page: int = 1
) -> PanelStates:
    """The panel under its pseudonyms, of one group or all.

    Raises
    ------
    StudyNotFound
    """
    with database.reading() as connection:
        study = get_study_of(connection, slug)
        groups = panel_states.count_groups(connection, study.id)
        n_matching = sum(counted.n_panelists for counted in groups if group in (None, counted.group))
        shown = page_within(page, n_matching, PAGE_SIZE)
        panelists = panel_states.read_panelists(
            connection, study.id, group=group, limit=PAGE_SIZE, offset=(shown - 1) * PAGE_SIZE
        )
        states = panel_states.read_participations(connection, study.id, [p.id for p in panelists])
        return PanelStates(
            study=study,
            protocol=studies.protocol_in_force(connection, study.id).protocol,
            round_numbers=tuple(round_.number for round_ in rounds.read_rounds(connection, study.id)),
            groups=groups,
            flow=response.count_flow(connection, study.id),
            panelists=panelists,
            states={p.pseudonym: states.get(p.id, {}) for p in panelists},
            n_matching=n_matching,
            page=shown,
            n_unreachable=panel_states.count_unreachable(connection, study.id),
        )


def read_people(
    database: Database, slug: str, secret: bytes, *, page: int = 1, unreachable: bool = False
) -> People:
    """Who was invited, by name: for those who may know, and without anything that leads to a pseudonym.

    All of them, or those who have not left and whom no mail reaches.

    Raises
    ------
    StudyNotFound
    """
    with database.reading() as connection:
        study = get_study_of(connection, slug)
        n_people = panel_states.count_people(connection, study.id)
        n_unreachable = panel_states.count_unreachable(connection, study.id)
        shown = page_within(page, n_unreachable if unreachable else n_people, PAGE_SIZE)
        return People(
            study=study,
            protocol=studies.protocol_in_force(connection, study.id).protocol,
            people={
                person_sign(secret, study.id, panelist_id): person
                for panelist_id, person in panel_states.read_people(
                    connection,
                    study.id,
                    limit=PAGE_SIZE,
                    offset=(shown - 1) * PAGE_SIZE,
                    unreachable=unreachable,
                )
            },
            n_people=n_people,
            n_unreachable=n_unreachable,
            page=shown,
        )
