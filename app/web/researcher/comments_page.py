"""Comments to decide on before the panel sees them: release, withhold or redact, without their authors."""

import hmac
from collections import Counter
from dataclasses import dataclass, replace
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.domain.errors import CommentNotFound, DomainError, RedactionEmpty, TextNotReadable, TextTooLong
from app.domain.messages import N_
from app.domain.moderation import Moderation
from app.domain.rating import COMMENT_LIMIT
from app.domain.round import RoundStatus
from app.services.moderating import (
    PAGE_SIZE,
    CommentDesk,
    moderate_comment,
    read_comment_desk,
    read_comments_on,
    release_pending_comments,
)
from app.storage.comments import StoredComment
from app.web.researcher.desk import Room, StudyDesk, find_study_desk, read_form
from app.web.researcher.pages import Pages, pages_of, whole_number
from app.web.researcher.texts import Told, told
from app.web.shared.parts import Choice, NavLink
from app.web.shared.refusals import answer_to
from app.web.shared.state import clock_of, database_of, settings_of
from app.web.shared.submission import SentForm
from app.web.shared.words import error_in_words

router = APIRouter()

_STATES: Final[dict[Moderation, str]] = {
    Moderation.PENDING: N_("Waiting"),
    Moderation.RELEASED: N_("Released"),
    Moderation.REDACTED: N_("Redacted"),
    Moderation.WITHHELD: N_("Withheld"),
}


@dataclass(frozen=True, slots=True)
class CommentLine:
    """A comment with what can be decided on it; ``reference`` names it in forms and tells nothing.

    ``typed`` and ``error`` come from a redaction that was refused.
    """

    reference: str
    statement: str
    wording: Told
    text: str
    language: str
    language_name: str
    moderation: Moderation
    released_text: str
    can_decide: bool
    can_withdraw: bool
    typed: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class CommentsPage:
    """The comments of the newest closed round, by state and statement.

    ``rare_languages`` are those in which fewer than ``minimum`` people wrote: the language alone could tell
    who wrote a comment.
    """

    round_number: int
    is_closed: bool
    shows_comments: bool
    tabs: tuple[NavLink, ...]
    state: str
    statement: str
    statements: tuple[Choice, ...]
    lines: tuple[CommentLine, ...]
    n_found: int
    n_pending: int
    pages: Pages
    rare_languages: tuple[str, ...]
    minimum: int
    maximum: int
    action: str
    release_action: str
    done: str


@dataclass(frozen=True)
class _Refused:
    comment: StoredComment
    typed: str
    error: DomainError


@router.get("/research/{slug}/comments")
def show_comments(
    request: Request, slug: str, state: str = "", statement: str = "", page: str = "", done: str = ""
) -> Response:
    """Show the comments of the newest closed round, those that wait first."""
    desk = find_study_desk(request, slug, Room.COMMENTS)
    return _show(desk, state, statement, page=whole_number(page), done=done)


@router.post("/research/{slug}/comments")
def decide_on_comment(request: Request, slug: str, form: Annotated[SentForm, Depends(read_form)]) -> Response:
    """Release, withhold or redact one comment, and go on with the list."""
    desk = find_study_desk(request, slug, Room.COMMENTS)
    database, clock = database_of(request), clock_of(request)
    reference, number = form.one("comment"), whole_number(form.one("round"), otherwise=0)
    written = read_comments_on(database, slug, form.one("on"))
    meant = next((one for one in written if _reference(desk, number, one) == reference), None)
    if meant is None or form.one("to") not in set(Moderation):
        raise CommentNotFound(statement=form.one("on")[:40])
    to, typed = Moderation(form.one("to")), form.one("redacted")
    try:
        moderate_comment(database, clock, slug, desk.actor, meant, number, to, redacted=typed)
    except (RedactionEmpty, TextTooLong, TextNotReadable) as error:
        refused = _Refused(meant, typed, error)
        return _show(desk, form.one("state"), form.one("statement"), refused=refused)
    return _back(desk, form, to)


@router.post("/research/{slug}/comments/release")
def release_all_waiting(
    request: Request, slug: str, form: Annotated[SentForm, Depends(read_form)]
) -> Response:
    """Release every comment that waits, on one statement if that is what is shown."""
    desk = find_study_desk(request, slug, Room.COMMENTS)
    number, statement = whole_number(form.one("round"), otherwise=0), form.one("statement")
    release_pending_comments(
        database_of(request), clock_of(request), slug, desk.actor, number, statement=statement or None
    )
    return _back(desk, form, Moderation.RELEASED)


