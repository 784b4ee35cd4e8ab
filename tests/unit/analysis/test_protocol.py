"""The analysis reads the same protocol file as the study is imported from."""

import copy
from pathlib import Path
from typing import Any

import pytest

from analysis.protocol import AnalysisProtocol, read_protocol
from analysis.scale import ProtocolFieldError
from tests.unit.analysis.examples import FIVE, NINE

TABLE: dict[str, Any] = {
    "study": {"slug": "garden"},
    "protocol": {"consensus": {"preset": "percent_agreement", "threshold": 70}},
    "group": [{"code": "peers", "name": {"en": "Peers", "fr": "Pairs"}}, {"code": "relatives"}],
    "criterion": [
        {
            "code": "agreement",
            "name": {"en": "Agreement"},
            "scale": FIVE.to_mapping(),
            "labels": {"en": ["a", "b", "c", "d", "e"]},
        },
        {"code": "priority", "scale": NINE.to_mapping(), "consensus": {"preset": "rand_ucla"}},
    ],
}

TEXT = """
[protocol.consensus]
preset = "percent_agreement"
threshold = 70
[[group]]
code = "peers"
[[criterion]]
code = "agreement"
[criterion.scale]
points = [1, 2, 3]
direction = "high_is_agreement"
disagree = [1]
neutral = [2]
agree = [3]
"""


def faults_of(**changed: Any) -> dict[str, str]:
    with pytest.raises(ProtocolFieldError) as refusal:
        AnalysisProtocol.from_mapping({**copy.deepcopy(TABLE), **changed})
    return {fault.field: fault.sentence() for fault in refusal.value.faults}


def test_groups_criteria_and_rules_are_read_in_their_order():
    found = AnalysisProtocol.from_mapping(TABLE)
    assert found.group_codes == ("peers", "relatives")
    assert found.criterion("agreement").rule.name == "percent_agreement"
    assert found.criterion("priority").rule.name == "rand_ucla"
    assert found.criterion("agreement").labels["en"] == ("a", "b", "c", "d", "e")


def test_names_fall_back_to_another_language_and_then_to_the_code():
    found = AnalysisProtocol.from_mapping(TABLE)
    assert [group.name("fr") for group in found.groups] == ["Pairs", "relatives"]
    assert found.criterion("agreement").name("de") == "Agreement"
    assert found.criterion("priority").name("de") == "priority"


def test_a_protocol_file_is_read(tmp_path: Path):
    path = tmp_path / "study.toml"
    path.write_text(TEXT, encoding="utf-8")
    assert read_protocol(path).group_codes == ("peers",)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"[protocol", "is not valid TOML: "), ("é = 1".encode("cp1252"), "is not UTF-8; save it as UTF-8.")],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path, content, sentence):
    path = tmp_path / "study.toml"
    path.write_bytes(content)
    with pytest.raises(ProtocolFieldError) as refusal:
        read_protocol(path)
    assert str(refusal.value).startswith(f"study.toml: {sentence}")


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"group": []}, "group", "is missing; write at least one [[group]]."),
        ({"group": [{}]}, "group[1].code", "is missing; every group has a short code."),
        ({"group": ["peers"]}, "group[1].code", "is missing; every group has a short code."),
        ({"group": [{"code": "a"}, {"code": "a"}]}, "group[2].code", "a is used twice."),
        (
            {"group": [{"code": "overall"}]},
            "group[1].code",
            "overall is a reserved word; choose another code.",
        ),
        ({"criterion": [{"code": "a"}]}, "criterion.a.scale", "is missing; write the table."),
        ({"protocol": {}}, "protocol.consensus", "is missing; the rule must be fixed before the ratings."),
        ({"protocol": 1}, "protocol.consensus", "is missing; the rule must be fixed before the ratings."),
        (
            {"protocol": {"consensus": {"preset": "percent_agreement", "scope": "at_least", "at_least": 3}}},
            "protocol.consensus.at_least",
            "asks for 3 groups, but the study has 2.",
        ),
    ],
)
def test_a_wrong_field_of_a_protocol_is_named(changed, field, sentence):
    assert faults_of(**changed)[field] == sentence


def test_a_fault_of_the_shared_rule_is_named_once():
    criteria = [{"code": code, "scale": FIVE.to_mapping()} for code in ("agreement", "importance")]
    with pytest.raises(ProtocolFieldError) as refusal:
        AnalysisProtocol.from_mapping(
            {**TABLE, "criterion": criteria, "protocol": {"consensus": {"preset": "x"}}}
        )
    assert len(refusal.value.faults) == 1
