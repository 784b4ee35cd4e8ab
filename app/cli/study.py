"""Studies as a whole: brought in from a folder of files, their links handed out, and ended."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import IO, Annotated, Final

import typer

from app.cli.failures import FaultsTold, told_in
from app.cli.place import OPERATOR, StudySlug, open_database
from app.clock import SystemClock
from app.domain.errors import HashNotInLog, LogBroken
from app.domain.link import link_address
from app.domain.messages import N_, Sentence
from app.domain.statement_editing import FieldsRefused
from app.domain.study import Language
from app.domain.study_definition import StudyDefinition
from app.interchange.links_csv import links_table
from app.interchange.study_folder import files_in_windows_1252, read_study_folder, what_is_missing
from app.services.amending import amend_protocol
from app.services.exporting import export_study
from app.services.importing import import_study
from app.services.links import hand_out_links
from app.services.log import check_log, find_entry
from app.services.rounds import conclude_study
from app.settings import Settings
from app.web.shared.words import in_words

_STILL_MISSING: Final = N_("Before its first round can open, this is still to be written:")
_COULD_BE_READ: Final = N_(
    "%(files)s: seems to be written in Windows-1252. With --encoding windows-1252 it is read so."
)
_WAS_READ: Final = N_("Read as Windows-1252: %(files)s.")


class Encoding(StrEnum):
    """What a study's files are written in."""

    UTF_8 = "utf-8"
    WINDOWS_1252 = "windows-1252"


FilesEncoding = Annotated[
    Encoding, typer.Option(help="Of the files that do not say theirs; what is UTF-8 is always read as such.")
]

study: Final = typer.Typer(help="Bring in a study from its files, list its links, check its log, or end it.")


@study.command("import")
def import_folder(
    directory: Annotated[
        Path,
        typer.Argument(
            exists=True,
            file_okay=False,
            help="Holds study.toml, statements.csv and, if anybody is invited, panel.csv.",
        ),
    ],
    language: Annotated[Language, typer.Option(help="Of what is wrong or missing in a file.")] = Language.EN,
    encoding: FilesEncoding = Encoding.UTF_8,
) -> None:
    """Check a study's files, and store the study if all are good; if not, name every fault and store nothing.

    Translations that are still missing do not keep it from being stored: they are listed, and its first round
    cannot open before they are written.

    Example: `castalia study import studies/peer-support --language fr`
    """
    definition = _read_folder(directory, encoding, language)
    with open_database() as database:
        imported = import_study(database, SystemClock(), definition)
    typer.echo(
        f"The study {imported.slug} is stored: "
        f"{imported.n_statements} statements, {imported.n_panelists} panelists."
    )
    missing = what_is_missing(definition)
    if missing:
        typer.echo(in_words(Sentence(_STILL_MISSING), language))
    for fault in missing:
        typer.echo(f"- {in_words(fault.place, language)}: {in_words(fault.sentence, language)}")


def _read_folder(directory: Path, encoding: Encoding, language: Language = Language.EN) -> StudyDefinition:
    """Read a study's files, and say of files in another encoding as what they were, or could be, read."""
    assumes = encoding is Encoding.WINDOWS_1252
    files = {"files": ", ".join(files_in_windows_1252(directory))}
    try:
        with told_in(language):
            definition = read_study_folder(directory, windows_1252=assumes)
    except FaultsTold as told:
        if assumes or not files["files"]:
            raise
        raise FaultsTold([*told.faults, in_words(Sentence(_COULD_BE_READ, files), language)]) from told
    if assumes and files["files"]:
        typer.echo(in_words(Sentence(_WAS_READ, files), language))
    return definition


@study.command("export")
def export_folder(
    slug: StudySlug,
    out: Annotated[
        Path,
        typer.Option(file_okay=False, metavar="DIR", help="The folder to make; it must not exist yet."),
    ],
    panel: Annotated[
        bool, typer.Option(help="Write panel.csv too, with the names and addresses of who has not left.")
    ] = True,
) -> None:
    """Write a study as the folder of files from which it can be imported again; the log notes it.

    With the panel, keep the folder to yourself: only its owner may read it.

    Example: `castalia study export peer-support --out studies/peer-support --no-panel`
    """
    with open_database() as database, _new_private_folder(out):
        exported = export_study(database, SystemClock(), slug, OPERATOR, with_panel=panel)
        for name, content in exported.files.items():
            (out / name).write_bytes(content)
    typer.echo(
        f"{out}: {', '.join(exported.files)}. "
        f"Version {exported.version.version} of the protocol (SHA-256 {exported.version.sha256})."
    )


