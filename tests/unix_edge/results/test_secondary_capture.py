"""A synthetic picture as DICOM says what it is in its pixels and in each attribute; nothing writes one unmarked."""

import ast
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pydicom import dcmread
from pydicom.uid import SecondaryCaptureImageStorage

import unix_edge
from unix_edge.errors import OutputError
from unix_edge.generate import GenerationSettings
from unix_edge.results.marking import MARK, mark
from unix_edge.results.secondary_capture import make_secondary_capture, write_secondary_capture


@pytest.fixture
def written(make_picture, tmp_path):
    write_secondary_capture(make_picture(), tmp_path / "a.dcm")
    return dcmread(tmp_path / "a.dcm")


def test_it_conforms(written, assert_conforms):
    assert_conforms(Path(written.filename))


def test_a_picture_of_random_weights_and_odd_sides_conforms(make_picture, assert_conforms, tmp_path):
    picture = make_picture(side=255, trained=False, checkpoint="a" * 300 + "ü\\\n")
    write_secondary_capture(picture, tmp_path / "a.dcm")
    assert_conforms(tmp_path / "a.dcm")
    assert "mean nothing" in dcmread(tmp_path / "a.dcm").ImageComments


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("SyntheticData", "YES"),
        ("ImageType", ["DERIVED", "SECONDARY"]),
        ("ConversionType", "SYN"),
        ("SOPClassUID", SecondaryCaptureImageStorage),
        ("SeriesDescription", "SYNTHETIC - AI generated - not a patient"),
        ("StudyDescription", "SYNTHETIC - AI generated - not a patient"),
        ("ContentQualification", "RESEARCH"),
        ("BurnedInAnnotation", "NO"),
        ("RecognizableVisualFeatures", "NO"),
        ("Manufacturer", "UniX Edge"),
        ("ManufacturerModelName", "UniX Edge"),
        ("SoftwareVersions", "UniX Edge 0.1.0"),
        ("SpecificCharacterSet", "ISO_IR 192"),
        ("PhotometricInterpretation", "MONOCHROME2"),
        ("PatientBirthDate", ""),
        ("PatientSex", ""),
    ],
)
def test_each_attribute_marks_it(written, keyword, value):
    assert written[keyword].value == value


@pytest.mark.parametrize(
    "keyword",
    [
        "PixelSpacing",
        "ImagerPixelSpacing",
        "NominalScannedPixelSpacing",
        "QualityControlImage",
        "DerivationCodeSequence",
        "SourceImageSequence",
        "PatientIdentityRemoved",
        "Laterality",
        "PresentationIntentType",
    ],
)
def test_what_would_be_untrue_is_absent(written, keyword):
    assert keyword not in written


def test_it_belongs_to_nobody(written):
    assert str(written.PatientName).startswith("SYNTHETIC^") and written.PatientID.startswith("SYN-")
    assert "not for diagnosis" in written.ImageComments.lower()


def test_its_maker_is_told_with_weights_and_parameters(written):
    (item,) = written.ContributingEquipmentSequence
    (purpose,) = item.PurposeOfReferenceCodeSequence
    assert (purpose.CodeValue, purpose.CodingSchemeDesignator) == ("109100", "DCM")
    assert purpose.CodeMeaning == "Synthesizing Equipment"
    assert (item.Manufacturer, item.ManufacturerModelName, item.SoftwareVersions) == (
        "UniX Edge",
        "UniX",
        "UniX Edge 0.1.0",
    )
    assert item.ContributionDateTime == "20260102030405+0000"
    told = json.loads(item.ContributionDescription)
    assert told["checkpoint_sha256"] == "ab" * 32 and told["precision"] == "fp16"
    assert told["parameters"]["seed"] == 7 and told["parameters"]["prompt_sha256"] == "cd" * 32
    for word in ("49 steps", "seed 7", "cd" * 32, "ab" * 32):
        assert word in written.DerivationDescription


