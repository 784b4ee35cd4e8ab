"""The fields of a consensus rule: a preset, what belongs to it, and how ratings are counted."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from analysis.rules import Denominator, Middle, Scope, SmallGroups
from app.domain.messages import N_
from app.web.researcher.design.forms import FormField, Kind, OnlyWith, Section, choice_field
from app.web.researcher.desk import Desk

_PRESET_WORDS: Final[dict[str, str]] = {
    "percent_agreement": N_("A share agrees, or disagrees"),
    "comet_70_15": N_("70/15 of core outcome sets (COMET)"),
    "rand_ucla": N_("RAND/UCLA appropriateness: the median without disagreement"),
    "median_iqr": N_("The median, and a narrow middle half"),
    "mhfa_80": N_("80% of every group, rated again from 70% (mental health first aid)"),
    "both_panels_8_9": N_("A median of 8 or 9 in every group"),
}

_SCOPE_WORDS: Final[dict[Scope, str]] = {
    Scope.EVERY_GROUP: N_("Every group"),
    Scope.ANY_GROUP: N_("Any one group"),
    Scope.AT_LEAST: N_("A number of groups"),
    Scope.OVERALL: N_("Everybody together"),
    Scope.GROUP_EQUAL: N_("The groups counted equally"),
}

_DENOMINATOR_WORDS: Final[dict[Denominator, str]] = {
    Denominator.RATED: N_("Those who rated"),
    Denominator.ALL: N_("Everybody asked"),
}

_MIDDLE_WORDS: Final[dict[Middle, str]] = {
    Middle.OWN: N_("Count as neither"),
    Middle.EXCLUDE: N_("Are left out"),
    Middle.WITH_AGREE: N_("Count with those who agree"),
    Middle.WITH_DISAGREE: N_("Count with those who disagree"),
}

_SMALL_GROUP_WORDS: Final[dict[SmallGroups, str]] = {
    SmallGroups.BLOCK: N_("Nothing is decided"),
    SmallGroups.LEAVE_OUT: N_("The other groups decide"),
}

_VARIANT_WORDS: Final[dict[str, str]] = {
    "mirror": N_("As it is accepted, mirrored"),
    "at_most_half": N_("When at most half agree"),
    "rising": N_("Mirrored, with 50% in round 1 and 70% from then on"),
    "either_group": N_("Never: any group keeps it"),
}

_DISAGREEMENT_WORDS: Final[dict[str, str]] = {
    "panel_table": N_("The table for panels of 8 to 16"),
    "ipras": N_("IPRAS"),
    "thirds": N_("A third at both ends"),
}

_BOUNDARY_WORDS: Final[dict[str, str]] = {
    "higher": N_("Counts towards agreement"),
    "lower": N_("Counts towards disagreement"),
}

PRESET_FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "percent_agreement": ("threshold",),
    "comet_70_15": ("variant",),
    "rand_ucla": ("disagreement", "boundary"),
    "median_iqr": ("median", "iqr"),
    "mhfa_80": (),
    "both_panels_8_9": ("agreement",),
}
"""What belongs to each preset alone."""

RULE = "protocol.consensus"


def rule_sections(desk: Desk, document: Mapping[str, Any]) -> tuple[Section, ...]:
    """The fields of the rule that holds for every criterion without one of its own."""
    own = N_("As written in the study’s file")
    presets = _PRESET_WORDS if "preset" in document["protocol"]["consensus"] else {"": own, **_PRESET_WORDS}
    return (
        Section(
            desk.say(N_("The rule")),
            (
                choice_field(desk, f"{RULE}.preset", N_("A statement is accepted when"), presets),
                choice_field(desk, f"{RULE}.scope", N_("Who must meet it"), _SCOPE_WORDS),
                FormField(
                    f"{RULE}.at_least",
                    Kind.NUMBER,
                    desk.say(N_("How many groups")),
                    hint=desk.say(N_("Only where a number of groups must meet it.")),
                    missing=desk.say(N_("Say how many groups must meet the rule.")),
                    only_with=OnlyWith(f"{RULE}.scope", (Scope.AT_LEAST,)),
                ),
            ),
        ),
        *_sections_of_presets(desk),
        _counting(desk),
    )


def _sections_of_presets(desk: Desk) -> Iterator[Section]:
    """What belongs to one rule only, under a heading that says to which."""
    by_name = {one.name.removeprefix(f"{RULE}."): one for one in _own_fields(desk)}
    for preset, names in PRESET_FIELDS.items():
        if names:
            heading = desk.say(N_("Only for the rule “%(rule)s”")) % {"rule": desk.say(_PRESET_WORDS[preset])}
            yield Section(
                heading,
                tuple(by_name[name] for name in names),
                desk.say(N_("Not looked at where another rule is chosen above.")),
                only_with=OnlyWith(f"{RULE}.preset", (preset,)),
            )


def _own_fields(desk: Desk) -> tuple[FormField, ...]:
    by_round = desk.say(N_("One number, or one for each round with spaces between: 60 70 75."))
    point_by_round = desk.say(N_("One number, or one for each round with spaces between."))
    return (
        FormField(
            f"{RULE}.threshold",
            Kind.TEXT,
            desk.say(N_("How many per cent must agree")),
            hint=by_round,
            optional=True,
        ),
        choice_field(
            desk, f"{RULE}.variant", N_("When a statement is rejected"), _VARIANT_WORDS, optional=True
        ),
        choice_field(
            desk, f"{RULE}.disagreement", N_("Disagreement is found by"), _DISAGREEMENT_WORDS, optional=True
        ),
        choice_field(
            desk, f"{RULE}.boundary", N_("A median between two bands"), _BOUNDARY_WORDS, optional=True
        ),
        FormField(
            f"{RULE}.median", Kind.TEXT, desk.say(N_("Median, at least")), hint=point_by_round, optional=True
        ),
        FormField(
            f"{RULE}.iqr",
            Kind.TEXT,
            desk.say(N_("Width of the middle half of the ratings, at most")),
            hint=point_by_round,
            optional=True,
        ),
        FormField(
            f"{RULE}.agreement",
            Kind.TICK,
            desk.say(N_("Few ratings may lie outside the third of the scale in which the median lies")),
        ),
    )


def _counting(desk: Desk) -> Section:
    return Section(
        desk.say(N_("How it is counted")),
        (
            choice_field(
                desk, f"{RULE}.denominator", N_("A share is one of"), _DENOMINATOR_WORDS, optional=True
            ),
            FormField(
                f"{RULE}.minimum_ratings",
                Kind.NUMBER,
                desk.say(N_("Ratings that a group needs to be assessed")),
                optional=True,
            ),
            choice_field(
                desk, f"{RULE}.small_groups", N_("When a group has fewer"), _SMALL_GROUP_WORDS, optional=True
            ),
            choice_field(desk, f"{RULE}.middle", N_("Neutral ratings"), _MIDDLE_WORDS, optional=True),
            FormField(
                f"{RULE}.quantile_type",
                Kind.NUMBER,
                desk.say(N_("Type of medians and quartiles, 1 to 9 as in R; usually 7")),
                optional=True,
            ),
        ),
    )
