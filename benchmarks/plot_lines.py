"""How many lines draw the plots, now and before they were built from the parts of pyqtgraph?

python -m benchmarks.plot_lines [REVISION] compares REVISION (HEAD) with the last commit whose plots
were painted by our own widgets. Lines of code are those without blank lines, comments and
docstrings. The sides have the same plots; what had no counterpart before is counted apart.
"""

from __future__ import annotations

import ast
import io
import subprocess
import sys
import tokenize

PAINTED = "919d53e"
OLD = """
gui/canvas/cost_line gui/lasso gui/sweep/curve gui/widgets/colour_bar gui/widgets/contour
gui/widgets/curve_plot gui/widgets/decimate gui/widgets/dots gui/widgets/fit_plot
gui/widgets/heat_history gui/widgets/heat_map gui/widgets/histograms gui/widgets/line_drawing
gui/widgets/line_history gui/widgets/plane_pictures gui/widgets/plane_plot gui/widgets/plane_words
gui/widgets/plot gui/widgets/plot_marks gui/widgets/prediction gui/widgets/pull_chart
gui/widgets/relief gui/widgets/run_curves gui/widgets/run_difference gui/widgets/space_plot
gui/widgets/square_plot gui/widgets/time_axis gui/widgets/weights_plot
"""
NEW = """
gui/plots/around gui/plots/axis gui/plots/box gui/plots/chart
gui/plots/contour gui/plots/cost_line gui/plots/curve_plot gui/plots/decimate gui/plots/dots
gui/plots/histograms gui/plots/items gui/plots/lasso gui/plots/marks gui/plots/pg
gui/plots/pixels gui/plots/plane_plot gui/plots/plane_words gui/plots/prediction
gui/plots/square_plot gui/plots/ticks gui/panels/activations/plot gui/panels/boundary/pictures
gui/panels/boundary/weights_plot gui/panels/distributions/history gui/panels/distributions/plot
gui/panels/hidden/space_plot gui/panels/lens/pull_chart gui/panels/results/fit_plot
gui/panels/runs/curves gui/panels/runs/difference gui/panels/surface/plot
gui/panels/surface/relief gui/sweep/curve
"""
ASIDE = """
gui/plots/export gui/plots/frame gui/plots/menu
"""
LABS = """
gui/labs/bars gui/labs/broadcast_plot gui/labs/picture/plot gui/labs/plot gui/labs/sheet
gui/labs/shapes_plot gui/labs/starts/multiples
"""
# What the painted plots could not do: names in files of NEW.
APART = {
    "zoom, pan, box zoom and their keys": """
gui/plots/box:PlotBox.zoomed,show_all,zoom,pan,_set_limits,_stop_at_home,wheelEvent,mouseDragEvent
gui/plots/box:PlotBox._drag_box,updateScaleBox,keyPressEvent
gui/plots/box:FINEST,STEP,ZOOM,LEAST_DRAG
gui/plots/chart:Chart.show_all,_on_click,_on_range,mousePressEvent,mouseDoubleClickEvent
gui/plots/chart:Chart.keyPressEvent,contextMenuEvent
gui/plots/chart:KEYS,_PANS,ZOOMS
gui/plots/curve_plot:CLOSEST
gui/panels/lens/pull_chart:CLOSEST
gui/plots/curve_plot:CurvePlot.drawn,_fit,part,fine_columns
gui/plots/decimate:between
gui/panels/lens/pull_chart:PullChart._fit
""",
    "the plane, or the part of the cost surface, that is zoomed to is computed anew": """
gui/plots/square_plot:SquarePlot.part
gui/panels/surface/plot:SurfacePlot.seen,show_all,_on_zoomed
gui/panels/surface/plot:_alike
""",
    "the point of the cost surface is moved by keys": """
gui/panels/surface/plot:SurfacePlot._step
gui/panels/surface/plot:_WAYS,STEP
""",
    "a lesson points at the colour scale": """
gui/plots/plane_plot:PlanePlot.scale_place
""",
    "three numbers on every axis of any size, also with several scales": """
gui/plots/ticks:ticks,ticks_in,_step,written,three,fewer,log_ticks,_power,log_written,Numbering
gui/plots/ticks:named,counts,short_counts,USUAL,MORE,LEAST,MANY,LITTLE,LINEAR,LOG,COUNT
gui/plots/axis:Axis._numbers,_name_length,_name_place,_length,_apart,thickness,generateDrawSpecs
gui/plots/axis:Axis.tickValues,tickStrings
gui/plots/axis:APART,CLOSEST,CLOSE,TALLER,RIM,LOW,ROOMY,ABREAST,SPARE
gui/plots/chart:Chart.widen
gui/sweep/curve:_percents,SHARES
gui/panels/boundary/weights_plot:WeightsPlot._places
gui/panels/distributions/plot:HistoryPlot._heights,_bins
gui/plots/histograms:HistogramsPlot.settle,renew_words,_rows,_columns
""",
    "pictures and numbers of a plot (beside the files of menu and export)": """
gui/plots/chart:Chart.posing,_pose,extent
gui/plots/cost_line:CostLinePlot.numbers
gui/plots/square_plot:columns_of
gui/panels/runs/curves:RunCurves._numbers
gui/panels/runs/difference:DifferencePlane.numbers
gui/panels/surface/plot:SurfacePlot.numbers
gui/sweep/curve:SweepCurve.numbers
""",
    "NaN, infinity and ranges of any size do not end the process": """
gui/plots/box:sane,LARGEST,NARROWEST
gui/plots/items:CurveItem._lay,viewRangeChanged
gui/plots/pixels:shares,near,drawable
gui/panels/surface/relief:Surface.__post_init__
""",
    "the ring of the keyboard focus": """
gui/plots/chart:Chart.focusInEvent,focusOutEvent,drawForeground
""",
}


