"""An uploaded table of people to be put on a panel, one a row."""

from collections.abc import Collection, Sequence
from typing import Final

from app.domain.fault import Fault
from app.domain.messages import N_
from app.domain.panel import Invitee
from app.interchange.panel_csv import PANEL_COLUMNS, read_invitees
from app.interchange.tables import read_table

MOST_PEOPLE: Final = 10_000


def read_panel_table(
    content: bytes, file: str, languages: Sequence[str], groups: Collection[str], faults: list[Fault]
) -> tuple[tuple[int, Invitee], ...]:
    """Read people with the numbers of their rows; they hold only when nothing was added to ``faults``."""
    rows = read_table(content, file, PANEL_COLUMNS, faults)
    if len(rows) > MOST_PEOPLE:
        message = N_("is more than the %(limit)s people that can be read at once. Divide the file.")
        rows[MOST_PEOPLE].fault("", message, limit=MOST_PEOPLE)
        return ()
    return read_invitees(rows, languages, groups)
