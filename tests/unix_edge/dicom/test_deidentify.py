"""An anonymised copy shows the same picture and holds nothing of the patient but that picture."""

import io
import re
import subprocess
import sys
import warnings
from copy import deepcopy
from pathlib import Path

import numpy as np
import pytest
from pydicom import Dataset, config, dcmread, uid
from pydicom.data import get_testdata_file
from pydicom.datadict import DicomDictionary, dictionary_VR, tag_for_keyword
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.tag import Tag

from unix_edge.dicom import allowed
from unix_edge.dicom.deidentify import burned_in_warning, deidentify, hash_uid
from unix_edge.dicom.pixels import read_stored
from unix_edge.dicom.spacing import find_spacing
from unix_edge.dicom.writing import write_dataset
from unix_edge.errors import DeidentificationError, ImageError

SECRET = bytes(range(32))
TEXTS = ("AE", "AS", "CS", "DA", "DS", "DT", "IS", "LO", "LT", "PN", "SH", "ST", "TM", "UC", "UI", "UR", "UT")
CANARY = b"ZCANARYZ"


def set_element(dataset, tag, vr, value):
    dataset[tag] = DataElement(Tag(tag), vr, value, validation_mode=config.IGNORE)


@pytest.fixture
def image(crop, make_dataset):
    """A small crop of a real radiograph, with all the UIDs that an image has."""
    dataset = make_dataset(crop, uid.ExplicitVRLittleEndian)
    dataset.SOPInstanceUID, dataset.SeriesInstanceUID, dataset.StudyInstanceUID = "1.2.3", "1.2.2", "1.2.1"
    return dataset


def written(dataset, path) -> bytes:
    write_dataset(dataset, path)
    return path.read_bytes()


def complaints(path: Path) -> int:
    program = Path(sys.executable).with_name("dciodvfy")
    result = subprocess.run([program, str(path)], capture_output=True, text=True, check=False)
    return len(re.findall("^Error", result.stdout + result.stderr, re.MULTILINE))


def put_raw(dataset, tag, vr, value):
    """Put an element as it comes out of a file."""
    dataset[tag] = RawDataElement(Tag(tag), vr, len(value), value, 0, False, True)


@pytest.mark.parametrize("stated_vr", [None, "LO"])
def test_nothing_of_any_text_element_survives_in_the_bytes(image, tmp_path, stated_vr):
    nested, private = Dataset(), Dataset()
    put_raw(private, (0x0011, 0x0010), "LO", CANARY)
    put_raw(private, (0x0011, 0x1001), "UN", CANARY)
    kept = {"SOPClassUID", "PixelData", "SpecificCharacterSet", "PhotometricInterpretation", "NumberOfFrames"}
    named = {tag: (vr, each) for tag, (vr, *_, each) in DicomDictionary.items() if tag >> 16 not in (0, 2) and each}
    for tag, (vr, keyword) in named.items():
        if vr in TEXTS and keyword not in kept:
            put_raw(image, tag, stated_vr or vr, CANARY)
            put_raw(nested, tag, stated_vr or vr, CANARY)
        elif vr in ("OB", "OW", "UN", "OB or OW") and keyword not in kept:
            put_raw(image, tag, "OB", CANARY)
    nested.DeidentificationMethodCodeSequence = [private]
    for tag, (vr, _) in named.items():
        if vr == "SQ":
            set_element(image, tag, "SQ", [nested])
    image.update(private)
    for group in (0x6000, 0x6002, 0x5000):
        put_raw(image, (group, 0x4000), "LT", CANARY)
        put_raw(image, (group, 0x3000), "OW", CANARY)
    assert all(keyword in image for keyword in (*allowed.LUTS, *allowed.CODES, *allowed.REFERENCES))
    image.file_meta.SourceApplicationEntityTitle = CANARY.decode()
    image.preamble = CANARY * 16
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # pydicom's would quote the patient
        content = written(deidentify(image, SECRET, "Anon-1"), tmp_path / "a.dcm")
    assert CANARY not in content and content[:128] == bytes(128)


