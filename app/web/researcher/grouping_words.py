"""What other groupings and their categories are called."""

from collections.abc import Iterable

from app.domain.messages import N_
from app.domain.study import in_language
from app.services.groupings import CHOSEN, NO_ANSWER, Grouping
from app.web.researcher.desk import StudyDesk
from app.web.shared.parts import Choice


def grouping_name(desk: StudyDesk, grouping: Grouping) -> str:
    """What a panel is grouped by."""
    if grouping.question is None:
        return desk.say(N_("Language"))
    return in_language(grouping.question.text, desk.locale)


def grouping_choices(desk: StudyDesk, groupings: Iterable[Grouping]) -> tuple[Choice, ...]:
    """The groupings to choose from."""
    return tuple(Choice(one.code, grouping_name(desk, one)) for one in groupings)


def category_names(desk: StudyDesk, grouping: Grouping, codes: Iterable[str]) -> dict[str, str]:
    """What the categories of a grouping are called, by their code."""
    return {code: _category_name(desk, grouping, code) for code in codes}


def _category_name(desk: StudyDesk, grouping: Grouping, code: str) -> str:
    if code == NO_ANSWER:
        return desk.say(N_("no answer"))
    chosen = code.removeprefix(CHOSEN)
    if grouping.question is None:
        return desk.written.language(chosen)
    return next(
        in_language(option.text, desk.locale) for option in grouping.question.options if option.code == chosen
    )
