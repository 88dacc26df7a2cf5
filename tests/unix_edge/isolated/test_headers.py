"""Headers of many files through one child: hostile ones cost themselves, and pixel data are not read."""

import os
import threading
import time
from pathlib import Path

import pydicom
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pydicom import Dataset, uid
from pydicom.data import get_testdata_file
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence

from unix_edge.errors import ImageError, StoppedError
from unix_edge.isolated import headers as module
from unix_edge.isolated.decode import decode
from unix_edge.isolated.headers import read_file_ids, read_headers

SYNTAXES = (
    uid.ImplicitVRLittleEndian,
    uid.ExplicitVRLittleEndian,
    uid.ExplicitVRBigEndian,
    uid.DeflatedExplicitVRLittleEndian,
    uid.JPEG2000Lossless,
)


@pytest.fixture
def children(monkeypatch):
    """Count the children that are started."""
    started = []
    start = module.start_child

    def count(program):
        started.append(program)
        return start(program)

    monkeypatch.setattr(module, "start_child", count)
    return started


def write(path: Path, make_header, syntax=uid.ExplicitVRLittleEndian, pixels=bytes(200_000), **elements) -> Path:
    dataset = make_header(Rows=500, Columns=200, **elements)
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 16, 12, 11, 0
    dataset.PixelData = encapsulate([pixels[:50_000]] * 3) if syntax.is_encapsulated else pixels
    dataset["PixelData"].VR = "OB" if syntax.is_encapsulated else "OW"
    dataset["PixelData"].is_undefined_length = syntax.is_encapsulated
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.save_as(path, enforce_file_format=True)
    return path


@pytest.mark.parametrize("syntax", SYNTAXES, ids=lambda each: each.name)
def test_the_same_is_read_as_pydicom_reads(tmp_path, make_header, syntax):
    path = write(tmp_path / "a", make_header, syntax, NumberOfFrames=None)
    (result,) = read_headers([path])
    dataset = pydicom.dcmread(path, stop_before_pixels=True)
    values = {each: dataset[each].value for each in module.INDEXED_KEYWORDS if each in dataset}
    expected = {each: "\\".join(value) if dataset[each].VM > 1 else str(value) for each, value in values.items()}
    assert result.source == path and result.problem is None
    assert result.kept == expected | {"TransferSyntaxUID": syntax}


@pytest.mark.parametrize("syntax", SYNTAXES, ids=lambda each: each.name)
def test_of_view_and_region_the_first_code_is_read_and_none_of_what_lies_deeper(tmp_path, make_header, syntax):
    first, second, modifier = Dataset(), Dataset(), Dataset()
    modifier.CodeValue, first.CodeValue, second.CodeValue = "deeper", "399198007", "second"
    first.ViewModifierCodeSequence = Sequence([modifier])
    elements = {"ViewCodeSequence": Sequence([first, second]), "ProcedureCodeSequence": Sequence([second])}
    (result,) = read_headers([write(tmp_path / "a", make_header, syntax, NumberOfFrames=None, **elements)])
    assert result.kept and result.kept["ViewCodeSequence"] == "399198007"
    assert "AnatomicRegionSequence" not in result.kept and "ProcedureCodeSequence" not in result.kept


def test_values_within_sequences_are_not_the_files_own(tmp_path, make_header):
    item = Dataset()
    item.PatientID, item.AccessionNumber = "other", "other"
    path = write(
        tmp_path / "a", make_header, PatientID=None, AccessionNumber=None, OtherPatientIDsSequence=Sequence([item])
    )
    (result,) = read_headers([path])
    assert not {"PatientID", "AccessionNumber"} & result.kept.keys()


@pytest.mark.parametrize(
    ("character_set", "name"),
    [
        ("ISO_IR 192", "Müller^Jörg=山田^太郎"),
        ("ISO_IR 100", "Müller^Jörg"),
        (["", "ISO 2022 IR 87"], "Yamada^Tarou=山田^太郎=やまだ^たろう"),
    ],
)
def test_names_are_decoded_by_their_character_set(tmp_path, make_header, character_set, name):
    path = write(tmp_path / "a", make_header, SpecificCharacterSet=character_set, PatientName=name)
    (result,) = read_headers([path])
    assert result.kept["PatientName"] == name


def test_an_unknown_character_set_costs_the_odd_letters_only(tmp_path, make_header):
    path = write(tmp_path / "a", make_header, SpecificCharacterSet="ISO_IR 192", PatientName="Müller^Jane")
    path.write_bytes(path.read_bytes().replace(b"ISO_IR 192", b"ISO_IR 999"))
    (result,) = read_headers([path])
    assert result.kept["PatientName"].endswith("ller^Jane") and result.kept["PatientID"] == "4711"


