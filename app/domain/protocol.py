"""The protocol: the rules of a study, fixed before round 1 and changed only by a reasoned amendment."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from analysis.rules import ConsensusRule
from analysis.scale import ProtocolFault, ProtocolFieldError, Scale
from app.domain.carry_forward import CarryForwardPolicy
from app.domain.errors import ProtocolNotValid
from app.domain.event import canonical_json
from app.domain.feedback import FeedbackPolicy
from app.domain.field_reading import FieldReader
from app.domain.messages import N_
from app.domain.panel import WithdrawalMode
from app.domain.round import PlannedRound
from app.domain.stopping import StoppingPolicy
from app.domain.study import Language, Texts

PROTOCOL_TABLES = ("languages", "protocol", "group", "criterion")
"""The parts of a study file that make up the protocol."""

_USUAL_ROUNDS = 3
_MOST_ROUNDS = 20


@dataclass(frozen=True)
class StakeholderGroup:
    """A stratum of the panel; ``target`` is how many panelists the researchers aim at (None: no target)."""

    code: str
    name: Texts
    target: int | None = None


@dataclass(frozen=True)
class Criterion:
    """What a statement is rated on, its scale with a label per point and language, and its consensus rule."""

    code: str
    name: Texts
    question: Texts
    scale: Scale
    labels: Mapping[str, tuple[str, ...]]
    rule: ConsensusRule


@dataclass(frozen=True)
class FeedbackRules:
    """What panelists are shown between rounds; ``report``: and whether they can read a report at the end."""

    policy: FeedbackPolicy
    comments: bool
    outlier_note: bool
    reason_when_band_crossed: bool
    report: bool


@dataclass(frozen=True)
class Protocol:
    """All rules of a study in one frozen piece.

    ``languages``, ``groups`` and ``criteria`` stand in the study's own order, which pages and reports keep.
    ``minimum_group_size`` is k of the feedback rule; ``plan`` names the rounds planned, in order.
    """

    languages: tuple[str, ...]
    groups: tuple[StakeholderGroup, ...]
    criteria: tuple[Criterion, ...]
    minimum_group_size: int
    plan: tuple[PlannedRound, ...]
    withdrawal: WithdrawalMode
    one_statement_a_page: bool
    feedback: FeedbackRules
    carry_forward: CarryForwardPolicy
    stopping: StoppingPolicy
    stable_share: float

    @property
    def rounds(self) -> int:
        """The number of rounds planned."""
        return len(self.plan)

    @property
    def group_codes(self) -> tuple[str, ...]:
        """The codes of the stakeholder groups, in order."""
        return tuple(group.code for group in self.groups)

    @property
    def criterion_codes(self) -> tuple[str, ...]:
        """The codes of the criteria, in order."""
        return tuple(criterion.code for criterion in self.criteria)

    def criterion(self, code: str) -> Criterion:
        """The criterion of this code; KeyError when there is none."""
        for criterion in self.criteria:
            if criterion.code == code:
                return criterion
        raise KeyError(code)

    def group(self, code: str) -> StakeholderGroup:
        """The group of this code; KeyError when there is none."""
        for group in self.groups:
            if group.code == code:
                return group
        raise KeyError(code)


@dataclass(frozen=True)
class ProtocolVersion:
    """A protocol as it was in force: numbered, hashed, and with the reason of its amendment."""

    version: int
    protocol: Protocol
    sha256: str
    created_at: datetime
    frozen_at: datetime | None
    amendment_reason: str


def protocol_tables(source: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of a study file that make up the protocol, as they are stored and hashed."""
    return {name: source[name] for name in PROTOCOL_TABLES if name in source}


def protocol_sha256(tables: Mapping[str, Any]) -> str:
    """The fingerprint of a protocol's tables, printed in reports."""
    return hashlib.sha256(canonical_json(tables).encode()).hexdigest()


def protocol_from_tables(tables: Mapping[str, Any]) -> Protocol:
    """Read a protocol from its tables (the form of ``study.toml``).

    Raises
    ------
    ProtocolNotValid
        With every wrong field, each by its path and with what to write instead.
    """
    faults: list[ProtocolFault] = []
    protocol = read_protocol(tables, faults)
    if faults:
        raise ProtocolNotValid(faults)
    return protocol


