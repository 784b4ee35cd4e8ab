"""A study as a folder of files, read whole: either all of it is good, or every fault is named."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from app.domain.errors import ImportRefused
from app.domain.fault import Fault
from app.domain.messages import N_
from app.domain.panel import Invitee
from app.domain.study_definition import StudyDefinition
from app.domain.theme_reading import THEME_TABLE
from app.interchange.panel_csv import PANEL_FILE, read_panel, write_panel
from app.interchange.source_text import read_text, shown
from app.interchange.statements_csv import STATEMENTS_FILE, read_statements, write_statements
from app.interchange.study_toml import STUDY_FILE, read_study_toml
from app.interchange.study_toml_writing import write_study_toml


def read_study_folder(folder: Path) -> StudyDefinition:
    """Read ``study.toml``, ``statements.csv`` and ``panel.csv``, and hold them against each other.

    A folder without ``panel.csv`` is a study to which nobody is invited yet.

    Raises
    ------
    ImportRefused
        With every fault of every file; each names its file, row and field.
    """
    faults: list[Fault] = []
    texts = {file: read_text(folder / file, faults) for file in (STUDY_FILE, STATEMENTS_FILE)}
    panel = folder / PANEL_FILE
    texts[PANEL_FILE] = read_text(panel, faults) if panel.exists() else None
    definition = _read_texts(texts, faults)
    if definition is None or faults:
        faults.sort(key=lambda fault: list(texts).index(fault.file))
        raise ImportRefused(faults)
    return definition


def write_study_folder(definition: StudyDefinition, panel: Sequence[Invitee]) -> Mapping[str, bytes]:
    """The files of a study by name, with this panel; without anybody there is no ``panel.csv``."""
    files = {
        STUDY_FILE: write_study_toml(definition),
        STATEMENTS_FILE: write_statements(definition.statements, definition.languages),
    }
    return {**files, PANEL_FILE: write_panel(panel)} if panel else files


def _read_texts(texts: dict[str, str | None], faults: list[Fault]) -> StudyDefinition | None:
    study, statements, panel = texts.values()
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
