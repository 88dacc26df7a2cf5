from dataclasses import replace

import torch

from unix_edge_export.nano.encoded import encode_latents
from unix_edge_export.nano.vae import VaeTask, fold, linear_codes, to_vae_range
from unix_edge_export.reference.vae import SCALING_FACTOR

CPU = torch.device("cpu")


def finished(recipe, model, scene, loudness):
    """Finish; return pictures before and after, and the latents by channel."""
    task = VaeTask(model, replace(recipe.vae, loudness=loudness), scene)
    pictures = to_vae_range(scene.phantoms.pixels(range(6)), CPU)
    with torch.no_grad():
        before = model.vae.decode(model.vae.encode(pictures).latent_dist.mode()).sample
        task.finish()
        after = model.vae.decode(model.vae.encode(pictures).latent_dist.mode()).sample
    return before, after, encode_latents(model, scene.phantoms.pixels(range(6)), 192, CPU).flatten(0, 1)


def test_folding_gives_unit_latents_and_leaves_the_pictures_as_they_were(recipe, model, scene):
    before, after, latents = finished(recipe, model, scene, 0.0)
    torch.testing.assert_close(before, after, atol=1e-3, rtol=1e-3)
    assert latents.mean(dim=0).abs().max() < 0.02
    assert (latents.std(dim=0) - 1).abs().max() < 0.02


def test_a_channel_that_is_seen_more_is_larger_and_all_together_have_unit_variance(recipe, model, scene):
    with torch.no_grad():
        model.vae.post_quant_conv.weight[:, :4] *= 50
    before, after, latents = finished(recipe, model, scene, 0.25)
    torch.testing.assert_close(before, after, atol=1e-3, rtol=1e-3)
    deviations = latents.std(dim=0)
    assert deviations[:4].min() > 1.5 * deviations[4:].max()
    assert abs(deviations.square().mean() - 1) < 0.05
    assert latents.mean(dim=0).abs().max() < 0.05


def test_folding_scales_the_spread_of_drawn_latents_too(recipe, model):
    channels, hidden = recipe.model.vae.z_channels, torch.randn(1, 2 * recipe.model.vae.z_channels, 4, 4)
    with torch.no_grad():
        before = (model.vae.quant_conv(hidden)[:, channels:] / 2).exp()
        fold(model.vae, torch.zeros(channels), torch.full((channels,), 2.0))
        after = (model.vae.quant_conv(hidden)[:, channels:] / 2).exp()
    torch.testing.assert_close(after, before / (2 * SCALING_FACTOR))


def test_linear_codes_have_unit_variance(phantoms):
    filters = linear_codes(phantoms, 16, 32)
    pictures = to_vae_range(phantoms.pixels(range(6)), CPU)[:, :1]
    codes = torch.nn.functional.conv2d(pictures, filters, stride=16).transpose(0, 1).flatten(1)
    torch.testing.assert_close(codes.std(dim=1), torch.ones(32), atol=1e-2, rtol=0)
