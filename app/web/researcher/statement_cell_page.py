"""A text of a statement edited in its cell of the table, by the same rules as in the form.

What is answered are pieces of a page, which a script puts into the cell.
"""

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.domain.errors import DomainError, NotFound
from app.domain.messages import N_
from app.domain.statement_editing import (
    STATEMENT_LIMIT,
    FieldsRefused,
    StatementChangedMeanwhile,
    StatementEntry,
)
from app.services.statement_desk import read_editable_statements
from app.services.statement_editing import edit_statement
from app.web.researcher.desk import Room, StudyDesk, find_study_desk, read_form
from app.web.researcher.statement_fields import TextDifference, problems_in_words, text_differences
from app.web.researcher.statement_form_page import editable_statements
from app.web.researcher.statements_page import state_sentence, version_word
from app.web.shared.refusals import answer_to
from app.web.shared.state import clock_of, database_of
from app.web.shared.submission import SentForm
from app.web.shared.words import in_words

router = APIRouter()


@dataclass(frozen=True, slots=True)
class CellForm:
    """The text of one language as a form.

    ``is_stale``: somebody else was faster, and ``difference`` shows what saving would change.
    """

    code: str
    language: str
    label: str
    text: str
    known: str
    asks_reason: bool
    reason: str
    text_error: str
    reason_error: str
    is_stale: bool
    difference: TextDifference | None
    action: str
    text_maximum: int = STATEMENT_LIMIT


@dataclass(frozen=True, slots=True)
class Undo:
    """What takes the last change of a cell back, as long as nobody else has changed the statement."""

    known: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class CellText:
    """The text that stands in a cell now, with what its row says of the statement.

    ``said`` is for screen readers; ``undo`` is the way back, where it is safe.
    """

    code: str
    language: str
    text: str
    said: str
    version_word: str
    state: str
    state_word: str
    undo: Undo | None
    action: str


@router.get("/research/{slug}/statements/{code}/text/{language}")
def show_cell_form(request: Request, slug: str, code: str, language: str) -> Response:
    """Give the form for a text."""
    desk = _desk(request, slug, language)
    entry = editable_statements(desk).get(code)
    return _form(desk, entry, language, entry.statement.text.get(language, ""), entry.fingerprint)


@router.post("/research/{slug}/statements/{code}/text/{language}")
def save_cell(
    request: Request, slug: str, code: str, language: str, form: Annotated[SentForm, Depends(read_form)]
) -> Response:
    """Store a text, and give what stands in the cell now."""
    desk = _desk(request, slug, language)
    entry = editable_statements(desk).get(code)
    text, known, reason = form.one("text"), form.one("known"), form.one("reason")
    draft = replace(entry.draft, text={**entry.draft.text, language: text})
    database = database_of(request)
    try:
        edit_statement(database, clock_of(request), slug, desk.actor, draft, known=known, reason=reason)
    except (FieldsRefused, StatementChangedMeanwhile) as refusal:
        now = read_editable_statements(database, slug).get(code)
        return _form(desk, now, language, text, known, reason=reason, refusal=refusal)
    now = read_editable_statements(database, slug).get(code)
    return _text(desk, entry, now, language, is_undone="undo" in form)


def _desk(request: Request, slug: str, language: str) -> StudyDesk:
    desk = find_study_desk(request, slug, Room.STATEMENTS)
    if language not in desk.study.languages:
        raise NotFound(name=language)
    return desk


def _form(
    desk: StudyDesk,
    entry: StatementEntry,
    language: str,
    text: str,
    known: str,
    *,
    reason: str = "",
    refusal: DomainError | None = None,
) -> Response:
    code = entry.statement.code
    errors = problems_in_words(desk, refusal)
    is_stale = isinstance(refusal, StatementChangedMeanwhile)
    typed = replace(entry.draft, text={**entry.draft.text, language: text})
    page = CellForm(
        code=code,
        language=language,
        label=f"{code}, {desk.written.language(language)}",
        text=text,
        known=entry.fingerprint if is_stale else known,
        asks_reason=entry.needs_reason,
        reason=reason,
        text_error=next((said for name, said in errors.items() if name != "reason"), ""),
        reason_error=errors.get("reason", ""),
        is_stale=is_stale,
        difference=next(iter(text_differences(desk, entry.draft, typed)), None) if is_stale else None,
        action=_address(desk, code, language),
    )
    return desk.show("statement_cell_form.html", page, status=answer_to(refusal).status if refusal else 200)


def _text(
    desk: StudyDesk, before: StatementEntry, now: StatementEntry, language: str, *, is_undone: bool
) -> Response:
    code = now.statement.code
    is_same_version = now.statement.version == before.statement.version
    undo = Undo(now.fingerprint, before.statement.text.get(language, ""), before.statement.change_reason)
    said = N_("%(code)s: the change is taken back.") if is_undone else N_("%(code)s is saved.")
    page = CellText(
        code=code,
        language=language,
        text=now.statement.text.get(language, ""),
        said=desk.say(said) % {"code": code},
        version_word=version_word(desk, now),
        state=now.state.value,
        state_word=in_words(state_sentence(now), desk.locale),
        # A new version is there for the panel to read, with its reason: the way back is another version.
        undo=undo if is_same_version and now != before and not is_undone else None,
        action=_address(desk, code, language),
    )
    return desk.show("statement_cell.html", page)


def _address(desk: StudyDesk, code: str, language: str) -> str:
    return desk.path(Room.STATEMENTS, code, "text", language)
