"""Uploaded tables that were read and looked at, and wait to be stored; they do not wait for long."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select

from app.storage.tables.statement import import_preview

KEPT_FOR = timedelta(hours=2)


def keep_preview(
    connection: Connection,
    study_id: int,
    token: str,
    *,
    kind: str,
    researcher_id: int,
    content: str,
    at: datetime,
) -> None:
    """Keep what was uploaded; what waited for too long goes."""
    remove_old_previews(connection, at)
    connection.execute(
        insert(import_preview),
        {
            "study_id": study_id,
            "token": token,
            "kind": kind,
            "researcher_id": researcher_id,
            "content": content,
            "made_at": at,
        },
    )


def find_preview(
    connection: Connection, study_id: int, token: str, *, kind: str, researcher_id: int, at: datetime
) -> str | None:
    """What this researcher uploaded, if it waits still."""
    return connection.scalar(
        select(import_preview.c.content).where(
            import_preview.c.study_id == study_id,
            import_preview.c.token == token,
            import_preview.c.kind == kind,
            import_preview.c.researcher_id == researcher_id,
            import_preview.c.made_at >= at - KEPT_FOR,
        )
    )


def remove_preview(connection: Connection, study_id: int, token: str) -> None:
    """Forget what was uploaded: it is stored now."""
    connection.execute(
        delete(import_preview).where(import_preview.c.study_id == study_id, import_preview.c.token == token)
    )


def has_old_previews(connection: Connection, at: datetime) -> bool:
    """Whether anything waited for too long, in whatever study."""
    query = select(import_preview.c.token).where(import_preview.c.made_at < at - KEPT_FOR).limit(1)
    return connection.scalar(query) is not None


def remove_old_previews(connection: Connection, at: datetime) -> None:
    """Forget what waited for too long, in whatever study."""
    connection.execute(delete(import_preview).where(import_preview.c.made_at < at - KEPT_FOR))
