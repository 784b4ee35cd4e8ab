"""Every fault of study.toml is named by its field, a fault of its syntax by its line."""

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from app.domain.fault import Fault
from app.interchange.study_folder import what_is_missing
from app.interchange.study_toml import read_study_toml
from tests.small_study import STUDY, Folder

UNREADABLE = "This text has a character that cannot be stored. Delete it, or type the text again."


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('slug = "small-study"', "", "study.slug: is missing; write a text."),
        (
            '"small-study"',
            '"Small Study"',
            "study.slug: may have lower-case letters, digits and hyphens only, and 64 characters at most.",
        ),
        (
            "Europe/Brussels",
            "Europe/Bruges",
            "study.time_zone: must be a time zone such as Europe/Brussels.",
        ),
        ("synthetic = true", "synthetic = 1", "study.synthetic: must be true or false."),
        (
            "minutes_per_round = 10",
            "minutes_per_round = 0",
            "study.minutes_per_round: must be a whole number from 1 to 600.",
        ),
        ("contact =", "kontact =", "study.contact: is missing; write a text."),
        (
            ', nl = "Kleine studie"',
            "",
            "study.title.nl: is missing; every text is needed in every study language.",
        ),
        (
            ', nl = "Kleine studie"',
            ', nl = "Kleine studie", de = "Studie"',
            "study.title.de: is not in one of the study's languages.",
        ),
        (
            '["fr", "nl"]',
            '["fr", "xx"]',
            "study.languages: must list one or more of en, fr, nl, de, each once.",
        ),
        (
            'languages = ["fr", "nl"]',
            "",
            "study.languages: must list one or more of en, fr, nl, de, each once.",
        ),
        (
            "threshold = 70",
            "threshold = 170",
            "protocol.consensus.threshold: must lie between 0 and 100 per cent.",
        ),
        ('code = "relatives"', 'code = "peers"', "group: the code “peers” is used twice."),
        ('code = "pay"', 'code = "value"', "topic: the code “value” is used twice."),
        (
            'code = "value"',
            'code = "my value"',
            "topic[1].code: may have letters, digits, hyphens, dots and underscores only.",
        ),
        (
            'kind = "single"',
            'kind = "one"',
            "profile_question[1].kind: must be one of single, multiple, text, number.",
        ),
        ('kind = "number"\n', "", "profile_question[2].kind: must be one of single, multiple, text, number."),
        (
            'kind = "single"',
            'kind = "text"',
            "profile_question[1].option: belongs to questions of kind single or multiple only.",
        ),
        (
            '{ code = "b"',
            '{ code = "a"',
            "profile_question[1].option: the code “a” is used twice.",
        ),
        ('kind = "number"', 'kind = "multiple"', "profile_question[2].option: needs at least 2 entries."),
        ('code = "years"', 'code = "role"', "profile_question: the code “role” is used twice."),
        (
            'kind = "good_practice"',
            'kind = "rumour"',
            "evidence[1].kind: must be one of literature, good_practice.",
        ),
        (
            'country = "BE"',
            'country = "Belgium"',
            "evidence[1].country: must be the two capital letters of a country, such as BE.",
        ),
        ('["S01", "S03"]', '["S01", "S01"]', "evidence[1].statements: names a statement twice."),
        (
            '["S01", "S03"]',
            "[]",
            'evidence[1].statements: must list the codes of one or more statements, such as ["S07"].',
        ),
        ('source = "A public document"', "source = 7", "evidence[1].source: must be a text."),
        (
            'what = { fr = "Quoi", nl = "Wat" }',
            "",
            "evidence[1].what: is missing; write one text per language: fr, nl.",
        ),
        (
            'what = { fr = "Quoi", nl = "Wat" }',
            'what = "Quoi"',
            "evidence[1].what: is missing; write one text per language: fr, nl.",
        ),
        (
            'what = { fr = "Quoi", nl = "Wat" }',
            'what = { fr = " " }',
            "evidence[1].what: is missing; a text is needed in at least one study language.",
        ),
        ('nl = "Waarom"', "nl = 7", "evidence[1].why.nl: must be a text."),
        ('nl = "Waarom"', 'de = "Warum"', "evidence[1].why.de: is not in one of the study's languages."),
        ("rounds = 3", "rounds = 3\nround = 4", "protocol.round: is not a field here; check its spelling."),
        ("[[evidence]]", "[surprise]\n[[evidence]]", "surprise: is not a field here; check its spelling."),
        (
            '"A public document"',
            "2026-01-01",
            "evidence[1].source: is a date or a time, which no field here is. Write it as a text.",
        ),
        ("threshold = 70", "threshold = nan", "protocol.consensus.threshold: must be a plain number."),
        (
            '"A public document"',
            r'"A \u0000"',
            f"evidence[1].source: {UNREADABLE}",
        ),
    ],
)
def test_a_wrong_field_is_named(folder, old, new, fault):
    folder.edit("study.toml", old, new)
    assert f"study.toml, {fault}" in folder.faults()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('["fr", "nl"]', '["fr", "xx"]'),
        ('"A public document"', "2026-01-01"),
        ("threshold = 70", "threshold = nan"),
        ('kind = "good_practice"', 'kind = ["good_practice"]'),
    ],
)
def test_one_wrong_field_is_one_fault(folder, old, new):
    folder.edit("study.toml", old, new)
    assert len(folder.faults()) == 1


