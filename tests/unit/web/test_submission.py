"""Forms and JSON are read with their limits, and nothing that comes in can break the reading."""

import pytest

from app.web.shared.submission import SentForm, SubmissionNotReadable, parse_form, parse_json


def test_a_form_keeps_every_value_of_a_name_in_order():
    form = parse_form(b"tools=spade&tools=rake&text=caf%C3%A9+noir&empty=")
    assert form.all("tools") == ("spade", "rake")
    assert (form.one("tools"), form.one("text"), form.one("empty")) == ("rake", "café noir", "")
    assert "empty" in form
    assert "missing" not in form
    assert (form.one("missing"), form.all("missing")) == ("", ())


def test_an_empty_form_has_no_field():
    assert parse_form(b"") == SentForm()


@pytest.mark.parametrize(
    "body",
    [b"a=%FF", "a=é".encode(), b"&".join(b"a%d=1" % n for n in range(5001))],
    ids=["not UTF-8", "raw", "huge"],
)
def test_a_form_that_no_browser_sends_is_refused(body):
    with pytest.raises(SubmissionNotReadable):
        parse_form(body)


def test_a_json_object_is_read():
    assert parse_json(b'{"statement": "S01"}') == {"statement": "S01"}


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"1", b'"text"', b"null", b"\xff", b"[" * 100_000, b'{"n": 1' + b"0" * 5000 + b"}"],
    ids=["empty", "cut", "list", "number", "text", "null", "not UTF-8", "deep", "long number"],
)
def test_what_is_no_json_object_is_refused(body):
    with pytest.raises(SubmissionNotReadable):
        parse_json(body)
