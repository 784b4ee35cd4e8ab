"""Statements as cards: what is asked, what was answered before, and what the panel answered."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Final, Literal
from zoneinfo import ZoneInfo

from analysis.scale import Band, Scale
from app.domain.feedback import OVERALL, lies_far_from_group
from app.domain.protocol import Criterion, Protocol
from app.domain.rating import CHANGE_REASON_WORDS, COMMENT_LIMIT, ChangeReason, Rating
from app.domain.statement import Evidence, Statement
from app.domain.study import in_language
from app.i18n import translations
from app.i18n.formats import formats
from app.services.comments import ReleasedComment as Released
from app.services.feedback import CriterionFeedback, GroupFeedback
from app.services.questionnaire import Questionnaire, QuestionnaireStatement
from app.storage.kept import Itself, Kept
from app.web.panelist.forms import TypedTopic, comment_name, field_name
from app.web.panelist.visit import Visit
from app.web.shared.parts import (
    N_MARKS,
    Choice,
    CommentField,
    EvidenceCard,
    Feedback,
    Histogram,
    HistogramBar,
    PreviousRating,
    ReasonField,
    ReleasedComment,
    ScaleField,
    ScalePoint,
    StatementCard,
    WordingChange,
)
from app.web.shared.wording import changed_words

_MOST_STANDING: Final = 4096
"""How many cards are kept as they are before they are answered: each for one statement, group and language,
and one answer of the round before."""

_STANDING: Final = Kept(_MOST_STANDING)


@dataclass(frozen=True)
class CardFrame:
    """What all cards of one page have in common.

    ``typed`` and ``errors`` (by form field) come from a form that was refused; what was typed then stands in
    the fields instead of what is stored.
    """

    protocol: Protocol
    group: str
    language: str
    zone: str
    looks_back_on: int | None
    is_real_time: bool
    now: datetime
    typed: TypedTopic | None = None
    errors: Mapping[str, str] = field(default_factory=dict)


def card_frame(
    visit: Visit,
    questionnaire: Questionnaire,
    now: datetime,
    typed: TypedTopic | None = None,
    errors: Mapping[str, str] | None = None,
) -> CardFrame:
    """The frame of a visitor's cards in the round of a questionnaire."""
    visitor = visit.visitor
    return CardFrame(
        protocol=visitor.protocol,
        group=visitor.panelist.group,
        language=visit.locale,
        zone=visitor.study.time_zone,
        looks_back_on=questionnaire.looks_back_on,
        is_real_time=questionnaire.round.is_real_time,
        now=now,
        typed=typed,
        errors=errors or {},
    )


def statement_card(item: QuestionnaireStatement, frame: CardFrame) -> StatementCard:
    """A statement with everything the panelist needs to rate it."""
    card = _STANDING.get(_standing_key(item, frame), lambda: _standing_card(item, frame))
    if frame.is_real_time:
        card = replace(card, feedback=feedback_parts(item.feedback, item.ratings, frame))
    return replace(
        card,
        scales=tuple(
            _answered_field(field, item.ratings.get(field.criterion), frame) for field in card.scales
        ),
        comment=_comment_field(item, frame),
        saved_at=_last_saved(item, frame),
    )


def _standing_key(item: QuestionnaireStatement, frame: CardFrame) -> Hashable:
    """All that a card is made of before it is answered.

    What was asked, what was released and the protocol are read once and stay the same objects as long as they
    say the same.
    """
    return (
        Itself(item.statement),
        Itself(item.evidence),
        None if frame.is_real_time else Itself(item.feedback),
        Itself(frame.protocol),
        item.released_comments,
        tuple((criterion, rating.point) for criterion, rating in item.previous.items()),
        frame.group,
        frame.language,
        frame.looks_back_on,
    )


def _standing_card(item: QuestionnaireStatement, frame: CardFrame) -> StatementCard:
    """The card before anything is chosen on it, and before a real-time round shows how the panel answers."""
    statement = item.statement
    card = StatementCard(
        code=statement.code,
        text=in_language(statement.text, frame.language),
        scales=tuple(_scale_field(item, criterion, frame) for criterion in frame.protocol.criteria),
        evidence=tuple(_evidence_card(card, frame.language) for card in item.evidence),
        change=_wording_change(statement, frame.language),
        feedback=() if frame.is_real_time else feedback_parts(item.feedback, item.previous, frame),
        comments=comment_parts(item.released_comments, frame),
        is_live=frame.is_real_time,
        outlier=_lies_far(item, frame),
        language="" if frame.language in statement.text else next(iter(statement.text)),
        note=statement.note.get(
            frame.language if frame.language in statement.text else next(iter(statement.text)), ""
        ),
    )
    return replace(card, standing=Itself(card))


