"""What is asked of the process that runs the model, and what it says: plain values, each with its own name.

A run is a draft or a picture, known by a number that its asker gives it and never gives twice. Whatever becomes of it,
one event ends it: Drafted, Picture, Stopped or Failed.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..generate import GenerationSettings, SyntheticImage
from ..image import LoadedRadiograph
from ..report import Report, ReportSettings
from ..sentences import Sentence


@dataclass(frozen=True, slots=True)
class Open:
    """Open a bundle; the first request."""

    engines: str = ""
    """Its folder; empty: `model.find_engines()`."""
    device: str = "auto"


@dataclass(frozen=True, slots=True)
class Draft:
    """Draft a report of an image."""

    run: int
    image: LoadedRadiograph
    settings: ReportSettings
    prefix: str = ""
    assume_frontal_chest: bool = False


@dataclass(frozen=True, slots=True)
class Generate:
    """Make a picture."""

    run: int
    prompt: str
    settings: GenerationSettings


@dataclass(frozen=True, slots=True)
class Stop:
    """End a run, whether it has begun or waits; of one that has ended it means nothing."""

    run: int


@dataclass(frozen=True, slots=True)
class Release:
    """Let go of all graphs and of the images read, when nothing runs; they are opened again when needed."""


@dataclass(frozen=True, slots=True)
class Close:
    """End the process at once."""


Request = Open | Draft | Generate | Stop | Release | Close


@dataclass(frozen=True, slots=True)
class Loading:
    """The bundle is being opened; `stage` of `stages` has begun."""

    stage: int
    stages: int


@dataclass(frozen=True, slots=True)
class Ready:
    """The bundle is open, and what can be known of it."""

    engines: str
    checkpoint: str
    checkpoint_sha256: str
    precision: str
    device: str
    reason: Sentence
    """Why this device, in words."""
    trained: bool
    trained_on: str
    """The only kind of images that it has seen; empty where that is not said."""
    picture_size: int
    """The largest side of a picture that it makes, in pixels."""
    picture_unit: int
    """Sides are multiples of this."""
    capacity: int
    """Positions for an image, the prompt and the report together."""
    has_preview: bool
    """Whether steps of a picture come with a preview."""
    memory: int
    """Bytes that the process holds; 0 where that cannot be told."""


@dataclass(frozen=True, slots=True)
class Piece:
    """More of a draft's text, and all tokens since the last piece."""

    run: int
    text: str
    """May be empty: a letter can take several tokens."""
    tokens: int
    """So far."""
    log_probabilities: tuple[float, ...]
    """Of each new token, as `Report.log_probabilities`."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft is done, or was stopped after its first words (`report.ended`)."""

    run: int
    report: Report
    seconds_to_first: float
    """From when its turn came to its first token."""
    tokens_per_second: float
    """After the first; 0 of a single one."""
    seconds: float
    """In all."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step from noise to a picture is done."""

    run: int
    step: int
    steps: int
    seconds_left: float
    preview: NDArray[np.uint8] | None
    """(H, W) gray, a coarse guess of the picture; None where the bundle does not say how to make one."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture is done. Its pixels are unmarked: what shows or writes them marks them."""

    run: int
    picture: SyntheticImage
    seconds: float


@dataclass(frozen=True, slots=True)
class Stopped:
    """A run was stopped, and nothing of it was finished."""

    run: int


@dataclass(frozen=True, slots=True)
class Failed:
    """A run failed; without one, the bundle could not be opened or the process is gone."""

    run: int | None
    error: str
    """Name of the error's class in `errors`, or of another."""
    sentence: Sentence
    doubts: tuple[Sentence, ...] = ()
    """Of an UnconfirmedChestError: what a person may confirm."""
    is_out_of_memory: bool = False
    smaller: int | None = None
    """Where memory was short: the side of a smaller picture to try."""


@dataclass(frozen=True, slots=True)
class Beat:
    """The process lives; twice a second."""

    memory: int
    """Bytes that it holds; 0 where that cannot be told."""
    run: int | None
    """What it is at."""


Event = Loading | Ready | Piece | Drafted | Step | Picture | Stopped | Failed | Beat
Ending = Drafted | Picture | Stopped | Failed
