"""What the model is fed as its past in training: recordings, its own outputs, noise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import nn

from ..modeling_gpt2tts import GPT2TTSForTextToSpeech, GPT2TTSModelOutput


@dataclass
class PastSampling:
    """
    Scheduled sampling (https://huggingface.co/papers/1506.03099) in parallel passes
    (https://huggingface.co/papers/1906.07651), so that training shows the model what generation will feed it.

    A pass without gradients over the recorded past gives the model's own outputs; each past group is then replaced by
    the model's output with probability p, which each row draws from U(0, `max_probability`). These outputs still follow
    a recorded past. With `rollout_groups` of k, a run of k groups at a random place is generated as `generate` does it,
    each group from the ones before it, which shows the model how its own errors add up.

    Args:
        max_probability (`float`, *optional*, defaults to 0.0):
            Upper end of p once it is ramped up; 0 turns sampling off.
        start_step (`int`, *optional*, defaults to 0):
            Step at which sampling begins; before it the past is recorded.
        ramp_steps (`int`, *optional*, defaults to 0):
            Steps over which the upper end of p rises from 0.
        rollout_groups (`int`, *optional*, defaults to 0):
            Length of the generated run, which a batch has with probability p; 0 for none.
        noise_std (`float`, *optional*, defaults to 0.0):
            Standard deviation of Gaussian noise on the recorded frames of the past, in deviations of the mel.
    """

    max_probability: float = 0.0
    start_step: int = 0
    ramp_steps: int = 0
    rollout_groups: int = 0
    noise_std: float = 0.0

    def __post_init__(self):
        if not 0 <= self.max_probability <= 1:
            raise ValueError(f"`scheduled_sampling_max` must be between 0 and 1, got {self.max_probability}")
        if self.rollout_groups < 0:
            raise ValueError(f"`rollout_groups` must not be negative, got {self.rollout_groups}")
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
                The model in training mode; not wrapped, where there are rollouts.
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
        # in evaluation mode: what generation would give, and without the losses of training
        was_training = model.training
        model.eval()
        with torch.no_grad():
            output = model(**batch, decoder_input_values=recorded)
            own = output.spectrogram[:, : labels.shape[1]].to(labels.dtype)
            past = torch.where(replaced, own, recorded)
            if self.rollout_groups > 0 and torch.rand(()) < probability:
                num_groups = -(-labels.shape[1] // reduction_factor)
                # from before the first group to after the last, so that both ends get their share
                first = int(torch.randint(-self.rollout_groups, num_groups, ()))
                last = min(first + self.rollout_groups, num_groups)
                past = roll_out(model, batch, past, output.style_latents, max(first, 0), max(last, 1))
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


def roll_out(
    model: GPT2TTSForTextToSpeech,
    batch: Mapping[str, torch.Tensor],
    past: torch.Tensor,
    style_latents: torch.Tensor,
    first_group: int,
    last_group: int,
) -> torch.Tensor:
    """
    `past` with the groups from `first_group` up to (not including) `last_group` generated one after another.

    Args:
        model (`GPT2TTSForTextToSpeech`):
            The model itself, not wrapped.
        batch (`Mapping[str, torch.Tensor]`):
            Arguments of its `forward`, with `labels (batch, frames, n_mels)`.
        past (`torch.Tensor` of shape `(batch, frames, n_mels)`):
            Log-mel frames that the run continues.
        style_latents (`torch.Tensor` of shape `(batch, num_style_latents, hidden_size)`):
            The voices.
        first_group, last_group (`int`):
            The run.

    Returns:
        `torch.Tensor` of shape `(batch, frames, n_mels)`.
    """
    config = model.config
    mask = batch.get("labels_mask")
    mask = torch.ones_like(past[..., 0], dtype=torch.bool) if mask is None else mask
    groups, _ = model.group_frames(past, mask)
    common = {
        "attention_mask": batch.get("attention_mask", torch.ones_like(batch["input_ids"])),
        "style_latents": style_latents,
        "use_cache": True,
    }
    outputs = model.model(
        input_ids=batch["input_ids"], mel_groups=groups[:, :first_group] if first_group > 0 else None, **common
    )
    # the recording's codes: under drawn ones the run would take another pitch than the recording that follows it
    codes = model.encode_groups(model.group_frames(batch["labels"], mask)[0])

    def predict(outputs: GPT2TTSModelOutput, end: int) -> torch.Tensor:
        hidden_states = outputs.last_hidden_state
        return model.predict(hidden_states, None if codes is None else codes[:, end - hidden_states.shape[1] : end])[0]

    run: list[torch.Tensor] = []
    predicted = predict(outputs, first_group + 1)
    while True:
        predicted = predicted[:, -model.postnet.context_groups - 1 :]
        run.append(model.postnet(predicted)[:, -1:])
        if len(run) == last_group - first_group:
            break
        outputs = model.model(mel_groups=run[-1], cache=outputs.cache, **common)
        predicted = torch.cat([predicted, predict(outputs, first_group + len(run) + 1)], dim=1)
    begin, end = first_group * config.reduction_factor, min(last_group * config.reduction_factor, past.shape[1])
    generated = model.ungroup_frames(torch.cat(run, dim=1))[:, : end - begin].to(past.dtype)
    return torch.cat([past[:, :begin], generated, past[:, end:]], dim=1)
