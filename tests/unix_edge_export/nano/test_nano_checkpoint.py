import torch

from unix_edge.text import Text
from unix_edge_export.nano.checkpoint import write_checkpoint
from unix_edge_export.nano.command import count_parameters
from unix_edge_export.nano.config import Recipe
from unix_edge_export.nano.tokenizer import prepare_tokenizer
from unix_edge_export.reference.checkpoint import Checkpoint, load_reference


def test_the_exporter_opens_what_is_written_and_finds_every_weight(recipe, model, tmp_path):
    tokens = recipe.model.special_tokens
    prepare_tokenizer(tmp_path / "tokenizer", tokens, 50)
    write_checkpoint(dict(model.named_parameters()), recipe.model, tmp_path / "tokenizer", tmp_path / "checkpoint")
    checkpoint = Checkpoint(tmp_path / "checkpoint")
    assert checkpoint.config == recipe.model
    assert not checkpoint.config.random_weights
    loaded = dict(load_reference(checkpoint).named_parameters())
    for name, value in model.named_parameters():
        torch.testing.assert_close(loaded[name], value.half().float(), msg=name)
    text = Text.load(tmp_path / "checkpoint", tokens.bos_token_id, tokens.eos_token_id)
    assert text.decode(text.encode("Éclair 3.5 cm")[1:]) == "Éclair 3.5 cm"


def test_the_whole_stays_small():
    assert count_parameters(Recipe()) < 9_000_000
