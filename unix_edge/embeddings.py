"""The token embedding table: memory-mapped from the bundle's weights, rows gathered on the host."""

import errno
import json
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .bundle import Bundle
from .errors import BundleError
from .graphs import EMBEDDING_TABLE, WEIGHTS_FILE
from .sentences import Sentence

_DTYPES = {"F32": np.float32, "F16": np.float16}
_MAX_HEADER = 16 * 2**20


class EmbeddingTable:
    """Rows of the table (vocabulary, hidden), read from disk as they are asked for."""

    def __init__(self, bundle: Bundle) -> None:
        path = bundle.folder / WEIGHTS_FILE
        dims = bundle.manifest.model
        try:
            with path.open("rb") as file:
                length = int.from_bytes(file.read(8), "little")
                if length > _MAX_HEADER:
                    raise BundleError(bundle.folder, Sentence("{0} has too large a header", WEIGHTS_FILE))
                entry = json.loads(file.read(length))[EMBEDDING_TABLE]
            start, end = entry["data_offsets"]
            dtype = np.dtype(_DTYPES[entry["dtype"]])
            shape = (dims.vocab_size, dims.hidden_size)
            if tuple(entry["shape"]) != shape or end - start != dtype.itemsize * shape[0] * shape[1]:
                raise BundleError(bundle.folder, Sentence("its embedding table has not the manifest's shape"))
            self._table = np.memmap(path, dtype, "r", 8 + length + start, shape)
        except (OSError, ValueError, KeyError, TypeError) as error:
            if getattr(error, "errno", None) == errno.ENOMEM:
                raise MemoryError from error
            raise BundleError(bundle.folder, Sentence("its embedding table cannot be read")) from error

    def rows(self, ids: Sequence[int]) -> NDArray[np.float32]:
        """Return the embeddings of `ids` (len(ids), hidden)."""
        return self._table[np.asarray(ids)].astype(np.float32)
