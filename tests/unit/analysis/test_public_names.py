"""`import analysis` offers everything a notebook needs, and loads nothing that was not asked for."""

import subprocess
import sys

import pytest

import analysis
from tests.unit.analysis.test_method_document import TEXT


@pytest.mark.parametrize("name", analysis.__all__)
def test_every_public_name_is_there_and_documented(name):
    assert getattr(analysis, name).__doc__
    assert f"`{name}`" in TEXT


def test_public_names_are_listed_and_others_refused():
    assert dir(analysis) == sorted(analysis.__all__)
    with pytest.raises(AttributeError, match="analysis has no mood"):
        analysis.mood  # noqa: B018  # asking is the test


def test_the_scale_and_the_rules_load_no_library():
    asked = (
        "import sys, analysis.scale, analysis.rules; import analysis; analysis.Scale; analysis.rule_sentence"
    )
    heavy = "print({'numpy', 'pandas', 'scipy', 'altair'} & set(sys.modules))"
    answer = subprocess.run(
        [sys.executable, "-c", f"{asked}; {heavy}"], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "set()"
