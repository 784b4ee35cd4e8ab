"""Ending a study: as the stopping rule advises, or against its advice with a reason."""

from app.domain.errors import DomainError
from app.domain.messages import N_
from app.domain.rating import REASON_LIMIT
from app.domain.statement_editing import FieldsRefused, checked_field
from app.domain.stopping import StoppingAdvice


class ConclusionNeedsReason(DomainError):
    """The study is to end although the stopping rule advises to go on, and nobody says why."""

    message = N_("The stopping rule advises to go on. Say why the study ends; the report prints it.")


def checked_conclusion(advice: StoppingAdvice | None, reason: str) -> str:
    """The reason as it will be stored and reported; none is needed or kept where the rule advises to end.

    Raises
    ------
    FieldsRefused
        The field ``reason`` is empty against the rule's advice, or cannot be kept.
    """
    if advice is None or advice.conclude:
        return ""
    problems: dict[str, DomainError] = {}
    why = checked_field("reason", reason, REASON_LIMIT, problems)
    if not why and not problems:
        problems["reason"] = ConclusionNeedsReason()
    if problems:
        raise FieldsRefused(problems)
    return why
