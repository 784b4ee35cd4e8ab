"""What an opened round asks: read once, and kept until the study's contents change."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from app.domain.profile import ProfileQuestion
from app.domain.round import Round
from app.domain.statement import Evidence, Topic
from app.domain.study import Study
from app.storage import profiles, statements, studies
from app.storage.database import kept
from app.storage.statements import StoredStatement


@dataclass(frozen=True)
class Asked:
    """A round's statements in their order, what stands around them, and the internal ids.

    ``topics`` are those that have statements in the round, each with their codes. ``evidence`` holds the
    cards of each statement, by its code.
    """

    statements: tuple[StoredStatement, ...]
    topics: tuple[tuple[Topic, tuple[str, ...]], ...]
    evidence: Mapping[str, tuple[Evidence, ...]]
    profile_questions: tuple[ProfileQuestion, ...]
    statement_ids: Mapping[str, int]
    criterion_ids: Mapping[str, int]


def read_asked(connection: Connection, study: Study, round_: Round) -> Asked:
    """What a round asks; that of a drafted round may still change, and is read anew each time.

    Names of topics and evidence can change after a round: every process then sees another version of the
    study's contents, and reads anew.
    """
    if round_.opened_at is None:
        return _read(connection, study.id, round_.number)
    key = ("asked", study.id, study.contents_version, round_.number, round_.opened_at)
    return kept(connection).get(key, lambda: _read(connection, study.id, round_.number))


def _read(connection: Connection, study_id: int, round_number: int) -> Asked:
    asked = statements.read_round_statements(connection, study_id, round_number)
    cards = statements.read_evidence(connection, study_id, [one.id for one in asked])
    codes = [one.statement.code for one in asked]
    return Asked(
        statements=asked,
        topics=tuple(_with_codes(studies.read_topics(connection, study_id), asked)),
        evidence={code: tuple(card for card in cards if code in card.statements) for code in codes},
        profile_questions=profiles.read_profile_questions(connection, study_id),
        statement_ids={one.statement.code: one.id for one in asked},
        criterion_ids=studies.criterion_ids(connection, study_id),
    )


def _with_codes(
    topics: Sequence[Topic], asked: Sequence[StoredStatement]
) -> Iterator[tuple[Topic, tuple[str, ...]]]:
    for topic in topics:
        codes = tuple(one.statement.code for one in asked if one.statement.topic == topic.code)
        if codes:
            yield topic, codes
