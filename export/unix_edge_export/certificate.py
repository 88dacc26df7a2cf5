"""What a precision costs in findings: the same phantoms, read by the engines and by the reference path in float32.

Parity says how far numbers are apart; nobody knows what that is worth in a report. On phantoms the truth is known, so
what engines find more or less than the reference path is counted, label by label.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from unix_edge import ReportSettings, UniX
from unix_edge.bundle import EMBEDDED, Bundle, FindingsRecord, FindingsRow, read_manifest
from unix_edge.errors import SettingsError
from unix_edge.findings import find_labels
from unix_edge.image import letterbox, to_pixel_values
from unix_edge.machine import processor_features
from unix_edge.phantom import compute_phantom
from unix_edge.sentences import Sentence
from unix_edge.sessions import Sessions
from unix_edge.text import REPORT_PROMPT, Text

from .finding_counts import count, difference, figures, label_differences
from .reference.checkpoint import CheckpointReader, load_reference
from .reference.run import Context, Reference
from .weights import Progress

FIRST_SEED = 10_000_000
"""Of the phantoms; from here on none was trained on."""
MOST = 10_000
_COMPUTED = 1.5
"""Times the model's side at which a phantom is computed; it is shrunk as a reader's file is."""
_MOST_TOKENS = 160
_FIGURES = {"micro_f1_14": "F1 of all labels", "sides": "right sides of labels found"}


def require_phantoms(source: CheckpointReader, phantoms: int) -> None:
    """Refuse to count findings of a checkpoint that no phantom says anything about.

    Raises:
        SettingsError: It is not unix-nano's, or there are too many phantoms.
    """
    if not 0 <= phantoms <= MOST:
        raise SettingsError(Sentence("Nothing was exported: --findings must be from 0 to {0}.", MOST))
    if phantoms and source.sha256() != read_manifest(EMBEDDED).checkpoint_sha256:
        raise SettingsError(
            Sentence(
                "Nothing was exported: --findings counts findings on computed phantoms, which say something of the "
                "model that comes with the program alone."
            )
        )


def count_findings(
    source: CheckpointReader, bundle: Bundle, text: Text, phantoms: int, progress: Progress
) -> FindingsRecord:
    """Read phantoms by the reference path and by a bundle's engines, and compare what they find.

    Args:
        source: The checkpoint.
        bundle: Of its engines.
        text: Its tokenizer.
        phantoms: How many.
        progress: Told how far it is.
    """
    images, truth = [], []
    for number in range(phantoms):
        progress("Computing phantoms", number / phantoms)
        phantom = compute_phantom(FIRST_SEED + number, round(_COMPUTED * source.config.vision.image_size))
        images.append(_shrink(phantom.pixels, source.config.vision.image_size))
        truth.append(phantom.case.labels)
    reports = {
        "reference": _by_reference(source, text, images, progress),
        "engines": _by_engines(bundle, images, progress),
    }
    counts = {name: count([find_labels(each) for each in told], truth) for name, told in reports.items()}
    rows = [
        FindingsRow(
            _FIGURES[name], float(figures(counts["engines"].sum(axis=0))[name]), told["value"], *told["interval"]
        )
        for name, told in difference(counts["engines"], counts["reference"]).items()
        if name in _FIGURES
    ]
    rows += [
        FindingsRow(label, told["f1"], told["value"], *told["interval"])
        for label, told in label_differences(counts["engines"], counts["reference"]).items()
    ]
    same = np.mean([one == other for one, other in zip(*reports.values(), strict=True)])
    return FindingsRecord(phantoms, FIRST_SEED, processor_features(), float(same), tuple(rows))


def _shrink(pixels: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    """Shrink as a reader's file is before the model sees it, as the model was trained."""
    return np.asarray(Image.fromarray(pixels).resize((size, size), Image.Resampling.LANCZOS))


def _by_reference(
    source: CheckpointReader, text: Text, images: Sequence[NDArray[np.uint8]], progress: Progress
) -> list[str]:
    reference, prompt, told = Reference(load_reference(source)), text.segment(REPORT_PROMPT), []
    for number, image in enumerate(images):
        progress("Reading phantoms by the reference path", number / len(images))
        pixels = to_pixel_values(letterbox(Image.fromarray(image), source.config.vision.image_size))
        context, _ = reference.feed_text(reference.feed_image(Context(), reference.encode_image(pixels)), prompt)
        fed = [token for token, _ in reference.draft(context, _MOST_TOKENS)]
        told.append(text.decode(fed[1:]))
    return told


def _by_engines(bundle: Bundle, images: Sequence[NDArray[np.uint8]], progress: Progress) -> list[str]:
    unix, settings = UniX(Sessions(bundle, "cpu")), ReportSettings(max_tokens=_MOST_TOKENS)

    def read() -> Iterator[str]:
        for number, each in enumerate(images):
            progress("Reading phantoms by the engines", number / len(images))
            yield unix.report(each, settings).text

    return list(read())
