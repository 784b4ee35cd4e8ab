"""Researchers code what the panel wrote, page by page: themes given and taken, without a name in sight."""

import csv
import io
import re

import pytest

from app.domain.account import Role
from app.services.moderating import release_pending_comments
from tests.integration.web.researcher.conftest import AtDesk, words
from tests.integration.web.states import BEGUN, led_on
from tests.panel_study import ACTOR, SLUG, STATEMENTS, PlayedStudy

WRITTEN = {0: "The soil is thin.", 3: "=My son Adam says so too.", 6: "<b>Rain</b> & mud", 9: "Yes."}


def write(study: PlayedStudy) -> None:
    """Four panelists write on S01, one of them on S04 too; then round 1 closes."""
    study.open_round()
    for n, link in enumerate(study.links):
        texts = {"S01": WRITTEN[n]} if n in WRITTEN else {}
        points = dict.fromkeys(STATEMENTS, 3 + n % 2)
        study.rate(study.take_part(link), points, texts | ({"S04": "Later."} if n == 0 else {}))
    study.close_round()


LED_TO_BY = {"written": led_on(BEGUN, "garden-to-be-coded", write)}


@pytest.fixture
def written(study: PlayedStudy) -> PlayedStudy:
    """The study with round 1 closed; four panelists wrote on S01, one of them on S04 too."""
    return study


def theme(desk: AtDesk, name: str, **more: str) -> str:
    """Write a theme and return its number."""
    sent = desk.send("/coding/new-theme", {"name": name, "colour": "teal", **more})
    assert sent.headers["location"].endswith("/coding/themes?done=added"), words(sent)
    found = re.search(rf'themes/(\d+)">{re.escape(name)}<', desk.get("/coding/themes").text)
    assert found
    return found[1]


def pieces(desk: AtDesk, query: str = "") -> list[str]:
    """The texts on a page of the workbench."""
    page = desk.get(f"/coding{query}").text
    return re.findall(r'<blockquote class="piece-text"[^>]*>(.*?)</blockquote>', page, re.DOTALL)


def reference(desk: AtDesk, text: str) -> str:
    """What names the piece with this text in forms."""
    page = desk.get("/coding").text
    return str(re.findall(r'id="piece-([^"]+)"', page[: page.index(text)])[-1])


def give(desk: AtDesk, text: str, *themes: str, **fields: str):
    named = {"piece": reference(desk, text), "shown": "", "theme": list(themes), **fields}
    return desk.send("/coding", named)  # type: ignore[arg-type]  # several values under one name


def test_before_a_round_is_closed_there_is_nothing_to_code_and_it_is_said_when_there_is(study, owner):
    assert "Once a round is closed" in words(owner.get("/coding"))
    assert "Write the first theme." in words(owner.get("/coding/themes"))
    assert "Two coders are needed." in words(owner.get("/coding/agreement"))


def test_pieces_are_searched_and_filtered_and_what_makes_no_sense_is_not_asked(written, owner):
    assert len(pieces(owner)) == 5
    assert pieces(owner, "?words=rain") == ["&lt;b&gt;Rain&lt;/b&gt; &amp; mud"]
    assert pieces(owner, "?about=S04") == ["Later."]
    assert pieces(owner, "?band=agree&words=yes") == ["Yes."]
    assert pieces(owner, "?group=gardeners") == []
    assert pieces(owner, "?round=7") == []
    assert len(pieces(owner, "?round=x&kind=y&state=z&theme=-1&page=0&band=%00")) == 5
    assert "No text is like this." in words(owner.get("/coding?page=99"))
    assert "Show all" in words(owner.get("/coding?words=rain"))


