"""``statements.csv``: one statement a row, its text in every study language in a column of its own."""

from collections.abc import Collection, Sequence
from typing import Final

from app.domain.fault import Fault
from app.domain.messages import N_
from app.domain.statement import Statement
from app.domain.statement_editing import NOTE_LIMIT, ORIGIN_LIMIT, STATEMENT_LIMIT, NoteWithoutText
from app.domain.study import Texts
from app.interchange.csv_rows import read_rows
from app.interchange.csv_writing import csv_table
from app.interchange.table_rows import CODE_LIMIT, RowReader

STATEMENTS_FILE: Final = "statements.csv"


def read_statements(
    text: str, languages: Sequence[str], topics: Collection[str], faults: list[Fault]
) -> tuple[Statement, ...]:
    """Read the statements in their order; they hold only when nothing was added to ``faults``.

    Parameters
    ----------
    text
        What stands in the file.
    languages
        The study's languages: for each, the file must have a column ``text_<language>``, in which a text may
        still be missing, and may have a column ``note_<language>`` of what the panel reads under the text.
    topics
        The codes of the study's topics; empty when they are not known, and then not checked.
    faults
        Where everything that is wrong is added.
    """
    notes = _notes(languages)
    columns = (*_columns(languages), *notes)
    first_rows: dict[str, int] = {}
    statements = []
    for row in read_rows(STATEMENTS_FILE, text, columns, faults, optional=notes, may_be_empty=True):
        statement = _read_statement(row, languages, topics)
        if statement.code in first_rows:
            row.fault(
                "code",
                N_("“%(code)s” is already the code of row %(row)s. Every statement needs one of its own."),
                code=statement.code,
                row=first_rows[statement.code],
            )
        elif statement.code:
            first_rows[statement.code] = row.number
        statements.append(statement)
    return tuple(statements)


def write_statements(statements: Sequence[Statement], languages: Sequence[str]) -> bytes:
    """The file that says these statements; notes have columns where any statement has one."""
    notes = _notes(languages) if any(statement.note for statement in statements) else ()
    rows = (
        (
            statement.code,
            statement.topic,
            statement.origin,
            *(statement.text.get(language, "") for language in languages),
            *(statement.note.get(language, "") for language in languages if notes),
        )
        for statement in statements
    )
    return csv_table((*_columns(languages), *notes), rows)


def _columns(languages: Sequence[str]) -> tuple[str, ...]:
    return ("code", "topic", "origin", *(f"text_{language}" for language in languages))


def _notes(languages: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"note_{language}" for language in languages)


def _read_statement(row: RowReader, languages: Sequence[str], topics: Collection[str]) -> Statement:
    code = row.code("code", when_empty=N_("is empty; every statement needs a code, such as S07."))
    topic = row.text("topic", CODE_LIMIT, when_empty=N_("is empty; every statement belongs to a topic."))
    if topic and topics and topic not in topics:
        row.fault(
            "topic",
            N_("“%(topic)s” is not a topic of study.toml. Its topics are %(topics)s."),
            topic=topic,
            topics=", ".join(topics),
        )
    origin = row.text("origin", ORIGIN_LIMIT)
    n_faults = row.n_faults
    texts = _texts(row, "text", languages, STATEMENT_LIMIT)
    if not texts and row.n_faults == n_faults:
        row.fault(
            f"text_{languages[0]}",
            N_("is empty; every statement needs a text in at least one study language."),
        )
    notes = _texts(row, "note", [one for one in languages if f"note_{one}" in row], NOTE_LIMIT)
    if row.n_faults == n_faults:
        for language in notes.keys() - texts.keys():
            row.fault(f"note_{language}", NoteWithoutText.message)
    return Statement(code=code, topic=topic, origin=origin, text=texts, note=notes)


def _texts(row: RowReader, name: str, languages: Sequence[str], limit: int) -> Texts:
    """What stands in the columns of these languages; where nothing does, it is not said there yet."""
    return {language: text for language in languages if (text := row.text(f"{name}_{language}", limit))}