def read_protocol(tables: Mapping[str, Any], faults: list[ProtocolFault]) -> Protocol:
    """Read a protocol, adding what is wrong to ``faults``; the result holds only when none was added."""
    root = FieldReader(tables, "", faults)
    languages = _read_languages(root)
    rules = FieldReader(root.take("protocol", {}), "protocol", faults)
    feedback = FieldReader(rules.take("feedback", {}), "protocol.feedback", faults)
    carry = FieldReader(rules.take("carry_forward", {}), "protocol.carry_forward", faults)
    stopping = FieldReader(rules.take("stopping", {}), "protocol.stopping", faults)
    protocol = Protocol(
        languages=languages,
        groups=_read_groups(root, languages),
        criteria=_read_criteria(root, rules.take("consensus"), languages),
        minimum_group_size=rules.whole("minimum_group_size", default=5, at_least=1, at_most=1000),
        plan=_read_plan(rules),
        withdrawal=rules.choice("withdrawal", WithdrawalMode, default=WithdrawalMode.STOP),
        one_statement_a_page=_read_page(rules),
        feedback=FeedbackRules(
            policy=feedback.choice("policy", FeedbackPolicy, default=FeedbackPolicy.ALL),
            comments=feedback.truth("comments", default=True),
            outlier_note=feedback.truth("outlier_note", default=True),
            reason_when_band_crossed=feedback.truth("reason_when_band_crossed", default=True),
            report=feedback.truth("report", default=False),
        ),
        carry_forward=carry.choice("policy", CarryForwardPolicy, default=CarryForwardPolicy.UNDECIDED),
        stopping=stopping.choice("policy", StoppingPolicy, default=StoppingPolicy.FIXED_ROUNDS),
        stable_share=stopping.share("stable_share", default=0.85),
    )
    for reader in (rules, feedback, carry, stopping):
        reader.refuse_unknown()
    return protocol


def _read_languages(root: FieldReader) -> tuple[str, ...]:
    value = root.take("languages", [])
    known = list(Language)
    if (
        not isinstance(value, list)
        or not value
        or any(v not in known for v in value)
        or len(set(value)) < len(value)
    ):
        root.fault("languages", N_("must list one or more of %(known)s, each once."), known=", ".join(known))
        return ("en",)
    return tuple(value)


def _read_plan(rules: FieldReader) -> tuple[PlannedRound, ...]:
    value = rules.take("rounds", _USUAL_ROUNDS)
    if isinstance(value, list):
        return _read_planned_rounds(rules, value)
    if type(value) is int and 1 <= value <= _MOST_ROUNDS:
        return (PlannedRound.RATING,) * value
    rules.fault(
        "rounds",
        N_("must be a whole number from 1 to %(most)s, or a list of rounds, each one of %(choices)s."),
        most=_MOST_ROUNDS,
        choices=", ".join(PlannedRound),
    )
    return (PlannedRound.RATING,)


def _read_planned_rounds(rules: FieldReader, value: list[object]) -> tuple[PlannedRound, ...]:
    known = list(PlannedRound)
    for number, word in enumerate(value, start=1):
        if word not in known:
            rules.fault(
                f"rounds[{number}]", N_("must be one of %(choices)s."), choices=", ".join(PlannedRound)
            )
    if len(value) > _MOST_ROUNDS:
        rules.fault("rounds", N_("may have %(most)s rounds at most."), most=_MOST_ROUNDS)
    plan = tuple(PlannedRound(str(word)) for word in value if word in known)
    if all(word == PlannedRound.OPEN for word in value):
        rules.fault("rounds", N_("needs at least one round in which statements are rated."))
        return (*plan, PlannedRound.RATING)
    return plan or (PlannedRound.RATING,)


