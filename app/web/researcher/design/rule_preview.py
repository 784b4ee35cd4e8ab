"""What a rule says and would decide, shown beside the form that changes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from analysis.rules import Decision, rule_sentence
from app.domain.design import design_from_document
from app.domain.errors import ProtocolNotValid
from app.domain.messages import N_
from app.domain.study import in_language
from app.services.rule_examples import Example, examples_of
from app.web.researcher.design.shape import for_storing
from app.web.researcher.desk import Desk
from app.web.researcher.figures import RatedCriterion
from app.web.shared.parts import ShareBar

_EXAMPLES: Final[dict[Example, str]] = {
    Example.ALL_AGREE: N_("Everybody agrees"),
    Example.MOST_AGREE: N_("Eight in ten agree, in every group"),
    Example.SMALL_MAJORITY: N_("Six in ten agree, in every group"),
    Example.ONE_GROUP_AGAINST: N_("Nine in ten agree, but one group is against"),
    Example.DIVIDED: N_("Half agree, half disagree"),
    Example.UNDECIDED: N_("Most are undecided"),
    Example.ALL_DISAGREE: N_("Everybody disagrees"),
}


@dataclass(frozen=True, slots=True)
class ExampleLine:
    """A panel that everybody can picture, and what the rule decides on it."""

    words: str
    shares: ShareBar
    decision: Decision


@dataclass(frozen=True, slots=True)
class RulePreview:
    """A criterion's rule as a sentence, with its examples."""

    criterion: str
    sentence: str
    lines: tuple[ExampleLine, ...]


def previews(desk: Desk, document: Mapping[str, Any]) -> tuple[RulePreview, ...]:
    """The rule of every criterion at work; nothing while the document has faults."""
    try:
        protocol = design_from_document(for_storing(document)).protocol
    except ProtocolNotValid:
        return ()
    found = []
    for criterion in protocol.criteria:
        labels = criterion.labels.get(desk.locale) or next(iter(criterion.labels.values()))
        rated = RatedCriterion(criterion.code, criterion.scale, criterion.rule, labels, None)
        lines = tuple(
            ExampleLine(desk.say(_EXAMPLES[one.example]), rated.share_bar("", one.counts), one.decision)
            for one in examples_of(criterion, protocol.groups)
        )
        name = in_language(criterion.name, desk.locale)
        found.append(RulePreview(name, rule_sentence(criterion.rule, desk.locale), lines))
    return tuple(found)
