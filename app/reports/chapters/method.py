"""The method as it was fixed before the first round: groups, scales, rule, rounds, feedback, amendments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.results import OVERALL
from analysis.rules import ConsensusRule, Denominator, Middle, Scope, SmallGroups, rule_sentence
from app.domain.carry_forward import CarryForwardPolicy
from app.domain.feedback import FeedbackPolicy
from app.domain.panel import WithdrawalMode
from app.domain.protocol import Criterion, Protocol, ProtocolVersion
from app.domain.round import PlannedRound
from app.domain.stopping import StoppingPolicy
from app.i18n import N_
from app.reports.facts import StudyReport
from app.reports.tables import Body, Cells, Column, Row, Table
from app.reports.words import BAND_WORDS, Text, Words

SCOPE_WORDS: Mapping[Scope, str] = {
    Scope.OVERALL: N_("The rule is asked of the whole panel taken together."),
    Scope.EVERY_GROUP: N_("The rule is asked of every group by itself; all of them must meet it."),
    Scope.ANY_GROUP: N_("The rule is asked of every group by itself; one that meets it is enough."),
    Scope.AT_LEAST: N_("The rule is asked of every group by itself; at least %(n)s must meet it."),
    Scope.GROUP_EQUAL: N_("The rule is asked of the mean of the groups, each counting the same."),
}
EXCLUDE_SCOPE_WORDS: Mapping[Scope, str] = {
    Scope.EVERY_GROUP: N_("For rejection every group by itself must meet what the rule asks."),
    Scope.ANY_GROUP: N_("For rejection it is enough that one group by itself meets what the rule asks."),
}
DENOMINATOR_WORDS: Mapping[Denominator, str] = {
    Denominator.RATED: N_(
        "Shares are of the ratings given: “unable to rate” and missing ratings do not count."
    ),
    Denominator.ALL: N_("Shares are of everybody who took part: “unable to rate” and missing ratings count."),
}
MIDDLE_WORDS: Mapping[Middle, str] = {
    Middle.OWN: N_("Neutral ratings count as neither agreement nor disagreement."),
    Middle.EXCLUDE: N_("Neutral ratings are left out of the shares."),
    Middle.WITH_AGREE: N_("Neutral ratings count as agreement."),
    Middle.WITH_DISAGREE: N_("Neutral ratings count as disagreement."),
}
SMALL_GROUP_WORDS: Mapping[SmallGroups, str] = {
    SmallGroups.BLOCK: N_(
        "A group with fewer than %(n)s ratings is not assessable, and neither is the statement where that "
        "group could change the decision."
    ),
    SmallGroups.LEAVE_OUT: N_("A group with fewer than %(n)s ratings is left out; the other groups decide."),
}
FEEDBACK_WORDS: Mapping[FeedbackPolicy, str] = {
    FeedbackPolicy.NONE: N_("Between rounds the panel saw no results."),
    FeedbackPolicy.OWN_GROUP: N_("Between rounds every panelist saw how the own group had rated."),
    FeedbackPolicy.EVERY_GROUP: N_("Between rounds every panelist saw how each group had rated."),
    FeedbackPolicy.ALL: N_("Between rounds every panelist saw how each group and the whole panel had rated."),
}
CARRY_FORWARD_WORDS: Mapping[CarryForwardPolicy, str] = {
    CarryForwardPolicy.UNDECIDED: N_(
        "A next round asks again about every statement that is not decided yet."
    ),
    CarryForwardPolicy.NOT_IN: N_("A next round asks again about every statement that is not accepted yet."),
    CarryForwardPolicy.ALL: N_("A next round asks again about every statement."),
}
STOPPING_WORDS: Mapping[StoppingPolicy, str] = {
    StoppingPolicy.FIXED_ROUNDS: N_("The study ends after the planned rounds."),
    StoppingPolicy.ALL_DECIDED: N_("The study ends when every statement is decided."),
    StoppingPolicy.STABLE: N_(
        "The study ends after the planned rounds, or earlier when %(share)s of the ratings stay the same."
    ),
}
WITHDRAWAL_WORDS: Mapping[WithdrawalMode, str] = {
    WithdrawalMode.STOP: N_("The ratings of a panelist who withdraws stay in the study, without a name."),
    WithdrawalMode.ERASE: N_("The ratings of a panelist who withdraws are erased."),
}


@dataclass(frozen=True)
class Term:
    """A rule of the protocol: what it is about, and what it says."""

    name: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class CriterionMethod:
    """What statements were rated on: the question, the scale, and the rule with its fine print."""

    name: str
    question: Text
    scale: Table
    rule: str
    fine_print: tuple[str, ...]


@dataclass(frozen=True)
class MethodChapter:
    """The chapter on the method."""

    frozen: str
    groups: Table
    criteria: tuple[CriterionMethod, ...]
    terms: tuple[Term, ...]
    overrides: Table | None
    protocols: Table | None


def method_chapter(report: StudyReport, words: Words) -> MethodChapter:
    """The method in the words of the protocol."""
    return MethodChapter(
        frozen=_frozen(report, words),
        groups=_groups_table(report, words),
        criteria=tuple(_criterion(one, words) for one in report.criteria),
        terms=() if report.protocol is None else _terms(report, report.protocol.protocol, words),
        overrides=_override_table(report, words) if report.overrides else None,
        protocols=_protocol_table(report.protocols, words) if report.protocols else None,
    )


def _frozen(report: StudyReport, words: Words) -> str:
    frozen_at = report.protocols[0].frozen_at if report.protocols else None
    if frozen_at is None:
        return words.gettext("The rules below are those by which the ratings were judged.")
    fixed = words.gettext(
        "The rules below were fixed on %(day)s, before the first rating was given.", day=words.day(frozen_at)
    )
    n_amendments = len(report.protocols) - 1
    if not n_amendments:
        unchanged = words.gettext("They were not changed after that.")
        return f"{fixed} {unchanged}"
    changed = words.ngettext(
        "They were changed once after that; the reason stands below.",
        "They were changed %(n)s times after that; the reasons stand below.",
        n_amendments,
    )
    return f"{fixed} {changed}"


def _groups_table(report: StudyReport, words: Words) -> Table:
    cells = Cells(words)
    first = {
        flow.group: flow for flow in report.analysis.flow if flow.round == report.analysis.rounds[0].round
    }
    targets = [group.target for group in report.groups]
    known = [target for target in targets if target is not None]
    all_targets = sum(known) if len(known) == len(targets) else None
    rows = []
    for code, target in [*((g.code, g.target) for g in report.groups), (OVERALL, all_targets)]:
        flow = first.get(code)
        rows.append(
            Row(
                cells.text(words.group(code)),
                (
                    cells.whole(target),
                    cells.whole(flow.invited if flow else None),
                    cells.whole(flow.took_part if flow else None),
                ),
                is_total=code == OVERALL,
            )
        )
    columns = (
        Column(words.gettext("Group")),
        Column(words.gettext("Aimed at"), "number"),
        Column(words.gettext("Invited to round 1"), "number"),
        Column(words.gettext("Took part in round 1"), "number"),
    )
    return cells.table(
        "table-groups",
        words.gettext("Stakeholder groups: panelists aimed at, and found"),
        columns,
        [Body(tuple(rows))],
    )


def _criterion(criterion: Criterion, words: Words) -> CriterionMethod:
    return CriterionMethod(
        name=words.criterion(criterion.code),
        question=words.text(criterion.question),
        scale=_scale_table(criterion, words),
        rule=rule_sentence(criterion.rule, words.locale),
        fine_print=_fine_print(criterion.rule, words),
    )


def _scale_table(criterion: Criterion, words: Words) -> Table:
    cells = Cells(words)
    rows = []
    for place, point in enumerate(criterion.scale.points):
        label = words.text({code: labels[place] for code, labels in criterion.labels.items()})
        band = words.gettext(BAND_WORDS[criterion.scale.band_of(point)])
        rows.append(Row(cells.text(str(point)), (cells.said(label), cells.text(band))))
    columns = (
        Column(words.gettext("Point")),
        Column(words.gettext("Label")),
        Column(words.gettext("Counts as")),
    )
    caption = words.gettext("Scale of “%(criterion)s”", criterion=words.criterion(criterion.code))
    return cells.table(f"table-scale-{criterion.code}", caption, columns, [Body(tuple(rows))])


def _fine_print(rule: ConsensusRule, words: Words) -> tuple[str, ...]:
    said = [
        words.gettext(SCOPE_WORDS[rule.scope], n=rule.groups_needed),
        *([words.gettext(EXCLUDE_SCOPE_WORDS[rule.exclude_scope])] if rule.exclude_scope else []),
        words.gettext(DENOMINATOR_WORDS[rule.denominator]),
    ]
    if rule.scale.neutral:
        said.append(words.gettext(MIDDLE_WORDS[rule.middle]))
    if rule.minimum_ratings > 1:
        said.append(words.gettext(SMALL_GROUP_WORDS[rule.small_groups], n=rule.minimum_ratings))
    said.append(
        words.gettext(
            "Medians and quartiles are of type %(type)s in the numbering of Hyndman and Fan (1996).",
            type=rule.quantile_type,
        )
    )
    said.append(
        words.gettext(
            "Shares are compared with the threshold exactly, as whole numbers of ratings, not after rounding."
        )
    )
    return tuple(said)


def _planned(plan: Sequence[PlannedRound], words: Words) -> str:
    """How many rounds of each kind were planned."""
    n = {kind: sum(one is kind for one in plan) for kind in PlannedRound}
    said = []
    if n[PlannedRound.OPEN]:
        said.append(
            words.ngettext(
                "%(n)s round of open questions was planned.",
                "%(n)s rounds of open questions were planned.",
                n[PlannedRound.OPEN],
            )
        )
    if n[PlannedRound.RATING]:
        said.append(
            words.ngettext(
                "%(n)s rating round was planned.",
                "%(n)s rating rounds were planned.",
                n[PlannedRound.RATING],
            )
        )
    if n[PlannedRound.REAL_TIME]:
        said.append(
            words.ngettext(
                "%(n)s rating round in real time was planned: figures appeared after an own answer.",
                "%(n)s rating rounds in real time were planned: figures appeared after an own answer.",
                n[PlannedRound.REAL_TIME],
            )
        )
    return " ".join(said)


def _terms(report: StudyReport, protocol: Protocol, words: Words) -> tuple[Term, ...]:
    rounds = _planned(protocol.plan, words)
    share = words.percent(protocol.stable_share, 0)
    feedback = [words.gettext(FEEDBACK_WORDS[protocol.feedback.policy])]
    if protocol.feedback.policy is not FeedbackPolicy.NONE:
        feedback.append(
            words.gettext(
                "A group’s figures on a statement were shown only where at least %(n)s others had rated it, "
                "and where no smaller group could be found out by subtraction.",
                n=protocol.minimum_group_size,
            )
        )
    if protocol.feedback.comments:
        feedback.append(words.gettext("Comments were shown when a researcher had released them."))
    if protocol.feedback.reason_when_band_crossed:
        feedback.append(
            words.gettext("Whoever moved between agreement and disagreement was asked for the reason.")
        )
    return (
        Term(words.gettext("Rounds"), (rounds, words.gettext(CARRY_FORWARD_WORDS[protocol.carry_forward]))),
        Term(words.gettext("Feedback"), tuple(feedback)),
        Term(
            words.gettext("End of the study"),
            (words.gettext(STOPPING_WORDS[protocol.stopping], share=share), *_conclusion(report, words)),
        ),
        Term(words.gettext("Withdrawal"), (words.gettext(WITHDRAWAL_WORDS[protocol.withdrawal]),)),
        Term(
            words.gettext("Languages"),
            (words.formats.listing(words.language(code) for code in protocol.languages),),
        ),
    )


def _conclusion(report: StudyReport, words: Words) -> tuple[str, ...]:
    """Why the study ended against its rule, where it did."""
    if not report.study.conclusion_reason:
        return ()
    return (
        words.gettext(
            "It was ended against this rule, because: %(reason)s", reason=report.study.conclusion_reason
        ),
    )


def _override_table(report: StudyReport, words: Words) -> Table:
    cells = Cells(words)
    rows = tuple(
        Row(
            cells.text(words.gettext("Round %(round)s", round=one.round)),
            (
                cells.text(one.statement),
                cells.text(words.gettext("asked") if one.asks else words.gettext("left out")),
                cells.text(one.reason),
            ),
        )
        for one in report.overrides
    )
    columns = (
        Column(words.gettext("Round")),
        Column(words.gettext("Statement")),
        Column(words.gettext("Against the rule")),
        Column(words.gettext("Reason"), "words"),
    )
    caption = words.gettext("Statements that a round asked, or left out, against the rule")
    return cells.table("table-overrides", caption, columns, [Body(rows)])


def _protocol_table(versions: tuple[ProtocolVersion, ...], words: Words) -> Table:
    cells = Cells(words)
    rows = tuple(
        Row(
            cells.text(words.number(version.version)),
            (
                cells.text(
                    words.moment(version.frozen_at) if version.frozen_at else words.gettext("not frozen")
                ),
                cells.text(version.amendment_reason or words.gettext("as first fixed")),
                cells.code(version.sha256),
            ),
        )
        for version in versions
    )
    columns = (
        Column(words.gettext("Version")),
        Column(words.gettext("Frozen")),
        Column(words.gettext("Reason")),
        Column(words.gettext("Fingerprint (SHA-256)"), "code"),
    )
    return cells.table("table-protocols", words.gettext("Versions of the protocol"), columns, [Body(rows)])