def _show(
    desk: StudyDesk,
    state: str,
    statement: str,
    *,
    page: int = 1,
    done: str = "",
    refused: _Refused | None = None,
) -> Response:
    moderation = Moderation(state) if state in set(Moderation) else None
    if refused and refused.comment.moderation is not moderation:
        moderation = None  # somebody decided meanwhile; what was typed must stand on the page
    found = read_comment_desk(
        database_of(desk.request),
        desk.slug,
        statement=statement or None,
        moderation=moderation,
        page=page,
        with_comment=refused.comment if refused else None,
    )
    shown = _page(desk, found, moderation, statement, done, refused)
    return desk.show("comments.html", shown, status=answer_to(refused.error).status if refused else 200)


def _page(
    desk: StudyDesk,
    found: CommentDesk,
    moderation: Moderation | None,
    statement: str,
    done: str,
    refused: _Refused | None,
) -> CommentsPage:
    here = [line for line in found.counts if not statement or line.statement == statement]
    n_of = Counter[Moderation]()
    for line in here:
        n_of[line.moderation] += line.n
    address = desk.path(Room.COMMENTS)
    query = urlencode({"state": moderation or "", "statement": statement})
    return CommentsPage(
        round_number=found.round.number if found.round else 0,
        is_closed=found.round is not None and found.round.status is RoundStatus.CLOSED,
        shows_comments=found.protocol.feedback.comments,
        tabs=(
            NavLink(desk.say(N_("All")), _address(address, "", statement), moderation is None, n_of.total()),
            *(
                NavLink(desk.say(word), _address(address, state, statement), state is moderation, n_of[state])
                for state, word in _STATES.items()
            ),
        ),
        state=moderation or "",
        statement=statement,
        statements=_statements(desk, found),
        lines=_lines(desk, found, refused),
        n_found=found.n_found,
        n_pending=n_of[Moderation.PENDING],
        pages=pages_of(desk, f"{address}?{query}", found.page, found.n_found, PAGE_SIZE),
        rare_languages=_rare_languages(desk, found),
        minimum=found.protocol.minimum_group_size,
        maximum=COMMENT_LIMIT,
        action=address,
        release_action=desk.path(Room.COMMENTS, "release"),
        done=done if done in set(Moderation) else "",
    )


def _lines(desk: StudyDesk, found: CommentDesk, refused: _Refused | None) -> tuple[CommentLine, ...]:
    if found.round is None:
        return ()
    wordings = {one.code: told(one.text, desk.locale) for one in found.statements}
    is_closed = found.round.status is RoundStatus.CLOSED
    lines = []
    for one in found.comments:
        is_shown = one.moderation in (Moderation.RELEASED, Moderation.REDACTED)
        line = CommentLine(
            reference=_reference(desk, found.round.number, one),
            statement=one.statement,
            wording=wordings[one.statement],
            text=one.text,
            language=one.language,
            language_name=desk.written.language(one.language),
            moderation=one.moderation,
            released_text=one.released_text if one.moderation is Moderation.REDACTED else "",
            can_decide=is_closed,
            can_withdraw=is_shown and not is_closed,
        )
        if refused and refused.comment == one:
            line = replace(line, typed=refused.typed, error=error_in_words(refused.error, desk.locale))
        lines.append(line)
    return tuple(lines)


def _statements(desk: StudyDesk, found: CommentDesk) -> tuple[Choice, ...]:
    n_of = Counter[str]()
    for line in found.counts:
        n_of[line.statement] += line.n
    return (
        Choice("", desk.say(N_("All statements"))),
        *(Choice(code, f"{code} ({desk.written.number(n)})") for code, n in n_of.items()),
    )


def _rare_languages(desk: StudyDesk, found: CommentDesk) -> tuple[str, ...]:
    rare = (code for code, n in found.writers.items() if n < found.protocol.minimum_group_size)
    return tuple(desk.written.language(code) for code in sorted(rare))


def _reference(desk: StudyDesk, round_number: int, one: StoredComment) -> str:
    """A name for a comment that two comments of one author do not share any part of."""
    secret = settings_of(desk.request).secret.get_secret_value().encode()
    subject = f"castalia-comment:{desk.study.id}:{round_number}:{one.panelist_id}:{one.statement_id}"
    return hmac.digest(secret, subject.encode(), "sha256").hex()[:24]


def _address(address: str, state: str, statement: str) -> str:
    query = {name: value for name, value in (("state", state), ("statement", statement)) if value}
    return f"{address}?{urlencode(query)}" if query else address


def _back(desk: StudyDesk, form: SentForm, done: Moderation) -> Response:
    state = form.one("state") if form.one("state") in set(Moderation) else ""
    query = {"state": state, "statement": form.one("statement"), "done": done}
    return desk.go(f"{Room.COMMENTS}?{urlencode({k: v for k, v in query.items() if v})}")
