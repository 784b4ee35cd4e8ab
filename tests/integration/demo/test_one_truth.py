"""The finished demo says the same in the report, on the researcher's pages and in the CSV."""

import csv
import io
import re
import zipfile
from collections import Counter

import pytest
from starlette.testclient import TestClient

from app.clock import FixedClock
from app.domain.account import Role
from app.domain.study import Language
from app.main import create_app
from app.services.accounts import add_researcher
from app.services.joining import join_study
from app.services.reporting import ReportFormat, download_report
from app.settings import Settings
from app.storage.database import Database
from tests.unit.reports.reading import Reader, read, words

SLUG = "peer-support"
GROUPS = {
    "peers": "Peer supporters",
    "professionals": "Mental health professionals",
    "patients": "Patients",
    "relatives": "Relatives",
    "overall": "Everyone",
}
DECISIONS = {
    "Consensus: in": "consensus_in",
    "Consensus: out": "consensus_out",
    "No consensus": "no_consensus",
}
PASSWORD = "a password for one test"

Table = list[dict[str, str]]


def csv_tables(database: Database, now: FixedClock) -> dict[str, bytes]:
    archive = download_report(database, now, SLUG, "system", ReportFormat.CSV).content
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        return {name.rpartition("/")[2]: packed.read(name) for name in packed.namelist()}


def rows_of(table: bytes) -> Table:
    return list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"))))


def last_decisions(decisions: Table) -> dict[str, str]:
    return {row["statement"]: row["decision"] for row in decisions}


def last_figures(statements: Table) -> dict[tuple[str, str], tuple[int, float]]:
    """By statement and group: ratings and share of agreement in the round rated last."""
    return {
        (row["statement"], row["group"]): (int(row["n"]), float(row["agree"]))
        for row in statements
        if row["agree"]
    }


def html_report(database: Database, now: FixedClock) -> str:
    return download_report(database, now, SLUG, "system", ReportFormat.HTML, Language.EN).content.decode()


def decisions_in(report: Reader) -> dict[str, str]:
    found = {}
    for table in report.tables:
        if table.caption.startswith("Figures by group"):
            for part in table.parts:
                word = next(word for word in DECISIONS if word in part)
                found[part.split()[0]] = DECISIONS[word]
    return found


def figures_in(report: Reader) -> dict[tuple[str, str], tuple[int, str]]:
    found = {}
    codes = {name: code for code, name in GROUPS.items()} | {"Whole panel": "overall"}
    for table in report.tables:
        if table.caption.startswith("Figures by group"):
            for part, rows in table.parts.items():
                for heading, cells in rows.items():
                    row = dict(zip(table.columns[1:], cells, strict=True))
                    if heading in codes:
                        found[part.split()[0], codes[heading]] = (int(row["Ratings"]), row["Agree"])
    return found


@pytest.fixture
def results_page(demo: Database, demo_url: str, now: FixedClock) -> str:
    """The researcher's page of decisions after all rounds."""
    owner = add_researcher(demo, now, email="one@example.org", name="One", password=PASSWORD)
    join_study(demo, now, SLUG, owner.id, Role.OWNER, "system")
    app = create_app(Settings(database_url=demo_url, secret="one secret for all the tests of truth"), now)
    with TestClient(app, headers={"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}) as browser:
        signed_in = browser.post(
            "/research/sign-in", data={"email": owner.email, "password": PASSWORD, "next": ""}
        )
        assert signed_in.status_code == 200
        page = browser.get(f"/research/{SLUG}/results", headers={"Accept-Language": "en"})
    assert page.status_code == 200
    return page.text


def decisions_on(page: str) -> dict[str, str]:
    (table,) = [table for table in read(page).tables if "S01" in table.parts.get("", {})]
    column = table.columns.index(next(name for name in table.columns if name.startswith("Decision"))) - 1
    return {
        code: next(DECISIONS[word] for word in DECISIONS if cells[column].startswith(word))
        for code, cells in table.parts[""].items()
    }


def figures_on(page: str) -> dict[tuple[str, str], tuple[int, int]]:
    """By statement and group: how many agree, of how many."""
    (table,) = [table for table in read(page).tables if "S01" in table.parts.get("", {})]
    found = {}
    for code, cells in table.parts[""].items():
        for column, cell in zip(table.columns[1:], cells, strict=True):
            group = next((group for group, name in GROUPS.items() if column.startswith(name)), None)
            counted = re.search(r"(\d+)/(\d+)", cell)
            if group and counted:
                found[code, group] = (int(counted[1]), int(counted[2]))
    return found


def test_report_pages_and_csv_say_the_same_of_every_statement_and_group(
    demo: Database, now: FixedClock, results_page: str
):
    tables = csv_tables(demo, now)
    decided, figures = (
        last_decisions(rows_of(tables["decisions.csv"])),
        last_figures(rows_of(tables["statements.csv"])),
    )
    report = html_report(demo, now)

    assert Counter(decided.values()) == {"consensus_in": 38, "no_consensus": 14}
    assert "38 of 52 statements reached consensus and are accepted. None was rejected. 14 ended" in words(
        report
    )
    assert decisions_in(read(report)) == decided
    assert decisions_on(results_page) == decided

    shown = figures_in(read(report))
    counted = figures_on(results_page)
    assert set(shown) == set(counted) == {key for key in figures if key[1] in GROUPS}
    assert len(counted) == 52 * len(GROUPS)
    for key, (agree, n) in counted.items():
        assert (n, agree / n) == figures[key]
        assert shown[key] == (n, f"{100 * agree / n:.1f}%")


def test_playing_again_on_another_database_gives_byte_identical_tables(
    run, postgresql, demo_sqlite_url: str, demo_postgresql_url: str, now: FixedClock
):
    played = []
    for url in (demo_sqlite_url, demo_postgresql_url):
        database = Database(url)
        played.append(csv_tables(database, now))
        database.close()
    first, second = played
    origins = [rows_of(tables.pop("provenance.csv")) for tables in played]
    # A receipt's code is drawn by chance and logged, so no two plays have the same log.
    marks = [{row.pop("log_sha256") for row in rows} for rows in origins]
    assert len(first) >= 7
    assert first == second
    assert origins[0] == origins[1]
    assert all(len(of_one) == 1 for of_one in marks)
    assert marks[0] != marks[1]
