"""How wide the panels beside the films are: as they were at a scale on such a screen, else so that films have half."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow

from ..assistant.assistant_dock import WIDTH
from ..storage.settings import Settings, scale_name

LIST_WIDTH = 300
"""Pixels of the list of studies at 100 %."""
_SEPARATOR = 4
"""Pixels between a panel and the films."""


class Panels:
    """The list of studies and the AI panel."""

    def __init__(self, window: QMainWindow, studies: QDockWidget, assistant: QDockWidget) -> None:
        self._window = window
        self._usual = {studies: LIST_WIDTH, assistant: WIDTH}

    def give_room(self, scale: int, settings: Settings) -> None:
        """Give them their widths at a scale of text, in percent."""
        docks = [each for each in self._usual if not each.isHidden() and not each.isFloating()]
        kept = settings.panel_widths.get(self._name(scale))
        if kept is not None:
            wanted = dict(zip(self._usual, kept, strict=True))
        else:
            wanted = self._share(docks, {dock: width * scale // 100 for dock, width in self._usual.items()})
        self._window.resizeDocks(docks, [wanted[each] for each in docks], Qt.Orientation.Horizontal)

    def _share(self, docks: list[QDockWidget], wanted: dict[QDockWidget, int]) -> dict[QDockWidget, int]:
        """Return widths that leave the films half; where one cannot be as narrow, others are narrower."""
        room = self._window.width() // 2 - _SEPARATOR * len(docks)
        least = {dock: dock.minimumSizeHint().width() for dock in docks}
        share = min(1.0, room / max(1, sum(wanted[each] for each in docks)))
        widths = {dock: max(int(wanted[dock] * share), least[dock]) for dock in docks}
        for dock in docks:
            over = sum(widths.values()) - room
            widths[dock] = max(widths[dock] - max(over, 0), least[dock])
        return widths

    def describe(self, settings: Settings) -> dict[str, list[int]]:
        """Return how wide they are at each scale; what is not beside the films is as it was."""
        if not all(each.isVisible() and not each.isFloating() for each in self._usual):
            return settings.panel_widths
        return {**settings.panel_widths, self._name(settings.scale): [each.width() for each in self._usual]}

    def _name(self, scale: int) -> str:
        return scale_name(scale, self._window.devicePixelRatioF(), self._window.screen().availableSize().width())
