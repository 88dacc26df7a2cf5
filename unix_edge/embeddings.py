"""The token embedding table: rows read from the bundle's weights as they are asked for.

Read, not mapped: where a file is cut while it is mapped, the process that looks at it dies.
"""

import errno
import os
import threading
import weakref
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .bundle import REPLACED, START_AGAIN, Bundle
from .card_weights import DTYPES, read_header
from .errors import BundleError
from .graphs import EMBEDDING_TABLE, WEIGHTS_FILE
from .sentences import Sentence


class EmbeddingTable:
    """Rows of the table (vocabulary, hidden), read from disk as they are asked for."""

    def __init__(self, bundle: Bundle) -> None:
        dims = bundle.manifest.model
        self._folder = bundle.folder
        self._lock = threading.Lock()
        try:
            self._file = (bundle.folder / WEIGHTS_FILE).open("rb", buffering=0)
            weakref.finalize(self, self._file.close)
            bundle.require_unchanged()  # so it is the file that was opened with the bundle, and stays so
            self._state = self._look()
            header, offset = read_header(self._file)
            entry = header[EMBEDDING_TABLE]
            start, end = entry["data_offsets"]
            self._dtype = np.dtype(DTYPES[entry["dtype"]])
            self._shape = (dims.vocab_size, dims.hidden_size)
            if tuple(entry["shape"]) != self._shape or end - start != self._dtype.itemsize * np.prod(self._shape):
                raise BundleError(bundle.folder, Sentence("its embedding table has not the manifest's shape"))
            self._start = offset + start
        except (OSError, ValueError, KeyError, TypeError) as error:
            if getattr(error, "errno", None) == errno.ENOMEM:
                raise MemoryError from error
            raise BundleError(bundle.folder, Sentence("its embedding table cannot be read")) from error

    def rows(self, ids: Sequence[int]) -> NDArray[np.float32]:
        """Return the embeddings of `ids` (len(ids), hidden).

        Raises:
            BundleError: The weights were changed since they were opened, or there is no such row.
        """
        count, hidden = self._shape
        found = np.empty((len(ids), hidden), self._dtype)
        if not all(0 <= each < count for each in ids):
            raise BundleError(self._folder, Sentence("its tokenizer knows words that its embedding table does not"))
        with self._lock:
            for row, each in zip(found, ids, strict=True):
                self._file.seek(self._start + int(each) * row.nbytes)
                if self._file.readinto(row.data.cast("B")) != row.nbytes:
                    raise BundleError(self._folder, REPLACED, START_AGAIN)
            if self._look() != self._state:
                raise BundleError(self._folder, REPLACED, START_AGAIN)
        return found.astype(np.float32)

    def _look(self) -> tuple[int, int]:
        stat = os.fstat(self._file.fileno())
        return stat.st_size, stat.st_mtime_ns
