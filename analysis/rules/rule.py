"""A consensus rule: what is accepted, what is rejected, in which groups, counted over what."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from analysis.rules.choices import Decision, Denominator, Middle, Scope, SmallGroups
from analysis.rules.criteria import Side
from analysis.rules.presets import sides_of_preset
from analysis.rules.reading import FieldReader
from analysis.rules.sides import read_side, write_side
from analysis.scale import N_, ProtocolFault, ProtocolFieldError, Scale

MOST_GROUPS = 100
EXCLUDE_SCOPES = (Scope.EVERY_GROUP, Scope.ANY_GROUP)
GROUP_BY_GROUP = (*EXCLUDE_SCOPES, Scope.AT_LEAST)
MOST_MINIMUM_RATINGS = 1_000_000
SHARES_ONLY_TYPE = 2


@dataclass(frozen=True, slots=True)
class ConsensusRule:
    """A consensus rule as data.

    Parameters
    ----------
    scale : Scale
        The scale the rule was read for.
    include, exclude : Side or None
        When a distribution is accepted, and when it is rejected. ``exclude = None`` rejects nothing.
    scope : Scope
    groups_needed : int or None
        Only with ``Scope.AT_LEAST``: how many groups must meet a side.
    denominator : Denominator
    quantile_type : int
        R's type (1 to 9) for medians and quartiles inside the rule; 7 unless said otherwise.
    minimum_ratings : int
        A group with fewer ratings is not assessable.
    middle : Middle
    small_groups : SmallGroups
    name : str
        The preset's name, or ``custom``.
    exclude_scope : Scope or None
        Whose ratings must meet ``exclude`` where they are others than ``scope`` asks: rejected by any group,
        for example, though accepted only by every group. Only with scopes that ask group by group.
    """

    scale: Scale
    include: Side
    exclude: Side | None
    scope: Scope = Scope.EVERY_GROUP
    groups_needed: int | None = None
    denominator: Denominator = Denominator.RATED
    quantile_type: int = 7
    minimum_ratings: int = 1
    middle: Middle = Middle.OWN
    small_groups: SmallGroups = SmallGroups.BLOCK
    name: str = "custom"
    exclude_scope: Scope | None = None

    @classmethod
    def from_mapping(
        cls, mapping: Mapping[str, Any], scale: Scale, where: str = "protocol.consensus"
    ) -> Self:
        """Read the table ``[protocol.consensus]`` of a protocol file, in its preset or its full form.

        The preset form has ``preset`` and its parameters; the full form has ``include`` and ``exclude``, each
        ``{all = [...]}`` or ``{any = [...]}`` of criteria. Both take ``scope``, ``at_least``,
        ``exclude_scope``, ``denominator``, ``quantile_type``, ``minimum_ratings``, ``middle`` and
        ``small_groups``.

        Raises
        ------
        ProtocolFieldError
            Every wrong field, with its path under ``where``.
        """
        faults: list[ProtocolFault] = []
        fields = FieldReader(mapping, where, faults)
        name, include, exclude, default_scope, default_exclude_scope = _read_sides(mapping, scale, fields)
        scope = Scope(fields.choice("scope", tuple(Scope), default=default_scope))
        rule = cls(
            scale=scale,
            include=include,
            exclude=exclude,
            scope=scope,
            groups_needed=_read_groups_needed(scope, fields),
            denominator=Denominator(
                fields.choice("denominator", tuple(Denominator), default=Denominator.RATED)
            ),
            quantile_type=fields.whole_number("quantile_type", low=1, high=9, default=7),
            minimum_ratings=fields.whole_number(
                "minimum_ratings", low=1, high=MOST_MINIMUM_RATINGS, default=1
            ),
            middle=Middle(fields.choice("middle", tuple(Middle), default=Middle.OWN)),
            small_groups=SmallGroups(
                fields.choice("small_groups", tuple(SmallGroups), default=SmallGroups.BLOCK)
            ),
            name=name,
            exclude_scope=_read_exclude_scope(scope, default_exclude_scope, fields),
        )
        if not any(fault.field == f"{where}.preset" for fault in faults):
            fields.refuse_unknown()
        if faults:
            raise ProtocolFieldError(faults)
        return rule

    def to_mapping(self) -> dict[str, Any]:
        """The full form of the rule, JSON-safe; ``from_mapping`` with the same scale gives the rule back."""
        mapping: dict[str, Any] = {"name": self.name, "include": write_side(self.include)}
        if self.exclude is not None:
            mapping["exclude"] = write_side(self.exclude)
        mapping["scope"] = self.scope.value
        if self.groups_needed is not None:
            mapping["at_least"] = self.groups_needed
        if self.exclude_scope is not None:
            mapping["exclude_scope"] = self.exclude_scope.value
        return mapping | {
            "denominator": self.denominator.value,
            "quantile_type": self.quantile_type,
            "minimum_ratings": self.minimum_ratings,
            "middle": self.middle.value,
            "small_groups": self.small_groups.value,
        }

    @property
    def type_of_quantiles(self) -> int:
        """The type that decides: the mean of the groups' distributions has shares only, hence type 2."""
        return SHARES_ONLY_TYPE if self.scope is Scope.GROUP_EQUAL else self.quantile_type

    @property
    def sides(self) -> tuple[tuple[Decision, Side], ...]:
        """The sides that exist, each with the decision it leads to."""
        accepted = ((Decision.CONSENSUS_IN, self.include),)
        return accepted if self.exclude is None else (*accepted, (Decision.CONSENSUS_OUT, self.exclude))

    def scope_of(self, decision: Decision) -> Scope:
        """Whose ratings must meet the side that leads to a decision."""
        if decision is Decision.CONSENSUS_OUT and self.exclude_scope is not None:
            return self.exclude_scope
        return self.scope


def _read_sides(
    mapping: Mapping[str, Any], scale: Scale, fields: FieldReader
) -> tuple[str, Side, Side | None, Scope, Scope | None]:
    if "preset" in mapping:
        preset = sides_of_preset(scale, fields)
        if preset is None:
            return "custom", Side(()), None, Scope.EVERY_GROUP, None
        return str(mapping["preset"]), preset.include, preset.exclude, preset.scope, preset.exclude_scope
    fields.expect("name")
    include = read_side("include", scale, fields, required=True) or Side(())
    exclude = read_side("exclude", scale, fields)
    return str(mapping.get("name", "custom")), include, exclude, Scope.EVERY_GROUP, None


def _read_exclude_scope(scope: Scope, default: Scope | None, fields: FieldReader) -> Scope | None:
    """None where ``exclude`` is asked of the same groups as ``include``."""
    if scope not in GROUP_BY_GROUP:
        if "exclude_scope" in fields.mapping:
            fields.expect("exclude_scope")
            message = N_("goes with scope %(scopes)s only.")
            fields.fault("exclude_scope", message, scopes=", ".join(GROUP_BY_GROUP))
        return None
    chosen = Scope(fields.choice("exclude_scope", EXCLUDE_SCOPES, default=default or scope))
    return None if chosen is scope else chosen


def _read_groups_needed(scope: Scope, fields: FieldReader) -> int | None:
    if scope is not Scope.AT_LEAST:
        return None
    if "at_least" not in fields.mapping:
        message = N_("is missing; with scope at_least write how many groups must meet the rule.")
        fields.fault("at_least", message)
    return fields.whole_number("at_least", low=1, high=MOST_GROUPS, default=1)
