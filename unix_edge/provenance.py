"""Where a result comes from: enough to make it again, and nothing about a patient."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from .sentences import translatable
from .sessions import Sessions

RESEARCH_ONLY = translatable("Research use only. Not for diagnosis.")
UNTRAINED = translatable("These engines hold random weights: their words and pictures mean nothing.")


@dataclass(frozen=True, slots=True)
class Provenance:
    """Model, parameters and time of one result."""

    software: str
    checkpoint: str
    checkpoint_sha256: str
    precision: str
    device: str
    trained: bool
    parameters: Mapping[str, Any]
    """Settings; the prompt only as its hash."""
    created: str
    """ISO 8601, UTC."""
    source: Mapping[str, str] = field(default_factory=dict)
    """Of a draft: the SHA-256 of its image's file, the image's SOPInstanceUID and the window that the model saw it
    through, as far as there are any."""
    runtime: Mapping[str, str] = field(default_factory=dict)
    """What decides the last bits: ONNX Runtime's version, its threads, and the processor's instruction sets or the card
    and its driver."""

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return asdict(self)


def describe(sessions: Sessions, parameters: Mapping[str, Any], source: Mapping[str, str] | None = None) -> Provenance:
    """Describe a result made now."""
    from . import __version__

    manifest = sessions.bundle.manifest
    return Provenance(
        software=f"UniX Edge {__version__}",
        checkpoint=manifest.checkpoint,
        checkpoint_sha256=manifest.checkpoint_sha256,
        precision=manifest.precision,
        device=str(sessions.device),
        trained=manifest.trained,
        parameters=dict(parameters),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        source=dict(source or {}),
        runtime=sessions.runtime,
    )


def hash_text(text: str) -> str:
    """Return the SHA-256 of a prompt, which stands for it in files."""
    return hashlib.sha256(text.encode()).hexdigest()
