import numpy as np
import pytest
import torch
from PIL import Image
from torch.nn import functional as F

from unix_edge.image import letterbox
from unix_edge.image import to_pixel_values as to_inference_values
from unix_edge.text import REPORT_PROMPTS
from unix_edge_export.nano.encoded import to_pixel_values
from unix_edge_export.nano.heads import label_loss, label_targets
from unix_edge_export.nano.starting import start_language, start_tower
from unix_edge_export.nano.texts import IGNORED, Tokens, pad
from unix_edge_export.nano.understanding import (
    UnderstandingTask,
    choice_loss,
    compare_labels,
    draft,
    jitter,
    next_token_loss,
    report_hidden,
    side_tokens,
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
    tokens, prompt = Tokens(text, phantoms), text.segment(REPORT_PROMPTS[1])
    rows = [tokens.report(phantom, wording)[:12] for phantom in (0, 4) for wording in (0, 1)]
    rows[1] = rows[1][:5]
    fed = pad([[text.bos, *row] for row in rows], text.eos)
    reference = Reference(started)
    with torch.no_grad():
        embeddings = started.vision(to_pixel_values(phantoms.pixels([0, 4]), CPU))
        packed = started.lm_head(report_hidden(started, embeddings, prompt, fed))
    for number, row in enumerate(rows):
        context = reference.feed_image(Context(), embeddings[number // 2][None])
        context, _ = reference.feed_text(context, prompt)
        for step, token in enumerate([text.bos, *row]):
            context, logits = reference.feed_text(context, [token])
            torch.testing.assert_close(packed[number, step], logits, atol=1e-4, rtol=1e-4)


def test_reports_drafted_together_are_the_reference_path_s(started, phantoms, text):
    prompt = text.segment(REPORT_PROMPTS[0])
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


@pytest.fixture
def make_task(started, scene):
    return lambda settings: UnderstandingTask(started, settings, scene)


def learn(task):
    terms = task.losses(0.0, np.random.default_rng(SEED))
    sum(terms.values()).backward()
    touched = {name.split(".")[0] for name, value in task.model.named_parameters() if value.grad is not None}
    heads = {name.split(".")[0] for name, value in task.heads.named_parameters() if value.grad is not None}
    return set(terms), touched, heads


def test_the_tower_first_learns_to_see_from_its_heads_alone(recipe, make_task):
    assert learn(make_task(recipe.seeing)) == ({"labels", "places"}, {"vision"}, {"labels", "places"})


def test_then_everything_learns_to_report(recipe, make_task):
    terms, touched, heads = learn(make_task(recipe.understanding))
    assert terms == {"labels", "places", "plan", "report", "sides"} and heads == {"labels", "places", "plan"}
    assert touched == {"vision", "understanding", "embed_tokens", "lm_head"}


def test_at_last_the_words_alone_are_learnt_from_what_the_tower_sees(recipe, make_task, phantoms, text):
    task = make_task(recipe.wording)
    assert learn(task) == (
        {"plan", "report", "sides"},
        {"vision", "understanding", "embed_tokens", "lm_head"},
        {"plan"},
    )
    _, targets = task._reports(np.array([3]), np.random.default_rng(0))
    assert text.decode(targets[0, :-1].tolist()) == phantoms.records[3].plain
    frozen = [value for name, value in task.model.named_parameters() if name.startswith("vision.tower.")]
    assert frozen and all(value.grad is None for value in frozen)
    seen = task.model.vision.tower(pixel_values=to_pixel_values(phantoms.pixels([3]), CPU)).last_hidden_state
    difference = torch.from_numpy(task._seen[3].astype(np.float32)) - seen[0]
    assert difference.norm() < 0.05 * seen[0].norm()  # of bfloat16


def test_what_is_to_be_said_is_asked_where_later_layers_can_use_it(recipe, make_task):
    """The first tokens asked are those that begin reports, which no word has reached; layers behind learn nothing."""
    task = make_task(recipe.wording)
    rng = np.random.default_rng(0)
    fed, targets = task._reports(np.array([0, 1]), rng)
    fed[:, 1:] = fed[:, 1:].flip(0)  # other words
    embeddings = task.model.vision.connector(torch.from_numpy(task._seen[:2].astype(np.float32)))
    report_hidden(task.model, embeddings, task._prompts[0], fed)
    assert task._hidden[-1].shape[:2] == fed.shape
    task._plan_loss(task._phantoms.records[:2], targets, rng).backward()
    touched = {
        int(name.split(".")[2])
        for name, value in task.model.named_parameters()
        if name.startswith("understanding.layers.") and value.grad is not None
    }
    assert touched == set(range(recipe.wording.planned_layer))


def test_a_head_that_knows_the_truth_loses_nothing(phantoms):
    holds, sides, _ = label_targets(phantoms.records)
    sure = 40 * torch.cat([2 * holds - 1, (2 * sides - 1).flatten(1)], dim=1)
    assert label_loss(sure, phantoms.records) < 1e-6 < 10 < label_loss(-sure, phantoms.records)


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


def test_the_choice_between_sides_says_nothing_of_whether_one_is_told(text):
    sides = torch.tensor(side_tokens(text))
    assert {text.decode([each]).strip().lower() for each in sides.tolist()} >= {"left", "right"}
    logits = torch.randn(1, 3, 896, generator=torch.Generator().manual_seed(0))
    targets = torch.tensor([[int(sides[1]), 5 if 5 not in sides else 6, IGNORED]])
    told = choice_loss(logits, targets, sides)
    torch.testing.assert_close(told, F.cross_entropy(logits[0, :1, sides], torch.tensor([1])))
    logits[..., sides] += 7.0  # all sides likelier
    torch.testing.assert_close(choice_loss(logits, targets, sides), told)
    assert choice_loss(logits, torch.tensor([[IGNORED] * 3]), sides) == 0
