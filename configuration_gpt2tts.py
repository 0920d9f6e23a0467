"""Configuration of GPT2TTS."""

import os
from typing import Any, cast

import transformers
from huggingface_hub.dataclasses import strict
from transformers import GPT2Config, PreTrainedConfig

from .frames_gpt2tts import FINE_FACTOR, SILENCE_LEVEL

try:
    from transformers.utils.type_validators import activation_fn_key, interval, positive_int_field
except ImportError as error:
    raise ImportError(
        f"GPT2TTS needs transformers 5.18 or later, and {transformers.__version__} is installed: pip install -U transformers"
    ) from error

GPT2_REPOSITORY = "openai-community/gpt2@607a30d783dfa663caf39e06633721c8d4cfcd7e"

# What differs from the defaults, which are those of `small` without its refiner: older configurations name none.
PRESETS: dict[str, dict[str, Any]] = {
    # a network for tests: every part is there, none of it is large
    "tiny": {
        "gpt2_config": {"n_embd": 64, "n_layer": 3, "n_head": 2},
        "conditioning_hidden_size": 32,
        "conditioning_num_layers": 1,
        "conditioning_num_heads": 2,
        "perceiver_num_heads": 2,
        "perceiver_num_layers": 1,
        "num_style_latents": 4,
        "prenet_hidden_size": 64,
        "postnet_hidden_size": 32,
        "postnet_num_layers": 2,
        "refiner_hidden_size": 32,
        "text_conv_num_layers": 1,
        "reduction_factor": 4,
        "speaker_embedding_dim": 16,
    },
    "small": {"refiner_hidden_size": 416},
    # GPT-2 124M; conditioning encoder, perceiver and positions as in the system that this one follows
    "base": {
        "gpt2_config": {"n_embd": 768, "n_layer": 12, "n_head": 12, "n_positions": 1024},
        "vocab_size": 50257,
        "bos_token_id": 50256,
        "eos_token_id": 50256,
        "pad_token_id": 50256,
        "max_text_positions": 192,
        "max_mel_positions": 800,
        "max_frames_per_token": 48.0,
        "conditioning_hidden_size": 512,
        "conditioning_num_layers": 6,
        "conditioning_num_heads": 8,
        "conditioning_stride": 1,
        "max_reference_frames": 690,
        "num_style_latents": 32,
        "perceiver_num_layers": 2,
        "perceiver_num_heads": 8,
        "prenet_hidden_size": 512,
        "postnet_hidden_size": 512,
        "refiner_hidden_size": 1024,
        "reduction_factor": 4,
        "speaker_embedding_dim": 192,
    },
}

# GPT-2 as the trial of the design used it: no dropout
_BACKBONE_DEFAULTS: dict[str, Any] = {
    "n_embd": 288,
    "n_layer": 6,
    "n_head": 6,
    "n_positions": 512,
    # the same function as GPT-2's `gelu_new`, in one kernel
    "activation_function": "gelu_pytorch_tanh",
    "resid_pdrop": 0.0,
    "embd_pdrop": 0.0,
    "attn_pdrop": 0.0,
}


# the text vocabulary is that of this configuration; the backbone's copy only sizes its embedding table
_VOCABULARY_FIELDS = ("vocab_size", "pad_token_id", "bos_token_id", "eos_token_id")


