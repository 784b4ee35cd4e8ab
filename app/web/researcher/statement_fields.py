"""The fields in which a statement is written, in all languages of its study."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.errors import DomainError
from app.domain.statement import Topic
from app.domain.statement_editing import (
    NOTE_LIMIT,
    STATEMENT_LIMIT,
    FieldsRefused,
    StatementDraft,
)
from app.web.researcher.desk import StudyDesk
from app.web.researcher.texts import told
from app.web.shared.parts import Choice, FieldError, WordSpan
from app.web.shared.submission import SentForm
from app.web.shared.wording import changed_words
from app.web.shared.words import error_in_words


@dataclass(frozen=True, slots=True)
class LanguageFields:
    """The text and the note in one language."""

    code: str
    name: str
    text: str
    note: str


@dataclass(frozen=True, slots=True)
class StatementFields:
    """One statement to be written; ``prefix`` stands before the names of its fields where there are several.

    ``errors`` are by the fields' whole names. The code of a statement that is there already stays.
    """

    prefix: str
    code: str
    code_is_fixed: bool
    topic: str
    origin: str
    languages: tuple[LanguageFields, ...]
    topics: tuple[Choice, ...]
    errors: Mapping[str, str]
    text_maximum: int = STATEMENT_LIMIT
    note_maximum: int = NOTE_LIMIT


@dataclass(frozen=True, slots=True)
class TextDifference:
    """What is stored now and what was typed, in one language, word by word."""

    name: str
    language: str
    stored: str
    spans: tuple[WordSpan, ...]


def typed_draft(
    form: SentForm, languages: Sequence[str], *, code: str = "", prefix: str = ""
) -> StatementDraft:
    """What was typed; the code too, where it is not given."""
    return StatementDraft(
        code=code or form.one(f"{prefix}code").strip(),
        topic=form.one(f"{prefix}topic"),
        text={one: form.one(f"{prefix}text.{one}") for one in languages},
        note={one: form.one(f"{prefix}note.{one}") for one in languages},
        origin=form.one(f"{prefix}origin"),
    )


def statement_fields(
    desk: StudyDesk,
    topics: Sequence[Topic],
    draft: StatementDraft,
    *,
    prefix: str = "",
    code_is_fixed: bool = False,
    errors: Mapping[str, str] | None = None,
) -> StatementFields:
    """The fields with a draft in them."""
    return StatementFields(
        prefix=prefix,
        code=draft.code,
        code_is_fixed=code_is_fixed,
        topic=draft.topic,
        origin=draft.origin,
        languages=tuple(
            LanguageFields(
                code, desk.written.language(code), draft.text.get(code, ""), draft.note.get(code, "")
            )
            for code in desk.study.languages
        ),
        topics=tuple(Choice(topic.code, told(topic.name, desk.locale).text) for topic in topics),
        errors=errors or {},
    )


def problems_in_words(desk: StudyDesk, refusal: DomainError | None) -> dict[str, str]:
    """What is wrong with each field, in the researcher's language."""
    if not isinstance(refusal, FieldsRefused):
        return {}
    return {name: error_in_words(problem, desk.locale) for name, problem in refusal.problems.items()}


def field_errors(errors: Mapping[str, str]) -> tuple[FieldError, ...]:
    """The same for the summary above the form."""
    return tuple(FieldError(f"field-{name}", said) for name, said in errors.items())


def text_differences(
    desk: StudyDesk, stored: StatementDraft, typed: StatementDraft
) -> tuple[TextDifference, ...]:
    """Where what was typed differs from what is stored now, text by text."""
    return tuple(
        TextDifference(
            desk.written.language(code),
            code,
            stored.text.get(code, ""),
            changed_words(stored.text.get(code, ""), typed.text.get(code, "")),
        )
        for code in desk.study.languages
        if stored.text.get(code, "").strip() != typed.text.get(code, "").replace("\r\n", "\n").strip()
    )