def test_text_behind_and_between_the_pixels_does_not_survive(image, tmp_path):
    stored = read_stored(image).stored
    image.PixelData += CANARY
    image.BitsStored, image.HighBit = 15, 14
    high = np.frombuffer(image.PixelData[: stored.nbytes], "<u2") | (np.arange(stored.size) % 2 << 15).astype("<u2")
    image.PixelData = high.tobytes() + CANARY
    copy = deidentify(image, SECRET, "Anon-1")
    assert CANARY not in written(copy, tmp_path / "a.dcm")
    assert len(copy.PixelData) == stored.nbytes and max(np.frombuffer(copy.PixelData, "<u2")) < 1 << 15


def test_text_within_a_codestream_does_not_survive(crop, make_dataset, coded_frames, image, tmp_path):
    frame = coded_frames[uid.JPEGBaseline8Bit]
    comment = b"\xff\xfe" + (len(CANARY) + 2).to_bytes(2, "big") + CANARY
    dataset = make_dataset(crop, uid.JPEGBaseline8Bit, frame[:2] + comment + frame[2:])
    for keyword in ("SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID"):
        dataset[keyword] = image[keyword]
    copy = deidentify(dataset, SECRET, "Anon-1")
    assert CANARY not in written(copy, tmp_path / "a.dcm")
    assert np.array_equal(read_stored(copy).stored, read_stored(dataset).stored)
    assert (copy.LossyImageCompression, copy.LossyImageCompressionMethod) == ("01", "ISO_10918_1")