@pytest.mark.parametrize(
    ("role", "reads_ratings"),
    [(Role.OWNER, True), (Role.ANALYST, True), (Role.EDITOR, False), (Role.FACILITATOR, False)],
)
def test_how_a_writer_rated_stands_beside_a_text_for_those_alone_who_read_single_ratings(
    written, sign_in, role, reads_ratings
):
    release_pending_comments(written.database, written.clock, SLUG, ACTOR, 1)
    desk = sign_in(role)
    page = desk.get("/coding")
    assert ("rated: Agree" in words(page)) is reads_ratings
    assert ('name="band"' in page.text) is reads_ratings
    assert len(pieces(desk, "?band=agree")) == (2 if reads_ratings else 5)
    table = list(csv.DictReader(io.StringIO(desk.get("/coding.csv").text.removeprefix("\ufeff"))))
    rated = ["agree", "agree", "neutral", "neutral", "neutral"]
    assert sorted(row["band"] for row in table) == (rated if reads_ratings else [""] * 5)


def test_a_theme_is_given_and_taken_away_and_the_page_says_who_has_coded_what(written, owner):
    hope = theme(owner, "Hope")
    sent = give(owner, "Yes.", hope, query="about=S01&page=3")
    assert re.search(r"/coding\?about=S01&page=3#piece-c1-", sent.headers["location"])
    assert pieces(owner, "?state=coded") == pieces(owner, f"?theme={hope}") == ["Yes."]
    assert len(pieces(owner, "?state=open")) == 4
    assert "coded a text (S01)" in words(owner.get("/log?about=coding"))
    give(owner, "Yes.", shown=hope)
    assert pieces(owner, "?state=coded") == []
    give(owner, "Yes.", none="1")
    assert pieces(owner, "?state=coded") == ["Yes."]


def test_a_script_is_told_in_short_that_it_is_stored_or_why_not(written, owner):
    hope = theme(owner, "Hope")
    fields = {"csrf_token": owner.token, "piece": reference(owner, "Yes."), "theme": [hope], "shown": ""}
    asking = {"Accept": "application/json"}
    answer = owner.client.post("/research/garden-study/coding", data=fields, headers=asking)
    assert (answer.status_code, answer.content) == (204, b"")
    assert pieces(owner, f"?theme={hope}") == ["Yes."]
    lost = owner.client.post("/research/garden-study/coding", data={**fields, "piece": "x"}, headers=asking)
    assert lost.status_code == 404
    assert "json" in lost.headers["content-type"]


def test_others_codes_are_shown_only_when_they_are_asked_for(written, owner, sign_in):
    hope, time = theme(owner, "Hope"), theme(owner, "Time")
    editor = sign_in(Role.EDITOR)
    give(owner, "Yes.", hope)
    give(editor, "Yes.", time)
    give(editor, "Later.", none="1")
    assert "Editor of the study" not in words(owner.get("/coding"))
    shown = words(owner.get("/coding?others=1"))
    assert "Editor of the study: Time" in shown
    assert "Editor of the study: no theme fits" in shown
    agreed = words(owner.get("/coding/agreement"))
    assert "Both coded 1 text" in agreed
    assert "no agreement beyond chance" in agreed


def test_three_coders_are_compared_by_alpha_and_two_by_two(written, owner, sign_in):
    hope = theme(owner, "Hope")
    for desk in (owner, sign_in(Role.EDITOR), sign_in(Role.FACILITATOR)):
        give(desk, "Yes.", hope)
        give(desk, "Later.", none="1")
    agreed = words(owner.get("/coding/agreement"))
    assert "Krippendorff’s alpha over all themes is 1.00: almost perfect. 2 texts were coded" in agreed
    assert "Every two coders" in agreed


