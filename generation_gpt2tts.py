"""Generation of speech: the autoregressive loop over groups of frames and when it stops."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import torch
from transformers import GenerationConfig
from transformers.generation import BaseStreamer, GenerationMixin, StoppingCriteriaList
from transformers.utils import ModelOutput, logging

from .decoding_gpt2tts import DecodedSpeech, Decoding, FrameScale, GroupMaker, check_setting, part_seed
from .frames_gpt2tts import GPT2TTSFrames
from .matched_voices_gpt2tts import is_voice_shape, split_voices, stack_voices
from .onnx_decoder_gpt2tts import OnnxSpeech
from .onnx_engine_gpt2tts import load_decoder

logger = logging.get_logger(__name__)

ENGINES = ("torch", "onnx")  # what makes the groups


@dataclass
class GPT2TTSGenerateOutput(ModelOutput):
    """
    Outputs of [`GPT2TTSForTextToSpeech.generate`].

    Args:
        waveform (`torch.Tensor` of shape `(batch_size, num_samples)`, *optional*, returned where there is a vocoder):
            Speech at `config.sampling_rate`, zero after each row's length.
        waveform_lengths (`torch.LongTensor` of shape `(batch_size,)`, *optional*):
            Samples of each row.
        spectrogram (`torch.Tensor` of shape `(batch_size, num_frames, n_mels)`):
            Log-mel frames, digital silence after each row's length.
        spectrogram_lengths (`torch.LongTensor` of shape `(batch_size,)`):
            Frames of each row.
        pitch (`torch.Tensor` of shape `(batch_size, num_frames)`):
            Pitch in Hz, which goes on through unvoiced frames.
        voicing (`torch.Tensor` of shape `(batch_size, num_frames)`):
            How voiced each frame is, 0 to 1; 0 after each row's length.
        fine_spectrogram (`torch.Tensor` of shape `(batch_size, num_frames, 2 * n_mels)`, *optional*):
            Log-mels at half the hop, see [`GPT2TTSFrames`]; returned where the model has a refiner.
        text_positions (`torch.Tensor` of shape `(batch_size, num_groups)`):
            Place in the text, in tokens from 0, that each group of `config.reduction_factor / speed` frames speaks; that of
            the end after each row's length.
        stopped (`torch.BoolTensor` of shape `(batch_size,)`):
            Whether the row ended with its text; where not, it ran into its frame budget.
    """

    waveform: torch.Tensor | None = None
    waveform_lengths: torch.Tensor | None = None
    spectrogram: torch.Tensor | None = None
    spectrogram_lengths: torch.Tensor | None = None
    pitch: torch.Tensor | None = None
    voicing: torch.Tensor | None = None
    fine_spectrogram: torch.Tensor | None = None
    text_positions: torch.Tensor | None = None
    stopped: torch.Tensor | None = None


@dataclass
class _Request:
    """What `generate` and `stream` speak, checked and with nothing left open; for the fields see there."""

    input_ids: torch.Tensor
    attention_mask: torch.Tensor
    style_latents: torch.Tensor | None
    match: np.ndarray | None
    max_groups: int
    max_frames: int | None
    max_frames_per_token: float
    speed: float
    pitch_shift: float
    prenet_dropout: float
    generator: torch.Generator | list[torch.Generator] | None
    stopping_criteria: StoppingCriteriaList
    engine: str | None


class TorchSpeech:
    """A batch that is being spoken by the model's own modules. A [`GroupMaker`]; rows that have ended are computed on."""

    def __init__(self, model: Any, request: _Request):
        self.model = model
        self.common: dict[str, Any] = {
            "attention_mask": request.attention_mask,
            "prenet_dropout": request.prenet_dropout,
            "generator": request.generator,
            "use_cache": True,
            "return_dict": True,
        }
        self.inputs: dict[str, Any] = {"input_ids": request.input_ids, "style_latents": request.style_latents}
        self.before: torch.Tensor | None = None
        self.rows = np.arange(len(request.input_ids))
        self.places = np.zeros(len(self.rows), np.float32)

    def __call__(self, place: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """See [`GroupMaker`]."""
        self.places[self.rows] = place
        places = torch.tensor(self.places, device=self.common["attention_mask"].device)
        outputs = self.model.model(**self.inputs, text_positions=places[:, None], **self.common)
        group, step, self.before = self.model.next_group(outputs.last_hidden_state, self.before)
        kept = {name: outputs[name] for name in ("text_embeds", "style_latents", "cache")}
        self.inputs = {"mel_groups": group, **kept}
        made = group[:, 0].float()
        if self.model.refiner is not None:
            made = torch.cat((made, outputs.last_hidden_state[:, 0].float()), dim=-1)
        return made.cpu().numpy()[self.rows], step.cpu().numpy()[self.rows]

    def keep(self, rows: np.ndarray) -> None:
        """See [`GroupMaker`]."""
        self.rows = self.rows[rows]


class TorchUniform:
    """A PyTorch generator, or the default one, as what draws in [`OnnxSpeech`]."""

    def __init__(self, generator: torch.Generator | None):
        self.generator = generator

    def rand(self, *shape: int) -> np.ndarray:
        """Uniform numbers, at least 0 and below 1, float32."""
        device = None if self.generator is None else self.generator.device
        return torch.rand(shape, generator=self.generator, device=device, dtype=torch.float32).cpu().numpy()


def _to_tensor(values: np.ndarray, request: _Request) -> torch.Tensor:
    # not of inference mode: what is returned may be changed in place, and used in training
    with torch.inference_mode(False):
        return torch.from_numpy(values).to(request.input_ids.device)


def _to_frames(frames: GPT2TTSFrames, request: _Request) -> GPT2TTSFrames:
    return frames.apply(lambda values, _: _to_tensor(values, request))


class GPT2TTSGenerationMixin(GenerationMixin):
    """`generate` for a model that predicts groups of frames rather than tokens."""

    # provided by the class that this is mixed into
    config: Any
    model: Any
    next_group: Any
    refiner: Any
    get_vocoder: Any

    @torch.inference_mode()
    def generate(  # type: ignore[override]
        self,
        input_ids: torch.Tensor | None = None,
        attention_mask: torch.Tensor | None = None,
        *,
        reference_features: torch.Tensor | None = None,
        reference_mask: torch.Tensor | None = None,
        style_latents: torch.Tensor | None = None,
        voice: str | list[str] | None = None,
        speed: float = 1.0,
        pitch_shift: float = 0.0,
        prenet_dropout: float | None = None,
        max_frames: int | None = None,
        max_frames_per_token: float | None = None,
        seed: int | None = None,
        generator: torch.Generator | list[torch.Generator] | None = None,
        stopping_criteria: StoppingCriteriaList | None = None,
        streamer: BaseStreamer | None = None,
        engine: str | None = None,
        vocoder: str | torch.nn.Module | None = None,
        output_waveform: bool | None = None,
        return_dict_in_generate: bool = True,
        generation_config: GenerationConfig | None = None,
        **kwargs: Any,
    ) -> GPT2TTSGenerateOutput | torch.Tensor:
        """
        Speaks.

        The voice is the first that is given of `style_latents`, `reference_features`, `voice`, the checkpoint's
        default voice, and the learned voice of no reference.

        Args:
            input_ids (`torch.LongTensor` of shape `(batch_size, num_tokens)`):
                Text tokens of [`GPT2TTSProcessor`], right-padded.
            attention_mask (`torch.Tensor` of shape `(batch_size, num_tokens)`, *optional*):
                Mask of real tokens (`1`) as opposed to padding (`0`).
            reference_features (`torch.Tensor` of shape `(batch_size or 1, num_frames, n_mels)`, *optional*):
                Log-mel frames of a clip of the voice, as the processor makes of `audio`.
            reference_mask (`torch.Tensor` of shape `(batch_size or 1, num_frames)`, *optional*):
                Mask of their real frames.
            style_latents (`torch.Tensor` of shape `(batch_size or 1, num_style_latents, hidden_size)`, *optional*):
                What `get_style_latents` returned for a clip of the voice; or what [`Synthesizer.load_voice`] returns, which
                may have rows more.
            voice (`str` or `list[str]`, *optional*):
                Name of a voice of the checkpoint (see `voices`), or one a row.
            speed (`float`, *optional*, defaults to 1.0):
                Factor on the pace, from 0.5 to 2; the pitch stays.
            pitch_shift (`float`, *optional*, defaults to 0.0):
                Semitones by which the returned pitch, and with a vocoder that reads it the voice, is higher, from -12 to 12.
            prenet_dropout (`float`, *optional*):
                Dropout of the prenet, which is what varies from seed to seed.
            max_frames (`int`, *optional*):
                Frame budget of every row. By default `max_frames_per_token` for each of its tokens. Speech that uses it
                up is cut, and `stopped` says so.
            max_frames_per_token (`float`, *optional*):
                See `max_frames`; a reading that falls behind it is moved on (see [`Decoding`]). It and `prenet_dropout`
                are taken from `generation_config` or the checkpoint's where they are not given.
            seed (`int`, *optional*):
                Makes the result repeatable: row `i` draws from a generator seeded by `seed` and `i`, so that it does not
                depend on the batch.
            generator (`torch.Generator` or `list[torch.Generator]`, *optional*):
                Source of what is drawn in place of `seed`: one, or one a row.
            stopping_criteria (`StoppingCriteriaList`, *optional*):
                Further criteria. They are called with `input_ids` of shape `(batch_size, groups so far)` and, as
                `scores`, the next reading positions `(batch_size,)`.
            streamer (`BaseStreamer`, *optional*):
                Its `put` is called with [`GPT2TTSFrames`] as soon as a group is made, and its `end` after the last. For
                one text at a time. [`stream`] is the same as an iterator, and the vocoder's `stream` makes sound of it.
            engine (`str`, *optional*):
                What makes the groups: `"torch"`, the modules of this model, or `"onnx"`, ONNX Runtime on the CPU with
                weights of few bits, several times faster (see [`load_decoder`]). By default `"onnx"` where it can be: a
                model in float32 on the CPU whose weights are as they were loaded, and the packages are there.
            vocoder (`str` or `torch.nn.Module`, *optional*):
                Vocoder or reference of one (see [`load_vocoder`]). Defaults to `config.vocoder`.
            output_waveform (`bool`, *optional*):
                Whether to make the waveform. By default, where there is a vocoder.
            return_dict_in_generate (`bool`, *optional*, defaults to `True`):
                Whether to return a [`GPT2TTSGenerateOutput`]; otherwise the waveform, or without a vocoder the
                spectrogram, alone.
            generation_config (`GenerationConfig`, *optional*):
                Settings, see `max_frames_per_token`; its `max_new_tokens` bounds the number of groups. Nothing else in
                it applies: there is no vocabulary to sample from.

        Raises:
            ValueError: If the text is longer than the context, or an argument has the wrong shape or range.
        """
        request = self._request(
            input_ids,
            attention_mask,
            (style_latents, reference_features, reference_mask, voice),
            {"prenet_dropout": prenet_dropout, "max_frames_per_token": max_frames_per_token},
            speed=speed,
            pitch_shift=pitch_shift,
            max_frames=max_frames,
            seed=seed,
            generator=generator,
            stopping_criteria=stopping_criteria,
            generation_config=generation_config,
            engine=engine,
            **kwargs,
        )
        if streamer is not None and len(request.input_ids) != 1:
            raise ValueError(f"`streamer` takes one text at a time, got {len(request.input_ids)}.")
        decoding = self._decoding(request)
        maker = self._engine(request, decoding)
        scale = self._frame_scale(request, maker)
        groups = decoding.run(maker)
        if streamer is None:
            for _ in groups:
                pass
        else:
            for frames in scale.stream(groups):
                streamer.put(_to_frames(frames, request))
            streamer.end()
        speech = DecodedSpeech.of(decoding, scale)
        made = {name: value for name, value in vars(speech).items() if value is not None}
        result = GPT2TTSGenerateOutput(**{name: _to_tensor(value, request) for name, value in made.items()})

        if output_waveform is None:
            output_waveform = vocoder is not None or self.config.vocoder is not None
        if output_waveform:
            module = vocoder if isinstance(vocoder, torch.nn.Module) else self.get_vocoder(vocoder)
            spectrogram = cast(torch.Tensor, result.spectrogram)
            tracks = {"pitch": result.pitch, "voicing": result.voicing}
            if result.fine_spectrogram is not None and getattr(module, "requires_pitch", False):
                tracks["fine_spectrogram"] = result.fine_spectrogram
            waveform = module.to(spectrogram.device)(spectrogram, result.spectrogram_lengths, **tracks)
            with torch.inference_mode(False):
                result.waveform = waveform.clone()
                result.waveform_lengths = result.spectrogram_lengths * self.config.hop_length
        if return_dict_in_generate:
            return result
        return cast(torch.Tensor, result.waveform if output_waveform else result.spectrogram)

    @torch.inference_mode()
    def stream(
        self,
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor | None = None,
        *,
        reference_features: torch.Tensor | None = None,
        reference_mask: torch.Tensor | None = None,
        style_latents: torch.Tensor | None = None,
        voice: str | None = None,
        prenet_dropout: float | None = None,
        max_frames_per_token: float | None = None,
        **kwargs: Any,
    ) -> Iterator[GPT2TTSFrames]:
        """
        Speaks one text and yields its frames as they are made. For the arguments see [`generate`], of which this takes
        those that concern neither the vocoder nor the form of the result.

        Yields:
            [`GPT2TTSFrames`]: the next frames, a batch of one. Joined they are what [`generate`] returns.

        Raises:
            ValueError: As [`generate`], and for more than one text; when the first frames are asked for.
        """
        request = self._request(
            input_ids,
            attention_mask,
            (style_latents, reference_features, reference_mask, voice),
            {"prenet_dropout": prenet_dropout, "max_frames_per_token": max_frames_per_token},
            **kwargs,
        )
        if len(input_ids) != 1:
            raise ValueError(f"`stream` takes one text at a time, got {len(input_ids)}.")
        decoding = self._decoding(request)
        maker = self._engine(request, decoding)
        for frames in self._frame_scale(request, maker).stream(decoding.run(maker)):
            yield _to_frames(frames, request)

    def _request(
        self,
        input_ids: torch.Tensor | None,
        attention_mask: torch.Tensor | None,
        voices: tuple,
        settings: dict[str, float | None],
        /,
        *,
        speed: float = 1.0,
        pitch_shift: float = 0.0,
        max_frames: int | None = None,
        seed: int | None = None,
        generator: torch.Generator | list[torch.Generator] | None = None,
        stopping_criteria: StoppingCriteriaList | None = None,
        generation_config: GenerationConfig | None = None,
        engine: str | None = None,
        **kwargs: Any,
    ) -> _Request:
        """Checks the arguments of `generate` and fills in what they leave open."""
        if input_ids is None:
            raise ValueError("`generate` needs `input_ids`: `processor(text=...)` makes them.")
        for name, value in (("input_ids", input_ids), ("attention_mask", attention_mask)):
            if not isinstance(value, torch.Tensor | None):
                raise TypeError(
                    f"`{name}` must be a tensor, got `{type(value).__name__}`: pass what `processor(text=...)` returns as "
                    "`generate(**inputs)`."
                )
        if seed is not None and generator is not None:
            raise ValueError("Pass `seed` or `generator`, not both.")
        attention_mask = torch.ones_like(input_ids) if attention_mask is None else attention_mask
        self._check_text(input_ids, attention_mask)
        batch_size = len(input_ids)
        if isinstance(generator, list) and len(generator) != batch_size:
            raise ValueError(
                f"`generator` has {len(generator)} entries for {batch_size} rows: pass one, or one a row."
            )
        if seed is not None:
            generator = [seeded_generator(seed, row) for row in range(batch_size)]
        check_setting("speed", speed)
        check_setting("pitch_shift", pitch_shift)
        if engine not in (None, *ENGINES):
            raise ValueError(f"`engine` must be one of {', '.join(map(repr, ENGINES))}, got {engine!r}.")
        max_groups = self._max_groups(generation_config, kwargs)
        chosen = {name: self._setting(name, value, generation_config) for name, value in settings.items()}
        style_latents, match = self._voices(batch_size, *voices)
        return _Request(
            input_ids.long(),
            attention_mask.long(),
            style_latents=style_latents,
            match=match,
            max_groups=max_groups,
            max_frames=max_frames,
            speed=speed,
            pitch_shift=pitch_shift,
            generator=generator,
            stopping_criteria=StoppingCriteriaList(stopping_criteria or []),
            engine=engine,
            **chosen,
        )

    def _check_text(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> None:
        """Refuses tokens and a mask that the model cannot read: a wrong index on a GPU would end the process."""
        if input_ids.dim() != 2 or not input_ids.numel():
            raise ValueError(
                f"`input_ids` must be (batch_size, num_tokens) with a token at least, got {tuple(input_ids.shape)}: "
                "`processor(text=...)` makes them."
            )
        if attention_mask.shape != input_ids.shape:
            raise ValueError(
                f"`attention_mask` must have the shape of `input_ids`, {tuple(input_ids.shape)}, got "
                f"{tuple(attention_mask.shape)}."
            )
        num_tokens, vocab_size = input_ids.shape[1], self.config.vocab_size
        if num_tokens > self.config.max_text_positions:
            raise ValueError(
                f"The text has {num_tokens} tokens, but the context holds {self.config.max_text_positions}: split it by "
                "`processor.split_text(text)` and pass the pieces as a batch."
            )
        if (attention_mask[:, 1:] > attention_mask[:, :-1]).any():
            raise ValueError("`input_ids` must be padded on the right: `attention_mask` has 1 after 0.")
        if not attention_mask[:, 0].all():
            raise ValueError("`attention_mask` has a row without a token: leave out texts that are empty.")
        if input_ids.min() < 0 or input_ids.max() >= vocab_size:
            raise ValueError(
                f"`input_ids` must lie between 0 and {vocab_size - 1}, got {int(input_ids.min())} to "
                f"{int(input_ids.max())}: take the processor of this checkpoint."
            )

    def _setting(self, name: str, value: float | None, generation_config: GenerationConfig | None) -> float:
        """
        An argument of `generate`; where it is not given, the value of the passed `generation_config`, else of the
        checkpoint's `generation_config.json`, else of its configuration.
        """
        for source in (generation_config, self.generation_config, self.config):
            if value is None and source is not None:
                value = getattr(source, name, None)
        return check_setting(name, cast(float, value))

    def _decoding(self, request: _Request) -> Decoding:
        """The loop of a request."""

        def criteria(num_groups: int, position: np.ndarray) -> np.ndarray:
            # they count groups by the width of `input_ids`; continuous frames have no ids
            so_far = request.input_ids.new_zeros(len(position), num_groups)
            return request.stopping_criteria(so_far, torch.tensor(position, device=so_far.device)).cpu().numpy()

        return Decoding(
            request.attention_mask.sum(1).cpu().numpy(),
            self.config.reduction_factor,
            max_frames_per_token=request.max_frames_per_token,
            max_groups=request.max_groups,
            max_frames=request.max_frames,
            speed=request.speed,
            criteria=criteria if request.stopping_criteria else None,
        )

    def _engine(self, request: _Request, decoding: Decoding) -> GroupMaker:
        """What makes the groups of a request, one after the other."""
        decoder = None if request.engine == "torch" else load_decoder(self, required=request.engine == "onnx")
        if decoder is None:
            return TorchSpeech(self, request)
        style_latents = request.style_latents
        if style_latents is None:
            style_latents = self.model.null_style_latents.detach().expand(len(request.input_ids), -1, -1)
        generators = request.generator if isinstance(request.generator, list) else [request.generator]
        return OnnxSpeech(
            decoder,
            request.input_ids.numpy(),
            request.attention_mask.sum(1).numpy(),
            style_latents.to(self.device, self.dtype).numpy(),
            max_groups=int(decoding.budgets.max()),
            prenet_dropout=request.prenet_dropout,
            uniform=[TorchUniform(generator) for generator in generators],
        )

    def _frame_scale(self, request: _Request, maker: GroupMaker) -> FrameScale:
        """What makes frames of normalised groups, at the pitch asked for."""

        def denormalize(frames: np.ndarray) -> np.ndarray:
            # by the module, whose statistics may be offloaded
            return self.model.denormalize(torch.from_numpy(frames).to(request.input_ids.device)).cpu().numpy()

        def refine(hidden_states: np.ndarray, groups: np.ndarray) -> np.ndarray:
            device, dtype = request.input_ids.device, self.model.dtype
            inputs = (torch.from_numpy(values).to(device, dtype) for values in (hidden_states, groups))
            return self.refiner(*inputs).float().cpu().numpy()

        config = self.config
        scale = FrameScale(
            config.frame_size,
            config.reduction_factor,
            denormalize,
            config.silence_level,
            refine=maker.refine if isinstance(maker, OnnxSpeech) else None if self.refiner is None else refine,
        )
        return scale.of(request.speed, request.pitch_shift, request.match)

    def _max_groups(self, generation_config: GenerationConfig | None, kwargs: dict[str, Any]) -> int:
        """The bound on groups of a generation configuration; refuses arguments that mean nothing here."""
        max_new_tokens = kwargs.pop("max_new_tokens", None)
        for source in (generation_config, self.generation_config):
            if max_new_tokens is None and source is not None:
                max_new_tokens = source.max_new_tokens
        unknown = sorted(key for key in kwargs if not hasattr(GenerationConfig(), key))
        if unknown:
            raise ValueError(f"`generate` has no arguments {unknown}.")
        # padding ids come with every pipeline
        unused = sorted(key for key, value in kwargs.items() if value is not None and not key.endswith("_token_id"))
        if unused:
            logger.warning_once(f"GPT2TTS samples no tokens: {unused} have no effect.")
        limit = self.config.max_mel_positions
        if max_new_tokens is not None and max_new_tokens < 1:
            raise ValueError(f"`max_new_tokens` must be positive, got {max_new_tokens}.")
        return limit if max_new_tokens is None else min(limit, max_new_tokens)

    def _voices(
        self,
        batch_size: int,
        style_latents: torch.Tensor | None,
        reference_features: torch.Tensor | None,
        reference_mask: torch.Tensor | None,
        voice: str | list[str] | None,
    ) -> tuple[torch.Tensor | None, np.ndarray | None]:
        """
        The style latents of each row, `(batch_size, num_style_latents, hidden_size)`; `None`: those of no reference. And
        where voices are matched their transform and shift, `(batch_size, n_mels + 1, n_mels)`.
        """
        if style_latents is None and reference_features is not None:
            if not reference_features.shape[1] or not (reference_mask is None or reference_mask.bool().any(1).all()):
                raise ValueError("`reference_features` have a row without frames: pass a clip for each row.")
            style_latents = self.get_style_latents(reference_features, reference_mask)
        if style_latents is None and (voice or self.config.default_voice):
            names = voice or self.config.default_voice
            names = [names] if isinstance(names, str) else names
            style_latents = stack_voices([self.get_voice(name) for name in names])
        if style_latents is None:
            return None, None
        if style_latents.dim() == 2:
            style_latents = style_latents[None]
        if len(style_latents) not in (1, batch_size):
            raise ValueError(f"Got {len(style_latents)} voices for {batch_size} texts: pass one, or one a text.")
        if not is_voice_shape(style_latents.shape[1:], self.config):
            expected = (self.config.num_style_latents, self.config.hidden_size)
            raise ValueError(
                f"`style_latents` has shape {tuple(style_latents.shape)}, and (batch_size, num_style_latents, hidden_size) = "
                f"{(batch_size, *expected)} is expected, with rows more of a matched voice."
            )
        if not style_latents.isfinite().all():
            raise ValueError("The voice holds values that are not finite: make it again from its recordings.")
        latents, match = split_voices(style_latents.expand(batch_size, -1, -1), self.config)
        return latents, None if match is None else match.float().cpu().numpy()


def dropout_mask(
    hidden_states: torch.Tensor, rate: float, generator: torch.Generator | list[torch.Generator] | None
) -> torch.Tensor:
    """Inverted dropout mask for `(B, ...)`, drawn from one generator, or for each row from its own."""
    generators = generator if isinstance(generator, list) else [generator]
    rows = hidden_states.chunk(len(generators))
    drawn = [
        torch.rand(row.shape, generator=g, device=row.device if g is None else g.device, dtype=torch.float32)
        for row, g in zip(rows, generators, strict=True)
    ]
    return (torch.cat(drawn) >= rate).to(hidden_states) / max(1 - rate, 1e-6)


def seeded_generator(seed: int, part: int) -> torch.Generator:
    """The generator of one part of what is spoken under a seed, see [`part_seed`]."""
    return torch.Generator().manual_seed(part_seed(seed, part))


__all__ = [
    "ENGINES",
    "GPT2TTSGenerateOutput",
    "GPT2TTSGenerationMixin",
    "dropout_mask",
    "seeded_generator",
]
