"""Every part with examples, on two pages: one in the panelists' dress, one in the researchers'.

Served in development only. The examples are invented, and in English whatever the language of the page, so
that they need no translation.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.i18n import LANGUAGE_NAMES, SOURCE_LANGUAGE
from app.web.shared.parts import (
    Band,
    Choice,
    Column,
    CommentField,
    Crumb,
    Deadline,
    EvidenceCard,
    Feedback,
    FieldError,
    Histogram,
    HistogramBar,
    KeyFigure,
    LanguageChoice,
    NavLink,
    PreviousRating,
    Progress,
    ReasonField,
    ReleasedComment,
    RoundMark,
    ScaleField,
    ScalePoint,
    ShareBar,
    ShareSegment,
    StatementCard,
    TopicProgress,
    WordingChange,
    WordSpan,
)
from app.web.shared.state import nonce_of
from app.web.shared.templating import Chrome, render

router = APIRouter(include_in_schema=False)

_LABELS: Final = ("Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree")
_BANDS: Final = (Band.DISAGREE, Band.DISAGREE, Band.NEUTRAL, Band.AGREE, Band.AGREE)
_THIRDS: Final = (Band.DISAGREE,) * 3 + (Band.NEUTRAL,) * 3 + (Band.AGREE,) * 3
_ROOMS: Final = (
    "Overview",
    "Protocol",
    "Statements",
    "Panel",
    "Rounds",
    "Comments",
    "Results",
    "Reports",
    "Log",
)
_DECISIONS: Final = ("consensus_in", "consensus_out", "no_consensus", "not_assessable")

AGREEMENT: Final = tuple(
    ScalePoint(i, label, band) for i, (label, band) in enumerate(zip(_LABELS, _BANDS, strict=True), start=1)
)
NINE: Final = tuple(ScalePoint(i, "", band) for i, band in enumerate(_THIRDS, start=1))
HUNDRED: Final = tuple(
    ScalePoint(i, {0: "not at all", 100: "entirely"}.get(i, ""), band)
    for i, band in enumerate((Band.DISAGREE,) * 70 + (Band.AGREE,) * 31)
)


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A row of the example table of decisions."""

    code: str
    text: str
    shares: ShareBar
    median: float
    decision: str


@dataclass(frozen=True, slots=True)
class StyleguidePage:
    """The examples of both pages."""

    cards: tuple[StatementCard, ...]
    nine: ScaleField
    hundred: ScaleField
    histograms: tuple[Histogram, ...]
    progress: Progress
    deadlines: tuple[Deadline, ...]
    rounds: tuple[RoundMark, ...]
    figures: tuple[KeyFigure, ...]
    errors: tuple[FieldError, ...]
    choices: tuple[Choice, ...]
    decisions: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[DecisionRow, ...]
    marks: tuple[int | str, ...]


@router.get("/styleguide", response_class=HTMLResponse)
def show_panelist_parts(request: Request, locale: str = SOURCE_LANGUAGE) -> str:
    """Show the parts in the panelists' dress."""
    return _show(request, "styleguide/panelist.html", locale)


@router.get("/styleguide/researcher", response_class=HTMLResponse)
def show_researcher_parts(request: Request, locale: str = SOURCE_LANGUAGE) -> str:
    """Show the parts in the researchers' dress."""
    return _show(request, "styleguide/researcher.html", locale)


def _show(request: Request, template: str, locale: str) -> str:
    spoken = locale if locale in LANGUAGE_NAMES else SOURCE_LANGUAGE
    chrome = example_chrome(spoken, request.url.path, nonce_of(request))
    return render(template, spoken, example_page(), chrome)


def example_chrome(locale: str, path: str, nonce: str = "example") -> Chrome:
    """Return a chrome with everything in it."""
    return Chrome(
        locale=locale,
        csrf_token="example",  # noqa: S106 - nothing is posted from here
        nonce=nonce,
        path=path,
        home_path="/styleguide",
        study_title="Contact with peers in mental health care",
        is_synthetic=True,
        contact="peer-support@example.org",
        languages=tuple(
            LanguageChoice(code, name, is_current=code == locale, href=f"{path}?locale={code}")
            for code, name in LANGUAGE_NAMES.items()
        ),
        signed_in_name="An Example",
        sign_out_action="/styleguide",
        rooms=tuple(
            NavLink(
                label,
                "/styleguide/researcher",
                is_current=label == "Results",
                count=14 * (label == "Comments"),
            )
            for label in _ROOMS
        ),
        breadcrumbs=(
            Crumb("Studies", "/styleguide/researcher"),
            Crumb("Peer support", "/styleguide/researcher"),
            Crumb("Results of round 2"),
        ),
    )


