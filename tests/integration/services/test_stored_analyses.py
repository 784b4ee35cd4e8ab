"""Stored analyses are long, and never change: each is read from the database once."""

import hashlib

from analysis.ratings import ratings_from_rows
from app.domain.event import canonical_json
from app.services.analysing import read_frozen_ratings
from app.services.stored_analyses import read_round_analyses
from app.storage import statements, studies
from tests.queries import counting
from tests.running_study import STATEMENTS, RunningStudy


def analysed_rounds(study: RunningStudy) -> tuple[tuple[int, ...], bool]:
    """The rounds with figures, and whether the figures themselves were asked for."""
    with study.database.reading() as connection, counting() as sent:
        found = read_round_analyses(connection, 1)
    return tuple(analysis.round for analysis in found), any("result" in statement for statement in sent)


def test_an_analysis_is_read_once_and_a_later_one_is_not_missed(open_study: RunningStudy) -> None:
    assert analysed_rounds(open_study) == ((), False)
    for number in (1, 2):
        for n in range(12):
            open_study.rate(n, dict.fromkeys(STATEMENTS, 1 + (n + number) % 3), round_number=number)
        open_study.close()
        rounds = tuple(range(1, number + 1))
        assert analysed_rounds(open_study) == (rounds, True)
        assert analysed_rounds(open_study) == (rounds, False)
        open_study.release()
        open_study.open()


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
