"""Coding open material: pieces read under a filter, themes given to them, each coder for themselves."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from analysis.scale import Band
from app.clock import Clock
from app.domain.account import Researcher
from app.domain.event import EventKind
from app.domain.material import (
    PieceFilter,
    PieceNotFound,
    changes_of_codes,
    place_of_reference,
)
from app.domain.open_question import OpenQuestion
from app.domain.protocol import Protocol
from app.domain.statement import Statement
from app.domain.study import Study
from app.domain.theme import PlacedTheme, Theme, in_hierarchy, with_parts
from app.services.finding import get_study_of, hold_study_of
from app.storage import codings, open_answers, pieces, rounds, studies, themes
from app.storage.codings import StoredCoding
from app.storage.database import Connection, Database
from app.storage.events import append_event
from app.storage.piece_selection import READABLE, UNABLE, PieceReading
from app.storage.pieces import PieceCount, StoredPiece
from app.storage.statement_entries import read_entries


@dataclass(frozen=True)
class Coder:
    """Whoever codes: a researcher, whether they may read what the panel is not shown, and how writers rated.

    ``secret`` signs the references by which pages name pieces.
    """

    researcher: Researcher
    sees_originals: bool
    secret: bytes
    sees_ratings: bool = False


@dataclass(frozen=True)
class Piece:
    """One piece as a coder reads it; ``reference`` names it and tells nothing of who wrote it.

    ``band`` is where the writer of a comment rated the statement, :data:`UNABLE` where they could not, empty
    where they did not, or the coder may not read it. ``codes`` are what coders said of it, one's own first.
    """

    reference: str
    stored: StoredPiece
    band: str
    codes: tuple[StoredCoding, ...]

    def themes_of(self, researcher_id: int) -> frozenset[int]:
        """The themes that a coder gave it."""
        return frozenset(
            one.theme_id
            for one in self.codes
            if one.researcher_id == researcher_id and one.theme_id is not None
        )

    def fits_none(self, researcher_id: int) -> bool:
        """Whether a coder found that no theme fits."""
        return any(one.researcher_id == researcher_id and one.theme_id is None for one in self.codes)


@dataclass(frozen=True)
class Workbench:
    """The pieces of one page, and everything by which they can be chosen."""

    study: Study
    protocol: Protocol
    themes: tuple[PlacedTheme, ...]
    statements: tuple[Statement, ...]
    questions: tuple[OpenQuestion, ...]
    sources: tuple[str, ...]
    round_numbers: tuple[int, ...]
    pieces: tuple[Piece, ...]
    count: PieceCount
    coders: Mapping[int, str]


@dataclass(frozen=True)
class Coded:
    """What holds of a piece after it was coded."""

    theme_ids: frozenset[int]
    fits_none: bool


def read_workbench(
    database: Database,
    slug: str,
    coder: Coder,
    wanted: PieceFilter,
    *,
    first: int = 0,
    most: int | None = None,
) -> Workbench:
    """The pieces that are wanted, a page of them, in an order that tells of nobody.

    Raises
    ------
    StudyNotFound
    """
    with database.reading() as connection:
        study = get_study_of(connection, slug)
        protocol = studies.protocol_in_force(connection, study.id).protocol
        stored_themes = themes.read_themes(connection, study.id)
        reading = read_as(connection, study, protocol, coder, wanted, stored_themes)
        held = [one for one in rounds.read_rounds(connection, study.id) if one.status in READABLE]
        questions: dict[str, OpenQuestion] = {}
        for one in held:
            if one.asks_open_questions:
                asked = open_answers.read_round_questions(connection, study.id, one.number)
                questions |= {stored.question.code: stored.question for stored in asked}
        found = pieces.read_pieces(connection, reading, first=first, most=most)
        return Workbench(
            study=study,
            protocol=protocol,
            themes=in_hierarchy(stored_themes),
            statements=tuple(one.entry.statement for one in read_entries(connection, study.id)),
            questions=tuple(questions.values()),
            sources=pieces.read_sources(connection, study.id),
            round_numbers=tuple(one.number for one in held),
            pieces=with_codes(connection, study, protocol, coder, found),
            count=pieces.count_pieces(connection, reading),
            coders=codings.read_coders(connection, study.id),
        )


def code_piece(
    database: Database,
    clock: Clock,
    slug: str,
    coder: Coder,
    reference: str,
    *,
    shown: Collection[int],
    wanted: Collection[int],
    fits_none: bool,
) -> Coded:
    """Give a piece the themes that are ``wanted`` and were not ``shown`` given, and take the others away.

    Only the coder's own codes change. Themes always count more than that none fits.

    Raises
    ------
    StudyNotFound, PieceNotFound
    """
    with database.writing() as connection:
        study = hold_study_of(connection, slug)
        found = find_piece(connection, study, coder, reference)
        known = {one.id: one.name for one in themes.read_themes(connection, study.id)}
        given, taken = changes_of_codes(shown, wanted, known)
        who = coder.researcher.id
        number = codings.hold_material(connection, study.id, found.key)
        before = codings.read_own_themes(connection, study.id, number, who)
        said_none = codings.says_no_theme(connection, study.id, number, who)
        given, taken = given - before, taken & before
        now = (before | given) - taken
        says_none = fits_none and not now
        if given or taken or says_none != said_none:
            at = clock.now()
            codings.store_codes(
                connection, study.id, number, who, given=given, taken=taken, fits_none=says_none, at=at
            )
            payload = {
                "piece": number,
                "kind": found.key.kind,
                "about": found.about,
                "round": found.key.round_number,
                "given": sorted(known[one] for one in given),
                "taken": sorted(known[one] for one in taken),
                "fits_none": says_none,
            }
            actor = coder.researcher.actor
            append_event(connection, study.id, EventKind.MATERIAL_CODED, actor, at, payload)
        return Coded(now, says_none)


def find_piece(connection: Connection, study: Study, coder: Coder, reference: str) -> StoredPiece:
    """The piece that a reference names, if the coder may read it.

    Raises
    ------
    PieceNotFound
    """
    place = place_of_reference(reference)
    reading = PieceReading(study.id, coder.researcher.id, coder.sees_originals)
    for one in pieces.read_pieces_at(connection, reading, place):
        if one.key.reference(coder.secret, study.id) == reference:
            return one
    raise PieceNotFound


def read_as(
    connection: Connection,
    study: Study,
    protocol: Protocol,
    coder: Coder,
    wanted: PieceFilter,
    stored_themes: Sequence[Theme] = (),
) -> PieceReading:
    """What a coder may read of what is wanted: where groups have names, and which points lie in a band."""
    k = protocol.minimum_group_size
    named = frozenset(
        place
        for place, writers in pieces.count_writers(connection, study.id).items()
        if all(n >= k for n in writers.values())
    )
    scale = protocol.criteria[0].scale
    is_band = coder.sees_ratings and wanted.band in set(Band)
    is_unable = coder.sees_ratings and wanted.band == UNABLE
    known = replace(wanted, band=wanted.band if is_band or is_unable else "")
    return PieceReading(
        study_id=study.id,
        coder_id=coder.researcher.id,
        sees_originals=coder.sees_originals,
        wanted=known,
        theme_ids=frozenset() if wanted.theme_id is None else with_parts(stored_themes, wanted.theme_id),
        points=scale.points_of(Band(wanted.band)) if is_band else (),
        criterion=protocol.criteria[0].code,
        named_groups=named,
    )


def with_codes(
    connection: Connection,
    study: Study,
    protocol: Protocol,
    coder: Coder,
    found: Sequence[StoredPiece],
) -> tuple[Piece, ...]:
    """Pieces with what coders said of them, one's own codes first."""
    numbers = [one.material_id for one in found if one.material_id is not None]
    said: dict[int, list[StoredCoding]] = {}
    for one in codings.read_codings(connection, study.id, numbers):
        said.setdefault(one.material_id, []).append(one)
    own = coder.researcher.id
    return tuple(
        Piece(
            reference=piece.key.reference(coder.secret, study.id),
            stored=piece,
            band=band_of(protocol, piece) if coder.sees_ratings else "",
            codes=tuple(sorted(said.get(piece.material_id or 0, ()), key=lambda c: c.researcher_id != own)),
        )
        for piece in found
    )


def band_of(protocol: Protocol, piece: StoredPiece) -> str:
    """Where the writer of a comment rated the statement, as :class:`Piece` tells it."""
    if piece.abstained:
        return UNABLE
    return "" if piece.point is None else protocol.criteria[0].scale.band_of(piece.point)
