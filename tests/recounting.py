"""Counting from the beginning how far a panel has come, to hold it against what is counted as it comes."""

from sqlalchemy import text

from app.storage.database import Connection, Database
from app.storage.response import FlowRow, count_flow

_EVERYBODY = """
    SELECT round_number, stakeholder_group.code, panelist.language,
        opened_at, started_at, submitted_at, reached_at, bounced_at, declined_at, withdrawn_at
    FROM participation
    JOIN panelist ON panelist.study_id = participation.study_id AND panelist.id = participation.panelist_id
    JOIN stakeholder_group ON stakeholder_group.study_id = panelist.study_id
        AND stakeholder_group.id = panelist.group_id
    LEFT JOIN identity ON identity.study_id = panelist.study_id AND identity.panelist_id = panelist.id
    WHERE participation.study_id = :study
    ORDER BY round_number, stakeholder_group.position, panelist.language
"""


def recount(connection: Connection, study_id: int) -> tuple[FlowRow, ...]:
    """How far the panel has come by the rows of its people, added up one after the other."""
    found: dict[tuple[int, str, str], list[int]] = {}
    for number, group, language, *moments in connection.execute(text(_EVERYBODY), {"study": study_id}):
        opened, started, submitted, reached, bounced, declined, withdrew = (at is not None for at in moments)
        counts = found.setdefault((number, group, language), [0] * 8)
        steps = (True, opened, started, submitted, reached, bounced and not reached, declined, withdrew)
        for place, is_so in enumerate(steps):
            counts[place] += is_so
    return tuple(FlowRow(*key, *counts) for key, counts in found.items())


def assert_counts_are_exact(database: Database, study_id: int = 1) -> tuple[FlowRow, ...]:
    """Hold the one against the other; return what both say."""
    with database.reading() as connection:
        counted, recounted = count_flow(connection, study_id), recount(connection, study_id)
    assert counted == recounted
    return counted
