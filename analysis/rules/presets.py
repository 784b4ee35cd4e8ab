"""Published consensus rules, built for a given scale.

Each preset returns the two sides of a rule and the scope its source uses. Thresholds are per cent.
Every preset speaks of bands and of "towards agreement", so it holds on scales of either direction.
"""

from dataclasses import dataclass
from fractions import Fraction

from analysis.rules.choices import Scope
from analysis.rules.criteria import (
    Comparison,
    Criterion,
    DisagreementCriterion,
    DisagreementMethod,
    Measure,
    MeasureCriterion,
    MedianCriterion,
    PanelAgreementCriterion,
    ShareCriterion,
    Side,
    Thresholds,
)
from analysis.rules.reading import FieldReader
from analysis.scale import N_, ONE_TO_NINE, Band, Scale

NINE_IN_THIRDS = N_("%(name)s is defined on a scale of 1 to 9 with the bands 1 to 3, 4 to 6 and 7 to 9 only.")


@dataclass(frozen=True, slots=True)
class PresetSides:
    """What a preset fixes."""

    include: Side
    exclude: Side | None
    scope: Scope
    exclude_scope: Scope | None = None


def _share(band: Band, comparison: Comparison, percent: Thresholds) -> ShareCriterion:
    return ShareCriterion(band, comparison, percent)


def _towards_agreement(scale: Scale, point: Thresholds) -> MedianCriterion:
    """The median is at ``point`` or nearer to the agreeing end."""
    if scale.high_is_agreement:
        return MedianCriterion(point, Thresholds.fixed(scale.points[-1]))
    return MedianCriterion(Thresholds.fixed(scale.points[0]), point)


def _median_in_band(scale: Scale, band: Band, *, widened: bool) -> MedianCriterion:
    """The median lies in a band; widened, also half a point from it towards the middle of the scale."""
    members = scale.points_of(band)
    low, high = Fraction(members[0]), Fraction(members[-1])
    more = Fraction(1, 2) if widened else Fraction(0)
    if members[0] == scale.points[0]:
        return MedianCriterion(Thresholds.fixed(low), Thresholds.fixed(high + more))
    return MedianCriterion(Thresholds.fixed(low - more), Thresholds.fixed(high))


def percent_agreement(_scale: Scale, fields: FieldReader) -> PresetSides:
    """In: at least ``threshold`` per cent agree; out: at least as many disagree.

    The most common definition of consensus (Diamond et al. 2014, 10.1016/j.jclinepi.2013.12.002: percent
    agreement, median threshold 75). ``threshold`` defaults to 70 (KCE process book's example).
    """
    threshold = fields.percents("threshold", default=70)
    return PresetSides(
        Side((_share(Band.AGREE, Comparison.AT_LEAST, threshold),)),
        Side((_share(Band.DISAGREE, Comparison.AT_LEAST, threshold),)),
        Scope.EVERY_GROUP,
    )


def comet_70_15(_scale: Scale, fields: FieldReader) -> PresetSides:
    """Core-outcome-set rule: in with at least 70% in the agree band and fewer than 15% in the disagree band.

    ``variant`` chooses among the published ones:

    - ``mirror``: out is the mirror image (Trials 2015, 10.1186/s13063-015-1011-8, Table 1);
    - ``at_most_half``: out with at most 50% in the agree band (PMC10860107, Table 2);
    - ``rising``: 50% suffices in round 1, 70% from round 2, out mirrored
      (Value in Health 2020, 10.1016/j.jval.2020.10.002, Table 1);
    - ``either_group``: the 70/15 rule met in any group keeps it, none is rejected
      (Trials 2017, 10.1186/s13063-017-2405-6, Table 5).
    """
    variant = fields.choice("variant", ("mirror", "at_most_half", "rising", "either_group"), default="mirror")
    high = Thresholds((Fraction(50), Fraction(70))) if variant == "rising" else Thresholds.fixed(70)

    def seventy_fifteen(for_band: Band, against: Band) -> Side:
        return Side(
            (
                _share(for_band, Comparison.AT_LEAST, high),
                _share(against, Comparison.LESS_THAN, Thresholds.fixed(15)),
            )
        )

    include = seventy_fifteen(Band.AGREE, Band.DISAGREE)
    if variant == "either_group":
        return PresetSides(include, None, Scope.ANY_GROUP)
    if variant == "at_most_half":
        exclude = Side((_share(Band.AGREE, Comparison.AT_MOST, Thresholds.fixed(50)),))
        return PresetSides(include, exclude, Scope.EVERY_GROUP)
    return PresetSides(include, seventy_fifteen(Band.DISAGREE, Band.AGREE), Scope.EVERY_GROUP)


