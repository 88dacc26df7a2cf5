"""What nobody foresaw: the window lives, the person is told in a sentence, and the log learns no name and no path."""

import logging
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Signal

from .sentences import tell

logger = logging.getLogger(__name__)


class Faults(QObject):
    """Hears of every exception that no code took, in any thread.

    Signals:
        happened: A sentence.
    """

    happened = Signal(str)

    def hear(self) -> None:
        """Be told from now on, in place of the error stream, to which Python would write the text of exceptions."""
        sys.excepthook = self._take
        threading.excepthook = lambda args: self._take(args.exc_type, args.exc_value, args.exc_traceback)
        sys.unraisablehook = lambda args: self._take(args.exc_type, args.exc_value, args.exc_traceback)

    def _take(self, kind: type[BaseException], error: BaseException | None, where: TracebackType | None) -> None:
        places = [f"{Path(each.filename).name}:{each.lineno}" for each in traceback.extract_tb(where)]
        logger.error("Unexpected %s at %s", kind.__name__, " ".join(places))
        self.happened.emit(tell(error if isinstance(error, Exception) else RuntimeError()))
