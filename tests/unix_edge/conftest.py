"""Builders of headers, drafts and pictures, and the conformance checker."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from pydicom import Dataset, config
from pydicom.datadict import dictionary_VR, tag_for_keyword
from pydicom.dataelem import DataElement
from pydicom.dataset import FileMetaDataset
from pydicom.uid import DigitalXRayImageStorageForPresentation, ExplicitVRLittleEndian

from unix_edge.generate import GenerationSettings, SyntheticImage
from unix_edge.provenance import Provenance
from unix_edge.report import Ended, Report


@pytest.fixture
def make_header():
    """Build the header of a frontal chest radiograph; None leaves an element out, values go in unchecked."""

    def make(**elements) -> Dataset:
        usual = {
            "SOPClassUID": DigitalXRayImageStorageForPresentation,
            "SOPInstanceUID": "2.25.3",
            "SeriesInstanceUID": "2.25.2",
            "StudyInstanceUID": "2.25.1",
            "Modality": "DX",
            "PatientName": "Doe^Jane",
            "PatientID": "4711",
            "PatientBirthDate": "19600229",
            "PatientSex": "F",
            "StudyDate": "20260102",
            "StudyTime": "030405.5",
            "StudyID": "S1",
            "AccessionNumber": "A1",
            "ReferringPhysicianName": "Roe^Richard",
            "BodyPartExamined": "CHEST",
            "ViewPosition": "PA",
            "PatientOrientation": ["L", "F"],
            "Rows": 2000,
            "Columns": 1800,
        }
        header = Dataset()
        for keyword, value in {**usual, **elements}.items():
            if value is not None:
                tag = tag_for_keyword(keyword)
                header[tag] = DataElement(tag, dictionary_VR(tag), value, validation_mode=config.IGNORE)
        return header

    return make


@pytest.fixture
def make_file(make_header):
    """Write a small chest radiograph of noise; `seed` makes its pixels, the rest goes into its header."""

    def make(path: Path, *, seed=0, **elements) -> Path:
        values = np.random.default_rng(seed).integers(0, 4096, (300, 280), dtype=np.uint16)
        dataset = make_header(**{"Rows": 300, "Columns": 280, **elements})
        dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
        dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 16, 12, 11, 0
        dataset.PixelData = values.tobytes()
        dataset.file_meta = FileMetaDataset()
        dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        dataset.save_as(path, enforce_file_format=True)
        return path

    return make


@pytest.fixture
def make_provenance():
    def make(**fields) -> Provenance:
        usual = {
            "software": "UniX Edge 0.1.0",
            "checkpoint": "UniX",
            "checkpoint_sha256": "ab" * 32,
            "precision": "fp16",
            "device": "cpu",
            "trained": True,
            "parameters": {"max_tokens": 500, "temperature": 0.5, "seed": 11, "prompt_sha256": "cd" * 32},
            "created": "2026-01-02T03:04:05+00:00",
            "source": {"sha256": "ef" * 32, "sop_instance_uid": "2.25.3"},
        }
        return Provenance(**{**usual, **fields})

    return make


@pytest.fixture
def make_report(make_provenance):
    def make(findings="The lungs are clear.", impression="No acute disease.", ended=Ended.FINISHED, **fields) -> Report:
        text = f"FINDINGS: {findings}\nIMPRESSION: {impression}"
        return Report(text, findings, impression, (1, 2), ended, make_provenance(**fields))

    return make


@pytest.fixture
def make_picture(make_provenance):
    """Build a picture of noise, so that no row of it can be mistaken for the strip."""
    from dataclasses import asdict

    def make(side=256, settings=GenerationSettings(seed=7), **fields) -> SyntheticImage:  # noqa: B008 - frozen
        parameters = asdict(settings) | {"noise": "seeded", "size": side, "prompt_sha256": "cd" * 32}
        gray = np.random.default_rng(0).integers(0, 200, (side, side, 1), dtype=np.uint8)
        provenance = make_provenance(**{"parameters": parameters, "source": {}, **fields})
        return SyntheticImage(gray.repeat(3, axis=2), np.zeros((4, 4), np.float32), provenance)

    return make


@pytest.fixture
def assert_conforms():
    """Assert that dciodvfy finds no error in a file, by its old checks and its new."""
    program = Path(sys.executable).with_name("dciodvfy")
    found = str(program) if program.is_file() else shutil.which("dciodvfy")
    assert found, "dicom3tools, of the dev extra, is not installed"

    def check(path: Path) -> None:
        for options in ([], ["-new"]):
            result = subprocess.run([found, *options, str(path)], capture_output=True, text=True, check=False)
            said = result.stdout + result.stderr
            assert result.returncode == 0 and "Error" not in said, said

    return check
