"""A study is begun from a template and changed part by part; faults stand at their fields."""

import re
from html import unescape

import pytest

from app.domain.account import Role
from app.services.designing import read_standing_design
from app.services.log import read_log
from app.services.overview import read_overview
from tests.forms import form_to
from tests.integration.web.researcher.conftest import words

BEGUN = {
    "template": "model_study",
    "study.title.en": "Gardens for all",
    "study.title.fr": "Des jardins pour tous",
    "study.purpose.en": "Why gardens?",
    "study.purpose.fr": "Pourquoi des jardins ?",
    "study.organiser.en": "We do.",
    "study.organiser.fr": "Nous.",
    "study.contact": "gardens@example.org",
    "study.minutes_per_round": "15",
    "study.time_zone": "Europe/Brussels",
}


def begin(desk, changed=None, languages=("en", "fr")):
    fields = {**BEGUN, "csrf_token": desk.token, **(changed or {})}
    return desk.client.post("/research/new", data={**fields, "languages": list(languages)})


def fields_of(page: str) -> dict[str, str]:
    """Every field of a page's form with what stands in it, as a browser would send it."""
    form = page.partition('<form class="design"')[2]
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = (re.search(rf'\b{part}="([^"]*)"', tag) for part in ("name", "value"))
        if name and ('type="checkbox"' not in tag or " checked" in tag):
            found[name[1]] = unescape(value[1]) if value else ""
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>([^<]*)</textarea>', form):
        found[name] = unescape(text)
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        assert chosen is not None
        found[name] = chosen[1]
    return found


def save(desk, part, changed=None, *, action="save", without=()):
    """Open a part's page, change some fields, and send the form."""
    fields = fields_of(desk.get(f"/protocol/{part}").text) | {"action": action} | (changed or {})
    return desk.send(
        f"/protocol/{part}", {name: value for name, value in fields.items() if name not in without}
    )


def rule(desk) -> str:
    return words(desk.get("/protocol").text.partition('<p class="rule">')[2].partition("</p>")[0]).strip()


@pytest.fixture
def designer(owner):
    """A researcher in a study of their own, just begun."""
    assert begin(owner).headers["location"] == "/research/gardens-for-all/protocol?done=begun"
    owner.slug = "gardens-for-all"
    return owner


def test_a_study_is_begun_from_a_template_in_two_steps(owner):
    first = owner.client.get("/research/new")
    assert "RAND/UCLA appropriateness" in words(first)
    assert owner.client.get("/research/new?anything=else").status_code == 200
    nothing = owner.client.get("/research/new?go_on=yes")
    assert nothing.status_code == 422
    assert "Choose what to begin with. Choose at least one language." in words(nothing)
    second = owner.client.get("/research/new?template=model_study&languages=fr&languages=en")
    assert 'name="study.title.fr"' in second.text
    assert "owner@example.org" in second.text, "the contact is proposed"
    assert begin(owner).status_code == 303
    owner.slug = "gardens-for-all"
    page = words(owner.get("/protocol?done=begun"))
    assert "The study is begun." in page
    assert "Peer supporters" in page
    assert "at least 70% of every group" in page
    assert "Gardens for all" in words(owner.client.get("/research"))


def test_whoever_begins_a_study_owns_it_and_the_log_says_so(designer, study):
    log = read_log(study.database, "gardens-for-all")
    assert [event.kind for event in log.events] == ["ResearcherJoined", "StudyBegun"]
    assert "began the study" in words(designer.get("/log"))
    assert log.events[0].payload == {"researcher": designer.researcher.id, "role": "owner"}


@pytest.mark.parametrize(
    ("changed", "languages", "fault"),
    [
        ({"template": "magic"}, ("en",), "Choose what to begin with."),
        ({}, (), "Choose at least one language."),
        ({"study.title.fr": " "}, ("en", "fr"), "The title is missing in French."),
        ({"study.time_zone": "Brussels"}, ("en", "fr"), "must be a time zone such as Europe/Brussels."),
        ({"study.minutes_per_round": "long"}, ("en", "fr"), "must be a whole number from 1 to 600."),
        ({"study.slug": "Gardens!"}, ("en", "fr"), "may have lower-case letters"),
        ({"study.slug": "new"}, ("en", "fr"), "may have lower-case letters"),
        ({"study.slug": "garden-study"}, ("en", "fr"), "“garden-study” is the address of another study."),
        (
            {"study.purpose.en": "x" * 20_001},
            ("en", "fr"),
            "Purpose: English: This text has 20001 characters; at most 20000 can be kept",
        ),
    ],
)
def test_what_is_wrong_with_a_new_study_is_said_and_what_was_typed_is_kept(owner, changed, languages, fault):
    answer = begin(owner, changed, languages)
    assert answer.status_code in (409, 422)
    assert fault in words(answer)
    if not {"template"} & set(changed) and languages:
        assert "Des jardins pour tous" in answer.text or "study.title.fr" in changed
        assert changed.get("study.time_zone", "Europe/Brussels") in answer.text


