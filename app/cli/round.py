"""The rounds of a study: opened, closed, and fed back to the panel."""

from datetime import datetime
from typing import Annotated, Final

import typer

from analysis.rules import Decision
from app.cli.place import OPERATOR, StudySlug, open_database
from app.clock import SystemClock
from app.services.overview import RoundLine, read_overview
from app.services.rounds import close_round, open_round, release_feedback

round_: Final = typer.Typer(help="Open and close the rounds of a study, and release their feedback.")


def read_moment(text: str) -> datetime:
    """Read a moment with its offset: an hour alone comes twice, or not at all, when clocks change."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.utcoffset() is None:
        raise typer.BadParameter("Write date, time and offset, such as 2026-05-12T18:00+02:00.")
    return moment


@round_.command("open")
def open_next(
    slug: StudySlug,
    closes: Annotated[
        datetime | None,
        typer.Option(
            parser=read_moment, metavar="MOMENT", help="The deadline told to the panel; unset: none."
        ),
    ] = None,
) -> None:
    """Open the next round: what it asks is chosen by the protocol, and the panel is asked.

    Example: `castalia round open peer-support --closes 2026-05-12T18:00+02:00`
    """
    with open_database() as database:
        opened = open_round(database, SystemClock(), slug, OPERATOR, closes_at=closes)
        line = read_overview(database, SystemClock(), slug).rounds[-1]
    typer.echo(f"Round {opened.number} of {slug} is open: {_asked(line)}, {line.n_invited} panelists asked.")


@round_.command()
def close(slug: StudySlug) -> None:
    """Close the open round, and decide on the statements rated in it by the protocol's rule.

    Example: `castalia round close peer-support`
    """
    with open_database() as database:
        closed = close_round(database, SystemClock(), slug, OPERATOR)
        overview = read_overview(database, SystemClock(), slug)
    line, decided = overview.rounds[-1], overview.decisions
    if closed.asks_open_questions:
        typer.echo(f"Round {closed.number} of {slug} is closed: {line.n_answers} answers to {_asked(line)}.")
        return
    typer.echo(
        f"Round {closed.number} of {slug} is closed: "
        f"{line.n_submitted} of {line.n_invited} panelists handed in. "
        f"Decisions so far: {decided[Decision.CONSENSUS_IN]} in, {decided[Decision.CONSENSUS_OUT]} out, "
        f"{decided[Decision.NO_CONSENSUS]} without consensus, "
        f"{decided[Decision.NOT_ASSESSABLE]} not assessable."
    )


@round_.command()
def release(slug: StudySlug) -> None:
    """Release the closed round's feedback to the panel; a round of open questions is finished.

    Example: `castalia round release peer-support`
    """
    with open_database() as database:
        released = release_feedback(database, SystemClock(), slug, OPERATOR)
    if released.asks_open_questions:
        typer.echo(f"Round {released.number} of {slug} is finished.")
    else:
        typer.echo(f"The feedback of round {released.number} of {slug} is released.")


def _asked(line: RoundLine) -> str:
    if line.round.asks_open_questions:
        return f"{line.n_questions} open questions"
    return f"{line.n_statements} statements"