def answer_in_words(criterion: Criterion, point: int | None, language: str, *, is_unable: bool) -> str:
    """An answer as people read it: "4, Agree"."""
    if is_unable:
        return translations(language).gettext("unable to rate")
    if point not in criterion.scale.points:
        return "" if point is None else str(point)
    label = criterion.labels[language][criterion.scale.points.index(point)]
    return f"{point}, {label}" if label else str(point)


def scale_points(criterion: Criterion, language: str) -> tuple[ScalePoint, ...]:
    """The points of a criterion's scale as they are offered."""
    scale = criterion.scale
    return tuple(
        ScalePoint(point, label, band)
        for point, label, band in zip(scale.points, criterion.labels[language], _bands(scale), strict=True)
    )


# A page asks for the bands of its one scale some two hundred times.
@lru_cache(maxsize=64)
def _bands(scale: Scale) -> tuple[Band, ...]:
    return tuple(scale.band_of(point) for point in scale.points)


def _scale_field(item: QuestionnaireStatement, criterion: Criterion, frame: CardFrame) -> ScaleField:
    """The field as it is before anything is chosen in it."""
    points = scale_points(criterion, frame.language)
    previous = _previous(item.previous.get(criterion.code), points, frame.looks_back_on or 0)
    return ScaleField(
        name=field_name(item.statement.code, criterion.code),
        statement=item.statement.code,
        criterion=criterion.code,
        legend=in_language(criterion.question, frame.language),
        points=points,
        previous=previous,
        reason=_reason_field(previous, frame),
        band_names=_band_names(criterion, frame.language),
    )


def _answered_field(field: ScaleField, stored: Rating | None, frame: CardFrame) -> ScaleField:
    """The field with what is chosen in it: what is stored, or what was typed into a form that was refused."""
    value, is_unable = (stored.point, stored.abstained) if stored else (None, False)
    reason, reason_text = (stored.reason or "", stored.reason_text) if stored else ("", "")
    if frame.typed is not None:
        typed = frame.typed.ratings[field.statement, field.criterion]
        value, is_unable = typed.point, typed.is_unable
        reason, reason_text = typed.reason, typed.reason_text
    return replace(
        field,
        value=value,
        abstained=is_unable,
        version=stored.version if stored else 0,
        error=frame.errors.get(field.name, ""),
        reason=_answered_reason(field.reason, reason, reason_text),
    )


def _answered_reason(field: ReasonField | None, code: str, text: str) -> ReasonField | None:
    return replace(field, code=code, text=text) if field and (code or text) else field


def _band_names(criterion: Criterion, language: str) -> tuple[tuple[Band, str], ...]:
    """What the bands are called where something else than agreement is asked, such as importance."""
    if criterion.code == "agreement":
        return ()
    gettext = translations(language).gettext
    first, *between, last = dict.fromkeys(map(criterion.scale.band_of, sorted(criterion.scale.points)))
    middle = ((band, gettext("In the middle")) for band in between)
    return ((first, gettext("Low")), *middle, (last, gettext("High")))


def _previous(
    rating: Rating | None, points: tuple[ScalePoint, ...], round_number: int
) -> PreviousRating | None:
    if rating is None:
        return None
    point = next((point for point in points if point.value == rating.point), None)
    return PreviousRating(round_number, point)


def _reason_field(previous: PreviousRating | None, frame: CardFrame) -> ReasonField | None:
    is_asked = frame.protocol.feedback.reason_when_band_crossed
    if not is_asked or previous is None or previous.point is None:
        return None
    gettext = translations(frame.language).gettext
    choices = tuple(Choice(reason, gettext(CHANGE_REASON_WORDS[reason])) for reason in ChangeReason)
    return ReasonField(choices)


def _comment_field(item: QuestionnaireStatement, frame: CardFrame) -> CommentField:
    name = comment_name(item.statement.code)
    text = item.comment.text
    if frame.typed is not None:
        text = frame.typed.comments.get(item.statement.code, text)
    return CommentField(
        name=name,
        value=text,
        error=frame.errors.get(name, ""),
        maximum=COMMENT_LIMIT,
        version=item.comment.version,
    )


def _evidence_card(card: Evidence, language: str) -> EvidenceCard:
    return EvidenceCard(
        kind=card.kind.value,
        title=in_language(card.title, language),
        what=in_language(card.what, language),
        why=in_language(card.why, language) if card.why else "",
        source=card.source,
        country=card.country or "",
    )


