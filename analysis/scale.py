"""Rating scales: their points, which end is agreement, and their bands.

Standard library only: the domain of the app imports this module on the panelist's path.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

FEWEST_POINTS = 2
MOST_POINTS = 101
ONE_TO_NINE = tuple(range(1, 10))
THIRD = 3


class Direction(StrEnum):
    """Which end of the scale means agreement."""

    HIGH_IS_AGREEMENT = "high_is_agreement"
    LOW_IS_AGREEMENT = "low_is_agreement"


class Band(StrEnum):
    """The three parts of a scale, from rejection to acceptance."""

    DISAGREE = "disagree"
    NEUTRAL = "neutral"
    AGREE = "agree"


def N_(message: str) -> str:  # noqa: N802  # the customary name of a gettext marker
    """Mark a sentence on a fault for translation and give it back unchanged."""
    return message


PLACE_AND_FAULT = N_("%(label)s: %(value)s")


def untranslated(message: str) -> str:
    """Leave a sentence in English: what a fault is told with where nobody asks for another language."""
    return message


@dataclass(frozen=True, slots=True)
class ProtocolFault:
    """One thing that is wrong in a protocol: the field's path and a sentence.

    ``message`` is an English sentence with ``%(name)s`` placeholders, marked with ``N_`` so that it can be
    translated; ``str(fault)`` is the finished English text.
    """

    field: str
    message: str
    params: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, field: str, message: str, **params: object) -> Self:
        """Build with the placeholders' values as keywords."""
        return cls(field, message, tuple((name, str(value)) for name, value in params.items()))

    def sentence(self, translate: Callable[[str], str] = untranslated) -> str:
        """What is wrong, without the field, in the language that ``translate`` turns messages into."""
        return translate(self.message) % dict(self.params)

    def in_words(self, translate: Callable[[str], str] = untranslated) -> str:
        """The field and what is wrong with it, in the language that ``translate`` turns messages into."""
        return translate(PLACE_AND_FAULT) % {"label": self.field, "value": self.sentence(translate)}

    def __str__(self) -> str:
        return self.in_words()


class ProtocolFieldError(ValueError):
    """A protocol cannot be read; ``faults`` names every wrong field, not only the first."""

    def __init__(self, faults: Sequence[ProtocolFault]) -> None:
        self.faults: tuple[ProtocolFault, ...] = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


@dataclass(frozen=True, slots=True)
class Scale:
    """An ordinal rating scale of 2 to 101 consecutive integer points.

    Parameters
    ----------
    points : tuple of int
        The points in rising order, for example ``(1, 2, 3, 4, 5)``.
    direction : Direction
        Which end means agreement. Nothing else in the engine assumes an end.
    disagree, neutral, agree : tuple of int
        The bands. Together they hold every point exactly once and follow the direction:
        with ``high_is_agreement`` disagree lies below neutral, neutral below agree.
        ``neutral`` may be empty (a scale without a middle); the others may not.

    Raises
    ------
    ProtocolFieldError
        With every fault found.
    """

    points: tuple[int, ...]
    direction: Direction
    disagree: tuple[int, ...]
    neutral: tuple[int, ...]
    agree: tuple[int, ...]

    def __post_init__(self) -> None:
        faults = _scale_faults(self, where="scale")
        if faults:
            raise ProtocolFieldError(faults)

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any], where: str = "scale") -> Self:
        """Read the table ``[criterion.scale]`` of a protocol file.

        Raises
        ------
        ProtocolFieldError
            Every wrong field, with its path under ``where``.
        """
        faults: list[ProtocolFault] = []
        known = {"points", "direction", *(band.value for band in Band)}
        faults.extend(
            ProtocolFault.of(
                f"{where}.{key}",
                N_("is not a field here; the fields are %(known)s."),
                known=", ".join(sorted(known)),
            )
            for key in mapping
            if key not in known
        )
        direction = _read_direction(mapping, where, faults)
        lists = {
            name: _read_points(mapping, name, where, faults, required=name != Band.NEUTRAL)
            for name in ("points", *(band.value for band in Band))
        }
        if faults:
            raise ProtocolFieldError(faults)
        try:
            return cls(direction=direction, **lists)
        except ProtocolFieldError as error:
            raise ProtocolFieldError(
                [
                    ProtocolFault(where + fault.field.removeprefix("scale"), fault.message, fault.params)
                    for fault in error.faults
                ]
            ) from None

    def to_mapping(self) -> dict[str, Any]:
        """Write the table ``from_mapping`` reads; JSON-safe."""
        return {
            "points": list(self.points),
            "direction": self.direction.value,
            "disagree": list(self.disagree),
            "neutral": list(self.neutral),
            "agree": list(self.agree),
        }

    def points_of(self, band: Band) -> tuple[int, ...]:
        """Give the points of a band, rising."""
        if band is Band.AGREE:
            return self.agree
        return self.disagree if band is Band.DISAGREE else self.neutral

    def band_of(self, point: int) -> Band:
        """Find the band a point lies in.

        Raises
        ------
        ValueError
            When the point is not on the scale.
        """
        for band in Band:
            if point in self.points_of(band):
                return band
        raise ValueError(f"{point} is not a point of the scale {self.points[0]} to {self.points[-1]}")

    def __contains__(self, point: object) -> bool:
        return point in self.points

    @property
    def high_is_agreement(self) -> bool:
        """Whether higher points mean more agreement."""
        return self.direction is Direction.HIGH_IS_AGREEMENT

    @property
    def width(self) -> int:
        """Distance from the lowest to the highest point."""
        return self.points[-1] - self.points[0]

    @property
    def is_one_to_nine_in_thirds(self) -> bool:
        """Whether it is the scale of the RAND/UCLA method: 1 to 9, with three points in every band."""
        return self.points == ONE_TO_NINE and len(self.agree) == len(self.disagree) == THIRD

    def mirrored(self) -> Self:
        """Read the same scale from its other end: the lowest point takes the place of the highest."""
        return type(self)(
            self.points,
            Direction.LOW_IS_AGREEMENT if self.high_is_agreement else Direction.HIGH_IS_AGREEMENT,
            *(tuple(sorted(self.mirror(point) for point in self.points_of(band))) for band in Band),
        )

    def mirror(self, point: int) -> int:
        """Give the point as far from the top as this one is from the bottom."""
        return self.points[0] + self.points[-1] - point


