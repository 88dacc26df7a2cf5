"""States, choices and copies come out of a child as they were read there, or as one sentence."""

import dataclasses
import io
import json
import random
import warnings
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.data import get_testdata_file

from unix_edge.dicom.deidentify import burned_in_warning, deidentify, pseudonym_of
from unix_edge.dicom.displayed_area import DisplayedArea, SizeMode
from unix_edge.dicom.filing import ReferencedImage
from unix_edge.dicom.graphics import Circle, Ellipse, GraphicLayer, Point, Polyline, Text
from unix_edge.dicom.grayscale import Lut, Rescale, Window
from unix_edge.dicom.key_objects import KeyObjects, write_key_objects
from unix_edge.dicom.presentation_state import PresentationState, write_presentation_state
from unix_edge.dicom.shutters import Disc, Rectangle
from unix_edge.dicom.sr_document import read_sr_document
from unix_edge.dicom.structure import read_dicom
from unix_edge.errors import (
    DeidentificationError,
    ImageError,
    KeyObjectsError,
    PresentationStateError,
    StructuredReportError,
)
from unix_edge.isolated import child as decoding
from unix_edge.isolated.object_answer import TASKS, unpack_key_objects, unpack_sr_document, unpack_state
from unix_edge.isolated.objects import anonymise_file, read_key_file, read_sr_file, read_state_file
from unix_edge.isolated.over_answer import pack_over, read_over, unpack_over
from unix_edge.sentences import Sentence

DX = "1.2.840.10008.5.1.4.1.1.1.1"
ONE, TWO = (ReferencedImage("2.25.1", "2.25.2", DX, each) for each in ("2.25.3", "2.25.4"))
SECRET = bytes(range(32))
FULL = PresentationState(
    images=(ONE,),
    modality=Rescale(2, -10),
    voi=Window(300.5, 700),
    inverted=True,
    rotation=90,
    flipped=True,
    area=DisplayedArea((1, 1), (400, 500), SizeMode.MAGNIFY, None, (1, 2), 1.5),
    layers=(GraphicLayer("A", 2, "Above", 65535),),
    annotations=(
        Point("A", (1.5, 2)),
        Polyline("A", ((1, 2), (3, 4), (1, 2)), filled=True),
        Circle("A", (10, 10), (20, 10)),
        Ellipse("A", ((1, 5), (9, 5)), ((5, 3), (5, 7))),
        Text("A", "Größe\nsecond line", (3, 4), ((1, 1), (9, 9)), anchor_visible=True, justification="RIGHT"),
    ),
    shutters=(Rectangle(1, 200, 3, 400), Disc(100, 100, 90)),
    shutter_gray=1000,
    label="MINE",
    description="How I left it",
    creator="Roe^R",
)


def test_a_state_comes_as_it_was_written(make_header, tmp_path):
    write_presentation_state(FULL, make_header(), tmp_path / "state.dcm")
    assert read_state_file(tmp_path / "state.dcm", "2.25.3") == FULL


def test_a_state_with_tables_comes_as_it_was_written(make_header, tmp_path):
    curve = Lut(-5, np.arange(300, dtype=np.uint16) * 200, 16, "Curve")
    write_presentation_state(PresentationState((ONE,), curve, curve), make_header(), tmp_path / "state.dcm")
    state = read_state_file(tmp_path / "state.dcm", "2.25.3")
    for lut in (state.modality, state.voi):
        np.testing.assert_array_equal(lut.entries, curve.entries)
        assert (lut.first, lut.bits) == (-5, 16)
    assert state.voi.explanation == "Curve"


def test_a_state_of_another_image_is_refused_and_so_is_what_is_none(make_header, make_file, tmp_path):
    write_presentation_state(PresentationState((ONE,)), make_header(), tmp_path / "state.dcm")
    with pytest.raises(PresentationStateError, match="was not read: it is not about this image"):
        read_state_file(tmp_path / "state.dcm", "2.25.4")
    image = make_file(tmp_path / "image.dcm")
    with pytest.raises(PresentationStateError, match="no Grayscale Softcopy Presentation State"):
        read_state_file(image, "2.25.3")
    with pytest.raises(KeyObjectsError, match="no Key Object Selection"):
        read_key_file(image)
    with pytest.raises(DeidentificationError, match="no CR, DX or single Secondary Capture"):
        anonymise_file(tmp_path / "state.dcm", SECRET, "ANON")
    (tmp_path / "note.dcm").write_bytes(b"words " * 100)
    for read in (
        read_key_file,
        lambda path: read_state_file(path, "1"),
        lambda path: anonymise_file(path, SECRET, "A"),
    ):
        with pytest.raises(ImageError, match=r"^note\.dcm was not read: it is no DICOM file"):
            read(tmp_path / "note.dcm")


