"""Every failure that a person can meet, one class each, with the sentence that is shown.

A message says what is wrong, what was left untouched where that is in doubt, and what to do.
The command line and the app turn a `UnixEdgeError` into text in one place each.
"""

from collections.abc import Sequence
from pathlib import Path

from .sentences import Sentence, translatable

EXPORT_AGAIN = Sentence("Export the checkpoint again.")


class UnixEdgeError(Exception):
    """A failure with a sentence fit to be shown as it is, or in another language."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class StoppedError(UnixEdgeError):
    """The caller's `should_stop` became true before anything worth keeping was finished."""

    def __init__(self) -> None:
        super().__init__(Sentence("Stopped before anything was finished."))


class MissingPackageError(UnixEdgeError):
    """A package is missing that an extra of the distribution brings."""

    def __init__(self, package: str, purpose: Sentence, extra: str) -> None:
        super().__init__(
            Sentence("{0} needs {1}, which is not installed: pip install 'unix-edge[{2}]'.", purpose, package, extra)
        )
        self.package = package
        self.extra = extra


class BundleError(UnixEdgeError):
    """A folder of engines is missing, incomplete, changed or of another format."""

    def __init__(self, folder: Path, problem: Sentence, remedy: Sentence = EXPORT_AGAIN) -> None:
        super().__init__(Sentence("The engines in {0} were not used: {1}. {2}", folder, problem, remedy))
        self.folder = folder


class UnknownDeviceError(UnixEdgeError):
    """The device's name is none that we know."""

    def __init__(self, device: str) -> None:
        super().__init__(
            Sentence("There is no device called '{0}': use auto, cpu, cuda, cuda:N, tensorrt or tensorrt-rtx.", device)
        )


class DeviceUnavailableError(UnixEdgeError):
    """The device was asked for by name and is not to be had here."""

    def __init__(self, device: str, reason: Sentence) -> None:
        super().__init__(
            Sentence("The device '{0}' cannot be used here: {1}. Use --device cpu or --device auto.", device, reason)
        )
        self.device = device
        self.reason = reason


class CardMemoryError(UnixEdgeError):
    """A card's memory does not hold a graph and what it computes, even with every other graph let go of."""

    def __init__(self, graph: str, device: str, memory: tuple[int, int] | None) -> None:
        free = Sentence("how much is free is unknown")
        if memory is not None:
            amounts = (f"{each / 2**20:,.0f}" for each in memory)
            free = Sentence("{0} of {1} MiB are free", *amounts)
        self.problem = Sentence("the memory of '{0}' is too small for the {1} graph: {2}", device, graph, free)
        super().__init__(
            Sentence(
                "The memory of '{0}' is too small for the {1} graph: {2}. Nothing was written; close other programs "
                "that use the card, generate a smaller picture, or use --device cpu.",
                device,
                graph,
                free,
            )
        )
        self.graph = graph
        self.device = device
        self.memory = memory


class ModelNotOpenError(UnixEdgeError):
    """A run was asked for where no bundle is open."""

    def __init__(self) -> None:
        super().__init__(Sentence("No model is open; nothing was begun. Choose its engines in the settings."))


class ModelProcessError(UnixEdgeError):
    """The process that runs the model is gone, hangs or talks nonsense."""

    def __init__(self, problem: Sentence, *, restarts: bool) -> None:
        after = Sentence("The model stays closed until it is opened again.")
        if restarts:
            after = Sentence("The model is opened again.")
        super().__init__(Sentence("{0}; what it was at is lost, and nothing else was harmed. {1}", problem, after))


class SettingsError(UnixEdgeError):
    """A setting is outside its range."""


class PromptError(UnixEdgeError):
    """The prompt is empty or does not fit."""


class ImageError(UnixEdgeError):
    """An image cannot be read as a radiograph."""

    def __init__(self, source: str, problem: Sentence) -> None:
        super().__init__(Sentence("{0} was not read: {1}.", source, problem))
        self.source = source
        self.problem = problem


class NotChestError(UnixEdgeError):
    """A DICOM image is certainly no single frontal chest radiograph, which is all that the model knows."""

    def __init__(self, source: str, problem: Sentence) -> None:
        super().__init__(
            Sentence(
                "{0} was not read: {1}. The model reads single frontal chest radiographs only (CR, DX or secondary "
                "capture).",
                source,
                problem,
            )
        )


class UnconfirmedChestError(UnixEdgeError):
    """A DICOM header leaves doubt whether the image is a frontal chest radiograph, and nobody has confirmed it."""

    def __init__(self, source: str, doubts: Sequence[Sentence]) -> None:
        super().__init__(
            Sentence(
                "{0} was not read: {1}. If you have seen that it is a frontal chest radiograph, repeat with "
                "--assume-frontal-chest (in Python: assume_frontal_chest=True).",
                source,
                tuple(doubts),
            )
        )
        self.source = source
        self.doubts = tuple(doubts)


_REPORTS = {
    "read": translatable("The structured report was not read: {0}."),
    "written": translatable("No structured report was written: {0}."),
}


class StructuredReportError(UnixEdgeError):
    """A draft cannot be written as a DICOM structured report, or one cannot be read."""

    def __init__(self, problem: Sentence, doing: str = "written") -> None:
        super().__init__(Sentence(_REPORTS[doing], problem))
        self.problem = problem


class CheckpointError(UnixEdgeError):
    """A checkpoint folder cannot be used as it is."""

    def __init__(self, path: Path, problem: Sentence) -> None:
        super().__init__(Sentence("The checkpoint {0} was not loaded: {1}.", path, problem))
        self.path = path


