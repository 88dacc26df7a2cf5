"""Whether an image is of the kind that a model has seen."""

from collections.abc import Mapping
from typing import Any

from pydicom import Dataset

from .sentences import Sentence

COMPUTED_PHANTOMS = "computed phantoms"
"""What the manifest of a model says that was trained on nothing else."""
PHANTOM_MARK = "SYNTHETIC - computed phantom"
"""SeriesDescription (0008,103E) of a phantom as DICOM, Title of one as PNG."""
OUT_OF_DOMAIN = Sentence("This model has only seen computed phantoms: on a real radiograph its text means nothing.")


def is_in_domain(trained_on: str, phantom: bool) -> bool | None:
    """Return whether a model has seen such images; None where its bundle does not say what it has seen."""
    return phantom if trained_on == COMPUTED_PHANTOMS else None


def is_phantom_dicom(header: Dataset) -> bool:
    """Return whether a DICOM header marks a computed phantom."""
    return header.get("SyntheticData") == "YES" and header.get("SeriesDescription") == PHANTOM_MARK


def is_phantom_png(chunks: Mapping[Any, Any]) -> bool:
    """Return whether a PNG's text chunks mark a computed phantom."""
    return chunks.get("Synthetic Data") == "YES" and chunks.get("Title") == PHANTOM_MARK
