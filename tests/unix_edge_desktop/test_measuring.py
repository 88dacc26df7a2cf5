"""Numbers with what they mean, from the one function that knows; and nothing measured is lost."""

import json
import math
import os
import subprocess
import sys
import time

import numpy as np
import pytest
from pydicom import Dataset

from unix_edge.dicom.grayscale import Rescale, StoredImage
from unix_edge.errors import OutputError, SettingsError
from unix_edge_desktop.image.images import ViewImage
from unix_edge_desktop.image.measurement_set import MeasurementSet, MeasurementStore
from unix_edge_desktop.image.measuring import (
    KINDS,
    Angle,
    Arrow,
    CardiothoracicRatio,
    Cobb,
    EllipseROI,
    Length,
    Outline,
    Probe,
    RectangleROI,
    barbs,
    calibrate_by,
)

VALUES = np.arange(100 * 120, dtype=np.uint16).reshape(100, 120)


def make_image(stored=VALUES, modality=Rescale(2, -1000), padding=None, **elements) -> ViewImage:  # noqa: B008 - frozen
    header = Dataset()
    for keyword, value in {"SOPInstanceUID": "2.25.7", **elements}.items():
        setattr(header, keyword, value)
    return ViewImage(StoredImage(stored, modality, padding=padding), header)


DETECTOR = "mm at detector (not corrected for magnification)"
LINE = Length(((10, 10), (40, 50)))


@pytest.mark.parametrize(
    ("elements", "said"),
    [
        ({"PixelSpacing": [0.2, 0.2], "ImagerPixelSpacing": [0.2, 0.2]}, f"10.0 {DETECTOR}"),
        (
            {
                "PixelSpacing": [0.18, 0.18],
                "ImagerPixelSpacing": [0.2, 0.2],
                "PixelSpacingCalibrationType": "FIDUCIAL",
                "PixelSpacingCalibrationDescription": "coin",
            },
            "9.0 mm calibrated: FIDUCIAL, coin",
        ),
        ({"PixelSpacing": [0.18, 0.18], "ImagerPixelSpacing": [0.2, 0.2]}, "9.0 mm calibrated: calibration unknown"),
        (
            {"ImagerPixelSpacing": [0.2, 0.2], "EstimatedRadiographicMagnificationFactor": "1.25"},
            "8.0 mm magnification-corrected (ERMF 1.25)",
        ),
        ({"ImagerPixelSpacing": [0.2, 0.2]}, f"10.0 {DETECTOR}"),
        ({"PixelSpacing": [0.2, 0.2]}, "10.0 mm, meaning unknown"),
        ({"NominalScannedPixelSpacing": [0.1, 0.1]}, "5.0 mm on scanned film"),
        ({}, "50.0 px"),
        ({"PixelAspectRatio": ["2", "1"]}, "85.4 px"),
        ({"ImagerPixelSpacing": [0.1, 0.4]}, f"12.6 {DETECTOR}"),
    ],
)
def test_each_kind_of_spacing_reaches_the_length_with_its_meaning(elements, said):
    assert LINE.lines(make_image(**elements)) == (said,)


def test_a_calibration_by_a_line_makes_it_so_long_and_says_whose_it_is():
    image = make_image(ImagerPixelSpacing=[0.1, 0.4])
    calibrated = calibrate_by(image, LINE, 25)
    assert LINE.lines(calibrated) == ("25.0 mm calibrated by user",)
    assert calibrated.spacing.column / calibrated.spacing.row == pytest.approx(4)
    for line, length in ((LINE, 0), (LINE, -3), (Length(((1, 1), (1, 1))), 5)):
        with pytest.raises(SettingsError):
            calibrate_by(image, line, length)


@pytest.mark.parametrize("elements", [{}, {"PixelSpacing": [0.2, 0.2]}, {"ImagerPixelSpacing": [3, 3]}])
def test_angles_and_the_ratio_are_the_same_whatever_the_spacing(elements):
    image = make_image(**elements)
    assert Angle(((10, 0), (0, 0), (0, 10))).lines(image) == ("90.0°",)
    assert Angle(((10, 0), (0, 0), (-10, 10))).lines(image) == ("135.0°",)
    assert Cobb(((0, 0), (10, 0), (0, 20), (-10, 30))).lines(image) == ("Cobb 45.0°",)
    assert CardiothoracicRatio(((10, 5), (60, 5), (0, 30), (100, 30))).lines(image) == ("CTR 0.50",)


