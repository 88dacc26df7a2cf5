"""A presentation state comes back as it was written, conforms, and is refused where its picture cannot be shown."""

import dataclasses

import numpy as np
import pytest
from pydicom import Dataset, dcmread

from unix_edge.dicom.displayed_area import DisplayedArea, SizeMode, whole_area
from unix_edge.dicom.filing import ReferencedImage
from unix_edge.dicom.graphics import Circle, Ellipse, GraphicLayer, Point, Polyline, Text
from unix_edge.dicom.grayscale import Lut, Rescale, VoiFunction, Window, apply_voi
from unix_edge.dicom.presentation_state import (
    PresentationState,
    make_presentation_state,
    read_presentation_state,
    write_presentation_state,
)
from unix_edge.dicom.shutters import Disc, Polygon, Rectangle
from unix_edge.errors import PresentationStateError

DX, FRAMES = "1.2.840.10008.5.1.4.1.1.1.1", "1.2.840.10008.5.1.4.1.1.7.3"
ONE = ReferencedImage("2.25.1", "2.25.2", DX, "2.25.3")
TWO = ReferencedImage("2.25.1", "2.25.4", FRAMES, "2.25.5", (1, 3))
FULL = PresentationState(
    images=(ONE, TWO),
    modality=Rescale(0.25, -1024.5),
    voi=Window(-600.5, 1500, VoiFunction.SIGMOID, "Lung"),
    inverted=True,
    rotation=90,
    flipped=True,
    area=DisplayedArea((1, 1), (1800, 2000), SizeMode.MAGNIFY, magnification=1.5),
    layers=(GraphicLayer("LINES", 1, "Lines", 65535), GraphicLayer("WORDS", 2)),
    annotations=(
        Point("LINES", (0.5, 0.25)),
        Polyline("LINES", ((0, 0), (1800, 2000), (3.5, 4))),
        Polyline("LINES", ((0, 0), (9, 0), (9, 9), (0, 0)), filled=True),
        Circle("LINES", (900, 1000), (950, 1000)),
        Ellipse("LINES", ((1, 5), (9, 5)), ((5, 3), (5, 7)), filled=True),
        Text("WORDS", "CTR 0.52\nGröße 心", anchor=(10, 20.5), anchor_visible=True),
        Text("WORDS", "Box", box=((1, 2), (30, 40)), justification="RIGHT"),
        Text("WORDS", "Both", anchor=(1, 1), box=((1, 2), (30, 40)), justification="CENTER"),
    ),
    shutters=(Rectangle(3, 1700, 4, 1900), Disc(1000, 900, 800), Polygon(((1, 1), (1, 99), (99, 50)))),
    shutter_gray=100,
    label="MY READING_2",
    description="Größe, measured",
    creator="Roe^Richard",
)


@pytest.fixture
def write(make_header, tmp_path):
    """Write a state; return what stands in the file."""

    def write_and_read(state=FULL, **header) -> Dataset:
        path = tmp_path / "state.dcm"
        write_presentation_state(state, make_header(**header), path)
        return dcmread(path)

    return write_and_read


def alone(**fields) -> PresentationState:
    return PresentationState(images=(ONE,), area=whole_area(1800, 2000), **fields)


def test_all_of_it_comes_back(write):
    assert read_presentation_state(write()) == FULL


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"voi": Window(2048, 4096)},
        {"voi": Window(0.1 + 0.2, 1e-5, VoiFunction.LINEAR_EXACT)},
        {"rotation": 180, "area": whole_area(1800, 2000, 180)},
        {"rotation": 270, "flipped": True, "area": whole_area(1800, 2000, 270, flipped=True)},
        {"area": DisplayedArea((5, 1), (10, 10), SizeMode.TRUE_SIZE, spacing=(0.15, 0.15))},
        {"area": DisplayedArea((1, 1), (10, 10), aspect=(2, 1))},
        {"annotations": (Point("UNDECLARED", (1, 1)),), "layers": (GraphicLayer("UNDECLARED", 1),)},
    ],
    ids=str,
)
def test_each_part_comes_back_and_conforms(write, assert_conforms, tmp_path, fields):
    state = dataclasses.replace(alone(), **fields)
    if "voi" in fields and fields["voi"].center == 0.1 + 0.2:
        state = dataclasses.replace(state, voi=dataclasses.replace(fields["voi"], center=0.3))
    assert read_presentation_state(write(dataclasses.replace(alone(), **fields))) == state
    assert_conforms(tmp_path / "state.dcm")


@pytest.mark.parametrize("first", [-32768, -5, 0, 5])
@pytest.mark.parametrize("count", [3, 40_000, 65536])
def test_look_up_tables_come_back_and_conform(write, assert_conforms, tmp_path, first, count):
    lut = Lut(first, np.linspace(0, 65535, count).astype(np.uint16), 16, "Bones")
    state = read_presentation_state(write(alone(voi=lut, modality=lut)))
    for read in (state.voi, state.modality):
        assert (read.first, read.bits) == (first, 16) and np.array_equal(read.entries, lut.entries)
    assert state.voi.explanation == "Bones"
    assert_conforms(tmp_path / "state.dcm")


