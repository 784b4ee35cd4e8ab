"""What the tests rest on: each test gets a database of its own, of either kind, with the schema only."""

from sqlalchemy import text

from app.storage.database import Database
from app.storage.schema import upgrade_schema


def test_a_database_has_the_schema(database):
    assert database.is_ready()


def test_a_database_without_the_schema_is_not_ready(empty_database_url):
    database = Database(empty_database_url)
    assert not database.is_ready()
    database.close()


def test_upgrading_twice_changes_nothing(empty_database_url):
    upgrade_schema(empty_database_url)
    upgrade_schema(empty_database_url)
    database = Database(empty_database_url)
    assert database.is_ready()
    database.close()


def test_postgresql_is_postgresql(postgresql_url):
    database = Database(postgresql_url)
    with database.reading() as connection:
        assert "PostgreSQL" in str(connection.execute(text("SELECT version()")).scalar())
    database.close()
