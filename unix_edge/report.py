"""Understanding: a radiograph is read once, then any number of questions are answered from it."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
from pydicom import Dataset

from .dicom.chest import require_frontal_chest
from .dicom.grayscale import ImageWarning
from .dicom.writing import is_uid
from .domain import is_in_domain
from .embeddings import EmbeddingTable
from .errors import ImageError, NotFiniteError, PromptError, SettingsError, StoppedError
from .graphs import UNDERSTANDING, VISION
from .image import Radiograph, letterbox, load_radiograph, require_content, to_pixel_values
from .provenance import Provenance, describe, hash_text
from .sentences import Sentence
from .sessions import Sessions, ShouldStop, Stopping, never_stop
from .text import REPORT_PROMPT, Text, is_text, split_sections
from .understanding import FloatArray, Place, UnderstandingEngine


@dataclass(frozen=True, slots=True)
class ReportSettings:
    """How a report is drafted; the defaults are those of the published numbers."""

    prompt: str = REPORT_PROMPT
    max_tokens: int = 500
    """Tokens fed at most, the starting bos counted."""
    temperature: float = 0.0
    """0 takes the likeliest token; above, tokens are drawn from softmax(logits / temperature)."""
    seed: int = 0
    """Seed of the draws."""

    def __post_init__(self) -> None:
        """Refuse values that cannot be."""
        if not self.prompt.strip():
            raise PromptError(Sentence("The prompt is empty; nothing was drafted. Say what the report should hold."))
        if not is_text(self.prompt):
            raise PromptError(Sentence("The prompt holds bytes that are no text in UTF-8; nothing was drafted."))
        if not 1 <= self.max_tokens <= 100_000 or not 0 <= self.temperature <= 100 or not 0 <= self.seed < 2**63:
            raise SettingsError(
                Sentence(
                    "Nothing was drafted: max tokens must be from 1, the temperature from 0 to 100, the seed from 0."
                )
            )


class Ended(StrEnum):
    """Why a report ends where it does."""

    FINISHED = "finished"
    """The model said so."""
    MAX_TOKENS = "max_tokens"
    """The settings' limit, or the bundle's capacity, was reached: the text is cut."""
    STOPPED = "stopped"
    """The reader stopped it: the text is cut."""


@dataclass(frozen=True, slots=True)
class Report:
    """A draft, never verified."""

    text: str
    findings: str
    impression: str
    tokens: tuple[int, ...]
    """What was fed after the prompt, without the starting bos."""
    log_probabilities: tuple[float, ...]
    """Of each token the natural logarithm of the model's probability for it, whatever the temperature; of those of the
    prefix, which it was given, 0."""
    ended: Ended
    provenance: Provenance
    in_domain: bool | None = None
    """Whether the model has seen images of this kind; of one that it has not, its text means nothing. None: unknown."""
    warnings: tuple[Sentence, ...] = ()
    """What is odd about the image (`Reading.warnings`); whoever is shown the draft is told."""


@dataclass(frozen=True, slots=True)
class Piece:
    """More of a draft: text that has become certain, and all tokens since the last piece."""

    text: str
    """May be empty: a letter can take several tokens."""
    log_probabilities: tuple[float, ...]
    """Of each new token, as the report's."""


