"""What the model is fed as its past in training: recordings, its own outputs, noise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import nn


@dataclass
class PastSampling:
    """
    Scheduled sampling (https://huggingface.co/papers/1506.03099) in parallel passes
    (https://huggingface.co/papers/1906.07651), so that training shows the model what generation will feed it.

    A pass without gradients over the recorded past gives the model's own outputs; each past group is then replaced by
    the model's output with probability p, which each row draws from U(0, `max_probability`). With `rollout_groups` of
    k, groups are replaced in runs of k and there are k such passes, each fed with the outputs of the one before: the
    j-th group of a run then is what the model gives when it has generated the j - 1 before it.

    Args:
        max_probability (`float`, *optional*, defaults to 0.0):
            Upper end of p once it is ramped up; 0 turns sampling off.
        start_step (`int`, *optional*, defaults to 0):
            Step at which sampling begins; before it the past is recorded.
        ramp_steps (`int`, *optional*, defaults to 0):
            Steps over which the upper end of p rises from 0.
        rollout_groups (`int`, *optional*, defaults to 1):
            Length of a run, and number of passes without gradients.
        noise_std (`float`, *optional*, defaults to 0.0):
            Standard deviation of Gaussian noise on the recorded frames of the past, in deviations of the mel.
    """

    max_probability: float = 0.0
    start_step: int = 0
    ramp_steps: int = 0
    rollout_groups: int = 1
    noise_std: float = 0.0

    def __post_init__(self):
        if not 0 <= self.max_probability <= 1:
            raise ValueError(f"`scheduled_sampling_max` must be between 0 and 1, got {self.max_probability}")
        if self.rollout_groups < 1:
            raise ValueError(f"`rollout_groups` must be at least 1, got {self.rollout_groups}")
        if self.noise_std < 0:
            raise ValueError(f"`input_noise_std` must not be negative, got {self.noise_std}")

    def probability(self, step: int) -> float:
        """Upper end of p at optimiser step `step`."""
        ramp = 1.0 if self.ramp_steps <= 0 else min(1.0, (step - self.start_step + 1) / self.ramp_steps)
        return self.max_probability * ramp if step >= self.start_step else 0.0

    def __call__(
        self,
        model: nn.Module,
        batch: Mapping[str, torch.Tensor],
        *,
        step: int,
        reduction_factor: int,
        mel_std: torch.Tensor | float = 1.0,
    ) -> torch.Tensor | None:
        """
        The past to feed at `step`.

        Args:
            model (`nn.Module`):
                The model in training mode, wrapped or not.
            batch (`Mapping[str, torch.Tensor]`):
                Arguments of its `forward`, with `labels (batch, frames, n_mels)`.
            step (`int`):
                Optimiser step.
            reduction_factor (`int`):
                Frames a group.
            mel_std (`torch.Tensor` or `float`, *optional*, defaults to 1.0):
                Standard deviation of the log-mel, for the noise.

        Returns:
            `torch.Tensor` of shape `(batch, frames, n_mels)`, for `decoder_input_values`; `None` when sampling and
            noise are off, that is when the past is `labels`.
        """
        probability = self.probability(step)
        if probability == 0 and self.noise_std == 0:
            return None
        labels = batch["labels"]
        recorded = labels
        if self.noise_std > 0:
            recorded = labels + self.noise_std * mel_std * torch.randn_like(labels)
        if probability == 0:
            return recorded

        replaced = self.draw(labels, probability=probability, reduction_factor=reduction_factor)
        past = recorded
        # in evaluation mode: what generation would give, and without the losses of training
        was_training = model.training
        model.eval()
        with torch.no_grad():
            for _ in range(self.rollout_groups):
                output = model(**batch, decoder_input_values=past).spectrogram_before_postnet
                past = torch.where(replaced, output[:, : labels.shape[1]].to(labels.dtype), recorded)
        model.train(was_training)
        return past

    def draw(self, labels: torch.Tensor, *, probability: float, reduction_factor: int) -> torch.Tensor:
        """
        Which frames to replace: `torch.BoolTensor` of shape `(batch, frames, 1)`, whole groups in runs of
        `rollout_groups` that begin at a random offset, each with the row's own probability from U(0, `probability`).
        """
        batch_size, frames = labels.shape[:2]
        run = self.rollout_groups * reduction_factor
        row_probability = probability * torch.rand(batch_size, 1, device=labels.device)
        runs = torch.rand(batch_size, frames // run + 2, device=labels.device) < row_probability
        offset = reduction_factor * int(torch.randint(self.rollout_groups, (1,)))
        return runs.repeat_interleave(run, dim=1)[:, offset : offset + frames, None]
