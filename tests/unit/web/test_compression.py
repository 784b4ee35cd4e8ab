"""Answers are compressed where the browser reads that, and tell little by their length."""

import gzip
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse

from app.web.shared.compression import Compression, accepts_gzip, gzipped

TEXT = "<p>Statement S07, rated by many.</p>" * 100


def asking(answer: Callable[[], Response]) -> TestClient:
    app = FastAPI()
    app.add_middleware(Compression)
    app.add_api_route("/", answer, response_model=None)
    return TestClient(app)


def test_a_page_is_sent_compressed_and_reads_the_same() -> None:
    response = asking(lambda: HTMLResponse(TEXT)).get("/")
    assert response.text == TEXT
    assert response.headers["content-encoding"] == "gzip"
    assert response.headers["vary"] == "Accept-Encoding"
    assert int(response.headers["content-length"]) < len(TEXT) / 10


@pytest.mark.parametrize("offer", ["identity", "br", "deflate, br", "gzip;q=0", "gzip; q=0.0"])
def test_a_browser_that_does_not_read_gzip_gets_the_page_as_it_is(offer: str) -> None:
    response = asking(lambda: HTMLResponse(TEXT)).get("/", headers={"Accept-Encoding": offer})
    assert "content-encoding" not in response.headers
    assert int(response.headers["content-length"]) == len(TEXT)


@pytest.mark.parametrize("offer", ["gzip", "GZIP", "*", "br, gzip;q=0.5", "deflate,gzip"])
def test_every_way_of_saying_that_gzip_is_read_is_understood(offer: str) -> None:
    assert accepts_gzip(offer)


def test_a_short_answer_is_left_alone_but_says_that_a_long_one_would_differ() -> None:
    response = asking(lambda: HTMLResponse("short")).get("/")
    assert "content-encoding" not in response.headers
    assert response.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "answer",
    [
        lambda: Response(b"%PDF" * 1000, media_type="application/pdf"),
        lambda: PlainTextResponse(TEXT),
        lambda: Response(
            gzip.compress(TEXT.encode()) * 10, media_type="text/html", headers={"Content-Encoding": "br"}
        ),
    ],
    ids=["a file packed already", "a kind not listed", "an answer encoded already"],
)
def test_what_is_small_already_or_no_page_goes_out_as_it_is(answer: Callable[[], Response]) -> None:
    with asking(answer).stream("GET", "/") as response:
        assert response.headers.get("content-encoding") != "gzip"


def test_what_is_streamed_goes_out_piece_by_piece() -> None:
    response = asking(lambda: StreamingResponse(iter([TEXT, TEXT]), media_type="text/html")).get("/")
    assert response.text == TEXT + TEXT
    assert "content-encoding" not in response.headers


def test_the_same_page_has_many_lengths() -> None:
    client = asking(lambda: HTMLResponse(TEXT))
    assert len({client.get("/").headers["content-length"] for _ in range(40)}) > 10


@pytest.mark.parametrize("padding", [0, 1, 99])
def test_a_padded_file_is_a_good_gzip_file(padding: int) -> None:
    assert gzip.decompress(gzipped(TEXT.encode(), padding)) == TEXT.encode()
