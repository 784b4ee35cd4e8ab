"""Agreement of those who code open material: for every theme, given or not given to each piece.

A piece counts for a coder who has coded it, be it with no theme at all; what only one coder has read tells
nothing of agreement.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import combinations

import numpy as np

from analysis.agreement import Metric, krippendorff_alpha
from analysis.coding_results import CodersAgreement, CodingAgreement, Coefficient, PairAgreement
from analysis.counts import Integers
from analysis.results import NotAssessable
from analysis.stability import weighted_kappa

Codes = Mapping[str, AbstractSet[str]]
"""The themes that one coder gave, by piece; a piece without any was read, and none fitted."""

_TWO = 2


def coders_agreement(codes: Mapping[str, Codes], themes: Sequence[str]) -> CodersAgreement:
    """How far coders agree in giving themes to pieces.

    Of two coders Cohen's kappa (1960, 10.1177/001316446002000104) of given and not given: agreement beyond
    what the shares of both would give by chance, 1 perfect, 0 as by chance, below 0 systematic disagreement.
    Of more, Krippendorff's nominal alpha, which takes pieces that only some have coded. Over all themes every
    piece and theme is one decision.

    Parameters
    ----------
    codes : mapping of coder to the themes given, by piece
    themes : sequence of str
        The themes to be compared; others are left out.

    Returns
    -------
    CodersAgreement
        Values are :class:`~analysis.results.NotAssessable` where no piece was coded by two, or where all said
        the same of every piece, so that nothing is left for chance to explain.

    Examples
    --------
    >>> first = {"p1": {"hope"}, "p2": set(), "p3": {"hope"}, "p4": set()}
    >>> second = {"p1": {"hope"}, "p2": set(), "p3": set(), "p4": set()}
    >>> coders_agreement({"Ann": first, "Ben": second}, ["hope"]).overall.value
    0.5
    """
    coefficient = Coefficient.KAPPA if len(codes) <= _TWO else Coefficient.ALPHA
    pieces = sorted({piece for coded in codes.values() for piece in coded})
    said = _said(codes, pieces, themes)
    return CodersAgreement(
        coefficient=coefficient,
        overall=_agreement(said, coefficient),
        themes=tuple(_agreement(said[:, :, [place]], coefficient) for place in range(len(themes))),
        pairs=tuple(
            PairAgreement(first, second, _agreement(said[[one, other]], Coefficient.KAPPA))
            for (one, first), (other, second) in combinations(enumerate(codes), _TWO)
        ),
    )


def _said(codes: Mapping[str, Codes], pieces: Sequence[str], themes: Sequence[str]) -> Integers:
    """What was said (coder, piece, theme): 1 given, 0 not given, -1 not coded by this coder."""
    said = np.full((len(codes), len(pieces), len(themes)), -1, dtype=np.int64)
    place_of = {piece: place for place, piece in enumerate(pieces)}
    for coder, coded in enumerate(codes.values()):
        for piece, given in coded.items():
            said[coder, place_of[piece]] = [theme in given for theme in themes]
    return said


def _agreement(said: Integers, coefficient: Coefficient) -> CodingAgreement:
    """Agreement of coders (coder, piece, theme) over the pieces that two or more of them have coded."""
    n_coders = (said >= 0).all(axis=-1).sum(axis=0)
    kept = said[:, n_coders >= _TWO]
    n_pieces = int((n_coders >= _TWO).sum()) if said.shape[-1] else 0
    if not n_pieces:
        none = NotAssessable.because("no_piece_coded_twice")
        return CodingAgreement(none, 0, 0, 0, none)
    given, absent = (kept == 1).sum(axis=0), (kept == 0).sum(axis=0)
    counts = np.stack([absent, given], axis=-1).reshape(-1, _TWO)
    m = counts.sum(axis=-1)
    n_compared = int((m * (m - 1) // 2).sum())
    n_agreed = int((counts * (counts - 1) // 2).sum())
    value: float | None
    if coefficient is Coefficient.KAPPA:
        table = np.array([[((kept[0] == a) & (kept[1] == b)).sum() for b in (0, 1)] for a in (0, 1)])
        value = weighted_kappa(table, "none")
        expected = float((table.sum(axis=1) * table.sum(axis=0)).sum() / table.sum() ** 2)
    else:
        value = krippendorff_alpha(counts, Metric.NOMINAL)
        totals = counts.sum(axis=0)
        n = int(totals.sum())
        expected = float((totals * (totals - 1)).sum() / (n * (n - 1)))
    if value is None:
        return CodingAgreement(NotAssessable.because("coded_alike"), n_pieces, n_compared, n_agreed, expected)
    return CodingAgreement(value, n_pieces, n_compared, n_agreed, expected)
