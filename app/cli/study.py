"""Studies as a whole: brought in from a folder of files, and ended."""

from pathlib import Path
from typing import Annotated, Final

import typer

from app.cli.place import OPERATOR, open_database
from app.clock import SystemClock
from app.interchange.study_folder import read_study_folder
from app.services.importing import import_study
from app.services.rounds import conclude_study

study: Final = typer.Typer(help="Bring in a study from its files, or end it.")


@study.command("import")
def import_folder(
    directory: Annotated[
        Path,
        typer.Argument(exists=True, file_okay=False, help="Holds study.toml, statements.csv and panel.csv."),
    ],
) -> None:
    """Check a study's files, and store the study if all are good; if not, name every fault and store nothing.

    Example: `castalia study import studies/peer-support`
    """
    definition = read_study_folder(directory)
    with open_database() as database:
        imported = import_study(database, SystemClock(), definition)
    typer.echo(
        f"The study {imported.slug} is stored: "
        f"{imported.n_statements} statements, {imported.n_panelists} panelists."
    )


@study.command()
def conclude(
    slug: Annotated[str, typer.Argument(metavar="STUDY", help="The study's short name, as in its address.")],
) -> None:
    """End a study after the feedback of its last round; nothing is asked of the panel any more.

    Example: `castalia study conclude peer-support`
    """
    with open_database() as database:
        concluded = conclude_study(database, SystemClock(), slug, OPERATOR)
    typer.echo(f"The study {concluded.slug} is concluded.")
