"""What each action of the table does: one function an id."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction

from .actions import ACTIONS, PRESETS
from .canvas import LENS
from .settings import LAYOUT_NAMES

if TYPE_CHECKING:
    from .main_window import MainWindow

STEP = 10
"""Pixels of the view by which a key pans, and of the mouse by which it changes the window."""
_ZOOM_STEP = 1.25


def connect_actions(window: "MainWindow", actions: dict[str, QAction]) -> None:
    """Connect every action; each has exactly one function."""
    functions = _functions(window)
    for action in (*ACTIONS, *PRESETS):
        actions[action.id].triggered.connect(functions.pop(action.id))
    assert not functions


def _functions(window: "MainWindow") -> dict[str, Callable[[bool], object]]:
    grid, desk, exports = window.grid, window.desk, window.exports

    def layout(name: str) -> Callable[[bool], object]:
        return lambda _: window.preferences.set_layout(name)

    def tool(name: str) -> Callable[[bool], object]:
        return lambda _: window.preferences.set_tool(name)

    def canvas(name: str, *arguments: object) -> Callable[[bool], object]:
        """Return a function that calls a method of the active canvas."""
        return lambda _: getattr(grid.active, name)(*arguments)

    tools = ("window", "pan", "zoom", "length", "angle", "cobb", "ctr", "rectangle", "ellipse", "probe")
    return {
        "open_files": lambda _: window.ask_for_files(),
        "open_folder": lambda _: window.ask_for_folder(),
        "close_image": lambda _: desk.close_image(),
        "save_view": lambda _: exports.ask_to_save_view(),
        "save_image": lambda _: exports.ask_to_save_image(),
        "print": lambda _: exports.ask_to_print(),
        "anonymise": lambda _: window.anonymise(),
        "failures": lambda _: window.failures.show(),
        "remove_study": lambda _: window.remove_study(),
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
        "overlays": lambda _: window.preferences.toggle_layers("overlays"),
        "shutters": lambda _: window.preferences.toggle_layers("shutters"),
        "drawings": lambda _: window.preferences.toggle_layers("drawings"),
        "sample_study": lambda _: exports.open_sample_study(),
        "search": lambda _: window.go_to_search(),
        "settings": lambda _: window.preferences.ask(),
        **{f"layout_{name}": layout(name) for name in LAYOUT_NAMES},
        "next_view": lambda _: grid.next_view(),
        "maximise": lambda _: grid.toggle_maximised(),
        "synchronise": lambda on: window.preferences.set_synchronised(on),
        "compare_prior": lambda _: window.compare_prior(),
        "text": lambda _: window.preferences.toggle_text(),
        "hide_patient": lambda on: window.preferences.set_hide_patient(on),
        "study_panel": lambda on: window.study_dock.setVisible(on),
        "switch_panel": lambda _: window.switch_panel(),
        "full_screen": lambda on: window.preferences.set_full_screen(on),
        "previous_image": lambda _: desk.page(-1),
        "next_image": lambda _: desk.page(1),
        "first_image": lambda _: desk.go_to(0),
        "last_image": lambda _: desk.go_to_last(),
        "previous_series": lambda _: desk.turn_series(-1),
        "next_series": lambda _: desk.turn_series(1),
        **{f"tool_{name}": tool(name) for name in tools},
        "lens": lambda _: window.preferences.set_tool(LENS),
        "auto_window": canvas("auto_window"),
        "invert": canvas("invert"),
        "wider": canvas("change_window", STEP, 0),
        "narrower": canvas("change_window", -STEP, 0),
        "brighter": canvas("change_window", 0, STEP),
        "darker": canvas("change_window", 0, -STEP),
        "fit": canvas("fit"),
        "one_to_one": canvas("one_to_one"),
        "two_to_one": canvas("one_to_one", 2.0),
        "actual_size": lambda _: window.show_actual_size(),
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
        "calibrate": lambda _: window.calibrate(),
        "uncalibrate": lambda _: window.uncalibrate(),
        "key_sheet": lambda _: window.show_key_sheet(),
        "calibrate_monitor": lambda _: window.calibrate_monitor(),
        "test_pattern": lambda _: window.show_test_pattern(),
        "about": lambda _: window.show_about(),
        **{f"preset_{number}": canvas("preset", number) for number in range(1, 10)},
    }
