"""What an analysis needs of a study's protocol: groups, criteria with scales, and the consensus rules.

The same ``study.toml`` that a study is imported from can be read here, so an analysis without the service
decides by the very same text. Tables that do not concern the figures are left alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

from analysis.results import RESERVED_GROUPS
from analysis.rules import ConsensusRule, Scope
from analysis.rules.reading import NO_TABLES, read_toml
from analysis.scale import N_, ProtocolFault, ProtocolFieldError, Scale


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing statements are rated on: its scale, its rule, and what it is called.

    ``names`` and ``labels`` are by locale; ``labels`` gives one text per point, low to high.
    """

    code: str
    scale: Scale
    rule: ConsensusRule
    names: Mapping[str, str]
    labels: Mapping[str, tuple[str, ...]]

    def name(self, locale: str) -> str:
        """Its name in a language; in the first language given, or its code, where that is missing."""
        return self.names.get(locale) or next(iter(self.names.values()), self.code)


@dataclass(frozen=True, slots=True)
class Group:
    """A stakeholder group: its code and what it is called, by locale."""

    code: str
    names: Mapping[str, str]

    def name(self, locale: str) -> str:
        """Its name in a language; in the first language given, or its code, where that is missing."""
        return self.names.get(locale) or next(iter(self.names.values()), self.code)


@dataclass(frozen=True, slots=True)
class AnalysisProtocol:
    """Groups and criteria in the study's order; everything an analysis is decided by."""

    groups: tuple[Group, ...]
    criteria: tuple[Criterion, ...]

    @property
    def group_codes(self) -> tuple[str, ...]:
        """The groups' codes, in the study's order."""
        return tuple(group.code for group in self.groups)

    def criterion(self, code: str) -> Criterion:
        """The criterion of that code."""
        return next(criterion for criterion in self.criteria if criterion.code == code)

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Self:
        """Read ``[[group]]``, ``[[criterion]]`` and ``[protocol.consensus]``.

        A criterion may have a table ``consensus`` of its own; otherwise the protocol's rule holds.

        Raises
        ------
        ProtocolFieldError
            Every wrong field with its path.
        """
        faults: list[ProtocolFault] = []
        groups = _read_groups(mapping.get("group"), faults)
        criteria = _read_criteria(mapping, faults)
        faults += _too_many_asked(criteria, len(groups))
        if faults:
            raise ProtocolFieldError(faults)
        return cls(groups, criteria)

    def with_groups(self, groups: Sequence[Group]) -> Self:
        """The same criteria and rules over other groups.

        Raises
        ------
        ProtocolFieldError
            A rule asks for more groups than there are.
        """
        faults = _too_many_asked(self.criteria, len(groups))
        if faults:
            raise ProtocolFieldError(faults)
        return replace(self, groups=tuple(groups))


def read_protocol(path: Path) -> AnalysisProtocol:
    """Read a protocol file (TOML, UTF-8).

    Raises
    ------
    ProtocolFieldError
        Also when the file is not TOML, with the line where reading stopped.
    """
    return AnalysisProtocol.from_mapping(read_toml(path))


def _too_many_asked(criteria: Sequence[Criterion], n_groups: int) -> list[ProtocolFault]:
    """Note rules that ask for more groups than there are."""
    message = N_("asks for %(needed)s groups, but the study has %(n)s.")
    asked = (criterion.rule.groups_needed for criterion in criteria if criterion.rule.scope is Scope.AT_LEAST)
    return [
        ProtocolFault.of("protocol.consensus.at_least", message, needed=needed, n=n_groups)
        for needed in asked
        if needed is not None and needed > n_groups
    ]


def _read_groups(tables: Any, faults: list[ProtocolFault]) -> tuple[Group, ...]:
    return tuple(
        Group(str(table["code"]), _texts(table.get("name")))
        for table in _coded_tables(tables, "group", faults, reserved=RESERVED_GROUPS)
    )


def _read_criteria(mapping: Mapping[str, Any], faults: list[ProtocolFault]) -> tuple[Criterion, ...]:
    protocol = mapping.get("protocol")
    shared = protocol.get("consensus") if isinstance(protocol, Mapping) else None
    criteria = []
    for table in _coded_tables(mapping.get("criterion"), "criterion", faults):
        where = f"criterion.{table['code']}"
        own = table.get("consensus")
        rule_table, rule_where = (
            (own, f"{where}.consensus") if own is not None else (shared, "protocol.consensus")
        )
        try:
            scale = Scale.from_mapping(_table(table, "scale", where), f"{where}.scale")
            if not isinstance(rule_table, Mapping):
                missing = ProtocolFault.of(
                    rule_where, N_("is missing; the rule must be fixed before the ratings.")
                )
                raise ProtocolFieldError([missing])  # noqa: TRY301  # collected with the others just below
            rule = ConsensusRule.from_mapping(rule_table, scale, rule_where)
        except ProtocolFieldError as error:
            faults.extend(fault for fault in error.faults if fault not in faults)
            continue
        labels = {locale: tuple(texts) for locale, texts in (table.get("labels") or {}).items()}
        criteria.append(Criterion(str(table["code"]), scale, rule, _texts(table.get("name")), labels))
    return tuple(criteria)


def _coded_tables(
    tables: Any, name: str, faults: list[ProtocolFault], reserved: Sequence[str] = ()
) -> list[Mapping[str, Any]]:
    if not isinstance(tables, list) or not tables:
        faults.append(ProtocolFault.of(name, NO_TABLES, name=name))
        return []
    good = []
    seen: set[str] = set()
    for position, table in enumerate(tables, start=1):
        code = table.get("code") if isinstance(table, Mapping) else None
        where = f"{name}[{position}].code"
        if not isinstance(code, str) or not code:
            faults.append(
                ProtocolFault.of(where, N_("is missing; every %(name)s has a short code."), name=name)
            )
        elif code in seen:
            faults.append(ProtocolFault.of(where, N_("%(code)s is used twice."), code=code))
        elif code in reserved:
            faults.append(
                ProtocolFault.of(where, N_("%(code)s is a reserved word; choose another code."), code=code)
            )
        else:
            seen.add(code)
            good.append(table)
    return good


def _table(table: Mapping[str, Any], name: str, where: str) -> Mapping[str, Any]:
    value = table.get(name)
    if not isinstance(value, Mapping):
        raise ProtocolFieldError([ProtocolFault.of(f"{where}.{name}", N_("is missing; write the table."))])
    return value


def _texts(value: Any) -> dict[str, str]:
    return {str(locale): str(text) for locale, text in value.items()} if isinstance(value, Mapping) else {}
