"""The AR branch's engine: keys and values stay in place in buffers, of fixed capacity or growing, whatever is fed."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .embeddings import EmbeddingTable
from .graphs import UNDERSTANDING
from .sessions import Bound, Sessions, Stopping

FloatArray = NDArray[np.float32]
_STEP = 128
"""Rows by which buffers grow. Attention reads all rows that there are, filled or not, so few is fast."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the next token goes; an image block fills many rows and takes one rotary position."""

    row: int = 0
    position: int = 0


@dataclass(eq=False, slots=True, weakref_slot=True)
class _Buffers:
    """Key and value of each layer, (1, 1, rows, KV*D); whatever is bound to them is kept as long as they are."""

    rows: int
    values: dict[str, Any]


class UnderstandingEngine:
    """One set of buffers, bound once as past and present.

    The buffers, 0.3 GB at the release's size, outlive the graph: where a card's memory was wanted for another one,
    the graph is opened and bound again, and what was fed need not be fed again. In bundles for CPUs they grow as they
    are filled; on cards, which want fixed shapes, they have their capacity from the start.
    """

    def __init__(self, sessions: Sessions, table: EmbeddingTable) -> None:
        """Make buffers of no token."""
        self._sessions = sessions
        self._table = table
        self.capacity = sessions.bundle.manifest.capacity
        self._buffers = sessions.with_room(UNDERSTANDING, self._borrow)

    def feed_image(self, place: Place, image_embeddings: FloatArray, stopping: Stopping) -> Place:
        """Feed an image segment: one rotary position, every row sees the whole block and all before it."""
        tokens = self._sessions.bundle.manifest.special_tokens
        start, end = self._table.rows([tokens.start_of_image]), self._table.rows([tokens.end_of_image])
        block = np.concatenate([start, image_embeddings, end])
        count = len(block)
        positions = np.full(count, place.position)
        self._run(block, positions, place.row, np.full(count, place.row + count), stopping)
        return Place(place.row + count, place.position + 1)

    def feed_text(self, place: Place, ids: list[int], stopping: Stopping) -> tuple[Place, FloatArray]:
        """Feed tokens causally; return the place after them and the last one's logits (vocabulary,)."""
        ascending = np.arange(len(ids))
        logits = self._run(
            self._table.rows(ids), place.position + ascending, place.row, place.row + 1 + ascending, stopping
        )
        return Place(place.row + len(ids), place.position + len(ids)), logits

    def key_values(self, layer: int, kind: str) -> NDArray[Any]:
        """Copy one layer's "key" or "value" buffer (1, KV, rows, D) to the host."""
        rows = self._buffers.values[f".{layer}.{kind}"].numpy()[0]  # (1, rows, KV*D)
        heads = self._sessions.bundle.manifest.model.kv_heads
        return np.array(rows.reshape(*rows.shape[:2], heads, -1).transpose(0, 2, 1, 3))

    def context(self, rows: int) -> dict[str, NDArray[Any]]:
        """Copy the first rows of all buffers to the host, (1, rows, KV*D), under the names that the denoiser reads."""
        return {f"context{name}": np.array(value.numpy()[0, :, :rows]) for name, value in self._buffers.values.items()}

    def _run(
        self, block: FloatArray, positions: NDArray[Any], row: int, limits: NDArray[Any], stopping: Stopping
    ) -> FloatArray:
        assert row + len(block) <= self.capacity, "callers check the capacity"
        if row + len(block) > self._buffers.rows:
            self._buffers = self._sessions.with_room(UNDERSTANDING, lambda: self._allocate(row + len(block), row))

        def work() -> FloatArray:  # done twice, it writes the same rows again
            one = len(block) == 1
            if one:
                bound, inputs = self._sessions.bound(
                    UNDERSTANDING, self._buffers, lambda session: self._bind(session, 1)
                )
            else:
                bound, inputs = self._bind(self._sessions.session(UNDERSTANDING), len(block))
            inputs["embeddings"].update_inplace(np.ascontiguousarray(block[None], np.float32))
            inputs["positions"].update_inplace(np.ascontiguousarray(positions[None], np.int64))
            inputs["write_index"].update_inplace(np.array([row], np.int64))
            inputs["limits"].update_inplace(np.ascontiguousarray(limits[None], np.int64))
            self._sessions.run_bound(UNDERSTANDING, bound, stopping, captured=one)
            return np.array(bound.binding.get_outputs()[0].numpy()[0])

        return self._sessions.with_room(UNDERSTANDING, work)

    def _borrow(self) -> _Buffers:
        """Take buffers of zeros: of rows that were never fed not even a NaN may stay, nor anything of another film."""

        def clear(buffers: _Buffers) -> None:
            for value in buffers.values.values():
                value.update_inplace(np.zeros_like(value.numpy()))

        return self._sessions.lend(self, UNDERSTANDING, lambda: self._allocate(0), clear)

    def _allocate(self, rows: int, filled: int = 0) -> _Buffers:
        """Make buffers of at least so many rows, the filled ones those of the buffers that there are."""
        tensors = [
            tensor
            for tensor in self._sessions.session(UNDERSTANDING).get_inputs()
            if tensor.name.startswith("past_key_values")
        ]
        fixed = tensors[0].shape[2]
        rows = fixed if isinstance(fixed, int) else min(-(-max(rows, 1) // _STEP) * _STEP, self.capacity)
        values = {}
        for tensor in tensors:
            name, width = tensor.name.removeprefix("past_key_values"), tensor.shape[-1]
            made = np.zeros((1, 1, rows, width), self._sessions.dtypes(UNDERSTANDING)[tensor.name])
            if filled:
                made[:, :, :filled] = self._buffers.values[name].numpy()[:, :, :filled]
            values[name] = self._sessions.place(made)
        return _Buffers(rows, values)

    def _bind(self, session: Any, count: int) -> tuple[Bound, dict[str, Any]]:
        model = self._sessions.bundle.manifest.model
        shapes: dict[str, tuple[tuple[int, ...], type]] = {
            "embeddings": ((1, count, model.hidden_size), np.float32),
            "positions": ((1, count), np.int64),
            "write_index": ((1,), np.int64),
            "limits": ((1, count), np.int64),
        }
        inputs = {name: self._sessions.empty(*shape) for name, shape in shapes.items()}
        binding = session.io_binding()
        for name, value in inputs.items():
            binding.bind_ortvalue_input(name, value)
        binding.bind_ortvalue_output("logits", self._sessions.empty((1, model.vocab_size), np.float32))
        for name, value in self._buffers.values.items():
            binding.bind_ortvalue_input(f"past_key_values{name}", value)
            binding.bind_ortvalue_output(f"present{name}", value)
        return Bound(binding), inputs
