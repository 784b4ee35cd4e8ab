"""Static files: kept for a year when asked for by their hash, and those from others unchanged."""

import gzip
import hashlib
import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.web.shared.templating import STATIC_DIRECTORY, HashedStaticFiles, static_url

VENDORED = re.findall(
    r"^\| (?P<file>\S+) \|.*\| (?P<sha256>[0-9a-f]{64}) \|$",
    (STATIC_DIRECTORY / "vendor" / "VENDORED.md").read_text(encoding="utf-8"),
    re.MULTILINE,
)


@pytest.fixture
def client() -> TestClient:
    app = FastAPI()
    app.mount("/static", HashedStaticFiles())
    return TestClient(app)


def test_the_address_carries_the_hash_of_the_content() -> None:
    content = (STATIC_DIRECTORY / "css" / "base.css").read_bytes()

    assert static_url("css/base.css") == f"/static/css/base.css?v={hashlib.sha256(content).hexdigest()[:12]}"


def test_a_file_that_is_not_there_is_a_fault_of_the_template() -> None:
    with pytest.raises(FileNotFoundError):
        static_url("css/nothing.css")


def test_a_file_asked_for_by_its_hash_is_kept_for_a_year(client: TestClient) -> None:
    response = client.get(static_url("js/autosave.js"))

    assert response.status_code == 200
    assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert response.headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize("file", ["js/autosave.js", "css/base.css?v=000000000000"])
def test_a_file_asked_for_otherwise_is_checked_again(client: TestClient, file: str) -> None:
    response = client.get(f"/static/{file}")

    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-cache"


def test_a_script_of_another_version_is_not_there(client: TestClient) -> None:
    response = client.get("/static/js/kept_answers.js?v=000000000000")

    assert response.status_code == 404
    assert response.headers["cache-control"] == "no-cache"


def test_a_file_of_text_is_sent_compressed_and_is_the_same(client: TestClient) -> None:
    response = client.get(static_url("css/parts.css"))

    content = (STATIC_DIRECTORY / "css" / "parts.css").read_bytes()
    assert response.content == content
    assert response.headers["content-encoding"] == "gzip"
    assert int(response.headers["content-length"]) < len(content) / 4
    assert response.headers["vary"] == "Accept-Encoding"
    assert response.headers["content-type"].startswith("text/css")


@pytest.mark.parametrize("offer", ["", "br", "identity", "gzip;q=0"])
def test_a_browser_that_reads_no_gzip_gets_the_file_as_it_is(client: TestClient, offer: str) -> None:
    response = client.get(static_url("css/parts.css"), headers={"Accept-Encoding": offer})

    assert "content-encoding" not in response.headers
    assert response.headers["vary"] == "Accept-Encoding"
    assert int(response.headers["content-length"]) == (STATIC_DIRECTORY / "css" / "parts.css").stat().st_size


@pytest.mark.parametrize("offer", ["gzip", "identity"])
def test_a_file_that_the_browser_has_is_not_sent_again(client: TestClient, offer: str) -> None:
    first = client.get(static_url("css/parts.css"))
    again = client.get(
        static_url("css/parts.css"),
        headers={"If-None-Match": first.headers["etag"], "Accept-Encoding": offer},
    )

    assert again.status_code == 304
    assert again.content == b""


def test_a_missing_file_answers_404(client: TestClient) -> None:
    assert client.get("/static/css/nothing.css?v=000000000000").status_code == 404


FOR_RESEARCHERS = {"coding.js", "statement_cells.js", "table.js"}
"""Loaded by pages of researchers only, who sit at a desk."""


@pytest.mark.parametrize("is_for_researchers", [False, True])
def test_all_scripts_of_our_own_together_are_a_small_thing_to_send(is_for_researchers: bool) -> None:
    scripts = [
        file.read_bytes()
        for file in (STATIC_DIRECTORY / "js").glob("*.js")
        if (file.name in FOR_RESEARCHERS) is is_for_researchers
    ]

    assert sum(len(gzip.compress(script)) for script in scripts) < 10 * 1024
    assert sum(map(len, scripts)) < 32 * 1024


def test_something_is_vendored() -> None:
    assert VENDORED


@pytest.mark.parametrize(("file", "sha256"), VENDORED)
def test_a_file_from_others_is_unchanged(file: str, sha256: str) -> None:
    assert hashlib.sha256((STATIC_DIRECTORY / "vendor" / file).read_bytes()).hexdigest() == sha256


def test_every_vendored_script_is_in_the_list() -> None:
    assert {path.name for path in (STATIC_DIRECTORY / "vendor").glob("*.js")} == {
        file for file, _ in VENDORED
    }


@pytest.mark.parametrize("path", sorted(STATIC_DIRECTORY.rglob("*.css")), ids=lambda path: path.name)
def test_no_sheet_loads_anything_from_elsewhere(path: object) -> None:
    sheet = path.read_text(encoding="utf-8")  # type: ignore[attr-defined]

    assert not re.search(r"@import|url\((?!\"#)", sheet)
