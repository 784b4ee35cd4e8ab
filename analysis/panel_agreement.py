"""Agreement coefficients of every group and of the whole panel, as results."""

import numpy as np

from analysis.agreement import AgreementEstimate, gwet_ac_with_jackknife, krippendorff_with_jackknife
from analysis.counts import Positions
from analysis.ratings import RatingMatrix
from analysis.results import OVERALL, Estimate, NotAssessable, PanelAgreement, Reason

CROWDED_SHARE = 0.8


def panel_agreement(matrix: RatingMatrix, criterion: str) -> list[PanelAgreement]:
    """Krippendorff's ordinal alpha and Gwet's AC2 of each group, then ``overall``."""
    entries = []
    for place, group in enumerate((*matrix.groups, OVERALL)):
        members = np.ones(len(matrix.panelists), dtype=bool) if group == OVERALL else matrix.group_of == place
        positions = matrix.positions[members]
        n_points = len(matrix.scale.points)
        entries.append(
            PanelAgreement(
                criterion=criterion,
                group=group,
                n_panelists=int((positions >= 0).any(axis=1).sum()),
                n_statements=int((positions >= 0).any(axis=0).sum()),
                krippendorff_alpha=_estimate(krippendorff_with_jackknife(positions, n_points)),
                gwet_ac2=_estimate(gwet_ac_with_jackknife(positions, n_points)),
                notes=_crowding(positions),
            )
        )
    return entries


def _estimate(estimate: AgreementEstimate) -> Estimate:
    if estimate.value is None:
        return Estimate.missing(NotAssessable.because("nothing_to_compare"))
    none = NotAssessable.because("too_few_for_interval")
    return Estimate(
        estimate.value,
        none if estimate.lower is None else estimate.lower,
        none if estimate.upper is None else estimate.upper,
    )


def _crowding(positions: Positions) -> tuple[Reason, ...]:
    """Note when most ratings lie on one point: coefficients are then low whatever the agreement."""
    rated = positions[positions >= 0]
    if not rated.size:
        return ()
    largest = float(np.bincount(rated).max() / rated.size)
    return (Reason.of("restricted_range", share=100 * largest),) if largest >= CROWDED_SHARE else ()
