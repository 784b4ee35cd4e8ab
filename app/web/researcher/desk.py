"""A researcher on a page: found by the session's cookie, let in by the table of permissions."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated, Final

from fastapi import Path, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.domain.account import Part, Permission, Researcher, Role, may
from app.domain.errors import ResearcherSignedOut
from app.domain.messages import N_
from app.domain.study import Study, in_language
from app.i18n import LANGUAGE_NAMES, translations
from app.i18n.formats import Formats, formats
from app.services.access import require
from app.services.sessions import find_researcher
from app.web.shared.csrf import csrf_token
from app.web.shared.parts import Crumb, LanguageChoice, NavLink
from app.web.shared.permissions import access_of
from app.web.shared.state import answer_in, clock_of, database_of, nonce_of, settings_of
from app.web.shared.submission import form_of
from app.web.shared.templating import Chrome, render

COOKIE: Final = "castalia_researcher"
HOME: Final = "/research"
ACCOUNT_PATH: Final = f"{HOME}/account"

RoundNumber = Annotated[int, Path(ge=1, le=1000)]
"""A round in an address; a number that no database can hold is not asked for."""

read_form = form_of(COOKIE)


class Room(StrEnum):
    """A room of the study, by the last part of its address; the overview is the study's own address."""

    OVERVIEW = ""
    PROTOCOL = "protocol"
    STATEMENTS = "statements"
    PANEL = "panel"
    ROUNDS = "rounds"
    COMMENTS = "comments"
    CODING = "coding"
    RESULTS = "results"
    REPORTS = "reports"
    LOG = "log"
    COLLEAGUES = "people"


ROOM_NAMES: Final[dict[Room, str]] = {
    Room.OVERVIEW: N_("Overview"),
    Room.PROTOCOL: N_("Protocol"),
    Room.STATEMENTS: N_("Statements"),
    Room.PANEL: N_("Panel"),
    Room.ROUNDS: N_("Rounds"),
    Room.COMMENTS: N_("Comments"),
    Room.CODING: N_("Coding"),
    Room.RESULTS: N_("Results"),
    Room.REPORTS: N_("Reports"),
    Room.LOG: N_("Log"),
    Room.COLLEAGUES: N_("Colleagues"),
}


@dataclass(frozen=True)
class Desk:
    """A signed-in researcher on one request."""

    request: Request
    researcher: Researcher
    session_token: str

    @property
    def locale(self) -> str:
        """The researcher's language."""
        return self.researcher.language

    @property
    def actor(self) -> str:
        """How the log names the researcher."""
        return self.researcher.actor

    def show(self, template: str, page: object, *, status: int = 200) -> Response:
        """Render a page for this researcher."""
        html = render(f"researcher/{template}", self.locale, page, self._chrome())
        return HTMLResponse(html, status)

    def say(self, message: str) -> str:
        """A marked sentence in the researcher's language."""
        return translations(self.locale).gettext(message)

    @property
    def written(self) -> Formats:
        """How the researcher's language writes dates and numbers."""
        return formats(self.locale)

    def _chrome(self) -> Chrome:
        url = self.request.url
        return Chrome(
            locale=self.locale,
            csrf_token=csrf_token(settings_of(self.request).secret.get_secret_value(), self.session_token),
            nonce=nonce_of(self.request),
            path=url.path + (f"?{url.query}" if url.query else ""),
            home_path=HOME,
            languages=tuple(
                LanguageChoice(code, name, is_current=code == self.locale)
                for code, name in LANGUAGE_NAMES.items()
            ),
            language_action=f"{HOME}/language",
            signed_in_name=self.researcher.name,
            account_path=ACCOUNT_PATH,
            sign_out_action=f"{HOME}/sign-out",
        )


@dataclass(frozen=True)
class StudyDesk(Desk):
    """A researcher in one room of a study they have a part in.

    ``way`` are the steps from the room to a page inside it.
    """

    study: Study
    part: Part
    room: Room
    way: tuple[Crumb, ...] = ()

    @property
    def role(self) -> Role:
        """The researcher's role in the study."""
        return self.part.role

    @property
    def slug(self) -> str:
        """The study's slug."""
        return self.study.slug

    def may(self, permission: Permission) -> bool:
        """Whether the researcher's part in the study includes a permission."""
        return may(self.part, permission)

    def path(self, *parts: object) -> str:
        """The address of one of the study's pages."""
        return "/".join((HOME, self.slug, *(str(part) for part in parts if part != "")))

    def go(self, *parts: object, done: str = "") -> Response:
        """Send the browser to one of the study's pages, which says what has just been ``done``."""
        return RedirectResponse(self.path(*parts) + (f"?done={done}" if done else ""), 303)

    def inside(self, *way: Crumb) -> "StudyDesk":
        """The same desk on a page inside the room; the last step is the page itself."""
        return replace(self, way=way)

    def _chrome(self) -> Chrome:
        return replace(
            super()._chrome(),
            study_title=in_language(self.study.texts.title, self.locale),
            is_synthetic=self.study.synthetic,
            contact=self.study.contact,
            rooms=tuple(
                NavLink(self.say(name), self.path(room), is_current=room is self.room)
                for room, name in ROOM_NAMES.items()
                if room is not Room.COMMENTS or self.may(Permission.MODERATE_COMMENTS)
            ),
            breadcrumbs=self._breadcrumbs(),
        )

    def _breadcrumbs(self) -> tuple[Crumb, ...]:
        studies = Crumb(self.say(N_("Studies")), HOME)
        if self.room is Room.OVERVIEW:
            return (studies, Crumb(self.slug))
        room = Crumb(self.say(ROOM_NAMES[self.room]), self.path(self.room) if self.way else "")
        return (studies, Crumb(self.slug, self.path()), room, *self.way)


def find_desk(request: Request) -> Desk:
    """The researcher whose session the request belongs to.

    Raises
    ------
    ResearcherSignedOut
        No session runs in this browser.
    """
    session_token = request.cookies.get(COOKIE)
    if not session_token:
        raise ResearcherSignedOut
    researcher = find_researcher(database_of(request), clock_of(request), session_token)
    answer_in(request, researcher.language)
    return Desk(request, researcher, session_token)


def find_study_desk(request: Request, slug: str, room: Room) -> StudyDesk:
    """The same, in a study, with the permission that the table asks of this route.

    Raises
    ------
    ResearcherSignedOut
    StudyNotFound
        There is no such study, or the researcher has no part in it.
    NotAllowed
        Their part does not include what this route asks.
    """
    desk = find_desk(request)
    permission = access_of(request).permission or Permission.READ_STUDY
    study, part = require(database_of(request), desk.researcher, slug, permission)
    return StudyDesk(request, desk.researcher, desk.session_token, study, part, room)
