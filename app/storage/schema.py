"""The schema of a database, brought up to date by the migrations and by nothing else."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy.exc import OperationalError

from app.storage.database import DatabaseUnavailable

_MIGRATIONS = Path(__file__).parents[2] / "migrations"


class SchemaUnknown(Exception):
    """The database has a schema that this version does not know: a newer version has made it."""


def upgrade_schema(url: str, revision: str = "head") -> None:
    """Bring the schema of the database at an address up to a revision, keeping every row.

    Asked again, it finds nothing to do. A SQLite file that does not exist yet is made.

    Raises
    ------
    DatabaseUnavailable
        When the database is away.
    SchemaUnknown
        When a newer version has migrated the database.
    """
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    try:
        command.upgrade(config, revision)
    except OperationalError as error:
        raise DatabaseUnavailable(str(error)) from error
    except CommandError as error:
        raise SchemaUnknown(str(error)) from error
