"""The dims of unix-nano, and what each stage of its training is set to."""

from dataclasses import dataclass, field, replace
from typing import Self, TypeVar

from unix_edge.domain import COMPUTED_PHANTOMS

from ..reference.config import LanguageConfig, SpecialTokens, UniXConfig, VaeConfig, VisionConfig

NANO = UniXConfig(
    vision=VisionConfig(192, 192, 576, 6, 5, 16),
    language=LanguageConfig(192, 512, 6, 6, 3, 896),
    vae=VaeConfig(ch=16, ch_mult=(1, 2, 4, 5, 5), num_res_blocks=1, z_channels=32, num_groups=1),
    special_tokens=SpecialTokens(892, 893, 894, 895),
    max_latent_size=12,
    trained_on=COMPUTED_PHANTOMS,
)
"""The dims; the vocabulary has room for each of the grammar's 232 words, special tokens at its end."""

VALIDATION_SEED = 9_900_000
"""Training takes the seeds below, validation during training those from here; from 10,000,000 on none is touched."""


@dataclass(frozen=True, slots=True)
class DataSettings:
    """The phantoms that everything is trained on."""

    phantoms: int = 48_000
    chunk: int = 1_000
    """Phantoms of one file; training begins with the first."""
    validation: int = 400
    size: int = 192
    patches: int = 12
    """Patches a side of the vision tower, for each of which it is kept what is to be seen there."""
    reports: int = 6
    """Wordings of each phantom's report that are kept."""
    prompts: int = 6
    workers: int = 2
    sentences: int = 20_000
    """Reports and prompts that the tokenizer is trained on."""


