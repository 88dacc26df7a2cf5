"""How images were left: window, place, turns and a presentation state, kept by image and frame, and found again."""

import json
import math
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from unix_edge.dicom.grayscale import Lut, Voi
from unix_edge.dicom.presentation_state import PresentationState
from unix_edge.isolated.object_answer import describe_state, describe_voi, rebuild_voi, unpack_state
from unix_edge.sentences import Sentence

from ..storage.json_store import KeptFiles, Trouble
from .images import ViewImage
from .viewport import LARGEST_ZOOM, LEAST_ZOOM, Viewport
from .window_level import MANUAL, STATE, WindowState, is_same_voi

SAVE_AFTER = 0.5
"""Seconds from the first change to when it is written."""
MOST_KEPT = 5000
"""Images; of more, those that were left longest ago are forgotten."""
_MOST_STATE = 1 << 20
"""Characters of a presentation state's drawings and shutters."""
_MOST_ENTRIES = 1 << 16
_FARTHEST = 1e6
_DAMAGED = Sentence(
    "How this image was left could not be read: it is shown as it was opened first, and what was kept was put aside."
)


@dataclass(frozen=True, slots=True, eq=False)
class ViewState:
    """How an image is seen."""

    viewport: Viewport
    fitted: bool
    """Whether the whole image is shown, whatever the view's size."""
    window: WindowState
    state: PresentationState | None = None
    """That was applied: its drawings and shutters, and what could not be shown; window and place stand above."""
    graphics_only: bool = False


class ViewStateStore:
    """A folder with a file for each frame that was left otherwise than it was opened, of so many at most."""

    def __init__(self, folder: Path, trouble: Trouble | None = None) -> None:
        """Read nothing yet; `trouble` hears, in another thread, why something is not saved, and that all is again."""
        self._files = KeptFiles(folder, SAVE_AFTER, trouble, MOST_KEPT)
        self._known: dict[str, dict[str, Any] | None] = {}
        """What is kept of each frame, as JSON has it."""
        self._reading = threading.Lock()

    def restore(self, image: ViewImage) -> ViewState | None:
        """Return how an image was left; None where it is to be seen as it is opened.

        Its file is read once, by whichever thread wants it first.
        """
        name = _name(image)
        if name not in self._known:
            with self._reading:
                if name not in self._known:
                    self._known[name] = self._files.read(name, lambda said: _checked(said, image), None)
        said = self._known[name]
        if said is None or said["shape"] != list(image.shape):
            return None
        try:
            return _rebuild(said, image)
        except (ValueError, KeyError, TypeError, AttributeError):  # it was kept of another content of the UID
            return None

    def save(self, image: ViewImage, state: ViewState | None) -> None:
        """Keep in the background how an image is seen; None where it is seen as it was opened."""
        name, said = _name(image), None if state is None else _describe(state, image)
        if said != self._known.get(name):
            self._known[name] = said
            self._files.write(name, said or {"uid": image.uid, "frame": image.frame})

    def take_problem(self, image: ViewImage) -> Sentence | None:
        """Return why what was kept of an image is not in force, or will not be kept; once."""
        name = _name(image)
        return _DAMAGED if self._files.take_aside(name) else self._files.take_left(name)

    def close(self) -> Sentence | None:
        """Wait until everything is written; return why something could not be, in a sentence, else nothing."""
        return self._files.close()

    def path(self, image: ViewImage) -> Path:
        """Return the file of a frame."""
        return self._files.path(_name(image))


def _name(image: ViewImage) -> str:
    return f"{image.uid} {image.frame}"


def _describe(state: ViewState, image: ViewImage) -> dict[str, Any] | None:
    """Return what is kept, as JSON has it; None of what is too much."""
    viewport, window = state.viewport, state.window
    drawn = None
    if state.state is not None:
        only = PresentationState(
            layers=state.state.layers,
            annotations=state.state.annotations,
            shutters=state.state.shutters,
            shutter_gray=state.state.shutter_gray,
            left_out=state.state.left_out,
        )
        drawn = json.dumps(describe_state(only))
        if len(drawn) > _MOST_STATE:
            return None
    if isinstance(window.voi, Lut) and len(window.voi.entries) > _MOST_ENTRIES:
        return None
    preset = next((at for at, each in enumerate(image.presets) if _is_same(each.voi, window)), None)
    voi = None if preset is not None else describe_voi(replace(window.voi, explanation=""))
    return {
        "uid": image.uid,
        "frame": image.frame,
        "shape": list(image.shape),
        "fitted": state.fitted,
        "zoom": viewport.zoom,
        "centre": list(viewport.centre),
        "quarters": viewport.quarters,
        "mirrored": viewport.mirrored,
        "preset": preset,
        "voi": voi,
        "of_state": window.name == STATE,
        "inverted": window.inverted,
        "state": drawn,
        "graphics_only": state.graphics_only,
    }


def _is_same(preset: Voi, window: WindowState) -> bool:
    """Return whether a window is a preset, and was not found again by chance."""
    return window.name not in (MANUAL, STATE) and is_same_voi(preset, window.voi)


def _checked(said: Mapping[str, Any], image: ViewImage) -> dict[str, Any] | None:
    """Return what a file holds of a frame.

    Raises:
        ValueError, KeyError, TypeError: It is not that.
    """
    if (said["uid"], said["frame"]) != (image.uid, image.frame):
        raise ValueError
    if "shape" not in said:
        return None
    kept = {name: said[name] for name in _NAMES}
    if kept["shape"] == list(image.shape):
        _rebuild(kept, image)
    return kept


_NAMES = (
    *("uid", "frame", "shape", "fitted", "zoom", "centre", "quarters", "mirrored"),
    *("preset", "voi", "of_state", "inverted", "state", "graphics_only"),
)


def _rebuild(said: Mapping[str, Any], image: ViewImage) -> ViewState:
    flags = said["fitted"], said["mirrored"], said["of_state"], said["inverted"], said["graphics_only"]
    if any(type(each) is not bool for each in flags) or said["quarters"] not in range(4):
        raise ValueError
    fitted, mirrored, of_state, inverted, graphics_only = flags
    x, y = said["centre"]
    viewport = Viewport(
        _number(said["zoom"], LEAST_ZOOM, LARGEST_ZOOM),
        (_number(x, -_FARTHEST, _FARTHEST), _number(y, -_FARTHEST, _FARTHEST)),
        int(said["quarters"]),
        mirrored,
    )
    if said["voi"] is None:
        if type(said["preset"]) is not int or not 0 <= said["preset"] < len(image.presets):
            raise ValueError
        chosen = image.presets[said["preset"]]
        window = WindowState(chosen.voi, chosen.name, inverted)
    else:
        window = WindowState(rebuild_voi(said["voi"]), STATE if of_state else MANUAL, inverted)
    state = None if said["state"] is None else unpack_state(said["state"].encode())
    return ViewState(viewport, fitted, window, state, graphics_only)


def _number(value: object, least: float, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError
    if not math.isfinite(value) or not least <= value <= most:
        raise ValueError
    return float(value)
