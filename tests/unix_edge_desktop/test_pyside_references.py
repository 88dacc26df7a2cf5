"""The app outlives more calls of Qt than Python has references to None."""

import sys

import pytest

DRAW = """
import os
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from unix_edge_desktop.toolkit.pyside_references import hold_singletons
{hold}
from PySide6.QtGui import QGuiApplication, QImage, QPainter, QPen
application = QGuiApplication([])
picture = QImage(9, 9, QImage.Format.Format_RGB32)
painter, pen = QPainter(picture), QPen()
for _ in range(300_000):
    painter.setPen(pen)
painter.end()
print("alive")
"""


def test_many_calls_of_qt_do_no_harm(run_python):
    result = run_python("-c", DRAW.format(hold="hold_singletons()"))
    assert (result.returncode, result.stdout) == (0, "alive\n"), result.stderr


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="Python frees them no more")
def test_they_are_held_once(run_python):
    code = (
        "import sys; from unix_edge_desktop.toolkit.pyside_references import REFERENCES, hold_singletons;"
        "hold_singletons(); hold_singletons();"
        "print(all(REFERENCES <= sys.getrefcount(each) < 2 * REFERENCES for each in (None, True, False)))"
    )
    assert run_python("-c", code).stdout == "True\n"
