"""How pages are rendered: one environment per language, one frozen page object per template."""

import gzip
import hashlib
import os
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, lru_cache, partial
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.runtime import Macro
from markupsafe import escape
from starlette.datastructures import Headers, QueryParams
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from app.i18n import translations
from app.i18n.formats import formats
from app.storage.kept import Kept
from app.web.shared.compression import accepts_gzip
from app.web.shared.parts import GAP_EDGE, Crumb, LanguageChoice, NavLink, StatementCard, gap
from app.web.shared.words import in_words

_WEB_DIRECTORY: Final = Path(__file__).parents[1]
STATIC_DIRECTORY: Final = _WEB_DIRECTORY / "static"
TEMPLATE_DIRECTORY: Final = _WEB_DIRECTORY / "templates"
STATIC_PREFIX: Final = "/static"

MOST_KEPT: Final = 2048
"""How many rendered pieces of pages are kept in memory for each language; most are of 3 to 20 kilobytes."""


_MOST_FRAMES: Final = 512

CARDS: Final = "cards"
"""The gap of a framed page that its cards fill."""

_A_YEAR: Final = "public, max-age=31536000, immutable"
_ASK_AGAIN: Final = "no-cache"
_HASH_LENGTH: Final = 12
_TEXT_FILES: Final = (".css", ".js", ".svg", ".txt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chrome:
    """What surrounds every page: language, protection tokens, and the way back.

    Attributes
    ----------
    locale
        The language of the page.
    csrf_token
        Repeated by every form, and by the header of every request a script sends.
    nonce
        The content security policy's nonce of this answer.
    path
        The path of this page, for the language switch to come back to.
    home_path
        Where the wordmark leads.
    study_title, is_synthetic, contact
        What the header and footer say of the study; a synthetic study is labelled on every page.
    languages, language_action
        The languages to choose from; with an action the switch posts a form, else it is made of links.
    signed_in_name, account_path, sign_out_action
        Who is signed in, where their account is, and where to post to leave; empty for nobody.
    not_me_path
        Where somebody else than the panelist says so.
    idle_minutes
        On a device that others use too: after how many minutes without a step one is signed out; else 0.
    rooms, breadcrumbs
        The researcher's navigation of the study, and the way to this page.
    """

    locale: str
    csrf_token: str
    nonce: str
    path: str
    home_path: str = "/"
    study_title: str = ""
    is_synthetic: bool = False
    contact: str = ""
    languages: tuple[LanguageChoice, ...] = ()
    language_action: str = ""
    signed_in_name: str = ""
    account_path: str = ""
    sign_out_action: str = ""
    not_me_path: str = ""
    idle_minutes: int = 0
    rooms: tuple[NavLink, ...] = ()
    breadcrumbs: tuple[Crumb, ...] = ()

    @property
    def dir(self) -> str:
        """The direction of writing."""
        return "rtl" if formats(self.locale).locale.text_direction == "rtl" else "ltr"

    @property
    def gaps(self) -> Mapping[str, object]:
        """What is new on every page."""
        return {"csrf_token": self.csrf_token, "nonce": self.nonce}

    def with_gaps(self) -> "Chrome":
        """The same with a mark in place of each of these."""
        return replace(self, csrf_token=gap("csrf_token"), nonce=gap("nonce"))


class FramedPage(Protocol):
    """A page of cards whose frame is the same for many: it is rendered once, and filled each time."""

    @property
    def cards(self) -> tuple[StatementCard, ...]:
        """What fills the frame."""

    @property
    def gaps(self) -> Mapping[str, object]:
        """What else is new each time, by the names of the gaps."""

    def with_gaps(self) -> Hashable:
        """The page with a mark in place of each of these, and of its cards."""


def render(name: str, locale: str, page: object, chrome: Chrome) -> str:
    """Render the template `name` in a language; the template sees exactly `page` and `chrome`."""
    return environment(locale).get_template(name).render(page=page, chrome=chrome)


def render_framed(name: str, locale: str, page: FramedPage, chrome: Chrome) -> bytes:
    """The same of a page whose frame and cards are kept, with gaps for what is new each time."""
    return _pieces(locale).framed(name, page, chrome)


@cache
def environment(locale: str) -> Environment:
    """Return the templates of one language."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATE_DIRECTORY),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        cache_size=-1,
    )
    spoken = translations(locale)
    made.install_gettext_callables(  # type: ignore[attr-defined]
        spoken.gettext,
        spoken.ngettext,
        newstyle=True,
        pgettext=spoken.pgettext,
        npgettext=spoken.npgettext,
    )
    made.globals["static_url"] = static_url
    made.globals["clause_sign"] = formats(locale).clause_sign
    made.globals["once"] = lru_cache(maxsize=MOST_KEPT)(_piece)
    _add_filters(made, locale)
    return made


def _piece(macro: Macro, *values: Hashable) -> str:
    """What a macro makes of some frozen values.

    Kept under the values themselves, so that a piece made for one study, group, policy or version can never
    stand on a page that has to show anything else; and each language has an environment of its own.
    """
    return macro(*values)


class _Pieces:
    """Rendered pieces of pages in one language, as they are sent: each under all that makes it what it is."""

    def __init__(self, locale: str) -> None:
        self._locale = locale
        self._frames = Kept(_MOST_FRAMES)
        self._cards = Kept(2 * MOST_KEPT)
        self._macros: Any = environment(locale).get_template("parts/statement.html").module

    def framed(self, name: str, page: FramedPage, chrome: Chrome) -> bytes:
        frame, surrounding = page.with_gaps(), chrome.with_gaps()
        kept = self._frames.get(
            (name, frame, surrounding),
            lambda: _between_gaps(render(name, self._locale, frame, surrounding)),
        )
        cards = b"".join(part for card in page.cards for part in self._card(card))
        return b"".join(_filled(kept, {**page.gaps, **chrome.gaps, CARDS: cards}))

    def _card(self, card: StatementCard) -> Iterator[bytes]:
        if card.standing is None:
            yield self._macros.statement_card(card).encode()
            return
        yield self._cards.get(card.standing, lambda: self._macros.card_asked(card).encode())
        if card.is_plain:
            kept = self._cards.get(
                (card.standing, card.chosen),
                lambda: _between_gaps(self._macros.card_answered(card.with_gaps())),
            )
            yield from _filled(kept, card.gaps)
        else:
            yield self._macros.card_answered(card).encode()


@cache
def _pieces(locale: str) -> _Pieces:
    return _Pieces(locale)


_Kept = tuple[bytes | str, ...]


def _between_gaps(text: str) -> _Kept:
    """The text between gaps as it is sent, and the names of the gaps."""
    return tuple(part if i % 2 else part.encode() for i, part in enumerate(text.split(GAP_EDGE)))


def _filled(kept: _Kept, gaps: Mapping[str, object]) -> Iterator[bytes]:
    for part in kept:
        if isinstance(part, bytes):
            yield part
        else:
            yield _filling(gaps[part])


def _filling(value: object) -> bytes:
    if isinstance(value, bytes):
        return value
    # Most gaps are versions, in which there is nothing to escape.
    return b"%d" % value if type(value) is int else escape(value).encode()


def _add_filters(made: Environment, locale: str) -> None:
    written = formats(locale)
    made.filters.update(
        date=written.date,
        short_date=written.short_date,
        time=written.time,
        moment=written.moment,
        relative=written.relative,
        place=written.place,
        number=written.number,
        percent=written.percent,
        listing=written.listing,
        territory=written.territory,
        language_name=written.language,
        sentence=partial(in_words, locale=locale),
        iso=_iso,
    )


def _iso(instant: datetime) -> str:
    return instant.isoformat(timespec="minutes")


def static_url(path: str) -> str:
    """Return the address of a static file, with the hash of its content so that it may be kept for a year."""
    return f"{STATIC_PREFIX}/{path}?v={static_hash(path)}"


def static_hash(path: str) -> str:
    """Return the beginning of the SHA-256 of a static file."""
    # Joined as text: every page asks for ten of them.
    file = f"{STATIC_DIRECTORY}/{path}"
    return _hash_of(file, os.stat(file).st_mtime_ns)  # noqa: PTH116 - a path object takes longer to make


@lru_cache(maxsize=256)
def _hash_of(file: str, _modified_ns: int) -> str:
    return hashlib.sha256(Path(file).read_bytes()).hexdigest()[:_HASH_LENGTH]


class HashedStaticFiles(StaticFiles):
    """Static files that browsers keep for a year when asked for by their hash, and check again otherwise.

    A script of another version is not there: a page works without it, and not with half of each version.
    Files of text are compressed as well as possible, once.
    """

    def __init__(self) -> None:
        super().__init__(directory=STATIC_DIRECTORY)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer with the file and say how long it may be kept."""
        response = await super().get_response(path, scope)
        asked = QueryParams(scope["query_string"]).get("v", "")
        is_there = response.status_code in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED)
        is_exact = is_there and asked == static_hash(path)
        if path.endswith(".js") and asked and not is_exact:
            return Response(status_code=HTTPStatus.NOT_FOUND, headers={"Cache-Control": _ASK_AGAIN})
        response.headers["Cache-Control"] = _A_YEAR if is_exact else _ASK_AGAIN
        if is_there and path.endswith(_TEXT_FILES):
            return _made_small(response, path, Headers(scope=scope))
        return response


def _made_small(response: Response, path: str, asked: Headers) -> Response:
    # The same entity in two codings: the tag holds for both, so it must be a weak one.
    response.headers["ETag"] = f"W/{response.headers['ETag']}"
    response.headers.add_vary_header("Accept-Encoding")
    if response.status_code != HTTPStatus.OK or not accepts_gzip(asked.get("Accept-Encoding", "")):
        return response
    file = STATIC_DIRECTORY / path
    small = _gzipped_file(file, file.stat().st_mtime_ns)
    kept = {name: value for name, value in response.headers.items() if name != "content-length"}
    return Response(small, headers=kept | {"Content-Encoding": "gzip"})


@lru_cache(maxsize=64)
def _gzipped_file(file: Path, _modified_ns: int) -> bytes:
    return gzip.compress(file.read_bytes(), 9, mtime=0)
