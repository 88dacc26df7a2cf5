"""The `unix-edge` command."""

import json
import os
import sys
from collections import Counter
from contextlib import closing
from dataclasses import asdict
from functools import partial
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from . import console
from .batch import CONCERNS_ALL, OUTCOMES, BatchSettings, Status, draft_files, list_files, list_skipped, shown
from .batch import as_json as draft_as_json
from .bundle import Bundle
from .doctor import advise, gather_facts
from .domain import OUT_OF_DOMAIN
from .errors import MissingPackageError, NoDisplayError, OutputError, PromptError, UnconfirmedChestError
from .files import require_writable
from .findings import find_labels
from .generate import DenoisingStep, GenerationSettings, SyntheticImage
from .isolated.python import run_as_child
from .leftovers import remove_dead
from .model import UniX, find_engines
from .prompts import NOT_UNDERSTOOD
from .provenance import RESEARCH_ONLY, UNTRAINED
from .report import Ended, Piece, Reading, Report, ReportSettings
from .results.ai_mark import AiMark
from .results.drafting import stream_draft
from .results.marking import write_png
from .results.secondary_capture import write_secondary_capture
from .sampler import Quality
from .sentences import Sentence, harmless, path_as_text
from .text import REPORT_PROMPT

app = typer.Typer(
    help=f"Draft reports from chest radiographs and generate synthetic ones, offline. {RESEARCH_ONLY}",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

Engines = Annotated[
    Path | None, typer.Option(help="Folder of an export. Default: $UNIX_EDGE_ENGINES, else the newest, else ours.")
]
DeviceName = Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:N, tensorrt or tensorrt-rtx.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


WRITERS = {".png": write_png, ".dcm": write_secondary_capture}
"""Each marks what it writes."""


PASSED_ON: dict[str, Any] = {
    "add_help_option": False,
    "context_settings": {"allow_extra_args": True, "ignore_unknown_options": True, "allow_interspersed_args": False},
}
"""Of a command that reads its own arguments, and is imported only when it is run."""
APP = "unix_edge_desktop"
APP_CHILD = (f"{APP}.studies.sample_study", "compute_for_parent")
"""What the app runs as a child of its own, beside the library's."""


def main() -> None:
    """Run the command."""
    if not run_as_child(sys.argv, APP_CHILD):
        console.run(lambda: app(prog_name="unix-edge"))


@app.command()
def report(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="DICOM, PNG or JPEG, or folders of them.")],
    engines: Engines = None,
    device: DeviceName = "auto",
    prompt: Annotated[str, typer.Option(help="What to ask of the image.")] = REPORT_PROMPT,
    temperature: Annotated[float, typer.Option(help="0 takes the likeliest word.")] = 0.0,
    seed: Annotated[int, typer.Option(help="Of the draws, where the temperature is above 0.")] = 0,
    max_tokens: Annotated[int, typer.Option(help="The longest report.")] = 500,
    as_json: AsJson = False,
    sr: Annotated[
        Path | None,
        typer.Option(help="Also write the draft as a DICOM structured report: a file, or with --out-dir a folder."),
    ] = None,
    out_dir: Annotated[
        Path | None, typer.Option(help="Write each draft to a file in this folder; what is there is not done again.")
    ] = None,
    assume_frontal_chest: Annotated[
        bool,
        typer.Option("--assume-frontal-chest", help="You have seen that all are, where a header leaves doubt."),
    ] = False,
) -> None:
    """Draft a report of each radiograph. A draft is never verified."""
    settings = ReportSettings(prompt=prompt, max_tokens=max_tokens, temperature=temperature, seed=seed)
    sources = list_files(files, left_out=[folder for folder in (out_dir, sr) if folder])
    skipped = list_skipped(files)
    if sr and len(sources) > 1 and not out_dir:
        raise typer.BadParameter("--sr holds one report: for several images add --out-dir, and let --sr name a folder.")
    if out_dir:
        batch = BatchSettings(_made(out_dir), as_json, _made(sr) if sr else None, assume_frontal_chest)
        _report_to_folder(_load(engines, device), [*sources, *skipped], settings, batch)
        return
    for each in skipped:
        console.err.print(f"{shown(each)} was skipped: it is no regular file.")
    if len(sources) == 1:
        if sr:
            _require_writable(sr, sources[0])
        draft = _report(_load(engines, device), sources[0], settings, as_json, sr, assume_frontal_chest)
        if as_json:
            _print_json([{"file": path_as_text(sources[0]), **draft_as_json(draft)}])
    else:
        _report_each(_load(engines, device), sources, settings, as_json, assume_frontal_chest)


