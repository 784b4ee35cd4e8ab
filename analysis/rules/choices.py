"""The choices a consensus rule is made of, and the decisions it leads to."""

from enum import StrEnum


class Decision(StrEnum):
    """The verdict of a consensus rule on one statement and criterion."""

    CONSENSUS_IN = "consensus_in"
    CONSENSUS_OUT = "consensus_out"
    NO_CONSENSUS = "no_consensus"
    NOT_ASSESSABLE = "not_assessable"


class Scope(StrEnum):
    """Whose ratings must meet the rule.

    ``group_equal`` asks it of the mean of the groups' distributions, each group counting the same.
    ``at_least`` asks it of a number of groups (``ConsensusRule.groups_needed``).
    """

    OVERALL = "overall"
    EVERY_GROUP = "every_group"
    ANY_GROUP = "any_group"
    AT_LEAST = "at_least"
    GROUP_EQUAL = "group_equal"


class Denominator(StrEnum):
    """What a share is a share of: the ratings, or everybody (abstained and missing included)."""

    RATED = "rated"
    ALL = "all"


class Middle(StrEnum):
    """How ratings in the neutral band count in shares.

    ``own``: as what they are. ``exclude``: left out, of the denominator too.
    ``with_agree`` / ``with_disagree``: counted with that side.
    """

    OWN = "own"
    EXCLUDE = "exclude"
    WITH_AGREE = "with_agree"
    WITH_DISAGREE = "with_disagree"


class SmallGroups(StrEnum):
    """How the scope treats a group with too few ratings to assess.

    ``block``: the statement is not assessable wherever such a group could still change the decision.
    ``leave_out``: the other groups decide.
    """

    BLOCK = "block"
    LEAVE_OUT = "leave_out"
