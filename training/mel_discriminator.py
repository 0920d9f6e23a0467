"""An adversarial loss on the predicted spectrogram: it is told from a recorded one by its smeared harmonics."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from accelerate import Accelerator
from torch import nn
from torch.nn.utils.parametrizations import weight_norm

from .adversarial_losses import Judgement, discriminator_loss, generator_losses, judge

# Clips of a batch that are judged: always as many, since cuDNN plans each convolution anew for a shape it has not met.
NUM_CLIPS = 64

NUM_FRAMES = 64  # of the stretch of each clip that is judged
LEARNING_RATE = 5e-4

# HiFi-GAN's weight of the features beside the scores (https://arxiv.org/abs/2010.05646)
FEATURE_WEIGHT = 2.0


class MelDiscriminator(nn.Module):
    """
    Judges patches of a mel spectrogram, each layer but the first at half the resolution. A second channel holds the
    height of each bin: what is natural there depends on it.

    The mean of several possible spectra, which L1 and L2 ask for, is none of them (GANSpeech,
    https://arxiv.org/abs/2106.15153).

    Args:
        n_mels (`int`): Mel bins.
        channels (`Sequence[int]`): Output channels of the layers.
    """

    def __init__(self, n_mels: int, channels: Sequence[int] = (16, 32, 64, 128)):
        super().__init__()
        self.convs = nn.ModuleList(
            weight_norm(nn.Conv2d(size_in, size_out, 3, stride=2 if layer else 1, padding=1))
            for layer, (size_in, size_out) in enumerate(zip((2, *channels[:-1]), channels, strict=True))
        )
        self.conv_post = weight_norm(nn.Conv2d(channels[-1], 1, 3, padding=1))
        self.register_buffer("height", torch.linspace(-1, 1, n_mels), persistent=False)

    def forward(self, spectrogram: torch.Tensor) -> Judgement:
        """Normalised log-mel `(batch, frames, n_mels)` to a list of one tensor of scores and one list of features."""
        height = self.height.to(spectrogram.dtype).expand_as(spectrogram)
        scores, features = judge(torch.stack([spectrogram, height], dim=1), self.convs, self.conv_post)
        return [scores], [features]


class MelAdversary:
    """
    A discriminator that learns beside the model: each call is its turn, and gives the model's loss.

    Args:
        accelerator (`Accelerator`): Its checkpoints hold the discriminator and its optimiser too.
        n_mels (`int`): Mel bins.
        max_grad_norm (`float`): At which its gradient is clipped.
    """

    def __init__(self, accelerator: Accelerator, n_mels: int, *, max_grad_norm: float):
        discriminator = MelDiscriminator(n_mels)
        optimizer = torch.optim.AdamW(discriminator.parameters(), lr=LEARNING_RATE, betas=(0.8, 0.99))
        self.accelerator = accelerator
        self.max_grad_norm = max_grad_norm
        self.discriminator, self.optimizer = accelerator.prepare(discriminator, optimizer)

    def __call__(self, predicted: torch.Tensor, recorded: torch.Tensor, mask: torch.Tensor) -> dict[str, torch.Tensor]:
        """
        Trains the discriminator on a random stretch of each clip.

        Args:
            predicted, recorded (`torch.Tensor` of shape `(batch_size, num_frames, n_mels)`):
                Normalised log-mel spectrograms. The gradient of the loss goes to the first.
            mask (`torch.BoolTensor` of shape `(batch_size, num_frames)`):
                Mask of real frames. A clip shorter than the stretch is continued by its last frame.

        Returns:
            `dict[str, torch.Tensor]`: `adversarial_loss` for the model to minimise, and the `discriminator_loss`, which
            has been.
        """
        clips = torch.randperm(len(mask), device=mask.device)[torch.arange(NUM_CLIPS, device=mask.device) % len(mask)]
        predicted, recorded, mask = predicted[clips], recorded[clips], mask[clips]
        lengths = mask.sum(1)
        first = torch.rand(len(mask), device=mask.device) * (lengths - NUM_FRAMES + 1).clamp(min=1)
        index = first.long()[:, None] + torch.arange(NUM_FRAMES, device=mask.device)
        index = index.minimum(lengths[:, None] - 1)[..., None].expand(-1, -1, recorded.shape[-1])
        predicted, recorded = predicted.float().gather(1, index), recorded.float().gather(1, index)

        loss = discriminator_loss(self.discriminator(predicted.detach()), self.discriminator(recorded))
        self.accelerator.backward(loss)
        if self.accelerator.sync_gradients:
            self.accelerator.clip_grad_norm_(self.discriminator.parameters(), self.max_grad_norm)
        self.optimizer.step()
        self.optimizer.zero_grad()

        judging = self.accelerator.unwrap_model(self.discriminator).requires_grad_(False)
        with self.accelerator.autocast():
            with torch.no_grad():
                target = judging(recorded)
            scores, features = generator_losses(judging(predicted), target)
        judging.requires_grad_(True)
        return {"adversarial_loss": scores + FEATURE_WEIGHT * features, "discriminator_loss": loss.detach()}