def test_a_part_is_changed_and_the_protocol_says_so(designer):
    answer = save(designer, "rule", {"protocol.consensus.threshold": "60 75"})
    assert answer.headers["location"].endswith("/protocol?done=saved")
    assert "in round 1 at least 60%, from round 2 at least 75% of every group" in rule(designer)
    assert "changed the design of the study" in words(designer.get("/log"))


def test_the_effect_of_a_rule_is_seen_before_it_is_saved(designer):
    before = rule(designer)
    page = save(designer, "rule", {"protocol.consensus.scope": "overall"}, action="preview")
    assert page.status_code == 200
    examples = words(page).partition("What the rule would decide")[2]
    assert "Nine in ten agree, but one group is against" in examples
    assert rule(designer) == before
    again = save(designer, "rule", {"protocol.consensus.threshold": "seventy"}, action="preview")
    assert "the examples stand here" in words(again)


def test_every_preset_is_chosen_and_says_its_rule(designer):
    said = set()
    for preset in ("comet_70_15", "median_iqr", "mhfa_80", "percent_agreement"):
        assert save(designer, "rule", {"protocol.consensus.preset": preset}).status_code == 303, preset
        said.add(rule(designer))
    assert len(said) == 4
    refused = save(designer, "rule", {"protocol.consensus.preset": "rand_ucla"})
    assert refused.status_code == 422
    assert "is defined on a scale of 1 to 9" in words(refused)


def test_groups_are_added_named_and_left_out(designer):
    more = save(designer, "groups", action="add")
    assert re.search(r'id="field-group-5-code"[^>]* autofocus', more.text)
    assert 'name="group[5].code"' in more.text
    named = {"group[5].code": "cooks", "group[5].name.en": "Cooks", "group[5].name.fr": "Cuisiniers"}
    refused = designer.send(
        "/protocol/groups", fields_of(more.text) | named | {"group[5].name.fr": "", "action": "save"}
    )
    assert refused.status_code == 422
    assert "The name of group 5 is missing in French." in words(refused)
    assert 'value="Cooks"' in refused.text
    done = designer.send(
        "/protocol/groups", fields_of(refused.text) | named | {"remove.group[1]": "yes", "action": "save"}
    )
    assert done.status_code == 303
    groups = words(designer.get("/protocol")).partition("Stakeholder groups Health")[2]
    assert "Cooks" in groups
    assert "Peer supporters" not in words(designer.get("/protocol"))


def test_a_group_with_panelists_cannot_be_left_out(owner, study):
    refused = save(owner, "groups", {"remove.group[1]": "yes"})
    assert refused.status_code == 409
    assert "panelists belong to the group “Gardeners”" in words(refused)
    assert fields_of(refused.text)["remove.group[1]"] == "yes", "and it is still there to be kept"
    assert "Gardeners" in words(owner.get("/protocol"))


def test_a_language_comes_with_its_texts_and_one_in_use_stays(owner, study):
    page = save(owner, "languages", {"language.de": "yes"}, action="languages")
    assert 'name="study.title.de"' in page.text
    assert 'name="group[1].name.de"' in page.text
    assert 'name="criterion[1].labels.de[1]"' in page.text
    empty = owner.send("/protocol/languages", fields_of(page.text) | {"action": "save"})
    assert empty.status_code == 422
    filled = {name: "Deutsch" for name in fields_of(page.text) if ".de" in name and "language." not in name}
    assert (
        owner.send("/protocol/languages", fields_of(page.text) | filled | {"action": "save"}).status_code
        == 303
    )
    assert "German" in words(owner.get("/protocol"))
    assert "Deutsch" in words(owner.get("/protocol"))
    assert save(owner, "languages", without=("language.de",)).status_code == 303
    refused = save(owner, "languages", without=("language.nl",))
    assert refused.status_code == 409
    assert "written to in Dutch." in words(refused)


