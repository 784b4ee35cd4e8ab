"""What went wrong, as one line for people, and as the exit code that tells programs whose turn it is."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import typer
from pydantic import ValidationError

from analysis.rating_faults import RatingContractError
from analysis.scale import ProtocolFieldError
from app.domain.concluding import ConclusionNeedsReason
from app.domain.errors import (
    AddressNotValid,
    AmendmentNeedsReason,
    AmendmentTouchesRatings,
    DomainError,
    ImportRefused,
    NotFound,
    PasswordTooWeak,
    ProtocolNotValid,
    TextNotReadable,
    TextTooLong,
)
from app.i18n import translations
from app.settings import SettingMissing, Settings
from app.storage.database import DatabaseUnavailable
from app.storage.schema import SchemaUnknown
from app.web.shared.words import error_in_words, in_words

BAD_INPUT: Final = 2
NOT_DONE: Final = 1


class FaultsTold(Exception):
    """Files that were read have faults; ``faults`` says each of them in the language that was asked for."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


KNOWN: Final = (
    typer.TyperException,
    ValidationError,
    SettingMissing,
    FaultsTold,
    ProtocolFieldError,
    RatingContractError,
    DomainError,
    DatabaseUnavailable,
    SchemaUnknown,
    OSError,
)
"""What a command may end with; anything else is a fault of Castalia itself."""

_OF_THE_INPUT: Final = (
    ValidationError,
    SettingMissing,
    FaultsTold,
    ProtocolFieldError,
    RatingContractError,
    ImportRefused,
    NotFound,
    ProtocolNotValid,
    AmendmentNeedsReason,
    AmendmentTouchesRatings,
    ConclusionNeedsReason,
    AddressNotValid,
    PasswordTooWeak,
    TextNotReadable,
    TextTooLong,
    FileNotFoundError,
)

# Said of settings that are made from others, when one of those is already at fault.
_NOT_TRIED: Final = "default_factory_not_called"


@contextmanager
def told_in(language: str) -> Iterator[None]:
    """Tell the faults of protocols, ratings and study folders that are read meanwhile in a language.

    Raises
    ------
    FaultsTold
        With every fault that was found.
    """
    try:
        yield
    except (ProtocolFieldError, RatingContractError) as failure:
        translate = translations(language).gettext
        raise FaultsTold([fault.in_words(translate) for fault in failure.faults]) from failure
    except ImportRefused as failure:
        told = [
            f"{in_words(fault.place, language)}: {in_words(fault.sentence, language)}"
            for fault in failure.faults
        ]
        raise FaultsTold([*told, error_in_words(failure, language)]) from failure


def exit_code(failure: Exception) -> int:
    """Return 2 when what was typed, set or read from a file has to be put right, and 1 otherwise."""
    if isinstance(failure, typer.TyperException):
        return failure.exit_code
    return BAD_INPUT if isinstance(failure, _OF_THE_INPUT) else NOT_DONE


def lines(failure: Exception) -> list[str]:
    """Return what to say about a failure: one line, or one for each fault that was found."""
    match failure:
        case ValidationError():
            return [
                _setting(str(fault["loc"][0]), fault["msg"])
                for fault in failure.errors()
                if fault["type"] != _NOT_TRIED
            ]
        case FaultsTold() | ProtocolFieldError() | RatingContractError():
            return [str(fault) for fault in failure.faults]
        case ImportRefused():
            return [*(str(fault) for fault in failure.faults), str(failure)]
        case _:
            return [_line(failure)]


def _line(failure: Exception) -> str:
    match failure:
        case typer.TyperException():
            return " ".join(failure.format_message().split())
        case DatabaseUnavailable():
            return "The database does not answer. Is CASTALIA_DATABASE_URL right, and is the server running?"
        case SchemaUnknown():
            return "This database was made by a newer Castalia. Nothing was changed: use that version."
        case OSError():
            return ": ".join(str(part) for part in (failure.filename, failure.strerror or failure) if part)
        case _:
            return str(failure)


def _setting(name: str, fault: str) -> str:
    return f"CASTALIA_{name.upper()}: {fault}. What it means: {Settings.model_fields[name].description}"
