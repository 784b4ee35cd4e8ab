"""What the template parts are made from: small frozen values, ready to be shown.

Each class belongs to the macro of the same name in `templates/parts/`. Texts are already in the reader's
language; the macros add only their own words. Positions are in per cent of a drawing's width, because a page
under a strict content security policy may not carry style attributes.
"""

from analysis.scale import Band
from app.web.shared.parts.distributions import (
    N_MARKS,
    Bar,
    DrawnSegment,
    Feedback,
    Histogram,
    HistogramBar,
    ShareBar,
    ShareSegment,
)
from app.web.shared.parts.page import (
    Action,
    Choice,
    Column,
    Crumb,
    Deadline,
    FieldError,
    KeyFigure,
    LanguageChoice,
    NavLink,
    Progress,
    RoundMark,
    TopicProgress,
    errors_by_field,
)
from app.web.shared.parts.rating import (
    MOST_CHOICES,
    MOST_LISTED,
    UNABLE,
    CommentField,
    EvidenceCard,
    PreviousRating,
    ReasonField,
    ReleasedComment,
    ScaleBand,
    ScaleField,
    ScalePoint,
    StatementCard,
    WordingChange,
    WordSpan,
)

__all__ = [
    "MOST_CHOICES",
    "MOST_LISTED",
    "N_MARKS",
    "UNABLE",
    "Action",
    "Band",
    "Bar",
    "Choice",
    "Column",
    "CommentField",
    "Crumb",
    "Deadline",
    "DrawnSegment",
    "EvidenceCard",
    "Feedback",
    "FieldError",
    "Histogram",
    "HistogramBar",
    "KeyFigure",
    "LanguageChoice",
    "NavLink",
    "PreviousRating",
    "Progress",
    "ReasonField",
    "ReleasedComment",
    "RoundMark",
    "ScaleBand",
    "ScaleField",
    "ScalePoint",
    "ShareBar",
    "ShareSegment",
    "StatementCard",
    "TopicProgress",
    "WordSpan",
    "WordingChange",
    "errors_by_field",
]