def test_an_angle_takes_pixels_as_they_are_shaped():
    image = make_image(PixelSpacing=[0.1, 0.2])
    assert Angle(((10, 0), (0, 0), (10, 20))).value(image) == pytest.approx(45)
    assert CardiothoracicRatio(((0, 0), (50, 0), (0, 9), (100, 9))).value() == 0.5


def test_what_has_no_length_has_no_angle_and_no_ratio():
    image = make_image()
    assert Angle(((1, 1), (1, 1), (2, 2))).lines(image) == ("-",)
    assert Cobb(((0, 0), (0, 0), (0, 20), (-10, 30))).lines(image) == ("Cobb -",)
    assert CardiothoracicRatio(((1, 1), (2, 1), (5, 5), (5, 5))).lines(image) == ("CTR -",)


def test_the_ratio_s_lines_stay_level_when_an_end_is_moved():
    moved = CardiothoracicRatio(((10, 5), (60, 5), (0, 30), (100, 30))).with_point(3, (90, 44))
    assert moved.points == ((10, 5), (60, 5), (0, 44), (90, 44))
    upright = CardiothoracicRatio(((5, 10), (5, 60), (30, 0), (30, 100))).with_point(0, (7, 12))
    assert upright.points == ((7, 12), (7, 60), (30, 0), (30, 100))


@pytest.mark.parametrize("region", [RectangleROI, EllipseROI])
@pytest.mark.parametrize("corners", [((10, 20), (50, 60)), ((50.4, 60.4), (9.6, 20.2)), ((-30, -30), (30, 40))])
def test_a_region_s_statistics_are_those_of_its_modality_values(region, corners):
    image = make_image()
    (x0, x1), (y0, y1) = (sorted(corner[axis] for corner in corners) for axis in (0, 1))
    y, x = np.mgrid[:100, :120] + 0.5
    inside = (x >= x0) & (x < x1) & (y >= y0) & (y < y1)
    if region is EllipseROI:
        inside = ((x - (x0 + x1) / 2) / (x1 - x0) * 2) ** 2 + ((y - (y0 + y1) / 2) / (y1 - y0) * 2) ** 2 <= 1
    values = VALUES[inside] * 2.0 - 1000
    found = region(corners).statistics(image)
    assert (found.n, found.least, found.largest) == (values.size, values.min(), values.max())
    assert (found.mean, found.deviation, found.median) == pytest.approx(
        (values.mean(), values.std(ddof=1), np.median(values))
    )


def test_a_region_says_its_area_with_what_it_means():
    region = RectangleROI(((0, 0), (20, 10)))
    assert region.lines(make_image(ImagerPixelSpacing=[0.1, 0.4]))[-1] == (
        "area 8.0 mm² at detector (not corrected for magnification)"
    )
    assert region.lines(make_image())[-1] == "area 200.0 px²"
    assert EllipseROI(region.points).lines(make_image())[-1] == "area 157.1 px²"


def test_outside_the_image_there_is_nothing_to_measure():
    image = make_image()
    for region in (RectangleROI, EllipseROI):
        assert region(((200, 200), (300, 300))).lines(image) == ("-",)
        assert region(((5.1, 5.1), (5.2, 5.2))).lines(image) == ("-",)
    for point in ((-0.1, 5), (5, 100), (120, 5)):
        assert Probe((point,)).lines(image) == ("-",)
    assert Probe(((119.9, 99.9),)).lines(image) == ("22998  (119, 99)",)


def test_padding_is_no_value():
    image = make_image(padding=(0, 119))
    assert Probe(((5, 0.5),)).lines(image) == ("-",)
    assert RectangleROI(((0, 0), (10, 2))).statistics(image).n == 10
    assert RectangleROI(((0, 0), (10, 1))).lines(image) == ("-",)