def source(revision: str, path: str) -> str:
    """The text of a module at a revision."""
    command = ["git", "show", f"{revision}:{path}.py"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def code_lines(text: str) -> set[int]:
    """The numbers of the lines with code."""
    found: set[int] = set()
    no_code = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENDMARKER}
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in no_code | {tokenize.INDENT, tokenize.DEDENT}:
            found.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            first = node.body[0] if node.body else None
            if ast.get_docstring(node) is not None and first is not None:
                found -= set(range(first.lineno, (first.end_lineno or 0) + 1))
    return found


def of_files(revision: str, paths: str) -> tuple[int, int]:
    """Their lines, and those with code."""
    texts = [source(revision, path) for path in paths.split()]
    return sum(text.count("\n") for text in texts), sum(len(code_lines(text)) for text in texts)


def of_names(revision: str, names: str) -> int:
    """The lines of code of functions, classes and constants, as `path:Class.one,another`."""
    count = 0
    for entry in names.split():
        path, _, wanted = entry.partition(":")
        text = source(revision, path)
        inside, _, listed = wanted.rpartition(".")
        body: list[ast.stmt] = ast.parse(text).body
        if inside:
            body = next(n.body for n in body if isinstance(n, ast.ClassDef) and n.name == inside)
        named: dict[str, ast.stmt] = {}
        for node in body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef):
                named[node.name] = node
            elif isinstance(node, ast.Assign):
                parts = [part for target in node.targets for part in ast.walk(target)]
                named |= {part.id: node for part in parts if isinstance(part, ast.Name)}
        for name in listed.split(","):
            node = named[name]
            marks = getattr(node, "decorator_list", [])
            first = min([node.lineno, *(mark.lineno for mark in marks)])
            count += len(code_lines(text) & set(range(first, (node.end_lineno or 0) + 1)))
    return count


def main() -> None:
    """Print the table."""
    revision = sys.argv[1] if sys.argv[1:] else "HEAD"
    for title, of, paths in (
        (f"the plots, {PAINTED}", PAINTED, OLD),
        (f"the same plots, {revision}", revision, NEW),
        ("aside: menu, exports, frames of films", revision, ASIDE),
        ("aside: plots of labs, which came later", revision, LABS),
    ):
        lines, code = of_files(of, paths)
        print(f"{lines:6,} lines {code:6,} of code  {title} ({len(paths.split())} files)")
    apart = {what: of_names(revision, names) for what, names in APART.items()}
    left = of_files(revision, NEW)[1] - sum(apart.values())
    print(f"{left:20,} of code  the same plots without what the painted ones could not do:")
    for what, code in apart.items():
        print(f"{code:20,} of code  {what}")


if __name__ == "__main__":
    main()
