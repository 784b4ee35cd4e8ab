"""The evidence beside statements: cards added, changed and removed."""

from dataclasses import dataclass

from app.clock import Clock
from app.domain.event import EventKind
from app.domain.evidence_editing import (
    CardChangedMeanwhile,
    CardInUse,
    CardNotFound,
    card_fingerprint,
    checked_card,
)
from app.domain.statement import Evidence
from app.domain.study import Study
from app.services.finding import get_study_of
from app.services.statement_holding import HeldStatements, hold_statements, record_change
from app.storage import evidence_changes, statements
from app.storage.database import Connection, Database
from app.storage.statement_entries import read_entries


@dataclass(frozen=True)
class CardDesk:
    """One card of evidence in its study."""

    study: Study
    card: Evidence


def read_card(database: Database, slug: str, code: str) -> CardDesk:
    """One card.

    Raises
    ------
    StudyNotFound, CardNotFound
    """
    with database.reading() as connection:
        study = get_study_of(connection, slug)
        ids = [one.id for one in read_entries(connection, study.id)]
        return CardDesk(study, _find(statements.read_evidence(connection, study.id, ids), code))


def list_card_codes(database: Database, slug: str) -> tuple[str, ...]:
    """The codes of all cards.

    Raises
    ------
    StudyNotFound
    """
    with database.reading() as connection:
        return evidence_changes.read_card_codes(connection, get_study_of(connection, slug).id)


def add_card(database: Database, clock: Clock, slug: str, actor: str, card: Evidence) -> None:
    """Store a new card.

    Raises
    ------
    StudyNotFound, ActionBlocked, FieldsRefused
    """
    with database.writing() as connection:
        held = hold_statements(connection, slug)
        taken = evidence_changes.read_card_codes(connection, held.study.id)
        new = checked_card(card, held.study.languages, held.codes, taken)
        _store(connection, clock, held, actor, None, new)


def change_card(
    database: Database, clock: Clock, slug: str, actor: str, card: Evidence, *, known: str
) -> None:
    """Store what a card is to say, if it still says what the editor has ``known``.

    Raises
    ------
    StudyNotFound, CardNotFound, ActionBlocked, CardChangedMeanwhile, FieldsRefused
    """
    with database.writing() as connection:
        held = hold_statements(connection, slug)
        stored = _find(_read(connection, held), card.code)
        if card_fingerprint(stored) != known:
            raise CardChangedMeanwhile(code=card.code)
        changed = checked_card(card, held.study.languages, held.codes, ())
        _store(connection, clock, held, actor, stored.code, changed)


def remove_card(database: Database, clock: Clock, slug: str, actor: str, code: str) -> None:
    """Remove a card; nobody can open it any more.

    Raises
    ------
    StudyNotFound, CardNotFound, ActionBlocked, CardInUse
    """
    with database.writing() as connection:
        held = hold_statements(connection, slug)
        stored = _find(_read(connection, held), code)
        if evidence_changes.is_card_in_use(connection, held.study.id, code):
            raise CardInUse(code=code)
        evidence_changes.remove_card(connection, held.study.id, code)
        payload = {"card": code, "statements": list(stored.statements)}
        record_change(connection, held.study, EventKind.EVIDENCE_REMOVED, actor, clock.now(), payload)


def _store(
    connection: Connection, clock: Clock, held: HeldStatements, actor: str, code: str | None, card: Evidence
) -> None:
    evidence_changes.store_card(connection, held.study.id, code, card)
    payload = {"card": card.code, "statements": list(card.statements), "title": dict(card.title)}
    record_change(connection, held.study, EventKind.EVIDENCE_CHANGED, actor, clock.now(), payload)


def _read(connection: Connection, held: HeldStatements) -> tuple[Evidence, ...]:
    return statements.read_evidence(connection, held.study.id, [one.id for one in held.stored])


def _find(cards: tuple[Evidence, ...], code: str) -> Evidence:
    for card in cards:
        if card.code == code:
            return card
    raise CardNotFound(code=code[:40])
