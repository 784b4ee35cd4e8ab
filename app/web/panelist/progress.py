"""How far a panelist has come, and how much time is left."""

from datetime import datetime

from app.domain.round import Round
from app.domain.study import in_language
from app.services.questionnaire import Questionnaire
from app.web.panelist.visit import Visit
from app.web.shared.parts import Deadline, Progress, TopicProgress


def progress_of(visit: Visit, questionnaire: Questionnaire) -> Progress:
    """What is answered, in all and by topic."""
    topics = tuple(
        TopicProgress(
            name=in_language(line.topic.name, visit.locale),
            answered=line.n_answered,
            total=line.n_statements,
            href=visit.path("topics", line.topic.code),
        )
        for line in questionnaire.topics
    )
    return Progress(
        questionnaire.n_answered,
        questionnaire.n_statements,
        topics,
        asks_questions=bool(questionnaire.questions),
    )


def deadline_of(visit: Visit, round_: Round, now: datetime) -> Deadline | None:
    """Until when the round takes answers, in the study's time zone; None where no end is set."""
    return Deadline(round_.closes_at, now, visit.visitor.study.time_zone) if round_.closes_at else None
