"""A phantom chest radiograph: a case, a thorax that has it, and the image that X-rays make of both."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from . import disease
from .bones import skeleton
from .cases import Case, draw_case
from .devices import draw_device
from .disease import Effect
from .projection import BONE, FIELD, LUNG, METAL, SOFT, Exposure, Map, Plane, expose, ramp, show
from .thorax import SIDES, Thorax, abdominal_gas, airways, body, draw_thorax, make_lung, mediastinum, vessel_points
from .wording import write_report

VERSION = "2"
"""Of the simulator: changes whenever a seed gives another image or another text."""


@dataclass(frozen=True, slots=True)
class Phantom:
    """A computed radiograph and all that is true of it."""

    seed: int
    case: Case
    pixels: NDArray[np.uint8]
    """(size, size), 0 black, the patient's right on the image's left."""
    masks: tuple[NDArray[np.bool_], ...]
    """Where each of the case's findings changed the image, (size, size), in their order."""
    pixel_spacing: float
    """Side of a pixel at the detector, in mm."""
    report: str


def compute_phantom(seed: int, size: int = 768, case: Case | None = None) -> Phantom:
    """Compute one phantom; the same seed (and case) gives the same image and report at any one size.

    Args:
        seed: Chooses the case, the thorax, the exposure and the report's wording.
        size: Side of the image in pixels; the field is 330 mm whatever the size.
        case: Findings to draw in place of the seed's own.
    """
    streams = [np.random.default_rng(each) for each in np.random.SeedSequence(seed).spawn(6)]
    case_rng, thorax_rng, disease_rng, texture_rng, exposure_rng, word_rng = streams
    case = draw_case(case_rng) if case is None else case
    thorax = draw_thorax(thorax_rng)
    disease.deform(thorax, case, disease_rng)
    plane = _place(size, thorax_rng)
    attenuation, trunk, masks = _attenuate(plane, thorax, case, disease_rng, texture_rng)
    exposure = _draw_exposure(exposure_rng)
    density = expose(plane, attenuation, exposure, exposure_rng)
    pixels = show(plane, density, trunk, exposure)
    return Phantom(seed, case, pixels, masks, FIELD / size, write_report(case, word_rng))


def _place(size: int, rng: np.random.Generator) -> Plane:
    shift = (float(np.clip(rng.normal(0, 5), -12, 12)), float(np.clip(rng.normal(2, 7), -14, 16)))
    return Plane.square(size, shift=shift, rotation=float(np.clip(rng.normal(0, 0.022), -0.06, 0.06)))


def _draw_exposure(rng: np.random.Generator) -> Exposure:
    return Exposure(
        quanta=float(np.exp(rng.uniform(np.log(4e4), np.log(2e5)))),
        scatter=float(rng.uniform(0.02, 0.06)),
        latitude=float(rng.uniform(0.90, 1.12)),
        brightness=float(np.clip(rng.normal(0, 0.04), -0.09, 0.09)),
        detail=float(rng.uniform(0.1, 0.5)),
    )


def _attenuate(
    plane: Plane, thorax: Thorax, case: Case, rng: np.random.Generator, texture: np.random.Generator
) -> tuple[Map, Map, tuple[NDArray[np.bool_], ...]]:
    """Sum the attenuation of all that the beam passes; also the body's chord, and each finding's mask."""
    lungs = {side: make_lung(plane, thorax, side) for side in SIDES}
    between, heart = mediastinum(plane, thorax)
    air = {side: lung.air(between) for side, lung in lungs.items()}
    whole = air[-1] + air[1]

    effects, masks = [], []
    for finding in case.findings:
        own = (
            [draw_device(plane, thorax, finding, rng)]
            if finding.kind in DEVICES
            else [
                disease.draw(plane, thorax, lungs[side], air[side], finding, rng)
                for side in disease.sides(finding) or SIDES
            ]
        )
        effects += own
        masks.append(_mask(own, whole, heart, between, finding.site))

    trunk = body(plane, thorax)
    tissue = trunk * (1 + 0.022 * plane.noise(texture, 38) + 0.010 * plane.noise(texture, 12))
    free = np.clip(sum((each.free for each in effects), np.float32(0)), 0, 1)
    inside = ramp(whole, 4, 22) * (1 - free)
    parenchyma = plane.deposit(*vessel_points(thorax)) + 1.7 * plane.noise(texture, 7) + 1.1 * plane.noise(texture, 3.2)
    filled = parenchyma * inside + sum((each.soft for each in effects), np.float32(0))
    filled = np.minimum(filled, 0.95 * whole)
    bone = skeleton(plane, thorax) + sum((each.bone for each in effects), np.float32(0))
    gas = np.minimum(abdominal_gas(plane, thorax, texture) + airways(plane, thorax), tissue)

    attenuation = SOFT * (tissue - gas) - (SOFT - LUNG) * (whole - filled) - LUNG * free * whole
    attenuation += (BONE - SOFT) * bone * (trunk > 20)
    attenuation += METAL * sum((each.metal for each in effects), np.float32(0))
    return np.maximum(attenuation, 0).astype(np.float32), trunk, tuple(masks)


DEVICES = ("endotracheal tube", "nasogastric tube", "central line", "picc", "pacemaker", "chest tube")


def _mask(effects: list[Effect], air: Map, heart: Map, between: Map, site: str) -> NDArray[np.bool_]:
    """Mark where a finding changes the beam; where the shape is the finding, the organ that has it."""
    if site == "heart":
        return heart > 0
    if site == "superior mediastinum":
        return (between > 40) & (heart <= 0)
    changed = sum((SOFT * each.soft + BONE * each.bone + METAL * each.metal for each in effects), np.float32(0))
    free = sum((each.free for each in effects), np.float32(0))
    return np.asarray((changed > 0.06) | ((free > 0.2) & (air > 0)))
