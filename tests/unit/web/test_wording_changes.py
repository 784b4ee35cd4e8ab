"""How a wording changed is shown word by word."""

from app.web.shared.parts import WordSpan
from app.web.shared.wording import changed_words


def test_a_replaced_word_stands_before_what_replaced_it():
    assert changed_words("The town pays for seeds.", "The state pays for seeds.") == (
        WordSpan("The", "same"),
        WordSpan("town", "removed"),
        WordSpan("state", "added"),
        WordSpan("pays for seeds.", "same"),
    )


def test_words_put_in_and_taken_out_are_told_apart():
    assert changed_words("a b", "a c b") == (
        WordSpan("a", "same"),
        WordSpan("c", "added"),
        WordSpan("b", "same"),
    )
    assert changed_words("a c b", "a b") == (
        WordSpan("a", "same"),
        WordSpan("c", "removed"),
        WordSpan("b", "same"),
    )


def test_nothing_changed_is_one_span():
    assert changed_words("same  words", "same words") == (WordSpan("same words", "same"),)
