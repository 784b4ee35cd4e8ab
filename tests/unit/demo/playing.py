"""The model study played by the simulator without any database: its rounds, and what the rule decides."""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.consensus import decide_statement
from analysis.distribution import Distribution
from analysis.protocol import AnalysisProtocol, read_protocol
from analysis.rules import Decision
from app.demo.script import Script
from app.demo.simulator import SimulatedRound, simulate_round
from app.domain.carry_forward import CarryForwardPolicy, is_carried_forward
from app.domain.panel import Invitee
from app.domain.statement import Statement

FOLDER = Path(__file__).parents[3] / "app" / "demo" / "peer_support"
N_ROUNDS = 3


@dataclass(frozen=True)
class Played:
    """A round as simulated, with its statements and their decisions."""

    statements: tuple[Statement, ...]
    simulated: SimulatedRound
    decisions: Mapping[str, Decision]

    def decided(self, decision: Decision) -> set[str]:
        return {code for code, verdict in self.decisions.items() if verdict is decision}


def protocol() -> AnalysisProtocol:
    return read_protocol(FOLDER / "study.toml")


def panel() -> list[Invitee]:
    return [Invitee(**row) for row in rows("panel.csv")]


def statements() -> list[Statement]:
    return [Statement(row["code"], row["topic"], {"en": row["text_en"]}) for row in rows("statements.csv")]


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def play(script: Script, people: Sequence[Invitee], asked: Sequence[Statement]) -> Iterator[Played]:
    """Play the study's rounds, each on what the one before left undecided."""
    rules = protocol()
    simulated: SimulatedRound | None = None
    for _ in range(N_ROUNDS):
        simulated = simulate_round(script, rules.criteria[0].scale, people, asked, simulated)
        decisions = decide(rules, simulated, asked)
        yield Played(tuple(asked), simulated, decisions)
        asked = [
            one for one in asked if is_carried_forward([decisions[one.code]], CarryForwardPolicy.UNDECIDED)
        ]


def decide(
    rules: AnalysisProtocol, simulated: SimulatedRound, asked: Sequence[Statement]
) -> dict[str, Decision]:
    rule = rules.criteria[0].rule
    return {
        one.code: decide_statement(rule, distributions(rules, simulated, one.code), simulated.number).decision
        for one in asked
    }


def distributions(rules: AnalysisProtocol, simulated: SimulatedRound, code: str) -> dict[str, Distribution]:
    """How each group rated a statement, in the study's order of groups."""
    group_of = {one.panelist.email: one.panelist.group for one in simulated.questionnaires}
    given = Counter((group_of[email], point) for email, point in simulated.answers(code).items())
    return {
        group: Distribution(
            tuple(given[group, point] for point in rules.criteria[0].scale.points), given[group, None]
        )
        for group in rules.group_codes
    }