@strict
class GPT2TTSConfig(PreTrainedConfig):
    r"""
    Configuration of a [`GPT2TTSForTextToSpeech`]. The defaults are those of the preset `small`; see
    [`GPT2TTSConfig.from_preset`].

    A *group* is `reduction_factor` consecutive mel frames: what the backbone reads and predicts at one position.

    Args:
        gpt2_config (`Union[GPT2Config, dict]`, *optional*):
            Configuration of the GPT-2 backbone. Keys that a dictionary leaves out take the values of the preset
            `small` (6 layers of 288, 6 heads, 512 positions, no dropout). Its vocabulary is always `vocab_size`.
        vocab_size (`int`, *optional*, defaults to 312):
            Size of the text vocabulary: the byte alphabet with its four special tokens, and the phonemes.
        pad_token_id (`int`, *optional*, defaults to 0): Id of the padding token.
        bos_token_id (`int`, *optional*, defaults to 1): Id of the beginning-of-text token.
        eos_token_id (`int`, *optional*, defaults to 2): Id of the token that ends every text.
        max_text_positions (`int`, *optional*, defaults to 400):
            Longest text in tokens, those of its beginning and end included.
        max_mel_positions (`int`, *optional*, defaults to 400):
            Longest speech in groups (400 groups of 5 frames are 23.2 s).
        text_conv_num_layers (`int`, *optional*, defaults to 3):
            Residual convolutions over the text embeddings. They give a letter its right-hand context, which GPT-2's
            causal mask hides; 0 for none.
        text_conv_kernel_size (`int`, *optional*, defaults to 5): Width of these convolutions in tokens; odd.
        n_mels (`int`, *optional*, defaults to 80): Number of mel bins.
        sampling_rate (`int`, *optional*, defaults to 22050): Sampling rate of the speech in Hz.
        hop_length (`int`, *optional*, defaults to 256): Samples between two mel frames.
        reduction_factor (`int`, *optional*, defaults to 5): Mel frames in a group.
        conditioning_hidden_size (`int`, *optional*, defaults to 192): Width of the conditioning encoder.
        conditioning_num_layers (`int`, *optional*, defaults to 2): Its number of Transformer layers.
        conditioning_num_heads (`int`, *optional*, defaults to 4): Its number of attention heads.
        conditioning_stride (`int`, *optional*, defaults to 4):
            Reference frames read at each of its positions.
        max_reference_frames (`int`, *optional*, defaults to 512):
            Frames of the reference that are looked at (512 are 5.9 s); the rest is cut.
        num_style_latents (`int`, *optional*, defaults to 16): Number of style latents.
        perceiver_num_layers (`int`, *optional*, defaults to 1): Layers of the perceiver resampler.
        perceiver_num_heads (`int`, *optional*, defaults to 4): Attention heads of the perceiver resampler.
        prenet_hidden_size (`int`, *optional*, defaults to 256): Width of the prenet.
        prenet_num_layers (`int`, *optional*, defaults to 2): Hidden layers of the prenet.
        prenet_dropout (`float`, *optional*, defaults to 0.1):
            Dropout of the prenet, on in generation too (Tacotron 2, https://huggingface.co/papers/1712.05884): what
            differs from seed to seed. More of it costs clarity.
        postnet_hidden_size (`int`, *optional*, defaults to 320): Channels of the postnet.
        postnet_num_layers (`int`, *optional*, defaults to 3): Convolutions of the postnet; 0 for none.
        postnet_kernel_size (`int`, *optional*, defaults to 3):
            Width of these convolutions in groups: the current one and those before it.
        refiner_hidden_size (`int`, *optional*, defaults to 0):
            Width of the network that tells the fine spectra of a group, twice as many as its frames, which the source-filter
            vocoder reads; 0 for none. The presets have one; it is all by which `small` differs from the defaults.
        hidden_act (`str`, *optional*, defaults to `"gelu"`):
            Activation of the conditioning encoder, the perceiver, the text convolutions and the postnet.
        layer_norm_eps (`float`, *optional*, defaults to 1e-5): Epsilon of their layer normalisations.
        spectrogram_loss_weight (`float`, *optional*, defaults to 1.0):
            Weight of the L1 + L2 loss on normalised frames, before and after the postnet.
        position_loss_weight (`float`, *optional*, defaults to 1.0):
            Weight of the Huber loss on how far the reading position moves with each group.
        speaker_consistency_loss_weight (`float`, *optional*, defaults to 0.0):
            Weight of the speaker consistency loss.
        speaker_embedding_dim (`int`, *optional*, defaults to 256):
            Size of the frozen speaker encoder's embedding (256 for Resemblyzer, 192 for ECAPA-TDNN).
        max_frames_per_token (`float`, *optional*, defaults to 16.0):
            Frame budget of `generate` per text token, the last resort against speech that does not end. Speech needs
            about 6 frames a phoneme or letter and 25 a BPE token.
        vocoder (`str`, *optional*, defaults to `"source-filter"`):
            Reference of the vocoder, see [`load_vocoder`]: a folder of the checkpoint, a Hub id, `source-filter` or
            `griffin-lim`.
        voices (`list[str]`, *optional*):
            Names of the checkpoint's voices, each the file `voices/NAME.safetensors`.
        default_voice (`str`, *optional*):
            Name of the voice that speaks when no other is given.
        british_voices (`list[str]`, *optional*):
            Names of the voices that read British phonemes; the others read American ones.
        initializer_range (`float`, *optional*, defaults to 0.02):
            Standard deviation of the initial weights.

    Example:
    ```python
    >>> from gpt2tts import GPT2TTSConfig, GPT2TTSForTextToSpeech

    >>> config = GPT2TTSConfig.from_preset("tiny")
    >>> model = GPT2TTSForTextToSpeech(config)
    ```
    """

    model_type = "gpt2tts"
    sub_configs = {"gpt2_config": GPT2Config}  # noqa: RUF012
    # `save_pretrained` writes this file and its entry in `auto_map` beside the configuration
    _auto_class = "AutoConfig"

    gpt2_config: dict | PreTrainedConfig | None = None
    vocab_size: int = positive_int_field(default=312)
    pad_token_id: int | None = 0
    bos_token_id: int | None = 1
    eos_token_id: int | None = 2
    max_text_positions: int = positive_int_field(default=400)
    max_mel_positions: int = positive_int_field(default=400)
    text_conv_num_layers: int = interval(min=0)(default=3)
    text_conv_kernel_size: int = positive_int_field(default=5)
    n_mels: int = positive_int_field(default=80)
    sampling_rate: int = positive_int_field(default=22050)
    hop_length: int = positive_int_field(default=256)
    reduction_factor: int = positive_int_field(default=5)
    conditioning_hidden_size: int = positive_int_field(default=192)
    conditioning_num_layers: int = positive_int_field(default=2)
    conditioning_num_heads: int = positive_int_field(default=4)
    conditioning_stride: int = positive_int_field(default=4)
    max_reference_frames: int = positive_int_field(default=512)
    num_style_latents: int = positive_int_field(default=16)
    perceiver_num_layers: int = positive_int_field(default=1)
    perceiver_num_heads: int = positive_int_field(default=4)
    prenet_hidden_size: int = positive_int_field(default=256)
    prenet_num_layers: int = interval(min=0)(default=2)
    prenet_dropout: float | int = interval(min=0.0, max=1.0)(default=0.1)
    postnet_hidden_size: int = positive_int_field(default=320)
    postnet_num_layers: int = interval(min=0)(default=3)
    postnet_kernel_size: int = positive_int_field(default=3)
    refiner_hidden_size: int = interval(min=0)(default=0)
    hidden_act: str = activation_fn_key(default="gelu")
    layer_norm_eps: float | int = interval(min=0.0)(default=1e-5)
    spectrogram_loss_weight: float | int = interval(min=0.0)(default=1.0)
    position_loss_weight: float | int = interval(min=0.0)(default=1.0)
    speaker_consistency_loss_weight: float | int = interval(min=0.0)(default=0.0)
    speaker_embedding_dim: int = positive_int_field(default=256)
    max_frames_per_token: float | int = interval(min=0.0)(default=16.0)
    vocoder: str | None = "source-filter"
    voices: list[str] | None = None
    default_voice: str | None = None
    british_voices: list[str] | None = None
    initializer_range: float | int = interval(min=0.0, max=1.0)(default=0.02)

    def __post_init__(self, **kwargs):
        if self.gpt2_config is None or isinstance(self.gpt2_config, dict):
            self.gpt2_config = GPT2Config(**{**_BACKBONE_DEFAULTS, **(self.gpt2_config or {})})
        super().__post_init__(**kwargs)
        for key in _VOCABULARY_FIELDS:
            setattr(self.gpt2_config, key, getattr(self, key))

    def __setattr__(self, key: str, value: Any):
        super().__setattr__(key, value)
        if key in _VOCABULARY_FIELDS and isinstance(self.__dict__.get("gpt2_config"), GPT2Config):
            setattr(self.gpt2_config, key, value)

    @classmethod
    def get_config_dict(cls, pretrained_model_name_or_path: str | os.PathLike, **kwargs: Any):
        """
        See `PreTrainedConfig.get_config_dict`.

        Raises:
            ValueError: If the configuration is that of another model.
        """
        values, unused = super().get_config_dict(pretrained_model_name_or_path, **kwargs)
        kind = values.get("model_type", cls.model_type)
        if kind != cls.model_type:
            raise ValueError(
                f"{str(pretrained_model_name_or_path)!r} is a model of the type {kind!r}, not {cls.model_type!r}: pass a "
                "folder or Hub id of GPT2TTS."
            )
        return values, unused

    @classmethod
    def from_preset(cls, name: str, **overrides: Any) -> "GPT2TTSConfig":
        """
        The configuration of a named preset, with `overrides` on top (a dictionary for `gpt2_config` is merged
        into the preset's).

        Args:
            name (`str`):
                `"tiny"` (tests), `"small"` (the embedded checkpoint) or `"base"` (the sizes of GPT-2 124M, to be
                initialised by [`GPT2TTSForTextToSpeech.from_gpt2`]).

        Raises:
            ValueError: If there is no preset of that name.
        """
        if name not in PRESETS:
            raise ValueError(f"`name` must be one of {', '.join(map(repr, PRESETS))}, got {name!r}.")
        preset = PRESETS[name]
        backbone = {**preset.get("gpt2_config", {}), **(overrides.pop("gpt2_config", None) or {})}
        return cls(**{**preset, "gpt2_config": backbone, **overrides})

    @property
    def hidden_size(self) -> int:
        """Width of the backbone."""
        return cast(GPT2Config, self.gpt2_config).hidden_size

    @property
    def num_hidden_layers(self) -> int:
        """Layers of the backbone."""
        return cast(GPT2Config, self.gpt2_config).num_hidden_layers

    @property
    def silence_level(self) -> float:
        """Log-mel value of digital silence, the floor of the feature extractor."""
        return SILENCE_LEVEL

    @property
    def frame_size(self) -> int:
        """Values of a frame: its mel bins, the logarithm of its pitch in Hz, and its voicing."""
        return self.n_mels + 2

    @property
    def group_size(self) -> int:
        """Values of a group of frames."""
        return self.frame_size * self.reduction_factor

    @property
    def fine_size(self) -> int:
        """Values of a group's fine spectra, 0 where there is no refiner."""
        return FINE_FACTOR * self.n_mels * self.reduction_factor if self.refiner_hidden_size else 0

    @property
    def frame_rate(self) -> float:
        """Mel frames in a second of speech."""
        return self.sampling_rate / self.hop_length

    def validate_architecture(self):
        """Checks what one field demands of another."""
        backbone = cast(GPT2Config, self.gpt2_config)
        if backbone.n_embd % backbone.n_head != 0:
            raise ValueError(
                f"`gpt2_config.n_embd` ({backbone.n_embd}) must be a multiple of `gpt2_config.n_head` "
                f"({backbone.n_head})."
            )
        if self.conditioning_hidden_size % self.conditioning_num_heads != 0:
            raise ValueError(
                f"`conditioning_hidden_size` ({self.conditioning_hidden_size}) must be a multiple of "
                f"`conditioning_num_heads` ({self.conditioning_num_heads})."
            )
        if backbone.n_embd % self.perceiver_num_heads != 0:
            raise ValueError(
                f"`gpt2_config.n_embd` ({backbone.n_embd}) must be a multiple of `perceiver_num_heads` "
                f"({self.perceiver_num_heads})."
            )
        if self.text_conv_kernel_size % 2 == 0:
            raise ValueError(f"`text_conv_kernel_size` must be odd, got {self.text_conv_kernel_size}.")
        for name in ("max_text_positions", "max_mel_positions", "num_style_latents"):
            if getattr(self, name) > backbone.n_positions:
                raise ValueError(
                    f"`{name}` ({getattr(self, name)}) must not exceed `gpt2_config.n_positions` "
                    f"({backbone.n_positions}): positions are counted anew for style latents, text and mel groups, and "
                    "the longest of them needs an embedding for each."
                )
        if backbone.add_cross_attention:
            raise ValueError("`gpt2_config.add_cross_attention` must be `False`: the text is part of the sequence.")


__all__ = ["GPT2TTSConfig"]
