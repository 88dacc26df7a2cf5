"""Warnings laid on an image stay there."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from unix_edge.dicom.grayscale import ImageWarning
from unix_edge.dicom.presentation_state import PresentationState
from unix_edge.sentences import Sentence
from unix_edge_desktop.image.badges import CONFLICT, Badge
from unix_edge_desktop.image.corner_text import TextState
from unix_edge_desktop.output.presentation import TOO_MANY, apply_state, clear_state


def test_a_warning_stays_wherever_the_mouse_goes_and_whatever_text_is_hidden(canvas, make_image):
    image = make_image(LossyImageCompression="01")
    object.__setattr__(image, "warnings", (ImageWarning.COLOUR.value,))
    canvas.set_image(image)
    QTest.mouseMove(canvas, QPoint(300, 300))
    while canvas.text_state is not TextState.NONE:
        canvas.toggle_text()
    words = [each.text() for each in canvas.badges.labels]
    assert words == ["Colour", "LOSSY"] and all(each.isVisible() for each in canvas.badges.labels)
    assert canvas.badges.labels[0].toolTip() == str(ImageWarning.COLOUR.value)
    assert str(ImageWarning.COLOUR.value) in canvas.badges.labels[0].accessibleName()
    assert "Colour" in canvas.accessibleDescription()
    assert canvas.rect().contains(canvas.badges.geometry())


def test_it_goes_with_its_image_and_a_note_of_the_caller_with_its_own(canvas, make_image):
    canvas.set_image(make_image(), notes=[CONFLICT])
    assert [each.text() for each in canvas.badges.labels] == [CONFLICT.word]
    canvas.set_image(make_image())
    assert canvas.badges.labels == [] and not canvas.badges.isVisible()
    canvas.set_calibrated_image(canvas.image.calibrate((0.5, 0.5)))
    assert [each.text() for each in canvas.badges.labels] == ["mm calibrated by user"]
    canvas.set_image(None)
    assert canvas.badges.labels == []


def test_markup_in_a_warning_stays_text(canvas, make_image):
    hostile = Badge("Odd", Sentence("{0} was left out.", "<img src='/etc/passwd'><b>It</b>"))
    canvas.set_image(make_image(), notes=[hostile])
    (label,) = canvas.badges.labels
    assert "passwd" in label.toolTip() and "<" not in label.toolTip()


def test_a_drag_that_begins_on_a_badge_changes_the_window(canvas, make_image, mouse_drag):
    canvas.set_image(make_image(LossyImageCompression="01"))
    label = canvas.badges.labels[0]
    before = canvas.window_state
    at = label.rect().center()
    QTest.mousePress(label, Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseMove(label, at + QPoint(60, 0))
    QTest.mouseRelease(label, Qt.MouseButton.LeftButton, pos=at + QPoint(60, 0))
    assert canvas.window_state != before


def test_what_a_presentation_state_could_not_show_stays_on_the_image_until_the_state_goes(canvas):
    assert canvas.badges.labels == []
    apply_state(canvas, PresentationState(left_out=(TOO_MANY,)))
    QTest.mouseMove(canvas, QPoint(300, 300))
    assert [each.toolTip() for each in canvas.badges.labels] == [str(TOO_MANY)]
    clear_state(canvas)
    assert canvas.badges.labels == []
    apply_state(canvas, PresentationState(left_out=(TOO_MANY,)))
    canvas.set_image(canvas.image)
    assert canvas.badges.labels == []


def test_warnings_lie_within_a_view_however_small_it_is(canvas, make_image):
    image = make_image(LossyImageCompression="01")
    object.__setattr__(image, "warnings", tuple(each.value for each in ImageWarning))
    canvas.set_image(image)
    for size in ((800, 600), (160, 240), (400, 220)):
        canvas.resize(*size)
        assert canvas.rect().contains(canvas.badges.geometry()), size
        for label, badge in zip(canvas.badges.labels, canvas.badges.badges, strict=True):
            assert label.width() >= label.sizeHint().width() and label.accessibleName().startswith(badge.word)
    canvas.resize(800, 600)
    assert [each.text() for each in canvas.badges.labels] == [each.word for each in canvas.badges.badges]
