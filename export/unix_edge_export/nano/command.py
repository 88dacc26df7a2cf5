"""The training command."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from unix_edge import console

from ..reference.checkpoint import make_skeleton
from .config import Recipe, smoke
from .stages import Stage, train_nano
from .training import choose_device

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def main(
    out: Annotated[Path, typer.Option(help="Folder of everything that is made.")] = Path("out/nano"),
    stage: Annotated[Stage | None, typer.Option(help="Train only this stage; those before it are done.")] = None,
    smoke_only: Annotated[bool, typer.Option("--smoke", help="Pass through everything and learn nothing.")] = False,
    minutes_scale: Annotated[float, typer.Option(help="Multiply the steps of every stage.", min=0.001)] = 1.0,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
) -> None:
    """Train unix-nano on computed phantoms; a run that was killed goes on, and a finished stage is kept."""
    recipe = (smoke() if smoke_only else Recipe()).scaled(minutes_scale)
    console.err.print(f"unix-nano has {count_parameters(recipe) / 1e6:.2f} M parameters without the VAE's encoder.")
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[told]}"),
        console=console.err,
    ) as progress:
        tasks: dict[str, int] = {}

        def show(what: str, done: float, told: str) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task(what, total=1, told="")
            progress.update(tasks[what], completed=done, told=told)  # type: ignore[arg-type]

        train_nano(recipe, out, choose_device(device), show, stage)
    console.out.print(f"Everything is in {out}.")


def count_parameters(recipe: Recipe) -> int:
    """Count what is needed to report and to draw: all but the VAE's encoder."""
    parameters = make_skeleton(recipe.model).named_parameters()
    return sum(value.numel() for name, value in parameters if not name.startswith(("vae.encoder", "vae.quant")))