@dataclass(frozen=True, slots=True)
class Optimisation:
    """The loop that every stage runs in."""

    steps: int
    learning_rate: float
    muon: str = ""
    """Prefix of the parameters whose matrices Muon moves; AdamW moves all others."""
    warm_up: int = 200
    last_rate: float = 0.02
    """What is left of the learning rate at the end of its cosine."""
    weight_decay: float = 0.02
    clip: float = 1.0
    average: float = 0.999
    """Decay of the weights' moving average, which is what a stage leaves; shorter at the start."""
    validations: int = 8
    saved_every: float = 120.0
    """Seconds between the points from which a killed run goes on."""
    seed: int = 0

    def scaled(self, factor: float) -> Self:
        """Return the same with more or fewer steps."""
        steps = max(1, round(self.steps * factor))
        return replace(self, steps=steps, warm_up=min(self.warm_up, steps // 4))


@dataclass(frozen=True, slots=True)
class VaeSettings:
    """Stage 0: the autoencoder."""

    optimisation: Optimisation = field(default_factory=lambda: Optimisation(7_000, 2e-3))
    pixels: int = 4 * 192 * 192
    """Of one batch, whatever the size of its pictures."""
    crops: tuple[tuple[int, float], ...] = ((96, 0.45), (128, 0.15), (192, 0.25))
    """Sides of crops and how often each is drawn; the largest is the whole picture."""
    shrunk: tuple[int, float] = (128, 0.15)
    """Side of pictures shrunk whole, and how often."""
    linear: float = 0.1
    """Part of the steps in which both halves learn the linear codes of the patches apart, before they meet."""
    sampled: float = 0.1
    """How often latents are drawn and not taken at their mean."""
    loudness: float = 0.25
    """Power of how far a channel is seen in the picture by which its latents are larger; 0: all channels alike."""
    mse: float = 4.0
    gradient: float = 1.0
    divergence: float = 1e-6


@dataclass(frozen=True, slots=True)
class UnderstandingSettings:
    """Stage 1, in three parts: to see, to report what is seen, and to word it well."""

    optimisation: Optimisation
    batch: int
    reports: bool = True
    """Without them the tower learns from its auxiliary heads alone, and the language from texts alone."""
    tower: bool = True
    """Without it the tower is frozen, what it sees of each phantom is computed once, and all time goes to words."""
    jitter: int = 4
    """Pixels by which phantoms are moved at most."""
    wordings: int = 1
    """Reports learnt from one reading of an image."""
    plain: bool = False
    """Learn the plain report of each phantom in place of its many wordings: see `write_plain_report`."""
    text_only: float = 0.12
    """How often a step learns texts without images."""
    texts: int = 48
    """Batch of such a step."""
    places: float = 20.0
    """Weight of the head that tells for each patch which findings are there."""
    plan: float = 1.0
    """Weight of the head that tells what is about to be said."""
    planned_layer: int = 4
    """Layers after which it is asked; those behind them can still use the answer in every word."""
    planned: int = 6
    """Tokens of a report at which it is asked, its beginning among them."""
    sides: float = 0.5
    """Weight of the choice between sides where a word tells one: such words are few, and most of the loss is of
    wording. It is a choice among the sides alone, so that none becomes likelier to be said."""
    drafts: int = 200
    """Reports drafted when validated."""
    longest: int = 160
    """Tokens of such a draft."""


@dataclass(frozen=True, slots=True)
class GenerationSettings:
    """Stages 2 and 3: report text to latents."""

    optimisation: Optimisation
    size: int
    """Side of the pictures in pixels."""
    batch: int
    dropped: float = 0.1
    """How often a batch has no prompt."""
    mean: float = 0.4
    """Of the logit of the timesteps; above 0 is towards noise."""
    alignment: float = 0.5
    """Weight of the alignment with the vision tower's features; 0: none."""
    aligned_layer: int = 3
    """Layers after which the hidden states are aligned."""
    spread: bool = True
    """Give a smaller picture's latents the table rows of where they lie in the largest, so that anatomy keeps its
    place from stage to stage; without it they take the rows that inference takes for a picture of that size."""


@dataclass(frozen=True, slots=True)
class DecoderSettings:
    """The last stage: the VAE's decoder, so that what is decoded looks like a phantom from near, too."""

    optimisation: Optimisation
    batch: int = 4
    """Half of it latents of phantoms, half of it drawn ones."""
    drawn: int = 1_000
    """Latents that are drawn for it."""
    points: int = 25
    """Of the schedule under which they are drawn."""
    mse: float = 4.0
    gradient: float = 1.0
    features: float = 0.5
    """Pull of the tower's features, as a part of that of the pixels."""
    looks: float = 1.0
    """Pull of the discriminator, likewise; it grows to that within the first tenth of the steps."""
    coarse: float = 1.0
    """Weight of the brightness of squares that drawn pictures keep."""


AnyStage = TypeVar("AnyStage", VaeSettings, UnderstandingSettings, GenerationSettings, DecoderSettings)


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that makes one unix-nano."""

    model: UniXConfig = NANO
    data: DataSettings = field(default_factory=DataSettings)
    vae: VaeSettings = field(default_factory=VaeSettings)
    seeing: UnderstandingSettings = field(
        default_factory=lambda: UnderstandingSettings(Optimisation(8_000, 1e-3), 48, reports=False)
    )
    understanding: UnderstandingSettings = field(
        default_factory=lambda: UnderstandingSettings(Optimisation(6_500, 7e-4), 24)
    )
    wording: UnderstandingSettings = field(
        default_factory=lambda: UnderstandingSettings(Optimisation(4_000, 5e-4), 24, tower=False, plain=True)
    )
    generation_low: GenerationSettings = field(
        default_factory=lambda: GenerationSettings(Optimisation(7_000, 1e-3, muon="generation."), 128, 32)
    )
    generation: GenerationSettings = field(
        default_factory=lambda: GenerationSettings(
            Optimisation(12_000, 7e-4, muon="generation."), 192, 32, alignment=0.0
        )
    )
    decoder: DecoderSettings = field(default_factory=lambda: DecoderSettings(Optimisation(4_000, 5e-4)))

    def scaled(self, factor: float) -> Self:
        """Return the same with more or fewer steps in every stage."""
        return replace(
            self,
            vae=_scaled(self.vae, factor),
            seeing=_scaled(self.seeing, factor),
            understanding=_scaled(self.understanding, factor),
            wording=_scaled(self.wording, factor),
            generation_low=_scaled(self.generation_low, factor),
            generation=_scaled(self.generation, factor),
            decoder=_scaled(self.decoder, factor),
        )


def _scaled(stage: AnyStage, factor: float) -> AnyStage:
    return replace(stage, optimisation=stage.optimisation.scaled(factor))


def smoke() -> Recipe:
    """Return a recipe that passes through everything in about a minute and learns nothing.

    Muon moves one layer's matrices: it computes in bfloat16, for which many CPUs take seconds a step.
    """
    short = Optimisation(12, 1e-3, warm_up=2, validations=1, saved_every=0)
    return Recipe(
        data=DataSettings(phantoms=24, chunk=12, validation=8, reports=2, prompts=2, sentences=400),
        vae=VaeSettings(short, pixels=2 * 96 * 96),
        seeing=UnderstandingSettings(short, 4, reports=False, texts=4, drafts=4),
        understanding=UnderstandingSettings(short, 4, texts=4, drafts=4, longest=16),
        wording=UnderstandingSettings(short, 4, tower=False, plain=True, texts=4, drafts=4, longest=16),
        generation_low=GenerationSettings(replace(short, muon="generation.layers.0."), 128, 4),
        generation=GenerationSettings(replace(short, muon="generation.layers.0."), 192, 4, alignment=0.0),
        decoder=DecoderSettings(short, drawn=4, points=3),
    )
