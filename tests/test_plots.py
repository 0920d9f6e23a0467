import numpy as np
import pytest

from gpt2tts.plots import alignment_figure


@pytest.mark.parametrize("heads", [1, 3])
def test_alignments_are_drawn_head_by_head(heads):
    figure = alignment_figure(np.random.rand(heads, 12, 7))
    assert len(figure.axes) == heads
    # time to the right, text upwards
    assert figure.axes[0].images[0].get_array().shape == (7, 12)
