"""The one table of what a person can do: menus, toolbar, tooltips, keys and the F1 sheet come from it."""

from dataclasses import dataclass
from enum import StrEnum

from ..words.translated import QT_TRANSLATE_NOOP


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
    ADJUST = QT_TRANSLATE_NOOP("Actions", "&Adjust")
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


def _check(id: str, text: str, key: str, *, separated: bool = False) -> Action:
    return Action(id, text, Menu.VIEW, (key,), Scope.IMAGE, checkable=True, separated=separated)


def _layout(name: str, text: str, key: str, *, separated: bool = False) -> Action:
    return Action(f"layout_{name}", text, Menu.VIEW, (key,), Scope.WINDOW, True, True, "layout", separated)


ACTIONS: tuple[Action, ...] = (
    Action("open_files", QT_TRANSLATE_NOOP("Actions", "Open files..."), Menu.FILE, ("Ctrl+O",), toolbar=True),
    Action("open_folder", QT_TRANSLATE_NOOP("Actions", "Open folder..."), Menu.FILE, ("Ctrl+Shift+O",)),
    Action("close_image", QT_TRANSLATE_NOOP("Actions", "Close image"), Menu.FILE, ("Ctrl+W",)),
    Action("save_view", QT_TRANSLATE_NOOP("Actions", "Save view..."), Menu.FILE, ("Ctrl+S",), separated=True),
    Action("save_image", QT_TRANSLATE_NOOP("Actions", "Save whole image as PNG..."), Menu.FILE),
    Action("print", QT_TRANSLATE_NOOP("Actions", "Print..."), Menu.FILE, ("Ctrl+P",)),
    Action("anonymise", QT_TRANSLATE_NOOP("Actions", "Make anonymised copies..."), Menu.FILE),
    Action("failures", QT_TRANSLATE_NOOP("Actions", "Files that were not opened..."), Menu.FILE, separated=True),
    Action("remove_study", QT_TRANSLATE_NOOP("Actions", "Remove study from list..."), Menu.FILE),
    Action("quit", QT_TRANSLATE_NOOP("Actions", "Quit"), Menu.FILE, ("Ctrl+Q",), separated=True),
    _image("undo", QT_TRANSLATE_NOOP("Actions", "Undo measurement"), Menu.EDIT, "Ctrl+Z", toolbar=True, separated=True),
    _image("redo", QT_TRANSLATE_NOOP("Actions", "Redo measurement"), Menu.EDIT, "Ctrl+Y", "Ctrl+Shift+Z"),
    _image("delete", QT_TRANSLATE_NOOP("Actions", "Delete measurement"), Menu.EDIT, "Delete", "Backspace"),
    _image("select_next", QT_TRANSLATE_NOOP("Actions", "Select next measurement"), Menu.EDIT, "N"),
    _image("cancel", QT_TRANSLATE_NOOP("Actions", "Cancel tool"), Menu.EDIT, "Esc"),
    _image("copy_view", QT_TRANSLATE_NOOP("Actions", "Copy view"), Menu.EDIT, "Ctrl+C", separated=True),
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
    _check("overlays", QT_TRANSLATE_NOOP("Actions", "Show overlays"), "O", separated=True),
    _check("shutters", QT_TRANSLATE_NOOP("Actions", "Show shutters"), "U"),
    _check("drawings", QT_TRANSLATE_NOOP("Actions", "Show drawings of presentation state"), "G"),
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
    _image("key_image", QT_TRANSLATE_NOOP("Actions", "Key image"), Menu.IMAGE, "K", toolbar=True, separated=True),
    Action("save_keys", QT_TRANSLATE_NOOP("Actions", "Save key images of study..."), Menu.IMAGE),
    Action("open_state", QT_TRANSLATE_NOOP("Actions", "Open presentation state..."), Menu.IMAGE),
    Action("save_state", QT_TRANSLATE_NOOP("Actions", "Save presentation state..."), Menu.IMAGE),
    Action("clear_state", QT_TRANSLATE_NOOP("Actions", "Remove presentation state"), Menu.IMAGE),
    _tool("window", QT_TRANSLATE_NOOP("Actions", "Window and level"), "W", Menu.ADJUST),
    _tool("pan", QT_TRANSLATE_NOOP("Actions", "Pan"), "T", Menu.ADJUST),
    _tool("zoom", QT_TRANSLATE_NOOP("Actions", "Zoom"), "Z", Menu.ADJUST),
    Action(
        "lens",
        QT_TRANSLATE_NOOP("Actions", "Magnifier"),
        Menu.ADJUST,
        ("M",),
        Scope.IMAGE,
        toolbar=True,
        checkable=True,
    ),
    _image(
        "auto_window", QT_TRANSLATE_NOOP("Actions", "Automatic window"), Menu.ADJUST, "0", toolbar=True, separated=True
    ),
    _image("invert", QT_TRANSLATE_NOOP("Actions", "Invert"), Menu.ADJUST, "I", toolbar=True),
    _image("wider", QT_TRANSLATE_NOOP("Actions", "Wider window"), Menu.ADJUST, "Shift+Right"),
    _image("narrower", QT_TRANSLATE_NOOP("Actions", "Narrower window"), Menu.ADJUST, "Shift+Left"),
    _image("brighter", QT_TRANSLATE_NOOP("Actions", "Brighter"), Menu.ADJUST, "Shift+Up"),
    _image("darker", QT_TRANSLATE_NOOP("Actions", "Darker"), Menu.ADJUST, "Shift+Down"),
    _image(
        "fit",
        QT_TRANSLATE_NOOP("Actions", "Fit to view"),
        Menu.ADJUST,
        "F",
        "Ctrl+Return",
        toolbar=True,
        separated=True,
    ),
    _image("one_to_one", QT_TRANSLATE_NOOP("Actions", "Actual pixels"), Menu.ADJUST, "Ctrl+1", toolbar=True),
    _image("two_to_one", QT_TRANSLATE_NOOP("Actions", "Twice as large as the pixels"), Menu.ADJUST, "Ctrl+2"),
    _image("actual_size", QT_TRANSLATE_NOOP("Actions", "Actual size"), Menu.ADJUST, "Ctrl+3"),
    _image("zoom_in", QT_TRANSLATE_NOOP("Actions", "Zoom in"), Menu.ADJUST, "+", "="),
    _image("zoom_out", QT_TRANSLATE_NOOP("Actions", "Zoom out"), Menu.ADJUST, "-"),
    _image("pan_left", QT_TRANSLATE_NOOP("Actions", "Pan left"), Menu.ADJUST, "Alt+Left"),
    _image("pan_right", QT_TRANSLATE_NOOP("Actions", "Pan right"), Menu.ADJUST, "Alt+Right"),
    _image("pan_up", QT_TRANSLATE_NOOP("Actions", "Pan up"), Menu.ADJUST, "Alt+Up"),
    _image("pan_down", QT_TRANSLATE_NOOP("Actions", "Pan down"), Menu.ADJUST, "Alt+Down"),
    _image(
        "rotate_right", QT_TRANSLATE_NOOP("Actions", "Rotate right"), Menu.ADJUST, "R", toolbar=True, separated=True
    ),
    _image("rotate_left", QT_TRANSLATE_NOOP("Actions", "Rotate left"), Menu.ADJUST, "L"),
    _image("flip_horizontal", QT_TRANSLATE_NOOP("Actions", "Flip left and right"), Menu.ADJUST, "H", toolbar=True),
    _image("flip_vertical", QT_TRANSLATE_NOOP("Actions", "Flip top and bottom"), Menu.ADJUST, "V"),
    _image("reset", QT_TRANSLATE_NOOP("Actions", "Reset view"), Menu.ADJUST, "Shift+R", toolbar=True, separated=True),
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
    Action("uncalibrate", QT_TRANSLATE_NOOP("Actions", "Forget the calibration"), Menu.MEASURE),
    Action("key_sheet", QT_TRANSLATE_NOOP("Actions", "Keys and mouse"), Menu.HELP, ("F1",)),
    Action("sample_study", QT_TRANSLATE_NOOP("Actions", "Open sample study"), Menu.HELP),
    Action("test_pattern", QT_TRANSLATE_NOOP("Actions", "Monitor test pattern"), Menu.HELP),
    Action("calibrate_monitor", QT_TRANSLATE_NOOP("Actions", "Calibrate this monitor..."), Menu.HELP),
    Action("about", QT_TRANSLATE_NOOP("Actions", "About UniX Edge"), Menu.HELP, separated=True),
)
PRESETS = (
    _image("preset_1", QT_TRANSLATE_NOOP("Actions", "Preset 1"), Menu.ADJUST, "1"),
    _image("preset_2", QT_TRANSLATE_NOOP("Actions", "Preset 2"), Menu.ADJUST, "2"),
    _image("preset_3", QT_TRANSLATE_NOOP("Actions", "Preset 3"), Menu.ADJUST, "3"),
    _image("preset_4", QT_TRANSLATE_NOOP("Actions", "Preset 4"), Menu.ADJUST, "4"),
    _image("preset_5", QT_TRANSLATE_NOOP("Actions", "Preset 5"), Menu.ADJUST, "5"),
    _image("preset_6", QT_TRANSLATE_NOOP("Actions", "Preset 6"), Menu.ADJUST, "6"),
    _image("preset_7", QT_TRANSLATE_NOOP("Actions", "Preset 7"), Menu.ADJUST, "7"),
    _image("preset_8", QT_TRANSLATE_NOOP("Actions", "Preset 8"), Menu.ADJUST, "8"),
    _image("preset_9", QT_TRANSLATE_NOOP("Actions", "Preset 9"), Menu.ADJUST, "9"),
)
"""In a menu of their own, by the names that the image gives them."""
ALL = {each.id: each for each in (*ACTIONS, *PRESETS)}
