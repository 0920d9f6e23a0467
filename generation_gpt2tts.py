"""Generation of speech: the autoregressive loop over groups of frames and when it stops."""

import numbers
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, cast

import numpy as np
import torch
from transformers import GenerationConfig
from transformers.generation import BaseStreamer, GenerationMixin, StoppingCriteria, StoppingCriteriaList
from transformers.utils import ModelOutput, logging

from .vocoder_gpt2tts import GPT2TTSFrames

logger = logging.get_logger(__name__)

# A text of a few letters may need more than its share of frames (breath, a drawn-out vowel, the silence around it).
MIN_FRAME_BUDGET = 160

ENGINES = ("torch", "onnx")  # what makes the groups

# What `generate` is told by its arguments, else by a passed `generation_config`, else by the checkpoint's
# `generation_config.json`, else by these fields of its configuration.
GENERATION_FIELDS = {
    "prenet_dropout": "prenet_dropout",
    "max_frames_per_token": "max_frames_per_token",
}


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
        text_positions (`torch.Tensor` of shape `(batch_size, num_groups)`):
            Place in the text, in tokens from 0, that each group speaks; that of the end after each row's length.
        stopped (`torch.BoolTensor` of shape `(batch_size,)`):
            Whether the row ended with its text; where not, it ran into its frame budget.
    """

    waveform: torch.Tensor | None = None
    waveform_lengths: torch.Tensor | None = None
    spectrogram: torch.Tensor | None = None
    spectrogram_lengths: torch.Tensor | None = None
    pitch: torch.Tensor | None = None
    voicing: torch.Tensor | None = None
    text_positions: torch.Tensor | None = None
    stopped: torch.Tensor | None = None


class EndOfTextCriteria(StoppingCriteria):
    """
    Ends a row when its reading position leaves the text.

    Expects `scores` to be the position that the group after the one just generated would have, `(batch_size,)`.

    Args:
        num_tokens (`torch.LongTensor` of shape `(batch_size,)`): Tokens of each text.
    """

    def __init__(self, num_tokens: torch.Tensor):
        # the last token lies around `num_tokens - 1`, half a token to either side
        self.ends = num_tokens - 0.5

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor, **kwargs: Any) -> torch.Tensor:
        """Rows that end with the group just generated, `(batch_size,)`."""
        return scores >= self.ends


class FrameBudgetCriteria(StoppingCriteria):
    """
    Ends a row that has used up its budget, the last resort where it does not end by itself.

    Args:
        budgets (`torch.LongTensor` of shape `(batch_size,)`): Groups that each row may have.
    """

    def __init__(self, budgets: torch.Tensor):
        self.budgets = budgets

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor, **kwargs: Any) -> torch.Tensor:
        """Rows that end with the group just generated, `(batch_size,)`."""
        return input_ids.shape[1] >= self.budgets


@dataclass
class GPT2TTSSpeechRequest:
    """
    What `generate` and `stream` speak, checked and with nothing left open.

    Args:
        input_ids, attention_mask (`torch.LongTensor` of shape `(batch_size, num_tokens)`): Text tokens.
        style_latents (`torch.Tensor` of shape `(batch_size, num_style_latents, hidden_size)`, *optional*):
            Voices; by default the learned one of no reference.
        budgets (`torch.LongTensor` of shape `(batch_size,)`): Groups that each row may have.
        speed (`float`): Factor on how fast the text is read.
        pitch_factor (`float`): Factor on the pitch that is returned.
        prenet_dropout (`float`): Dropout of the prenet.
        generator (`torch.Generator`, a list of them or `None`): What draws.
        stopping_criteria (`StoppingCriteriaList`): Those of the caller.
        engine (`str` or `None`): What makes the groups, see [`generate`].
    """

    input_ids: torch.Tensor
    attention_mask: torch.Tensor
    style_latents: torch.Tensor | None
    budgets: torch.Tensor
    speed: float = 1.0
    pitch_factor: float = 1.0
    prenet_dropout: float = 0.5
    generator: torch.Generator | list[torch.Generator] | None = None
    stopping_criteria: StoppingCriteriaList = field(default_factory=StoppingCriteriaList)
    engine: str | None = None


@dataclass
class _Speech:
    """What the loop has made so far: `groups` and `positions` hold a tensor for each group, the rest `(batch_size,)`."""

    lengths: torch.Tensor
    stopped: torch.Tensor
    running: torch.Tensor
    groups: list[torch.Tensor] = field(default_factory=list)
    positions: list[torch.Tensor] = field(default_factory=list)

    @classmethod
    def of(cls, input_ids: torch.Tensor) -> "_Speech":
        """Nothing yet of texts `(batch_size, num_tokens)`."""
        stopped = torch.zeros(len(input_ids), dtype=torch.bool, device=input_ids.device)
        return cls(lengths=stopped.long(), stopped=stopped, running=~stopped)


class TorchSpeech:
    """
    A batch that is being spoken by the model's own modules. Called once for each group, with the places in the text of
    the next groups `(batch_size,)`: gives the groups `(batch_size, 1, group_size)`, normalised, and how many tokens the
    reading position moves after them, `(batch_size,)`.
    """

    def __init__(self, model: Any, request: GPT2TTSSpeechRequest):
        self.model = model
        self.common = {
            "attention_mask": request.attention_mask,
            "prenet_dropout": request.prenet_dropout,
            "generator": request.generator,
            "use_cache": True,
            "return_dict": True,
        }
        self.inputs: dict[str, Any] = {"input_ids": request.input_ids, "style_latents": request.style_latents}
        self.before: torch.Tensor | None = None

    def __call__(self, place: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        outputs = self.model.model(**self.inputs, text_positions=place[:, None], **self.common)
        group, step, self.before = self.model.next_group(outputs.last_hidden_state, self.before)
        kept = {name: outputs[name] for name in ("text_embeds", "style_latents", "cache")}
        self.inputs = {"mel_groups": group, **kept}
        return group, step


class GPT2TTSGenerationMixin(GenerationMixin):
    """`generate` for a model that predicts groups of frames rather than tokens."""

    # provided by the class that this is mixed into
    config: Any
    model: Any
    next_group: Any
    ungroup_frames: Any
    split_frames: Any
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
                What `get_style_latents` returned for a clip of the voice.
            voice (`str` or `list[str]`, *optional*):
                Name of a voice of the checkpoint (see `voices`), or one a row.
            speed (`float`, *optional*, defaults to 1.0):
                How fast the text is read, from 0.5 to 2; the pitch stays.
            pitch_shift (`float`, *optional*, defaults to 0.0):
                Semitones by which the returned pitch, and with a vocoder that reads it the voice, is higher.
            prenet_dropout (`float`, *optional*):
                Dropout of the prenet, which is what varies from seed to seed.
            max_frames (`int`, *optional*):
                Frame budget of every row. By default `max_frames_per_token` for each of its tokens. Speech that uses it
                up is cut, and `stopped` says so.
            max_frames_per_token (`float`, *optional*):
                See `max_frames`. It and `prenet_dropout` are taken from `generation_config` or the
                checkpoint's where they are not given.
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
                weights of 8 bits, several times faster (see [`load_decoder`]). By default `"onnx"` where it can be: a
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
            ValueError: If the text is longer than the context, or an argument has the wrong shape.
        """
        request = self._request(
            input_ids,
            attention_mask,
            voices=(style_latents, reference_features, reference_mask, voice),
            settings={
                "prenet_dropout": prenet_dropout,
                "max_frames_per_token": max_frames_per_token,
            },
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
        made = _Speech.of(request.input_ids)
        for group in self._speak(made, request):
            if streamer is not None:
                streamer.put(self._frames(group, request))
        if streamer is not None:
            streamer.end()
        result = self._collect(made, request)

        if output_waveform is None:
            output_waveform = vocoder is not None or self.config.vocoder is not None
        if output_waveform:
            module = vocoder if isinstance(vocoder, torch.nn.Module) else self.get_vocoder(vocoder)
            spectrogram = cast(torch.Tensor, result.spectrogram)
            result.waveform = module.to(spectrogram.device)(
                spectrogram, result.spectrogram_lengths, pitch=result.pitch, voicing=result.voicing
            )
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
            voices=(style_latents, reference_features, reference_mask, voice),
            settings={
                "prenet_dropout": prenet_dropout,
                "max_frames_per_token": max_frames_per_token,
            },
            **kwargs,
        )
        if len(input_ids) != 1:
            raise ValueError(f"`stream` takes one text at a time, got {len(input_ids)}.")
        made = _Speech.of(request.input_ids)
        for group in self._speak(made, request):
            yield self._frames(group, request)
        self._warn_of_cuts(made.stopped)

    def _request(
        self,
        input_ids: torch.Tensor | None,
        attention_mask: torch.Tensor | None,
        *,
        voices: tuple,
        settings: dict[str, float | None],
        speed: float = 1.0,
        pitch_shift: float = 0.0,
        max_frames: int | None = None,
        seed: int | None = None,
        generator: torch.Generator | list[torch.Generator] | None = None,
        stopping_criteria: StoppingCriteriaList | None = None,
        generation_config: GenerationConfig | None = None,
        engine: str | None = None,
        **kwargs: Any,
    ) -> GPT2TTSSpeechRequest:
        """Checks the arguments of `generate` and fills in what they leave open."""
        config = self.config
        if input_ids is None:
            raise ValueError("`generate` needs `input_ids`: `processor(text=...)` makes them.")
        if seed is not None and generator is not None:
            raise ValueError("Pass `seed` or `generator`, not both.")
        attention_mask = torch.ones_like(input_ids) if attention_mask is None else attention_mask
        batch_size, num_tokens = input_ids.shape
        if num_tokens > config.max_text_positions:
            raise ValueError(
                f"The text has {num_tokens} tokens, but the context holds {config.max_text_positions}: split it by "
                "`processor.split_text(text)` and pass the pieces as a batch."
            )
        if isinstance(generator, list) and len(generator) != batch_size:
            raise ValueError(f"`generator` has {len(generator)} entries for {batch_size} rows.")
        if seed is not None:
            generator = [seeded_generator(seed, row) for row in range(batch_size)]
        if not 0.5 <= speed <= 2:
            raise ValueError(f"`speed` must lie between 0.5 and 2, got {speed}.")
        if engine not in (None, *ENGINES):
            raise ValueError(f"`engine` must be one of {', '.join(map(repr, ENGINES))}, got {engine!r}.")
        max_groups = self._max_groups(generation_config, kwargs)
        chosen = {name: self._setting(name, value, generation_config) for name, value in settings.items()}
        budgets = self._frame_budgets(attention_mask, max_frames, chosen.pop("max_frames_per_token") / speed)
        return GPT2TTSSpeechRequest(
            input_ids.long(),
            attention_mask.long(),
            style_latents=self._style_latents(batch_size, *voices),
            budgets=budgets.clamp(min=1, max=max_groups),
            speed=speed,
            pitch_factor=2 ** (pitch_shift / 12),
            generator=generator,
            stopping_criteria=stopping_criteria or StoppingCriteriaList(),
            engine=engine,
            **chosen,
        )

    def _setting(self, name: str, value: float | None, generation_config: GenerationConfig | None) -> float:
        """An argument of `generate`, or what takes its place where it is not given."""
        for source in (generation_config, self.generation_config):
            if value is None and source is not None:
                value = getattr(source, name, None)
        if value is None:
            value = getattr(self.config, GENERATION_FIELDS[name])
        if value < 0:
            raise ValueError(f"`{name}` must not be negative, got {value}.")
        return value

    def _speak(self, made: _Speech, request: GPT2TTSSpeechRequest) -> Iterator[torch.Tensor]:
        """The loop: adds to `made`, and yields each normalised group `(batch_size, 1, group_size)`."""
        num_tokens = request.attention_mask.sum(1)
        criteria = StoppingCriteriaList([EndOfTextCriteria(num_tokens), *request.stopping_criteria])
        budget = FrameBudgetCriteria(request.budgets)
        next_group = self._engine(request)
        position = torch.zeros(len(num_tokens), device=num_tokens.device)
        place = position
        while True:
            group, step = next_group(place)
            made.groups.append(group)
            made.positions.append(place)
            made.lengths += made.running
            position = position + request.speed * step.to(position.device)
            # criteria count groups by the width of `input_ids`; continuous frames have no ids
            so_far = request.input_ids.new_zeros(len(num_tokens), len(made.groups))
            ended = criteria(so_far, position)
            made.stopped |= made.running & ended
            made.running &= ~(ended | budget(so_far, position))
            yield group
            if not made.running.any():
                return
            # padding is never read; the position itself goes on, so that small steps too leave the text
            place = position.minimum(num_tokens - 1)

    def _engine(self, request: GPT2TTSSpeechRequest) -> Callable[[torch.Tensor], tuple[torch.Tensor, torch.Tensor]]:
        """What makes the groups of a request, one after the other."""
        from .onnx_decoder_gpt2tts import load_decoder  # which imports what imports this module

        decoder = None if request.engine == "torch" else load_decoder(self, required=request.engine == "onnx")
        if decoder is None:
            return TorchSpeech(self, request)
        style_latents = request.style_latents
        if style_latents is None:
            style_latents = self.model.null_style_latents.detach().expand(len(request.input_ids), -1, -1)
        return decoder.speak(replace(request, style_latents=style_latents.to(self.device, self.dtype)))

    def _frames(self, groups: torch.Tensor, request: GPT2TTSSpeechRequest) -> GPT2TTSFrames:
        """Normalised groups `(batch_size, num_groups, group_size)` to frames at the pitch asked for."""
        frames = self.split_frames(self.ungroup_frames(groups))
        return frames._replace(pitch=frames.pitch * request.pitch_factor)

    def _collect(self, made: _Speech, request: GPT2TTSSpeechRequest) -> GPT2TTSGenerateOutput:
        """The whole utterances, with nothing after each row's end."""
        self._warn_of_cuts(made.stopped)
        factor = self.config.reduction_factor
        spectrogram, pitch, voicing = self._frames(torch.cat(made.groups, dim=1), request)
        lengths = made.lengths.to(spectrogram.device) * factor
        silent = torch.arange(spectrogram.shape[1], device=lengths.device) >= lengths[:, None]
        positions = torch.stack(made.positions, dim=1)
        return GPT2TTSGenerateOutput(
            spectrogram=spectrogram.masked_fill(silent[..., None], self.config.silence_level),
            spectrogram_lengths=lengths,
            pitch=pitch,
            voicing=cast(torch.Tensor, voicing).masked_fill(silent, 0.0),
            text_positions=positions,
            stopped=made.stopped,
        )

    def _warn_of_cuts(self, stopped: torch.Tensor):
        if not stopped.all():
            logger.warning(
                "%d of %d rows did not end by themselves and were cut at their frame budget (see `stopped`).",
                int((~stopped).sum()),
                len(stopped),
            )

    def _max_groups(self, generation_config: GenerationConfig | None, kwargs: dict[str, Any]) -> int:
        """The bound on groups of a generation configuration; refuses arguments that mean nothing here."""
        max_new_tokens = kwargs.pop("max_new_tokens", None)
        if max_new_tokens is None and generation_config is not None:
            max_new_tokens = generation_config.max_new_tokens
        unknown = sorted(key for key in kwargs if not hasattr(GenerationConfig(), key))
        if unknown:
            raise ValueError(f"`generate` has no arguments {unknown}.")
        # padding ids come with every pipeline
        unused = sorted(key for key, value in kwargs.items() if value is not None and not key.endswith("_token_id"))
        if unused:
            logger.warning_once(f"GPT2TTS samples no tokens: {unused} have no effect.")
        limit = self.config.max_mel_positions
        return limit if max_new_tokens is None else min(limit, max_new_tokens)

    def _frame_budgets(
        self, attention_mask: torch.Tensor, max_frames: int | None, max_frames_per_token: float
    ) -> torch.Tensor:
        """Budget of each row in groups `(batch_size,)`."""
        if max_frames is not None:
            if max_frames < 1:
                raise ValueError(f"`max_frames` must be positive, got {max_frames}.")
            frames = torch.full_like(attention_mask[:, 0], max_frames, dtype=torch.float32)
        else:
            frames = (attention_mask.sum(1) * max_frames_per_token).clamp(min=MIN_FRAME_BUDGET)
        return (frames / self.config.reduction_factor).ceil().long()

    def _style_latents(
        self,
        batch_size: int,
        style_latents: torch.Tensor | None,
        reference_features: torch.Tensor | None,
        reference_mask: torch.Tensor | None,
        voice: str | list[str] | None,
    ) -> torch.Tensor | None:
        """The voice of each row, `(batch_size, num_style_latents, hidden_size)`; `None`: that of no reference."""
        if style_latents is None and reference_features is not None:
            style_latents = self.get_style_latents(reference_features, reference_mask)
        if style_latents is None and (voice or self.config.default_voice):
            names = voice or self.config.default_voice
            names = [names] if isinstance(names, str) else names
            style_latents = torch.stack([self.get_voice(name) for name in names])
        if style_latents is None:
            return None
        if style_latents.dim() == 2:
            style_latents = style_latents[None]
        if len(style_latents) not in (1, batch_size):
            raise ValueError(f"Got {len(style_latents)} voices for {batch_size} texts: pass one, or one a text.")
        return style_latents.expand(batch_size, -1, -1)


