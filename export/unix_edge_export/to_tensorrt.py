"""Build a bundle's graphs as TensorRT-RTX engines, ahead of time and without a card.

Each engine is wrapped in an EPContext model, which ONNX Runtime's NvTensorRTRTX provider opens in place of the graph.
That the engines build is tested; that they run is not: no card that TensorRT-RTX supports was at hand.
"""

from pathlib import Path
from types import ModuleType
from typing import Any

import onnx
from onnx import TensorProto, helper

from unix_edge.bundle import Bundle, FileRecord
from unix_edge.engine_cache import EngineManifest, cache_folder
from unix_edge.errors import EngineBuildError, MissingPackageError
from unix_edge.files import folder_written_aside, make_private_file, make_private_folder, sha256
from unix_edge.graphs import GRAPHS, GraphSpec, ModelDims, dynamic_ranges
from unix_edge.leftovers import remove_dead
from unix_edge.sentences import Sentence

from .modules.cache import OPSET
from .weights import Progress

PROVIDER = "NvTensorRTRTXExecutionProvider"
_IR_VERSION = 10


def build_engines(bundle: Bundle, progress: Progress = lambda what, done: None) -> Path:
    """Build every graph into the user's cache folder, from where the runtime takes them.

    Raises:
        EngineBuildError: TensorRT-RTX cannot build a graph; its own words are told.
        NoSpaceError: The disk is full.
    """
    trt = import_tensorrt()
    folder = cache_folder(bundle)
    dtypes = {}
    make_private_folder(folder.parent)
    remove_dead(folder.parent, folder.name)
    with folder_written_aside(folder) as staging:
        for index, graph in enumerate(GRAPHS):
            progress("Building TensorRT-RTX engines", index / len(GRAPHS))
            (staging / f"{graph}.engine").write_bytes(build_engine(bundle, graph))
            dtypes[graph] = _dtypes(bundle, graph)
            onnx.save(wrap_in_context(bundle.graph_spec(graph), dtypes[graph]), staging / f"{graph}.onnx")
        files = {path.name: FileRecord(path.stat().st_size, sha256(path)) for path in sorted(staging.iterdir())}
        EngineManifest(trt.__version__, files).write(staging)
        for path in staging.iterdir():  # what others could write is not handed to a runtime
            make_private_file(path)
    make_private_folder(folder)
    progress("Building TensorRT-RTX engines", 1.0)
    return folder


def build_engine(bundle: Bundle, graph: str) -> memoryview:
    """Build one graph; strongly typed, so its precision is the graph's own.

    Raises:
        EngineBuildError: TensorRT-RTX cannot.
    """
    trt = import_tensorrt()
    log = _make_log(trt)
    builder = trt.Builder(log)
    network = builder.create_network(1 << int(trt.NetworkDefinitionCreationFlag.STRONGLY_TYPED))
    parser = trt.OnnxParser(network, log)
    if not parser.parse_from_file(str(bundle.folder / f"{graph}.onnx")):
        error = parser.get_error(0)
        raise EngineBuildError(graph, f"node {error.node_name()}: {error.desc()}")
    config = builder.create_builder_config()
    config.add_optimization_profile(_make_profile(builder, bundle.graph_spec(graph), bundle.manifest.model))
    engine = builder.build_serialized_network(network, config)
    if engine is None:
        raise EngineBuildError(graph, log.last)
    return memoryview(engine)


def wrap_in_context(spec: GraphSpec, dtypes: dict[str, int]) -> onnx.ModelProto:
    """Make the ONNX model that stands for an engine in the file beside it.

    Args:
        spec: The graph's interface.
        dtypes: ONNX data type of each input and output.
    """

    def values(tensors: Any) -> list[onnx.ValueInfoProto]:
        return [helper.make_tensor_value_info(each.name, dtypes[each.name], each.shape) for each in tensors]

    node = helper.make_node(
        "EPContext",
        [tensor.name for tensor in spec.inputs],
        [tensor.name for tensor in spec.outputs],
        name=spec.name,
        domain="com.microsoft",
        main_context=1,
        embed_mode=0,
        ep_cache_context=f"{spec.name}.engine",
        source=PROVIDER,
        partition_name=spec.name,
    )
    graph = helper.make_graph([node], spec.name, values(spec.inputs), values(spec.outputs))
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION, producer_name="unix-edge")


def import_tensorrt() -> ModuleType:
    """Import TensorRT-RTX.

    Raises:
        MissingPackageError: It is not installed.
    """
    try:
        import tensorrt_rtx
    except ImportError:
        raise MissingPackageError("tensorrt-rtx", Sentence("Building TensorRT-RTX engines"), "export") from None
    return tensorrt_rtx


def _make_log(trt: ModuleType) -> Any:
    class Log(trt.ILogger):  # type: ignore[misc, name-defined]
        """Keep the last error, for the sentence; say nothing."""

        def __init__(self) -> None:
            super().__init__()
            self.last = "no reason was given"

        def log(self, severity: Any, msg: str) -> None:
            """Take one message of TensorRT's."""
            if severity in (trt.ILogger.Severity.ERROR, trt.ILogger.Severity.INTERNAL_ERROR):
                self.last = msg

    return Log()


def _make_profile(builder: Any, spec: GraphSpec, dims: ModelDims) -> Any:
    ranges = dynamic_ranges(spec.name, dims)
    profile = builder.create_optimization_profile()
    for tensor in spec.inputs:
        if any(isinstance(dim, str) for dim in tensor.shape):
            shapes = [[ranges[dim][k] if isinstance(dim, str) else dim for dim in tensor.shape] for k in range(3)]
            profile.set_shape(tensor.name, *shapes)
    return profile


def _dtypes(bundle: Bundle, graph: str) -> dict[str, int]:
    """Read the data types of a graph's interface; keys and values have their layer's."""
    model = onnx.load(bundle.folder / f"{graph}.onnx", load_external_data=False)
    values = [*model.graph.input, *model.graph.output]
    assert all(value.type.tensor_type.elem_type != TensorProto.UNDEFINED for value in values)
    return {value.name: value.type.tensor_type.elem_type for value in values}
