"""A study as a folder of files, read whole: either all of it is good, or every fault is named."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from app.domain.errors import ImportRefused
from app.domain.fault import Fault
from app.domain.messages import N_
from app.domain.panel import Invitee
from app.domain.question_reading import OPEN_TABLE
from app.domain.round import PlannedRound
from app.domain.study_definition import StudyDefinition
from app.domain.theme_reading import THEME_TABLE
from app.interchange.panel_csv import PANEL_FILE, read_panel, write_panel
from app.interchange.source_text import read_text, seems_windows_1252, shown
from app.interchange.statements_csv import STATEMENTS_FILE, read_statements, write_statements
from app.interchange.study_toml import STUDY_FILE, read_study_toml
from app.interchange.study_toml_writing import write_study_toml

_FILES: Final = (STUDY_FILE, STATEMENTS_FILE, PANEL_FILE)


def read_study_folder(folder: Path, *, windows_1252: bool = False) -> StudyDefinition:
    """Read ``study.toml``, ``statements.csv`` and ``panel.csv``, and hold them against each other.

    A folder without ``panel.csv`` is a study to which nobody is invited yet. Topics, evidence and statements
    may still miss a translation, as they may in the engine: :func:`what_is_missing` names it. With
    ``windows_1252`` files that seem to be written so are read so (:func:`files_in_windows_1252`).

    Raises
    ------
    ImportRefused
        With every fault of every file; each names its file, row and field.
    """
    faults: list[Fault] = []
    texts = {
        file: read_text(folder / file, faults, windows_1252=windows_1252)
        for file in _FILES
        if file != PANEL_FILE or (folder / file).exists()
    }
    definition = _read_texts(texts, faults)
    if definition is None or faults:
        faults.sort(key=lambda fault: _FILES.index(fault.file))
        raise ImportRefused(faults)
    return definition


def files_in_windows_1252(folder: Path) -> tuple[str, ...]:
    """The files that seem to be written in Windows-1252, as spreadsheets of western Europe save them."""
    return tuple(file for file in _FILES if seems_windows_1252(folder / file))


def what_is_missing(definition: StudyDefinition) -> tuple[Fault, ...]:
    """What a study that can be stored still lacks before its first round can open, each by its place."""
    texts = [
        *((STUDY_FILE, f"topic[{n}].name", one.name) for n, one in enumerate(definition.topics, start=1)),
        *(
            (STUDY_FILE, f"evidence[{n}].{name}", getattr(one, name))
            for n, one in enumerate(definition.evidence, start=1)
            for name in ("title", "what", "why")
            if getattr(one, name)
        ),
        *((STATEMENTS_FILE, f"{one.code}.text", one.text) for one in definition.statements),
    ]
    untranslated = (
        Fault(
            file, None, f"{field}.{language}", N_("is missing; every text is needed in every study language.")
        )
        for file, field, said in texts
        for language in definition.languages
        if not said.get(language)
    )
    return (*untranslated, *_question_faults(definition))


def write_study_folder(definition: StudyDefinition, panel: Sequence[Invitee]) -> Mapping[str, bytes]:
    """The files of a study by name, with this panel; without anybody there is no ``panel.csv``."""
    files = {
        STUDY_FILE: write_study_toml(definition),
        STATEMENTS_FILE: write_statements(definition.statements, definition.languages),
    }
    return {**files, PANEL_FILE: write_panel(panel)} if panel else files


def _read_texts(texts: Mapping[str, str | None], faults: list[Fault]) -> StudyDefinition | None:
    study, statements, panel = (texts.get(file) for file in _FILES)
    definition = None if study is None else read_study_toml(study, faults)
    if definition is None:
        return None
    languages = definition.languages
    if statements is not None:
        topics = [topic.code for topic in definition.topics]
        definition = replace(definition, statements=read_statements(statements, languages, topics, faults))
        faults.extend(_topic_faults(definition))
        faults.extend(_unknown_statements(definition, faults))
    if panel is not None:
        groups = definition.protocol.group_codes
        definition = replace(definition, panel=read_panel(panel, languages, groups, faults))
    return definition


def _topic_faults(definition: StudyDefinition) -> Iterator[Fault]:
    if definition.statements and not definition.topics:
        yield Fault(STUDY_FILE, None, "topic", N_("needs at least %(least)s entries."), {"least": 1})


def _question_faults(definition: StudyDefinition) -> Iterator[Fault]:
    is_planned = PlannedRound.OPEN in definition.protocol.plan
    if is_planned and not definition.open_questions:
        message = N_("is missing; the open round in protocol.rounds needs a question.")
        yield Fault(STUDY_FILE, None, OPEN_TABLE, message)
    if definition.open_questions and not is_planned:
        message = N_("needs an open round in protocol.rounds that asks it.")
        yield Fault(STUDY_FILE, None, OPEN_TABLE, message)


def _unknown_statements(definition: StudyDefinition, faults: list[Fault]) -> Iterator[Fault]:
    # A statement whose row or code could not be read may be the very one that a card or a theme names.
    unread = [fault.field for fault in faults if fault.file == STATEMENTS_FILE]
    if unread and (not definition.statements or {"", "code"} & set(unread)):
        return
    known = {statement.code for statement in definition.statements}
    named = {
        "evidence": [card.statements for card in definition.evidence],
        THEME_TABLE: [theme.statements for theme in definition.themes],
    }
    for name, listed in named.items():
        for number, codes in enumerate(listed, start=1):
            for code in codes:
                if code not in known:
                    yield Fault(
                        STUDY_FILE,
                        None,
                        f"{name}[{number}].statements",
                        N_("“%(code)s” is not a statement of statements.csv."),
                        {"code": shown(code)},
                    )