def test_our_own_words_are_translated():
    words = {"mean": "Mittel", "area": "Fläche", "CTR": "HTQ"}
    image = make_image()
    lines = RectangleROI(((0, 0), (2, 2))).lines(image, lambda word: words.get(word, word))
    assert lines[0].startswith("Mittel ") and lines[-1].startswith("Fläche ")
    assert CardiothoracicRatio(((0, 0), (1, 0), (0, 0), (2, 0))).lines(image, words.__getitem__) == ("HTQ 0.50",)


def test_every_change_is_taken_back_and_made_again():
    measurements = MeasurementSet()
    states = [measurements.measurements]
    for change in (
        lambda: measurements.add(LINE),
        lambda: measurements.add(Probe(((1, 2),))),
        lambda: measurements.move(0, 5, -5),
        lambda: measurements.replace(1, Probe(((3, 4),))),
        lambda: measurements.delete(0),
    ):
        change()
        states.append(measurements.measurements)
    assert states[-1] == (Probe(((3, 4),)),) and states[3][0].points == ((15, 5), (45, 45))
    for state in states[-2::-1]:
        assert measurements.undo() and measurements.measurements == state
    assert not measurements.undo()
    for state in states[1:]:
        assert measurements.redo() and measurements.measurements == state
    assert not measurements.redo()
    measurements.undo()
    measurements.add(LINE)
    assert not measurements.redo()


def test_nothing_changed_is_nothing_to_take_back():
    measurements = MeasurementSet((LINE,))
    measurements.move(0, 0, 0)
    assert not measurements.undo()


LENGTH = {"kind": "length", "points": [[1, 2], [3, 4]]}
ALL_KINDS = tuple(kind(tuple((3.25 * i, -1.5 * i) for i in range(kind.count))) for kind in KINDS.values())


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.kind)
def test_a_kind_says_all_that_tools_drawing_and_filing_need(kind):
    assert all((kind.kind, kind.text, kind.key, kind.icon.startswith("M")))
    joined = {each for path in kind.paths for each in path}
    assert joined == (set(range(kind.count)) if kind.outline is Outline.LINES else set())
    assert kind.outline is not Outline.CROSS or kind.count == 1
    assert kind.outline not in (Outline.RECTANGLE, Outline.ELLIPSE) or kind.count == 2


def test_every_kind_comes_back_from_a_file_of_its_own(tmp_path):
    store = MeasurementStore(tmp_path / "new")
    for frame, kinds in enumerate((ALL_KINDS, ALL_KINDS[:2])):
        store.save(MeasurementSet(kinds), "2.25.7", frame).result()
    store.close()
    store = MeasurementStore(tmp_path / "new")
    assert store.restore("2.25.7", 0).measurements == ALL_KINDS
    assert store.restore("2.25.7", 1).measurements == ALL_KINDS[:2]
    assert store.restore("2.25.8", 0).measurements == ()
    assert not any("2.25" in path.name for path in tmp_path.rglob("*"))


def test_words_and_moved_texts_come_back_from_a_file(tmp_path):
    arrow = Arrow(((1, 2), (30, 40)), words="Nodule?")
    ratio = CardiothoracicRatio(((0, 1), (2, 1), (0, 3), (4, 3))).with_label(1, (7.5, 8.5))
    store = MeasurementStore(tmp_path)
    store.save(MeasurementSet((arrow, ratio)), "u", 0).result()
    store.close()
    assert MeasurementStore(tmp_path).restore("u", 0).measurements == (arrow, ratio)


def test_a_text_that_was_moved_goes_with_its_measurement_and_no_other_is_moved():
    line = Length(((0, 0), (10, 0))).with_label(0, (20, 5))
    assert line.moved(1, 2).label(0) == (21, 7) and line.with_point(1, (5, 5)).label(0) == (20, 5)
    ratio = CardiothoracicRatio(((0, 1), (2, 1), (0, 3), (4, 3))).with_label(2, (7, 8))
    assert ratio.labels == (None, None, (7, 8)) and ratio.label(0) is None and ratio.moved(1, 1).label(2) == (8, 9)


def test_what_is_measured_in_a_region_is_the_same_wherever_its_text_stands():
    image = make_image()
    region = RectangleROI(((0, 0), (4, 4)))
    assert region.with_label(0, (50, 50)).lines(image) == region.lines(image)


