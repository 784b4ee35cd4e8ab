"""``panel.csv``: one person to be invited a row."""

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from app.domain.errors import AddressNotValid
from app.domain.fault import Fault
from app.domain.messages import N_
from app.domain.panel import ADDRESS_LIMIT, NAME_LIMIT, Invitee, is_address
from app.interchange.csv_rows import read_rows
from app.interchange.csv_writing import csv_table
from app.interchange.table_rows import CODE_LIMIT, RowReader

PANEL_FILE: Final = "panel.csv"
PANEL_COLUMNS: Final = ("name", "email", "group", "language")


def read_panel(
    text: str, languages: Sequence[str], groups: Collection[str], faults: list[Fault]
) -> tuple[Invitee, ...]:
    """Read the people to be invited; they hold only when nothing was added to ``faults``.

    Addresses are given back in lower case, so that nobody is invited twice.

    Parameters
    ----------
    text
        What stands in the file.
    languages
        The study's languages.
    groups
        The codes of its stakeholder groups; empty when they are not known, and then not checked.
    faults
        Where everything that is wrong is added.
    """
    rows = read_rows(PANEL_FILE, text, PANEL_COLUMNS, faults)
    return tuple(invitee for _, invitee in read_invitees(rows, languages, groups))


def write_panel(panel: Iterable[Invitee]) -> bytes:
    """The file that invites these people, by name: nothing of it tells in which order they came."""
    rows = sorted((one.name, one.email, one.group, one.language) for one in panel)
    return csv_table(PANEL_COLUMNS, rows)


def read_invitees(
    rows: Iterable[RowReader], languages: Sequence[str], groups: Collection[str]
) -> tuple[tuple[int, Invitee], ...]:
    """The person of each row, with the row's number; an address that stands there twice is a fault."""
    first_rows: dict[str, int] = {}
    panel = []
    for row in rows:
        invitee = _read_invitee(row, languages, groups)
        if invitee.email in first_rows:
            row.fault(
                "email",
                N_("“%(email)s” stands in row %(row)s already. Everybody is invited once."),
                email=invitee.email,
                row=first_rows[invitee.email],
            )
        elif invitee.email:
            first_rows[invitee.email] = row.number
        panel.append((row.number, invitee))
    return tuple(panel)


def _read_invitee(row: RowReader, languages: Sequence[str], groups: Collection[str]) -> Invitee:
    group = row.text("group", CODE_LIMIT, when_empty=N_("is empty; every panelist belongs to a group."))
    if group and groups and group not in groups:
        row.fault(
            "group",
            N_("“%(group)s” is not a group of this study. Its groups are %(groups)s."),
            group=group,
            groups=", ".join(groups),
        )
    language = row.text("language", CODE_LIMIT, when_empty=N_("is empty; say in which language to write."))
    if language and language not in languages:
        row.fault(
            "language",
            N_("“%(language)s” is not a language of this study. Its languages are %(languages)s."),
            language=language,
            languages=", ".join(languages),
        )
    return Invitee(
        name=row.text("name", NAME_LIMIT, when_empty=N_("is empty; an invitation needs a name.")),
        email=_read_address(row),
        group=group,
        language=language,
    )


def _read_address(row: RowReader) -> str:
    when_empty = N_("is empty; nobody can be invited without an address.")
    email = row.text("email", ADDRESS_LIMIT, when_empty=when_empty).lower()
    if email and not is_address(email):
        row.fault("email", AddressNotValid.message, email=email)
        return ""
    return email
