"""An image of the viewer as the model is shown it."""

from PIL import Image

from unix_edge.image import LoadedRadiograph, show_as_loaded

from ..image.images import ViewImage


def as_loaded(image: ViewImage) -> LoadedRadiograph:
    """Return the image as the model sees it, whatever window, turn or flip the reader chose.

    It takes a tenth of a second for a large one: `ModelProcess.draft` also takes a function, and calls it elsewhere.
    """
    sha256 = image.sha256 or None
    if not len(image.header):  # PNG, JPEG, and what was just generated
        shown = Image.fromarray(image.stored.stored)
        return LoadedRadiograph(shown, None, image.warnings, sha256, image.phantom)
    return show_as_loaded(image.stored, image.header, image.warnings, sha256, phantom=image.phantom)
