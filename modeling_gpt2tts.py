"""GPT2TTS: a GPT-2 backbone that reads style latents and text and predicts frames: mel-spectrogram, pitch, voicing."""

import inspect
import math
import os
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, cast

import torch
import torch.nn.functional as F
from safetensors import SafetensorError
from torch import nn
from transformers import GPT2Config, GPT2Model, PreTrainedModel
from transformers import initialization as init
from transformers.activations import ACT2FN
from transformers.cache_utils import Cache
from transformers.models.gpt2.modeling_gpt2 import GPT2Block
from transformers.utils import ModelOutput, can_return_tuple, logging

from .checkpoint_gpt2tts import GPT2TTSCheckpointMixin
from .configuration_gpt2tts import GPT2_REPOSITORY, GPT2TTSConfig
from .files import split_revision
from .frames_gpt2tts import FINE_FACTOR, interpolate_fine, split_frames
from .generation_gpt2tts import GPT2TTSGenerationMixin, dropout_mask
from .losses_gpt2tts import compute_losses

logger = logging.get_logger(__name__)

# Rough statistics of log-mel speech, so that a model is sane before training stores the real ones.
DEFAULT_MEL_MEAN, DEFAULT_MEL_STD = -5.0, 2.0

# What pitch (its logarithm in Hz) and voicing (0 to 1) are normalised by. The deviations are a third to a half of the
# real ones: a normalised pitch is as large as nine mel bins to the squared error, and heard by the prenet.
LOG_PITCH_MEAN, LOG_PITCH_STD = 5.1, 0.08
VOICING_MEAN, VOICING_STD = 0.5, 0.2
# What `Trainer`'s collators pad `labels` with.
PADDING_LABEL = -100
# What GPT-2 calls its keys and values: transformers renamed them in 5.24.
CACHE_ARGUMENT = "cache" if "cache" in inspect.signature(GPT2Block.forward).parameters else "past_key_values"


@dataclass
class GPT2TTSModelOutput(ModelOutput):
    """
    Outputs of [`GPT2TTSModel`].

    Args:
        last_hidden_state (`torch.Tensor` of shape `(batch_size, num_groups, hidden_size)`):
            Final hidden states of the mel positions of this call: the one at index `i` predicts group `i`.
        cache (`Cache`, *optional*, returned when `use_cache=True`):
            Keys and values of all positions so far.
        text_embeds (`torch.Tensor` of shape `(batch_size, num_tokens, hidden_size)`):
            Embeddings of the text, which calls with `cache` need again.
        style_latents (`torch.Tensor` of shape `(batch_size, num_style_latents, hidden_size)`):
            The style latents that were used, which calls with `cache` need again.
        hidden_states (`tuple[torch.Tensor]`, *optional*, returned when `output_hidden_states=True`):
            Hidden states of the whole sequence `[style latents | text | mel]` before each layer and after the last.
        attentions (`tuple[torch.Tensor]`, *optional*, returned when `output_attentions=True`):
            Attention probabilities `(batch_size, num_heads, sequence, sequence)` of each layer.
    """

    last_hidden_state: torch.Tensor | None = None
    cache: Cache | None = None
    text_embeds: torch.Tensor | None = None
    style_latents: torch.Tensor | None = None
    hidden_states: tuple[torch.Tensor, ...] | None = None
    attentions: tuple[torch.Tensor, ...] | None = None


@dataclass
class GPT2TTSOutput(ModelOutput):
    """
    Outputs of [`GPT2TTSForTextToSpeech`]. Every loss is a mean over the batch's mel groups (rows weigh by their
    length) and stands here before its weight of the configuration.

    Args:
        loss (`torch.Tensor` of shape `()`, *optional*, returned when `labels` are given):
            The weighted sum of the losses below.
        spectrogram_loss (`torch.Tensor` of shape `()`, *optional*):
            L1 + L2 of the normalised frames, pitch and voicing included, after the postnet.
        spectrogram_before_postnet_loss (`torch.Tensor` of shape `()`, *optional*):
            L1 + L2 of the normalised frames before the postnet.
        refiner_loss (`torch.Tensor` of shape `()`, *optional*, returned where the model has a refiner):
            L1 + L2 of the normalised fine spectra; 0 where `labels` have none.
        position_loss (`torch.Tensor` of shape `()`, *optional*):
            Huber loss of how far the reading position moves with each group, in tokens.
        speaker_consistency_loss (`torch.Tensor` of shape `()`, *optional*, returned when `speaker_embeddings` are given):
            One minus the cosine of the projected style latents and the speaker embedding.
        spectrogram (`torch.Tensor` of shape `(batch_size, num_frames, n_mels)`):
            Predicted log-mel frames after the postnet, which generation feeds back; `num_frames` is a multiple of
            `config.reduction_factor`.
        spectrogram_before_postnet (`torch.Tensor` of shape `(batch_size, num_frames, n_mels)`):
            Predicted log-mel frames before the postnet.
        pitch (`torch.Tensor` of shape `(batch_size, num_frames)`):
            Predicted pitch in Hz, which goes on through unvoiced frames.
        voicing (`torch.Tensor` of shape `(batch_size, num_frames)`):
            How voiced each frame is, 0 to 1.
        fine_spectrogram (`torch.Tensor` of shape `(batch_size, num_frames, 2 * n_mels)`, *optional*):
            See [`GPT2TTSFrames`]; returned where the model has a refiner.
        steps (`torch.Tensor` of shape `(batch_size, num_groups)`):
            How many tokens the reading position moves after each group.
        style_latents (`torch.Tensor` of shape `(batch_size, num_style_latents, hidden_size)`):
            The style latents that were used.
        hidden_states (`tuple[torch.Tensor]`, *optional*, returned when `output_hidden_states=True`):
            See [`GPT2TTSModelOutput`].
        attentions (`tuple[torch.Tensor]`, *optional*, returned when `output_attentions=True`):
            See [`GPT2TTSModelOutput`].
    """

    loss: torch.Tensor | None = None
    spectrogram_loss: torch.Tensor | None = None
    spectrogram_before_postnet_loss: torch.Tensor | None = None
    refiner_loss: torch.Tensor | None = None
    position_loss: torch.Tensor | None = None
    speaker_consistency_loss: torch.Tensor | None = None
    spectrogram: torch.Tensor | None = None
    spectrogram_before_postnet: torch.Tensor | None = None
    pitch: torch.Tensor | None = None
    voicing: torch.Tensor | None = None
    fine_spectrogram: torch.Tensor | None = None
    steps: torch.Tensor | None = None
    style_latents: torch.Tensor | None = None
    hidden_states: tuple[torch.Tensor, ...] | None = None
    attentions: tuple[torch.Tensor, ...] | None = None


