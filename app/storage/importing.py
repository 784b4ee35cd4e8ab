"""Storing a whole new study at once; what has a code gets its internal id here, 1 to n within the study."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, insert
from sqlalchemy.exc import IntegrityError

from app.domain.errors import StudyAlreadyImported
from app.domain.event import canonical_json
from app.domain.protocol import protocol_sha256
from app.domain.study import StudyStatus
from app.domain.study_definition import StudyDefinition
from app.storage.events import start_chain
from app.storage.planned_questions import replace_planned_questions
from app.storage.profiles import replace_profile_questions
from app.storage.tables import panel, statement, study
from app.storage.themes import insert_theme, match_statements

_FIRST_VERSION = 1

_Row = Mapping[str, Any]


def insert_whole_study(
    connection: Connection, definition: StudyDefinition, pseudonyms: Sequence[str], at: datetime
) -> int:
    """Store everything that a definition says, with an empty log, and return the study's internal id.

    Parameters
    ----------
    connection
        A transaction that writes; after a refusal nothing more can be done with it.
    definition
        The study, already checked.
    pseudonyms
        One for each line of the panel, all different.
    at
        When this happens.

    Raises
    ------
    StudyAlreadyImported
        There is a study of this slug.
    """
    study_id = _insert_study(connection, definition, at)
    insertions = (
        *_protocol_rows(definition, at),
        *_topic_rows(definition),
        *_statement_rows(definition, at),
        *_evidence_rows(definition),
        *_panel_rows(definition, pseudonyms, at),
    )
    for table, rows in insertions:
        listed = [{"study_id": study_id, **row} for row in rows]
        if listed:
            connection.execute(insert(table), listed)
    replace_profile_questions(connection, study_id, definition.profile_questions)
    replace_planned_questions(connection, study_id, definition.open_questions)
    _insert_themes(connection, study_id, definition)
    start_chain(connection, study_id)
    return study_id


def _insert_themes(connection: Connection, study_id: int, definition: StudyDefinition) -> None:
    for matched in definition.themes:
        number = insert_theme(connection, study_id, matched.theme.draft, matched.theme.position)
        match_statements(connection, study_id, number, matched.statements, ())


def _insert_study(connection: Connection, definition: StudyDefinition, at: datetime) -> int:
    row = {
        "slug": definition.slug,
        "status": StudyStatus.DRAFT,
        "time_zone": definition.time_zone,
        "synthetic": definition.synthetic,
        "contact": definition.contact,
        "minutes_per_round": definition.minutes_per_round,
        "created_at": at,
    }
    try:
        study_id: int = connection.execute(insert(study.study).returning(study.study.c.id), row).scalar_one()
    except IntegrityError as error:
        raise StudyAlreadyImported(slug=definition.slug) from error
    return study_id


_Insertion = tuple[Table, Iterable[_Row]]


def _protocol_rows(definition: StudyDefinition, at: datetime) -> tuple[_Insertion, ...]:
    texts = vars(definition.texts)
    return (
        (
            study.study_text,
            (
                {"language": language, "position": position}
                | {name: by_language[language] for name, by_language in texts.items()}
                for position, language in enumerate(definition.languages, start=1)
            ),
        ),
        (
            study.protocol_version,
            [
                {
                    "version": _FIRST_VERSION,
                    "tables": canonical_json(definition.tables),
                    "sha256": protocol_sha256(definition.tables),
                    "created_at": at,
                    "amendment_reason": "",
                }
            ],
        ),
        (study.stakeholder_group, _coded(definition.protocol.group_codes)),
        (study.criterion, _coded(definition.protocol.criterion_codes)),
    )


def _topic_rows(definition: StudyDefinition) -> tuple[_Insertion, ...]:
    return (
        (study.topic, _coded(topic.code for topic in definition.topics)),
        (
            study.topic_text,
            (
                {"topic_id": number, "language": language, "name": name}
                for number, topic in enumerate(definition.topics, start=1)
                for language, name in topic.name.items()
            ),
        ),
    )


def _statement_rows(definition: StudyDefinition, at: datetime) -> tuple[_Insertion, ...]:
    topic_ids = _numbers(topic.code for topic in definition.topics)
    numbered = list(enumerate(definition.statements, start=1))
    return (
        (
            statement.statement,
            (
                {
                    "id": number,
                    "code": stated.code,
                    "topic_id": topic_ids[stated.topic],
                    "position": number,
                    "origin": stated.origin,
                    "withdrawal_reason": "",
                }
                for number, stated in numbered
            ),
        ),
        (
            statement.statement_version,
            (
                {
                    "statement_id": number,
                    "version": _FIRST_VERSION,
                    "change_reason": "",
                    "created_at": at,
                }
                for number, _ in numbered
            ),
        ),
        (
            statement.statement_text,
            (
                {
                    "statement_id": number,
                    "version": _FIRST_VERSION,
                    "language": language,
                    "text": text,
                    "note": stated.note.get(language, ""),
                }
                for number, stated in numbered
                for language, text in stated.text.items()
            ),
        ),
    )


def _evidence_rows(definition: StudyDefinition) -> tuple[_Insertion, ...]:
    statement_ids = _numbers(stated.code for stated in definition.statements)
    numbered = list(enumerate(definition.evidence, start=1))
    return (
        (
            statement.evidence,
            (
                {
                    "id": number,
                    "code": card.code,
                    "position": number,
                    "kind": card.kind,
                    "country": card.country,
                    "source": card.source,
                }
                for number, card in numbered
            ),
        ),
        (
            statement.evidence_text,
            (
                {
                    "evidence_id": number,
                    "language": language,
                    "title": card.title.get(language, ""),
                    "what": card.what.get(language, ""),
                    "why": card.why.get(language, ""),
                }
                for number, card in numbered
                for language in definition.languages
                if language in {**card.title, **card.what, **card.why}
            ),
        ),
        (
            statement.statement_evidence,
            (
                {"statement_id": statement_ids[code], "evidence_id": number}
                for number, card in numbered
                for code in card.statements
            ),
        ),
    )


def _panel_rows(
    definition: StudyDefinition, pseudonyms: Sequence[str], at: datetime
) -> tuple[_Insertion, ...]:
    group_ids = _numbers(definition.protocol.group_codes)
    numbered = list(enumerate(definition.panel, start=1))
    return (
        (
            panel.panelist,
            (
                {
                    "id": number,
                    "pseudonym": pseudonyms[number - 1],
                    "group_id": group_ids[invitee.group],
                    "language": invitee.language,
                    "created_at": at,
                }
                for number, invitee in numbered
            ),
        ),
        (
            panel.identity,
            (
                {"panelist_id": number, "name": invitee.name, "email": invitee.email}
                for number, invitee in numbered
            ),
        ),
    )


def _coded(codes: Iterable[str]) -> list[_Row]:
    return [{"id": number, "code": code, "position": number} for number, code in enumerate(codes, start=1)]


def _numbers(codes: Iterable[str]) -> dict[str, int]:
    return {code: number for number, code in enumerate(codes, start=1)}
