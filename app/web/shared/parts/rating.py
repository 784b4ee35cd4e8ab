"""What a statement is rated with: its scale, its evidence, its comments, and the card that holds them."""

import secrets
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final, Literal

from analysis.scale import Band
from app.web.shared.parts.distributions import Feedback
from app.web.shared.parts.page import Choice

MOST_CHOICES: Final = 11
"""A scale with more points than this is answered by typing a number, not by choosing among buttons."""

MOST_LISTED: Final = 7
"""Up to this many fully labelled points read best as a list; more are set out by band."""

UNABLE: Final = "unable"
"""The form value of "unable to rate"."""


GAP_EDGE: Final = secrets.token_hex(16)
"""Stands on both sides of a gap's name; nobody can know it and write it into a text."""


def gap(name: str) -> str:
    """A mark for what is filled into a rendered piece later."""
    return f"{GAP_EDGE}{name}{GAP_EDGE}"


@dataclass(frozen=True, slots=True)
class ScalePoint:
    """One point of a scale as it is offered: "4, Agree".

    `label` may be empty where the protocol names only some points; the band then names the point.
    """

    value: int
    label: str
    band: Band


@dataclass(frozen=True, slots=True)
class ScaleBand:
    """Neighbouring points of one band."""

    band: Band
    name: str
    points: tuple[ScalePoint, ...]

    @property
    def lowest(self) -> int:
        """The lowest of its points."""
        return min(point.value for point in self.points)

    @property
    def highest(self) -> int:
        """The highest of its points."""
        return max(point.value for point in self.points)


@dataclass(frozen=True, slots=True)
class PreviousRating:
    """What the panelist answered in the round before: a point, or None for "unable to rate"."""

    round_number: int
    point: ScalePoint | None


@dataclass(frozen=True, slots=True)
class ReasonField:
    """The question why a rating crossed a band since the last round.

    Form fields: `<name>.reason` (one code of `choices`) and `<name>.reason_text`.
    """

    choices: tuple[Choice, ...]
    code: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class ScaleField:
    """One statement rated on one criterion: a group of radio buttons.

    Form fields: `name` (a point, or "unable") and `<name>.version` (the version the page last knew; 0 for
    none). The customary name is `<statement>.<criterion>`, for example `S07.agreement`.
    `value` is the chosen point, `abstained` says that "unable to rate" is chosen; neither means unanswered.
    `band_names` gives the words for disagree, neutral and agree where agreement is not what is asked.
    """

    name: str
    statement: str
    criterion: str
    legend: str
    points: tuple[ScalePoint, ...]
    value: int | None = None
    abstained: bool = False
    version: int | str = 0
    hint: str = ""
    error: str = ""
    previous: PreviousRating | None = None
    reason: ReasonField | None = None
    band_names: tuple[tuple[Band, str], ...] = ()

    @property
    def element_id(self) -> str:
        """The id of the fieldset, to be linked from an error summary."""
        return f"field-{self.name.replace('.', '-')}"

    @property
    def unversioned(self) -> "ScaleField":
        """The field as it is whenever the same is chosen in it, however often that has changed."""
        return replace(self, version=0, hint="", error="")

    @property
    def highest(self) -> int:
        """The highest point of the scale, for names such as "4 of 5"."""
        return max(point.value for point in self.points)

    @property
    def lowest(self) -> int:
        """The lowest point of the scale."""
        return min(point.value for point in self.points)

    @property
    def layout(self) -> Literal["list", "bands", "number"]:
        """How the points are set out: a labelled list, number buttons by band, or a number to type."""
        if len(self.points) > MOST_CHOICES:
            return "number"
        if len(self.points) > MOST_LISTED or not all(point.label for point in self.points):
            return "bands"
        return "list"

    @property
    def bands(self) -> tuple[ScaleBand, ...]:
        """The points in their order, neighbours of one band together."""
        names = dict(self.band_names)
        return tuple(
            ScaleBand(band, names.get(band, ""), tuple(points))
            for band, points in groupby(self.points, key=lambda point: point.band)
        )

    def crosses_band(self, point: ScalePoint) -> bool:
        """Whether choosing `point` leaves the band of the previous rating."""
        before = self.previous.point if self.previous else None
        return before is not None and before.band is not point.band

    @property
    def band_before(self) -> ScaleBand | None:
        """The band of the previous rating, None where there is no such point."""
        before = self.previous.point if self.previous else None
        return next((band for band in self.bands if before in band.points), None)

    @property
    def number_crosses_band(self) -> bool:
        """Whether the stored value left the band of the previous rating (for scales answered by typing)."""
        return any(point.value == self.value and self.crosses_band(point) for point in self.points)