def test_a_longer_scale_asks_for_the_label_of_its_end(designer):
    longer = {"scale[1].highest": "7", "scale[1].high_band_from": "6"}
    refused = save(designer, "criteria", longer)
    assert refused.status_code == 422
    assert "Point 7 of criterion 1 has no label in French." in words(refused)
    ends = {f"criterion[1].labels.{language}[7]": "Fully" for language in ("en", "fr")}
    assert (
        designer.send("/protocol/criteria", fields_of(refused.text) | ends | {"action": "save"}).status_code
        == 303
    )
    assert "rate 6 or 7" in rule(designer)


@pytest.mark.parametrize(
    ("part", "changed", "fault"),
    [
        ("texts", {"study.contact": ""}, "The contact is missing: say where panelists can write to."),
        ("texts", {"study.title.en": ""}, "The title is missing in English."),
        ("groups", {"group[2].code": "peers"}, "The code “peers” is used twice."),
        ("groups", {"group[1].code": "a b"}, "“Code” may have letters, digits, hyphens"),
        ("groups", {"group[1].target": "many"}, "must be a whole number"),
        ("criteria", {"scale[1].lowest": "one"}, "A scale goes up in whole numbers"),
        ("criteria", {"scale[1].low_band_to": ""}, "Both bands need at least one point"),
        ("criteria", {"criterion[1].question.fr": ""}, "The question of criterion 1 is missing in French."),
        (
            "rule",
            {"protocol.consensus.threshold": "0.7"},
            "“How many per cent must agree” is 0.7 per cent; write 70 for 70%.",
        ),
        ("rule", {"protocol.consensus.scope": "at_least"}, "Say how many groups must meet the rule."),
        ("course", {"protocol.minimum_group_size": "0"}, "must be a whole number from 1 to 1000"),
        ("course", {"protocol.stopping.stable_share": "85"}, "must be a number between 0 and 1"),
        (
            "course",
            {f"protocol.rounds[{n}]": "open" if n == 1 else "" for n in range(1, 9)},
            "at least one round in which statements are rated.",
        ),
        ("course", {"protocol.feedback.policy": "some"}, "must be one of"),
    ],
)
def test_a_fault_stands_at_its_field_with_what_was_typed(designer, part, changed, fault):
    answer = save(designer, part, changed)
    assert answer.status_code == 422
    assert fault in words(answer)
    assert "error-summary" in answer.text
    for value in changed.values():
        assert not value or value == "some" or f'value="{value}"' in answer.text or value in answer.text


def test_a_fault_of_the_rule_is_told_in_the_language_of_the_page(designer):
    designer.client.post("/research/language", data={"csrf_token": designer.token, "locale": "nl"})
    refused = words(save(designer, "rule", {"protocol.consensus.threshold": "0.7"}))
    assert "is 0.7 procent; schrijf 70 voor 70%." in refused
    assert "per cent" not in refused


@pytest.mark.parametrize(
    ("language", "purpose", "minutes"),
    [
        ("fr", "Le but manque en anglais.", "« Minutes que dure un tour, à peu près » doit être un nombre"),
        ("nl", "Het doel ontbreekt in het Engels.", "“Minuten die een ronde ongeveer duurt” moet een"),
        ("de", "Der Zweck fehlt auf Englisch.", "„Minuten, die eine Runde ungefähr dauert“ muss eine"),
    ],
)
def test_a_fault_is_one_sentence_with_field_and_language_that_leads_to_the_field(
    designer, language, purpose, minutes
):
    designer.client.post("/research/language", data={"csrf_token": designer.token, "locale": language})
    refused = save(designer, "texts", {"study.purpose.en": "", "study.minutes_per_round": "a few"})
    assert f'<a href="#field-study-purpose-en">{purpose}</a>' in refused.text
    said = words(refused)
    assert said.count(purpose) == 2, "in the list and at the field"
    assert minutes in said


def test_a_fault_of_another_page_says_on_which_page_it_is_put_right(owner):
    begin(owner, {"template": "appropriateness", "study.slug": "treatments"})
    owner.slug = "treatments"
    refused = save(owner, "criteria", {"scale[1].highest": "10"})
    assert refused.status_code == 422
    assert "On the page “When there is consensus”: This rule is defined on a scale of 1 to 9" in words(
        refused
    )


def test_whoever_leaves_every_group_out_is_refused_and_still_sees_them(designer):
    refused = save(designer, "groups", {f"remove.group[{n}]": "yes" for n in range(1, 5)})
    assert refused.status_code == 422
    assert "The study needs at least one stakeholder group." in words(refused)
    assert fields_of(refused.text)["remove.group[4]"] == "yes"
    assert 'value="relatives"' in refused.text


