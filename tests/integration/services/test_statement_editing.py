"""Statements are written freely before the panel sees them; afterwards with a reason and a history."""

from dataclasses import replace

import pytest

from app.clock import FixedClock
from app.domain.errors import ActionBlocked
from app.domain.evidence_editing import CardChangedMeanwhile, CardNotFound, card_fingerprint
from app.domain.statement import Evidence, EvidenceKind, LineageKind, Topic
from app.domain.statement_editing import (
    EntryState,
    FieldsRefused,
    PartsMissing,
    StatementChangedMeanwhile,
    StatementDraft,
    StatementNotFound,
)
from app.domain.topic_editing import TopicsChangedMeanwhile
from app.services.evidence import add_card, change_card, read_card, remove_card
from app.services.questionnaire import read_questionnaire
from app.services.restructuring import (
    merge_statements,
    restore_statement,
    split_statement,
    withdraw_statement,
)
from app.services.statement_desk import read_editable_statements, read_statement_history
from app.services.statement_editing import add_statement, edit_statement, order_statements
from app.services.topics import save_topics, topics_fingerprint
from app.storage.database import Database
from tests.queries import counting
from tests.running_study import RunningStudy

ACTOR = "researcher:1"
NEW = StatementDraft("S04", "pay", {"fr": "Nouveau", "nl": "Nieuw"})


def here(study: RunningStudy) -> tuple[Database, FixedClock, str]:
    return study.database, study.clock, study.slug


def table(study: RunningStudy):
    return read_editable_statements(study.database, study.slug)


def draft_of(study: RunningStudy, code: str, **changes) -> tuple[StatementDraft, str]:
    """The statement with changes, and the sign of what it was before them."""
    entry = table(study).get(code)
    return replace(entry.draft, **changes), entry.fingerprint


def edit(study: RunningStudy, code: str, *, reason: str = "", **changes) -> None:
    draft, known = draft_of(study, code, **changes)
    edit_statement(*here(study), ACTOR, draft, known=known, reason=reason)


def questions(study: RunningStudy):
    """What the first panelist is asked."""
    questionnaire = read_questionnaire(study.database, study.clock, study.visitor(0))
    assert questionnaire is not None
    return questionnaire.statements


def reach_round_2(study: RunningStudy) -> None:
    study.open()
    for n in range(6):
        study.rate(n, {"S01": 3, "S02": 1 + n % 3, "S03": 1 + n % 3})
    study.close()
    study.release()


def test_before_round_1_a_statement_is_simply_written_anew(study):
    edit(study, "S01", text={"fr": "Autre", "nl": "Anders"}, topic="pay", note={"fr": "Note"})
    history = read_statement_history(study.database, study.slug, "S01")
    assert [version.version for version in history.versions] == [1]
    assert history.entry.draft == StatementDraft(
        "S01", "pay", {"fr": "Autre", "nl": "Anders"}, {"fr": "Note"}, "literature"
    )
    assert history.entry.state is EntryState.NEW
    study.open()
    asked = {one.statement.code: one.statement for one in questions(study)}
    assert (asked["S01"].text["fr"], asked["S01"].note) == ("Autre", {"fr": "Note"})


def test_while_the_panel_rates_nothing_that_it_reads_can_be_changed(study):
    drafts = draft_of(study, "S01", text={"fr": "x"})
    study.open()
    card = read_card(study.database, study.slug, "E01").card
    attempts = [
        lambda: edit_statement(*here(study), ACTOR, drafts[0], known=drafts[1]),
        lambda: add_statement(*here(study), ACTOR, NEW),
        lambda: order_statements(*here(study), ACTOR, ["S03"]),
        lambda: withdraw_statement(*here(study), ACTOR, "S01", "why"),
        lambda: restore_statement(*here(study), ACTOR, "S01"),
        lambda: split_statement(*here(study), ACTOR, "S01", [NEW, replace(NEW, code="S05")], "why"),
        lambda: merge_statements(*here(study), ACTOR, ["S01", "S02"], NEW, "why"),
        lambda: save_topics(*here(study), ACTOR, {}, known=""),
        lambda: change_card(*here(study), ACTOR, card, known=card_fingerprint(card)),
        lambda: remove_card(*here(study), ACTOR, "E01"),
    ]
    for attempt in attempts:
        with pytest.raises(ActionBlocked, match="Round 1 is open"):
            attempt()
    assert "Round 1 is open" in str(table(study).hindrance)


