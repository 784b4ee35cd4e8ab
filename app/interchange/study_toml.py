"""``study.toml``: the study's texts, its protocol, topics, profile questions and evidence."""

import math
import re
import tomllib
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, Final

from analysis.scale import ProtocolFault
from app.domain.design import read_design
from app.domain.errors import DomainError, ProtocolNotValid
from app.domain.fault import Fault
from app.domain.field_reading import FieldReader
from app.domain.messages import N_
from app.domain.question_reading import read_open_questions, read_profile_questions
from app.domain.rating import checked_text
from app.domain.statement import Evidence, EvidenceKind, Topic
from app.domain.study_definition import StudyDefinition
from app.domain.theme_reading import read_themes
from app.interchange.source_text import misreading, printable, shown

STUDY_FILE: Final = "study.toml"
TEXT_LIMIT: Final = 20_000

_DEEPEST: Final = 12
_AT_LINE: Final = re.compile(r"\(at line (\d+), column \d+\)")
_COUNTRY: Final = re.compile("[A-Z]{2}")


def read_study_toml(text: str, faults: list[Fault]) -> StudyDefinition | None:
    """Read what the file says of the study; its statements and its panel stand elsewhere.

    What comes back holds only when nothing was added to ``faults``. None comes back when the file, or its
    list of languages, cannot be read: without them nothing else can be judged.
    """
    document = _parse(text, faults)
    if document is None:
        return None
    strange = list(strange_values(document))
    strange_fields = {fault.field for fault in strange}
    wrong: list[ProtocolFault] = []
    definition = _read_definition(document, wrong)
    found = strange + [fault for fault in wrong if fault.field not in strange_fields]
    languages_wrong = [fault for fault in found if fault.field == "study.languages"]
    faults.extend(_as_fault(fault) for fault in languages_wrong or found)
    return None if languages_wrong else definition


def definition_from_document(document: dict[str, Any]) -> StudyDefinition:
    """Read a study that has no topic, statement or panelist yet from a document of the same form.

    Raises
    ------
    ProtocolNotValid
        With every wrong field, each by its path and with what to write instead.
    """
    wrong = list(strange_values(document))
    definition = _read_definition(document, wrong)
    if wrong:
        raise ProtocolNotValid(wrong)
    return definition


def _parse(text: str, faults: list[Fault]) -> dict[str, Any] | None:
    wrong = [
        Fault(STUDY_FILE, number, "", sentence.message, sentence.params)
        for number, line in enumerate(text.split("\n"), start=1)
        if (sentence := misreading(line)) is not None
    ]
    if wrong:
        faults.extend(wrong)
        return None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        faults.append(_syntax_fault(text, str(error)))
    except (ValueError, RecursionError):
        message = N_("has a number that is too long, or tables too deep inside each other.")
        faults.append(Fault(STUDY_FILE, None, "", message))
    return None


def _syntax_fault(text: str, problem: str) -> Fault:
    place = _AT_LINE.search(problem)
    row = int(place[1]) if place else text.rstrip().count("\n") + 1
    message = N_(
        "cannot be read from here on. Look at this line and the one before it: a quotation mark, a bracket "
        "or an equals sign is missing or out of place, or a name stands there twice."
    )
    return Fault(STUDY_FILE, row, "", message)


def _as_fault(fault: ProtocolFault) -> Fault:
    params = {name: printable(value) for name, value in fault.params}
    return Fault(STUDY_FILE, None, printable(fault.field), fault.message, params)


def strange_values(document: Mapping[str, Any]) -> Iterator[ProtocolFault]:
    """Name every value that no field can have and no database can keep."""
    waiting: deque[tuple[str, Any, int]] = deque([("", document, 0)])
    while waiting:
        path, value, depth = waiting.popleft()
        fault = _strangeness(path, value, depth)
        if fault is not None:
            yield fault
        elif isinstance(value, dict):
            prefix = f"{path}." if path else ""
            waiting.extend((f"{prefix}{shown(name)}", part, depth + 1) for name, part in value.items())
        elif isinstance(value, list):
            waiting.extend((f"{path}[{n}]", part, depth + 1) for n, part in enumerate(value, start=1))


def _strangeness(path: str, value: object, depth: int) -> ProtocolFault | None:
    if depth > _DEEPEST:
        return ProtocolFault.of(path, N_("stands too deep inside other tables."))
    if isinstance(value, datetime | date | time):
        return ProtocolFault.of(path, N_("is a date or a time, which no field here is. Write it as a text."))
    if isinstance(value, float) and not math.isfinite(value):
        return ProtocolFault.of(path, N_("must be a plain number."))
    if isinstance(value, str):
        try:
            checked_text(value, TEXT_LIMIT)
        except DomainError as refusal:
            return ProtocolFault.of(path, refusal.message, **refusal.params)
    return None


def _read_definition(document: dict[str, Any], faults: list[ProtocolFault]) -> StudyDefinition:
    root = FieldReader(document, "", faults)
    design = read_design(root)
    languages = design.languages
    definition = StudyDefinition(
        **vars(design),
        topics=_read_topics(root, languages),
        statements=(),
        evidence=_read_evidence(root, languages),
        profile_questions=read_profile_questions(root, languages),
        panel=(),
        open_questions=tuple(read_open_questions(root, languages, _topic_codes(root))),
        themes=read_themes(root, languages),
    )
    root.refuse_unknown()
    return definition


def _read_topics(root: FieldReader, languages: Sequence[str]) -> tuple[Topic, ...]:
    topics = []
    for reader in root.tables("topic"):
        topics.append(Topic(code=reader.code(), name=reader.some_texts("name", languages)))
        reader.refuse_unknown()
    root.refuse_repeats("topic", [topic.code for topic in topics])
    return tuple(topics)


def _read_evidence(root: FieldReader, languages: Sequence[str]) -> tuple[Evidence, ...]:
    cards = []
    for reader in root.tables("evidence"):
        cards.append(
            Evidence(
                code=reader.code(),
                kind=reader.choice("kind", EvidenceKind),
                statements=_read_statement_codes(reader),
                title=reader.some_texts("title", languages),
                what=reader.some_texts("what", languages),
                why=reader.some_texts("why", languages, required=False),
                source=reader.text("source", default=""),
                country=_read_country(reader),
            )
        )
        reader.refuse_unknown()
    root.refuse_repeats("evidence", [card.code for card in cards])
    return tuple(cards)


def _read_statement_codes(reader: FieldReader) -> tuple[str, ...]:
    codes = reader.take("statements")
    if not isinstance(codes, list) or not codes or not all(isinstance(code, str) for code in codes):
        reader.fault("statements", N_('must list the codes of one or more statements, such as ["S07"].'))
        return ()
    if len(set(codes)) < len(codes):
        reader.fault("statements", N_("names a statement twice."))
    return tuple(codes)


def _read_country(reader: FieldReader) -> str | None:
    country = reader.take("country")
    if country is None or (isinstance(country, str) and _COUNTRY.fullmatch(country)):
        return country
    reader.fault("country", N_("must be the two capital letters of a country, such as BE."))
    return None


def _topic_codes(root: FieldReader) -> tuple[object, ...]:
    topics = root.take("topic", [])
    tables = topics if isinstance(topics, list) else []
    return tuple(table.get("code") for table in tables if isinstance(table, dict))
