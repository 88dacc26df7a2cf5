"""The cardiothoracic ratio as a person measures it: asked for in words, both lines named, never above 1."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from unix_edge_desktop.image.measurement_set import MeasurementSet

LEFT = Qt.MouseButton.LeftButton
Key = Qt.Key


@pytest.fixture
def film(window, open_in, make_file, tmp_path, press):
    """The window's active view, with the tool chosen by its key."""
    open_in(window, make_file(tmp_path / "film", ImagerPixelSpacing=[0.2, 0.2]))
    canvas = window.grid.active
    canvas.setFocus()
    press(window, Key.Key_C)
    assert canvas.tool == "ctr"
    return canvas


def click(canvas, *places):
    for place in places:
        QTest.mouseMove(canvas, QPoint(*place))
        QTest.mouseClick(canvas, LEFT, pos=QPoint(*place))


def written(canvas, monkeypatch):
    """All that is written at measurements and by the tool when the view is drawn."""
    from unix_edge_desktop.canvas import painting

    said = []
    write = painting._write
    monkeypatch.setattr(
        painting, "_write", lambda painter, lines, *rest: said.extend(lines) or write(painter, lines, *rest)
    )
    canvas.grab()
    monkeypatch.undo()
    return " ".join(said)


def inside(canvas):
    """Places of the view left and right of the image's middle, each further out than the last."""
    x, y = canvas.width() // 2, canvas.height() // 2
    return [((x - reach, y + reach), (x + reach, y + reach)) for reach in (30, 40, 60)]


def test_heart_and_thorax_are_asked_for_named_and_shown_with_their_ratio(window, film, monkeypatch):
    heart, _, thorax = inside(film)
    assert "greatest width of the heart" in written(film, monkeypatch)
    click(film, *heart)
    said = written(film, monkeypatch)
    assert "inner width of the thorax" in said and "of the heart" not in said and "Heart " in said
    click(film, *thorax)
    (ratio,) = film.measurements
    (x0, _), (x1, _), (x2, _), (x3, _) = ratio.points
    said = written(film, monkeypatch)
    step = film.image.spacing.column
    for expected in ("CTR 0.50", f"Heart {(x1 - x0) * step:.1f} mm", f"Thorax {(x3 - x2) * step:.1f} mm"):
        assert expected in said and expected in window.message.text()


def test_widths_are_pixels_where_the_header_says_no_more(window, open_in, tmp_path, make_file, press):
    open_in(window, make_file(tmp_path / "bare"))
    canvas = window.grid.active
    canvas.setFocus()
    press(window, Key.Key_C)
    heart, _, thorax = inside(canvas)
    click(canvas, *heart, *thorax)
    (ratio,) = canvas.measurements
    assert f"Heart {ratio.points[1][0] - ratio.points[0][0]:.1f} px" in window.message.text()


@pytest.mark.parametrize("by_drag", [False, True])
def test_a_heart_wider_than_the_thorax_is_refused_and_nothing_is_half_done(
    window, film, monkeypatch, mouse_drag, press, by_drag
):
    thorax, heart, larger = inside(film)
    for line in (heart, thorax):
        mouse_drag(film, LEFT, *line) if by_drag else click(film, *line)
    assert film.measurements == () and film.pending is None and film.tool == "ctr"
    assert "cannot be wider than the thorax" in window.message.text()
    said = written(film, monkeypatch)
    assert "cannot be wider than the thorax" in said and "greatest width of the heart" in said
    press(window, Key.Key_Escape)
    assert film.tool == "window" and written(film, monkeypatch).find("heart") < 0
    press(window, Key.Key_C)
    click(film, *heart, *larger)
    assert len(film.measurements) == 1 and "cannot" not in written(film, monkeypatch)


def test_lines_without_length_are_refused(window, film):
    heart, thorax, _ = inside(film)
    click(film, heart[0], heart[0], *thorax)
    assert film.measurements == () and "has no length" in window.message.text()


def test_esc_leaves_the_tool_with_nothing_half_drawn_in_any_view(window, film, press):
    window.preferences.set_layout("1x2")
    click(film, *inside(film)[0])
    assert film.pending is not None
    press(window, Key.Key_Escape)
    assert film.pending is None and film.measurements == ()
    assert {canvas.tool for canvas in window.grid.canvases} == {"window"}
    assert window.menus.actions["tool_window"].isChecked()


def test_an_end_is_dragged_by_the_same_rule(window, film, mouse_drag, monkeypatch):
    heart, _, thorax = inside(film)
    click(film, *heart, *thorax)
    (x, y), (far, _) = heart[1], thorax[1]
    mouse_drag(film, LEFT, (x, y), (x + 10, y))
    (wider,) = film.measurements
    assert wider.value() > 0.5 and "Heart" in window.message.text()
    mouse_drag(film, LEFT, (x + 10, y), (far + 60, y))
    assert film.measurements == (wider,) and "cannot be wider than the thorax" in window.message.text()
    assert "CTR" in written(film, monkeypatch)
    film.undo()
    assert film.measurements[0].value() == pytest.approx(0.5, abs=0.02)


def test_the_second_line_lies_along_the_first_when_the_view_is_turned_between(film, press, window):
    click(film, *inside(film)[0])
    press(window, Key.Key_R)
    (x, y) = film.to_widget(film.pending.points[0])
    click(film, (round(x), round(y) - 70), (round(x), round(y) + 70))
    (ratio,) = film.measurements
    assert ratio.points[2][1] == pytest.approx(ratio.points[3][1]) and 0 < ratio.value() < 1


def test_what_was_kept_before_the_rule_shows_no_ratio_above_one(make_image):
    kept = {"kind": "ctr", "points": [[0, 0], [20, 0], [0, 5], [10, 5]]}
    (ratio,) = MeasurementSet.rebuild({"uid": "1", "frame": 0, "measurements": [kept]}, "1", 0).measurements
    assert ratio.lines(make_image()) == ("CTR -",)
