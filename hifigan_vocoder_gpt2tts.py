"""HiFi-GAN: the vocoder that most mel spectrograms can be given to; reads SpeechBrain's and transformers' weights."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import torch
from huggingface_hub.dataclasses import strict
from torch import nn
from torch.nn.utils import parametrizations, parametrize
from transformers import SpeechT5HifiGan, SpeechT5HifiGanConfig
from transformers.utils.type_validators import interval, positive_int_field

from .vocoder_gpt2tts import GPT2TTSFrames, GPT2TTSVocoder


@strict
class GPT2TTSHifiGanConfig(SpeechT5HifiGanConfig):
    r"""
    Configuration of a [`GPT2TTSHifiGan`]. The defaults are HiFi-GAN V1 as SpeechBrain trains it on LJSpeech. The other
    fields are those of [`~transformers.SpeechT5HifiGanConfig`].

    sampling_rate (`int`, *optional*, defaults to 22050):
        Sampling rate of the waveform in Hz.
    upsample_rates (`list[int]`, *optional*, defaults to `(8, 8, 2, 2)`):
        Stride of each upsampling layer. Their product is the hop length in samples.
    padding_mode (`str`, *optional*, defaults to `"reflect"`):
        What the convolutions see beyond the edges: `"reflect"` as in SpeechBrain, `"zeros"` as in transformers.
    inference_padding (`int`, *optional*, defaults to 5):
        Number of frames by which the spectrogram is repeated at each end before vocoding. What they produce is cut
        off again, so that `n` frames always give `n * hop_length` samples. SpeechBrain's `inference` leaves it on.
    """

    model_type = "gpt2tts_hifigan"
    attribute_map = {"n_mels": "model_in_dim"}  # noqa: RUF012

    sampling_rate: int = positive_int_field(default=22050)
    upsample_rates: list[int] | tuple[int, ...] = (8, 8, 2, 2)
    upsample_kernel_sizes: list[int] | tuple[int, ...] = (16, 16, 4, 4)
    normalize_before: bool = False
    padding_mode: Literal["reflect", "zeros"] = "reflect"
    inference_padding: int = interval(min=0)(default=5)

    @property
    def hop_length(self) -> int:
        """Number of samples a frame becomes."""
        return math.prod(self.upsample_rates)

    def validate_architecture(self):
        """Check the fields against each other."""
        if len(self.upsample_rates) != len(self.upsample_kernel_sizes):
            raise ValueError(
                f"`upsample_rates` ({self.upsample_rates}) and `upsample_kernel_sizes` ({self.upsample_kernel_sizes}) "
                "must have the same length."
            )
        if len(self.resblock_kernel_sizes) != len(self.resblock_dilation_sizes):
            raise ValueError(
                f"`resblock_kernel_sizes` ({self.resblock_kernel_sizes}) and `resblock_dilation_sizes` "
                f"({self.resblock_dilation_sizes}) must have the same length."
            )
        if any((k - u) % 2 or k < u for u, k in zip(self.upsample_rates, self.upsample_kernel_sizes, strict=True)):
            raise ValueError(
                f"Each of `upsample_kernel_sizes` ({self.upsample_kernel_sizes}) must exceed its rate in "
                f"`upsample_rates` ({self.upsample_rates}) by an even number; otherwise the waveform has no whole "
                "number of samples a frame."
            )


class GPT2TTSHifiGan(GPT2TTSVocoder, SpeechT5HifiGan):
    """
    HiFi-GAN generator (https://arxiv.org/abs/2010.05646), able to hold SpeechBrain's and transformers' weights.

    See [`GPT2TTSVocoder.forward`] for the call.
    """

    config: GPT2TTSHifiGanConfig
    # nothing in it needs more precision than its weights have
    dtype = SpeechT5HifiGan.dtype

    def __init__(self, config: GPT2TTSHifiGanConfig):
        super().__init__(config)
        for module in self.modules():
            if isinstance(module, nn.Conv1d):
                module.padding_mode = config.padding_mode
        self.post_init()

    @property
    def context_frames(self) -> int:
        """Number of frames on each side that a frame's samples depend on."""
        config = self.config
        reach, rate = 3.0, 1  # in frames; the first convolution spans 7
        for upsample_rate, upsample_kernel in zip(config.upsample_rates, config.upsample_kernel_sizes, strict=True):
            reach += upsample_kernel / 2 / upsample_rate / rate
            rate *= upsample_rate
            reach += max(
                (kernel - 1) / 2 * (sum(dilation) + len(dilation)) / rate
                for kernel, dilation in zip(config.resblock_kernel_sizes, config.resblock_dilation_sizes, strict=True)
            )
        return math.ceil(reach + 3 / rate) + 1

    def vocode(
        self, frames: GPT2TTSFrames, *, first_frame: int = 0, phase: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Frames without padding to waveform `(batch, frames * hop_length)`, see [`GPT2TTSVocoder.vocode`]."""
        padding, samples = self.config.inference_padding, frames.spectrogram.shape[1] * self.hop_length
        spectrogram = nn.functional.pad(frames.spectrogram.mT, (padding, padding), mode="replicate").mT
        waveform = SpeechT5HifiGan.forward(self, spectrogram)
        return waveform[:, padding * self.hop_length :][:, :samples]

    def apply_weight_norm(self):
        """Split the weights of the convolutions into direction and length, as HiFi-GAN is trained."""
        for module in list(self.modules()):
            if isinstance(module, (nn.Conv1d, nn.ConvTranspose1d)):
                parametrizations.weight_norm(module)

    def remove_weight_norm(self):
        """Join them again, for saving and for inference."""
        for module in list(self.modules()):
            if parametrize.is_parametrized(module, "weight"):
                parametrize.remove_parametrizations(module, "weight")


def convert_speechbrain_generator(
    state_dict: Mapping[str, torch.Tensor],
    *,
    in_channels: int = 80,
    out_channels: int = 1,
    resblock_type: str | int = "1",
    resblock_dilation_sizes: Sequence[Sequence[int]] = ((1, 3, 5), (1, 3, 5), (1, 3, 5)),
    resblock_kernel_sizes: Sequence[int] = (3, 7, 11),
    upsample_kernel_sizes: Sequence[int] = (16, 16, 4, 4),
    upsample_initial_channel: int = 512,
    upsample_factors: Sequence[int] = (8, 8, 2, 2),
    inference_padding: int = 5,
    cond_channels: int = 0,
    conv_post_bias: bool = True,
    sampling_rate: int = 22050,
) -> GPT2TTSHifiGan:
    """
    Turn the weights of a SpeechBrain `HifiganGenerator` into a [`GPT2TTSHifiGan`], which `save_pretrained` stores as
    safetensors. For equal input the waveforms are equal, but for the `inference_padding` frames at both ends, which
    SpeechBrain's `inference` adds to the output and this model cuts off. SpeechBrain itself is not needed.

    Args:
        state_dict (`Mapping[str, torch.Tensor]`):
            `HifiganGenerator.state_dict()` or the content of `generator.ckpt`, with weight norm or without.
        sampling_rate (`int`, *optional*, defaults to 22050):
            Sampling rate of the waveform in Hz.
        **others:
            The arguments `HifiganGenerator` was made with.

    Returns:
        [`GPT2TTSHifiGan`] in eval mode.

    Raises:
        ValueError: if the generator has more than one output channel, speaker conditioning, residual blocks of
            another type than 1, or other weights.
    """
    if out_channels != 1 or cond_channels != 0 or str(resblock_type) != "1":
        raise ValueError(
            "Only an unconditioned generator of mono waveforms with residual blocks of type 1 (HiFi-GAN V1) can be "
            f"converted, got out_channels={out_channels}, cond_channels={cond_channels}, {resblock_type=}."
        )
    config = GPT2TTSHifiGanConfig(
        model_in_dim=in_channels,
        sampling_rate=sampling_rate,
        upsample_initial_channel=upsample_initial_channel,
        upsample_rates=list(upsample_factors),
        upsample_kernel_sizes=list(upsample_kernel_sizes),
        resblock_kernel_sizes=list(resblock_kernel_sizes),
        resblock_dilation_sizes=[list(sizes) for sizes in resblock_dilation_sizes],
        inference_padding=inference_padding,
    )
    model = GPT2TTSHifiGan(config)
    converted = {re.sub(r"^ups\.", "upsampler.", name).replace(".conv.", "."): state_dict[name] for name in state_dict}
    converted |= {"mean": model.mean, "scale": model.scale}
    if not conv_post_bias:
        converted["conv_post.bias"] = torch.zeros(1)
    # torch spells a normalised weight `weight_g` and `weight_v`, or `parametrizations.weight.original0` and `1`
    weight_norm = any(name.endswith(("weight_v", "weight.original1")) for name in converted)
    if weight_norm:
        model.apply_weight_norm()
    try:
        model.load_state_dict(converted)
    except RuntimeError as error:
        raise ValueError(f"The weights are not those of a `HifiganGenerator` with these arguments. {error}") from error
    if weight_norm:
        model.remove_weight_norm()
    return model.eval()


def _read_hyperparams(path: str) -> dict[str, Any]:
    """
    The plain values of a SpeechBrain `hyperparams.yaml`. Its tags would import and call whatever they name; here a
    reference is looked up, and the fields of an object are read as a dictionary with the name of its class.
    """
    import yaml

    class Loader(yaml.SafeLoader):
        pass

    def construct(loader: yaml.SafeLoader, tag: str, node: yaml.Node) -> Any:
        if isinstance(node, yaml.MappingNode):
            return loader.construct_mapping(node, deep=True) | {"class": tag}
        if isinstance(node, yaml.SequenceNode):
            return loader.construct_sequence(node, deep=True)
        return loader.construct_scalar(node)

    Loader.add_multi_constructor("!", construct)
    with open(path, encoding="utf-8") as file:
        values = yaml.load(file, Loader)

    def resolve(value: Any) -> Any:
        while isinstance(value, str) and (match := re.fullmatch(r"<(\w+)>", value.strip())):
            value = values[match[1]]
        return value

    generator = resolve(values.get("generator"))
    if not isinstance(generator, dict) or not str(generator.get("class")).endswith(".HifiganGenerator"):
        raise ValueError(
            f"{path} describes no `HifiganGenerator` under `generator`. Only SpeechBrain's HiFi-GAN vocoders of mel "
            "spectrograms can be loaded."
        )
    arguments = {name: resolve(value) for name, value in generator.items() if name != "class"}
    return arguments | {"sampling_rate": values.get("sample_rate", 22050)}


def load_speechbrain_generator(hyperparams_file: str, weights_file: str) -> GPT2TTSHifiGan:
    """A HiFi-GAN from the two files of a SpeechBrain source, `hyperparams.yaml` and `generator.ckpt`."""
    arguments = _read_hyperparams(hyperparams_file)
    state_dict = torch.load(weights_file, map_location="cpu", weights_only=True)
    try:
        return convert_speechbrain_generator(state_dict, **arguments)
    except TypeError as error:
        raise ValueError(f"{hyperparams_file} has a generator argument this package does not know: {error}") from error


__all__ = ["GPT2TTSHifiGan", "GPT2TTSHifiGanConfig", "convert_speechbrain_generator", "load_speechbrain_generator"]
