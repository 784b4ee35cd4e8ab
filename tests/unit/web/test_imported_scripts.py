"""What a script imports is asked for by the hash of its content, so that two versions never meet."""

import json
import re

import pytest

from app.web.shared.styleguide import example_chrome
from app.web.shared.templating import STATIC_DIRECTORY, environment, static_url

IMPORTED = re.compile(r'^import .* from "\./(.+)";$', re.MULTILINE)
SCRIPTS = {
    "autosave.js": ("autosave_script", ()),
    "late_answers.js": ("late_answers_script", ({"name": "a.b", "key": "c"},)),
}


def imported_by(file: str) -> set[str]:
    """The files that a script imports, and those that they import."""
    found = set(IMPORTED.findall((STATIC_DIRECTORY / "js" / file).read_text(encoding="utf-8")))
    return found.union(*map(imported_by, found))


@pytest.mark.parametrize("file", SCRIPTS)
def test_a_page_says_by_which_address_every_imported_script_is_found(file: str) -> None:
    macro, arguments = SCRIPTS[file]
    chrome = example_chrome("en", "/")
    parts = environment("en").get_template("parts/autosave.html").module

    html = str(getattr(parts, macro)(chrome, *arguments))

    (nonce, written) = re.findall(r'<script type="importmap" nonce="(.+?)">(.+?)</script>', html)[0]
    addresses = {f"/static/js/{name}": static_url(f"js/{name}") for name in imported_by(file)}
    assert json.loads(written) == {"imports": addresses}
    assert nonce == chrome.nonce
    assert set(re.findall(r'rel="modulepreload" href="(.+?)"', html)) == set(addresses.values())
    assert html.index("importmap") < html.index("modulepreload") < html.index(static_url(f"js/{file}"))


def test_every_script_that_imports_another_is_looked_at() -> None:
    importing = {file.name for file in (STATIC_DIRECTORY / "js").glob("*.js") if imported_by(file.name)}

    assert importing == SCRIPTS.keys()