def test_the_parameters_fit_however_long(make_picture):
    settings = GenerationSettings(seed=2**63 - 1, timesteps=1000, guidance=1.2345678901234567, renorm_min=0.1 + 0.2)
    picture = make_picture(settings=settings, checkpoint="ü" * 500, device="tensorrt-rtx:10")
    (item,) = make_secondary_capture(picture).ContributingEquipmentSequence
    assert json.loads(item.ContributionDescription)["created"] and len(item.ContributionDescription) <= 1024


@pytest.mark.parametrize(("words", "told"), [("AVX2", True), ("AVX512 " * 100, False)])
def test_the_machine_is_left_out_where_it_does_not_fit(make_picture, words, told):
    (item,) = make_secondary_capture(make_picture(runtime={"processor": words})).ContributingEquipmentSequence
    assert ("runtime" in json.loads(item.ContributionDescription)) is told


def test_the_device_is_the_same_for_the_same_weights_only(make_picture):
    def device(**fields):
        return make_secondary_capture(make_picture(**fields)).ContributingEquipmentSequence[0].DeviceUID

    assert device() == device(created="2026-02-02T03:04:05+00:00") != device(checkpoint_sha256="00" * 32)
    assert device() != device(precision="fp32")


def test_every_uid_is_new_each_time(make_picture):
    keywords = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "PatientID")
    picture = make_picture()
    seen = [make_secondary_capture(picture)[keyword].value for keyword in keywords for _ in range(2)]
    assert len(set(seen)) == 8
    assert all(uid.startswith("2.25.") for uid in seen[:6])


def test_the_strip_stands_below_the_picture_as_in_a_png(make_picture, written):
    picture = make_picture()
    pixels = written.pixel_array
    assert pixels.shape[1] == 256 and pixels.shape[0] > 256 + 20
    np.testing.assert_array_equal(pixels[:256], picture.pixels[..., 0])
    np.testing.assert_array_equal(pixels, np.asarray(mark(picture).convert("L")))
    strip = pixels[256:]
    assert 0.01 < (strip < 128).mean() < 0.5 and (strip[:2] == 255).all()


def test_the_preamble_carries_nothing(written):
    content = Path(written.filename).read_bytes()
    assert content[:128] == bytes(128) and content[128:132] == b"DICM"


def test_nothing_is_left_where_it_cannot_be_written(make_picture, tmp_path):
    with pytest.raises(OutputError, match="was not written"):
        write_secondary_capture(make_picture(), tmp_path / "nowhere" / "a.dcm")
    assert list(tmp_path.iterdir()) == []


def test_only_marking_reads_a_picture_s_pixels():
    """PNG and DICOM alike take what `mark` returns, so there is no way to a file around the strip.

    A computed phantom is no model's picture: its files are marked in their attributes.
    """
    reads = set()
    for path in Path(unix_edge.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr == "pixels":
                reads.add((path.name, ast.unparse(node)))
    others = {("image.py", "decoded.pixels"), ("dicom.py", "phantom.pixels"), ("png.py", "phantom.pixels")}
    assert reads - others == {("marking.py", "picture.pixels")}


def test_dicom_is_written_in_one_place_only():
    sources = [path for path in Path(unix_edge.__file__).parent.rglob("*.py") if path.name != "writing.py"]
    ways = ("dcmwrite", "save_as", "write_like_original")
    assert [path.name for path in sources if any(way in path.read_text("utf-8") for way in ways)] == []


def test_the_written_pixels_read_as_words(written):
    """The mark's first line, drawn again, is found in the strip."""
    from unix_edge.results.marking import add_strip

    alone = np.asarray(add_strip(Image.new("RGB", (256, 1)), [MARK]).convert("L"))[1:]
    rows = alone.shape[0] - 6
    np.testing.assert_array_equal(written.pixel_array[256 : 256 + rows], alone[:rows])
