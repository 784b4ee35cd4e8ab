"""Comments between rounds: a researcher releases, withholds or redacts each before the panel sees any."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final

from app.clock import Clock
from app.domain.errors import CommentNotFound, RoundNotFound
from app.domain.event import EventKind
from app.domain.moderation import Moderation, place_in_no_order, refuse_moderation, text_to_show
from app.domain.protocol import Protocol
from app.domain.round import Round, RoundStatus
from app.domain.statement import Statement
from app.domain.study import Study
from app.services.finding import get_study_of
from app.services.paging import page_within
from app.storage import comments, rounds, statements, studies
from app.storage.comments import CommentCount, StoredComment
from app.storage.database import Connection, Database
from app.storage.events import append_event

PAGE_SIZE: Final = 50


@dataclass(frozen=True)
class CommentDesk:
    """The comments of the newest closed round that were asked for, in an order that tells nothing.

    ``round`` is None as long as no round is closed. ``comments`` are those of one ``page``, of ``n_found``.
    ``counts`` and ``writers`` speak of all comments of the round: how many are in which state, and how many
    people wrote in each language.
    """

    study: Study
    protocol: Protocol
    round: Round | None
    statements: tuple[Statement, ...] = ()
    comments: tuple[StoredComment, ...] = ()
    n_found: int = 0
    page: int = 1
    counts: tuple[CommentCount, ...] = ()
    writers: Mapping[str, int] = field(default_factory=dict)


def read_comment_desk(
    database: Database,
    slug: str,
    *,
    statement: str | None = None,
    moderation: Moderation | None = None,
    page: int = 1,
    with_comment: StoredComment | None = None,
) -> CommentDesk:
    """The comments to decide on, of one statement or in one state if asked; the page on which a comment is.

    Raises
    ------
    StudyNotFound
    """
    with database.reading() as connection:
        study = get_study_of(connection, slug)
        protocol = studies.protocol_in_force(connection, study.id).protocol
        round_ = _newest_closed(connection, study)
        if round_ is None:
            return CommentDesk(study, protocol, None)
        asked = statements.read_round_statements(connection, study.id, round_.number)
        counts = comments.count_comments_by_state(connection, study.id, round_.number)
        sizes = dict.fromkeys((one.statement.code for one in asked), 0)
        for line in counts:
            if statement in (None, line.statement) and moderation in (None, line.moderation):
                sizes[line.statement] += line.n
        listed = _Listed(connection, study.id, round_.number, moderation, sizes)
        shown = listed.page_of(with_comment) if with_comment else page_within(page, listed.n, PAGE_SIZE)
        return CommentDesk(
            study=study,
            protocol=protocol,
            round=round_,
            statements=tuple(one.statement for one in asked),
            comments=listed.read(shown),
            n_found=listed.n,
            page=shown,
            counts=counts,
            writers=comments.count_writers(connection, study.id, round_.number),
        )


def read_comments_on(database: Database, slug: str, statement: str) -> tuple[StoredComment, ...]:
    """The comments on one statement in the newest closed round.

    Raises
    ------
    StudyNotFound
    """
    with database.reading() as connection:
        study = get_study_of(connection, slug)
        round_ = _newest_closed(connection, study)
        if round_ is None:
            return ()
        return comments.read_comments(connection, study.id, round_.number, on_statements=[statement])


@dataclass(frozen=True)
class _Listed:
    """A long list of comments, statement by statement, of which one page is read; ``sizes`` by statement."""

    connection: Connection
    study_id: int
    round_number: int
    moderation: Moderation | None
    sizes: Mapping[str, int]

    @property
    def n(self) -> int:
        return sum(self.sizes.values())

    def page_of(self, one: StoredComment) -> int:
        """The page of a comment; the first, where it is none of those listed."""
        beside = [other.panelist_id for other in self._on([one.statement])]
        if one.panelist_id not in beside:
            return 1
        return (self._starts[one.statement] + beside.index(one.panelist_id)) // PAGE_SIZE + 1

    def read(self, page: int) -> tuple[StoredComment, ...]:
        first = (page - 1) * PAGE_SIZE
        starts = {
            code: start
            for code, start in self._starts.items()
            if self.sizes[code] and start < first + PAGE_SIZE and start + self.sizes[code] > first
        }
        found = self._on(starts)
        skipped = first - next(iter(starts.values()), first)
        return found[skipped : skipped + PAGE_SIZE]

    @property
    def _starts(self) -> dict[str, int]:
        """How many comments stand before those on a statement."""
        return dict(zip(self.sizes, accumulate(self.sizes.values(), initial=0), strict=False))

    def _on(self, codes: Collection[str]) -> tuple[StoredComment, ...]:
        found = comments.read_comments(
            self.connection, self.study_id, self.round_number, on_statements=codes, moderation=self.moderation
        )
        place = {code: n for n, code in enumerate(self.sizes)}
        return tuple(sorted(found, key=lambda one: (place[one.statement], place_in_no_order(one.text))))


def moderate_comment(
    database: Database,
    clock: Clock,
    slug: str,
    actor: str,
    meant: StoredComment,
    round_number: int,
    to: Moderation,
    *,
    redacted: str = "",
) -> None:
    """Release, withhold or redact one comment; ``redacted`` is what the panel is shown instead of it.

    Raises
    ------
    StudyNotFound, RoundNotFound, CommentNotFound
    ModerationNotPossible
        The round is still open, or its feedback is released and this would add to it.
    RedactionEmpty, TextTooLong, TextNotReadable
    """
    with database.writing() as connection:
        study, round_ = _hold(connection, slug, round_number)
        stored = comments.read_comments(connection, study.id, round_number, on_statements=[meant.statement])
        found = next((one for one in stored if one.panelist_id == meant.panelist_id), None)
        if found is None:
            raise CommentNotFound(statement=meant.statement)
        refuse_moderation(round_.status, found.moderation, to)
        shown = text_to_show(found.text, to, redacted)
        comments.store_moderation(connection, study.id, round_number, [(found, shown)], to)
        payload = {"round": round_number, "statements": [found.statement], "moderation": to, "n_moderated": 1}
        append_event(connection, study.id, EventKind.COMMENTS_MODERATED, actor, clock.now(), payload)


def release_pending_comments(
    database: Database,
    clock: Clock,
    slug: str,
    actor: str,
    round_number: int,
    *,
    statement: str | None = None,
) -> int:
    """Release every comment that waits for a decision, on one statement if asked; return how many.

    Raises
    ------
    StudyNotFound, RoundNotFound, ModerationNotPossible
    """
    with database.writing() as connection:
        study, round_ = _hold(connection, slug, round_number)
        refuse_moderation(round_.status, Moderation.PENDING, Moderation.RELEASED)
        waiting = comments.read_comments(
            connection,
            study.id,
            round_number,
            on_statements=None if statement is None else [statement],
            moderation=Moderation.PENDING,
        )
        if waiting:
            decided = [(one, one.text) for one in waiting]
            comments.store_moderation(connection, study.id, round_number, decided, Moderation.RELEASED)
            payload = {
                "round": round_number,
                "statements": sorted({one.statement for one in waiting}),
                "moderation": Moderation.RELEASED,
                "n_moderated": len(waiting),
            }
            append_event(connection, study.id, EventKind.COMMENTS_MODERATED, actor, clock.now(), payload)
        return len(waiting)


def count_waiting_comments(database: Database, slug: str, round_number: int) -> int:
    """How many comments of a round nobody has decided on; the panel will not see them.

    Raises
    ------
    StudyNotFound
    """
    with database.reading() as connection:
        study = get_study_of(connection, slug)
        counted = comments.count_comments_by_state(connection, study.id, round_number)
        return sum(line.n for line in counted if line.moderation is Moderation.PENDING)


def _newest_closed(connection: Connection, study: Study) -> Round | None:
    closed = (RoundStatus.CLOSED, RoundStatus.FED_BACK)
    held = [
        one
        for one in rounds.read_rounds(connection, study.id)
        if one.status in closed and not one.asks_open_questions
    ]
    return held[-1] if held else None


def _hold(connection: Connection, slug: str, number: int) -> tuple[Study, Round]:
    study = get_study_of(connection, slug)
    held = rounds.hold_round(connection, study.id, number)
    if held is None:
        raise RoundNotFound(slug=slug, round=number)
    return study, held
