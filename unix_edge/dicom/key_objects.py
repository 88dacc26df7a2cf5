"""The images that a reader chose, and what for: a Key Object Selection Document (PS3.3 A.35.4, PS3.16 TID 2010)."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydicom import Dataset, config
from pydicom.sr.coding import Code
from pydicom.uid import KeyObjectSelectionDocumentStorage

from ..errors import KeyObjectsError
from ..sentences import Sentence, translatable
from .filing import (
    ReferencedImage,
    begin_object,
    items,
    list_evidence,
    missing_uids,
    one_line,
    plain_lines,
    read_references,
    reference,
)
from .transforms import read_text
from .writing import code_item, write_dataset

OF_INTEREST = Code("113000", "DCM", "Of Interest")
TITLES = (
    OF_INTEREST,
    Code("113001", "DCM", "Rejected for Quality Reasons"),
    Code("113002", "DCM", "For Referring Provider"),
    Code("113003", "DCM", "For Surgery"),
    Code("113004", "DCM", "For Teaching"),
    Code("113005", "DCM", "For Conference"),
    Code("113006", "DCM", "For Therapy"),
    Code("113007", "DCM", "For Patient"),
    Code("113008", "DCM", "For Peer Review"),
    Code("113009", "DCM", "For Research"),
    Code("113010", "DCM", "Quality Issue"),
    Code("113018", "DCM", "For Printing"),
    Code("113020", "DCM", "For Report Attachment"),
    Code("113021", "DCM", "For Litigation"),
    Code("113037", "DCM", "Rejected for Patient Safety Reasons"),
)
"""What images are chosen for (PS3.16 CID 7010), as far as a reader chooses."""
DESCRIPTION = Code("113012", "DCM", "Key Object Description")
_MAX_DESCRIPTION = 10_000


@dataclass(frozen=True, slots=True)
class KeyObjects:
    """A choice of images."""

    images: tuple[ReferencedImage, ...] = ()
    title: Code = OF_INTEREST
    description: str = ""
    left_out: tuple[Sentence, ...] = ()
    """Sentences on what a file holds beyond this. They are not written."""


def read_key_objects(dataset: Dataset) -> KeyObjects:
    """Read a choice of images.

    Args:
        dataset: A file's, from anywhere.

    Raises:
        KeyObjectsError: It is none, has no title, or refers to no image that its evidence lists.
    """
    with config.disable_value_validation():  # pydicom's warnings would quote the file
        if read_text(dataset, "SOPClassUID") != KeyObjectSelectionDocumentStorage:
            raise KeyObjectsError(Sentence("it is no Key Object Selection Document"))
        title = _read_code(dataset, "ConceptNameCodeSequence")
        if title is None:
            raise KeyObjectsError(Sentence("it does not say what its images were chosen for"))
        known = {(each.value, each.scheme_designator): each for each in TITLES}
        images, description, left_out = _read_content(dataset)
        if not images:
            raise KeyObjectsError(Sentence("it refers to no image that its evidence lists"))
        title = known.get((title.value, title.scheme_designator), title)
        return KeyObjects(images, title, description, left_out)


def make_key_objects(chosen: KeyObjects, source: Dataset, made: datetime | None = None) -> Dataset:
    """Return the object: a new instance of a new series in the study of its source.

    Args:
        chosen: The choice; without images it is of the source alone.
        source: The header of one of the images: patient, study, UIDs.
        made: When; now, if not given.

    Raises:
        KeyObjectsError: The source cannot be named, or an image is chosen twice or of another study.
    """
    if missing := missing_uids(source):
        raise KeyObjectsError(Sentence("the image's header has no valid {0}", missing), "written")
    images = chosen.images or (ReferencedImage.of(source),)
    if not all(image.belongs_to(source) for image in images) or len(set(images)) < len(images):
        raise KeyObjectsError(Sentence("one of the images is of another study, or chosen twice"), "written")
    made = datetime.now().astimezone() if made is None else made
    dataset = begin_object(KeyObjectSelectionDocumentStorage, source, made)
    dataset.Modality = "KO"
    dataset.SeriesDescription = "Key images"
    dataset.ContentDate, dataset.ContentTime = dataset.InstanceCreationDate, dataset.InstanceCreationTime
    dataset.ReferencedPerformedProcedureStepSequence = []
    dataset.CurrentRequestedProcedureEvidenceSequence = [list_evidence(images)]
    dataset.ValueType, dataset.ContinuityOfContent = "CONTAINER", "SEPARATE"
    dataset.ConceptNameCodeSequence = [code_item(chosen.title)]
    template = Dataset()
    template.MappingResource, template.TemplateIdentifier = "DCMR", "2010"
    dataset.ContentTemplateSequence = [template]
    words = plain_lines(chosen.description)[:_MAX_DESCRIPTION]
    dataset.ContentSequence = [*([_description_item(words)] if words else []), *(_image_item(each) for each in images)]
    return dataset


def write_key_objects(chosen: KeyObjects, source: Dataset, path: Path, made: datetime | None = None) -> None:
    """Write a choice of images, whole or not at all; see `make_key_objects`.

    Raises:
        KeyObjectsError: It cannot be made.
        NoSpaceError, OutputError: It cannot be written.
    """
    write_dataset(make_key_objects(chosen, source, made), path)


def _read_content(dataset: Dataset) -> tuple[tuple[ReferencedImage, ...], str, tuple[Sentence, ...]]:
    """Return images, description and what was left out; a reference that the evidence does not list is."""
    places = {
        image.sop_instance: (read_text(study, "StudyInstanceUID"), read_text(series, "SeriesInstanceUID"))
        for study in items(dataset, "CurrentRequestedProcedureEvidenceSequence")
        for series in items(study, "ReferencedSeriesSequence")
        for image in read_references(series, "ReferencedSOPSequence", "", "")
    }
    images: list[ReferencedImage] = []
    description, others, unlisted, states = "", 0, 0, 0
    for item in items(dataset, "ContentSequence"):
        kind, concept = read_text(item, "ValueType"), _read_code(item, "ConceptNameCodeSequence")
        if kind == "IMAGE":
            for found in read_references(item, "ReferencedSOPSequence", "", ""):
                if found.sop_instance in places:
                    where = places[found.sop_instance]
                    images.append(ReferencedImage(*where, found.sop_class, found.sop_instance, found.frames))
                else:
                    unlisted += 1
            states += sum(bool(items(each, "ReferencedSOPSequence")) for each in items(item, "ReferencedSOPSequence"))
        elif kind == "TEXT" and concept is not None and concept.value == DESCRIPTION.value and not description:
            description = plain_lines(read_text(item, "TextValue"))[:_MAX_DESCRIPTION]
        elif read_text(item, "RelationshipType") != "HAS OBS CONTEXT":
            others += 1
    counted = (
        (unlisted, translatable("Left out: {0} references to images that its evidence does not list.")),
        (states, translatable("Left out: {0} references to presentation states.")),
        (others, translatable("Left out: {0} entries that are neither image nor description.")),
    )
    left_out = tuple(Sentence(what, count) for count, what in counted if count)
    return tuple(dict.fromkeys(images)), description, left_out


def _read_code(item: Dataset, keyword: str) -> Code | None:
    for code in items(item, keyword)[:1]:
        value, scheme, meaning = (
            one_line(read_text(code, name), 64) for name in ("CodeValue", "CodingSchemeDesignator", "CodeMeaning")
        )
        if value and scheme:
            return Code(value, scheme, meaning or value)
    return None


def _description_item(words: str) -> Dataset:
    item = Dataset()
    item.RelationshipType, item.ValueType = "CONTAINS", "TEXT"
    item.ConceptNameCodeSequence = [code_item(DESCRIPTION)]
    item.TextValue = words.replace("\n", "\r\n")
    return item


def _image_item(image: ReferencedImage) -> Dataset:
    item = Dataset()
    item.RelationshipType, item.ValueType = "CONTAINS", "IMAGE"
    item.ReferencedSOPSequence = [reference(image)]
    return item
