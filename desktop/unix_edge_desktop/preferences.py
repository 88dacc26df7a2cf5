"""What a person sets, put into force and kept: layout, scale, tool, keys, what is hidden; how the window is left."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QObject, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from unix_edge.errors import UnixEdgeError

from .canvas import LENS
from .keeper import Keeper
from .keys import KeyMap, load_keys, save_keys
from .settings import Folders, Settings, load_settings
from .settings_dialog import SettingsDialog
from .theme import FONT_POINTS, make_palette, style_sheet

if TYPE_CHECKING:
    from .main_window import MainWindow

BUTTONS = {
    "left": Qt.MouseButton.LeftButton,
    "middle": Qt.MouseButton.MiddleButton,
    "right": Qt.MouseButton.RightButton,
}


class Preferences(QObject):
    """The settings and keys of one window."""

    def __init__(self, folders: Folders, window: "MainWindow") -> None:
        super().__init__(window)
        self.settings = load_settings(folders.settings)
        self.keys, self.notice = load_keys(folders.keys)
        self.keeper = Keeper(folders.settings, self._describe, self)
        self._folders = folders
        self._window = window

    def restore(self) -> None:
        """Be as the window was left."""
        window, settings = self._window, self.settings
        self.set_scale(settings.scale)
        self.set_keys(self.keys)
        self.set_layout(settings.layout)
        self.set_synchronised(settings.synchronised)
        self.set_hide_patient(settings.hide_patient)
        self.set_blank_after(settings.blank_after)
        self.set_tool("window")
        for kind in ("overlays", "shutters", "drawings"):
            self._check(kind, on=True)
        window.resize(1280, 800)
        self._give_room()
        if settings.geometry:
            window.restoreGeometry(QByteArray.fromBase64(settings.geometry.encode()))
        if settings.panels:
            window.restoreState(QByteArray.fromBase64(settings.panels.encode()))

    def change(self, **changed: Any) -> None:
        """Keep other values from now on."""
        self.settings = replace(self.settings, **changed)
        self.keeper.touch()

    def set_layout(self, name: str) -> None:
        """Show so many views."""
        self._window.grid.set_layout(name)
        self._check(f"layout_{name}", on=True)
        self.change(layout=name)

    def set_synchronised(self, on: bool) -> None:
        """Let all views zoom and pan together, or each alone."""
        self._window.grid.set_synchronised(on)
        self._check("synchronise", on=on)
        self.change(synchronised=on)

    def set_hide_patient(self, on: bool) -> None:
        """Leave out all that tells who it is, or write it."""
        for canvas in self._window.grid.canvases:
            canvas.set_hide_patient(on)
        self._window.studies.set_hide_patient(on)
        self._check("hide_patient", on=on)
        self.change(hide_patient=on)

    def set_monitor(self, name: str, pixel: float) -> None:
        """Keep how many millimetres a device pixel of a monitor has."""
        self.change(monitors={**self.settings.monitors, name: pixel})

    def set_blank_after(self, minutes: int) -> None:
        """Cover the windows after so many minutes without use; 0 is never."""
        self._window.blanking.set_minutes(minutes)
        self.change(blank_after=minutes)

    def set_scale(self, scale: int) -> None:
        """Show text and controls so large, in percent; images stay as they are."""
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        if application.styleSheet() != (sheet := style_sheet(scale)):
            font = QFont(application.font())
            font.setPointSizeF(FONT_POINTS * scale / 100)
            application.setFont(font)
            application.setPalette(make_palette())
            application.setStyleSheet(sheet)
        self._window.menus.set_scale(scale)
        self._window.studies.set_scale(scale)
        self._window.menus.arrange()
        self.change(scale=scale)

    def set_tool(self, name: str) -> None:
        """Give the left button a tool, in all views; the magnifier is switched on and off beside it."""
        for canvas in self._window.grid.canvases:
            canvas.set_tool(name)
        if name != LENS:
            self._check(f"tool_{name}", on=True)

    def toggle_text(self) -> None:
        """Write all, less, nothing in the corners, in turn, of all views."""
        state = self._window.grid.active.text_state.next()
        for canvas in self._window.grid.canvases:
            while canvas.text_state is not state:
                canvas.toggle_text()

    def toggle_layers(self, kind: str) -> None:
        """Show overlays, shutters or drawings, or no longer, in all views alike."""
        shown = not getattr(self._window.grid.active.layers, f"{kind}_shown")
        for canvas in self._window.grid.canvases:
            if getattr(canvas.layers, f"{kind}_shown") is not shown:
                getattr(canvas, f"toggle_{kind}")()
        self._check(kind, on=shown)

    def set_keys(self, keys: KeyMap) -> None:
        """Use other keys and mouse buttons, from now on."""
        self.keys = keys
        self._window.menus.set_keys(keys)
        for canvas in self._window.grid.canvases:
            canvas.pointer.buttons = {BUTTONS[button]: role for button, role in keys.mouse.items()}
            canvas.pointer.reversed_window = keys.reversed_window
            canvas.pointer.wheel_zooms = keys.wheel_zooms

    def set_full_screen(self, on: bool) -> None:
        """Fill the screen, or no longer."""
        full = Qt.WindowState.WindowFullScreen
        state = self._window.windowState()
        self._window.setWindowState(state | full if on else state & ~full)

    def ask(self) -> None:
        """Let a person change settings and keys."""
        dialog = SettingsDialog(self.settings, self.keys, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.take(dialog.settings, dialog.keys))
        dialog.open()

    def take(self, settings: Settings, keys: KeyMap) -> None:
        """Use and keep what was set."""
        if settings.scale != self.settings.scale:
            self.set_scale(settings.scale)
            self._give_room()
        self.set_hide_patient(settings.hide_patient)
        self.set_blank_after(settings.blank_after)
        self.change(language=settings.language)
        if keys != self.keys:
            self.set_keys(keys)
            try:
                save_keys(self._folders.keys, keys)
            except UnixEdgeError as error:
                self._window.say(str(error))

    def _give_room(self) -> None:
        """Make the list of studies so wide that its text can be read at the scale."""
        width = 300 * self.settings.scale // 100
        self._window.resizeDocks([self._window.study_dock], [width], Qt.Orientation.Horizontal)

    def _check(self, id: str, *, on: bool) -> None:
        self._window.menus.actions[id].setChecked(on)

    def _describe(self) -> Settings:
        """Return the settings, and how the window is."""
        left = (self._window.saveGeometry(), self._window.saveState())
        geometry, panels = (bytes(each.toBase64().data()).decode() for each in left)
        desk = self._window.desk
        views = desk.describe() if desk.was_used else self.settings.views
        return replace(self.settings, geometry=geometry, panels=panels, views=views)
