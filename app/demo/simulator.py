"""An invented panel that rates, hesitates, is lost and changes its mind: pure, and one seed plays one study.

Every draw has a random generator of its own, seeded with words: what is drawn, for whom, on which statement.
So nothing depends on the order in which panelists or statements are taken, nor on what was drawn before.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from statistics import median_high

from analysis.scale import Band, Direction, Scale
from app.demo.chance import chance
from app.demo.script import Opinion, Script
from app.domain.panel import Invitee, Participation
from app.domain.rating import ChangeReason, crosses_band
from app.domain.statement import Statement

FIRMNESS_OF_NOBODY = 0.15
FIRMNESS_OF_ALL = 0.60
SAME_PERSON = 0.6
"""How much of a panelist's leaning on a statement is their own temper, against one part of the moment."""


@dataclass(frozen=True)
class SimulatedRating:
    """A panelist's answer on a statement; no point is "unable to rate"."""

    statement: str
    point: int | None
    reason: ChangeReason | None = None


@dataclass(frozen=True)
class SimulatedQuestionnaire:
    """What one panelist enters in one round, in the round's order, and how far they come."""

    panelist: Invitee
    participation: Participation
    ratings: tuple[SimulatedRating, ...] = ()
    comments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SimulatedRound:
    """One round as the panel plays it, one questionnaire for everybody in the panel's order."""

    number: int
    questionnaires: tuple[SimulatedQuestionnaire, ...]

    def answers(self, statement: str) -> dict[str, int | None]:
        """By address, what everybody answered who answered ``statement`` at all."""
        return {
            questionnaire.panelist.email: rating.point
            for questionnaire in self.questionnaires
            for rating in questionnaire.ratings
            if rating.statement == statement
        }


def simulate_round(
    script: Script,
    scale: Scale,
    panel: Sequence[Invitee],
    statements: Sequence[Statement],
    previous: SimulatedRound | None = None,
) -> SimulatedRound:
    """Play the next round.

    Parameters
    ----------
    script
        How the panel behaves.
    scale
        What is rated on.
    panel
        Everybody who was invited to the study.
    statements
        What the round asks, in its order.
    previous
        The round before, or None for round 1. It must have asked every one of ``statements``.

    Returns
    -------
    SimulatedRound
        Also those who are lost have a questionnaire, with as much in it as they still entered.
    """
    number = 1 if previous is None else previous.number + 1
    answers: dict[str, dict[str, SimulatedRating]] = defaultdict(dict)
    for statement in statements:
        before = None if previous is None else previous.answers(statement.code)
        for members in _by_group(panel).values():
            if before is None:
                ratings = _first_ratings(script, scale, statement.code, members)
            else:
                ratings = _next_ratings(script, scale, statement.code, number, members, before)
            for email, rating in ratings.items():
                answers[email][statement.code] = rating
    lost = lost_before(script, panel)
    questionnaires = tuple(
        _questionnaire(script, panelist, number, statements, answers[panelist.email], lost)
        for panelist in panel
    )
    return SimulatedRound(number, _with_comments(script, scale, number, questionnaires))


def lost_before(script: Script, panel: Sequence[Invitee]) -> dict[str, int]:
    """By address, the first round that the panelists who are lost do not submit."""
    lost: dict[str, int] = {}
    for group, members in _by_group(panel).items():
        leaving = iter(_drawn_order(script, members, "loyalty"))
        for number, groups in sorted(script.lost.items()):
            lost |= {next(leaving).email: number for _ in range(groups.get(group, 0))}
    return lost


def newcomers(script: Script, panel: Sequence[Invitee]) -> dict[str, Invitee]:
    """By group, the panelist who is never lost but has entered nothing when the last round is half-way."""
    lost = lost_before(script, panel)
    chosen = {}
    for group, members in _by_group([one for one in panel if one.email not in lost]).items():
        speakers = [one for one in members if one.language == script.half_way.newcomers[group]]
        chosen[group] = _drawn_order(script, speakers, "newcomer")[0]
    return chosen


def half_way(script: Script, whole: SimulatedRound, statements: Sequence[Statement]) -> SimulatedRound:
    """Show ``whole`` half-way: in every group some have submitted, some are part way, some not there yet."""
    panel = [questionnaire.panelist for questionnaire in whole.questionnaires]
    reached = {one.email: Participation.INVITED for one in newcomers(script, panel).values()}
    for members in _by_group([one for one in _submitters(whole) if one.email not in reached]).values():
        for position, one in enumerate(_drawn_order(script, members, "pace")):
            reached[one.email] = _pace(script, (position + 0.5) / len(members))
    questionnaires = [
        _cut_short(script, questionnaire, whole.number, statements, reached[questionnaire.panelist.email])
        if questionnaire.participation is Participation.SUBMITTED
        else questionnaire
        for questionnaire in whole.questionnaires
    ]
    return SimulatedRound(whole.number, tuple(questionnaires))


