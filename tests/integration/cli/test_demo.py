"""`castalia demo` shows a newcomer two studies, and every way in that it prints is one."""

import csv
import re
from collections import Counter

import pytest

from app.services.accounts import sign_in
from app.storage.database import Database
from tests.integration.cli.process import served_by

GROUPS = ["peers", "professionals", "patients", "relatives"]


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    """A directory in which the demonstration was started on an empty database, and what was printed."""
    directory = tmp_path_factory.mktemp("demo")
    url = f"sqlite:///{directory / 'castalia.db'}"
    with served_by("demo", directory=directory, database_url=url) as served:
        assert served.status_of("/readyz") == 200
    assert served.process.returncode == 0, served.complained
    return directory, url, served.said


def ways_in(said):
    """Return the personal links by group, and the researcher's password."""
    (password,) = re.findall(r"password (\S+)", said)
    return dict(re.findall(r"^  (\w+) .*(/p/\S+)$", said, re.MULTILINE)), password


def test_every_group_has_a_link_and_the_researcher_can_sign_in(started, clock):
    _, url, said = started
    links, password = ways_in(said)
    assert list(links) == GROUPS
    database = Database(url)
    signed_in = sign_in(database, clock, "demo@example.org", password, session_hours=1)
    assert signed_in.researcher.name == "Demo Researcher"
    database.close()


def test_a_second_start_tells_the_same_ways_in_and_the_links_open(started):
    directory, url, said = started
    with served_by("demo", directory=directory, database_url=url) as served:
        statuses = [served.status_of(link) for link in ways_in(said)[0].values()]
    assert statuses == [200] * len(GROUPS)
    assert ways_in(served.said) == ways_in(said)
    assert "Playing" not in served.said


def test_the_finished_study_is_reported_as_tables_and_as_a_page(started, castalia, tmp_path):
    _, url, _ = started
    tables = castalia(
        "report", "peer-support", "--format", "csv", "--out", "tables", CASTALIA_DATABASE_URL=url
    )
    page = castalia("report", "peer-support", "--language", "nl", CASTALIA_DATABASE_URL=url)
    assert (tables.code, page.code) == (0, 0)
    assert "tables/decisions.csv" in tables.said.splitlines()
    with (tmp_path / "tables" / "decisions.csv").open(encoding="utf-8-sig", newline="") as file:
        last = {row["statement"]: row["decision"] for row in csv.DictReader(file)}
    assert Counter(last.values()) == {"consensus_in": 38, "no_consensus": 14}
    assert (tmp_path / page.said.strip()).read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_report_of_a_study_that_is_not_there_says_so(started, castalia):
    _, url, _ = started
    answer = castalia("report", "nothing", CASTALIA_DATABASE_URL=url)
    assert answer.code == 2
    assert answer.complained == ["castalia: There is no study “nothing” here."]
