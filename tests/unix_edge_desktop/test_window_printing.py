"""What a person prints of the window: the page lies as the views do, as they hang, whole, and marked."""

import re

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QLabel

from unix_edge_desktop.output.export_dialogs import PictureDialog
from unix_edge_desktop.output.printing import draw_page, place_picture, prepare_sheet

EDGE = 255


def draw(path, rows, columns):
    """A film with white edges on gray."""
    gray = np.full((rows, columns), 60, np.uint8)
    gray[:3] = gray[-3:] = gray[:, :3] = gray[:, -3:] = EDGE
    Image.fromarray(gray).save(path)
    return path


@pytest.fixture
def save_pdf(qtbot, monkeypatch, tmp_path):
    """Print as a person does, into a PDF; return its content."""

    def save(window):
        path = tmp_path / f"page {len(list(tmp_path.glob('page*')))}.pdf"
        monkeypatch.setattr(window.exports, "_ask_for_file", lambda *_: path)
        window.menus.actions["print"].trigger()
        window.findChildren(PictureDialog)[-1].ways["pdf"].click()
        qtbot.waitUntil(lambda: str(path) in window.message.text(), timeout=20_000)
        return path.read_bytes()

    return save


def is_landscape(content):
    width, height = map(float, re.search(rb"/MediaBox \[0 0 ([\d.]+)\s+([\d.]+)", content).groups())
    assert {round(width), round(height)} == {595, 842}
    return width > height


def pictures(content):
    return len(re.findall(rb"/Subtype /Image", content))


@pytest.mark.parametrize(("rows", "columns", "lies"), [(300, 500, True), (500, 300, False)])
def test_the_page_turns_with_what_is_seen(window, open_in, tmp_path, save_pdf, rows, columns, lies):
    open_in(window, draw(tmp_path / "film.png", rows, columns))
    assert is_landscape(save_pdf(window)) is lies
    window.menus.actions["rotate_right"].trigger()
    assert is_landscape(save_pdf(window)) is not lies
    window.menus.actions["flip_vertical"].trigger()
    assert is_landscape(save_pdf(window)) is not lies


@pytest.mark.parametrize(("layout", "lies"), [("1x2", True), ("2x1", False), ("2x2", False)])
def test_views_are_printed_together_as_they_hang(window, open_in, idle, tmp_path, save_pdf, layout, lies):
    folder = tmp_path / "films"
    folder.mkdir()
    for number in range(4):
        draw(folder / f"{number}.png", 500, 380 if layout != "2x1" else 700)
    window.preferences.set_layout(layout)
    open_in(window, folder)
    canvases = window.grid.shown
    for number, canvas in enumerate(canvases):
        window.desk.go_to(number, canvas)
    for canvas in canvases:
        if canvas.image is None:
            view = window.desk.views[canvases[0]]
            window.desk.open_series(view.patient, view.study, view.series, canvas)
    idle(window)
    content = save_pdf(window)
    assert is_landscape(content) is lies and pictures(content) == len(canvases)
    window.menus.actions["maximise"].trigger()
    assert pictures(save_pdf(window)) == 1


def test_nothing_is_cropped_and_every_mark_stays(window, open_in, tmp_path, make_file, idle):
    """A film beside a picture, each whole and with its disclaimer; the dialog says whose both are."""
    make_file(tmp_path / "real.dcm", PatientName="Roe^Richard", PatientID="4712", StudyInstanceUID="2.25.99")
    draw(tmp_path / "made.png", 200, 640)
    open_in(window, tmp_path / "made.png")
    open_in(window, tmp_path / "real.dcm")
    window.preferences.set_layout("1x2")
    window.grid.next_view()
    other = next(each for each in window.studies.patients if not each.id)
    window.desk.open_here(other, other.studies[0])
    idle(window)
    sheet = prepare_sheet(window.grid.hung)
    assert [[page is not None for page in row] for row in sheet.rows] == [[True, True]]
    area = QRectF(0, 0, 2770, 1900)
    picture = QImage(2770, 1900, QImage.Format.Format_RGB888)
    picture.fill(0xFFFFFFFF)
    painter = QPainter(picture)
    taken = []
    for page, place in sheet.place(area):
        draw_page(painter, place, page)
        painter.setFont(page.font)
        line = painter.fontMetrics().lineSpacing()
        film = place_picture(page, place, line)
        foot = line * (len(page.lines) + bool(page.scale))
        assert place.adjusted(-1, -1, 1, 1).contains(film) and film.bottom() + foot < place.bottom()
        assert film.width() / film.height() == pytest.approx(page.picture.width() / page.picture.height())
        taken.append((place, film))
    painter.end()
    ((left, _), (place, film)), (_, made) = taken, sheet.rows[0]
    assert left.right() < place.left()
    seen = np.frombuffer(picture.constBits(), np.uint8).reshape(1900, picture.bytesPerLine())[:, : 3 * 2770 : 3]
    part = seen[round(film.top()) + 1 : round(film.bottom()) - 1, round(film.left()) : round(film.right())]
    assert (part[:, 2] > 250).mean() > 0.9 and (part[:, -4] > 250).mean() > 0.9
    assert film.width() == pytest.approx(place.width()) and film.height() < 430
    assert made.picture.width() / made.picture.height() == pytest.approx(640 / 200, rel=0.02)
    window.menus.actions["print"].trigger()
    said = " ".join(each.text() for each in window.findChildren(PictureDialog)[-1].findChildren(QLabel))
    assert "4712" in said and "made.png" in said
