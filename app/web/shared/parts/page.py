"""What stands around the content: progress and deadlines, ways to go, and fields of forms and tables."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class StatementMark:
    """Whether one statement is answered, and where to answer it."""

    code: str
    href: str
    is_answered: bool


@dataclass(frozen=True, slots=True)
class TopicProgress:
    """How far one topic is answered; with ``statements``, each of them is a way in."""

    name: str
    answered: int
    total: int
    href: str
    is_current: bool = False
    statements: tuple[StatementMark, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether every statement of the topic is answered."""
        return self.answered >= self.total


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of the questionnaire is answered, optional parts left out.

    ``asks_questions``: open questions are counted, and not statements.
    """

    answered: int
    total: int
    topics: tuple[TopicProgress, ...] = ()
    asks_questions: bool = False

    @property
    def left(self) -> int:
        """How many statements wait for an answer."""
        return self.total - self.answered

    @property
    def percent(self) -> float:
        """The answered share, from 0 to 100."""
        return round(100 * self.answered / self.total, 2) if self.total else 100.0


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a round closes, seen from now, in the study's time zone."""

    at: datetime
    now: datetime
    zone: str

    @property
    def is_past(self) -> bool:
        """Whether the deadline has passed."""
        return self.at <= self.now


@dataclass(frozen=True, slots=True)
class RoundMark:
    """One round on the timeline; `when` is a short phrase such as "closed 12 May"."""

    number: int
    status: Literal["planned", "draft", "open", "closed", "fed_back"]
    when: str = ""
    href: str = ""
    kind: str = "rating"


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A number that stands for a fact; `note` puts it into proportion ("of 52 statements")."""

    value: str
    label: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step of the way to this page; the last has no address."""

    label: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class NavLink:
    """A room of the study in the researcher's navigation; `count` calls for attention when above zero."""

    label: str
    href: str
    is_current: bool = False
    count: int = 0


@dataclass(frozen=True, slots=True)
class LanguageChoice:
    """A language by its own name; `href` where a link is safe, else the switch posts a form."""

    code: str
    name: str
    is_current: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """A link that looks like a button."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field, in the same words in the summary and at the field.

    `field_id` is the id of the field's element; empty for a fault of the whole form.
    """

    field_id: str
    message: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a select, of radio buttons or of check boxes."""

    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a data table; numbers align right and sort by the cell's `data-sort`.

    With a ``href`` it is the server that sorts; ``order`` says how the table is sorted by it now.
    """

    label: str
    kind: Literal["text", "number", "figure"] = "text"
    is_sortable: bool = True
    note: str = field(default="")
    href: str = ""
    order: Literal["", "ascending", "descending"] = ""


def errors_by_field(errors: Sequence[FieldError]) -> dict[str, str]:
    """Return each field's first error, for showing beside the field what the summary says."""
    found: dict[str, str] = {}
    for error in errors:
        found.setdefault(error.field_id, error.message)
    return found
