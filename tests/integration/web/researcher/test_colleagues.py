"""The pages on which owners invite colleagues and change roles, and on which a colleague accepts."""

import re

import pytest

from app.domain.account import Part, Role
from app.domain.link import invitation_token
from app.services.colleagues import read_colleagues
from tests.integration.web.researcher.conftest import PASSWORD, words
from tests.panel_study import SECRET, SLUG

JOIN = f"/research/join/{invitation_token(SECRET.encode(), 1, 1)}"


def invite(owner, **fields):
    return owner.send(
        "/people/invite", {"email": "zoe@example.org", "role": "editor", "language": "fr", **fields}
    )


def parts(owner, study):
    found = read_colleagues(study.database, study.clock, SLUG)
    return {member.email: member.part for member in found.members}


def test_an_owner_invites_a_colleague_who_makes_an_account_and_is_there(owner, study, browser):
    assert invite(owner, mail_list="yes").headers["location"].endswith("/people?done=invited")
    page = owner.get("/people?done=invited")
    assert JOIN in page.text
    assert "zoe@example.org" in page.text
    client = browser()
    invited = client.get(JOIN)
    assert "Owner of the study" in invited.text
    assert "You will also see the mail list." in words(invited)
    answer = client.post(f"{JOIN}/account", data={"name": "Zoë", "password": PASSWORD})
    assert (answer.status_code, answer.headers["location"]) == (303, "/research")
    assert "A garden for everybody" in client.get("/research").text
    assert parts(owner, study)["zoe@example.org"] == Part(Role.EDITOR, sees_mail_list=True)
    assert JOIN not in owner.get("/people").text
    assert client.get(f"/research/{SLUG}/panel/people").status_code == 200


def test_somebody_with_an_account_signs_in_and_comes_back_to_accept(owner, sign_in, study, browser):
    stranger = sign_in(None)
    invite(owner, email=stranger.researcher.email)
    client = browser()
    page = client.get(JOIN)
    assert "There is an account for stranger@example.org." in words(page)
    assert 'name="password"' not in page.text
    assert stranger.client.get(JOIN).status_code == 200
    answer = stranger.client.post(JOIN, data={"csrf_token": stranger.token})
    assert answer.headers["location"] == f"/research/{SLUG}"
    assert stranger.get().status_code == 200


def test_looking_at_an_invitation_changes_nothing_and_signing_in_leads_back_to_it(owner, study, browser):
    invite(owner)
    client = browser()
    for _ in range(2):
        assert client.get(JOIN).status_code == 200
    asked = client.post(JOIN, data={"x": ""})
    assert asked.headers["location"].startswith("/research/sign-in")
    href = re.search(r'href="(/research/sign-in\?next=[^"]+)"', client.get(JOIN).text)
    assert href
    form = client.get(href[1].replace("&amp;", "&"))
    assert f'name="next" value="{JOIN}"' in form.text
    assert "zoe@example.org" not in parts(owner, study)


def test_an_account_that_cannot_be_is_told_beside_its_field_with_the_name_kept(owner, browser):
    invite(owner)
    client = browser()
    short = client.post(f"{JOIN}/account", data={"name": "Zoë", "password": "short"})
    assert short.status_code == 422
    assert 'value="Zoë"' in short.text
    assert 'href="#field-password"' in short.text
    nameless = client.post(f"{JOIN}/account", data={"name": " ", "password": PASSWORD})
    assert (nameless.status_code, 'href="#field-name"' in nameless.text) == (422, True)
    assert PASSWORD not in nameless.text


@pytest.mark.parametrize("way", ["withdrawn", "accepted", "made up"])
def test_an_invitation_used_up_withdrawn_or_made_up_opens_nothing(owner, browser, way):
    invite(owner)
    if way == "withdrawn":
        assert owner.send("/people/invitations/1/withdraw").headers["location"].endswith("done=withdrawn")
    elif way == "accepted":
        browser().post(f"{JOIN}/account", data={"name": "Zoë", "password": PASSWORD})
    address = JOIN if way != "made up" else "/research/join/x"
    for answer in (
        browser().get(address),
        browser().post(f"{address}/account", data={"name": "Zoë", "password": PASSWORD}),
        owner.client.post(address, data={"csrf_token": owner.token}),
    ):
        assert answer.status_code == 404
        assert "This invitation cannot be used" in answer.text


@pytest.mark.parametrize(
    ("typed", "said", "field"),
    [
        ({"email": "zoe"}, "does not look like an e-mail address", "email"),
        ({"email": " "}, "Write the e-mail address.", "email"),
        ({"email": "owner@example.org"}, "has a part in this study already", "email"),
        ({"role": ""}, "Choose a role.", "role"),
        ({"role": "king"}, "Choose a role.", "role"),
    ],
)
def test_an_invitation_that_cannot_be_is_refused_with_what_was_typed(owner, typed, said, field):
    answer = invite(owner, **typed)
    assert answer.status_code in (409, 422)
    assert said in words(answer)
    assert f'href="#field-{field}"' in answer.text
    assert f'value="{typed.get("email", "zoe@example.org")}"' in answer.text
    assert "<title>Error: " in answer.text


