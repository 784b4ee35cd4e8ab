"""What was uploaded and looked at, kept for whoever uploaded it until it is stored."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.clock import Clock
from app.domain.account import Researcher
from app.domain.event import canonical_json
from app.domain.import_preview import PreviewGone
from app.domain.study import Study
from app.storage import previews
from app.storage.database import Connection, Database


def keep_upload(
    connection: Connection,
    study: Study,
    researcher: Researcher,
    token: str,
    kind: str,
    content: Mapping[str, object],
    at: datetime,
) -> None:
    """Keep what a researcher has uploaded, under a token that nobody else knows."""
    kept = canonical_json(content)
    previews.keep_preview(
        connection, study.id, token, kind=kind, researcher_id=researcher.id, content=kept, at=at
    )


def find_upload(
    connection: Connection, study: Study, researcher: Researcher, token: str, kind: str, at: datetime
) -> dict[str, Any]:
    """The same again.

    Raises
    ------
    PreviewGone
        It was stored, or waited too long, or somebody else uploaded it.
    """
    kept = previews.find_preview(connection, study.id, token, kind=kind, researcher_id=researcher.id, at=at)
    if kept is None:
        raise PreviewGone
    content: dict[str, Any] = json.loads(kept)
    return content


def forget_old_uploads(database: Database, clock: Clock) -> None:
    """Forget what nobody stored in time, of every study: names that were only looked at do not stay."""
    now = clock.now()
    with database.reading() as connection:
        if not previews.has_old_previews(connection, now):
            return
    with database.writing() as connection:
        previews.remove_old_previews(connection, now)
