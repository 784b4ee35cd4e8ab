"""Refusals about studies as a whole: which there are, their files and their log."""

from collections.abc import Sequence

from app.domain.errors.refusal import DomainError, NotFound
from app.domain.fault import Fault
from app.domain.messages import N_, NN_


class StudyNotFound(NotFound):
    """No study has this slug, or the asker has no part in it."""

    message = N_("There is no study “%(slug)s” here.")


class StudyAlreadyImported(DomainError):
    """A study with this slug is already stored; importing never overwrites."""

    message = N_(
        "The study “%(slug)s” is already stored. Nothing was changed. Give the folder another slug "
        "to import it as a new study."
    )


class ImportRefused(DomainError):
    """The files have faults; nothing was stored. ``faults`` lists them all."""

    message, plural = NN_(
        "Nothing was stored: the files have one fault.",
        "Nothing was stored: the files have %(count)s faults.",
    )
    counted = "count"

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(count=len(self.faults))


class LogBroken(DomainError):
    """The log does not fit its own chain of hashes."""

    message = N_(
        "The log of %(slug)s is not whole: from entry %(entry)s on it does not fit its hashes. An entry was "
        "changed, moved or taken out. Keep the database as it is, and find out who could write to it."
    )


class HashNotInLog(NotFound):
    """A hash that a report printed is none of the log's."""

    message = N_(
        "The log of %(slug)s is whole, but none of its entries has the hash %(hash)s. Is it copied in full, "
        "from a report of this study? If it is, the log was written anew since."
    )
