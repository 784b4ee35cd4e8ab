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
def database_url(sqlite_url):
    """Pages are the same on every database; what they store is tried on both in the tests of services."""
    return sqlite_url


@pytest.fixture
def designer(owner):
    """A researcher in a study of their own, just begun."""
    assert begin(owner).headers["location"] == "/research/gardens-for-all/protocol?done=begun"
    owner.slug = "gardens-for-all"
    return owner


def test_a_study_is_begun_from_a_template_in_two_steps(owner):
    first = owner.client.get("/research/new")
    assert "RAND/UCLA appropriateness" in words(first)
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
        ({"study.title.fr": " "}, ("en", "fr"), "Title: French: is missing"),
        ({"study.time_zone": "Brussels"}, ("en", "fr"), "must be a time zone such as Europe/Brussels."),
        ({"study.minutes_per_round": "long"}, ("en", "fr"), "must be a whole number from 1 to 600."),
        ({"study.slug": "Gardens!"}, ("en", "fr"), "may have lower-case letters"),
        ({"study.slug": "new"}, ("en", "fr"), "may have lower-case letters"),
        ({"study.slug": "garden-study"}, ("en", "fr"), "is the address of another study."),
        ({"study.purpose.en": "x" * 20_001}, ("en", "fr"), "at most 20000 can be kept"),
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
    assert 'name="group[5].code"' in more.text
    named = {"group[5].code": "cooks", "group[5].name.en": "Cooks", "group[5].name.fr": "Cuisiniers"}
    refused = designer.send(
        "/protocol/groups", fields_of(more.text) | named | {"group[5].name.fr": "", "action": "save"}
    )
    assert refused.status_code == 422
    assert "Name: French: is missing" in words(refused)
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
    assert "panelists belong to the group “gardeners”" in words(refused)
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
    assert "written to in “nl”" in words(refused)


def test_a_longer_scale_asks_for_the_label_of_its_end(designer):
    longer = {"scale[1].highest": "7", "scale[1].high_band_from": "6"}
    refused = save(designer, "criteria", longer)
    assert refused.status_code == 422
    assert "must name each of the 7 points of the scale, or at least the first and the last" in words(refused)
    ends = {f"criterion[1].labels.{language}[7]": "Fully" for language in ("en", "fr")}
    assert (
        designer.send("/protocol/criteria", fields_of(refused.text) | ends | {"action": "save"}).status_code
        == 303
    )
    assert "rate 6 or 7" in rule(designer)


@pytest.mark.parametrize(
    ("part", "changed", "fault"),
    [
        ("texts", {"study.contact": ""}, "Contact: where panelists can write to: is missing"),
        ("texts", {"study.title.en": ""}, "Title: English: is missing"),
        ("groups", {"group[2].code": "peers"}, "the code “peers” is used twice"),
        ("groups", {"group[1].code": "a b"}, "Code: may have letters, digits, hyphens"),
        ("groups", {"group[1].target": "many"}, "must be a whole number"),
        ("criteria", {"scale[1].lowest": "one"}, "Lowest point"),
        ("criteria", {"scale[1].low_band_to": ""}, "The lower band ends with point"),
        ("rule", {"protocol.consensus.threshold": "0.7"}, "A share agrees: per cent"),
        ("rule", {"protocol.consensus.scope": "at_least"}, "How many groups: is missing"),
        ("course", {"protocol.minimum_group_size": "0"}, "must be a whole number from 1 to 1000"),
        ("course", {"protocol.stopping.stable_share": "85"}, "must be a number between 0 and 1"),
        (
            "course",
            {f"protocol.rounds[{n}]": "open" if n == 1 else "" for n in range(1, 9)},
            "at least one round",
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
