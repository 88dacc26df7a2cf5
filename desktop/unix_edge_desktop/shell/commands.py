"""What each action does: the parts say it of theirs, and here is what takes several of them."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDockWidget, QMainWindow

from ..assistant.actions import assistant_commands
from ..canvas.actions import PRESETS, canvas_commands
from ..canvas.canvas import LENS
from ..canvas.canvas_grid import CanvasGrid
from ..canvas.pointer import TOOLS
from ..output.actions import output_commands
from ..output.exports import Exports
from ..reading.actions import reading_commands
from ..reading.failure_list import FailureList
from ..reading.hanging import Desk
from ..storage.settings import LAYOUT_NAMES
from ..toolkit.action import Commands
from .actions import ACTIONS
from .assistance import Assistance
from .calibration import Calibration
from .features import Features
from .films import Films
from .full_screen import FullScreen
from .preferences import Preferences


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
    assistance: Assistance
    full_screen: FullScreen
    films: Films


def connect_actions(parts: Parts, actions: dict[str, QAction]) -> None:
    """Connect every action; each has exactly one function."""
    functions = _functions(parts, actions)
    for action in (*ACTIONS, *PRESETS):
        actions[action.id].triggered.connect(functions.pop(action.id))
    assert not functions


def _functions(parts: Parts, actions: dict[str, QAction]) -> Commands:
    window, grid, features = parts.window, parts.grid, parts.features
    calibration, preferences = parts.calibration, parts.preferences

    def layout(name: str) -> Callable[[bool], object]:
        return lambda _: preferences.set_layout(name)

    def tool(name: str) -> Callable[[bool], object]:
        return lambda _: preferences.set_tool(name)

    def layers(kind: str) -> Callable[[bool], object]:
        return lambda _: actions[kind].setChecked(grid.toggle_layers(kind))

    return {
        **canvas_commands(grid),
        **output_commands(parts.exports),
        **reading_commands(parts.desk, parts.failures),
        **assistant_commands(parts.assistance.dock),
        "cancel": lambda _: grid.active.cancel() or parts.full_screen.leave(),
        "export_log": lambda _: parts.assistance.export_log(),
        "open_files": lambda _: features.ask_for_files(),
        "open_folder": lambda _: features.ask_for_folder(),
        "anonymise": lambda _: features.anonymise(),
        "remove_study": lambda _: features.remove_study(),
        "quit": lambda _: window.close(),
        "search": lambda _: features.go_to_search(),
        "settings": lambda _: preferences.ask(window),
        **{f"layout_{name}": layout(name) for name in LAYOUT_NAMES},
        "synchronise": lambda on: preferences.set_synchronised(on),
        "compare_prior": lambda _: features.compare_prior(),
        "older_prior": lambda _: features.step_prior(1),
        "newer_prior": lambda _: features.step_prior(-1),
        "elements": lambda _: features.show_elements(),
        "previous_study": lambda _: features.turn_study(-1),
        "next_study": lambda _: features.turn_study(1),
        "hide_patient": lambda on: preferences.set_hide_patient(on),
        "overlays": layers("overlays"),
        "shutters": layers("shutters"),
        "drawings": layers("drawings"),
        "measurements": layers("measurements"),
        "study_panel": lambda on: parts.study_dock.setVisible(on),
        "switch_panel": lambda _: features.switch_panel(),
        "full_screen": lambda on: features.fill_screen(parts.full_screen, preferences.keys, on=on),
        "films_apart": lambda on: parts.films.set_apart(apart=on),
        **{f"tool_{name}": tool(name) for name in TOOLS},
        "lens": lambda _: preferences.set_tool(LENS),
        "actual_size": lambda _: calibration.show_actual_size(),
        "calibrate": lambda _: calibration.calibrate(),
        "uncalibrate": lambda _: calibration.uncalibrate(),
        "key_sheet": lambda _: features.show_key_sheet(preferences.keys),
        "calibrate_monitor": lambda _: calibration.calibrate_monitor(),
        "test_pattern": lambda _: features.show_test_pattern(),
        "about": lambda _: features.show_about(),
    }
