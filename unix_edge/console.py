"""What every command shares: where words go, and how a failure becomes one sentence and an exit code."""

import logging
import sys
from collections.abc import Callable

from rich.console import Console

from .errors import UnixEdgeError

logger = logging.getLogger(__name__)

out = Console(highlight=False, markup=False, soft_wrap=True)
INTERRUPTED = 130
err = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)


def run(command: Callable[[], object]) -> None:
    """Run a command and exit: 0 done, 1 an error in one sentence, 2 wrong usage, 130 interrupted."""
    try:
        command()
    except SystemExit as request:  # from typer: done, wrong usage, or Ctrl-C
        if request.code == INTERRUPTED:
            err.print("Interrupted; nothing unfinished was left behind.")
        raise
    except KeyboardInterrupt:
        err.print("Interrupted.")
        sys.exit(INTERRUPTED)
    except UnixEdgeError as error:
        err.print(str(error))
        sys.exit(1)
    except MemoryError:
        err.print("There is not enough memory for this; nothing was written. Close other programs and try again.")
        sys.exit(1)
    except Exception as error:  # a person is never shown a traceback
        # The text of a stranger's exception may hold a path or a name, so only its kind is told.
        err.print(f"Something failed that should not ({type(error).__name__}); nothing unfinished was kept.")
        logger.debug("Unexpected error", exc_info=error)
        sys.exit(1)
