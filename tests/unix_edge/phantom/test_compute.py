"""Phantoms: each finding is where it is said to be, as plain as it is said to be, and the same at any size."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from unix_edge.findings import LABELS, MIDLINE, Label, Side
from unix_edge.phantom import compute_phantom
from unix_edge.phantom.cases import Case, Finding, draw_case
from unix_edge.phantom.projection import Plane

SIZE = 128
SEED = 5
EMPTY = Case(())


@pytest.fixture(scope="module")
def vocabulary():
    """One finding of each (label, kind, site, size) that cases are drawn from."""
    rng = np.random.default_rng(0)
    found = [finding for _ in range(1500) for finding in draw_case(rng).findings]
    return {(each.label, each.kind, each.site, each.size): each for each in found}


@pytest.fixture(scope="module")
def phantom():
    return compute_phantom(SEED, SIZE)


@pytest.fixture(scope="module")
def plain():
    """What the seed shows without any finding, as numbers that can be subtracted."""
    return compute_phantom(SEED, SIZE, EMPTY).pixels.astype(float)


SAMPLES = [
    Finding(Label.ENLARGED_CARDIOMEDIASTINUM, None, "superior mediastinum", "moderate", "widening", 0.5),
    Finding(Label.CARDIOMEGALY, None, "heart", "moderate", "enlargement", 0.5),
    Finding(Label.EDEMA, None, "perihilar", "moderate", "alveolar", 0.5),
    Finding(Label.LUNG_LESION, Side.LEFT, "upper", "large", "mass", 0.5),
    Finding(Label.LUNG_OPACITY, Side.LEFT, "middle", "large", "hazy", 0.5),
    Finding(Label.CONSOLIDATION, Side.LEFT, "upper", "large", "lobar", 0.5),
    Finding(Label.PNEUMONIA, Side.LEFT, "lower", "large", "patchy", 0.5),
    Finding(Label.ATELECTASIS, Side.LEFT, "base", "moderate", "linear", 0.5),
    Finding(Label.PNEUMOTHORAX, Side.LEFT, "apex", "moderate", "simple", 0.5),
    Finding(Label.PLEURAL_EFFUSION, Side.LEFT, "base", "moderate", "free", 0.5),
    Finding(Label.PLEURAL_OTHER, Side.LEFT, "lateral", "moderate", "plaque", 0.5),
    Finding(Label.FRACTURE, Side.LEFT, "rib 6", "displaced", "rib", 0.5),
    Finding(Label.SUPPORT_DEVICES, None, "trachea", "", "endotracheal tube", 0.5),
    Finding(Label.SUPPORT_DEVICES, None, "stomach", "", "nasogastric tube", 0.5),
    Finding(Label.SUPPORT_DEVICES, Side.LEFT, "superior vena cava", "", "central line", 0.5),
    Finding(Label.SUPPORT_DEVICES, Side.LEFT, "superior vena cava", "", "picc", 0.5),
    Finding(Label.SUPPORT_DEVICES, Side.LEFT, "right ventricle", "", "pacemaker", 0.5),
    Finding(Label.SUPPORT_DEVICES, Side.LEFT, "apex", "", "chest tube", 0.5),
]
SIDED = [each for each in SAMPLES if each.side]


def kind(finding):
    return finding.kind


def with_one(finding, **changed):
    return compute_phantom(SEED, SIZE, Case((replace(finding, **changed),)))


def test_a_seed_repeats_its_phantom_and_another_gives_another(phantom):
    again, other = compute_phantom(SEED, SIZE), compute_phantom(SEED + 1, SIZE)
    np.testing.assert_array_equal(phantom.pixels, again.pixels)
    np.testing.assert_array_equal(phantom.masks, again.masks)
    assert (phantom.case, phantom.report) == (again.case, again.report) != (other.case, other.report)
    assert np.abs(phantom.pixels.astype(float) - other.pixels).mean() > 5


def test_the_size_changes_the_grain_and_not_the_anatomy(phantom):
    def reduce(phantom):
        return np.asarray(Image.fromarray(phantom.pixels).resize((64, 64), Image.Resampling.BOX), float)

    for size in (192, 288, 768):
        larger = compute_phantom(SEED, size)
        assert larger.pixels.shape == (size, size) and larger.pixel_spacing == 330 / size
        assert (larger.case, larger.report) == (phantom.case, phantom.report)
        assert np.corrcoef(reduce(larger).ravel(), reduce(phantom).ravel())[0, 1] > 0.99
        assert np.abs(reduce(larger) - reduce(phantom)).mean() < 6


@pytest.mark.parametrize("seed", range(6))
def test_the_pixels_are_8_bits_of_which_most_are_used(seed):
    pixels = compute_phantom(seed, SIZE).pixels
    assert pixels.dtype == np.uint8 and pixels.shape == (SIZE, SIZE)
    low, high = np.percentile(pixels, (2, 98))
    assert low < 40 and high > 200 and 70 < pixels.mean() < 190
    # Air, where it is seen beside the neck, is black; lungs are darker than what lies between them.
    lungs = pixels[40:70, [*range(30, 45), *range(83, 98)]].mean()
    assert pixels[50:90, 58:70].mean() > lungs + 20


def test_everything_that_cases_say_can_be_drawn_and_is_seen_somewhere(vocabulary):
    findings = list(vocabulary.values())
    assert {each.label for each in findings} == {*LABELS} - {Label.NO_FINDING}
    assert len(findings) > 70
    with np.errstate(all="raise", under="ignore"):
        for first in range(12):
            phantom = compute_phantom(first, SIZE, Case(tuple(findings[first::12])))
            assert len(phantom.masks) == len(findings[first::12])
            for finding, mask in zip(phantom.case.findings, phantom.masks, strict=True):
                assert mask.dtype == np.bool_ and mask.shape == (SIZE, SIZE)
                assert 0 < mask.mean() < 0.5, finding


@pytest.mark.parametrize("finding", SAMPLES, ids=kind)
def test_the_plainer_a_finding_the_more_it_changes_the_image(finding, plain):
    faint, clear = (with_one(finding, conspicuity=each).pixels - plain for each in (0.1, 0.9))
    assert 0 < np.abs(faint).mean() < np.abs(clear).mean()


@pytest.mark.parametrize("side", [Side.LEFT, Side.RIGHT])
@pytest.mark.parametrize("finding", SIDED, ids=kind)
def test_the_patient_s_left_is_the_image_s_right(finding, side, plain):
    phantom = with_one(finding, side=side, conspicuity=0.9)
    (mask,) = phantom.masks
    change = np.abs(phantom.pixels - plain)
    change[change < 8] = 0  # the window follows the whole image, and so all of it a little
    half = slice(SIZE // 2, None) if side is Side.LEFT else slice(None, SIZE // 2)
    share = 0.5 if finding.site in ("superior vena cava", "right ventricle") else 0.85  # a line's end is another's side
    assert mask[:, half].sum() > share * mask.sum()
    assert change[:, half].sum() > share * change.sum()
    assert change[mask].mean() > 2 * change[~mask].mean()


def test_a_finding_on_both_sides_is_on_both(plain):
    for finding in SIDED:
        if finding.label in (Label.LUNG_OPACITY, Label.PLEURAL_EFFUSION, Label.CONSOLIDATION):
            (mask,) = with_one(finding, side=Side.BOTH).masks
            assert mask[:, : SIZE // 2].any() and mask[:, SIZE // 2 :].any()


def test_what_has_no_side_has_a_mask_across_the_midline():
    for finding in SAMPLES:
        if finding.label in MIDLINE:
            (mask,) = with_one(finding).masks
            assert mask[:, : SIZE // 2].any() and mask[:, SIZE // 2 :].any()


def test_an_empty_case_has_no_masks_and_says_that_it_is_normal():
    phantom = compute_phantom(SEED, SIZE, EMPTY)
    assert phantom.masks == () and phantom.case.labels == {Label.NO_FINDING: None}


def test_what_lies_at_one_edge_blurs_nothing_at_the_other():
    plane = Plane.square(96, shift=(0, 0), rotation=0)
    np.testing.assert_allclose(plane.blur(np.full((96, 96), 3.5), 28), 3.5, rtol=1e-5)
    bright = np.zeros((96, 96))
    bright[:4] = 1
    blurred = plane.blur(bright, 6)
    assert blurred[0].min() > 0.6 and not blurred[48:].any()