def test_a_study_without_topics_is_told_so_once(folder):
    document = STUDY.replace('[[topic]]\ncode = "value"', "[x]").replace('[[topic]]\ncode = "pay"', "[y]")
    folder.write("study.toml", document)
    assert "study.toml, topic: needs at least 1 entries." in folder.faults()
    assert not any(fault.startswith("statements.csv") for fault in folder.faults())


NOT_TOML = (
    "cannot be read from here on. Look at this line and the one before it: a quotation mark, a bracket or an "
    "equals sign is missing or out of place, or a name stands there twice."
)


@pytest.mark.parametrize(
    ("old", "new", "row"),
    [
        ("synthetic = true", "synthetic = maybe", 6),
        ("[protocol]\n", "[protocol\n", 15),
        ('"A public document"', '"""A public document', len(STUDY.splitlines())),
    ],
)
def test_wrong_syntax_is_named_by_its_line_in_plain_words(folder, old, new, row):
    folder.edit("study.toml", old, new)
    assert folder.faults() == [f"study.toml, row {row}: {NOT_TOML}"]


def test_a_wrong_encoding_is_named_by_every_line(folder):
    folder.write("study.toml", STUDY.replace("’", "'").encode("cp1252"))
    wrong = [n for n, line in enumerate(STUDY.splitlines(), start=1) if set("éÉôè") & set(line)]
    assert [fault.partition(":")[0] for fault in folder.faults()] == [f"study.toml, row {n}" for n in wrong]


@pytest.mark.parametrize(
    "document",
    [
        pytest.param("a = " + "9" * 5000, id="an endless number"),
        pytest.param("a = " + "[" * 5000, id="lists without end"),
    ],
)
def test_what_no_reader_can_hold_is_refused(folder, document):
    folder.write("study.toml", document)
    assert folder.faults() == [
        "study.toml: has a number that is too long, or tables too deep inside each other."
    ]


def test_tables_too_deep_are_refused(folder):
    folder.edit("study.toml", "[[evidence]]", "a" + ".a" * 500 + " = 1\n[[evidence]]")
    assert any("stands too deep inside other tables." in fault for fault in folder.faults())


