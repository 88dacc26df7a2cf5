"""A synthetic picture as a DICOM Secondary Capture, marked in its pixels and in every attribute made for it.

Secondary Capture and not a radiograph's own class, which would need facts of a detector that never was. It carries no
PixelSpacing, so that no viewer shows millimetres, and belongs to a patient and a study of its own.
"""

import uuid
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.sr.coding import Code
from pydicom.uid import SecondaryCaptureImageStorage

from ..dicom.writing import ST, new_object, new_uid, write_dataset
from ..generate import SyntheticImage
from ..provenance import RESEARCH_ONLY, UNTRAINED, Provenance
from .equipment import equipment_item, made_at, mark_as_result
from .marking import MARK, mark

SYNTHESIZING_EQUIPMENT = Code("109100", "DCM", "Synthesizing Equipment")


def write_secondary_capture(picture: SyntheticImage, path: Path) -> None:
    """Write a marked Secondary Capture (PS3.3 A.8.1), whole or not at all.

    Raises:
        NoSpaceError, OutputError: It cannot be written.
    """
    write_dataset(make_secondary_capture(picture), path, private=False)


def make_secondary_capture(picture: SyntheticImage) -> Dataset:
    """Return the object: a new patient, study and series for each picture, its strip below the image."""
    made = picture.provenance
    dataset = new_object(SecondaryCaptureImageStorage, made_at(made))
    mark_as_result(dataset, made)
    dataset.SyntheticData = "YES"
    dataset.ContributingEquipmentSequence = [equipment_item(SYNTHESIZING_EQUIPMENT, made)]
    dataset.PatientName = "SYNTHETIC^AI generated"
    dataset.PatientID = f"SYN-{uuid.uuid4().hex[:12].upper()}"
    dataset.PatientBirthDate = dataset.PatientSex = ""
    dataset.StudyInstanceUID = new_uid()
    dataset.StudyDate, dataset.StudyTime = dataset.ContentDate, dataset.ContentTime
    dataset.StudyID = "SYNTHETIC"
    dataset.AccessionNumber = dataset.ReferringPhysicianName = ""
    dataset.StudyDescription = dataset.SeriesDescription = MARK
    dataset.Modality = "OT"
    dataset.BodyPartExamined = "CHEST"
    dataset.ConversionType = "SYN"
    dataset.ImageType = ["DERIVED", "SECONDARY"]
    dataset.PatientOrientation = ""
    dataset.DerivationDescription = _derivation(made)
    words = RESEARCH_ONLY if made.trained else f"{RESEARCH_ONLY} {UNTRAINED}"
    dataset.ImageComments = f"{MARK}. {words}"
    dataset.BurnedInAnnotation = "NO"  # it means text that identifies a patient; the strip's does not
    dataset.RecognizableVisualFeatures = "NO"
    _put_pixels(dataset, np.asarray(mark(picture).convert("L")))
    return dataset


def _derivation(made: Provenance) -> str:
    """Say how the picture was made; the prompt only as its hash."""
    parameters = made.parameters
    understood = "" if parameters.get("prompt_understood", True) else " in which nothing was understood"
    return (
        f"Flow matching from text, {parameters['steps']} steps, seed {parameters['seed']}, "
        f"{parameters['noise']} noise, prompt SHA-256 {parameters['prompt_sha256']}{understood}, "
        f"weights SHA-256 {made.checkpoint_sha256}, {made.precision}."
    )[:ST]


def _put_pixels(dataset: Dataset, gray: NDArray[np.uint8]) -> None:
    """Set the image to (Rows, Columns) 8-bit values, 0 black."""
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.Rows, dataset.Columns = gray.shape
    dataset.BitsAllocated = dataset.BitsStored = 8
    dataset.HighBit = 7
    dataset.PixelRepresentation = 0
    content = gray.tobytes()
    dataset.PixelData = content + b"\0" * (len(content) % 2)