class TensorsError(CheckpointError):
    """Tensors of a checkpoint are missing, surplus or of another shape."""

    def __init__(self, path: Path, problem: Sentence, names: Sequence[str]) -> None:
        shown = ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")
        super().__init__(path, Sentence("{0} {1}: {2}", len(names), problem, shown))
        self.names = tuple(names)


class OverflowInHalfError(UnixEdgeError):
    """Layers leave the range of float16 even with their neighbours kept in float32."""

    def __init__(self, layers: Sequence[str]) -> None:
        super().__init__(
            Sentence(
                "The checkpoint does not fit float16: {0} overflow. Nothing was written; export it with --fp32.",
                ", ".join(layers[:10]),
            )
        )
        self.layers = tuple(layers)


class ParityError(UnixEdgeError):
    """A written bundle is unlike its checkpoint, or does not compute what the reference path computes."""

    def __init__(self, failed: Sequence[str]) -> None:
        super().__init__(
            Sentence(
                "The engines differ from the reference path in {0}. The export was discarded and nothing was written; "
                "report it, with the checkpoint's name and the versions of the packages.",
                ", ".join(failed),
            )
        )
        self.failed = tuple(failed)


class NoSpaceError(UnixEdgeError):
    """The disk is full, or would be."""

    def __init__(self, folder: Path, needed: int | None = None, free: int | None = None) -> None:
        if needed is None or free is None:
            said = Sentence(
                "There is not enough space in {0}. Nothing was left there; free some and try again.", folder
            )
        else:
            said = Sentence(
                "There is not enough space in {0} ({1} GB needed, {2} GB free). Nothing was left there; free some and "
                "try again.",
                folder,
                f"{needed / 1e9:.2f}",
                f"{free / 1e9:.2f}",
            )
        super().__init__(said)


class OutputError(UnixEdgeError):
    """A result cannot be written where it was asked for."""

    def __init__(self, path: Path, problem: Sentence) -> None:
        super().__init__(Sentence("{0} was not written: {1}.", path, problem))


class NotFiniteError(UnixEdgeError):
    """An engine computed NaN or infinity."""

    def __init__(self, graph: str) -> None:
        super().__init__(
            Sentence(
                "The {0} engine computed values that are no numbers; the result was discarded. Export the checkpoint "
                "with --fp32, or verify the engines with unix-edge verify.",
                graph,
            )
        )


class EngineBuildError(UnixEdgeError):
    """TensorRT-RTX cannot build a graph."""

    def __init__(self, graph: str, reason: str) -> None:
        super().__init__(
            Sentence(
                "TensorRT-RTX cannot build the {0} graph ({1}). The bundle itself is complete and runs on other "
                "devices; for TensorRT-RTX export it with --fp16.",
                graph,
                " ".join(reason.split())[:300],
            )
        )
        self.graph = graph


_STATES = {
    "read": translatable("The presentation state was not read: {0}."),
    "applied": translatable("The presentation state was not applied: {0}."),
    "written": translatable("The presentation state was not written: {0}."),
}
_SELECTIONS = {
    "read": translatable("The selection of key images was not read: {0}."),
    "changed": translatable("The selection of key images was not changed: {0}."),
    "written": translatable("The selection of key images was not written: {0}."),
}


class PresentationStateError(UnixEdgeError):
    """A presentation state cannot be honoured, or one cannot be written."""

    def __init__(self, problem: Sentence, doing: str = "read") -> None:
        super().__init__(Sentence(_STATES[doing], problem))
        self.problem = problem


class KeyObjectsError(UnixEdgeError):
    """A key object selection cannot be read or written."""

    def __init__(self, problem: Sentence, doing: str = "read") -> None:
        super().__init__(Sentence(_SELECTIONS[doing], problem))
        self.problem = problem


class DeidentificationError(UnixEdgeError):
    """No anonymised copy of an image can be made."""

    def __init__(self, problem: Sentence) -> None:
        super().__init__(Sentence("No anonymised copy was made: {0}.", problem))
        self.problem = problem


class IndexUnavailableError(UnixEdgeError):
    """The index of studies cannot be opened, read or written."""

    def __init__(self, folder: Path, problem: Sentence) -> None:
        super().__init__(
            Sentence(
                "The index of studies in {0} cannot be used: {1}. No image was touched; files can be opened without "
                "it.",
                folder,
                problem,
            )
        )
        self.folder = folder


class DraftsUnavailableError(UnixEdgeError):
    """The kept drafts cannot be opened, read or written."""

    def __init__(self, folder: Path, problem: Sentence) -> None:
        super().__init__(
            Sentence(
                "The drafts of reports in {0} cannot be used: {1}. What is shown stays as it is; do not close the "
                "window before it has been copied or saved.",
                folder,
                problem,
            )
        )
        self.folder = folder


class SigningError(UnixEdgeError):
    """A report cannot be signed as it is."""

    def __init__(self, problem: Sentence) -> None:
        super().__init__(Sentence("The report was not signed: {0}.", problem))
        self.problem = problem


class ScreenshotError(UnixEdgeError):
    """There is nothing of which a picture of the window could be made."""

    def __init__(self, problem: Sentence) -> None:
        super().__init__(Sentence("No picture was written, as nothing of what was named can be shown: {0}", problem))


class NoDisplayError(UnixEdgeError):
    """The viewer cannot open a window here."""

    def __init__(self, problem: Sentence, remedy: Sentence) -> None:
        super().__init__(Sentence("The viewer cannot open a window: {0}. {1}", problem, remedy))
