"""The report that the panel may read when the study is over, if its protocol says so."""

from app.domain.errors import NotFound
from app.domain.messages import N_
from app.domain.round import RoundStatus
from app.domain.study import StudyStatus
from app.reports.facts import ReportedStudy
from app.reports.panel_edition import PanelReport
from app.services.consent import refuse_unless_taking_part
from app.services.entering import Visitor
from app.services.stored_analyses import read_round_analyses
from app.storage import live_figures, rounds, statements, studies
from app.storage.database import Database


class NoReportForThePanel(NotFound):
    """The study is not over, or its protocol keeps the report from the panel."""

    message = N_("This study has no report for the panel, or not yet.")


def read_panel_report(database: Database, visitor: Visitor) -> PanelReport:
    """The stored facts of the panel's report; nothing is computed.

    Raises
    ------
    NoReportForThePanel
        The study is not over, its protocol keeps the report back, or nothing was rated in it.
    ConsentMissing, PanelistHasLeft
    """
    refuse_unless_taking_part(visitor.panelist)
    if visitor.study.status is not StudyStatus.CONCLUDED or not visitor.protocol.feedback.report:
        raise NoReportForThePanel
    study = visitor.study
    with database.reading() as connection:
        analyses = read_round_analyses(connection, study.id)
        if not analyses:
            raise NoReportForThePanel
        held = [one for one in rounds.read_rounds(connection, study.id) if one.status is RoundStatus.FED_BACK]
        asked = statements.read_last_asked_statements(connection, study.id, analyses[-1].round)
        return PanelReport(
            study=ReportedStudy(
                slug=study.slug,
                texts=study.texts,
                languages=study.languages,
                time_zone=study.time_zone,
                synthetic=study.synthetic,
                contact=study.contact,
                concluded_at=study.concluded_at,
            ),
            protocols=studies.read_protocol_versions(connection, study.id),
            rounds=tuple(held),
            topics=tuple(studies.read_topics(connection, study.id)),
            statements=tuple(one.statement for one in asked),
            analyses=analyses,
            left_behind=frozenset(
                (round_.number, *about)
                for round_ in held
                if round_.is_real_time
                for about in live_figures.read_left_behind(connection, study.id, round_.number)
            ),
        )
