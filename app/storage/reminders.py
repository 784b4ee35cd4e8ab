"""Who has not finished a round, when they were last written to about it, and how often reminded."""

from datetime import datetime

from sqlalchemy import Connection, and_, case, func, select

from app.domain.mail import MessageKind, MessageState
from app.domain.reminding import Unfinished
from app.storage.tables.log import outbox
from app.storage.tables.panel import identity, panelist
from app.storage.tables.rounds import participation
from app.storage.tables.study import stakeholder_group


def read_unfinished(connection: Connection, study_id: int, round_number: int) -> tuple[Unfinished, ...]:
    """Everybody asked in a round who has neither handed in nor left, in no order that tells anything."""
    is_reminder = and_(outbox.c.kind == MessageKind.REMINDER, outbox.c.state != MessageState.FAILED)
    written = (
        select(
            outbox.c.panelist_id,
            func.max(outbox.c.queued_at).label("last_written_at"),
            func.sum(case((is_reminder, 1), else_=0)).label("n_reminders"),
        )
        .where(outbox.c.study_id == study_id, outbox.c.round_number == round_number)
        .group_by(outbox.c.panelist_id)
        .subquery()
    )
    rows = connection.execute(
        select(
            participation.c.panelist_id,
            stakeholder_group.c.code.label("group"),
            panelist.c.language,
            and_(identity.c.disowned_at.is_(None), identity.c.bounced_at.is_(None)).label("is_reachable"),
            written.c.last_written_at,
            func.coalesce(written.c.n_reminders, 0).label("n_reminders"),
        )
        .join(
            panelist,
            and_(
                panelist.c.study_id == participation.c.study_id, panelist.c.id == participation.c.panelist_id
            ),
        )
        .join(
            stakeholder_group,
            and_(
                stakeholder_group.c.study_id == panelist.c.study_id,
                stakeholder_group.c.id == panelist.c.group_id,
            ),
        )
        .join(
            identity,
            and_(identity.c.study_id == panelist.c.study_id, identity.c.panelist_id == panelist.c.id),
        )
        .outerjoin(written, written.c.panelist_id == participation.c.panelist_id)
        .where(
            participation.c.study_id == study_id,
            participation.c.round_number == round_number,
            participation.c.submitted_at.is_(None),
            panelist.c.declined_at.is_(None),
            panelist.c.withdrawn_at.is_(None),
        )
        .order_by(stakeholder_group.c.position, panelist.c.language, panelist.c.pseudonym)
    )
    return tuple(Unfinished(**row) for row in rows.mappings())


def last_reminded(connection: Connection, study_id: int, round_number: int) -> tuple[datetime, int] | None:
    """When reminders of a round last went out and to how many people; None where none has."""
    of_round = and_(
        outbox.c.study_id == study_id,
        outbox.c.round_number == round_number,
        outbox.c.kind == MessageKind.REMINDER,
    )
    row = connection.execute(
        select(outbox.c.queued_at, func.count().label("n"))
        .where(of_round)
        .group_by(outbox.c.queued_at)
        .order_by(outbox.c.queued_at.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else (row.queued_at, row.n)
