"""The protocol of a running study is amended between rounds, with a reason, never under ratings given."""

import pytest

from app.domain.errors import ActionBlocked, AmendmentNeedsReason, AmendmentTouchesRatings
from app.domain.protocol import ProtocolVersion
from app.domain.study_definition import StudyDefinition
from app.services.amending import amend_protocol
from app.services.finding import get_study_of
from app.services.overview import read_overview
from app.services.reporting import read_report
from app.services.rounds import conclude_study
from app.storage.events import read_events
from app.storage.studies import read_protocol_versions
from tests.integration.services.conftest import OPENED
from tests.running_study import RunningStudy, small_study_after

STRICTER = {"preset": "percent_agreement", "threshold": 80, "scope": "every_group", "minimum_ratings": 3}
REASON = "The steering group asked for a stricter rule before anybody had seen round 2."


def amend(study: RunningStudy, definition: StudyDefinition, reason: str = REASON) -> ProtocolVersion:
    return amend_protocol(study.database, study.clock, study.slug, definition, reason, "system")


def hold_round_1(study: RunningStudy) -> None:
    for n in range(12):
        study.rate(n, {"S01": 3, "S02": 1 if n % 4 == 0 else 3})
    study.close()
    study.release()


LED_TO_BY = {"between_rounds": small_study_after(OPENED, "small-between-rounds", hold_round_1)}


@pytest.fixture
def between_rounds(study: RunningStudy) -> RunningStudy:
    """The small study after round 1 was fed back."""
    return study


def test_an_amendment_is_a_new_version_with_its_reason_and_the_first_one_stays(
    between_rounds: RunningStudy,
) -> None:
    study = between_rounds
    before = read_overview(study.database, study.clock, study.slug).protocol
    amended = amend(study, study.definition_with(consensus=STRICTER))
    assert (amended.version, amended.amendment_reason, amended.frozen_at) == (2, REASON, study.clock.now())
    with study.database.reading() as connection:
        found = get_study_of(connection, study.slug)
        versions = read_protocol_versions(connection, found.id)
        last = list(read_events(connection, found.id))[-1]
    assert versions == (before, amended)
    assert (last.kind, last.payload["reason"]) == ("ProtocolAmended", REASON)


def test_the_amended_rule_decides_the_next_round_and_not_the_one_before(between_rounds: RunningStudy) -> None:
    study = between_rounds
    amend(study, study.definition_with(consensus=STRICTER))
    study.open()
    for n in range(12):
        study.rate(n, {"S02": 1 if n % 4 == 0 else 3, "S03": 3}, round_number=2)
    study.close()
    report = read_report(study.database, study.slug)
    first, second = report.analysis.rounds
    assert first.statement_on("S02", "agreement").decision == "no_consensus"
    assert second.rules["agreement"] != first.rules["agreement"]
    assert [origin.protocol_version for origin in report.origins] == [1, 2]
    assert [version.amendment_reason for version in report.protocols] == ["", REASON]


def test_before_round_one_an_amended_protocol_is_still_open(study: RunningStudy) -> None:
    amended = amend(study, study.definition_with(rounds=2))
    assert (amended.version, amended.frozen_at) == (2, None)
    study.open()
    assert read_overview(study.database, study.clock, study.slug).protocol.frozen_at is not None


def test_the_same_protocol_again_changes_nothing(between_rounds: RunningStudy) -> None:
    assert amend(between_rounds, between_rounds.definition).version == 1


def test_a_round_in_hand_and_a_concluded_study_take_no_amendment(open_study: RunningStudy) -> None:
    stricter = open_study.definition_with(consensus=STRICTER)
    with pytest.raises(ActionBlocked, match="release the feedback of round 1 first"):
        amend(open_study, stricter)
    open_study.close()
    with pytest.raises(ActionBlocked, match="release the feedback of round 1 first"):
        amend(open_study, stricter)
    open_study.release()
    conclude_study(open_study.database, open_study.clock, open_study.slug, "system", reason="Enough.")
    with pytest.raises(ActionBlocked, match="concluded"):
        amend(open_study, stricter)


def test_an_amendment_without_a_reason_is_refused(between_rounds: RunningStudy) -> None:
    with pytest.raises(AmendmentNeedsReason, match="Say why"):
        amend(between_rounds, between_rounds.definition_with(rounds=4), "  ")


def test_what_ratings_rest_on_cannot_be_amended(between_rounds: RunningStudy) -> None:
    tables = between_rounds.definition.tables
    (criterion,) = tables["criterion"]
    other_scale = {
        **criterion,
        "scale": {**criterion["scale"], "direction": "low_is_agreement", "disagree": [3], "agree": [1]},
    }
    for parts, what in (
        ({"group": tables["group"][:1]}, "the stakeholder groups"),
        ({"criterion": [{**criterion, "code": "importance"}]}, "the criteria"),
        ({"criterion": [other_scale]}, "the scales"),
        ({"languages": ["nl", "fr"]}, "the languages"),
    ):
        with pytest.raises(AmendmentTouchesRatings, match=what):
            amend(between_rounds, between_rounds.definition_from(parts))
