"""The look of the whole app, as a person sets it."""

from dataclasses import replace

from PySide6.QtWidgets import QFormLayout, QLabel

from ..storage.settings import LANGUAGES, SCALES, Settings
from ..toolkit.settings_page import SettingsPage, make_combo


class GeneralPage(SettingsPage):
    """Language, and scale of text and controls."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.setWindowTitle(self.tr("General"))
        names = dict(zip(LANGUAGES, (self.tr("As the system"), "English", "Deutsch"), strict=True))
        self.language = make_combo(self.tr("Language"), names, settings.language)
        scales = {each: f"{each} %" for each in SCALES}
        self.scale = make_combo(self.tr("Scale of text and controls"), scales, settings.scale)
        note = QLabel(self.tr("Another language is used when the app is started again."))
        note.setObjectName("quiet")
        note.setWordWrap(True)
        form = QFormLayout(self)
        form.addRow(self.tr("Language"), self.language)
        form.addRow(note)
        form.addRow(self.tr("Scale of text and controls"), self.scale)

    def chosen(self, settings: Settings) -> Settings:
        """Return settings with what was chosen on this page."""
        return replace(settings, language=str(self.language.currentData()), scale=int(self.scale.currentData()))
