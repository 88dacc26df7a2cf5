"""Studies of a patient before one that is read: of each the picture that shows the same, by headers read anew.

The index knows no view position; and whatever lies at a path by now is asked, never remembered.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from unix_edge.dicom.projection import Projection, find_projection, is_comparable
from unix_edge.errors import ImageError
from unix_edge.isolated.child import Source
from unix_edge.isolated.headers import read_headers

from .opening import find_again
from .stacks import has_pictures, image_series, is_same, make_stack
from .studies import FileState, Instance, Patient, Series, Study, is_before

_MOST_READ = 24
"""Files of a series that are asked what they show; of a longer one, as a CT has, the first answers for all."""


@dataclass(frozen=True, slots=True)
class Prior:
    """A study, and its picture that is to be seen."""

    patient: Patient
    study: Study
    series: Series
    at: int
    """Which picture of the series."""


@dataclass(frozen=True, slots=True)
class Priors:
    """What there is to compare with."""

    found: tuple[Prior, ...] = ()
    """The newest first."""
    earlier: tuple[str, ...] = ()
    """UIDs of all studies with pictures before the one that is read, whatever they show, in the same order."""


def list_earlier(patients: Sequence[Patient], whose: Patient, study: Study) -> list[tuple[Patient, Study]]:
    """Return the patient's studies with pictures before one, the newest first; one without a date is never earlier."""
    studies = {
        each.uid: (patient, each)
        for patient in patients
        if is_same(patient, whose)
        for each in patient.studies
        if is_earlier(each, study) and has_pictures(each)
    }
    return sorted(studies.values(), key=lambda each: (each[1].date, each[1].time), reverse=True)


def is_earlier(one: Study, other: Study) -> bool:
    """Return whether a study was made before another; one without a date was not, as far as is known."""
    return one.uid != other.uid and is_before((one.date, one.time), (other.date, other.time))


def find_priors(
    patients: Sequence[Patient],
    whose: Patient,
    study: Study,
    series: Series,
    shown: Instance,
    should_stop: Callable[[], bool] = lambda: False,
) -> Priors:
    """Return of each earlier study of a patient the picture that shows what is shown; headers are read in a child.

    Args:
        patients: Those of the index.
        whose: Whose study is read.
        study: Which is read.
        series: Of the picture that is compared with.
        shown: The file of that picture.
        should_stop: Asked in another thread.
    """
    earlier = list_earlier(patients, whose, study)
    files = [shown, *(each for _, one in earlier for each in _list_files(one))]
    projections = _read_projections(files, should_stop)
    uids = tuple(one.uid for _, one in earlier)
    if (own := projections.get(shown)) is None:
        return Priors((), uids)
    chosen = [_choose(patient, one, projections, own, series) for patient, one in earlier]
    return Priors(tuple(each for each in chosen if each is not None), uids)


def _choose(
    patient: Patient, study: Study, projections: dict[Instance, Projection], own: Projection, beside: Series
) -> Prior | None:
    """Return the picture of a study that is most like one, if any can be compared with it."""
    alike: list[tuple[tuple[bool, bool, bool], Prior]] = []
    for series in image_series(study):
        slots = {slot.instance: at for at, slot in reversed(list(enumerate(make_stack(series))))}
        for instance, at in sorted(slots.items(), key=lambda each: each[1]):
            its = projections.get(instance)
            if its is not None and is_comparable(own, its):
                rank = its.view == own.view, its.side == own.side, series.description == beside.description
                alike.append((rank, Prior(patient, study, series, at)))
    return max(alike, key=lambda each: each[0])[1] if alike else None


def _list_files(study: Study) -> Iterator[Instance]:
    for series in image_series(study):
        files = [each for each in series.instances if each.rows]
        yield from files if len(files) <= _MOST_READ else files[:1]


def _read_projections(files: Sequence[Instance], should_stop: Callable[[], bool]) -> dict[Instance, Projection]:
    """Return what files show, of those that are still as they were indexed."""
    sources: list[tuple[Instance, Path | Source]] = []
    for each in dict.fromkeys(files):
        if should_stop():
            return {}
        present = each.present()
        if present.state() is FileState.PRESENT:
            with suppress(ImageError, OSError):
                sources.append((each, find_again(present.path, present.member)))
    read = read_headers([source for _, source in sources], should_stop)
    pairs = zip(sources, read, strict=False)  # fewer are read where it was stopped
    return {each: find_projection(result.kept) for (each, _), result in pairs if result.kept is not None}
