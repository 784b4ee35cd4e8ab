"""Tests, effect sizes and changes told in sentences: the value, its interval, and what it means."""

from typing import Final

from analysis.other_views import GroupMovement
from analysis.results import (
    Divergence,
    NotAssessable,
    PairDivergence,
    Stability,
    StabilityVerdict,
    TestResult,
)
from app.domain.messages import N_
from app.web.researcher.desk import StudyDesk
from app.web.researcher.figures import StudyWords

SIGNIFICANT: Final = 0.05
SMALLEST_P: Final = 0.001

_BY_GROUP: Final = N_(
    "ε² is %(effect)s, from 0 for groups that do not differ to 1: with the group goes %(percent)s of how "
    "panelists differ in rank."
)
_SHAPE: Final = N_(
    "This test also notices a group that is split where others are of one mind; it has no effect size of "
    "its own, the distances between every two groups stand above."
)
_RARE: Final = N_(
    "p, corrected for all statements, is %(p)s, below 0.05: chance alone would rarely set the groups so far "
    "apart."
)
_NOT_RARE: Final = N_(
    "p, corrected for all statements, is %(p)s, not below 0.05: chance alone may set the groups so far "
    "apart. That does not show that they think alike."
)
_PAIR: Final = N_(
    "Of 100 pairs with one from each group, %(n)s more are nearer to agreement on the side of %(higher)s "
    "than on that of %(lower)s."
)
_NEITHER: Final = N_("Neither side rates nearer to agreement.")
_DELTA_LIMITS: Final = N_("With 95%% confidence delta lies between %(low)s and %(high)s.")
_MOVE_APART: Final = N_("Ratings would have to move by %(distance)s of the scale to be spread alike.")
_PAIR_RARE: Final = N_(
    "p, corrected for the pairs, is %(p)s, below 0.05: chance alone would rarely set these two so far apart."
)
_PAIR_NOT_RARE: Final = N_(
    "p, corrected for the pairs, is %(p)s, not below 0.05: chance alone may set these two so far apart."
)
_CHANGED: Final = N_(
    "Agreement changed by %(change)s percentage points (95%% interval %(low)s to %(high)s) among the %(n)s "
    "who rated twice."
)
_STABLE: Final = N_("The distribution changed by %(net)s, less than the 15%% from which it counts as moving.")
_MOVING: Final = N_("The distribution changed by %(net)s; from 15%% on it counts as still moving.")
_MOVES_RARE: Final = N_(
    "Wilcoxon’s p is %(p)s, below 0.05: more moved one way than chance alone would have it."
)
_MOVES_NOT_RARE: Final = N_(
    "Wilcoxon’s p is %(p)s, not below 0.05: as many moves one way may be chance alone."
)
_CROSSED: Final = N_("%(gained)s came to agree and %(lost)s ceased to; p of McNemar is %(p)s.")
_KAPPA: Final = N_("Kappa is %(kappa)s: 1 where nobody changed, 0 as by chance.")