def test_a_second_invitation_to_the_same_address_is_refused(owner):
    invite(owner)
    assert "has an invitation that still waits" in words(invite(owner))


def test_an_owner_changes_a_role_and_the_log_says_so(owner, sign_in, study):
    editor = sign_in(Role.EDITOR)
    number = editor.researcher.id
    assert "Editor of the study" in owner.get(f"/people/{number}").text
    answer = owner.send(f"/people/{number}", {"role": "editor", "mail_list": "yes"})
    assert answer.headers["location"].endswith("/people?done=changed")
    assert "sees the mail list" in words(owner.get("/people"))
    assert editor.get("/panel/people").status_code == 200
    said = "made Editor of the study editor of the study, with the mail list"
    assert said in words(owner.get("/log"))
    owner.send(f"/people/{number}", {"role": "analyst", "mail_list": "yes"})
    assert parts(owner, study)["editor@example.org"] == Part(Role.ANALYST)
    assert editor.get("/panel/people").status_code == 403
    assert owner.send(f"/people/{number}/remove").headers["location"].endswith("done=removed")
    assert editor.get().status_code == 404


def test_the_last_owner_cannot_be_lowered_and_the_page_says_why(owner, study):
    number = owner.researcher.id
    page = owner.get(f"/people/{number}")
    assert "A study needs an owner" in words(page)
    assert 'name="role"' not in page.text
    for answer in (
        owner.send(f"/people/{number}", {"role": "analyst"}),
        owner.send(f"/people/{number}/remove"),
    ):
        assert answer.status_code == 409
        assert "is the only owner of the study" in words(answer)
    assert parts(owner, study) == {"owner@example.org": Part(Role.OWNER)}


def test_an_owner_who_leaves_to_another_one_finds_the_study_gone(owner, sign_in):
    other = sign_in(Role.ANALYST)
    owner.send(f"/people/{other.researcher.id}", {"role": "owner"})
    assert owner.send(f"/people/{owner.researcher.id}/remove").headers["location"] == "/research"
    assert owner.get().status_code == 404
    assert other.get("/people/invite").status_code == 200


def test_a_role_that_there_is_not_is_asked_for_again(owner, sign_in):
    editor = sign_in(Role.EDITOR)
    answer = owner.send(f"/people/{editor.researcher.id}", {"role": "king"})
    assert (answer.status_code, "Choose a role." in words(answer)) == (422, True)


@pytest.mark.parametrize("number", ["0", "999", "99999999999999999999", "x"])
def test_nobody_of_an_unknown_number_works_on_the_study(owner, number):
    assert owner.get(f"/people/{number}").status_code == 404
    assert owner.send(f"/people/{number}", {"role": "editor"}).status_code == 404
    assert owner.send(f"/people/{number}/remove").status_code == 404
    assert owner.send(f"/people/invitations/{number}/withdraw").status_code == 404


def test_others_than_owners_see_who_works_on_the_study_but_no_address_and_no_invitation(owner, sign_in):
    invite(owner)
    page = sign_in(Role.FACILITATOR).get("/people")
    assert "Owner of the study" in page.text
    assert not [
        address for address in ("zoe@", "owner@example.org", "/research/join/") if address in page.text
    ]
    assert "What each role may do" in page.text


def test_an_owner_looks_up_who_is_behind_a_pseudonym_and_the_log_keeps_the_reason(owner, decided):
    pseudonym = decided.links[0].pseudonym
    address = f"/panel/{pseudonym}/unmask"
    asked = owner.get(address)
    assert "Why do you need to know?" in asked.text
    assert "@example.org" not in asked.text.replace("owner@example.org", "")
    refused = owner.send(address, {"reason": " "})
    assert (refused.status_code, "Say why you need to know" in words(refused)) == (422, True)
    shown = owner.send(address, {"reason": "Asked for <her> data."})
    assert "@example.org" in shown.text
    assert "Asked for &lt;her&gt; data." in shown.text
    assert f"looked up who {pseudonym} is, because: Asked for <her> data." in words(owner.get("/log"))


@pytest.mark.parametrize("pseudonym", ["P-222222", "P-1", "x", "%00", "P-22222%00"])
def test_a_pseudonym_that_there_is_not_is_nobody(owner, pseudonym):
    assert owner.send(f"/panel/{pseudonym}/unmask", {"reason": "Why not."}).status_code == 404
