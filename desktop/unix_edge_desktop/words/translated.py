"""Words that are marked for translation where there is no Qt; lupdate knows the function by its name."""


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:  # noqa: N802 - lupdate's
    """Return the text as it is; it is translated where it is shown."""
    return text


CANVAS = (
    # What is written over an image.
    QT_TRANSLATE_NOOP("Canvas", "SYNTHETIC - not a patient"),
    QT_TRANSLATE_NOOP("Canvas", "born"),
    QT_TRANSLATE_NOOP("Canvas", "Series"),
    QT_TRANSLATE_NOOP("Canvas", "Image"),
    QT_TRANSLATE_NOOP("Canvas", "Frame"),
    QT_TRANSLATE_NOOP("Canvas", "Zoom"),
    QT_TRANSLATE_NOOP("Canvas", "orientation unknown"),
    QT_TRANSLATE_NOOP("Canvas", "inverted"),
    QT_TRANSLATE_NOOP("Canvas", "LOSSY"),
    QT_TRANSLATE_NOOP("Canvas", "patient hidden"),
    QT_TRANSLATE_NOOP("Canvas", "No patient name"),
    QT_TRANSLATE_NOOP("Canvas", "Manual"),
    QT_TRANSLATE_NOOP("Canvas", "Auto"),
    QT_TRANSLATE_NOOP("Canvas", "VOI LUT"),
    QT_TRANSLATE_NOOP("Canvas", "Window"),
    QT_TRANSLATE_NOOP("Canvas", "Full range"),
    QT_TRANSLATE_NOOP("Canvas", "Presentation state"),
    # Measurements.
    QT_TRANSLATE_NOOP("Canvas", "n"),
    QT_TRANSLATE_NOOP("Canvas", "mean"),
    QT_TRANSLATE_NOOP("Canvas", "SD"),
    QT_TRANSLATE_NOOP("Canvas", "min"),
    QT_TRANSLATE_NOOP("Canvas", "max"),
    QT_TRANSLATE_NOOP("Canvas", "median"),
    QT_TRANSLATE_NOOP("Canvas", "area"),
    QT_TRANSLATE_NOOP("Canvas", "Cobb"),
    QT_TRANSLATE_NOOP("Canvas", "CTR"),
    # What a spacing means.
    QT_TRANSLATE_NOOP("Canvas", "mm at detector (not corrected for magnification)"),
    QT_TRANSLATE_NOOP("Canvas", "mm calibrated: calibration unknown"),
    QT_TRANSLATE_NOOP("Canvas", "mm calibrated by user"),
    QT_TRANSLATE_NOOP("Canvas", "mm, meaning unknown"),
    QT_TRANSLATE_NOOP("Canvas", "mm on scanned film"),
    QT_TRANSLATE_NOOP("Canvas", "mm"),
    QT_TRANSLATE_NOOP("Canvas", "px"),
    QT_TRANSLATE_NOOP("Canvas", "Distances are in pixels: the file's PixelSpacing is not two numbers above 0."),
    QT_TRANSLATE_NOOP("Canvas", "Distances are in pixels: the file's ImagerPixelSpacing is not two numbers above 0."),
    QT_TRANSLATE_NOOP(
        "Canvas", "Distances are in pixels: the file's NominalScannedPixelSpacing is not two numbers above 0."
    ),
    # What a reader is told of how an image was read.
    QT_TRANSLATE_NOOP(
        "Canvas",
        "Presentation LUT Shape contradicts Photometric Interpretation; Photometric Interpretation was followed.",
    ),
    QT_TRANSLATE_NOOP("Canvas", "A window or VOI LUT of the file cannot be used and was left out."),
    QT_TRANSLATE_NOOP(
        "Canvas",
        "The window or VOI LUT of the file leaves too little of the picture; it is shown from its 0.5 to its 99.5 "
        "percentile instead.",
    ),
    QT_TRANSLATE_NOOP("Canvas", "The Modality LUT of the file leaves too little of the picture."),
    QT_TRANSLATE_NOOP("Canvas", "The file's pixel padding cannot be used and was ignored."),
    QT_TRANSLATE_NOOP("Canvas", "All pixels are alike: the image has no content."),
    QT_TRANSLATE_NOOP("Canvas", "The image is in colour; its luminance is shown."),
    QT_TRANSLATE_NOOP("Canvas", "Some text of the header could not be decoded."),
    QT_TRANSLATE_NOOP("Canvas", "The file begins like a program; do not copy or run it."),
    QT_TRANSLATE_NOOP(
        "Canvas",
        "The size in millimetres that the presentation state asks for was left out: the image was fitted.",
    ),
    # Warnings that stay on an image, in a word.
    QT_TRANSLATE_NOOP("Canvas", "Contradictory grayscale"),
    QT_TRANSLATE_NOOP("Canvas", "Window left out"),
    QT_TRANSLATE_NOOP("Canvas", "Window replaced"),
    QT_TRANSLATE_NOOP("Canvas", "Modality LUT"),
    QT_TRANSLATE_NOOP("Canvas", "Padding ignored"),
    QT_TRANSLATE_NOOP("Canvas", "No content"),
    QT_TRANSLATE_NOOP("Canvas", "Colour"),
    QT_TRANSLATE_NOOP("Canvas", "Text not decoded"),
    QT_TRANSLATE_NOOP("Canvas", "Begins like a program"),
    QT_TRANSLATE_NOOP("Canvas", "Something left out"),
    QT_TRANSLATE_NOOP("Canvas", "The image was compressed with loss; fine detail may be missing."),
    QT_TRANSLATE_NOOP("Canvas", "Millimetres are by the reader's own calibration."),
    QT_TRANSLATE_NOOP("Canvas", "Distances in pixels"),
    QT_TRANSLATE_NOOP("Canvas", "Two images of one UID"),
    QT_TRANSLATE_NOOP(
        "Canvas",
        "Another file has the same SOP Instance UID and other pixels; both are listed, and one of them is wrong.",
    ),
    # What leaves the app says so, and a monitor's pattern says what it is not.
    QT_TRANSLATE_NOOP("Canvas", "Research use only. Not for diagnosis."),
    QT_TRANSLATE_NOOP("Canvas", "No GSDF correction applied."),
    QT_TRANSLATE_NOOP(
        "Canvas",
        "Dim the room as for reading. All 16 patches and both small squares in each corner patch should be seen.",
    ),
    # What is said of shutters and presentation states.
    QT_TRANSLATE_NOOP("Canvas", "Presentation state"),
    QT_TRANSLATE_NOOP("Canvas", "A bitmap shutter was left out: only rectangles, circles and polygons are shown."),
    QT_TRANSLATE_NOOP(
        "Canvas", "A shutter of unknown shape was left out: only rectangles, circles and polygons are shown."
    ),
    QT_TRANSLATE_NOOP("Canvas", "The rectangular shutter was left out: it contradicts itself."),
    QT_TRANSLATE_NOOP("Canvas", "The circular shutter was left out: it contradicts itself."),
    QT_TRANSLATE_NOOP("Canvas", "The polygonal shutter was left out: it contradicts itself."),
    QT_TRANSLATE_NOOP("Canvas", "The overlays of the presentation state were left out."),
    QT_TRANSLATE_NOOP("Canvas", "All but the first window or VOI LUT was left out."),
    QT_TRANSLATE_NOOP("Canvas", "The displayed area was left out: it contradicts itself or the rotation."),
    QT_TRANSLATE_NOOP(
        "Canvas", "The size in millimetres that the presentation state asks for was left out: the image was fitted."
    ),
    QT_TRANSLATE_NOOP("Canvas", "Drawings of more than 2,000 lines in all were left out."),
    # What is written below pictures, and said of copies.
    QT_TRANSLATE_NOOP("Canvas", "Research use only. Not for diagnosis."),
    QT_TRANSLATE_NOOP(
        "Canvas", "The file says that text which identifies the patient is burned into the image: it is still there."
    ),
    QT_TRANSLATE_NOOP(
        "Canvas",
        "Text burned into the image was not looked for and cannot be excluded. The file says that there is none; look "
        "at the image.",
    ),
    QT_TRANSLATE_NOOP(
        "Canvas",
        "Text burned into the image was not looked for and cannot be excluded. The file does not say whether there is "
        "any; look at the image.",
    ),
)
"""Words of `corner_text`, `measuring`, `window` and the library, which `Canvas.translate` looks up."""