def test_a_fault_stands_at_the_field_of_its_group_though_one_before_is_left_out(designer):
    refused = save(designer, "groups", {"remove.group[1]": "yes", "group[3].name.en": ""})
    assert '<a href="#field-group-3-name-en">The name of group 3 is missing in English.</a>' in refused.text
    assert fields_of(refused.text)["remove.group[1]"] == "yes"


def test_every_rule_has_its_fields_under_a_heading_of_its_own(designer):
    page = designer.get("/protocol/rule").text
    headings = re.findall(r"<h2>Only for the rule “(.*?)”</h2>", page)
    assert len(headings) == 5
    assert headings[0] == "A share agrees, or disagrees"
    goes_with = 'data-only-with="protocol.consensus.preset" data-only-values="median_iqr"'
    median = page.partition(goes_with)[2].partition("</fieldset>")[0]
    assert 'name="protocol.consensus.iqr"' in median
    assert 'name="protocol.consensus.threshold"' not in median


def test_what_was_typed_for_one_rule_is_there_again_after_a_look_at_another(designer):
    typed = {"protocol.consensus.threshold": "60 75"}
    looked = save(designer, "rule", typed | {"protocol.consensus.preset": "median_iqr"}, action="preview")
    assert "median" in words(looked).partition("What the rule would decide")[2].partition("If")[0]
    assert fields_of(looked.text)["protocol.consensus.threshold"] == "60 75"
    back = {"protocol.consensus.preset": "percent_agreement", "action": "save"}
    assert designer.send("/protocol/rule", fields_of(looked.text) | back).status_code == 303
    assert "in round 1 at least 60%, from round 2 at least 75%" in rule(designer)


def test_a_new_study_is_told_what_it_lacks_and_where_it_is_written(designer):
    page = designer.get("/rounds")
    assert "There are no statements yet. Write them, or import a table of them." in words(page)
    assert f'href="/research/{designer.slug}/statements"' in page.text
    assert words(page).count("The panel has nobody who can be asked.") == 1
    overview = designer.get("")
    assert f'<a href="/research/{designer.slug}/rounds#open">The whole checklist' in overview.text
    ana = {"name": "Ana", "email": "ana@example.org", "group": "peers", "language": "fr"}
    assert designer.send("/new-panelist", ana).status_code == 303
    designer.client.post("/research/language", data={"csrf_token": designer.token, "locale": "fr"})
    groups = "n’ont aucun membre : Professionnels de la santé, Patients et Proches."
    assert groups in words(designer.get("/rounds")).replace("\N{NO-BREAK SPACE}", " ")
    designer.client.post("/research/language", data={"csrf_token": designer.token, "locale": "en"})
    save(designer, "course", {"protocol.rounds[1]": "open"})
    open_round = designer.get("/rounds")
    assert "The study has no open question to ask." in words(open_round)
    assert f'href="/research/{designer.slug}/protocol/questions"' in open_round.text


def test_a_text_to_translate_stands_beside_its_source(owner, study):
    page = words(save(owner, "languages", {"language.de": "yes"}, action="languages"))
    assert "Title: German English: A garden for everybody" in page


def test_a_colleagues_change_meanwhile_is_shown_and_not_overwritten(designer):
    opened = fields_of(designer.get("/protocol/texts").text)
    assert save(designer, "texts", {"study.contact": "theirs@example.org"}).status_code == 303
    stale = designer.send("/protocol/texts", opened | {"study.contact": "mine@example.org", "action": "save"})
    assert stale.status_code == 409
    assert 'value="mine@example.org"' in stale.text
    assert "Stored now: theirs@example.org" in words(stale)
    assert "theirs@example.org" in designer.get("/protocol/texts").text
    mine = designer.send("/protocol/texts", fields_of(stale.text) | {"action": "save"})
    assert mine.status_code == 303
    assert "mine@example.org" in designer.get("/protocol/texts").text


def test_changes_of_two_parts_do_not_get_in_each_others_way(designer):
    opened = fields_of(designer.get("/protocol/course").text)
    assert save(designer, "rule", {"protocol.consensus.threshold": "80"}).status_code == 303
    assert (
        designer.send("/protocol/course", opened | {"protocol.rounds[3]": "", "action": "save"}).status_code
        == 303
    )
    assert "at least 80% of every group" in rule(designer)
    assert "2: rating, rating" in words(designer.get("/protocol"))


def test_while_a_round_is_open_nothing_changes(divided, owner):
    for part in ("languages", "rule"):
        page = owner.get(f"/protocol/{part}")
        assert "This cannot be changed now." in words(page)
        assert 'value="save"' not in page.text
    fields = {"protocol.consensus.threshold": "51", "reason": "Too few agreed", "action": "save"}
    refused = save(owner, "rule", fields)
    assert refused.status_code == 409
    assert "release the feedback of round 1 first" in words(refused)


