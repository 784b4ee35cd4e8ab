"""Changing statements: freely before the panel sees them, with a reason later, never in an open round."""

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.domain.errors import ActionBlocked, DomainError, NotFound
from app.domain.event import canonical_json
from app.domain.messages import N_, Sentence
from app.domain.rating import REASON_LIMIT, checked_text
from app.domain.round import Round, RoundStatus
from app.domain.statement import LineageKind, Statement
from app.domain.study import StudyStatus, Texts, is_code

STATEMENT_LIMIT = 2000
NOTE_LIMIT = 500
ORIGIN_LIMIT = 200
LOST = "\N{REPLACEMENT CHARACTER}"
"""What stands where a program could not keep a character."""

_LAST_NUMBER = re.compile(r"(.*?)(\d+)(\D*)")


class StatementNotFound(NotFound):
    """The study has no statement of this code."""

    message = N_("The study has no statement “%(code)s”.")


class StatementChangedMeanwhile(DomainError):
    """Somebody else changed the statement since the page was opened; nothing was overwritten."""

    message = N_(
        "%(code)s was changed by somebody else since you opened this page. Nothing was overwritten: "
        "compare both below, and save again what is to count."
    )


class FieldsRefused(DomainError):
    """Some fields of a form cannot be stored; ``problems`` says of each what is wrong."""

    message = N_("Nothing was stored: %(fields)s cannot be kept as they are.")

    def __init__(self, problems: Mapping[str, DomainError]) -> None:
        self.problems = dict(problems)
        super().__init__(fields=", ".join(self.problems))


class CodeNotUsable(DomainError):
    """A code with characters that codes do not have."""

    message = N_("A code may have letters, digits, hyphens, dots and underscores only, and 40 at most.")


class CodeTaken(DomainError):
    """Another one has the code already."""

    message = N_("“%(code)s” is taken already. Choose another code.")


class TopicUnknown(DomainError):
    """The statement's topic is none of the study's."""

    message = N_("Choose a topic.")


class TextMissing(DomainError):
    """A text that must be there is empty."""

    message = N_("Write the text in at least one language.")


class NoteWithoutText(DomainError):
    """A note stands in a language in which the statement has no text."""

    message = N_("Write the statement in this language first, then the note.")


class CharacterLost(DomainError):
    """A text has the sign that stands where a program could not keep a character."""

    message = N_("A character was lost before this came here, and is now “�”. Write it again.")


class ChangeNeedsReason(DomainError):
    """What the panel has seen is to change, and no reason is given."""

    message = N_("Say why. The panel has rated this, and reads the reason beside what is new.")


class WithdrawalNeedsReason(ChangeNeedsReason):
    """What the panel has seen is to be withdrawn, and no reason is given."""

    message = N_("Say why it is withdrawn. The reason stands in the log.")


class PartsMissing(DomainError):
    """A statement is split into fewer than two, or fewer than two are merged."""

    message = N_("At least two statements are needed.")


class EntryState(StrEnum):
    """Where a statement stands between its writing and the panel."""

    NEW = "new"
    ASKED = "asked"
    REWORDED = "reworded"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class StatementDraft:
    """What a researcher wants a statement to be; an empty text in a language is none."""

    code: str
    topic: str
    text: Texts
    note: Texts = field(default_factory=dict)
    origin: str = ""


@dataclass(frozen=True)
class StatementEntry:
    """A statement in its newest version as researchers keep it.

    ``asked_version`` is the newest version that any round asked about and ``asked_in`` that round; None where
    the panel has never seen the statement.
    """

    statement: Statement
    asked_version: int | None = None
    asked_in: int | None = None
    withdrawn_at: datetime | None = None
    withdrawal_reason: str = ""

    @property
    def state(self) -> EntryState:
        """Where the statement stands."""
        if self.withdrawn_at is not None:
            return EntryState.WITHDRAWN
        if self.asked_version is None:
            return EntryState.NEW
        return EntryState.ASKED if self.asked_version == self.statement.version else EntryState.REWORDED

    @property
    def needs_reason(self) -> bool:
        """Whether another wording must say why: the panel has seen an earlier one."""
        return self.asked_version is not None

    @property
    def draft(self) -> StatementDraft:
        """What it is now, as a draft to change."""
        one = self.statement
        return StatementDraft(one.code, one.topic, one.text, one.note, one.origin)

    @property
    def fingerprint(self) -> str:
        """A short sign of all that can be changed: who saves sends back the one they have seen."""
        content = [*vars(self.draft).values(), self.statement.version, self.withdrawn_at is not None]
        return fingerprint_of(content)

    def missing(self, languages: Sequence[str]) -> tuple[str, ...]:
        """The languages in which it has no text."""
        return tuple(language for language in languages if not self.statement.text.get(language))


@dataclass(frozen=True)
class StatementVersion:
    """One wording of a statement, why it came, and the rounds that asked about it."""

    version: int
    text: Texts
    note: Texts
    change_reason: str
    created_at: datetime
    asked_in: tuple[int, ...]


