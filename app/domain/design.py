"""A study's design: what it tells its panel, and its protocol; fixed when round 1 opens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.scale import ProtocolFault
from app.domain.errors import ProtocolNotValid
from app.domain.field_reading import FieldReader
from app.domain.messages import N_
from app.domain.protocol import PROTOCOL_TABLES, Protocol, protocol_tables, read_protocol
from app.domain.study import Language, Study, StudyTexts, is_slug, is_time_zone

STUDY_FIELDS = ("slug", "time_zone", "languages", "synthetic", "contact", "minutes_per_round")
STUDY_TEXTS = ("title", "purpose", "organiser", "who_sees_what", "consent")
MOST_MINUTES = 600
_KNOWN_LANGUAGES = frozenset(Language)


@dataclass(frozen=True)
class StudyDesign:
    """What is laid down before anybody answers, already checked.

    ``tables`` are the protocol's tables as written (they are stored and hashed), ``protocol`` the same, read.
    """

    slug: str
    time_zone: str
    languages: tuple[str, ...]
    synthetic: bool
    contact: str
    minutes_per_round: int
    texts: StudyTexts
    tables: Mapping[str, Any]
    protocol: Protocol


def design_from_document(document: Mapping[str, Any]) -> StudyDesign:
    """Read a design from a document of the form of ``study.toml``.

    Raises
    ------
    ProtocolNotValid
        With every wrong field, each by its path and with what to write instead.
    """
    faults: list[ProtocolFault] = []
    design = read_design(FieldReader(document, "", faults))
    if faults:
        raise ProtocolNotValid(faults)
    return design


def read_design(root: FieldReader) -> StudyDesign:
    """Read a design; what is wrong is added to the reader's faults, and the result holds only without any."""
    faults = root.faults
    study = FieldReader(root.take("study", {}), "study", faults)
    tables = protocol_tables({**root.table, "languages": study.take("languages", [])})
    wrong: list[ProtocolFault] = []
    protocol = read_protocol(tables, wrong)
    for fault in wrong:
        field = "study.languages" if fault.field == "languages" else fault.field
        faults.append(ProtocolFault(field, fault.message, fault.params))
    for name in PROTOCOL_TABLES[1:]:
        root.take(name)
    design = StudyDesign(
        slug=_read_slug(study),
        time_zone=_read_time_zone(study),
        languages=protocol.languages,
        synthetic=study.truth("synthetic", default=False),
        contact=study.text("contact"),
        minutes_per_round=study.whole("minutes_per_round", at_least=1, at_most=MOST_MINUTES),
        texts=StudyTexts(**{name: study.texts(name, protocol.languages) for name in STUDY_TEXTS}),
        tables=tables,
        protocol=protocol,
    )
    study.refuse_unknown()
    return design


def design_document(study: Study, tables: Mapping[str, Any]) -> dict[str, Any]:
    """The document, in the form of ``study.toml``, that a stored study and its protocol say."""
    facts = {name: getattr(study, name) for name in STUDY_FIELDS}
    texts = {name: dict(getattr(study.texts, name)) for name in STUDY_TEXTS}
    rules = {name: tables[name] for name in PROTOCOL_TABLES[1:] if name in tables}
    return {"study": {**facts, "languages": list(study.languages), **texts}, **rules}


def with_languages_only(value: Any, languages: Sequence[str]) -> Any:
    """The same part of a document without its texts in other languages; what is not there stays missing."""
    if isinstance(value, list):
        return [with_languages_only(part, languages) for part in value]
    if not isinstance(value, Mapping):
        return value
    if value and set(value) <= _KNOWN_LANGUAGES:
        return {language: value[language] for language in languages if language in value}
    return {name: with_languages_only(part, languages) for name, part in value.items()}


def _read_slug(study: FieldReader) -> str:
    slug = study.text("slug")
    if slug and not is_slug(slug):
        study.fault(
            "slug", N_("may have lower-case letters, digits and hyphens only, and 64 characters at most.")
        )
    return slug


def _read_time_zone(study: FieldReader) -> str:
    zone = study.text("time_zone")
    if zone and not is_time_zone(zone):
        study.fault("time_zone", N_("must be a time zone such as Europe/Brussels."))
    return zone
