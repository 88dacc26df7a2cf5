"""What a reader can have done that takes several parts of the window: opening, comparing, removing, searching."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QDockWidget, QFileDialog, QMainWindow

from unix_edge.dicom.elements import Element

from ..assistant.assistant_dock import AssistantDock
from ..canvas.canvas_grid import CanvasGrid
from ..image.images import from_gray
from ..image.monitor_pattern import ADVICE, NOTICE, make_pattern
from ..output.exports import Exports
from ..reading.asking import confirm
from ..reading.comparing import Comparing
from ..reading.elements_dialog import ElementsDialog
from ..reading.hanging import Desk
from ..reading.library import Library
from ..reading.study_tree import StudyTree
from ..studies.desk import is_study
from ..studies.opening import shown
from ..studies.stacks import has_pictures
from ..studies.studies import Patient, Study
from .full_screen import FullScreen
from .help_dialogs import AboutDialog, KeySheet, key_text
from .keys import KeyMap


class Features(QObject):
    """Actions beyond those that one part does alone; dialogs are the window's."""

    def __init__(
        self,
        window: QMainWindow,
        grid: CanvasGrid,
        desk: Desk,
        library: Library,
        studies: StudyTree,
        exports: Exports,
        study_dock: QDockWidget,
        assistant: AssistantDock,
        say: Callable[[str], None],
    ) -> None:
        super().__init__(window)
        self._window, self._grid, self._desk = window, grid, desk
        self._library, self._studies, self._exports = library, studies, exports
        self._study_dock, self._assistant, self._say = study_dock, assistant, say
        self._comparing = Comparing(desk, library)

    def ask_for_files(self) -> None:
        """Let a person choose files."""
        kinds = self.tr(
            "All files (*);;DICOM (*.dcm *.dicom *.ima DICOMDIR);;Archives and pictures (*.zip *.png *.jpg)"
        )
        names, _ = QFileDialog.getOpenFileNames(self._window, self.tr("Open files"), "", kinds)
        self._library.open([Path(name) for name in names])

    def ask_for_folder(self) -> None:
        """Let a person choose a folder."""
        name = QFileDialog.getExistingDirectory(self._window, self.tr("Open folder"))
        self._library.open([Path(name)] if name else [])

    def remove_study(self, chosen: tuple[Patient, Study] | None = None) -> None:
        """Take a study out of the list, else that which is chosen there, after asking; its files stay."""
        chosen = chosen or self._studies.subject()
        if chosen is None:
            self._say(self.tr("Choose a study in the list first."))
            return
        question = self.tr("Remove this study from the list? Its files stay where they are, untouched.")
        seen = self._desk.model.seen
        if seen is not None and not is_study(chosen, (seen.patient, seen.study)):
            question = " ".join([question, self.tr("It is not the one in the active view.")])
        whose = self._studies.describe(*chosen)
        if confirm(self._window, self.tr("Remove study"), question, whose, self.tr("Remove")):
            self._library.remove(*chosen)
            self._studies.pictures.forget(chosen[1])

    def anonymise(self) -> None:
        """Make anonymised copies of the images of the study in the active view."""
        view = self._desk.views.get(self._grid.active)
        instances = [each for series in view.study.series for each in series.instances if each.rows] if view else []
        whose = self._studies.describe(view.patient, view.study) if view else ""
        self._exports.ask_to_anonymise([(each.path, each.member) for each in instances], whose)

    def compare_prior(self) -> None:
        """Show the newest earlier study that shows the same of the patient beside this one."""
        self._comparing.compare()

    def step_prior(self, steps: int) -> None:
        """Show an older prior, or with `steps` below 0 a newer one, in place of the one that is seen."""
        self._comparing.step(steps)

    def turn_study(self, steps: int) -> None:
        """Open the study with images so many on, or back, in the list; from one that is not listed, the first."""
        studies = ((patient, study) for patient in self._studies.patients for study in patient.studies)
        listed = [each for each in studies if has_pictures(each[1])]
        seen = self._desk.model.seen
        at = next((at for at, each in enumerate(listed) if seen and is_study(each, (seen.patient, seen.study))), None)
        wanted = 0 if at is None else at + steps
        if 0 <= wanted < len(listed):
            self._desk.open_study(*listed[wanted])
        elif not listed:
            self._say(self.tr("There is no study with images in the list."))
        elif wanted < 0:
            self._say(self.tr("This is the first study in the list."))
        elif self._studies.has_more:
            self._library.look_further()
            self._say(self.tr("More studies are being listed; press again."))
        else:
            self._say(self.tr("This is the last study in the list."))

    def show_elements(self) -> None:
        """Show the elements of the file in the active view, unless another is there by then."""
        canvas = self._grid.active
        view = self._desk.views.get(canvas)
        if view is None:
            self._say(self.tr("There is no image in the active view."))
            return
        if canvas.hide_patient:
            self._say(self.tr("Patients are hidden, and a file names its own: show patient text first."))
            return
        slot = view.stack[view.at]

        def show(elements: list[Element]) -> None:
            still = self._desk.views.get(canvas) is view and view.instance.is_file_of(slot.instance)
            if self._grid.active is not canvas or not still:
                self._say(self.tr("Another image is read by now; no elements are shown."))
            elif not canvas.hide_patient:
                whose = self._studies.describe(view.patient, view.study)
                file = "  ".join(shown(each) for each in (view.series.description, slot.instance.name) if each)
                ElementsDialog(elements, f"{whose}\n{file}", self._window).open()

        self._desk.loader.ask_elements(slot, show, self._say)

    def go_to_search(self) -> None:
        """Go to the search box, and show it where it is hidden."""
        self._study_dock.show()
        self._studies.activateWindow()
        self._studies.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._studies.search.selectAll()

    def switch_panel(self) -> None:
        """Go from the studies to the image, from there to the AI panel, and from there to the studies."""
        focused = QApplication.focusWidget() or self._window
        if self._studies.isAncestorOf(focused):
            self._grid.focus_active()
        elif self._grid.isAncestorOf(focused) and self._assistant.isVisible():
            self._assistant.go_to_text()
        else:
            self._study_dock.show()
            self._studies.activateWindow()
            self._studies.tree.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def fill_screen(self, full_screen: FullScreen, keys: KeyMap, *, on: bool) -> None:
        """Show the films alone, and say by which keys all comes back; or let it come back."""
        if not on:
            full_screen.leave()
            return
        match [each for id in ("cancel", "full_screen") if (each := key_text(keys.keys(id)[:1]))]:
            case [one, other]:
                said = self.tr("{0} or {1} leaves full screen").replace("{0}", one).replace("{1}", other)
            case [one]:
                said = self.tr("{0} leaves full screen").replace("{0}", one)
            case _:
                said = self.tr("The menu of a right click leaves full screen")
        full_screen.enter(said)

    def show_test_pattern(self) -> None:
        """Show the pattern in the active view, pixel for pixel."""
        canvas = self._grid.active
        self._desk.close_image(canvas)
        width, height = canvas.device_size
        canvas.set_image(from_gray(make_pattern(max(256, min(width, height)))))
        canvas.one_to_one()
        self._say(f"{canvas.translate(NOTICE)} {canvas.translate(ADVICE)}")

    def show_key_sheet(self, keys: KeyMap) -> None:
        """Show all keys."""
        KeySheet(keys, self._window).open()

    def show_about(self) -> None:
        """Say what the app is."""
        AboutDialog(self._window).open()
