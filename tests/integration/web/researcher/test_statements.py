"""Statements on the researcher's pages: written, edited, split, merged, withdrawn, ordered and imported."""

import re
from datetime import timedelta
from html import unescape

import pytest

from app.domain.account import Role
from app.services.statement_desk import read_editable_statements
from app.storage.database import Database
from tests.forms import form_to
from tests.integration.web.researcher.conftest import AtDesk, words
from tests.panel_study import SLUG
from tests.queries import counting
from tests.workbooks import workbook

TEXTS = {"text.en": "A new text.", "text.fr": "Un texte neuf.", "text.nl": "Een nieuwe tekst."}
NEW = {"code": "S07", "topic": "pay", "origin": "", **TEXTS}
HEADING = ["code", "topic", "origin", "text_en", "text_fr", "text_nl"]


def known(page) -> str:
    """The sign of what the page has shown."""
    found = re.search(r'name="known" value="([^"]*)"', page.text)
    assert found, page.text
    return unescape(found[1])


def stored(database: Database, code: str):
    return read_editable_statements(database, SLUG).get(code)


def edited(desk: AtDesk, code: str, **changes: str):
    """Open the form of a statement and send it with changes."""
    page = desk.get(f"/statements/{code}/edit")
    return desk.send(f"/statements/{code}/edit", {"topic": "value", "known": known(page), **TEXTS, **changes})


def uploaded(desk: AtDesk, content: bytes, name: str = "statements.csv"):
    """Send a file as the form would."""
    return desk.client.post(
        f"/research/{SLUG}/statement-import",
        data={"csrf_token": desk.token},
        files={"file": (name, content)},
    )


def as_csv(*rows: str) -> bytes:
    return "\n".join([",".join(HEADING), *rows, ""]).encode()


def test_a_statement_is_written_by_hand_and_edited(study, owner):
    assert 'value="S07"' in owner.get("/new-statement").text
    assert owner.send("/new-statement", NEW).headers["location"].endswith("/statements?done=added")
    assert "The new statement stands at the end." in words(owner.get("/statements?done=added"))
    answer = edited(owner, "S07", **{"text.nl": "", "note.en": "Think of winter."})
    assert answer.headers["location"].endswith("/statements/S07?done=saved")
    page = words(owner.get("/statements/S07?done=saved"))
    assert "There is no text in: Dutch." in page
    assert "Think of winter." in page
    table = words(owner.get("/statements?state=missing"))
    assert "1 statement misses a translation." in table
    assert "S07" in table
    assert "S02" not in table
    assert "edited statement S07" in words(owner.get("/log"))


def test_what_cannot_be_stored_is_said_at_its_field_and_stays_typed(study, owner):
    answer = owner.send("/new-statement", {**NEW, "code": "S 7", "topic": "", "text.fr": "x" * 2001})
    assert answer.status_code == 422
    for name in ("code", "topic", "text.fr"):
        assert f'href="#field-{name}"' in answer.text
        assert f'id="field-{name}-error"' in answer.text
    assert "Een nieuwe tekst." in answer.text
    assert 'value="S 7"' in answer.text


def test_whoever_presses_the_button_twice_has_written_one_statement_and_is_told_so(study, owner):
    for _ in range(2):
        assert owner.send("/new-statement", NEW).headers["location"].endswith("?done=added")
    assert words(owner.get("/log")).count("added statement S07") == 1
    other = owner.send("/new-statement", {**NEW, "text.en": "Another text."})
    assert other.status_code == 422
    assert "“S07” is taken already." in words(other)


def test_whoever_saves_second_sees_both_wordings_and_overwrites_nothing(study, owner, sign_in):
    editor = sign_in(Role.EDITOR)
    seen = known(editor.get("/statements/S01/edit"))
    edited(owner, "S01", **{"text.en": "The garden gives joy."})
    late = {"topic": "value", "known": seen, **TEXTS, "text.en": "The garden gives peace."}
    answer = editor.send("/statements/S01/edit", late)
    assert answer.status_code == 409
    assert "Somebody else was faster. Nothing was overwritten." in words(answer)
    assert re.search(r"<del>.*joy.*</del>", answer.text)
    assert re.search(r"<ins>.*peace.*</ins>", answer.text)
    assert ">The garden gives peace.</textarea>" in answer.text
    assert stored(study.database, "S01").statement.text["en"] == "The garden gives joy."
    # Having seen both, the editor saves once more.
    assert editor.send("/statements/S01/edit", late | {"known": known(answer)}).status_code == 303
    assert stored(study.database, "S01").statement.text["en"] == "The garden gives peace."