def _read_groups(root: FieldReader, languages: tuple[str, ...]) -> tuple[StakeholderGroup, ...]:
    groups = []
    for reader in root.tables("group", at_least=1):
        target = reader.take("target")
        groups.append(
            StakeholderGroup(
                code=reader.code(),
                name=reader.texts("name", languages),
                target=None if target is None else reader.whole("target", at_least=1, at_most=100_000),
            )
        )
        reader.refuse_unknown()
    root.refuse_repeats("group", [group.code for group in groups])
    for code in {"overall", "group_equal"} & {group.code for group in groups}:
        root.fault(
            "group",
            N_("“%(code)s” cannot be a group: the report uses this word for everyone together."),
            code=code,
        )
    return tuple(groups)


def _read_criteria(root: FieldReader, consensus: object, languages: tuple[str, ...]) -> tuple[Criterion, ...]:
    criteria = []
    for reader in root.tables("criterion", at_least=1):
        scale = _read_scale(reader)
        code = reader.code()
        own_rule = reader.take("consensus")
        criteria.append(
            Criterion(
                code=code,
                name=reader.texts("name", languages),
                question=reader.texts("question", languages),
                scale=scale,
                labels=_read_labels(reader, scale, languages),
                rule=_read_rule(
                    reader, own_rule if own_rule is not None else consensus, scale, own_rule is not None
                ),
            )
        )
        reader.refuse_unknown()
    root.refuse_repeats("criterion", [criterion.code for criterion in criteria])
    return tuple(criteria)


_FALLBACK_SCALE = Scale.from_mapping(
    {"points": [1, 2, 3], "direction": "high_is_agreement", "disagree": [1], "neutral": [2], "agree": [3]}
)


def _read_scale(reader: FieldReader) -> Scale:
    value = reader.take("scale")
    if not isinstance(value, Mapping):
        reader.fault("scale", N_("is missing; a criterion needs a scale."))
        return _FALLBACK_SCALE
    try:
        return Scale.from_mapping(value, f"{reader.where}.scale")
    except ProtocolFieldError as error:
        reader.faults.extend(error.faults)
        return _FALLBACK_SCALE


def _read_rule(reader: FieldReader, value: object, scale: Scale, is_own: bool) -> ConsensusRule:
    where = f"{reader.where}.consensus" if is_own else "protocol.consensus"
    if not isinstance(value, Mapping):
        reader.faults.append(
            ProtocolFault.of(
                where, N_("is missing; say when a statement reaches consensus, before anybody rates.")
            )
        )
    else:
        try:
            return ConsensusRule.from_mapping(value, scale, where)
        except ProtocolFieldError as error:
            reader.faults.extend(fault for fault in error.faults if fault not in reader.faults)
    return ConsensusRule.from_mapping({"preset": "percent_agreement"}, scale)


def _read_labels(
    reader: FieldReader, scale: Scale, languages: tuple[str, ...]
) -> Mapping[str, tuple[str, ...]]:
    value = reader.take("labels", {})
    for language in value if isinstance(value, Mapping) else ():
        if language not in languages:
            reader.fault(f"labels.{language}", N_("is not in one of the study's languages."))
    labels: dict[str, tuple[str, ...]] = {}
    for language in languages:
        given = value.get(language) if isinstance(value, Mapping) else None
        if named := _named_points(given, len(scale.points)):
            labels[language] = named
        else:
            reader.fault(
                f"labels.{language}",
                N_("must name each of the %(n)s points of the scale, or at least the first and the last."),
                n=len(scale.points),
            )
    return labels


def _named_points(given: object, n_points: int) -> tuple[str, ...]:
    """A name for each point, empty between the ends where none is given; nothing when it cannot be read."""
    if not isinstance(given, list) or not all(isinstance(name, str) for name in given):
        return ()
    if len(given) not in (2, n_points) or not (given[0] and given[-1]):
        return ()
    return (given[0], *(given[1:-1] or [""] * (n_points - 2)), given[-1])


def _read_page(rules: FieldReader) -> bool:
    value = rules.take("statements_per_page", "topic")
    if value not in ("topic", "one"):
        rules.fault("statements_per_page", N_("must be one of %(choices)s."), choices="topic, one")
    return bool(value == "one")
