"""Erasing a person: what they gave and what names them goes; that somebody was there stays."""

from typing import Final

from sqlalchemy import Connection, Table, delete, select, update

from app.storage.response import counted_anew
from app.storage.tables import metadata
from app.storage.tables.coding import material
from app.storage.tables.rounds import participation

KEPT: Final = frozenset({"participation", "personal_link", "panelist_session", "outbox"})
"""Tables that speak of a panelist and stay: moments and hashes, no answer, no name, no address."""

ERASED: Final[tuple[Table, ...]] = tuple(
    table
    for table in reversed(metadata.sorted_tables)
    if "panelist_id" in table.columns and table.name not in KEPT
)
"""Every other table that speaks of a panelist, dependent ones first; a new table is erased unless kept."""

ABOUT_PIECES: Final[tuple[Table, ...]] = tuple(
    table for table in metadata.sorted_tables if "material_id" in table.columns
)
"""What speaks of pieces that a panelist wrote: it goes with them."""


def erase_person(connection: Connection, study_id: int, panelist_id: int) -> None:
    """Delete all that a panelist rated, wrote and answered, history included, and their name and address."""
    key = {"study_id": study_id, "panelist_id": panelist_id}
    written = select(material.c.id).filter_by(**key)
    with counted_anew(connection, study_id, panelist_id):
        for table in ABOUT_PIECES:
            connection.execute(
                delete(table).where(table.c.study_id == study_id, table.c.material_id.in_(written))
            )
        for table in ERASED:
            connection.execute(delete(table).filter_by(**key))
        connection.execute(update(participation).filter_by(**key).values(receipt_code=None))
