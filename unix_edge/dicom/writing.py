"""What every DICOM object that we write has in common: fresh UIDs, who made it, and one place that writes it."""

import io
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pydicom import Dataset, config
from pydicom.datadict import dictionary_VR, tag_for_keyword
from pydicom.dataelem import DataElement
from pydicom.dataset import FileMetaDataset
from pydicom.filewriter import dcmwrite
from pydicom.uid import UID, ExplicitVRLittleEndian, generate_uid

from ..errors import OutputError
from ..files import write_atomically
from ..sentences import Sentence

if TYPE_CHECKING:  # it comes with all codes of DICOM, which take longer to import than most films to decode
    from pydicom.sr.coding import Code

MANUFACTURER = "UniX Edge"
UTF_8 = "ISO_IR 192"
LO, ST = 64, 1024
"""Most characters of the value representations Long String and Short Text."""


def new_object(sop_class: UID, made: datetime) -> Dataset:
    """Begin an object of its own series: SOP Common and General Equipment.

    Its instance and series UIDs are new, under the root 2.25, which belongs to nobody.
    """
    from .. import __version__

    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SpecificCharacterSet = UTF_8
    dataset.SOPClassUID = sop_class
    dataset.SOPInstanceUID, dataset.SeriesInstanceUID = new_uid(), new_uid()
    dataset.SeriesNumber = dataset.InstanceNumber = 1
    dataset.InstanceCreationDate = dataset.SeriesDate = made.strftime("%Y%m%d")
    dataset.InstanceCreationTime = dataset.SeriesTime = made.strftime("%H%M%S")
    dataset.Manufacturer = dataset.ManufacturerModelName = MANUFACTURER
    dataset.SoftwareVersions = f"{MANUFACTURER} {__version__}"
    return dataset


def new_uid() -> UID:
    """Return a random UID under the root 2.25."""
    return generate_uid(prefix=None)


def is_uid(value: object) -> bool:
    """Return whether a value read from a file is a UID."""
    return isinstance(value, str) and UID(value, validation_mode=config.IGNORE).is_valid


def code_item(code: "Code") -> Dataset:
    """Return a coded concept as an item of a code sequence."""
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = code.value, code.scheme_designator, code.meaning
    return item


def set_unchecked(dataset: Dataset, keyword: str, value: object) -> None:
    """Set an element to another file's value as it is: pydicom's complaints would print it."""
    tag = tag_for_keyword(keyword)
    assert tag is not None
    dataset[tag] = DataElement(tag, dictionary_VR(tag), value, validation_mode=config.IGNORE)


def to_bytes(dataset: Dataset) -> bytes:
    """Return a dataset as a DICOM file's bytes, its preamble all zeros.

    Raises:
        ValueError, TypeError, AttributeError, OverflowError: A value does not fit DICOM.
    """
    buffer = io.BytesIO()
    dcmwrite(buffer, dataset, enforce_file_format=True)
    return buffer.getvalue()


def write_dataset(dataset: Dataset, path: Path, *, private: bool = True) -> None:
    """Write a DICOM file, its preamble all zeros, whole or not at all.

    Args:
        dataset: What it holds.
        path: Where to.
        private: Whether it is about a patient, and so for nobody but this user.

    Raises:
        NoSpaceError, OutputError: It cannot be written.
    """
    try:
        content = to_bytes(dataset)
    except (ValueError, TypeError, AttributeError, OverflowError) as error:
        raise OutputError(path, Sentence("its values do not fit DICOM ({0})", type(error).__name__)) from None
    write_atomically(path, content, private=private)
