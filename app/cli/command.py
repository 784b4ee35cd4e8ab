"""The command as a whole: what it can do, and how it ends."""

import sys
from collections.abc import Sequence
from typing import Final

import typer

from app.cli import failures, server
from app.cli.analyse import analyse
from app.cli.demo import demo
from app.cli.plan import plan
from app.cli.report import report
from app.cli.researcher import researcher
from app.cli.round import round_
from app.cli.study import study
from app.cli.worker import worker

castalia: Final = typer.Typer(
    name="castalia",
    help="Castalia runs Delphi consensus studies, from a protocol to the consensus report.",
    epilog="Settings are CASTALIA_ variables; docs/settings.md lists them.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
castalia.command()(demo)
castalia.command()(server.migrate)
castalia.command()(server.serve)
castalia.command()(worker)
castalia.command()(report)
castalia.command()(analyse)
castalia.command()(plan)
castalia.add_typer(study, name="study")
castalia.add_typer(round_, name="round")
castalia.add_typer(researcher, name="researcher")


def main() -> None:
    """Run the command that was typed, and leave with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run a command and return its exit code; what went wrong is said on standard error."""
    try:
        answer = castalia(args=list(arguments) or ["--help"], prog_name="castalia", standalone_mode=False)
    except failures.KNOWN as failure:
        for line in failures.lines(failure):
            print(f"castalia: {line}", file=sys.stderr)  # noqa: T201 - this is where people are spoken to
        return failures.exit_code(failure)
    except typer.Abort:
        return failures.NOT_DONE
    return answer if isinstance(answer, int) else 0
