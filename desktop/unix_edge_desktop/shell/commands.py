"""What each action of the table does: one function an id."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDockWidget, QMainWindow

from ..canvas.canvas import LENS
from ..canvas.canvas_grid import CanvasGrid
from ..canvas.pointer import TOOLS
from ..output.exports import Exports
from ..reading.failure_list import FailureList
from ..reading.hanging import Desk
from ..storage.settings import LAYOUT_NAMES
from .actions import ACTIONS, PRESETS
from .calibration import Calibration
from .features import Features
from .preferences import Preferences

STEP = 10
"""Pixels of the view by which a key pans, and of the mouse by which it changes the window."""
_ZOOM_STEP = 1.25


@dataclass(frozen=True, slots=True)
class Parts:
    """Those of a window that actions are for."""

    window: QMainWindow
    grid: CanvasGrid
    desk: Desk
    exports: Exports
    failures: FailureList
    features: Features
    calibration: Calibration
    preferences: Preferences
    study_dock: QDockWidget


def connect_actions(parts: Parts, actions: dict[str, QAction]) -> None:
    """Connect every action; each has exactly one function."""
    functions = _functions(parts, actions)
    for action in (*ACTIONS, *PRESETS):
        actions[action.id].triggered.connect(functions.pop(action.id))
    assert not functions


def _functions(parts: Parts, actions: dict[str, QAction]) -> dict[str, Callable[[bool], object]]:
    window, grid, desk, exports = parts.window, parts.grid, parts.desk, parts.exports
    features, calibration, preferences = parts.features, parts.calibration, parts.preferences

    def layout(name: str) -> Callable[[bool], object]:
        return lambda _: preferences.set_layout(name)

    def tool(name: str) -> Callable[[bool], object]:
        return lambda _: preferences.set_tool(name)

    def canvas(name: str, *arguments: object) -> Callable[[bool], object]:
        """Return a function that calls a method of the active canvas."""
        return lambda _: getattr(grid.active, name)(*arguments)

    def layers(kind: str) -> Callable[[bool], object]:
        return lambda _: actions[kind].setChecked(grid.toggle_layers(kind))

    return {
        "open_files": lambda _: features.ask_for_files(),
        "open_folder": lambda _: features.ask_for_folder(),
        "close_image": lambda _: desk.close_image(),
        "save_view": lambda _: exports.ask_to_save_view(),
        "save_image": lambda _: exports.ask_to_save_image(),
        "print": lambda _: exports.ask_to_print(),
        "anonymise": lambda _: features.anonymise(),
        "failures": lambda _: parts.failures.show(),
        "remove_study": lambda _: features.remove_study(),
        "quit": lambda _: window.close(),
        "undo": canvas("undo"),
        "redo": canvas("redo"),
        "delete": canvas("delete_selected"),
        "select_next": canvas("select_next"),
        "cancel": canvas("cancel"),
        "copy_view": lambda _: exports.copy_view(),
        "key_image": canvas("toggle_key"),
        "save_keys": lambda _: exports.save_key_images(),
        "open_state": lambda _: exports.ask_for_state(),
        "save_state": lambda _: exports.ask_where_to_save_state(),
        "clear_state": lambda _: exports.clear_state(),
        "overlays": layers("overlays"),
        "shutters": layers("shutters"),
        "drawings": layers("drawings"),
        "sample_study": lambda _: exports.open_sample_study(),
        "search": lambda _: features.go_to_search(),
        "settings": lambda _: preferences.ask(window),
        **{f"layout_{name}": layout(name) for name in LAYOUT_NAMES},
        "next_view": lambda _: grid.next_view(),
        "maximise": lambda _: grid.toggle_maximised(),
        "synchronise": lambda on: preferences.set_synchronised(on),
        "compare_prior": lambda _: features.compare_prior(),
        "text": lambda _: grid.toggle_text(),
        "hide_patient": lambda on: preferences.set_hide_patient(on),
        "study_panel": lambda on: parts.study_dock.setVisible(on),
        "switch_panel": lambda _: features.switch_panel(),
        "full_screen": lambda on: _fill_screen(window, on),
        "previous_image": lambda _: desk.page(-1),
        "next_image": lambda _: desk.page(1),
        "first_image": lambda _: desk.go_to(0),
        "last_image": lambda _: desk.go_to_last(),
        "previous_series": lambda _: desk.turn_series(-1),
        "next_series": lambda _: desk.turn_series(1),
        **{f"tool_{name}": tool(name) for name in TOOLS},
        "lens": lambda _: preferences.set_tool(LENS),
        "auto_window": canvas("auto_window"),
        "invert": canvas("invert"),
        "wider": canvas("change_window", STEP, 0),
        "narrower": canvas("change_window", -STEP, 0),
        "brighter": canvas("change_window", 0, STEP),
        "darker": canvas("change_window", 0, -STEP),
        "fit": canvas("fit"),
        "one_to_one": canvas("one_to_one"),
        "two_to_one": canvas("one_to_one", 2.0),
        "actual_size": lambda _: calibration.show_actual_size(),
        "zoom_in": canvas("zoom_by", _ZOOM_STEP),
        "zoom_out": canvas("zoom_by", 1 / _ZOOM_STEP),
        "pan_left": canvas("pan_by", -STEP, 0),
        "pan_right": canvas("pan_by", STEP, 0),
        "pan_up": canvas("pan_by", 0, -STEP),
        "pan_down": canvas("pan_by", 0, STEP),
        "rotate_right": canvas("rotate_right"),
        "rotate_left": canvas("rotate_left"),
        "flip_horizontal": canvas("flip_horizontal"),
        "flip_vertical": canvas("flip_vertical"),
        "reset": canvas("reset"),
        "calibrate": lambda _: calibration.calibrate(),
        "uncalibrate": lambda _: calibration.uncalibrate(),
        "key_sheet": lambda _: features.show_key_sheet(preferences.keys),
        "calibrate_monitor": lambda _: calibration.calibrate_monitor(),
        "test_pattern": lambda _: features.show_test_pattern(),
        "about": lambda _: features.show_about(),
        **{f"preset_{number}": canvas("preset", number) for number in range(1, 10)},
    }


def _fill_screen(window: QMainWindow, on: bool) -> None:
    full = Qt.WindowState.WindowFullScreen
    state = window.windowState()
    window.setWindowState(state | full if on else state & ~full)
