"""The model as DICOM names a device: what every result says of what made it."""

import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydicom import Dataset
from pydicom.sr.coding import Code
from pydicom.uid import UID

from ..dicom.writing import LO, MANUFACTURER, ST, code_item
from ..provenance import Provenance


def made_at(provenance: Provenance) -> datetime:
    """Return when a result was made, in local time."""
    return datetime.fromisoformat(provenance.created).astimezone()


def mark_as_result(dataset: Dataset, provenance: Provenance) -> None:
    """Say in an object by `dicom.writing.new_object` that it is a result: for research, and when it was made."""
    dataset.ContentDate, dataset.ContentTime = dataset.InstanceCreationDate, dataset.InstanceCreationTime
    dataset.SoftwareVersions = provenance.software
    dataset.ContentQualification = "RESEARCH"


def equipment_item(purpose: Code, provenance: Provenance, mark: Mapping[str, Any] | None = None) -> Dataset:
    """Return an item of ContributingEquipmentSequence (0018,A001): a text's mark, the model, and all parameters."""
    item = Dataset()
    item.PurposeOfReferenceCodeSequence = [code_item(purpose)]
    item.Manufacturer = MANUFACTURER
    item.ManufacturerModelName = model_name(provenance)
    item.SoftwareVersions = provenance.software
    item.DeviceUID = device_uid(provenance)
    item.ContributionDateTime = datetime.fromisoformat(provenance.created).strftime("%Y%m%d%H%M%S%z")
    described = {**(mark or {}), **provenance.as_dict(), "checkpoint": model_name(provenance)}
    item.ContributionDescription = _as_short_text(described)
    return item


def _as_short_text(described: dict[str, Any]) -> str:
    """Return JSON that an ST holds; without the machine where it would be too long."""
    for left_out in ((), ("runtime",)):
        text = json.dumps({key: described[key] for key in described if key not in left_out}, separators=(",", ":"))
        if len(text) <= ST:
            break
    return text[:ST]


def device_uid(provenance: Provenance) -> UID:
    """Return the UID of the model: the same for the same weights and precision, another for any other."""
    name = f"{provenance.checkpoint_sha256} {provenance.precision}"
    return UID(f"2.25.{uuid.uuid5(uuid.NAMESPACE_OID, name).int}")


def model_name(provenance: Provenance) -> str:
    """Return the checkpoint's name as a Long String can hold it, counted in bytes as the strictest readers do."""
    name = "".join(each if each.isprintable() and each != "\\" else "?" for each in provenance.checkpoint)
    return name.encode()[:LO].decode(errors="ignore")
