"""Several images side by side: one to four canvases that keep step, and a warning where patients differ."""

from collections.abc import Mapping
from enum import StrEnum
from itertools import combinations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QGridLayout, QLabel, QVBoxLayout, QWidget

from unix_edge.dicom.projection import Difference, find_difference

from ..image.corner_text import is_older, write_prior
from ..image.images import ViewImage
from ..image.key_marks import KeyMarkStore
from ..image.measurement_set import MeasurementStore
from ..storage.settings import LAYOUT_NAMES
from .canvas import Canvas

LAYOUTS = {name: (int(name[0]), int(name[2])) for name in LAYOUT_NAMES}
"""Rows and columns."""
_MOST = 4


class Apart(StrEnum):
    """Why two views do not zoom and pan together."""

    PATIENT = "patient"
    PART = Difference.PART.value
    PROJECTION = Difference.PROJECTION.value


class CanvasGrid(QWidget):
    """Canvases in rows and columns, one of them active."""

    active_changed = Signal(object)
    """The `Canvas` that actions are for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvases = [Canvas() for _ in range(_MOST)]
        self.active = self.canvases[0]
        self.synchronised = False
        self._layout_name, self._maximised = "1x1", False
        self._leader = self.active
        """The one that was zoomed or moved last, which others follow where they are synchronised."""
        self._warning = _make_bar("background: #8c1d00; color: #ffffff; font-weight: bold; padding: 4px;")
        self._warning.setAccessibleName(self.tr("Warning"))
        self._apart = _make_bar("background: #26221a; color: #ffb454; padding: 2px;")
        self._apart.setAccessibleName(self.tr("Not synchronised"))
        self._cells = QGridLayout()
        self._cells.setSpacing(2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._warning)
        column.addWidget(self._apart)
        column.addLayout(self._cells, 1)
        for index, canvas in enumerate(self.canvases):
            canvas.setObjectName(f"canvas{index + 1}")
            canvas.setAccessibleName(self.tr("Radiograph {0}").replace("{0}", str(index + 1)))
            canvas.activated.connect(lambda canvas=canvas: self.activate(canvas))
            canvas.viewport_changed.connect(lambda _, canvas=canvas: self._keep_step(canvas))
            canvas.image_changed.connect(lambda canvas=canvas: self._take_up(canvas))
            canvas.resized.connect(lambda canvas=canvas: self._on_resized(canvas))
            canvas.measurements_changed.connect(self._compare)
            canvas.tool_changed.connect(self._take_tool)
            canvas.maximise_wanted.connect(lambda canvas=canvas: self.toggle_maximised(canvas))
        self.set_layout("1x1")

    @property
    def shown(self) -> list[Canvas]:
        """The canvases that there are room for, in reading order."""
        return [self.active] if self._maximised else self.laid_out

    @property
    def laid_out(self) -> list[Canvas]:
        """Those of the layout, whether one of them is seen alone or all are."""
        rows, columns = LAYOUTS[self._layout_name]
        return self.canvases[: rows * columns]

    @property
    def is_maximised(self) -> bool:
        """Whether one is seen alone."""
        return self._maximised

    @property
    def hung(self) -> tuple[tuple[Canvas, ...], ...]:
        """Those that are shown, row by row as they hang."""
        shown = self.shown
        columns = 1 if self._maximised else LAYOUTS[self._layout_name][1]
        return tuple(tuple(shown[at : at + columns]) for at in range(0, len(shown), columns))

    @property
    def warning(self) -> str:
        """What is said above the images; nothing where there is nothing to warn of."""
        return self._warning.text()

    def set_layout(self, name: str) -> None:
        """Show one of `LAYOUTS`; images that there is no room for stay where they are, unseen."""
        self._layout_name, self._maximised = name, False
        if self.active not in self.shown:
            self.active = self.shown[0]
            self.active_changed.emit(self.active)
        self._arrange()

    def toggle_maximised(self, canvas: Canvas | None = None) -> None:
        """Show one canvas alone, or all again."""
        if canvas is not None:
            self.activate(canvas)
        self._maximised = not self._maximised
        self._arrange()

    def set_image(self, image: ViewImage | None, canvas: Canvas | None = None) -> None:
        """Show an image in a canvas, else in the active one."""
        (canvas or self.active).set_image(image)

    def activate(self, canvas: Canvas) -> None:
        """Make a canvas the one that actions are for."""
        if canvas is not self.active:
            focused = any(each.hasFocus() for each in self.canvases)
            self.active = canvas
            if focused and canvas.isVisible():  # keys are for the view that actions are for
                self.focus_active()
            self._mark()
            self.active_changed.emit(canvas)

    def focus_active(self) -> None:
        """Give the active canvas the focus, and its window the keys."""
        if QApplication.activeWindow() is not None and not self.isActiveWindow():
            self.activateWindow()
        self.active.setFocus(Qt.FocusReason.OtherFocusReason)

    def next_view(self) -> None:
        """Go to the next canvas, after the last to the first."""
        shown = self.shown
        canvas = shown[(shown.index(self.active) + 1) % len(shown)]
        self.activate(canvas)
        self.focus_active()

    @property
    def apart(self) -> str:
        """Why not all views that are seen keep step though they are to; nothing where they do."""
        return self._apart.text()

    def set_synchronised(self, on: bool) -> None:
        """Let those that show the same of one patient zoom and pan as the active one does, or no longer."""
        self.synchronised = on
        self._keep_step(self.active)
        self._tell_apart()

    def set_store(self, store: MeasurementStore | None) -> None:
        """Keep the measurements of all in a folder."""
        for canvas in self.canvases:
            canvas.set_store(store)

    def set_key_store(self, keys: KeyMarkStore | None) -> None:
        """Keep the key images of all in a folder."""
        for canvas in self.canvases:
            canvas.set_key_store(keys)

    def set_tool(self, name: str) -> None:
        """Give the left button of all a tool."""
        for canvas in self.canvases:
            canvas.set_tool(name)

    def _take_tool(self, name: str) -> None:
        """Let all have the tool that one took by itself, as by Esc."""
        for canvas in self.canvases:
            if canvas.tool != name:
                canvas.set_tool(name)

    def set_buttons(self, mouse: Mapping[str, str], *, reversed_window: bool, wheel_zooms: bool) -> None:
        """Give the mouse over all its ways, as `Pointer.set_buttons` takes them."""
        for canvas in self.canvases:
            canvas.pointer.set_buttons(mouse, reversed_window=reversed_window, wheel_zooms=wheel_zooms)

    def set_hide_patient(self, hide: bool) -> None:
        """Leave out of all who it is, or write it."""
        for canvas in self.canvases:
            canvas.set_hide_patient(hide)

    def toggle_text(self) -> None:
        """Write all, less, nothing in the corners, in turn, of all alike."""
        state = self.active.text_state.next()
        for canvas in self.canvases:
            while canvas.text_state is not state:
                canvas.toggle_text()

    def toggle_layers(self, kind: str) -> bool:
        """Show overlays, shutters, drawings or measurements in all views, or in none; return whether they are shown."""
        shown = not getattr(self.active.layers, f"{kind}_shown")
        for canvas in self.canvases:
            if getattr(canvas.layers, f"{kind}_shown") is not shown:
                getattr(canvas, f"toggle_{kind}")()
        return shown

    def _arrange(self) -> None:
        shown = self.shown
        focused = any(canvas.hasFocus() for canvas in self.canvases)
        columns = 1 if self._maximised else LAYOUTS[self._layout_name][1]
        for canvas in self.canvases:
            self._cells.removeWidget(canvas)
        for index, canvas in enumerate(shown):
            self._cells.addWidget(canvas, index // columns, index % columns)
            canvas.setVisible(True)
        if focused:  # before another is hidden, for Qt hands the focus of one that is hidden to whatever is next
            self.active.setFocus(Qt.FocusReason.OtherFocusReason)
        for canvas in self.canvases:
            canvas.setVisible(canvas in shown)
        self._mark()
        self._compare()
        self._keep_step(self._leader if self._leader in shown else self.active)

    def _mark(self) -> None:
        """Let it be seen which of several views is active, wherever the focus is."""
        for canvas in self.canvases:
            canvas.is_marked = canvas is self.active and len(self.shown) > 1
            canvas.update()

    def _keep_step(self, leader: Canvas) -> None:
        """Let the others that show the same zoom and pan as one does."""
        self._leader = leader
        if self.synchronised:
            for canvas in self.shown:
                if _find_apart(leader, canvas) is None:
                    canvas.follow(leader)

    def _take_up(self, canvas: Canvas) -> None:
        """Let a view that shows another image zoom and pan as the others that show the same, the leader first."""
        shown = sorted(self.shown, key=lambda each: each is not self._leader)
        like = next((each for each in shown if each is not canvas and _find_apart(each, canvas) is None), None)
        if not self.synchronised or like is None or canvas not in shown:
            return
        if canvas is self._leader and canvas.is_fitted and like.is_fitted:
            self._keep_step(canvas)
        else:
            canvas.follow(like)

    def _on_resized(self, canvas: Canvas) -> None:
        if canvas is self._leader:
            self._keep_step(canvas)
        else:
            self._take_up(canvas)

    def _tell_apart(self) -> None:
        """Say for as long as it lasts that some views do not keep step with others though all are to."""
        shown = self.shown if self.synchronised else []
        found = {_find_apart(one, other) for one, other in combinations(shown, 2)}
        said = [
            sentence
            for apart, sentence in (
                (Apart.PATIENT, self.tr("Views that are not known to show one patient are not synchronised.")),
                (Apart.PART, self.tr("Views of different body parts are not synchronised.")),
                (Apart.PROJECTION, self.tr("Views of different projections are not synchronised.")),
            )
            if apart in found
        ]
        self._apart.setText("  ".join(said))
        self._apart.setVisible(bool(said))

    def _compare(self) -> None:
        """Warn where the images that are seen are not known to be one patient's."""
        patients = [_patient(canvas.image) for canvas in self.shown if canvas.image is not None]
        known = {patient for patient in patients if patient is not None}
        text = ""
        if len(known) > 1:
            text = self.tr("These images are of different patients.")
        elif len(patients) > 1 and None in patients:
            text = self.tr("It is not known whether these images are of one patient.")
        self._warning.setText(text)
        self._warning.setVisible(bool(text))
        self._tell_priors()
        self._tell_apart()
        for canvas in self.shown:  # two may show the same frame
            canvas.update()

    def _tell_priors(self) -> None:
        """Write on each image that is older than another of the patient that it is a prior."""
        images = [canvas.image for canvas in self.laid_out if canvas.image is not None]
        for canvas in self.canvases:
            own, prior = canvas.image, ""
            if own is not None and canvas in self.laid_out:
                whose = _patient(own)
                newest = own
                for each in images:
                    if whose is not None and _patient(each) == whose and is_older(newest.header, each.header):
                        newest = each
                prior = write_prior(own.header, newest.header, canvas.translate)
            canvas.set_prior(prior)


