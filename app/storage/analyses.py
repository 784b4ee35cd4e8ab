"""The stored analyses of rounds, as they were written."""

from sqlalchemy import Connection, bindparam, select

from app.storage.tables.rounds import round_analysis

_IN_ORDER = (
    select(round_analysis.c.round_number, round_analysis.c.result)
    .where(round_analysis.c.study_id == bindparam("study"))
    .order_by(round_analysis.c.round_number, round_analysis.c.id)
)


def read_newest_results(connection: Connection, study_id: int) -> dict[int, str]:
    """The newest result (JSON) of every analysed round, by round number, first round first."""
    rows = connection.execute(_IN_ORDER, {"study": study_id})
    return {row.round_number: row.result for row in rows}
