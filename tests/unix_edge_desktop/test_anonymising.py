"""Anonymised copies name nobody, agree within one export, and are whole or not there."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import hashlib
import zipfile

import numpy as np
import pytest
from pydicom import dcmread
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton

from unix_edge.dicom.presentation_state import PresentationState, write_presentation_state
from unix_edge.errors import DeidentificationError, OutputError, StoppedError
from unix_edge.phantom.compute import compute_phantom
from unix_edge.phantom.dicom import write_phantom
from unix_edge_desktop.image.images import load_view_image
from unix_edge_desktop.output.anonymising import anonymise
from unix_edge_desktop.output.export_dialogs import AnonymiseDialog
from unix_edge_desktop.storage.unfinished_writes import Leftovers

CANARY, FIRST = "ZCANARYZ", "1.2.840.99999.777000777.31"
TEXTS = {
    "PatientName": f"{CANARY}^Anna",
    "PatientID": CANARY,
    "PatientBirthDate": "19600229",
    "OtherPatientNames": CANARY,
    "InstitutionName": CANARY,
    "ReferringPhysicianName": CANARY,
    "OperatorsName": CANARY,
    "StudyDescription": CANARY,
    "SeriesDescription": CANARY,
    "ImageComments": CANARY,
    "AccessionNumber": CANARY,
    "StationName": CANARY,
    "ProtocolName": CANARY,
    "StudyDate": "19991231",
    "StudyTime": "235959",
}
KEPT = {"Modality", "BodyPartExamined", "ViewPosition", "PatientOrientation", "Rows", "Columns", "BitsStored"}


@pytest.fixture
def files(make_file, tmp_path):
    """Two images of a study, one of another patient, as paths."""
    folder = tmp_path / "source"
    folder.mkdir()
    return [
        make_file(folder / "a.dcm", SOPInstanceUID=FIRST, **TEXTS),
        make_file(folder / "b.dcm", seed=1, SOPInstanceUID="2.25.32", SeriesInstanceUID="2.25.9", **TEXTS),
        make_file(folder / "c.dcm", seed=2, StudyInstanceUID="2.25.8", PatientID="OTHER"),
    ]


def listed(files):
    return [(path, "") for path in files]


def hashes(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_copies_agree_within_one_export_and_with_no_other(files, tmp_path):
    before, steps = hashes(tmp_path / "source"), []
    exported = anonymise(listed(files), tmp_path / "one", "TEST", lambda *step: steps.append(step))
    a, b, c = (dcmread(path) for path in sorted((tmp_path / "one").iterdir()))
    assert (exported.copies, exported.refused, steps) == (3, (), [(1, 3), (2, 3), (3, 3)])
    assert a.StudyInstanceUID == b.StudyInstanceUID != c.StudyInstanceUID
    assert a.SeriesInstanceUID != b.SeriesInstanceUID and len({each.SOPInstanceUID for each in (a, b, c)}) == 3
    assert a.PatientID == b.PatientID != c.PatientID and all(str(i.PatientName).startswith("TEST-") for i in (a, b, c))
    anonymise(listed(files[:1]), tmp_path / "two", "TEST")
    other = dcmread(min((tmp_path / "two").iterdir()))
    assert other.StudyInstanceUID != a.StudyInstanceUID and other.PatientID != a.PatientID
    assert hashes(tmp_path / "source") == before


def test_what_differs_from_the_source_is_all_that_could_identify(files, tmp_path):
    anonymise(listed(files[:1]), tmp_path / "out")
    (path,) = (tmp_path / "out").iterdir()
    content = path.read_bytes()
    for canary in (CANARY, "19600229", "19991231", FIRST):
        assert canary.encode() not in content
    assert content[:132] == bytes(128) + b"DICM"
    source, copy = dcmread(files[0]), dcmread(path)
    assert copy.StudyTime == copy.StudyDate == copy.PatientBirthDate == copy.AccessionNumber == ""
    for keyword in KEPT:
        assert copy[keyword].value == source[keyword].value, keyword
    np.testing.assert_array_equal(copy.pixel_array, source.pixel_array)
    assert copy.PatientIdentityRemoved == "YES" and copy.DeidentificationMethodCodeSequence[0].CodeValue == "113100"
    new = {"PatientIdentityRemoved", "DeidentificationMethod", "DeidentificationMethodCodeSequence"}
    new |= {"LongitudinalTemporalInformationModified", "SpecificCharacterSet", "PatientName", "PatientID"}
    for element in copy:
        name = element.keyword
        assert name in new or not element.value or "UID" in name or element.value == source.get(name), name


def test_a_copy_of_a_conforming_image_conforms_and_stays_synthetic(tmp_path, assert_conforms):
    write_phantom(compute_phantom(3, 128), tmp_path / "phantom.dcm")
    assert_conforms(tmp_path / "phantom.dcm")
    anonymise([(tmp_path / "phantom.dcm", "")], tmp_path / "out")
    (path,) = (tmp_path / "out").iterdir()
    assert_conforms(path)
    assert dcmread(path).SyntheticData == "YES" and load_view_image(path).synthetic


def test_members_of_archives_are_copied_and_what_is_no_image_is_told_of(files, make_header, tmp_path):
    with zipfile.ZipFile(tmp_path / "cd.zip", "w") as archive:
        archive.write(files[0], "IMAGES/IM1")
        archive.writestr("IMAGES/<b>NOTE\u202e", b"words")
    write_presentation_state(PresentationState(), make_header(), tmp_path / "state.dcm")
    broken = tmp_path / "broken.dcm"
    broken.write_bytes(files[1].read_bytes()[:-5000])
    zipped = [(tmp_path / "cd.zip", name) for name in ("IMAGES/IM1", "IMAGES/<b>NOTE\u202e", "IMAGES/GONE")]
    exported = anonymise([*zipped, *listed([tmp_path / "state.dcm", broken, tmp_path / "gone.dcm"])], tmp_path / "out")
    assert exported.copies == 1 and len(list((tmp_path / "out").iterdir())) == 1
    said = {name: str(problem) for name, problem in exported.refused}
    assert len(said) == 5 and not any("<" in name or "\u202e" in name for name in said)
    assert said["state.dcm"].startswith("it is no CR, DX or single Secondary Capture image")
    assert "cut short" in said["broken.dcm"] and said["GONE"] == "there is no such file in the archive"
    assert tuple(map(str, exported.warnings)) == (
        "Text burned into the image was not looked for and cannot be excluded. The file does not say whether there is "
        "any; look at the image.",
    )


def test_nothing_is_overwritten(files, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    with pytest.raises(OutputError, match="nothing is overwritten"):
        anonymise(listed(files), tmp_path / "out")
    assert [each.name for each in (tmp_path / "out").iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("after", [0, 1])
def test_a_stopped_export_leaves_nothing(files, tmp_path, after):
    done = []
    with pytest.raises(StoppedError):
        anonymise(listed(files), tmp_path / "out", "ANON", lambda *_: done.append(1), lambda: len(done) >= after)
    assert len(done) == after and [each.name for each in tmp_path.iterdir()] == ["source"]


def test_where_nothing_can_be_copied_there_is_a_sentence_and_no_folder(files, tmp_path):
    (tmp_path / "note.dcm").write_bytes(b"words")
    for unreadable in ([], listed([tmp_path / "note.dcm"])):
        with pytest.raises(DeidentificationError, match="none of the files holds an image that can be copied"):
            anonymise(unreadable, tmp_path / "out")
    for prefix in ("", "A^B", "Ä", "A" * 17):
        with pytest.raises(DeidentificationError, match="letters and digits"):
            anonymise(listed(files), tmp_path / "out", prefix)
    assert not (tmp_path / "out").exists()


@pytest.fixture
def dialog(qtbot, files, tmp_path):
    dialog = AnonymiseDialog(listed(files), "Doe, Jane", tmp_path / "exports", Leftovers(tmp_path / "unfinished.json"))
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_the_dialog_warns_and_copies_into_a_new_folder_each_time(dialog, qtbot, tmp_path):
    assert any("cannot be excluded" in label.text() for label in dialog.findChildren(QLabel))
    (tmp_path / "exports" / "anonymised 1").mkdir(parents=True)
    with qtbot.waitSignal(dialog.exported, timeout=30_000):
        dialog.start.click()
        assert dialog.is_running and not dialog.start.isEnabled() and dialog.stop.isEnabled()
    assert len(list((tmp_path / "exports" / "anonymised 2").iterdir())) == 3
    assert "3 copies are in" in dialog.said.toPlainText() and "look at the image" in dialog.said.toPlainText()
    assert dialog.progress.value() == 3


def test_the_dialog_stops_and_closes_only_then(dialog, qtbot, tmp_path):
    dialog.start.click()
    dialog.reject()
    assert dialog.isVisible()
    qtbot.waitUntil(lambda: not dialog.is_running, timeout=30_000)
    assert dialog.said.toPlainText() == "Stopped; no copy was left." and list((tmp_path / "exports").iterdir()) == []
    dialog.reject()
    assert not dialog.isVisible()


def test_the_dialog_says_what_went_wrong(dialog, qtbot, tmp_path):
    dialog.prefix.setText("A^B")
    dialog.start.click()
    qtbot.waitUntil(lambda: not dialog.is_running, timeout=30_000)
    assert dialog.said.toPlainText().startswith("No anonymised copy was made: the names' beginning")
    assert dialog.start.isEnabled()


def test_every_control_has_a_name(dialog):
    for widget in (*dialog.findChildren(QPushButton), *dialog.findChildren(QLineEdit), dialog.progress, dialog.said):
        assert widget.accessibleName()
