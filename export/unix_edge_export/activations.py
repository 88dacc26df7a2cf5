"""Measure the largest activation of every layer, to know what fits float16."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from unix_edge.errors import OverflowInHalfError
from unix_edge.image import to_pixel_values
from unix_edge.sampler import seeded_noise
from unix_edge.text import REPORT_PROMPT, Text

from .reference.model import KeyValues
from .reference.precision import FLOAT32_ISLANDS, is_inside
from .reference.run import Context, Reference

LARGEST_HALF = 65504.0
KEEP_FLOAT32_ABOVE = 0.25 * LARGEST_HALF
"""A layer beyond this stays in float32: a few probe inputs do not show the largest value there will ever be."""

_PROBE_SIDE = 16
"""Side of the probe's pictures in latents, at most."""
PROBE_TEXTS = (
    REPORT_PROMPT,
    "No focal consolidation, pleural effusion, or pneumothorax. Heart size is normal.",
    "Moderate left pleural effusion with adjacent atelectasis. Cardiomegaly. Right PICC line ends in the mid SVC.",
)


def measure_activations(reference: Reference, text: Text) -> dict[str, float]:
    """Run a few inputs through the whole model; return the largest absolute value in each layer's linears.

    Layers are named by their module in the reference path. Infinity means that a value was no number.
    """
    with recording(reference.model) as largest:
        run_probes(reference, text)
    return dict(sorted(largest.items()))


def layers_to_keep(largest: dict[str, float]) -> tuple[str, ...]:
    """Return the layers that must stay in float32.

    Raises:
        OverflowInHalfError: A layer's values are no numbers even in float32.
    """
    if broken := [layer for layer, value in largest.items() if not np.isfinite(value)]:
        raise OverflowInHalfError(broken)
    return tuple(layer for layer, value in largest.items() if value > KEEP_FLOAT32_ABOVE)


def refuse_overflow(half: Reference, text: Text) -> None:
    """Run the same inputs in float16, with the kept layers in float32.

    Raises:
        OverflowInHalfError: Something overflows even so; the layers are named.
    """
    if broken := [name for name, values in half.model.named_parameters() if not values.isfinite().all()]:
        raise OverflowInHalfError(broken)
    layers_to_keep(measure_activations(half, text))


def layer_of(linear: str) -> str:
    """Name the layer of a linear: a decoder or tower layer where it is in one, else itself or its parent."""
    parts = linear.split(".")
    for index, part in enumerate(parts):
        if part == "layers":
            return ".".join(parts[: index + 2])
    return ".".join(parts[:2]) if parts[0] == "vision" else parts[0]


@contextmanager
def recording(model: nn.Module) -> Iterator[dict[str, float]]:
    """Record the largest value of what goes into and comes out of every linear that may run in half, by layer."""
    largest: dict[str, float] = {}

    def record(layer: str, values: Tensor) -> None:
        peak = float(values.abs().max()) if values.isfinite().all() else float("inf")
        largest[layer] = max(largest.get(layer, 0.0), peak)

    def hook(layer: str) -> Any:
        def both(_module: nn.Module, args: tuple[Tensor, ...], output: Tensor) -> None:
            record(layer, args[0])
            record(layer, output)

        return both

    handles = [
        module.register_forward_hook(hook(layer_of(name)))
        for name, module in model.named_modules()
        if isinstance(module, nn.Linear) and not is_inside(name, FLOAT32_ISLANDS)
    ]
    try:
        yield largest
    finally:
        for handle in handles:
            handle.remove()


@torch.inference_mode()
def run_probes(reference: Reference, text: Text) -> None:
    """Draft from two images and denoise at four timesteps."""
    config = reference.model.config
    size, tokens = config.vision.image_size, min(config.max_latent_size, _PROBE_SIDE) ** 2
    ramp = np.linspace(0, 255, size, dtype=np.uint8)
    noise = np.random.default_rng(0).integers(0, 256, (size, size, 3), dtype=np.uint8)
    for image in (np.broadcast_to(ramp[:, None, None], (size, size, 3)), noise):
        context = reference.feed_image(Context(), reference.encode_image(to_pixel_values(image)))
        context, _ = reference.feed_text(context, text.segment(PROBE_TEXTS[0]))
        for _token in reference.draft(context, max_tokens=8):
            pass
    contexts = [reference.prompt_context(text.segment(prompt)) for prompt in PROBE_TEXTS[1:]]
    runs: tuple[tuple[float, KeyValues], ...] = ((1.0, contexts[0]), (0.5, contexts[1]), (0.05, contexts[0]), (0.8, []))
    for seed, (timestep, key_values) in enumerate(runs):
        reference.velocity(seeded_noise(seed, tokens, config.vae.z_channels), timestep, key_values)
