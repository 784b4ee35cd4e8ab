"""A study: its languages, its texts and where it stands."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

Texts = Mapping[str, str]
"""One text per study language, keyed by language code."""

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
_CODE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,38}[A-Za-z0-9])?")


class Language(StrEnum):
    """A language that panelists may choose."""

    EN = "en"
    FR = "fr"
    NL = "nl"
    DE = "de"


class StudyStatus(StrEnum):
    """Where a study stands as a whole."""

    DRAFT = "draft"
    RUNNING = "running"
    CONCLUDED = "concluded"


@dataclass(frozen=True)
class StudyTexts:
    """What a study tells its panel, one text per language each."""

    title: Texts
    purpose: Texts
    organiser: Texts
    who_sees_what: Texts
    consent: Texts


@dataclass(frozen=True)
class Study:
    """One Delphi project.

    ``languages`` stand in the study's own order, the reference language first. ``synthetic`` marks invented
    material, which every page and report must say. ``id`` is internal and never leaves the engine.
    ``contents_version`` counts the changes of its statements, topics and evidence. ``conclusion_reason`` says
    why it was concluded against the advice of its stopping rule; empty where it was not.
    """

    id: int
    slug: str
    status: StudyStatus
    languages: tuple[str, ...]
    time_zone: str
    synthetic: bool
    contact: str
    minutes_per_round: int
    texts: StudyTexts
    created_at: datetime
    concluded_at: datetime | None
    contents_version: int = 1
    conclusion_reason: str = ""

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which people read this study's dates."""
        return ZoneInfo(self.time_zone)


RESERVED_SLUGS = frozenset({"sign-in", "sign-out", "language", "account", "recover", "join", "new"})
"""Names of pages that stand where a study's address would be."""


def is_slug(text: str) -> bool:
    """Whether ``text`` can name a study in an address: lower-case letters, digits and hyphens."""
    return _SLUG.fullmatch(text) is not None and text not in RESERVED_SLUGS


def is_code(text: str) -> bool:
    """Whether ``text`` can be the code of a statement, a topic, a group or a criterion."""
    return _CODE.fullmatch(text) is not None


def is_time_zone(name: str) -> bool:
    """Whether ``name`` is a zone of the IANA database, such as ``Europe/Brussels``."""
    return name in _time_zones()


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def misses_a_language(texts: Texts, languages: Sequence[str]) -> bool:
    """Whether a text is not written yet in one of these languages."""
    return any(not texts.get(language) for language in languages)


def in_language(texts: Texts, language: str) -> str:
    """The text in ``language``, else in the first language that has it."""
    return texts.get(language) or next(iter(texts.values()))