def rand_ucla(scale: Scale, fields: FieldReader) -> PresetSides:
    """In: median in the agree band, without disagreement; out: in the disagree band, without disagreement.

    RAND/UCLA appropriateness, Fitch et al. 2001 (RAND MR-1269); the table as printed in
    10.1186/1472-6947-12-93. Scale of 1 to 9 only.
    ``disagreement`` is ``panel_table``, ``ipras`` or ``thirds``. A median that falls between two bands
    (3.5, 6.5) counts as ``boundary`` says: ``higher`` (towards agreement, as in the manual) or ``lower``.
    """
    if not scale.is_one_to_nine_in_thirds:
        fields.fault("preset", NINE_IN_THIRDS, name="rand_ucla")
    method = DisagreementMethod(
        fields.choice("disagreement", tuple(DisagreementMethod), default=DisagreementMethod.PANEL_TABLE)
    )
    higher = fields.choice("boundary", ("higher", "lower"), default="higher") == "higher"
    quiet = DisagreementCriterion(method)
    return PresetSides(
        Side((_median_in_band(scale, Band.AGREE, widened=higher), quiet)),
        Side((_median_in_band(scale, Band.DISAGREE, widened=not higher), quiet)),
        Scope.OVERALL,
    )


def median_iqr(scale: Scale, fields: FieldReader) -> PresetSides:
    """In: the median reaches ``median`` (towards agreement) and IQR <= ``iqr``; out: the mirror image.

    Defaults are those common on 1 to 9: median at least 7, IQR at most 3 (von der Gracht 2012,
    10.1016/j.techfore.2012.04.013, reviews the family); on another scale ``median`` defaults to the edge
    of the agree band and ``iqr`` to a third of the scale's width, at least 1.
    """
    edge = scale.agree[0] if scale.high_is_agreement else scale.agree[-1]
    reach = fields.numbers("median", default=edge)
    spread = fields.numbers("iqr", default=3 if scale.points == ONE_TO_NINE else max(1, scale.width // 3))
    narrow = MeasureCriterion(Measure.IQR, Comparison.AT_MOST, spread)
    mirrored_reach = reach.changed(lambda point: scale.points[0] + scale.points[-1] - point)
    return PresetSides(
        Side((_towards_agreement(scale, reach), narrow)),
        Side((_towards_agreement(scale.mirrored(), mirrored_reach), narrow)),
        Scope.OVERALL,
    )


def mhfa_80(_scale: Scale, _fields: FieldReader) -> PresetSides:
    """Mental health first aid guidelines: in when at least 80% of every panel endorse.

    Langlands et al. 2008, 10.1093/schbul/sbm097. Out as soon as fewer than 70% of any panel do. What lies
    between is not decided here: the protocol's carry-forward policy ``undecided`` has it rated again.
    """
    endorsed = Side((_share(Band.AGREE, Comparison.AT_LEAST, Thresholds.fixed(80)),))
    rejected = Side((_share(Band.AGREE, Comparison.LESS_THAN, Thresholds.fixed(70)),))
    return PresetSides(endorsed, rejected, Scope.EVERY_GROUP, exclude_scope=Scope.ANY_GROUP)


def both_panels_8_9(scale: Scale, fields: FieldReader) -> PresetSides:
    """In: a median of 8 or 9 in every panel (10.1136/qshc.2003.007815); nothing is rejected.

    ``agreement = true`` demands, as that study did, that few ratings lie outside the median's third as well.
    Scale of 1 to 9 only.
    """
    if not scale.is_one_to_nine_in_thirds:
        fields.fault("preset", NINE_IN_THIRDS, name="both_panels_8_9")
    top = _towards_agreement(scale, Thresholds.fixed(8 if scale.high_is_agreement else 2))
    criteria: tuple[Criterion, ...] = (top,)
    if fields.flag("agreement", default=False):
        criteria = (top, PanelAgreementCriterion())
    return PresetSides(Side(criteria), None, Scope.EVERY_GROUP)


PRESETS = {
    preset.__name__: preset
    for preset in (percent_agreement, comet_70_15, rand_ucla, median_iqr, mhfa_80, both_panels_8_9)
}


def sides_of_preset(scale: Scale, fields: FieldReader) -> PresetSides | None:
    """The sides of the preset that the field ``preset`` names, or None after noting a fault."""
    name = fields.choice("preset", tuple(PRESETS))
    return PRESETS[name](scale, fields) if name in PRESETS else None
