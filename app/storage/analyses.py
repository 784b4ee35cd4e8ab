"""The stored analyses of rounds, as they were written."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import Connection, bindparam, select

from app.storage.tables.rounds import round_analysis

_IN_ORDER = (
    select(round_analysis.c.study_id, round_analysis.c.round_number, round_analysis.c.result)
    .where(round_analysis.c.study_id.in_(bindparam("studies", expanding=True)))
    .order_by(round_analysis.c.study_id, round_analysis.c.round_number, round_analysis.c.id)
)


def read_newest_results(connection: Connection, study_ids: Collection[int]) -> dict[int, dict[int, str]]:
    """The newest result (JSON) of every analysed round of these studies, by study and round, in order."""
    newest: dict[int, dict[int, str]] = defaultdict(dict)
    for row in connection.execute(_IN_ORDER, {"studies": list(study_ids)}):
        newest[row.study_id][row.round_number] = row.result
    return newest
