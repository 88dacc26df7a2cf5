"""The one way from an image to a draft, and to the structured report that files it."""

from collections.abc import Callable, Iterator
from pathlib import Path

from ..errors import UnconfirmedChestError
from ..image import Radiograph
from ..model import UniX
from ..report import Piece, Reading, Report, ReportSettings
from ..sessions import ShouldStop, never_stop
from .structured_report import require_domain, require_study, write_sr


def nobody_confirms(error: UnconfirmedChestError) -> bool:
    """Leave a doubt as it is."""
    return False


def stream_draft(
    unix: UniX,
    radiograph: Radiograph | Reading,
    settings: ReportSettings | None = None,
    *,
    prefix: str = "",
    sr: Path | None = None,
    assume_frontal_chest: bool = False,
    confirm: Callable[[UnconfirmedChestError], bool] = nobody_confirms,
    should_stop: ShouldStop = never_stop,
) -> Iterator[Reading | Piece | Report]:
    """Yield the image's Reading, then pieces of text, last the Report; nothing runs until you iterate.

    Args:
        unix: The model.
        radiograph: The image, or what was yielded of it before.
        settings: What to ask and how to decode.
        prefix: Text that the report is to begin with.
        sr: Where a structured report of the draft is written before the Report is yielded; whether that can be is
            found out before anything is drafted.
        assume_frontal_chest: A person has seen that it is one, where its header leaves doubt.
        confirm: Asked where the header leaves doubt; whether a person now has seen it.
        should_stop: Asked all the time; a report so far is kept and marked.

    Raises:
        ImageError, NotChestError, UnconfirmedChestError: As `UniX.read`.
        StructuredReportError: A structured report of it cannot be.
        PromptError: Prompt and prefix do not fit.
        StoppedError: It was stopped before the first token.
        NoSpaceError, OutputError: The structured report cannot be written.
    """
    if isinstance(radiograph, Reading):
        reading = radiograph
    else:
        try:
            reading = unix.read(radiograph, assume_frontal_chest=assume_frontal_chest, should_stop=should_stop)
        except UnconfirmedChestError as error:
            if not confirm(error):
                raise
            reading = unix.read(radiograph, assume_frontal_chest=True, should_stop=should_stop)
    if sr:
        require_domain(reading.in_domain)
        require_study(reading.header)
    yield reading
    for event in reading.stream_pieces(settings, prefix=prefix, should_stop=should_stop):
        if sr and isinstance(event, Report):
            write_sr(event, reading.header, sr)
        yield event


def draft(
    unix: UniX,
    radiograph: Radiograph,
    settings: ReportSettings | None = None,
    *,
    sr: Path | None = None,
    assume_frontal_chest: bool = False,
) -> Report:
    """Return the Report that `stream_draft` ends with; raises what it raises."""
    for event in stream_draft(unix, radiograph, settings, sr=sr, assume_frontal_chest=assume_frontal_chest):
        if isinstance(event, Report):
            return event
    raise AssertionError("a stream ends with its report")
