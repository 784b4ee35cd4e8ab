"""The simulator of panelists: what it must yield under the rule, and how its panel may behave."""

import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from random import Random
from statistics import mean

import pytest

from analysis.rules import Decision
from analysis.scale import Band, Scale
from app.demo.profiles import profile_answers
from app.demo.script import Script, read_script
from app.demo.simulator import SimulatedQuestionnaire, half_way, lost_before, newcomers
from app.domain.panel import Participation
from app.domain.profile import ProfileOption, ProfileQuestion, QuestionKind, checked_answer
from app.domain.rating import COMMENT_LIMIT, ChangeReason, crosses_band
from tests.unit.demo.playing import FOLDER, Played, distributions, panel, play, protocol, statements

PULLED_APART = ("S19", "S26", "S27", "S39", "S41")
"""Pay, training and stability as conditions, the clinical team, telling it against a person's wish."""


@pytest.fixture(scope="module")
def script() -> Script:
    return read_script(FOLDER)


@pytest.fixture(scope="module")
def rounds(script: Script) -> list[Played]:
    return list(play(script, panel(), statements()))


@pytest.fixture(scope="module")
def scale() -> Scale:
    return protocol().criteria[0].scale


def aims() -> dict[str, int]:
    tables = tomllib.loads((FOLDER / "simulation.toml").read_text(encoding="utf-8"))
    return {code: chapter["aims_at"] for chapter in tables["opinions"] for code in chapter["statements"]}


def agreed(played: Played, code: str) -> dict[str, tuple[int, int]]:
    """By group, how many agree and how many rated."""
    groups = distributions(protocol(), played.simulated, code)
    return {group: (sum(one.counts[-2:]), one.n) for group, one in groups.items()}


