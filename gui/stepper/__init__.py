"""The parts of the stepper: the chips of the steps, the current operation, its views."""
