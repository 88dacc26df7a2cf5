"""What the mouse, the wheel and the keys do on an image."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent

from ..image import viewport as view
from ..image.images import ViewImage
from ..image.measuring import KINDS, Measurement
from ..image.viewport import Point, Size, Viewport
from ..image.window_level import WindowState, drag
from .painting import distance_to

VIEWING_TOOLS = ("window", "pan", "zoom")
TOOLS = (*VIEWING_TOOLS, *KINDS)
"""What the left button can be; W/L first."""
CHOSEN = "chosen"
BUTTONS = {
    "left": Qt.MouseButton.LeftButton,
    "middle": Qt.MouseButton.MiddleButton,
    "right": Qt.MouseButton.RightButton,
}
_SLACK = 4
"""Pixels that a hand moves in a click."""
_REACH = 8
"""Pixels within which a line or handle is taken hold of."""
_WHEEL_STEP = 1.15
_TOOL_KEYS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter)
_TOOL_MODIFIERS = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier


_Change = Callable[[Point, Point], Measurement]
"""What a drag makes of a measurement, given where it began and where the mouse is."""


class PointedAt(Protocol):
    """What a pointer must know of the view that it is over, and may do to it."""

    image: ViewImage | None
    viewport: Viewport
    window_state: WindowState
    tool: str
    key_cursor: Point | None
    stack_size: int

    @property
    def measurements(self) -> tuple[Measurement, ...]: ...
    @property
    def measurements_shown(self) -> bool: ...
    @property
    def scale(self) -> float: ...
    @property
    def device_size(self) -> Size: ...
    def width(self) -> int: ...
    def height(self) -> int: ...
    def to_widget(self, point: Point, /) -> Point: ...
    def from_widget(self, point: Point, /) -> Point: ...
    def set_window(self, window: WindowState, /, *, draft: bool) -> None: ...
    def set_viewport(self, viewport: Viewport, /, *, draft: bool) -> None: ...
    def zoom_by(self, factor: float, at: Point, /) -> None: ...
    def finish_draft(self) -> None: ...
    def show_place(self, at: Point, /) -> None: ...
    def turn_pages(self, steps: int, /) -> None: ...
    def open_menu(self, at: QPoint, /) -> None: ...
    def set_key_cursor(self, point: Point, /) -> None: ...
    def set_pending(self, measurement: Measurement | None, /) -> None: ...
    def preview(self, changed: tuple[int, Measurement] | None, /) -> None: ...
    def add_measurement(self, measurement: Measurement, /) -> None: ...
    def change_measurement(self, index: int, measurement: Measurement, /) -> None: ...
    def select(self, index: int | None, /) -> None: ...
    def label_at(self, at: Point, /) -> tuple[int, int, Point] | None: ...
    def delete_selected(self) -> bool: ...
    def cancel(self) -> bool: ...


@dataclass(slots=True)
class _Drag:
    """A button that is held."""

    button: Qt.MouseButton
    start: Point
    move: Callable[[Point, Point], None] | None
    """Given the start and where the mouse is, in the widget's coordinates."""
    moved: bool = False
    done: Callable[[], None] | None = None


