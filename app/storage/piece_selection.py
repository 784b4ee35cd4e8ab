"""The selection of pieces of open material from all places in which they stand."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    literal,
    null,
    or_,
    select,
    union_all,
)

from app.domain.material import PieceFilter, PieceKind
from app.domain.moderation import SHOWN
from app.domain.round import RoundStatus
from app.storage.tables.coding import coding, fits_no_theme, material, statement_source
from app.storage.tables.open_round import open_answer, open_question
from app.storage.tables.panel import panelist
from app.storage.tables.rating import comment, rating
from app.storage.tables.rounds import round_
from app.storage.tables.statement import statement
from app.storage.tables.study import criterion, stakeholder_group

UNABLE = "unable"


@dataclass(frozen=True)
class PieceReading:
    """Who reads which pieces of a study.

    Parameters
    ----------
    coder_id
        The researcher whose codes count as "coded by me".
    sees_originals
        Whether they may read what is withheld, not decided on, or redacted.
    theme_ids
        The theme that is wanted, with all its parts.
    points
        The points of the band that is wanted.
    criterion
        The criterion on whose scale the bands lie.
    named_groups
        The kinds and rounds in which a group's name points at nobody.
    """

    study_id: int
    coder_id: int
    sees_originals: bool
    wanted: PieceFilter = field(default_factory=PieceFilter)
    theme_ids: frozenset[int] = frozenset()
    points: tuple[int, ...] = ()
    criterion: str = ""
    named_groups: frozenset[tuple[PieceKind, int]] = frozenset()


READABLE = (RoundStatus.CLOSED, RoundStatus.FED_BACK)
"""In these rounds nothing that was written changes any more."""

_born = statement.alias("born")


def select_pieces(reading: PieceReading, *names: str) -> Any:
    """The wanted pieces of all kinds as one selection; None where none can be wanted.

    With ``names`` only those columns: what they do not need, the database need not look up.
    """
    wanted = reading.wanted
    makers = {
        PieceKind.COMMENT: _comments,
        PieceKind.OPEN_ANSWER: _answers,
        PieceKind.EXPERIENCE: _experiences,
    }
    kinds = [kind for kind in PieceKind if wanted.kind in (None, kind) and _may_hold(kind, wanted)]
    if not kinds:
        return None
    chosen = [makers[kind](reading) for kind in kinds]
    if names:
        wanted_columns = dict.fromkeys(names)
        chosen = [
            one.with_only_columns(*(one.selected_columns[name] for name in wanted_columns)) for one in chosen
        ]
    return union_all(*chosen).subquery("piece")


def _may_hold(kind: PieceKind, wanted: PieceFilter) -> bool:
    """Whether pieces of a kind can be what is wanted at all."""
    if wanted.band and kind is not PieceKind.COMMENT:
        return False
    return kind is not PieceKind.EXPERIENCE or not (wanted.group or wanted.round_number)


def _comments(reading: PieceReading) -> Select[Any]:
    is_shown = comment.c.moderation.in_(SHOWN)
    text = comment.c.text if reading.sees_originals else comment.c.released_text
    conditions: list[ColumnElement[bool]] = [] if reading.sees_originals else [is_shown]
    wanted = reading.wanted
    if wanted.band == UNABLE:
        conditions.append(rating.c.abstained)
    elif wanted.band:
        conditions.append(rating.c.point.in_(reading.points))
    query = (
        _columns(
            reading,
            PieceKind.COMMENT,
            comment,
            place=comment.c.statement_id,
            position=literal(0, Integer),
            about=statement.c.code,
            about_position=statement.c.position,
            text=text,
            moderation=comment.c.moderation,
            released_text=comment.c.released_text,
            group=stakeholder_group.c.code,
            point=rating.c.point,
            abstained=case((rating.c.abstained, 1), else_=0),
        )
        .select_from(comment)
        .join(round_, of_round(comment))
        .join(
            statement,
            and_(statement.c.study_id == comment.c.study_id, statement.c.id == comment.c.statement_id),
        )
        .join(panelist, writer_of(comment))
        .join(stakeholder_group, group_of_writer())
        .outerjoin(material, and_(_same_writer(comment), material.c.statement_id == comment.c.statement_id))
        .outerjoin(
            criterion, and_(criterion.c.study_id == comment.c.study_id, criterion.c.code == reading.criterion)
        )
        .outerjoin(
            rating,
            and_(
                rating.c.study_id == comment.c.study_id,
                rating.c.round_number == comment.c.round_number,
                rating.c.panelist_id == comment.c.panelist_id,
                rating.c.statement_id == comment.c.statement_id,
                rating.c.criterion_id == criterion.c.id,
            ),
        )
        .where(comment.c.text != "", *conditions)
    )
    return _written(reading, query, PieceKind.COMMENT, comment, text, statement.c.code)


def _answers(reading: PieceReading) -> Select[Any]:
    query = (
        _columns(
            reading,
            PieceKind.OPEN_ANSWER,
            open_answer,
            place=open_answer.c.question_id,
            position=open_answer.c.position,
            about=open_question.c.code,
            about_position=open_question.c.position,
            text=open_answer.c.text,
            group=stakeholder_group.c.code,
        )
        .select_from(open_answer)
        .join(round_, of_round(open_answer))
        .join(
            open_question,
            and_(
                open_question.c.study_id == open_answer.c.study_id,
                open_question.c.round_number == open_answer.c.round_number,
                open_question.c.id == open_answer.c.question_id,
            ),
        )
        .join(panelist, writer_of(open_answer))
        .join(stakeholder_group, group_of_writer())
        .outerjoin(
            material,
            and_(
                _same_writer(open_answer),
                material.c.question_id == open_answer.c.question_id,
                material.c.position == open_answer.c.position,
            ),
        )
        .where(open_answer.c.text != "")
    )
    return _written(
        reading, query, PieceKind.OPEN_ANSWER, open_answer, open_answer.c.text, open_question.c.code
    )


def _experiences(reading: PieceReading) -> Select[Any]:
    query = _columns(
        reading,
        PieceKind.EXPERIENCE,
        material,
        round_number=literal(0, Integer),
        panelist_id=literal(0, Integer),
        place=material.c.id,
        position=literal(0, Integer),
        about=material.c.source,
        about_position=material.c.id,
        text=material.c.text,
    ).where(material.c.study_id == reading.study_id, material.c.kind == PieceKind.EXPERIENCE)
    return query.where(*_conditions(reading, material.c.text, material.c.language, material.c.source))


def _columns(reading: PieceReading, kind: PieceKind, written: Any, **given: Any) -> Select[Any]:
    """The columns of a piece, in one order for all kinds; what a kind does not have is empty."""
    chosen: dict[str, ColumnElement[Any]] = {
        "round_number": written.c.get("round_number"),
        "panelist_id": written.c.get("panelist_id"),
        "moderation": cast(null(), String),
        "released_text": literal("", String),
        "group": literal("", String),
        "point": cast(null(), Integer),
        "abstained": literal(0, Integer),
        **given,
    }
    names = (
        "round_number", "panelist_id", "place", "position", "about", "about_position", "text", "moderation",
        "released_text", "group", "point", "abstained",
    )  # fmt: skip
    return select(
        literal(kind.value, String).label("kind"),
        *(chosen[name].label(name) for name in names),
        written.c.language.label("language"),
        material.c.id.label("material_id"),
        case((_is_coded_by(reading), 1), else_=0).label("is_coded"),
    )


def _is_coded_by(reading: PieceReading) -> ColumnElement[bool]:
    """Whether the coder has given the piece a theme, or found that none fits."""
    # Read once, and not looked up anew for each of thousands of pieces.
    return material.c.id.in_(
        union_all(
            *(
                select(table.c.material_id).where(
                    table.c.study_id == reading.study_id, table.c.researcher_id == reading.coder_id
                )
                for table in (coding, fits_no_theme)
            )
        )
    )


def _written(
    reading: PieceReading, query: Select[Any], kind: PieceKind, written: Any, text: Any, about: Any
) -> Select[Any]:
    """The conditions on what panelists wrote: a closed round, and what is wanted."""
    wanted = reading.wanted
    conditions = [
        written.c.study_id == reading.study_id,
        round_.c.status.in_(READABLE),
        *_conditions(reading, text, written.c.language, about),
    ]
    if wanted.round_number is not None:
        conditions.append(written.c.round_number == wanted.round_number)
    if wanted.group:
        named = [number for of_kind, number in reading.named_groups if of_kind is kind]
        conditions += [stakeholder_group.c.code == wanted.group, written.c.round_number.in_(named)]
    return query.where(*conditions)


def _conditions(reading: PieceReading, text: Any, language: Any, about: Any) -> list[ColumnElement[bool]]:
    wanted = reading.wanted
    conditions: list[ColumnElement[bool]] = []
    if wanted.words:
        # SQLite compares letters beyond ASCII as they are, so the usual ways to write them are tried.
        ways = {wanted.words, wanted.words.lower(), wanted.words.upper(), wanted.words.capitalize()}
        conditions.append(or_(*(text.icontains(way, autoescape=True) for way in sorted(ways))))
    if wanted.about:
        conditions.append(about == wanted.about)
    if wanted.language:
        conditions.append(language == wanted.language)
    if wanted.theme_id is not None:
        given = select(coding.c.material_id).where(
            coding.c.study_id == reading.study_id, coding.c.theme_id.in_(reading.theme_ids)
        )
        if not wanted.by_anybody:
            given = given.where(coding.c.researcher_id == reading.coder_id)
        conditions.append(material.c.id.in_(given))
    if wanted.for_statement:
        sources = (
            select(statement_source.c.material_id)
            .join(
                _born,
                and_(
                    _born.c.study_id == statement_source.c.study_id,
                    _born.c.id == statement_source.c.statement_id,
                ),
            )
            .where(statement_source.c.study_id == reading.study_id, _born.c.code == wanted.for_statement)
        )
        conditions.append(material.c.id.in_(sources))
    return conditions


def of_round(written: Any) -> ColumnElement[bool]:
    """Joins what was written with its round."""
    return and_(round_.c.study_id == written.c.study_id, round_.c.number == written.c.round_number)


def writer_of(written: Any) -> ColumnElement[bool]:
    """Joins what was written with the panelist who wrote it."""
    return and_(panelist.c.study_id == written.c.study_id, panelist.c.id == written.c.panelist_id)


def group_of_writer() -> ColumnElement[bool]:
    """Joins a panelist with their group."""
    return and_(
        stakeholder_group.c.study_id == panelist.c.study_id, stakeholder_group.c.id == panelist.c.group_id
    )


def _same_writer(written: Any) -> ColumnElement[bool]:
    return and_(
        material.c.study_id == written.c.study_id,
        material.c.round_number == written.c.round_number,
        material.c.panelist_id == written.c.panelist_id,
    )
