"""`python -m unix_edge.export`: the door to the exporter, which lives in a package of its own and needs torch."""

from .console import run
from .errors import MissingPackageError
from .sentences import Sentence


def main() -> None:
    """Run the export command, or say what to install."""

    def start() -> None:
        try:
            from unix_edge_export.command import app
        except ModuleNotFoundError as error:
            raise MissingPackageError(error.name or "torch", Sentence("Exporting a checkpoint"), "export") from None
        app(prog_name="python -m unix_edge.export")

    run(start)


if __name__ == "__main__":
    main()
