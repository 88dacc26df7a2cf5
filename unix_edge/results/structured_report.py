"""A draft as a DICOM Basic Text SR in its source's study: partial, preliminary and unverified, always."""

from pathlib import Path

from pydicom import Dataset
from pydicom.sr.coding import Code
from pydicom.uid import BasicTextSRStorage

from ..dicom.filing import ReferencedImage, begin_object, list_evidence, missing_uids, plain_lines
from ..dicom.writing import MANUFACTURER, code_item, write_dataset
from ..errors import StructuredReportError
from ..provenance import RESEARCH_ONLY, UNTRAINED, Provenance
from ..report import Ended, Report
from ..sentences import Sentence
from .equipment import device_uid, equipment_item, made_at, mark_as_result, model_name

PROCESSING_EQUIPMENT = Code("109102", "DCM", "Processing Equipment")
DIAGNOSTIC_IMAGING_REPORT = Code("18748-4", "LN", "Diagnostic Imaging Report")
FINDINGS = Code("59776-5", "LN", "Findings")
FINDING = Code("121071", "DCM", "Finding")
IMPRESSIONS = Code("19005-8", "LN", "Impressions")
IMPRESSION = Code("121073", "DCM", "Impression")
COMMENT = Code("121106", "DCM", "Comment")
OBSERVER_TYPE = Code("121005", "DCM", "Observer Type")
DEVICE = Code("121007", "DCM", "Device")
DEVICE_OBSERVER_UID = Code("121012", "DCM", "Device Observer UID")
DEVICE_OBSERVER_NAME = Code("121013", "DCM", "Device Observer Name")


def write_sr(report: Report, header: Dataset | None, path: Path) -> None:
    """Write a draft as a Basic Text SR (PS3.3 A.35.1), whole or not at all.

    Args:
        report: The draft.
        header: Its source's (`Reading.header`): patient, study, and the UIDs of the image.
        path: Where to.

    Raises:
        StructuredReportError: The source is no DICOM image of a study, or of a kind that the model has never seen, or
            the draft is empty.
        NoSpaceError, OutputError: It cannot be written.
    """
    write_dataset(make_sr(report, header), path)


def require_study(header: Dataset | None) -> Dataset:
    """Return the header of an image that a report can be filed with.

    Raises:
        StructuredReportError: It is no DICOM image, or lacks a UID that says which image of which study it is.
    """
    if header is None:
        raise StructuredReportError(
            Sentence("the image is not DICOM, so there is no study that the report would belong to")
        )
    if missing := missing_uids(header):
        raise StructuredReportError(
            Sentence("the image's header has no valid {0}, so the report could not say what it is about", missing)
        )
    return header


def require_domain(in_domain: bool | None) -> None:
    """Refuse a report on an image of a kind that the model has never seen.

    Raises:
        StructuredReportError: It is such an image.
    """
    if in_domain is False:
        raise StructuredReportError(Sentence("this model has only seen computed phantoms, and the image is none"))


def make_sr(report: Report, header: Dataset | None) -> Dataset:
    """Return the object: a new series in the study of its source; raises as `write_sr` does."""
    require_domain(report.in_domain)
    source, made = require_study(header), report.provenance
    dataset = begin_object(BasicTextSRStorage, source, made_at(made))
    mark_as_result(dataset, made)
    dataset.Modality = "SR"
    dataset.SeriesDescription = "AI DRAFT REPORT - UNVERIFIED"
    dataset.ReferencedPerformedProcedureStepSequence = []
    dataset.PerformedProcedureCodeSequence = []
    dataset.CompletionFlag = "PARTIAL"
    dataset.CompletionFlagDescription = "Machine draft, not reviewed by a person"
    dataset.VerificationFlag = "UNVERIFIED"
    dataset.PreliminaryFlag = "PRELIMINARY"
    dataset.CurrentRequestedProcedureEvidenceSequence = [list_evidence((ReferencedImage.of(source),))]
    dataset.ContributingEquipmentSequence = [equipment_item(PROCESSING_EQUIPMENT, made)]
    dataset.ValueType = "CONTAINER"
    dataset.ConceptNameCodeSequence = [code_item(DIAGNOSTIC_IMAGING_REPORT)]
    dataset.ContinuityOfContent = "SEPARATE"
    dataset.ContentSequence = [*_observer(made), _text_item(COMMENT, _caution(report)), *_sections(report)]
    return dataset


def _observer(made: Provenance) -> list[Dataset]:
    """Return who observed (PS3.16 TID 1002): a device, the same for the same weights."""
    kind = _content_item("HAS OBS CONTEXT", "CODE", OBSERVER_TYPE)
    kind.ConceptCodeSequence = [code_item(DEVICE)]
    uid = _content_item("HAS OBS CONTEXT", "UIDREF", DEVICE_OBSERVER_UID)
    uid.UID = device_uid(made)
    name = _content_item("HAS OBS CONTEXT", "TEXT", DEVICE_OBSERVER_NAME)
    name.TextValue = f"{MANUFACTURER}, {model_name(made)}"
    return [kind, uid, name]


def _caution(report: Report) -> str:
    """Return what every viewer of the content shows: what this is, what was odd about the image, and which model."""
    made = report.provenance
    words = [RESEARCH_ONLY] if made.trained else [RESEARCH_ONLY, UNTRAINED]
    words += map(str, report.warnings)
    if report.ended is not Ended.FINISHED:
        words.append("The draft is cut: the model had not ended it.")
    date = made_at(made).strftime("%Y-%m-%d %H:%M")
    model = f"model {model_name(made)} ({made.precision}), weights SHA-256 {made.checkpoint_sha256}"
    return f"AI DRAFT, UNVERIFIED. {' '.join(words)} {made.software}, {model}, {date}."


def _sections(report: Report) -> list[Dataset]:
    """Return a container for each section that says something; a container may not be empty."""
    sections = []
    for heading, concept, words in (
        (FINDINGS, FINDING, _lines(report.findings)),
        (IMPRESSIONS, IMPRESSION, _lines(report.impression)),
    ):
        if words:
            section = _content_item("CONTAINS", "CONTAINER", heading)
            section.ContinuityOfContent = "SEPARATE"
            section.ContentSequence = [_text_item(concept, words)]
            sections.append(section)
    if not sections:
        raise StructuredReportError(Sentence("the draft is empty"))
    return sections


def _text_item(concept: Code, words: str) -> Dataset:
    item = _content_item("CONTAINS", "TEXT", concept)
    item.TextValue = words
    return item


def _content_item(relationship: str, kind: str, concept: Code) -> Dataset:
    item = Dataset()
    item.RelationshipType = relationship
    item.ValueType = kind
    item.ConceptNameCodeSequence = [code_item(concept)]
    return item


def _lines(text: str) -> str:
    """Return text of several lines as DICOM has it."""
    return plain_lines(text).replace("\n", "\r\n")
