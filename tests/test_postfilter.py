"""The postfilter: off by default, the same in a stream, smoother over time and sharper over bins."""

import pytest
import torch

from gpt2tts.postfilter_gpt2tts import GPT2TTSPostfilter


@pytest.fixture
def spectrogram():
    return torch.randn(2, 23, 80, generator=torch.Generator().manual_seed(0))


def test_off_changes_nothing(spectrogram):
    assert torch.equal(GPT2TTSPostfilter()(spectrogram, torch.tensor([23, 23])), spectrogram)


@pytest.mark.parametrize(("smoothing", "sharpness"), [(0, 2.0), (1, 0.0), (2, 1.5)])
@pytest.mark.parametrize("size", [1, 4, 23, 100])
def test_a_stream_is_filtered_as_the_whole(spectrogram, smoothing, sharpness, size):
    postfilter = GPT2TTSPostfilter(smoothing, sharpness)
    row = spectrogram[:1]
    pieces = list(postfilter.stream(row.split(size, dim=1)))
    torch.testing.assert_close(torch.cat(pieces, dim=1), postfilter(row, torch.tensor([23])))
    if size == 1:
        assert len(pieces) >= 23 - smoothing


def test_what_follows_the_end_of_a_row_does_not_matter(spectrogram):
    postfilter = GPT2TTSPostfilter(2, 2.0)
    alone = postfilter(spectrogram[1:, :9], torch.tensor([9]))
    torch.testing.assert_close(postfilter(spectrogram, torch.tensor([23, 9]))[1:, :9], alone)


def test_steps_over_time_become_slopes_and_harmonics_rise():
    steps = torch.arange(4.0).repeat_interleave(5)[None, :, None].expand(-1, -1, 80)
    smooth = GPT2TTSPostfilter(smoothing=1)(steps, torch.tensor([20]))
    assert smooth.diff(dim=1).max() == pytest.approx(0.5)
    assert smooth.mean() == pytest.approx(float(steps.mean()))
    harmonics = (torch.arange(80) * torch.pi / 2).cos().expand(1, 20, -1)
    sharp = GPT2TTSPostfilter(sharpness=1.0)(harmonics, torch.tensor([20]))
    contrast = sharp[..., 1:-1].amax(-1) - sharp[..., 1:-1].amin(-1)
    assert contrast.flatten().tolist() == pytest.approx([3.0] * 20, abs=1e-4)
    torch.testing.assert_close(sharp.logsumexp(-1), harmonics.logsumexp(-1))


def test_no_frames_give_none():
    assert list(GPT2TTSPostfilter(2).stream([])) == []
