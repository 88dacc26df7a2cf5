"""Who a patient is stays where it belongs: in the two databases, and in the report that a person has written out."""

import logging
import subprocess
import tempfile

import pytest
from pydicom import dcmread
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from unix_edge.phantom import compute_phantom
from unix_edge.phantom.dicom import write_phantom
from unix_edge.worker.start import start
from unix_edge_desktop.drafts import model_process
from unix_edge_desktop.drafts.draft_text import Section
from unix_edge_desktop.drafts.values import Reason, State

FINDINGS, IMPRESSION = Section
WAIT = 60_000
PATIENT, TYPED = "Kanarienvogel", "Zeisigfink"
"""Of the header, and of what a person types."""
NAMED = [
    "PatientID",
    "OtherPatientIDs",
    "PatientComments",
    "AccessionNumber",
    "StudyID",
    "ReferringPhysicianName",
    "InstitutionName",
    "StudyDescription",
    "RequestedProcedureID",
]
MAY_NAME = {"drafts.sqlite", "index.sqlite", "film.dcm", "report.dcm", "report - AI draft.dcm", "report.pdf"}
"""Files, with the journals and backups of the first two, that may say who it is."""


@pytest.fixture
def heard(monkeypatch, tmp_path):
    """What the model's process says, on its pipe and on standard error."""
    said, errors = [], tmp_path / "errors"

    class Pipe:
        def __init__(self, pipe):
            self.pipe, self.close = pipe, pipe.close

        def readline(self, most):
            said.append(self.pipe.readline(most))
            return said[-1]

        def read(self, count):
            said.append(self.pipe.read(count))
            return said[-1]

    def listen(program):
        popen = subprocess.Popen

        def with_errors(*args, **kwargs):
            with errors.open("ab") as stream:
                return popen(*args, **{**kwargs, "stderr": stream})

        monkeypatch.setattr(subprocess, "Popen", with_errors)
        process = start(program)
        monkeypatch.setattr(subprocess, "Popen", popen)
        process.stdout = Pipe(process.stdout)
        return process

    monkeypatch.setattr(model_process, "start", listen)
    return lambda: b"".join(said) + (errors.read_bytes() if errors.exists() else b"")


@pytest.fixture
def film(tmp_path):
    path = tmp_path / "film.dcm"
    write_phantom(compute_phantom(10000007, 256), path)
    dataset = dcmread(path)
    for each in NAMED:
        setattr(dataset, each, PATIENT[:16])
    dataset.PatientName = f"{PATIENT}^{PATIENT}"
    dataset.save_as(path)
    return path


def says(content, *words):
    """Return which words bytes hold, as UTF-8 or as UTF-16, in any case."""
    content = content.lower()
    return [each for each in words if any(each.lower().encode(code) in content for code in ("utf-8", "utf-16-le"))]


@pytest.mark.parametrize("thumbnails", [True])
def test_no_name_leaves_the_databases_and_the_reports_that_a_person_wrote_out(
    heard, make_window, open_in, qtbot, film, tmp_path, own_folders, monkeypatch, caplog, capfd
):
    caplog.set_level(logging.DEBUG)
    for folder in ("temporary", "out"):
        (tmp_path / folder).mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    window = make_window()
    open_in(window, film)
    assistant, clipboard = window.assistant, QGuiApplication.clipboard()
    window.studies.search.setText(PATIENT)

    def ask(name, act):
        path = tmp_path / "out" / name
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
        act()
        qtbot.waitUntil(path.exists, timeout=WAIT)

    def draft():
        before = assistant.drafting.draft
        QTest.keyClick(window.grid.active, Qt.Key.Key_F2)
        qtbot.waitUntil(lambda: assistant.drafting.draft not in (None, before), timeout=WAIT)
        qtbot.waitUntil(lambda: assistant.drafting.run is None, timeout=WAIT)

    draft()
    QTest.keyClicks(assistant.report.fields[FINDINGS], f"{TYPED} ")
    assistant.write_impression()
    qtbot.waitUntil(lambda: assistant.drafting.run is None, timeout=WAIT)
    assistant.report.leave_wanted.emit("copy")
    assert says(clipboard.text().encode(), PATIENT, TYPED) == [TYPED]
    ask("report.pdf", lambda: assistant.report.leave_wanted.emit("pdf"))
    assistant.report.sign_wanted.emit("Dr. Roe")
    qtbot.waitUntil(lambda: assistant.drafting.draft.state is State.SIGNED)
    ask("report.dcm", lambda: assistant.report.leave_wanted.emit("sr"))
    draft()
    assistant.report.reject_wanted.emit(Reason.OTHER)
    generation = assistant.generation
    generation.set_prompt("Clear lungs.")
    generation.quality.setCurrentIndex(generation.quality.findData("fast"))
    generation.generate.click()
    qtbot.waitUntil(lambda: len(generation.made) == 1, timeout=WAIT)
    generation.read_back()
    qtbot.waitUntil(lambda: bool(generation.made[0].read), timeout=WAIT)
    for name in ("picture.png", "picture.dcm"):
        ask(name, lambda: generation.save_wanted.emit(generation.made[0]))
    for name in ("log.csv", "log.json"):
        ask(name, window.assistance.export_log)
    window.exports.copy_view()
    assert says(clipboard.text().encode() + str(clipboard.mimeData().formats()).encode(), PATIENT, TYPED) == []
    window.close()
    assert clipboard.text() == ""

    assert says(heard(), PATIENT, "Drafted") == ["Drafted"], "the model's process"
    out, errors = capfd.readouterr()
    assert says((out + errors + caplog.text).encode(), PATIENT, TYPED) == [], "the log"
    files = [each for each in tmp_path.rglob("*") if each.is_file() and each.name != "errors"]
    assert len(files) > 12 and not any(says(each.name.encode(), PATIENT, TYPED) for each in tmp_path.rglob("*"))
    named = {each for each in files if says(each.read_bytes(), PATIENT, TYPED)}
    strangers = [
        each for each in named if each.name not in MAY_NAME and not each.name.startswith(("drafts-", "index."))
    ]
    assert strangers == []
    assert {own_folders.data / "drafts.sqlite", tmp_path / "out" / "report.dcm"} <= named, "it was used"
    assert [each for each in (tmp_path / "temporary").rglob("*") if each.is_file()] == []
    modes = {each.name: each.stat().st_mode & 0o777 for each in files if each in named and each != film}
    assert set(modes.values()) == {0o600}, modes
