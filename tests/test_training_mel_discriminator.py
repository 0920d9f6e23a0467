"""The adversarial loss on spectrograms: it knows smeared harmonics, and says so to the model alone."""

import pytest
import torch
from accelerate import Accelerator

from gpt2tts.training import mel_discriminator

N_MELS, FRAMES = 80, 48


@pytest.fixture
def adversary(monkeypatch):
    torch.manual_seed(0)
    monkeypatch.setattr(mel_discriminator, "NUM_FRAMES", 32)
    monkeypatch.setattr(mel_discriminator, "LEARNING_RATE", 2e-3)
    return mel_discriminator.MelAdversary(Accelerator(cpu=True), N_MELS, max_grad_norm=1.0)


def harmonics(batch_size):
    """Spectrograms of voices of some pitch, `(batch_size, FRAMES, N_MELS)`."""
    spacing = 4 + 4 * torch.rand(batch_size, 1, 1)
    return (2 * torch.pi * torch.arange(N_MELS) / spacing).cos() + 0.1 * torch.randn(batch_size, FRAMES, N_MELS)


def test_smeared_spectrograms_are_found_out_and_gain_by_its_gradient(adversary):
    mask = torch.ones(4, FRAMES, dtype=torch.bool)
    losses = []
    for _ in range(20):
        recorded = harmonics(4)
        smeared = (0.1 * recorded).requires_grad_()
        result = adversary(smeared, recorded, mask)
        losses.append(float(result["discriminator_loss"]))
    assert sum(losses[-5:]) < 0.5 * sum(losses[:5])
    (gradient,) = torch.autograd.grad(result["adversarial_loss"], smeared)
    # downhill is where the spectrogram has more contrast
    assert (-gradient * recorded).sum() > 0
    assert all(parameter.grad is None for parameter in adversary.discriminator.parameters())


def test_padding_is_not_judged(adversary):
    recorded = harmonics(2)
    mask = torch.ones(2, FRAMES, dtype=torch.bool)
    mask[1, 20:] = False
    predicted = recorded.clone().requires_grad_()
    adversary(predicted, recorded, mask)["adversarial_loss"].backward()
    assert predicted.grad[1, :20].abs().sum() > 0
    assert predicted.grad[1, 20:].abs().sum() == 0
    assert torch.isfinite(predicted.grad).all()