@pytest.mark.parametrize("bits", [8, 10, 12])
def test_a_look_up_table_of_fewer_bits_shows_the_same_grays(write, assert_conforms, tmp_path, bits):
    lut = Lut(0, np.arange(1 << bits).astype(np.uint16), bits)
    values = np.arange(1 << bits, dtype=np.float64)
    shown = apply_voi(values, read_presentation_state(write(alone(voi=lut))).voi)
    assert np.abs(shown - apply_voi(values, lut)).max() < 1e-5
    assert_conforms(tmp_path / "state.dcm")


def test_an_area_may_reach_beyond_the_image(write):
    area = DisplayedArea((-50, 0), (1900, 2100))
    assert read_presentation_state(write(dataclasses.replace(alone(), area=area))).area == area


@pytest.mark.parametrize("header", [{}, {"PatientName": "Müller^Jürgen", "StudyDate": "yesterday", "PatientSex": "x"}])
def test_it_conforms(write, assert_conforms, tmp_path, header):
    write(**header)
    assert_conforms(tmp_path / "state.dcm")


def test_it_conforms_for_a_real_radiograph(chest, assert_conforms, tmp_path):
    source = dcmread(chest, stop_before_pixels=True)
    write_presentation_state(PresentationState(annotations=FULL.annotations), source, tmp_path / "state.dcm")
    assert_conforms(tmp_path / "state.dcm")
    state = read_presentation_state(dcmread(tmp_path / "state.dcm"), source.SOPInstanceUID)
    assert state.annotations == FULL.annotations
    assert state.area == DisplayedArea((1, 1), (source.Columns, source.Rows))


def test_it_stands_in_its_source_s_study_in_a_series_of_its_own(write, make_header):
    dataset, header = write(), make_header()
    for keyword in ("StudyInstanceUID", "StudyDate", "PatientName", "PatientID", "PatientBirthDate", "StudyID"):
        assert dataset[keyword].value == header[keyword].value
    assert dataset.SeriesInstanceUID != header.SeriesInstanceUID and dataset.Manufacturer == "UniX Edge"
    assert dataset.SOPInstanceUID != write().SOPInstanceUID and dataset.Modality == "PR"
    assert write(SyntheticData="YES").SyntheticData == "YES"


def test_a_state_without_images_is_of_its_source(write):
    assert read_presentation_state(write(PresentationState())).images == (ONE,)


def test_the_pixels_shape_is_kept_and_no_millimetres(write):
    dataset = write(PresentationState(), PixelSpacing=["0.2", "0.1"])
    (area,) = dataset.DisplayedAreaSelectionSequence
    assert area.PresentationPixelAspectRatio == [2, 1] and "PresentationPixelSpacing" not in area


def test_only_what_applies_to_the_image_is_read(write):
    dataset = write()
    mine, other = Dataset(), Dataset()
    (window,) = dataset.SoftcopyVOILUTSequence
    mine.WindowCenter, mine.WindowWidth = 1, 2
    other.update(window)
    for item, image in ((mine, ONE), (other, TWO)):
        reference = Dataset()
        reference.ReferencedSOPClassUID, reference.ReferencedSOPInstanceUID = image.sop_class, image.sop_instance
        if image.frames:
            reference.ReferencedFrameNumber = list(image.frames)
        item.ReferencedImageSequence = [reference]
    dataset.SoftcopyVOILUTSequence = [mine, other]
    assert read_presentation_state(dataset, "2.25.3").voi == Window(1, 2)
    assert read_presentation_state(dataset, "2.25.3").images == (ONE,)
    assert read_presentation_state(dataset, "2.25.5", 3).voi == FULL.voi
    with pytest.raises(PresentationStateError, match="shows its images differently"):
        read_presentation_state(dataset)
    for image, frame in (("2.25.5", 2), ("2.25.6", 1)):
        with pytest.raises(PresentationStateError, match="not about this image"):
            read_presentation_state(dataset, image, frame)


def change(**elements):
    def apply(dataset):
        for keyword, value in elements.items():
            setattr(dataset, keyword, value)

    return apply


def drop(keyword):
    return lambda dataset: dataset.__delattr__(keyword)


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (change(SOPClassUID="1.2.840.10008.5.1.4.1.1.11.2"), "no Grayscale Softcopy Presentation State"),
        (drop("SOPClassUID"), "no Grayscale Softcopy Presentation State"),
        (change(ReferencedSeriesSequence=[]), "refers to no image"),
        (change(MaskSubtractionSequence=[Dataset()]), "subtracts one frame"),
        (change(PresentationLUTSequence=[Dataset()]), "Presentation LUT of its own"),
        (drop("PresentationLUTShape"), "neither IDENTITY nor INVERSE"),
        (change(PresentationLUTShape="CANARY"), "neither IDENTITY nor INVERSE"),
        (change(ImageRotation=45), "none by right angles"),
        (change(ImageHorizontalFlip="X"), "neither Y nor N"),
        (change(RescaleSlope="0"), "RescaleSlope"),
        (change(ModalityLUTSequence=[Dataset()]), "ModalityLUTSequence"),
        (change(SoftcopyVOILUTSequence=[Dataset()]), "window or VOI LUT"),
    ],
)
def test_another_picture_than_was_meant_is_refused(write, spoil, problem):
    dataset = write()
    spoil(dataset)
    with pytest.raises(PresentationStateError, match=problem) as refusal:
        read_presentation_state(dataset)
    assert str(refusal.value).startswith("The presentation state was not read: ") and "CANARY" not in str(refusal.value)