def test_a_header_longer_than_what_is_sent_first_is_asked_for(tmp_path, make_header, children):
    long = write(tmp_path / "long", make_header, ImageComments="x" * 10_000, TextString="y" * 60_000)
    private = write(tmp_path / "meta", make_header)
    data = private.read_bytes()
    meta = b"\x02\x00\x02\x01OB\0\0" + (40_000).to_bytes(4, "little") + bytes(40_000)
    place = data.index(b"\x08\x00\x16\x00UI")
    private.write_bytes(data[:place] + meta + data[place:])
    results = list(read_headers([long, private, long]))
    assert [each.kept["PatientID"] for each in results] == ["4711"] * 3
    assert len(children) == 1


def test_pixel_data_are_not_read(tmp_path, make_header):
    class Counted:
        name = "counted"
        read = 0

        def open(self):
            file = path.open("rb")
            whole, read = path.stat().st_size, file.read

            def count(length):
                Counted.read += length
                return read(length)

            wrapper = type("File", (), {"read": staticmethod(count), "seek": file.seek, "close": file.close})
            return wrapper(), whole

    path = write(tmp_path / "a", make_header, pixels=bytes(5_000_000))
    (result,) = read_headers([Counted()])
    assert result.kept["Rows"] == "500"
    assert Counted.read < 40_000


def test_pictures_have_their_size_and_their_mark(tmp_path):
    marked = PngInfo()
    marked.add_text("Synthetic Data", "YES")
    Image.new("RGB", (40, 30)).save(tmp_path / "a.png", pnginfo=marked)
    Image.new("L", (40, 30)).save(tmp_path / "b", "JPEG")
    (tmp_path / "c.png").write_bytes((tmp_path / "a.png").read_bytes()[:-30])
    a, b, c = read_headers([tmp_path / name for name in ("a.png", "b", "c.png")])
    assert a.kept == {"Rows": "30", "Columns": "40", "SyntheticData": "YES"}
    assert b.kept == {"Rows": "30", "Columns": "40"}
    assert c.kept is None and "broken or cut short" in str(c.problem)


def test_files_that_cannot_be_read_have_their_sentence_and_the_rest_are_read(tmp_path, make_header, children):
    good = write(tmp_path / "good", make_header)
    data = good.read_bytes()
    bad = {
        "cut in its pixels": (data[:-1000], "cut short"),
        "cut in its header": (data[:400], "cut short"),
        "text": (b"Hello, this is no image.\n" * 9999, "neither DICOM, PNG nor JPEG"),
        "empty": (b"", "empty"),
        "an element beyond the file": (data[:-200_012] + b"\xe0\x7f\x10\0OW\0\0\xf0\xff\xff\xff", "cut short"),
        "odd VR": (data.replace(b"\x08\0\x18\0UI", b"\x08\0\x18\0ZZ"), "structure is broken"),
    }
    paths = [good]
    for name, (content, _) in bad.items():
        (tmp_path / name).write_bytes(content)
        paths += [tmp_path / name, good]
    os.mkfifo(tmp_path / "pipe")
    results = list(read_headers([*paths, tmp_path / "pipe", tmp_path / "absent", tmp_path]))
    assert all(each.kept["PatientID"] == "4711" for each in results[: len(paths)] if each.source == good)
    problems = [str(each.problem) for each in results if each.problem]
    expected = [*(problem for _, problem in bad.values()), "no regular file", "no such file", "cannot be opened"]
    assert len(problems) == len(expected)
    assert all(part in problem for part, problem in zip(expected, problems, strict=True))
    assert len(children) == 1


DYING = """
import os, sys, json
import unix_edge.isolated.headers_child as child
answer = child._answer
def fail(head, *args, **kwargs):
    if b"fatal" in head: {fault}
    return answer(head, *args, **kwargs)
child._answer = fail
child.main()
"""


@pytest.mark.parametrize(
    "fault",
    [
        "os.kill(os.getpid(), 9)",
        "os.abort()",
        "os.write(3, b'{}\\n' * 9)",
        "os.write(3, b'x' * 5_000_000)",
        "bytearray(2 << 30)",
    ],
)
def test_a_file_that_the_child_dies_of_costs_only_itself(tmp_path, make_header, monkeypatch, children, fault):
    monkeypatch.setattr(module, "_START", DYING.format(fault=fault))
    names = [f"{number}{' fatal' if number in (3, 20) else ''}" for number in range(24)]
    paths = [write(tmp_path / name, make_header, PatientComments=name, PatientID=name) for name in names]
    results = list(read_headers(paths))
    assert [each.source for each in results] == paths
    for name, result in zip(names, results, strict=True):
        if "fatal" in name:
            assert result.kept is None and result.problem == module.DIED
        else:
            assert result.kept["PatientID"] == name
    assert len(children) == 3


def test_a_file_that_takes_too_long_costs_only_itself(tmp_path, make_header, monkeypatch):
    monkeypatch.setattr(module, "_START", DYING.format(fault="import time; time.sleep(60)"))
    monkeypatch.setattr(module, "MAX_SECONDS", 4)
    paths = [write(tmp_path / name, make_header, PatientComments=name) for name in ("a", "fatal", "b")]
    a, fatal, b = read_headers(paths)
    assert a.kept and b.kept
    assert str(fatal.problem) == "reading its header took longer than 4 seconds"


