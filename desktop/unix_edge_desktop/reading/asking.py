"""Questions before something is done with a study: they say whose it is, and nothing is done by a hasty Enter."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget


def confirm(parent: QWidget, title: str, question: str, whose: str, act: str) -> bool:
    """Ask whether something is to be done with a study; only its own button does it, and it is not preset.

    Args:
        parent: Over which it is asked.
        title: Of the window; nothing of a patient.
        question: What is asked.
        whose: Patient, date and description, a line each.
        act: What the button says that does it.
    """
    box = QMessageBox(QMessageBox.Icon.Question, title, question, parent=parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(f"{question}\n\n{whose}")
    does = box.addButton(act, QMessageBox.ButtonRole.DestructiveRole)
    does.setAutoDefault(False)
    not_done = box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(not_done)
    box.setEscapeButton(not_done)
    box.exec()
    return box.clickedButton() is does