def spare(n_agree: int, n: int) -> int:
    """How many ratings a group stands above (or, negative, below) the least that make 70 per cent."""
    return n_agree - -(-70 * n // 100)


def final_decisions(rounds: list[Played]) -> Counter[Decision]:
    decisions: dict[str, Decision] = {}
    for played in rounds:
        decisions |= played.decisions
    return Counter(decisions.values())


def crossings(
    rounds: list[Played], scale: Scale
) -> Iterator[tuple[bool, ChangeReason | None, SimulatedQuestionnaire]]:
    """Every answer given after feedback: whether it crossed a band, its reason, and whose it is."""
    for before, after in pairwise(rounds):
        for questionnaire in after.simulated.questionnaires:
            for rating in questionnaire.ratings:
                was = before.simulated.answers(rating.statement)[questionnaire.panelist.email]
                yield crosses_band(scale, was, rating.point), rating.reason, questionnaire


def test_three_rounds_end_with_38_in_none_out_and_14_undecided(rounds: list[Played]):
    assert final_decisions(rounds) == {Decision.CONSENSUS_IN: 38, Decision.NO_CONSENSUS: 14}


def test_22_statements_are_agreed_in_round_1_then_11_then_5(rounds: list[Played]):
    assert [len(played.decided(Decision.CONSENSUS_IN)) for played in rounds] == [22, 11, 5]


def test_every_statement_is_agreed_in_the_round_that_its_opinions_aim_at(rounds: list[Played]):
    reached = {
        code: played.simulated.number for played in rounds for code in played.decided(Decision.CONSENSUS_IN)
    }
    assert {code: reached.get(code, 0) for code in aims()} == aims()


@pytest.mark.parametrize("seed", ["one seed", "another seed", "a third seed"])
def test_the_end_hangs_on_the_opinions_and_not_on_the_seed(script: Script, seed: str):
    rounds = list(play(replace(script, seed=seed), panel(), statements()))
    assert final_decisions(rounds) == {Decision.CONSENSUS_IN: 38, Decision.NO_CONSENSUS: 14}


def test_agreed_statements_clear_the_threshold_in_every_group_with_a_rating_to_spare(rounds: list[Played]):
    for played in rounds:
        for code in played.decided(Decision.CONSENSUS_IN):
            assert min(spare(*one) for one in agreed(played, code).values()) >= 1, code


def test_undecided_statements_miss_the_threshold_in_some_group_by_far(rounds: list[Played]):
    for code in rounds[-1].decided(Decision.NO_CONSENSUS):
        assert min(spare(*one) for one in agreed(rounds[-1], code).values()) <= -4, code


def test_the_order_of_panelists_and_of_statements_within_a_topic_changes_nothing(
    script: Script, rounds: list[Played]
):
    people, asked = panel(), statements()
    topics = list(dict.fromkeys(statement.topic for statement in asked))
    Random(7).shuffle(people)
    Random(8).shuffle(asked)
    asked.sort(key=lambda statement: topics.index(statement.topic))
    for straight, shuffled in zip(rounds, play(script, people, asked), strict=True):
        assert shuffled.decisions == straight.decisions
        for code in straight.decisions:
            assert shuffled.simulated.answers(code) == straight.simulated.answers(code)


def test_another_seed_plays_another_study(script: Script, rounds: list[Played]):
    other = next(play(replace(script, seed="another seed"), panel(), statements()))
    assert other.simulated != rounds[0].simulated


def test_the_panel_shrinks_from_70_to_64_to_59(rounds: list[Played]):
    submitted = [
        sum(one.participation is Participation.SUBMITTED for one in played.simulated.questionnaires)
        for played in rounds
    ]
    assert submitted == [70, 64, 59]


def test_every_group_loses_somebody_and_nobody_who_is_lost_comes_back(script: Script, rounds: list[Played]):
    lost = lost_before(script, panel())
    assert {one.group for one in panel() if one.email in lost} == set(protocol().group_codes)
    for played in rounds:
        for one in played.simulated.questionnaires:
            lost_in = lost.get(one.panelist.email, len(rounds) + 1)
            assert (one.participation is Participation.SUBMITTED) == (lost_in > played.simulated.number)
            assert not one.ratings or lost_in >= played.simulated.number


def test_who_submits_has_answered_everything_and_who_is_part_way_has_not(rounds: list[Played]):
    for played in rounds:
        codes = [statement.code for statement in played.statements]
        for one in played.simulated.questionnaires:
            answered = [rating.statement for rating in one.ratings]
            if one.participation is Participation.SUBMITTED:
                assert answered == codes
            elif one.participation is Participation.PARTIAL:
                assert answered
                assert answered == codes[: len(answered)] != codes
            else:
                assert not answered


def test_a_few_per_cent_of_the_answers_are_unable_to_rate(rounds: list[Played]):
    for played in rounds:
        answers = [
            rating.point
            for questionnaire in played.simulated.questionnaires
            for rating in questionnaire.ratings
        ]
        assert 0.01 < answers.count(None) / len(answers) < 0.05


def test_a_rating_that_crosses_a_band_has_a_reason_and_no_other_has(rounds: list[Played], scale: Scale):
    found = list(crossings(rounds, scale))
    assert any(crossed for crossed, _, _ in found)
    assert all(crossed == (reason is not None) for crossed, reason, _ in found)


def test_the_wording_is_no_reason_because_no_wording_changed(rounds: list[Played], scale: Scale):
    assert ChangeReason.WORDING_CHANGED not in {reason for _, reason, _ in crossings(rounds, scale)}


def test_the_groups_come_closer_to_their_medians_from_round_to_round(rounds: list[Played]):
    for before, after in pairwise(rounds):
        spreads = [
            (spread(before.simulated.answers(code)), spread(after.simulated.answers(code)))
            for code in after.decisions
        ]
        assert mean(later for _, later in spreads) < mean(earlier for earlier, _ in spreads)


def spread(answers: dict[str, int | None]) -> float:
    """The mean distance between two ratings of the same group."""
    group_of = {one.email: one.group for one in panel()}
    points = [(group_of[email], point) for email, point in answers.items() if point is not None]
    return mean(abs(p - q) for group, p in points for other, q in points if group == other)


@pytest.mark.parametrize("code", PULLED_APART)
def test_peer_supporters_and_professionals_stand_far_apart_where_roles_clash(rounds: list[Played], code: str):
    (peers, n_peers), (professionals, n_professionals) = (
        agreed(rounds[-1], code)[group] for group in ("peers", "professionals")
    )
    assert abs(peers / n_peers - professionals / n_professionals) > 0.4


def test_comments_are_written_in_the_panelists_language_where_the_rating_fits(
    script: Script, rounds: list[Played], scale: Scale
):
    remarks = {remark.text: remark for remark in script.remarks}
    n_written = 0
    for played in rounds:
        for one in played.simulated.questionnaires:
            bands = {r.statement: scale.band_of(r.point) for r in one.ratings if r.point is not None}
            for code, text in one.comments.items():
                remark = remarks[text]
                n_written += 1
                assert (remark.statement, remark.round) == (code, played.simulated.number)
                assert (remark.group, remark.language) == (one.panelist.group, one.panelist.language)
                assert bands[code] in remark.bands
    assert n_written > 0.95 * len(script.remarks)


def test_nobody_says_what_another_has_said(rounds: list[Played]):
    said = [
        text for played in rounds for one in played.simulated.questionnaires for text in one.comments.values()
    ]
    assert len(set(said)) == len(said)


def test_every_undecided_statement_has_comments_from_those_who_agree_and_those_who_doubt(script: Script):
    for code, aim in aims().items():
        if not aim:
            stances = [Band.AGREE in remark.bands for remark in script.remarks if remark.statement == code]
            assert len(stances) > 4
            assert set(stances) == {True, False}


def test_the_script_fits_the_study(script: Script):
    groups = set(protocol().group_codes)
    assert list(script.expectations) != []
    assert set(script.expectations) == {statement.code for statement in statements()}
    for expectation in script.expectations.values():
        assert set(expectation.opinions) == groups
        assert all(one.agree + one.disagree <= 1 for one in expectation.opinions.values())
    for remark in script.remarks:
        assert remark.statement in script.expectations
        assert remark.group in groups
        assert remark.language in {"fr", "nl"}
        assert 0 < len(remark.text) <= COMMENT_LIMIT


def test_half_way_every_group_has_panelists_at_every_stage(script: Script, rounds: list[Played]):
    standing = half_way(script, rounds[-1].simulated, rounds[-1].statements)
    stages = {(one.panelist.group, one.participation) for one in standing.questionnaires}
    for group in protocol().group_codes:
        for stage in (Participation.INVITED, Participation.PARTIAL, Participation.SUBMITTED):
            assert (group, stage) in stages


def test_half_way_nobody_has_entered_more_than_in_the_whole_round(script: Script, rounds: list[Played]):
    whole = rounds[-1].simulated
    standing = half_way(script, whole, rounds[-1].statements)
    for part, full in zip(standing.questionnaires, whole.questionnaires, strict=True):
        assert part.panelist == full.panelist
        assert part.ratings == full.ratings[: len(part.ratings)]
        assert set(part.comments) <= {rating.statement for rating in part.ratings}


def test_half_way_one_panelist_of_every_group_who_came_so_far_has_entered_nothing(
    script: Script, rounds: list[Played]
):
    whole = rounds[-1].simulated
    standing = half_way(script, whole, rounds[-1].statements)
    entered = {one.panelist.email: one for one in standing.questionnaires}
    chosen = newcomers(script, panel())
    assert list(chosen) == list(protocol().group_codes)
    for group, one in chosen.items():
        assert (one.group, one.language) == (group, script.half_way.newcomers[group])
        assert entered[one.email].participation is Participation.INVITED
        assert one.email not in lost_before(script, panel())


def profile_questions() -> list[ProfileQuestion]:
    tables = tomllib.loads((FOLDER / "study.toml").read_text(encoding="utf-8"))
    return [
        ProfileQuestion(
            code=question["code"],
            kind=QuestionKind(question["kind"]),
            required=question["required"],
            text=question["text"],
            hint=question["hint"],
            options=tuple(ProfileOption(one["code"], one["text"]) for one in question.get("option", [])),
        )
        for question in tables["profile_question"]
    ]


def test_profile_answers_are_such_as_the_form_would_take(script: Script):
    questions = {question.code: question for question in profile_questions()}
    for one in panel():
        for answer in profile_answers(script, list(questions.values()), one):
            typed = answer.options or (answer.text,)
            assert checked_answer(questions[answer.question], typed, one.language) == answer


def test_some_profile_questions_stay_open_and_every_option_is_chosen_by_somebody(script: Script):
    questions = profile_questions()
    answers = [answer for one in panel() for answer in profile_answers(script, questions, one)]
    assert 0.85 < len(answers) / (len(panel()) * len(questions)) < 1
    chosen = {(answer.question, option) for answer in answers for option in answer.options}
    assert chosen == {(question.code, option.code) for question in questions for option in question.options}
