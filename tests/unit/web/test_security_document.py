"""The table of roles that people read is the one that the application goes by."""

from pathlib import Path

from app.domain.account import Part, Role, may, part_with
from app.web.researcher.wording import PERMISSION_WORDS

DOCUMENT = Path(__file__).parents[3] / "docs" / "security.md"


def documented() -> dict[str, list[str]]:
    """What the document says of each permission, role by role."""
    rows = [line for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    assert cells[0] == ["what", *Role]
    return {words: included for words, *included in cells[1:]}


def test_the_documented_roles_are_those_of_the_code():
    expected = {
        words: [
            "yes"
            if may(Part(role), permission)
            else "if granted"
            if may(part_with(role, mail_list=True), permission)
            else "no"
            for role in Role
        ]
        for permission, words in PERMISSION_WORDS.items()
    }
    assert documented() == expected