def paths(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in a document where a value stands."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if path:
        yield path
    for key, part in parts:
        yield from paths(part, (*path, key))


def toml(value: Any) -> str:
    """Write a value as TOML, tables inline."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {toml(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(toml(part) for part in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value) if isinstance(value, int | float) else f'"{value}"'


PLACES = list(paths(tomllib.loads(STUDY)))


@pytest.mark.parametrize("strange", [[], [{"a": 1}], {"fr": 1}, "x", 10**18, 1e308, True])
def test_whatever_stands_in_a_field_is_accepted_or_named_and_never_a_crash(strange):
    for place in PLACES:
        document = tomllib.loads(STUDY)
        table: Any = document
        for key in place[:-1]:
            table = table[key]
        table[place[-1]] = strange
        faults: list[Fault] = []
        written = "\n".join(f"{key} = {toml(value)}" for key, value in document.items())
        assert read_study_toml(written, faults) is not None or faults, place
        assert all(str(fault).startswith("study.toml, ") for fault in faults), place


OPEN_QUESTION = """
[[open_question]]
code = "Q1"
topic = "pay"
most_answers = 3
text = { fr = "Qu’est-ce qui aide ?", nl = "Wat helpt?" }
hint = { fr = "Bref", nl = "Kort" }

[[open_question]]
code = "Q2"
text = { fr = "Qui paie ?", nl = "Wie betaalt?" }
"""


def plan_an_open_round(folder: Folder) -> None:
    folder.edit("study.toml", "rounds = 3", 'rounds = ["open", "rating"]')


def test_open_questions_are_read_with_their_topic_hint_and_number_of_answers(folder: Folder) -> None:
    plan_an_open_round(folder)
    folder.append("study.toml", OPEN_QUESTION)
    first, second = folder.read().open_questions
    assert (first.code, first.topic, first.most_answers) == ("Q1", "pay", 3)
    assert first.hint == {"fr": "Bref", "nl": "Kort"}
    assert (second.topic, second.hint, second.most_answers) == ("", {}, 5)


def test_an_open_round_needs_a_question_and_a_question_an_open_round(folder: Folder) -> None:
    plan_an_open_round(folder)
    assert missing(folder) == [
        "study.toml, open_question: is missing; the open round in protocol.rounds needs a question."
    ]
    folder.edit("study.toml", '["open", "rating"]', "2")
    folder.append("study.toml", OPEN_QUESTION)
    assert missing(folder) == [
        "study.toml, open_question: needs an open round in protocol.rounds that asks it."
    ]


def test_what_is_not_translated_yet_is_named_by_its_place_and_kept_from_nothing(folder: Folder) -> None:
    assert missing(folder) == []
    for said in ('fr = "Valeur", ', 'fr = "Quoi", ', 'fr = "Pourquoi", '):
        folder.edit("study.toml", said, "")
    folder.edit("statements.csv", "Le rôle est “connu”.", "")
    places = [
        "study.toml, topic[1].name.fr",
        "study.toml, evidence[1].what.fr",
        "study.toml, evidence[1].why.fr",
    ]
    assert missing(folder) == [
        f"{place}: is missing; every text is needed in every study language."
        for place in (*places, "statements.csv, S03.text.fr")
    ]
    folder.edit("study.toml", 'why = { nl = "Waarom" }', "")
    assert len(missing(folder)) == 3, "why it matters need not be said at all"


def missing(folder: Folder) -> list[str]:
    return [str(fault) for fault in what_is_missing(folder.read())]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('topic = "pay"', 'topic = "moon"', "open_question[1].topic: “moon” is not a topic of this file."),
        ("most_answers = 3", "most_answers = 0", "open_question[1].most_answers: must be a whole number"),
        ('code = "Q2"', 'code = "Q1"', "open_question: the code “Q1” is used twice."),
        ('nl = "Wie betaalt?"', 'nl = ""', "open_question[2].text.nl: is missing"),
        ('hint = { fr = "Bref", nl = "Kort" }', 'hint = { fr = "Bref" }', "open_question[1].hint.nl"),
        ("most_answers = 3", "answers = 3", "open_question[1].answers: is not a field here"),
    ],
)
def test_a_wrong_open_question_is_named_by_its_field(folder: Folder, old: str, new: str, fault: str) -> None:
    plan_an_open_round(folder)
    folder.append("study.toml", OPEN_QUESTION.replace(old, new, 1))
    (found,) = folder.faults()
    assert found.startswith(f"study.toml, {fault}")