class Reading:
    """One image's keys and values, and the questions asked of it."""

    def __init__(
        self,
        sessions: Sessions,
        text: Text,
        source: Radiograph,
        should_stop: ShouldStop,
        assume_frontal_chest: bool = False,
    ) -> None:
        manifest = sessions.bundle.manifest
        self._sessions, self._text = sessions, text
        loaded = load_radiograph(source)
        self.header: Dataset | None = loaded.header
        """The DICOM attributes that say what the image is and whose; None for an image without."""
        self.warnings = loaded.warnings
        """What is odd about the image and did not keep it from being read."""
        self.in_domain = is_in_domain(manifest.trained_on, loaded.phantom)
        """Whether the model has seen images of this kind; None where its bundle does not say what it has seen."""
        self._source_sha256, self._window = loaded.source_sha256, loaded.window
        name = Path(source).name if isinstance(source, (str, Path)) else "The image"
        require_frontal_chest(self.header, name, confirmed=assume_frontal_chest)
        require_content(loaded.image, name)
        if ImageWarning.MODALITY.value in loaded.warnings:
            raise ImageError(name, Sentence("its Modality LUT leaves too little of the picture to draft from"))
        pixels = to_pixel_values(letterbox(loaded.image, manifest.model.image_size))
        with Stopping(should_stop) as stopping:
            embeddings = sessions.run(VISION, {"pixel_values": pixels}, stopping)["image_embeddings"][0]
            if not np.isfinite(embeddings).all():
                raise NotFiniteError(VISION)
            self._engine = UnderstandingEngine(sessions, EmbeddingTable(sessions.bundle))
            self._after_image = self._engine.feed_image(Place(), embeddings, stopping)

    def report(self, settings: ReportSettings | None = None, *, should_stop: ShouldStop = never_stop) -> Report:
        """Draft a report."""
        for event in self.stream(settings, should_stop=should_stop):
            if isinstance(event, Report):
                return event
        raise AssertionError("a stream ends with its report")

    def stream(
        self,
        settings: ReportSettings | None = None,
        *,
        prefix: str = "",
        should_stop: ShouldStop = never_stop,
    ) -> Iterator[str | Report]:
        """Yield pieces of text as they become certain, last the Report; raises what `stream_pieces` raises."""
        for event in self.stream_pieces(settings, prefix=prefix, should_stop=should_stop):
            if isinstance(event, Report):
                yield event
            elif event.text:
                yield event.text

    def stream_pieces(
        self,
        settings: ReportSettings | None = None,
        *,
        prefix: str = "",
        should_stop: ShouldStop = never_stop,
    ) -> Iterator[Piece | Report]:
        """Yield a Piece for each token, last the Report; nothing runs until you iterate.

        Args:
            settings: What to ask and how to decode.
            prefix: Text that the report is to begin with.
            should_stop: Asked all the time; the report so far is then kept and marked.

        Raises:
            PromptError: Prompt and prefix do not fit the bundle's capacity.
            StoppedError: It was stopped before the first token.
        """
        settings = settings or ReportSettings()
        tokens: list[int] = []
        told: list[float] = []
        text, ended = "", Ended.MAX_TOKENS
        with Stopping(should_stop) as stopping:
            for ids, piece in self._text.pieces(self._draft(settings, prefix, stopping, told)):
                new, tokens = len(tokens), list(ids)
                if tokens[-1] == self._text.eos:
                    tokens, ended = tokens[:-1], Ended.FINISHED
                    break
                text += piece
                yield Piece(piece, tuple(told[new : len(tokens)]))
            if stopping.stopped and ended is not Ended.FINISHED:
                ended = Ended.STOPPED
                if not tokens:
                    raise StoppedError
        whole = self._text.decode(tokens)
        if whole.startswith(text) and len(whole) > len(text):
            yield Piece(whole[len(text) :], ())
        findings, impression = split_sections(whole)
        made = self._provenance(settings, prefix)
        known = tuple(told[: len(tokens)])
        yield Report(whole, findings, impression, tuple(tokens), known, ended, made, self.in_domain, self.warnings)

    def _draft(self, settings: ReportSettings, prefix: str, stopping: Stopping, told: list[float]) -> Iterator[int]:
        """Yield the prefix's tokens, then each token drafted; the last is eos if the model ends it.

        The log-probability of each is in `told` before it is yielded.
        """
        prompt, engine = self._text.segment(settings.prompt), self._engine
        begin = self._text.encode(prefix)[len(self._text.encode("")) :] if prefix else []
        room = engine.capacity - self._after_image.row - len(prompt) - len(begin) - 1
        if room < 1:
            raise PromptError(
                Sentence(
                    "The prompt has {0} tokens and {1} too many for these engines, which hold {2} positions; nothing "
                    "was drafted. Shorten it, or export with a larger --context.",
                    len(prompt) + len(begin),
                    -room + 1,
                    engine.capacity,
                )
            )
        random = np.random.default_rng(settings.seed)
        try:
            place, _ = engine.feed_text(self._after_image, prompt, stopping)
            place, logits = engine.feed_text(place, [self._text.bos, *begin], stopping)
            told += [0.0] * len(begin)
            yield from begin
            # `max_tokens` counts what is fed, bos included, and the last prediction is dropped.
            for _ in range(min(settings.max_tokens - 1 - len(begin), room)):
                token = choose(logits, settings.temperature, random)
                told.append(log_probability(logits, token))
                yield token
                place, logits = engine.feed_text(place, [token], stopping)
            if choose(logits, settings.temperature, random) == self._text.eos:
                yield self._text.eos
        except StoppedError:
            return

    def _provenance(self, settings: ReportSettings, prefix: str) -> Provenance:
        parameters = asdict(settings)
        parameters["prompt_sha256"] = hash_text(parameters.pop("prompt"))
        if prefix:
            parameters["prefix_sha256"] = hash_text(prefix)
        return describe(self._sessions, parameters, self._source())

    def _source(self) -> dict[str, str]:
        """Return what identifies the image without naming anybody, and how it was shown."""
        uid = "" if self.header is None else self.header.get("SOPInstanceUID")
        named = {
            "sha256": self._source_sha256,
            "sop_instance_uid": uid if is_uid(uid) else "",
            "window": self._window,
        }
        return {key: str(value) for key, value in named.items() if value}


def log_probability(logits: FloatArray, token: int) -> float:
    """Return the logarithm of a token's share of softmax(logits)."""
    above = logits.astype(np.float64) - logits.max()
    return float(above[token] - np.log(np.exp(above).sum()))


def choose(logits: FloatArray, temperature: float, random: np.random.Generator) -> int:
    """Choose the next token: the likeliest, or one drawn from softmax(logits / temperature).

    Raises:
        NotFiniteError: The logits are no numbers.
    """
    if not np.isfinite(logits).all():
        raise NotFiniteError(UNDERSTANDING)
    if temperature == 0:
        return int(logits.argmax())
    weights = np.exp((logits.astype(np.float64) - logits.max()) / temperature)
    return int(random.choice(len(weights), p=weights / weights.sum()))
