"""Write a bundle of the release's size whose weights are a hole in a file: gigabytes that take no disk.

    python tests/fake_cuda/make_release.py FOLDER [fp16 | int8 | int4]

The graphs are those that an export would write of the release, no layer kept in float32. Needs torch.
"""

import sys
from pathlib import Path

import torch

from unix_edge import __version__
from unix_edge.bundle import MANIFEST, FileRecord, Manifest, SpecialTokens
from unix_edge.files import folder_written_aside, sha256
from unix_edge.graphs import CARD_GRAPHS, WEIGHTS_FILE, buffer_rows, graphs_of
from unix_edge_export.export import DEFAULT_CAPACITY
from unix_edge_export.modules.cache import OPSET
from unix_edge_export.modules.linear import make_traceable
from unix_edge_export.random_checkpoint import RELEASE, write_tokenizer
from unix_edge_export.reference.checkpoint import make_skeleton
from unix_edge_export.reference.config import config_to_json
from unix_edge_export.reference.names import model_names, vae_names
from unix_edge_export.reference.precision import Precision, choose_dtypes, choose_forms
from unix_edge_export.to_onnx import embedding_table, model_dims, trace, write_graph
from unix_edge_export.weights import lay_out


def main(target: Path, precision: Precision) -> None:
    skeleton, sources = make_skeleton(RELEASE), model_names(RELEASE) | vae_names(RELEASE)
    half, model = (make_traceable(RELEASE, choose_dtypes(skeleton, each)) for each in (torch.float16, precision.dtype))

    def read(parameter: str) -> torch.Tensor:
        return torch.zeros(skeleton.get_parameter(parameter).shape)

    forms = choose_forms(skeleton, precision)
    graphs = []
    for name in graphs_of(precision.value):
        rows, form = buffer_rows(name, precision.value, DEFAULT_CAPACITY), half if name in CARD_GRAPHS else model
        graphs.append(trace(name, form, read, sources, rows, precision, forms))
    stored = {embedding_table(model, sources, precision)}.union(*(graph.weights.values() for graph in graphs))
    layout = lay_out(stored)
    with folder_written_aside(target) as folder:
        with (folder / WEIGHTS_FILE).open("wb") as file:
            file.write(layout.header)
            file.truncate(layout.nbytes)
        for graph in graphs:
            write_graph(graph, layout, folder)
        write_tokenizer(folder, RELEASE.special_tokens)
        tokens = RELEASE.special_tokens
        manifest = Manifest(
            created_by=f"unix-edge {__version__}",
            model=model_dims(RELEASE),
            config=config_to_json(RELEASE),
            special_tokens=SpecialTokens(
                tokens.bos_token_id, tokens.eos_token_id, tokens.start_of_image, tokens.end_of_image
            ),
            precision=precision.value,
            float32_layers=(),
            opset=OPSET,
            capacity=DEFAULT_CAPACITY,
            trained=False,
            trained_on="",
            checkpoint="zeros of the release's size",
            checkpoint_sha256="",
            files={path.name: FileRecord(path.stat().st_size, sha256(path)) for path in sorted(folder.iterdir())},
            tools={},
        )
        (folder / MANIFEST).write_text(manifest.to_json(), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Precision(sys.argv[2] if len(sys.argv) > 2 else "fp16"))
