"""Reading a protocol: everything that is there, and every fault by its path."""

import copy
from typing import Any

import pytest

from analysis.rules import Decision
from app.domain.carry_forward import CarryForwardPolicy
from app.domain.errors import ProtocolNotValid
from app.domain.feedback import FeedbackPolicy
from app.domain.panel import WithdrawalMode
from app.domain.protocol import protocol_from_tables, protocol_sha256, protocol_tables
from app.domain.stopping import StoppingPolicy

TABLES: dict[str, Any] = {
    "languages": ["fr", "en"],
    "protocol": {
        "minimum_group_size": 4,
        "rounds": 2,
        "withdrawal": "erase",
        "statements_per_page": "one",
        "feedback": {
            "policy": "own_group",
            "comments": False,
            "outlier_note": False,
            "reason_when_band_crossed": False,
            "report": True,
        },
        "consensus": {
            "preset": "percent_agreement",
            "threshold": 75,
            "scope": "every_group",
            "minimum_ratings": 3,
        },
        "carry_forward": {"policy": "not_in"},
        "stopping": {"policy": "stable", "stable_share": 0.9},
    },
    "group": [
        {"code": "peers", "target": 20, "name": {"fr": "Pairs", "en": "Peers"}},
        {"code": "relatives", "name": {"fr": "Proches", "en": "Relatives"}},
    ],
    "criterion": [
        {
            "code": "agreement",
            "name": {"fr": "Accord", "en": "Agreement"},
            "question": {"fr": "Êtes-vous d’accord ?", "en": "Do you agree?"},
            "scale": {
                "points": [1, 2, 3],
                "direction": "high_is_agreement",
                "disagree": [1],
                "neutral": [2],
                "agree": [3],
            },
            "labels": {"fr": ["Non", "Ni l’un ni l’autre", "Oui"], "en": ["No", "Neither", "Yes"]},
        }
    ],
}


def changed(path: str, value: object) -> dict[str, Any]:
    tables = copy.deepcopy(TABLES)
    *parents, last = path.split(".")
    here: Any = tables
    for step in parents:
        here = here[int(step)] if step.isdigit() else here[step]
    if value is ...:
        del here[last]
    else:
        here[int(last) if last.isdigit() else last] = value
    return tables


def faults_of(tables: dict[str, Any]) -> list[str]:
    with pytest.raises(ProtocolNotValid) as refusal:
        protocol_from_tables(tables)
    return [str(fault) for fault in refusal.value.faults]


def test_every_rule_of_the_protocol_is_read() -> None:
    protocol = protocol_from_tables(TABLES)
    assert protocol.languages == ("fr", "en")
    assert protocol.group_codes == ("peers", "relatives")
    assert (protocol.group("peers").target, protocol.group("relatives").target) == (20, None)
    assert protocol.criterion_codes == ("agreement",)
    assert protocol.criterion("agreement").labels["en"] == ("No", "Neither", "Yes")
    assert (protocol.minimum_group_size, protocol.rounds) == (4, 2)
    assert protocol.withdrawal is WithdrawalMode.ERASE
    assert protocol.one_statement_a_page
    assert protocol.feedback.policy is FeedbackPolicy.OWN_GROUP
    assert not protocol.feedback.comments
    assert not protocol.feedback.outlier_note
    assert protocol.feedback.report
    assert protocol.carry_forward is CarryForwardPolicy.NOT_IN
    assert (protocol.stopping, protocol.stable_share) == (StoppingPolicy.STABLE, 0.9)
    assert Decision.CONSENSUS_IN.value == "consensus_in"


@pytest.mark.parametrize("given", [["No", "Yes"], ["No", "", "Yes"]], ids=["the ends", "nothing between"])
def test_points_between_the_ends_of_a_scale_need_no_name(given: list[str]) -> None:
    protocol = protocol_from_tables(changed("criterion.0.labels.en", given))
    assert protocol.criterion("agreement").labels["en"] == ("No", "", "Yes")


def test_what_is_left_out_takes_its_declared_default() -> None:
    tables = copy.deepcopy(TABLES)
    tables["protocol"] = {"consensus": TABLES["protocol"]["consensus"]}
    protocol = protocol_from_tables(tables)
    assert protocol.minimum_group_size == 5
    assert protocol.feedback.policy is FeedbackPolicy.ALL
    assert protocol.withdrawal is WithdrawalMode.STOP
    assert not protocol.one_statement_a_page
    assert not protocol.feedback.report


