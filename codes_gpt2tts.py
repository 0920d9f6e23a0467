"""The code that is drawn before each mel group: what of pitch and loudness the text leaves open."""

import torch
import torch.nn.functional as F
from torch import nn
from transformers.activations import ACT2FN

from .configuration_gpt2tts import GPT2TTSConfig


class GPT2TTSZeroLinear(nn.Linear):
    """Last layer of a part that starts without effect; a class of its own because it is initialised in its own way."""


class GPT2TTSGroupQuantizer(nn.Module):
    """
    Codes of mel groups by finite scalar quantization (https://huggingface.co/papers/2309.15505): a few numbers between
    -1 and 1, each rounded to one of its levels.

    Text leaves pitch and loudness open, and a prediction of the mean of all that might be has none: its harmonics are
    smeared. So each group's code is drawn first, and its frames are predicted under the code.
    """

    def __init__(self, config: GPT2TTSConfig):
        super().__init__()
        size, width = config.group_size, config.code_hidden_size
        self.levels = tuple(config.code_levels)
        self.encoder = nn.Sequential(
            nn.Linear(size, width), ACT2FN[config.hidden_act], nn.Linear(width, len(config.code_levels))
        )
        self.input_proj = nn.Sequential(
            nn.Linear(len(config.code_levels), width),
            ACT2FN[config.hidden_act],
            GPT2TTSZeroLinear(width, config.hidden_size),
        )

    def forward(self, groups: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """
        Normalised groups `(B, N, group_size)` to their codes `(B, N, len(code_levels))`, whose gradient
        passes the rounding, and the index `(B, N, len(code_levels))` of each number's level.
        """
        levels = torch.tensor(self.levels, device=groups.device)
        # a little more than half, so that the outermost levels are reached by finite inputs
        half = (levels - 1) / 2 * 1.001
        offset = 0.5 * (1 - levels % 2)
        bounded = (self.encoder(groups).float() + (offset / half).tan()).tanh() * half - offset
        steps = bounded + (bounded.round() - bounded).detach()
        return steps / (levels // 2), bounded.detach().round().long() + levels // 2

    def embed_past(self, groups: torch.Tensor) -> torch.Tensor:
        """What the backbone reads of past groups `(B, N, group_size)`, `(B, N, H)`: their codes."""
        return self.input_proj(self(groups)[0].detach().to(groups.dtype))


class GPT2TTSCodeHead(nn.Module):
    """
    Predicts the code of a group, each number under those before it, and what the code adds to the group's frames.
    """

    def __init__(self, config: GPT2TTSConfig):
        super().__init__()
        size, width, act = config.hidden_size, config.code_hidden_size, ACT2FN[config.hidden_act]
        self.levels = tuple(config.code_levels)
        num_numbers = len(self.levels)
        self.hidden_proj = nn.Linear(size, num_numbers * width)
        self.code_proj = nn.Linear(num_numbers, num_numbers * width, bias=False)
        self.activation = act
        self.output_proj = nn.Linear(width, max(self.levels))
        self.decoder = nn.Sequential(
            nn.Linear(size + num_numbers, 2 * width),
            act,
            GPT2TTSZeroLinear(2 * width, config.group_size),
        )

    def forward(self, hidden_states: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
        """
        Hidden states `(B, N, H)` and codes `(B, N, len(code_levels))` to logits `(B, N, len(code_levels), levels)`;
        those of a number depend on the numbers before it only.
        """
        num_numbers = len(self.levels)
        weight = self.code_proj.weight.unflatten(0, (num_numbers, -1))
        before = torch.ones(num_numbers, num_numbers, device=weight.device, dtype=weight.dtype).tril(-1)
        context = F.linear(codes.to(hidden_states.dtype), (weight * before[:, None]).flatten(0, 1))
        projected_states = (self.hidden_proj(hidden_states) + context).unflatten(-1, (num_numbers, -1))
        logits = self.output_proj(self.activation(projected_states)).float()
        levels = torch.tensor(self.levels, device=logits.device)
        return logits.masked_fill(torch.arange(logits.shape[-1], device=logits.device) >= levels[:, None], -1e4)

    def likeliest(self, hidden_states: torch.Tensor, noise: torch.Tensor) -> torch.Tensor:
        """
        Codes `(B, N, len(code_levels))` that are the likeliest under hidden states `(B, N, H)` when `noise`
        `(B, N, len(code_levels), levels)` is added to the logits, number by number.
        """
        num_numbers = len(self.levels)
        projected_states = self.hidden_proj(hidden_states).unflatten(-1, (num_numbers, -1))
        weights = self.code_proj.weight.unflatten(0, (num_numbers, -1))
        codes = projected_states[..., :0, 0]
        for number, level in enumerate(self.levels):
            projected = projected_states[..., number, :] + F.linear(codes, weights[number, :, :number])
            logits = self.output_proj(self.activation(projected)).float()[..., :level] + noise[..., number, :level]
            code = logits.argmax(-1, keepdim=True) / (level // 2) - 1.0
            codes = torch.cat([codes, code.to(codes.dtype)], dim=-1)
        return codes

    def decode(self, hidden_states: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
        """`(B, N, H)` and codes `(B, N, len(code_levels))` to an addend of `(B, N, group_size)`."""
        return self.decoder(torch.cat([hidden_states, codes.to(hidden_states.dtype)], dim=-1))
