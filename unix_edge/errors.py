"""Every failure that a person can meet, one class each, with the sentence that is shown.

A message says what is wrong, what was left untouched where that is in doubt, and what to do.
The command line and the app turn a `UnixEdgeError` into text in one place each.
"""

from collections.abc import Sequence
from pathlib import Path


class UnixEdgeError(Exception):
    """A failure with a sentence fit to be shown as it is."""


class StoppedError(UnixEdgeError):
    """The caller's `should_stop` became true before anything worth keeping was finished."""

    def __init__(self) -> None:
        super().__init__("Stopped before anything was finished.")


class MissingPackageError(UnixEdgeError):
    """A package is missing that an extra of the distribution brings."""

    def __init__(self, package: str, purpose: str, extra: str) -> None:
        super().__init__(f"{purpose} needs {package}, which is not installed: pip install 'unix-edge[{extra}]'.")
        self.package = package
        self.extra = extra


class BundleError(UnixEdgeError):
    """A folder of engines is missing, incomplete, changed or of another format."""

    def __init__(self, folder: Path, problem: str, remedy: str = "Export the checkpoint again.") -> None:
        super().__init__(f"The engines in {folder} were not used: {problem}. {remedy}")
        self.folder = folder


class UnknownDeviceError(UnixEdgeError):
    """The device's name is none that we know."""

    def __init__(self, device: str) -> None:
        super().__init__(
            f"There is no device called '{device}': use auto, cpu, cuda, cuda:N, tensorrt or tensorrt-rtx."
        )


class DeviceUnavailableError(UnixEdgeError):
    """The device was asked for by name and is not to be had here."""

    def __init__(self, device: str, reason: str) -> None:
        super().__init__(f"The device '{device}' cannot be used here: {reason}. Use --device cpu or --device auto.")
        self.device = device
        self.reason = reason


class CardMemoryError(UnixEdgeError):
    """A card's memory does not hold a graph and what it computes, even with every other graph let go of."""

    def __init__(self, graph: str, device: str, memory: tuple[int, int] | None) -> None:
        free = "how much is free is unknown"
        if memory is not None:
            free = f"{memory[0] / 2**20:,.0f} of {memory[1] / 2**20:,.0f} MiB are free"
        self.problem = f"the memory of '{device}' is too small for the {graph} graph: {free}"
        super().__init__(
            f"{self.problem[0].upper()}{self.problem[1:]}. Nothing was written; close other programs that use the "
            "card, generate a smaller picture, or use --device cpu."
        )
        self.graph = graph
        self.device = device
        self.memory = memory


class ModelNotOpenError(UnixEdgeError):
    """A run was asked for where no bundle is open."""

    def __init__(self) -> None:
        super().__init__("No model is open; nothing was begun. Choose its engines in the settings.")


class ModelProcessError(UnixEdgeError):
    """The process that runs the model is gone, hangs or talks nonsense."""

    def __init__(self, problem: str, *, restarts: bool) -> None:
        after = "The model is opened again" if restarts else "The model stays closed until it is opened again"
        super().__init__(f"{problem}; what it was at is lost, and nothing else was harmed. {after}.")


class SettingsError(UnixEdgeError):
    """A setting is outside its range."""


class PromptError(UnixEdgeError):
    """The prompt is empty or does not fit."""


class ImageError(UnixEdgeError):
    """An image cannot be read as a radiograph."""

    def __init__(self, source: str, problem: str) -> None:
        super().__init__(f"{source} was not read: {problem}.")
        self.source = source
        self.problem = problem


class NotChestError(UnixEdgeError):
    """A DICOM image is certainly no single frontal chest radiograph, which is all that the model knows."""

    def __init__(self, source: str, problem: str) -> None:
        super().__init__(
            f"{source} was not read: {problem}. The model reads single frontal chest radiographs only (CR, DX or "
            "secondary capture)."
        )


class UnconfirmedChestError(UnixEdgeError):
    """A DICOM header leaves doubt whether the image is a frontal chest radiograph, and nobody has confirmed it."""

    def __init__(self, source: str, doubts: Sequence[str]) -> None:
        super().__init__(
            f"{source} was not read: {'; '.join(doubts)}. If you have seen that it is a frontal chest radiograph, "
            "repeat with --assume-frontal-chest (in Python: assume_frontal_chest=True)."
        )
        self.source = source
        self.doubts = tuple(doubts)