def test_between_rounds_a_new_wording_needs_its_reason(decided, owner):
    answer = edited(owner, "S02")
    assert answer.status_code == 422
    assert "Say why. The panel has rated this" in words(answer)
    assert "Een nieuwe tekst." in answer.text
    edited(owner, "S02", reason="It said two things.")
    page = words(owner.get("/statements/S02"))
    assert "Version 2" in page
    assert "Why: It said two things." in page
    assert "asked in round 1" in page
    assert "reworded since round 1" in words(owner.get("/statements"))


def test_while_a_round_is_open_the_page_says_why_nothing_can_be_changed(divided, owner):
    page = owner.get("/statements")
    assert "Round 1 is open, so everything that its panel reads stays as it is." in words(page)
    assert "/edit" not in page.text
    for address in ("/new-statement", "/statements/S01/edit", "/statements/S01/split", "/statement-import"):
        assert owner.get(address).status_code == 409
    assert owner.send("/statements/S01/edit", {"known": "", **TEXTS}).status_code == 409
    assert uploaded(owner, as_csv("S99,pay,,a,b,c")).status_code == 409


def test_a_statement_is_split_and_both_pages_tell_of_it(decided, owner):
    page = owner.get("/statements/S02/split")
    assert 'value="S02a"' in page.text
    assert 'name="3.code"' in owner.get("/statements/S02/split?parts=3").text
    parts = {
        f"{n}.{name}": value
        for n, code in ((1, "S02a"), (2, "S02b"))
        for name, value in {**NEW, "code": code}.items()
    }
    refused = owner.send("/statements/S02/split", parts | {"2.code": "S02a"})
    assert refused.status_code == 422
    assert 'href="#field-2.code"' in refused.text
    assert 'href="#field-reason"' in refused.text
    assert owner.send("/statements/S02/split", parts | {"reason": "Two ideas."}).status_code == 303
    assert "It was split; S02a is one of its parts." in words(owner.get("/statements/S02"))
    assert "It came out of S02, which was split." in words(owner.get("/statements/S02a"))
    assert "Two ideas." in words(owner.get("/statements/S02b"))
    assert owner.send("/statements/S02/split", {"reason": "x"}).status_code == 422


def test_statements_are_merged_from_the_table(decided, owner):
    page = owner.get("/merge-statements?code=S01&code=S03&code=nothing")
    assert page.text.count('name="old"') == 2
    fields = {f"1.{name}": value for name, value in NEW.items()} | {"old": "S01"}
    assert owner.send("/merge-statements", fields | {"reason": "One idea."}).status_code == 422
    answer = owner.client.post(
        f"/research/{SLUG}/merge-statements",
        data={**fields, "old": ["S01", "S03"], "reason": "One idea.", "csrf_token": owner.token},
    )
    assert answer.status_code == 303
    assert "It was merged with others into S07." in words(owner.get("/statements/S03"))
    assert "merged statements S01, S03 into S07" in words(owner.get("/log"))
    for too_few in ("/merge-statements", "/merge-statements?code=S02"):
        assert owner.get(too_few).headers["location"].endswith("/statements?done=too_few")
    told = words(owner.get("/statements?done=too_few"))
    assert "At least two statements are needed." in told
    assert "Stored." not in told


def test_a_statement_is_withdrawn_with_a_reason_and_restored(decided, owner):
    assert "What was rated so far stays" in words(owner.get("/statements/S02/withdraw"))
    without = owner.send("/statements/S02/withdraw")
    assert without.status_code == 422
    assert "Say why it is withdrawn. The reason stands in the log." in words(without)
    owner.send("/statements/S02/withdraw", {"reason": "Nobody needs it."})
    page = words(owner.get("/statements/S02"))
    assert "This statement is withdrawn." in page
    assert "Nobody needs it." in page
    assert owner.get("/statements/S02/withdraw").status_code == 409
    assert owner.send("/statements/S02/restore").status_code == 303
    assert stored(decided.database, "S02").withdrawn_at is None


