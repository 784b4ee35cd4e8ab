"""How far the panel has come is told by counts, and never by looking at everybody."""

import re
from pathlib import Path

from alembic import command
from alembic.config import Config

from app.clock import FixedClock
from app.services.consent import withdraw
from app.services.response import read_response
from app.storage.database import Database
from app.storage.tables import metadata
from tests.queries import counting
from tests.recounting import assert_counts_are_exact
from tests.running_study import STATEMENTS, RunningStudy

BEFORE = "2026_11_22_1430"
GROWING = {table.name for table in metadata.sorted_tables if "panelist_id" in table.columns} | {
    "panelist",
    "event",
    "identity",
}
"""The tables that have a row for every panelist, or for what one of them did."""


def answered(database: Database, clock: FixedClock, folder: Path, n_peers: int) -> RunningStudy:
    """A study in which some have handed in, one has begun, and one has left."""
    study = RunningStudy(database, clock, folder, group_size=n_peers)
    study.open()
    for n in range(n_peers):
        study.rate(n, dict.fromkeys(STATEMENTS, 3))
        study.submit(n)
    study.rate(n_peers, {"S01": 3})
    withdraw(database, clock, study.visitor(n_peers + 1))
    return study


def test_watching_a_round_reads_no_table_that_grows_with_the_panel(
    database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    study = answered(database, clock, tmp_path, 4)
    with counting() as sent:
        found = read_response(database, clock, study.slug, 1)
    assert sum(row.n_submitted for row in found.flow) == 4
    named = {name for query in sent for name in re.findall(r"\w+", query)}
    assert named & GROWING == set()
    assert "response_count" in named


def test_a_round_has_as_many_counts_as_groups_and_languages_however_many_people(
    database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    study = answered(database, clock, tmp_path, 12)
    assert len(read_response(database, clock, study.slug, 1).flow) == 2 * 2
    with database.reading() as connection:
        n_counts = connection.exec_driver_sql("SELECT count(*) FROM response_count").scalar_one()
    assert n_counts == 2 * 2


def test_only_a_first_answer_costs_a_save_the_counting(
    database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    study = RunningStudy(database, clock, tmp_path)
    study.open()
    study.visitor(0)
    with counting() as first:
        study.rate(0, {"S01": 3})
    with counting() as later:
        study.rate(0, {"S02": 3})
    assert [sum("response_count" in query for query in sent) for sent in (first, later)] == [1, 0]


def test_a_database_from_before_is_counted_when_the_schema_comes(
    database: Database, clock: FixedClock, tmp_path: Path, database_url: str
) -> None:
    answered(database, clock, tmp_path, 3)
    before = assert_counts_are_exact(database)
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parents[3] / "migrations"))
    config.set_main_option("sqlalchemy.url", database_url.replace("%", "%%"))
    command.downgrade(config, BEFORE)
    command.upgrade(config, "head")
    assert assert_counts_are_exact(database) == before