class Pointer:
    """The state of the mouse over one view."""

    def __init__(self, canvas: PointedAt) -> None:
        self._canvas = canvas
        self._drag: _Drag | None = None
        self._fixed: list[Point] = []
        self._turned = 0
        self.buttons = {
            Qt.MouseButton.LeftButton: CHOSEN,
            Qt.MouseButton.MiddleButton: "pan",
            Qt.MouseButton.RightButton: "zoom",
        }
        """What each button does: a viewing tool, or the one that was chosen."""
        self.reversed_window = False
        """Left is wider and down is brighter, as some readers are used to."""
        self.wheel_zooms = False
        """Also where there are several images to turn."""

    def set_buttons(self, mouse: Mapping[str, str], *, reversed_window: bool, wheel_zooms: bool) -> None:
        """Give each of `BUTTONS` what it does, and the window and the wheel their ways."""
        self.buttons = {BUTTONS[button]: role for button, role in mouse.items()}
        self.reversed_window, self.wheel_zooms = reversed_window, wheel_zooms

    def cancel(self) -> bool:
        """Let go of whatever is held, and forget a measurement that is half drawn; return whether there was one."""
        unfinished = bool(self._fixed)
        self._fixed.clear()
        self._drag = None
        self._canvas.preview(None)
        self._canvas.set_pending(None)
        return unfinished

    def press(self, event: QMouseEvent) -> None:
        """Begin a drag, take hold of a measurement or set a point."""
        canvas, at = self._canvas, _place(event)
        if canvas.image is None or self._drag is not None:
            return
        button = event.button()
        self._drag = _Drag(button, at, None)
        name = self.buttons.get(button, "")
        if name in VIEWING_TOOLS:
            self._drag.move = self._viewing(name)
        elif name == CHOSEN:
            self._use_tool(at)

    def move(self, event: QMouseEvent) -> None:
        """Go on with a drag, or show where the next point would be."""
        canvas, at = self._canvas, _place(event)
        if canvas.image is None:
            return
        held = self._drag
        if held is not None and held.move is not None:
            held.moved = held.moved or math.dist(held.start, at) > _SLACK
            # A right click must not zoom.
            if held.moved or held.button is not Qt.MouseButton.RightButton:
                held.move(held.start, at)
        elif self._fixed:
            self._show_pending(at)
        canvas.show_place(at)

    def release(self, event: QMouseEvent) -> None:
        """End a drag; of a measurement that was drawn by dragging set the point."""
        canvas, at, held = self._canvas, _place(event), self._drag
        if held is None or event.button() is not held.button:
            return
        self._drag = None
        if held.done is not None:
            held.done()
        elif held.button is Qt.MouseButton.RightButton and not held.moved:
            canvas.open_menu(event.globalPosition().toPoint())
        elif self.buttons.get(held.button) == CHOSEN and self._fixed and math.dist(held.start, at) > _SLACK:
            self._fix(at)
        canvas.finish_draft()

    def wheel(self, event: QWheelEvent) -> None:
        """Zoom at the cursor, or turn the pages of a stack."""
        canvas = self._canvas
        delta = event.angleDelta().y() or event.angleDelta().x()
        zooms = self.wheel_zooms or canvas.stack_size <= 1
        if zooms or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if canvas.image is not None:
                canvas.zoom_by(_WHEEL_STEP ** (delta / 120), (event.position().x(), event.position().y()))
            return
        self._turned += delta
        steps = int(self._turned / 120)
        self._turned -= steps * 120
        if steps:
            canvas.turn_pages(-steps)

    def wants(self, event: QKeyEvent) -> bool:
        """Return whether a key is for the measuring tool, before the window's shortcuts have it."""
        canvas = self._canvas
        plain = event.modifiers() & ~_TOOL_MODIFIERS == Qt.KeyboardModifier.NoModifier
        return canvas.image is not None and canvas.tool in KINDS and plain and event.key() in _TOOL_KEYS

    def key(self, event: QKeyEvent) -> bool:
        """Move the crosshair of a measuring tool and set points with it; return whether the key was one of ours."""
        canvas, key = self._canvas, event.key()
        if key == Qt.Key.Key_Escape:
            return canvas.cancel()
        if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            return canvas.delete_selected()
        if canvas.image is None or canvas.tool not in KINDS:
            return False
        arrows = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
        middle = (canvas.width() / 2, canvas.height() / 2)
        at = middle if canvas.key_cursor is None else canvas.to_widget(canvas.key_cursor)
        if key in arrows:
            step = 1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 10
            across, down = arrows[Qt.Key(key)]
            at = (
                min(max(at[0] + across * step, 0), canvas.width()),
                min(max(at[1] + down * step, 0), canvas.height()),
            )
            canvas.set_key_cursor(canvas.from_widget(at))
            if self._fixed:
                self._show_pending(at)
            canvas.show_place(at)
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            canvas.set_key_cursor(canvas.from_widget(at))
            self._fix(at)
            return True
        return False

    def _use_tool(self, at: Point) -> None:
        canvas, held = self._canvas, self._drag
        assert held is not None
        if not self._fixed and (change := self._take_hold(at)) is not None:
            self._take(*change)
            return
        canvas.select(None)
        if canvas.tool in VIEWING_TOOLS:
            held.move = self._viewing(canvas.tool)
        else:
            self._fix(at)

    def _viewing(self, tool: str) -> Callable[[Point, Point], None]:
        return {"window": self._window, "pan": self._pan, "zoom": self._zoom}[tool]()

    def _window(self) -> Callable[[Point, Point], None]:
        canvas, begun = self._canvas, self._canvas.window_state
        sign = -1 if self.reversed_window else 1

        def move(start: Point, at: Point) -> None:
            if canvas.image is not None:
                across, up = sign * (at[0] - start[0]), sign * (start[1] - at[1])
                canvas.set_window(drag(canvas.image, begun, across, up), draft=True)

        return move

    def _pan(self) -> Callable[[Point, Point], None]:
        canvas, begun = self._canvas, self._canvas.viewport

        def move(start: Point, at: Point) -> None:
            if canvas.image is not None:
                scale = canvas.scale
                delta = ((at[0] - start[0]) * scale, (at[1] - start[1]) * scale)
                canvas.set_viewport(view.pan(begun, delta, canvas.image.shape), draft=True)

        return move

    def _zoom(self) -> Callable[[Point, Point], None]:
        canvas, begun = self._canvas, self._canvas.viewport

        def move(start: Point, at: Point) -> None:
            scale = canvas.scale
            factor = 2 ** ((start[1] - at[1]) / 150)
            cursor = (start[0] * scale, start[1] * scale)
            canvas.set_viewport(view.zoom_at(begun, canvas.device_size, cursor, factor), draft=True)

        return move

    def _find(self, at: Point) -> tuple[int, int | None] | None:
        """Return which measurement is under the mouse, and which of its points; the newest first."""
        canvas = self._canvas
        for index in reversed(range(len(canvas.measurements))) if canvas.measurements_shown else ():
            places = [canvas.to_widget(point) for point in canvas.measurements[index].points]
            nearest = min(range(len(places)), key=lambda each: math.dist(places[each], at))
            if math.dist(places[nearest], at) <= _REACH:
                return index, nearest
            if distance_to(canvas.measurements[index], places, at) <= _REACH:
                return index, None
        return None

    def measurement_at(self, at: Point) -> int | None:
        """Return which measurement is under the mouse, by what is drawn or written of it."""
        found = self._find(at) or self._canvas.label_at(at)
        return None if found is None else found[0]

    def _take_hold(self, at: Point) -> tuple[int, _Change] | None:
        """Return which measurement a press takes hold of, and how a drag changes it: a point, a text, or all of it."""
        canvas, found = self._canvas, self._find(at)
        if found is not None and found[1] is not None:
            return found[0], self._move_point(canvas.measurements[found[0]], found[1])
        if (label := canvas.label_at(at)) is not None:
            index, text, corner = label
            return index, self._move_label(canvas.measurements[index], text, corner)
        return None if found is None else (found[0], self._move_whole(canvas.measurements[found[0]]))

    def _move_point(self, begun: Measurement, point: int) -> _Change:
        x, y = begun.points[point]

        def changed(start: Point, at: Point) -> Measurement:
            across, down = self._way(start, at)
            return begun.with_point(point, (x + across, y + down))

        return changed

    def _move_label(self, begun: Measurement, text: int, corner: Point) -> _Change:
        def changed(start: Point, at: Point) -> Measurement:
            place = (corner[0] + at[0] - start[0], corner[1] + at[1] - start[1])
            return begun.with_label(text, self._canvas.from_widget(place))

        return changed

    def _move_whole(self, begun: Measurement) -> _Change:
        return lambda start, at: begun.moved(*self._way(start, at))

    def _way(self, start: Point, at: Point) -> Point:
        """Return how far it is in the image from one place of the widget to another."""
        (x0, y0), (x1, y1) = self._canvas.from_widget(start), self._canvas.from_widget(at)
        return x1 - x0, y1 - y0

    def _take(self, index: int, changed: _Change) -> None:
        """Change a measurement until the button is released: one change to be taken back."""
        canvas, held = self._canvas, self._drag
        assert held is not None
        begun = canvas.measurements[index]
        canvas.select(index)

        last: list[Measurement] = []

        def move(start: Point, at: Point) -> None:
            if held.moved:
                last[:] = [changed(start, at)]
                canvas.preview((index, last[0]))

        def done() -> None:
            canvas.preview(None)
            # It may have been deleted meanwhile, or taken back.
            if last and begun in canvas.measurements[index : index + 1]:
                canvas.change_measurement(index, last[0])

        held.move, held.done = move, done

    def _fix(self, at: Point) -> None:
        """Set a point; with the last one the measurement is there."""
        canvas = self._canvas
        self._fixed.append(self._level(canvas.from_widget(at)))
        kind = KINDS[canvas.tool]
        if len(self._fixed) == kind.count:
            points = tuple(self._fixed)
            self._fixed.clear()
            canvas.set_pending(None)
            canvas.add_measurement(kind(points))
        else:
            self._show_pending(at)

    def _show_pending(self, at: Point) -> None:
        canvas = self._canvas
        points = (*self._fixed, self._level(canvas.from_widget(at)))
        canvas.set_pending(KINDS[canvas.tool](points))

    def _level(self, point: Point) -> Point:
        """Keep a line level, as it is seen, where its kind is; a second one along the first, whatever was turned."""
        canvas = self._canvas
        if not KINDS[canvas.tool].is_level or len(self._fixed) % 2 == 0:
            return point
        x, y = self._fixed[-1]
        along_row = canvas.viewport.quarters % 2 == 0
        if len(self._fixed) > 2:
            (x0, y0), (x1, y1) = self._fixed[:2]
            along_row = abs(x1 - x0) >= abs(y1 - y0)
        return (point[0], y) if along_row else (x, point[1])


def _place(event: QMouseEvent) -> Point:
    return event.position().x(), event.position().y()
