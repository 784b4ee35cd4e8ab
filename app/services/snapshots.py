"""The counts with which a round closes, taken again only when somebody is erased before the analysis.

What the log says of a round and what its analysis rests on are thus always the same figures.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.domain.event import canonical_json
from app.domain.round import Round, RoundStatus
from app.services.round_contents import answer_counts_content, counts_content
from app.storage import open_answers, ratings, rounds, studies
from app.storage.database import Connection


def closing_counts(connection: Connection, study_id: int, round_: Round) -> dict[str, Any]:
    """What is stored in a round now, counted by group: ratings by point, or answers to open questions."""
    if round_.asks_open_questions:
        return answer_counts_content(open_answers.count_by_group(connection, study_id, round_.number))
    protocol = studies.protocol_in_force(connection, study_id).protocol
    return counts_content(protocol, ratings.count_ratings(connection, study_id, round_.number))


def counts_sha256(content: Mapping[str, Any]) -> str:
    """The fingerprint of counts, as the log keeps it."""
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()


def retake_counts(
    connection: Connection, study_id: int, round_: Round | None, now: datetime
) -> dict[str, object]:
    """Count a round again because somebody was erased, and return what the log must say of it.

    Only a round that is closed and has no figures yet is counted again. Of an open round no counts were kept,
    and figures once computed stay. The caller holds the round.
    """
    if round_ is None or round_.status is not RoundStatus.CLOSED:
        return {}
    if rounds.find_analysis(connection, study_id, round_.number) is not None:
        return {}
    content = closing_counts(connection, study_id, round_)
    sha256 = counts_sha256(content)
    rounds.replace_snapshot(connection, study_id, round_.number, content, sha256, now)
    return {"round": round_.number, "counts_sha256": sha256}
