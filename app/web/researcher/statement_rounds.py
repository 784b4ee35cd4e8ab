"""One statement through its rounds: how it was rated in each, and who moved from one to another."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

from analysis.other_views import BANDS, GroupMovement, RoundComparison
from analysis.results import OVERALL, GroupFigures, StatementAnalysis
from analysis.rules import Decision
from analysis.scale import Band
from app.domain.messages import N_
from app.web.researcher.desk import Room, StudyDesk
from app.web.researcher.figures import FigureCell, GroupLabel, RatedCriterion, ShareCell, StudyWords
from app.web.researcher.result_words import ResultWords
from app.web.shared.parts import Column, ShareBar

BAND_WORDS: Final[Mapping[Band, str]] = {
    Band.DISAGREE: N_("disagree"),
    Band.NEUTRAL: N_("neutral"),
    Band.AGREE: N_("agree"),
}


@dataclass(frozen=True, slots=True)
class RatedIn:
    """A round that asked the statement, what it decided, and its page."""

    number: int
    decision: Decision
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class RoundCell:
    """How one group rated in one round."""

    shares: ShareBar
    n: int
    agree: ShareCell
    median: FigureCell


@dataclass(frozen=True, slots=True)
class RoundsLine:
    """One group, or everyone, in every round that asked the statement."""

    label: GroupLabel
    cells: tuple[RoundCell, ...]


@dataclass(frozen=True, slots=True)
class SideBySide:
    """The statement's rounds, and a line for each group."""

    rounds: tuple[RatedIn, ...]
    columns: tuple[Column, ...]
    lines: tuple[RoundsLine, ...]


@dataclass(frozen=True, slots=True)
class MoveLine:
    """What one group did between two rounds; `moves` follow the columns of the table."""

    label: GroupLabel
    n: int
    stayed: int
    moves: tuple[int, ...]
    n_lost: int
    n_new: int
    meaning: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Moves:
    """Who moved between an earlier round and this one."""

    before: int
    after: int
    columns: tuple[Column, ...]
    lines: tuple[MoveLine, ...]


def side_by_side(
    desk: StudyDesk,
    words: StudyWords,
    rated: Mapping[tuple[int, str], RatedCriterion],
    held: Sequence[tuple[int, StatementAnalysis]],
    number: int,
) -> SideBySide:
    """The statement in every round that asked it, first round first."""
    codes = [*(label.code for label in words.groups), OVERALL]
    rounds = tuple(
        RatedIn(one, entry.decision, desk.path(Room.RESULTS, one, entry.statement), one == number)
        for one, entry in held
    )
    return SideBySide(
        rounds=rounds,
        columns=_round_columns(desk, [one for one, _ in held]),
        lines=tuple(
            RoundsLine(
                words.group(code),
                tuple(
                    round_cell(words, rated[one, entry.criterion], entry.figures_of(code))
                    for one, entry in held
                ),
            )
            for code in codes
        ),
    )


def round_cell(words: StudyWords, rated: RatedCriterion, figures: GroupFigures) -> RoundCell:
    """How one group rated in one round."""
    return RoundCell(
        shares=rated.share_bar(figures.group, figures.counts),
        n=figures.n,
        agree=words.share(figures, figures.agree),
        median=words.figure(figures.median),
    )


def one_round(
    desk: StudyDesk, words: StudyWords, rated: RatedCriterion, figures: Iterable[GroupFigures], number: int
) -> SideBySide:
    """One round alone, by whatever groups the figures are of."""
    lines = (RoundsLine(words.group(one.group), (round_cell(words, rated, one),)) for one in figures)
    return SideBySide(rounds=(), columns=_round_columns(desk, [number]), lines=tuple(lines))


def _round_columns(desk: StudyDesk, numbers: Iterable[int]) -> tuple[Column, ...]:
    return (
        Column(desk.say(N_("Group")), is_sortable=False),
        *(Column(desk.say(N_("Round %(round)s")) % {"round": one}, is_sortable=False) for one in numbers),
    )


def moves_of(
    desk: StudyDesk,
    words: StudyWords,
    rated: RatedCriterion,
    comparisons: Sequence[RoundComparison],
    analysis: StatementAnalysis,
) -> tuple[Moves, ...]:
    """Who moved since each earlier round that asked the statement, the newest of them first."""
    result_words = ResultWords(desk, words)
    bands = [band for band in BANDS if rated.scale.points_of(band)]
    changes = [(before, after) for before, after in product(bands, bands) if before is not after]
    return tuple(
        Moves(
            before=comparison.before,
            after=comparison.after,
            columns=_columns(desk, changes),
            lines=tuple(_line(words, result_words, bands, changes, one) for one in statement.groups),
        )
        for comparison in reversed(comparisons)
        if comparison.criterion == analysis.criterion
        for statement in comparison.statements
        if statement.statement == analysis.statement
    )


def _line(
    words: StudyWords,
    result_words: ResultWords,
    bands: Sequence[Band],
    changes: Sequence[tuple[Band, Band]],
    movement: GroupMovement,
) -> MoveLine:
    return MoveLine(
        label=words.group(movement.group),
        n=movement.n,
        stayed=sum(movement.moved(band, band) for band in bands),
        moves=tuple(movement.moved(before, after) for before, after in changes),
        n_lost=movement.n_lost,
        n_new=movement.n_new,
        meaning=result_words.movement(movement),
    )


def _columns(desk: StudyDesk, changes: Sequence[tuple[Band, Band]]) -> tuple[Column, ...]:
    def number(label: str) -> Column:
        return Column(label, "number", is_sortable=False)

    return (
        Column(desk.say(N_("Group")), is_sortable=False),
        number(desk.say(N_("Rated twice"))),
        number(desk.say(N_("Stayed in their band"))),
        *(
            number(f"{desk.say(BAND_WORDS[before])} → {desk.say(BAND_WORDS[after])}")
            for before, after in changes
        ),
        number(desk.say(N_("Lost"))),
        number(desk.say(N_("New"))),
    )
