"""How a wording changed is shown word by word."""

import pytest

from app.web.shared.wording import changed_words


def marked(before: str, after: str) -> str:
    """The change as plain text: [-removed-], {+added+}."""
    signs = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    return "".join(span.space + signs[span.change].format(span.text) for span in changed_words(before, after))


def test_a_replaced_word_stands_before_what_replaced_it():
    assert marked("The town pays for seeds.", "The state pays for seeds.") == (
        "The [-town-] {+state+} pays for seeds."
    )


def test_words_put_in_and_taken_out_are_told_apart():
    assert marked("a b", "a c b") == "a {+c+} b"
    assert marked("a c b", "a b") == "a [-c-] b"


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("Peer support, at home.", "Peer support and, at home.", "Peer support {+and+}, at home."),
        ("Peer support and care.", "Peer support.", "Peer support [-and care-]."),
        ("Peers, friends.", "Peers and friends.", "Peers[-,-] {+and+} friends."),
        ("The (old) garden", "The (new) garden", "The ([-old-] {+new+}) garden"),
        ("In a «big garden»", "In a «garden»", "In a «[-big-] garden»"),
        ("In a «garden»", "In a «big garden»", "In a «{+big+} garden»"),
        ("It is paid", "It is paid.", "It is paid{+.+}"),
    ],
)
def test_a_mark_is_not_part_of_the_word_before_it(before, after, shown):
    assert marked(before, after) == shown


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("Job-sharing helps", "Work-sharing helps", "[-Job-sharing-] {+Work-sharing+} helps"),
        ("It doesn’t help", "It does help", "It [-doesn’t-] {+does+} help"),
        ("At least 2.5 hours", "At least 2,5 hours", "At least [-2.5-] {+2,5+} hours"),
        ("Les pair·es aident", "Les pairs aident", "Les [-pair·es-] {+pairs+} aident"),
    ],
)
def test_what_is_written_as_one_word_is_marked_as_one(before, after, shown):
    assert marked(before, after) == shown


def test_spaces_that_keep_a_line_together_stay():
    assert marked("Qui paie\u202f?", "Qui paie tout\u202f?") == "Qui paie {+tout+}\u202f?"


def test_nothing_changed_is_one_span():
    assert len(changed_words("same words, all.", "same words, all.")) == 1