def dropout_mask(
    hidden_states: torch.Tensor, rate: float, generator: torch.Generator | list[torch.Generator] | None
) -> torch.Tensor:
    """Inverted dropout mask for `(B, ...)`, drawn from one generator, or for each row from its own."""
    generators = generator if isinstance(generator, list) else [generator]
    rows = hidden_states.chunk(len(generators))
    drawn = [
        torch.rand(row.shape, generator=g, device=row.device if g is None else g.device)
        for row, g in zip(rows, generators, strict=True)
    ]
    return (torch.cat(drawn) >= rate).to(hidden_states) / max(1 - rate, 1e-6)


def seeded_generator(seed: int, part: int) -> torch.Generator:
    """
    The generator of one part of what is spoken under a seed: unlike `seed + part`, no part of one seed draws as a part of
    another does.

    Raises:
        ValueError, TypeError: If the seed is negative, has more than 64 bits, or is no whole number.
    """
    if isinstance(seed, bool) or not isinstance(seed, numbers.Integral):
        raise TypeError(f"`seed` must be a whole number, got {seed!r}.")
    if not 0 <= seed < 2**64:
        raise ValueError(f"`seed` must be between 0 and 2**64 - 1, got {seed}.")
    # not as a pair: numbers of more than 32 bits take two places, and trailing zeros count for nothing
    state = np.random.SeedSequence(int(seed), spawn_key=(part,)).generate_state(1, np.uint64)[0]
    return torch.Generator().manual_seed(int(state >> np.uint64(1)))


__all__ = [
    "ENGINES",
    "EndOfTextCriteria",
    "FrameBudgetCriteria",
    "GPT2TTSGenerateOutput",
    "GPT2TTSGenerationMixin",
    "GPT2TTSSpeechRequest",
    "dropout_mask",
    "seeded_generator",
]
