"""The README lists every setting as the table of settings has it."""

from core.settings import SETTINGS
from tests.core.readme_settings import README, listed, renewed, table


def test_the_readme_lists_the_settings():
    """If it does not: python -m tests.core.readme_settings writes the list anew."""
    readme = README.read_text("utf-8")
    assert listed(readme) == table()
    assert renewed(readme) == readme


def test_the_list_has_a_line_for_each_setting_with_its_values():
    lines = table().splitlines()[2:]
    assert [line.split("`")[1] for line in lines] == list(SETTINGS)
    (rate,) = (line for line in lines if "learning_rate" in line)
    assert rate.endswith("| greater than 0 | `1.2` | continues |")
    (clip,) = (line for line in lines if "clip_norm" in line)
    assert "0 or more; 0: off" in clip
    (activation,) = (line for line in lines if ".activation" in line)
    assert "`elu`, `softplus`" in activation