def _drawn_order(script: Script, members: Collection[Invitee], *about: str | int) -> list[Invitee]:
    return sorted(members, key=lambda one: (chance(script, *about, one.email).random(), one.email))


def _by_group(panel: Collection[Invitee]) -> dict[str, list[Invitee]]:
    groups: dict[str, list[Invitee]] = defaultdict(list)
    for one in panel:
        groups[one.group].append(one)
    return groups


def _submitters(whole: SimulatedRound) -> list[Invitee]:
    return [q.panelist for q in whole.questionnaires if q.participation is Participation.SUBMITTED]


def _ladder(scale: Scale, opinion: Opinion) -> list[tuple[int, float]]:
    """Lay out the points from rejection to acceptance, each with the share of the group that stands there.

    The more of a group share a view, the more of them hold it firmly, at the scale's end.
    """
    in_band = {
        Band.DISAGREE: opinion.disagree,
        Band.NEUTRAL: 1 - opinion.agree - opinion.disagree,
        Band.AGREE: opinion.agree,
    }
    ladder = sorted(scale.points, reverse=scale.direction is Direction.LOW_IS_AGREEMENT)
    shares = []
    for point in ladder:
        band = scale.band_of(point)
        n_points = sum(scale.band_of(other) is band for other in ladder)
        firm = FIRMNESS_OF_NOBODY + (FIRMNESS_OF_ALL - FIRMNESS_OF_NOBODY) * in_band[band]
        if band is Band.NEUTRAL or n_points == 1:
            part = 1 / n_points
        else:
            part = firm if point in (ladder[0], ladder[-1]) else (1 - firm) / (n_points - 1)
        shares.append((point, in_band[band] * part))
    return shares


def _first_ratings(
    script: Script, scale: Scale, statement: str, members: Sequence[Invitee]
) -> dict[str, SimulatedRating]:
    """Spread the group over the scale as its opinion says.

    The members are ranked by their leaning and take their places on the ladder in that order, so that the
    shares of a group follow the script closely whatever the seed, and a temper shows on every statement.
    """
    ladder = _ladder(scale, script.expectations[statement].opinions[members[0].group])
    reach = list(accumulate(share for _, share in ladder))
    ranked = sorted(members, key=lambda one: (_leaning(script, statement, one), one.email))
    ratings = {}
    for rank, one in enumerate(ranked):
        place = (rank + 0.5) / len(ranked)
        point = next((p for (p, _), upto in zip(ladder, reach, strict=True) if place < upto), ladder[-1][0])
        ratings[one.email] = SimulatedRating(statement, _unless_unable(script, statement, 1, one, point))
    return ratings


def _leaning(script: Script, statement: str, one: Invitee) -> float:
    temper = chance(script, "temper", one.email).gauss(0, 1)
    return SAME_PERSON * temper + chance(script, "leaning", statement, one.email).gauss(0, 1)


def _unless_unable(script: Script, statement: str, number: int, one: Invitee, point: int) -> int | None:
    unable = chance(script, "unable", number, statement, one.email).random() < script.unable[one.group]
    return None if unable else point


def _next_ratings(
    script: Script,
    scale: Scale,
    statement: str,
    number: int,
    members: Sequence[Invitee],
    before: Mapping[str, int | None],
) -> dict[str, SimulatedRating]:
    """Rate again after feedback: some move a point towards their group's median, most keep their own."""
    stood = {one.email: before[one.email] for one in members if one.email in before}
    middle = median_high(point for point in stood.values() if point is not None)
    movers = _movers(script, statement, number, members, stood, middle)
    ratings = {}
    for one in members:
        if one.email not in stood:
            continue
        was = stood[one.email]
        if was is None:
            point = middle
        elif one.email in movers:
            point = was + (1 if was < middle else -1)
        else:
            point = _perhaps_second_thoughts(script, scale, statement, number, one, was)
        now = _unless_unable(script, statement, number, one, point)
        reason = _reason(script, scale, f"{statement}/{number}/{one.email}", was, now, middle)
        ratings[one.email] = SimulatedRating(statement, now, reason)
    return ratings


