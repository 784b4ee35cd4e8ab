"""Leaving a study that erases leaves nothing of a person but that somebody was there."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Text, insert, select

from analysis.results import OVERALL
from app.clock import FixedClock
from app.domain.errors import RatingsNotAsCounted
from app.domain.event import first_broken_link
from app.services.analysing import analyse_closed_round
from app.services.consent import withdraw
from app.services.links import hand_out_links
from app.services.panel_states import read_people
from app.services.profile import save_profile
from app.services.results import read_results
from app.services.rounds import close_round
from app.storage import rounds
from app.storage.accounts import insert_researcher
from app.storage.database import Database
from app.storage.erasing import ABOUT_PIECES, ERASED, KEPT
from app.storage.events import read_chain_head, read_events
from app.storage.tables import metadata
from app.storage.tables.coding import coding, fits_no_theme, material, statement_source, theme
from app.storage.tables.panel import identity, profile_answer
from tests.running_study import SECRET, STATEMENTS, RunningStudy

SAID = ("my very own words", "123456,5", "peers 0", "peers0@example.org")


@pytest.fixture
def erasing_study(database: Database, clock: FixedClock, tmp_path: Path) -> RunningStudy:
    """A study that erases, in round 1, in which the first two panelists have said everything there is."""
    study = RunningStudy(database, clock, tmp_path, withdrawal="erase")
    study.open(days=7)
    for n in (0, 1):
        assert save_profile(database, clock, study.visitor(n), {"role": ["a"], "years": ["123456,5"]}) == ()
        study.rate(n, dict.fromkeys(STATEMENTS, 3), comments={"S01": "my very own words"})
        study.rate(n, {"S01": 2}, known_version=1)
        study.submit(n)
    return study


def dump(study: RunningStudy) -> dict[str, str]:
    """Everything that is stored, by table."""
    with study.database.reading() as connection:
        return {table.name: str(connection.execute(select(table)).all()) for table in metadata.sorted_tables}


def leave(study: RunningStudy, n: int) -> None:
    withdraw(study.database, study.clock, study.visitor(n))


def test_every_table_that_speaks_of_a_panelist_is_erased_or_kept_for_a_reason() -> None:
    speaking = {table.name for table in metadata.sorted_tables if "panelist_id" in table.columns}
    assert {table.name for table in ERASED} | KEPT == speaking
    for name in KEPT - {"outbox"}:
        assert not [column for column in metadata.tables[name].columns if isinstance(column.type, Text)], name


def test_nothing_a_person_gave_and_nothing_that_names_them_is_left(erasing_study: RunningStudy) -> None:
    receipt = erasing_study.submit(0).code
    leave(erasing_study, 1)
    assert all(any(said in table for table in dump(erasing_study).values()) for said in (*SAID, receipt))
    leave(erasing_study, 0)
    left = dump(erasing_study)
    for said in (*SAID, receipt):
        assert not [name for name, rows in left.items() if said in rows], said
    for table in ERASED:
        assert (left[table.name] == "[]") is (table is not identity), table.name


def test_what_researchers_coded_of_a_persons_words_goes_too_and_nobody_elses(
    erasing_study: RunningStudy,
) -> None:
    with erasing_study.database.writing() as connection:
        coder = insert_researcher(
            connection,
            email="coder@example.org",
            name="A coder",
            password_hash="none",
            language="fr",
            at=erasing_study.clock.now(),
        )
        named = {"study_id": 1, "parent_id": None, "description": "", "colour": "teal"}
        connection.execute(insert(theme), {**named, "id": 1, "name": "Hope", "position": 1})
        for id_, panelist_id in ((1, 1), (2, 2)):
            written = {"kind": "comment", "round_number": 1, "statement_id": 1, "text": "", "source": ""}
            connection.execute(
                insert(material), {"study_id": 1, "id": id_, "panelist_id": panelist_id, **written}
            )
            about = {"study_id": 1, "material_id": id_, "researcher_id": coder.id}
            at = erasing_study.clock.now()
            connection.execute(insert(coding), {**about, "theme_id": 1, "coded_at": at})
            connection.execute(insert(fits_no_theme), {**about, "said_at": at})
            source = {"study_id": 1, "statement_id": 1, "material_id": id_}
            connection.execute(insert(statement_source), source)
    leave(erasing_study, 0)
    with erasing_study.database.reading() as connection:
        for table in ABOUT_PIECES:
            assert connection.scalars(select(table.c.material_id)).all() == [2], table.name
        assert connection.scalars(select(material.c.panelist_id)).all() == [2]


def test_the_log_stays_whole_and_the_study_goes_on_without_them(erasing_study: RunningStudy) -> None:
    database, clock = erasing_study.database, erasing_study.clock
    leave(erasing_study, 0)
    with database.reading() as connection:
        events = list(read_events(connection, 1))
        n_events, head = read_chain_head(connection, 1)
        assert first_broken_link(events, head, n_events) is None
    people = read_people(database, erasing_study.slug, SECRET)
    assert (people.n_people, len(people.people)) == (11, 11)
    assert len(hand_out_links(database, clock, erasing_study.slug, SECRET, "system")) == 11
    erasing_study.close()
    erasing_study.release()
    erasing_study.open()
    leave(erasing_study, 1)


def test_where_answers_stay_the_profile_and_the_identity_stay_too(open_study: RunningStudy) -> None:
    save_profile(open_study.database, open_study.clock, open_study.visitor(0), {"role": ["a"]})
    leave(open_study, 0)
    with open_study.database.reading() as connection:
        assert len(connection.execute(select(profile_answer)).all()) == 1
        assert len(connection.execute(select(identity)).all()) == 12


def test_a_round_without_figures_yet_is_counted_again_and_analysed_as_counted(
    erasing_study: RunningStudy, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, clock, slug = erasing_study.database, erasing_study.clock, erasing_study.slug
    with monkeypatch.context() as crash:
        crash.setattr("app.services.rounds.analyse_closed_round", lambda *_: None)
        close_round(database, clock, slug, "system")
    leave(erasing_study, 0)
    closed, withdrew = noted(erasing_study, "RoundClosed"), noted(erasing_study, "PanelistWithdrew")
    assert closed["counts_sha256"] != withdrew["counts_sha256"] == stored_counts(erasing_study)[1]
    analyse_closed_round(database, clock, slug, "system")
    assert counted(erasing_study) == analysed(erasing_study) == dict.fromkeys(STATEMENTS, 1)


def test_figures_once_computed_stay_as_they_were_counted(erasing_study: RunningStudy) -> None:
    database, clock, slug = erasing_study.database, erasing_study.clock, erasing_study.slug
    erasing_study.close()
    leave(erasing_study, 0)
    assert set(noted(erasing_study, "PanelistWithdrew")) == {"mode"}
    analyse_closed_round(database, clock, slug, "system")
    assert counted(erasing_study) == analysed(erasing_study) == dict.fromkeys(STATEMENTS, 2)
    erasing_study.release()


def test_ratings_that_are_gone_for_another_reason_are_not_analysed(
    erasing_study: RunningStudy, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, clock, slug = erasing_study.database, erasing_study.clock, erasing_study.slug
    with monkeypatch.context() as crash:
        crash.setattr("app.services.rounds.analyse_closed_round", lambda *_: None)
        close_round(database, clock, slug, "system")
    with database.writing() as connection:
        connection.exec_driver_sql("UPDATE rating SET point = 1 WHERE panelist_id = 1 AND statement_id = 1")
    with pytest.raises(RatingsNotAsCounted):
        analyse_closed_round(database, clock, slug, "system")


def noted(study: RunningStudy, kind: str) -> dict[str, object]:
    """What the log says of the last event of a kind."""
    with study.database.reading() as connection:
        return dict([event for event in read_events(connection, 1) if event.kind == kind][-1].payload)


def stored_counts(study: RunningStudy) -> tuple[Mapping[str, Any], str]:
    """The counts kept of round 1, and their fingerprint."""
    with study.database.reading() as connection:
        return rounds.read_snapshot(connection, 1, 1)


def counted(study: RunningStudy) -> dict[str, int]:
    """How many rated each statement, by the counts kept."""
    n: Counter[str] = Counter()
    for statement, _, _, counts, n_abstained in stored_counts(study)[0]["counts"]:
        n[statement] += sum(counts) + n_abstained
    return dict(n)


def analysed(study: RunningStudy) -> dict[str, int]:
    """How many rated each statement, by the newest figures."""
    results = read_results(study.database, study.slug)
    return {
        entry.statement: next(g for g in entry.groups if g.group == OVERALL).n
        for entry in results.analyses[0].statements
    }
