"""The window: studies left, images in the middle, room for a panel right, progress and the disclaimer below."""

import threading
from collections.abc import Sequence
from pathlib import Path

from pydicom.uid import GrayscaleSoftcopyPresentationStateStorage, KeyObjectSelectionDocumentStorage
from PySide6.QtCore import QMimeData, QPoint, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QMoveEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QFileDialog,
    QInputDialog,
    QLabel,
    QMainWindow,
    QMenu,
    QMessageBox,
    QProgressBar,
    QPushButton,
)

from unix_edge.errors import UnixEdgeError
from unix_edge.files import MARK

from .blanking import Blanking
from .calibrations import CalibrationStore
from .canvas import Canvas
from .canvas_grid import CanvasGrid
from .commands import connect_actions
from .desk import Desk
from .exports import Exports
from .failure_list import FailureList
from .help_dialogs import AboutDialog, KeySheet
from .images import from_gray
from .key_images import KeyImageStore
from .leftovers import Leftovers
from .library import Library
from .measurement_set import MeasurementStore
from .measuring import Length, calibrate_by
from .menus import Menus
from .monitors import MonitorDialog, actual_zoom, name_monitor
from .opening import Failure, shown
from .preferences import Preferences
from .saving import forget_copy
from .sentences import translate_sentence
from .settings import Folders
from .stacks import image_series
from .studies import Patient, Series, Study
from .study_tree import DRAGGED, StudyTree
from .test_pattern import ADVICE, NOTICE, make_pattern
from .thumbnails import ThumbnailCache

STATE, KEYS = GrayscaleSoftcopyPresentationStateStorage, KeyObjectSelectionDocumentStorage


