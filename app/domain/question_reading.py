"""Questions read from the tables of a study's document, and written as such tables again."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from app.domain.field_reading import FieldReader
from app.domain.messages import N_
from app.domain.open_question import MOST_ANSWERS, USUAL_ANSWERS, OpenQuestion
from app.domain.profile import ProfileOption, ProfileQuestion, QuestionKind

PROFILE_TABLE = "profile_question"
OPEN_TABLE = "open_question"

WITH_OPTIONS = (QuestionKind.SINGLE, QuestionKind.MULTIPLE)
"""The kinds of question that are answered by choosing."""


def read_profile_questions(root: FieldReader, languages: Sequence[str]) -> tuple[ProfileQuestion, ...]:
    """The profile questions of a document; what is wrong is added to the reader's faults."""
    questions = []
    for reader in root.tables(PROFILE_TABLE):
        kind = reader.choice("kind", QuestionKind)
        questions.append(
            ProfileQuestion(
                code=reader.code(),
                kind=kind,
                required=reader.truth("required", default=False),
                text=reader.texts("text", languages),
                hint=reader.texts("hint", languages, required=False),
                options=_read_options(reader, kind, languages),
            )
        )
        reader.refuse_unknown()
    root.refuse_repeats(PROFILE_TABLE, [question.code for question in questions])
    return tuple(questions)


def read_open_questions(
    root: FieldReader, languages: Sequence[str], topics: Collection[object]
) -> tuple[OpenQuestion, ...]:
    """The open questions of a document whose topics have these codes; faults as above."""
    questions = []
    for reader in root.tables(OPEN_TABLE):
        questions.append(
            OpenQuestion(
                code=reader.code(),
                text=reader.texts("text", languages),
                hint=reader.texts("hint", languages, required=False),
                most_answers=reader.whole(
                    "most_answers", default=USUAL_ANSWERS, at_least=1, at_most=MOST_ANSWERS
                ),
                topic=_read_topic(reader, topics),
            )
        )
        reader.refuse_unknown()
    root.refuse_repeats(OPEN_TABLE, [question.code for question in questions])
    return tuple(questions)


def profile_tables(questions: Iterable[ProfileQuestion]) -> list[dict[str, Any]]:
    """The tables that say these profile questions."""
    return [
        {
            "code": question.code,
            "kind": question.kind.value,
            "required": question.required,
            "text": dict(question.text),
            **({"hint": dict(question.hint)} if question.hint else {}),
            **(
                {"option": [{"code": one.code, "text": dict(one.text)} for one in question.options]}
                if question.options
                else {}
            ),
        }
        for question in questions
    ]


def open_tables(questions: Iterable[OpenQuestion]) -> list[dict[str, Any]]:
    """The tables that say these open questions."""
    return [
        {
            "code": question.code,
            "text": dict(question.text),
            **({"hint": dict(question.hint)} if question.hint else {}),
            "most_answers": question.most_answers,
            **({"topic": question.topic} if question.topic else {}),
        }
        for question in questions
    ]


def _read_topic(reader: FieldReader, topics: Collection[object]) -> str:
    topic = reader.text("topic", default="")
    if topic and topic not in topics:
        reader.fault("topic", N_("“%(topic)s” is not a topic of this file."), topic=topic)
    return topic


def _read_options(
    reader: FieldReader, kind: QuestionKind, languages: Sequence[str]
) -> tuple[ProfileOption, ...]:
    if kind not in WITH_OPTIONS:
        if reader.take("option"):
            reader.fault("option", N_("belongs to questions of kind single or multiple only."))
        return ()
    options = []
    for option in reader.tables("option", at_least=2):
        options.append(ProfileOption(code=option.code(), text=option.texts("text", languages)))
        option.refuse_unknown()
    reader.refuse_repeats("option", [option.code for option in options])
    return tuple(options)
