"""What a part of the app lets a person set: one page of the settings."""

from collections.abc import Mapping

from PySide6.QtWidgets import QComboBox, QWidget

from ..storage.settings import Settings


class SettingsPage(QWidget):
    """One tab of the settings; a part makes its own, titled by its `windowTitle`."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()

    def chosen(self, settings: Settings) -> Settings:
        """Return settings with what was chosen on this page."""
        raise NotImplementedError  # abstract; Qt's metaclass allows no ABC beside it


def make_combo(name: str, choices: Mapping[str, str] | Mapping[int, str], chosen: object) -> QComboBox:
    """Return a box of choices, by their data, with a name that is read out."""
    box = QComboBox()
    box.setAccessibleName(name)
    for data, text in choices.items():
        box.addItem(text, data)
    box.setCurrentIndex(max(0, box.findData(chosen)))
    return box