def test_what_the_panel_has_seen_is_reworded_with_a_reason_that_it_reads(study):
    reach_round_2(study)
    with pytest.raises(FieldsRefused) as refused:
        edit(study, "S02", text={"fr": "", "nl": ""})
    assert set(refused.value.problems) == {"text.fr", "reason"}
    edit(study, "S02", text={"fr": "Neuf", "nl": "Nieuw"}, reason="Plus clair")
    # Not asked yet, so it is written anew and not followed by a third version.
    edit(study, "S02", text={"fr": "Tout neuf", "nl": "Nieuw"}, reason="Encore plus clair")
    history = read_statement_history(study.database, study.slug, "S02")
    assert [(one.version, one.change_reason, one.asked_in) for one in history.versions] == [
        (1, "", (1,)),
        (2, "Encore plus clair", ()),
    ]
    assert history.entry.state is EntryState.REWORDED
    study.open()
    asked = {one.statement.code: one.statement for one in questions(study)}
    statement = asked["S02"]
    assert (statement.text["fr"], statement.change_reason) == ("Tout neuf", "Encore plus clair")
    assert statement.previous_text["fr"] == "Le salaire, pour tous, est égal."


def test_a_topic_is_changed_without_a_reason_and_without_a_version(study):
    reach_round_2(study)
    edit(study, "S02", topic="value")
    entry = table(study).get("S02")
    assert (entry.statement.topic, entry.statement.version) == ("value", 1)


def test_whoever_saves_second_overwrites_nothing(study):
    first, known = draft_of(study, "S01", text={"fr": "Première", "nl": "Eerste"})
    second = replace(first, text={"fr": "Seconde", "nl": "Tweede"})
    edit_statement(*here(study), ACTOR, first, known=known)
    with pytest.raises(StatementChangedMeanwhile):
        edit_statement(*here(study), ACTOR, second, known=known)
    assert table(study).get("S01").statement.text["fr"] == "Première"


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"code": "S 4"}, {"code"}),
        ({"code": "S01"}, {"code"}),
        ({"topic": "nothing"}, {"topic"}),
        ({"text": {}}, {"text.fr"}),
        ({"text": {"fr": "x" * 2001}}, {"text.fr"}),
        ({"text": {"fr": "a\x00"}}, {"text.fr"}),
        ({"text": {"fr": "a"}, "note": {"nl": "b"}}, {"note.nl"}),
        ({"origin": "x" * 201, "topic": ""}, {"origin", "topic"}),
    ],
)
def test_every_field_that_cannot_be_stored_is_named_and_nothing_is_stored(study, changes, wrong):
    with pytest.raises(FieldsRefused) as refused:
        add_statement(*here(study), ACTOR, replace(NEW, **changes))
    assert set(refused.value.problems) == wrong
    assert len(table(study).entries) == 3


def test_a_translation_may_come_later_and_is_missed_until_then(study):
    add_statement(*here(study), ACTOR, replace(NEW, text={"fr": "Seul"}))
    assert table(study).get("S04").missing(("fr", "nl")) == ("nl",)
    with pytest.raises(ActionBlocked, match="S04"):
        study.open()


def test_a_split_statement_is_followed_by_its_parts_which_know_where_they_came_from(study):
    reach_round_2(study)
    parts = [replace(NEW, code="S02a"), replace(NEW, code="S02b", topic="value")]
    with pytest.raises(FieldsRefused) as refused:
        split_statement(*here(study), ACTOR, "S02", [parts[0], parts[0]], "")
    assert set(refused.value.problems) == {"2.code", "reason"}
    split_statement(*here(study), ACTOR, "S02", parts, "Deux idées")
    assert [one.statement.code for one in table(study).entries] == ["S01", "S02", "S02a", "S02b", "S03"]
    history = read_statement_history(study.database, study.slug, "S02")
    assert (history.entry.state, history.entry.withdrawal_reason) == (EntryState.WITHDRAWN, "Deux idées")
    assert [(one.code, one.kind) for one in history.became] == [
        ("S02a", LineageKind.SPLIT),
        ("S02b", LineageKind.SPLIT),
    ]
    study.open()
    assert {one.statement.code for one in questions(study)} == {"S01", "S02a", "S02b", "S03"}


def test_merged_statements_give_way_to_one(study):
    reach_round_2(study)
    with pytest.raises(PartsMissing):
        merge_statements(*here(study), ACTOR, ["S02", "S02"], NEW, "why")
    merge_statements(*here(study), ACTOR, ["S02", "S03"], NEW, "Une seule idée")
    history = read_statement_history(study.database, study.slug, "S04")
    assert [one.from_code for one in history.came_from] == ["S02", "S03"]
    assert [one.statement.code for one in table(study).standing] == ["S01", "S04"]


def test_a_withdrawn_statement_is_asked_no_more_until_it_is_restored(study):
    with pytest.raises(StatementNotFound):
        withdraw_statement(*here(study), ACTOR, "S99", "")
    withdraw_statement(*here(study), ACTOR, "S02", "Double")
    with pytest.raises(ActionBlocked, match="S02 is withdrawn"):
        edit(study, "S02", text={"fr": "x"})
    restore_statement(*here(study), ACTOR, "S02")
    restore_statement(*here(study), ACTOR, "S02")
    assert table(study).get("S02").state is EntryState.NEW


