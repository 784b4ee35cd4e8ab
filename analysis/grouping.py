"""Another grouping of the same panel: any profile answer, or the language, in place of the group."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.protocol import AnalysisProtocol, Group
from analysis.rating_faults import NO_SUCH_COLUMN, RatingContractError, RatingFault
from analysis.ratings import Ratings, RoundRatings, in_canonical_order, natural_order
from analysis.results import RESERVED_GROUPS
from analysis.scale import N_

SEVERAL = r"[;|]"
YES_NO = {
    "en": ("%s: yes", "%s: no"),
    "fr": ("%s\N{NO-BREAK SPACE}: oui", "%s\N{NO-BREAK SPACE}: non"),
    "nl": ("%s: ja", "%s: nee"),
    "de": ("%s: ja", "%s: nein"),
}


def regroup(
    ratings: Ratings,
    protocol: AnalysisProtocol,
    group_of: Mapping[str, str],
    groups: Sequence[Group] | None = None,
) -> tuple[Ratings, AnalysisProtocol]:
    """Put every panelist into another group, and the rule's scope over those groups.

    Nothing else changes: the same ratings, scales and rules. Decisions by a grouping that the protocol did
    not fix beforehand are exploratory.

    Parameters
    ----------
    ratings : Ratings
    protocol : AnalysisProtocol
    group_of : mapping of panelist to group code
        Such as their language, or their answer to a profile question. Of panelists who rated nothing it may
        speak as well.
    groups : sequence of Group, optional
        Their order and names; otherwise those that occur, in natural order, named by their code.

    Returns
    -------
    Ratings, AnalysisProtocol
        For :func:`analysis.study_analysis.analyse_study`.

    Raises
    ------
    RatingContractError
        Names the panelists without a group, and codes that are reserved or not among ``groups``.
    ProtocolFieldError
        The rule asks for more groups than there are.
    """
    panel = sorted({panelist for one in ratings.rounds for panelist in one.panelists})
    found = sorted({group_of[panelist] for panelist in panel if panelist in group_of}, key=natural_order)
    listed = tuple(groups) if groups is not None else tuple(Group(code, {}) for code in found)
    codes = tuple(group.code for group in listed)
    faults = [
        RatingFault.of((), N_("panelist %(panelist)s has no group in this grouping."), panelist=panelist)
        for panelist in panel
        if panelist not in group_of
    ]
    faults += [
        RatingFault.of(
            (),
            N_("%(code)s cannot be a group here; it is a reserved word, or not in the list of groups."),
            code=code,
        )
        for code in found
        if code in RESERVED_GROUPS or code not in codes
    ]
    if faults:
        raise RatingContractError(faults)
    place_of = {panelist: codes.index(group_of[panelist]) for panelist in panel}
    return (
        Ratings(tuple(_regrouped(one, codes, place_of) for one in ratings.rounds)),
        protocol.with_groups(listed),
    )


def _regrouped(one: RoundRatings, codes: tuple[str, ...], place_of: Mapping[str, int]) -> RoundRatings:
    group_of = np.array([place_of[panelist] for panelist in one.panelists], dtype=np.int64)
    matrices = {
        code: replace(matrix, groups=codes, group_of=group_of) for code, matrix in one.matrices.items()
    }
    return in_canonical_order(RoundRatings(one.round, one.panelists, matrices))


@dataclass(frozen=True, slots=True)
class Grouping:
    """Another group for every panelist, and the groups in their order."""

    group_of: Mapping[str, str]
    groups: tuple[Group, ...]


def grouping_in_table(frame: pd.DataFrame, group_by: str, panelist: str) -> Grouping:
    """Read a grouping from a table, the same in all rows of a panelist.

    Parameters
    ----------
    frame : DataFrame
        As :func:`analysis.ratings.read_table` gives it.
    group_by : str
        A column with one answer, whose entries become the groups; or ``column=answer``, of a column that
        holds one answer or several (separated by ``;``, ``|`` or ``,``): who chose that answer, and who did
        not.
    panelist : str
        The column with the panelists.

    Raises
    ------
    RatingContractError
        A column that is missing; rows without an entry; a panelist with two; several answers where no answer
        is named; an answer that nobody chose.
    """
    column, answer = split_grouping(group_by, frame.columns)
    for name in (column, panelist):
        if name not in frame.columns:
            raise RatingContractError([RatingFault.of((), NO_SUCH_COLUMN, name=name)])
    entries, names = frame[column].str.strip(), frame[panelist].str.strip()
    differing = entries.groupby(names).transform("nunique") > 1
    checks = [
        (entries == "", N_("the column %(column)s is empty, so this panelist has no group.")),
        (differing, N_("this panelist has several entries in %(column)s.")),
    ]
    if answer is None:
        message = N_("several answers; name the one to group by, as in %(column)s=%(answer)s.")
        checks.append((entries.str.contains(SEVERAL), message))
    told = {"column": column, "answer": _example(entries)}
    faults = [
        RatingFault.of((np.flatnonzero(wrong.to_numpy()) + 2).tolist(), message, **told)
        for wrong, message in checks
        if wrong.any()
    ]
    if faults:
        raise RatingContractError(faults)
    if answer is not None:
        return _by_answer(dict(zip(names, entries, strict=True)), column, answer)
    groups = sorted(entries.unique(), key=natural_order)
    return Grouping(dict(zip(names, entries, strict=True)), tuple(Group(code, {}) for code in groups))


def split_grouping(group_by: str, columns: Iterable[str]) -> tuple[str, str | None]:
    """The column, and the answer where one is named; a column whose name has a ``=`` is a column."""
    column, sign, answer = group_by.partition("=")
    if group_by in columns or not sign:
        return group_by, None
    return column.strip(), answer.strip()


def _example(entries: "pd.Series[str]") -> str:
    several = entries[entries.str.contains(SEVERAL)]
    return _answers(several.iloc[0])[0] if len(several) else ""


def _answers(entry: str) -> list[str]:
    parts = re.split(SEVERAL, entry) if re.search(SEVERAL, entry) else entry.split(",")
    return [part.strip() for part in parts if part.strip()]


def _by_answer(entry_of: Mapping[str, str], column: str, answer: str) -> Grouping:
    chosen = {name: {entry, *_answers(entry)} for name, entry in entry_of.items()}
    if not any(answer in answers for answers in chosen.values()):
        known = sorted({one for entry in entry_of.values() for one in _answers(entry)}, key=natural_order)
        message = N_("nobody chose %(answer)s in %(column)s; there is %(known)s.")
        told = {"answer": answer, "column": column, "known": ", ".join(known)}
        raise RatingContractError([RatingFault.of((), message, **told)])
    codes = {True: answer, False: f"not {answer}"}
    groups = (
        Group(codes[True], {locale: yes % answer for locale, (yes, _) in YES_NO.items()}),
        Group(codes[False], {locale: no % answer for locale, (_, no) in YES_NO.items()}),
    )
    return Grouping({name: codes[answer in answers] for name, answers in chosen.items()}, groups)
