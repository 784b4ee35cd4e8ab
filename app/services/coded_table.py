"""Everything that was coded, as a table: a piece after the other, however many there are."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from app.domain.material import PieceFilter
from app.domain.theme import in_hierarchy
from app.services.coding import Coder, band_of, read_as
from app.services.finding import get_study_of
from app.storage import codings, pieces, studies, themes
from app.storage.codings import StoredCoding
from app.storage.database import Database
from app.storage.pieces import StoredPiece


@dataclass(frozen=True)
class CodedPiece:
    """A piece with what each coder said of it, by the coder's number; ``band`` is that of ``Piece``."""

    stored: StoredPiece
    band: str
    said: Mapping[int, Sequence[StoredCoding]]


@dataclass(frozen=True)
class CodedTable:
    """The pieces that are asked for, the names of themes in their order, and those of coders, by number."""

    pieces: Iterator[CodedPiece]
    themes: Mapping[int, str]
    coders: Mapping[int, str]


@contextmanager
def coded_pieces(database: Database, slug: str, coder: Coder, wanted: PieceFilter) -> Iterator[CodedTable]:
    """Every piece that is wanted, for as long as the block runs; what coders said is held as numbers only.

    Raises
    ------
    StudyNotFound
    """
    with database.reading() as connection:
        study = get_study_of(connection, slug)
        protocol = studies.protocol_in_force(connection, study.id).protocol
        stored_themes = themes.read_themes(connection, study.id)
        reading = read_as(connection, study, protocol, coder, wanted, stored_themes)
        said: defaultdict[int, defaultdict[int, list[StoredCoding]]] = defaultdict(lambda: defaultdict(list))
        for one in codings.read_codings(connection, study.id):
            said[one.material_id][one.researcher_id].append(one)
        yield CodedTable(
            pieces=(
                CodedPiece(
                    stored=piece,
                    band=band_of(protocol, piece) if coder.sees_ratings else "",
                    said=_own_first(said.get(piece.material_id or 0, {}), coder.researcher.id),
                )
                for piece in pieces.iterate_pieces(connection, reading)
            ),
            themes={placed.theme.id: placed.theme.name for placed in in_hierarchy(stored_themes)},
            coders=codings.read_coders(connection, study.id),
        )


def _own_first(said: Mapping[int, Sequence[StoredCoding]], own: int) -> Mapping[int, Sequence[StoredCoding]]:
    return {own: said[own], **said} if own in said else said
