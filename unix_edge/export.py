"""The door to the exporter, which lives in a package of its own and needs torch: `unix-edge export`.

Also `python -m unix_edge.export`.
"""

import sys
from collections.abc import Sequence

from .console import run
from .errors import MissingPackageError
from .sentences import Sentence


def start(arguments: Sequence[str], name: str) -> None:
    """Run the export command under a name.

    Raises:
        MissingPackageError: The exporter is not set up here.
    """
    try:
        from unix_edge_export.command import app
    except ModuleNotFoundError as error:
        raise MissingPackageError(error.name or "torch", Sentence("Exporting a checkpoint"), "export") from None
    app(args=list(arguments), prog_name=name)


def main() -> None:
    """Run the export command, or say what to install."""
    run(lambda: start(sys.argv[1:], "python -m unix_edge.export"))


if __name__ == "__main__":
    main()
