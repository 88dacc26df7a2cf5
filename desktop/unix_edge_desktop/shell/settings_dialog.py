"""What a person can set: the pages of all parts, and the keys and the mouse."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QPushButton,
    QTabWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from unix_edge.errors import SettingsError

from ..assistant.model_page import ModelPage
from ..storage.settings import Settings
from ..toolkit.privacy_page import PrivacyPage
from ..toolkit.sentences import tell
from ..toolkit.settings_page import SettingsPage, make_combo
from .actions import ALL
from .general_page import GeneralPage
from .help_dialogs import action_text, key_text
from .keys import ROLES, USUAL_MOUSE, KeyMap

PAGES: tuple[type[SettingsPage], ...] = (GeneralPage, ModelPage, PrivacyPage)
"""Each part's own."""
_ID = Qt.ItemDataRole.UserRole


class SettingsDialog(QDialog):
    """Settings and keys, as they are to be; the window takes them when the dialog is accepted."""

    def __init__(self, settings: Settings, keys: KeyMap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.keys = keys
        self._settings = settings
        self.setWindowTitle(self.tr("Settings"))
        self.problem = QLabel()
        self.problem.setObjectName("research")
        self.problem.setWordWrap(True)
        self.problem.setAccessibleName(self.tr("What is wrong"))
        tabs = QTabWidget()
        self.pages = [page(settings) for page in PAGES]
        for page in self.pages:
            tabs.addTab(page, page.windowTitle())
        tabs.addTab(self._make_keys(), self.tr("Keys"))
        tabs.addTab(self._make_mouse(), self.tr("Mouse"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(tabs, 1)
        column.addWidget(self.problem)
        column.addWidget(buttons)
        self.resize(self.fontMetrics().averageCharWidth() * 84, self.fontMetrics().height() * 32)

    @property
    def settings(self) -> Settings:
        """What was chosen."""
        settings = self._settings
        for page in self.pages:
            settings = page.chosen(settings)
        return settings

    def set_keys(self, id: str, keys: tuple[str, ...]) -> bool:
        """Give an action other keys; a conflict is said, and changes nothing."""
        try:
            self.keys = self.keys.with_keys(id, keys)
        except SettingsError as error:
            self.problem.setText(tell(error))
            return False
        self.problem.clear()
        self._write_keys()
        return True

    def set_mouse(self, button: str, role: str) -> bool:
        """Let a button do something else, unless none would be left for the chosen tool."""
        try:
            self.keys = self.keys.with_mouse(button, role)
        except SettingsError as error:
            self.problem.setText(tell(error))
            box = self.mouse[button]
            box.setCurrentIndex(box.findData(self.keys.mouse[button]))
            return False
        self.problem.clear()
        return True

    def _make_keys(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        self.table = QTreeWidget()
        self.table.setAccessibleName(self.tr("Keys"))
        self.table.setHeaderLabels([self.tr("Action"), self.tr("Keys")])
        self.table.setRootIsDecorated(False)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.header().setStretchLastSection(False)
        self.table.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        for action in ALL.values():
            item = QTreeWidgetItem([action_text(action), ""])
            item.setData(0, _ID, action.id)
            self.table.addTopLevelItem(item)
        self.table.setCurrentIndex(self.table.model().index(0, 0))
        self.editor = QKeySequenceEdit()
        self.editor.setMaximumSequenceLength(1)
        self.editor.setAccessibleName(self.tr("New key"))
        row = QHBoxLayout()
        row.addWidget(QLabel(self.tr("New key")))
        row.addWidget(self.editor, 1)
        for text, pressed in (
            (self.tr("Use"), self._use),
            (self.tr("Take away"), self._take_away),
            (self.tr("As usual"), self._as_usual),
        ):
            button = QPushButton(text)
            button.setAccessibleName(text)
            button.setAutoDefault(False)
            button.clicked.connect(pressed)
            row.addWidget(button)
        column.addWidget(self.table, 1)
        column.addLayout(row)
        self._write_keys()
        return page

    def _make_mouse(self) -> QWidget:
        page = QWidget()
        form = QFormLayout(page)
        roles = {
            "chosen": self.tr("Chosen tool"),
            "window": action_text(ALL["tool_window"]),
            "pan": action_text(ALL["tool_pan"]),
            "zoom": action_text(ALL["tool_zoom"]),
        }
        names = {"left": self.tr("Left button"), "middle": self.tr("Middle button"), "right": self.tr("Right button")}
        self.mouse: dict[str, QComboBox] = {}
        for button in USUAL_MOUSE:
            box = make_combo(names[button], {role: roles[role] for role in ROLES}, self.keys.mouse[button])
            box.activated.connect(lambda _, button=button, box=box: self.set_mouse(button, str(box.currentData())))
            self.mouse[button] = box
            form.addRow(names[button], box)
        self.reversed = QCheckBox(self.tr("Reverse window and level: left is wider, down is brighter"))
        self.reversed.setChecked(self.keys.reversed_window)
        self.reversed.toggled.connect(self._set_reversed)
        self.wheel = QCheckBox(self.tr("The wheel zooms, also where there are several images"))
        self.wheel.setChecked(self.keys.wheel_zooms)
        self.wheel.toggled.connect(self._set_wheel)
        form.addRow(self.reversed)
        form.addRow(self.wheel)
        return page

    def _set_reversed(self, on: bool) -> None:
        self.keys = replace(self.keys, reversed_window=on)

    def _set_wheel(self, on: bool) -> None:
        self.keys = replace(self.keys, wheel_zooms=on)

    def _write_keys(self) -> None:
        for at in range(self.table.topLevelItemCount()):
            item = self.table.topLevelItem(at)
            if item is not None:
                item.setText(1, key_text(self.keys.keys(item.data(0, _ID))))

    def _chosen(self) -> str:
        return str(self.table.currentIndex().siblingAtColumn(0).data(_ID))

    def _use(self) -> None:
        key = self.editor.keySequence().toString(QKeySequence.SequenceFormat.PortableText)
        if not key:
            self.problem.setText(self.tr("Press the new key in the field first."))
        elif self.set_keys(self._chosen(), (key,)):
            self.editor.clear()

    def _take_away(self) -> None:
        self.set_keys(self._chosen(), ())

    def _as_usual(self) -> None:
        self.set_keys(self._chosen(), ALL[self._chosen()].keys)
