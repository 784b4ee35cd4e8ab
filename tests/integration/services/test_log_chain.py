"""The log's chain is the same whichever database joins its links."""

from pathlib import Path

from app.clock import FixedClock
from app.domain.event import EventKind, chain_hash
from app.storage.database import Database
from app.storage.events import append_event, read_chain_head, read_events
from tests.integration.races.racing import read_log, study_id
from tests.running_study import RunningStudy

ODD = {"reason": '100 % "sûr", C:\\notes\n日本 %(study)s :said', "none": None, "numbers": [1, 2.5, True]}


def test_an_event_with_any_sign_in_it_is_hashed_as_it_is_checked(
    database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    study = RunningStudy(database, clock, tmp_path)
    with database.writing() as connection:
        id_ = study_id(connection, study)
        n_before, head_before = read_chain_head(connection, id_)
        append_event(connection, id_, EventKind.DESIGN_CHANGED, "researcher:1", clock.now(), ODD)
        n_events, head = read_chain_head(connection, id_)
        written = list(read_events(connection, id_))[-1]
    assert (n_events, written.sequence, written.previous_hash) == (n_before + 1, n_before + 1, head_before)
    assert head == chain_hash(
        head_before,
        sequence=n_events,
        kind=EventKind.DESIGN_CHANGED,
        actor="researcher:1",
        occurred_at=clock.now(),
        payload=ODD,
    )
    assert read_log(study)[-1].payload == ODD
