from types import SimpleNamespace

import pytest
import torch
from torch import nn

from gpt2tts.configuration_gpt2tts import GPT2TTSConfig
from gpt2tts.modeling_gpt2tts import GPT2TTSForTextToSpeech
from gpt2tts.training.past import PastSampling


class CountingModel(nn.Module):
    """Predicts, for each group, the mel of the group before it in its past, plus 1; the first is 9."""

    def __init__(self, reduction_factor):
        super().__init__()
        self.reduction_factor = reduction_factor
        self.pasts, self.modes, self.grad = [], [], []

    def forward(self, labels, text_positions, decoder_text_positions, decoder_input_values=None):
        self.pasts.append(decoder_input_values)
        self.modes.append(self.training)
        self.grad.append(torch.is_grad_enabled())
        shifted = torch.roll(decoder_input_values, self.reduction_factor, dims=1) + 1
        shifted[:, : self.reduction_factor] = 9
        return SimpleNamespace(
            spectrogram=shifted[..., :-2], pitch=shifted[..., -2].exp(), voicing=shifted[..., -1].clone()
        )


STILL = {"row_shift_std": 0.0, "group_shift_std": 0.0}


@pytest.fixture
def batch():
    """Two rows of 12 groups of 2 frames, all zero."""
    return {"labels": torch.zeros(2, 24, 5), "text_positions": torch.arange(13.0).repeat(2, 1)}


def sample(sampling, batch, step=10):
    model = CountingModel(2)
    torch.manual_seed(0)
    return sampling(model, batch, step=step, reduction_factor=2), model


def test_places_are_the_recordings_with_a_shift_of_the_row_and_one_of_each_group():
    places = 10 + torch.arange(401.0).repeat(300, 1)
    batch = {"labels": torch.zeros(300, 800, 4), "text_positions": places}
    torch.manual_seed(0)
    past = PastSampling(row_shift_std=0.3, group_shift_std=0.15)(None, batch, step=0, reduction_factor=2)
    assert set(past) == {"decoder_text_positions"}
    shift = past["decoder_text_positions"] - places[:, :-1]
    assert shift.mean(1).std() == pytest.approx(0.3, rel=0.15)
    assert (shift - shift.mean(1, keepdim=True)).std() == pytest.approx(0.15, rel=0.05)


def test_no_place_lies_before_the_text(batch):
    batch["text_positions"] = torch.zeros(2, 13)
    past, _ = sample(PastSampling(row_shift_std=2.0), batch)
    assert past["decoder_text_positions"].min() == 0


def test_off_is_off(batch):
    past, model = sample(PastSampling(**STILL), batch)
    assert list(past) == ["decoder_text_positions"]
    torch.testing.assert_close(past["decoder_text_positions"], batch["text_positions"][:, :-1])
    assert model.pasts == []


def test_before_the_start_no_pass_is_made(batch):
    past, model = sample(PastSampling(max_probability=1.0, start_step=11), batch)
    assert "decoder_input_values" not in past
    assert model.pasts == []


def test_share_is_ramped_up():
    sampling = PastSampling(max_probability=0.8, start_step=100, ramp_steps=4)
    assert [sampling.probability(step) for step in (99, 100, 101, 103, 500)] == pytest.approx([0, 0.2, 0.4, 0.8, 0.8])


def test_replaces_whole_groups_by_own_outputs(batch):
    past, model = sample(PastSampling(max_probability=1.0), batch)
    groups = past["decoder_input_values"].view(2, 12, 10).round()
    assert (groups == groups[..., :1]).all()
    # own outputs of a pass over zeros are 9 and ones; both they and recorded zeros are there
    assert set(groups.unique().tolist()) <= {0.0, 1.0, 9.0}
    assert 0 < (groups > 0).float().mean() < 1
    assert len(model.pasts) == 1
    assert model.grad == [False]


def test_the_pass_is_made_in_evaluation_mode_and_the_model_left_in_training_mode(batch):
    _, model = sample(PastSampling(max_probability=1.0), batch)
    assert model.modes == [False]
    assert model.training


def test_rows_draw_their_own_share():
    sampling = PastSampling(max_probability=1.0)
    torch.manual_seed(0)
    shares = sampling.draw(torch.zeros(500, 400, 1), probability=1.0, reduction_factor=4).float().mean((1, 2))
    assert shares.mean() == pytest.approx(0.5, abs=0.03)
    assert shares.min() < 0.05
    assert shares.max() > 0.95


def test_noise_is_on_recorded_frames_in_deviations_of_each_value():
    labels = torch.zeros(4, 400, 82)
    std = torch.cat([torch.full((80,), 3.0), torch.tensor([0.1, 0.2])])
    batch = {"labels": labels, "text_positions": torch.zeros(4, 201)}
    torch.manual_seed(0)
    past = PastSampling(noise_std=0.1)(CountingModel(2), batch, step=0, reduction_factor=2, frame_std=std)
    noise = past["decoder_input_values"].std((0, 1))
    torch.testing.assert_close(noise, 0.1 * std, rtol=0.1, atol=0)
    assert torch.equal(labels, torch.zeros(4, 400, 82))


def test_a_real_model_takes_its_own_outputs():
    torch.manual_seed(0)
    model = GPT2TTSForTextToSpeech(GPT2TTSConfig.from_preset("tiny", prenet_dropout=0.0)).train()
    labels = torch.cat([torch.randn(2, 26, 80) - 5, 5 + 0.1 * torch.randn(2, 26, 1), torch.rand(2, 26, 1)], dim=-1)
    batch = {
        "input_ids": torch.randint(4, 200, (2, 9)),
        "labels": labels,
        "text_positions": torch.linspace(0, 9, 8).repeat(2, 1),
    }
    past = PastSampling(max_probability=1.0)(model, batch, step=0, reduction_factor=model.config.reduction_factor)
    with torch.no_grad():
        output = model(**batch, decoder_text_positions=past["decoder_text_positions"])
    own = torch.cat([output.spectrogram, output.pitch.log()[..., None], output.voicing[..., None]], dim=-1)[:, :26]
    differs = (past["decoder_input_values"] != labels).any(-1)
    assert 0 < differs.float().mean() < 1
    torch.testing.assert_close(past["decoder_input_values"][differs], own[differs])
    assert model(**batch, **past).loss.requires_grad


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("scheduled_sampling_max", {"max_probability": 1.1}),
        ("noise_std", {"noise_std": -1.0}),
        ("row_shift_std", {"row_shift_std": -1.0}),
        ("group_shift_std", {"group_shift_std": -1.0}),
    ],
)
def test_errors_name_the_argument(name, arguments):
    with pytest.raises(ValueError, match=name):
        PastSampling(**arguments)