@app.command()
def generate(
    text: Annotated[str, typer.Argument(help="What the picture should show, in a report's words.")],
    engines: Engines = None,
    device: DeviceName = "auto",
    seed: Annotated[int, typer.Option(help="Another seed, another picture.")] = 0,
    size: Annotated[int | None, typer.Option(help="Side in pixels. Default: the largest the model knows.")] = None,
    quality: Annotated[Quality, typer.Option(help="How long it may take.")] = Quality.BALANCED,
    any_prompt: Annotated[
        bool, typer.Option("--any-prompt", help="Also draw from a prompt in which no finding is understood.")
    ] = False,
    as_json: AsJson = False,
    out: Annotated[
        Path | None, typer.Option(help="A .png, or a .dcm for DICOM. Default: synthetic-SEED.png here.")
    ] = None,
) -> None:
    """Generate a synthetic radiograph, marked as such in its pixels and its file."""
    settings = GenerationSettings.of_quality(quality, size=size, seed=seed)
    path = out or Path(f"synthetic-{seed}.png")
    write = WRITERS.get(path.suffix.lower())
    if write is None:
        raise OutputError(path, Sentence("pictures are written as .png or, for DICOM, as .dcm"))
    _require_writable(path)
    unix = _load(engines, device)
    understood = unix.check_prompt(text)
    if not understood:
        _tell_not_understood(any_prompt)
    picture = None
    with _progress() as progress:
        task = progress.add_task("Opening the engines", total=None)
        for event in unix.stream_generate(text, settings):
            if isinstance(event, DenoisingStep):
                progress.update(task, description="Denoising", completed=event.step, total=event.steps)
            else:
                picture = event
    assert isinstance(picture, SyntheticImage)
    write(picture, path)
    if as_json:
        findings = find_labels(text) if understood else {}
        made = picture.provenance.as_dict()
        _print_json({"file": path_as_text(path), "understood": understood, "findings": findings, "provenance": made})
    else:
        console.out.print(f"Wrote {harmless(str(path))}: a synthetic picture, marked as such.")


@app.command()
def view(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[PATH...]", help="Files, folders, DICOMDIRs or ZIP archives. Default: what was last read."
        ),
    ] = None,
    screenshot: Annotated[
        Path | None, typer.Option(help="Write a picture of the window as PNG, without a screen, and exit.")
    ] = None,
    size: Annotated[str, typer.Option(metavar="WxH", help="Of that picture, in pixels.")] = "1280x800",
) -> None:
    """Open the viewer, to read studies of this disk."""
    width, height = _picture_size(size)
    if screenshot:
        _require_writable(screenshot)
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application = _import_desktop()
    if screenshot:
        application.write_screenshot(paths or [], screenshot, (width, height))
        console.err.print(f"Wrote {harmless(str(screenshot))}.")
    else:
        raise typer.Exit(application.run(paths or []))


