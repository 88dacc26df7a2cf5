"""The library's front door."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from .bundle import EMBEDDED, MANIFEST, Bundle, read_manifest, user_bundles
from .errors import UnixEdgeError
from .generate import DenoisingStep, GenerationSettings, Generator, SyntheticImage
from .graphs import QUANTISED_PRECISIONS
from .image import Radiograph
from .prompts import names_something_of_a_chest
from .report import Reading, Report, ReportSettings
from .sessions import Sessions, ShouldStop, has_cuda, never_stop


class UniX:
    """A bundle opened on a device. Graphs are opened when first needed and stay until `release`."""

    def __init__(self, sessions: Sessions) -> None:
        self.sessions = sessions
        self._text = sessions.bundle.text()

    @classmethod
    def load(cls, engines: str | Path | None = None, device: str = "auto", *, threads: int | None = None) -> Self:
        """Open a bundle.

        Args:
            engines: Its folder; None: `find_engines(device)`.
            device: auto, cpu, cuda, cuda:N, tensorrt or tensorrt-rtx. Only auto ever falls back; `sessions.device`
                and `sessions.reason` say what was chosen and why.
            threads: That compute on the CPU; None: one a core.

        Raises:
            BundleError: The bundle is missing, incomplete, changed or of a newer format.
            UnknownDeviceError, DeviceUnavailableError: The device is none, or not here.
            MissingPackageError: No ONNX Runtime is installed.
        """
        return cls(Sessions(Bundle.open(Path(engines) if engines else find_engines(device)), device, threads))

    @property
    def trained(self) -> bool:
        """Whether the weights are trained; what random ones say means nothing."""
        return self.sessions.bundle.manifest.trained

    def read(
        self, radiograph: Radiograph, *, assume_frontal_chest: bool = False, should_stop: ShouldStop = never_stop
    ) -> Reading:
        """Read an image once, for any number of questions.

        Args:
            radiograph: The image. What carries no DICOM header is taken for a frontal chest radiograph.
            assume_frontal_chest: A person has seen that it is one, where its header leaves doubt.
            should_stop: Asked all the time.

        Raises:
            ImageError: It cannot be read.
            NotChestError: Its header says that it is something else.
            UnconfirmedChestError: Its header leaves doubt, and nobody has confirmed it.
            StoppedError: It was stopped.
        """
        return Reading(self.sessions, self._text, radiograph, should_stop, assume_frontal_chest)

    def report(
        self, radiograph: Radiograph, settings: ReportSettings | None = None, *, assume_frontal_chest: bool = False
    ) -> Report:
        """Draft a report of one image; raises what `read` and `Reading.stream` raise."""
        return self.read(radiograph, assume_frontal_chest=assume_frontal_chest).report(settings)

    def check_prompt(self, prompt: str) -> bool:
        """Return whether a finding, a device or a normal state was understood in a prompt, before a picture is made.

        `generate` makes one all the same, and its provenance says so; whoever asks for a person tells them first.

        Raises:
            PromptError: The prompt is empty or too long.
        """
        Generator(self.sessions, self._text).check_prompt(prompt)
        return names_something_of_a_chest(prompt)

    def stream_generate(
        self, prompt: str, settings: GenerationSettings | None = None, *, should_stop: ShouldStop = never_stop
    ) -> Iterator[DenoisingStep | SyntheticImage]:
        """Yield each denoising step, last the SyntheticImage; raises what `Generator.stream` raises."""
        return Generator(self.sessions, self._text).stream(prompt, settings or GenerationSettings(), should_stop)

    def generate(self, prompt: str, settings: GenerationSettings | None = None) -> SyntheticImage:
        """Generate one picture."""
        for event in self.stream_generate(prompt, settings):
            if isinstance(event, SyntheticImage):
                return event
        raise AssertionError("a stream ends with its picture")

    def release(self, *graphs: str) -> None:
        """Let go of graphs and their memory (all if none is named); they are opened again when needed."""
        self.sessions.release(*graphs)


def find_engines(device: str = "auto") -> Path:
    """Return the bundle to use where none is named: `$UNIX_EDGE_ENGINES`, else the newest export, else ours.

    Beside the newest export that of the same checkpoint which suits the device: int8 on a CPU, which would widen
    float16 to float32 and be slower for it, and no integers on a card, which computes in float16 anyway.
    """
    if named := os.environ.get("UNIX_EDGE_ENGINES"):
        return Path(named)
    exports = [
        manifest for manifest in user_bundles().glob(f"*/{MANIFEST}") if not manifest.parent.name.startswith(".")
    ]
    if not exports:
        return EMBEDDED
    newest, *others = (each.parent for each in sorted(exports, key=lambda each: each.stat().st_mtime, reverse=True))
    on_cpu = device == "cpu" or (device == "auto" and not has_cuda())
    checkpoint, precision = _kind(newest)
    if checkpoint and not _suits(precision, on_cpu):
        alike = (each for each in others if _kind(each)[0] == checkpoint and _suits(_kind(each)[1], on_cpu))
        return next(alike, newest)
    return newest


def _suits(precision: str, on_cpu: bool) -> bool:
    return precision == "int8" if on_cpu else precision not in QUANTISED_PRECISIONS


def _kind(folder: Path) -> tuple[str, str]:
    """Return of which checkpoint and precision a bundle is; of one that cannot be read neither."""
    try:
        manifest = read_manifest(folder)
    except UnixEdgeError:
        return "", ""
    return manifest.checkpoint_sha256, manifest.precision
