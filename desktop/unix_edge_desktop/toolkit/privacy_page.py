"""What a passer-by is not to see, as a person sets it."""

from dataclasses import replace

from PySide6.QtWidgets import QCheckBox, QFormLayout

from ..storage.settings import BLANK_AFTER, Settings
from .settings_page import SettingsPage, make_combo


class PrivacyPage(SettingsPage):
    """Whether patient text is hidden, and after how long the windows are covered."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.setWindowTitle(self.tr("Privacy"))
        self.hide_patient = QCheckBox(self.tr("Hide patient text"))
        self.hide_patient.setChecked(settings.hide_patient)
        never, minutes = self.tr("Never"), self.tr("{0} minutes")
        after = {each: minutes.replace("{0}", str(each)) if each else never for each in BLANK_AFTER}
        self.blank_after = make_combo(self.tr("Hide everything when not used for"), after, settings.blank_after)
        form = QFormLayout(self)
        form.addRow(self.hide_patient)
        form.addRow(self.tr("Hide everything when not used for"), self.blank_after)

    def chosen(self, settings: Settings) -> Settings:
        """Return settings with what was chosen on this page."""
        return replace(
            settings, hide_patient=self.hide_patient.isChecked(), blank_after=int(self.blank_after.currentData())
        )
