"""A study written as its folder of files is read back the same, whatever stands in it."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.panel import Invitee
from app.domain.profile import QuestionKind
from app.domain.protocol import protocol_sha256
from app.domain.statement import EvidenceKind, Statement
from app.domain.study import Language
from app.domain.study_definition import StudyDefinition
from app.interchange.study_folder import read_study_folder, write_study_folder
from app.interchange.study_toml import definition_from_document

NASTY = [
    "=SUM(A1)",
    "'=1",
    "''+2",
    "@here",
    "-5 °C",
    'She said "no"',
    "one\n\ntwo",
    "a\ttab",
    "back\\slash \\u0041",
    "'''",
    '"""',
    "comma, semicolon;",
    "’t Hooft",
    "'s morgens",
    "# no comment",
    "[group]",
    "日本語 🐦",
    "x\N{NO-BREAK SPACE}y\N{LINE SEPARATOR}z",
    "x\x7fy",
]


# What pages and files keep of a text: without outer space, and never nothing.
texts = st.one_of(
    st.sampled_from(NASTY),
    st.text(
        st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\N{REPLACEMENT CHARACTER}")
    ).map(lambda text: text[:30].strip() or "x"),
)
codes = st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,8}[A-Za-z0-9])?", fullmatch=True)
numbers = st.one_of(st.integers(51, 100), st.sampled_from([66.7, 70.0, 99.99]))


def codes_of(least: int, most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(codes, min_size=least, max_size=most, unique=True)


@st.composite
def studies(draw: st.DrawFn) -> StudyDefinition:
    """A study of drawn languages, groups, topics, statements, evidence, questions and people.

    Topics, evidence and statements are translated by half, and open questions wait for their round.
    """
    languages = [str(one) for one in draw(st.lists(st.sampled_from(list(Language)), min_size=1, unique=True))]

    def said() -> dict[str, str]:
        return {language: draw(texts) for language in languages}

    def half_said(*, at_least: int = 1) -> dict[str, str]:
        written = draw(st.lists(st.sampled_from(languages), min_size=at_least, unique=True))
        return {language: draw(texts) for language in languages if language in written}

    def hinted() -> dict[str, object]:
        return {"hint": said()} if draw(st.booleans()) else {}

    def option(code: str) -> dict[str, object]:
        return {"code": code, "text": said()}

    def profile_question(code: str) -> dict[str, object]:
        kind = draw(st.sampled_from(QuestionKind))
        with_options = kind in (QuestionKind.SINGLE, QuestionKind.MULTIPLE)
        options = {"option": [option(one) for one in draw(codes_of(2, 3))]} if with_options else {}
        return {
            "code": code,
            "kind": kind.value,
            "required": draw(st.booleans()),
            "text": said(),
            **hinted(),
            **options,
        }

    topics, statements = draw(codes_of(1, 3)), draw(codes_of(0, 3))
    asks_openly = draw(st.booleans())
    labels = {language: ["no", "", "yes"] for language in languages}
    document = {
        "study": {
            "slug": "drawn-study",
            "time_zone": "Europe/Brussels",
            "languages": languages,
            "synthetic": draw(st.booleans()),
            "contact": draw(texts),
            "minutes_per_round": draw(st.integers(1, 600)),
            **{name: said() for name in ("title", "purpose", "organiser", "who_sees_what", "consent")},
        },
        "protocol": {
            "rounds": ["open", "rating"] if asks_openly else draw(st.integers(1, 4)),
            "minimum_group_size": draw(st.integers(1, 9)),
            "consensus": {
                "preset": "percent_agreement",
                "threshold": draw(st.one_of(numbers, st.lists(numbers, min_size=1, max_size=2))),
            },
        },
        "group": [
            {"code": code, "name": said(), **({"target": 20} if draw(st.booleans()) else {})}
            for code in draw(codes_of(1, 3))
        ],
        "criterion": [
            {
                "code": code,
                "name": said(),
                "question": said(),
                "scale": {
                    "points": [1, 2, 3],
                    "direction": "high_is_agreement",
                    "disagree": [1],
                    "neutral": [2],
                    "agree": [3],
                },
                "labels": labels,
            }
            for code in draw(codes_of(1, 2))
        ],
        "topic": [{"code": code, "name": half_said()} for code in topics],
        "profile_question": [profile_question(code) for code in draw(codes_of(0, 2))],
        "open_question": [
            {"code": code, "text": said(), **hinted(), "topic": draw(st.sampled_from(topics))}
            for code in draw(codes_of(0, 2))
        ],
        "evidence": [
            {
                "code": code,
                "kind": draw(st.sampled_from(EvidenceKind)).value,
                "statements": statements,
                **{name: half_said() for name in ("title", "what")},
                "why": half_said(at_least=0),
                "source": draw(st.one_of(st.just(""), texts)),
                **({"country": "BE"} if draw(st.booleans()) else {}),
            }
            for code in (draw(codes_of(0, 2)) if statements else [])
        ],
    }
    names = draw(st.lists(texts.map(lambda text: " ".join(text.split())), unique_by=str.casefold, max_size=3))
    document["theme"] = [
        {
            "name": name,
            "description": draw(texts),
            "statements": statements,
            "heading": {languages[-1]: draw(texts)},
            **({"under": draw(st.sampled_from(names[:n]))} if n and draw(st.booleans()) else {}),
        }
        for n, name in enumerate(names)
    ]
    design = definition_from_document(document)
    groups = design.protocol.group_codes
    people = [
        Invitee(
            draw(texts),
            f"person{n}@example.org",
            draw(st.sampled_from(groups)),
            draw(st.sampled_from(languages)),
        )
        for n in range(draw(st.integers(0, 3)))
    ]
    return StudyDefinition(
        **{
            **vars(design),
            "statements": tuple(
                Statement(
                    code,
                    draw(st.sampled_from(topics)),
                    text,
                    origin=draw(texts),
                    note={next(iter(text)): draw(texts)} if draw(st.booleans()) else {},
                )
                for code, text in ((code, half_said()) for code in statements)
            ),
            "panel": tuple(sorted(people, key=lambda one: (one.name, one.email))),
        }
    )


def written_and_read(study: StudyDefinition) -> StudyDefinition:
    """The study that somebody finds in the folder that somebody else was given."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in write_study_folder(study, study.panel).items():
            (Path(folder) / name).write_bytes(content)
        return read_study_folder(Path(folder))


@settings(max_examples=25, deadline=None, derandomize=True)
@given(studies())
def test_a_study_comes_back_as_it_went_out(study):
    again = written_and_read(study)
    assert again == study
    assert protocol_sha256(again.tables) == protocol_sha256(study.tables)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(studies())
def test_the_same_study_gives_the_same_bytes_and_no_cell_is_a_formula(study):
    files = write_study_folder(study, study.panel)
    assert files == write_study_folder(written_and_read(study), study.panel)
    tables = b"".join(content for name, content in files.items() if name.endswith(".csv"))
    assert not any(start in tables for start in (b'"=', b'"+', b'"@', b',"-'))
