"""Answers to refusals and errors: a page for people, a small object for scripts, never raw internals."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from app.domain.errors import DomainError, ResearcherSignedOut
from app.domain.messages import Sentence
from app.i18n import translations
from app.storage.database import DatabaseUnavailable
from app.web.shared.parts import Action
from app.web.shared.permissions import ROUTES
from app.web.shared.refusals import (
    AWAY,
    COME_BACK_SECONDS,
    STATUS_ANSWERS,
    Answer,
    answer_to,
)
from app.web.shared.state import locale_of, nonce_of
from app.web.shared.submission import SentForm
from app.web.shared.templating import Chrome, render
from app.web.shared.words import error_in_words, in_words

SIGN_IN_PATH: Final = "/research/sign-in"
LOST_LINK_PATH: Final = "/link"

_LINK_LOST: Final = frozenset({"link_not_valid", "signed_out"})

_NOT_TYPED: Final = frozenset(
    {
        "csrf_token",
        "request_key",
        "next",
        "locale",
        "keep",
        "then",
        "round",
        "step",
        "seen",
        "known",
        "n_seen",
        "action",
        "key",
    }
)
_RESEARCH: Final = "/research"
_OWN_ACCOUNT: Final = tuple(
    f"{_RESEARCH}/{page}" for page in ("sign-in", "sign-out", "account", "recover", "join", "language")
)
"""Pages where passwords and codes are typed: they are given back to nobody."""
_GIVEN_BACK: Final = frozenset({"signed_out", "page_too_old"})
"""Refusals of a whole page, after which a researcher finds what they typed; forms keep it otherwise."""


@dataclass(frozen=True, slots=True)
class TypedText:
    """One thing that somebody filled in before a refusal, given back so that it can be copied."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class RefusalPage:
    """A page that says what happened, what it means and what to do."""

    title: str
    sentence: str
    advice: str
    typed: tuple[TypedText, ...]
    action: Action | None
    is_for_researchers: bool


def add_refusal_handlers(app: FastAPI) -> None:
    """Let every refusal of the application be answered by the one map."""
    app.add_exception_handler(DomainError, _refuse)
    app.add_exception_handler(DatabaseUnavailable, _refuse)
    app.add_exception_handler(RequestValidationError, _refuse_malformed)
    app.add_exception_handler(HTTPException, _refuse_by_status)


def answer_unexpected(request: Request) -> Response:
    """The answer when something happened that nobody foresaw."""
    answer, sentence = STATUS_ANSWERS[500]
    return _answer(request, answer, in_words(sentence, locale_of(request)))


def wants_json(request: Request) -> bool:
    """Whether a script is asking, not a person."""
    kind, accepted = request.headers.get("Content-Type", ""), request.headers.get("Accept", "")
    return kind.startswith("application/json") or (
        "application/json" in accepted and "text/html" not in accepted
    )


def _refuse(request: Request, error: Exception) -> Response:
    has_typed = bool(_typed_by_researcher(request))
    if isinstance(error, ResearcherSignedOut) and not wants_json(request) and not has_typed:
        return RedirectResponse(f"{SIGN_IN_PATH}{_way_back(request)}", 303)
    locale = locale_of(request)
    said = error_in_words(error, locale) if isinstance(error, DomainError) else in_words(AWAY, locale)
    return _answer(request, answer_to(error), said)


def _refuse_malformed(request: Request, error: Exception) -> Response:
    in_path = isinstance(error, RequestValidationError) and all(e["loc"][0] == "path" for e in error.errors())
    return _by_status(request, 404 if in_path else 422)


def _refuse_by_status(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    response = _by_status(request, status)
    if isinstance(error, HTTPException) and error.headers:
        response.headers.update(error.headers)
    return response


def _by_status(request: Request, status: int) -> Response:
    answer, sentence = STATUS_ANSWERS.get(status, STATUS_ANSWERS[422])
    locale = locale_of(request)
    return _answer(request, Answer(status, answer.code, answer.title), in_words(sentence, locale))


def _answer(request: Request, answer: Answer, said: str) -> Response:
    headers = (
        {"Retry-After": str(COME_BACK_SECONDS)} if answer.status == HTTPStatus.SERVICE_UNAVAILABLE else {}
    )
    if wants_json(request):
        content = {"error": answer.code, "message": said}
        return JSONResponse(content, answer.status, headers)
    return HTMLResponse(_page(request, answer, said), answer.status, headers)


def _page(request: Request, answer: Answer, said: str) -> str:
    locale = locale_of(request)
    path = request.url.path
    page = RefusalPage(
        title=in_words(Sentence(answer.title), locale),
        sentence=said,
        advice=in_words(Sentence(answer.advice), locale) if answer.advice else "",
        typed=_given_back(request, answer),
        action=_way_on(request, answer, locale),
        is_for_researchers=path.startswith(_RESEARCH),
    )
    return render("shared/refusal.html", locale, page, _bare_chrome(request, locale))


def _bare_chrome(request: Request, locale: str) -> Chrome:
    # Not even the path: it may be a personal link.
    return Chrome(locale=locale, csrf_token="", nonce=nonce_of(request), path="/")


def _way_on(request: Request, answer: Answer, locale: str) -> Action | None:
    path, spoken = request.url.path, translations(locale)
    if answer.code in _LINK_LOST and not path.startswith("/research"):
        return Action(spoken.gettext("Have my link sent again"), f"{LOST_LINK_PATH}?language={locale}")
    if path.startswith("/s/") and answer.status != HTTPStatus.UNAUTHORIZED:
        home = "/".join(path.split("/")[:3])
        return Action(spoken.gettext("To your questionnaire"), home)
    if path.startswith(_RESEARCH) and answer.code == "signed_out":
        return Action(spoken.gettext("Sign in"), f"{SIGN_IN_PATH}{_way_back(request)}")
    if answer.code == "recovery_not_valid":
        return Action(spoken.gettext("Set a new password"), f"{_RESEARCH}/recover?language={locale}")
    if path.startswith(_RESEARCH):
        return Action(spoken.gettext("To your studies"), _RESEARCH)
    return None


def _way_back(request: Request) -> str:
    """Where to go on after signing in: to the page that was asked for, or on which a form was filled in."""
    route = getattr(request.scope.get("route"), "path", "")
    if request.method != "GET" and ("GET", route) not in ROUTES:
        return ""
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return "?" + urlencode({"next": path})


def _given_back(request: Request, answer: Answer) -> tuple[TypedText, ...]:
    if request.url.path.startswith("/s/"):
        return _typed_texts(request)
    is_lost = answer.code in _GIVEN_BACK or answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return _typed_by_researcher(request) if is_lost else ()


def _typed_by_researcher(request: Request) -> tuple[TypedText, ...]:
    path = request.url.path
    is_work = path.startswith(f"{_RESEARCH}/") and not path.startswith(_OWN_ACCOUNT)
    return _typed_texts(request) if is_work else ()


def _typed_texts(request: Request) -> tuple[TypedText, ...]:
    form = getattr(request.state, "form", SentForm())
    return tuple(
        TypedText(name.replace(".", " "), value)
        for name, values in form.fields.items()
        for value in values
        if value and name not in _NOT_TYPED and not name.endswith(".version")
    )
