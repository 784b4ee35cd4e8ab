"""A form for a file of many rows, and what was wrong in the one that was sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.fault import Fault
from app.domain.messages import N_
from app.web.researcher.desk import COOKIE, StudyDesk
from app.web.shared.parts import Column
from app.web.shared.uploads import upload_of
from app.web.shared.words import in_words

MOST_FAULTS: Final = 200
"""The most faults that are listed at once; the file is uploaded again in any case."""

read_upload = upload_of(COOKIE)


@dataclass(frozen=True, slots=True)
class FaultLine:
    """One thing that is wrong: where it stands, and what to do."""

    row: int | None
    column: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Upload:
    """The form; `faults` are those of the `file` that was sent last, `error` says that there was none."""

    action: str
    cancel_href: str
    error: str
    file: str
    fault_columns: tuple[Column, ...]
    faults: tuple[FaultLine, ...]
    n_faults: int


def upload_form_of(
    desk: StudyDesk,
    *,
    action: str,
    cancel_href: str,
    error: str = "",
    file: str = "",
    faults: Sequence[Fault] = (),
) -> Upload:
    """The form in the researcher's language."""
    return Upload(
        action=action,
        cancel_href=cancel_href,
        error=error,
        file=file,
        fault_columns=(
            Column(desk.say(N_("Row")), "number"),
            Column(desk.say(N_("Column"))),
            Column(desk.say(N_("What is wrong"))),
        ),
        faults=tuple(
            FaultLine(one.row, one.field, in_words(one.sentence, desk.locale)) for one in faults[:MOST_FAULTS]
        ),
        n_faults=len(faults),
    )
