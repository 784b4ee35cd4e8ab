"""From the frozen ratings of closed rounds to a stored analysis.

The libraries that figures are computed with take seconds to load: only who computes some waits for them.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from analysis.protocol import AnalysisProtocol
from app.clock import Clock
from app.domain.errors import NoRoundToAnalyse, RatingsNotAsCounted
from app.domain.event import EventKind, canonical_json
from app.domain.round import RoundStatus
from app.services.finding import get_study_of
from app.services.other_rules import with_other_rules
from app.services.round_comparisons import with_comparisons
from app.services.stored_analyses import keep_read
from app.storage import rounds, statements, studies
from app.storage.database import Database
from app.storage.events import append_event
from app.storage.rounds import StoredAnalysis

if TYPE_CHECKING:
    from analysis.rating_columns import RatingColumns
    from analysis.ratings import Ratings

DEFAULT_SEED = 20260101

_FINISHED = (RoundStatus.CLOSED, RoundStatus.FED_BACK)


@dataclass(frozen=True)
class FrozenRatings:
    """What an analysis rests on: every rating up to a finished round, and the rules they are held to.

    ``sha256`` is the fingerprint of both; ``status`` is where the newest of the rounds stands, and
    ``counts_sha256`` the fingerprint of the counts with which it closed. ``is_whole``: its ratings are still
    those that were counted.
    """

    study_id: int
    round_number: int
    status: RoundStatus
    protocol_version: int
    protocol: AnalysisProtocol
    ratings: "Ratings"
    sha256: str
    counts_sha256: str
    is_whole: bool


def analyse_closed_round(
    database: Database, clock: Clock, slug: str, actor: str, *, seed: int = DEFAULT_SEED
) -> None:
    """Compute the figures of the newest closed round from its frozen ratings and store them for good.

    Nobody is kept waiting while the figures are computed. Ratings cannot change any more, but somebody can be
    erased with theirs meanwhile: the round is then counted again, and so are its figures. Figures that are
    stored already stay when somebody is erased after them.

    Raises
    ------
    StudyNotFound, NoRoundToAnalyse
    RatingsNotAsCounted
        Ratings of the round are missing or other than when it closed, and not because somebody was erased.
    """
    while not _analyse(database, clock, slug, actor, seed):
        pass
    with database.reading() as connection:
        keep_read(connection, get_study_of(connection, slug).id)


def _analyse(database: Database, clock: Clock, slug: str, actor: str, seed: int) -> bool:
    """Whether figures of the counts that the round closed with are stored now."""
    from analysis.study_analysis import analyse_round  # noqa: PLC0415

    frozen = read_frozen_ratings(database, slug)
    if frozen.status is not RoundStatus.CLOSED:
        raise NoRoundToAnalyse(slug=slug)
    if not frozen.is_whole:
        return _keep_figures(database, frozen)
    *before, last = frozen.ratings.rounds
    result = analyse_round(last, frozen.protocol, seed=seed, previous=before[-1] if before else None)
    stored = StoredAnalysis(
        round_number=frozen.round_number,
        input_sha256=frozen.sha256,
        protocol_version=frozen.protocol_version,
        code_version=version("castalia"),
        seed=seed,
        result=with_comparisons(with_other_rules(result, frozen.ratings, frozen.protocol), frozen.ratings),
        created_at=clock.now(),
    )
    with database.writing() as connection:
        rounds.hold_round(connection, frozen.study_id, frozen.round_number)
        if rounds.read_snapshot(connection, frozen.study_id, frozen.round_number)[1] != frozen.counts_sha256:
            return False
        rounds.insert_analysis(connection, frozen.study_id, stored)
        payload = {"round": stored.round_number, "input_sha256": stored.input_sha256, "seed": seed}
        append_event(connection, frozen.study_id, EventKind.ROUND_ANALYSED, actor, stored.created_at, payload)
    return True


def _keep_figures(database: Database, frozen: FrozenRatings) -> bool:
    with database.reading() as connection:
        if rounds.find_analysis(connection, frozen.study_id, frozen.round_number) is None:
            raise RatingsNotAsCounted(round=frozen.round_number)
    return True


def _are_counted(columns: "RatingColumns", round_number: int, counted: Mapping[str, Any]) -> bool:
    """Whether the ratings of a round are exactly those of the counts kept when it closed."""
    kept: Counter[tuple[str, str, str, int | None]] = Counter()
    for statement, criterion, group, counts, n_abstained in counted["counts"]:
        cell = zip([*counted["points"][criterion], None], [*counts, n_abstained], strict=True)
        kept.update({(statement, criterion, group, point): n for point, n in cell})
    return columns.counted(round_number) == kept


def read_frozen_ratings(database: Database, slug: str) -> FrozenRatings:
    """The ratings of all rating rounds up to the newest one that takes none any more.

    Raises
    ------
    StudyNotFound
    NoRoundToAnalyse
        No rating round has been closed yet.
    """
    from app.storage.rating_columns import read_rating_columns  # noqa: PLC0415

    with database.reading() as connection:
        study = get_study_of(connection, slug)
        held = rounds.read_rounds(connection, study.id)
        finished = [r for r in held if r.status in _FINISHED and not r.asks_open_questions]
        if not finished:
            raise NoRoundToAnalyse(slug=slug)
        newest = finished[-1]
        rules = studies.protocol_in_force(connection, study.id)
        tables = studies.read_protocol_tables(connection, study.id, rules.version)
        columns = read_rating_columns(connection, study.id, newest.number)
        counted, counts_sha256 = rounds.read_snapshot(connection, study.id, newest.number)
        asked = {
            r.number: tuple(statements.round_statement_ids(connection, study.id, r.number)) for r in finished
        }
    protocol = AnalysisProtocol.from_mapping(tables)
    return FrozenRatings(
        study_id=study.id,
        round_number=newest.number,
        status=newest.status,
        protocol_version=rules.version,
        protocol=protocol,
        ratings=to_ratings(columns, protocol, asked),
        sha256=input_sha256(rules.sha256, columns),
        counts_sha256=counts_sha256,
        is_whole=_are_counted(columns, newest.number, counted),
    )


def to_ratings(
    columns: "RatingColumns", protocol: AnalysisProtocol, asked: Mapping[int, Sequence[str]]
) -> "Ratings":
    """The ratings in the form that :mod:`analysis` checks and counts; panelists appear as plain numbers.

    ``asked`` names the statements of every round, so that one that nobody rated is analysed too.
    """
    from analysis.rating_columns import ratings_from_columns  # noqa: PLC0415

    return ratings_from_columns(columns, protocol, asked=asked)


def input_sha256(protocol_sha256: str, columns: "RatingColumns") -> str:
    """The fingerprint of what an analysis rests on: the protocol and every rating, under panel numbers.

    It is that of their canonical JSON, which nobody has to hold: a list of the protocol's fingerprint and of
    ``[round, statement, criterion, group, panelist, point]`` for each rating, in the study's order.
    """
    digest = hashlib.sha256(canonical_json([protocol_sha256])[:-1].encode())
    groups = {code: canonical_json(code) for code in columns.groups}
    for *place, rated in columns.in_order():
        begin = "," + canonical_json(place)[:-1]
        lines = (
            f"{begin},{groups[group]},{panelist},{'null' if point is None else point}]"
            for group, panelist, point in rated
        )
        digest.update("".join(lines).encode())
    digest.update(b"]")
    return digest.hexdigest()
