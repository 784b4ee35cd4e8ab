"""Putting people on the panel: one by hand, or a table, looked at first, then stored whole or not at all.

Whoever joins while a round is open is asked from the next round on; the personal link is issued when its
invitation goes out.
"""

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Final

from app.clock import Clock
from app.domain.account import Researcher
from app.domain.event import EventKind
from app.domain.fault import Fault
from app.domain.import_preview import NothingToImport
from app.domain.messages import Sentence
from app.domain.panel import Invitee, new_pseudonyms
from app.domain.panel_editing import (
    ComparedPerson,
    GroupsChanged,
    PersonKind,
    checked_invitee,
    compare_people,
    panel_hindrance,
    refuse_panel_changes,
    round_missed,
)
from app.domain.protocol import Protocol
from app.domain.study import Study
from app.interchange.panel_table import read_panel_table
from app.interchange.tables import encoding_of
from app.services.finding import get_study_of, hold_study_of
from app.services.kept_uploads import find_upload, keep_upload
from app.storage import panel_changes, previews, rounds, studies
from app.storage.database import Connection, Database
from app.storage.events import append_event

_KIND: Final = "panel"


@dataclass(frozen=True)
class OpenPanel:
    """What somebody who puts people on the panel must know.

    ``hindrance`` says why nobody can join, and ``round_missed`` in which open round nobody new is asked.
    """

    study: Study
    protocol: Protocol
    hindrance: Sentence | None
    round_missed: int | None


@dataclass(frozen=True)
class PanelPreview:
    """What an uploaded table of people would do; ``token`` names it as long as it waits.

    ``encoding`` is what was assumed of a file that does not say how it is written.
    """

    panel: OpenPanel
    file: str
    rows: tuple[ComparedPerson, ...]
    faults: tuple[Fault, ...] = ()
    token: str = ""
    encoding: str = ""

    def of_kind(self, kind: PersonKind) -> tuple[ComparedPerson, ...]:
        """The rows that would do this."""
        return tuple(row for row in self.rows if row.kind is kind)


def read_open_panel(database: Database, slug: str) -> OpenPanel:
    """Whether people can be put on the panel, and into which groups.

    Raises
    ------
    StudyNotFound
    """
    with database.reading() as connection:
        return _open_panel(connection, get_study_of(connection, slug))


def add_panelist(database: Database, clock: Clock, slug: str, actor: str, typed: Invitee) -> None:
    """Put one person on the panel, under a random pseudonym.

    Raises
    ------
    StudyNotFound, ActionBlocked, FieldsRefused
    """
    with database.writing() as connection:
        study = hold_study_of(connection, slug)
        refuse_panel_changes(study.status)
        groups = studies.protocol_in_force(connection, study.id).protocol.group_codes
        taken = {one.email for one in panel_changes.read_invitees(connection, study.id)}
        invitee = checked_invitee(typed, groups, study.languages, taken)
        _add(connection, clock, study, actor, [invitee])


def preview_panel(
    database: Database, clock: Clock, slug: str, researcher: Researcher, file: str, content: bytes
) -> PanelPreview:
    """Read an uploaded table of people, and keep it to be stored if nothing is wrong in it.

    Raises
    ------
    StudyNotFound, ActionBlocked
    """
    panel = read_open_panel(database, slug)
    refuse_panel_changes(panel.study.status)
    faults: list[Fault] = []
    groups = panel.protocol.group_codes
    rows = read_panel_table(content, file, panel.study.languages, groups, faults)
    if faults:
        return PanelPreview(panel, file, (), tuple(faults))
    token = secrets.token_urlsafe(24)
    kept = {
        "file": file,
        "encoding": encoding_of(content),
        "rows": [[number, asdict(invitee)] for number, invitee in rows],
    }
    with database.writing() as connection:
        keep_upload(connection, panel.study, researcher, token, _KIND, kept, clock.now())
        return _preview(connection, panel, file, rows, token)


def read_panel_preview(
    database: Database, clock: Clock, slug: str, researcher: Researcher, token: str
) -> PanelPreview:
    """A preview that waits, compared with the panel as it is now.

    Raises
    ------
    StudyNotFound, PreviewGone
    """
    with database.reading() as connection:
        study = get_study_of(connection, slug)
        return _waiting(connection, clock, study, researcher, token)


def store_panel_preview(
    database: Database, clock: Clock, slug: str, researcher: Researcher, token: str
) -> None:
    """Put everybody of a preview on the panel who is not there yet, or nobody.

    Raises
    ------
    StudyNotFound, PreviewGone, ActionBlocked, NothingToImport
    GroupsChanged
        Somebody is of a group, or reads a language, that the study no longer has.
    """
    with database.writing() as connection:
        study = hold_study_of(connection, slug)
        refuse_panel_changes(study.status)
        preview = _waiting(connection, clock, study, researcher, token)
        people = [row.invitee for row in preview.of_kind(PersonKind.NEW)]
        if not people:
            raise NothingToImport
        groups = preview.panel.protocol.group_codes
        if any(one.group not in groups or one.language not in study.languages for one in people):
            raise GroupsChanged
        previews.remove_preview(connection, study.id, token)
        _add(connection, clock, study, researcher.actor, people)


def _add(connection: Connection, clock: Clock, study: Study, actor: str, people: Sequence[Invitee]) -> None:
    taken = panel_changes.read_pseudonyms(connection, study.id)
    named = list(zip(new_pseudonyms(len(people), taken), people, strict=True))
    now = clock.now()
    panel_changes.insert_panelists(connection, study.id, named, now)
    payload = {"n_panelists": len(people)}
    append_event(connection, study.id, EventKind.PANELISTS_ADDED, actor, now, payload)


def _waiting(
    connection: Connection, clock: Clock, study: Study, researcher: Researcher, token: str
) -> PanelPreview:
    kept = find_upload(connection, study, researcher, token, _KIND, clock.now())
    rows = [(number, Invitee(**invitee)) for number, invitee in kept["rows"]]
    preview = _preview(connection, _open_panel(connection, study), kept["file"], rows, token)
    return replace(preview, encoding=kept.get("encoding", ""))


def _preview(
    connection: Connection, panel: OpenPanel, file: str, rows: Sequence[tuple[int, Invitee]], token: str
) -> PanelPreview:
    there = panel_changes.read_invitees(connection, panel.study.id)
    return PanelPreview(panel, file, compare_people(rows, there), token=token)


def _open_panel(connection: Connection, study: Study) -> OpenPanel:
    return OpenPanel(
        study=study,
        protocol=studies.protocol_in_force(connection, study.id).protocol,
        hindrance=panel_hindrance(study.status),
        round_missed=round_missed(rounds.read_rounds(connection, study.id)),
    )
