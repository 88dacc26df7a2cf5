"""Nothing of a patient is seen when nobody uses the program for a while."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from unix_edge_desktop.shell.help_dialogs import AboutDialog
from unix_edge_desktop.toolkit.privacy_cover import _Cover


@pytest.fixture
def blanking(window, open_in, study):
    open_in(window, study)
    return window.blanking


def colours(picture: QImage) -> int:
    return len({picture.pixel(x, y) for x in range(0, picture.width(), 7) for y in range(0, picture.height(), 7)})


def test_every_window_is_covered_until_a_key_that_does_nothing_else(window, blanking, qtbot):
    dialog = AboutDialog(window)
    dialog.open()
    qtbot.waitUntil(dialog.isVisible)
    canvas = window.grid.active
    shown = colours(window.grab().toImage())
    blanking.cover()
    QApplication.processEvents()
    assert len(blanking.covers) == 2 and colours(window.grab().toImage()) < shown / 4
    for each in blanking.covers:
        assert each.geometry() == each.parentWidget().rect()
    window.resize(window.width() + 40, window.height() + 30)
    QApplication.processEvents()
    assert all(each.geometry() == each.parentWidget().rect() for each in blanking.covers)
    dialog.close()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    canvas.setFocus()
    qtbot.waitUntil(canvas.hasFocus)
    inverted = canvas.window_state.inverted
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_I)
    assert not blanking.covers and canvas.window_state.inverted is inverted
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_I)
    assert canvas.window_state.inverted is not inverted, "the control: a key reaches the image again"


def test_a_click_uncovers_and_reaches_nothing(window, blanking):
    canvas, plain = window.grid.active, Qt.KeyboardModifier.NoModifier
    canvas.set_tool("probe")
    at = canvas.mapTo(window, canvas.rect().center())
    for click in (QTest.mouseClick, QTest.mouseDClick):
        blanking.cover()
        click(window.windowHandle(), Qt.MouseButton.LeftButton, plain, at)
        QApplication.processEvents()
        assert not blanking.covers and canvas.measurements == ()
        QTest.qWait(QApplication.doubleClickInterval() + 50)
    QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, plain, at)
    assert len(canvas.measurements) == 1, "the control: a click reaches the image again"


def test_a_key_that_is_held_does_nothing_until_it_is_pressed_anew(window, blanking, qtbot):
    canvas = window.grid.active
    canvas.setFocus()
    qtbot.waitUntil(canvas.hasFocus)
    blanking.cover()
    handle = window.windowHandle()

    def send(kind, *, repeated):
        QApplication.sendEvent(handle, QKeyEvent(kind, Qt.Key.Key_I, Qt.KeyboardModifier.NoModifier, "i", repeated))

    send(QEvent.Type.KeyPress, repeated=False)
    for _ in range(3):
        send(QEvent.Type.KeyRelease, repeated=True)
        send(QEvent.Type.KeyPress, repeated=True)
    assert blanking.covers
    send(QEvent.Type.KeyRelease, repeated=False)
    assert not blanking.covers and not canvas.window_state.inverted


def test_a_window_that_comes_up_meanwhile_is_covered_too(window, blanking, qtbot):
    blanking.cover()
    dialog = AboutDialog(window)
    dialog.open()
    qtbot.waitUntil(lambda: len(blanking.covers) == 2)
    blanking.uncover()
    dialog.close()


def test_it_happens_after_so_long_without_use(window, blanking, qtbot):
    blanking.set_minutes(1)
    timer = blanking._timer
    assert timer.interval() == 60_000
    timer.stop()
    QTest.mouseMove(window.windowHandle(), QPoint(30, 30))
    qtbot.waitUntil(timer.isActive, timeout=3000)  # use begins it anew
    timer.setInterval(50)
    timer.start()
    qtbot.waitUntil(lambda: len(blanking.covers) == 1, timeout=3000)
    blanking.uncover()
    blanking.set_minutes(0)
    assert not timer.isActive()


def test_how_long_is_kept(window, make_window):
    assert window.preferences.settings.blank_after == 15
    window.preferences.take(replace(window.preferences.settings, blank_after=5), window.preferences.keys)
    window.close()
    again = make_window()
    assert again.preferences.settings.blank_after == 5 and again.blanking._timer.interval() == 300_000


def test_it_is_quiet_while_covered_and_outlives_a_dialog_that_deletes_itself(window, blanking, qtbot, monkeypatch):
    dialog = AboutDialog(window)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    qtbot.waitUntil(dialog.isVisible)
    calls = []
    cover = blanking.cover
    monkeypatch.setattr(blanking, "cover", lambda: calls.append(1) or cover())
    blanking.cover()
    QTest.qWait(400)
    assert len(calls) < 5
    dialog.close()
    QTest.qWait(50)
    blanking.cover()
    blanking.uncover()
    QTest.qWait(50)
    assert not blanking.covers
    assert not [each for each in window.findChildren(_Cover) if each.isVisible()]
