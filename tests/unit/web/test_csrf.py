"""A request that changes something must come from one of our own pages."""

import pytest
from starlette.datastructures import Headers

from app.web.shared.csrf import (
    PageTooOld,
    RequestFromElsewhere,
    csrf_token,
    refuse_another_site,
    refuse_foreign_token,
)

OURS = "https://delphi.example.org"


def headers(**values: str) -> Headers:
    return Headers({name.replace("_", "-"): value for name, value in values.items()})


@pytest.mark.parametrize(
    "sent",
    [
        headers(sec_fetch_site="same-origin"),
        headers(sec_fetch_site="none"),
        headers(origin=OURS, host="internal:8000"),
        headers(origin="http://internal:8000", host="internal:8000"),
        headers(origin="null", host="internal:8000"),
    ],
    ids=["own page", "typed by hand", "own address", "own host", "old browser under no-referrer"],
)
def test_what_our_own_pages_send_is_let_through(sent):
    refuse_another_site(sent, OURS)


@pytest.mark.parametrize(
    "sent",
    [
        headers(sec_fetch_site="cross-site"),
        headers(sec_fetch_site="same-site"),
        headers(sec_fetch_site="cross-site", origin=OURS),
        headers(sec_fetch_site="nonsense"),
        headers(origin="https://elsewhere.example", host="internal:8000"),
        headers(origin="https://delphi.example.org.elsewhere.example", host="internal:8000"),
        headers(host="internal:8000"),
        headers(),
    ],
    ids=[
        "another site",
        "a sister site",
        "site before origin",
        "unknown",
        "origin",
        "look-alike",
        "silent",
        "bare",
    ],
)
def test_what_another_site_sends_is_refused(sent):
    with pytest.raises(RequestFromElsewhere):
        refuse_another_site(sent, OURS)


def test_a_token_is_good_for_its_own_session_only():
    token = csrf_token("secret", "session one")
    refuse_foreign_token(token, "secret", "session one")
    for secret, session in [("secret", "session two"), ("other secret", "session one")]:
        with pytest.raises(PageTooOld):
            refuse_foreign_token(token, secret, session)


@pytest.mark.parametrize("given", ["", "x", "é", "\ud800", "A" * 10_000])
def test_a_token_that_is_none_is_refused(given):
    with pytest.raises(PageTooOld):
        refuse_foreign_token(given, "secret", "session")


def test_a_token_looks_new_each_time_and_every_one_is_good():
    tokens = {csrf_token("secret", "session") for _ in range(50)}
    assert len(tokens) == 50
    for token in tokens:
        refuse_foreign_token(token, "secret", "session")


def test_two_tokens_of_a_session_have_no_stretch_in_common():
    one, other = csrf_token("secret", "session"), csrf_token("secret", "session")
    stretches = {one[i : i + 6] for i in range(len(one) - 5)}
    assert not any(other[i : i + 6] in stretches for i in range(len(other) - 5))


def test_a_token_with_a_changed_mask_is_refused():
    token = csrf_token("secret", "session")
    changed = ("A" if token[0] != "A" else "B") + token[1:]
    with pytest.raises(PageTooOld):
        refuse_foreign_token(changed, "secret", "session")
