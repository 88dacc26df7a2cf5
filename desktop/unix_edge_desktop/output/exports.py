"""What a person does with the image in the active view beyond looking: each of these is an action of the window."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QStandardPaths, Qt, Signal
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QFileDialog, QMessageBox, QProgressDialog, QWidget

from unix_edge.dicom.key_objects import KeyObjects
from unix_edge.dicom.presentation_state import PresentationState
from unix_edge.errors import UnixEdgeError
from unix_edge.files import make_private_folder

from ..canvas.canvas import Canvas
from ..image.images import ViewImage
from ..image.key_marks import KeyMarkStore
from ..storage.unfinished_writes import Leftovers
from ..studies.opening import shown
from ..studies.sample_study import make_sample_study
from ..toolkit.background import Job, Progress, ShouldStop, bring
from ..toolkit.sentences import tell, translate_sentence
from .anonymising import File
from .export_dialogs import AnonymiseDialog, PictureDialog
from .key_selections import read_key_files, save_key_images
from .presentation import apply_state, clear_state, prepare_state, read_first_state
from .printing import Hung, prepare_pdf, prepare_sheet, print_page
from .saving import copy_view, prepare_image, prepare_view


class Exports(QObject):
    """The actions, their dialogs, and what runs in the background meanwhile.

    Signals:
        status: A sentence for the status bar.
        sample_ready: The folder of the sample study, to be opened.
        keys_changed: Images were marked by a file.
        began: A `Job` that can be stopped, and what it does.
    """

    status = Signal(str)
    sample_ready = Signal(object)
    keys_changed = Signal()
    began = Signal(object, str)

    def __init__(
        self,
        active: Callable[[], Canvas],
        keys: KeyMarkStore,
        data: Path,
        leftovers: Leftovers,
        parent: QWidget,
        hung: Callable[[], Hung] | None = None,
    ) -> None:
        """`hung` tells the views that are printed together, else it is the active one alone."""
        super().__init__(parent)
        self._hung = hung or (lambda: ((active(),),))
        self._active = active
        self._keys = keys
        self._data = data
        self._leftovers = leftovers
        self._window = parent
        self._jobs: list[Job] = []
        self._dialogs: list[AnonymiseDialog] = []

    # Pictures

    def ask_to_save_view(self) -> None:
        """Ask how the view is to be saved or copied, and do it."""
        if (canvas := self._canvas()) is None:
            return
        ways = {"save": self.tr("Save as PNG..."), "copy": self.tr("Copy to clipboard")}
        dialog = PictureDialog(self.tr("Save the view"), ways, canvas.whose, self._window)
        image = canvas.image

        def go(way: str) -> None:
            if not self._still_shows(canvas, image):
                return
            if way == "copy":
                copy_view(canvas, **dialog.choice)
                self.status.emit(self.tr("The view was copied to the clipboard."))
                return
            path = self._ask_for_file("view.png", self.tr("PNG pictures (*.png)"))
            if path is not None and self._still_shows(canvas, image):
                self._write(path.parent, prepare_view(canvas, path, **dialog.choice))

        dialog.chosen.connect(go)
        dialog.open()

    def copy_view(self) -> None:
        """Put the view on the clipboard without patient text."""
        if (canvas := self._canvas()) is not None:
            copy_view(canvas, overlays=False)
            self.status.emit(self.tr("The view was copied to the clipboard, without text on the patient or at arrows."))

    def ask_to_save_image(self) -> None:
        """Save the whole image, pixel by pixel, through its window."""
        if (canvas := self._canvas()) is None:
            return
        image = canvas.image
        path = self._ask_for_file("image.png", self.tr("PNG pictures (*.png)"))
        if path is not None and self._still_shows(canvas, image):
            self._write(path.parent, prepare_image(canvas, path))

    def ask_to_print(self) -> None:
        """Ask how the views are to be printed, as they hang, and do it."""
        hung = tuple(map(tuple, self._hung()))
        shows = [(canvas, canvas.image) for row in hung for canvas in row]
        if not any(image is not None for _, image in shows):
            self.status.emit(self.tr("There is no image in this view."))
            return
        ways = {"print": self.tr("Print..."), "pdf": self.tr("Save as PDF...")}
        whose = "\n\n".join(dict.fromkeys(canvas.whose for canvas, image in shows if image is not None))
        dialog = PictureDialog(self.tr("Print the view"), ways, whose, self._window)

        def still_show() -> bool:
            return all(self._still_shows(canvas, image) for canvas, image in shows)

        def go(way: str) -> None:
            if not still_show():
                return
            if way == "print":
                self._print(hung, still_show, **dialog.choice)
                return
            path = self._ask_for_file("view.pdf", self.tr("PDF documents (*.pdf)"))
            if path is not None and still_show():
                self._write(path.parent, prepare_pdf(hung, path, **dialog.choice))

        dialog.chosen.connect(go)
        dialog.open()

    # Presentation states and key images

    def ask_for_state(self) -> None:
        """Ask for a presentation state of the image, and apply it."""
        if (canvas := self._canvas()) is None:
            return
        image, title = canvas.image, self.tr("Open a presentation state")
        path, _ = QFileDialog.getOpenFileName(self._window, title, str(self._data), self.tr("DICOM files (*)"))
        if path and self._still_shows(canvas, image):
            self._open_states(canvas, [(Path(path), "")])

    def open_states(self, files: Sequence[File]) -> None:
        """Read the first presentation state that is of the image; ask, where it has drawings, whether they are all."""
        if (canvas := self._canvas()) is not None:
            self._open_states(canvas, files)

    def _open_states(self, canvas: Canvas, files: Sequence[File]) -> None:
        image = canvas.image
        assert image is not None

        def apply(state: PresentationState, *, graphics_only: bool) -> None:
            if self._still_shows(canvas, image):
                self._apply_state(canvas, state, graphics_only=graphics_only)

        def ask(state: Any) -> None:
            if not state.annotations:
                apply(state, graphics_only=False)
                return
            if not self._still_shows(canvas, image):
                return
            question = self.tr("How is the presentation state to be applied?")
            box = self._box(QMessageBox.Icon.Question, f"{question}\n\n{canvas.whose}")
            everything = box.addButton(self.tr("All of it"), QMessageBox.ButtonRole.AcceptRole)
            drawings = box.addButton(self.tr("Drawings only"), QMessageBox.ButtonRole.AcceptRole)
            box.addButton(QMessageBox.StandardButton.Cancel)
            everything.clicked.connect(lambda: apply(state, graphics_only=False))
            drawings.clicked.connect(lambda: apply(state, graphics_only=True))
            box.open()

        job = self._run(lambda _, should_stop: read_first_state(files, image, should_stop), ask)
        self.began.emit(job, self.tr("Reading presentation states"))

    def clear_state(self) -> None:
        """Show the image as it was opened."""
        if (canvas := self._canvas()) is not None:
            clear_state(canvas)

    def save_state(self, folder: Path | None = None) -> None:
        """Write the view as a presentation state, into the person's data folder if no other is given."""
        if (canvas := self._canvas()) is not None:
            self._save_state(canvas, folder)

    def _save_state(self, canvas: Canvas, folder: Path | None) -> None:
        folder = folder or self._data / "presentation states"
        try:
            write = prepare_state(canvas, folder)
        except UnixEdgeError as error:
            self._complain(tell(error))
            return
        self._write(folder, write)

    def ask_where_to_save_state(self) -> None:
        """Ask for a folder, and write the view there as a presentation state."""
        if (canvas := self._canvas()) is None:
            return
        image = canvas.image
        folder = self._ask_for_folder("presentation states")
        if folder is not None and self._still_shows(canvas, image):
            self._save_state(canvas, folder)

    def open_key_files(self, files: Sequence[File]) -> None:
        """Mark the images that Key Object Selections chose."""

        def work(progress: Progress, should_stop: ShouldStop) -> list[KeyObjects]:
            read = read_key_files(files, should_stop)
            for image in (image for chosen in read for image in chosen.images):
                self._keys.of_study(image.study)  # read here, so that the window's thread reads no file
            return read

        def mark(read: Any) -> None:
            images = tuple(dict.fromkeys(image for chosen in read for image in chosen.images))
            left_out = dict.fromkeys(sentence for chosen in read for sentence in chosen.left_out)
            if len(read) < len(files):
                left_out[self.tr("Some of these files could not be read.")] = None
            for written in self._keys.mark(images):
                bring(written, self, failed=self._complain)
            for canvas in self._window.findChildren(Canvas):
                canvas.update()
            self.keys_changed.emit()
            said = self.tr("Marked as key images: {0}").replace("{0}", str(len(images)))
            self.status.emit("  ".join([said, *left_out]))

        self.began.emit(self._run(work, mark), self.tr("Reading key images"))

    def save_key_images(self) -> None:
        """Ask for a folder, and write the key images of the image's study there as a Key Object Selection."""
        if (canvas := self._canvas()) is None:
            return
        image = canvas.image
        assert image is not None
        folder = self._ask_for_folder("key images")
        if folder is not None and self._still_shows(canvas, image):
            self._write(folder, lambda: save_key_images(self._keys, image, folder))

    # Copies and samples

    def ask_to_anonymise(self, files: Sequence[File], whose: str) -> None:
        """Ask where anonymised copies of files go, and make them."""
        if not files:
            self.status.emit(self.tr("There is no image to be copied."))
            return
        dialog = AnonymiseDialog(files, whose, _documents(), self._leftovers, self._window)
        self._dialogs.append(dialog)
        dialog.finished.connect(lambda _: self._dialogs.remove(dialog))
        dialog.open()

    def open_sample_study(self) -> None:
        """Compute the sample study unless it is there, and say where it is."""
        dialog = QProgressDialog(self.tr("Sample images are computed, once."), self.tr("Stop"), 0, 0, self._window)
        dialog.setWindowTitle(self.tr("Sample study"))
        dialog.setWindowModality(Qt.WindowModality.WindowModal)
        dialog.setMinimumDuration(300)

        def work(progress: Progress, should_stop: ShouldStop) -> Path:
            self._leftovers.note(self._data)
            return make_sample_study(self._data, progress, should_stop)

        def show(done: int, of: int) -> None:
            dialog.setMaximum(of)
            dialog.setValue(done)

        job = self._run(work, self.sample_ready.emit)
        job.progressed.connect(show)
        dialog.canceled.connect(job.stop)
        for ended in (job.done, job.failed, job.stopped):
            ended.connect(lambda *_: dialog.deleteLater())

    def close(self) -> None:
        """Stop what runs, and wait until nothing unfinished is left of it."""
        for dialog in self._dialogs:
            dialog.end()
        for job in self._jobs:
            job.stop()
        for job in self._jobs:
            job.wait()

    def _canvas(self) -> Canvas | None:
        """Return the active view, if it shows an image."""
        canvas = self._active()
        if canvas.image is None:
            self.status.emit(self.tr("There is no image in this view."))
            return None
        return canvas

    def _still_shows(self, canvas: Canvas, image: ViewImage | None) -> bool:
        """Return whether a view shows the image that was asked about; say so where it does not."""
        if canvas.image is image:
            return True
        self.status.emit(self.tr("The image is no longer shown; nothing was done."))
        return False

    def _print(self, hung: Hung, still_show: Callable[[], bool], **chosen: bool) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, self._window)
        dialog.setOption(QPrintDialog.PrintDialogOption.PrintPageRange, on=False)
        if dialog.exec() == QPrintDialog.DialogCode.Accepted and still_show():
            try:
                print_page(prepare_sheet(hung, **chosen), printer)
            except UnixEdgeError as error:
                self._complain(tell(error))
            else:
                self.status.emit(self.tr("The view was sent to the printer."))

    def _write(self, folder: Path, write: Callable[[], Path]) -> None:
        said = self.tr("Written: {0}")

        def work(progress: Progress, should_stop: ShouldStop) -> Path:
            self._leftovers.note(folder)
            return write()

        self._run(work, lambda path: self.status.emit(said.replace("{0}", shown(str(path)))))

    def _run(self, work: Callable[[Progress, ShouldStop], Any], done: Callable[[Any], object]) -> Job:
        job = Job(work, self)
        self._jobs.append(job)
        job.done.connect(done)
        job.failed.connect(self._complain)
        job.stopped.connect(lambda: self.status.emit(self.tr("Stopped; nothing was left.")))
        for ended in (job.done, job.failed, job.stopped):
            ended.connect(lambda *_: self._forget(job))
        job.start()
        return job

    def _forget(self, job: Job) -> None:
        self._jobs.remove(job)
        job.deleteLater()

    def _apply_state(self, canvas: Canvas, state: PresentationState, *, graphics_only: bool) -> None:
        try:
            left_out = apply_state(canvas, state, graphics_only=graphics_only)
        except UnixEdgeError as error:
            self._complain(tell(error))
        else:
            self.status.emit(
                "  ".join([self.tr("The presentation state was applied."), *map(translate_sentence, left_out)])
            )

    def _complain(self, sentence: str) -> None:
        self._box(QMessageBox.Icon.Warning, shown(sentence)).open()

    def _box(self, icon: QMessageBox.Icon, text: str) -> QMessageBox:
        box = QMessageBox(icon, "UniX Edge", text, parent=self._window)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return box

    def _ask_for_file(self, name: str, kinds: str) -> Path | None:
        dialog = QFileDialog(self._window, self.tr("Save"), str(_documents()), kinds)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        # Only Qt's own adds the ending before it asks whether a file is to be overwritten.
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setDefaultSuffix(Path(name).suffix)
        dialog.selectFile(name)
        chosen = dialog.selectedFiles() if dialog.exec() == QFileDialog.DialogCode.Accepted else []
        dialog.deleteLater()
        if not chosen:
            return None
        path = Path(chosen[0])
        if self._is_shown(path):
            self._complain(self.tr("This file is open in a view, and was left as it is; choose another name."))
            return None
        return path

    def _is_shown(self, path: Path) -> bool:
        """Return whether a view shows an image of a file."""
        images = [canvas.image for canvas in self._window.findChildren(Canvas)]
        files = [image.path for image in images if image is not None and image.path is not None]
        return path.exists() and any(each.exists() and path.samefile(each) for each in files)

    def _ask_for_folder(self, name: str) -> Path | None:
        folder = self._data / name
        with suppress(OSError):  # a dialog for a folder that is not there opens anywhere
            make_private_folder(folder)
        chosen = QFileDialog.getExistingDirectory(self._window, self.tr("Choose the folder"), str(folder))
        return Path(chosen) if chosen else None


def _documents() -> Path:
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation) or Path.home())