def test_only_listed_elements_are_there(chest):
    copy = deidentify(dcmread(chest), SECRET, "Anon-1")
    pixels = ("Rows", "Columns", "SamplesPerPixel", "PhotometricInterpretation", "BitsAllocated", "BitsStored")
    listed = {*allowed.TERMS, *allowed.NUMBERS, *allowed.EMPTIED, *allowed.EMPTY_WHERE_REFUSED, *pixels, "HighBit"}
    own = {"SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "PatientName", "PatientID"}
    own |= {"PatientIdentityRemoved", "DeidentificationMethod", "DeidentificationMethodCodeSequence", "PixelData"}
    own |= {"LongitudinalTemporalInformationModified", "SpecificCharacterSet", "PixelRepresentation"}
    assert {element.keyword for element in copy} <= listed | own


@pytest.mark.parametrize("name", ["RG1_UNCR.dcm", "RG3_UNCR.dcm", "RG1_UNCI.dcm"])
def test_a_real_radiograph_conforms_and_shows_the_same_picture(name, tmp_path, assert_conforms):
    source = dcmread(get_testdata_file(name, download=False))
    before = deepcopy(source)
    copy = deidentify(source, SECRET, "Anon-1")
    write_dataset(copy, tmp_path / "a.dcm")
    assert_conforms(tmp_path / "a.dcm")
    one, other = read_stored(source), read_stored(dcmread(tmp_path / "a.dcm"))
    assert np.array_equal(one.stored, other.stored) and one.stored.dtype == other.stored.dtype
    assert (one.modality, one.inverted, one.padding) == (other.modality, other.inverted, other.padding)
    assert len(one.presets) == len(other.presets) and source == before


@pytest.mark.parametrize("name", ["RG1_J2KR.dcm", "RG1_J2KI.dcm"])
def test_a_compressed_radiograph_has_no_more_complaints_than_its_source(name, tmp_path):
    path = Path(get_testdata_file(name, download=False))
    source = dcmread(path)
    copy = deidentify(source, SECRET, "Anon-1")
    write_dataset(copy, tmp_path / "a.dcm")
    assert complaints(tmp_path / "a.dcm") <= complaints(path)
    assert np.array_equal(read_stored(copy).stored, read_stored(source).stored)


def test_it_says_that_the_identity_is_removed_and_how(image):
    copy = deidentify(image, SECRET, "Anon-1")
    assert copy.PatientIdentityRemoved == "YES" and "allow-list" in copy.DeidentificationMethod
    (code,) = copy.DeidentificationMethodCodeSequence
    assert (code.CodeValue, code.CodingSchemeDesignator) == ("113100", "DCM")
    assert copy.LongitudinalTemporalInformationModified == "REMOVED"
    assert str(copy.PatientName) == copy.PatientID == "Anon-1"
    for keyword in allowed.EMPTIED:
        assert not copy[keyword].value


def test_uids_change_together_and_references_stay_true(image):
    other = deepcopy(image)
    other.SOPInstanceUID = "1.2.4"
    item = Dataset()
    item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = image.SOPClassUID, image.SOPInstanceUID
    other.SourceImageSequence = [item]
    one, two = deidentify(image, SECRET, "Anon-1"), deidentify(other, SECRET, "Anon-1")
    assert one.StudyInstanceUID == two.StudyInstanceUID and one.SeriesInstanceUID == two.SeriesInstanceUID
    assert one.SOPInstanceUID != two.SOPInstanceUID
    (reference,) = two.SourceImageSequence
    assert reference.ReferencedSOPInstanceUID == one.SOPInstanceUID
    uids = {one.StudyInstanceUID, one.SeriesInstanceUID, one.SOPInstanceUID, two.SOPInstanceUID}
    assert len(uids) == 4 and all(each.is_valid and each.startswith("2.25.") for each in uids)


def test_another_secret_gives_other_uids():
    assert hash_uid("1.2.3", SECRET) == hash_uid("1.2.3", SECRET) != hash_uid("1.2.3", SECRET[::-1])
    assert len(hash_uid("1.2.3", SECRET)) <= 64


@pytest.mark.parametrize(
    ("keyword", "value", "kept"),
    [
        ("BodyPartExamined", "CHEST", "CHEST"),
        ("BodyPartExamined", "DOE JANE", ""),
        ("ViewPosition", "PA", "PA"),
        ("PatientOrientation", ["L", "F"], ["L", "F"]),
        ("ImageType", ["DERIVED", "PRIMARY", "DOE"], ["DERIVED", "PRIMARY"]),
        ("SyntheticData", "YES", "YES"),
        ("BurnedInAnnotation", "YES", "YES"),
        ("KVP", "125.5", 125.5),
        ("PixelSpacing", ["0.15", "0.2"], [0.15, 0.2]),
        ("PixelSpacing", ["0", "0"], None),
        ("SeriesNumber", "12", 12),
        ("SeriesNumber", "20260102", None),
        ("PixelPaddingValue", 7, 7),
        ("PatientSex", "F", ""),
        ("PatientAge", "040Y", None),
        ("DetectorID", "4711", None),
        ("StudyDate", "20260102", ""),
        ("PixelSpacingCalibrationDescription", "by Dr Doe", None),
    ],
)
def test_a_value_survives_only_where_it_identifies_nobody(image, keyword, value, kept):
    set_element(image, tag_for_keyword(keyword), dictionary_VR(keyword).split(" or ")[0], value)
    assert (deidentify(image, SECRET, "Anon-1").get(keyword) or None) == (kept or None)


def test_the_spacing_keeps_its_meaning(image):
    image.ImagerPixelSpacing = ["0.1", "0.1"]
    image.EstimatedRadiographicMagnificationFactor = "1.1"
    assert find_spacing(deidentify(image, SECRET, "Anon-1")) == find_spacing(image)


def test_luts_and_codes_are_made_anew(image, assert_conforms, tmp_path):
    lut, view, unknown = Dataset(), Dataset(), Dataset()
    lut.add_new("LUTDescriptor", "US", [4, 10, 12])
    lut.LUTData, lut.LUTExplanation = np.array([0, 1, 2, 4095], "<u2").tobytes(), "Doe"
    lut["LUTData"].VR = "OW"
    view.CodeValue, view.CodingSchemeDesignator, view.CodeMeaning = "399348003", "SCT", "Doe"
    unknown.CodeValue, unknown.CodingSchemeDesignator, unknown.CodeMeaning = "DOE", "99X", "Doe"
    image.VOILUTSequence, image.ViewCodeSequence = [lut], [view, unknown]
    copy = deidentify(image, SECRET, "Anon-1")
    (kept,) = read_stored(copy).presets[:1]
    assert (kept.first, kept.bits, kept.entries.tolist()) == (10, 12, [0, 1, 2, 4095]) and kept.explanation == ""
    assert [each.CodeMeaning for each in copy.ViewCodeSequence] == ["antero-posterior"]
    assert "Doe" not in str(copy)


@pytest.mark.parametrize("syntax", [uid.ExplicitVRBigEndian, uid.RLELossless, uid.JPEGLSLossless, uid.JPEGLosslessSV1])
def test_the_stored_values_are_the_same_from_every_transfer_syntax(files, image, syntax):
    dataset = dcmread(io.BytesIO(files[syntax]))
    for keyword in ("SeriesInstanceUID", "StudyInstanceUID"):
        dataset[keyword] = image[keyword]
    copy = deidentify(dataset, SECRET, "Anon-1")
    assert np.array_equal(read_stored(copy).stored, read_stored(dataset).stored)
    assert copy.file_meta.TransferSyntaxUID == uid.ExplicitVRLittleEndian and "LossyImageCompression" not in copy


def test_negative_values_stay_negative(image):
    image.PixelRepresentation, image.BitsStored, image.HighBit = 1, 12, 11
    image.PixelData = (np.arange(len(image.PixelData) // 2) % 4096).astype("<u2").tobytes()
    copy = deidentify(image, SECRET, "Anon-1")
    assert np.array_equal(read_stored(copy).stored, read_stored(image).stored) and read_stored(copy).stored.min() < 0
    assert np.frombuffer(copy.PixelData, "<i2").min() == -2048


@pytest.mark.parametrize("pseudonym", ["", " ", "a" * 65, "ä" * 33, "a\\b", "a=b", "a\nb", "CANARY-ID", "Canary^Name"])
def test_a_pseudonym_that_does_not_serve_is_refused(image, pseudonym):
    with pytest.raises(DeidentificationError, match="pseudonym") as refusal:
        deidentify(image, SECRET, pseudonym)
    assert "CANARY" not in str(refusal.value)


def test_a_pseudonym_of_any_script_arrives(image, tmp_path):
    write_dataset(deidentify(image, SECRET, "Müller 心"), tmp_path / "a.dcm")
    assert dcmread(tmp_path / "a.dcm").PatientID == "Müller 心"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"SOPClassUID": uid.CTImageStorage}, "no CR, DX or single Secondary Capture"),
        ({"SOPClassUID": "1.2.826.0.1.CANARY"}, "no CR, DX or single Secondary Capture"),
        ({"StudyInstanceUID": ""}, "has no StudyInstanceUID"),
        ({"PhotometricInterpretation": "RGB", "SamplesPerPixel": 3}, "colour"),
        ({"NumberOfFrames": "2"}, "several frames"),
    ],
)
def test_what_the_list_was_not_made_for_is_refused(image, changes, problem):
    for keyword, value in changes.items():
        set_element(image, tag_for_keyword(keyword), dictionary_VR(keyword), value)
    with pytest.raises(DeidentificationError, match=problem) as refusal:
        deidentify(image, SECRET, "Anon-1")
    assert "CANARY" not in str(refusal.value)


def test_a_short_secret_and_broken_pixels_are_refused(image):
    with pytest.raises(DeidentificationError, match="secret"):
        deidentify(image, b"short", "Anon-1")
    image.PixelData = image.PixelData[:100]
    with pytest.raises(ImageError, match="cut short"):
        deidentify(image, SECRET, "Anon-1")


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        (None, "cannot be excluded. The file does not say"),
        ("NO", "cannot be excluded. The file says that there is none"),
        ("YES", "it is still there"),
        ("CANARY", "cannot be excluded. The file does not say"),
    ],
)
def test_the_warning_promises_nothing_of_the_pixels(declared, words):
    dataset = Dataset()
    if declared is not None:
        set_element(dataset, tag_for_keyword("BurnedInAnnotation"), "CS", declared)
    said = str(burned_in_warning(dataset))
    assert words in said and "CANARY" not in said
