"""What the model is fed as its past in training: recordings, its own outputs, noise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import nn

from ..modeling_gpt2tts import GPT2TTSForTextToSpeech


@dataclass
class PastSampling:
    """
    Makes training show the model what generation will feed it.

    The reading position is the recording's, with noise: a shift of the whole row and another for each group. From where
    it stands the model learns to move on to the true place, and so to find its place again. The frames of the past may
    have noise too, and be the model's own: scheduled sampling (https://huggingface.co/papers/1506.03099) in two passes
    (https://huggingface.co/papers/1906.07651), a pass without gradients over the recorded past gives the model's own
    outputs, and each past group is then replaced by them with probability p, which each row draws from
    U(0, `max_probability`).

    Args:
        row_shift_std, group_shift_std (`float`, *optional*, default to 0.3 and 0.15):
            Standard deviation of the two shifts, in tokens.
        noise_std (`float`, *optional*, defaults to 0.0):
            Standard deviation of Gaussian noise on the recorded frames of the past, in deviations of the frames.
        max_probability (`float`, *optional*, defaults to 0.0):
            Upper end of p once it is ramped up; 0 turns sampling off.
        start_step (`int`, *optional*, defaults to 0):
            Step at which sampling begins; before it the past is recorded.
        ramp_steps (`int`, *optional*, defaults to 0):
            Steps over which the upper end of p rises from 0.
    """

    row_shift_std: float = 0.3
    group_shift_std: float = 0.15
    noise_std: float = 0.0
    max_probability: float = 0.0
    start_step: int = 0
    ramp_steps: int = 0

    def __post_init__(self):
        if not 0 <= self.max_probability <= 1:
            raise ValueError(f"`scheduled_sampling_max` must be between 0 and 1, got {self.max_probability}")
        for name in ("row_shift_std", "group_shift_std", "noise_std"):
            if getattr(self, name) < 0:
                raise ValueError(f"`{name}` must not be negative, got {getattr(self, name)}")

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
        frame_std: torch.Tensor | float = 1.0,
    ) -> dict[str, torch.Tensor]:
        """
        The past to feed at `step`.

        Args:
            model (`nn.Module`):
                The model in training mode.
            batch (`Mapping[str, torch.Tensor]`):
                Arguments of its `forward`, with `labels (batch, frames, frame_size)`.
            step (`int`):
                Optimiser step.
            reduction_factor (`int`):
                Frames a group.
            frame_std (`torch.Tensor` or `float`, *optional*, defaults to 1.0):
                Standard deviation of the frames, for the noise.

        Returns:
            `dict[str, torch.Tensor]`: arguments of the model's `forward`.
        """
        places = batch["text_positions"][:, :-1]
        shift = self.row_shift_std * torch.randn_like(places[:, :1]) + self.group_shift_std * torch.randn_like(places)
        past = {"decoder_text_positions": (places + shift).clamp(min=0)}
        probability = self.probability(step)
        labels = batch["labels"]
        recorded = labels
        if self.noise_std > 0:
            recorded = labels + self.noise_std * frame_std * torch.randn_like(labels)
            past["decoder_input_values"] = recorded
        if probability == 0:
            return past

        replaced = self.draw(labels, probability=probability, reduction_factor=reduction_factor)
        # in evaluation mode: what generation would give
        was_training = model.training
        model.eval()
        with torch.no_grad():
            output = model(**{**batch, "decoder_input_values": recorded, **past})
            own = GPT2TTSForTextToSpeech.join_frames(output.spectrogram, output.pitch, output.voicing)
            own = own[:, : labels.shape[1]].to(labels.dtype)
            past["decoder_input_values"] = torch.where(replaced, own, recorded)
        model.train(was_training)
        return past

    def draw(self, labels: torch.Tensor, *, probability: float, reduction_factor: int) -> torch.Tensor:
        """
        Which frames to replace: `torch.BoolTensor` of shape `(batch, frames, 1)`, whole groups, each with the row's own
        probability from U(0, `probability`).
        """
        batch_size, frames = labels.shape[:2]
        row_probability = probability * torch.rand(batch_size, 1, device=labels.device)
        groups = torch.rand(batch_size, -(-frames // reduction_factor), device=labels.device) < row_probability
        return groups.repeat_interleave(reduction_factor, dim=1)[:, :frames, None]
