"""The first lines of the command, before the half second of imports that it needs.

Until it can end in an orderly way, Ctrl-C ends it at once and shows no traceback. What maps weights into memory goes on
in a child, forked while the process is small: what ends it, as weights that are cut, is a sentence of its parent's.
"""

import signal
import sys

from .signals import end_at_once, go_on_in_a_child

_GUARDED = ("report", "generate")


def main() -> None:
    """Run `unix-edge`."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, end_at_once)
    if sys.argv[1:2] and sys.argv[1] in _GUARDED:
        go_on_in_a_child()
    from .cli import main as run

    run()


if __name__ == "__main__":
    main()
