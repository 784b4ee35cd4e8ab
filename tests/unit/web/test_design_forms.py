"""A design's document goes into forms and comes back; what is typed lands where the protocol looks for it."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from app.demo import peer_support
from app.domain.design import design_from_document, with_languages_only
from app.interchange.study_templates import StudyTemplate, template_tables, template_texts
from app.web.researcher.design.paths import value_at, with_values
from app.web.researcher.design.shape import for_forms, for_storing

MODEL_STUDY = Path(next(iter(peer_support.__path__))) / "study.toml"
LANGUAGES = ("en", "fr", "nl", "de")


def document(
    template: StudyTemplate = StudyTemplate.MODEL_STUDY, languages: tuple[str, ...] = LANGUAGES
) -> dict[str, Any]:
    texts = {name: dict.fromkeys(languages, "A text") for name in ("title", "purpose", "organiser")}
    facts = {"slug": "a-study", "time_zone": "Europe/Brussels", "contact": "us", "minutes_per_round": 20}
    tables = template_tables(template, languages)
    tables.pop("open_question", None)
    study = {**facts, "languages": list(languages), **template_texts(languages), **texts}
    return {"study": study, **tables}


@pytest.mark.parametrize("languages", [LANGUAGES, ("nl",), ("de", "fr")])
@pytest.mark.parametrize("template", StudyTemplate)
def test_every_template_is_a_whole_protocol_in_any_languages(template, languages):
    protocol = design_from_document(document(template, languages)).protocol
    assert protocol.languages == languages
    assert all(set(group.name) == set(languages) for group in protocol.groups)


@pytest.mark.parametrize("template", StudyTemplate)
def test_what_goes_into_forms_and_comes_back_means_the_same(template):
    before = document(template)
    after = for_storing(for_forms(before))
    assert design_from_document(after).protocol == design_from_document(before).protocol


def test_the_model_study_goes_through_the_forms_unchanged():
    before = tomllib.loads(MODEL_STUDY.read_text(encoding="utf-8"))
    before = {name: before[name] for name in ("study", "protocol", "group", "criterion")}
    after = for_storing(for_forms(before))
    assert design_from_document(after).protocol == design_from_document(before).protocol


def test_a_value_is_put_and_found_at_its_place():
    changed = with_values({"group": [{}]}, {"group[2].name.fr": "Proches", "study.contact": "us"})
    assert changed == {"group": [{}, {"name": {"fr": "Proches"}}], "study": {"contact": "us"}}
    assert value_at(changed, "group[2].name.fr") == "Proches"
    assert value_at(changed, "group[9].name.fr") is None
    assert with_values(changed, {"study.contact": None})["study"] == {}


def test_thresholds_by_round_are_written_with_spaces_between():
    shaped = for_forms(document())
    shaped["protocol"]["consensus"]["threshold"] = "60 72,5 75%"
    stored = for_storing(shaped)
    assert stored["protocol"]["consensus"]["threshold"] == [60, 72.5, 75]
    assert for_forms(stored)["protocol"]["consensus"]["threshold"] == "60 72.5 75"


def test_fields_of_other_presets_are_left_behind():
    shaped = for_forms(document())
    shaped["protocol"]["consensus"] |= {"preset": "median_iqr", "median": "4", "iqr": "1", "at_least": 2}
    consensus = for_storing(shaped)["protocol"]["consensus"]
    assert "threshold" not in consensus
    assert "at_least" not in consensus, "it goes with another scope only"
    assert (consensus["median"], consensus["iqr"]) == (4, 1)


def test_a_rule_written_in_full_stays_until_a_preset_takes_its_place():
    full = document()
    agree = {"share": "agree", "at_least": 60}
    full["protocol"]["consensus"] = {"include": {"all": [agree]}, "scope": "overall"}
    assert for_storing(for_forms(full))["protocol"]["consensus"] == full["protocol"]["consensus"]
    shaped = for_forms(full)
    shaped["protocol"]["consensus"]["preset"] = "mhfa_80"
    assert "include" not in for_storing(shaped)["protocol"]["consensus"]


@pytest.mark.parametrize(
    ("direction", "disagree", "agree"),
    [("high_is_agreement", [1, 2, 3], [6, 7]), ("low_is_agreement", [6, 7], [1, 2, 3])],
)
def test_a_scale_is_made_of_its_edges(direction, disagree, agree):
    shaped = for_forms(document())
    shaped["scale"] = [{"lowest": 1, "highest": 7, "low_band_to": 3, "high_band_from": 6}]
    shaped["criterion"][0]["scale"]["direction"] = direction
    scale = for_storing(shaped)["criterion"][0]["scale"]
    assert (scale["disagree"], scale["neutral"], scale["agree"]) == (disagree, [4, 5], agree)
    assert for_forms(for_storing(shaped))["scale"] == shaped["scale"]


@pytest.mark.parametrize(
    "edges",
    [{"lowest": "one", "highest": 5}, {"lowest": 5, "highest": 1}, {}, {"lowest": 0, "highest": 10**9}],
)
def test_edges_that_make_no_scale_are_a_fault_and_no_crash(edges):
    shaped = for_forms(document())
    shaped["scale"] = [edges]
    with pytest.raises(Exception, match=r"criterion\[1\]\.scale"):
        design_from_document(for_storing(shaped))


def test_rows_with_nothing_in_them_and_rows_left_out_are_gone():
    shaped = for_forms(document())
    shaped["group"] += [{"code": None, "name": {"en": None}, "target": None}]
    shaped["remove"] = {"group": [True, False]}
    assert [group["code"] for group in for_storing(shaped)["group"]] == [
        "professionals",
        "patients",
        "relatives",
    ]


def test_a_language_leaves_with_all_its_texts():
    smaller = with_languages_only(document(), ("en", "fr"))
    smaller["study"]["languages"] = ["en", "fr"]
    assert design_from_document(smaller).protocol.languages == ("en", "fr")
