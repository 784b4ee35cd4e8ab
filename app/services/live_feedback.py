"""Real-time rounds: the panel's figures follow its ratings, in steps that reveal nobody."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.domain.feedback import OVERALL
from app.domain.live import LiveFigure, advanced, middle_and_quartiles
from app.domain.protocol import Protocol
from app.services.entering import Visitor
from app.storage import live_figures, studies
from app.storage.database import Connection
from app.storage.live_figures import FigureKey
from app.storage.ratings import RatingToStore


def begin_live_figures(
    connection: Connection,
    study_id: int,
    protocol: Protocol,
    round_number: int,
    statement_ids: Iterable[int],
) -> None:
    """Begin every figure of a real-time round with nothing in it."""
    criteria = studies.criterion_ids(connection, study_id)
    groups = studies.group_ids(connection, study_id)
    figures = {
        FigureKey(statement_id, criterion_id, group_id): LiveFigure(
            (0,) * len(protocol.criterion(code).scale.points)
        )
        for statement_id in statement_ids
        for code, criterion_id in criteria.items()
        for group_id in groups.values()
    }
    live_figures.insert_live_figures(connection, study_id, round_number, figures)


def follow_ratings(
    connection: Connection, visitor: Visitor, round_number: int, stored: Sequence[RatingToStore]
) -> None:
    """Let the figures of the visitor's group follow what has just been stored, in the same transaction.

    Other savers of the same statements in the same group wait here for their turn.
    """
    study_id = visitor.study.id
    group_id = studies.group_ids(connection, study_id)[visitor.panelist.group]
    points = {FigureKey(one.statement_id, one.criterion_id, group_id): one.point for one in stored}
    held = live_figures.hold_live_figures(connection, study_id, round_number, points)
    live_figures.let_wait(connection, study_id, round_number, visitor.panelist.id, points)
    waiting = live_figures.count_waiting(connection, study_id, round_number, points)
    _advance(connection, study_id, visitor.protocol, round_number, held, waiting)


def take_in_the_last(connection: Connection, study_id: int, protocol: Protocol, round_number: int) -> None:
    """Take into the figures whoever still waits when the round closes, where that reveals nobody.

    Which figures then are not those of the ratings that are decided on is noted at once: who is erased later
    takes with them what would tell.
    """
    held = live_figures.hold_live_figures(connection, study_id, round_number)
    waiting = live_figures.count_waiting(connection, study_id, round_number)
    moved = _advance(connection, study_id, protocol, round_number, held, waiting, is_last=True)
    live_figures.note_what_is_left_behind(connection, study_id, round_number, {**held, **moved})


def live_content(
    connection: Connection,
    study_id: int,
    protocol: Protocol,
    round_number: int,
    statements: Sequence[str] | None = None,
) -> dict[str, Any]:
    """What is shown of a real-time round at this moment, in the form of released feedback."""
    content: dict[str, dict[str, Any]] = {code: {} for code in protocol.criterion_codes}
    counted: dict[tuple[str, str], dict[str, tuple[int, ...]]] = {}
    rows = live_figures.read_live_counts(connection, study_id, round_number, statements)
    for criterion, statement, group, counts in rows:
        counted.setdefault((criterion, statement), {})[group] = counts
    for (criterion, statement), by_group in counted.items():
        everyone = tuple(sum(column) for column in zip(*by_group.values(), strict=True))
        points = protocol.criterion(criterion).scale.points
        content[criterion][statement] = {
            group: _figures(points, counts) for group, counts in {**by_group, OVERALL: everyone}.items()
        }
    return content


def _figures(points: Sequence[int], counts: Sequence[int]) -> dict[str, Any]:
    median, q1, q3 = middle_and_quartiles(points, counts) or (None, None, None)
    return {"counts": list(counts), "median": median, "q1": q1, "q3": q3}


def _advance(
    connection: Connection,
    study_id: int,
    protocol: Protocol,
    round_number: int,
    held: Mapping[FigureKey, LiveFigure],
    waiting: Mapping[FigureKey, Mapping[int, int]],
    *,
    is_last: bool = False,
) -> Mapping[FigureKey, LiveFigure]:
    """Let figures try to advance, and return those that did, or tried in vain."""
    code_of = {id_: code for code, id_ in studies.criterion_ids(connection, study_id).items()}
    moved = {}
    for which, by_point in waiting.items():
        points = protocol.criterion(code_of[which.criterion_id]).scale.points
        waiting_counts = [by_point.get(point, 0) for point in points]
        figure = advanced(held[which], waiting_counts, k=protocol.minimum_group_size, is_last=is_last)
        if figure != held[which]:
            moved[which] = figure
    live_figures.update_live_figures(connection, study_id, round_number, moved)
    advanced_ones = [which for which, figure in moved.items() if figure.counts != held[which].counts]
    live_figures.show_waiting(connection, study_id, round_number, advanced_ones)
    live_figures.note_attempts(connection, study_id, round_number, moved.keys() - advanced_ones)
    return moved
