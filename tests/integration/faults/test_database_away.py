"""The database is away, busy, full, read-only or damaged: this is said, and nothing is half stored."""

import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from app.clock import FixedClock
from app.domain.rating import CommentChange, RatingChange
from app.services.entering import look_up_link
from app.services.ratings import save_answers
from app.storage.database import Connection, Database, DatabaseUnavailable
from tests.integration.races.racing import count_events, read_log
from tests.running_study import RunningStudy


def rows(study: RunningStudy) -> dict[str, int]:
    with study.database.reading() as connection:
        return {
            table: connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()
            for table in ("rating", "rating_version", "comment", "event")
        }


def save_a_page(study: RunningStudy, database: Database) -> None:
    changes = [RatingChange(code, "agreement", 3, False, 0) for code in ("S01", "S02")]
    written = [CommentChange("S01", "Because.", 0)]
    save_answers(database, study.clock, study.visitor(0), 1, changes, written)


def assert_nothing_is_stored_and_the_next_save_works(study: RunningStudy, before: dict[str, int]) -> None:
    assert rows(study) == before
    save_a_page(study, study.database)
    assert rows(study) == {"rating": 2, "rating_version": 2, "comment": 1, "event": before["event"] + 1}
    assert count_events(study, "RatingsSaved") == 1


@contextmanager
def somebody_who_keeps_the_round(study: RunningStudy, url: str) -> Iterator[None]:
    """Another process that writes and does not come to an end."""
    with closing(Database(url)) as other, other.writing() as connection:
        if not other.is_sqlite:
            connection.execute(text("SELECT * FROM round FOR UPDATE"))
        yield


def test_a_database_that_stays_busy_is_told_so_and_keeps_nothing(
    open_study: RunningStudy, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_study.visitor(0)
    before = rows(open_study)
    monkeypatch.setattr("app.storage.database.BUSY_SECONDS", 0.1)
    with closing(Database(database_url)) as impatient, somebody_who_keeps_the_round(open_study, database_url):
        with pytest.raises(DatabaseUnavailable):
            save_a_page(open_study, impatient)
        assert rows(open_study) == before
    assert_nothing_is_stored_and_the_next_save_works(open_study, before)


def test_a_writer_who_never_comes_to_an_end_keeps_others_waiting_no_longer_than_told(
    open_study: RunningStudy, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.storage.database.BUSY_SECONDS", 0.1)
    monkeypatch.setattr("app.storage.database.POSTGRESQL_CONNECTIONS", 2)
    with closing(Database(database_url)) as database, database.writing():
        places = 1 if database.is_sqlite else 2
        with pytest.raises(DatabaseUnavailable):
            write_inside_a_write(database, places)


def write_inside_a_write(database: Database, places: int) -> None:
    with database.writing():
        if places:
            write_inside_a_write(database, places - 1)


def cut_the_connection(connection: Connection) -> None:
    connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))


def fill_the_disk(connection: Connection) -> None:
    n_pages = connection.execute(text("PRAGMA page_count")).scalar_one()
    connection.execute(text(f"PRAGMA max_page_count = {n_pages}"))
    try:
        connection.execute(text("CREATE TABLE filler AS SELECT randomblob(1000000)"))
    finally:
        connection.execute(text("PRAGMA max_page_count = 1073741823"))


def test_what_was_written_before_the_database_went_is_not_kept(
    open_study: RunningStudy, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_study.visitor(0)
    before = rows(open_study)
    fault: Callable[[Connection], None] = (
        fill_the_disk if open_study.database.is_sqlite else cut_the_connection
    )
    with monkeypatch.context() as broken:
        broken.setattr("app.services.ratings.append_event", lambda connection, *_: fault(connection))
        with pytest.raises(DatabaseUnavailable):
            save_a_page(open_study, open_study.database)
    assert_nothing_is_stored_and_the_next_save_works(open_study, before)
    read_log(open_study)


def assert_away(database: Database, clock: FixedClock) -> None:
    with pytest.raises(DatabaseUnavailable):
        look_up_link(database, clock, "token")
    with pytest.raises(DatabaseUnavailable), database.writing():
        pass
    assert not database.is_ready()


def test_a_server_that_refuses_connections_is_away(clock: FixedClock) -> None:
    # Bound but not listening: nobody else can take the port, and whoever calls is refused.
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"postgresql://nobody@127.0.0.1:{taken.getsockname()[1]}/nothing"
        with closing(Database(url)) as database:
            assert_away(database, clock)


def test_a_server_that_only_reads_takes_no_rating_and_says_so(
    postgresql_url: str, clock: FixedClock, tmp_path: Path
) -> None:
    with closing(Database(postgresql_url)) as database:
        study = RunningStudy(database, clock, tmp_path)
        study.open()
        study.visitor(0)
        before = rows(study)
        standby = f"{postgresql_url}&options=-c%20default_transaction_read_only=on"
        with closing(Database(standby)) as only_reads:
            with pytest.raises(DatabaseUnavailable):
                save_a_page(study, only_reads)
            assert only_reads.is_ready()
        assert_nothing_is_stored_and_the_next_save_works(study, before)


def overwrite(file: Path) -> None:
    file.write_bytes(b"This is not a database. " * 1000)


def put_a_folder_in_its_place(file: Path) -> None:
    file.unlink()
    file.mkdir()


@pytest.mark.parametrize("spoil", [overwrite, put_a_folder_in_its_place])
def test_a_file_that_is_no_database_is_away(
    sqlite_url: str, clock: FixedClock, spoil: Callable[[Path], None]
) -> None:
    spoil(Path(str(make_url(sqlite_url).database)))
    with closing(Database(sqlite_url)) as database:
        assert_away(database, clock)
