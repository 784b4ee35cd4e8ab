"""Several files as one, with the same bytes for the same content."""

import io
import zipfile
from collections.abc import Mapping

EARLIEST_DATE = (1980, 1, 1, 0, 0, 0)
"""The date of every file in an archive: the first one the format knows, so that the bytes show no clock."""

READABLE_FILE = 0o100644 << 16
UNIX = 3


def zip_tables(tables: Mapping[str, bytes]) -> bytes:
    """Tables by file name as one ZIP file, in the order given."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in tables.items():
            entry = zipfile.ZipInfo(name, EARLIEST_DATE)
            # The system that writes would otherwise be told in the bytes.
            entry.create_system = UNIX
            entry.external_attr = READABLE_FILE
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED, compresslevel=6)
    return packed.getvalue()
