"""How pages are rendered: one environment per language, one frozen page object per template."""

import hashlib
import os
import secrets
from collections.abc import Hashable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache, partial
from http import HTTPStatus
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.runtime import Macro
from markupsafe import Markup, escape
from starlette.datastructures import Headers, QueryParams
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from app.i18n import translations
from app.i18n.formats import formats
from app.storage.kept import Kept
from app.web.shared.compression import accepts_gzip, gzipped
from app.web.shared.parts import GAP_EDGE, Crumb, LanguageChoice, NavLink, StatementCard
from app.web.shared.words import in_words

_WEB_DIRECTORY: Final = Path(__file__).parents[1]
STATIC_DIRECTORY: Final = _WEB_DIRECTORY / "static"
TEMPLATE_DIRECTORY: Final = _WEB_DIRECTORY / "templates"
STATIC_PREFIX: Final = "/static"

MOST_KEPT: Final = 2048
"""How many rendered pieces of pages are kept in memory for each language; most are of 3 to 20 kilobytes."""


class _Placed:
    """The kept pieces of a page that is being rendered, and what marks their places: no text has it."""

    def __init__(self) -> None:
        self.edge = secrets.token_hex(16)
        self.pieces: list[bytes] = []


_PLACED: Final[ContextVar[_Placed]] = ContextVar("placed")

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


def render(name: str, locale: str, page: object, chrome: Chrome) -> str:
    """Render the template `name` in a language; the template sees exactly `page` and `chrome`."""
    return render_bytes(name, locale, page, chrome).decode()


def render_bytes(name: str, locale: str, page: object, chrome: Chrome) -> bytes:
    """The same as it is sent.

    Kept pieces are put into their places at the end, since what macros give is copied from each to the next.
    """
    placed = _Placed()
    before = _PLACED.set(placed)
    try:
        text = environment(locale).get_template(name).render(page=page, chrome=chrome)
    finally:
        _PLACED.reset(before)
    parts = text.split(placed.edge)
    return b"".join(placed.pieces[int(part)] if i % 2 else part.encode() for i, part in enumerate(parts))


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
    made.globals["once_standing"] = partial(_standing_piece, Kept(MOST_KEPT))
    made.globals["filled"] = partial(_filled_piece, Kept(2 * MOST_KEPT))
    _add_filters(made, locale)
    return made


def _piece(macro: Macro, *values: Hashable) -> str:
    """What a macro makes of some frozen values.

    Kept under the values themselves, so that a piece made for one study, group, policy or version can never
    stand on a page that has to show anything else; and each language has an environment of its own.
    """
    return macro(*values)


def _standing_piece(pieces: Kept, macro: Macro, card: StatementCard) -> str:
    """What a macro makes of the part of a card that stands while its panelist answers."""
    if card.standing is None:
        return macro(card)
    return _placed(pieces.get((macro, card.standing), lambda: macro(card).encode()))


def _filled_piece(pieces: Kept, macro: Macro, card: StatementCard) -> str:
    """What a macro makes of a card: kept with gaps, under all that is chosen on it, and filled each time."""
    if card.standing is None or not card.is_plain:
        return macro(card)
    kept = pieces.get(
        (macro, card.standing, card.chosen), lambda: _pieces_between_gaps(macro(card.with_gaps()))
    )
    gaps = card.gaps
    filled = (_placed(part) if isinstance(part, bytes) else escape(gaps[part]) for part in kept)
    return Markup("".join(filled))  # noqa: S704 - marks of pieces, and what was escaped


def _pieces_between_gaps(text: str) -> tuple[bytes | str, ...]:
    """The text between gaps as pieces, and the names of the gaps."""
    return tuple(part if i % 2 else part.encode() for i, part in enumerate(text.split(GAP_EDGE)))


def _placed(piece: bytes) -> Markup:
    """A mark for a piece on the page that is being rendered; the piece is put there when the page is sent."""
    placed = _PLACED.get()
    placed.pieces.append(piece)
    return Markup(f"{placed.edge}{len(placed.pieces) - 1}{placed.edge}")  # noqa: S704 - a number between marks


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
    return gzipped(file.read_bytes(), level=9)