def first_group(dataset):
    return dataset.GraphicAnnotationSequence[0]


@pytest.mark.parametrize(
    ("spoil", "said", "fewer"),
    [
        (
            lambda d: setattr(first_group(d).GraphicObjectSequence[0], "GraphicAnnotationUnits", "DISPLAY"),
            "1 of the annotations was left out: they are placed on the screen and not on the image.",
            1,
        ),
        (
            lambda d: setattr(first_group(d).GraphicObjectSequence[1], "GraphicType", "INTERPOLATED"),
            "1 of the annotations was left out: interpolated curves are not supported.",
            1,
        ),
        (
            lambda d: setattr(first_group(d).GraphicObjectSequence[3], "GraphicData", [1.0, 2.0, 3.0]),
            "1 of the annotations was left out: they contradict themselves.",
            1,
        ),
        (
            lambda d: setattr(first_group(d).GraphicObjectSequence[3], "NumberOfGraphicPoints", 3),
            "1 of the annotations was left out: they contradict themselves.",
            1,
        ),
        (
            lambda d: setattr(first_group(d).GraphicObjectSequence[0], "GraphicData", [1e30, 1.0]),
            "1 of the annotations was left out: they contradict themselves.",
            1,
        ),
        (
            lambda d: setattr(first_group(d), "CompoundGraphicSequence", [Dataset(), Dataset()]),
            "2 of the annotations were left out: compound graphics are not supported.",
            0,
        ),
        (
            lambda d: setattr(
                d.GraphicAnnotationSequence[1].TextObjectSequence[0], "AnchorPointAnnotationUnits", "DISPLAY"
            ),
            "1 of the annotations was left out: they are placed on the screen and not on the image.",
            1,
        ),
        (
            lambda d: setattr(d.DisplayedAreaSelectionSequence[0], "PresentationSizeMode", "TRUE SIZE"),
            "The displayed area was left out: it contradicts itself or the rotation.",
            0,
        ),
        (
            change(ShutterShape="BITMAP"),
            "A bitmap shutter was left out: only rectangles, circles and polygons are shown.",
            0,
        ),
        (
            lambda d: d.add_new((0x6000, 0x0010), "US", 5),
            "The overlays of the presentation state were left out.",
            0,
        ),
        (
            lambda d: setattr(d, "SoftcopyVOILUTSequence", [*d.SoftcopyVOILUTSequence] * 2),
            "All but the first window or VOI LUT was left out.",
            0,
        ),
    ],
)
def test_what_is_left_out_is_said(write, spoil, said, fewer):
    dataset = write()
    spoil(dataset)
    state = read_presentation_state(dataset)
    assert tuple(map(str, state.left_out)) == (said,)
    assert len(state.annotations) == len(FULL.annotations) - fewer


def test_more_points_than_are_believed_are_left_out(make_header):
    line = Polyline("LINES", tuple((float(n % 100), 1.0) for n in range(60_000)))
    state = alone(annotations=(line, line, Point("LINES", (1, 1))))
    read = read_presentation_state(make_presentation_state(state, make_header()))
    assert read.annotations == (line,)
    assert tuple(map(str, read.left_out)) == (
        "2 of the annotations were left out: there are more than 100,000 points.",
    )


def test_hidden_characters_of_a_file_do_not_pass(write):
    dataset = write()
    words = dataset.GraphicAnnotationSequence[1].TextObjectSequence[0]
    words.UnformattedTextValue = "a\x1b[31m\u202eb\r\nc"
    dataset.ContentDescription = "d\u2028e"
    state = read_presentation_state(dataset)
    assert state.annotations[5].words == "a [31m b\nc" and state.description == "d e"


@pytest.mark.parametrize("first", [-70_000, -40_000, 0, 70_000])
@pytest.mark.parametrize("falling", [False, True])
def test_a_lut_longer_than_a_descriptor_names_is_cut_and_shows_the_same(
    write, assert_conforms, tmp_path, first, falling
):
    """As one is that a drag has stretched."""
    entries = np.linspace(0, 4095, 300_000).astype(np.uint16)
    lut = Lut(first, entries[::-1].copy() if falling else entries, 12, "Stretched")
    shown = read_presentation_state(write(alone(voi=lut))).voi
    low, high = (max(first, -32768), max(first, -32768) + 65000) if first <= 65535 else (0, 65535)
    values = np.linspace(low, high, 500)
    assert np.abs(apply_voi(values, shown) - apply_voi(values, lut)).max() < 2e-3
    assert_conforms(tmp_path / "state.dcm")
