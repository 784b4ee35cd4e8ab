"""An uploaded table of statements: a code, and of the rest what is to be new or changed."""

from collections.abc import Sequence

from app.domain.fault import Fault
from app.domain.messages import N_
from app.domain.statement_editing import ORIGIN_LIMIT, STATEMENT_LIMIT
from app.domain.statement_import import UploadedRow
from app.interchange.table_rows import CODE_LIMIT, RowReader
from app.interchange.tables import read_table

MOST_STATEMENTS = 2000


def statement_columns(languages: Sequence[str]) -> tuple[str, ...]:
    """The columns that such a table may have; only the code must be there."""
    return ("code", "topic", "origin", *(f"text_{language}" for language in languages))


def read_statement_table(
    content: bytes, file: str, languages: Sequence[str], faults: list[Fault]
) -> tuple[UploadedRow, ...]:
    """Read the rows of a table of statements; they hold only when nothing was added to ``faults``."""
    columns = statement_columns(languages)
    first_rows: dict[str, int] = {}
    rows: list[UploadedRow] = []
    for row in read_table(content, file, columns, faults, optional=set(columns) - {"code"}):
        if len(rows) == MOST_STATEMENTS:
            message = N_("is more than the %(limit)s statements that a study can take at once.")
            row.fault("code", message, limit=MOST_STATEMENTS)
            break
        read = _read_row(row, languages)
        if read.code in first_rows:
            row.fault(
                "code",
                N_("“%(code)s” is already the code of row %(row)s. Every statement needs one of its own."),
                code=read.code,
                row=first_rows[read.code],
            )
        elif read.code:
            first_rows[read.code] = row.number
        rows.append(read)
    return tuple(rows)


def _read_row(row: RowReader, languages: Sequence[str]) -> UploadedRow:
    return UploadedRow(
        number=row.number,
        code=row.code("code", when_empty=N_("is empty; every statement needs a code, such as S07.")),
        topic=row.text("topic", CODE_LIMIT) if "topic" in row else "",
        origin=row.text("origin", ORIGIN_LIMIT) if "origin" in row else "",
        text={
            language: row.text(f"text_{language}", STATEMENT_LIMIT)
            for language in languages
            if f"text_{language}" in row
        },
    )
