"""The look: a dark reading desk in few colours, as one style sheet."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

_CHECK, _UP, _DOWN, _LEFT, _RIGHT, _PARENT, _MORE, _CLOSE, _FLOAT = (
    (Path(__file__).parent / f"{name}.svg").as_posix()
    for name in ("check", "up", "down", "left", "right", "parent", "more", "close", "float")
)

FONT_POINTS = 9.0
"""Of text at 100 %."""


@dataclass(frozen=True, slots=True)
class Colours:
    """Every colour of the window; images and what lies over them have their own."""

    ground: str = "#16181b"
    raised: str = "#1f2226"
    field: str = "#0f1113"
    film: str = "#000000"
    """Where a film would be."""
    edge: str = "#3a3f46"
    text: str = "#e4e6e8"
    quiet: str = "#a3aab2"
    disabled: str = "#70777f"
    accent: str = "#4aa3ff"
    chosen: str = "#1d4a75"
    chosen_text: str = "#ffffff"
    hover: str = "#2b3036"
    warning: str = "#ffb454"
    own: str = "#8fc7ff"
    """What a person wrote, where a machine wrote too."""


COLOURS = Colours()
PAIRS = (
    ("text", "ground"),
    ("text", "raised"),
    ("text", "field"),
    ("text", "hover"),
    ("quiet", "ground"),
    ("quiet", "raised"),
    ("quiet", "field"),
    ("text", "film"),
    ("quiet", "film"),
    ("chosen_text", "chosen"),
    ("warning", "ground"),
    ("warning", "raised"),
    ("warning", "field"),
    ("warning", "chosen"),
    ("own", "field"),
)
"""Text and what it is written on; a test holds their contrast."""


def make_palette() -> QPalette:
    """Return the colours for what the style sheet does not reach."""
    c, palette = COLOURS, QPalette()
    for role, colour in (
        (QPalette.ColorRole.Window, c.ground),
        (QPalette.ColorRole.WindowText, c.text),
        (QPalette.ColorRole.Base, c.field),
        (QPalette.ColorRole.AlternateBase, c.raised),
        (QPalette.ColorRole.Text, c.text),
        (QPalette.ColorRole.PlaceholderText, c.quiet),
        (QPalette.ColorRole.Button, c.raised),
        (QPalette.ColorRole.ButtonText, c.text),
        (QPalette.ColorRole.ToolTipBase, c.raised),
        (QPalette.ColorRole.ToolTipText, c.text),
        (QPalette.ColorRole.Highlight, c.chosen),
        (QPalette.ColorRole.HighlightedText, c.chosen_text),
        (QPalette.ColorRole.Link, c.accent),
    ):
        palette.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(c.disabled))
    return palette


def style_sheet(scale: int = 100) -> str:
    """Return the style sheet at a scale in percent."""
    c = COLOURS

    def px(length: float) -> str:
        return f"{max(1, round(length * scale / 100))}px"

    return f"""
    QWidget {{ color: {c.text}; font-size: {FONT_POINTS * scale / 100:g}pt; }}
    QMainWindow, QDialog, QMessageBox {{ background: {c.ground}; }}
    QMainWindow::separator {{ background: {c.ground}; width: {px(4)}; height: {px(4)}; }}
    QMainWindow::separator:hover {{ background: {c.accent}; }}
    QMenuBar, QToolBar, QStatusBar {{ background: {c.raised}; border: none; }}
    QMenuBar::item {{ padding: {px(4)} {px(8)}; background: transparent; }}
    QMenuBar::item:selected, QMenu::item:selected {{ background: {c.chosen}; color: {c.chosen_text}; }}
    QMenu {{ background: {c.raised}; border: 1px solid {c.edge}; padding: {px(3)}; }}
    QMenu::item {{ padding: {px(4)} {px(24)} {px(4)} {px(24)}; }}
    QMenu::item:disabled {{ color: {c.disabled}; }}
    QMenu::separator {{ height: 1px; background: {c.edge}; margin: {px(3)} {px(6)}; }}
    QToolBar {{ spacing: {px(1)}; padding: {px(2)}; border-bottom: 1px solid {c.edge}; }}
    QToolBar::separator {{ background: {c.edge}; width: 1px; margin: {px(4)} {px(4)}; }}
    QToolButton {{ background: transparent; border: 2px solid transparent; border-radius: 3px; padding: {px(3)}; }}
    QToolButton[popupMode="1"] {{ padding-right: {px(18)}; }}
    QToolButton::menu-button {{ width: {px(15)}; border: none; background: transparent; }}
    QToolButton::menu-arrow {{ image: url("{_DOWN}"); width: {px(9)}; height: {px(9)}; }}
    QToolButton:hover {{ background: {c.hover}; }}
    QToolButton:checked {{ background: {c.chosen}; color: {c.chosen_text}; border-color: {c.accent}; }}
    QToolButton:focus, QPushButton:focus, QLineEdit:focus, QComboBox:focus, QAbstractItemView:focus,
    QKeySequenceEdit:focus, QCheckBox:focus, QTextBrowser:focus, QPlainTextEdit:focus,
    QAbstractSpinBox:focus {{ border: 2px solid {c.accent}; }}
    QLineEdit, QComboBox, QKeySequenceEdit, QAbstractItemView, QTextBrowser, QPlainTextEdit, QAbstractSpinBox {{
        background: {c.field}; border: 2px solid {c.edge}; border-radius: 3px; padding: {px(2)};
        selection-background-color: {c.chosen}; selection-color: {c.chosen_text}; }}
    QLineEdit, QComboBox {{ padding: {px(3)} {px(5)}; }}
    QComboBox QLineEdit, QAbstractSpinBox QLineEdit {{ border: none; padding: 0; background: transparent; }}
    QAbstractSpinBox {{ padding-right: 0; }}
    QComboBox::drop-down {{ border: none; width: {px(16)}; }}
    QComboBox::down-arrow {{ image: url("{_DOWN}"); width: {px(11)}; height: {px(11)}; }}
    QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ subcontrol-origin: padding; width: {px(12)};
        border: none; background: {c.raised}; }}
    QAbstractSpinBox::up-button {{ subcontrol-position: top right; }}
    QAbstractSpinBox::down-button {{ subcontrol-position: bottom right; }}
    QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover {{ background: {c.hover}; }}
    QAbstractSpinBox::up-arrow {{ image: url("{_UP}"); width: {px(9)}; height: {px(9)}; }}
    QAbstractSpinBox::down-arrow {{ image: url("{_DOWN}"); width: {px(9)}; height: {px(9)}; }}
    QFileDialog {{ backward-icon: url("{_LEFT}"); forward-icon: url("{_RIGHT}");
        filedialog-parent-directory-icon: url("{_PARENT}"); }}
    QToolButton#qt_toolbar_ext_button {{ qproperty-icon: url("{_MORE}"); padding: 0; border: none;
        background: {c.chosen}; }}
    QComboBox:editable {{ min-height: {px(20)}; }}
    QAbstractItemView {{ padding: 0; alternate-background-color: {c.field}; outline: none; }}
    QAbstractItemView::item {{ padding: {px(2)} {px(3)}; border: 1px solid transparent; }}
    QAbstractItemView::item:hover {{ background: {c.hover}; }}
    QAbstractItemView::item:selected {{ background: {c.chosen}; color: {c.chosen_text}; }}
    QAbstractItemView::item:focus {{ border: 1px solid {c.accent}; }}
    QHeaderView::section {{ background: {c.raised}; border: none; border-right: 1px solid {c.edge};
        padding: {px(4)}; }}
    QPushButton {{ background: {c.raised}; border: 2px solid {c.edge}; border-radius: 3px;
        padding: {px(4)} {px(12)}; }}
    QPushButton:hover {{ background: {c.hover}; }}
    QPushButton:disabled {{ color: {c.disabled}; }}
    QHeaderView {{ border: none; padding: 0; }}
    QCheckBox::indicator {{ width: {px(13)}; height: {px(13)}; background: {c.field}; border: 2px solid {c.quiet};
        border-radius: 3px; }}
    QCheckBox::indicator:checked {{ background: {c.chosen}; border-color: {c.accent}; image: url("{_CHECK}"); }}
    QCheckBox {{ border: 2px solid transparent; padding: {px(2)}; spacing: {px(6)}; }}
    QProgressBar {{ background: {c.field}; border: 1px solid {c.edge}; border-radius: 3px; text-align: center;
        min-height: {px(14)}; }}
    QProgressBar::chunk {{ background: {c.chosen}; }}
    QScrollBar:vertical {{ background: {c.field}; width: {px(12)}; margin: 0; }}
    QScrollBar:horizontal {{ background: {c.field}; height: {px(12)}; margin: 0; }}
    QScrollBar::handle {{ background: {c.edge}; border-radius: {px(4)}; min-height: {px(24)}; min-width: {px(24)};
        margin: {px(2)}; }}
    QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{ background: none;
        border: none; width: 0; height: 0; }}
    QCheckBox:disabled {{ color: {c.disabled}; }}
    QCheckBox::indicator:disabled {{ border-color: {c.edge}; }}
    QDockWidget {{ titlebar-close-icon: url("{_CLOSE}"); titlebar-normal-icon: url("{_FLOAT}"); }}
    QTabBar {{ qproperty-drawBase: 0; }}
    QTabWidget::pane {{ border: 1px solid {c.edge}; }}
    QTabBar::tab {{ background: {c.raised}; border: 2px solid {c.edge}; padding: {px(5)} {px(12)}; }}
    QTabBar::tab:selected {{ background: {c.chosen}; color: {c.chosen_text}; }}
    QTabBar::tab:focus {{ border-color: {c.accent}; }}
    QStatusBar {{ border-top: 1px solid {c.edge}; }}
    QStatusBar::item {{ border: none; }}
    QToolTip {{ background: {c.raised}; color: {c.text}; border: 1px solid {c.edge}; padding: {px(3)}; }}
    QLabel#quiet {{ color: {c.quiet}; }}
    QLabel#banner {{ background: {c.chosen}; color: {c.chosen_text}; padding: {px(4)} {px(6)}; }}
    QLabel#caution {{ background: {c.field}; color: {c.warning}; border-left: {px(3)} solid {c.warning};
        padding: {px(4)} {px(6)}; }}
    QLabel#heading {{ font-weight: bold; }}
    QWidget#welcome, QWidget#welcome > QWidget > QWidget {{ background: {c.film}; border: none; }}
    QWidget#welcome QLabel#heading {{ font-size: {FONT_POINTS * scale / 100 * 1.6:g}pt; }}
    QWidget#welcome QPushButton {{ min-width: {px(240)}; padding: {px(7)} {px(12)}; }}
    QPushButton#primary {{ background: {c.chosen}; color: {c.chosen_text}; border-color: {c.accent};
        font-weight: bold; }}
    QPushButton#primary:disabled {{ background: {c.raised}; color: {c.disabled}; border-color: {c.edge}; }}
    QPlainTextEdit#report {{ font-size: {FONT_POINTS * scale / 100 * 1.2:g}pt; }}
    QPlainTextEdit:disabled {{ color: {c.quiet}; }}
    QLabel#research {{ color: {c.warning}; font-weight: bold; padding: 0 {px(6)}; }}
    """


def apply_scale(scale: int) -> None:
    """Show text and controls of the whole app so large, in percent."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    if application.styleSheet() != (sheet := style_sheet(scale)):
        font = QFont(application.font())
        font.setPointSizeF(FONT_POINTS * scale / 100)
        application.setFont(font)
        application.setPalette(make_palette())
        application.setStyleSheet(sheet)