class GPT2TTSAttention(nn.Module):
    """Multi-head attention of `hidden_states` over `context`."""

    def __init__(self, hidden_size: int, num_heads: int):
        super().__init__()
        self.num_heads = num_heads
        self.q_proj = nn.Linear(hidden_size, hidden_size)
        self.kv_proj = nn.Linear(hidden_size, 2 * hidden_size)
        self.out_proj = nn.Linear(hidden_size, hidden_size)

    def forward(self, hidden_states: torch.Tensor, context: torch.Tensor, context_mask: torch.Tensor) -> torch.Tensor:
        """`(B, Q, H)`, `(B, K, H)` and a mask `(B, K)` of the real context to `(B, Q, H)`."""
        query = self.q_proj(hidden_states).unflatten(-1, (self.num_heads, -1)).transpose(1, 2)
        key, value = self.kv_proj(context).unflatten(-1, (2, self.num_heads, -1)).permute(2, 0, 3, 1, 4)
        attended = F.scaled_dot_product_attention(query, key, value, attn_mask=context_mask[:, None, None, :])
        return self.out_proj(attended.transpose(1, 2).flatten(2))


class GPT2TTSMLP(nn.Module):
    """Feed-forward of a pre-norm block, four times as wide inside."""

    def __init__(self, hidden_size: int, config: GPT2TTSConfig):
        super().__init__()
        self.norm = nn.LayerNorm(hidden_size, eps=config.layer_norm_eps)
        self.fc_in = nn.Linear(hidden_size, 4 * hidden_size)
        self.fc_out = nn.Linear(4 * hidden_size, hidden_size)
        self.activation = ACT2FN[config.hidden_act]

    def forward(self, hidden_states: torch.Tensor) -> torch.Tensor:
        """`(B, T, H)` to `(B, T, H)`, without the residual."""
        return self.fc_out(self.activation(self.fc_in(self.norm(hidden_states))))


