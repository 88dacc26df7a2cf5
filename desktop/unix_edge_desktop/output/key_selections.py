"""Key Object Selections: the images that others chose, and those that the reader did, as a file."""

from collections.abc import Callable, Sequence
from pathlib import Path

from pydicom.sr.coding import Code

from unix_edge.dicom.key_objects import OF_INTEREST, KeyObjects, write_key_objects
from unix_edge.errors import ImageError, KeyObjectsError, StoppedError
from unix_edge.files import unused_path
from unix_edge.isolated.objects import read_key_file
from unix_edge.sentences import Sentence

from ..image.images import ViewImage
from ..image.key_marks import KeyMarkStore
from ..studies.opening import find_again
from .anonymising import File


def read_key_files(files: Sequence[File], should_stop: Callable[[], bool]) -> list[KeyObjects]:
    """Read Key Object Selections; those that cannot be read cost the others nothing.

    Raises:
        ImageError, KeyObjectsError, OSError: None of them can be; what is said is what was wrong with the last.
        StoppedError: It was stopped.
    """
    read: list[KeyObjects] = []
    problem: Exception | None = None
    for each in files:
        if should_stop():
            raise StoppedError
        try:
            read.append(read_key_file(find_again(*each)))
        except (ImageError, KeyObjectsError, OSError) as error:
            problem = error
    if problem is not None and not read:
        raise problem
    return read


def save_key_images(
    keys: KeyMarkStore, image: ViewImage, folder: Path, title: Code = OF_INTEREST, description: str = ""
) -> Path:
    """Write the key images of an image's study as a Key Object Selection into a folder; return the new file.

    Raises:
        KeyObjectsError: None is marked, or the image's header does not say which study it is of.
        NoSpaceError, OutputError: It cannot be written.
    """
    marked = keys.of_study(str(image.header.get("StudyInstanceUID") or ""))
    if not marked:
        raise KeyObjectsError(Sentence("no image of this study is marked"), "written")
    path = unused_path(folder, "key images", ".dcm")
    write_key_objects(KeyObjects(marked, title, description), image.header, path)
    return path