def test_themes_stand_in_a_hierarchy_are_moved_changed_merged_and_removed(written, owner):
    hope = theme(owner, "Hope")
    light = theme(owner, "Light", parent=hope, description="Of the sun.")
    time = theme(owner, "Time", colour="pink")
    give(owner, "Yes.", light, time)
    owner.send(f"/coding/themes/{time}/move", {"to": "up"})
    page = owner.get("/coding/themes").text
    assert page.index(">Time<") < page.index(">Hope<") < page.index(">Light<")
    known = re.search(r'name="known" value="(\w+)"', owner.get(f"/coding/themes/{light}/edit").text)
    assert known
    changed = {
        "name": "Sunlight",
        "colour": "ochre",
        "parent": "",
        "known": known[1],
        "heading.en": "On light",
    }
    assert owner.send(f"/coding/themes/{light}/edit", changed).status_code == 303
    stale = owner.send(f"/coding/themes/{light}/edit", {**changed, "name": "Moonlight"})
    assert stale.status_code == 409
    assert "Stored now: Sunlight" in words(stale)
    assert 'value="Moonlight"' in stale.text
    assert "The panel reads above its comments: On light" in words(owner.get(f"/coding/themes/{light}"))
    known = re.search(r'name="known" value="(\w{16})"', owner.get(f"/coding/themes/{light}/remove").text)
    assert known
    for wrong in ({"into": ""}, {"into": light}, {"into": "999"}):
        refused = owner.send(f"/coding/themes/{light}/merge", {"known": known[1], **wrong})
        assert refused.status_code == 422
        assert "Choose the theme into which this one is merged." in words(refused)
    assert owner.send(f"/coding/themes/{light}/merge", {"known": known[1], "into": time}).status_code == 303
    assert owner.get(f"/coding/themes/{light}").status_code == 404
    assert pieces(owner, f"?theme={time}") == ["Yes."]
    assert "1 coding is deleted." in words(owner.get(f"/coding/themes/{time}/remove"))
    assert owner.send(f"/coding/themes/{time}/remove", {"known": "7"}).status_code == 409
    assert owner.send(f"/coding/themes/{time}/remove", {"known": "1"}).status_code == 303
    said = words(owner.get("/log?about=coding"))
    for entry in (
        "moved the theme “Time”",
        "merged the theme “Sunlight” into “Time”",
        "(texts that had it: 1)",
    ):
        assert entry in said


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": " "}, "Write a name."),
        ({"name": "hope"}, "Another theme is called “hope”."),
        ({"colour": "#fff"}, "Choose one of the colours."),
        ({"description": "x" * 1001}, "1000"),
    ],
)
def test_a_theme_that_cannot_be_stored_is_asked_again_with_what_was_typed(study, owner, wrong, said):
    theme(owner, "Hope")
    refused = owner.send("/coding/new-theme", {"name": "Shade", "colour": "pink", **wrong})
    assert refused.status_code == 422
    assert said in words(refused)
    assert f'value="{wrong.get("name", "Shade").strip() or " "}"' in refused.text


def test_a_theme_cannot_stand_under_its_own_part(study, owner):
    hope = theme(owner, "Hope")
    light = theme(owner, "Light", parent=hope)
    known = re.search(r'name="known" value="(\w+)"', owner.get(f"/coding/themes/{hope}/edit").text)
    assert known
    refused = owner.send(
        f"/coding/themes/{hope}/edit", {"name": "Hope", "colour": "teal", "parent": light, "known": known[1]}
    )
    assert refused.status_code == 422
    assert "A theme cannot stand under itself" in words(refused)


def test_a_theme_is_matched_with_statements_and_a_statement_born_from_its_texts(written, owner):
    hope = theme(owner, "Hope")
    give(owner, "Yes.", hope)
    give(owner, "Later.", hope)
    owner.send(f"/coding/themes/{hope}/statements", {"statement": "S03", "shown": ""})
    assert "S03" in words(owner.get("/coding/themes"))
    form = owner.get(f"/new-statement?theme={hope}").text
    assert "Written from the theme “Hope”" in words(form)
    assert 'value="Hope; Round 1, S01; Round 1, S04"' in form
    sent = {
        "code": "S07",
        "theme": hope,
        "topic": "pay",
        "text.en": "There is hope.",
        "origin": "Hope; Round 1, S01",
        "piece": re.findall(r'name="piece" value="([^"]+)"', form),
    }
    assert 'value="S07"' in form
    empty = owner.send("/new-statement", {**sent, "text.en": ""})
    assert empty.status_code == 422
    assert "Later." in words(empty)
    assert owner.send("/new-statement", sent).status_code == 303
    assert "2 coded texts" in words(owner.get("/statements/S07"))
    assert "Hope; Round 1, S01" in words(owner.get("/statements"))
    assert sorted(pieces(owner, "?from=S07")) == ["Later.", "Yes."]
    assert "added statement S07, written from coded texts (2)" in words(owner.get("/log"))
    assert "S07" in words(owner.get(f"/coding/themes/{hope}"))


