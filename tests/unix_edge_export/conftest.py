"""Graphs traced once for the tests that export a checkpoint of the same dims again."""

from copy import copy
from types import SimpleNamespace

import onnx_ir as ir
import pytest
import torch

from unix_edge.graphs import UNDERSTANDING, VAE_DECODER


@pytest.fixture(scope="session")
def trace_again():
    """Call `trace`, with torch run once for all graphs that it makes alike: of one config, of the same dtypes.

    A graph holds no weights but the marks around an image. What is done to it after torch is done each time, to a copy.
    """
    traced: dict[tuple, ir.Model] = {}

    def run(trace, name, model, read, sources, capacity, precision, forms):
        in_graph = [each for each in model.named_parameters() if each[0].startswith("vae.") == (name == VAE_DECODER)]
        dtypes = tuple(parameter.dtype for _, parameter in in_graph)
        tokens = model.config.special_tokens
        marks = read("embed_tokens.weight")[[tokens.start_of_image, tokens.end_of_image]].float()
        key = name, model.config, dtypes, marks.numpy().tobytes(), capacity if name.startswith(UNDERSTANDING) else None
        export = torch.onnx.export

        def export_once(*args, **settings):
            if key not in traced:
                traced[key] = export(*args, **settings).model
            model = traced[key].clone()
            for value in model.graph.initializers.values():
                value.type = copy(value.type)  # which a clone shares, and storing in half changes
            return SimpleNamespace(model=model)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(torch.onnx, "export", export_once)
            return trace(name, model, read, sources, capacity, precision, forms)

    return run