@app.command()
def verify(folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of an export.")]) -> None:
    """Hash every file of a bundle and show the parity that was measured when it was made."""
    bundle = Bundle.open(folder)
    bundle.verify()
    manifest = bundle.manifest
    console.out.print(
        f"{harmless(str(folder))}: whole and unchanged, {manifest.precision}, {len(manifest.files)} files."
    )
    if not manifest.parity:
        console.out.print("  Parity with the reference path was not measured.")
    for row in manifest.parity:
        share = f"{row.share:4.0%} of its limit, {row.limit:g}"
        console.out.print(f"  {harmless(row.graph):16} {harmless(row.what):34} {row.difference:9.2e}  {share}")

    if manifest.findings is None:
        console.out.print("  What this precision costs in findings was not counted.")
        return
    found = manifest.findings
    console.out.print(
        f"  Findings on {found.phantoms} computed phantoms beside float32 ({harmless(found.processor)}), "
        f"{found.same_reports:.1%} of the reports word for word the same:"
    )
    for figure in found.rows:
        points = f"{100 * figure.difference:+5.2f} points ({100 * figure.low:+.2f} to {100 * figure.high:+.2f})"
        console.out.print(f"  {harmless(figure.what):28} {figure.value:5.3f}  {points}")


@app.command("export", **PASSED_ON)
def export_checkpoint(context: typer.Context) -> None:
    """Export a checkpoint to engines, and prove that they compute the same."""
    from .export import start

    start(context.args, context.command_path)


@app.command("phantom", **PASSED_ON)
def write_phantom(context: typer.Context) -> None:
    """Compute a phantom radiograph, and print what is true of it."""
    from .phantom.__main__ import start

    start(context.args, context.command_path)


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Say what runs where on this machine, and what to install."""
    facts = gather_facts()
    advice = advise(facts)
    if as_json:
        _print_json({"facts": asdict(facts), "advice": advice.as_dict()})
        return
    for device in advice.devices:
        console.out.print(f"{device.device.value:13} {device.verdict.value:11} {device.reason}.")
        if device.remedy:
            console.out.print(f"{'':25} {device.remedy}")
    for problem in advice.problems:
        console.out.print(f"Problem: {problem}")
    for note in advice.notes:
        console.out.print(f"Note: {note}")


def _load(engines: Path | None, device: str) -> UniX:
    """Open the engines and say on stderr what was chosen."""
    folder = engines or find_engines(device)
    unix = UniX.load(folder, device)
    manifest, sessions = unix.sessions.bundle.manifest, unix.sessions
    sessions.tell = console.err.print
    console.err.print(
        f"{harmless(str(folder))} ({manifest.precision}) on {sessions.device}: {sessions.reason}. {RESEARCH_ONLY}"
    )
    if not unix.trained:
        console.err.print(UNTRAINED)
    return unix


def _is_somebody_there() -> bool:
    """Tell whether a person can be asked; a stream that is closed is None."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))


def _tell_not_understood(any_prompt: bool) -> None:
    """Say that a prompt names nothing of a chest; go on if that was foreseen, or a person who is there wants it."""
    console.err.print(str(NOT_UNDERSTOOD))
    if any_prompt:
        return
    if not _is_somebody_there():
        raise PromptError(
            Sentence("Nothing was generated. Say what the picture should show, or repeat with --any-prompt.")
        )
    if not typer.confirm("Make a picture all the same?", err=True):
        raise PromptError(Sentence("Nothing was generated."))


def _picture_size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().partition("x")
    if not (width.isdecimal() and height.isdecimal() and all(320 <= int(each) <= 8192 for each in (width, height))):
        raise typer.BadParameter("--size is WIDTHxHEIGHT, each from 320 to 8192, as 1280x800.")
    return int(width), int(height)


def _import_desktop() -> ModuleType:
    """Import the app, which needs Qt, or say what to install."""
    display = sys.platform != "linux" or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    )
    try:
        application = import_module("unix_edge_desktop.application")
    except ModuleNotFoundError as error:
        if error.name and error.name.partition(".")[0] in ("PySide6", "shiboken6", "unix_edge_desktop"):
            raise MissingPackageError("PySide6", Sentence("The viewer"), "desktop") from None
        raise
    except ImportError as error:
        library = str(error).partition(":")[0]
        raise NoDisplayError(
            Sentence("Qt misses a library of the system ({0})", library),
            Sentence("On Debian install libegl1 libgl1 libxkbcommon0 libdbus-1-3 libfontconfig1 libxcb-cursor0."),
        ) from None
    if not display:
        raise NoDisplayError(
            Sentence("there is no screen"), Sentence("Start it within a desktop, or use --screenshot.")
        )
    return application


