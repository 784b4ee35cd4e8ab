"""The facts of a report on ratings that were collected elsewhere: no study is stored, so less is known."""

import hashlib
from collections.abc import Sequence
from importlib.metadata import version

from analysis.protocol import AnalysisProtocol
from analysis.results import StudyAnalysis
from analysis.what_if_results import SensitivityAnalysis
from app.domain.protocol import Criterion, StakeholderGroup
from app.domain.statement import Statement, Topic
from app.domain.study import StudyTexts
from app.i18n import SOURCE_LANGUAGE
from app.reports.facts import AnalysisOrigin, ReportedStudy, StudyReport

UNNAMED = Topic(code="", name={})
NO_TEXTS = StudyTexts(title={}, purpose={}, organiser={}, who_sees_what={}, consent={})


def report_of_ratings(
    name: str,
    analysis: StudyAnalysis,
    sensitivity: Sequence[SensitivityAnalysis],
    protocol: AnalysisProtocol,
    ratings: bytes,
) -> StudyReport:
    """The report on ratings from a file.

    Parameters
    ----------
    name
        What stands where a study has its title, such as the name of the file.
    ratings
        The bytes of the file, whose fingerprint the report prints.
    """
    codes = dict.fromkeys(final.statement for final in analysis.final)
    return StudyReport(
        study=ReportedStudy(
            slug=name,
            texts=NO_TEXTS,
            languages=(SOURCE_LANGUAGE,),
            time_zone="UTC",
            synthetic=False,
            contact="",
            concluded_at=None,
        ),
        protocols=(),
        groups=tuple(StakeholderGroup(group.code, group.names) for group in protocol.groups),
        criteria=tuple(
            Criterion(one.code, one.names, {}, one.scale, one.labels, one.rule) for one in protocol.criteria
        ),
        topics=(UNNAMED,),
        statements=tuple(Statement(code, UNNAMED.code, {}) for code in codes),
        evidence=(),
        rounds=(),
        flow=(),
        analysis=analysis,
        sensitivity=tuple(sensitivity),
        origins=tuple(
            AnalysisOrigin(
                round=one.round,
                input_sha256=hashlib.sha256(ratings).hexdigest(),
                protocol_version=None,
                code_version=version("castalia"),
                seed=one.seed,
                n_permutations=one.n_permutations,
                computed_at=None,
            )
            for one in analysis.rounds
        ),
        log=None,
    )