class GPT2TTSConditioningEncoderLayer(nn.Module):
    """Pre-norm Transformer encoder layer."""

    def __init__(self, config: GPT2TTSConfig):
        super().__init__()
        size = config.conditioning_hidden_size
        self.attention_norm = nn.LayerNorm(size, eps=config.layer_norm_eps)
        self.attention = GPT2TTSAttention(size, config.conditioning_num_heads)
        self.mlp = GPT2TTSMLP(size, config)

    def forward(self, hidden_states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """`(B, T, C)` and the mask `(B, T)` of real positions to `(B, T, C)`."""
        normed = self.attention_norm(hidden_states)
        hidden_states = hidden_states + self.attention(normed, normed, mask)
        return hidden_states + self.mlp(hidden_states)


class GPT2TTSConditioningEncoder(nn.Module):
    """Transformer encoder over the mel frames of the reference clip, `conditioning_stride` frames a position."""

    def __init__(self, config: GPT2TTSConfig):
        super().__init__()
        size, self.stride = config.conditioning_hidden_size, config.conditioning_stride
        self.input_proj = nn.Linear(config.n_mels * self.stride, size)
        self.layers = nn.ModuleList(
            [GPT2TTSConditioningEncoderLayer(config) for _ in range(config.conditioning_num_layers)]
        )
        self.output_proj = nn.Linear(size, config.hidden_size)
        self.output_norm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)

    def forward(self, features: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """
        Normalised frames `(B, T, n_mels)` and the mask `(B, T)` of real ones to `(B, T', H)` and its mask `(B, T')`,
        with `T'` the number of strides begun.
        """
        # padding is zero: the last stride of a row does not see how far the row was padded
        features = features * mask[..., None].to(features.dtype)
        padding = -features.shape[1] % self.stride
        features = F.pad(features, (0, 0, 0, padding)).unflatten(1, (-1, self.stride)).flatten(2)
        mask = F.pad(mask.bool(), (0, padding)).unflatten(1, (-1, self.stride)).any(-1)
        hidden_states = self.input_proj(features)
        hidden_states = hidden_states + sinusoidal_positions(hidden_states)
        for layer in self.layers:
            hidden_states = layer(hidden_states, mask)
        return self.output_norm(self.output_proj(hidden_states)), mask


class GPT2TTSPerceiverResampler(nn.Module):
    """
    Distils a sequence of any length into `num_style_latents` vectors: learned latents that attend to the sequence and
    to themselves (Perceiver resampler of Flamingo, https://huggingface.co/papers/2204.14198).
    """

    def __init__(self, config: GPT2TTSConfig):
        super().__init__()
        size = config.hidden_size
        self.latents = nn.Parameter(torch.empty(config.num_style_latents, size))
        self.norms = nn.ModuleList(
            [nn.LayerNorm(size, eps=config.layer_norm_eps) for _ in range(config.perceiver_num_layers)]
        )
        self.attentions = nn.ModuleList(
            [GPT2TTSAttention(size, config.perceiver_num_heads) for _ in range(config.perceiver_num_layers)]
        )
        self.mlps = nn.ModuleList([GPT2TTSMLP(size, config) for _ in range(config.perceiver_num_layers)])
        self.output_norm = nn.LayerNorm(size, eps=config.layer_norm_eps)

    def forward(self, context: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """`(B, T, H)` and the mask `(B, T)` of real positions to `(B, num_style_latents, H)`."""
        latents = self.latents.expand(context.shape[0], -1, -1)
        mask = F.pad(mask, (0, latents.shape[1]), value=True)
        for norm, attention, mlp in zip(self.norms, self.attentions, self.mlps, strict=True):
            normed = norm(latents)
            latents = latents + attention(normed, torch.cat([context, normed], dim=1), mask)
            latents = latents + mlp(latents)
        return self.output_norm(latents)


class GPT2TTSConv1d(nn.Conv1d):
    """
    A convolution over time as one matrix product: cuDNN plans each convolution anew for every shape it meets, which
    takes longer than a training step.
    """

    def forward(self, hidden_states: torch.Tensor, before: int, after: int) -> torch.Tensor:
        """`(B, T, C)`, with so many zeros before and after it, to `(B, T + before + after - kernel_size + 1, C')`."""
        padded, width = F.pad(hidden_states, (0, 0, before, after)), self.kernel_size[0]
        num_outputs = padded.shape[1] - width + 1
        # rather than by `unfold`, whose gradient takes long
        windows = torch.cat([padded[:, place : place + num_outputs] for place in range(width)], dim=-1)
        return F.linear(windows, self.weight.permute(0, 2, 1).flatten(1), self.bias)


class GPT2TTSTextConvolution(nn.Module):
    """Residual convolution over text embeddings: gives a letter its right-hand context, which GPT-2's mask hides."""

    def __init__(self, config: GPT2TTSConfig):
        super().__init__()
        size, width = config.hidden_size, config.text_conv_kernel_size
        self.norm = nn.LayerNorm(size, eps=config.layer_norm_eps)
        self.conv = GPT2TTSConv1d(size, size, width)
        self.activation = ACT2FN[config.hidden_act]

    def forward(self, hidden_states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """`(B, T, H)` and the mask `(B, T, 1)` of real tokens to `(B, T, H)`."""
        # padding is zero, as is what lies beyond the edges: a row does not see how far it was padded
        reach = self.conv.kernel_size[0] // 2
        return hidden_states + self.activation(self.conv(self.norm(hidden_states) * mask, reach, reach))


class GPT2TTSPrenet(nn.Module):
    """
    Bottleneck over past mel groups. Its dropout stays on in generation (Tacotron 2): what differs from seed to seed.
    """

    def __init__(self, config: GPT2TTSConfig):
        super().__init__()
        size = config.group_size
        widths = [size] + [config.prenet_hidden_size] * config.prenet_num_layers
        self.layers = nn.ModuleList([nn.Linear(width_in, width_out) for width_in, width_out in pairwise(widths)])
        self.output_proj = nn.Linear(widths[-1], config.hidden_size)
        self.dropout = config.prenet_dropout

    def forward(
        self,
        groups: torch.Tensor,
        dropout: float | None = None,
        generator: torch.Generator | list[torch.Generator] | None = None,
    ) -> torch.Tensor:
        """
        Normalised groups `(B, N, group_size)` to `(B, N, H)`. `dropout` replaces the configured rate;
        with a list of generators each row draws from its own, so that its result does not depend on the batch.
        """
        rate = self.dropout if dropout is None else dropout
        hidden_states = groups
        for layer in self.layers:
            hidden_states = F.relu(layer(hidden_states))
            if generator is None:
                hidden_states = F.dropout(hidden_states, rate, training=True)
            elif rate > 0:
                hidden_states = hidden_states * dropout_mask(hidden_states, rate, generator)
        return self.output_proj(hidden_states)


class GPT2TTSLastBlock(GPT2Block):
    """GPT-2's last block. Its MLP, a tenth of the work of a small model, leaves out positions that nothing reads."""

    def forward(
        self,
        hidden_states: torch.Tensor,
        cache: Cache | None = None,
        attention_mask: torch.Tensor | None = None,
        *args: Any,
        num_outputs: int | None = None,
        **kwargs: Any,
    ) -> torch.Tensor:
        """As [`GPT2Block`]; with `num_outputs` the positions before the last so many come without the MLP."""
        kwargs[CACHE_ARGUMENT] = cache
        attended, _ = self.attn(self.ln_1(hidden_states), attention_mask=attention_mask, **kwargs)
        hidden_states = hidden_states + attended
        start = 0 if num_outputs is None else hidden_states.shape[1] - num_outputs
        outputs = hidden_states[:, start:]
        return torch.cat((hidden_states[:, :start], outputs + self.mlp(self.ln_2(outputs))), dim=1)


class GPT2TTSPostnetOutput(GPT2TTSConv1d):
    """Last convolution of the postnet; a class of its own because it is initialised in its own way."""


class GPT2TTSPostnet(nn.Module):
    """
    Residual convolutions over mel groups that sharpen the predicted spectrogram (Tacotron 2, without batch norm), each
    seeing a group and those before it.

    Tacotron 2's looks ahead too. In teacher forcing the prediction that follows has read the very group that this one
    predicts: such a postnet learns to copy it from there, which halves the training loss, and when the model reads its
    own speech there is nothing to copy.
    """

    def __init__(self, config: GPT2TTSConfig):
        super().__init__()
        size, width = config.group_size, config.postnet_hidden_size
        last = config.postnet_num_layers - 1
        self.convs = nn.ModuleList(
            [
                (GPT2TTSPostnetOutput if layer == last else GPT2TTSConv1d)(
                    size if layer == 0 else width, size if layer == last else width, config.postnet_kernel_size
                )
                for layer in range(config.postnet_num_layers)
            ]
        )
        self.activation = ACT2FN[config.hidden_act]
        self.context_groups = config.postnet_num_layers * (config.postnet_kernel_size - 1)

    def forward(self, groups: torch.Tensor) -> torch.Tensor:
        """Normalised groups `(B, N, group_size)` to the same; the first ones have zeros before them."""
        hidden_states = groups
        for layer, conv in enumerate(self.convs):
            hidden_states = self.activation(hidden_states) if layer > 0 else hidden_states
            hidden_states = conv(hidden_states, conv.kernel_size[0] - 1, 0)
        return groups + hidden_states if self.convs else groups


class GPT2TTSRefinerOutput(nn.Linear):
    """Last layer of the refiner; a class of its own because it is initialised in its own way."""


class GPT2TTSRefiner(nn.Module):
    """
    Tells the fine spectra of a group, see [`GPT2TTSFrames`], of what its frames were told by. In the window of a frame, 46 ms,
    the burst of a consonant is smeared; where it lies follows from the hidden state, which knows the sound and its place in it.

    Nothing is fed back: it is computed of all groups at once, and its loss reaches no other weight.
    """

    def __init__(self, config: GPT2TTSConfig):
        super().__init__()
        self.n_mels, self.frame_size = config.n_mels, config.frame_size
        self.fc_in = nn.Linear(config.hidden_size + config.group_size, config.refiner_hidden_size)
        self.fc_out = GPT2TTSRefinerOutput(config.refiner_hidden_size, config.fine_size)
        self.activation = ACT2FN[config.hidden_act]

    def forward(self, hidden_states: torch.Tensor, groups: torch.Tensor) -> torch.Tensor:
        """Hidden states `(B, N, H)` and normalised groups `(B, N, group_size)` to fine spectra `(B, N, fine_size)`, normalised."""
        groups = groups.to(hidden_states.dtype)
        frames = groups.unflatten(-1, (-1, self.frame_size))[..., : self.n_mels]
        hidden_states = self.activation(self.fc_in(torch.cat((hidden_states, groups), dim=-1)))
        return interpolate_fine(frames).flatten(-2) + self.fc_out(hidden_states)


def sinusoidal_positions(hidden_states: torch.Tensor) -> torch.Tensor:
    """Sinusoidal position embeddings `(T, C)` for hidden states `(B, T, C)`."""
    length, size = hidden_states.shape[1:]
    steps = torch.arange(length, device=hidden_states.device, dtype=torch.float32)
    rates = torch.exp(torch.arange(0, size, 2, device=steps.device) * (-math.log(10000.0) / size))
    angles = steps[:, None] * rates
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(1)[:, :size].to(hidden_states.dtype)


class GPT2TTSFrameNormalizer(nn.Module):
    """
    Scales frames by the statistics of the training data. They are float32 whatever precision the model is cast to: half
    of it would be heard in every frame.
    """

    frame_mean: torch.Tensor
    frame_std: torch.Tensor

    def __init__(self, config: GPT2TTSConfig):
        super().__init__()
        for name, values in zip(("frame_mean", "frame_std"), self.defaults(config), strict=True):
            self.register_buffer(name, values)

    @staticmethod
    def defaults(config: GPT2TTSConfig) -> tuple[torch.Tensor, torch.Tensor]:
        """Mean and deviation, `(frame_size,)` each, before the mels' real ones are known."""
        mean = [DEFAULT_MEL_MEAN] * config.n_mels + [LOG_PITCH_MEAN, VOICING_MEAN]
        std = [DEFAULT_MEL_STD] * config.n_mels + [LOG_PITCH_STD, VOICING_STD]
        return torch.tensor(mean, dtype=torch.float32), torch.tensor(std, dtype=torch.float32)

    def _apply(self, fn: Callable[[torch.Tensor], torch.Tensor], recurse: bool = True) -> "GPT2TTSFrameNormalizer":
        def move(values: torch.Tensor) -> torch.Tensor:
            moved = fn(values)
            return moved if moved.dtype == values.dtype else values.to(moved.device)

        return super()._apply(move, recurse)

    def forward(self, frames: torch.Tensor, inverse: bool = False) -> torch.Tensor:
        """Frames `(..., frame_size)`, or their log-mels alone `(..., n_mels)`, to the same in float32."""
        mean, std = (values[: frames.shape[-1]] for values in (self.frame_mean, self.frame_std))
        return frames.float() * std + mean if inverse else (frames.float() - mean) / std


class GPT2TTSPreTrainedModel(PreTrainedModel):
    """Weight initialisation and loading, common to the GPT2TTS models."""

    config_class = GPT2TTSConfig
    base_model_prefix = "model"
    main_input_name = "input_ids"
    input_modalities = ("text", "audio")
    output_modalities = ("audio",)
    supports_gradient_checkpointing = True
    # each has residual connections, or weights of its own beside those of its parts
    _no_split_modules = [  # noqa: RUF012
        "GPT2Block",
        "GPT2TTSLastBlock",
        "GPT2TTSConditioningEncoder",
        "GPT2TTSPerceiverResampler",
        "GPT2TTSTextConvolution",
        "GPT2TTSPostnet",
    ]
    _skip_keys_device_placement = ["cache"]  # noqa: RUF012
    _supports_sdpa = True
    _keep_in_fp32_modules_strict = ["normalizer"]  # noqa: RUF012

    @torch.no_grad()
    def _init_weights(self, module: nn.Module):
        std = self.config.initializer_range
        if isinstance(module, (nn.Linear, nn.Conv1d)):
            if isinstance(module, (GPT2TTSPostnetOutput, GPT2TTSRefinerOutput)):
                # the postnet starts as the identity, the refiner as interpolation
                init.zeros_(module.weight)
            else:
                # the parts around GPT-2 have no residual stream to protect: variance-preserving, not a fixed width
                init.xavier_uniform_(module.weight)
            if module.bias is not None:
                init.zeros_(module.bias)
        elif isinstance(module, nn.LayerNorm):
            init.ones_(module.weight)
            init.zeros_(module.bias)
        elif isinstance(module, GPT2TTSPerceiverResampler):
            init.normal_(module.latents, mean=0.0, std=1.0)
        elif isinstance(module, GPT2TTSModel):
            init.normal_(module.start_embedding, mean=0.0, std=std)
            init.normal_(module.kind_embeddings, mean=0.0, std=std)
            init.normal_(module.null_style_latents, mean=0.0, std=1.0)
        elif isinstance(module, GPT2TTSFrameNormalizer):
            mean, std = module.defaults(self.config)
            init.copy_(module.frame_mean, mean)
            init.copy_(module.frame_std, std)

    @classmethod
    def from_pretrained(cls, pretrained_model_name_or_path: str | os.PathLike | None, *args: Any, **kwargs: Any):
        """
        See `PreTrainedModel.from_pretrained`, which warns of weights that are missing or superfluous.

        Raises:
            OSError: If the file of the weights is damaged.
            RuntimeError: If a weight has another shape than the configuration says.
            ValueError: If a weight is not finite.
        """
        # where the statistics of frames were before they had a module
        renamed = {r"(?<!normalizer\.)frame_(mean|std)": r"normalizer.frame_\1"}
        kwargs["key_mapping"] = renamed | (kwargs.get("key_mapping") or {})
        source, returns_info = pretrained_model_name_or_path, kwargs.pop("output_loading_info", False)
        takes_any_shape = kwargs.pop("ignore_mismatched_sizes", False)
        kwargs |= {"output_loading_info": True, "ignore_mismatched_sizes": True}
        try:
            model, info = super().from_pretrained(source, *args, **kwargs)
        except SafetensorError as error:
            raise OSError(
                f"The weights of {source} cannot be read ({error}): a `.safetensors` file in it is cut short or is "
                "something else. Copy it again, or download it again by `force_download=True`."
            ) from error
        if info["mismatched_keys"] and not takes_any_shape:
            shapes = "; ".join(f"{name}: {tuple(a)}, {tuple(b)}" for name, a, b in sorted(info["mismatched_keys"]))
            raise RuntimeError(
                f"Weights of {source} have other shapes than its configuration says ({shapes}): take `config.json` and "
                "the weights of one checkpoint, or pass `ignore_mismatched_sizes=True` to have these new."
            )
        # what is offloaded has no values here
        weights = {name: weight for name, weight in model.state_dict().items() if not weight.is_meta}
        damaged = [name for name, weight in weights.items() if not weight.isfinite().all()]
        if damaged:
            raise ValueError(
                f"Weights of {source} are not finite ({', '.join(damaged)}): its training diverged, or the file is "
                "damaged. Take an earlier checkpoint, or download it again."
            )
        return (model, info) if returns_info else model

    @classmethod
    def _can_set_attn_implementation(cls) -> bool:
        # the switch concerns GPT-2, which follows the attention interface; the small attentions around it use sdpa
        return True


class GPT2TTSModel(GPT2TTSPreTrainedModel):
    """
    The backbone with all that feeds it. The sequence is `[style latents | text | mel]`; positions are counted anew in
    each part, and a learned vector tells the parts apart. The first mel position holds a learned start vector, the
    one at index `i` the group `i - 1`.

    At each mel position it also reads the text at one place, the one that the group to come speaks: a real number, at
    which the text embeddings are interpolated. So it need not find its place anew by attention, which free-running
    speech gets wrong (a monotonic window as in https://huggingface.co/papers/1308.0850, its position given as the
    durations of https://huggingface.co/papers/2010.04301 are).
    """

    def __init__(self, config: GPT2TTSConfig):
        super().__init__(config)
        self.conditioning_encoder = GPT2TTSConditioningEncoder(config)
        self.perceiver_resampler = GPT2TTSPerceiverResampler(config)
        self.text_convs = nn.ModuleList([GPT2TTSTextConvolution(config) for _ in range(config.text_conv_num_layers)])
        self.prenet = GPT2TTSPrenet(config)
        self.style_proj = nn.Linear(config.hidden_size, config.hidden_size)
        self.position_proj = nn.Linear(config.hidden_size, config.hidden_size)
        self.gpt2 = GPT2Model(config.gpt2_config)
        self.gpt2.h[-1].__class__ = GPT2TTSLastBlock  # of the same weights, which GPT-2 has drawn in its own way
        self.start_embedding = nn.Parameter(torch.empty(config.hidden_size))
        # one vector for style latents, text and mel
        self.kind_embeddings = nn.Parameter(torch.empty(3, config.hidden_size))
        # the voice of no reference: what conditioning dropout trains
        self.null_style_latents = nn.Parameter(torch.empty(config.num_style_latents, config.hidden_size))
        self.normalizer = GPT2TTSFrameNormalizer(config)
        self.post_init()

    def get_input_embeddings(self) -> nn.Embedding:
        """The text embedding table, which is GPT-2's."""
        return self.gpt2.wte

    def set_input_embeddings(self, value: nn.Embedding):
        """Replaces the text embedding table."""
        self.gpt2.wte = value

    def set_mel_statistics(self, mean: torch.Tensor | float, std: torch.Tensor | float):
        """
        Stores the statistics of the training mels by which frames are normalised: a number, or one per bin `(n_mels,)`.

        Raises:
            ValueError: If a deviation is not positive.
        """
        std = torch.as_tensor(std)
        if not (std > 0).all():
            raise ValueError(f"`std` must be positive in every mel bin, got a smallest value of {std.min().item()}.")
        self.normalizer.frame_mean[: self.config.n_mels] = torch.as_tensor(mean)
        self.normalizer.frame_std[: self.config.n_mels] = std

    def normalize(self, frames: torch.Tensor) -> torch.Tensor:
        """Frames `(..., frame_size)`, or their log-mels alone `(..., n_mels)`, to zero mean and about unit deviation."""
        return self.normalizer(frames).to(frames.device, self.dtype)

    def denormalize(self, frames: torch.Tensor) -> torch.Tensor:
        """Inverse of [`~GPT2TTSModel.normalize`], in float32."""
        return self.normalizer(frames, inverse=True).to(frames.device)

    def get_style_latents(
        self, reference_features: torch.Tensor, reference_mask: torch.Tensor | None = None
    ) -> torch.Tensor:
        """
        Style latents of reference clips. They can be computed once and passed to `forward` and `generate`.

        Args:
            reference_features (`torch.Tensor` of shape `(batch_size, num_frames, n_mels)`):
                Log-mel frames; those after `config.max_reference_frames` are not looked at.
            reference_mask (`torch.Tensor` of shape `(batch_size, num_frames)`, *optional*):
                Mask of real frames (`1`) as opposed to padding (`0`).

        Returns:
            `torch.Tensor` of shape `(batch_size, num_style_latents, hidden_size)`.

        Raises:
            ValueError: If the features have another number of mel bins.
        """
        if reference_features.dim() != 3 or reference_features.shape[-1] != self.config.n_mels:
            raise ValueError(
                f"`reference_features` must be (batch_size, num_frames, {self.config.n_mels}), got "
                f"{tuple(reference_features.shape)}: compute them with the processor."
            )
        limit = self.config.max_reference_frames
        features = self.normalize(reference_features[:, :limit])
        mask = features.new_ones(features.shape[:2]) if reference_mask is None else reference_mask[:, :limit]
        return self.perceiver_resampler(*self.conditioning_encoder(features, mask))

    def embed_text(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Token ids and their mask `(B, T)` to embeddings `(B, T, H)` that know both neighbours."""
        hidden_states = self.gpt2.wte(input_ids)
        for conv in self.text_convs:
            hidden_states = conv(hidden_states, attention_mask[..., None].to(hidden_states))
        return hidden_states

    def read_text(self, text_embeds: torch.Tensor, text_positions: torch.Tensor) -> torch.Tensor:
        """
        What stands in the text at real-valued places: text embeddings `(B, T, H)` and positions in tokens `(B, N)` to
        `(B, N, H)`, interpolated between the two nearest tokens.
        """
        last = text_embeds.shape[1] - 1
        # half precision cannot tell places of a long text apart
        place = text_positions.to(text_embeds.device, torch.float32)
        place = place.nan_to_num(0.0).clamp(0, last)  # of NaN there is no index: on a GPU it would end the process
        before = place.floor()
        share = (place - before)[..., None].to(text_embeds.dtype)
        index = before.long()[..., None].expand(-1, -1, text_embeds.shape[-1])
        near, far = text_embeds.gather(1, index), text_embeds.gather(1, (index + 1).clamp(max=last))
        return self.position_proj(near + share * (far - near))

    @can_return_tuple
    def forward(
        self,
        input_ids: torch.LongTensor | None = None,
        attention_mask: torch.Tensor | None = None,
        style_latents: torch.Tensor | None = None,
        mel_groups: torch.Tensor | None = None,
        text_positions: torch.Tensor | None = None,
        text_embeds: torch.Tensor | None = None,
        cache: Cache | None = None,
        use_cache: bool = False,
        drop_style: torch.Tensor | None = None,
        prenet_dropout: float | None = None,
        generator: torch.Generator | list[torch.Generator] | None = None,
        output_attentions: bool | None = None,
        output_hidden_states: bool | None = None,
    ) -> GPT2TTSModelOutput:
        """
        Args:
            input_ids (`torch.LongTensor` of shape `(batch_size, num_tokens)`, *optional*):
                Text tokens. Left out when `cache` holds them.
            attention_mask (`torch.Tensor` of shape `(batch_size, num_tokens)`, *optional*):
                Mask of real tokens (`1`) as opposed to padding (`0`). Needed with `cache` too.
            style_latents (`torch.Tensor` of shape `(batch_size or 1, num_style_latents, hidden_size)`, *optional*):
                The voice, by default the learned one of no reference. Needed with `cache` too.
            mel_groups (`torch.Tensor` of shape `(batch_size, num_groups, group_size)`, *optional*):
                Normalised groups to read: all those before the last predicted one, or with `cache` the new
                ones.
            text_positions (`torch.Tensor` of shape `(batch_size, num_groups)`):
                Place in the text, in tokens from 0, of each group that is predicted: the first of the text and one for
                each of `mel_groups`; with `cache` of the new ones.
            text_embeds (`torch.Tensor` of shape `(batch_size, num_tokens, hidden_size)`, *optional*):
                What the call that made the `cache` returned. Needed with `cache`.
            cache (`Cache`, *optional*):
                What an earlier call with `use_cache=True` returned.
            use_cache (`bool`, *optional*, defaults to `False`):
                Whether to return the keys and values.
            drop_style (`torch.Tensor` of shape `(batch_size,)`, *optional*):
                Rows whose `style_latents` give way to the voice of no reference.
            prenet_dropout (`float`, *optional*):
                Replaces `config.prenet_dropout`.
            generator (`torch.Generator` or `list[torch.Generator]`, *optional*):
                Source of the prenet's dropout: one, or one a row.
            output_attentions (`bool`, *optional*, defaults to `config.output_attentions`):
                Whether to return all attention probabilities; needs `attn_implementation="eager"`.
            output_hidden_states (`bool`, *optional*, defaults to `config.output_hidden_states`):
                Whether to return the hidden states of all layers.
            return_dict (`bool`, *optional*, defaults to `config.return_dict`):
                Whether to return a [`GPT2TTSModelOutput`] rather than a tuple of what is in it.
        """
        if text_positions is None or (input_ids is None) == (cache is None):
            raise ValueError("Pass `text_positions`, and either `input_ids` or the `cache` that holds them.")
        if cache is not None and (text_embeds is None or attention_mask is None or style_latents is None):
            raise ValueError(
                "With `cache`, pass the `text_embeds` and `style_latents` that came with it, and the `attention_mask` of "
                "the text that it holds."
            )
        if use_cache and self.training and getattr(self.gpt2, "gradient_checkpointing", False):
            raise ValueError(
                "Gradient checkpointing keeps no keys and values in training mode: call `model.eval()` before `generate`."
            )
        output_attentions = self.config.output_attentions if output_attentions is None else output_attentions
        if output_attentions and self.gpt2.config._attn_implementation != "eager":
            raise ValueError(
                "`output_attentions=True` needs eager attention: call `model.set_attn_implementation('eager')`."
            )
        if output_hidden_states is None:
            output_hidden_states = self.config.output_hidden_states
        if attention_mask is None:
            attention_mask = torch.ones_like(cast(torch.Tensor, input_ids))
        batch_size, num_tokens = attention_mask.shape
        # the parts may lie on several devices: what they give comes together on one
        device = self.null_style_latents.device
        style_latents = self._mix_styles(style_latents, drop_style, batch_size)
        num_latents = style_latents.shape[1]
        num_seen = cache.get_seq_length() - num_latents - num_tokens if cache is not None else 0

        kinds = self.kind_embeddings.to(device)
        style = self.style_proj(style_latents.mean(1, keepdim=True)).to(device)
        parts, positions, speech = [], [], []
        if input_ids is not None:
            text_embeds = self.embed_text(input_ids, attention_mask).to(device)
            parts = [style_latents + kinds[0], text_embeds + style + kinds[1]]
            positions = [torch.arange(n, device=device) for n in (num_latents, num_tokens)]
            speech = [self.start_embedding.to(device).expand(batch_size, 1, -1)]
        if mel_groups is not None:
            speech.append(self.prenet(mel_groups.to(self.dtype), prenet_dropout, generator).to(device))
        read = self.read_text(cast(torch.Tensor, text_embeds), text_positions).to(device)
        parts.append(torch.cat(speech, dim=1) + read + style + kinds[2])
        num_new = parts[-1].shape[1]
        positions.append(torch.arange(num_seen, num_seen + num_new, device=device))

        # Padding follows the mel part, so that the causal mask hides it; only that of the text has to be masked.
        full_mask = F.pad(attention_mask.to(device).bool(), (num_latents, num_seen + num_new), value=True)
        outputs = self.gpt2(
            inputs_embeds=torch.cat(parts, dim=1),
            attention_mask=full_mask,
            position_ids=torch.cat(positions)[None].expand(batch_size, -1),
            use_cache=use_cache,
            output_attentions=output_attentions,
            output_hidden_states=output_hidden_states,
            return_dict=True,
            num_outputs=None if output_hidden_states else num_new,
            **{CACHE_ARGUMENT: cache},
        )
        return GPT2TTSModelOutput(
            last_hidden_state=outputs.last_hidden_state[:, -num_new:],
            cache=getattr(outputs, CACHE_ARGUMENT),
            text_embeds=text_embeds,
            style_latents=style_latents,
            hidden_states=outputs.hidden_states,
            attentions=outputs.attentions,
        )

    def _mix_styles(
        self, style_latents: torch.Tensor | None, drop_style: torch.Tensor | None, batch_size: int
    ) -> torch.Tensor:
        """The voices, and where there are none the learned one of no reference: `(B, num_style_latents, H)`."""
        null_style = self.null_style_latents.expand(batch_size, -1, -1)
        if style_latents is None:
            return null_style
        style_latents = style_latents[None] if style_latents.dim() == 2 else style_latents
        if style_latents.shape[1:] != null_style.shape[1:] or len(style_latents) not in (1, batch_size):
            raise ValueError(
                f"`style_latents` has shape {tuple(style_latents.shape)}, and (batch_size or 1, num_style_latents, hidden_size) "
                f"with {tuple(null_style.shape)} is expected: of a matched voice, which has rows more, `generate` reads all."
            )
        style_latents = style_latents.to(null_style).expand(batch_size, -1, -1)
        if drop_style is None and not self.training:
            return style_latents
        # always part of the graph in training: data parallelism wants a gradient for every weight
        drop = torch.zeros(batch_size) if drop_style is None else drop_style
        return torch.where(drop.to(null_style.device).bool()[:, None, None], null_style, style_latents)


class GPT2TTSForTextToSpeech(GPT2TTSCheckpointMixin, GPT2TTSPreTrainedModel, GPT2TTSGenerationMixin):
    """
    GPT2TTS with the heads that predict frames and how far the reading position moves, and the postnet: text and a
    reference clip to a log-mel spectrogram with pitch and voicing, and with a vocoder to a waveform.
    """

    # `save_pretrained` writes the source files and their entry in `auto_map` beside the weights
    _auto_class = "AutoModel"
    # `Trainer` counts the values of `labels`; the losses are means over groups
    accepts_loss_kwargs = False

    def __init__(self, config: GPT2TTSConfig):
        super().__init__(config)
        self.model = GPT2TTSModel(config)
        self.mel_head = nn.Linear(config.hidden_size, config.group_size)
        self.step_head = nn.Linear(config.hidden_size, 1)
        self.postnet = GPT2TTSPostnet(config)
        self.refiner = GPT2TTSRefiner(config) if config.refiner_hidden_size else None
        self.speaker_proj = nn.Linear(config.hidden_size, config.speaker_embedding_dim)
        # pipelines bring a bound of their own where a model has none
        self.generation_config.max_new_tokens = config.max_mel_positions
        # or what is set of this model's own settings would be dropped on loading
        self.generation_config._from_model_config = False
        self.post_init()

    def get_input_embeddings(self) -> nn.Embedding:
        """The text embedding table."""
        return self.model.get_input_embeddings()

    def set_input_embeddings(self, value: nn.Embedding):
        """Replaces the text embedding table."""
        self.model.set_input_embeddings(value)

    @classmethod
    def from_gpt2(
        cls,
        pretrained_model_name_or_path: str = GPT2_REPOSITORY,
        *,
        config: GPT2TTSConfig | None = None,
        **kwargs: Any,
    ) -> "GPT2TTSForTextToSpeech":
        """
        A new model whose backbone has the weights of a GPT-2 language model.

        Args:
            pretrained_model_name_or_path (`str`, *optional*, defaults to `"openai-community/gpt2"` at a commit):
                Hub id, maybe pinned as `ID@REVISION`, or folder of the GPT-2.
            config (`GPT2TTSConfig`, *optional*):
                Configuration of the new model; by default the preset `base` with the GPT-2's sizes and vocabulary.
                With another vocabulary (bytes) the text embeddings are new.
            kwargs: Passed to `GPT2Model.from_pretrained` (`revision`, `token`, `cache_dir`, ...).

        Raises:
            ValueError: If the sizes of `config.gpt2_config` are not those of the GPT-2.
        """
        source, revision = split_revision(pretrained_model_name_or_path)
        gpt2 = GPT2Model.from_pretrained(source, **{**kwargs, **revision})
        if config is None:
            sizes = {
                key: getattr(gpt2.config, key) for key in ("n_embd", "n_layer", "n_head", "n_positions", "n_inner")
            }
            config = GPT2TTSConfig.from_preset(
                "base",
                gpt2_config=sizes,
                vocab_size=gpt2.config.vocab_size,
                **{
                    name: min(GPT2TTSConfig.from_preset("base").to_dict()[name], gpt2.config.n_positions)
                    for name in ("max_text_positions", "max_mel_positions", "num_style_latents")
                },
            )
        _check_same_backbone(config.gpt2_config, gpt2.config)
        model = cls(config)
        weights = gpt2.state_dict()
        if gpt2.config.vocab_size != config.vocab_size:
            logger.warning(
                "The text embeddings are new: `config.vocab_size` is %d, the GPT-2's %d.",
                config.vocab_size,
                gpt2.config.vocab_size,
            )
            weights["wte.weight"] = model.model.gpt2.wte.weight.data
        weights["wpe.weight"] = weights["wpe.weight"][: len(model.model.gpt2.wpe.weight)]
        model.model.gpt2.load_state_dict(weights)
        return model

    def get_style_latents(
        self, reference_features: torch.Tensor, reference_mask: torch.Tensor | None = None
    ) -> torch.Tensor:
        """See [`GPT2TTSModel.get_style_latents`]."""
        return self.model.get_style_latents(reference_features, reference_mask)

    def predict(self, hidden_states: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """
        Hidden states `(B, N, H)` to normalised groups `(B, N, group_size)` before the postnet, and how many tokens the
        reading position moves after each, `(B, N)`.
        """
        return self.mel_head(hidden_states), F.softplus(self.step_head(hidden_states).squeeze(-1).float())

    def next_group(
        self, hidden_states: torch.Tensor, before: torch.Tensor | None = None
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """
        The autoregressive step after the backbone.

        Args:
            hidden_states (`torch.Tensor` of shape `(batch_size, 1, hidden_size)`):
                That of the group to come.
            before (`torch.Tensor` of shape `(batch_size, n, group_size)`, *optional*):
                Groups before the postnet that precede it, as the last call returned them.

        Returns:
            The normalised group `(batch_size, 1, group_size)`, how many tokens the reading position moves after it
            `(batch_size,)`, and the groups before the postnet, as many as the next call needs.
        """
        group, step = self.predict(hidden_states)
        before = group if before is None else torch.cat([before, group], dim=1)
        before = before[:, -self.postnet.context_groups - 1 :]
        return self.postnet(before)[:, -1:], step[:, 0], before

    @can_return_tuple
    def forward(
        self,
        input_ids: torch.LongTensor,
        attention_mask: torch.Tensor | None = None,
        *,
        labels: torch.Tensor | None = None,
        labels_mask: torch.Tensor | None = None,
        text_positions: torch.Tensor | None = None,
        reference_features: torch.Tensor | None = None,
        reference_mask: torch.Tensor | None = None,
        style_latents: torch.Tensor | None = None,
        drop_style: torch.Tensor | None = None,
        decoder_text_positions: torch.Tensor | None = None,
        speaker_embeddings: torch.Tensor | None = None,
        num_items_in_batch: torch.Tensor | int | None = None,
        prenet_dropout: float | None = None,
        generator: torch.Generator | list[torch.Generator] | None = None,
        output_attentions: bool | None = None,
        output_hidden_states: bool | None = None,
    ) -> GPT2TTSOutput:
        """
        Teacher-forced pass over whole utterances. For speech use `generate`.

        Args:
            input_ids (`torch.LongTensor` of shape `(batch_size, num_tokens)`):
                Text tokens of [`GPT2TTSProcessor`], right-padded.
            attention_mask (`torch.Tensor` of shape `(batch_size, num_tokens)`, *optional*):
                Mask of real tokens (`1`) as opposed to padding (`0`).
            labels (`torch.Tensor` of shape `(batch_size, num_frames, frame_size)` or `(..., frame_size + 2 * n_mels)`):
                Frames of the speech, right-padded: log-mel bins, for a refiner their fine spectra (see [`GPT2TTSFrames`]), the
                logarithm of the pitch in Hz (which goes on through unvoiced frames), and voicing (0 to 1). Frames of `-100`
                are padding; a row of them alone has no part in the losses.
            labels_mask (`torch.Tensor` of shape `(batch_size, num_frames)`, *optional*):
                Mask of their real frames, where padding is not `-100`.
            text_positions (`torch.Tensor` of shape `(batch_size, num_groups + 1)`):
                Place in the text, in tokens from 0, that each group speaks, and after a row's last group where it ends.
            reference_features (`torch.Tensor` of shape `(batch_size or 1, num_reference_frames, n_mels)`, *optional*):
                Log-mel frames of a clip of the same speaker; best not the target itself, which would leak.
            reference_mask (`torch.Tensor` of shape `(batch_size or 1, num_reference_frames)`, *optional*):
                Mask of their real frames.
            style_latents (`torch.Tensor` of shape `(batch_size or 1, num_style_latents, hidden_size)`, *optional*):
                The voice, in place of a reference clip. With neither, the voice is the learned one of no reference.
            drop_style (`torch.Tensor` of shape `(batch_size,)`, *optional*):
                Rows that get the voice of no reference (conditioning dropout).
            decoder_text_positions (`torch.Tensor` of shape `(batch_size, num_groups)`, *optional*):
                Places to read the text at in place of `text_positions`. From each the model learns to move on to the
                next true one, so that noise here teaches it to find its place again.
            speaker_embeddings (`torch.Tensor` of shape `(batch_size, speaker_embedding_dim)`, *optional*):
                Embeddings of the reference by a frozen speaker encoder.
            num_items_in_batch (`int`, *optional*):
                Number of mel groups to divide the losses by, where a batch is spread over devices or accumulated.
                Defaults to those of this call.
            prenet_dropout (`float`, *optional*):
                Replaces `config.prenet_dropout`.
            generator (`torch.Generator` or `list[torch.Generator]`, *optional*):
                Source of the prenet's dropout.
            output_attentions, output_hidden_states, return_dict (`bool`, *optional*):
                See [`GPT2TTSModel.forward`].

        Raises:
            ValueError: If `labels` or `text_positions` are missing or of another shape, or longer than the context.
        """
        if labels is None or text_positions is None:
            raise ValueError(
                "`forward` is teacher-forced and needs `labels` and `text_positions`; to make speech call `generate`."
            )
        config = self.config
        fine_size = FINE_FACTOR * config.n_mels
        if labels.dim() != 3 or labels.shape[-1] not in (config.frame_size, config.frame_size + fine_size):
            raise ValueError(
                f"`labels` must be (batch_size, num_frames, {config.frame_size}), got {tuple(labels.shape)}: to the "
                f"{config.n_mels} mel bins that the processor makes of `audio_target` add the logarithm of the pitch and the "
                f"voicing, which `track_pitch` finds, and for a refiner the {fine_size} values of `fine_log_mel`."
            )
        if len(labels) != len(input_ids):
            raise ValueError(
                f"`labels` has {len(labels)} rows, `input_ids` {len(input_ids)}: pass a recording for each text."
            )
        is_frame = (labels != PADDING_LABEL).any(-1)
        labels_mask = is_frame if labels_mask is None else is_frame & labels_mask.bool()
        num_groups = -(-labels.shape[1] // config.reduction_factor)
        if num_groups > config.max_mel_positions or input_ids.shape[1] > config.max_text_positions:
            raise ValueError(
                f"{labels.shape[1]} frames of `labels` and {input_ids.shape[1]} tokens do not fit the context: at most "
                f"{config.max_mel_positions * config.reduction_factor} frames (`config.max_mel_positions`) and "
                f"{config.max_text_positions} tokens (`config.max_text_positions`). Leave long clips out."
            )
        if text_positions.shape != (len(labels), num_groups + 1):
            raise ValueError(
                f"`text_positions` must be (batch_size, num_groups + 1), {(len(labels), num_groups + 1)} for these `labels`, "
                f"got {tuple(text_positions.shape)}."
            )

        target, group_mask = self.group_frames(labels, labels_mask)
        fine_target = None
        if self.refiner is not None and labels.shape[-1] > config.frame_size:
            fine_target = self.group_fine(labels, labels_mask)
        if style_latents is None and reference_features is not None:
            style_latents = self.get_style_latents(reference_features, reference_mask)
        positions = text_positions[:, :-1] if decoder_text_positions is None else decoder_text_positions
        outputs = self.model(
            input_ids=input_ids,
            attention_mask=attention_mask,
            style_latents=style_latents,
            mel_groups=target[:, :-1],
            text_positions=positions,
            drop_style=drop_style,
            prenet_dropout=prenet_dropout,
            generator=generator,
            output_attentions=output_attentions,
            output_hidden_states=output_hidden_states,
            return_dict=True,
        )
        style_latents = outputs.style_latents
        before, steps = self.predict(outputs.last_hidden_state)
        after = self.postnet(before)
        fine = None if self.refiner is None else self.refiner(outputs.last_hidden_state.detach(), after.detach())
        # the parts may lie on several devices: the losses are computed where the labels are
        after, before, steps = (value.to(labels.device) for value in (after, before, steps))
        fine = None if fine is None else fine.to(labels.device)

        losses = compute_losses(
            config,
            target=target,
            group_mask=group_mask,
            before=before,
            after=after,
            fine=fine,
            fine_target=fine_target,
            steps=steps,
            true_steps=text_positions[:, 1:] - positions,
            predicted_embeddings=self.speaker_proj(style_latents.mean(1)).to(labels.device),
            speaker_embeddings=speaker_embeddings,
            num_items=num_items_in_batch if num_items_in_batch is not None else group_mask.sum(),
        )
        spectrogram, pitch, voicing, _ = split_frames(self.ungroup_frames(after))
        if fine is not None:
            spectra = self.model.denormalize(fine.unflatten(-1, (-1, config.n_mels)))
            fine = spectra.flatten(1).unflatten(1, (spectrogram.shape[1], -1))
        return GPT2TTSOutput(
            **losses,
            spectrogram=spectrogram,
            spectrogram_before_postnet=split_frames(self.ungroup_frames(before)).spectrogram,
            pitch=pitch,
            voicing=voicing,
            fine_spectrogram=fine,
            steps=steps,
            style_latents=style_latents,
            hidden_states=outputs.hidden_states,
            attentions=outputs.attentions,
        )

    def group_frames(self, frames: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """
        Frames `(B, T, frame_size)`, with fine spectra or without, and their mask to normalised groups `(B, N, group_size)` and
        the groups' mask. A row's last frame fills up its last group: the frames that generation leaves there are then trained
        ones.
        """
        if frames.shape[-1] > self.config.frame_size:
            frames = torch.cat((frames[..., : self.config.n_mels], frames[..., -2:]), dim=-1)
        groups = self._group(frames, mask)
        num_groups = -(-mask.sum(1, keepdim=True) // self.config.reduction_factor)
        return groups, torch.arange(groups.shape[1], device=groups.device) < num_groups

    def group_fine(self, frames: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """The fine spectra of frames `(B, T, frame_size + 2 * n_mels)` in groups, normalised, `(B, N, fine_size)`."""
        return self._group(frames[..., self.config.n_mels : -2].unflatten(-1, (FINE_FACTOR, -1)), mask)

    def _group(self, frames: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Values of frames `(B, T, ..., values)` to such of groups, normalised, `(B, N, ...)` and flat."""
        factor = self.config.reduction_factor
        lengths = mask.sum(1)
        num_groups = -(-frames.shape[1] // factor)
        # of a row without frames there is no index: on a GPU it would end the process
        last = (lengths[:, None] - 1).clamp(min=0)
        index = torch.arange(num_groups * factor, device=frames.device)[None].minimum(last)
        rows = torch.arange(len(frames), device=frames.device)[:, None]
        return self.model.normalize(frames[rows, index]).unflatten(1, (num_groups, factor)).flatten(2)

    def ungroup_frames(self, groups: torch.Tensor) -> torch.Tensor:
        """Normalised groups `(B, N, group_size)` to frames `(B, N * reduction_factor, frame_size)`."""
        return self.model.denormalize(groups.unflatten(-1, (-1, self.config.frame_size)).flatten(1, 2))


def _check_same_backbone(config: GPT2Config, source: GPT2Config):
    for key in ("n_embd", "n_layer", "n_head"):
        if getattr(config, key) != getattr(source, key):
            raise ValueError(
                f"`config.gpt2_config.{key}` is {getattr(config, key)}, but the GPT-2 has {getattr(source, key)}: leave "
                "`config` out to take its sizes."
            )
    if config.n_positions > source.n_positions:
        raise ValueError(
            f"`config.gpt2_config.n_positions` ({config.n_positions}) exceeds the GPT-2's {source.n_positions}."
        )


__all__ = [
    "GPT2TTSForTextToSpeech",
    "GPT2TTSModel",
    "GPT2TTSModelOutput",
    "GPT2TTSOutput",
    "GPT2TTSPreTrainedModel",
]
