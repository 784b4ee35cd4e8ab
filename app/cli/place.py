"""Where commands do their work: the database, a study in it, and the log's name for who typed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Final

import typer

from app.settings import Settings
from app.storage.database import Database

OPERATOR: Final = "system"
"""Who acts, in a study's log: the command line knows no researcher."""

StudySlug = Annotated[str, typer.Argument(metavar="STUDY", help="The study's short name, as in its address.")]
"""The study that a command is about."""


@contextmanager
def open_database() -> Iterator[Database]:
    """Give the installation's database to a command, and close it afterwards.

    Raises
    ------
    typer.TyperException
        When it does not answer, or has no tables yet.
    """
    database = Database(Settings().database_url)
    try:
        if not database.is_ready():
            raise typer.TyperException(
                "The database does not answer, or has no tables yet. `castalia migrate` makes them."
            )
        yield database
    finally:
        database.close()
