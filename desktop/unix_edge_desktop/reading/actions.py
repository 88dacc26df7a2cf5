"""What a person can do with the list of studies and with what hangs in the views."""

from ..toolkit.action import Action, Commands, Menu, Scope, of_image
from ..words.translated import QT_TRANSLATE_NOOP
from .failure_list import FailureList
from .hanging import Desk

READING: tuple[Action, ...] = (
    Action(
        "open_files",
        QT_TRANSLATE_NOOP("Actions", "Open files..."),
        Menu.FILE,
        ("Ctrl+O",),
        icon="M3 19V5h6l2 3h10v11zM3 11h18",
    ),
    Action("open_folder", QT_TRANSLATE_NOOP("Actions", "Open folder..."), Menu.FILE, ("Ctrl+Shift+O",)),
    Action("close_image", QT_TRANSLATE_NOOP("Actions", "Close image"), Menu.FILE, ("Ctrl+W",)),
    Action(
        "failures", QT_TRANSLATE_NOOP("Actions", "Files that were not opened..."), Menu.FILE, separated=True, section=1
    ),
    Action("remove_study", QT_TRANSLATE_NOOP("Actions", "Remove study from list..."), Menu.FILE, section=1),
    Action("search", QT_TRANSLATE_NOOP("Actions", "Search studies"), Menu.EDIT, ("Ctrl+F",), separated=True, section=1),
    of_image("elements", QT_TRANSLATE_NOOP("Actions", "DICOM elements..."), Menu.IMAGE, "Ctrl+T", section=1),
    Action(
        "previous_study",
        QT_TRANSLATE_NOOP("Actions", "Previous study in list"),
        Menu.IMAGE,
        ("Ctrl+PgUp",),
        separated=True,
        section=1,
    ),
    Action("next_study", QT_TRANSLATE_NOOP("Actions", "Next study in list"), Menu.IMAGE, ("Ctrl+PgDown",), section=1),
    Action(
        "compare_prior",
        QT_TRANSLATE_NOOP("Actions", "Compare with prior"),
        Menu.VIEW,
        ("Ctrl+B",),
        icon="M3 5h8v14H3zM13 5h8v14h-8zM17 9v4l2 1",
        section=1,
    ),
    of_image("older_prior", QT_TRANSLATE_NOOP("Actions", "Older prior"), Menu.VIEW, ",", section=1),
    of_image("newer_prior", QT_TRANSLATE_NOOP("Actions", "Newer prior"), Menu.VIEW, ".", section=1),
    Action(
        "study_panel",
        QT_TRANSLATE_NOOP("Actions", "Show studies"),
        Menu.VIEW,
        ("F9",),
        checkable=True,
        separated=True,
        section=3,
    ),
    Action("switch_panel", QT_TRANSLATE_NOOP("Actions", "Go to studies or image"), Menu.VIEW, ("F6",), section=3),
    of_image("previous_image", QT_TRANSLATE_NOOP("Actions", "Previous image"), Menu.IMAGE, "Up"),
    of_image("next_image", QT_TRANSLATE_NOOP("Actions", "Next image"), Menu.IMAGE, "Down"),
    of_image("first_image", QT_TRANSLATE_NOOP("Actions", "First image"), Menu.IMAGE, "Home"),
    of_image("last_image", QT_TRANSLATE_NOOP("Actions", "Last image"), Menu.IMAGE, "End"),
    Action(
        "play",
        QT_TRANSLATE_NOOP("Actions", "Play or stop"),
        Menu.IMAGE,
        ("Y",),
        scope=Scope.IMAGE,
        icon="M7 4l13 8-13 8z",
        checkable=True,
    ),
    of_image("previous_series", QT_TRANSLATE_NOOP("Actions", "Previous series"), Menu.IMAGE, "Left", "PgUp"),
    of_image("next_series", QT_TRANSLATE_NOOP("Actions", "Next series"), Menu.IMAGE, "Right", "PgDown"),
)


def reading_commands(desk: Desk, failures: FailureList) -> Commands:
    """Return what those do that take only the desk and the list of failures; the others take more of the window."""
    return {
        "close_image": lambda _: desk.close_image(),
        "failures": lambda _: failures.show(),
        "previous_image": lambda _: desk.page(-1),
        "next_image": lambda _: desk.page(1),
        "first_image": lambda _: desk.go_to(0),
        "last_image": lambda _: desk.go_to_last(),
        "play": lambda _: desk.play(),
        "previous_series": lambda _: desk.turn_series(-1),
        "next_series": lambda _: desk.turn_series(1),
    }