def test_a_statement_is_written_from_chosen_texts(written, owner):
    chosen = reference(owner, "Yes.")
    form = owner.get(f"/new-statement?piece={chosen}").text
    assert "Written from what the panel said" in words(form)
    assert 'value="Round 1, S01"' in form
    assert owner.get("/new-statement?piece=nonsense").status_code == 404
    assert owner.get("/new-statement?theme=99").status_code == 404


def test_texts_from_elsewhere_are_brought_in_coded_and_removed(study, owner):
    typed = {
        "source": "Interviews 2023",
        "language": "fr",
        "text": "Premier texte.\r\n\r\nDeuxième\r\ntexte.",
    }
    for wrong, said in (
        ({"text": " \n\n "}, "Paste at least one text."),
        ({"source": ""}, "Say in a few words"),
        ({"language": "xx"}, "Choose the language"),
        ({"text": "x" * 4001}, "Text 1 has 4001 characters"),
    ):
        refused = owner.send("/coding/experience", {**typed, **wrong})
        assert refused.status_code == 422
        assert said in words(refused)
    assert owner.send("/coding/experience", typed).headers["location"].endswith("experience?done=added")
    assert pieces(owner) == ["Premier texte.", "Deuxième\ntexte."]
    give(owner, "Premier", none="1")
    assert owner.send("/coding/experience/1/remove").status_code == 303
    assert owner.send("/coding/experience/1/remove").status_code == 404
    assert pieces(owner, "?about=Interviews+2023") == ["Deuxième\ntexte."]
    assert "brought in texts from elsewhere (2)" in words(owner.get("/log"))


def test_the_codings_come_out_as_a_table_in_which_no_text_is_a_formula(written, owner, sign_in):
    hope = theme(owner, "Hope")
    give(owner, "Adam", hope)
    give(sign_in(Role.EDITOR), "Adam", none="1")
    answer = owner.get("/coding.csv?about=S01")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert 'filename="garden-study-coding.csv"' in answer.headers["content-disposition"]
    of_adam = [row for row in rows if "Adam" in row["text"]]
    assert [(row["text"][:4], row["coder"], row["themes"], row["fits_no_theme"]) for row in of_adam] == [
        ("'=My", "Owner of the study", "Hope", ""),
        ("'=My", "Editor of the study", "", "1"),
    ]
    assert [row["coder"] for row in rows if row["text"] == "Yes."] == [""]


def test_an_analyst_codes_what_was_released_and_never_reads_what_was_not(written, owner, sign_in):
    page = owner.get("/comments").text
    for text, to, redacted in (("Adam", "redacted", "My son says so too."), ("Yes.", "released", "")):
        line = next(one for one in page.split('<li class="comment-line"') if text in one)
        fields = dict(re.findall(r'name="(round|comment|on|state|statement)" value="([^"]*)"', line))
        owner.send("/comments", {**fields, "to": to, "redacted": redacted})
    analyst = sign_in(Role.ANALYST)
    assert pieces(analyst) == ["My son says so too.", "Yes."]
    everything = analyst.get("/coding.csv").text + analyst.get("/coding?words=adam").text
    assert "Adam" not in everything
    assert give(analyst, "Yes.", none="1").status_code == 303
    refused = analyst.send("/coding", {"piece": reference(owner, "Later."), "none": "1"})
    assert refused.status_code == 404
    assert "The panel reads: My son says so too." in words(owner.get("/coding"))
