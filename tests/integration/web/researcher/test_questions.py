"""Profile questions and open questions are written on pages, and stand fixed once the panel is asked them."""

import pytest

from app.domain.account import Role
from app.domain.profile import QuestionKind
from app.services.consent import give_consent
from app.services.joining import join_study
from app.services.log import read_log
from app.services.profile import save_profile
from app.storage.planned_questions import read_planned_questions
from app.storage.profiles import read_profile_questions
from tests.integration.web.researcher.conftest import words
from tests.integration.web.researcher.test_designing import begin, fields_of, save
from tests.panel_study import PlayedStudy, panel_study

LANGUAGES = ("en", "fr", "nl")
Q = "profile_question"


def said(where: str, text: str, languages=LANGUAGES) -> dict[str, str]:
    return {f"{where}.{language}": f"{text} {language}" for language in languages}


def profile(study):
    with study.database.reading() as connection:
        return read_profile_questions(connection, 1)


def test_a_profile_question_is_added_with_its_options_and_without_a_script(owner, study):
    page = save(owner, "profile", action="add")
    n = len(panel_study().profile_questions) + 1
    assert f'name="{Q}[{n}].option[3].code"' in page.text
    written = {
        f"{Q}[{n}].code": "tool",
        f"{Q}[{n}].kind": "multiple",
        f"{Q}[{n}].required": "yes",
        **said(f"{Q}[{n}].text", "Which tool?"),
        f"{Q}[{n}].option[1].code": "spade",
        **said(f"{Q}[{n}].option[1].text", "Spade"),
        f"{Q}[{n}].option[2].code": "rake",
        **said(f"{Q}[{n}].option[2].text", "Rake"),
    }
    answer = owner.send("/protocol/profile", fields_of(page.text) | written | {"action": "save"})
    assert answer.headers["location"].endswith("/protocol?done=saved")
    question = profile(study)[-1]
    assert (question.code, question.kind, question.required) == ("tool", QuestionKind.MULTIPLE, True)
    assert question.text["fr"] == "Which tool? fr"
    assert question.hint == {}
    assert [(one.code, one.text["nl"]) for one in question.options] == [
        ("spade", "Spade nl"),
        ("rake", "Rake nl"),
    ]
    assert profile(study)[:-1] == panel_study().profile_questions
    assert "changed the profile questions" in words(owner.get("/log"))
    assert f'name="{Q}[{n}].option[3].code"' in owner.get("/protocol/profile").text


def test_questions_and_options_take_the_places_they_are_given_or_go(owner, study):
    first, second = profile(study)[:2]
    options = [one.code for one in first.options]
    moved = {f"{Q}[1].place": "2", f"{Q}[1].option[{len(options)}].place": "1"}
    assert save(owner, "profile", moved).status_code == 303
    now = profile(study)
    assert [question.code for question in now[:2]] == [second.code, first.code]
    assert [one.code for one in now[1].options] == [options[-1], *options[:-1]]
    assert save(owner, "profile", {f"{Q}[1].remove": "yes"}).status_code == 303
    assert second.code not in {question.code for question in profile(study)}


@pytest.mark.parametrize(
    ("changed", "fault", "field"),
    [
        ({f"{Q}[1].text.fr": ""}, "The text of question 1 is missing in French.", f"{Q}-1-text-fr"),
        ({f"{Q}[1].code": "a b"}, "“Code” may have letters, digits", f"{Q}-1-code"),
        ({f"{Q}[2].code": "tools"}, "The code “tools” is used twice.", f"{Q}-2-code"),
        ({f"{Q}[1].option[2].code": "spade"}, "The code “spade” is used twice.", f"{Q}-1-option-2-code"),
        (
            {f"{Q}[1].kind": "number"},
            "A text or a number is answered without options.",
            f"{Q}-1-option-1-code",
        ),
        ({f"{Q}[1].kind": "poem"}, "must be one of single, multiple, text, number", f"{Q}-1-kind"),
        (
            {f"{Q}[1].option[1].text.nl": ""},
            "The text of option 1 of question 1 is missing in Dutch.",
            f"{Q}-1-option-1-text-nl",
        ),
    ],
)
def test_a_fault_of_a_question_stands_at_its_field_and_nothing_is_lost(owner, study, changed, fault, field):
    before = profile(study)
    refused = save(owner, "profile", changed | {f"{Q}[1].text.en": "Typed here"})
    assert refused.status_code == 422
    assert fault in words(refused)
    assert f'href="#field-{field}"' in refused.text
    assert 'value="Typed here"' in refused.text
    assert profile(study) == before


