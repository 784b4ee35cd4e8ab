"""Before a study: how often its rule would decide rightly, for assumed panels."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from analysis.planning import read_assumptions, simulate_plan
from analysis.protocol import AnalysisProtocol, Criterion, read_protocol
from analysis.result_files import plan_files
from analysis.results import Figure, NotAssessable
from analysis.what_if_results import OperatingCharacteristic
from app.cli.failures import told_in
from app.domain.study import Language
from app.services.analysing import DEFAULT_SEED

HEADINGS = ("statement", "truth", "group", "lost", "in", "out", "open", "false", "missed", "+/-")


def plan(
    protocol: Annotated[
        Path,
        typer.Argument(
            exists=True,
            dir_okay=False,
            metavar="PROTOCOL",
            help="TOML like study.toml: groups, criteria, consensus.",
        ),
    ],
    assume: Annotated[
        Path,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="TOML: typical statements with what each group would answer, panel sizes, attrition.",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(file_okay=False, help="The folder for plan.csv and plan.svg; made when missing."),
    ] = None,
    criterion: Annotated[
        str | None, typer.Option(metavar="CODE", help="Whose rule; unset: the study's first criterion.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the simulated panels.")] = DEFAULT_SEED,
    language: Annotated[
        Language, typer.Option(help="Of the figure, and what is wrong in a file.")
    ] = Language.EN,
) -> None:
    """Simulate the protocol's rule: the chance of a false consensus, and of missing a true one.

    Example: `castalia plan study.toml --assume assumptions.toml --out plan`

    docs/plan.md explains the assumptions and the table.
    """
    with told_in(language):
        rules = read_protocol(protocol)
        chosen = _criterion(rules, criterion)
        assumptions = read_assumptions(assume, rules, chosen)
    with _progress() as report_progress:
        found = simulate_plan(
            assumptions, chosen.rule, rules.group_codes, seed=seed, report_progress=report_progress
        )
    rows = [HEADINGS, *(_row(one) for one in found)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADINGS))]
    for row in rows:
        names, numbers = row[:2], row[2:]
        cells = [
            *(name.ljust(width) for name, width in zip(names, widths[:2], strict=True)),
            *(number.rjust(width) for number, width in zip(numbers, widths[2:], strict=True)),
        ]
        typer.echo("  ".join(cells))
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        for name, content in plan_files(found, locale=language).items():
            (out / name).write_bytes(content)
            typer.echo(out / name)


def _criterion(protocol: AnalysisProtocol, code: str | None) -> Criterion:
    codes = [criterion.code for criterion in protocol.criteria]
    if code is None:
        return protocol.criteria[0]
    if code not in codes:
        raise typer.BadParameter(
            f"{code} is not a criterion; there is {', '.join(codes)}.", param_hint="--criterion"
        )
    return protocol.criterion(code)


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """Draw a bar on standard error, where somebody is there to see it."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Simulating panels", total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def _row(one: OperatingCharacteristic) -> tuple[str, ...]:
    shares: tuple[Figure, ...] = (
        one.attrition,
        one.consensus_in,
        one.consensus_out,
        one.no_consensus + one.not_assessable,
        one.false_consensus,
        one.missed_consensus,
        one.error,
    )
    return one.statement, one.truth.value, str(one.group_size), *(_percent(share) for share in shares)


def _percent(share: Figure) -> str:
    return "-" if isinstance(share, NotAssessable) else f"{100 * share:.1f}%"
