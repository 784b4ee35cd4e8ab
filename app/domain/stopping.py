"""When a study has asked often enough: advice, which the researchers follow or overrule."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.domain.messages import N_, NN_, Sentence


class StoppingPolicy(StrEnum):
    """The protocol's stopping rule."""

    FIXED_ROUNDS = "fixed_rounds"
    ALL_DECIDED = "all_decided"
    STABLE = "stable"


@dataclass(frozen=True)
class StoppingFacts:
    """What the advice rests on.

    ``n_rounds_done`` and ``n_rounds_planned`` count rounds of every kind; open rounds are part of the plan.
    ``share_unchanged``: of the ratings given in the last two rounds by the same panelists, the share that
    stayed the same (None after the first round).
    """

    n_rounds_done: int
    n_rounds_planned: int
    n_undecided: int
    share_unchanged: float | None


@dataclass(frozen=True)
class StoppingAdvice:
    """Whether to conclude, and why."""

    conclude: bool
    reason: Sentence


def advise_stopping(
    policy: StoppingPolicy, facts: StoppingFacts, *, stable_share: float = 0.85
) -> StoppingAdvice:
    """What the stopping rule says after a round.

    Every policy ends at the number of rounds planned, and when nothing is left undecided. ``stable`` ends
    earlier when at least ``stable_share`` of the ratings no longer change (Scheibe's 15% turned round).
    """
    if facts.n_undecided == 0:
        return StoppingAdvice(True, Sentence(N_("Every statement has been decided.")))
    if facts.n_rounds_done >= facts.n_rounds_planned and policy is not StoppingPolicy.ALL_DECIDED:
        return StoppingAdvice(
            True,
            Sentence(
                N_("The %(rounds)s rounds planned in the protocol are done."),
                {"rounds": facts.n_rounds_planned},
            ),
        )
    if (
        policy is StoppingPolicy.STABLE
        and facts.share_unchanged is not None
        and facts.share_unchanged >= stable_share
    ):
        return StoppingAdvice(
            True,
            Sentence(
                N_("%(percent)s%% of the ratings stayed the same as in the round before."),
                {"percent": int(100 * facts.share_unchanged)},
            ),
        )
    one, several = _UNDECIDED
    return StoppingAdvice(False, Sentence(one, {"undecided": facts.n_undecided}, several, facts.n_undecided))


_UNDECIDED: Final = NN_(
    "%(undecided)s statement is still undecided.", "%(undecided)s statements are still undecided."
)