class ResultWords:
    """Sentences on one study's figures in one language."""

    def __init__(self, desk: StudyDesk, words: StudyWords) -> None:
        self._say = desk.say
        self._written = desk.written
        self._words = words

    def p(self, value: float) -> str:
        """A p as it is read: very small ones are not written out."""
        if value < SMALLEST_P:
            return f"< {self._written.number(SMALLEST_P, 3)}"
        return self._written.number(value, 3)

    def location(self, divergence: Divergence) -> tuple[str, ...]:
        """Whether some groups rate nearer to agreement than others."""
        effect = divergence.epsilon_squared
        if isinstance(effect, NotAssessable):
            return (self._words.reason(effect.reason),)
        told = {"effect": self._written.number(effect, 2), "percent": self._written.percent(effect)}
        return (self._say(_BY_GROUP) % told, *self._rarity(divergence.kruskal_wallis))

    def shape(self, divergence: Divergence) -> tuple[str, ...]:
        """Whether the groups' ratings are spread differently."""
        test = divergence.cramer_von_mises
        if isinstance(test.p_fdr, NotAssessable):
            return (self._words.reason(test.p_fdr.reason),)
        return (self._say(_SHAPE), *self._rarity(test))

    def _rarity(self, test: TestResult) -> tuple[str, ...]:
        if isinstance(test.p_fdr, NotAssessable):
            return (self._words.reason(test.p_fdr.reason),)
        message = _RARE if test.p_fdr < SIGNIFICANT else _NOT_RARE
        return (self._say(message) % {"p": self.p(test.p_fdr)},)

    def pair(self, pair: PairDivergence) -> tuple[str, ...]:
        """How far two groups are apart, how surely, and how rare that would be by chance."""
        delta = pair.cliffs_delta
        if isinstance(delta.value, NotAssessable):
            return (self._words.reason(delta.value.reason),)
        told = [self._nearer(pair, delta.value)]
        if not isinstance(delta.lower, NotAssessable) and not isinstance(delta.upper, NotAssessable):
            limits = {
                name: self._written.number(v, 2) for name, v in (("low", delta.lower), ("high", delta.upper))
            }
            told.append(self._say(_DELTA_LIMITS) % limits)
        if not isinstance(pair.wasserstein, NotAssessable):
            told.append(self._say(_MOVE_APART) % {"distance": self._written.percent(pair.wasserstein)})
        if isinstance(pair.p_holm, NotAssessable):
            told.append(self._words.reason(pair.p_holm.reason))
        else:
            message = _PAIR_RARE if pair.p_holm < SIGNIFICANT else _PAIR_NOT_RARE
            told.append(self._say(message) % {"p": self.p(pair.p_holm)})
        return tuple(told)

    def _nearer(self, pair: PairDivergence, delta: float) -> str:
        if not delta:
            return self._say(_NEITHER)
        names = [self._words.group(code).name for code in (pair.first, pair.second)]
        higher, lower = names if delta > 0 else reversed(names)
        return self._say(_PAIR) % {
            "n": self._written.number(abs(delta) * 100, 0),
            "higher": higher,
            "lower": lower,
        }

    def movement(self, movement: GroupMovement) -> tuple[str, ...]:
        """What the same panelists did: how agreement changed, and whether the distribution still moves."""
        change = movement.agree_change
        if isinstance(movement.net_change, NotAssessable) or isinstance(change.value, NotAssessable):
            return ()
        told = {
            name: self.points(value)
            for name, value in (("change", change.value), ("low", change.lower), ("high", change.upper))
            if not isinstance(value, NotAssessable)
        }
        net = {"net": self._written.percent(movement.net_change)}
        return (
            self._say(_CHANGED) % {**told, "n": movement.n},
            self._say(_STABLE if movement.verdict is StabilityVerdict.STABLE else _MOVING) % net,
        )

    def points(self, share: float) -> str:
        """A difference of shares in percentage points, with its sign."""
        rounded = round(share * 100)
        sign = "+" if rounded > 0 else "−" if rounded < 0 else ""
        return f"{sign}{self._written.number(abs(rounded), 0)}"

    def stability(self, stability: Stability) -> tuple[str, ...]:
        """What the tests on the same panelists' two ratings say."""
        told = []
        if not isinstance(stability.wilcoxon_p, NotAssessable):
            message = _MOVES_RARE if stability.wilcoxon_p < SIGNIFICANT else _MOVES_NOT_RARE
            told.append(self._say(message) % {"p": self.p(stability.wilcoxon_p)})
        if not isinstance(stability.mcnemar_p, NotAssessable):
            crossed = {"gained": stability.mcnemar_gained, "lost": stability.mcnemar_lost}
            told.append(self._say(_CROSSED) % {**crossed, "p": self.p(stability.mcnemar_p)})
        if not isinstance(stability.kappa, NotAssessable):
            told.append(self._say(_KAPPA) % {"kappa": self._written.number(stability.kappa, 2)})
        if stability.kappa_note is not None:
            told.append(self._words.reason(stability.kappa_note))
        return tuple(told)
