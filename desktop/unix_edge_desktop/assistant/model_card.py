"""What is to be known of a model before it is believed: what it was trained on, what it cannot, what was measured."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from unix_edge.bundle import EMBEDDED, MANIFEST, Bundle, FindingsRecord, user_bundles
from unix_edge.domain import COMPUTED_PHANTOMS, OUT_OF_DOMAIN
from unix_edge.errors import UnixEdgeError
from unix_edge.model import find_engines
from unix_edge.provenance import RESEARCH_ONLY, UNTRAINED
from unix_edge.sentences import Sentence

from ..toolkit.sentences import CONTEXT, tell, translate_sentence

_LIMITS = Sentence(
    "It reads single frontal chest radiographs, in English; no lateral views, no other parts of the body, and no "
    "earlier image."
)


def find_bundles() -> list[Path]:
    """Return the bundles that are here: the one that comes along, and exported ones, the newest first."""
    exports = [each.parent for each in user_bundles().glob(f"*/{MANIFEST}") if not each.parent.name.startswith(".")]
    return [EMBEDDED, *sorted(exports, key=lambda each: -(each / MANIFEST).stat().st_mtime)]


def describe_bundle(folder: str, device: str = "auto") -> str:
    """Return a few lines on a bundle, by its folder's name; empty is the one that commands would take for a device."""
    try:
        bundle = Bundle.open(Path(folder) if folder else find_engines(device))
    except UnixEdgeError as error:
        return tell(error)
    manifest = bundle.manifest
    megabytes = sum(each.size for each in manifest.files.values()) / 1e6
    lines = [
        f"{manifest.checkpoint}, {manifest.precision}, {megabytes:,.0f} MB",
        QCoreApplication.translate(CONTEXT, RESEARCH_ONLY),
    ]
    if not manifest.trained:
        lines.append(QCoreApplication.translate(CONTEXT, UNTRAINED))
    if manifest.trained_on == COMPUTED_PHANTOMS:
        lines.append(translate_sentence(OUT_OF_DOMAIN))
    lines.append(translate_sentence(_LIMITS))
    lines.append(translate_sentence(Sentence("Weights SHA-256: {0}.", manifest.checkpoint_sha256)))
    rows = manifest.parity
    if rows:
        told = ", ".join(f"{row.graph} {row.what} {row.difference:.1e}" for row in rows[:6])
        lines.append(translate_sentence(Sentence("Differences from the reference path: {0}.", told)))
    else:
        lines.append(translate_sentence(Sentence("Parity with the reference path was not measured.")))
    lines.append(_tell_findings(manifest.findings))
    return "\n".join(lines)


def _tell_findings(found: FindingsRecord | None) -> str:
    """Say what the precision costs in findings."""
    if found is None:
        return translate_sentence(Sentence("What this precision costs in findings was not counted."))
    rows = (f"{row.what} {100 * row.difference:+.1f}" for row in found.rows if abs(row.difference) >= 0.0005)
    return translate_sentence(
        Sentence(
            "On {0} computed phantoms {1} of its reports are word for word those of float32; differences in points: "
            "{2}.",
            str(found.phantoms),
            f"{found.same_reports:.1%}",
            ", ".join(rows) or "0",
        )
    )


class ModelCardDialog(QDialog):
    """The card of a bundle: what it was trained on, what it cannot, how near its engines are to the reference."""

    def __init__(self, folder: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About this model"))
        few = QLabel(describe_bundle(folder))
        few.setWordWrap(True)
        few.setTextFormat(Qt.TextFormat.PlainText)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(few)
        column.addWidget(buttons)
        self.resize(self.fontMetrics().averageCharWidth() * 90, 0)
