"""What a person set, and how the window was left; kept in files that only the person can read."""

import contextlib
import json
import shutil
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path, user_config_path, user_data_path

from unix_edge.errors import OutputError
from unix_edge.files import make_private_folder, write_atomically
from unix_edge.sentences import Sentence

LANGUAGES = ("", "en", "de")
"""Empty is the system's."""
SCALES = (100, 110, 125, 150, 175, 200)
"""Percent."""
BLANK_AFTER = (0, 5, 10, 15, 30, 60)
"""Minutes without use after which the windows are covered; 0 is never."""
DEVICES = ("auto", "cpu", "cuda", "cuda:1", "tensorrt", "tensorrt-rtx")
LAYOUT_NAMES = ("1x1", "1x2", "2x1", "2x2")
_APP = "unix-edge"
_MOST_BYTES = 1 << 20
_MOST_VIEWS = 4
_MOST_MONITORS = 20
_MOST_SCALES = 16
_MOST_MEASURED = 40
_LONGEST = 1e6
SMALLEST, LARGEST = 0.02, 2.0
"""Millimetres of a pixel of a monitor that can be believed."""


@dataclass(frozen=True, slots=True)
class Folders:
    """Where the app keeps what is a person's own."""

    config: Path
    data: Path
    """The index and the measurements."""
    cache: Path
    """What can be made again."""

    @classmethod
    def own(cls) -> "Folders":
        """Return the folders of whoever runs the app."""
        name = "desktop"
        return cls(
            user_config_path(_APP) / name,
            user_data_path(_APP) / name,
            user_cache_path(_APP) / name,
        )

    @classmethod
    def within(cls, folder: Path) -> "Folders":
        """Return folders of their own within one, as for a window that is only looked at."""
        return cls(folder / "config", folder / "data", folder / "cache")

    @property
    def settings(self) -> Path:
        """The file of the settings."""
        return self.config / "settings.json"

    @property
    def keys(self) -> Path:
        """The file of a person's own keys."""
        return self.config / "keys.json"

    @property
    def measurements(self) -> Path:
        """The folder of what was measured."""
        return self.data / "measurements"

    @property
    def calibrations(self) -> Path:
        """The folder of spacings that the reader gave."""
        return self.data / "calibrations"

    @property
    def key_images(self) -> Path:
        """The folder of what was marked."""
        return self.data / "key images"

    @property
    def views(self) -> Path:
        """The folder of how images were left."""
        return self.data / "views"

    @property
    def thumbnails(self) -> Path:
        """The folder of small pictures."""
        return self.cache / "thumbnails"

    def make(self) -> None:
        """Make them, for this person alone.

        Raises:
            OutputError: One cannot be made.
        """
        for folder in (self.config, self.data, self.cache):
            try:
                make_private_folder(folder)
            except OSError as error:
                raise OutputError(folder, Sentence("the folder cannot be made ({0})", error.strerror)) from None


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person set, and how the window was left."""

    language: str = ""
    scale: int = 100
    """Of text and controls, in percent; images are shown as they are."""
    hide_patient: bool = False
    blank_after: int = 15
    """Minutes without use after which the windows are covered; 0 is never."""
    engines: str = ""
    """The folder of the bundle that the AI panel uses; empty: the one that commands would take."""
    device: str = "auto"
    """Where its graphs run."""
    measured: dict[str, float] = field(default_factory=dict)
    """Seconds of the last report and the last picture on this machine, by `measured_name`."""
    synchronised: bool = False
    layout: str = "1x1"
    geometry: str = ""
    """Place and size of the window and the screen it was on, as Qt writes them, in base64."""
    panels: str = ""
    """Of docks and toolbar, likewise."""
    panel_widths: dict[str, list[int]] = field(default_factory=dict)
    """Of the studies' and the AI panel, by `scale_name`: what has room on one screen has none on another."""
    films_apart: bool = False
    """Whether the films are in a window of their own."""
    films_geometry: str = ""
    """Of that window, likewise."""
    films_screen: str = ""
    """The monitor that it was on."""
    monitors: dict[str, float] = field(default_factory=dict)
    """Millimetres of a device pixel of each monitor that was calibrated."""
    views: tuple[tuple[str, str, int], ...] = ()
    """What each view showed: study and series by their UIDs, and which picture."""

    @classmethod
    def from_json(cls, text: str) -> "Settings":
        """Read settings; what is missing, unknown or out of its range is as usual.

        Raises:
            ValueError: It is no JSON object.
        """
        try:
            said: dict[str, Any] = json.loads(text)
            usual = cls()
            kinds = {each.name: type(getattr(usual, each.name)) for each in fields(cls)}
            found = replace(usual, **{name: said[name] for name, kind in kinds.items() if type(said.get(name)) is kind})
        except (AttributeError, TypeError, RecursionError) as error:
            raise ValueError from error
        return replace(
            found,
            language=found.language if found.language in LANGUAGES else usual.language,
            scale=min(max(found.scale, SCALES[0]), SCALES[-1]),
            blank_after=found.blank_after if found.blank_after in BLANK_AFTER else usual.blank_after,
            device=found.device if found.device in DEVICES else usual.device,
            layout=found.layout if found.layout in LAYOUT_NAMES else usual.layout,
            measured=_rebuild_seconds(found.measured),
            monitors=_rebuild_monitors(found.monitors),
            views=_rebuild_views(said.get("views")),
            panel_widths=_rebuild_widths(found.panel_widths),
        )

    def to_json(self) -> str:
        """Write them."""
        return json.dumps(asdict(self), indent=1)


