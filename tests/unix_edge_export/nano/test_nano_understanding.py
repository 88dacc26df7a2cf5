import numpy as np
import pytest
import torch
from PIL import Image

from unix_edge.image import letterbox
from unix_edge.image import to_pixel_values as to_inference_values
from unix_edge_export.nano.starting import start_language, start_tower
from unix_edge_export.nano.texts import IGNORED, Tokens, pad
from unix_edge_export.nano.tokenizer import PROMPTS
from unix_edge_export.nano.understanding import (
    UnderstandingTask,
    compare_labels,
    draft,
    jitter,
    next_token_loss,
    report_logits,
    to_pixel_values,
)
from unix_edge_export.reference.run import Context, Reference

CPU = torch.device("cpu")


@pytest.fixture
def started(model, phantoms):
    start_tower(model, phantoms)
    start_language(model)
    torch.nn.init.normal_(model.lm_head.weight, std=0.5)
    return model


def test_training_shows_the_tower_what_inference_shows_it(phantoms):
    pixels = phantoms.pixels([2])
    shown = to_inference_values(letterbox(Image.fromarray(pixels[0]), 192))
    np.testing.assert_allclose(to_pixel_values(pixels, CPU).numpy(), shown, atol=1e-6)


def test_packed_reports_have_the_logits_of_the_reference_path_s_steps(started, phantoms, text):
    tokens, prompt = Tokens(text, phantoms), text.segment(PROMPTS[1])
    rows = [tokens.report(phantom, wording)[:12] for phantom in (0, 4) for wording in (0, 1)]
    rows[1] = rows[1][:5]
    fed = pad([[text.bos, *row] for row in rows], text.eos)
    reference = Reference(started)
    with torch.no_grad():
        embeddings = started.vision(to_pixel_values(phantoms.pixels([0, 4]), CPU))
        packed = report_logits(started, embeddings, prompt, fed)
    for number, row in enumerate(rows):
        context = reference.feed_image(Context(), embeddings[number // 2][None])
        context, _ = reference.feed_text(context, prompt)
        for step, token in enumerate([text.bos, *row]):
            context, logits = reference.feed_text(context, [token])
            torch.testing.assert_close(packed[number, step], logits, atol=1e-4, rtol=1e-4)


def test_reports_drafted_together_are_the_reference_path_s(started, phantoms, text):
    prompt = text.segment(PROMPTS[0])
    reference = Reference(started)
    with torch.no_grad():
        embeddings = started.vision(to_pixel_values(phantoms.pixels([1, 3]), CPU))
        together = draft(started, text, embeddings, prompt, 8)
    for number, drafted in enumerate(together):
        context, _ = reference.feed_text(reference.feed_image(Context(), embeddings[number][None]), prompt)
        fed = [token for token, _ in reference.draft(context, 9)]
        assert drafted == text.decode(fed[1:])


def test_what_is_padded_counts_for_nothing(model):
    logits = torch.randn(2, 3, 7)
    padded = torch.tensor([[1, 2, IGNORED], [3, IGNORED, IGNORED]])
    kept = torch.cat([logits[0, :2], logits[1, :1]])[None]
    torch.testing.assert_close(next_token_loss(logits, padded), next_token_loss(kept, torch.tensor([[1, 2, 3]])))


# No text-only draw is taken by this seed.
SEED = 5


def touched_by(task, model, done):
    model.zero_grad()
    task.helpers.zero_grad()
    sum(task.losses(done, np.random.default_rng(SEED)).values()).backward()
    return {name.split(".")[0] for name, value in model.named_parameters() if value.grad is not None}


@pytest.fixture
def task(recipe, model, phantoms, validation, text):
    return UnderstandingTask(model, recipe.understanding, text, phantoms, validation, CPU)


def test_the_tower_learns_alone_at_first_and_everything_with_it_later(task, model):
    assert touched_by(task, model, 0.0) == {"vision"}
    assert touched_by(task, model, 0.5) == {"vision", "understanding", "embed_tokens", "lm_head"}
    assert all(value.grad is not None for value in task.helpers.parameters())


def test_the_helpers_have_faded_out_before_the_end(task):
    assert {"labels", "places"} <= set(task.losses(0.5, np.random.default_rng(SEED)))
    assert set(task.losses(0.95, np.random.default_rng(SEED))) == {"report"}


def test_moved_pictures_are_pieces_of_the_picture_with_its_edge_around(phantoms):
    pixels = phantoms.pixels([0])
    wide = np.pad(pixels[0], 3, mode="edge")
    moved = jitter(np.repeat(pixels, 40, axis=0), 3, np.random.default_rng(0))
    size = pixels.shape[-1]
    pieces = {wide[y : y + size, x : x + size].tobytes() for y in range(7) for x in range(7)}
    found = {each.tobytes() for each in moved}
    assert len(found) > 10 and found <= pieces
    np.testing.assert_array_equal(jitter(pixels, 0, np.random.default_rng(0)), pixels)


def test_labels_are_compared_over_all_reports():
    truth = [{"Edema": None}, {"Pneumothorax": "left", "Fracture": "right"}]
    found = [{"Edema": None}, {"Pneumothorax": "right", "Edema": None}]
    figures = compare_labels(found, truth)
    assert figures["micro_f1"] == pytest.approx(4 / 6)
    assert figures["sides"] == 0
