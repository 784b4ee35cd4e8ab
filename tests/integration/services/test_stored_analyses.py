"""Stored analyses are long, and never change: each is read from the database once."""

import hashlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import update

from analysis.ratings import ratings_from_rows
from app.domain.event import canonical_json
from app.services.analysing import read_frozen_ratings
from app.services.stored_analyses import read_round_analyses
from app.storage import statements, studies
from app.storage.analyses import read_newest_decisions
from app.storage.database import Database
from app.storage.tables.rounds import round_analysis
from tests.queries import counting
from tests.running_study import STATEMENTS, RunningStudy

BEFORE_DECISIONS = "2026_11_22_1450"


@pytest.fixture
def elsewhere(database_url: str) -> Iterator[Database]:
    """The same database as another process opens it."""
    with closing(Database(database_url)) as database:
        yield database


def analysed_rounds(database: Database) -> tuple[tuple[int, ...], bool]:
    """The rounds with figures, and whether the figures themselves were asked for."""
    with database.reading() as connection, counting() as sent:
        found = read_round_analyses(connection, 1)
    return tuple(analysis.round for analysis in found), any("result" in statement for statement in sent)


def test_an_analysis_is_read_once_and_a_later_one_is_not_missed(
    open_study: RunningStudy, elsewhere: Database
) -> None:
    assert analysed_rounds(elsewhere) == ((), False)
    for number in (1, 2):
        for n in range(12):
            open_study.rate(n, dict.fromkeys(STATEMENTS, 1 + (n + number) % 3), round_number=number)
        open_study.close()
        rounds = tuple(range(1, number + 1))
        # Whoever closed the round has read its figures; another process reads them when it needs them.
        assert analysed_rounds(open_study.database) == (rounds, False)
        assert analysed_rounds(elsewhere) == (rounds, True)
        assert analysed_rounds(elsewhere) == (rounds, False)
        open_study.release()
        open_study.open()


def decided(study: RunningStudy) -> list[dict[str, dict[str, str]]]:
    """What a list of studies is told of the rounds of this one."""
    with study.database.reading() as connection:
        return read_newest_decisions(connection, [1]).get(1, [])


def test_decisions_stand_beside_an_analysis_and_are_taken_out_of_those_from_before(
    open_study: RunningStudy, database_url: str
) -> None:
    for n in range(12):
        open_study.rate(n, {"S01": 3, "S02": 1, "S03": 1 + n % 3})
    open_study.close()
    with open_study.database.reading() as connection:
        (analysis,) = read_round_analyses(connection, 1)
    expected = [{one.statement: {"agreement": str(one.decision)} for one in analysis.statements}]
    assert len({decision for by in expected[0].values() for decision in by.values()}) > 1
    assert decided(open_study) == expected
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parents[3] / "migrations"))
    config.set_main_option("sqlalchemy.url", database_url.replace("%", "%%"))
    command.downgrade(config, BEFORE_DECISIONS)
    command.upgrade(config, "head")
    assert decided(open_study) == expected
    # An earlier release, which still runs while the schema changes, knows nothing of them.
    with open_study.database.writing() as connection:
        connection.execute(update(round_analysis).values(decisions=None))
    assert decided(open_study) == expected


def test_what_an_analysis_rests_on_is_the_ratings_row_by_row(open_study: RunningStudy) -> None:
    for n in range(12):
        open_study.rate(n, {"S01": 1 + n % 3, "S03": None if n % 4 == 0 else 2})
    open_study.close()
    frozen = read_frozen_ratings(open_study.database, open_study.slug)
    query = (
        'SELECT round_number, statement.code, criterion.code, stakeholder_group.code AS "group", '
        "panelist_id, point FROM rating JOIN statement ON statement.id = statement_id "
        "JOIN criterion ON criterion.id = criterion_id JOIN panelist ON panelist.id = panelist_id "
        "JOIN stakeholder_group ON stakeholder_group.id = group_id "
        "ORDER BY round_number, statement.position, criterion.position, panelist_id"
    )
    with open_study.database.reading() as connection:
        rows = [list(row) for row in connection.exec_driver_sql(query)]
        rules = studies.protocol_in_force(connection, frozen.study_id)
        asked = tuple(statements.round_statement_ids(connection, frozen.study_id, 1))
    assert len(rows) == 24
    content = canonical_json([rules.sha256, *rows]).encode()
    assert frozen.sha256 == hashlib.sha256(content).hexdigest()
    texts = [(number, code, on, group, str(who), point) for number, code, on, group, who, point in rows]
    (here,) = frozen.ratings.rounds
    (expected,) = ratings_from_rows(texts, frozen.protocol, asked={1: asked}).rounds
    assert here.panelists == expected.panelists
    positions = here.matrices["agreement"].positions
    assert positions.tolist() == expected.matrices["agreement"].positions.tolist()
