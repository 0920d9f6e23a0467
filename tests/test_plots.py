import numpy as np
import pytest

from gpt2tts.plots import positions_figure


def test_a_reading_position_is_drawn_over_the_groups():
    pytest.importorskip("matplotlib")
    axes = positions_figure(np.array([0.0, 1.5, 2.0]), title="Good morning").axes[0]
    assert axes.get_title() == "Good morning"
    assert axes.lines[0].get_ydata().tolist() == [0.0, 1.5, 2.0]
