"""The process that runs the model, in the window's thread: what it says are signals."""

from PySide6.QtCore import QObject, Signal

from unix_edge.worker import messages

from ..drafts.model_process import ModelProcess
from ..toolkit.background import in_window


class Model(QObject):
    """A process that is started when a model is first wanted, and ends with the window.

    Signals:
        said: An event of a run (`messages.Event`).
        changed: What is known of the model: it is opened, open, or gone.
    """

    said = Signal(object)
    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.ready: messages.Ready | None = None
        self.loading: messages.Loading | None = None
        self.failure: messages.Failed | None = None
        """Why no model is open."""
        self.beat: messages.Beat | None = None
        self.process = ModelProcess(in_window(self, self._take))

    @property
    def is_wanted(self) -> bool:
        """Whether a model is open, or on its way."""
        return self.ready is not None or self.loading is not None

    def open(self, engines: str = "", device: str = "auto") -> None:
        """Open a bundle; an empty name is the one that commands would take."""
        self.ready, self.failure, self.loading = None, None, messages.Loading(0, 1)
        self.process.open(engines, device)
        self.changed.emit()

    def close(self) -> None:
        """End the process at once."""
        self.process.close()

    def _take(self, event: messages.Event) -> None:
        match event:
            case messages.Loading():
                self.loading, self.ready, self.failure = event, None, None
                self.changed.emit()
            case messages.Ready():
                self.ready, self.loading, self.failure = event, None, None
                self.changed.emit()
            case messages.Failed(run=None):
                self.ready, self.loading, self.failure = None, None, event
                self.changed.emit()
            case messages.Beat():
                self.beat = event
                self.changed.emit()
            case _:
                self.said.emit(event)
