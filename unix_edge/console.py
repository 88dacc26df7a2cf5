"""What every command shares: where words go, and how a failure becomes one sentence and an exit code."""

import logging
import sys
import warnings
from collections.abc import Callable

from rich.console import Console

from .errors import UnixEdgeError
from .machine import is_out_of_memory, lacks_memory
from .sentences import Sentence

logger = logging.getLogger(__name__)

out = Console(highlight=False, markup=False, soft_wrap=True)
INTERRUPTED = 130
err = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)


def run(command: Callable[[], object]) -> None:
    """Run a command and exit: 0 done, 1 an error in one sentence, 2 wrong usage, 130 interrupted."""
    warnings.simplefilter("ignore")  # a library's warning may quote a header, and so a patient
    try:
        command()
    except SystemExit as request:  # from typer: done, wrong usage, or Ctrl-C
        if request.code == INTERRUPTED:
            err.print("Interrupted; nothing unfinished was left behind.")
        raise
    except KeyboardInterrupt:
        err.print("Interrupted.")
        sys.exit(INTERRUPTED)
    except Exception as error:  # a person is never shown a traceback
        err.print(str(explain(error)))
        sys.exit(1)


def explain(error: BaseException) -> Sentence:
    """Return the sentence that a person is shown."""
    if isinstance(error, UnixEdgeError):
        return error.sentence
    if isinstance(error, Exception) and (lacks_memory(error) or is_out_of_memory(error)):
        return Sentence("There is not enough memory for this; nothing was written. Close other programs and try again.")
    # The text of a stranger's exception may hold a path or a name, so only its kind is told.
    logger.debug("Unexpected error", exc_info=error)
    return Sentence("Something failed that should not ({0}); nothing unfinished was kept.", type(error).__name__)
