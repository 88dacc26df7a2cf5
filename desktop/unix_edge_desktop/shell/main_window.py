"""The window: studies left, images in the middle, room for a panel right, progress and the disclaimer below."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from pydicom.uid import GrayscaleSoftcopyPresentationStateStorage, KeyObjectSelectionDocumentStorage
from PySide6.QtCore import QByteArray, QMimeData, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QMoveEvent, QResizeEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QLabel,
    QMainWindow,
    QMenu,
    QMessageBox,
    QStyle,
    QWidget,
)

from unix_edge.files import MARK
from unix_edge.sentences import Sentence

from ..canvas.canvas import Canvas
from ..canvas.canvas_grid import CanvasGrid
from ..image.calibrations import CalibrationStore
from ..image.key_marks import KeyMarkStore
from ..image.measurement_set import MeasurementStore
from ..image.view_states import ViewStateStore
from ..output.exports import Exports
from ..output.saving import forget_copy
from ..reading.failure_list import FailureList
from ..reading.hanging import Desk
from ..reading.library import Library
from ..reading.reports import Reports
from ..reading.study_rows import DRAGGED
from ..reading.study_tree import StudyTree
from ..reading.welcome import Welcome
from ..storage.one_window import FolderClaim, claim_folder
from ..storage.settings import Folders, Settings, copy_settings
from ..storage.unfinished_writes import Leftovers
from ..studies.desk import Arrival, is_study
from ..studies.opening import Failure, shown
from ..studies.stacks import holds_reports, image_series, report_series
from ..studies.studies import Instance, Patient, Series, Study
from ..studies.thumbnails import ThumbnailCache
from ..toolkit.background import Job, in_window
from ..toolkit.privacy_cover import Blanking
from ..toolkit.sentences import translate_sentence
from ..toolkit.theme import apply_scale
from .assistance import Assistance
from .calibration import Calibration
from .commands import Parts, connect_actions
from .features import Features
from .films import Films
from .full_screen import FullScreen
from .keys import KeyMap
from .menus import Menus
from .panels import Panels
from .preferences import Preferences
from .status_bar import SOON, StatusBar
from .typing_guard import TypingGuard

STATE, KEYS = GrayscaleSoftcopyPresentationStateStorage, KeyObjectSelectionDocumentStorage


class MainWindow(QMainWindow):
    """Everything that a reader sees; other parts do the work, and this wires them."""

    def __init__(self, folders: Folders, claim: FolderClaim | None = None) -> None:
        super().__init__()
        self.claim = claim or claim_folder(folders.data)
        self._closed = False
        self._unsaved: dict[object, str] = {}
        """Why measurements are not saved: of the image in a view, and of the store."""
        self._offered: tuple[Patient, Study, Instance | None] | None = None
        self.setWindowTitle("UniX Edge")
        self.setAcceptDrops(True)
        self.setDockOptions(QMainWindow.DockOption.AnimatedDocks)
        self.grid = CanvasGrid()
        self.library = Library(folders.data, self, is_ours=self.claim is not None)
        # Another window's are not overwritten: they lie where our index does.
        own = folders.config if self.claim is not None else copy_settings(folders, self.library.folder)
        kept = Folders(own, self.library.folder, folders.cache)
        self.leftovers = Leftovers(kept.data / "unfinished.json")
        self.leftovers.note(
            kept.config, kept.data, kept.measurements, kept.calibrations, kept.key_images, kept.views, kept.thumbnails
        )
        self.calibrations = CalibrationStore(kept.calibrations)
        self.store = MeasurementStore(kept.measurements, in_window(self, self._on_trouble))
        self.key_images = KeyMarkStore(kept.key_images)
        self.view_states = ViewStateStore(kept.views, in_window(self, self._on_views_trouble))
        self.desk = Desk(self.grid, self.store, self.calibrations, self.key_images, self.view_states, self)
        self.grid.set_store(self.store)
        self.studies = StudyTree(ThumbnailCache(kept.thumbnails))
        self.failures = FailureList(self)
        self.menus = Menus(self, self.grid)
        self.full_screen = FullScreen(self, self.grid, self.menus.actions["full_screen"].setChecked)
        self.films = Films(
            self, self.grid, self.full_screen, self._take_drop, self.menus.actions["films_apart"].setChecked
        )
        for canvas in self.grid.canvases:
            canvas.set_key_store(self.key_images)
        self.exports = Exports(
            lambda: self.grid.active, self.key_images, folders.data, self.leftovers, self, lambda: self.grid.hung
        )
        self.blanking = Blanking(self)
        self.preferences = Preferences(kept, self._describe, self)
        self.welcome = Welcome(
            self.grid,
            (
                (self.menus.actions["open_folder"], self.tr("A folder with all below it, a CD or another medium")),
                (self.menus.actions["open_files"], self.tr("Images, a DICOMDIR, or a ZIP archive as it is")),
                (self.menus.actions["sample_study"], self.tr("Computed phantoms, to try everything without a patient")),
            ),
        )
        self.study_dock = QDockWidget(self.tr("Studies"), self)
        self.status = StatusBar(self)
        self.message, self.unsaved, self.failed = self.status.message, self.status.unsaved, self.status.failed
        self.progress, self.stop = self.status.opening.bar, self.status.opening.stop
        self.assistance = Assistance(
            self,
            self.grid,
            self.desk,
            self.library,
            self.studies,
            kept.data,
            self.preferences.settings,
            self.status,
            lambda text: self.say(text),
        )
        self.assistant = self.assistance.dock
        self.panels = Panels(self, self.study_dock, self.assistant)
        self.features = Features(
            self,
            self.grid,
            self.desk,
            self.library,
            self.studies,
            self.exports,
            self.study_dock,
            self.assistant,
            lambda text: self.say(text),
        )
        self.reports = Reports(self, self.desk.loader, self.studies, lambda text: self.say(text))
        self.calibration = Calibration(self, self.grid, self.desk, self.preferences, lambda text: self.say(text))
        self._build()
        self._connect()
        self._restore()
        # Not before: it is asked of every event, of which building a window makes tens of thousands.
        self.typing_guard = TypingGuard(self, self.menus)
        self._write_presets()
        self.library.start()
        threading.Thread(target=self.leftovers.remove, name="leftovers", daemon=True).start()
        if self.preferences.notice:
            self.say(translate_sentence(self.preferences.notice))
        # The tree is left for what is read, as soon as there is anything.
        QTimer.singleShot(0, self.grid.active.setFocus)

    # Opening

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Open files, folders and archives; the first study of them is shown, or offered while another is read."""
        self.library.open(paths)

    def open_last(self) -> None:
        """Show again what the views showed when the window was closed, or died."""
        left = self.preferences.settings.views
        if any(uid for uid, _, _ in left):
            self.library.with_studies([uid for uid, _, _ in left], lambda patients: self.desk.restore(patients, left))

    def come_forward(self) -> None:
        """Be seen, over all others."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def say(self, text: str) -> None:
        """Put a sentence into the status bar."""
        self.status.say(text)
        self.full_screen.say(text)

    # What Qt calls

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's
        """Take files, and rows of the list; nothing is ever moved."""
        if event.mimeData().hasUrls() or _is_own_row(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's
        """Take what is dropped."""
        self._take_drop(event, self)

    def _take_drop(self, event: QDropEvent, widget: QWidget) -> None:
        """Open files that are dropped, or a row in the view below it; what lies elsewhere than on a disk is said."""
        event.setDropAction(Qt.DropAction.CopyAction)  # else a file manager may delete what was "moved" here
        event.accept()
        if _is_own_row(event.mimeData()):
            self._open_dragged(event.position().toPoint(), widget)
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
        self.preferences.keeper.close()
        self.films.close()
        self.studies.pictures.close()
        self.exports.close()
        unkept = self.assistance.close()
        forget_copy()
        self.desk.close()
        failed = next(filter(None, [each.close() for each in (self.store, self.calibrations, self.key_images)]), None)
        self.view_states.close()
        self.grid.set_store(None)
        self.leftovers.close()
        self.library.close()
        if self.claim is not None:
            self.claim.close()
        if unkept:
            QMessageBox.warning(self, "UniX Edge", shown(unkept))
        if failed:
            lost = self.tr("Measurements or marks could not be saved, and are lost: {0}")
            QMessageBox.warning(self, "UniX Edge", lost.replace("{0}", shown(translate_sentence(failed))))

    # How it is put together

    def _build(self) -> None:
        self.setCentralWidget(self.films.place)
        # The right side is a panel's from top to bottom.
        for corner in (Qt.Corner.TopRightCorner, Qt.Corner.BottomRightCorner):
            self.setCorner(corner, Qt.DockWidgetArea.RightDockWidgetArea)
        self.study_dock.setObjectName("studies")
        title = QLabel(self.tr("Studies"))
        title.setObjectName("quiet")
        title.setContentsMargins(6, 4, 6, 0)
        self.study_dock.setTitleBarWidget(title)
        self.study_dock.setWidget(self.studies)
        self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, self.study_dock)
        self._order_tabs()

    def _order_tabs(self) -> None:
        order = [self.studies.tree, self.grid.canvases[0], *self.welcome.buttons.values()]
        for one, other in pairwise(order):
            self.setTabOrder(one, other)

    def _connect(self) -> None:
        connect_actions(
            Parts(
                self,
                self.grid,
                self.desk,
                self.exports,
                self.failures,
                self.features,
                self.calibration,
                self.preferences,
                self.study_dock,
                self.assistance,
                self.full_screen,
                self.films,
            ),
            self.menus.actions,
        )
        self._take_preferences()
        self.films.moved.connect(self.preferences.keeper.touch)
        self.films.came_back.connect(self._order_tabs)
        self.studies.search_changed.connect(self.library.set_search)
        self.studies.order_changed.connect(self.library.set_order)
        self.studies.more_wanted.connect(self.library.look_further)
        self.studies.study_chosen.connect(self._on_study_chosen)
        self.studies.activated.connect(self.grid.focus_active)
        self.studies.series_chosen.connect(self._on_series_chosen)
        self.studies.menu_wanted.connect(self._on_study_menu)
        self.library.studies_found.connect(self.studies.show_patients)
        self.library.studies_found.connect(lambda patients, *_: self.desk.note_conflicts(patients))
        self.library.study_ready.connect(self._on_study_ready)
        self.library.grew.connect(lambda: self.library.with_studies(self.desk.model.studies, self.desk.extend))
        self.library.failures_found.connect(self._on_failures)
        self.library.began.connect(self._on_opening)
        self.exports.began.connect(self._on_began)
        self.library.noticed.connect(self.say)
        self.preferences.failed.connect(self.say)
        self.studies.noticed.connect(self.say)
        self.status.offer.taken.connect(self._show_offered)
        self.failed.clicked.connect(self.failures.show)
        self.desk.status.connect(self.say)
        self.desk.past.connect(self.status.take_back)
        self.desk.cine.playing_changed.connect(self.menus.actions["play"].setChecked)
        self.desk.loader.busy_changed.connect(self.studies.pictures.hold)
        self.desk.loader.busy_changed.connect(self.status.reading.setVisible)
        self.exports.status.connect(self.say)
        self.exports.sample_ready.connect(lambda folder: self.library.open([folder], asked=True))
        self.exports.keys_changed.connect(self.grid.update)
        self.desk.seen_changed.connect(self.studies.follow)
        self.desk.study_opened.connect(self._on_study_opened)
        self.desk.study_opened.connect(self.library.show_nothing)
        self.desk.layout_wanted.connect(self.preferences.set_layout)
        self.desk.shown_changed.connect(lambda _: self._on_shown())
        self.grid.active_changed.connect(lambda _: self._write_presets())
        self.grid.active_changed.connect(lambda _: self._show_edits())
        self.assistant.visibilityChanged.connect(self.menus.actions["assistant_panel"].setChecked)
        self.study_dock.visibilityChanged.connect(self.menus.actions["study_panel"].setChecked)
        for canvas in self.grid.canvases:
            canvas.status.connect(self.say)
            canvas.past.connect(self.status.take_back)
            canvas.readout.connect(self.status.read_out)
            canvas.saved.connect(lambda failed, canvas=canvas: self._on_saved(canvas, failed))
            canvas.tool_changed.connect(self._on_tool_changed)
            canvas.edits_changed.connect(self._show_edits)
            canvas.image_changed.connect(self._on_image_changed)
            canvas.measuring.connect(self._show_measurements)
            canvas.context_menu_wanted.connect(lambda at, canvas=canvas: self._on_image_menu(canvas, at))

    def _take_preferences(self) -> None:
        """Hand what a person sets to whoever it is for."""
        preferences = self.preferences
        preferences.layout_changed.connect(self.grid.set_layout)
        preferences.synchronised_changed.connect(self.grid.set_synchronised)
        preferences.hide_patient_changed.connect(self.grid.set_hide_patient)
        preferences.hide_patient_changed.connect(self.studies.set_hide_patient)
        preferences.hide_patient_changed.connect(self.assistant.set_hide_patient)
        preferences.taken.connect(self.assistant.use)
        self.assistant.measured.connect(preferences.keep_measured)
        preferences.hide_patient_changed.connect(lambda _: self._write_offer())
        preferences.hide_patient_changed.connect(lambda hide: self.reports.close() if hide else None)
        preferences.hide_patient_changed.connect(self.status.set_hide_patient)
        preferences.blank_after_changed.connect(self.blanking.set_minutes)
        preferences.tool_changed.connect(self.grid.set_tool)
        preferences.scale_changed.connect(self._set_scale)
        preferences.room_wanted.connect(self._give_room)
        preferences.keys_changed.connect(self._set_keys)
        preferences.checked.connect(lambda action, on: self.menus.actions[action].setChecked(on))

    def _restore(self) -> None:
        """Be as the window was left."""
        self.preferences.restore()
        self._show_edits()
        self.welcome.setVisible(not any(uid for uid, _, _ in self.preferences.settings.views))
        for kind in ("overlays", "shutters", "drawings", "measurements"):
            self.menus.actions[kind].setChecked(True)
        settings = self.preferences.settings
        self.resize(1280, 800)
        self._give_room(settings.scale)
        if settings.geometry:
            self.restoreGeometry(QByteArray.fromBase64(settings.geometry.encode()))
        if settings.panels:
            self.restoreState(QByteArray.fromBase64(settings.panels.encode()))
            self._give_room(settings.scale)
        self.films.restore(settings)

    def fit(self, room: QSize) -> None:
        """Be no larger, title and all, than the room that a screen has; it may be smaller than the last one."""
        title = self.style().pixelMetric(QStyle.PixelMetric.PM_TitleBarHeight)
        size = self.size().boundedTo(room - QSize(0, title))
        if size != self.size() and not self.isMaximized():
            self.resize(size)
            self._give_room(self.preferences.settings.scale)

    def _describe(self, settings: Settings) -> Settings:
        """Return settings with how the window is."""
        left = (self.full_screen.geometry_of(self), self.full_screen.panels())
        geometry, panels = (bytes(each.toBase64().data()).decode() for each in left)
        settings = self.films.describe(settings)
        views = self.desk.describe() if self.desk.was_used else settings.views
        widths = self.panels.describe(settings)
        return replace(settings, geometry=geometry, panels=panels, views=views, panel_widths=widths)

    def _set_scale(self, scale: int) -> None:
        apply_scale(scale)
        self.menus.set_scale(scale)
        self.studies.set_scale(scale)
        self.menus.arrange()

    def _give_room(self, scale: int) -> None:
        self.panels.give_room(scale, self.preferences.settings)

    def _set_keys(self, keys: KeyMap) -> None:
        self.menus.set_keys(keys)
        self.grid.set_buttons(keys.mouse, reversed_window=keys.reversed_window, wheel_zooms=keys.wheel_zooms)

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

    def _open_dragged(self, at: QPoint, window: QWidget) -> None:
        """Show a series, or the first one of a study, in the view of a window where it was dropped."""
        here = self.grid.shown if self.grid.window() is window else []
        below = [each for each in here if each.rect().contains(each.mapFrom(window, at))]
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
        """Show its images or its reports; a presentation state is applied to the active view, key images are marked."""
        of_kind = {
            kind: [(each.path, each.member) for each in series.instances if each.sop_class == kind]
            for kind in (STATE, KEYS)
        }
        if of_kind[STATE]:
            self.exports.open_states(of_kind[STATE])
        elif of_kind[KEYS]:
            self.exports.open_key_files(of_kind[KEYS])
        elif holds_reports(series):
            self.reports.open(patient, study, series)
        else:
            self.desk.open_series(patient, study, series)

    def _on_study_chosen(self, patient: Patient, study: Study) -> None:
        """Show a study; the reports of one that has no images."""
        if (series := report_series(study)) is not None:
            self.reports.open(patient, study, series)
        else:
            self.desk.open_study(patient, study)

    def _on_study_ready(self, patient: Patient, study: Study, first: Instance | None, asked: bool) -> None:
        """Show what has been opened, unless that would take away what is read: then it is offered."""
        opened = next((each for each in study.series if first in each.instances and holds_reports(each)), None)
        if (series := opened or report_series(study)) is not None:
            if asked:
                self.reports.open(patient, study, series)
            return
        arrival = self.desk.model.arrive(asked=asked)
        if arrival is Arrival.ALL_VIEWS:
            self.desk.open_study(patient, study, first)
        elif arrival is Arrival.ACTIVE_VIEW:
            self.desk.open_here(patient, study, first)
        elif not any(is_study((patient, study), (each.patient, each.study)) for each in self.desk.views.values()):
            self._offered = patient, study, first
            self._write_offer()

    def _write_offer(self) -> None:
        if self._offered is None:
            self.status.offer.hide()
        else:
            self.status.offer.say(self.studies.describe(*self._offered[:2]))

    def _show_offered(self) -> None:
        if self._offered is not None:
            self.desk.open_study(*self._offered)
            self.grid.focus_active()

    def _on_study_opened(self, study: Study) -> None:
        if self._offered is not None and self._offered[1].uid == study.uid:
            self._offered = None
            self._write_offer()
        self.preferences.keeper.touch()

    def _on_image_changed(self) -> None:
        """Put the ways in away as soon as something is open."""
        if self.desk.was_used or any(canvas.image is not None for canvas in self.grid.canvases):
            self.welcome.hide()

    def _on_image_menu(self, canvas: Canvas, at: QPoint) -> None:
        """Open the menu of a view, which is the active one from then on: what is chosen is for it."""
        self.grid.activate(canvas)
        self.menus.context_menu(self).popup(at)

    def _on_shown(self) -> None:
        self._write_presets()
        self.preferences.keeper.touch()

    def _on_study_menu(self, patient: Patient, study: Study, at: QPoint) -> None:
        menu = QMenu(self)
        menu.addAction(self.tr("Open")).triggered.connect(lambda: self.desk.open_study(patient, study))
        remove = menu.addAction(self.menus.actions["remove_study"].text())
        remove.triggered.connect(lambda: self.features.remove_study((patient, study)))
        menu.popup(at)

    def _on_trouble(self, why: Sentence | None) -> None:
        failed = "" if why is None else translate_sentence(why)
        if failed:
            self.say(failed)
        self._on_saved(self.store, failed)

    def _on_views_trouble(self, why: Sentence | None) -> None:
        if why is not None:
            self.say(translate_sentence(why))

    def _on_saved(self, whose: object, failed: str) -> None:
        """Say in a place of its own that measurements are not saved, until all are."""
        self._unsaved[whose] = shown(failed)
        reasons = [each for each in self._unsaved.values() if each]
        self.unsaved.setToolTip(" ".join(reasons))
        self.unsaved.setVisible(bool(reasons))

    def _on_failures(self, failures: Sequence[Failure]) -> None:
        self.failures.add(failures)
        self.status.count_failures(len(self.failures.failures))

    def _on_opening(self, job: Job, what: str) -> None:
        """Show what is opened; a folder may bear a patient's name."""
        name, nameless = self.tr("Opening {0}").replace("{0}", what), self.tr("Opening files")
        self.status.follow(job, name, nameless=nameless, count=self.tr("{0} of {1} files"))

    def _on_began(self, job: Job, what: str) -> None:
        self.status.follow(job, what, count=self.tr("{0} of {1}"), after=SOON)

    def _on_tool_changed(self, name: str) -> None:
        self.menus.actions[f"tool_{name}"].setChecked(True)

    def _show_edits(self) -> None:
        """Grey what would do nothing to the active image."""
        canvas, actions = self.grid.active, self.menus.actions
        actions["undo"].setEnabled(canvas.can_undo)
        actions["redo"].setEnabled(canvas.can_redo)
        actions["delete"].setEnabled(canvas.can_delete)
        actions["delete_all"].setEnabled(canvas.can_delete_all)
        actions["edit_words"].setEnabled(canvas.can_edit_words)

    def _show_measurements(self) -> None:
        """Show them where they were hidden."""
        if not self.menus.actions["measurements"].isChecked():
            self.menus.actions["measurements"].trigger()

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