def _make_bar(style: str) -> QLabel:
    bar = QLabel()
    bar.setWordWrap(True)
    bar.setAlignment(Qt.AlignmentFlag.AlignCenter)
    bar.setStyleSheet(style)
    bar.hide()
    return bar


def _find_apart(one: Canvas, other: Canvas) -> Apart | None:
    """Return why two views do not lie alike; None where they do, or one shows nothing."""
    if one.image is None or other.image is None:
        return None
    patient, is_one_series = _patient(one.image), one.series is not None and one.series == other.series
    is_known = patient is not None or is_one_series  # a folder of pictures tells of nobody
    if not is_known or patient != _patient(other.image) or _name(one.image) != _name(other.image):
        return Apart.PATIENT
    difference = find_difference(one.image.projection, other.image.projection)
    return None if difference is None else Apart(difference.value)


def _patient(image: ViewImage) -> tuple[str, ...] | None:
    """Return what tells patients apart; None where the file says too little."""
    header = image.header
    keywords = ("PatientID", "IssuerOfPatientID", "PatientBirthDate")
    values = tuple(str(header.get(keyword) or "").strip().upper() for keyword in keywords)
    # One ID may have been given twice; the index tells such patients apart by their names, too.
    return (*values, _name(image)) if values[0] else None


def _name(image: ViewImage) -> str:
    return " ".join(str(image.header.get("PatientName") or "").replace("^", " ").split()).casefold()