class StructuredReportError(UnixEdgeError):
    """A draft cannot be written as a DICOM structured report."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"No structured report was written: {problem}.")


class CheckpointError(UnixEdgeError):
    """A checkpoint folder cannot be used as it is."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"The checkpoint {path} was not loaded: {problem}.")
        self.path = path


class TensorsError(CheckpointError):
    """Tensors of a checkpoint are missing, surplus or of another shape."""

    def __init__(self, path: Path, problem: str, names: Sequence[str]) -> None:
        shown = ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")
        super().__init__(path, f"{len(names)} {problem}: {shown}")
        self.names = tuple(names)


class OverflowInHalfError(UnixEdgeError):
    """Layers leave the range of float16 even with their neighbours kept in float32."""

    def __init__(self, layers: Sequence[str]) -> None:
        super().__init__(
            f"The checkpoint does not fit float16: {', '.join(layers[:10])} overflow. "
            "Nothing was written; export it with --fp32."
        )
        self.layers = tuple(layers)


class ParityError(UnixEdgeError):
    """A written bundle is unlike its checkpoint, or does not compute what the reference path computes."""

    def __init__(self, failed: Sequence[str]) -> None:
        super().__init__(
            f"The engines differ from the reference path in {', '.join(failed)}. The export was discarded and nothing "
            "was written; report it, with the checkpoint's name and the versions of the packages."
        )
        self.failed = tuple(failed)


class NoSpaceError(UnixEdgeError):
    """The disk is full, or would be."""

    def __init__(self, folder: Path, needed: int | None = None, free: int | None = None) -> None:
        amount = "" if needed is None or free is None else f" ({needed / 1e9:.2f} GB needed, {free / 1e9:.2f} GB free)"
        super().__init__(
            f"There is not enough space in {folder}{amount}. Nothing was left there; free some and try again."
        )


class OutputError(UnixEdgeError):
    """A result cannot be written where it was asked for."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"{path} was not written: {problem}.")


class NotFiniteError(UnixEdgeError):
    """An engine computed NaN or infinity."""

    def __init__(self, graph: str) -> None:
        super().__init__(
            f"The {graph} engine computed values that are no numbers; the result was discarded. "
            "Export the checkpoint with --fp32, or verify the engines with unix-edge verify."
        )


class EngineBuildError(UnixEdgeError):
    """TensorRT-RTX cannot build a graph."""

    def __init__(self, graph: str, reason: str) -> None:
        super().__init__(
            f"TensorRT-RTX cannot build the {graph} graph ({' '.join(reason.split())[:300]}). The bundle itself is "
            "complete and runs on other devices; for TensorRT-RTX export it with --fp16."
        )
        self.graph = graph


class PresentationStateError(UnixEdgeError):
    """A presentation state cannot be honoured, or one cannot be written."""

    def __init__(self, problem: str, doing: str = "read") -> None:
        super().__init__(f"The presentation state was not {doing}: {problem}.")
        self.problem = problem


class KeyObjectsError(UnixEdgeError):
    """A key object selection cannot be read or written."""

    def __init__(self, problem: str, doing: str = "read") -> None:
        super().__init__(f"The selection of key images was not {doing}: {problem}.")
        self.problem = problem


class DeidentificationError(UnixEdgeError):
    """No anonymised copy of an image can be made."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"No anonymised copy was made: {problem}.")
        self.problem = problem


class IndexUnavailableError(UnixEdgeError):
    """The index of studies cannot be opened, read or written."""

    def __init__(self, folder: Path, problem: str) -> None:
        super().__init__(
            f"The index of studies in {folder} cannot be used: {problem}. No image was touched; files can be opened "
            "without it."
        )
        self.folder = folder


class DraftsUnavailableError(UnixEdgeError):
    """The kept drafts cannot be opened, read or written."""

    def __init__(self, folder: Path, problem: str) -> None:
        super().__init__(
            f"The drafts of reports in {folder} cannot be used: {problem}. What is shown stays as it is; do not close "
            "the window before it has been copied or saved."
        )
        self.folder = folder


class SigningError(UnixEdgeError):
    """A report cannot be signed as it is."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"The report was not signed: {problem}.")
        self.problem = problem


class ScreenshotError(UnixEdgeError):
    """There is nothing of which a picture of the window could be made."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"No picture was written, as nothing of what was named can be shown: {problem}")


class NoDisplayError(UnixEdgeError):
    """The viewer cannot open a window here."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"The viewer cannot open a window: {problem}. {remedy}")