@dataclass(frozen=True)
class Lineage:
    """A statement that came from another one."""

    code: str
    from_code: str
    kind: LineageKind
    reason: str


def editing_hindrance(status: StudyStatus, rounds: Sequence[Round]) -> Sentence | None:
    """Why statements cannot be changed now; None when they can."""
    if status is StudyStatus.CONCLUDED:
        return Sentence(N_("The study is concluded. Its statements stay as they are."))
    newest = rounds[-1] if rounds else None
    if newest and newest.status is RoundStatus.OPEN and not newest.asks_open_questions:
        message = N_(
            "Round %(round)s is open, so everything that its panel reads stays as it is. "
            "Statements can be changed again once it is closed."
        )
        return Sentence(message, {"round": newest.number})
    return None


def refuse_editing_now(status: StudyStatus, rounds: Sequence[Round]) -> None:
    """Refuse a change of statements, topics or evidence while the panel is rating, or after the end.

    Raises
    ------
    ActionBlocked
    """
    hindrance = editing_hindrance(status, rounds)
    if hindrance is not None:
        raise ActionBlocked([hindrance])


def checked_draft(
    draft: StatementDraft, languages: Sequence[str], topics: Collection[str], taken: Collection[str] = ()
) -> StatementDraft:
    """The draft as it will be stored: cleaned texts, and none that is empty.

    Raises
    ------
    FieldsRefused
        With every field that cannot be stored: ``code``, ``topic``, ``origin``, ``text.<language>`` and
        ``note.<language>``.
    """
    problems: dict[str, DomainError] = {}
    code = checked_code(draft.code, taken, problems)
    if draft.topic not in topics:
        problems["topic"] = TopicUnknown()
    text = checked_texts("text", draft.text, languages, STATEMENT_LIMIT, problems)
    note = checked_texts("note", draft.note, languages, NOTE_LIMIT, problems)
    if not text and not any(name.startswith("text.") for name in problems):
        problems[f"text.{languages[0]}"] = TextMissing()
    for language in note:
        if language not in text and f"text.{language}" not in problems:
            problems.setdefault(f"note.{language}", NoteWithoutText())
    origin = checked_field("origin", draft.origin, ORIGIN_LIMIT, problems)
    if problems:
        raise FieldsRefused(problems)
    return StatementDraft(code, draft.topic, text, note, origin)


def checked_code(
    given: str, taken: Collection[str], problems: dict[str, DomainError], field_name: str = "code"
) -> str:
    """A code that nobody else has; what is wrong with it is added to ``problems``."""
    code = given.strip()
    if not is_code(code):
        problems[field_name] = CodeNotUsable()
    elif code in taken:
        problems[field_name] = CodeTaken(code=code)
    return code


def checked_texts(
    name: str, given: Texts, languages: Sequence[str], limit: int, problems: dict[str, DomainError]
) -> dict[str, str]:
    """The texts that are not empty; what is wrong with one is added to ``problems``."""
    found = {
        language: checked_field(f"{name}.{language}", given.get(language, ""), limit, problems)
        for language in languages
    }
    return {language: text for language, text in found.items() if text}


def checked_field(name: str, given: str, limit: int, problems: dict[str, DomainError]) -> str:
    """One text as it will be stored; what is wrong with it is added to ``problems``."""
    try:
        return checked_whole_text(given, limit)
    except DomainError as problem:
        problems[name] = problem
        return ""


def checked_whole_text(given: str, limit: int) -> str:
    """A text of the study as it will be stored: one that lost a character would be refused in its files.

    Raises
    ------
    CharacterLost, TextTooLong, TextNotReadable
    """
    text = checked_text(given, limit)
    if LOST in text:
        raise CharacterLost
    return text


def checked_reason(
    given: str, *, is_needed: bool, missing: type[ChangeNeedsReason] = ChangeNeedsReason
) -> str:
    """The reason as it will be stored; ``missing`` says that there is none where one is needed.

    Raises
    ------
    FieldsRefused
        It is needed and missing, or cannot be kept.
    """
    problems: dict[str, DomainError] = {}
    reason = checked_field("reason", given, REASON_LIMIT, problems)
    if is_needed and not reason and not problems:
        problems["reason"] = missing()
    if problems:
        raise FieldsRefused(problems)
    return reason


def next_code(codes: Sequence[str]) -> str:
    """A free code that goes on from the last one: S53 after S52."""
    found = _LAST_NUMBER.fullmatch(codes[-1]) if codes else None
    before, number, after = (found[1], found[2], found[3]) if found else ("S", "00", "")
    taken, n = set(codes), int(number)
    while True:
        n += 1
        code = f"{before}{n:0{len(number)}}{after}"
        if code not in taken:
            return code


def part_codes(code: str, n: int, taken: Collection[str]) -> tuple[str, ...]:
    """Free codes for the parts of a statement: S07a, S07b."""
    letters = (f"{code}{letter}" for letter in "abcdefghijklmnopqrstuvwxyz")
    return tuple(one for one in letters if one not in taken)[:n]


def fingerprint_of(content: object) -> str:
    """A short sign of some content, for forms to send back."""
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()[:16]
