"""What every other rule would have decided on one statement, and what its decision hangs on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from analysis.results import StatementAnalysis
from analysis.rules import Decision
from analysis.variant_names import variant_name
from analysis.what_if_results import SensitivityAnalysis
from analysis.wording import phrases_of
from app.domain.messages import N_, NN_, Sentence
from app.web.researcher.desk import StudyDesk
from app.web.researcher.figures import StudyWords
from app.web.shared.parts import Column
from app.web.shared.words import in_words

DECISION_WORDS: Final[Mapping[Decision, str]] = {
    Decision.CONSENSUS_IN: N_("Consensus: in"),
    Decision.CONSENSUS_OUT: N_("Consensus: out"),
    Decision.NO_CONSENSUS: N_("No consensus"),
    Decision.NOT_ASSESSABLE: N_("Not assessable"),
}
_SAME: Final = NN_(
    "%(same)s of %(num)s other rule decides alike.", "%(same)s of %(num)s other rules decide alike."
)
_HANGS_ON: Final = N_("The decision hangs on %(axes)s.")
_HANGS_ON_NOTHING: Final = N_("No other rule that was tried decides otherwise.")
_WITHOUT: Final = N_("Without %(group)s it would be “%(decision)s”.")
_DECISIVE: Final = NN_(
    "There is one panelist without whom the decision would be another.",
    "There are %(num)s panelists, without any one of whom the decision would be another.",
)
_NOBODY: Final = N_("No single panelist could change the decision by staying away.")


@dataclass(frozen=True, slots=True)
class RuleLine:
    """Another rule, and what it would have decided."""

    name: str
    choice: str
    decision: Decision
    differs: bool


@dataclass(frozen=True, slots=True)
class OtherRules:
    """The statement under other rules; the lines that decide otherwise stand first."""

    summary: tuple[str, ...]
    columns: tuple[Column, ...]
    lines: tuple[RuleLine, ...]


def other_rules(
    desk: StudyDesk,
    words: StudyWords,
    sensitivity: Iterable[SensitivityAnalysis],
    analysis: StatementAnalysis,
) -> OtherRules | None:
    """What other rules decide; None where that was not kept when the round was analysed."""
    for one in sensitivity:
        for entry in one.statements:
            if (one.criterion, entry.statement) == (analysis.criterion, analysis.statement):
                return _read(desk, words, one, entry.statement)
    return None


def _read(desk: StudyDesk, words: StudyWords, found: SensitivityAnalysis, code: str) -> OtherRules:
    entry = next(one for one in found.statements if one.statement == code)
    axes = phrases_of(desk.locale)
    lines = [
        RuleLine(
            variant_name(variant, desk.locale),
            axes[f"axis_{variant.axis}"],
            decision,
            decision is not entry.decision,
        )
        for variant, decision in zip(found.variants, entry.decisions, strict=True)
    ]
    same = sum(not line.differs for line in lines)
    told = [
        in_words(Sentence(_SAME[0], {"same": same, "num": len(lines)}, _SAME[1], len(lines)), desk.locale)
    ]
    if entry.hangs_on:
        listed = desk.written.listing(axes[f"axis_{axis}"] for axis in entry.hangs_on)
        told.append(desk.say(_HANGS_ON) % {"axes": listed})
    else:
        told.append(desk.say(_HANGS_ON_NOTHING))
    told += [
        desk.say(_WITHOUT) % {"group": words.group(group).name, "decision": desk.say(DECISION_WORDS[without])}
        for group, without in zip(found.groups, entry.without_group, strict=False)
        if without is not entry.decision
    ]
    n = entry.n_decisive
    told.append(
        in_words(Sentence(_DECISIVE[0], {"num": n}, _DECISIVE[1], n), desk.locale) if n else desk.say(_NOBODY)
    )
    return OtherRules(
        summary=tuple(told),
        columns=(
            Column(desk.say(N_("Rule"))),
            Column(desk.say(N_("What is other"))),
            Column(desk.say(N_("It would have decided"))),
        ),
        lines=tuple(sorted(lines, key=lambda line: not line.differs)),
    )