def _read_direction(mapping: Mapping[str, Any], where: str, faults: list[ProtocolFault]) -> Direction:
    try:
        return Direction(mapping["direction"])
    except KeyError:
        message = N_(
            "is missing; write one of %(choices)s, so that nobody has to guess which end is agreement."
        )
    except ValueError:
        message = N_("must be one of %(choices)s.")
    faults.append(ProtocolFault.of(f"{where}.direction", message, choices=", ".join(Direction)))
    return Direction.HIGH_IS_AGREEMENT


def _read_points(
    mapping: Mapping[str, Any], name: str, where: str, faults: list[ProtocolFault], *, required: bool
) -> tuple[int, ...]:
    if name not in mapping:
        if required:
            faults.append(
                ProtocolFault.of(f"{where}.{name}", N_("is missing; write a list of whole numbers."))
            )
        return ()
    value = mapping[name]
    if not isinstance(value, list | tuple) or not all(type(point) is int for point in value):
        faults.append(
            ProtocolFault.of(f"{where}.{name}", N_("must be a list of whole numbers, such as [1, 2, 3]."))
        )
        return ()
    return tuple(value)


def _scale_faults(scale: Scale, where: str) -> list[ProtocolFault]:
    points = scale.points
    if not FEWEST_POINTS <= len(points) <= MOST_POINTS:
        return [
            ProtocolFault.of(
                f"{where}.points",
                N_("has %(n)s points; a scale has %(fewest)s to %(most)s."),
                n=len(points),
                fewest=FEWEST_POINTS,
                most=MOST_POINTS,
            )
        ]
    if points != tuple(range(points[0], points[0] + len(points))):
        return [
            ProtocolFault.of(
                f"{where}.points", N_("must be consecutive whole numbers in rising order, such as 1, 2, 3.")
            )
        ]
    faults = _band_faults(scale, where)
    return faults or _order_faults(scale, where)


def _band_faults(scale: Scale, where: str) -> list[ProtocolFault]:
    faults = []
    owner: dict[int, Band] = {}
    for band in Band:
        members = scale.points_of(band)
        if not members and band is not Band.NEUTRAL:
            faults.append(
                ProtocolFault.of(
                    f"{where}.{band}", N_("is empty; at least one point must mean %(band)s."), band=band
                )
            )
        for point in members:
            if point not in scale.points:
                faults.append(
                    ProtocolFault.of(
                        f"{where}.{band}", N_("%(point)s is not a point of the scale."), point=point
                    )
                )
            elif point in owner:
                message = N_("%(point)s is already in %(other)s; a point lies in one band, once.")
                faults.append(ProtocolFault.of(f"{where}.{band}", message, point=point, other=owner[point]))
            else:
                owner[point] = band
    missing = [str(point) for point in scale.points if point not in owner]
    if missing and not faults:
        message = N_("lie in no band: %(missing)s; put each into disagree, neutral or agree.")
        faults.append(ProtocolFault.of(f"{where}.points", message, missing=", ".join(missing)))
    return faults


def _order_faults(scale: Scale, where: str) -> list[ProtocolFault]:
    in_order = scale.disagree + scale.neutral + scale.agree
    if not scale.high_is_agreement:
        in_order = scale.agree + scale.neutral + scale.disagree
    if in_order == scale.points:
        return []
    order = "disagree, neutral, agree" if scale.high_is_agreement else "agree, neutral, disagree"
    message = N_("with %(direction)s the bands must follow the points as %(order)s, each list rising.")
    return [ProtocolFault.of(f"{where}.direction", message, direction=scale.direction, order=order)]