def _movers(
    script: Script,
    statement: str,
    number: int,
    members: Sequence[Invitee],
    stood: Mapping[str, int | None],
    middle: int,
) -> set[str]:
    """Choose who moves: the script's share of those at every point that lies off the median."""
    at_point: dict[int, list[Invitee]] = defaultdict(list)
    for one in members:
        point = stood.get(one.email)
        if point is not None and point != middle:
            at_point[point].append(one)
    movers = set()
    for holders in at_point.values():
        n_movers = int(script.expectations[statement].pull[number] * len(holders) + 0.5)
        movers |= {
            one.email for one in _drawn_order(script, holders, "open mind", number, statement)[:n_movers]
        }
    return movers


def _perhaps_second_thoughts(
    script: Script, scale: Scale, statement: str, number: int, one: Invitee, was: int
) -> int:
    draw = chance(script, "second thoughts", number, statement, one.email)
    if draw.random() >= script.second_thoughts:
        return was
    return draw.choice([point for point in (was - 1, was + 1) if point in scale.points])


def _reason(
    script: Script, scale: Scale, about: str, was: int | None, now: int | None, middle: int
) -> ChangeReason | None:
    if was is None or now is None or not crosses_band(scale, was, now):
        return None
    towards = abs(now - middle) < abs(was - middle)
    weights = script.reasons_towards if towards else script.reasons_away
    return chance(script, "reason", about).choices(list(weights), list(weights.values()))[0]


def _questionnaire(
    script: Script,
    panelist: Invitee,
    number: int,
    statements: Sequence[Statement],
    answers: Mapping[str, SimulatedRating],
    lost: Mapping[str, int],
) -> SimulatedQuestionnaire:
    whole = SimulatedQuestionnaire(
        panelist,
        Participation.SUBMITTED,
        tuple(answers[statement.code] for statement in statements if statement.code in answers),
    )
    lost_in = lost.get(panelist.email, number + 1)
    if lost_in > number:
        return whole
    reached = Participation.INVITED if lost_in < number else _last_trace(script, panelist)
    return _cut_short(script, whole, number, statements, reached)


def _last_trace(script: Script, panelist: Invitee) -> Participation:
    draw = chance(script, "last trace", panelist.email).random()
    if draw < script.lost_partial:
        return Participation.PARTIAL
    return Participation.OPENED if draw < script.lost_partial + script.lost_opened else Participation.INVITED


def _pace(script: Script, place: float) -> Participation:
    plan = script.half_way
    if place < plan.invited:
        return Participation.INVITED
    if place < plan.invited + plan.opened:
        return Participation.OPENED
    return (
        Participation.PARTIAL
        if place < plan.invited + plan.opened + plan.partial
        else Participation.SUBMITTED
    )


def _cut_short(
    script: Script,
    questionnaire: SimulatedQuestionnaire,
    number: int,
    statements: Sequence[Statement],
    reached: Participation,
) -> SimulatedQuestionnaire:
    """Keep the questionnaire as far as ``reached``: part way means the first topics and no more."""
    if reached is Participation.SUBMITTED:
        return questionnaire
    topics = list(dict.fromkeys(statement.topic for statement in statements))
    n_topics = 0
    if reached is Participation.PARTIAL:
        draw = chance(script, "part way", number, questionnaire.panelist.email)
        n_topics = draw.randint(1, max(1, len(topics) - 1))
    asked = {statement.code for statement in statements if statement.topic in topics[:n_topics]}
    return replace(
        questionnaire,
        participation=reached,
        ratings=tuple(rating for rating in questionnaire.ratings if rating.statement in asked),
        comments={code: text for code, text in questionnaire.comments.items() if code in asked},
    )


def _with_comments(
    script: Script, scale: Scale, number: int, questionnaires: Sequence[SimulatedQuestionnaire]
) -> tuple[SimulatedQuestionnaire, ...]:
    """Hand the round's remarks out, each to somebody whose rating it fits."""
    written: dict[str, dict[str, str]] = defaultdict(dict)
    for remark in (remark for remark in script.remarks if remark.round == number):
        candidates = sorted(
            questionnaire.panelist.email
            for questionnaire in questionnaires
            if (questionnaire.panelist.group, questionnaire.panelist.language)
            == (remark.group, remark.language)
            and remark.statement not in written[questionnaire.panelist.email]
            and any(
                rating.statement == remark.statement
                and rating.point is not None
                and scale.band_of(rating.point) in remark.bands
                for rating in questionnaire.ratings
            )
        )
        if candidates:
            author = chance(script, "remark", remark.text).choice(candidates)
            written[author][remark.statement] = remark.text
    return tuple(replace(one, comments=written[one.panelist.email]) for one in questionnaires)
