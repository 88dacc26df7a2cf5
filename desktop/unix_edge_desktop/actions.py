"""The one table of what a person can do: menus, toolbar, tooltips, keys and the F1 sheet come from it."""

from dataclasses import dataclass
from enum import StrEnum

from .translated import QT_TRANSLATE_NOOP


class Scope(StrEnum):
    """Where an action's keys count."""

    IMAGE = "image"
    """Only while an image has the focus, so that typing in a field never triggers it."""
    WINDOW = "window"


class Menu(StrEnum):
    """The menus, in their order; `&` marks the letter that opens one."""

    FILE = QT_TRANSLATE_NOOP("Actions", "&File")
    EDIT = QT_TRANSLATE_NOOP("Actions", "&Edit")
    VIEW = QT_TRANSLATE_NOOP("Actions", "&View")
    IMAGE = QT_TRANSLATE_NOOP("Actions", "&Image")
    MEASURE = QT_TRANSLATE_NOOP("Actions", "&Measure")
    HELP = QT_TRANSLATE_NOOP("Actions", "&Help")


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that a person can do."""

    id: str
    text: str
    """In English, as in the menu; translated in the context "Actions"."""
    menu: Menu
    keys: tuple[str, ...] = ()
    """As they come; a person may change them."""
    scope: Scope = Scope.WINDOW
    toolbar: bool = False
    checkable: bool = False
    group: str = ""
    """Of those that share one, only one is checked."""
    separated: bool = False
    """A line is drawn before it, in menu and toolbar."""


def _image(id: str, text: str, menu: Menu, *keys: str, toolbar: bool = False, separated: bool = False) -> Action:
    return Action(id, text, menu, keys, Scope.IMAGE, toolbar, separated=separated)


def _tool(name: str, text: str, key: str, menu: Menu = Menu.MEASURE, *, separated: bool = False) -> Action:
    return Action(f"tool_{name}", text, menu, (key,), Scope.IMAGE, True, True, "tool", separated)


def _layout(name: str, text: str, key: str, *, separated: bool = False) -> Action:
    return Action(f"layout_{name}", text, Menu.VIEW, (key,), Scope.WINDOW, True, True, "layout", separated)


ACTIONS: tuple[Action, ...] = (
    Action("open_files", QT_TRANSLATE_NOOP("Actions", "Open files..."), Menu.FILE, ("Ctrl+O",), toolbar=True),
    Action("open_folder", QT_TRANSLATE_NOOP("Actions", "Open folder..."), Menu.FILE, ("Ctrl+Shift+O",)),
    Action("close_image", QT_TRANSLATE_NOOP("Actions", "Close image"), Menu.FILE, ("Ctrl+W",)),
    Action("failures", QT_TRANSLATE_NOOP("Actions", "Files that were not opened..."), Menu.FILE, separated=True),
    Action("remove_study", QT_TRANSLATE_NOOP("Actions", "Remove study from list..."), Menu.FILE),
    Action("quit", QT_TRANSLATE_NOOP("Actions", "Quit"), Menu.FILE, ("Ctrl+Q",), separated=True),
    _image("undo", QT_TRANSLATE_NOOP("Actions", "Undo measurement"), Menu.EDIT, "Ctrl+Z", toolbar=True, separated=True),
    _image("redo", QT_TRANSLATE_NOOP("Actions", "Redo measurement"), Menu.EDIT, "Ctrl+Y", "Ctrl+Shift+Z"),
    _image("delete", QT_TRANSLATE_NOOP("Actions", "Delete measurement"), Menu.EDIT, "Delete", "Backspace"),
    _image("select_next", QT_TRANSLATE_NOOP("Actions", "Select next measurement"), Menu.EDIT, "N"),
    _image("cancel", QT_TRANSLATE_NOOP("Actions", "Cancel tool"), Menu.EDIT, "Esc"),
    Action("search", QT_TRANSLATE_NOOP("Actions", "Search studies"), Menu.EDIT, ("Ctrl+F",), separated=True),
    Action("settings", QT_TRANSLATE_NOOP("Actions", "Settings..."), Menu.EDIT, ("Ctrl+,",), separated=True),
    _layout("1x1", QT_TRANSLATE_NOOP("Actions", "One view"), "Alt+1", separated=True),
    _layout("1x2", QT_TRANSLATE_NOOP("Actions", "Two views side by side"), "Alt+2"),
    _layout("2x1", QT_TRANSLATE_NOOP("Actions", "Two views one above the other"), "Alt+3"),
    _layout("2x2", QT_TRANSLATE_NOOP("Actions", "Four views"), "Alt+4"),
    Action("next_view", QT_TRANSLATE_NOOP("Actions", "Next view"), Menu.VIEW, ("Ctrl+Tab",), separated=True),
    _image("maximise", QT_TRANSLATE_NOOP("Actions", "Maximise or restore view"), Menu.VIEW, "X"),
    Action(
        "synchronise",
        QT_TRANSLATE_NOOP("Actions", "Synchronise zoom and pan"),
        Menu.VIEW,
        ("S",),
        Scope.IMAGE,
        toolbar=True,
        checkable=True,
    ),
    Action("compare_prior", QT_TRANSLATE_NOOP("Actions", "Compare with prior"), Menu.VIEW, ("Ctrl+B",), toolbar=True),
    _image("text", QT_TRANSLATE_NOOP("Actions", "More or less text"), Menu.VIEW, "Space", toolbar=True, separated=True),
    Action("hide_patient", QT_TRANSLATE_NOOP("Actions", "Hide patient text"), Menu.VIEW, ("Ctrl+H",), checkable=True),
    Action(
        "study_panel",
        QT_TRANSLATE_NOOP("Actions", "Show studies"),
        Menu.VIEW,
        ("F9",),
        checkable=True,
        separated=True,
    ),
    Action("switch_panel", QT_TRANSLATE_NOOP("Actions", "Go to studies or image"), Menu.VIEW, ("F6",)),
    Action("full_screen", QT_TRANSLATE_NOOP("Actions", "Full screen"), Menu.VIEW, ("F11",), checkable=True),
    _image("previous_image", QT_TRANSLATE_NOOP("Actions", "Previous image"), Menu.IMAGE, "Up"),
    _image("next_image", QT_TRANSLATE_NOOP("Actions", "Next image"), Menu.IMAGE, "Down"),
    _image("first_image", QT_TRANSLATE_NOOP("Actions", "First image"), Menu.IMAGE, "Home"),
    _image("last_image", QT_TRANSLATE_NOOP("Actions", "Last image"), Menu.IMAGE, "End"),
    _image("previous_series", QT_TRANSLATE_NOOP("Actions", "Previous series"), Menu.IMAGE, "Left", "PgUp"),
    _image("next_series", QT_TRANSLATE_NOOP("Actions", "Next series"), Menu.IMAGE, "Right", "PgDown"),
    _tool("window", QT_TRANSLATE_NOOP("Actions", "Window and level"), "W", Menu.IMAGE, separated=True),
    _tool("pan", QT_TRANSLATE_NOOP("Actions", "Pan"), "T", Menu.IMAGE),
    _tool("zoom", QT_TRANSLATE_NOOP("Actions", "Zoom"), "Z", Menu.IMAGE),
    Action(
        "lens",
        QT_TRANSLATE_NOOP("Actions", "Magnifier"),
        Menu.IMAGE,
        ("M",),
        Scope.IMAGE,
        toolbar=True,
        checkable=True,
    ),
    _image(
        "auto_window", QT_TRANSLATE_NOOP("Actions", "Automatic window"), Menu.IMAGE, "0", toolbar=True, separated=True
    ),
    _image("invert", QT_TRANSLATE_NOOP("Actions", "Invert"), Menu.IMAGE, "I", toolbar=True),
    _image("wider", QT_TRANSLATE_NOOP("Actions", "Wider window"), Menu.IMAGE, "Shift+Right"),
    _image("narrower", QT_TRANSLATE_NOOP("Actions", "Narrower window"), Menu.IMAGE, "Shift+Left"),
    _image("brighter", QT_TRANSLATE_NOOP("Actions", "Brighter"), Menu.IMAGE, "Shift+Up"),
    _image("darker", QT_TRANSLATE_NOOP("Actions", "Darker"), Menu.IMAGE, "Shift+Down"),
    _image(
        "fit", QT_TRANSLATE_NOOP("Actions", "Fit to view"), Menu.IMAGE, "F", "Ctrl+Return", toolbar=True, separated=True
    ),
    _image("one_to_one", QT_TRANSLATE_NOOP("Actions", "Actual pixels"), Menu.IMAGE, "Ctrl+1", toolbar=True),
    _image("two_to_one", QT_TRANSLATE_NOOP("Actions", "Twice as large as the pixels"), Menu.IMAGE, "Ctrl+2"),
    _image("zoom_in", QT_TRANSLATE_NOOP("Actions", "Zoom in"), Menu.IMAGE, "+", "="),
    _image("zoom_out", QT_TRANSLATE_NOOP("Actions", "Zoom out"), Menu.IMAGE, "-"),
    _image("pan_left", QT_TRANSLATE_NOOP("Actions", "Pan left"), Menu.IMAGE, "Alt+Left"),
    _image("pan_right", QT_TRANSLATE_NOOP("Actions", "Pan right"), Menu.IMAGE, "Alt+Right"),
    _image("pan_up", QT_TRANSLATE_NOOP("Actions", "Pan up"), Menu.IMAGE, "Alt+Up"),
    _image("pan_down", QT_TRANSLATE_NOOP("Actions", "Pan down"), Menu.IMAGE, "Alt+Down"),
    _image("rotate_right", QT_TRANSLATE_NOOP("Actions", "Rotate right"), Menu.IMAGE, "R", toolbar=True, separated=True),
    _image("rotate_left", QT_TRANSLATE_NOOP("Actions", "Rotate left"), Menu.IMAGE, "L"),
    _image("flip_horizontal", QT_TRANSLATE_NOOP("Actions", "Flip left and right"), Menu.IMAGE, "H", toolbar=True),
    _image("flip_vertical", QT_TRANSLATE_NOOP("Actions", "Flip top and bottom"), Menu.IMAGE, "V"),
    _image("reset", QT_TRANSLATE_NOOP("Actions", "Reset view"), Menu.IMAGE, "Shift+R", toolbar=True, separated=True),
    _tool("length", QT_TRANSLATE_NOOP("Actions", "Length"), "D", separated=True),
    _tool("angle", QT_TRANSLATE_NOOP("Actions", "Angle"), "A"),
    _tool("cobb", QT_TRANSLATE_NOOP("Actions", "Cobb angle"), "B"),
    _tool("ctr", QT_TRANSLATE_NOOP("Actions", "Cardiothoracic ratio"), "C"),
    _tool("rectangle", QT_TRANSLATE_NOOP("Actions", "Rectangle statistics"), "Q"),
    _tool("ellipse", QT_TRANSLATE_NOOP("Actions", "Ellipse statistics"), "E"),
    _tool("probe", QT_TRANSLATE_NOOP("Actions", "Probe"), "P"),
    Action(
        "calibrate",
        QT_TRANSLATE_NOOP("Actions", "Calibrate by selected length..."),
        Menu.MEASURE,
        separated=True,
    ),
    Action("key_sheet", QT_TRANSLATE_NOOP("Actions", "Keys and mouse"), Menu.HELP, ("F1",)),
    Action("test_pattern", QT_TRANSLATE_NOOP("Actions", "Monitor test pattern"), Menu.HELP),
    Action("about", QT_TRANSLATE_NOOP("Actions", "About UniX Edge"), Menu.HELP, separated=True),
)
PRESETS = (
    _image("preset_1", QT_TRANSLATE_NOOP("Actions", "Preset 1"), Menu.IMAGE, "1"),
    _image("preset_2", QT_TRANSLATE_NOOP("Actions", "Preset 2"), Menu.IMAGE, "2"),
    _image("preset_3", QT_TRANSLATE_NOOP("Actions", "Preset 3"), Menu.IMAGE, "3"),
    _image("preset_4", QT_TRANSLATE_NOOP("Actions", "Preset 4"), Menu.IMAGE, "4"),
    _image("preset_5", QT_TRANSLATE_NOOP("Actions", "Preset 5"), Menu.IMAGE, "5"),
    _image("preset_6", QT_TRANSLATE_NOOP("Actions", "Preset 6"), Menu.IMAGE, "6"),
    _image("preset_7", QT_TRANSLATE_NOOP("Actions", "Preset 7"), Menu.IMAGE, "7"),
    _image("preset_8", QT_TRANSLATE_NOOP("Actions", "Preset 8"), Menu.IMAGE, "8"),
    _image("preset_9", QT_TRANSLATE_NOOP("Actions", "Preset 9"), Menu.IMAGE, "9"),
)
"""In a menu of their own, by the names that the image gives them."""
ALL = {each.id: each for each in (*ACTIONS, *PRESETS)}
