"""The analysis alone, of ratings that were collected elsewhere."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from analysis.collected import read_collected, read_invited
from analysis.protocol import read_protocol
from analysis.result_files import figure_files, result_files
from analysis.rules import Decision
from analysis.sensitivity import analyse_study_sensitivity
from analysis.study_analysis import analyse_study
from app.cli.failures import told_in
from app.domain.study import Language
from app.services.analysing import DEFAULT_SEED
from app.services.reporting import write_report_of_ratings

REPORT_FILE = "report.html"


def analyse(
    ratings: Annotated[
        Path,
        typer.Argument(
            exists=True,
            dir_okay=False,
            metavar="RATINGS",
            help="CSV with the columns round, statement, group, panelist and rating, and if need be "
            "study, criterion and abstained.",
        ),
    ],
    protocol: Annotated[
        Path,
        typer.Option(exists=True, dir_okay=False, help="TOML like study.toml: groups, criteria, consensus."),
    ],
    out: Annotated[Path, typer.Option(file_okay=False, help="The folder to write to; made when missing.")],
    wide: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="RATINGS has one row a panelist; this TOML file says what its columns are.",
        ),
    ] = None,
    group_by: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN[=ANSWER]",
            help="A column of RATINGS, such as a language, that takes the place of the stakeholder groups; "
            "with ANSWER, who chose it against who did not.",
        ),
    ] = None,
    invited: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="CSV with the columns round, group and invited: how many were asked, for response rates.",
        ),
    ] = None,
    seed: Annotated[
        int, typer.Option(min=0, help="Of the permutations; the same seed gives the same bytes.")
    ] = DEFAULT_SEED,
    language: Annotated[
        Language, typer.Option(help="Of the report, the figures, and what is wrong in a file.")
    ] = Language.EN,
) -> None:
    """Decide on every statement by the protocol's rule; write the report, all figures, and JSON and CSV.

    Example: `castalia analyse ratings.csv --protocol study.toml --out results`

    docs/analyse.md explains every file, and the mapping of a table with one row a panelist.
    """
    with told_in(language):
        collected = read_collected(ratings, read_protocol(protocol), wide=wide, group_by=group_by)
        asked = None if invited is None else read_invited(invited, collected)
    rated, rules = collected.ratings, collected.protocol
    study = analyse_study(rated, rules, seed=seed, invited=asked)
    sensitivity = analyse_study_sensitivity(rated, rules)
    out.mkdir(parents=True, exist_ok=True)
    typer.echo(write_report_of_ratings(ratings, study, sensitivity, rules, out / REPORT_FILE, language))
    _write(out, result_files(study, sensitivity))
    _write(out, figure_files(study, rules, sensitivity, locale=language))
    decided = Counter(final.decision for final in study.final)
    typer.echo(
        f"Of {len(study.final)} decisions: {decided[Decision.CONSENSUS_IN]} in, "
        f"{decided[Decision.CONSENSUS_OUT]} out, {decided[Decision.NO_CONSENSUS]} without consensus, "
        f"{decided[Decision.NOT_ASSESSABLE]} not assessable."
    )


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        typer.echo(path)
