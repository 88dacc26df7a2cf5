"""The images that a reader marked as key images, kept with their studies."""

import threading
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import astuple
from pathlib import Path
from typing import Any

from unix_edge.dicom.filing import ReferencedImage, missing_uids
from unix_edge.errors import KeyObjectsError
from unix_edge.isolated.object_answer import rebuild_image
from unix_edge.sentences import Sentence

from ..storage.json_store import KeptFiles
from .images import ViewImage

_MOST = 10_000
References = tuple[ReferencedImage, ...]


class KeyMarkStore:
    """A folder with a file for each study of which images were chosen."""

    def __init__(self, folder: Path) -> None:
        self._files = KeptFiles(folder)
        self._open: dict[str, References] = {}
        self._reading = threading.Lock()

    def of_study(self, study: str) -> References:
        """Return the key images of a study, in the order in which they were chosen.

        Their file is read once, by whichever thread wants it first.
        """
        if study not in self._open:
            with self._reading:
                if study not in self._open:
                    self._open[study] = self._files.read(study, lambda said: _rebuild(said, study), ())
        return self._open[study]

    def is_marked(self, image: ViewImage) -> bool:
        """Return whether the frame that is shown, or its whole image, is a key image."""
        study = str(image.header.get("StudyInstanceUID") or "")
        return bool(study) and any(_covers(each, image) for each in self.of_study(study))

    def toggle(self, image: ViewImage) -> "Future[None]":
        """Mark an image, or no longer; the future raises NoSpaceError or OutputError.

        Raises:
            KeyObjectsError: Its header does not say which image of which study it is.
        """
        if missing := missing_uids(image.header):
            raise KeyObjectsError(Sentence("the image's header has no valid {0}", missing), "changed")
        study = str(image.header.StudyInstanceUID)
        marked = self.of_study(study)
        kept = tuple(each for each in marked if not _covers(each, image))
        return self._change(study, kept if len(kept) < len(marked) else (*marked, image.reference))

    def mark(self, images: References) -> list["Future[None]"]:
        """Mark more images, as those of a file."""
        studies = dict.fromkeys(each.study for each in images)
        return [
            self._change(study, tuple(dict.fromkeys((*self.of_study(study), *(i for i in images if i.study == study)))))
            for study in studies
        ]

    def close(self) -> Sentence | None:
        """Wait until everything is written; return why something could not be, in a sentence, else nothing."""
        return self._files.close()

    def path(self, study: str) -> Path:
        """Return the file of a study."""
        return self._files.path(study)

    def _change(self, study: str, images: References) -> "Future[None]":
        self._open[study] = images[:_MOST]
        return self._files.write(study, {"images": [astuple(each) for each in self._open[study]]})


def _covers(chosen: ReferencedImage, image: ViewImage) -> bool:
    return chosen.sop_instance == image.uid and (not chosen.frames or image.frame + 1 in chosen.frames)


def _rebuild(said: Mapping[str, Any], study: str) -> References:
    images = tuple(rebuild_image(each) for each in said["images"][:_MOST])
    if any(each.study != study for each in images):
        raise ValueError
    return images
