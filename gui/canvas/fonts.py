"""The fonts of the canvas, which scale with the view and not with the text size."""

from functools import partial

from gui.style import fonts

ui_font = partial(fonts.ui_font, fixed=True)
math_font = partial(fonts.math_font, fixed=True)
mono_font = partial(fonts.mono_font, fixed=True)
