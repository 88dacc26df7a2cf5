"""The sheet of keys and mouse, and what the app is."""

from html import escape
from importlib.metadata import version

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeySequence, QTextDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QTextBrowser, QVBoxLayout, QWidget

from ..canvas.actions import PRESETS
from ..toolkit.action import Action, Menu
from ..toolkit.icons import application_icon
from .actions import ACTIONS, ALL
from .keys import KeyMap


def action_text(action: Action) -> str:
    """Return an action's name in the reader's language."""
    return QCoreApplication.translate("Actions", action.text)


def key_text(keys: tuple[str, ...]) -> str:
    """Return keys as the system writes them."""
    native = QKeySequence.SequenceFormat.NativeText
    return ", ".join(QKeySequence(each).toString(native) for each in keys)


class KeySheet(QDialog):
    """All keys and what the mouse does, on one page to be read or printed."""

    def __init__(self, keys: KeyMap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keys and mouse"))
        self.page = QTextBrowser()
        self.page.setAccessibleName(self.tr("Keys and mouse"))
        self._html = self._write(keys)
        self.page.setHtml(self._html)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        printing = buttons.addButton(self.tr("Print..."), QDialogButtonBox.ButtonRole.ActionRole)
        printing.setAccessibleName(printing.text())
        printing.clicked.connect(self.ask_to_print)
        column = QVBoxLayout(self)
        column.addWidget(self.page, 1)
        column.addWidget(buttons)
        self.resize(self.fontMetrics().averageCharWidth() * 80, self.fontMetrics().height() * 36)

    def ask_to_print(self) -> None:
        """Print it, black on white."""
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        if QPrintDialog(printer, self).exec() == QPrintDialog.DialogCode.Accepted:
            self.print_to(printer)

    def print_to(self, printer: QPrinter) -> None:
        """Print it, black on white, whatever the colours of the screen are."""
        page = QTextDocument()
        page.setHtml(self._html)
        page.print_(printer)

    def _write(self, keys: KeyMap) -> str:
        mouse = self.tr("Mouse")  # lupdate does not look into f-strings
        parts = [f"<h3>{escape(mouse)}</h3>", self._table(self._mouse(keys))]
        for menu in Menu:
            actions = [each for each in ACTIONS if each.menu is menu]
            actions += PRESETS if menu is Menu.ADJUST else ()
            rows = [(action_text(each), key_text(keys.keys(each.id))) for each in actions if keys.keys(each.id)]
            title = QCoreApplication.translate("Actions", menu.value).replace("&", "")
            parts += [f"<h3>{escape(title)}</h3>", self._table(rows)]
        return "".join(parts)

    def _mouse(self, keys: KeyMap) -> list[tuple[str, str]]:
        roles = {
            "chosen": self.tr("the chosen tool, at first window and level"),
            "window": action_text(ALL["tool_window"]),
            "pan": action_text(ALL["tool_pan"]),
            "zoom": action_text(ALL["tool_zoom"]),
        }
        buttons = {"left": self.tr("Left drag"), "middle": self.tr("Middle drag"), "right": self.tr("Right drag")}
        rows = [(name, roles[keys.mouse[button]]) for button, name in buttons.items()]
        wheel = self.tr("zoom") if keys.wheel_zooms else self.tr("next and previous image; zoom where there is one")
        return [
            *rows,
            (self.tr("Right click"), self.tr("menu")),
            (self.tr("Wheel"), wheel),
            (self.tr("Ctrl and wheel"), self.tr("zoom at the mouse")),
            (self.tr("Double click"), action_text(ALL["maximise"])),
        ]

    @staticmethod
    def _table(rows: list[tuple[str, str]]) -> str:
        lines = (
            f'<tr><td width="60%">{escape(what)}</td><td width="40%">{escape(how)}</td></tr>' for what, how in rows
        )
        return f'<table width="100%" cellpadding="2">{"".join(lines)}</table>'


class AboutDialog(QDialog):
    """What the app is, and what it is not for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About UniX Edge"))
        picture = QLabel()
        picture.setPixmap(application_icon().pixmap(96, 96))
        picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        picture.setAccessibleName(self.tr("Icon of UniX Edge"))
        self.text = QTextBrowser()
        self.text.setAccessibleName(self.tr("About UniX Edge"))
        self.text.setPlainText(self._write())
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        column = QVBoxLayout(self)
        column.addWidget(picture)
        column.addWidget(self.text, 1)
        column.addWidget(buttons)
        self.resize(self.fontMetrics().averageCharWidth() * 64, self.fontMetrics().height() * 24)

    def _write(self) -> str:
        return "\n\n".join(
            [
                self.tr("UniX Edge {0}").replace("{0}", version("unix-edge")),
                self.tr("Research use only. Not for diagnosis."),
                self.tr("It is no medical device and has not been cleared as one. It reaches no network."),
                self.tr("Images are linked, never copied or changed. No GSDF correction is applied to the monitor."),
                self.tr("Licensed under Apache-2.0. It uses Qt for Python under LGPL-3.0."),
            ]
        )
