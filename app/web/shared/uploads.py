"""Files that browsers send with a form, read with their limits, and checked to come from our own pages."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser

from app.web.shared.csrf import TOKEN_FIELD, refuse_another_site
from app.web.shared.state import settings_of
from app.web.shared.submission import (
    SentForm,
    SubmissionNotReadable,
    form_of,
    refuse_another_session,
)

MOST_BYTES: Final = 10_500_000
"""A file of the largest size that is read, and the fields around it."""

_EXPECTED: Final = "multipart/form-data"
_MOST_FIELDS: Final = 20
_NAME_LIMIT: Final = 80


@dataclass(frozen=True)
class SentFile:
    """A form with a file; without one its name is empty."""

    form: SentForm = field(default_factory=SentForm)
    name: str = ""
    content: bytes = b""


def upload_of(cookie: str) -> Callable[[Request], Awaitable[SentFile]]:
    """A dependency that reads a form with a field ``file``, of the session in this cookie.

    A form that was sent without the means for files has none.
    """
    read_form = form_of(cookie)

    async def read_upload(request: Request) -> SentFile:
        kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind != _EXPECTED:
            return SentFile(await read_form(request))
        refuse_another_site(request.headers, settings_of(request).base_url)
        sent = await _parse(request)
        refuse_another_session(request, cookie, sent.form.one(TOKEN_FIELD))
        return sent

    return read_upload


async def _parse(request: Request) -> SentFile:
    parser = MultiPartParser(request.headers, _pieces(request), max_files=1, max_fields=_MOST_FIELDS)
    try:
        parsed = await parser.parse()
    except (MultiPartException, ValueError, KeyError):
        raise SubmissionNotReadable from None
    fields: dict[str, tuple[str, ...]] = {}
    name, content = "", b""
    for key, value in parsed.multi_items():
        if isinstance(value, UploadFile):
            if key == "file" and value.filename:
                name, content = _printable(value.filename), await value.read()
        else:
            fields[key] = (*fields.get(key, ()), value)
    await parsed.close()
    return SentFile(SentForm(fields), name, content)


async def _pieces(request: Request) -> AsyncGenerator[bytes, None]:
    n_bytes = 0
    async for piece in request.stream():
        n_bytes += len(piece)
        if n_bytes > MOST_BYTES:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        yield piece


def _printable(name: str) -> str:
    """The last part of a file's name, short and without anything that cannot be shown."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable())[:_NAME_LIMIT]