@dataclass(frozen=True, slots=True)
class CommentField:
    """The optional comment on a statement.

    Form fields: `<statement>.comment` and `<statement>.comment.version` (the version the page last knew; 0
    for none).
    """

    name: str
    value: str = ""
    hint: str = ""
    error: str = ""
    maximum: int = 4000
    version: int | str = 0


@dataclass(frozen=True, slots=True)
class ReleasedComment:
    """A comment that a researcher released, under its theme when it has one."""

    text: str
    theme: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class WordSpan:
    """Some words of a text, whether they stayed, came or went, and the space before them."""

    text: str
    change: Literal["same", "added", "removed"] = "same"
    space: str = " "


@dataclass(frozen=True, slots=True)
class WordingChange:
    """How a statement's wording changed since the last round, and why."""

    spans: tuple[WordSpan, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class EvidenceCard:
    """A piece of evidence behind a statement: literature, or a good practice of a country (ISO code)."""

    kind: Literal["literature", "good_practice"]
    title: str
    what: str
    why: str = ""
    source: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class StatementCard:
    """A statement with everything a panelist needs to rate it.

    `feedback` has one entry per criterion; none where nothing is fed back. `saved_at` is the time of
    the last saved answer as text ("14:02"). `language` is set only where the text is in another language than
    the page; `note` is what stands under it. `is_live`: the feedback is that of a real-time round, and
    appears after an own answer.
    `standing` is a key for all of the card that does not change while the panelist answers, under which its
    pieces are kept; without it everything is rendered anew.
    """

    code: str
    text: str
    scales: tuple[ScaleField, ...] = ()
    comment: CommentField | None = None
    evidence: tuple[EvidenceCard, ...] = ()
    change: WordingChange | None = None
    feedback: tuple["Feedback", ...] = ()
    comments: tuple[ReleasedComment, ...] = ()
    outlier: bool = False
    saved_at: str = ""
    language: str = ""
    note: str = ""
    is_live: bool = False
    standing: Hashable = None

    @property
    def element_id(self) -> str:
        """The id of the card, for jump links."""
        return f"statement-{self.code}"

    @property
    def chosen(self) -> Hashable:
        """What is chosen on the card, and whether it was ever saved."""
        choices = (
            (field.value, field.abstained, field.reason and field.reason.code) for field in self.scales
        )
        return (*choices, bool(self.saved_at))

    @property
    def is_plain(self) -> bool:
        """Whether nothing but what is chosen and the gaps can differ from the cards of others."""
        has_words = any(field.error or (field.reason and field.reason.text) for field in self.scales)
        return not (self.is_live or has_words or (self.comment and self.comment.error))

    @property
    def gaps(self) -> Mapping[str, object]:
        """What is new each time the card is saved: versions, the comment, and the time."""
        found: dict[str, object] = {field.name: field.version for field in self.scales}
        if self.comment:
            found |= {"comment": self.comment.value, "comment.version": self.comment.version}
        return found | {"saved_at": self.saved_at}

    def with_gaps(self) -> "StatementCard":
        """The card with a mark in place of each of these, to be rendered once for all that is chosen so."""
        comment = self.comment and replace(self.comment, value=gap("comment"), version=gap("comment.version"))
        return replace(
            self,
            scales=tuple(replace(field, version=gap(field.name)) for field in self.scales),
            comment=comment,
            saved_at=gap("saved_at") if self.saved_at else "",
        )

    @property
    def comments_by_theme(self) -> tuple[tuple[str, tuple[ReleasedComment, ...]], ...]:
        """The released comments under their themes, in the order given; those without a theme last."""
        themes = sorted(
            {comment.theme for comment in self.comments}, key=lambda theme: (not theme, self._first(theme))
        )
        return tuple((theme, tuple(c for c in self.comments if c.theme == theme)) for theme in themes)

    def _first(self, theme: str) -> int:
        return next(i for i, comment in enumerate(self.comments) if comment.theme == theme)
