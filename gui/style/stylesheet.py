"""The style sheet, filled from the palette; properties `variant` and `tone` select styles."""

import re
from collections.abc import Mapping
from string import Template

from gui.style.paths import path

# Painted widgets (gui/widgets) draw themselves; this is for Qt's own controls.
_SHEET = Template("""
QMainWindow, QDialog { background: $window; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QMainWindow::separator { background: $window; width: 10px; height: 10px; }
QMainWindow::separator:horizontal { image: url("$sheet/grip-across-$mode.svg"); }
QMainWindow::separator:vertical { image: url("$sheet/grip-down-$mode.svg"); }
QMainWindow::separator:hover { background: $raised; }
QToolTip { background: $raised; color: $text; border: 1px solid $border; padding: 4px 6px; }

QMenuBar { background: $chrome; color: $text; padding: 2px 6px; }
QMenuBar::item { background: transparent; padding: 5px 10px; border-radius: 6px; }
QMenuBar::item:selected { background: $border; }
QMenu { background: $surface; color: $text; border: 1px solid $border; padding: 5px; }
QMenu::item { padding: 6px 26px 6px 26px; border-radius: 5px; }
QMenu::item:selected { background: $accent_soft; color: $text; }
QMenu::item:disabled { color: $faint; }
QMenu::separator { height: 1px; background: $border; margin: 5px 8px; }
QMenu::indicator { width: 14px; height: 14px; left: 8px; }
QMenu::indicator:checked { image: url("$sheet/menu-tick-$mode.svg"); }
QStatusBar { background: $chrome; color: $muted; }
QStatusBar::item { border: none; }
QToolBar { background: $surface; border: none; border-bottom: 1px solid $border; spacing: 8px; }

QPushButton {
  background: $surface; color: $text; border: 1px solid $border; border-radius: 8px;
  padding: 6px 14px; min-height: 18px; }
QPushButton:hover { background: $raised; }
QPushButton:pressed { background: $border; }
QPushButton:focus { border: 2px solid $accent; padding: 5px 13px; }
QPushButton:disabled { color: $faint; background: transparent; }
QPushButton:default { border-color: $accent; }
QPushButton[variant="pill"], QPushButton[variant="primary"] {
  border-radius: 17px; min-height: 20px; font-weight: 600; padding: 6px 12px; }
QPushButton[variant="pill"]:focus { padding: 5px 11px; }
QPushButton[variant="primary"] {
  background: $accent; color: $accent_text; border: 1px solid $accent; padding: 6px 18px; }
QPushButton[variant="primary"]:hover { background: $accent_hover; }
QPushButton[variant="primary"]:pressed { background: $accent_pressed; }
QPushButton[variant="primary"]:focus { border: 2px solid $text; padding: 5px 17px; }
QPushButton[variant="primary"]:disabled {
  background: $raised; color: $faint; border-color: $border; }
QPushButton[variant="link"] {
  background: transparent; color: $accent; border: 2px solid transparent; padding: 2px 4px;
  border-radius: 6px; font-weight: 600; font-size: 12px; min-height: 16px; }
QPushButton[variant="link"]:hover { background: $accent_soft; }
QPushButton[variant="link"]:focus { border-color: $accent; }
QPushButton[variant="link"]:disabled { color: $faint; }
QPushButton[variant="segment"] {
  border-radius: 13px; padding: 3px 12px; min-height: 18px; font-size: 12px; font-weight: 600; }
QPushButton[variant="segment"]:focus { padding: 2px 11px; }
QPushButton[variant="segment"]:checked {
  background: $accent; color: $accent_text; border-color: $accent; }
QPushButton[variant="segment"][tone="forward"]:checked {
  background: $forward; border-color: $forward; }
QPushButton[variant="segment"][tone="backward"]:checked {
  background: $backward; border-color: $backward; }
QPushButton[variant="segment"]:checked:focus { border-color: $text; }

QToolButton {
  background: transparent; color: $text; border: 2px solid transparent; border-radius: 8px;
  padding: 3px; }
QToolButton:hover { background: $raised; }
QToolButton:pressed, QToolButton:checked { background: $accent_soft; }
QToolButton:focus { border-color: $accent; }
QToolButton[variant="segments"] {
  color: $muted; padding: 1px 11px; border-radius: 10px; font-weight: 600; font-size: 12px; }
QToolButton[variant="segments"]:checked { background: $surface; color: $accent; }
QToolButton:disabled { color: $faint; }

QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox {
  background: $surface; color: $text; border: 1px solid $border; border-radius: 7px;
  padding: 4px 8px; selection-background-color: $accent; selection-color: $accent_text; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QAbstractSpinBox:focus, QComboBox:focus {
  border: 2px solid $accent; padding: 3px 7px; }
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled { color: $faint; }
QTextEdit[variant="prose"] { background: transparent; border: none; padding: 0; }
QLineEdit[variant="flat"] {
  background: transparent; border: 1px solid transparent; padding: 0 5px; font-weight: 600; }
QLineEdit[variant="flat"]:hover { background: $raised; }
QLineEdit[variant="flat"]:focus { background: $surface; border: 2px solid $accent; padding: 0 4px; }
QLineEdit[variant="bare"], QLineEdit[variant="bare"]:focus {
  background: transparent; border: none; padding: 0; }
QLineEdit[invalid="true"], QLineEdit[invalid="true"]:focus {
  border: 2px solid $error; color: $error; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { width: 12px; height: 12px; image: url("$sheet/down-$mode.svg"); }
QAbstractSpinBox, QAbstractSpinBox:focus { padding: 3px 20px 3px 8px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { border: none; width: 18px; }
QAbstractSpinBox::up-arrow { width: 9px; height: 9px; image: url("$sheet/up-$mode.svg"); }
QAbstractSpinBox::down-arrow { width: 9px; height: 9px; image: url("$sheet/down-$mode.svg"); }
QComboBox QAbstractItemView {
  background: $surface; color: $text; border: 1px solid $border; outline: none;
  selection-background-color: $accent_soft; selection-color: $text; }

QLabel { background: transparent; }
QLabel[tone="muted"], QCheckBox[tone="muted"] { color: $muted; }
QLabel[tone="forward"] { color: $forward; }
QLabel[tone="backward"] { color: $backward; }
QLabel[tone="error"] { color: $error; }
QLabel[tone="warning"] { color: $warning; }
QLabel[tone="good"] { color: $good; }
QLabel:disabled { color: $faint; }
QCheckBox, QRadioButton { spacing: 8px; padding: 2px; border: 2px solid transparent;
  border-radius: 5px; }
QCheckBox:focus, QRadioButton:focus { border-color: $accent; }
QCheckBox:disabled, QRadioButton:disabled { color: $faint; }
QCheckBox::indicator, QRadioButton::indicator, QAbstractItemView::indicator, QGroupBox::indicator {
  width: 14px; height: 14px; border: 1px solid $faint; border-radius: 4px; background: $surface; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $accent; }
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked, QGroupBox::indicator:checked {
  background: $accent; border-color: $accent; image: url("$sheet/tick-$mode.svg"); }
QRadioButton::indicator:checked {
  background: $accent; border-color: $accent; image: url("$sheet/dot-$mode.svg"); }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled {
  background: $raised; border-color: $border; }
QCheckBox::indicator:checked:disabled, QRadioButton::indicator:checked:disabled {
  background: $faint; }

QSlider:horizontal { min-height: 18px; }
QSlider::groove:horizontal { height: 4px; background: $border; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 2px; }
QSlider::sub-page:horizontal:disabled { background: $faint; }
QSlider::handle:horizontal {
  background: $surface; border: 2px solid $accent; width: 12px; height: 12px;
  margin: -6px 0; border-radius: 8px; }
QSlider::handle:horizontal:hover { background: $accent_soft; }
QSlider::handle:horizontal:focus { background: $accent; border-color: $text; }
QSlider::handle:horizontal:disabled { border-color: $faint; }

QScrollArea { background: transparent; border: none; }
QAbstractScrollArea::corner { background: transparent; }
QScrollBar { background: transparent; border: none; margin: 0; }
QScrollBar:vertical { width: 10px; }
QScrollBar:horizontal { height: 10px; }
QScrollBar::handle { background: $scroll; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QTableView, QListView, QTreeView {
  background: $surface; alternate-background-color: $canvas; color: $text;
  border: 1px solid $border; border-radius: 8px; gridline-color: $grid;
  selection-background-color: $accent_soft; selection-color: $text; }
QTableView { outline: none; }
QTableView::item { padding: 3px 5px; border: none; }
QTableView::item:selected { background: $accent_soft; color: $text; }
QTableView::item:focus { border: 2px solid $accent; border-radius: 4px; padding: 1px 3px; }
QTableView:focus, QListView:focus, QTreeView:focus { border-color: $accent; }
QHeaderView { background: transparent; border: none; }
QHeaderView::section {
  background: $surface; color: $muted; border: none; border-bottom: 1px solid $border;
  padding: 5px 8px; font-size: 12px; }
QTableCornerButton::section { background: $surface; border: none; }
QTabWidget::pane { border: 1px solid $border; border-radius: 8px; background: $surface; }
QTabBar { background: transparent; }
QTabBar::tab {
  background: transparent; color: $muted; padding: 6px 14px; border: none;
  border-bottom: 2px solid transparent; }
QTabBar::tab:first { margin-left: 5px; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:focus { color: $accent; }
QProgressBar {
  background: $border; border: none; border-radius: 3px; max-height: 6px; color: transparent; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QGroupBox { border: 1px solid $border; border-radius: 8px; margin-top: 9px; padding-top: 9px; }
QGroupBox::title { subcontrol-origin: margin; left: 10px; padding: 0 4px; color: $muted; }
QSplitter::handle { background: transparent; }
QDockWidget { color: $text; }
QDockWidget::title { background: transparent; padding: 4px 2px; }
""")


def stylesheet(mode: str, codes: Mapping[str, str], scale: float) -> str:
    """Fill the sheet for "light" or "dark" with codes by palette names (`text` → `#1d2330`).

    Every length but a hairline is `scale` times as long.
    """
    filled = _SHEET.substitute(codes, mode=mode, sheet=path("icons", "sheet").as_posix())
    if scale == 1.0:
        return filled
    return re.sub(
        r"(radius: )?\b(\d+)px", lambda found: _scaled(found[1] or "", int(found[2]), scale), filled
    )


def _scaled(what: str, length: int, scale: float) -> str:
    if what:  # Qt draws square corners if the radius exceeds half the box, which is rounded too
        return f"{what}{max(int((length - 1) * scale), length if scale >= 1 else 1)}px"
    return f"{length if length <= 1 else max(round(length * scale), 1)}px"