def test_statements_are_put_in_order_by_their_numbers(study, owner):
    codes = ["S01", "S02", "S03", "S04", "S05", "S06"]
    places = {f"place.{code}": str(n) for n, code in enumerate(codes, start=1)}
    owner.client.post(
        f"/research/{SLUG}/statement-order",
        data={**places, "place.S05": "2", "place.S01": "9", "code": codes, "csrf_token": owner.token},
    )
    entries = read_editable_statements(study.database, SLUG).entries
    assert [one.statement.code for one in entries] == ["S05", "S02", "S03", "S04", "S06", "S01"]
    assert 'value="2"' in owner.get("/statement-order").text


def test_topics_are_named_added_and_ordered(study, owner):
    page = owner.get("/topics")
    topics = [topic.code for topic in read_editable_statements(study.database, SLUG).topics]
    names = {
        f"{key}.name.{language}": f"{key} {language}"
        for key in (*topics, "new-topic")
        for language in ("en", "fr", "nl")
    }
    fields = {
        **names,
        "key": topics,
        "known": known(page),
        "new-topic.code": "winter",
        "new-topic.place": "1",
        "csrf_token": owner.token,
    }
    address = f"/research/{SLUG}/topics"
    refused = owner.client.post(address, data={**fields, "new-topic.code": "a b", f"{topics[0]}.name.fr": ""})
    assert refused.status_code == 422
    assert 'href="#field-new-topic.code"' in refused.text
    taken = owner.client.post(address, data={**fields, "new-topic.code": topics[0], "key": topics * 2})
    assert taken.status_code == 422
    assert 'href="#field-new-topic.code"' in taken.text
    missing = f"The name of the topic “{topics[0]}” is missing in French."
    assert f'<a href="#field-{topics[0]}.name.fr">{missing}</a>' in refused.text
    nameless = owner.client.post(address, data={**fields, "new-topic.name.nl": ""})
    assert "The name of the new topic is missing in Dutch." in words(nameless)
    assert owner.client.post(address, data=fields).status_code == 303
    stored_topics = read_editable_statements(study.database, SLUG).topics
    assert {topic.code for topic in stored_topics} == {*topics, "winter"}
    assert stored_topics[0].name["fr"].endswith(" fr")
    late = owner.client.post(address, data=fields)
    assert late.status_code == 409
    assert "Stored now:" not in words(owner.get("/topics"))


def test_whoever_names_topics_second_sees_what_is_stored_and_overwrites_nothing(study, owner, sign_in):
    editor, address = sign_in(Role.EDITOR), f"/research/{SLUG}/topics"
    form = form_to(editor.get("/topics").text, address)
    mine = form_to(owner.get("/topics").text, address)
    assert form
    assert mine
    assert owner.client.post(address, data={**mine.fields, "value.name.en": "Worth"}).status_code == 303
    late = editor.client.post(address, data={**form.fields, "value.name.en": "Merit"})
    assert late.status_code == 409
    assert "Somebody else was faster. Nothing was overwritten." in words(late)
    assert "Stored now: Worth" in words(late)
    assert 'value="Merit"' in late.text
    assert read_editable_statements(study.database, SLUG).topics[0].name["en"] == "Worth"
    seen = form_to(late.text, address)
    assert seen
    assert editor.client.post(address, data=seen.fields).status_code == 303
    assert read_editable_statements(study.database, SLUG).topics[0].name["en"] == "Merit"


