"""Pieces of open material as coders read them; who wrote one is known to the storage alone."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, and_, func, or_, select

from app.domain.material import CodedState, PieceFilter, PieceKey, PieceKind
from app.domain.moderation import Moderation
from app.storage.piece_selection import (
    READABLE,
    PieceReading,
    group_of_writer,
    of_round,
    select_pieces,
    writer_of,
)
from app.storage.tables.coding import material
from app.storage.tables.open_round import open_answer
from app.storage.tables.panel import panelist
from app.storage.tables.rating import comment
from app.storage.tables.rounds import round_
from app.storage.tables.study import stakeholder_group

_ROWS_AT_ONCE: Final = 1000
_KEY: Final = ("kind", "round_number", "panelist_id", "place", "position")
_ORDER: Final = (
    "round_number", "about_position", "about", "text", "language", "place", "panelist_id", "position",
)  # fmt: skip
# A lookup takes a tenth of the time in which an enum finds its member, and rows come in thousands.
_KINDS: Final[dict[str, PieceKind]] = {kind.value: kind for kind in PieceKind}
_MODERATIONS: Final[dict[str | None, Moderation | None]] = {
    None: None,
    **{moderation.value: moderation for moderation in Moderation},
}


@dataclass(frozen=True)
class StoredPiece:
    """A piece with where it stands; its writer is known to the storage alone.

    ``text`` is what the reader may see. ``material_id`` is None as long as nobody has coded it.
    """

    key: PieceKey
    about: str
    text: str
    language: str
    moderation: Moderation | None
    released_text: str
    group: str
    point: int | None
    abstained: bool
    material_id: int | None
    is_coded: bool


@dataclass(frozen=True)
class PieceCount:
    """How many pieces there are, and how many of them the coder has coded."""

    n: int
    n_coded: int


def read_pieces(
    connection: Connection, reading: PieceReading, *, first: int = 0, most: int | None = None
) -> tuple[StoredPiece, ...]:
    """The pieces that are wanted, in an order that tells of nobody: by round, place and alphabet."""
    if most is None:
        return tuple(iterate_pieces(connection, reading))
    # What stands around a piece is looked up for those of the page alone, not for all that are sorted.
    sorted_by = select_pieces(reading, *_KEY, *_ORDER, "is_coded")
    if sorted_by is None:
        return ()
    page = _in_order(sorted_by, reading, *_KEY).offset(first).limit(most)
    keys = [tuple(row) for row in connection.execute(page)]
    if not keys:
        return ()
    pieces = select_pieces(reading)
    here = or_(
        *(and_(*(pieces.c[name] == part for name, part in zip(_KEY, key, strict=True))) for key in keys)
    )
    found = {
        tuple(getattr(row, name) for name in _KEY): _piece(row, reading)
        for row in connection.execute(select(pieces).where(here))
    }
    return tuple(found[key] for key in keys)


def iterate_pieces(connection: Connection, reading: PieceReading) -> Iterator[StoredPiece]:
    """All of them one after the other, so that thousands need no more room than a few."""
    pieces = select_pieces(reading)
    if pieces is None:
        return
    query = _in_order(pieces, reading)
    for row in connection.execute(query, execution_options={"yield_per": _ROWS_AT_ONCE}):
        yield _piece(row, reading)


def _in_order(pieces: Any, reading: PieceReading, *names: str) -> Select[Any]:
    """The pieces in their state, sorted; all their columns, or only those named."""
    query = select(*(pieces.c[name] for name in names)) if names else select(pieces)
    state = reading.wanted.state
    if state is not None:
        query = query.where(pieces.c.is_coded == (1 if state is CodedState.CODED else 0))
    return query.order_by(*(pieces.c[name] for name in _ORDER))


def count_pieces(connection: Connection, reading: PieceReading) -> PieceCount:
    """How many pieces are wanted, whatever their state."""
    pieces = select_pieces(reading, "is_coded")
    if pieces is None:
        return PieceCount(0, 0)
    counted = select(func.count().label("n"), func.coalesce(func.sum(pieces.c.is_coded), 0).label("n_coded"))
    row = connection.execute(counted.select_from(pieces)).one()
    return PieceCount(row.n, row.n_coded)


def read_pieces_at(connection: Connection, reading: PieceReading, place: PieceKey) -> tuple[StoredPiece, ...]:
    """The pieces of one kind on one statement, question or place in one round."""
    narrowed = replace(reading, wanted=PieceFilter(kind=place.kind, round_number=place.round_number or None))
    pieces = select_pieces(narrowed)
    if pieces is None:
        return ()
    rows = connection.execute(select(pieces).where(pieces.c.place == place.place))
    return tuple(_piece(row, narrowed) for row in rows)


def count_writers(connection: Connection, study_id: int) -> dict[tuple[PieceKind, int], dict[str, int]]:
    """How many of each group wrote comments, or answers, in each closed round."""
    found: dict[tuple[PieceKind, int], dict[str, int]] = {}
    for kind, written in ((PieceKind.COMMENT, comment), (PieceKind.OPEN_ANSWER, open_answer)):
        query = (
            select(
                written.c.round_number,
                stakeholder_group.c.code,
                func.count(written.c.panelist_id.distinct()).label("n"),
            )
            .select_from(written)
            .join(round_, of_round(written))
            .join(panelist, writer_of(written))
            .join(stakeholder_group, group_of_writer())
            .where(written.c.study_id == study_id, written.c.text != "", round_.c.status.in_(READABLE))
            .group_by(written.c.round_number, stakeholder_group.c.code)
        )
        for row in connection.execute(query):
            found.setdefault((kind, row.round_number), {})[row.code] = row.n
    return found


def read_sources(connection: Connection, study_id: int) -> tuple[str, ...]:
    """Where the texts that were brought in come from, in the order of the alphabet."""
    query = (
        select(material.c.source)
        .where(material.c.study_id == study_id, material.c.kind == PieceKind.EXPERIENCE)
        .distinct()
        .order_by(material.c.source)
    )
    return tuple(connection.scalars(query))


def _piece(row: Row[Any], reading: PieceReading) -> StoredPiece:
    kind = _KINDS[row.kind]
    is_named = (kind, row.round_number) in reading.named_groups
    return StoredPiece(
        key=PieceKey(kind, row.round_number, row.place, row.panelist_id, row.position),
        about=row.about,
        text=row.text,
        language=row.language,
        moderation=_MODERATIONS[row.moderation],
        released_text=row.released_text,
        group=row.group if is_named else "",
        point=row.point,
        abstained=bool(row.abstained),
        material_id=row.material_id,
        is_coded=bool(row.is_coded),
    )
