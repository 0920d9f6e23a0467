from types import SimpleNamespace

import pytest
import torch
from torch import nn

from gpt2tts.configuration_gpt2tts import GPT2TTSConfig
from gpt2tts.modeling_gpt2tts import GPT2TTSForTextToSpeech
from gpt2tts.training.scheduled_sampling import PastSampling, roll_out


class CountingModel(nn.Module):
    """Predicts, for each group, the value of the group before it in its past, plus 1; the first is 100."""

    def __init__(self, reduction_factor):
        super().__init__()
        self.reduction_factor = reduction_factor
        self.pasts, self.modes, self.grad = [], [], []

    def forward(self, labels, decoder_input_values=None):
        self.pasts.append(decoder_input_values)
        self.modes.append(self.training)
        self.grad.append(torch.is_grad_enabled())
        shifted = torch.roll(decoder_input_values, self.reduction_factor, dims=1) + 1
        shifted[:, : self.reduction_factor] = 100
        return SimpleNamespace(spectrogram=shifted)


@pytest.fixture
def batch():
    """Two rows of 12 groups of 2 frames, all zero."""
    return {"labels": torch.zeros(2, 24, 3)}


def sample(sampling, batch, step=10, model=None):
    model = CountingModel(2) if model is None else model
    torch.manual_seed(0)
    return sampling(model, batch, step=step, reduction_factor=2), model


def test_off_is_off(batch):
    past, model = sample(PastSampling(), batch)
    assert past is None
    assert model.pasts == []


def test_before_the_start_no_pass_is_made(batch):
    past, model = sample(PastSampling(max_probability=1.0, start_step=11), batch)
    assert past is None
    assert model.pasts == []


def test_share_is_ramped_up():
    sampling = PastSampling(max_probability=0.8, start_step=100, ramp_steps=4)
    assert [sampling.probability(step) for step in (99, 100, 101, 103, 500)] == pytest.approx([0, 0.2, 0.4, 0.8, 0.8])


def test_replaces_whole_groups_by_own_outputs(batch):
    past, model = sample(PastSampling(max_probability=1.0), batch)
    groups = past.view(2, 12, 6)
    assert (groups == groups[..., :1]).all()
    # own outputs of a pass over zeros are 100 and ones; both they and recorded zeros are there
    assert set(past.unique().tolist()) <= {0.0, 1.0, 100.0}
    assert 0 < (past > 0).float().mean() < 1
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


@pytest.fixture
def tiny_model():
    torch.manual_seed(0)
    model = GPT2TTSForTextToSpeech(GPT2TTSConfig.from_preset("tiny", prenet_dropout=0.0))
    # it starts as the identity
    torch.nn.init.normal_(model.postnet.convs[-1].weight, std=0.1)
    return model


@pytest.mark.parametrize(("first", "last"), [(0, 4), (2, 5), (3, 7)])
def test_a_rollout_is_what_group_after_group_gives(tiny_model, first, last):
    factor = tiny_model.config.reduction_factor
    labels = torch.randn(2, 7 * factor - 1, 80) - 5
    batch = {"input_ids": torch.randint(4, 200, (2, 9)), "labels": labels}
    tiny_model.eval()
    with torch.no_grad():
        style = tiny_model(**batch).style_latents
        past = roll_out(tiny_model, batch, labels, style, first, last)
        expected = labels.clone()
        for group in range(first, last):
            own = tiny_model(**batch, decoder_input_values=expected).spectrogram[:, : labels.shape[1]]
            frames = slice(group * factor, (group + 1) * factor)
            expected[:, frames] = own[:, frames]
    torch.testing.assert_close(past, expected, atol=1e-4, rtol=1e-4)
    assert not torch.equal(past, labels)


def test_runs_of_own_outputs_reach_every_place(tiny_model):
    factor = tiny_model.config.reduction_factor
    batch = {"input_ids": torch.randint(4, 200, (1, 9)), "labels": torch.randn(1, 6 * factor, 80) - 5}
    sampling = PastSampling(max_probability=1.0, rollout_groups=3)
    torch.manual_seed(0)
    # no single groups: what differs from the recording is the run
    sampling.draw = lambda labels, **kwargs: torch.zeros(*labels.shape[:2], 1, dtype=torch.bool)
    runs = set()
    for _ in range(60):
        past = sampling(tiny_model, batch, step=0, reduction_factor=factor)
        differs = (past != batch["labels"]).any(-1).view(6, factor)
        assert torch.equal(differs.all(1), differs.any(1))
        runs.add(tuple(differs[:, 0].nonzero().flatten().tolist()))
    assert {(0,), (0, 1), (0, 1, 2), (1, 2, 3), (2, 3, 4), (3, 4, 5), (4, 5), (5,)} == runs


def test_noise_is_on_recorded_frames_in_deviations_of_the_mel(batch):
    batch["labels"] = torch.zeros(4, 400, 80)
    torch.manual_seed(0)
    past = PastSampling(noise_std=0.1)(
        CountingModel(2), batch, step=0, reduction_factor=2, mel_std=torch.full((80,), 3.0)
    )
    assert past.std() == pytest.approx(0.3, rel=0.02)
    assert torch.equal(batch["labels"], torch.zeros(4, 400, 80))


def test_a_real_model_takes_its_own_outputs(tiny_model):
    model, factor = tiny_model.train(), tiny_model.config.reduction_factor
    batch = {"input_ids": torch.randint(4, 200, (2, 9)), "labels": torch.randn(2, 26, 80) - 5}
    past = PastSampling(max_probability=1.0)(model, batch, step=0, reduction_factor=factor)
    own = model(**batch).spectrogram[:, :26]
    differs = (past != batch["labels"]).any(-1)
    assert differs.any()
    torch.testing.assert_close(past[differs], own[differs].detach())
    assert model(**batch, decoder_input_values=past).loss.requires_grad


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("scheduled_sampling_max", {"max_probability": 1.1}),
        ("rollout_groups", {"rollout_groups": -1}),
        ("input_noise_std", {"noise_std": -1.0}),
    ],
)
def test_errors_name_the_argument(name, arguments):
    with pytest.raises(ValueError, match=name):
        PastSampling(**arguments)
