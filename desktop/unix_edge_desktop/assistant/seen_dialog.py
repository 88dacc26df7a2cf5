"""What the model saw of a film: its very pixels, whatever window, turn or flip the reader chose."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from unix_edge.image import LoadedRadiograph

_SIDE = 640
"""Pixels of the dialog's picture, at most."""


class SeenDialog(QDialog):
    """A picture and, in words, by which window it became gray."""

    def __init__(self, loaded: LoadedRadiograph, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("What the model saw"))
        gray = np.ascontiguousarray(np.asarray(loaded.image.convert("L")))
        rows, columns = gray.shape
        image = QImage(gray.data, columns, rows, columns, QImage.Format.Format_Grayscale8).copy()
        self.picture = QLabel()
        self.picture.setAccessibleName(self.windowTitle())
        self.picture.setPixmap(
            QPixmap.fromImage(image).scaled(
                _SIDE, _SIDE, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
        )
        said = QLabel(loaded.window or self.tr("The file's own gray."))
        said.setTextFormat(Qt.TextFormat.PlainText)
        said.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.picture)
        column.addWidget(said)
        column.addWidget(buttons)
