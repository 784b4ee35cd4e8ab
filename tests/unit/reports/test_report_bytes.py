"""The same facts give the same bytes, whatever the machine believes about time, language and order."""

import hashlib
import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

from analysis.tables import all_tables
from app.reports.archive import zip_tables
from app.reports.html import render_html
from tests.unit.reports.examples import analysis, report

ROOT = Path(__file__).parents[3]
PROGRAM = """
import hashlib
from analysis.tables import all_tables
from app.reports.archive import zip_tables
from app.reports.html import render_html
from tests.unit.reports.examples import analysis, report
print(hashlib.sha256(render_html(report(), "fr").encode()).hexdigest())
print(hashlib.sha256(zip_tables(all_tables(analysis()))).hexdigest())
"""


def test_a_report_made_elsewhere_has_the_same_bytes():
    elsewhere = os.environ | {
        "TZ": "Pacific/Auckland",
        "LC_ALL": "tr_TR.UTF-8",
        "LANG": "tr_TR.UTF-8",
        "PYTHONHASHSEED": "4711",
    }
    made = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, env=elsewhere, capture_output=True, text=True, check=True
    )
    assert made.stdout.split() == [
        hashlib.sha256(render_html(report(), "fr").encode()).hexdigest(),
        hashlib.sha256(zip_tables(all_tables(analysis()))).hexdigest(),
    ]


def test_the_archive_holds_every_table_as_it_is():
    tables = all_tables(analysis())
    with zipfile.ZipFile(io.BytesIO(zip_tables(tables))) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == tables
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