def test_statements_are_put_in_order(study):
    order_statements(*here(study), ACTOR, ["S03", "S01", "nothing"])
    add_statement(*here(study), ACTOR, NEW)
    assert [one.statement.code for one in table(study).entries] == ["S03", "S01", "S02", "S04"]


def test_topics_get_other_names_another_order_and_company(study):
    known = topics_fingerprint(table(study).topics)
    topics = {
        "new": Topic("time", {"fr": "Temps", "nl": "Tijd"}),
        "pay": Topic("pay", {"fr": "Argent", "nl": "Geld"}),
    }
    with pytest.raises(FieldsRefused) as refused:
        save_topics(*here(study), ACTOR, {"new": Topic("a b", {"fr": "x"})}, known=known)
    assert set(refused.value.problems) == {"new.code", "new.name.nl"}
    with pytest.raises(FieldsRefused) as taken:
        save_topics(*here(study), ACTOR, {**topics, "new": topics["pay"]}, known=known)
    assert set(taken.value.problems) == {"new.code"}
    save_topics(*here(study), ACTOR, topics, known=known)
    stored = table(study).topics
    assert [one.code for one in stored] == ["time", "pay", "value"]
    assert stored[1].name == {"fr": "Argent", "nl": "Geld"}
    with pytest.raises(TopicsChangedMeanwhile):
        save_topics(*here(study), ACTOR, topics, known=known)


def test_cards_of_evidence_are_added_changed_and_removed(study):
    texts = {"fr": "Texte", "nl": "Tekst"}
    card = Evidence("E02", EvidenceKind.LITERATURE, ("S02",), texts, texts, {}, "Source", "be")
    with pytest.raises(FieldsRefused) as refused:
        add_card(
            *here(study),
            ACTOR,
            replace(card, code="E01", title={"fr": "x"}, country="BEL", statements=("S9",)),
        )
    assert set(refused.value.problems) == {"code", "title.nl", "country", "statements"}
    add_card(*here(study), ACTOR, card)
    stored = read_card(study.database, study.slug, "E02").card
    assert (stored.country, stored.statements) == ("BE", ("S02",))
    other = replace(stored, title={"fr": "Autre", "nl": "Ander"}, statements=("S01", "S02"))
    change_card(*here(study), ACTOR, other, known=card_fingerprint(stored))
    with pytest.raises(CardChangedMeanwhile):
        change_card(*here(study), ACTOR, other, known=card_fingerprint(stored))
    remove_card(*here(study), ACTOR, "E01")
    with pytest.raises(CardNotFound):
        read_card(study.database, study.slug, "E01")
    history = read_statement_history(study.database, study.slug, "S01")
    assert [one.title["fr"] for one in history.evidence] == ["Autre"]


def test_another_process_shows_the_panel_at_once_what_was_changed_here(study, database_url):
    """A questionnaire is kept in memory; what was changed elsewhere must not stay hidden behind it."""
    reach_round_2(study)
    elsewhere = Database(database_url)
    visitor = study.visitor(0)
    try:
        before = read_questionnaire(elsewhere, study.clock, visitor)
        assert before is not None
        assert [card.title["fr"] for card in before.statements[0].evidence] == ["Exemple"]
        card = read_card(study.database, study.slug, "E01").card
        change_card(
            *here(study),
            ACTOR,
            replace(card, title={"fr": "Neuf", "nl": "Nieuw"}),
            known=card_fingerprint(card),
        )
        topics = {"value": Topic("value", {"fr": "Sens", "nl": "Zin"})}
        save_topics(*here(study), ACTOR, topics, known=topics_fingerprint(table(study).topics))
        after = read_questionnaire(elsewhere, study.clock, study.enter(0))
        assert after is not None
        assert [card.title["fr"] for card in after.statements[0].evidence] == ["Neuf"]
        assert after.topics[0].topic.name["fr"] == "Sens"
    finally:
        elsewhere.close()


def test_reading_and_changing_statements_takes_few_queries_however_many_there_are(database, clock, tmp_path):
    study = RunningStudy(database, clock, tmp_path, more_statements=40)
    reach_round_2(study)
    counted = {}
    for name, do in {
        "the table": lambda: read_editable_statements(database, study.slug),
        "one statement": lambda: read_statement_history(database, study.slug, "S01"),
        "editing": lambda: edit(study, "T001", text={"fr": "a", "nl": "b"}, reason="c"),
        "ordering": lambda: order_statements(*here(study), ACTOR, ["T005", "T001"]),
    }.items():
        with counting() as sent:
            do()
        counted[name] = len(sent)
    most = {"the table": 10, "one statement": 24, "editing": 30, "ordering": 20}
    assert {name: n for name, n in counted.items() if n > most[name]} == {}
