"""A check for each connection that opens something in a lab."""

from core import edits
from tests.e2e.wiring_checks import of


@of("self.canvas.units.lab_wanted -> self._open_in_lab")
def a_unit_is_opened_in_its_lab(use):
    use.window.selection.choose_unit(1, 0)
    use.window.canvas.actions_by_name["lab"].trigger()
    use.until(lambda: "labs.neuron" in use.window.docks)
    use.until(use.window.docks["labs.neuron"].isVisible)


@of("self.canvas.commands.lab_wanted -> self._open_shapes")
def the_equation_of_a_layer_is_opened_in_its_lab(use):
    use.window.selection.select_layer(1)
    use.window.canvas.actions_by_name["shapes"].trigger()
    use.until(lambda: "labs.shapes" in use.window.docks)
    use.until(use.window.docks["labs.shapes"].isVisible)


@of("stepper.lab_wanted -> self._open_shapes")
def the_equation_of_a_step_is_opened_in_its_lab(use):
    use.record()
    chips = [step.chip for step in use.window.walk.steps]
    use.window.walk.go(chips.index("dW[2]"))
    use.window.panels["stepper"].lab_action.trigger()
    use.until(lambda: "labs.shapes" in use.window.docks)
    use.until(use.window.docks["labs.shapes"].isVisible)


@of("data.lab_wanted -> self._open_picture")
def a_picture_is_opened_in_its_lab(use):
    use.window.document.edit("Digits", edits.choose_source(use.window.document.project, "digits"))
    use.until(use.window.panels["data"].pictures.isVisible)
    use.window.parts.panel("data.lab").click()
    use.until(lambda: "labs.picture" in use.window.docks)
    use.until(use.window.docks["labs.picture"].isVisible)


@of("self.run_bar.lab_wanted -> lambda: self._bring_lab('labs.starts')")
def the_starts_are_opened_in_their_lab(use):
    use.window.run_bar.settings.initialization.popup.lab.click()
    use.until(lambda: "labs.starts" in use.window.docks)
    use.until(use.window.docks["labs.starts"].isVisible)
