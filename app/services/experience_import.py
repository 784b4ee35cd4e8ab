"""Texts from elsewhere out of a table: looked at first, then stored whole or not at all."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from app.clock import Clock
from app.domain.account import Researcher
from app.domain.event import EventKind
from app.domain.fault import Fault
from app.domain.import_preview import NothingToImport
from app.domain.material import TextFromElsewhere
from app.domain.study import Study
from app.interchange.experience_table import read_experience_table
from app.interchange.tables import encoding_of
from app.services.finding import get_study_of, hold_study_of
from app.services.kept_uploads import find_upload, keep_upload
from app.storage import codings, previews
from app.storage.database import Connection, Database
from app.storage.events import append_event

_KIND = "experience"


@dataclass(frozen=True)
class ExperiencePreview:
    """What an uploaded table would bring in, and how many of its texts are there already.

    ``token`` names it as long as it waits. ``encoding`` is what was assumed of a file that does not say how
    it is written.
    """

    study: Study
    file: str
    new: tuple[TextFromElsewhere, ...]
    n_known: int
    faults: tuple[Fault, ...] = ()
    token: str = ""
    encoding: str = ""


def preview_texts(
    database: Database, clock: Clock, slug: str, researcher: Researcher, file: str, content: bytes
) -> ExperiencePreview:
    """Read an uploaded table, and keep it to be stored if nothing is wrong in it.

    Raises
    ------
    StudyNotFound
    """
    with database.reading() as connection:
        study = get_study_of(connection, slug)
    faults: list[Fault] = []
    texts = read_experience_table(content, file, study.languages, faults)
    if faults:
        return ExperiencePreview(study, file, (), 0, tuple(faults))
    token = secrets.token_urlsafe(24)
    with database.writing() as connection:
        kept = {"file": file, "encoding": encoding_of(content), "texts": [asdict(one) for one in texts]}
        keep_upload(connection, study, researcher, token, _KIND, kept, clock.now())
        return replace(_preview(connection, study, file, texts), token=token)


def read_text_preview(
    database: Database, clock: Clock, slug: str, researcher: Researcher, token: str
) -> ExperiencePreview:
    """A preview that waits, compared with what is stored now.

    Raises
    ------
    StudyNotFound, PreviewGone
    """
    with database.reading() as connection:
        study = get_study_of(connection, slug)
        kept = find_upload(connection, study, researcher, token, _KIND, clock.now())
        preview = _preview(connection, study, kept["file"], _texts(kept))
        return replace(preview, token=token, encoding=kept["encoding"])


def bring_in_preview(
    database: Database, clock: Clock, slug: str, researcher: Researcher, token: str
) -> ExperiencePreview:
    """Store the texts of a preview that are not there yet.

    Raises
    ------
    StudyNotFound, PreviewGone, NothingToImport
    """
    with database.writing() as connection:
        study, now = hold_study_of(connection, slug), clock.now()
        kept = find_upload(connection, study, researcher, token, _KIND, now)
        preview = _preview(connection, study, kept["file"], _texts(kept))
        if not preview.new:
            raise NothingToImport
        codings.insert_experiences(connection, study.id, preview.new)
        previews.remove_preview(connection, study.id, token)
        payload = {
            "file": preview.file,
            "sources": sorted({one.source for one in preview.new}),
            "languages": sorted({one.language for one in preview.new}),
            "n_pieces": len(preview.new),
        }
        append_event(connection, study.id, EventKind.MATERIAL_BROUGHT_IN, researcher.actor, now, payload)
        return preview


def _texts(kept: Mapping[str, Any]) -> tuple[TextFromElsewhere, ...]:
    return tuple(TextFromElsewhere(**one) for one in kept["texts"])


def _preview(
    connection: Connection, study: Study, file: str, texts: Sequence[TextFromElsewhere]
) -> ExperiencePreview:
    stored = codings.read_experiences(connection, study.id)
    new = tuple(one for one in texts if one not in stored)
    return ExperiencePreview(study, file, new, len(texts) - len(new))
