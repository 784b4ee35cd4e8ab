"""A panelist on a page: found by the session's cookie, and answered in their language."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from fastapi import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.domain.errors import PanelistSignedOut
from app.domain.panel import SHARED_DEVICE_IDLE
from app.i18n import LANGUAGE_NAMES
from app.services.consent import refuse_unless_taking_part
from app.services.entering import Visitor, find_panelist
from app.web.shared.csrf import csrf_token
from app.web.shared.parts import LanguageChoice
from app.web.shared.state import answer_in, clock_of, database_of, nonce_of, settings_of
from app.web.shared.submission import form_of, json_of
from app.web.shared.templating import Chrome, FramedPage, render, render_framed

COOKIE: Final = "castalia_panelist"

read_form = form_of(COOKIE)
read_json = json_of(COOKIE)


@dataclass(frozen=True)
class Visit:
    """A panelist with a running session, on one request."""

    request: Request
    visitor: Visitor
    session_token: str

    @property
    def slug(self) -> str:
        """The study's slug."""
        return self.visitor.study.slug

    @property
    def locale(self) -> str:
        """The panelist's language."""
        return self.visitor.panelist.language

    def path(self, *parts: str) -> str:
        """The address of one of this panelist's pages."""
        return "/".join(("/s", self.slug, *parts))

    def show(self, template: str, page: object, *, status: int = 200, path: str = "") -> Response:
        """Render a page for this panelist.

        ``path`` is where the language switch comes back to, when it is not the address of this request.
        """
        chrome = self._chrome(path or self.request.url.path)
        return HTMLResponse(render(f"panelist/{template}", self.locale, page, chrome), status)

    def show_framed(self, template: str, page: FramedPage) -> Response:
        """The same for a page of cards whose pieces are kept."""
        chrome = self._chrome(self.request.url.path)
        return HTMLResponse(render_framed(f"panelist/{template}", self.locale, page, chrome))

    def go(self, *parts: str) -> Response:
        """Send the browser to one of this panelist's pages."""
        return RedirectResponse(self.path(*parts), 303)

    def _chrome(self, path: str) -> Chrome:
        study = self.visitor.study
        return Chrome(
            locale=self.locale,
            csrf_token=csrf_token(_secret(self.request), self.session_token),
            nonce=nonce_of(self.request),
            path=path,
            home_path=self.path(),
            study_title=study.texts.title[self.locale],
            is_synthetic=study.synthetic,
            contact=study.contact,
            languages=tuple(
                LanguageChoice(code, LANGUAGE_NAMES[code], is_current=code == self.locale)
                for code in study.languages
            ),
            language_action=self.path("language"),
            sign_out_action=self.path("leave"),
            not_me_path=self.path("not-me"),
            idle_minutes=SHARED_DEVICE_IDLE // timedelta(minutes=1) if self.visitor.on_shared_device else 0,
        )


def find_visit(request: Request, slug: str) -> Visit:
    """The panelist whose session the request belongs to.

    Raises
    ------
    PanelistSignedOut
        No session of this study runs in this browser.
    """
    session_token = request.cookies.get(COOKIE)
    if not session_token:
        raise PanelistSignedOut
    visitor = find_panelist(database_of(request), clock_of(request), slug, session_token)
    answer_in(request, visitor.panelist.language)
    return Visit(request, visitor, session_token)


def find_member(request: Request, slug: str) -> Visit:
    """The same, for pages that only those who take part may use.

    Raises
    ------
    PanelistSignedOut, ConsentMissing, PanelistHasLeft
    """
    visit = find_visit(request, slug)
    refuse_unless_taking_part(visit.visitor.panelist)
    return visit


def _secret(request: Request) -> str:
    return settings_of(request).secret.get_secret_value()
