"""From a file to its text: the size is capped, the encoding recognised, and what cannot be read is named."""

import codecs
import re
from pathlib import Path
from typing import Final

from app.domain.fault import Fault
from app.domain.messages import N_, Sentence
from app.domain.statement_editing import LOST

SIZE_LIMIT: Final = 10_000_000
"""The most bytes that a file of a study may have."""

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    # UTF-32 first: its mark begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNDECODED: Final = re.compile("[\udc80-\udcff]")
_SHOWN: Final = 40
_SEQUENCE_OF_UTF8: Final = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")

WINDOWS_1252: Final = "Windows-1252"


def read_text(path: Path, faults: list[Fault], *, windows_1252: bool = False) -> str | None:
    """Read a file's text.

    Bytes that are not UTF-8 stay in the text as lone surrogates, so that :func:`misreading` can name them
    where they stand; with ``windows_1252`` a file that seems to be written so is read so. What keeps the
    whole file from being read is added to ``faults``, and None returned.
    """
    content = _read_bytes(path, faults)
    if content is None or is_too_large(path.name, content, faults):
        return None
    if windows_1252 and assumed_encoding(content):
        return content.decode("cp1252")
    return text_of(path.name, content, faults)


def seems_windows_1252(path: Path) -> bool:
    """Whether a file that can be read seems to be written in Windows-1252."""
    content = _read_bytes(path, [])
    return content is not None and assumed_encoding(content) == WINDOWS_1252


def text_of(file: str, content: bytes, faults: list[Fault]) -> str | None:
    """The same of a file whose bytes are at hand."""
    if is_too_large(file, content, faults):
        return None
    if _is_unmarked_utf16(content):
        message = N_("is written in UTF-16 without saying so. Save the file again in UTF-8.")
        faults.append(Fault(file, None, "", message))
        return None
    return _decode(content)


def assumed_encoding(content: bytes) -> str:
    """The encoding that a file is taken to be in although it does not say so; empty where it is known.

    Spreadsheets of western Europe save CSV in Windows-1252. A file with a letter of UTF-8 in it is not one of
    theirs but a mixture, and nobody can tell what it was meant to say.
    """
    if content.startswith(tuple(mark for mark, _ in _MARKS)) or _is_unmarked_utf16(content):
        return ""
    if _can_be_read(content, "utf-8") or _SEQUENCE_OF_UTF8.search(content):
        return ""
    return WINDOWS_1252 if _can_be_read(content, "cp1252") else ""


def is_too_large(file: str, content: bytes, faults: list[Fault]) -> bool:
    """Whether a file has more bytes than are read; that is then added to ``faults``."""
    if len(content) <= SIZE_LIMIT:
        return False
    message = N_("is larger than %(limit)s MB, which no study needs. Is it the right file?")
    faults.append(Fault(file, None, "", message, {"limit": SIZE_LIMIT // 1_000_000}))
    return True


def misreading(text: str) -> Sentence | None:
    """Say what a wrong encoding has done to ``text``; None when it was read well."""
    undecoded = _UNDECODED.search(text)
    if undecoded:
        nearby = text[max(0, undecoded.start() - _SHOWN // 2) : undecoded.start() + _SHOWN // 2]
        return Sentence(
            N_(
                "is not written in UTF-8. In Windows-1252 it reads “%(text)s”. "
                "Save the whole file again in UTF-8 (in a spreadsheet: “CSV UTF-8”)."
            ),
            {"text": shown(_UNDECODED.sub(_as_windows_1252, nearby))},
        )
    if LOST in text:
        return Sentence(
            N_("has a character that was lost when the file was saved, now “�”. Write it again."),
        )
    return None


def shown(text: str) -> str:
    """Shorten ``text`` and clear it of everything unprintable, so that a sentence can quote it."""
    return printable(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")


def printable(text: str) -> str:
    """Clear ``text`` of everything that a terminal could take for a command."""
    return "".join(character if character.isprintable() else " " for character in text)


def _can_be_read(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _read_bytes(path: Path, faults: list[Fault]) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(SIZE_LIMIT + 1)
    except FileNotFoundError:
        faults.append(Fault(path.name, None, "", N_("is missing from the folder.")))
    except OSError as error:
        message = N_("cannot be opened: %(reason)s.")
        faults.append(Fault(path.name, None, "", message, {"reason": error.strerror}))
    return None


def _decode(content: bytes) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            how = "surrogateescape" if encoding == "utf-8" else "replace"
            return content[len(mark) :].decode(encoding, how)
    return content.decode("utf-8", "surrogateescape")


def _is_unmarked_utf16(content: bytes) -> bool:
    """Tell whether every other one of the first bytes is zero, as in UTF-16 of plain letters."""
    first, second = content[0:8:2], content[1:8:2]
    return bool(first and second) and any(first) != any(second)


def _as_windows_1252(undecoded: re.Match[str]) -> str:
    return bytes([ord(undecoded[0]) - 0xDC00]).decode("cp1252", "replace")
