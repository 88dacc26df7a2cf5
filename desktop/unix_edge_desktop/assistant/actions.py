"""What a person can do with the AI panel."""

from ..toolkit.action import Action, Commands, Menu
from ..words.translated import QT_TRANSLATE_NOOP
from .assistant_dock import AssistantDock

ASSISTANT: tuple[Action, ...] = (
    Action(
        "draft_report",
        QT_TRANSLATE_NOOP("Actions", "Draft report"),
        Menu.REPORT,
        ("F2",),
        icon="M5 3h10l4 4v14H5zM15 3v4h4M8 12h8M8 16h5",
        separated=True,
    ),
    Action("stop_model", QT_TRANSLATE_NOOP("Actions", "Stop the model"), Menu.REPORT, ("Ctrl+.", "F4")),
    Action("impression", QT_TRANSLATE_NOOP("Actions", "Impression from my findings"), Menu.REPORT, ("F3",)),
    Action("next_sentence", QT_TRANSLATE_NOOP("Actions", "Next sentence of the findings"), Menu.REPORT, ("Ctrl+F3",)),
    Action("generate", QT_TRANSLATE_NOOP("Actions", "Generate a picture..."), Menu.REPORT, ("Ctrl+G",), separated=True),
    Action(
        "assistant_panel",
        QT_TRANSLATE_NOOP("Actions", "Show AI panel"),
        Menu.VIEW,
        ("F10",),
        checkable=True,
        section=3,
    ),
    Action("export_log", QT_TRANSLATE_NOOP("Actions", "Export log of drafts..."), Menu.REPORT, separated=True),
    Action("about_model", QT_TRANSLATE_NOOP("Actions", "About this model"), Menu.REPORT),
)


def assistant_commands(assistant: AssistantDock) -> Commands:
    """Return what those do."""
    return {
        "draft_report": lambda _: assistant.draft(),
        "stop_model": lambda _: assistant.stop(),
        "impression": lambda _: assistant.write_impression(),
        "next_sentence": lambda _: assistant.write_sentence(),
        "generate": lambda _: assistant.go_to_generation(),
        "assistant_panel": lambda on: assistant.setVisible(on),
        "about_model": lambda _: assistant.show_card(),
    }