@pytest.mark.parametrize(
    ("part", "field"),
    [("profile", f"{Q}[1].text.en"), ("texts", "study.purpose.en"), ("groups", "group[1].name.en")],
)
def test_a_text_that_no_database_keeps_is_refused_at_its_field(owner, study, part, field):
    for text, fault in (("a\x00b", "has a character that cannot be stored"), ("x" * 20_001, "at most 20000")):
        refused = save(owner, part, {field: text})
        assert refused.status_code == 422
        assert fault in words(refused)


def test_a_colleagues_change_of_a_question_meanwhile_is_shown_and_not_overwritten(owner, study, sign_in):
    editor = sign_in(Role.EDITOR)
    seen = fields_of(editor.get("/protocol/profile").text)
    assert save(owner, "profile", {f"{Q}[1].text.en": "Theirs?"}).status_code == 303
    late = editor.send("/protocol/profile", seen | {f"{Q}[1].text.en": "Mine?", "action": "save"})
    assert late.status_code == 409
    assert "Stored now: Theirs?" in words(late)
    assert 'value="Mine?"' in late.text
    again = editor.send("/protocol/profile", fields_of(late.text) | {"action": "save"})
    assert again.status_code == 303
    assert profile(study)[0].text["en"] == "Mine?"


def test_once_round_1_has_opened_the_profile_stands(owner, study):
    seen = fields_of(owner.get("/protocol/profile").text)
    study.open_round()
    page = owner.get("/protocol/profile")
    assert "The profile questions stand fixed once round 1 has opened" in words(page)
    refused = owner.send("/protocol/profile", seen | {f"{Q}[1].text.en": "Late?", "action": "save"})
    assert refused.status_code == 409
    assert "Late?" in refused.text
    assert profile(study) == panel_study().profile_questions


def test_a_profile_that_somebody_has_answered_stands(owner, study):
    visitor = study.visitor(study.links[0])
    give_consent(study.database, study.clock, visitor)
    visitor = study.visitor(study.links[0])
    save_profile(study.database, study.clock, visitor, {"role": ["expert"]})
    assert "or somebody has answered them" in words(owner.get("/protocol/profile"))
    refused = save(owner, "profile", {f"{Q}[1].text.en": "Late?"})
    assert refused.status_code == 409


def test_a_language_that_is_added_asks_for_the_texts_of_the_questions_too(owner, study):
    page = save(owner, "languages", {"language.de": "yes"}, action="languages")
    for name in (f"{Q}[1].text.de", f"{Q}[1].option[1].text.de"):
        assert f'name="{name}"' in page.text
    filled = {
        name: "Deutsch"
        for name in fields_of(page.text)
        if ".de" in name and "language." not in name and name != f"{Q}[1].text.de"
    }
    refused = owner.send("/protocol/languages", fields_of(page.text) | filled | {"action": "save"})
    assert refused.status_code == 422
    assert "The text of question 1 is missing in German." in words(refused)
    filled |= {f"{Q}[1].text.de": "Welche Rolle?"}
    assert (
        owner.send("/protocol/languages", fields_of(page.text) | filled | {"action": "save"}).status_code
        == 303
    )
    assert profile(study)[0].text["de"] == "Welche Rolle?"
    assert save(owner, "languages", without=("language.de",)).status_code == 303
    assert "de" not in profile(study)[0].text


@pytest.fixture
def designer(owner):
    """A researcher in a study of their own, just begun."""
    begin(owner)
    owner.slug = "gardens-for-all"
    return owner


def asked_openly(study, study_id=2):
    with study.database.reading() as connection:
        return read_planned_questions(connection, study_id)


FIRST = {
    "open_question[1].code": "Q1",
    "open_question[1].text.en": "What helps?",
    "open_question[1].text.fr": "Qu’est-ce qui aide ?",
}


