"""A phantom's files say what it is, hold its pixels as they are, and are the same each time."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from pydicom import dcmread
from pydicom.uid import DigitalXRayImageStorageForPresentation

from unix_edge.dicom.chest import require_frontal_chest
from unix_edge.dicom.spacing import Unit, find_spacing
from unix_edge.domain import is_phantom_dicom, is_phantom_png
from unix_edge.errors import OutputError
from unix_edge.findings import find_labels
from unix_edge.image import load_radiograph
from unix_edge.phantom import VERSION, compute_phantom
from unix_edge.phantom.cases import Case
from unix_edge.phantom.dicom import make_dataset, write_phantom
from unix_edge.phantom.png import write_png


@pytest.fixture(scope="module")
def phantom():
    return compute_phantom(7, 256)


@pytest.fixture
def path(phantom, tmp_path):
    write_phantom(phantom, tmp_path / "a.dcm")
    return tmp_path / "a.dcm"


@pytest.fixture
def written(path):
    return dcmread(path)


def test_it_conforms(path, assert_conforms):
    assert_conforms(path)


@pytest.mark.parametrize("size", [257, 288])
def test_odd_sides_and_spacings_conform(size, tmp_path, assert_conforms):
    phantom = compute_phantom(0, size)
    write_phantom(phantom, tmp_path / "a.dcm")
    assert_conforms(tmp_path / "a.dcm")
    np.testing.assert_array_equal(np.asarray(load_radiograph(tmp_path / "a.dcm").image), phantom.pixels)
    assert find_spacing(dcmread(tmp_path / "a.dcm")).row == pytest.approx(330 / size, rel=1e-9)


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("SOPClassUID", DigitalXRayImageStorageForPresentation),
        ("SyntheticData", "YES"),
        ("PatientName", "SYNTHETIC^Computed phantom"),
        ("PatientID", f"PHANTOM-{VERSION}-7"),
        ("PatientBirthDate", ""),
        ("PatientSex", ""),
        ("StudyDescription", "SYNTHETIC - computed phantom"),
        ("SeriesDescription", "SYNTHETIC - computed phantom"),
        ("ContentQualification", "RESEARCH"),
        ("Modality", "DX"),
        ("PresentationIntentType", "FOR PRESENTATION"),
        ("ImageType", ["DERIVED", "PRIMARY"]),
        ("BodyPartExamined", "CHEST"),
        ("ImageLaterality", "U"),
        ("ViewPosition", "PA"),
        ("PatientOrientation", ["L", "F"]),
        ("PhotometricInterpretation", "MONOCHROME2"),
        ("PresentationLUTShape", "IDENTITY"),
        ("PixelIntensityRelationship", "LOG"),
        ("PixelIntensityRelationshipSign", -1),
        ("ImagerPixelSpacing", [330 / 256, 330 / 256]),
        ("EstimatedRadiographicMagnificationFactor", 1),
        ("DetectorType", ""),
        ("PositionerType", ""),
        ("LossyImageCompression", "00"),
        ("BurnedInAnnotation", "NO"),
        ("RecognizableVisualFeatures", "NO"),
        ("StudyDate", ""),
        ("StudyTime", ""),
        ("Manufacturer", "UniX Edge"),
        ("ManufacturerModelName", "Computed phantom"),
    ],
)
def test_each_attribute_says_what_is_true(written, keyword, value):
    assert written[keyword].value == value


@pytest.mark.parametrize(
    "keyword",
    [
        "PixelSpacing",
        "DistanceSourceToDetector",
        "DistanceSourceToPatient",
        "KVP",
        "Exposure",
        "ContentDate",
        "AcquisitionDate",
        "InstanceCreationDate",
        "SourceImageSequence",
        "PatientIdentityRemoved",
        "Laterality",
    ],
)
def test_what_would_be_untrue_is_absent(written, keyword):
    assert keyword not in written


def test_its_maker_is_told_with_version_and_seed(written):
    (maker,) = written.ContributingEquipmentSequence
    assert maker.PurposeOfReferenceCodeSequence[0].CodeMeaning == "Synthesizing Equipment"
    assert maker.ContributionDescription == f'{{"simulator": "{VERSION}", "seed": 7, "size": 256}}'
    assert maker.SoftwareVersions == written.SoftwareVersions and f"simulator {VERSION}" in maker.SoftwareVersions
    assert f"simulator {VERSION} from seed 7" in written.DerivationDescription
    assert "parallel beams" in written.DerivationDescription
    assert "Not for diagnosis" in written.ImageComments


def test_region_and_view_are_coded(written):
    assert written.AnatomicRegionSequence[0].CodeValue == "816094009"
    assert written.ViewCodeSequence[0].CodeMeaning == "postero-anterior"


def test_it_is_a_frontal_chest_without_a_question(path):
    require_frontal_chest(load_radiograph(path).header)


def test_the_pixels_are_read_back_as_they_are(path, phantom):
    loaded = load_radiograph(path)
    np.testing.assert_array_equal(np.asarray(loaded.image), phantom.pixels)
    assert loaded.warnings == ()


def test_a_millimetre_is_one_of_the_patient_s(path):
    spacing = find_spacing(load_radiograph(path).header)
    assert (spacing.row, spacing.column, spacing.unit) == (330 / 256, 330 / 256, Unit.MILLIMETRES)
    assert spacing.label == "mm magnification-corrected (ERMF 1.00)"


def test_the_same_phantom_is_the_same_file(path, tmp_path):
    write_phantom(compute_phantom(7, 256), tmp_path / "b.dcm")
    assert path.read_bytes() == (tmp_path / "b.dcm").read_bytes()


def test_another_seed_size_or_case_has_other_uids(phantom):
    others = [phantom, compute_phantom(8, 256), compute_phantom(7, 288), compute_phantom(7, 256, Case(()))]
    others += [replace(phantom, seed=9)]
    uids = [
        make_dataset(each)[keyword].value
        for each in others
        for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID")
    ]
    assert len(set(uids)) == len(uids) and all(uid.startswith("2.25.") and len(uid) <= 64 for uid in uids)


def test_dicom_and_png_carry_the_mark(path, phantom, tmp_path):
    write_png(phantom, tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as picture:
        assert is_phantom_png(picture.info) and "seed 7" in picture.info["Source"]
        np.testing.assert_array_equal(np.asarray(picture), phantom.pixels)
    assert is_phantom_dicom(load_radiograph(path).header)


def test_nothing_is_left_where_it_cannot_be_written(phantom, tmp_path):
    for write in (write_phantom, write_png):
        with pytest.raises(OutputError, match="was not written"):
            write(phantom, tmp_path / "nowhere" / "a")
    assert list(tmp_path.iterdir()) == []


def test_the_command_writes_it_and_tells_the_truth(run_python, path, phantom, tmp_path):
    result = run_python("-m", "unix_edge.phantom", "7", str(tmp_path / "b.dcm"), "--size", "256")
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "b.dcm").read_bytes() == path.read_bytes()
    *labels, report = result.stdout.splitlines()
    assert report == phantom.report and find_labels(report) == phantom.case.labels
    assert labels == [f"{label}, {side}" if side else label for label, side in phantom.case.labels.items()]


def test_the_command_refuses_in_a_sentence(run_python, tmp_path):
    result = run_python("-m", "unix_edge.phantom", "7", str(tmp_path / "a.jpg"))
    assert result.returncode == 1 and result.stderr.strip().endswith("phantoms are written as .dcm or .png.")
    assert run_python("-m", "unix_edge.phantom", "7", str(tmp_path / "a.dcm"), "--size", "64").returncode == 2
    assert list(tmp_path.iterdir()) == []
