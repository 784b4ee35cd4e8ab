"""The parts of an XLSX workbook, unpacked piece by piece and never beyond a limit.

A workbook is a ZIP archive of XML files. What is unpacked is counted while it is unpacked, whatever the
archive says of its sizes, and XML that declares entities of its own is not read at all.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from posixpath import join, normpath
from typing import Final
from xml.parsers import expat

UNPACKED_LIMIT: Final = 50_000_000
"""The most bytes that are unpacked of one workbook."""

_PIECE: Final = 65_536
_WORKBOOK: Final = "xl/workbook.xml"
_WAYS_OF_PACKING: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

Attributes = Mapping[str, str]
OnStart = Callable[[str, Attributes], None]
OnEnd = Callable[[str], None]
OnText = Callable[[str], None]


class PackageNotReadable(Exception):
    """The archive or one of its parts is damaged, protected, or not a workbook."""


class PackageTooLarge(Exception):
    """More would be unpacked than any table needs."""


class PackageDeclaresEntities(Exception):
    """A part has a document type of its own, with which a few bytes can stand for any number of them."""


@dataclass(frozen=True)
class Sheet:
    """A sheet of the workbook, and the part that holds it."""

    name: str
    part: str
    is_hidden: bool


class Package:
    """The parts of a workbook.

    Raises
    ------
    PackageNotReadable
        It is no ZIP archive, or not one of a workbook.
    """

    def __init__(self, content: bytes) -> None:
        with _naming_damage():
            self._archive = zipfile.ZipFile(io.BytesIO(content))
        self._names = set(self._archive.namelist())
        self._unpacked = 0
        if _WORKBOOK not in self._names:
            raise PackageNotReadable
        self._targets, self._parts_by_kind = self._read_relations()

    def read(self, part: str, on_start: OnStart, on_end: OnEnd, on_text: OnText | None = None) -> None:
        """Walk through the elements of a part, by their names without a namespace.

        Raises
        ------
        PackageNotReadable, PackageTooLarge, PackageDeclaresEntities
        """
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = lambda name, attributes: on_start(_local(name), attributes)
        parser.EndElementHandler = lambda name: on_end(_local(name))
        parser.StartDoctypeDeclHandler = _refuse_entities
        if on_text is not None:
            parser.CharacterDataHandler = on_text
        with _naming_damage():
            for piece in self._pieces(part):
                parser.Parse(piece, False)
            parser.Parse(b"", True)

    def find(self, kind: str) -> str | None:
        """The part that the workbook names as its ``sharedStrings`` or ``styles``."""
        part = self._parts_by_kind.get(kind)
        return part if part in self._names else None

    def sheets(self) -> tuple[Sheet, ...]:
        """The sheets of the workbook that are tables, in their order."""
        found = []

        def on_start(name: str, attributes: Attributes) -> None:
            if name != "sheet":
                return
            target = next((v for k, v in attributes.items() if _local(k) == "id" and k != "id"), "")
            part = self._targets.get(target, "")
            if part in self._names and "/worksheets/" in part:
                is_hidden = attributes.get("state", "visible") != "visible"
                found.append(Sheet(attributes.get("name", ""), part, is_hidden))

        self.read(_WORKBOOK, on_start, _nothing)
        return tuple(found)

    def _read_relations(self) -> tuple[dict[str, str], dict[str, str]]:
        targets: dict[str, str] = {}
        kinds: dict[str, str] = {}

        def on_start(name: str, attributes: Attributes) -> None:
            if name == "Relationship" and attributes.get("TargetMode") != "External":
                part = normpath(join("/xl", attributes.get("Target", ""))).lstrip("/")
                targets[attributes.get("Id", "")] = part
                kinds.setdefault(attributes.get("Type", "").rpartition("/")[2], part)

        self.read("xl/_rels/workbook.xml.rels", on_start, _nothing)
        return targets, kinds

    def _pieces(self, part: str) -> Iterator[bytes]:
        member = self._archive.getinfo(part)
        # What other ways of packing give back for one piece cannot be limited.
        if member.compress_type not in _WAYS_OF_PACKING:
            raise PackageNotReadable
        with self._archive.open(member) as unpacking:
            while piece := unpacking.read(_PIECE):
                self._unpacked += len(piece)
                if self._unpacked > UNPACKED_LIMIT:
                    raise PackageTooLarge
                yield piece


@contextmanager
def _naming_damage() -> Iterator[None]:
    try:
        yield
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        expat.ExpatError,
        EOFError,
        KeyError,
        NotImplementedError,
        OSError,
        RuntimeError,
        ValueError,
    ) as damage:
        raise PackageNotReadable from damage


def _refuse_entities(*_declared: object) -> None:
    raise PackageDeclaresEntities


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _nothing(_name: str) -> None:
    return None
