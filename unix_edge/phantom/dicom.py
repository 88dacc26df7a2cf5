"""A phantom as a DICOM radiograph, marked in each attribute; the same phantom is the same file.

Its beams are computed parallel, so that a length at the detector is the length in the patient: ImagerPixelSpacing with
a magnification of 1. There was no source, detector or date, and nothing is said of them.
"""

import hashlib
import json
import uuid
from pathlib import Path

import numpy as np
from pydicom import Dataset
from pydicom.dataset import FileMetaDataset
from pydicom.sr.coding import Code
from pydicom.uid import UID, DigitalXRayImageStorageForPresentation, ExplicitVRLittleEndian
from pydicom.valuerep import DSfloat

from .. import __version__
from ..dicom.writing import MANUFACTURER, UTF_8, code_item, write_dataset
from ..domain import PHANTOM_MARK
from ..provenance import RESEARCH_ONLY
from ..results.secondary_capture import SYNTHESIZING_EQUIPMENT
from .compute import VERSION, Phantom

SIMULATOR = "Computed phantom"
CHEST = Code("816094009", "SCT", "Chest")
POSTERO_ANTERIOR = Code("272479007", "SCT", "postero-anterior")


def write_phantom(phantom: Phantom, path: Path) -> None:
    """Write a Digital X-Ray Image for presentation (PS3.3 A.26), whole or not at all.

    Raises:
        NoSpaceError, OutputError: It cannot be written.
    """
    write_dataset(make_dataset(phantom), path, private=False)


def make_dataset(phantom: Phantom) -> Dataset:
    """Return the object. It has no date: it was computed, and is the same whenever that is done."""
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SpecificCharacterSet = UTF_8
    dataset.SOPClassUID = DigitalXRayImageStorageForPresentation
    dataset.SOPInstanceUID = _uid("image", phantom)
    dataset.SeriesInstanceUID = _uid("series", phantom)
    dataset.StudyInstanceUID = _uid("study", phantom)
    dataset.SeriesNumber = dataset.InstanceNumber = 1
    _mark(dataset, phantom)
    _describe_projection(dataset, phantom)
    _put_pixels(dataset, phantom)
    return dataset


def _uid(name: str, phantom: Phantom) -> UID:
    """Return the same UID for the same phantom; the pixels tell apart those computed from other cases and sizes."""
    pixels = hashlib.sha256(phantom.pixels.tobytes()).hexdigest()
    number = uuid.uuid5(uuid.NAMESPACE_OID, f"phantom {VERSION} {phantom.seed} {pixels} {name}").int
    return UID(f"2.25.{number}")


def _mark(dataset: Dataset, phantom: Phantom) -> None:
    """Say that it shows nobody, and what computed it."""
    dataset.PatientName = "SYNTHETIC^Computed phantom"
    dataset.PatientID = f"PHANTOM-{VERSION}-{phantom.seed}"
    dataset.PatientBirthDate = dataset.PatientSex = ""
    dataset.StudyDate = dataset.StudyTime = dataset.AccessionNumber = dataset.ReferringPhysicianName = ""
    dataset.StudyID = "SYNTHETIC"
    dataset.StudyDescription = dataset.SeriesDescription = PHANTOM_MARK
    dataset.SyntheticData = "YES"
    dataset.ContentQualification = "RESEARCH"
    dataset.ImageComments = f"{PHANTOM_MARK}. {RESEARCH_ONLY}"
    dataset.Manufacturer, dataset.ManufacturerModelName = MANUFACTURER, SIMULATOR
    dataset.SoftwareVersions = [f"UniX Edge {__version__}", f"simulator {VERSION}"]
    side = len(phantom.pixels)
    dataset.DerivationDescription = (
        f"Computed by simulator {VERSION} from seed {phantom.seed}: thickness maps of a parametric thorax, "
        f"attenuated along parallel beams, {side} x {side} pixels."
    )
    maker = Dataset()
    maker.PurposeOfReferenceCodeSequence = [code_item(SYNTHESIZING_EQUIPMENT)]
    maker.Manufacturer, maker.ManufacturerModelName = MANUFACTURER, SIMULATOR
    maker.SoftwareVersions = dataset.SoftwareVersions
    maker.ContributionDescription = json.dumps({"simulator": VERSION, "seed": phantom.seed, "size": side})
    dataset.ContributingEquipmentSequence = [maker]


def _describe_projection(dataset: Dataset, phantom: Phantom) -> None:
    """Say what is shown, from where, and how large."""
    dataset.Modality = "DX"
    dataset.PresentationIntentType = "FOR PRESENTATION"
    dataset.ImageType = ["DERIVED", "PRIMARY"]
    dataset.BodyPartExamined = "CHEST"
    dataset.AnatomicRegionSequence = [code_item(CHEST)]
    dataset.ImageLaterality = "U"
    dataset.ViewPosition = "PA"
    view = code_item(POSTERO_ANTERIOR)
    view.ViewModifierCodeSequence = []
    dataset.ViewCodeSequence = [view]
    dataset.PatientOrientation = ["L", "F"]
    dataset.AcquisitionContextSequence = []
    dataset.DetectorType = dataset.PositionerType = ""
    dataset.ImagerPixelSpacing = [DSfloat(phantom.pixel_spacing, auto_format=True)] * 2
    dataset.EstimatedRadiographicMagnificationFactor = 1


def _put_pixels(dataset: Dataset, phantom: Phantom) -> None:
    """Set the image to 8-bit values, 0 black, with a window that leaves them as they are."""
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.Rows, dataset.Columns = phantom.pixels.shape
    dataset.BitsAllocated = dataset.BitsStored = 8
    dataset.HighBit = 7
    dataset.PixelRepresentation = 0
    dataset.PixelIntensityRelationship, dataset.PixelIntensityRelationshipSign = "LOG", -1
    dataset.RescaleIntercept, dataset.RescaleSlope, dataset.RescaleType = 0, 1, "US"
    dataset.WindowCenter, dataset.WindowWidth = 128, 256
    dataset.PresentationLUTShape = "IDENTITY"
    dataset.LossyImageCompression = "00"
    dataset.BurnedInAnnotation = dataset.RecognizableVisualFeatures = "NO"
    content = np.ascontiguousarray(phantom.pixels).tobytes()
    dataset.PixelData = content + b"\0" * (len(content) % 2)
