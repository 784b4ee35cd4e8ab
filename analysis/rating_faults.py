"""What is wrong in ratings: where it stands, and a sentence that can be translated."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Self

from analysis.scale import N_, PLACE_AND_FAULT, untranslated

ROWS_NAMED = 5
ONE_ROW, SOME_ROWS, MANY_ROWS = N_("row %(rows)s"), N_("rows %(rows)s"), N_("rows %(rows)s and %(n)s more")
NO_SUCH_COLUMN = N_("the column %(name)s is missing.")
UNKNOWN_GROUP = N_("unknown group; the study has %(known)s.")
UNKNOWN_CRITERION = N_("unknown criterion; the study has %(known)s.")
OFF_SCALE = N_("the rating is not on the scale of %(criterion)s, %(low)s to %(high)s.")
NOT_ASKED = N_("this statement was not asked in this round.")
RATED_TWICE = N_("the same panelist rates the same statement on the same criterion twice in this round.")


@dataclass(frozen=True, slots=True)
class RatingFault:
    """Something wrong in the ratings: the rows (a file's line numbers, its header line 1) and a sentence.

    ``message`` and ``params`` are as those of :class:`analysis.scale.ProtocolFault`; ``file`` is named where
    the fault does not stand in the ratings themselves.
    """

    rows: tuple[int, ...]
    message: str
    params: tuple[tuple[str, str], ...] = ()
    file: str = ""

    @classmethod
    def of(cls, rows: Iterable[int], message: str, **params: object) -> Self:
        """Build with the placeholders' values as keywords."""
        return cls(tuple(rows), message, tuple((name, str(value)) for name, value in params.items()))

    def in_file(self, name: str) -> Self:
        """The same fault, of a file that is to be named."""
        return replace(self, file=name)

    def in_words(self, translate: Callable[[str], str] = untranslated) -> str:
        """The rows and what is wrong there, in the language that ``translate`` turns messages into."""
        told = translate(self.message) % dict(self.params)
        places = [self.file] if self.file else []
        if self.rows:
            named = ", ".join(str(row) for row in self.rows[:ROWS_NAMED])
            n_more = len(self.rows) - ROWS_NAMED
            message = ONE_ROW if len(self.rows) == 1 else SOME_ROWS if n_more <= 0 else MANY_ROWS
            places.append(translate(message) % {"rows": named, "n": n_more})
        return translate(PLACE_AND_FAULT) % {"label": ", ".join(places), "value": told} if places else told

    def __str__(self) -> str:
        return self.in_words()


class RatingContractError(ValueError):
    """The ratings do not keep the contract; ``faults`` names every kind of fault with its rows."""

    def __init__(self, faults: Sequence[RatingFault]) -> None:
        self.faults: tuple[RatingFault, ...] = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))
