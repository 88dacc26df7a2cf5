"""Anonymised copies of many images: one export, whole or not there, of which no way leads back."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from unix_edge.errors import DeidentificationError, ImageError, OutputError, StoppedError
from unix_edge.files import folder_written_aside, write_atomically
from unix_edge.isolated.objects import anonymise_file
from unix_edge.sentences import Sentence

from ..studies.opening import find_again, shown

_SECRET_BYTES = 32
LONGEST_PREFIX = 16
File = tuple[Path, str]
"""A file, or an archive and a member's name."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What became of one export."""

    folder: Path
    copies: int
    refused: tuple[tuple[str, Sentence], ...]
    """Names of files, fit to be shown, and a sentence why there is no copy of each."""
    warnings: tuple[Sentence, ...]
    """What is to be known of text burned into the images, each sentence once."""


def anonymise(
    files: Sequence[File],
    folder: Path,
    prefix: str = "ANON",
    progress: Callable[[int, int], None] = lambda done, of: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Exported:
    """Write anonymised copies into a new folder; UIDs, and the patients' new names, agree within it.

    The secret that makes both is forgotten at the end: the copies of another export agree with none of these.

    Args:
        files: Whose images are copied; the files themselves are left as they are.
        folder: It must not exist; it does not, either, where nothing could be copied or the export was stopped.
        prefix: What the patients' new names and IDs begin with.
        progress: Called with how many files are done, and of how many.
        should_stop: Asked before each file.

    Raises:
        OutputError, NoSpaceError: The folder exists, or cannot be written.
        DeidentificationError: The prefix does not serve, or there is no file that could be copied.
        StoppedError: It was stopped.
    """
    if not (prefix.isascii() and prefix.isalnum() and len(prefix) <= LONGEST_PREFIX):
        raise DeidentificationError(
            Sentence("the names' beginning is not of 1 to {0} letters and digits", LONGEST_PREFIX)
        )
    if folder.exists():
        raise OutputError(folder, Sentence("it exists already; choose another name, for nothing is overwritten"))
    secret = secrets.token_bytes(_SECRET_BYTES)
    refused, warnings = [], dict[Sentence, None]()
    with folder_written_aside(folder) as aside:
        for number, (path, member) in enumerate(files):
            if should_stop():
                raise StoppedError
            try:
                content, warning = anonymise_file(find_again(path, member), secret, prefix)
            except (ImageError, DeidentificationError) as error:
                refused.append((shown(Path(member or path).name), error.problem))
            except OSError:
                refused.append((shown(Path(member or path).name), Sentence("it cannot be opened")))
            else:
                write_atomically(aside / f"image {number + 1:05d}.dcm", content)
                warnings[warning] = None
            progress(number + 1, len(files))
        if len(refused) == len(files):
            if not refused:
                raise DeidentificationError(Sentence("none of the files holds an image that can be copied"))
            raise DeidentificationError(
                Sentence("none of the files holds an image that can be copied: {0}", refused[0][1])
            )
        if should_stop():
            raise StoppedError
    return Exported(folder, len(files) - len(refused), tuple(refused), tuple(warnings))
