"""A researcher reaches the studies in which they have a role, and what that role includes."""

import pytest
from sqlalchemy import event

from app.domain.account import Part, Permission, Researcher, Role, may
from app.domain.errors import NotAllowed, NotFound, StudyNotFound
from app.domain.event import first_broken_link
from app.services.access import list_studies, require
from app.services.importing import import_study
from app.services.joining import join_study
from app.storage.accounts import insert_researcher
from app.storage.events import read_chain_head, read_events
from tests.small_study import Folder


@pytest.fixture
def import_as(database, clock, tmp_path):
    """Import a small study under a slug."""

    def import_as(slug):
        folder = tmp_path / slug
        folder.mkdir()
        small = Folder(folder)
        small.edit("study.toml", "small-study", slug)
        import_study(database, clock, small.read())

    return import_as


@pytest.fixture
def ann(database, clock) -> Researcher:
    """A researcher without any role."""
    with database.writing() as connection:
        return insert_researcher(
            connection,
            email="ann@example.org",
            name="Ann",
            password_hash="none",
            language="en",
            at=clock.now(),
        )


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("permission", Permission)
def test_a_role_reaches_just_what_it_includes(database, clock, import_as, ann, role, permission):
    import_as("mine")
    join_study(database, clock, "mine", ann.id, role, "system")
    if may(Part(role), permission):
        study, part = require(database, ann, "mine", permission)
        assert (study.slug, part) == ("mine", Part(role))
    else:
        with pytest.raises(NotAllowed):
            require(database, ann, "mine", permission)


@pytest.mark.parametrize("slug", ["theirs", "nowhere", "", "\0", "../mine", "x" * 1000])
def test_another_study_and_none_at_all_get_the_same_answer(database, clock, import_as, ann, slug):
    import_as("theirs")
    with pytest.raises(StudyNotFound) as refusal:
        require(database, ann, slug, Permission.READ_STUDY)
    assert str(refusal.value) == f"There is no study “{slug}” here."


def test_studies_are_listed_with_the_role_in_each_the_newest_first(database, clock, import_as, ann):
    for n, slug in enumerate(["older", "newer", "theirs"]):
        import_as(slug)
        clock.set(clock.now().replace(minute=n + 1))
    join_study(database, clock, "older", ann.id, Role.OWNER, "system")
    join_study(database, clock, "newer", ann.id, Role.ANALYST, "system")
    listed = list_studies(database, ann)
    assert [(study.slug, role) for study, role in listed] == [("newer", Role.ANALYST), ("older", Role.OWNER)]
    assert listed[0][0].texts.title == {"fr": "Petite étude", "nl": "Kleine studie"}


def test_a_researcher_without_a_role_has_no_studies(database, import_as, ann):
    import_as("theirs")
    assert list_studies(database, ann) == ()


def test_a_long_list_takes_as_many_queries_as_a_short_one(database, clock, import_as, ann):
    executed = []
    event.listen(database._reader, "before_cursor_execute", lambda *call: executed.append(call[2]))
    n_queries = []
    for slug in ("one", "two", "three"):
        import_as(slug)
        join_study(database, clock, slug, ann.id, Role.OWNER, "system")
        executed.clear()
        list_studies(database, ann)
        n_queries.append(len([query for query in executed if query.startswith("SELECT")]))
    assert n_queries == [3, 3, 3]


def test_joining_is_written_in_the_log_of_the_study(database, clock, import_as, ann):
    import_as("mine")
    join_study(database, clock, "mine", ann.id, Role.EDITOR, "researcher:7")
    with database.reading() as connection:
        events = list(read_events(connection, 1))
        n_events, head = read_chain_head(connection, 1)
    assert (events[-1].kind, events[-1].actor) == ("ResearcherJoined", "researcher:7")
    assert events[-1].payload == {"researcher": ann.id, "role": "editor"}
    assert first_broken_link(events, head, n_events) is None


def test_joining_again_in_the_same_role_changes_nothing(database, clock, import_as, ann):
    import_as("mine")
    for _ in range(2):
        join_study(database, clock, "mine", ann.id, Role.EDITOR, "system")
    with database.reading() as connection:
        assert read_chain_head(connection, 1)[0] == 2


def test_joining_in_another_role_replaces_the_role(database, clock, import_as, ann):
    import_as("mine")
    join_study(database, clock, "mine", ann.id, Role.OWNER, "system")
    join_study(database, clock, "mine", ann.id, Role.ANALYST, "system")
    assert list_studies(database, ann)[0][1] is Role.ANALYST
    with database.reading() as connection:
        assert [event.payload["role"] for event in list(read_events(connection, 1))[1:]] == [
            "owner",
            "analyst",
        ]


def test_nobody_joins_a_study_that_is_not_there(database, clock, ann):
    with pytest.raises(StudyNotFound):
        join_study(database, clock, "nowhere", ann.id, Role.OWNER, "system")


def test_a_researcher_who_is_not_there_joins_nothing(database, clock, import_as):
    import_as("mine")
    with pytest.raises(NotFound, match="There is no researcher “99”"):
        join_study(database, clock, "mine", 99, Role.OWNER, "system")
