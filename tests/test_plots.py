import numpy as np

from gpt2tts.plots import mel_figure, positions_figure


def test_places_in_the_text_are_drawn_over_time():
    places = np.array([0, 0, 1, 3])
    (axes,) = positions_figure(places, "A text.").axes
    np.testing.assert_array_equal(axes.lines[0].get_xydata(), np.stack([np.arange(4), places], axis=1))


def test_time_goes_to_the_right_and_frequency_upwards():
    figure = mel_figure(np.random.rand(12, 80), np.random.rand(10, 80))
    assert [axes.images[0].get_array().shape for axes in figure.axes] == [(80, 12), (80, 10)]
    assert {axes.images[0].origin for axes in figure.axes} == {"lower"}
