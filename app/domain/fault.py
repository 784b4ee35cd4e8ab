"""A fault in a file that somebody wants to import: where it stands, and what to do about it."""

import dataclasses
from collections.abc import Mapping

from app.domain.messages import N_, Sentence

_PLACES = {
    (False, False): N_("%(file)s"),
    (False, True): N_("%(file)s, %(field)s"),
    (True, False): N_("%(file)s, row %(row)s"),
    (True, True): N_("%(file)s, row %(row)s, %(field)s"),
}


@dataclasses.dataclass(frozen=True)
class Fault:
    """One thing that is wrong in a file.

    ``row`` counts from 1, as a spreadsheet or an editor shows it; it is None where the fault concerns the
    whole file, or a field named by its path. ``field`` is a column, or a path such as
    ``protocol.rounds``; it is empty where the whole row or file is meant. ``message`` is an English msgid
    that ``params`` fill.
    """

    file: str
    row: int | None
    field: str
    message: str
    params: Mapping[str, object] = dataclasses.field(default_factory=dict)

    @property
    def place(self) -> Sentence:
        """Where the fault stands."""
        message = _PLACES[self.row is not None, bool(self.field)]
        return Sentence(message, {"file": self.file, "row": self.row, "field": self.field})

    @property
    def sentence(self) -> Sentence:
        """What is wrong and what to do."""
        return Sentence(self.message, self.params)

    def __str__(self) -> str:
        return f"{self.place}: {self.sentence}"
