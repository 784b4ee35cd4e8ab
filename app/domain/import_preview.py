"""An uploaded table that was looked at, and waits to be stored."""

from app.domain.errors import DomainError, NotFound
from app.domain.messages import N_


class PreviewGone(NotFound):
    """The uploaded file was stored already, or waited for too long."""

    message = N_(
        "This preview is no longer there: it was stored, or it waited too long. Upload the file again."
    )


class NothingToImport(DomainError):
    """The file says what is stored already."""

    message = N_("Every row says what is stored already. There is nothing to store.")