@contextmanager
def _new_private_folder(path: Path) -> Iterator[None]:
    """Make a folder that only its owner may read; it is not left behind when its content cannot be had."""
    try:
        path.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        raise typer.BadParameter(f"{path} is there already. Choose another name.") from None
    try:
        yield
    except BaseException:
        shutil.rmtree(path)
        raise


@study.command()
def links(
    slug: StudySlug,
    out: Annotated[
        Path,
        typer.Option(dir_okay=False, metavar="FILE", help="The CSV file to write; it must not exist yet."),
    ],
) -> None:
    """List everybody's name, address and personal link, for a team that sends its mail by other means.

    Whoever has left is not listed. A link in force is kept; a panelist without one is issued one.
    Anybody who has the file can answer in the panel's name: only its owner may read it. Delete it when the
    mail is sent.

    Example: `castalia study links peer-support --out links.csv`
    """
    settings = Settings()
    secret = settings.secret.get_secret_value().encode()
    with open_database() as database, _new_private_file(out) as file:
        handed_out = hand_out_links(database, SystemClock(), slug, secret, OPERATOR)
        rows = [
            (link.name, link.email, link.group, link.language, link_address(settings.base_url, link.token))
            for link in handed_out
        ]
        file.write(links_table(rows))
    typer.echo(f"{out}: the personal links of {len(rows)} panelists. Keep this file to yourself.")


@contextmanager
def _new_private_file(path: Path) -> Iterator[IO[bytes]]:
    """Make a file that only its owner may read; it is not left behind when its content cannot be had."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise typer.BadParameter(f"{path} is there already. Choose another name.") from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
    except BaseException:
        path.unlink()
        raise


@study.command()
def amend(
    slug: StudySlug,
    directory: Annotated[
        Path,
        typer.Argument(
            exists=True, file_okay=False, help="The study's files with the protocol as it is to be."
        ),
    ],
    reason: Annotated[str, typer.Option(help="Why the protocol is amended; the report prints it.")],
    encoding: FilesEncoding = Encoding.UTF_8,
) -> None:
    """Amend a study's protocol between rounds, from its edited files; the earlier versions stay.

    Example: `castalia study amend peer-support studies/peer-support --reason "Threshold 75% as in the plan"`
    """
    definition = _read_folder(directory, encoding)
    with open_database() as database:
        amended = amend_protocol(database, SystemClock(), slug, definition, reason, OPERATOR)
    typer.echo(f"Version {amended.version} of the protocol of {slug} is in force (SHA-256 {amended.sha256}).")


@study.command()
def conclude(
    slug: StudySlug,
    reason: Annotated[
        str,
        typer.Option(help="Why it ends although the stopping rule advises to go on; the report prints it."),
    ] = "",
) -> None:
    """End a study after the feedback of its last round; nothing is asked of the panel any more.

    Example: `castalia study conclude peer-support`
    """
    try:
        with open_database() as database:
            concluded = conclude_study(database, SystemClock(), slug, OPERATOR, reason=reason)
    except FieldsRefused as refusal:
        raise refusal.problems["reason"] from None
    typer.echo(f"The study {concluded.slug} is concluded.")


@study.command("check-log")
def check(
    slug: StudySlug,
    printed: Annotated[
        str,
        typer.Option(
            "--hash", metavar="HASH", help="The log's last hash as a report printed it; it is looked for too."
        ),
    ] = "",
) -> None:
    """Compute every hash of a study's log again, and change nothing; end with 1 when the log is not whole.

    Example: `castalia study check-log peer-support --hash 9f86d081884c7d65...`
    """
    with open_database() as database:
        checked = check_log(database, slug)
        entry = find_entry(database, slug, printed.strip().lower()) if printed else None
    if checked.broken_at is not None:
        raise LogBroken(slug=slug, entry=checked.broken_at)
    if printed and entry is None:
        raise HashNotInLog(slug=slug, hash=printed)
    typer.echo(f"The log of {slug} is whole: {checked.n_events} entries, last hash {checked.head}.")
    if entry is not None:
        typer.echo(f"The hash that was printed is that of entry {entry}.")
