"""What a panelist sends, read into changes of ratings and comments; nothing is stored here.

Names of form fields: ``<statement>.<criterion>`` is a point or ``unable``; with ``.version``, ``.unable``
(scales that are answered by typing), ``.reason`` and ``.reason_text`` behind it; ``<statement>.comment`` with
``.version``.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from app.domain.errors import PointOffScale, UnknownCriterion
from app.domain.protocol import Criterion, Protocol
from app.domain.rating import CommentChange, Rating, RatingChange, crosses_band
from app.domain.study import is_code
from app.services.questionnaire import QuestionnaireStatement
from app.services.ratings import Refusal
from app.web.shared.parts import UNABLE
from app.web.shared.submission import SentForm, SubmissionNotReadable

_WHOLE_NUMBER: Final = re.compile(r"-?[0-9]{1,6}")
_VERSION: Final = re.compile(r"[0-9]{1,9}")
_HIGHEST_VERSION: Final = 2**31 - 1


@dataclass(frozen=True)
class TypedRating:
    """A rating as it stands in the form, readable or not; an empty value means untouched."""

    value: str
    is_unable: bool
    version: int
    reason: str = ""
    reason_text: str = ""

    @property
    def is_untouched(self) -> bool:
        """Whether nothing was chosen."""
        return not self.value and not self.is_unable

    @cached_property
    def point(self) -> int | None:
        """The number chosen, or None where there is none."""
        return int(self.value) if _WHOLE_NUMBER.fullmatch(self.value) else None


@dataclass(frozen=True)
class TypedTopic:
    """A topic's form as it was sent, by statement and criterion, and what can be asked to be stored of it.

    ``refusals`` are values that cannot even be asked for: no number where a point is expected.
    """

    ratings: Mapping[tuple[str, str], TypedRating]
    comments: Mapping[str, str]
    changes: tuple[RatingChange, ...]
    comment_changes: tuple[CommentChange, ...]
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True)
class SentAnswer:
    """One answer of the autosave script; ``rating`` or ``comment`` is None where it was not sent."""

    statement: str
    criterion: str
    rating: RatingChange | None
    comment: CommentChange | None


def field_name(statement: str, criterion: str) -> str:
    """The name of a rating's form field."""
    return f"{statement}.{criterion}"


def comment_name(statement: str) -> str:
    """The name of a comment's form field."""
    return f"{statement}.comment"


def parse_topic(form: SentForm, items: Iterable[QuestionnaireStatement], protocol: Protocol) -> TypedTopic:
    """Read a topic's form; only fields of its own statements are looked at."""
    ratings: dict[tuple[str, str], TypedRating] = {}
    comments: dict[str, str] = {}
    changes: list[RatingChange] = []
    comment_changes: list[CommentChange] = []
    refusals: list[Refusal] = []
    for item in items:
        code = item.statement.code
        for criterion in protocol.criteria:
            typed = _typed_rating(form, item, criterion)
            ratings[code, criterion.code] = typed
            if typed.is_untouched:
                continue
            if typed.value and typed.point is None:
                refusals.append(Refusal(code, criterion.code, _off_scale(typed.value, code, criterion)))
            else:
                changes.append(_change(typed, code, criterion.code))
        name = comment_name(code)
        if name in form:
            comments[code] = form.one(name)
            version = read_version(form.one(f"{name}.version"))
            comment_changes.append(CommentChange(code, comments[code], version))
    return TypedTopic(ratings, comments, tuple(changes), tuple(comment_changes), tuple(refusals))


def parse_answer(sent: Mapping[str, object], protocol: Protocol) -> SentAnswer:
    """Read what the autosave script sends.

    Raises
    ------
    SubmissionNotReadable
        A field is missing or of the wrong kind.
    UnknownCriterion
        The study rates statements on no such criterion.
    PointOffScale
        The point is not a whole number.
    """
    statement, criterion = sent_code(sent, "statement"), sent_code(sent, "criterion")
    if criterion not in protocol.criterion_codes:
        raise UnknownCriterion(criterion=criterion)
    point, is_unable = sent.get("point"), sent.get("abstained", False)
    if point is not None and type(point) is not int:
        raise _off_scale(str(point), statement, protocol.criterion(criterion))
    reason = sent.get("reason") or {}
    if not isinstance(is_unable, bool) or not isinstance(reason, Mapping):
        raise SubmissionNotReadable
    rating = RatingChange(
        statement=statement,
        criterion=criterion,
        point=point,
        abstained=is_unable,
        known_version=sent_version(sent, "version"),
        reason=sent_text(reason, "code"),
        reason_text=sent_text(reason, "text"),
    )
    comment = None
    if sent.get("comment") is not None:
        comment = CommentChange(statement, sent_text(sent, "comment"), sent_version(sent, "comment_version"))
    is_rated = point is not None or is_unable
    return SentAnswer(statement, criterion, rating if is_rated else None, comment)


def read_version(text: str) -> int:
    """The version a form says it knew; anything else counts as none, so that nothing is overwritten by it."""
    return int(text) if _VERSION.fullmatch(text) else 0


def _typed_rating(form: SentForm, item: QuestionnaireStatement, criterion: Criterion) -> TypedRating:
    name = field_name(item.statement.code, criterion.code)
    previous = item.previous.get(criterion.code)
    value = form.one(name).strip()
    is_unable = UNABLE in (value, form.one(f"{name}.unable"))
    if form.one("keep") == name and previous is not None:
        value, is_unable = _value_of(previous), previous.abstained
    typed = TypedRating(
        value="" if value == UNABLE else value,
        is_unable=is_unable,
        version=read_version(form.one(f"{name}.version")),
    )
    if not _asks_for_reason(criterion, previous, typed):
        return typed
    return TypedRating(
        typed.value,
        typed.is_unable,
        typed.version,
        form.one(f"{name}.reason"),
        form.one(f"{name}.reason_text"),
    )


def _asks_for_reason(criterion: Criterion, previous: Rating | None, typed: TypedRating) -> bool:
    # The fields for a reason may have been filled in before the choice went back into its band.
    if previous is None or typed.point not in criterion.scale.points:
        return False
    return crosses_band(criterion.scale, previous.point, typed.point)


def _value_of(rating: Rating) -> str:
    return "" if rating.point is None else str(rating.point)


def _change(typed: TypedRating, statement: str, criterion: str) -> RatingChange:
    return RatingChange(
        statement=statement,
        criterion=criterion,
        point=typed.point,
        abstained=typed.is_unable,
        known_version=typed.version,
        reason=typed.reason,
        reason_text=typed.reason_text,
    )


def _off_scale(value: str, statement: str, criterion: Criterion) -> PointOffScale:
    points = criterion.scale.points
    return PointOffScale(point=value[:20], statement=statement, first=points[0], last=points[-1])


def sent_code(sent: Mapping[str, object], name: str) -> str:
    """The code that the script sends under a name, or SubmissionNotReadable."""
    value = sent.get(name)
    if not isinstance(value, str) or not is_code(value):
        raise SubmissionNotReadable
    return value


def sent_text(sent: Mapping[str, object], name: str) -> str:
    """The text that the script sends under a name, or SubmissionNotReadable; empty when it sends none."""
    value = sent.get(name, "")
    if not isinstance(value, str):
        raise SubmissionNotReadable
    return value


def sent_version(sent: Mapping[str, object], name: str) -> int:
    """The version that the script knew, or SubmissionNotReadable; 0 when it sends none."""
    value = sent.get(name, 0)
    if type(value) is not int or not 0 <= value <= _HIGHEST_VERSION:
        raise SubmissionNotReadable
    return value
