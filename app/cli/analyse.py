"""The analysis alone, of ratings that were collected elsewhere."""

import json
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from analysis.protocol import read_protocol
from analysis.ratings import read_ratings
from analysis.rules import Decision
from analysis.study_analysis import analyse_study
from analysis.tables import write_tables
from app.domain.study import Language
from app.services.analysing import DEFAULT_SEED
from app.services.reporting import write_report_of_ratings

RESULT_FILE = "analysis.json"
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
    seed: Annotated[int, typer.Option(min=0, help="Of the permutations.")] = DEFAULT_SEED,
    language: Annotated[Language, typer.Option(help="Of the report.")] = Language.EN,
) -> None:
    """Decide on every statement by the protocol's rule; write the report, and all figures as JSON and CSV.

    Example: `castalia analyse ratings.csv --protocol study.toml --out results`
    """
    rules = read_protocol(protocol)
    study = analyse_study(read_ratings(ratings, rules), rules, seed=seed)
    out.mkdir(parents=True, exist_ok=True)
    whole = json.dumps(study.to_dict(), ensure_ascii=False, allow_nan=False, indent=1)
    (out / RESULT_FILE).write_text(whole + "\n", encoding="utf-8", newline="\n")
    report = write_report_of_ratings(ratings, study, rules, out / REPORT_FILE, language)
    for path in (report, out / RESULT_FILE, *write_tables(study, out)):
        typer.echo(path)
    decided = Counter(final.decision for final in study.final)
    typer.echo(
        f"Of {len(study.final)} decisions: {decided[Decision.CONSENSUS_IN]} in, "
        f"{decided[Decision.CONSENSUS_OUT]} out, {decided[Decision.NO_CONSENSUS]} without consensus, "
        f"{decided[Decision.NOT_ASSESSABLE]} not assessable."
    )
