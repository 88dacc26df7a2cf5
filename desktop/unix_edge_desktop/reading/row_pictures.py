"""The small pictures of the list: asked for as rows are seen, made in the background, held back while images load."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QIcon, QPixmap

from unix_edge.sentences import Sentence

from ..canvas.image_view import to_qimage
from ..studies.studies import FileState, Instance, Study
from ..studies.thumbnails import Picture, ThumbnailCache, ThumbnailThread
from ..toolkit.background import in_window
from .study_rows import first_image

PICTURES_AFTER = 300
"""Milliseconds after an image was shown in which its full picture is made, before those of the tree."""


class RowPictures(QObject):
    """A picture a series, and what has become of its file.

    Signals:
        looked_at: The `Instance` of which there is a picture now, or word of why there is none.
    """

    looked_at = Signal(object)

    def __init__(self, cache: ThumbnailCache, parent: QObject) -> None:
        super().__init__(parent)
        self.icons: dict[Instance, QIcon] = {}
        self.states: dict[Instance, FileState] = {}
        self._wanted: set[Instance] = set()
        self._removed: set[Instance] = set()
        """Of studies that are being removed, and still listed: no picture is made of them any more."""
        self._held = False
        self._go_on = QTimer(self, singleShot=True, interval=PICTURES_AFTER)
        self._go_on.timeout.connect(self._resume)
        self._made = in_window(self, self._take)
        self._thread = ThumbnailThread(self._look, cache)

    @property
    def is_busy(self) -> bool:
        """Whether pictures that were wanted are not there yet."""
        return bool(self._wanted)

    def want(self, instance: Instance) -> None:
        """Have a picture made, unless it is known what becomes of it."""
        if instance not in self.states and instance not in self._wanted and instance not in self._removed:
            self._wanted.add(instance)
            if not self._held:
                self._thread.request(instance)

    def hold(self, on: bool) -> None:
        """Begin no picture while an image is read that a person waits for."""
        if not on:
            self._go_on.start()
            return
        self._go_on.stop()
        if not self._held:
            self._held = True
            self._thread.forget()

    def forget(self, study: Study) -> None:
        """Remove the pictures of a study, from the disk too."""
        pictured = [first for series in study.series if (first := first_image(series)) is not None]
        for instance in pictured:
            self.icons.pop(instance, None)
            self.states.pop(instance, None)
            self._wanted.discard(instance)
        self._removed.update(pictured)
        self._thread.remove(pictured)

    def list_studies(self, studies: Iterable[Study]) -> None:
        """Note what is listed now: what was removed and is not, may be opened again."""
        if self._removed:
            self._removed &= {first_image(series) for study in studies for series in study.series}

    def close(self) -> None:
        """Make no more."""
        self._thread.close()

    def _resume(self) -> None:
        self._held = False
        for instance in self._wanted:
            self._thread.request(instance)

    def _look(self, instance: Instance, made: Picture | Sentence) -> None:
        """Look whether the file is still there; called in the thread of the pictures."""
        self._made(instance, made, instance.present().state())

    def _take(self, instance: Instance, made: Picture | Sentence, state: FileState) -> None:
        self._wanted.discard(instance)
        self.states[instance] = state
        if not isinstance(made, Sentence):
            self.icons[instance] = QIcon(QPixmap.fromImage(to_qimage(made, 1.0)))
        self.looked_at.emit(instance)
