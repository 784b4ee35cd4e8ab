"""An import stores the whole study, once, or nothing."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event, func, select

from app.domain.account import Part, Role
from app.domain.errors import NotFound, StudyAlreadyImported
from app.domain.event import first_broken_link
from app.domain.panel import Invitee, Membership
from app.domain.study import StudyStatus
from app.interchange.study_folder import read_study_folder
from app.services.accounts import add_researcher
from app.services.importing import ImportedStudy, import_study
from app.storage import memberships, panel, profiles, statements, studies
from app.storage.events import read_chain_head, read_events
from app.storage.tables import metadata
from app.storage.tables.panel import identity
from app.storage.tables.panel import panelist as panelist_table
from tests.small_study import Folder

DEMO = Path(__file__).parents[3] / "app" / "demo" / "peer_support"


@pytest.fixture
def definition(tmp_path):
    """A small study, read from its folder."""
    folder = tmp_path / "study"
    folder.mkdir()
    return Folder(folder).read()


def n_rows(database):
    """How many rows each table has."""
    with database.reading() as connection:
        return {
            table.name: connection.scalar(select(func.count()).select_from(table))
            for table in metadata.sorted_tables
        }


def test_what_was_imported_can_be_read_back(database, clock, definition):
    imported = import_study(database, clock, definition)
    assert imported == ImportedStudy("small-study", n_statements=3, n_panelists=2)
    with database.reading() as connection:
        study = studies.find_study(connection, "small-study")
        assert study is not None
        assert (study.status, study.created_at, study.concluded_at) == (StudyStatus.DRAFT, clock.now(), None)
        assert (study.languages, study.texts) == (definition.languages, definition.texts)
        assert (study.time_zone, study.synthetic, study.contact, study.minutes_per_round) == (
            "Europe/Brussels",
            True,
            "team@example.org",
            10,
        )
        assert studies.read_topics(connection, study.id) == definition.topics
        assert profiles.read_profile_questions(connection, study.id) == definition.profile_questions
        stored = statements.read_newest_statements(connection, study.id)
        assert tuple(row.statement for row in stored) == definition.statements
        assert [row.id for row in stored] == [1, 2, 3]
        assert statements.read_evidence(connection, study.id, [1, 2, 3]) == definition.evidence


def test_a_study_needs_neither_evidence_nor_profile_questions(database, clock, definition):
    import_study(database, clock, replace(definition, evidence=(), profile_questions=()))
    with database.reading() as connection:
        assert statements.read_evidence(connection, 1, [1, 2, 3]) == ()
        assert profiles.read_profile_questions(connection, 1) == ()


def test_the_protocol_is_stored_in_its_first_version_with_its_hash_and_not_yet_frozen(
    database, clock, definition
):
    import_study(database, clock, definition)
    with database.reading() as connection:
        version = studies.protocol_in_force(connection, 1)
        assert studies.group_ids(connection, 1) == {"peers": 1, "relatives": 2}
        assert studies.criterion_ids(connection, 1) == {"agreement": 1}
    assert (version.version, version.frozen_at, version.amendment_reason) == (1, None, "")
    assert version.protocol == definition.protocol
    assert len(version.sha256) == 64


def test_panelists_are_known_by_random_pseudonyms_and_their_identities_stand_apart(
    database, clock, definition
):
    import_study(database, clock, definition)
    with database.reading() as connection:
        panelists = panel.read_panel(connection, 1)
        identities = {row.panelist_id: (row.name, row.email) for row in connection.execute(select(identity))}
    assert [(p.group, p.language, p.membership) for p in panelists] == [
        ("peers", "nl", Membership.UNDECIDED),
        ("relatives", "fr", Membership.UNDECIDED),
    ]
    assert len({p.pseudonym for p in panelists}) == 2
    assert identities == {
        1: ("Ann Example", "ann@example.org"),
        2: ("Éloi Exemple", "eloi@example.org"),
    }
    assert not {"name", "email"} & set(panelist_table.c.keys())


def test_a_large_panel_has_no_pseudonym_twice(database, clock, definition, monkeypatch):
    drawn = iter(f"P-{n // 2}" for n in range(100))
    monkeypatch.setattr("app.domain.panel.new_pseudonym", lambda: next(drawn))
    large = tuple(Invitee(f"N {n}", f"n{n}@example.org", "peers", "fr") for n in range(40))
    import_study(database, clock, replace(definition, panel=large))
    with database.reading() as connection:
        assert len({p.pseudonym for p in panel.read_panel(connection, 1)}) == 40


def test_the_import_is_the_first_event_of_a_whole_chain_and_names_nobody(database, clock, definition):
    import_study(database, clock, definition)
    with database.reading() as connection:
        events = list(read_events(connection, 1))
        n_events, head = read_chain_head(connection, 1)
    assert [(e.kind, e.actor, e.occurred_at) for e in events] == [("StudyImported", "system", clock.now())]
    assert events[0].payload["n_panelists"] == 2
    assert "example.org" not in str(events[0].payload)
    assert first_broken_link(events, head, n_events) is None


def test_the_researcher_who_imports_owns_the_study(database, clock, definition):
    researcher = add_researcher(
        database, clock, email="ann@example.org", name="Ann", password="a long password"
    )
    import_study(database, clock, definition, owner_id=researcher.id)
    with database.reading() as connection:
        assert memberships.find_part(connection, 1, researcher.id) == Part(Role.OWNER)
        events = list(read_events(connection, 1))
        n_events, head = read_chain_head(connection, 1)
    assert [(e.kind, e.actor) for e in events] == [
        ("StudyImported", f"researcher:{researcher.id}"),
        ("ResearcherJoined", f"researcher:{researcher.id}"),
    ]
    assert first_broken_link(events, head, n_events) is None


def test_a_second_import_of_the_same_study_says_so_and_changes_nothing(database, clock, definition):
    import_study(database, clock, definition)
    before = n_rows(database)
    with pytest.raises(StudyAlreadyImported, match="“small-study” is already stored"):
        import_study(database, clock, definition)
    assert n_rows(database) == before


def test_nothing_is_stored_when_the_last_step_fails(database, clock, definition):
    with pytest.raises(NotFound):
        import_study(database, clock, definition, owner_id=99)
    assert set(n_rows(database).values()) == {0}


def test_of_two_imports_at_once_one_is_stored(database, clock, definition):
    def attempt(_):
        try:
            import_study(database, clock, definition)
        except StudyAlreadyImported:
            return "refused"
        return "stored"

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(attempt, range(2))) == ["refused", "stored"]
    assert n_rows(database)["statement"] == 3


def test_studies_beside_each_other_number_their_parts_by_themselves(database, clock, definition):
    import_study(database, clock, definition)
    import_study(database, clock, replace(definition, slug="another-study"))
    with database.reading() as connection:
        for study_id in (1, 2):
            stored = statements.read_newest_statements(connection, study_id)
            assert [row.id for row in stored] == [1, 2, 3]


def test_a_large_study_takes_as_many_statements_of_sql_as_a_small_one(database, clock, definition):
    executed = []
    event.listen(database._writer, "before_cursor_execute", lambda *call: executed.append(call[2]))
    import_study(database, clock, definition)
    n_small = len(executed)
    executed.clear()
    import_study(database, clock, read_study_folder(DEMO))
    assert len(executed) == n_small