def _wording_change(statement: Statement, language: str) -> WordingChange | None:
    if not statement.previous_text:
        return None
    before, after = in_language(statement.previous_text, language), in_language(statement.text, language)
    return WordingChange(changed_words(before, after), statement.change_reason)


def feedback_parts(
    feedback: Sequence[CriterionFeedback], own: Mapping[str, Rating], frame: CardFrame
) -> tuple[Feedback, ...]:
    """What may be seen of the panel on one statement, drawn; ``own`` are the reader's ratings beside it."""
    found = []
    for figures in feedback:
        histograms = _histograms(figures, own.get(figures.criterion), frame)
        name = in_language(frame.protocol.criterion(figures.criterion).name, frame.language)
        if histograms:
            found.append(Feedback(histograms, label=name if len(frame.protocol.criteria) > 1 else ""))
    return tuple(found)


def comment_parts(comments: Sequence[Released], frame: CardFrame) -> tuple[ReleasedComment, ...]:
    """Released comments, each marked with its language where it is not the page's and may be told.

    A theme without words in the page's language is not named.
    """
    return tuple(
        ReleasedComment(
            one.text,
            dict(one.headings).get(frame.language, ""),
            "" if one.language == frame.language else one.language,
        )
        for one in comments
    )


def _histograms(
    feedback: CriterionFeedback, beside: Rating | None, frame: CardFrame
) -> tuple[Histogram, ...]:
    """The own group first, the others in the study's order, everyone together last."""
    criterion = frame.protocol.criterion(feedback.criterion)
    shown = {group.group: group for group in feedback.groups}
    order = sorted(frame.protocol.group_codes, key=lambda code: code != frame.group)
    own = beside.point if beside else None
    return tuple(
        _histogram(shown[code], criterion, own, frame) if code in shown else _withheld_histogram(code, frame)
        for code in (*order, OVERALL)
        if code in (*shown, *feedback.withheld)
    )


def _withheld_histogram(code: str, frame: CardFrame) -> Histogram:
    return Histogram(
        _group_name(code, frame),
        _mark(code, frame.protocol),
        withheld="waiting" if frame.is_real_time else "protected",
        is_own_group=code == frame.group,
    )


def _histogram(figures: GroupFeedback, criterion: Criterion, own: int | None, frame: CardFrame) -> Histogram:
    scale = criterion.scale
    return Histogram(
        _group_name(figures.group, frame),
        _mark(figures.group, frame.protocol),
        bars=tuple(
            HistogramBar(point, count, band)
            for point, count, band in zip(scale.points, figures.counts, _bands(scale), strict=True)
        ),
        median=figures.median,
        q1=figures.q1,
        q3=figures.q3,
        own=own,
        is_own_group=figures.is_own,
    )


def _group_name(code: str, frame: CardFrame) -> str:
    if code == OVERALL:
        return translations(frame.language).gettext("Everyone together")
    return in_language(frame.protocol.group(code).name, frame.language)


def _mark(code: str, protocol: Protocol) -> int | Literal["overall"]:
    return "overall" if code == OVERALL else min(protocol.group_codes.index(code) + 1, N_MARKS)


def _lies_far(item: QuestionnaireStatement, frame: CardFrame) -> bool:
    if not frame.protocol.feedback.outlier_note or frame.is_real_time:
        return False
    for feedback in item.feedback:
        previous, own_group = item.previous.get(feedback.criterion), feedback.own_group
        if previous is None or previous.point is None or own_group is None:
            continue
        if lies_far_from_group(previous.point, own_group.q1, own_group.q3):
            return True
    return False


def _last_saved(item: QuestionnaireStatement, frame: CardFrame) -> str:
    if not item.ratings:
        return ""
    at = max(rating.rated_at for rating in item.ratings.values())
    return saved_time(at, frame.now, frame.zone, frame.language)


def saved_time(at: datetime, now: datetime, zone: str, language: str) -> str:
    """When something was saved: the time alone today, with its day before."""
    place = ZoneInfo(zone)
    is_today = at.astimezone(place).date() == now.astimezone(place).date()
    return _time_in_words(at.replace(second=0, microsecond=0), zone, language, is_today=is_today)


# What is saved together is saved at one time, and to write it costs as much as a query.
@lru_cache(maxsize=1024)
def _time_in_words(minute: datetime, zone: str, language: str, *, is_today: bool) -> str:
    written = formats(language)
    return written.time(minute, zone) if is_today else written.moment(minute, zone)