def measured_name(what: str, checkpoint_sha256: str, precision: str, device: str) -> str:
    """Return by which name the seconds of a report or a picture are kept: of these weights, here."""
    return f"{what} {checkpoint_sha256[:16]} {precision} {device}"


def scale_name(scale: int, ratio: float, width: int) -> str:
    """Return by which name widths are kept: of text in percent, on a screen so fine and so wide.

    Args:
        scale: Of text, in percent.
        ratio: Device pixels a pixel.
        width: Of the screen, in pixels.
    """
    return f"{scale} {ratio:g} {width}"


def _rebuild_widths(said: dict[str, Any]) -> dict[str, list[int]]:
    def are_widths(each: object) -> bool:
        return isinstance(each, list) and len(each) == 2 and all(type(one) is int and 0 < one < 10_000 for one in each)

    widths = {name: each for name, each in said.items() if are_widths(each)}
    return dict(list(widths.items())[-_MOST_SCALES:])


def _rebuild_seconds(said: dict[str, Any]) -> dict[str, float]:
    seconds = {name: each for name, each in said.items() if type(each) is float and 0 < each < _LONGEST}
    return dict(list(seconds.items())[-_MOST_MEASURED:])


def _rebuild_monitors(said: dict[str, Any]) -> dict[str, float]:
    sizes = {name: size for name, size in said.items() if type(size) is float and SMALLEST <= size <= LARGEST}
    return dict(list(sizes.items())[-_MOST_MONITORS:])


def _rebuild_views(said: object) -> tuple[tuple[str, str, int], ...]:
    views = [tuple(each) for each in said if isinstance(each, list)] if isinstance(said, list) else []
    if any([type(part) for part in view] != [str, str, int] for view in views):
        return ()
    return tuple(views[:_MOST_VIEWS])


def load_settings(path: Path) -> Settings:
    """Return what was set; a file that is missing or cannot be read counts as nothing."""
    try:
        with path.open("rb") as file:
            return Settings.from_json(file.read(_MOST_BYTES).decode())
    except (OSError, ValueError):
        return Settings()


def copy_settings(folders: Folders, into: Path) -> Path:
    """Copy settings and keys to where they are changed without those of the first window; return the folder."""
    copy = into / "config"
    make_private_folder(copy)
    for each in (folders.settings, folders.keys):
        with contextlib.suppress(OSError):
            shutil.copyfile(each, copy / each.name)
    return copy


def save_settings(path: Path, settings: Settings) -> None:
    """Write what was set.

    Raises:
        NoSpaceError, OutputError: It cannot be written.
    """
    write_atomically(path, settings.to_json().encode())