def test_a_choice_comes_as_it_was_written(make_header, tmp_path):
    chosen = KeyObjects((ONE, dataclasses.replace(TWO, frames=(1, 3))), description="Größe\nsecond line")
    write_key_objects(chosen, make_header(), tmp_path / "key.dcm")
    assert read_key_file(tmp_path / "key.dcm") == chosen


def test_a_copy_is_what_would_be_made_here(make_file, tmp_path):
    path = make_file(tmp_path / "image.dcm", BurnedInAnnotation="YES")
    before = path.read_bytes()
    content, warning = anonymise_file(path, SECRET, "ANON")
    dataset = dcmread(path)
    expected = deidentify(dataset, SECRET, pseudonym_of(dataset, SECRET, "ANON"))
    copy = dcmread(io.BytesIO(content))
    assert copy == expected and copy.PatientName == copy.PatientID and str(copy.PatientID).startswith("ANON-")
    assert warning == burned_in_warning(dataset) and "still there" in str(warning)
    assert content[:132] == bytes(128) + b"DICM" and path.read_bytes() == before


def test_a_pseudonym_is_one_patients_in_one_export(make_header):
    def of(secret=SECRET, **elements):
        return pseudonym_of(make_header(**elements), secret, "ANON")

    assert of() == of(StudyInstanceUID="2.25.9", PatientName="Married^Jane") == of(PatientID=" 4711 ")
    assert len({of(), of(PatientID="4712"), of(IssuerOfPatientID="B"), of(secret=bytes(32))}) == 4
    assert of(PatientID="") != of(PatientID="", StudyInstanceUID="2.25.9")


@pytest.mark.parametrize(
    "answer",
    [
        {"length": 3},
        {"length": -1},
        {"length": 1 << 40},
        {"problem": ["\x1b[31m"]},
        {"refused": ["<b>"]},
        {"refused": 1},
        {},
        [],
    ],
    ids=str,
)
def test_a_child_that_lies_is_not_believed(make_file, tmp_path, monkeypatch, answer):
    program = f"import sys; sys.stdin.buffer.read(); sys.stdout.write({json.dumps(answer)!r} + chr(10) + 'no')"
    monkeypatch.setattr(decoding, "_START", program)
    with pytest.raises(ImageError, match="the process that decodes it died"):
        read_state_file(make_file(tmp_path / "a.dcm"), "2.25.3")


@pytest.mark.parametrize(
    "lies",
    [
        {"rotation": 45},
        {"inverted": 1},
        {"voi": {"center": 1, "width": 0, "function": "LINEAR", "explanation": "", "entries": []}},
        {"modality": {"slope": 1, "intercept": 0, "entries": [1]}},
        {"area": [[1, 1], [2, 2], "CANARY", None, [1, 1], None]},
        {"area": [[1, 1], [2, 2], "MAGNIFY", None, [1, 1], -1]},
        {"area": [[1, 1], [2, 1 << 40], "MAGNIFY", None, [1, 1], 1]},
        {"images": [["2.25.1", "2.25.1", "x", "2.25.1", []]]},
        {"layers": [["A" * 17, 1, "", None]]},
        {"annotations": [["CANARY", "A", [1, 1]]]},
        {"annotations": [["Point", "A", [1, float("nan")]]]},
        {"annotations": [["Polyline", "A", [[1, 1]] * 100_001, False]]},
        {"annotations": [["Text", "A", "words", None, None, False, "LEFT"]]},
        {"annotations": [["Text", "A", "words", [1, 1], None, False, "UP"]]},
        {"shutter_gray": -1},
        {"texts": ["A" * 65, "", ""]},
        {"left_out": "words"},
    ],
    ids=lambda lies: str(lies)[:60],
)
def test_what_a_child_says_of_a_state_is_checked(make_header, tmp_path, lies):
    write_presentation_state(FULL, make_header(), tmp_path / "state.dcm")
    _, block = TASKS["state"](dcmread(tmp_path / "state.dcm"), "2.25.3", 1)
    assert unpack_state(block) == FULL
    with pytest.raises((ValueError, KeyError, TypeError, AttributeError, IndexError)):
        unpack_state(json.dumps({**json.loads(block), **lies}).encode())


def test_words_hold_nothing_that_steers_a_screen(make_header, tmp_path):
    write_presentation_state(PresentationState(annotations=(Point("A", (1, 1)),)), make_header(), tmp_path / "a.dcm")
    _, block = TASKS["state"](dcmread(tmp_path / "a.dcm"), "2.25.3", 1)
    words = ["Text", "A", "a\u202eb\x1b[31m\nc", [1, 1], None, False, "LEFT"]
    (text,) = unpack_state(json.dumps({**json.loads(block), "annotations": [words]}).encode()).annotations
    assert text.words == "a b [31m\nc"


