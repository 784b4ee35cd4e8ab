"""Files that people take away are made whole before they are sent, and held in pieces."""

import asyncio
from collections.abc import Iterator

import pytest
from starlette.responses import StreamingResponse

from app.interchange.csv_writing import csv_pieces, csv_table
from app.web.shared.downloads import file_of

LARGEST = 2**16
MANY = [("=1+1", f"Zeile {n}") for n in range(2500)]


def sent(pieces: Iterator[bytes]) -> tuple[dict[str, str], list[bytes]]:
    answer = file_of(pieces, media_type="text/csv; charset=utf-8", name="a.csv")
    assert isinstance(answer, StreamingResponse)

    async def read() -> list[bytes]:
        return [bytes(piece) async for piece in answer.body_iterator if not isinstance(piece, str)]

    return dict(answer.headers), asyncio.run(read())


def test_a_large_table_is_written_and_sent_in_pieces() -> None:
    pieces = list(csv_pieces(("a", "b"), MANY))
    assert len(pieces) == 4
    headers, told = sent(iter(pieces * 40))
    assert b"".join(told) == b"".join(pieces) * 40
    assert max(map(len, told)) == LARGEST
    assert len(told) > 2
    assert headers["content-length"] == str(len(b"".join(told)))
    assert headers["content-disposition"] == 'attachment; filename="a.csv"'


def test_the_pieces_of_a_table_are_the_table() -> None:
    assert b"".join(csv_pieces(("a", "b"), MANY)) == csv_table(("a", "b"), MANY)
    assert csv_table(("a", "b"), []) == b'\xef\xbb\xbf"a","b"\r\n'
    assert csv_table(("a",), [("=1",), ("",), ("'x",)])[3:] == b'"a"\r\n"\'=1"\r\n""\r\n"\'x"\r\n'


def test_what_goes_wrong_while_a_file_is_made_goes_wrong_before_anything_is_sent() -> None:
    def breaking() -> Iterator[bytes]:
        yield b"one"
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="the disk is full"):
        file_of(breaking(), media_type="text/csv", name="a.csv")
