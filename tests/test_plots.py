import numpy as np

from gpt2tts.plots import curves_figure, mel_figure, positions_figure


def test_reading_positions_are_drawn_over_the_groups():
    figure = positions_figure(np.array([0.0, 0.5, 2.0]), "A text.")
    (line,) = figure.axes[0].lines
    assert line.get_xydata().tolist() == [[0, 0], [1, 0.5], [2, 2]]
    assert figure.axes[0].get_title() == "A text."


def test_curves_are_those_of_the_losses_that_a_run_has():
    row = {"step": 1, "train/spectrogram_loss": 1.0, "train/position_loss": 2.0}
    drawn = {
        axes.get_title(): [line.get_ydata().tolist() for line in axes.lines] for axes in curves_figure([row]).axes
    }
    assert drawn == {
        "spectrogram loss": [[1.0]],
        "position loss": [[2.0]],
        "character error rate": [],
    }


def test_time_goes_to_the_right_and_frequency_upwards():
    figure = mel_figure(np.random.rand(12, 80), np.random.rand(10, 80))
    assert [axes.images[0].get_array().shape for axes in figure.axes] == [(80, 12), (80, 10)]
    assert {axes.images[0].origin for axes in figure.axes} == {"lower"}