class MainWindow(QMainWindow):
    """Everything that a reader sees; other parts do the work, and this wires them."""

    def __init__(self, folders: Folders) -> None:
        super().__init__()
        self._closed = False
        self._unsaved: dict[Canvas, str] = {}
        self.setWindowTitle("UniX Edge")
        self.setAcceptDrops(True)
        self.setDockOptions(QMainWindow.DockOption.AnimatedDocks)
        self.grid = CanvasGrid()
        self.library = Library(folders.data, self)
        # Another window's are not overwritten: they lie where our index does.
        kept = Folders(folders.config, self.library.folder, folders.cache)
        self.leftovers = Leftovers(kept.data / "unfinished.json")
        self.leftovers.note(
            kept.config, kept.data, kept.measurements, kept.calibrations, kept.key_images, kept.thumbnails
        )
        self.calibrations = CalibrationStore(kept.calibrations)
        self.desk = Desk(self.grid, self.calibrations, self)
        self.store = MeasurementStore(kept.measurements)
        self.grid.set_store(self.store)
        self.studies = StudyTree(ThumbnailCache(kept.thumbnails))
        self.failures = FailureList(self)
        self.menus = Menus(self, self.grid)
        self.key_images = KeyImageStore(kept.key_images)
        for canvas in self.grid.canvases:
            canvas.set_key_store(self.key_images)
        self.exports = Exports(lambda: self.grid.active, self.key_images, folders.data, self.leftovers, self)
        self.blanking = Blanking(self)
        self.preferences = Preferences(folders, self)
        self._build()
        self._connect()
        self.preferences.restore()
        self._write_presets()
        self.library.start()
        threading.Thread(target=self.leftovers.remove, name="leftovers", daemon=True).start()
        if self.preferences.notice:
            self.say(self.preferences.notice)
        # The tree is left for what is read, as soon as there is anything.
        QTimer.singleShot(0, self.grid.active.setFocus)

    # Opening

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Open files, folders and archives; the first study of them is shown."""
        self.library.open(paths)

    def ask_for_files(self) -> None:
        """Let a person choose files."""
        kinds = self.tr(
            "All files (*);;DICOM (*.dcm *.dicom *.ima DICOMDIR);;Archives and pictures (*.zip *.png *.jpg)"
        )
        names, _ = QFileDialog.getOpenFileNames(self, self.tr("Open files"), "", kinds)
        self.open_paths([Path(name) for name in names])

    def ask_for_folder(self) -> None:
        """Let a person choose a folder."""
        name = QFileDialog.getExistingDirectory(self, self.tr("Open folder"))
        self.open_paths([Path(name)] if name else [])

    def open_last(self) -> None:
        """Show again what the views showed when the window was closed, or died."""
        left = self.preferences.settings.views
        if any(uid for uid, _, _ in left):
            self.library.with_studies([uid for uid, _, _ in left], lambda patients: self.desk.restore(patients, left))

    def remove_study(self) -> None:
        """Take the study that is chosen in the list out of it, after asking; its files stay."""
        chosen = self.studies.current_study()
        if chosen is None:
            self.say(self.tr("Choose a study in the list first."))
            return
        question = self.tr("Remove this study from the list? Its files stay where they are, untouched.")
        if QMessageBox.question(self, self.tr("Remove study"), question) is QMessageBox.StandardButton.Yes:
            self.library.remove(*chosen)
            self.studies.forget_pictures(chosen[1])

    def anonymise(self) -> None:
        """Make anonymised copies of the images of the study in the active view."""
        view = self.desk.views.get(self.grid.active)
        instances = [each for series in view.study.series for each in series.instances if each.rows] if view else []
        self.exports.ask_to_anonymise([(each.path, each.member) for each in instances])

    def compare_prior(self) -> None:
        """Show the newest earlier study of the same patient beside this one."""
        self.library.with_patients(self.desk.compare_prior)

    # What is looked at

    def go_to_search(self) -> None:
        """Go to the search box, and show it where it is hidden."""
        self.study_dock.show()
        self.studies.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.studies.search.selectAll()

    def switch_panel(self) -> None:
        """Go from the studies to the image, else to the studies."""
        if self.studies.isAncestorOf(QApplication.focusWidget() or self):
            self.grid.active.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self.study_dock.show()
            self.studies.tree.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def calibrate(self) -> None:
        """Take the selected length as so many millimetres, in all of the series."""
        canvas = self.grid.active
        image = canvas.image
        chosen = None if canvas.selected is None else canvas.measurements[canvas.selected]
        if image is None or not isinstance(chosen, Length):
            self.say(self.tr("Select a length in the image first."))
            return
        title, text = self.tr("Calibrate"), self.tr("How many millimetres long is the selected line?")
        millimetres, given = QInputDialog.getDouble(self, title, text, 100.0, 0.1, 10_000.0, 1)
        if given and canvas.image is not image:
            self.say(self.tr("The image is no longer shown; nothing was done."))
        elif given:
            try:
                self.desk.calibrate(canvas, calibrate_by(image, chosen, millimetres))
            except UnixEdgeError as error:
                self.say(str(error))

    def uncalibrate(self) -> None:
        """Take the reader's own spacing away again, from all of the series."""
        canvas = self.grid.active
        if canvas.image is None or canvas.image.calibrated is None:
            self.say(self.tr("This image was not calibrated."))
            return
        self.desk.calibrate(canvas, canvas.image.calibrate(None))
        self.say(self.tr("The image has the spacing of its file again."))

    def show_key_sheet(self) -> None:
        """Show all keys."""
        KeySheet(self.preferences.keys, self).open()

    def show_about(self) -> None:
        """Say what the app is."""
        AboutDialog(self).open()

    def show_test_pattern(self) -> None:
        """Show the pattern in the active view, pixel for pixel."""
        canvas = self.grid.active
        self.desk.close_image(canvas)
        width, height = canvas.device_size
        canvas.set_image(from_gray(make_pattern(max(256, min(width, height)))))
        canvas.one_to_one()
        self.say(f"{canvas.translate(NOTICE)} {canvas.translate(ADVICE)}")

    def calibrate_monitor(self) -> None:
        """Ask how long a line is on the monitor that the window is on."""
        dialog = MonitorDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.measured.connect(lambda pixel: self.preferences.set_monitor(name_monitor(dialog.screen()), pixel))
        dialog.open()

    def show_actual_size(self) -> None:
        """Show the image so that a millimetre of it is one of the monitor, if both are known."""
        canvas = self.grid.active
        pixel = self.preferences.settings.monitors.get(name_monitor(self.screen()))
        if canvas.image is None:
            self.say(self.tr("There is no image in this view."))
        elif pixel is None:
            self.say(self.tr("The size of this monitor's pixels is not known: calibrate it first, in the menu Help."))
        elif (zoom := actual_zoom(canvas.image.spacing, pixel)) is None:
            advice = self.tr("The image says nothing of millimetres: calibrate it by a length first.")
            self.say(f"{advice} {canvas.translate(canvas.image.spacing.reason)}".strip())
        else:
            canvas.one_to_one(zoom)
            self.say(self.tr("Actual size: {0}").replace("{0}", canvas.translate(canvas.image.spacing.label)))

    def say(self, text: str) -> None:
        """Put a sentence into the status bar."""
        said = shown(translate_sentence(text))
        self.message.setText(said)
        self.message.setToolTip(said)

    # What Qt calls

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's
        """Take files, and rows of the list; nothing is ever moved."""
        if event.mimeData().hasUrls() or _is_own_row(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's
        """Open files that are dropped, or a row in the view below it; what lies elsewhere than on a disk is said."""
        event.setDropAction(Qt.DropAction.CopyAction)  # else a file manager may delete what was "moved" here
        event.accept()
        if _is_own_row(event.mimeData()):
            self._open_dragged(event.position().toPoint())
            return
        urls = event.mimeData().urls()
        self.open_paths([Path(url.toLocalFile()) for url in urls if url.isLocalFile()])
        if any(not url.isLocalFile() for url in urls):
            self.say(self.tr("Only files on this machine are opened; nothing was fetched."))

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's
        """Write what is not yet written, and end the threads."""
        super().closeEvent(event)
        if self._closed:
            return
        self._closed = True
        self.grid.save_now()
        self.preferences.keeper.close()
        self.studies.close_threads()
        self.exports.close()
        forget_copy()
        self.desk.close()
        failed = next(filter(None, [each.close() for each in (self.store, self.calibrations, self.key_images)]), "")
        self.grid.set_store(None)
        self.leftovers.close()
        self.library.close()
        if failed:
            lost = self.tr("Measurements or marks could not be saved, and are lost: {0}")
            QMessageBox.warning(self, "UniX Edge", lost.replace("{0}", shown(translate_sentence(failed))))

    # How it is put together

    def _build(self) -> None:
        self.setCentralWidget(self.grid)
        # The right side is a panel's from top to bottom.
        for corner in (Qt.Corner.TopRightCorner, Qt.Corner.BottomRightCorner):
            self.setCorner(corner, Qt.DockWidgetArea.RightDockWidgetArea)
        self.study_dock = QDockWidget(self.tr("Studies"), self)
        self.study_dock.setObjectName("studies")
        title = QLabel(self.tr("Studies"))
        title.setObjectName("quiet")
        title.setContentsMargins(6, 4, 6, 0)
        self.study_dock.setTitleBarWidget(title)
        self.study_dock.setWidget(self.studies)
        self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, self.study_dock)
        self.message = QLabel()
        self.message.setAccessibleName(self.tr("Message"))
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.message.setMinimumWidth(1)
        self.progress = QProgressBar()
        self.progress.setAccessibleName(self.tr("Progress of opening"))
        self.progress.setMaximumWidth(self.fontMetrics().averageCharWidth() * 30)
        self.stop = QPushButton(self.tr("Stop"))
        self.stop.setAccessibleName(self.tr("Stop opening"))
        self.unsaved = QLabel(self.tr("Measurements are not saved."))
        self.unsaved.setAccessibleName(self.unsaved.text())
        self.failed = QPushButton()
        research = QLabel(self.tr("Research use only. Not for diagnosis."))
        research.setObjectName("research")
        bar = self.statusBar()
        bar.setSizeGripEnabled(False)
        bar.addWidget(self.message, 1)
        for widget in (self.unsaved, self.progress, self.stop, self.failed):
            bar.addPermanentWidget(widget)
            widget.hide()
        bar.addPermanentWidget(research)

    def _connect(self) -> None:
        connect_actions(self, self.menus.actions)
        self.studies.search_changed.connect(self.library.set_search)
        self.studies.study_chosen.connect(self.desk.open_study)
        self.studies.activated.connect(self.grid.focus_active)
        self.studies.series_chosen.connect(self._on_series_chosen)
        self.studies.menu_wanted.connect(self._on_study_menu)
        self.library.studies_found.connect(self.studies.show_patients)
        self.library.study_ready.connect(self.desk.open_study)
        self.library.failures_found.connect(self._on_failures)
        self.library.progressed.connect(self._on_progressed)
        self.library.finished.connect(self._on_finished)
        self.library.noticed.connect(self.say)
        self.preferences.keeper.failed.connect(self.say)
        self.stop.clicked.connect(self.library.stop)
        self.failed.clicked.connect(self.failures.show)
        self.desk.status.connect(self.say)
        self.desk.loader.busy_changed.connect(self.studies.hold_pictures)
        self.exports.status.connect(self.say)
        self.exports.sample_ready.connect(lambda folder: self.open_paths([folder]))
        self.exports.keys_changed.connect(self.grid.update)
        self.desk.study_opened.connect(self._on_study_opened)
        self.desk.study_opened.connect(self.library.show_nothing)
        self.desk.layout_wanted.connect(self.preferences.set_layout)
        self.desk.shown_changed.connect(lambda _: self._on_shown())
        self.grid.active_changed.connect(lambda _: self._write_presets())
        self.study_dock.visibilityChanged.connect(self.menus.actions["study_panel"].setChecked)
        for canvas in self.grid.canvases:
            canvas.status.connect(self.say)
            canvas.saved.connect(lambda failed, canvas=canvas: self._on_saved(canvas, failed))
            canvas.tool_changed.connect(self._on_tool_changed)
            canvas.context_menu_wanted.connect(lambda at: self.menus.context_menu(self).popup(at))

    def moveEvent(self, event: QMoveEvent) -> None:  # noqa: N802 - Qt's
        """Remember where the window is."""
        super().moveEvent(event)
        self.preferences.keeper.touch()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's
        """Remember how large it is."""
        super().resizeEvent(event)
        self.menus.arrange()
        self.preferences.keeper.touch()

    # What is heard of others

    def _open_dragged(self, at: QPoint) -> None:
        """Show a series, or the first one of a study, in the view where it was dropped."""
        below = [each for each in self.grid.shown if each.rect().contains(each.mapFrom(self, at))]
        if not below or self.studies.dragged is None:
            return
        patient, study, series = self.studies.dragged
        self.grid.activate(below[0])
        first = series or next(iter(image_series(study)), None)
        if first is None:
            self.say(self.tr("This study has no images."))
        else:
            self._on_series_chosen(patient, study, first)

    def _on_series_chosen(self, patient: Patient, study: Study, series: Series) -> None:
        """Show its images; a presentation state is applied to the image in the active view, key images are marked."""
        of_kind = {
            kind: [(each.path, each.member) for each in series.instances if each.sop_class == kind]
            for kind in (STATE, KEYS)
        }
        if of_kind[STATE]:
            self.exports.open_states(of_kind[STATE])
        elif of_kind[KEYS]:
            self.exports.open_key_files(of_kind[KEYS])
        else:
            self.desk.open_series(patient, study, series)

    def _on_study_opened(self, study: Study) -> None:
        self.studies.mark_open(study)
        self.preferences.keeper.touch()

    def _on_shown(self) -> None:
        self._write_presets()
        self.preferences.keeper.touch()

    def _on_study_menu(self, patient: Patient, study: Study, at: QPoint) -> None:
        menu = QMenu(self)
        menu.addAction(self.tr("Open")).triggered.connect(lambda: self.desk.open_study(patient, study))
        menu.addAction(self.menus.actions["remove_study"])
        menu.popup(at)

    def _on_saved(self, canvas: Canvas, failed: str) -> None:
        """Say in a place of its own that measurements are not saved, until all are."""
        self._unsaved[canvas] = shown(translate_sentence(failed)) if failed else ""
        reasons = [each for each in self._unsaved.values() if each]
        self.unsaved.setToolTip(" ".join(reasons))
        self.unsaved.setVisible(bool(reasons))

    def _on_failures(self, failures: Sequence[Failure]) -> None:
        self.failures.add(failures)
        text = self.tr("Files not opened: {0}").replace("{0}", str(len(self.failures.failures)))
        self.failed.setText(text)
        self.failed.setAccessibleName(text)
        self.failed.show()

    def _on_progressed(self, done: int, total: int) -> None:
        self.progress.setRange(0, total)
        self.progress.setValue(done)
        self.progress.setFormat(self.tr("{0} of {1} files").replace("{0}", str(done)).replace("{1}", str(total)))
        self.progress.show()
        self.stop.show()

    def _on_finished(self) -> None:
        self.progress.hide()
        self.stop.hide()

    def _on_tool_changed(self, name: str) -> None:
        self.menus.actions[f"tool_{name}"].setChecked(True)

    def _write_presets(self) -> None:
        """Name the presets of the active image; those that it lacks are out of reach."""
        canvas: Canvas = self.grid.active
        presets = canvas.image.presets if canvas.image else ()
        for number in range(1, 10):
            action = self.menus.actions[f"preset_{number}"]
            action.setVisible(number <= len(presets))
            if number <= len(presets):
                name = presets[number - 1].name
                action.setText(shown(name) if presets[number - 1].named_by_file else canvas.translate(name))


def _is_own_row(content: QMimeData) -> bool:
    """Return whether a row of this window's list is dragged, and not one of another process's."""
    return bytes(content.data(DRAGGED).data()) == MARK.encode()
