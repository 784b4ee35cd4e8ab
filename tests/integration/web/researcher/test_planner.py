"""The planner says how often the rule would decide rightly, by the size of the panel."""

import re

import pytest

from tests.integration.web.researcher.conftest import words


def missed(page: str, size: int) -> float:
    """How often consensus is missed where every group agrees."""
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", page, re.DOTALL)
    row = next(words(row) for row in rows if re.search(rf"Every group agrees {size} ", words(row)))
    return float(row.strip().rpartition(" ")[2].rstrip("%"))


def test_larger_panels_miss_less_of_a_clear_consensus(owner):
    page = owner.get("/protocol/planner?agreeing=85&lost=0").text
    assert "Every group agrees" in words(page)
    assert "One group is against" in words(page)
    assert missed(page, 30) < missed(page, 5)


def test_everybody_who_reads_the_study_sees_the_curves(owner):
    page = owner.get("/protocol/planner?agreeing=85").text
    address = re.search(r'<img class="planner-figure" src="([^"]+)"', page)
    assert address is not None
    drawn = owner.client.get(address[1].replace("&amp;", "&"))
    assert drawn.headers["content-type"].startswith("image/svg+xml")
    assert "Every group agrees" in drawn.text


def test_the_same_question_gets_the_same_answer(owner):
    assert words(owner.get("/protocol/planner")) == words(owner.get("/protocol/planner"))


@pytest.mark.parametrize("typed", ["agreeing=most", "agreeing=101", "lost=95", "lost=-1", "agreeing="])
def test_an_assumption_that_is_no_share_is_said_at_its_field_and_kept(owner, typed):
    answer = owner.get(f"/protocol/planner?{typed}")
    assert answer.status_code == 422
    assert words(answer).count("Write a number from 0 to") == 2
    assert f'value="{typed.partition("=")[2]}"' in answer.text
    assert owner.get(f"/protocol/planner.svg?{typed}").status_code == 404
