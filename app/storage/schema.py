"""The schema of a database, brought up to date by the migrations and by nothing else."""

from pathlib import Path

from alembic import command
from alembic.config import Config

_MIGRATIONS = Path(__file__).parents[2] / "migrations"


def upgrade_schema(url: str, revision: str = "head") -> None:
    """Bring the schema of the database at an address up to a revision, keeping every row.

    Asked again, it finds nothing to do. A SQLite file that does not exist yet is made.
    """
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    command.upgrade(config, revision)
