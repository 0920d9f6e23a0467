import pytest
import torch
from torch import nn

from gpt2tts.training.ema import build_ema


def set_weights(model, value):
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.fill_(value)


def test_first_update_copies_and_later_ones_average():
    model = nn.Linear(2, 2)
    ema = build_ema(model, 0.9)
    set_weights(model, 1.0)
    ema.update_parameters(model)
    assert torch.equal(ema.module.weight, torch.ones(2, 2))
    set_weights(model, 2.0)
    ema.update_parameters(model)
    # the decay of the first average is (1 + 1) / (10 + 1)
    torch.testing.assert_close(ema.module.weight, torch.full((2, 2), 1 + 9 / 11))
    assert torch.equal(model.weight, torch.full((2, 2), 2.0))


def test_warm_decay_is_the_given_one():
    model = nn.Linear(1, 1)
    ema = build_ema(model, 0.5)
    ema.n_averaged.fill_(1000)
    set_weights(ema.module, 0.0)
    set_weights(model, 1.0)
    for expected in (0.5, 0.75, 0.875):
        ema.update_parameters(model)
        torch.testing.assert_close(ema.module.weight, torch.full((1, 1), expected))


def test_goes_on_from_its_state_dict():
    torch.manual_seed(0)
    model = nn.Linear(3, 3)
    ema, resumed = build_ema(model, 0.9), build_ema(nn.Linear(3, 3), 0.9)
    for step in range(3):
        set_weights(model, float(step))
        ema.update_parameters(model)
    resumed.load_state_dict(ema.state_dict())
    set_weights(model, 9.0)
    ema.update_parameters(model)
    resumed.update_parameters(model)
    assert torch.equal(ema.module.weight, resumed.module.weight)


def test_buffers_follow_the_model():
    model = nn.BatchNorm1d(2)
    ema = build_ema(model, 0.9)
    model.running_mean.fill_(3.0)
    ema.update_parameters(model)
    assert torch.equal(ema.module.running_mean, model.running_mean)


@pytest.mark.parametrize("decay", [0.0, 1.0, -0.1])
def test_decay_must_be_a_share(decay):
    with pytest.raises(ValueError, match="ema_decay"):
        build_ema(nn.Linear(1, 1), decay)
