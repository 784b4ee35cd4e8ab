"""The facts of a small study of two rounds, with one statement that too few of one group rate."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from analysis.protocol import AnalysisProtocol
from analysis.ratings import Ratings, ratings_from_rows
from analysis.results import StudyAnalysis
from analysis.sensitivity import analyse_study_sensitivity
from analysis.study_analysis import analyse_study
from analysis.what_if_results import SensitivityAnalysis
from app.domain.protocol import ProtocolVersion, protocol_from_tables, protocol_sha256
from app.domain.round import Round, RoundKind, RoundMode, RoundStatus
from app.domain.statement import Evidence, EvidenceKind, Statement, Topic
from app.domain.study import StudyTexts
from app.reports.facts import AnalysisOrigin, LogMark, PanelFlow, ReportedRound, ReportedStudy, StudyReport

TABLES: dict[str, Any] = {
    "languages": ["fr", "en"],
    "protocol": {
        "minimum_group_size": 5,
        "rounds": 2,
        "consensus": {"preset": "percent_agreement", "threshold": 70, "minimum_ratings": 5},
    },
    "group": [
        {"code": "peers", "target": 8, "name": {"fr": "Pairs", "en": "Peers"}},
        {"code": "relatives", "name": {"fr": "Proches", "en": "Relatives <near>"}},
    ],
    "criterion": [
        {
            "code": "agreement",
            "name": {"fr": "Accord", "en": "Agreement"},
            "question": {"fr": "D’accord ?", "en": "Do you agree?"},
            "scale": {
                "points": [1, 2, 3, 4, 5],
                "direction": "high_is_agreement",
                "disagree": [1, 2],
                "neutral": [3],
                "agree": [4, 5],
            },
            "labels": {"fr": ["a", "b", "c", "d", "e"], "en": ["No", "Rather no", "So-so", "Rather", "Yes"]},
        }
    ],
}
RATED: dict[tuple[int, str], dict[str, list[int | None]]] = {
    (1, "S1"): {"peers": [5, 5, 4, 4, 4, 5, 3], "relatives": [4, 5, 5, 4, 4, 2]},
    (1, "S2"): {"peers": [1, 2, 3, 4, 4, 5, None], "relatives": [4, 4, 5, 4, 5, 5]},
    (1, "S3"): {"peers": [1, 1, 2, 2, 2, 1, 1], "relatives": [4, 5, None, None, 1, None]},
    (2, "S2"): {"peers": [2, 2, 3, 4, 4, 4, 4], "relatives": [4, 4, 5, 4, 5]},
    (2, "S3"): {"peers": [1, 1, 2, 2, 2, 1], "relatives": [None, 5, None, None, None]},
}
INVITED = {(1, "peers"): 8, (1, "relatives"): 6, (2, "peers"): 8, (2, "relatives"): 6}


def at(day: int, hour: int = 9) -> datetime:
    """A moment of the study."""
    return datetime(2026, 3, day, hour, tzinfo=UTC)


def analysis_protocol() -> AnalysisProtocol:
    """The study's protocol, as the analysis reads it."""
    return AnalysisProtocol.from_mapping(TABLES)


def ratings() -> Ratings:
    """The study's ratings."""
    return ratings_from_rows(list(_rows()), analysis_protocol())


def analysis() -> StudyAnalysis:
    """The analysis of the study's ratings."""
    return analyse_study(ratings(), analysis_protocol(), seed=7, invited=INVITED, n_permutations=99)


def sensitivity() -> tuple[SensitivityAnalysis, ...]:
    """What other rules would have decided."""
    return analyse_study_sensitivity(ratings(), analysis_protocol())


def _rows() -> Iterator[tuple[int, str, str, str, str, int | None]]:
    for (number, statement), groups in RATED.items():
        for group, ratings in groups.items():
            for place, rating in enumerate(ratings):
                yield number, statement, "agreement", group, f"{group}-{place}", rating


def report(**changes: Any) -> StudyReport:
    """The facts of the study's report, with other values for some of them."""
    protocol = protocol_from_tables(TABLES)
    facts = StudyReport(
        study=ReportedStudy(
            slug="small-study",
            texts=StudyTexts(
                title={"fr": "Une petite étude", "en": "A small study & its <report>"},
                purpose={"fr": "Pourquoi ?", "en": "Why?\n\nBecause."},
                organiser={"fr": "Une équipe", "en": "A team"},
                who_sees_what={"fr": "-", "en": "-"},
                consent={"fr": "-", "en": "-"},
            ),
            languages=("fr", "en"),
            time_zone="Europe/Brussels",
            synthetic=True,
            contact="team@example.org",
            concluded_at=at(20),
        ),
        protocols=(ProtocolVersion(1, protocol, protocol_sha256(TABLES), at(1), at(2), ""),),
        groups=protocol.groups,
        criteria=protocol.criteria,
        topics=(
            Topic("value", {"fr": "Valeur", "en": "Value"}),
            Topic("pay", {"fr": "Salaire", "en": "Pay"}),
        ),
        statements=(
            Statement("S1", "value", {"fr": "L’espoir grandit.", "en": "Hope grows."}),
            Statement("S2", "pay", {"fr": "Le salaire est égal.", "en": "Pay is <b>equal</b>."}),
            Statement("S3", "pay", {"fr": "Seulement en français."}),
        ),
        evidence=(
            Evidence(
                "E1",
                EvidenceKind.GOOD_PRACTICE,
                ("S1",),
                {"en": "An example"},
                {"en": "What"},
                {"en": "Why"},
                "A public document, https://example.org/practice",
                "BE",
            ),
        ),
        rounds=tuple(_round(number, n_statements) for number, n_statements in ((1, 3), (2, 2))),
        flow=(
            PanelFlow(1, "peers", "fr", 8, 7, 7, 7),
            PanelFlow(1, "relatives", "en", 6, 6, 6, 5),
            PanelFlow(2, "peers", "fr", 8, 7, 7, 6),
            PanelFlow(2, "relatives", "en", 6, 5, 5, 5),
        ),
        analysis=analysis(),
        sensitivity=sensitivity(),
        origins=tuple(
            AnalysisOrigin(number, f"{number}" * 64, 1, "0.1.0", 7, 99, at(9 * number)) for number in (1, 2)
        ),
        log=LogMark(1234, "StudyConcluded", at(20), "f" * 64),
    )
    return replace(facts, **changes)


def _round(number: int, n_statements: int) -> ReportedRound:
    held = Round(
        number=number,
        kind=RoundKind.RATING,
        mode=RoundMode.STANDARD,
        status=RoundStatus.FED_BACK,
        protocol_version=1,
        opened_at=at(9 * number - 7),
        closed_at=at(9 * number - 1),
        fed_back_at=at(9 * number),
    )
    return ReportedRound(held, n_statements, 3 * number)
