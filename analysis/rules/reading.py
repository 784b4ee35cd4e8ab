"""Reading protocol files and the fields of their tables, noting every fault and not only the first."""

import tomllib
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from analysis.rules.criteria import Thresholds
from analysis.scale import N_, ProtocolFault, ProtocolFieldError

WHOLE = 100
UNKNOWN_FIELD = N_("is not a field here; the fields are %(known)s.")
NO_TABLES = N_("is missing; write at least one [[%(name)s]].")


class FieldReader:
    """Reads typed fields of one table; faults go to a shared list, and a default is returned instead.

    Parameters
    ----------
    mapping : mapping
        The table.
    where : str
        Its path in the file, for messages.
    faults : list of ProtocolFault
        Where faults are noted.
    """

    def __init__(self, mapping: Mapping[str, Any], where: str, faults: list[ProtocolFault]) -> None:
        self.mapping = mapping
        self.where = where
        self.faults = faults
        self._known: list[str] = []

    def fault(self, field: str, message: str, **params: object) -> None:
        """Note a fault of a field of this table."""
        self.faults.append(ProtocolFault.of(f"{self.where}.{field}", message, **params))

    def _value(self, field: str) -> Any:
        self._known.append(field)
        return self.mapping.get(field)

    def choice(self, field: str, choices: Sequence[str], default: str | None = None) -> str:
        """Read one of the choices; without a default the field must be there. ``""`` after a fault."""
        value = self._value(field)
        if value is None and default is not None:
            return default
        if value in choices:
            return str(value)
        missing, wrong = N_("is missing; write one of %(choices)s."), N_("must be one of %(choices)s.")
        self.fault(field, missing if value is None else wrong, choices=", ".join(choices))
        return default or ""

    def whole_number(self, field: str, *, low: int, high: int, default: int) -> int:
        """Read a whole number from ``low`` to ``high``."""
        value = self._value(field)
        if value is None:
            return default
        if type(value) is int and low <= value <= high:
            return value
        self.fault(field, N_("must be a whole number from %(least)s to %(most)s."), least=low, most=high)
        return default

    def flag(self, field: str, *, default: bool) -> bool:
        """Read true or false."""
        value = self._value(field)
        if value is None or isinstance(value, bool):
            return default if value is None else value
        self.fault(field, N_("must be true or false."))
        return default

    def number(self, field: str, *, default: Fraction | int) -> Fraction:
        """Read an exact number: 3, 0.75 (read as the decimal that is written) or "2/3"."""
        value = self._value(field)
        if value is None:
            return Fraction(default)
        number = _fraction(value)
        if number is None:
            self.fault(field, N_("must be a number."))
            return Fraction(default)
        return number

    def numbers(self, field: str, *, default: Fraction | int | None = None) -> Thresholds:
        """Read one number, or a list with one for each round; the last goes on."""
        value = self._value(field)
        if value is None and default is not None:
            return Thresholds.fixed(default)
        listed = value if isinstance(value, list | tuple) else [value]
        numbers = [_fraction(entry) for entry in listed]
        if not numbers or None in numbers:
            self.fault(field, N_("must be a number, or a list with one number for each round."))
            return Thresholds.fixed(0 if default is None else default)
        return Thresholds(tuple(number for number in numbers if number is not None))

    def percents(self, field: str, *, default: int | None = None) -> Thresholds:
        """Read one percentage, or a list with one for each round; 0 to 100, never a share such as 0.7."""
        before = len(self.faults)
        thresholds = self.numbers(field, default=default)
        if len(self.faults) == before:
            for value in thresholds.values:
                if 0 < value < 1:
                    self.fault(
                        field,
                        N_("is %(value)s per cent; write %(meant)s for %(meant)s%%."),
                        value=plain_number(value),
                        meant=plain_number(100 * value),
                    )
                elif not 0 <= value <= WHOLE:
                    self.fault(field, N_("must lie between 0 and 100 per cent."))
        return thresholds

    def refuse_unknown(self) -> None:
        """Note every field of the table that nobody read."""
        for field in self.mapping:
            if field not in self._known:
                self.fault(field, UNKNOWN_FIELD, known=", ".join(self._known))

    def expect(self, *fields: str) -> None:
        """Mark fields as read elsewhere."""
        self._known.extend(fields)


def read_toml(path: Path) -> dict[str, Any]:
    """Read a file of fields (TOML, UTF-8).

    Raises
    ------
    ProtocolFieldError
        The file is not UTF-8, or not TOML; then with the line where reading stopped.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        fault = ProtocolFault.of(path.name, N_("is not UTF-8; save it as UTF-8."))
    except (ValueError, RecursionError) as error:
        fault = ProtocolFault.of(path.name, N_("is not valid TOML: %(why)s."), why=error)
    raise ProtocolFieldError([fault])


def _fraction(value: object) -> Fraction | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        return None


def plain_number(value: Fraction) -> int | float | str:
    """The shortest exact way to write a number in a protocol file; ``FieldReader.number`` reads it back."""
    if value.denominator == 1:
        return value.numerator
    return float(value) if Fraction(str(float(value))) == value else str(value)