def test_open_questions_wait_for_an_open_round_in_the_plan(designer, study):
    assert "Plan one on the page “The course of the study”" in words(designer.get("/protocol/questions"))
    assert save(designer, "questions", FIRST).status_code == 409
    assert save(designer, "course", {"protocol.rounds[1]": "open"}).status_code == 303
    page = designer.get("/protocol/questions")
    assert 'name="open_question[1].code"' in page.text, "a row for the first one, without a script"
    assert save(designer, "questions", FIRST | {"open_question[1].most_answers": "3"}).status_code == 303
    (question,) = asked_openly(study)
    assert (question.code, question.most_answers, question.topic) == ("Q1", 3, "")
    assert question.text == {"en": "What helps?", "fr": "Qu’est-ce qui aide ?"}
    assert "changed the open questions" in words(designer.get("/log"))


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"open_question[1].most_answers": "99"}, "must be a whole number from 1 to 20"),
        ({"open_question[1].hint.fr": "Un mot"}, "The hint of question 1 is missing in English."),
        ({"open_question[1].topic": "moon"}, "“moon” is not a topic of the study any more."),
    ],
)
def test_a_fault_of_an_open_question_stands_at_its_field(designer, study, changed, fault):
    save(designer, "course", {"protocol.rounds[1]": "open"})
    refused = save(designer, "questions", FIRST | changed)
    assert refused.status_code == 422
    assert fault in words(refused)
    assert 'value="What helps?"' in refused.text


def test_open_questions_stand_once_their_round_has_opened_and_no_other_is_to_come(app, owner, study, clock):
    database = study.database
    with database.writing() as connection:
        connection.exec_driver_sql("UPDATE study SET slug = 'other-study' WHERE id = 1")
    openly = PlayedStudy.begin(database, clock, panel_study("garden_open_study"))
    join_study(database, clock, openly_slug(), owner.researcher.id, Role.OWNER, "system")
    assert save(owner, "questions", {"open_question[1].text.en": "What then?"}).status_code == 303
    openly.open_round()
    page = owner.get("/protocol/questions")
    assert "rounds that have opened keep what they asked" in words(page)
    assert asked_openly(study)[0].text["en"] == "What then?"


def test_open_questions_of_a_round_to_come_are_changed_in_a_frozen_study_without_amending_it(owner, study):
    plan = {f"protocol.rounds[{n}]": kind for n, kind in ((1, "rating"), (2, "open"), (3, "rating"))}
    assert save(owner, "course", plan).status_code == 303
    study.open_round()
    first = {"open_question[1].code": "Q1", **said("open_question[1].text", "What else?")}
    assert save(owner, "questions", first).status_code == 303
    assert asked_openly(study, 1)[0].text["nl"] == "What else? nl"
    history = words(owner.get("/protocol"))
    assert "Version 1" in history
    assert "Version 2" not in history


def test_saving_what_nobody_changed_leaves_no_trace(owner, study):
    before = len(read_log(study.database, "garden-study").events)
    for part in ("texts", "groups", "profile"):
        assert save(owner, part).status_code == 303
    assert len(read_log(study.database, "garden-study").events) == before


def openly_slug() -> str:
    return panel_study("garden_open_study").slug


def test_a_contact_with_a_typing_error_is_put_right_with_a_reason_while_the_round_runs(owner, study):
    study.open_round()
    page = owner.get("/protocol/texts")
    assert "What the panel was told stands." in words(page)
    assert 'name="study.title.en"' not in page.text
    nameless = save(owner, "texts", {"study.contact": "garden@example.net"})
    assert nameless.status_code == 422
    assert "Say why the contact changes." in words(nameless)
    assert 'value="garden@example.net"' in nameless.text
    why = {"study.contact": "garden@example.net", "reason": "A letter was missing."}
    assert save(owner, "texts", why).status_code == 303
    assert "garden@example.net" in owner.get("/protocol/texts").text
    assert "corrected the contact of the study, because: A letter was missing." in words(owner.get("/log"))
    with_more = why | {"study.contact": "more@example.net", "study.title.en": "Another title"}
    assert save(owner, "texts", with_more).status_code == 303, "what has no field is not changed"
    assert "Another title" not in owner.get("/protocol").text