def _require_writable(path: Path, source: Path | None = None) -> None:
    """Refuse a place for a result, as on top of its source, before anything is computed; a kill's leftovers go."""
    if source and source.exists() and path.parent.is_dir() and _is_same(path, source):
        raise OutputError(path, Sentence("it is the image itself"))
    require_writable(path)
    remove_dead(path.parent, path.name)


def _is_same(path: Path, source: Path) -> bool:
    try:
        return path.samefile(source)
    except OSError:
        return False


def _made(folder: Path) -> Path:
    """Make a folder for results."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(folder, Sentence("the folder cannot be made ({0})", error.strerror)) from None
    _require_writable(folder / OUTCOMES)
    return folder


def _confirm(file: Path, error: UnconfirmedChestError) -> bool:
    """Ask whether an image is a frontal chest radiograph where its header leaves doubt and a person is there."""
    if not _is_somebody_there():
        return False
    console.err.print(f"{shown(file)}: {'; '.join(map(str, error.doubts))}.")
    return typer.confirm("Have you seen that it is a frontal chest radiograph?", err=True)


def _report(unix: UniX, file: Path, settings: ReportSettings, quiet: bool, sr: Path | None, assume: bool) -> Report:
    """Draft one report, and print its words as they become certain unless `quiet`."""
    confirm = partial(_confirm, file)
    for event in stream_draft(unix, file, settings, sr=sr, assume_frontal_chest=assume, confirm=confirm):
        match event:
            case Reading():
                for warning in event.warnings:
                    console.err.print(f"{shown(file)}: {warning}")
                if event.in_domain is False:
                    console.err.print(str(OUT_OF_DOMAIN))
            case Piece():
                if not quiet:
                    sys.stdout.write(event.text)
                    sys.stdout.flush()
            case Report():
                if not quiet:
                    print(f"\n{AiMark(event.provenance, edited=False).as_line()}")  # noqa: T201 - unwrapped
                    _tell_cut(event)
                if sr:
                    console.err.print(f"Wrote {harmless(str(sr))}: partial, preliminary, unverified.")
                return event
    raise AssertionError("a stream ends with its report")


def _report_each(unix: UniX, files: list[Path], settings: ReportSettings, as_json: bool, assume: bool) -> None:
    """Print a draft of each file; a bad one costs the others nothing, but the exit is then 1."""
    drafts = []
    for file in files:
        if not as_json:
            console.out.print(f"\n{shown(file)}")
        try:
            draft = _report(unix, file, settings, as_json, None, assume)
            drafts.append({"file": path_as_text(file), **draft_as_json(draft)})
        except CONCERNS_ALL:
            raise
        except Exception as error:
            console.err.print(str(console.explain(error)))
    if as_json:
        _print_json(drafts)
    if len(drafts) < len(files):
        console.err.print(f"{len(files) - len(drafts)} of {len(files)} files have no draft.")
        raise typer.Exit(1)


def _print_json(content: object) -> None:
    print(json.dumps(content, indent=1))  # noqa: T201 - the command's output


def _report_to_folder(unix: UniX, files: list[Path], settings: ReportSettings, batch: BatchSettings) -> None:
    """Draft all files, tell of each when it is done, and exit with 1 if any failed."""
    told: Counter[Status] = Counter()
    with console.err.status("") as progress, closing(draft_files(unix, files, settings, batch)) as outcomes:
        for number, file in enumerate(files, start=1):
            progress.update(f"{number}/{len(files)} {shown(file)}")
            outcome = next(outcomes)
            told[outcome.status] += 1
            what = outcome.error or f"{shown(file)}: {outcome.status}, {outcome.seconds:.1f} s"
            console.err.print(" ".join([f"{number}/{len(files)} {what}", *map(str, outcome.warnings)]))
    console.out.print(
        f"{harmless(str(batch.folder))}: " + ", ".join(f"{told[each]} {each}" for each in Status if told[each])
    )
    console.out.print(f"What became of each file: {harmless(str(batch.folder / OUTCOMES))}")
    if told[Status.FAILED]:
        raise typer.Exit(1)


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
