"""One side of a consensus rule to and from its table in a protocol file."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from analysis.rules.criteria import (
    Comparison,
    Criterion,
    CvrCriterion,
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
from analysis.rules.reading import FieldReader, plain_number
from analysis.scale import N_, ONE_TO_NINE, Band, ProtocolFault, Scale

MEASURES = ("share", "median", *Measure, "disagreement", "panel_agreement", "cvr")


def read_side(name: str, scale: Scale, fields: FieldReader, *, required: bool = False) -> Side | None:
    """Read ``include`` or ``exclude``; None when it is absent, or wrong (which is noted in ``fields``)."""
    fields.expect(name)
    table = fields.mapping.get(name)
    if table is None:
        if required:
            message = N_('is missing; write preset = "percent_agreement", or include.all = [...].')
            fields.fault(name, message)
        return None
    if not isinstance(table, Mapping) or len(table) != 1 or next(iter(table)) not in ("all", "any"):
        fields.fault(name, N_("must hold one list, named all or any, of criteria."))
        return None
    ((combination, listed),) = table.items()
    if (
        not isinstance(listed, list | tuple)
        or not listed
        or not all(isinstance(entry, Mapping) for entry in listed)
    ):
        fields.fault(
            f"{name}.{combination}", N_('must be a list of criteria such as {measure = "share", ...}.')
        )
        return None
    criteria = [
        _read_criterion(entry, scale, f"{fields.where}.{name}.{combination}[{position}]", fields.faults)
        for position, entry in enumerate(listed, start=1)
    ]
    return Side(
        tuple(criterion for criterion in criteria if criterion is not None), any_of=combination == "any"
    )


def _read_criterion(
    mapping: Mapping[str, Any], scale: Scale, where: str, faults: list[ProtocolFault]
) -> Criterion | None:
    fields = FieldReader(mapping, where, faults)
    measure = fields.choice("measure", MEASURES)
    if not measure:
        return None
    before = len(faults)
    if measure in tuple(Measure):
        criterion: Criterion | None = _read_measure(fields, Measure(measure))
    else:
        criterion = _CRITERION_READERS[measure](fields, scale)
    fields.refuse_unknown()
    return criterion if len(faults) == before else None


def _read_share(fields: FieldReader, scale: Scale) -> Criterion | None:
    band = fields.choice("band", tuple(Band))
    comparison = fields.choice("comparison", tuple(Comparison), default=Comparison.AT_LEAST)
    percent = fields.percents("percent")
    if band == Band.NEUTRAL and not scale.neutral:
        fields.fault("band", N_("is neutral, but the scale has no neutral points."))
    return ShareCriterion(Band(band), Comparison(comparison), percent) if band else None


def _read_median(fields: FieldReader, scale: Scale) -> Criterion:
    low = fields.numbers("low", default=scale.points[0])
    high = fields.numbers("high", default=scale.points[-1])
    rounds = range(1, max(len(low.values), len(high.values)) + 1)
    if any(low.at(number) > high.at(number) for number in rounds):
        fields.fault("low", N_("is above high, so no median can lie between them."))
    elif min(high.values) < scale.points[0] or max(low.values) > scale.points[-1]:
        fields.fault("low", N_("lies, with high, off the scale."))
    return MedianCriterion(low, high)


def _read_disagreement(fields: FieldReader, scale: Scale) -> Criterion:
    method = DisagreementMethod(
        fields.choice("method", tuple(DisagreementMethod), default=DisagreementMethod.PANEL_TABLE)
    )
    if method is DisagreementMethod.PANEL_TABLE and not scale.is_one_to_nine_in_thirds:
        message = N_(
            "panel_table is defined on a scale of 1 to 9 with the bands 1 to 3, 4 to 6 and 7 to 9 only; "
            "thirds fits any."
        )
        fields.fault("method", message)
    elif method is DisagreementMethod.IPRAS and scale.points != ONE_TO_NINE:
        fields.fault("method", N_("ipras is defined on a scale of 1 to 9 only; thirds fits any."))
    return DisagreementCriterion(method, fields.flag("present", default=False))


def _read_panel_agreement(_fields: FieldReader, _scale: Scale) -> Criterion:
    return PanelAgreementCriterion()


def _read_cvr(fields: FieldReader, _scale: Scale) -> Criterion:
    band = fields.choice("band", tuple(Band), default=Band.AGREE)
    alpha = fields.number("alpha", default=Fraction(1, 20))
    if not 0 < alpha < 1:
        fields.fault("alpha", N_("must lie between 0 and 1; the usual one is 0.05."))
    return CvrCriterion(Band(band), alpha)


def _read_measure(fields: FieldReader, measure: Measure) -> Criterion | None:
    default = Comparison.AT_MOST if measure in (Measure.IQR, Measure.SD) else Comparison.AT_LEAST
    comparison = Comparison(fields.choice("comparison", tuple(Comparison), default=default))
    return MeasureCriterion(measure, comparison, fields.numbers("value"))


_CRITERION_READERS = {
    "share": _read_share,
    "median": _read_median,
    "disagreement": _read_disagreement,
    "panel_agreement": _read_panel_agreement,
    "cvr": _read_cvr,
}


def write_side(side: Side) -> dict[str, Any]:
    """The table ``read_side`` reads; JSON-safe."""
    return {"any" if side.any_of else "all": [_write_criterion(criterion) for criterion in side.criteria]}


def _write_thresholds(thresholds: Thresholds) -> Any:
    numbers = [plain_number(value) for value in thresholds.values]
    return numbers[0] if len(numbers) == 1 else numbers


def _write_criterion(criterion: Criterion) -> dict[str, Any]:
    match criterion:
        case ShareCriterion(band, comparison, percent):
            return {
                "measure": "share",
                "band": band.value,
                "comparison": comparison.value,
                "percent": _write_thresholds(percent),
            }
        case MedianCriterion(low, high):
            return {"measure": "median", "low": _write_thresholds(low), "high": _write_thresholds(high)}
        case MeasureCriterion(measure, comparison, value):
            return {
                "measure": measure.value,
                "comparison": comparison.value,
                "value": _write_thresholds(value),
            }
        case DisagreementCriterion(method, present):
            return {"measure": "disagreement", "method": method.value, "present": present}
        case CvrCriterion(band, alpha):
            return {"measure": "cvr", "band": band.value, "alpha": plain_number(alpha)}
    return {"measure": "panel_agreement"}
