"""What a person sets: kept, and told to whoever it is for; how the window is left is kept with it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from unix_edge.errors import UnixEdgeError

from ..canvas.canvas import LENS
from ..storage.settings import Folders, Settings, load_settings
from ..toolkit.autosave import Keeper
from ..toolkit.sentences import tell
from .keys import KeyMap, load_keys, save_keys
from .settings_dialog import SettingsDialog


class Preferences(QObject):
    """The settings and keys of one window; it knows none of those that they are for."""

    layout_changed = Signal(str)
    synchronised_changed = Signal(bool)
    hide_patient_changed = Signal(bool)
    blank_after_changed = Signal(int)
    """Minutes without use; 0 is never."""
    scale_changed = Signal(int)
    """Of text and controls, in percent."""
    room_wanted = Signal(int)
    """The list of studies is to be as wide as its text at this scale."""
    tool_changed = Signal(str)
    keys_changed = Signal(object)
    """The new `KeyMap`."""
    checked = Signal(str, bool)
    """An action's id, and whether it is in force."""
    taken = Signal(object)
    """All `Settings`, after a person changed some in the dialog; for a part whose own page has more than the above."""
    failed = Signal(str)
    """Why something could not be kept, in a sentence."""

    def __init__(self, folders: Folders, describe: Callable[[Settings], Settings], parent: QObject) -> None:
        """Load what was kept.

        Args:
            folders: Where settings and keys are.
            describe: Adds to settings how the window is.
            parent: Whose they are.
        """
        super().__init__(parent)
        self.settings = load_settings(folders.settings)
        self.keys, self.notice = load_keys(folders.keys)
        self.keeper = Keeper(folders.settings, lambda: describe(self.settings), self)
        self.keeper.failed.connect(self.failed)
        self._folders = folders

    def restore(self) -> None:
        """Put into force what was kept."""
        settings = self.settings
        self.set_scale(settings.scale)
        self.set_keys(self.keys)
        self.set_layout(settings.layout)
        self.set_synchronised(settings.synchronised)
        self.set_hide_patient(settings.hide_patient)
        self.set_blank_after(settings.blank_after)
        self.set_tool("window")

    def change(self, **changed: Any) -> None:
        """Keep other values from now on."""
        self.settings = replace(self.settings, **changed)
        self.keeper.touch()

    def set_layout(self, name: str) -> None:
        """Show so many views."""
        self.layout_changed.emit(name)
        self.checked.emit(f"layout_{name}", True)
        self.change(layout=name)

    def set_synchronised(self, on: bool) -> None:
        """Let all views zoom and pan together, or each alone."""
        self.synchronised_changed.emit(on)
        self.checked.emit("synchronise", on)
        self.change(synchronised=on)

    def set_hide_patient(self, on: bool) -> None:
        """Leave out all that tells who it is, or write it."""
        self.hide_patient_changed.emit(on)
        self.checked.emit("hide_patient", on)
        self.change(hide_patient=on)

    def set_monitor(self, name: str, pixel: float) -> None:
        """Keep how many millimetres a device pixel of a monitor has."""
        self.change(monitors={**self.settings.monitors, name: pixel})

    def keep_measured(self, name: str, seconds: float) -> None:
        """Keep how long a report or a picture took here."""
        self.change(measured={**self.settings.measured, name: seconds})

    def set_blank_after(self, minutes: int) -> None:
        """Cover the windows after so many minutes without use; 0 is never."""
        self.blank_after_changed.emit(minutes)
        self.change(blank_after=minutes)

    def set_scale(self, scale: int) -> None:
        """Show text and controls so large, in percent; images stay as they are."""
        self.scale_changed.emit(scale)
        self.change(scale=scale)

    def set_tool(self, name: str) -> None:
        """Give the left button a tool, in all views; the magnifier is switched on and off beside it."""
        self.tool_changed.emit(name)
        if name != LENS:
            self.checked.emit(f"tool_{name}", True)

    def set_keys(self, keys: KeyMap) -> None:
        """Use other keys and mouse buttons, from now on."""
        self.keys = keys
        self.keys_changed.emit(keys)

    def ask(self, window: QWidget) -> None:
        """Let a person change settings and keys."""
        dialog = SettingsDialog(self.settings, self.keys, window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.take(dialog.settings, dialog.keys))
        dialog.open()

    def take(self, settings: Settings, keys: KeyMap) -> None:
        """Use and keep what was set."""
        if settings.scale != self.settings.scale:
            self.set_scale(settings.scale)
            self.room_wanted.emit(settings.scale)
        self.set_hide_patient(settings.hide_patient)
        self.set_blank_after(settings.blank_after)
        self.settings = settings
        self.keeper.touch()
        self.taken.emit(settings)
        if keys != self.keys:
            self.set_keys(keys)
            try:
                save_keys(self._folders.keys, keys)
            except UnixEdgeError as error:
                self.failed.emit(tell(error))
