"""How a reader left an image: a Grayscale Softcopy Presentation State (PS3.3 A.33.1), read and written.

What would make the picture another one than was meant is refused; what only lies over it and cannot be shown is
named in `left_out`.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import numpy as np
from pydicom import Dataset, config
from pydicom.uid import GrayscaleSoftcopyPresentationStateStorage

from ..errors import ImageError, PresentationStateError
from ..sentences import Sentence
from .displayed_area import DisplayedArea, area_item, lies_as_turned, read_area, whole_area
from .filing import (
    ReferencedImage,
    begin_object,
    by_series,
    decimal,
    is_value,
    items,
    lut_item,
    missing_uids,
    one_line,
    read_references,
    reference,
    short_text,
)
from .graphics import Annotation, GraphicLayer, annotation_items, layer_items, read_annotations, read_layers
from .grayscale import Lut, Modality, Rescale, Voi
from .shutters import Shutter, put_shutters, read_shutters
from .spacing import find_spacing
from .transforms import read_modality, read_numbers, read_presets, read_text
from .writing import LO, write_dataset

_IDENTITY = Rescale()
ROTATIONS = (0, 90, 180, 270)


@dataclass(frozen=True, slots=True)
class PresentationState:
    """A state of one or more images; all that it holds applies to each of them."""

    images: tuple[ReferencedImage, ...] = ()
    modality: Modality = _IDENTITY
    """It replaces the image's own, and is to be written where the image has one."""
    voi: Voi | None = None
    """In modality values; None is the identity."""
    inverted: bool = False
    """Presentation LUT Shape INVERSE: the least value is white. It replaces the image's own polarity."""
    rotation: int = 0
    """Clockwise, one of `ROTATIONS`."""
    flipped: bool = False
    """Left for right, after the rotation."""
    area: DisplayedArea | None = None
    """None is the whole image, as large as fits."""
    layers: tuple[GraphicLayer, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    shutters: tuple[Shutter, ...] = ()
    shutter_gray: int = 0
    """The P-Value that covers what is shuttered, 0 black to 65535 white."""
    label: str = "READING"
    """A Code String: at most 16 capitals, digits, spaces and underscores."""
    description: str = ""
    creator: str = ""
    left_out: tuple[Sentence, ...] = ()
    """Sentences on what a file holds beyond this, which is not shown. They are not written."""


def read_presentation_state(dataset: Dataset, image: str | None = None, frame: int = 1) -> PresentationState:
    """Read a presentation state, as it applies to one of its images.

    Args:
        dataset: A file's, from anywhere.
        image: The SOP Instance UID of the image; None where the state must apply to all of its images alike.
        frame: Of the image, from 1.

    Raises:
        PresentationStateError: It is none, is not about the image, or asks for a picture that cannot be shown.
    """
    with config.disable_value_validation():  # pydicom's warnings would quote the file
        if read_text(dataset, "SOPClassUID") != GrayscaleSoftcopyPresentationStateStorage:
            raise PresentationStateError(Sentence("it is no Grayscale Softcopy Presentation State"))
        return _Reader(dataset, image, frame).read()


class _Reader:
    """A file, and the image that it is read for."""

    def __init__(self, dataset: Dataset, image: str | None, frame: int) -> None:
        self._dataset, self._frame = dataset, frame
        study = read_text(dataset, "StudyInstanceUID")
        listed = [
            each
            for item in items(dataset, "ReferencedSeriesSequence")
            for each in read_references(item, "ReferencedImageSequence", study, read_text(item, "SeriesInstanceUID"))
        ]
        meant = [
            each
            for each in listed
            if image is None or (each.sop_instance == image and (not each.frames or frame in each.frames))
        ]
        if not meant:
            raise PresentationStateError(
                Sentence("it refers to no image") if image is None else Sentence("it is not about this image")
            )
        self._images = tuple(meant)

    def read(self) -> PresentationState:
        self._refuse_other_pictures()
        voi, more = self._read_voi()
        rotation, flipped = self._read_transformation()
        area, no_area = self._read_area(rotation, flipped=flipped)
        annotations, undrawn = read_annotations(self._items("GraphicAnnotationSequence"))
        shutters, unshut = read_shutters(self._dataset)
        overlays = [each for each in self._dataset.keys() if 0x6000 <= each.group <= 0x601E]  # noqa: SIM118
        over = (Sentence("The overlays of the presentation state were left out."),) if overlays else ()
        return PresentationState(
            images=self._images,
            modality=self._read_modality(),
            voi=voi,
            inverted=read_text(self._dataset, "PresentationLUTShape") == "INVERSE",
            rotation=rotation,
            flipped=flipped,
            area=area,
            layers=read_layers(self._dataset),
            annotations=annotations,
            shutters=shutters,
            shutter_gray=int((read_numbers(self._dataset, "ShutterPresentationValue") or [0])[0]),
            label=one_line(read_text(self._dataset, "ContentLabel"), LO),
            description=one_line(read_text(self._dataset, "ContentDescription"), LO),
            creator=one_line(str(self._dataset.get("ContentCreatorName") or ""), LO),
            left_out=more + no_area + undrawn + unshut + over,
        )

    def _items(self, keyword: str) -> list[Dataset]:
        """Return the items of a sequence that apply to the image (PS3.3 10.3: to all where they name none)."""
        applying = []
        for item in items(self._dataset, keyword):
            named = read_references(item, "ReferencedImageSequence", "", "")
            hits = {ref.sop_instance for ref in named if not ref.frames or self._frame in ref.frames}
            covered = [not items(item, "ReferencedImageSequence") or i.sop_instance in hits for i in self._images]
            if all(covered):
                applying.append(item)
            elif any(covered):
                raise PresentationStateError(Sentence("it shows its images differently, and none of them was named"))
        return applying

    def _refuse_other_pictures(self) -> None:
        if items(self._dataset, "MaskSubtractionSequence"):
            raise PresentationStateError(Sentence("it subtracts one frame from another, which is not supported"))
        if items(self._dataset, "PresentationLUTSequence"):
            raise PresentationStateError(Sentence("it has a Presentation LUT of its own, which is not supported"))
        if read_text(self._dataset, "PresentationLUTShape") not in ("IDENTITY", "INVERSE"):
            raise PresentationStateError(Sentence("its Presentation LUT Shape is neither IDENTITY nor INVERSE"))

    def _read_modality(self) -> Modality:
        try:
            return read_modality(self._dataset)
        except ImageError as error:
            raise PresentationStateError(error.problem) from None

    def _read_voi(self) -> tuple[Voi | None, tuple[Sentence, ...]]:
        found = self._items("SoftcopyVOILUTSequence")
        if not found:
            return None, ()
        presets, warnings = read_presets(found[0])
        if warnings or not presets:
            raise PresentationStateError(Sentence("its window or VOI LUT contradicts itself"))
        more = len(presets) > 1 or len(found) > 1
        return presets[0], (Sentence("All but the first window or VOI LUT was left out."),) if more else ()

    def _read_transformation(self) -> tuple[int, bool]:
        rotation = read_numbers(self._dataset, "ImageRotation")
        flip = read_text(self._dataset, "ImageHorizontalFlip")
        if rotation not in ([], *([each] for each in ROTATIONS)) or flip not in ("", "Y", "N"):
            raise PresentationStateError(
                Sentence("its rotation is none by right angles, or its flip is neither Y nor N")
            )
        return int(rotation[0]) if rotation else 0, flip == "Y"

    def _read_area(self, rotation: int, *, flipped: bool) -> tuple[DisplayedArea | None, tuple[Sentence, ...]]:
        found = self._items("DisplayedAreaSelectionSequence")
        if not found:
            return None, ()
        area = read_area(found[0])
        if area is None or not lies_as_turned(area, rotation, flipped=flipped):
            return None, (Sentence("The displayed area was left out: it contradicts itself or the rotation."),)
        return area, ()


def make_presentation_state(state: PresentationState, source: Dataset, made: datetime | None = None) -> Dataset:
    """Return the object: a new instance of a new series in the study of its source.

    Args:
        state: What is to be kept; without images it is of the source alone.
        source: The image's header: patient, study, UIDs, Rows and Columns.
        made: When; now, if not given.

    Raises:
        PresentationStateError: The source cannot be named, an image is of another study, or a value does not fit DICOM.
    """
    if missing := missing_uids(source):
        raise PresentationStateError(Sentence("the image's header has no valid {0}", missing), "written")
    made = datetime.now().astimezone() if made is None else made
    images = state.images or (ReferencedImage.of(source),)
    if not all(image.belongs_to(source) for image in images):
        raise PresentationStateError(Sentence("one of its images is of another study"), "written")
    if state.rotation not in ROTATIONS or not (state.label and is_value("CS", state.label)):
        raise PresentationStateError(
            Sentence("its rotation is none by right angles, or its label no Code String"), "written"
        )
    dataset = begin_object(GrayscaleSoftcopyPresentationStateStorage, source, made)
    dataset.Modality, dataset.Laterality = "PR", ""
    dataset.ContentLabel, dataset.ContentDescription = state.label, short_text(state.description)
    dataset.ContentCreatorName = short_text(state.creator).replace("=", " ")
    dataset.PresentationCreationDate = dataset.InstanceCreationDate
    dataset.PresentationCreationTime = dataset.InstanceCreationTime
    dataset.ReferencedSeriesSequence = [_series_item(*each) for each in by_series(images).items()]
    _put_grays(dataset, state)
    dataset.ImageRotation, dataset.ImageHorizontalFlip = state.rotation, "Y" if state.flipped else "N"
    area = state.area or _whole(state, source)
    if not lies_as_turned(area, state.rotation, flipped=state.flipped):
        raise PresentationStateError(Sentence("the displayed area's corners contradict the rotation"), "written")
    dataset.DisplayedAreaSelectionSequence = [area_item(area)]
    if layers := layer_items(state.layers, state.annotations):
        dataset.GraphicLayerSequence = layers
    if annotations := annotation_items(state.annotations):
        dataset.GraphicAnnotationSequence = annotations
    put_shutters(dataset, state.shutters, state.shutter_gray)
    return dataset


def write_presentation_state(
    state: PresentationState, source: Dataset, path: Path, made: datetime | None = None
) -> None:
    """Write a presentation state, whole or not at all; see `make_presentation_state`.

    Raises:
        PresentationStateError: It cannot be made.
        NoSpaceError, OutputError: It cannot be written.
    """
    write_dataset(make_presentation_state(state, source, made), path)


def _series_item(series: str, images: list[ReferencedImage]) -> Dataset:
    item = Dataset()
    item.SeriesInstanceUID = series
    item.ReferencedImageSequence = [reference(image) for image in images]
    return item


def _put_grays(dataset: Dataset, state: PresentationState) -> None:
    """Set Modality LUT, Softcopy VOI LUT and Presentation LUT Shape."""
    if isinstance(state.modality, Lut):
        item = lut_item(state.modality)
        item.ModalityLUTType = "US"
        dataset.ModalityLUTSequence = [item]
    elif state.modality != _IDENTITY:
        dataset.RescaleIntercept, dataset.RescaleSlope = (
            decimal(state.modality.intercept),
            decimal(state.modality.slope),
        )
        dataset.RescaleType = "US"
    if state.voi is not None:
        dataset.SoftcopyVOILUTSequence = [_voi_item(state.voi)]
    dataset.PresentationLUTShape = "INVERSE" if state.inverted else "IDENTITY"


def _voi_item(voi: Voi) -> Dataset:
    item = Dataset()
    if isinstance(voi, Lut):
        lut = lut_item(_widen(_cut(voi)))
        if voi.explanation:
            lut.LUTExplanation = short_text(voi.explanation)
        item.VOILUTSequence = [lut]
        return item
    item.WindowCenter, item.WindowWidth = decimal(voi.center), decimal(voi.width)
    item.VOILUTFunction = voi.function
    if voi.explanation:
        item.WindowCenterWidthExplanation = short_text(voi.explanation)
    return item


def _cut(lut: Lut) -> Lut:
    """Return the part of a LUT that a descriptor can name: 65,536 entries, the first from -32768 to 65535."""
    first = min(max(lut.first, -32768), 65535)
    begin = min(first - lut.first, len(lut.entries) - 1) if first > lut.first else 0
    largest = np.array([lut.largest], np.uint16)
    entries = lut.entries[begin : begin + 65536]
    if len(entries) < len(lut.entries) and entries.max() < largest[0]:  # so that white stays what it was
        entries = np.concatenate([entries[:65535], largest])
    return replace(lut, first=first, entries=entries)


def _widen(lut: Lut) -> Lut:
    """Return a LUT with entries of 8 or 16 bits, all of which count: strict readers know no others in a state."""
    if lut.bits in (8, 16) and lut.largest == 2**lut.bits - 1:
        return lut
    entries = np.round(np.minimum(lut.entries / lut.largest, 1) * 65535)
    return replace(lut, entries=entries.astype(np.uint16), bits=16)


def _whole(state: PresentationState, source: Dataset) -> DisplayedArea:
    """Return the whole source's area; of its spacing only the pixels' shape, for it may not be size in the patient."""
    sides = [read_numbers(source, keyword) for keyword in ("Columns", "Rows")]
    if not sides[0] or not sides[1]:
        raise PresentationStateError(Sentence("the image's header has no Rows and Columns"), "written")
    area = whole_area(int(sides[0][0]), int(sides[1][0]), state.rotation, flipped=state.flipped)
    spacing = find_spacing(source)
    ratio = Fraction(spacing.row / spacing.column).limit_denominator(1000)
    return replace(area, aspect=(max(ratio.numerator, 1), ratio.denominator))