def test_a_child_is_replaced_before_its_processor_time_is_used_up(tmp_path, make_header, monkeypatch, children):
    monkeypatch.setattr(module, "_LIVES", 2)
    monkeypatch.setattr(module, "_START", DYING.format(fault="import time; time.sleep(0.3)"))
    paths = [write(tmp_path / f"{number}", make_header, PatientComments="fatal") for number in range(20)]
    assert all(each.kept for each in read_headers(paths))
    assert 2 < len(children) <= 20


def test_it_stops_within_a_moment_even_where_the_child_hangs(tmp_path, make_header, monkeypatch):
    monkeypatch.setattr(module, "_START", DYING.format(fault="import time; time.sleep(60)"))
    paths = [write(tmp_path / name, make_header, PatientComments=name) for name in ("a", "fatal")]
    stop = threading.Event()
    results = read_headers(paths, stop.is_set)
    assert next(results).kept
    threading.Timer(0.3, stop.set).start()
    began = time.monotonic()
    assert list(results) == []
    assert time.monotonic() - began < 1.3  # 0.2 s and a loaded machine


def test_leaving_the_loop_ends_the_child(tmp_path, make_header, monkeypatch):
    processes = []
    start = module.start_child
    monkeypatch.setattr(module, "start_child", lambda program: processes.append(start(program)) or processes[-1])
    results = read_headers([write(tmp_path / "a", make_header)] * 40)
    next(results)
    results.close()  # type: ignore[attr-defined] # a generator
    assert processes[0].poll() is not None


def test_a_child_that_says_what_it_may_not_is_not_believed(tmp_path, make_header, monkeypatch):
    path = write(tmp_path / "a", make_header)
    for line in (
        {"kept": {"Other": "x"}},
        {"kept": {"PatientID": 7}},
        {"kept": {"PatientID": "x" * 1025}},
        {"kept": None},
        {"problem": ["Canary\x1b[31m"]},
        {"problem": 7},
        {"more": [0, 10**9]},
        {"more": [-1, 5]},
        {"more": ["a", "b"]},
        [1],
    ):
        monkeypatch.setattr(
            module, "_START", f"import sys, json; print(json.dumps({line!r}), flush=True); sys.stdin.read()"
        )
        (result,) = read_headers([path])
        assert result.kept is None and result.problem == module.DIED


def test_a_dicomdir_gives_its_file_ids_in_order():
    path = Path(get_testdata_file("DICOMDIR", download=False))
    expected = [
        "\\".join(record.ReferencedFileID)
        for record in pydicom.dcmread(path).DirectoryRecordSequence
        if "ReferencedFileID" in record
    ]
    assert len(expected) > 10
    assert read_file_ids(path) == expected


def test_a_dicomdir_of_too_many_records_is_refused(tmp_path):
    item = b"\xfe\xff\x00\xe0" + (18).to_bytes(4, "little") + b"\x04\x00\x00\x15CS\x0a\x00IMG\\000001"
    for count in (100_000, 100_001):
        body = b"\x04\x00\x20\x12SQ\0\0" + (count * len(item)).to_bytes(4, "little") + item * count
        syntax = b"1.2.840.10008.1.2.1\0"
        (tmp_path / "DICOMDIR").write_bytes(bytes(128) + b"DICM\x02\0\x10\0UI\x14\0" + syntax + body)
        if count > 100_000:
            with pytest.raises(ImageError, match="more than 100,000 records"):
                read_file_ids(tmp_path / "DICOMDIR")
        else:
            assert read_file_ids(tmp_path / "DICOMDIR") == ["IMG\\000001"] * count


def test_reading_a_dicomdir_can_be_stopped():
    with pytest.raises(StoppedError):
        read_file_ids(Path(get_testdata_file("DICOMDIR", download=False)), lambda: True)


def test_what_is_not_a_path_can_be_decoded_too(tmp_path, make_header):
    class Member:
        name = "member"

        def open(self):
            return path.open("rb"), path.stat().st_size

    path = write(tmp_path / "a", make_header)
    assert decode(Member()).sha256 == decode(path).sha256


def test_headers_are_read_at_least_at_four_fifths_of_pydicoms_speed(tmp_path):
    """Rounds of both in turn, for the machine may be busy; the child's start counts."""
    data = Path(get_testdata_file("MR_small.dcm", download=False)).read_bytes()
    paths = [tmp_path / str(number) for number in range(1000)]
    for path in paths:
        path.write_bytes(data)
    ratios = []
    while len(ratios) < 5 and max(ratios, default=0) < 0.8:
        began = time.perf_counter()
        for path in paths:
            pydicom.dcmread(path, stop_before_pixels=True)
        plain = time.perf_counter() - began
        began = time.perf_counter()
        assert all(each.kept for each in read_headers(paths))
        ratios.append(plain / (time.perf_counter() - began))
    assert max(ratios) >= 0.8, ratios
