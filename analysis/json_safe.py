"""Results that can be written as JSON and read back, whatever they are made of."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Self, Union, get_args, get_origin, get_type_hints


class Result:
    """Base of all results: to and from JSON-safe dictionaries."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """Only dict, list, str, int, float, bool and None, whatever the depth."""
        return {entry.name: _plain(getattr(self, entry.name)) for entry in fields(self)}  # type: ignore[arg-type]  # every result is one

    @classmethod
    def from_dict(cls, mapping: Mapping[str, Any]) -> Self:
        """Rebuild the result ``to_dict`` was called on; what was not said at that time takes its default."""
        return cls(
            **{
                name: _revived(hint, mapping[name])
                for name, hint in _field_types(cls).items()  # type: ignore[arg-type]  # classes hash
                if name in mapping
            }
        )


def _plain(value: Any) -> Any:
    if is_dataclass(value) and isinstance(value, Result):
        return value.to_dict()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple | list):
        return [_plain(entry) for entry in value]
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    return value


@cache
def _field_types(cls: type[Result]) -> dict[str, Any]:
    hints = get_type_hints(cls)
    return {entry.name: hints[entry.name] for entry in fields(cls)}  # type: ignore[arg-type]  # every result is a dataclass


def _revived(hint: Any, value: Any) -> Any:
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return _revived_union(get_args(hint), value)
    if origin is tuple:
        kind = get_args(hint)[0]
        return tuple(_revived(kind, entry) for entry in value)
    if isinstance(hint, type) and issubclass(hint, Result):
        return hint.from_dict(value)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(value)
    return value


def _revived_union(options: tuple[Any, ...], value: Any) -> Any:
    if value is None and NoneType in options:
        return None
    if isinstance(value, Mapping):
        result = next(option for option in options if isinstance(option, type) and issubclass(option, Result))
        return result.from_dict(value)
    return value
