"""An uploaded table of texts from elsewhere: each with where it comes from, and its language."""

from collections.abc import Sequence
from typing import Final

from app.domain.fault import Fault
from app.domain.material import MOST_PIECES_AT_ONCE, SOURCE_LIMIT, TextFromElsewhere
from app.domain.messages import N_
from app.domain.rating import COMMENT_LIMIT
from app.interchange.table_rows import CODE_LIMIT, RowReader
from app.interchange.tables import read_table

EXPERIENCE_COLUMNS: Final = ("text", "source", "language")


def read_experience_table(
    content: bytes, file: str, languages: Sequence[str], faults: list[Fault]
) -> tuple[TextFromElsewhere, ...]:
    """Read the rows of a table of texts; they hold only when nothing was added to ``faults``."""
    first_rows: dict[TextFromElsewhere, int] = {}
    for row in read_table(content, file, EXPERIENCE_COLUMNS, faults):
        if len(first_rows) == MOST_PIECES_AT_ONCE:
            message = N_(
                "is more than the %(limit)s texts that are taken at once. Bring in the rest afterwards."
            )
            row.fault("text", message, limit=MOST_PIECES_AT_ONCE)
            break
        n_before = row.n_faults
        read = _read_row(row, languages)
        if row.n_faults > n_before:
            continue
        if read in first_rows:
            row.fault("text", N_("is the same as row %(row)s. Delete one of them."), row=first_rows[read])
        else:
            first_rows[read] = row.number
    return tuple(first_rows)


def _read_row(row: RowReader, languages: Sequence[str]) -> TextFromElsewhere:
    text = row.text("text", COMMENT_LIMIT, when_empty=N_("is empty. Write the text, or delete the row."))
    source = row.text(
        "source",
        SOURCE_LIMIT,
        when_empty=N_("is empty. Say in a few words where the text comes from."),
    )
    language = row.text(
        "language", CODE_LIMIT, when_empty=N_("is empty. Say in which language the text is written.")
    ).lower()
    if language and language not in languages:
        row.fault(
            "language",
            N_("“%(language)s” is not a language of this study. Its languages are %(languages)s."),
            language=language,
            languages=", ".join(languages),
        )
    return TextFromElsewhere(text, " ".join(source.split()), language)
