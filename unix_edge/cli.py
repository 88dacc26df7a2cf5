"""The `unix-edge` command."""

import json
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, assert_never

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from . import console
from .bundle import Bundle
from .errors import OutputError
from .generate import DenoisingStep, GenerationSettings, SyntheticImage
from .marking import write_png
from .model import UniX, find_engines
from .provenance import RESEARCH_ONLY, UNTRAINED
from .report import Ended, Report, ReportSettings
from .text import REPORT_PROMPT

app = typer.Typer(
    help=f"Draft reports from chest radiographs and generate synthetic ones, offline. {RESEARCH_ONLY}",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

Engines = Annotated[
    Path | None, typer.Option(help="Folder of an export. Default: $UNIX_EDGE_ENGINES, else the newest.")
]
DeviceName = Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:N, tensorrt or tensorrt-rtx.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


class Quality(StrEnum):
    """How long a picture may take."""

    PREVIEW = "preview"
    """11 points of the schedule."""
    PUBLISHED = "published"
    """50 points, as in the paper."""


def main() -> None:
    """Run the command."""
    console.run(lambda: app(prog_name="unix-edge"))


@app.command()
def report(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="DICOM, PNG or JPEG.")],
    engines: Engines = None,
    device: DeviceName = "auto",
    prompt: Annotated[str, typer.Option(help="What to ask of the image.")] = REPORT_PROMPT,
    temperature: Annotated[float, typer.Option(help="0 takes the likeliest word.")] = 0.0,
    seed: Annotated[int, typer.Option(help="Of the draws, where the temperature is above 0.")] = 0,
    max_tokens: Annotated[int, typer.Option(help="The longest report.")] = 500,
    as_json: AsJson = False,
) -> None:
    """Draft a report of each radiograph. A draft is never verified."""
    settings = ReportSettings(prompt=prompt, max_tokens=max_tokens, temperature=temperature, seed=seed)
    unix = _load(engines, device)
    drafts = []
    for file in files:
        if len(files) > 1 and not as_json:
            console.out.print(f"\n{file.name}")
        for event in unix.read(file).stream(settings):
            if isinstance(event, Report):
                drafts.append({"file": str(file), **_as_json(event)})
                if not as_json:
                    console.out.print()
                    _tell_cut(event)
            elif not as_json:
                sys.stdout.write(event)
                sys.stdout.flush()
    if as_json:
        print(json.dumps(drafts, indent=1))  # noqa: T201 - the command's output


@app.command()
def generate(
    text: Annotated[str, typer.Argument(help="What the picture should show, in a report's words.")],
    engines: Engines = None,
    device: DeviceName = "auto",
    seed: Annotated[int, typer.Option(help="Another seed, another picture.")] = 0,
    size: Annotated[int | None, typer.Option(help="Side in pixels. Default: the largest the model knows.")] = None,
    quality: Annotated[Quality, typer.Option(help="How long it may take.")] = Quality.PUBLISHED,
    as_json: AsJson = False,
    out: Annotated[Path | None, typer.Option(help="Default: synthetic-SEED.png here.")] = None,
) -> None:
    """Generate a synthetic radiograph, marked as such in its pixels and its file."""
    settings = GenerationSettings(size=size, seed=seed, timesteps=_timesteps(quality))
    path = out or Path(f"synthetic-{seed}.png")
    if path.suffix.lower() != ".png":
        raise OutputError(path, "pictures are written as .png")
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise OutputError(path, "its folder is missing or cannot be written to")
    unix = _load(engines, device)
    picture = None
    with _progress() as progress:
        task = progress.add_task("Opening the engines", total=None)
        for event in unix.stream_generate(text, settings):
            if isinstance(event, DenoisingStep):
                progress.update(task, description="Denoising", completed=event.step, total=event.steps)
            else:
                picture = event
    assert isinstance(picture, SyntheticImage)
    write_png(picture, path)
    if as_json:
        print(json.dumps({"file": str(path), "provenance": picture.provenance.as_dict()}, indent=1))  # noqa: T201
    else:
        console.out.print(f"Wrote {path}: a synthetic picture, marked as such.")


@app.command()
def verify(folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of an export.")]) -> None:
    """Hash every file of a bundle and show the parity that was measured when it was made."""
    bundle = Bundle.open(folder)
    bundle.verify()
    manifest = bundle.manifest
    console.out.print(f"{folder}: whole and unchanged, {manifest.precision}, {len(manifest.files)} files.")
    for row in manifest.parity:
        console.out.print(f"  {row.graph:16} {row.what:32} {row.difference:9.2e}  limit {row.limit:g}")


def _load(engines: Path | None, device: str) -> UniX:
    """Open the engines and say on stderr what was chosen."""
    folder = engines or find_engines()
    unix = UniX.load(folder, device)
    manifest, sessions = unix.sessions.bundle.manifest, unix.sessions
    console.err.print(f"{folder} ({manifest.precision}) on {sessions.device}: {sessions.reason}. {RESEARCH_ONLY}")
    if not unix.trained:
        console.err.print(UNTRAINED)
    return unix


def _timesteps(quality: Quality) -> int:
    match quality:
        case Quality.PREVIEW:
            return 11
        case Quality.PUBLISHED:
            return 50
        case _:
            assert_never(quality)


def _as_json(draft: Report) -> dict[str, Any]:
    return {
        "text": draft.text,
        "findings": draft.findings,
        "impression": draft.impression,
        "tokens": list(draft.tokens),
        "ended": draft.ended.value,
        "status": "DRAFT, not verified",
        "provenance": draft.provenance.as_dict(),
    }


def _tell_cut(draft: Report) -> None:
    if draft.ended is Ended.MAX_TOKENS:
        console.err.print(f"The draft was cut after {len(draft.tokens)} tokens; the model had not ended it.")


def _progress() -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TextColumn("{task.completed}/{task.total}"),
        TimeRemainingColumn(),
        console=console.err,
        transient=True,
    )


if __name__ == "__main__":
    main()