REPORT = Path(get_testdata_file("test-SR.dcm", download=False))


def test_a_report_comes_as_it_was_read_there(make_file, tmp_path):
    assert read_sr_file(REPORT) == read_sr_document(dcmread(REPORT))
    with pytest.raises(StructuredReportError, match="was not read: it is no structured report"):
        read_sr_file(make_file(tmp_path / "a.dcm"))
    (tmp_path / "cut.dcm").write_bytes(REPORT.read_bytes()[:-100])
    with pytest.raises(ImageError, match="cut short"):
        read_sr_file(tmp_path / "cut.dcm")


@pytest.mark.parametrize(
    "lies",
    [
        {"title": "A" * 65},
        {"is_cut": 1},
        {"observers": [{"name": "A", "organization": "", "verified": "", "is_device": 1}]},
        {"observers": [{"name": "A"}]},
        {"lines": [{"level": 33, "kind": "TEXT", "name": "", "value": ""}]},
        {"lines": [{"level": 0, "kind": "TEXT", "name": 1, "value": ""}]},
        {"lines": [{"level": 0, "kind": "TEXT", "name": "", "value": ["A"]}]},
        {"lines": [{"level": 0, "kind": "TEXT", "name": "", "value": ""}] * 5001},
    ],
    ids=lambda lies: str(lies)[:60],
)
def test_what_a_child_says_of_a_report_is_checked(lies):
    _, block = TASKS["report"](dcmread(REPORT))
    with pytest.raises((ValueError, KeyError, TypeError, AttributeError)):
        unpack_sr_document(json.dumps({**json.loads(block), **lies}).encode())


@pytest.mark.soak
def test_whatever_a_mutated_file_holds_is_refused_or_believed(make_header, make_file, tmp_path, soak):
    """What the child says of a broken file is never what the parent takes for a lie."""
    write_presentation_state(FULL, make_header(), tmp_path / "state.dcm")
    write_key_objects(KeyObjects((ONE, TWO), description="words"), make_header(), tmp_path / "key.dcm")
    (tmp_path / "report.dcm").write_bytes(REPORT.read_bytes())
    shutters = {"ShutterShape": ["CIRCULAR", "RECTANGULAR"], "CenterOfCircularShutter": [9, 9]}
    edges = dict.fromkeys(("LeftVertical", "RightVertical", "UpperHorizontal", "LowerHorizontal"), 9)
    shutters |= {"RadiusOfCircularShutter": 5, **{f"Shutter{name}Edge": value for name, value in edges.items()}}
    image = dcmread(make_file(tmp_path / "image.dcm", **shutters, ShutterPresentationValue=7))
    image.Rows = image.Columns = 16
    image.PixelData = bytes(512)
    for element, vr, value in ((0x10, "US", 16), (0x11, "US", 16), (0x40, "CS", "G"), (0x50, "SS", [1, 1])):
        image.add_new((0x6000, element), vr, value)
    for element, vr, value in ((0x100, "US", 1), (0x102, "US", 0), (0x3000, "OW", bytes(32))):
        image.add_new((0x6000, element), vr, value)
    image.save_as(tmp_path / "image.dcm")

    def pack(dataset):
        said, block = pack_over(*read_over(dataset, (16, 16), 0))
        return json.dumps(said), block

    def unpack(answer):
        left_out = unpack_over(json.loads(answer[0]), (16, 16), answer[1])[1]
        return left_out

    ways = {
        "state": (lambda dataset: TASKS["state"](dataset, "2.25.3", 1)[1], lambda block: unpack_state(block).left_out),
        "key": (lambda dataset: TASKS["key objects"](dataset)[1], lambda block: unpack_key_objects(block).left_out),
        "report": (
            lambda dataset: TASKS["report"](dataset)[1],
            lambda block: [Sentence("read")][: len(unpack_sr_document(block).lines)],
        ),
        "image": (pack, unpack),
    }
    believed = 0
    for name, (say, believe) in ways.items():
        data = (tmp_path / f"{name}.dcm").read_bytes()
        for number in range(300 * soak):
            chance, mutated = random.Random(number), bytearray(data)
            for _ in range(chance.choice((1, 2, 5))):
                mutated[chance.randrange(132, len(data))] = chance.randrange(256)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                try:
                    answer = say(read_dicom(bytes(mutated)))
                except Exception:  # which the child turns into a sentence, whatever it is
                    continue
            assert all(isinstance(each, Sentence) and str(each).isprintable() for each in believe(answer))
            believed += 1
    assert believed > 200 * soak
