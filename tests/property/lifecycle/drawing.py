"""What people fill in and send, drawn at random: mostly sensible, now and then not."""

from dataclasses import dataclass

from hypothesis import strategies as st

from tests.property.lifecycle.model import POINTS
from tests.running_study import STATEMENTS

GROUP_SIZE = 3
PEOPLE = range(2 * GROUP_SIZE)

Answers = list[tuple[int | None, ...]]


@dataclass(frozen=True)
class Line:
    """A rating on a page; ``away`` is how far the version that the page shows is from the stored one."""

    statement: str
    point: int | None
    away: int


@dataclass(frozen=True)
class Note:
    """A comment on a page."""

    statement: str
    text: str
    away: int


people = st.sampled_from(PEOPLE)
request_keys = st.sampled_from(["one", "two", "three"])
# Mostly the newest round, and what the page showed.
rounds_away = st.sampled_from([0, 0, 0, 0, -1, 1])
_versions_away = st.sampled_from([0, 0, -1, 1])
_codes = st.sampled_from([*STATEMENTS, *STATEMENTS, "S09"])
_lines = st.builds(
    Line, statement=_codes, point=st.sampled_from([*POINTS, *POINTS, None, 7]), away=_versions_away
)
pages = st.lists(_lines, min_size=1, max_size=3, unique_by=lambda line: line.statement)
notes = st.lists(
    st.builds(Note, statement=_codes, text=st.sampled_from(["", "Yes, but", "é"]), away=_versions_away),
    max_size=2,
    unique_by=lambda note: note.statement,
)
# Statements on which people agree, or disagree, are as likely as those on which they do not.
_leanings = st.sampled_from([(3, 3, 3, 3, 2, None), (1, 1, 1, 1, 2, None), (1, 2, 3, None)])
everybodys_answers = st.tuples(_leanings, _leanings, _leanings).flatmap(
    lambda three: st.lists(
        st.tuples(*(st.sampled_from(leaning) for leaning in three)),
        min_size=len(PEOPLE),
        max_size=len(PEOPLE),
    )
)
# Three rating rounds, open rounds before or between them, and real time.
plans = st.sampled_from(
    [
        ("rating", "rating", "rating"),
        ("open", "rating", "rating"),
        ("real_time", "rating"),
        ("rating", "open", "real_time"),
    ]
)
texts = st.dictionaries(
    st.sampled_from(["Q1", "Q2", "Q9"]), st.sampled_from(["", "Time", "é, but"]), min_size=1, max_size=2
)
