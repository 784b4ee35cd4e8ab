"""Wide tables, one row a panelist: a small mapping file says what each column is.

The mapping is TOML::

    panelist = "id"                      # the column that names panelists
    group = "role"                       # the column with their stakeholder group
    abstention = ["99", "unable"]        # what stands in a cell where somebody was unable to rate
    columns = "r{round}_{statement}"     # how columns with ratings are named, if they follow a pattern

    [groups]                             # the file's words for groups, where they are not codes
    "Peer supporter" = "peers"

    [[rating]]                           # columns that follow no pattern, one by one
    column = "Q17"
    round = 1
    statement = "S07"
    criterion = "agreement"              # may be left out where the study has one

An empty cell is a missing rating. Columns that the mapping does not speak of are left aside.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pandas as pd

from analysis.protocol import AnalysisProtocol
from analysis.rating_faults import RatingContractError, RatingFault
from analysis.rules.reading import FieldReader, read_toml
from analysis.scale import N_, ProtocolFault, ProtocolFieldError

FIRST_ROW = 2
WHOLE_NUMBER = re.compile(r"[+-]?\d+(?:\.0+)?")
PLACES = {"round", "statement", "criterion"}


@dataclass(frozen=True, slots=True)
class RatingColumn:
    """What a column with ratings holds."""

    column: str
    round: int
    statement: str
    criterion: str


@dataclass(frozen=True, slots=True)
class WideMapping:
    """What the columns of a wide table are; ``pattern`` is the regular expression of rating columns."""

    panelist: str
    group: str
    abstentions: frozenset[str]
    group_words: Mapping[str, str]
    listed: tuple[RatingColumn, ...]
    pattern: re.Pattern[str] | None
    criterion: str

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any], protocol: AnalysisProtocol) -> Self:
        """Read a mapping; its fields are in the module's docstring.

        Raises
        ------
        ProtocolFieldError
            Every wrong field with its path.
        """
        faults: list[ProtocolFault] = []
        fields = FieldReader(mapping, "mapping", faults)
        fields.expect("panelist", "group", "abstention", "columns", "groups", "rating")
        fields.refuse_unknown()
        read = cls(
            panelist=_text(mapping, "panelist", "panelist", faults),
            group=_text(mapping, "group", "group", faults),
            abstentions=_abstentions(mapping.get("abstention", []), faults),
            group_words=_group_words(mapping.get("groups", {}), protocol, faults),
            listed=_listed(mapping.get("rating", []), protocol, faults),
            pattern=_pattern(mapping.get("columns"), protocol, faults),
            criterion=protocol.criteria[0].code,
        )
        if "columns" not in mapping and not read.listed and not faults:
            faults.append(ProtocolFault.of("columns", N_("is missing; write columns or [[rating]] tables.")))
        if faults:
            raise ProtocolFieldError(faults)
        return read

    def rating_columns(self, header: list[str]) -> tuple[RatingColumn, ...]:
        """What each column of a table with ratings holds, in the table's order.

        Raises
        ------
        RatingContractError
            Columns that are named but not there, or hold the same ratings.
        """
        by_name = {one.column: one for one in self.listed}
        faults = [
            RatingFault.of((), N_("the column %(name)s is missing; the mapping names it."), name=name)
            for name in (self.panelist, self.group, *by_name)
            if name not in header
        ]
        columns: list[RatingColumn] = []
        for name in header:
            found = by_name.get(name) or self._matched(name)
            if found is None:
                continue
            same = next((one for one in columns if _holds(one) == _holds(found)), None)
            if same is not None:
                message = N_("columns %(first)s and %(second)s hold the same ratings; map each once.")
                faults.append(RatingFault.of((), message, first=same.column, second=name))
            columns.append(found)
        if not columns and not faults:
            message = N_("no column holds ratings; look at columns in the mapping.")
            faults.append(RatingFault.of((), message))
        if faults:
            raise RatingContractError(faults)
        return tuple(columns)

    def _matched(self, name: str) -> RatingColumn | None:
        found = (
            self.pattern.fullmatch(name) if self.pattern and name not in (self.panelist, self.group) else None
        )
        if found is None:
            return None
        parts = {"round": "1", "criterion": self.criterion, **found.groupdict()}
        return RatingColumn(name, int(parts["round"]), parts["statement"], parts["criterion"])


def read_wide_mapping(path: Path, protocol: AnalysisProtocol) -> WideMapping:
    """Read a mapping file (TOML, UTF-8); faults as in ``WideMapping.from_mapping``."""
    return WideMapping.from_mapping(read_toml(path), protocol)


def long_from_wide(frame: pd.DataFrame, mapping: WideMapping, protocol: AnalysisProtocol) -> pd.DataFrame:
    """Turn a wide table of texts into the long one of :mod:`analysis.ratings`.

    Parameters
    ----------
    frame : DataFrame
        As :func:`analysis.ratings.read_table` gives it.
    mapping : WideMapping
    protocol : AnalysisProtocol

    Raises
    ------
    RatingContractError
        Every kind of fault with its column and rows.
    """
    columns = mapping.rating_columns(list(frame.columns))
    panelists = frame[mapping.panelist].str.strip()
    words = frame[mapping.group].str.strip()
    groups = words.map(lambda word: mapping.group_words.get(word, word))
    faults = _panel_faults(mapping, panelists, groups, protocol)
    parts = []
    for column in columns:
        cells = frame[column.column].str.strip()
        faults += _cell_faults(column, cells, mapping, protocol)
        rated = cells != ""
        abstained = cells.isin(mapping.abstentions)
        parts.append(
            pd.DataFrame(
                {
                    "round": column.round,
                    "statement": column.statement,
                    "criterion": column.criterion,
                    "group": groups[rated],
                    "panelist": panelists[rated],
                    "rating": cells.mask(abstained, "")[rated],
                    "abstained": abstained[rated].map({True: "true", False: "false"}),
                }
            )
        )
    if faults:
        raise RatingContractError(faults)
    return pd.concat(parts, ignore_index=True)


def _panel_faults(
    mapping: WideMapping,
    panelists: "pd.Series[str]",
    groups: "pd.Series[str]",
    protocol: AnalysisProtocol,
) -> list[RatingFault]:
    known = ", ".join([*protocol.group_codes, *mapping.group_words])
    again = panelists.duplicated(keep=False) & (panelists != "")
    unknown = ~groups.isin(protocol.group_codes)
    several = N_("column %(column)s: the same panelist stands in several rows.")
    no_group = N_("column %(column)s: unknown group; the study has %(known)s.")
    return [
        *_where(panelists == "", N_("column %(column)s: the panelist is empty."), column=mapping.panelist),
        *_where(again, several, column=mapping.panelist),
        *_where(unknown, no_group, column=mapping.group, known=known),
    ]


def _cell_faults(
    column: RatingColumn, cells: "pd.Series[str]", mapping: WideMapping, protocol: AnalysisProtocol
) -> list[RatingFault]:
    scale = protocol.criterion(column.criterion).scale
    given = ~cells.isin({"", *mapping.abstentions})
    whole = cells.str.fullmatch(WHOLE_NUMBER)
    numbers = pd.to_numeric(cells.where(given & whole), errors="coerce")
    low, high = scale.points[0], scale.points[-1]
    message = N_("column %(column)s: not a whole number from %(low)s to %(high)s, nor a word for abstention.")
    off = given & ~(whole & numbers.between(low, high))
    return _where(off, message, column=column.column, low=low, high=high)


def _where(wrong: "pd.Series[bool]", message: str, **params: object) -> list[RatingFault]:
    rows = [row + FIRST_ROW for row, found in enumerate(wrong.tolist()) if found]
    return [RatingFault.of(rows, message, **params)] if rows else []


def _holds(column: RatingColumn) -> tuple[int, str, str]:
    return column.round, column.statement, column.criterion


def _text(mapping: Mapping[str, Any], field: str, where: str, faults: list[ProtocolFault]) -> str:
    value = mapping.get(field)
    if isinstance(value, str) and value:
        return value
    faults.append(ProtocolFault.of(where, N_("is missing; write the name of a column or a code, as text.")))
    return ""


def _abstentions(value: Any, faults: list[ProtocolFault]) -> frozenset[str]:
    words = value if isinstance(value, list) else None
    if words is None or not all(type(word) in (str, int) and str(word).strip() for word in words):
        faults.append(
            ProtocolFault.of("abstention", N_('must be a list of words or numbers, such as ["99"].'))
        )
        return frozenset()
    return frozenset(str(word).strip() for word in words)


def _group_words(value: Any, protocol: AnalysisProtocol, faults: list[ProtocolFault]) -> dict[str, str]:
    if not isinstance(value, Mapping):
        faults.append(ProtocolFault.of("groups", N_("must be a table of the file's words and group codes.")))
        return {}
    for word, code in value.items():
        if code not in protocol.group_codes:
            known = ", ".join(protocol.group_codes)
            message = N_("must be one of the study's groups, %(known)s.")
            faults.append(ProtocolFault.of(f"groups.{word}", message, known=known))
    return {str(word).strip(): str(code) for word, code in value.items()}


def _listed(tables: Any, protocol: AnalysisProtocol, faults: list[ProtocolFault]) -> tuple[RatingColumn, ...]:
    if not isinstance(tables, list) or not all(isinstance(table, Mapping) for table in tables):
        faults.append(ProtocolFault.of("rating", N_("must be written as [[rating]] tables.")))
        return ()
    criteria = tuple(criterion.code for criterion in protocol.criteria)
    listed = []
    for position, table in enumerate(tables, start=1):
        where = f"rating[{position}]"
        fields = FieldReader(table, where, faults)
        fields.expect("column", "statement")
        only = criteria[0] if len(criteria) == 1 else None
        listed.append(
            RatingColumn(
                column=_text(table, "column", f"{where}.column", faults),
                round=fields.whole_number("round", low=1, high=1_000, default=1),
                statement=_text(table, "statement", f"{where}.statement", faults),
                criterion=fields.choice("criterion", criteria, default=only),
            )
        )
        fields.refuse_unknown()
    return tuple(listed)


def _pattern(value: Any, protocol: AnalysisProtocol, faults: list[ProtocolFault]) -> re.Pattern[str] | None:
    if value is None:
        return None
    places = re.findall(r"\{(\w*)\}", value) if isinstance(value, str) else []
    needed = {"statement"} if len(protocol.criteria) == 1 else {"statement", "criterion"}
    if len(places) != len(set(places)) or not needed <= set(places) <= PLACES:
        message = N_("must be a text with %(needed)s and, if need be, {round}, each once.")
        named = ", ".join(f"{{{place}}}" for place in sorted(needed))
        faults.append(ProtocolFault.of("columns", message, needed=named))
        return None
    choices = "|".join(re.escape(criterion.code) for criterion in protocol.criteria)
    read_as = {
        "round": r"(?P<round>[1-9]\d*)",
        "statement": "(?P<statement>.+)",
        "criterion": f"(?P<criterion>{choices})",
    }
    parts = re.split(r"\{(\w*)\}", value)
    return re.compile(
        "".join(read_as[part] if place % 2 else re.escape(part) for place, part in enumerate(parts))
    )
