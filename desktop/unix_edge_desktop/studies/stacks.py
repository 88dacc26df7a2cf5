"""What of a study is shown where: images of a series in their order, views that are filled."""

from collections.abc import Sequence
from dataclasses import dataclass

from unix_edge.dicom.sr_document import is_sr
from unix_edge.limits import MAX_FRAMES

from .studies import Instance, Patient, Series, Study


@dataclass(frozen=True, slots=True)
class Slot:
    """One picture of a series: a frame of a file."""

    instance: Instance
    frame: int = 0

    def is_picture_of(self, other: "Slot") -> bool:
        """Return whether it is the same frame of the same file, which may be known by a copy of it by now."""
        return self.frame == other.frame and self.instance.is_file_of(other.instance)


def make_stack(series: Series) -> tuple[Slot, ...]:
    """Return the pictures of a series; what is no image, as a report, has none.

    A header may say anything of how many frames there are; more than are read of any file are not listed.
    """
    frames = {each: range(min(max(1, each.frames), MAX_FRAMES)) for each in series.instances if each.rows}
    return tuple(Slot(each, frame) for each, all_frames in frames.items() for frame in all_frames)


def image_series(study: Study) -> tuple[Series, ...]:
    """Return the series that have pictures."""
    return tuple(each for each in study.series if make_stack(each))


def holds_reports(series: Series) -> bool:
    """Return whether a series is of structured reports alone."""
    return all(is_sr(each.sop_class) for each in series.instances)


def report_series(study: Study) -> Series | None:
    """Return the first series of reports of a study that has no pictures."""
    return None if has_pictures(study) else next(filter(holds_reports, study.series), None)


def has_pictures(study: Study) -> bool:
    """Return whether there is anything of a study to be seen."""
    return any(each.rows for series in study.series for each in series.instances)


def fill_views(study: Study, count: int, first: Instance | None = None) -> list[tuple[Series, int]]:
    """Return for each of so many views a series and which picture of it is seen first.

    Where all pictures have room each gets a view, as of a chest in two projections; else each series gets one. The
    first view gets the picture that was asked for, if one was.
    """
    series = image_series(study)
    slots = [(each, at, slot) for each in series for at, slot in enumerate(make_stack(each))]
    pictures = [(each, at) for each, at, _ in slots]
    views = pictures if len(pictures) <= count else [(each, 0) for each in series]
    wanted = [(each, at) for each, at, slot in slots if slot.instance == first] if first else []
    if wanted:
        once = len(views) < len(pictures)
        others = [view for view in views if view != wanted[0] and not (once and view[0] is wanted[0][0])]
        views = [wanted[0], *others]
    return views[:count]


def is_same(one: Patient, other: Patient) -> bool:
    """Return whether two rows of the index are one patient, as the index tells patients apart."""
    same = (one.id, one.issuer, one.name) == (other.id, other.issuer, other.name)
    return same and (bool(one.id) or one.studies[0].uid == other.studies[0].uid)


def find_study(patients: Sequence[Patient], uid: str) -> tuple[Patient, Study] | None:
    """Return the study of a UID, and whose it is."""
    return next(((patient, study) for patient in patients for study in patient.studies if study.uid == uid), None)
