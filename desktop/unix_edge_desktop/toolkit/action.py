"""What a person can do, as each part of the app declares it; `shell/actions.py` joins them."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from ..words.translated import QT_TRANSLATE_NOOP

Commands = dict[str, Callable[[bool], object]]
"""What actions do, by their ids; called with whether a checkable one is checked."""


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
    REPORT = QT_TRANSLATE_NOOP("Actions", "&Report")
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
    icon: str = ""
    """The path of an SVG on a grid of 24; an action that has one is in the toolbar, too."""
    checkable: bool = False
    group: str = ""
    """Of those that share one, only one is checked."""
    separated: bool = False
    """A line is drawn before it, in menu and toolbar."""
    section: int = 0
    """Of its menu, from the top; within one, actions stand in the order of the parts."""


def of_image(
    id: str, text: str, menu: Menu, *keys: str, icon: str = "", separated: bool = False, section: int = 0
) -> Action:
    """Return an action whose keys count only while an image has the focus."""
    return Action(id, text, menu, keys, Scope.IMAGE, icon, separated=separated, section=section)