def test_evidence_is_written_changed_and_removed(study, owner):
    card = {
        "code": "E09",
        "kind": "good_practice",
        "country": "BE",
        "statements": "S01, S02",
        "source": "A book",
        **{f"{name}.{lang}": f"{name} {lang}" for name in ("title", "what") for lang in ("en", "fr", "nl")},
    }
    assert owner.get("/statements/S01/evidence").status_code == 200
    refused = owner.send("/statements/S01/evidence", card | {"country": "Belgium", "title.fr": ""})
    assert refused.status_code == 422
    assert 'href="#field-country"' in refused.text
    assert '<a href="#field-title.fr">The title is missing in French.</a>' in refused.text
    untold = owner.send("/statements/S01/evidence", card | {"what.nl": ""})
    assert "What it is has not been said in Dutch yet." in words(untold)
    assert owner.send("/statements/S01/evidence", card).status_code == 303
    assert "title en" in words(owner.get("/statements/S02"))
    seen = known(owner.get("/evidence/E09"))
    assert owner.send("/evidence/E09", card | {"known": seen, "title.en": "Other"}).status_code == 303
    late = owner.send("/evidence/E09", card | {"known": seen, "title.en": "Late"})
    assert late.status_code == 409
    assert "Other" in words(late)
    assert 'value="Late"' in late.text
    assert owner.send("/evidence/E09/remove").status_code == 303
    assert owner.get("/evidence/E09").status_code == 404


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (as_csv("S01,,,The garden gives joy.,,", "S07,pay,,New.,Neuf.,", "S02,,,,,"), "table.csv"),
        (
            workbook(
                [
                    HEADING,
                    ["S01", None, None, "The garden gives joy.", None, None],
                    ["S07", "pay", None, "New.", "Neuf.", None],
                    ["S02", None, None, None, None, None],
                ]
            ),
            "table.xlsx",
        ),
    ],
    ids=["CSV", "XLSX"],
)
def test_an_import_is_looked_at_first_and_then_stored_whole(study, owner, content, name):
    answer = uploaded(owner, content, name)
    address = answer.headers["location"].removeprefix(f"/research/{SLUG}")
    page = owner.get(address)
    assert "New: 1. Changed: 1. Unchanged: 1." in words(page)
    assert re.search(r"<ins>.*joy.*</ins>", page.text)
    assert "missing" in words(page)
    assert stored(study.database, "S01").statement.text["en"] == "The garden gives rest."
    assert owner.send(address, {"known": known(page)}).headers["location"].endswith("?done=imported")
    assert stored(study.database, "S01").statement.text["en"] == "The garden gives joy."
    assert stored(study.database, "S07").missing(("en", "fr", "nl")) == ("nl",)
    assert "imported statements (new: 1, changed: 1)" in words(owner.get("/log"))
    # What is stored waits no longer, so that sending it twice is harmless.
    assert owner.send(address, {"known": known(page)}).status_code == 404


def test_an_import_that_became_stale_is_shown_anew_and_stores_nothing(study, owner):
    answer = uploaded(owner, as_csv("S01,,,The garden gives joy.,,", "S07,pay,,New.,,"))
    address = answer.headers["location"].removeprefix(f"/research/{SLUG}")
    seen = known(owner.get(address))
    edited(owner, "S01", **{"text.en": "The garden gives shade."})
    late = owner.send(address, {"known": seen})
    assert late.status_code == 409
    assert re.search(r"<del>.*shade.*</del>", late.text)
    assert len(read_editable_statements(study.database, SLUG).entries) == 6
    assert owner.send(address, {"known": known(late)}).status_code == 303


def test_what_the_panel_has_seen_is_imported_with_a_reason_only(decided, owner):
    answer = uploaded(owner, as_csv("S01,,,The garden gives joy.,,"))
    address = answer.headers["location"].removeprefix(f"/research/{SLUG}")
    page = owner.get(address)
    assert owner.send(address, {"known": known(page)}).status_code == 422
    assert owner.send(address, {"known": known(page), "reason": "Kinder"}).status_code == 303
    assert stored(decided.database, "S01").statement.version == 2


def test_a_preview_is_its_uploaders_alone_and_does_not_wait_for_ever(study, owner, sign_in, clock):
    answer = uploaded(owner, as_csv("S07,pay,,New.,,"))
    address = answer.headers["location"].removeprefix(f"/research/{SLUG}")
    assert sign_in(Role.EDITOR).get(address).status_code == 404
    clock.advance(timedelta(hours=3))
    gone = owner.get(address)
    assert gone.status_code == 404
    assert "Upload the file again." in words(gone)


def test_a_file_in_an_unnamed_encoding_is_read_and_the_preview_says_as_what(study, owner):
    answer = uploaded(owner, as_csv("S07,pay,,Café für alle.,Un café.,").decode().encode("cp1252"))
    page = owner.client.get(answer.headers["location"])
    assert "The file was read as Windows-1252." in words(page)
    assert "Café für alle." in words(page)
    named = uploaded(owner, as_csv("S07,pay,,Café.,Un café.,")).headers["location"]
    assert "The file was read as" not in words(owner.client.get(named))


