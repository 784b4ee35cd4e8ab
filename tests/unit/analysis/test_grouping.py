"""Any profile answer, or the language, can take the place of the stakeholder groups."""

import pytest

from analysis.collected import CollectedRatings, read_collected
from analysis.grouping import regroup
from analysis.protocol import Group
from analysis.rating_faults import RatingContractError
from analysis.scale import ProtocolFieldError
from analysis.study_analysis import analyse_study
from tests.unit.analysis.examples import protocol, rows, study

LONG = ["round,statement,group,panelist,language,rating,abstained"]


def written(tmp_path, name, lines):
    path = tmp_path / name
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return path


RATED = study(rows("S1", {"peers": [5, 5, 1], "relatives": [1, 2, 5]}))
BY_LANGUAGE = {
    **{f"peers-{place}": language for place, language in enumerate(("fr", "fr", "nl"))},
    **{f"relatives-{place}": language for place, language in enumerate(("nl", "nl", "fr"))},
}


def test_regrouped_ratings_are_decided_group_by_group_anew():
    ratings, given = regroup(RATED, protocol(), BY_LANGUAGE)
    entry = analyse_study(ratings, given, seed=1, n_permutations=19).rounds[0].statements[0]
    assert [figures.group for figures in entry.groups] == ["fr", "nl", "overall", "group_equal"]
    assert [figures.agree.value for figures in entry.groups[:2]] == [1.0, 0.0]
    before = analyse_study(RATED, protocol(), seed=1, n_permutations=19).rounds[0].statements[0]
    assert entry.figures_of("overall") == before.figures_of("overall")


def test_regrouping_by_the_same_groups_changes_nothing():
    same = {panelist: panelist.split("-")[0] for panelist in RATED.rounds[0].panelists}
    ratings, given = regroup(RATED, protocol(), same, protocol().groups)
    assert given == protocol()
    assert analyse_study(ratings, given, seed=1, n_permutations=19) == analyse_study(
        RATED, protocol(), seed=1, n_permutations=19
    )


@pytest.mark.parametrize(
    ("group_of", "groups", "sentence"),
    [
        ({**BY_LANGUAGE, "peers-0": "overall"}, None, "overall cannot be a group here"),
        (BY_LANGUAGE, [Group("fr", {})], "nl cannot be a group here"),
        ({"peers-0": "fr"}, None, "panelist relatives-2 has no group in this grouping."),
    ],
)
def test_a_grouping_that_cannot_be_is_refused(group_of, groups, sentence):
    with pytest.raises(RatingContractError) as refusal:
        regroup(RATED, protocol(), group_of, groups)
    assert sentence in str(refusal.value)


def test_a_rule_that_asks_for_more_groups_than_a_grouping_has_is_refused():
    rule = {"preset": "percent_agreement", "scope": "at_least", "at_least": 2}
    with pytest.raises(ProtocolFieldError, match="asks for 2 groups, but the study has 1"):
        regroup(RATED, protocol(consensus=rule), dict.fromkeys(BY_LANGUAGE, "all"))


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([*LONG[:1], "1,S1,peers,a,,5,"], "row 2: the column language is empty"),
        (
            [*LONG[:1], "1,S1,peers,a,fr,5,", "1,S2,peers,a,nl,5,"],
            "rows 2, 3: this panelist has several entries in language.",
        ),
        (["round,statement,group,panelist,rating", "1,S1,peers,a,5"], "the column language is missing."),
    ],
)
def test_a_column_that_cannot_be_a_grouping_is_refused(tmp_path, lines, sentence):
    with pytest.raises(RatingContractError) as refusal:
        read_collected(written(tmp_path, "long.csv", lines), protocol(), group_by="language")
    assert sentence in str(refusal.value)


WITH_PROFILE = [
    "round;statement;group;panelist;language;rating;place;a=b",
    '1;S1;peers;ann;fr;5;"home; street";x',
    '2;S1;peers;ann;fr;4;"home; street";x',
    "1;S1;relatives;bob;nl;1;street;y",
    "1;S1;relatives;cas;nl;2;home;x",
    "1;S1;relatives;dee;nl;2;none;x",
]


def grouped(tmp_path, group_by: str) -> CollectedRatings:
    return read_collected(written(tmp_path, "long.csv", WITH_PROFILE), protocol(), group_by=group_by)


def members(collected: CollectedRatings) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {code: set() for code in collected.protocol.group_codes}
    for one in collected.ratings.rounds:
        for panelist, place in zip(one.panelists, one.matrices["agreement"].group_of, strict=True):
            found[collected.protocol.group_codes[place]].add(panelist)
    return found


def test_an_answer_of_a_question_with_several_is_a_grouping_into_yes_and_no(tmp_path):
    collected = grouped(tmp_path, "place=home")
    assert members(collected) == {"home": {"ann", "cas"}, "not home": {"bob", "dee"}}
    yes, no = collected.protocol.groups
    assert [yes.name(locale) for locale in ("en", "nl", "de")] == ["home: yes", "home: ja", "home: ja"]
    assert no.name("fr") == "home\N{NO-BREAK SPACE}: non"


def test_other_profile_columns_are_left_aside(tmp_path):
    assert members(grouped(tmp_path, "language")) == {"fr": {"ann"}, "nl": {"bob", "cas", "dee"}}


def test_an_answer_of_a_question_with_one_can_be_held_against_the_rest(tmp_path):
    assert members(grouped(tmp_path, "language = fr")) == {"fr": {"ann"}, "not fr": {"bob", "cas", "dee"}}


def test_a_column_may_have_an_equals_sign_in_its_name(tmp_path):
    assert members(grouped(tmp_path, "a=b")) == {"x": {"ann", "cas", "dee"}, "y": {"bob"}}


@pytest.mark.parametrize("separator", [";", "|", ","])
def test_several_answers_may_be_separated_in_three_ways(tmp_path, separator):
    lines = [
        "panelist;role;place;S1",
        f'ann;peers;"street{separator}home";5',
        f'bob;peers;"street{separator}park";4',
    ]
    listed = ["[[rating]]", 'column = "S1"', 'statement = "S1"']
    collected = read_collected(
        written(tmp_path, "wide.csv", lines),
        protocol(),
        wide=written(tmp_path, "wide.toml", ['panelist = "panelist"', 'group = "role"', *listed]),
        group_by="place=home",
    )
    assert members(collected) == {"home": {"ann"}, "not home": {"bob"}}


def test_a_group_that_nobody_is_in_does_not_stand_in_the_protocol(tmp_path):
    lines = ["panelist,round,statement,group,rating,place", "ann,1,S1,peers,5,home"]
    collected = read_collected(written(tmp_path, "l.csv", lines), protocol(), group_by="place=home")
    assert collected.protocol.group_codes == ("home",)


@pytest.mark.parametrize(
    ("group_by", "sentence"),
    [
        ("place", "rows 2, 3: several answers; name the one to group by, as in place=home."),
        ("place=moon", "nobody chose moon in place; there is home, none, street."),
        ("mood=home", "the column mood is missing."),
    ],
)
def test_a_question_with_several_answers_asks_for_one_that_somebody_chose(tmp_path, group_by, sentence):
    with pytest.raises(RatingContractError) as refusal:
        grouped(tmp_path, group_by)
    assert sentence in str(refusal.value)
