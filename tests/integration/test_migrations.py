"""The migrations make the schema that the tables describe, on both databases, up and down."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_alembic import MigrationContext, tests
from pytest_alembic.config import Config
from sqlalchemy import Engine

from app.storage.database import create_migration_engine


@pytest.fixture
def alembic_config() -> Config:
    return Config(config_options={"script_location": str(Path(__file__).parents[2] / "migrations")})


@pytest.fixture
def alembic_engine(empty_database_url: str) -> Iterator[Engine]:
    engine = create_migration_engine(empty_database_url)
    yield engine
    engine.dispose()


def test_there_is_one_newest_revision(alembic_runner: MigrationContext):
    tests.test_single_head_revision(alembic_runner)


def test_the_migrations_run_from_nothing_to_the_newest(alembic_runner: MigrationContext):
    tests.test_upgrade(alembic_runner)


def test_the_migrations_make_what_the_tables_describe(alembic_runner: MigrationContext):
    tests.test_model_definitions_match_ddl(alembic_runner)


def test_every_migration_can_be_undone(alembic_runner: MigrationContext):
    tests.test_up_down_consistency(alembic_runner)
