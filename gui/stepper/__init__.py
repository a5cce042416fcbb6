"""The parts of the stepper: the chips of the steps, the operation at hand, its views."""
