"""The export command."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from unix_edge import console
from unix_edge.bundle import Bundle
from unix_edge.provenance import UNTRAINED
from unix_edge.sentences import harmless

from .export import DEFAULT_CAPACITY, Exported, export
from .reference.precision import Precision
from .to_tensorrt import build_engines

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def main(
    checkpoint: Annotated[
        Path | None,
        typer.Option(
            help="Folder in the release's layout, or a bundle. Default: weights/UniX, else the model that comes with "
            "the program."
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder of the bundle. Default: in the user's data folder.")] = None,
    fp32: Annotated[bool, typer.Option("--fp32", help="Linears in float32.")] = False,
    fp16: Annotated[bool, typer.Option("--fp16", help="Linears in float16 (the default): for cards.")] = False,
    int8: Annotated[
        bool, typer.Option("--int8", help="Linears in int8: for CPUs, and for cards of less than 12 GB.")
    ] = False,
    int4: Annotated[
        bool, typer.Option("--int4", help="The understanding branch in int4, all other linears in int8: for CPUs.")
    ] = False,
    tensorrt_rtx: Annotated[
        bool, typer.Option("--tensorrt-rtx", help="Also build TensorRT-RTX engines, into the user's cache folder.")
    ] = False,
    context: Annotated[
        int, typer.Option(help="Positions for image, prompt and report together, a multiple of 8.")
    ] = DEFAULT_CAPACITY,
    findings: Annotated[
        int,
        typer.Option(
            help="Also count what the engines find on so many computed phantoms, beside the reference path; 500 take "
            "minutes. Of the model that comes with the program alone."
        ),
    ] = 0,
    no_parity: Annotated[
        bool, typer.Option("--no-parity", help="Do not measure parity: where memory is short. The bundle says so.")
    ] = False,
) -> None:
    """Export a UniX checkpoint to engines, and prove that they compute what the reference path computes."""
    chosen = [each for each, is_chosen in zip(Precision, (fp32, fp16, int8, int4), strict=True) if is_chosen]
    if len(chosen) > 1:
        raise typer.BadParameter(f"choose one of {', '.join(f'--{each}' for each in chosen)}")
    precision = chosen[0] if chosen else Precision.FP16
    if tensorrt_rtx and precision.is_quantised:
        raise typer.BadParameter("--tensorrt-rtx builds engines of --fp16 and --fp32")
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=console.err,
    ) as progress:
        tasks: dict[str, int] = {}

        def show(what: str, done: float) -> None:
            if what not in tasks:
                for earlier in tasks.values():
                    progress.update(earlier, total=1, completed=1)  # type: ignore[arg-type]
                tasks[what] = progress.add_task(what, total=None)
            progress.update(tasks[what], total=1 if done else None, completed=done)  # type: ignore[arg-type]

        exported = export(
            checkpoint, out, precision, capacity=context, prove=not no_parity, phantoms=findings, progress=show
        )
        engines = build_engines(Bundle.open(exported.folder), show) if tensorrt_rtx else None
        show("Done", 1.0)
    _tell(exported)
    if engines:
        console.out.print(f"Built TensorRT-RTX engines in {harmless(str(engines))}.")


def _tell(exported: Exported) -> None:
    manifest = exported.manifest
    columns = ("graph", "what is compared", "difference", "limit", "share")
    table = Table(*columns, title="Engines against the reference path", box=None, pad_edge=False)  # 80 columns hold it
    for row in manifest.parity:
        table.add_row(row.graph, row.what, f"{row.difference:.2e}", f"{row.limit:g}", f"{row.share:.0%}")
    console.err.print(table if manifest.parity else "Parity was not measured.")
    if manifest.float32_layers:
        console.err.print(f"Kept in float32: {harmless(', '.join(manifest.float32_layers))}.")
    if not manifest.trained:
        console.err.print(UNTRAINED)
    size = sum(record.size for record in manifest.files.values())
    console.out.print(f"Wrote {harmless(str(exported.folder))} ({size / 1e6:.1f} MB).")
