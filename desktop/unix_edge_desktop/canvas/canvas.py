"""The widget for one image with all that is drawn over it: measurements, text, orientation, banner and lens."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from unix_edge.errors import UnixEdgeError

from ..image.badges import Badge, badge_of, list_badges
from ..image.corner_text import TextState, write_whose
from ..image.images import ViewImage
from ..image.key_marks import KeyMarkStore
from ..image.measurement_set import Measurements, MeasurementSet, MeasurementStore
from ..image.measuring import KINDS, Measurement, Probe
from ..image.view_states import ViewState
from ..image.viewport import Point
from ..toolkit.background import bring
from ..toolkit.dates import show_date
from ..toolkit.sentences import CONTEXT, tell, translate_sentence
from .badge_column import BadgeColumn
from .image_view import ImageView
from .labels import lay_labels
from .layers import Layers
from .painting import LENS_SIDE, LENS_ZOOM, Lens, paint_message, paint_ring, paint_scene
from .pointer import TOOLS, Pointer
from .scene import Scene
from .words_field import WordsField

LENS = "lens"


class Canvas(ImageView):
    """An image that is measured and written on; its methods are the actions of menus and keys."""

    readout = Signal(str)
    """The value at a place, or nothing."""
    image_changed = Signal()
    """It shows another image or none, or the same with another spacing."""
    measurements_changed = Signal()
    edits_changed = Signal()
    """Another measurement can be deleted, or other changes taken back, than before."""
    measuring = Signal()
    """What is measured on it is changed, or about to be: whoever does that wants to see it."""
    tool_changed = Signal(str)
    frame_wanted = Signal(int)
    """So many images on, or back."""
    context_menu_wanted = Signal(QPoint)
    """Where, on the screen."""
    touched = Signal()
    """A button was pressed over it, or the wheel turned."""
    maximise_wanted = Signal()
    activated = Signal()
    """It got the focus, or a button was pressed over it."""
    past = Signal(str)
    """What was said of the image that was measured and is shown no longer."""
    saved = Signal(str)
    """Why what is measured on the image is not written, in a sentence; nothing where it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tool = "window"
        self.text_state = TextState.ALL
        self.hide_patient = False
        self.prior = ""
        """That the image is a prior of what is seen beside it, and of what age."""
        self._chosen: Measurement | None = None
        """The one that is selected; another view of the frame may have changed it by now, or taken it away."""
        self.pending: Measurement | None = None
        """One that is half drawn."""
        self.key_cursor: Point | None = None
        """The crosshair that the arrow keys move, in the image."""
        self.lens_at: Point | None = None
        self.is_marked = False
        """Whether it is the active one of several."""
        self.stack_size = 1
        """Images that the wheel turns; where it is one, the wheel zooms."""
        self.series: object = None
        """What tells the series of the image from all others; None of an image that is of none."""
        self.message = self.tr("No image. Open or drop a file.")
        self.pointer = Pointer(self)
        self.layers = Layers(self._on_layers_changed)
        self.badges = BadgeColumn(self)
        self.words = WordsField(self)
        self._notes: tuple[Badge, ...] = ()
        """What is known of the image's file beyond what stands in it."""
        self._set = MeasurementSet()
        self._preview: tuple[int, Measurement] | None = None
        self._store: MeasurementStore | None = None
        self._keys: KeyMarkStore | None = None
        self._lens = False
        self._place: Point | None = None
        """Of the mouse, while it is over this widget."""
        self._why_left = ""
        self._refusal = ""
        """Why what was measured last was not kept."""
        self._said = ""
        """Of what was measured on the image."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(self.tr("Radiograph"))
        for changed in (self.window_changed, self.measurements_changed):
            changed.connect(self._describe)
        self.words.typed.connect(self._on_words)
        self.words.given_up.connect(lambda: self.set_pending(None))
        self.words.ended.connect(lambda: self.preview(None))
        self.seen_changed.connect(self.words.stay_beside)
        self.measurements_changed.connect(self.edits_changed)
        self._describe()

    def set_image(
        self,
        image: ViewImage | None,
        *,
        keep_view: bool = False,
        notes: Sequence[Badge] = (),
        left: ViewState | None = None,
    ) -> None:
        """Show an image with its measurements, or none.

        Args:
            image: What is shown.
            keep_view: Keep window and viewport, as for another frame, unless a presentation state was left on it.
            notes: Warnings of the caller's; those and the image's stay on it.
            left: How it is to be seen where window and viewport are not kept.
        """
        self._notes = tuple(notes)
        self.words.finish()
        self.pointer.cancel()
        self._chosen = self.lens_at = self.key_cursor = None
        self._refusal = ""
        self.past.emit(self._said)
        self._said = ""
        self.layers.lie_over(image)
        self._set = MeasurementSet()
        if image is not None:
            self.stack_size = max(self.stack_size if keep_view else 1, image.frames)
            if self._store is not None:
                self._set = self._store.restore(image.uid, image.frame)
                why = self._store.why_left(image.uid, image.frame)
                self._tell("" if why is None else translate_sentence(why))
        keeps = keep_view and (left is None or left.state is None)
        if not self.show_image(image, keep_view=keeps) and left is not None:
            self.show_as(left.viewport, left.window, fitted=left.fitted)
            self.layers.show_state(left.state, graphics_only=left.graphics_only)
        self._show_place_anew()
        self.measurements_changed.emit()
        self.image_changed.emit()

    @property
    def left(self) -> ViewState | None:
        """How the image is seen, to be shown so again; None where it is as it was opened."""
        if self.image is None or (self.is_as_opened and self.layers.state is None):
            return None
        state, graphics_only = self.layers.state, self.layers.graphics_only
        return ViewState(self.viewport, self.is_fitted, self.window_state, state, graphics_only)

    def reset(self) -> None:
        """Show the image as it was opened, without a presentation state."""
        if self.layers.state is not None:
            self.layers.show_state(None)
        super().reset()

    def set_calibrated_image(self, image: ViewImage) -> None:
        """Take the same image with another spacing; window, measurements and zoom stay."""
        self.image = image
        self.update()
        self.measurements_changed.emit()
        self.image_changed.emit()

    def set_store(self, store: MeasurementStore | None) -> None:
        """Keep measurements in a folder from now on, and restore those of the image."""
        self._store = store
        if store is not None and self.image is not None and not self._set.measurements:
            self._set = store.restore(self.image.uid, self.image.frame)
            self.update()
            self.measurements_changed.emit()

    @property
    def notes(self) -> tuple[Badge, ...]:
        """What is known of the image's file beyond what stands in it."""
        return self._notes

    def set_notes(self, notes: Sequence[Badge]) -> None:
        """Warn of more than stands in the image's file."""
        self._notes = tuple(notes)
        self._describe()

    def _show_badges(self) -> None:
        known = (*self._notes, *map(badge_of, self.layers.left_out))
        notes = tuple(Badge(self.translate(each.word), each.sentence) for each in known)
        badges = () if self.image is None else (*notes, *list_badges(self.image, self.translate))
        self.badges.show_badges(badges)

    def set_message(self, message: str) -> None:
        """Say something in place of an image."""
        self.message = message
        self.update()

    # What is measured

    @property
    def measurements(self) -> Measurements:
        """Those that are drawn; one that is being moved where it is."""
        found = self._set.measurements
        if self._preview is None:
            return found
        index, measurement = self._preview
        return (*found[:index], measurement, *found[index + 1 :])

    @property
    def selected(self) -> int | None:
        """Which of them is selected, if one is."""
        found = self._set.measurements
        return next((at for at, each in enumerate(found) if each is self._chosen), None)

    def set_tool(self, name: str) -> None:
        """Give the left button one of `TOOLS`; "lens" is switched on and off beside it."""
        if name == LENS:
            self.toggle_lens()
            return
        if name not in TOOLS:
            raise ValueError(name)
        self.words.finish()
        self.pointer.cancel()
        self.tool, self.key_cursor, self._refusal = name, None, ""
        self.setCursor(Qt.CursorShape.ArrowCursor if name == "window" else Qt.CursorShape.CrossCursor)
        self.update()
        self.tool_changed.emit(name)

    def add_measurement(self, measurement: Measurement) -> None:
        """Add one, select it, and say what it is, once what is written at it is typed; or say why it cannot be."""
        if self._refuses(measurement):
            return
        if measurement.has_words and not measurement.words:
            self.set_pending(measurement)
            self.words.ask(measurement, None)
            return
        self._add(measurement)

    def _add(self, measurement: Measurement) -> None:
        self._set.add(measurement)
        self._chosen = measurement
        self._remeasured(measurement)

    def change_measurement(self, index: int, measurement: Measurement) -> None:
        """Put another in its place, and say what it is; or say why it cannot be."""
        if self._refuses(measurement):
            return
        is_chosen = self.selected == index
        self._set.replace(index, measurement)
        if is_chosen:
            self._chosen = self._set.measurements[index]
        self._remeasured(measurement)

    def preview(self, changed: tuple[int, Measurement] | None) -> None:
        """Draw one otherwise than it is, while it is moved."""
        self._preview = changed
        self.update()

    def set_pending(self, measurement: Measurement | None) -> None:
        """Draw one that is half drawn."""
        self.pending = measurement
        if measurement is not None:
            self._refusal = ""
            self.measuring.emit()
        self.update()
        self.edits_changed.emit()

    @property
    def can_edit_words(self) -> bool:
        """Whether `edit_words` does anything."""
        return self.can_delete and self._set.measurements[self.selected or 0].has_words

    def edit_words(self) -> None:
        """Let the reader change what is written at the selected measurement."""
        if self.can_edit_words and self.measurements_shown:
            assert self.selected is not None
            measurement = self._set.measurements[self.selected]
            self.words.ask(measurement, self.selected)
            self.preview((self.selected, measurement.with_words("")))

    def _on_words(self, written: Measurement, index: int | None, former: Measurement) -> None:
        if index is None:
            self.set_pending(None)
            self._add(written)
        elif former in self._set.measurements[index : index + 1]:  # else it was deleted meanwhile
            self.change_measurement(index, written)

    def label_at(self, at: Point) -> tuple[int, int, Point] | None:
        """Return of which measurement a text is under the mouse, which of its texts, and its corner."""
        if self.image is None or not self.measurements_shown:
            return None
        laid = lay_labels(self.describe_scene(), self.image, QFontMetricsF(self.font()), live=False)
        found = next((each for each in reversed(laid) if each.box.contains(*at)), None)
        return None if found is None else (found.of, found.index, (found.box.left(), found.box.top()))

    @property
    def asked(self) -> tuple[str, ...]:
        """What the view says of the tool: why the last measurement was refused, and what is asked for now."""
        asks = KINDS[self.tool].asks if self.tool in KINDS and self.image is not None else ()
        begun = 0 if self.pending is None else len(self.pending.points) - 1
        now = tuple(self.translate(each) for each in asks[begun // 2 : begun // 2 + 1])
        return ((self._refusal,) if self._refusal else ()) + now

    def _refuses(self, measurement: Measurement) -> bool:
        refusal = measurement.refusal()
        self._refusal = "" if refusal is None else translate_sentence(refusal)
        if self._refusal:
            self.status.emit(self._refusal)
            self.update()
        return bool(self._refusal)

    def set_key_cursor(self, point: Point | None) -> None:
        """Draw the crosshair at a point of the image, or nowhere."""
        self.key_cursor = point
        self.update()

    def select(self, index: int | None) -> None:
        """Select a measurement, or none."""
        self._chosen = None if index is None else self._set.measurements[index]
        self.update()
        self.edits_changed.emit()

    def select_next(self) -> None:
        """Select the next measurement, after the last the first, and say what it is."""
        if self.image is not None and self._set.measurements and self.measurements_shown:
            self.select(0 if self.selected is None else (self.selected + 1) % len(self._set.measurements))
            assert self.selected is not None
            self._say(self._set.measurements[self.selected])

    def delete_selected(self) -> bool:
        """Take the selected measurement away; return whether there was one."""
        if self.selected is None:
            return False
        self._set.delete(self.selected)
        self._chosen = None
        self._remeasured()
        return True

    def delete_all(self) -> None:
        """Take all measurements of the image away, if they are seen; one undo brings them back."""
        if self.can_delete_all:
            self.pointer.cancel()
            self._set.clear()
            self._chosen = None
            self._remeasured()

    @property
    def can_undo(self) -> bool:
        """Whether `undo` does anything."""
        return self.pending is not None or self._set.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether `redo` does anything."""
        return self._set.can_redo

    @property
    def can_delete(self) -> bool:
        """Whether `delete_selected` does anything."""
        return self.selected is not None

    @property
    def can_delete_all(self) -> bool:
        """Whether `delete_all` does anything."""
        return self.measurements_shown and bool(self._set.measurements)

    def undo(self) -> None:
        """Give up a measurement that is half drawn or written at, else take back the last change."""
        self.words.finish()
        if not self.pointer.cancel() and self._set.undo():
            self._chosen = None
            self._remeasured()

    def redo(self) -> None:
        """Make the change again."""
        if self._set.redo():
            self._chosen = None
            self._remeasured()

    def cancel(self) -> bool:
        """Give up what is half drawn, else the selection, else the tool; return whether there was anything.

        A tool that asks for one thing after the other is left at once.
        """
        if self.tool in KINDS and KINDS[self.tool].asks:
            self.select(None)
            self.set_tool("window")
            return True
        if self.pointer.cancel():
            return True
        if self.selected is not None:
            self.select(None)
        elif self.tool != "window":
            self.set_tool("window")
        else:
            return False
        return True

    # What lies over it, and whether it was chosen

    def toggle_overlays(self) -> None:
        """Show the file's overlay planes, or no longer."""
        self.layers.overlays_shown = not self.layers.overlays_shown
        self.update()

    def toggle_shutters(self) -> None:
        """Cover what the file or a presentation state does not mean to be shown, or no longer."""
        self.layers.shutters_shown = not self.layers.shutters_shown
        self.update()

    def toggle_drawings(self) -> None:
        """Show the drawings of a presentation state, or no longer."""
        self.layers.drawings_shown = not self.layers.drawings_shown
        self.update()

    def toggle_measurements(self) -> None:
        """Show measurements, or no longer; those that are not seen cannot be taken hold of."""
        self.layers.measurements_shown = not self.layers.measurements_shown
        if not self.layers.measurements_shown:
            self.pointer.cancel()
            self._chosen = None
        self.update()
        self.edits_changed.emit()

    @property
    def measurements_shown(self) -> bool:
        """Whether measurements are seen."""
        return self.layers.measurements_shown

    def set_key_store(self, keys: KeyMarkStore | None) -> None:
        """Keep the key images in a folder from now on."""
        self._keys = keys
        self.update()

    @property
    def whose(self) -> str:
        """Patient, date and description of the image, as a question about it says them; nothing without one."""
        if self.image is None:
            return ""
        hide, translate = self.hide_patient, self.translate
        return write_whose(self.image, hide_patient=hide, translate=translate, show_date=show_date)

    @property
    def is_key(self) -> bool:
        """Whether the image is a key image."""
        return self._keys is not None and self.image is not None and self._keys.is_marked(self.image)

    def toggle_key(self) -> None:
        """Make the image a key image, or no longer."""
        if self._keys is None or self.image is None:
            return
        try:
            bring(self._keys.toggle(self.image), self, failed=self.status.emit)
        except UnixEdgeError as error:
            self.status.emit(tell(error))
            return
        self.status.emit(self.tr("Key image") if self.is_key else self.tr("No longer a key image"))
        self._describe()
        self.update()

    # What is written

    def toggle_text(self) -> None:
        """Write all, less, nothing in the corners, in turn."""
        self.text_state = self.text_state.next()
        self.update()

    def set_hide_patient(self, hide: bool) -> None:
        """Leave out who it is, or write it."""
        self.hide_patient = hide
        self.update()

    def set_prior(self, prior: str) -> None:
        """Write that the image is a prior, and of what age; nothing where it is none."""
        if prior != self.prior:
            self.prior = prior
            self._describe()
            self.update()

    def toggle_lens(self) -> None:
        """Show what is around the mouse larger, or no longer."""
        self._lens, self.lens_at = not self._lens, None
        self.update()

    def turn_pages(self, steps: int) -> None:
        """Ask for the image so many on, or back."""
        self.frame_wanted.emit(steps)

    def open_menu(self, at: QPoint) -> None:
        """Ask for the menu of the image, at a place of the screen."""
        self.context_menu_wanted.emit(at)

    def _show_place_anew(self) -> None:
        """Say the value of another image under a mouse that has not moved: that of the former is not this one's."""
        if self._place is not None:
            self.readout.emit("")
            self.show_place(self._place)

    def show_place(self, at: Point) -> None:
        """Say which value is at a place of the widget, and move the lens there."""
        self._place = at
        if self.image is None:
            return
        self.readout.emit("  ".join(Probe((self.from_widget(at),)).lines(self.image, self.translate)))
        if self._lens:
            self.lens_at = at
            self.update()

    def translate(self, text: str) -> str:
        """Put words of the modules without Qt into the reader's language."""
        return QCoreApplication.translate(CONTEXT, text) if text else text

    def describe_scene(self) -> Scene:
        """Return what is to be painted over the image; there must be one."""
        assert self.image is not None
        return Scene(
            self.image,
            self.window_state,
            self.viewport,
            self.width(),
            self.height(),
            self.device_size,
            self.scale,
            self.text_state,
            self.hide_patient,
            self.prior,
            self.measurements if self.measurements_shown else (),
            self.selected,
            self.pending,
            self.key_cursor,
            self.layers.annotations,
            self.is_key,
            self.asked,
            self.translate,
            show_date,
        )

    def paint_over(self, painter: QPainter) -> None:
        """Draw what lies over the image."""
        painter.setFont(self.font())
        if self.image is None:
            paint_message(painter, self.rect(), self.message)
        else:
            covers = self.layers.lay(self.viewport, self.device_size)
            paint_scene(painter, self.describe_scene(), covers, self._look_through_lens())
        if self.hasFocus() or self.is_marked:
            paint_ring(painter, self.rect(), focused=self.hasFocus())

    # What Qt calls

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """Become the active one, also where the focus was here already, and begin a drag."""
        self.touched.emit()
        self.activated.emit()
        self.pointer.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """Go on with it."""
        self.pointer.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """End it."""
        self.pointer.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """Change the words that are meant, or maximise, unless a measurement is drawn by clicks."""
        index = self.pointer.measurement_at((event.position().x(), event.position().y()))
        if event.button() is Qt.MouseButton.LeftButton and self.pending is None and index is not None:
            self.select(index)
            if self.can_edit_words:
                self.edit_words()
                return
        if event.button() is Qt.MouseButton.LeftButton and self.tool == "window":
            self.maximise_wanted.emit()
        else:
            self.pointer.press(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's
        """Zoom, or turn pages."""
        self.touched.emit()
        self.pointer.wheel(event)
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's
        """Take the lens and the value under the mouse away."""
        self.lens_at = self._place = None
        self.readout.emit("")
        self.update()

    def event(self, event: QEvent) -> bool:
        """Keep the keys of a measuring tool from the window's shortcuts."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self.pointer.wants(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's
        """Take the keys of a measuring tool; leave all others to the window's shortcuts."""
        if not self.pointer.key(event):
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's
        """Keep the warnings within."""
        super().resizeEvent(event)
        self.badges.arrange()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's
        """Draw the ring, and say so."""
        super().focusInEvent(event)
        self.update()
        self.activated.emit()

    def _on_layers_changed(self) -> None:
        self._describe()
        self.update()
        self.seen_changed.emit()

    def _remeasured(self, measurement: Measurement | None = None) -> None:
        if self._store is not None and self.image is not None:
            self._store.save(self._set, self.image.uid, self.image.frame)
        if measurement is not None:
            self._say(measurement)
        self.measuring.emit()
        self.update()
        self.measurements_changed.emit()

    def _say(self, measurement: Measurement) -> None:
        if self.image is not None:
            said = [
                text for of in (measurement.lines, measurement.line_texts) for text in of(self.image, self.translate)
            ]
            if measurement.of_spacing and self.image.spacing.reason:
                said.append(translate_sentence(self.image.spacing.reason))
            if said:
                self._said = "  ".join(said)
                self.status.emit(self._said)

    def _tell(self, why_left: str) -> None:
        """Say why what is measured on the image is not written, or that it is."""
        if why_left != self._why_left:
            self._why_left = why_left
            self.saved.emit(why_left)

    def _look_through_lens(self) -> Lens | None:
        if self.lens_at is None:
            return None
        covers = self.layers.lay(*self.magnifying(self.lens_at, LENS_SIDE, LENS_ZOOM))
        return Lens(self.lens_at, self.magnified(self.lens_at, LENS_SIDE, LENS_ZOOM), covers)

    def _describe(self) -> None:
        self._show_badges()
        if self.image is None:
            said = self.message
        else:
            kind = [str(self.image.header.get(name) or "") for name in ("Modality", "BodyPartExamined", "ViewPosition")]
            parts = [*kind, self.translate(self.window_state.name)]
            parts += [self.prior] if self.prior else []
            parts += [self.tr("Key image")] if self.is_key else []
            parts += [each.word for each in self.badges.badges]
            parts.append(self.tr("{0} measurements").replace("{0}", str(len(self._set.measurements))))
            said = ", ".join(part for part in parts if part)
        self.setAccessibleDescription(said)