def test_a_criterion_may_have_a_rule_of_its_own() -> None:
    own = {"preset": "percent_agreement", "threshold": 80}
    protocol = protocol_from_tables(changed("criterion.0.consensus", own))
    assert protocol.criterion("agreement").rule != protocol_from_tables(TABLES).criterion("agreement").rule


def test_unknown_groups_and_criteria_are_not_found() -> None:
    protocol = protocol_from_tables(TABLES)
    with pytest.raises(KeyError):
        protocol.group("nobody")
    with pytest.raises(KeyError):
        protocol.criterion("nothing")


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        ("languages", [], "languages: must list"),
        ("languages", ["fr", "fr"], "languages: must list"),
        ("languages", ["xx"], "languages: must list one or more of en, fr, nl, de"),
        ("protocol.minimum_group_size", 0, "protocol.minimum_group_size: must be a whole number from 1"),
        ("protocol.minimum_group_size", True, "protocol.minimum_group_size: must be a whole number"),
        ("protocol.rounds", "three", "protocol.rounds: must be a whole number"),
        ("protocol.rounds", ["rating"] * 21, "protocol.rounds: may have 20 rounds at most"),
        ("protocol.withdrawal", "forget", "protocol.withdrawal: must be one of stop, erase"),
        ("protocol.statements_per_page", "two", "protocol.statements_per_page: must be one of topic, one"),
        ("protocol.colour", "blue", "protocol.colour: is not a field here"),
        ("protocol.feedback", "all", "protocol.feedback: must be a table"),
        ("protocol.feedback.comments", "yes", "protocol.feedback.comments: must be true or false"),
        ("protocol.feedback.policy", "some", "protocol.feedback.policy: must be one of"),
        (
            "protocol.stopping.stable_share",
            85,
            "protocol.stopping.stable_share: must be a number between 0 and 1",
        ),
        ("protocol.consensus", ..., "protocol.consensus: is missing"),
        ("protocol.consensus.threshold", "much", "protocol.consensus.threshold"),
        ("group", [], "group: needs at least 1 entries"),
        ("group.0", "peers", "group[1]: must be a table"),
        ("group.0.code", ..., "group[1].code: is missing"),
        ("group.0.code", 7, "group[1].code: must be a text"),
        ("group.0.code", "a b", "group[1].code: may have letters"),
        ("group.0.code", "relatives", "group: the code “relatives” is used twice"),
        ("group.0.code", "overall", "group: “overall” cannot be a group"),
        ("group.0.target", 0, "group[1].target: must be a whole number"),
        ("group.1.name.fr", ..., "group[2].name.fr: is missing"),
        ("group.1.name", ..., "group[2].name: is missing; write one text per language: fr, en"),
        ("criterion.0.scale", ..., "criterion[1].scale: is missing"),
        ("criterion.0.scale.direction", "up", "criterion[1].scale.direction"),
        ("criterion.0.labels.en", ["No"], "criterion[1].labels.en: must name each of the 3 points"),
        ("criterion.0.labels.en", ["No", "", ""], "criterion[1].labels.en: must name each of the 3 points"),
        (
            "criterion.0.labels.en",
            ["No", "", "", "Yes"],
            "criterion[1].labels.en: must name each of the 3 points",
        ),
        ("criterion.0.labels.en", ["No", 2, "Yes"], "criterion[1].labels.en: must name each of the 3 points"),
        ("criterion.0.labels.en", "No, Yes", "criterion[1].labels.en: must name each of the 3 points"),
        ("criterion.0.consensus", {"preset": "magic"}, "criterion[1].consensus"),
    ],
)
def test_a_wrong_field_is_named_by_its_path(path: str, value: object, fault: str) -> None:
    assert any(found.startswith(fault) for found in faults_of(changed(path, value))), faults_of(
        changed(path, value)
    )


def test_all_faults_are_named_at_once() -> None:
    tables = changed("protocol.rounds", 0)
    tables["group"][0]["code"] = "a b"
    assert len(faults_of(tables)) == 2


def test_the_fingerprint_does_not_depend_on_the_order_of_fields_but_on_every_value() -> None:
    reordered = dict(reversed(list(TABLES.items())))
    assert protocol_sha256(TABLES) == protocol_sha256(reordered)
    assert protocol_sha256(TABLES) != protocol_sha256(changed("protocol.rounds", 3))


def test_only_the_rules_of_a_study_file_make_up_its_protocol() -> None:
    assert set(protocol_tables({**TABLES, "study": {}, "topic": []})) == set(TABLES)
