"""What a millimetre is: of an image by a line of known length, of a monitor by a ruler, and both together."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QInputDialog, QMainWindow

from unix_edge.errors import UnixEdgeError

from ..canvas.canvas_grid import CanvasGrid
from ..image.measuring import Length, calibrate_by
from ..reading.hanging import Desk
from ..toolkit.sentences import tell, translate_sentence
from .monitors import MonitorDialog, actual_zoom, name_monitor
from .preferences import Preferences


class Calibration(QObject):
    """The actions by which a reader says how long something is; dialogs are the window's."""

    def __init__(
        self,
        window: QMainWindow,
        grid: CanvasGrid,
        desk: Desk,
        preferences: Preferences,
        say: Callable[[str], None],
    ) -> None:
        super().__init__(window)
        self._window, self._grid, self._desk = window, grid, desk
        self._preferences, self._say = preferences, say

    def calibrate(self) -> None:
        """Take the selected length as so many millimetres, in all of the series."""
        canvas = self._grid.active
        image = canvas.image
        chosen = None if canvas.selected is None else canvas.measurements[canvas.selected]
        if image is None or not isinstance(chosen, Length):
            self._say(self.tr("Select a length in the image first."))
            return
        title, text = self.tr("Calibrate"), self.tr("How many millimetres long is the selected line?")
        text = f"{text}\n\n{canvas.whose}"
        millimetres, given = QInputDialog.getDouble(self._window, title, text, 100.0, 0.1, 10_000.0, 1)
        if given and canvas.image is not image:
            self._say(self.tr("The image is no longer shown; nothing was done."))
        elif given:
            try:
                self._desk.calibrate(canvas, calibrate_by(image, chosen, millimetres))
            except UnixEdgeError as error:
                self._say(tell(error))

    def uncalibrate(self) -> None:
        """Take the reader's own spacing away again, from all of the series."""
        canvas = self._grid.active
        if canvas.image is None or canvas.image.calibrated is None:
            self._say(self.tr("This image was not calibrated."))
            return
        self._desk.calibrate(canvas, canvas.image.calibrate(None))
        self._say(self.tr("The image has the spacing of its file again."))

    def calibrate_monitor(self) -> None:
        """Ask how long a line is on the monitor that the window is on."""
        dialog = MonitorDialog(self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.measured.connect(lambda pixel: self._preferences.set_monitor(name_monitor(dialog.screen()), pixel))
        dialog.open()

    def show_actual_size(self) -> None:
        """Show the image so that a millimetre of it is one of the monitor, if both are known."""
        canvas = self._grid.active
        pixel = self._preferences.settings.monitors.get(name_monitor(canvas.screen()))
        if canvas.image is None:
            self._say(self.tr("There is no image in this view."))
        elif pixel is None:
            self._say(self.tr("The size of this monitor's pixels is not known: calibrate it first, in the menu Help."))
        elif (zoom := actual_zoom(canvas.image.spacing, pixel)) is None:
            advice = self.tr("The image says nothing of millimetres: calibrate it by a length first.")
            reason = canvas.image.spacing.reason
            self._say(advice if reason is None else f"{advice} {translate_sentence(reason)}")
        else:
            canvas.one_to_one(zoom)
            self._say(self.tr("Actual size: {0}").replace("{0}", canvas.translate(canvas.image.spacing.label)))
