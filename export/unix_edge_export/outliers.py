"""Measure what quantising costs each linear on the export's probe inputs: outliers make some cost more than others.

A row is quantised by its largest value, so one channel that stands far out takes the bits from all others. Released
weights may have such channels where unix-nano has none.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from unix_edge.text import Text

from .activations import run_probes
from .quantisation import from_int4, from_int8, round_blocks, round_rows, to_int4, to_int8
from .reference.names import packed_with
from .reference.precision import Form
from .reference.run import Reference

KEEP_FLOAT32_ABOVE = {Form.INT8: 0.08, Form.INT4: 0.25}
"""A linear whose result is moved by more, root mean square, stays in float32; unix-nano's are moved by a third."""
_MOST_ROWS = 128
"""Of a linear's inputs that are kept, so that a large model's fit in memory."""
_ROWS_A_CALL = 16


def measure_costs(reference: Reference, text: Text, forms: Mapping[str, Form]) -> dict[str, float]:
    """Run a few inputs through the whole model; return how far quantising moves what each linear gives.

    Args:
        reference: In float32.
        text: Its tokenizer.
        forms: Of the weights that are to be quantised, by parameter.

    Returns:
        Root mean square of the difference over that of the values, by linear.
    """
    with _recording(reference.model, forms) as seen, torch.inference_mode():
        run_probes(reference, text)
    costs = {}
    for name, rows in seen.items():
        weight = reference.model.get_parameter(f"{name}.weight")
        costs[name] = _cost(torch.cat(rows), weight, forms[f"{name}.weight"])
    return dict(sorted(costs.items()))


def linears_to_keep(costs: Mapping[str, float], forms: Mapping[str, Form]) -> tuple[str, ...]:
    """Return the linears that must stay in float32; those that are computed as one with them stay, too."""
    costly = {name for name, cost in costs.items() if not cost <= KEEP_FLOAT32_ABOVE[forms[f"{name}.weight"]]}
    return tuple(name for name in costs if not costly.isdisjoint(packed_with(name)))


def _cost(rows: Tensor, weight: Tensor, form: Form) -> float:
    exact = rows @ weight.T
    if form is Form.INT8:
        found = round_rows(rows) @ from_int8(*to_int8(weight.T))
    else:
        found = round_blocks(rows) @ from_int4(*to_int4(weight.T), rows.shape[1])
    return float((found - exact).norm() / exact.norm().clamp(min=1e-30))


@contextmanager
def _recording(model: nn.Module, forms: Mapping[str, Form]) -> Iterator[dict[str, list[Tensor]]]:
    """Keep some rows of what goes into every linear that is to be quantised."""
    seen: dict[str, list[Tensor]] = {}

    def hook(name: str) -> Any:
        def keep(_module: nn.Module, args: tuple[Tensor, ...], _output: Tensor) -> None:
            rows = args[0].reshape(-1, args[0].shape[-1]).float()
            step = max(1, len(rows) // _ROWS_A_CALL)
            known = seen.setdefault(name, [])
            room = _MOST_ROWS - sum(map(len, known))
            if room > 0:
                known.append(rows[::step][:room].clone())

        return keep

    handles = [
        model.get_submodule(name).register_forward_hook(hook(name))
        for name in (parameter.removesuffix(".weight") for parameter in forms)
    ]
    try:
        yield seen
    finally:
        for handle in handles:
            handle.remove()
