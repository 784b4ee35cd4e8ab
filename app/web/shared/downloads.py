"""Files that people take away, however large: written down once, and then sent piece by piece."""

from collections.abc import Iterable, Iterator
from tempfile import SpooledTemporaryFile
from typing import IO, Final

from starlette.responses import Response, StreamingResponse

_KEPT_IN_MEMORY: Final = 2**20
_PIECE: Final = 2**16


def file_of(pieces: Iterable[bytes], *, media_type: str, name: str) -> Response:
    """The pieces as a file of that name.

    All are made before the first is sent: what goes wrong is then told as on every page, and no slow line
    holds a transaction open.
    """
    file: IO[bytes] = SpooledTemporaryFile(_KEPT_IN_MEMORY)  # noqa: SIM115 - closed once it is sent
    try:
        file.writelines(pieces)
    except BaseException:
        file.close()
        raise
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Length": str(file.tell()),
    }
    file.seek(0)
    return StreamingResponse(_read(file), media_type=media_type, headers=headers)


def _read(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(_PIECE):
            yield piece
