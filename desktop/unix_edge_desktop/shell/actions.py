"""What a person can do, joined from all parts: menus, toolbar, tooltips, keys and the F1 sheet come from it."""

from ..assistant.actions import ASSISTANT
from ..canvas.actions import CANVAS, PRESETS
from ..output.actions import OUTPUT
from ..reading.actions import READING
from ..toolkit.action import Action, Menu
from ..words.translated import QT_TRANSLATE_NOOP

SHELL: tuple[Action, ...] = (
    Action("quit", QT_TRANSLATE_NOOP("Actions", "Quit"), Menu.FILE, ("Ctrl+Q",), separated=True, section=1),
    Action("settings", QT_TRANSLATE_NOOP("Actions", "Settings..."), Menu.EDIT, ("Ctrl+,",), separated=True, section=1),
    Action("full_screen", QT_TRANSLATE_NOOP("Actions", "Full screen"), Menu.VIEW, ("F11",), checkable=True, section=3),
    Action(
        "films_apart",
        QT_TRANSLATE_NOOP("Actions", "Films in a window of their own"),
        Menu.VIEW,
        ("Shift+F11",),
        checkable=True,
        section=3,
    ),
    Action("calibrate", QT_TRANSLATE_NOOP("Actions", "Calibrate by selected length..."), Menu.MEASURE, separated=True),
    Action("uncalibrate", QT_TRANSLATE_NOOP("Actions", "Forget the calibration"), Menu.MEASURE),
    Action("key_sheet", QT_TRANSLATE_NOOP("Actions", "Keys and mouse"), Menu.HELP, ("F1",)),
    Action("test_pattern", QT_TRANSLATE_NOOP("Actions", "Monitor test pattern"), Menu.HELP, section=1),
    Action("calibrate_monitor", QT_TRANSLATE_NOOP("Actions", "Calibrate this monitor..."), Menu.HELP, section=1),
    Action("about", QT_TRANSLATE_NOOP("Actions", "About UniX Edge"), Menu.HELP, separated=True, section=1),
)
_PARTS: tuple[Action, ...] = (
    *READING,
    *CANVAS,
    *OUTPUT,
    *ASSISTANT,
    *SHELL,
)
ACTIONS = tuple(sorted(_PARTS, key=lambda each: (list(Menu).index(each.menu), each.section)))
"""As they stand in the menus."""
ALL = {each.id: each for each in (*ACTIONS, *PRESETS)}
