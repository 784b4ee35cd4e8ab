"""A small study as a folder of files: good as it is, for tests to import, or to spoil in one place each."""

from pathlib import Path

import pytest

from app.domain.errors import ImportRefused
from app.domain.fault import Fault
from app.domain.study_definition import StudyDefinition
from app.interchange.study_folder import read_study_folder

STUDY = """
[study]
slug = "small-study"
time_zone = "Europe/Brussels"
languages = ["fr", "nl"]
synthetic = true
contact = "team@example.org"
minutes_per_round = 10
title = { fr = "Petite étude", nl = "Kleine studie" }
purpose = { fr = "But", nl = "Doel" }
organiser = { fr = "Équipe", nl = "Team" }
who_sees_what = { fr = "Personne", nl = "Niemand" }
consent = { fr = "Je participe", nl = "Ik doe mee" }

[protocol]
minimum_group_size = 5
rounds = 3

[protocol.consensus]
preset = "percent_agreement"
threshold = 70

[[group]]
code = "peers"
name = { fr = "Pairs", nl = "Ervaringsdeskundigen" }

[[group]]
code = "relatives"
target = 20
name = { fr = "Proches", nl = "Naasten" }

[[criterion]]
code = "agreement"
name = { fr = "Accord", nl = "Akkoord" }
question = { fr = "D’accord ?", nl = "Akkoord?" }
scale = { points = [1, 2, 3], direction = "high_is_agreement", disagree = [1], neutral = [2], agree = [3] }
labels = { fr = ["Non", "Neutre", "Oui"], nl = ["Nee", "Neutraal", "Ja"] }

[[topic]]
code = "value"
name = { fr = "Valeur", nl = "Waarde" }

[[topic]]
code = "pay"
name = { fr = "Salaire", nl = "Loon" }

[[profile_question]]
code = "role"
kind = "single"
required = true
text = { fr = "Rôle ?", nl = "Rol?" }
option = [
    { code = "a", text = { fr = "Un", nl = "Een" } },
    { code = "b", text = { fr = "Deux", nl = "Twee" } },
]

[[profile_question]]
code = "years"
kind = "number"
text = { fr = "Années ?", nl = "Jaren?" }
hint = { fr = "Un nombre", nl = "Een getal" }

[[evidence]]
code = "E01"
kind = "good_practice"
country = "BE"
statements = ["S01", "S03"]
title = { fr = "Exemple", nl = "Voorbeeld" }
what = { fr = "Quoi", nl = "Wat" }
why = { fr = "Pourquoi", nl = "Waarom" }
source = "A public document"
"""

STATEMENTS = """\
code,topic,origin,text_fr,text_nl
S01,value,literature,L’espoir grandit.,De hoop groeit.
S02,pay,,"Le salaire, pour tous, est égal.","Het loon is gelijk."
S03,pay,experience,Le rôle est “connu”.,De rol is bekend.
"""

PANEL = """\
name,email,group,language
Ann Example,ann@example.org,peers,nl
Éloi Exemple,eloi@example.org,relatives,fr
"""


class Folder:
    """A study folder that can be spoiled and read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        for file, text in {"study.toml": STUDY, "statements.csv": STATEMENTS, "panel.csv": PANEL}.items():
            self.write(file, text)

    def write(self, file: str, content: str | bytes) -> None:
        """Put other content into a file."""
        (self.path / file).write_bytes(content.encode() if isinstance(content, str) else content)

    def append(self, file: str, more: str) -> None:
        """Add to the end of a file."""
        self.write(file, (self.path / file).read_text(encoding="utf-8") + more)

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace the one place of a file where ``old`` stands."""
        text = (self.path / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        self.write(file, text.replace(old, new))

    def read(self) -> StudyDefinition:
        """Read the folder."""
        return read_study_folder(self.path)

    def faults(self) -> list[str]:
        """Read the folder, which must be refused, and return its faults as sentences."""
        with pytest.raises(ImportRefused) as refusal:
            self.read()
        assert all(isinstance(fault, Fault) for fault in refusal.value.faults)
        return [str(fault) for fault in refusal.value.faults]
