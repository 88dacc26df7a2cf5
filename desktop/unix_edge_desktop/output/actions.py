"""What a person can have leave the app, and what comes in beside images."""

from ..toolkit.action import Action, Commands, Menu, of_image
from ..words.translated import QT_TRANSLATE_NOOP
from .exports import Exports

OUTPUT: tuple[Action, ...] = (
    Action("save_view", QT_TRANSLATE_NOOP("Actions", "Save view..."), Menu.FILE, ("Ctrl+S",), separated=True),
    Action("save_image", QT_TRANSLATE_NOOP("Actions", "Save whole image as PNG..."), Menu.FILE),
    Action("print", QT_TRANSLATE_NOOP("Actions", "Print..."), Menu.FILE, ("Ctrl+P",)),
    Action("anonymise", QT_TRANSLATE_NOOP("Actions", "Make anonymised copies..."), Menu.FILE),
    of_image("copy_view", QT_TRANSLATE_NOOP("Actions", "Copy view"), Menu.EDIT, "Ctrl+C", separated=True),
    Action("save_keys", QT_TRANSLATE_NOOP("Actions", "Save key images of study..."), Menu.IMAGE),
    Action("open_state", QT_TRANSLATE_NOOP("Actions", "Open presentation state..."), Menu.IMAGE),
    Action("save_state", QT_TRANSLATE_NOOP("Actions", "Save presentation state..."), Menu.IMAGE),
    Action("clear_state", QT_TRANSLATE_NOOP("Actions", "Remove presentation state"), Menu.IMAGE),
    Action("sample_study", QT_TRANSLATE_NOOP("Actions", "Open sample study"), Menu.HELP, section=1),
)


def output_commands(exports: Exports) -> Commands:
    """Return what those do that are for the active view; for anonymised copies the window knows the study."""
    return {
        "save_view": lambda _: exports.ask_to_save_view(),
        "save_image": lambda _: exports.ask_to_save_image(),
        "print": lambda _: exports.ask_to_print(),
        "copy_view": lambda _: exports.copy_view(),
        "save_keys": lambda _: exports.save_key_images(),
        "open_state": lambda _: exports.ask_for_state(),
        "save_state": lambda _: exports.ask_where_to_save_state(),
        "clear_state": lambda _: exports.clear_state(),
        "sample_study": lambda _: exports.open_sample_study(),
    }
