"""A report as a DICOM Basic Text SR in its source's study, always unverified.

A draft is partial and preliminary. Signed, it is another object, complete and final, which names the draft as its
predecessor and the person who typed a name as its observer; nobody is authenticated, so nobody verifies.
"""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from pydicom import Dataset
from pydicom.sr.coding import Code
from pydicom.uid import BasicTextSRStorage

from ..dicom.filing import ReferencedImage, begin_object, list_evidence, missing_uids, plain_lines
from ..dicom.writing import MANUFACTURER, code_item, write_dataset
from ..errors import StructuredReportError
from ..provenance import RESEARCH_ONLY, UNTRAINED
from ..report import Ended, Report
from ..sentences import Sentence
from .ai_mark import AiMark, person_name
from .equipment import device_uid, equipment_item, made_at, mark_as_result, model_name
from .signed_report import SignedReport

PROCESSING_EQUIPMENT = Code("109102", "DCM", "Processing Equipment")
DIAGNOSTIC_IMAGING_REPORT = Code("18748-4", "LN", "Diagnostic Imaging Report")
FINDINGS = Code("59776-5", "LN", "Findings")
FINDING = Code("121071", "DCM", "Finding")
IMPRESSIONS = Code("19005-8", "LN", "Impressions")
IMPRESSION = Code("121073", "DCM", "Impression")
COMMENT = Code("121106", "DCM", "Comment")
OBSERVER_TYPE = Code("121005", "DCM", "Observer Type")
DEVICE = Code("121007", "DCM", "Device")
PERSON = Code("121006", "DCM", "Person")
PERSON_OBSERVER_NAME = Code("121008", "DCM", "Person Observer Name")
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


def write_signed_sr(report: SignedReport, header: Dataset | None, path: Path, draft_path: Path) -> None:
    """Write a signed report, and the draft that it names as its predecessor; raises as `write_sr` does."""
    draft = make_sr(report.draft, header)
    signed = make_signed_sr(report, header, draft)
    write_dataset(draft, draft_path)
    write_dataset(signed, path)


def make_sr(report: Report, header: Dataset | None) -> Dataset:
    """Return a draft's object: a new series in the study of its source; raises as `write_sr` does."""
    mark = AiMark(report.provenance, edited=False)
    dataset = _begin(report, header, mark, (report.findings, report.impression), made_at(report.provenance))
    dataset.SeriesDescription = "AI DRAFT REPORT - UNVERIFIED"
    dataset.CompletionFlag = "PARTIAL"
    dataset.CompletionFlagDescription = "Machine draft, not reviewed by a person"
    dataset.PreliminaryFlag = "PRELIMINARY"
    return dataset


def make_signed_sr(report: SignedReport, header: Dataset | None, draft: Dataset) -> Dataset:
    """Return a signed report's object, a new series too; raises as `write_sr` does.

    Args:
        report: What was signed.
        header: The source's.
        draft: The object of the draft that it was made of (`make_sr`).
    """
    dataset = _begin(report.draft, header, report.mark(), (report.findings, report.impression), report.signed)
    dataset.SeriesDescription = "AI-ASSISTED REPORT - UNVERIFIED"
    dataset.CompletionFlag = "COMPLETE"
    dataset.CompletionFlagDescription = "Signed with a typed name, nobody authenticated"
    dataset.PreliminaryFlag = "FINAL"
    predecessor = ReferencedImage.of(draft)
    dataset.PredecessorDocumentsSequence = [list_evidence((predecessor,))]
    return dataset


def _begin(draft: Report, header: Dataset | None, mark: AiMark, sections: tuple[str, str], made: datetime) -> Dataset:
    """Begin the object with all that a draft and a signed report have in common."""
    require_domain(draft.in_domain)
    source = require_study(header)
    dataset = begin_object(BasicTextSRStorage, source, made)
    mark = replace(mark, synthetic="SyntheticData" in dataset)
    mark_as_result(dataset, draft.provenance)
    dataset.Modality = "SR"
    dataset.ReferencedPerformedProcedureStepSequence = []
    dataset.PerformedProcedureCodeSequence = []
    dataset.VerificationFlag = "UNVERIFIED"
    dataset.AuthorObserverSequence = mark.authors()
    dataset.CurrentRequestedProcedureEvidenceSequence = [list_evidence((ReferencedImage.of(source),))]
    dataset.ContributingEquipmentSequence = [equipment_item(PROCESSING_EQUIPMENT, draft.provenance, mark.as_dict())]
    dataset.ValueType = "CONTAINER"
    dataset.ConceptNameCodeSequence = [code_item(DIAGNOSTIC_IMAGING_REPORT)]
    dataset.ContinuityOfContent = "SEPARATE"
    told = _text_item(COMMENT, f"{_caution(draft, mark)}\r\n{mark.as_line()}")
    dataset.ContentSequence = [*_observers(mark), told, *_sections(sections)]
    return dataset


def _observers(mark: AiMark) -> list[Dataset]:
    """Return who observed (PS3.16 TID 1002): a device, the same for the same weights; and who signed."""
    uid = _content_item("HAS OBS CONTEXT", "UIDREF", DEVICE_OBSERVER_UID)
    uid.UID = device_uid(mark.made)
    name = _content_item("HAS OBS CONTEXT", "TEXT", DEVICE_OBSERVER_NAME)
    name.TextValue = f"{MANUFACTURER}, {model_name(mark.made)}"
    device = [_observer_type(DEVICE), uid, name]
    if not mark.signer:
        return device
    person = _content_item("HAS OBS CONTEXT", "PNAME", PERSON_OBSERVER_NAME)
    person.PersonName = person_name(mark.signer)
    return [_observer_type(PERSON), person, *device]


def _observer_type(kind: Code) -> Dataset:
    item = _content_item("HAS OBS CONTEXT", "CODE", OBSERVER_TYPE)
    item.ConceptCodeSequence = [code_item(kind)]
    return item


def _caution(draft: Report, mark: AiMark) -> str:
    """Return what every viewer of the content shows: what this is, what was odd about the image, and which model."""
    made = mark.made
    words = [RESEARCH_ONLY] if made.trained else [RESEARCH_ONLY, UNTRAINED]
    words += map(str, draft.warnings)
    if draft.ended is not Ended.FINISHED:
        words.append("The draft is cut: the model had not ended it.")
    date = made_at(made).strftime("%Y-%m-%d %H:%M")
    model = f"model {model_name(made)} ({made.precision}), weights SHA-256 {made.checkpoint_sha256}"
    what = "AI DRAFT, UNVERIFIED."
    if mark.signer:
        edited = "edited" if mark.edited else "not edited"
        what = f"AI DRAFT, {edited} and signed by a person, UNVERIFIED."
    return f"{what} {' '.join(words)} {made.software}, {model}, {date}."


def _sections(said: tuple[str, str]) -> list[Dataset]:
    """Return a container for each section that says something; a container may not be empty."""
    sections = []
    concepts = ((FINDINGS, FINDING), (IMPRESSIONS, IMPRESSION))
    for (heading, concept), words in zip(concepts, map(_lines, said), strict=True):
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
