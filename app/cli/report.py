"""Reports of studies, written to files."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.place import OPERATOR, StudySlug, open_database
from app.clock import SystemClock
from app.domain.study import Language
from app.services.reporting import ReportFormat, write_csv_report, write_html_report


def report(
    slug: StudySlug,
    form: Annotated[
        ReportFormat, typer.Option("--format", help="One HTML page, or a folder of CSV tables.")
    ] = ReportFormat.HTML,
    out: Annotated[
        Path, typer.Option(help="The folder to write to; for HTML also the name of the file.")
    ] = Path(),
    language: Annotated[
        Language | None, typer.Option(help="Of the HTML page; unset: the study's first language.")
    ] = None,
) -> None:
    """Write the consensus report of a study, up to its last round that was analysed.

    Example: `castalia report peer-support --format csv --out tables`
    """
    clock = SystemClock()
    with open_database() as database:
        if form is ReportFormat.HTML:
            written = [write_html_report(database, clock, slug, out, language=language, actor=OPERATOR)]
        else:
            written = list(write_csv_report(database, clock, slug, out, actor=OPERATOR))
    for path in written:
        typer.echo(path)