def example_page() -> StyleguidePage:
    """Return every example."""
    now = datetime(2026, 5, 9, 9, 30, tzinfo=UTC)
    zone = "Europe/Brussels"
    return StyleguidePage(
        cards=_cards(),
        nine=ScaleField("S21.importance", "S21", "importance", "How important is this?", NINE, value=7),
        hundred=ScaleField(
            "S22.certainty", "S22", "certainty", "How certain are you, from 0 to 100?", HUNDRED, value=85
        ),
        histograms=_histograms(),
        progress=_progress(),
        deadlines=(
            Deadline(datetime(2026, 5, 12, 16, 0, tzinfo=UTC), now, zone),
            Deadline(datetime(2026, 5, 8, 16, 0, tzinfo=UTC), now, zone),
        ),
        rounds=(
            RoundMark(1, "fed_back", "2 to 20 March", "/styleguide"),
            RoundMark(2, "closed", "on 18 April", "/styleguide"),
            RoundMark(3, "open", "until 12 May", "/styleguide"),
            RoundMark(4, "planned"),
        ),
        figures=(
            KeyFigure("38", "Consensus: in", "of 52 statements"),
            KeyFigure("0", "Consensus: out", "of 52 statements"),
            KeyFigure("14", "No consensus", "of 52 statements"),
            KeyFigure("61", "Completed round 3", "of 70 invited"),
        ),
        errors=(
            FieldError("field-email", "Write your e-mail address with an @, such as an@example.org"),
            FieldError(
                "field-S08-agreement", "Statement S08: choose a point, or say that you are unable to rate it"
            ),
        ),
        choices=(
            Choice("relationships", "Build relationships"),
            Choice("emotional", "Emotional support", "Listening, being there, sharing experience"),
            Choice("navigate", "Find the way among services"),
        ),
        decisions=_DECISIONS,
        columns=(
            Column("Statement"),
            Column("Text"),
            Column("Ratings", "figure"),
            Column("Median", "number"),
            Column("Decision"),
        ),
        rows=_rows(),
        marks=(1, 2, 3, 4, 5, 6, 7, 8, "overall"),
    )


def _bars(*counts: int) -> tuple[HistogramBar, ...]:
    return tuple(HistogramBar(p.value, count, p.band) for p, count in zip(AGREEMENT, counts, strict=True))


def _histograms() -> tuple[Histogram, ...]:
    return (
        Histogram("Peer supporters", 1, _bars(0, 1, 2, 9, 6), 1, 4, 4, 5, own=3, is_own_group=True),
        Histogram("Mental health professionals", 2, _bars(3, 5, 4, 4, 1), 0, 3, 2, 4),
        Histogram("Patients", 3, _bars(1, 0, 3, 7, 8), 2, 4, 4, 5),
        Histogram("Relatives", 4, withheld="protected"),
        Histogram("Everyone", "overall", _bars(4, 6, 9, 20, 15), 3, 4, 3, 5),
    )


def _cards() -> tuple[StatementCard, ...]:
    agreement = ScaleField(
        "S07.agreement", "S07", "agreement", "How far do you agree with this statement?", AGREEMENT
    )
    reasons = (
        Choice("figures", "The figures of the others"),
        Choice("comments", "The comments of the others"),
        Choice("experience", "Something I experienced since"),
    )
    return (
        StatementCard(
            "S07",
            "A peer supporter needs practical training on several subjects before starting.",
            (agreement,),
            CommentField(
                "S07.comment", hint="Others read it only if a researcher releases it, without your name."
            ),
            (
                EvidenceCard(
                    "good_practice",
                    "EX-IN, a standard curriculum",
                    "A course of one year in twelve modules, by and for people with lived experience.",
                    "It is recognised and publicly supported, and the same in every region.",
                    "Invented for this page",
                    "DE",
                ),
            ),
        ),
        StatementCard(
            "S08",
            "Peer supporters are paid on a scale that follows from their job description.",
            (
                replace(
                    agreement,
                    name="S08.agreement",
                    statement="S08",
                    value=3,
                    previous=PreviousRating(1, AGREEMENT[3]),
                    reason=ReasonField(reasons),
                    version=2,
                ),
            ),
            CommentField("S08.comment"),
            change=WordingChange(
                (
                    WordSpan("Peer supporters are paid"),
                    WordSpan("fairly", "removed"),
                    WordSpan("on a scale that follows from their job description", "added"),
                    WordSpan(".", space=""),
                ),
                "Several of you asked what “fairly” means.",
            ),
            feedback=(Feedback(_histograms()),),
            comments=(
                ReleasedComment("Without a status there is no scale to be paid on.", "Status"),
                ReleasedComment("Volontaires et salariés peuvent coexister.", "Status", "fr"),
                ReleasedComment("It depends on the setting."),
            ),
            outlier=True,
            saved_at="14:02",
        ),
        StatementCard(
            "S09",
            "Organised peer support works next to clinical care, not instead of it.",
            (
                replace(
                    agreement,
                    name="S09.agreement",
                    statement="S09",
                    previous=PreviousRating(1, AGREEMENT[4]),
                    error="Choose a point, or say that you are unable to rate this statement.",
                ),
            ),
        ),
    )


def _progress() -> Progress:
    topics = (
        TopicProgress("Added value of peer support", 9, 9, "/styleguide"),
        TopicProgress("Roles and tasks", 10, 12, "/styleguide", is_current=True),
        TopicProgress("Status and pay", 0, 11, "/styleguide"),
    )
    return Progress(19, 32, topics)


def _rows() -> tuple[DecisionRow, ...]:
    counts = ((0, 1, 2, 9, 6), (9, 7, 1, 1, 0), (3, 5, 4, 4, 1), (0, 0, 1, 1, 0))
    texts = (
        "Peer support complements clinical care at several stages of recovery.",
        "Peer support repairs what goes wrong in conventional care.",
        "Training is a condition for every form of peer support.",
        "Online contact replaces meeting in person.",
    )
    medians = (4, 1.5, 3, 3.5)
    shares = tuple(
        ShareBar(
            tuple(ShareSegment(p.label, p.band, n) for p, n in zip(AGREEMENT, row, strict=True)), threshold=70
        )
        for row in counts
    )
    cells = zip(texts, shares, medians, _DECISIONS, strict=True)
    return tuple(DecisionRow(f"S{number:02d}", *cell) for number, cell in enumerate(cells, start=1))
