"""`unix-edge phantom`: one phantom to a file, and what is true of it to the screen.

Also `python -m unix_edge.phantom`.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from .. import console
from ..dicom.chest import MIN_SIDE
from ..errors import OutputError
from ..files import require_writable
from ..leftovers import remove_dead
from ..sentences import Sentence
from .compute import compute_phantom
from .dicom import write_phantom
from .png import write_png

WRITERS = {".dcm": write_phantom, ".png": write_png}
"""Each marks what it writes."""


def write(
    seed: Annotated[int, typer.Argument(min=0, help="Chooses the patient, the findings and the words.")],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="A .dcm, or a .png.")],
    size: Annotated[
        int, typer.Option(min=MIN_SIDE, max=4096, help="Side in pixels; the field is always 330 mm.")
    ] = 768,
) -> None:
    """Compute a phantom chest radiograph, write it, and print its labels with their sides and its report."""
    writer = WRITERS.get(out.suffix.lower())
    if writer is None:
        raise OutputError(out, Sentence("phantoms are written as .dcm or .png"))
    require_writable(out)
    remove_dead(out.parent, out.name)
    phantom = compute_phantom(seed, size)
    writer(phantom, out)
    for label, side in phantom.case.labels.items():
        console.out.print(f"{label}, {side}" if side else label)
    console.out.print(phantom.report)


def start(arguments: Sequence[str], name: str) -> None:
    """Run the command under a name."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(write)
    app(args=list(arguments), prog_name=name)


def main() -> None:
    """Run the command."""
    console.run(lambda: start(sys.argv[1:], "python -m unix_edge.phantom"))


if __name__ == "__main__":
    main()