FAULTS = [
    pytest.param(
        as_csv("S01,,,ok,,", "S01,,,twice,,"), "3 code “S01” is already the code of row 2.", id="twice"
    ),
    pytest.param(as_csv("S09,nothing,,a,b,c"), "2 topic “nothing” is not a topic of the study.", id="topic"),
    pytest.param(as_csv("S09,,,a,b,c"), "2 topic is empty; a new statement needs a topic.", id="no topic"),
    pytest.param(as_csv("S09,pay,,,,"), "2 text_en is empty; a new statement needs a text", id="no text"),
    pytest.param(as_csv("S 9,pay,,a,b,c"), "2 code may have letters, digits", id="code"),
    pytest.param(as_csv("S09,pay,,a\x00,b,c"), "2 text_en This text has a character", id="NUL"),
    pytest.param(
        as_csv("S09,pay,,ü,b,c") + "S10,pay,,é,b,c".encode("cp1252"),
        "3 text_en is not written in UTF-8",
        id="two encodings",
    ),
    pytest.param(as_csv("S09,pay,,a,b"), "2 – has 5 cells where the heading has 6.", id="cells"),
    pytest.param(as_csv(f"S09,pay,,{'x' * 2001},b,c"), "2 text_en This text has 2001 characters", id="long"),
    pytest.param(b"name\nx\n", "1 code is missing.", id="columns"),
    pytest.param(b"", "– – is empty.", id="empty"),
    pytest.param(
        workbook([HEADING, ["S09", "pay", "", "=1+1", "b", "c"]]), "2 text_en is a formula.", id="formula"
    ),
    pytest.param(
        workbook([HEADING, ["S09", "pay", "", "a", "b", "c"]], merged="D2:E2"),
        "2 text_en is part of merged cells.",
        id="merged",
    ),
    pytest.param(b"PK\x03\x04 and nothing more", "– – cannot be read as a workbook.", id="damaged"),
]


@pytest.mark.parametrize(("content", "said"), FAULTS)
def test_each_fault_of_a_file_is_named_with_row_and_column_and_nothing_is_stored(study, owner, content, said):
    answer = uploaded(owner, content)
    assert answer.status_code == 422
    assert said in words(answer)
    assert len(read_editable_statements(study.database, SLUG).entries) == 6


def test_a_form_without_a_file_or_with_too_large_a_one_is_refused(study, owner):
    assert "Choose a file first." in words(uploaded(owner, b"", ""))
    assert uploaded(owner, b"x" * 10_600_000).status_code == 413
    address = f"/research/{SLUG}/statement-import"
    assert owner.client.post(address, data={"csrf_token": owner.token}).status_code == 422
    broken = {"Content-Type": "multipart/form-data; boundary=x"}
    assert owner.client.post(address, content=b"--y\r\nnonsense", headers=broken).status_code in (400, 403)
    without = owner.client.post(address, files={"file": ("a.csv", as_csv("S07,pay,,a,b,c"))})
    assert without.status_code == 403


def test_who_may_only_read_finds_the_statements_and_no_way_to_change_them(study, sign_in):
    analyst = sign_in(Role.ANALYST)
    for page in ("/statements", "/statements/S01"):
        found = analyst.get(page)
        assert found.status_code == 200
        assert "/edit" not in found.text
        assert "new-statement" not in found.text
    assert uploaded(analyst, as_csv("S07,pay,,a,b,c")).status_code == 403


def test_the_pages_ask_the_database_as_often_for_many_statements_as_for_few(study, owner):
    rows = [f"T{n:03},pay,,English {n},Français {n},Nederlands {n}" for n in range(120)]

    def queries() -> dict[str, int]:
        counted = {}
        for page in ("/statements", "/statements/S01", "/statement-order", "/topics", "/statements/S01/edit"):
            with counting() as sent:
                assert owner.get(page).status_code == 200
            counted[page] = len(sent)
        return counted

    before = queries()
    address = uploaded(owner, as_csv(*rows)).headers["location"].removeprefix(f"/research/{SLUG}")
    assert owner.send(address, {"known": known(owner.get(address))}).status_code == 303
    assert queries() == before
    assert max(before.values()) < 40
