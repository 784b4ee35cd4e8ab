"""How the simulated panelists describe themselves."""

from collections.abc import Sequence

from app.demo.chance import chance
from app.demo.script import Script
from app.domain.panel import Invitee
from app.domain.profile import ProfileAnswer, ProfileQuestion, QuestionKind


def profile_answers(
    script: Script, questions: Sequence[ProfileQuestion], panelist: Invitee
) -> tuple[ProfileAnswer, ...]:
    """Answer the profile questions for a panelist; those left open are not in the result."""
    answers = (_profile_answer(script, question, panelist) for question in questions)
    return tuple(answer for answer in answers if not answer.is_empty)


def _profile_answer(script: Script, question: ProfileQuestion, panelist: Invitee) -> ProfileAnswer:
    draw = chance(script, "profile", question.code, panelist.email)
    if draw.random() < script.profile.unanswered:
        return ProfileAnswer(question.code)
    if question.kind is QuestionKind.NUMBER:
        least, usual, most = script.profile.numbers[question.code]
        return ProfileAnswer(question.code, text=str(round(draw.triangular(least, most, usual))))
    shares = script.profile.choices[question.code]
    if question.kind is QuestionKind.SINGLE:
        chosen = tuple(draw.choices(list(shares), list(shares.values())))
    else:
        chosen = tuple(option for option, share in shares.items() if draw.random() < share)
    return ProfileAnswer(question.code, options=chosen)
