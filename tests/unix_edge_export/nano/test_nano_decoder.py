import numpy as np
import pytest
import torch

from unix_edge_export.nano.decoder import DecoderTask
from unix_edge_export.nano.encoded import encode_latents
from unix_edge_export.nano.starting import start_generation
from unix_edge_export.nano.training import left_behind
from unix_edge_export.reference.run import Reference

CPU = torch.device("cpu")


@pytest.fixture
def task(recipe, model, scene):
    start_generation(model)
    return DecoderTask(model, recipe.decoder, scene)


def test_each_term_teaches_the_decoder_or_the_discriminator_and_none_both(task):
    decoder = left_behind(task).values()
    with torch.no_grad():
        task.model.vae.decoder.conv_out.bias += 0.1  # so that drawn pictures are no longer as bright as they were
    for name, term in task.losses(0.5, np.random.default_rng(0)).items():
        for value in (*decoder, *task.discriminator.parameters()):
            value.grad = None
        term.backward(retain_graph=True)
        learns = any(value.grad is not None and value.grad.any() for value in decoder)
        judges = any(value.grad is not None for value in task.discriminator.parameters())
        assert (learns, judges) == ((False, True) if name == "discriminator" else (True, False)), name


def test_encoder_tower_and_branches_stay_as_they_are(task):
    torch.stack(list(task.losses(0.5, np.random.default_rng(0)).values())).sum().backward()
    touched = {name for name, value in task.model.named_parameters() if value.grad is not None}
    assert {".".join(name.split(".")[:2]) for name in touched} == {"vae.decoder", "vae.post_quant_conv"}


def test_latents_are_decoded_as_the_reference_path_decodes_them(task, phantoms):
    latents = encode_latents(task.model, phantoms.pixels([1, 4]), 192, CPU).half().numpy()
    with torch.no_grad():
        found = task._decode(latents)
    for one, other in zip(latents, found, strict=True):
        np.testing.assert_allclose(other.numpy(), Reference(task.model).decode(one.astype(np.float32)), atol=1e-4)


def test_a_drawn_picture_keeps_the_brightness_it_had(task):
    assert task.losses(0.5, np.random.default_rng(0))["coarse"] < 1e-6
    with torch.no_grad():
        task.model.vae.decoder.conv_out.bias += 0.1
    assert task.losses(0.5, np.random.default_rng(0))["coarse"].item() == pytest.approx(0.1, abs=1e-3)
