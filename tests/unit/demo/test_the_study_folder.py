"""The model study's folder, held against simple facts about it."""

import csv
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from app.demo.coding import read_coding_plan

FOLDER = Path(__file__).parents[3] / "app" / "demo" / "peer_support"
LANGUAGES = ("fr", "nl", "en")
NO_BREAK_SPACE = "\u00a0"


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def study() -> dict[str, Any]:
    return tomllib.loads((FOLDER / "study.toml").read_text(encoding="utf-8"))


def codes(table: str) -> list[str]:
    return [entry["code"] for entry in study()[table]]


def texts_by_language(table: Any, path: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every sub-table of the study whose keys are languages, with the path to it."""
    if isinstance(table, Mapping):
        if set(table) & set(LANGUAGES):
            yield path, table
        for key, value in table.items():
            yield from texts_by_language(value, f"{path}.{key}")
    elif isinstance(table, list):
        for position, value in enumerate(table):
            yield from texts_by_language(value, f"{path}[{position}]")


def sentences_in(language: str) -> list[str]:
    from_study: list[str] = []
    for _, texts in texts_by_language(study()):
        text = texts[language]
        from_study += text if isinstance(text, list) else [text]
    from_statements = [row[f"text_{language}"] for row in rows("statements.csv")]
    from_comments = [row["text"] for row in rows("comments.csv") if row["language"] == language]
    plan = read_coding_plan(FOLDER)
    from_themes = [one.draft.heading[language] for one in plan.themes if one.draft.heading]
    from_elsewhere = [text for one in plan.experience if one.language == language for text in one.texts]
    return from_study + from_statements + from_comments + from_themes + from_elsewhere


def test_what_is_coded_has_themes_that_there_are_and_is_told_apart_by_its_words():
    plan = read_coding_plan(FOLDER)
    themes = [one.code for one in plan.themes]
    texts = [row["text"] for row in rows("comments.csv")]
    texts += [text for one in plan.experience for text in one.texts]
    assert len(set(texts)) == len(texts)
    for codes in plan.codes:
        assert set(codes) <= set(texts)
        assert {theme for given in codes.values() for theme in given} <= set(themes)
    first, second = plan.codes
    assert set(second) < set(first)
    assert any(first[text] != second[text] for text in second)
    assert all(one.under in themes[:place] for place, one in enumerate(plan.themes) if one.under)
    statements = {row["code"] for row in rows("statements.csv")}
    assert {code for one in plan.themes for code in one.statements} | {plan.born} <= statements
    assert all(set(one.draft.heading) in (set(), set(LANGUAGES)) for one in plan.themes)


def test_there_are_52_statements_with_codes_in_order():
    assert [row["code"] for row in rows("statements.csv")] == [f"S{number:02}" for number in range(1, 53)]


def test_every_statement_is_written_in_three_languages_that_differ():
    for row in rows("statements.csv"):
        texts = {row[f"text_{language}"].strip() for language in LANGUAGES}
        assert "" not in texts, row["code"]
        assert len(texts) == len(LANGUAGES), row["code"]


def test_no_two_statements_say_the_same():
    for language in LANGUAGES:
        texts = [row[f"text_{language}"] for row in rows("statements.csv")]
        assert len(set(texts)) == len(texts)


def test_every_topic_holds_five_to_eight_statements_that_stand_together():
    topics = [row["topic"] for row in rows("statements.csv")]
    assert list(dict.fromkeys(topics)) == codes("topic")
    assert topics == sorted(topics, key=codes("topic").index)
    assert all(5 <= count <= 8 for count in Counter(topics).values())


def test_every_text_of_the_study_is_there_in_every_language():
    assert study()["study"]["languages"] == list(LANGUAGES)
    tables = list(texts_by_language(study()))
    assert len(tables) > 80
    for path, texts in tables:
        assert set(texts) == set(LANGUAGES), path
        assert all(texts.values()), path


@pytest.mark.parametrize("damage", ["\ufffd", "Ã", "â€", "Â", "\u00ad", "\u200b", "\t"])
def test_no_file_carries_signs_of_a_wrong_encoding(damage: str):
    for path in FOLDER.iterdir():
        text = path.read_text(encoding="utf-8")
        assert damage not in text, path.name
        assert unicodedata.is_normalized("NFC", text), path.name


def test_apostrophes_are_typographic_in_every_sentence():
    for language in LANGUAGES:
        assert not [sentence for sentence in sentences_in(language) if "'" in sentence]


def test_french_signs_keep_their_word_by_a_space_that_does_not_break():
    for sentence in sentences_in("fr"):
        for before, sign in pairwise(sentence):
            assert sign not in ":;?!%»" or before == NO_BREAK_SPACE, sentence


@pytest.mark.parametrize(("language", "sign"), [("fr", "fictives"), ("nl", "fictieve"), ("en", "synthetic")])
def test_the_title_says_in_every_language_that_the_data_are_invented(language: str, sign: str):
    assert study()["study"]["synthetic"] is True
    assert sign in study()["study"]["title"][language]


def test_the_panel_has_the_size_that_each_group_aims_at():
    targets = {group["code"]: group["target"] for group in study()["group"]}
    assert Counter(row["group"] for row in rows("panel.csv")) == targets
    assert sum(targets.values()) == 70


def test_every_group_has_enough_panelists_of_both_languages_to_show_figures():
    minimum = study()["protocol"]["minimum_group_size"]
    spoken = Counter((row["group"], row["language"]) for row in rows("panel.csv"))
    assert set(spoken) == {(group, language) for group in codes("group") for language in ("fr", "nl")}
    assert all(count > minimum for count in spoken.values())


def test_every_panelist_has_a_name_and_an_address_that_cannot_exist():
    panel = rows("panel.csv")
    addresses = [row["email"] for row in panel]
    assert len(set(addresses)) == len(addresses)
    assert len({row["name"] for row in panel}) == len(panel)
    assert all(address.isascii() and address.endswith("@example.org") for address in addresses)


def test_every_evidence_card_stands_with_statements_of_the_study_and_names_its_source():
    statements = {row["code"] for row in rows("statements.csv")}
    cards = study()["evidence"]
    assert len({card["code"] for card in cards}) == len(cards)
    for card in cards:
        assert card["statements"], card["code"]
        assert set(card["statements"]) <= statements, card["code"]
        assert card["kind"] in {"good_practice", "literature"}
        assert card["source"]


def test_the_good_practices_of_every_country_are_shown():
    practices = {card.get("country") for card in study()["evidence"] if card["kind"] == "good_practice"}
    assert {"FR", "IT", "DE", "CZ", "MT", "GB"} <= practices


def test_the_six_questions_of_the_road_map_take_several_answers():
    kinds = [question["kind"] for question in study()["profile_question"]]
    assert kinds == ["multiple"] * 6 + ["single", "number"]
    for question in study()["profile_question"]:
        options = [option["code"] for option in question.get("option", [])]
        assert len(set(options)) == len(options)
        assert bool(options) == (question["kind"] in {"single", "multiple"})


def test_the_scale_labels_every_point_in_every_language():
    (criterion,) = study()["criterion"]
    points = criterion["scale"]["points"]
    bands = criterion["scale"]["disagree"] + criterion["scale"]["neutral"] + criterion["scale"]["agree"]
    assert bands == points
    assert all(len(labels) == len(points) for labels in criterion["labels"].values())
