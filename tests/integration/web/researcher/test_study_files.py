"""The study as a ZIP file: for everybody on the team without names, with them for those who may see them."""

import io
import zipfile

from app.domain.account import Role
from app.interchange.study_folder import read_study_folder
from tests.integration.web.researcher.conftest import words
from tests.panel_study import panel_study


def unpacked(answer, folder):
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        archive.extractall(folder)
    return read_study_folder(folder / "garden-study")


def test_an_owner_takes_the_whole_study_out_and_the_log_says_so(owner, study, tmp_path):
    answer = owner.send("/study-folder/with-panel")
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == 'attachment; filename="garden-study.zip"'
    again = unpacked(answer, tmp_path)
    assert {person.email for person in again.panel} == {person.email for person in panel_study().panel}
    assert again.statements == panel_study().statements
    assert "took the study out as files, with names and addresses (12)" in words(owner.get("/log"))
    assert owner.send("/study-folder/with-panel").content == answer.content


def test_an_analyst_takes_it_out_without_the_panel(study, sign_in, tmp_path):
    analyst = sign_in(Role.ANALYST)
    page = analyst.get("/protocol")
    assert "Download the study" in words(page)
    assert "names and addresses" not in words(page)
    assert unpacked(analyst.send("/study-folder"), tmp_path).panel == ()
    assert analyst.send("/study-folder/with-panel").status_code == 403
    assert "took the study out as files (version 1 of the protocol)" in words(analyst.get("/log"))