def test_between_rounds_a_change_is_an_amendment_with_its_reason(decided, owner):
    owner.send("/rounds/1/release")
    assert "this is an amendment" in words(owner.get("/protocol/rule"))
    without = save(owner, "rule", {"protocol.consensus.threshold": "65"})
    assert without.status_code == 422
    assert "Say why the protocol is amended" in words(without)
    done = save(owner, "rule", {"protocol.consensus.threshold": "65", "reason": "As in the published plan"})
    assert done.status_code == 303
    page = words(owner.get("/protocol"))
    assert "Version 2" in page
    assert "Amended because: As in the published plan" in page
    assert "These rules were amended on" in page
    assert "before anybody rated" not in page
    assert "at least 65%" in rule(owner)


def test_what_people_consented_to_cannot_be_amended(decided, owner):
    owner.send("/rounds/1/release")
    assert "people have consented to what they were told" in words(owner.get("/protocol/languages"))
    added = {"language.de": "yes", "reason": "We moved"}
    page = save(owner, "languages", added, action="languages")
    texts = {name: "Deutsch" for name in fields_of(page.text) if ".de" in name and "language." not in name}
    refused = owner.send("/protocol/languages", fields_of(page.text) | texts | {"action": "save"})
    assert refused.status_code == 409
    assert "What the panel was told stands fixed" in words(refused)
    scale = save(
        owner, "criteria", {"scale[1].high_band_from": "5", "scale[1].highest": "6", "reason": "More points"}
    )
    assert scale.status_code in (409, 422)


def test_who_does_not_design_reads_the_protocol_and_changes_nothing(study, sign_in):
    for role in (Role.FACILITATOR, Role.ANALYST):
        desk = sign_in(role)
        assert "/protocol/rule" not in desk.get("/protocol").text
        assert desk.get("/protocol/rule").status_code == 403
        assert desk.send("/protocol/rule", {"action": "save"}).status_code == 403


def test_a_part_that_is_none_is_not_there(owner):
    assert owner.get("/protocol/nothing").status_code == 404
    assert owner.send("/protocol/nothing").status_code == 404


def test_the_same_again_changes_nothing(designer, study):
    before = read_standing_design(study.database, "gardens-for-all").fingerprint
    assert save(designer, "course").status_code == 303
    assert read_standing_design(study.database, "gardens-for-all").fingerprint == before
    assert "changed the design" not in words(designer.get("/log"))


def test_a_design_that_was_changed_is_what_panelists_and_rounds_go_by(owner, study):
    assert save(owner, "texts", {"study.title.en": "Another garden"}).status_code == 303
    assert save(owner, "course", {"protocol.statements_per_page": "one"}).status_code == 303
    study.open_round()
    overview = read_overview(study.database, study.clock, owner.slug)
    assert overview.study.texts.title["en"] == "Another garden"
    assert overview.protocol.protocol.one_statement_a_page


@pytest.mark.parametrize("way", ["by hand", "from a file"])
def test_a_study_that_has_nothing_gets_its_first_topic_and_its_first_statement(designer, way):
    for page in ("/statements", "/statement-import", "/new-statement"):
        assert "The study has no topic yet." in words(designer.get(page))
    assert (
        designer.send("/new-statement", {"code": "S01", "topic": "", "text.en": "Peers."}).status_code == 422
    )
    form = form_to(designer.get("/topics").text, f"/research/{designer.slug}/topics")
    assert form
    named = {"new-topic.code": "care", "new-topic.name.en": "Care", "new-topic.name.fr": "Soins"}
    done = designer.client.post(form.action, data={**form.fields, **named})
    assert done.headers["location"].endswith("?done=topics")
    if way == "by hand":
        texts = {"text.en": "Peers matter.", "text.fr": "Les pairs comptent."}
        assert designer.send("/new-statement", {"code": "S01", "topic": "care", **texts}).status_code == 303
    else:
        table = b"code,topic,text_en,text_fr\nS01,care,Peers matter.,Les pairs comptent.\n"
        preview = designer.client.post(
            f"/research/{designer.slug}/statement-import",
            data={"csrf_token": designer.token},
            files={"file": ("statements.csv", table)},
        ).headers["location"]
        form = form_to(designer.client.get(preview).text, preview)
        assert form
        assert designer.client.post(preview, data=form.fields).status_code == 303
    assert "Peers matter." in designer.get("/statements").text