def test_an_arrow_without_words_says_nothing():
    image = make_image()
    assert Arrow(((0, 0), (4, 4))).lines(image) == ()
    assert Arrow(((0, 0), (4, 4)), words="Nodule?").lines(image) == ("Nodule?",)


def test_both_barbs_of_an_arrow_are_as_long_and_lie_behind_its_tip():
    one, tip, other = barbs((0, 0), (10, 0), 2)
    assert tip == (0, 0) and math.hypot(*one) == pytest.approx(2) == pytest.approx(math.hypot(*other))
    assert one[0] == pytest.approx(other[0]) and one[0] > 0 and one[1] == pytest.approx(-other[1])


def test_two_views_of_a_frame_change_one_set(tmp_path):
    store = MeasurementStore(tmp_path)
    store.restore("u", 0).add(LINE)
    assert store.restore("u", 0).measurements == (LINE,) and store.restore("u", 0).undo()


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b"[" * 100_000,
        json.dumps({"version": "2", "uid": "u", "frame": 0, "measurements": []}).encode(),
        json.dumps({"version": 1, "uid": "another", "frame": 0, "measurements": []}).encode(),
        *(
            json.dumps(
                {"version": 1, "uid": "u", "frame": 0, "measurements": [{"kind": kind, "points": points}]}
            ).encode()
            for kind, points in (
                ("wish", []),
                ("length", [[1, 2]]),
                ("probe", [[1, 1e999]]),
                ("probe", [["1", 2]]),
                ("probe", 3),
            )
        ),
        *(
            json.dumps({"version": 1, "uid": "u", "frame": 0, "measurements": [{**LENGTH, **lies}]}).encode()
            for lies in (
                {"words": "a length has none"},
                {"kind": "arrow", "words": "A" * 257},
                {"kind": "arrow", "words": ["A"]},
                {"labels": [None, None, [1, 2]]},
                {"labels": [[1]]},
                {"labels": [[1, 1e999]]},
                {"labels": 3},
            )
        ),
    ],
)
def test_a_file_that_is_none_is_put_aside_and_harms_nobody(tmp_path, text):
    store = MeasurementStore(tmp_path)
    store.path("u", 0).write_bytes(text)
    assert store.restore("u", 0).measurements == ()
    assert store.path("u", 0).with_suffix(".unreadable").read_bytes() == text


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputError):
        MeasurementStore(tmp_path / "file").save(MeasurementSet((LINE,)), "u", 0).result()


KILLED = """
import sys
from pathlib import Path
from unix_edge_desktop.image.measurement_set import MeasurementSet, MeasurementStore
from unix_edge_desktop.image.measuring import Probe
store, count = MeasurementStore(Path(sys.argv[1])), 0
while True:
    count += 1
    saving = store.save(MeasurementSet(tuple(Probe(((count, each),)) for each in range(900))), "u", 0)
    store.save_now()
    saving.result()
    print(count, flush=True)
"""


def test_a_kill_at_any_moment_leaves_a_whole_file(tmp_path):
    for delay in (0.0, 0.003, 0.011):
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        child = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE, env=environment)
        written = int(child.stdout.readline())
        time.sleep(delay)
        child.kill()
        written = max([written, *map(int, child.stdout.read().split(b"\n")[:-1])])
        child.wait()
        child.stdout.close()
        found = MeasurementStore(tmp_path).restore("u", 0).measurements
        assert len(found) == 900 and {each.points[0][0] for each in found} <= {written, written + 1}


def test_of_a_colour_its_parts_and_the_luminance_are_said():
    colour = np.zeros((10, 10, 3), np.uint8)
    colour[2, 3] = 200, 50, 20
    image = ViewImage(StoredImage(np.full((10, 10), 91, np.uint8), colour=colour))
    assert Probe(((3.5, 2.5),)).lines(image) == ("R 200 G 50 B 20  luminance 91  (3, 2)",)
    region = RectangleROI(((0, 0), (4, 4)))
    assert region.lines(image)[:2] == ("luminance", "mean 91.0  SD 0.0")
    assert region.lines(image)[1:] == region.lines(ViewImage(StoredImage(image.stored.stored)))
