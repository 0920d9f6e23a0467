"""Generation of speech: the autoregressive loop over mel groups and when it stops."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

import torch
import torch.nn.functional as F
from transformers import GenerationConfig
from transformers.generation import BaseStreamer, GenerationMixin, StoppingCriteria, StoppingCriteriaList
from transformers.utils import ModelOutput, logging

from .alignment_gpt2tts import count_misread_tokens
from .postfilter_gpt2tts import GPT2TTSPostfilter

logger = logging.get_logger(__name__)

# A text of a few letters may need more than its share of frames (breath, a drawn-out vowel).
MIN_FRAME_BUDGET = 160

# Attention that jumps by this much of the text has skipped a word or says one again.
MISREAD_TOKENS = 6


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
        stop_probabilities (`torch.Tensor` of shape `(batch_size, num_groups)`):
            Probability of each group being the last, zero after each row's length.
        stopped (`torch.BoolTensor` of shape `(batch_size,)`):
            Whether the row ended by itself; where not, it ran into its frame budget.
        alignments (`torch.Tensor` of shape `(batch_size, num_heads, num_groups, num_tokens)`, *optional*, returned when `output_alignments=True`):
            Attention of the aligned heads to the text, zero after each row's length.
    """

    waveform: torch.Tensor | None = None
    waveform_lengths: torch.Tensor | None = None
    spectrogram: torch.Tensor | None = None
    spectrogram_lengths: torch.Tensor | None = None
    stop_probabilities: torch.Tensor | None = None
    stopped: torch.Tensor | None = None
    alignments: torch.Tensor | None = None


class StopProbabilityCriteria(StoppingCriteria):
    """
    Ends a row at the first group whose stop probability reaches the threshold.

    Expects `scores` to be the stop probabilities of the group just generated, `(batch_size,)`.

    Args:
        threshold (`float`): Probability from which a row ends.
    """

    def __init__(self, threshold: float):
        self.threshold = threshold

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor, **kwargs: Any) -> torch.Tensor:
        """Rows that end with the group just generated, `(batch_size,)`."""
        return scores >= self.threshold


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
class _Utterances:
    """
    What the loop has made so far of a batch.

    Args:
        lengths (`torch.LongTensor` of shape `(batch_size,)`): Groups of each row.
        stopped (`torch.BoolTensor` of shape `(batch_size,)`): Rows that have ended by themselves.
        running (`torch.BoolTensor` of shape `(batch_size,)`): Rows that go on.
        groups (`list[torch.Tensor]` of shapes `(batch_size, 1, reduction_factor * n_mels)`): Normalised groups.
        stop_probabilities (`list[torch.Tensor]` of shapes `(batch_size,)`): Probability of each being the last.
        aligned_states (`list[torch.Tensor]` of shapes `(num_layers, batch_size, 1, hidden_size)`):
            Inputs of the aligned layers.
        alignments (`torch.Tensor` of shape `(batch_size, num_heads, num_groups, num_tokens)`, *optional*):
            Attention to the text, once all is said.
    """

    lengths: torch.Tensor
    stopped: torch.Tensor
    running: torch.Tensor
    groups: list[torch.Tensor] = field(default_factory=list)
    stop_probabilities: list[torch.Tensor] = field(default_factory=list)
    aligned_states: list[torch.Tensor] = field(default_factory=list)
    alignments: torch.Tensor | None = None

    @classmethod
    def of(cls, input_ids: torch.Tensor) -> "_Utterances":
        """Nothing yet of texts `(batch_size, num_tokens)`."""
        stopped = torch.zeros(len(input_ids), dtype=torch.bool, device=input_ids.device)
        return cls(lengths=stopped.long(), stopped=stopped, running=~stopped)


def _peek(generator: torch.Generator) -> int:
    """A number that depends on the state of `generator` and leaves it as it is."""
    return int(torch.randint(2**62, (), generator=generator.clone_state(), device=generator.device))


class GPT2TTSGenerationMixin(GenerationMixin):
    """`generate` for a model that predicts continuous mel groups rather than tokens."""

    # provided by the class that this is mixed into
    config: Any
    model: Any
    postnet: Any
    predict: Any
    draw_codes: Any
    ungroup_frames: Any
    get_vocoder: Any

    @property
    def postfilter(self) -> GPT2TTSPostfilter:
        """What `generate` and `stream` filter their frames by; the configuration has its settings."""
        return GPT2TTSPostfilter(self.config.postfilter_smoothing, self.config.postfilter_sharpness)

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
        max_frames: int | None = None,
        stop_threshold: float | None = None,
        prenet_dropout: float | None = None,
        temperature: float | None = None,
        seed: int | None = None,
        generator: torch.Generator | list[torch.Generator] | None = None,
        max_attempts: int | None = None,
        stopping_criteria: StoppingCriteriaList | None = None,
        streamer: BaseStreamer | None = None,
        vocoder: str | torch.nn.Module | None = None,
        output_waveform: bool | None = None,
        output_alignments: bool = False,
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
            max_frames (`int`, *optional*):
                Frame budget of every row. By default `config.max_frames_per_token` for each of its tokens. Speech that
                uses it up is cut, and `stopped` says so.
            stop_threshold (`float`, *optional*):
                Stop probability that ends a row. Defaults to `config.stop_threshold`.
            prenet_dropout (`float`, *optional*):
                Dropout of the prenet. Defaults to `config.prenet_dropout`.
            temperature (`float`, *optional*):
                How lively the drawing of codes is; 0 takes the likeliest. Defaults to `config.code_temperature`. It and
                the dropout are what varies from seed to seed.
            seed (`int`, *optional*):
                Makes the result repeatable: row `i` draws from a generator seeded `seed + i`, so that it does not
                depend on the batch.
            generator (`torch.Generator` or `list[torch.Generator]`, *optional*):
                Source of what is drawn in place of `seed`: one, or one a row.
            max_attempts (`int`, *optional*):
                How often a row is spoken at most, with other draws, if its attention jumps in the text or it does not
                end by itself; the best attempt is returned. Defaults to `config.max_attempts`. With a `streamer` or
                `stopping_criteria`, and where the model has no aligned heads, there is one.
            stopping_criteria (`StoppingCriteriaList`, *optional*):
                Further criteria. They are called with `input_ids` of shape `(batch_size, groups so far)` and, as
                `scores`, the stop probabilities of the last group `(batch_size,)`.
            streamer (`BaseStreamer`, *optional*):
                Its `put` is called with log-mel frames `(1, num_frames, n_mels)` as soon as a group is made, and its
                `end` after the last. For one text at a time. [`stream`] is the same as an iterator, and the vocoder's
                `stream` makes sound of the frames.
            vocoder (`str` or `torch.nn.Module`, *optional*):
                Vocoder or reference of one (see [`load_vocoder`]). Defaults to `config.vocoder`.
            output_waveform (`bool`, *optional*):
                Whether to make the waveform. By default, where there is a vocoder.
            output_alignments (`bool`, *optional*, defaults to `False`):
                Whether to return the attention to the text.
            return_dict_in_generate (`bool`, *optional*, defaults to `True`):
                Whether to return a [`GPT2TTSGenerateOutput`]; otherwise the waveform, or without a vocoder the
                spectrogram, alone.
            generation_config (`GenerationConfig`, *optional*):
                Its `max_new_tokens` bounds the number of mel groups. Nothing else in it applies: there is no
                vocabulary to sample from.

        Raises:
            ValueError: If the text is longer than the context, or an argument has the wrong shape.
        """
        prepared = self._prepare(
            input_ids,
            attention_mask,
            voices=(style_latents, reference_features, reference_mask, voice),
            max_frames=max_frames,
            stop_threshold=stop_threshold,
            prenet_dropout=prenet_dropout,
            temperature=temperature,
            seed=seed,
            generator=generator,
            stopping_criteria=stopping_criteria,
            output_alignments=output_alignments,
            max_groups=self._max_groups(generation_config, kwargs),
        )
        if streamer is not None and len(prepared["input_ids"]) != 1:
            raise ValueError(f"`streamer` takes one text at a time, got {len(prepared['input_ids'])}.")
        if streamer is None:
            result = self._speak_attempts(prepared, self.config.max_attempts if max_attempts is None else max_attempts)
        else:
            made = _Utterances.of(prepared["input_ids"])
            for frames in self._filtered(self._speak(made, **prepared)):
                streamer.put(frames)
            streamer.end()
            result = self._collect(made)
        self._warn_of_cuts(cast(torch.Tensor, result.stopped))
        if not output_alignments:
            result.alignments = None

        if output_waveform is None:
            output_waveform = vocoder is not None or self.config.vocoder is not None
        if output_waveform:
            module = vocoder if isinstance(vocoder, torch.nn.Module) else self.get_vocoder(vocoder)
            spectrogram = cast(torch.Tensor, result.spectrogram)
            result.waveform = module.to(spectrogram.device)(spectrogram, result.spectrogram_lengths)
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
        max_frames: int | None = None,
        stop_threshold: float | None = None,
        prenet_dropout: float | None = None,
        temperature: float | None = None,
        seed: int | None = None,
        generator: torch.Generator | None = None,
        stopping_criteria: StoppingCriteriaList | None = None,
    ) -> Iterator[torch.Tensor]:
        """
        Speaks one text and yields its mel as it is made. For the arguments see [`generate`].

        Yields:
            `torch.Tensor` of shape `(1, num_frames, n_mels)`: the next log-mel frames. Joined they are the
            `spectrogram` of the first attempt of [`generate`].

        Raises:
            ValueError: As [`generate`], and for more than one text; when the first frames are asked for.
        """
        prepared = self._prepare(
            input_ids,
            attention_mask,
            voices=(style_latents, reference_features, reference_mask, voice),
            max_frames=max_frames,
            stop_threshold=stop_threshold,
            prenet_dropout=prenet_dropout,
            temperature=temperature,
            seed=seed,
            generator=generator,
            stopping_criteria=stopping_criteria,
            output_alignments=False,
            max_groups=self.config.max_mel_positions,
        )
        if len(input_ids) != 1:
            raise ValueError(f"`stream` takes one text at a time, got {len(input_ids)}.")
        made = _Utterances.of(prepared["input_ids"])
        yield from self._filtered(self._speak(made, **prepared))
        self._warn_of_cuts(made.stopped)

    def _filtered(self, groups: Iterator[torch.Tensor]) -> Iterator[torch.Tensor]:
        """Normalised groups of one utterance, as they are made, to log-mel frames `(1, num_frames, n_mels)`."""
        return self.postfilter.stream(map(self.ungroup_frames, groups))

    def _prepare(
        self,
        input_ids: torch.Tensor | None,
        attention_mask: torch.Tensor | None,
        *,
        voices: tuple,
        max_frames: int | None,
        stop_threshold: float | None,
        prenet_dropout: float | None,
        temperature: float | None,
        seed: int | None,
        generator: torch.Generator | list[torch.Generator] | None,
        stopping_criteria: StoppingCriteriaList | None,
        output_alignments: bool,
        max_groups: int,
    ) -> dict[str, Any]:
        """Checks the arguments of `generate` and makes of them those of `_speak`."""
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
            generator = [torch.Generator().manual_seed(seed + row) for row in range(batch_size)]
        if temperature is not None and temperature < 0:
            raise ValueError(f"`temperature` must not be negative, got {temperature}.")
        if output_alignments:
            self.model.require_aligned_heads()
        stop = StopProbabilityCriteria(config.stop_threshold if stop_threshold is None else stop_threshold)
        return {
            "input_ids": input_ids,
            "criteria": StoppingCriteriaList([stop, *(stopping_criteria or [])]),
            "budgets": self._frame_budgets(attention_mask, max_frames).clamp(max=max_groups),
            "attention_mask": attention_mask,
            "style_latents": self._style_latents(batch_size, *voices),
            "prenet_dropout": prenet_dropout,
            "temperature": temperature,
            "generator": generator,
            "output_alignments": output_alignments,
        }

    def _speak(
        self,
        made: _Utterances,
        input_ids: torch.Tensor,
        criteria: StoppingCriteriaList,
        budgets: torch.Tensor,
        temperature: float | None,
        output_alignments: bool,
        **common: Any,
    ) -> Iterator[torch.Tensor]:
        """The loop: adds to `made`, and yields each group `(batch_size, 1, reduction_factor * n_mels)`."""
        budget = FrameBudgetCriteria(budgets)
        common["output_hidden_states"] = output_alignments
        outputs = self.model(input_ids=input_ids, use_cache=True, **common)
        predicted = None  # the last groups before the postnet, as many as it looks back on
        while True:
            codes = self.draw_codes(outputs.last_hidden_state, temperature, common["generator"])
            group, stop_logits = self.predict(outputs.last_hidden_state, codes)
            predicted = group if predicted is None else torch.cat([predicted, group], dim=1)
            predicted = predicted[:, -self.postnet.context_groups - 1 :]
            group = self.postnet(predicted)[:, -1:]
            made.groups.append(group)
            made.stop_probabilities.append(stop_logits[:, 0].float().sigmoid())
            if output_alignments:
                made.aligned_states.append(
                    torch.stack([outputs.hidden_states[layer][:, -1:] for layer in self.config.aligned_layers])
                )
            made.lengths += made.running
            # the criteria count groups by the width of `input_ids`; continuous frames have no ids
            so_far = input_ids.new_zeros(len(input_ids), len(made.groups))
            ended = criteria(so_far, made.stop_probabilities[-1])
            made.stopped |= made.running & ended
            made.running &= ~(ended | budget(so_far, made.stop_probabilities[-1]))
            yield group
            if not made.running.any():
                break
            outputs = self.model(mel_groups=group, cache=outputs.cache, use_cache=True, **common)
        if output_alignments:  # all at once: group by group they would cost a tenth of the time
            num_latents, num_groups = common["style_latents"].shape[1], len(made.groups)
            mask = F.pad(common["attention_mask"].bool(), (num_latents, num_groups), value=True)
            text = slice(num_latents, num_latents + input_ids.shape[1])
            states = torch.cat(made.aligned_states, dim=2)
            made.alignments = self.model.align(states, outputs.cache, mask, num_groups, text)

    def _speak_attempts(self, prepared: dict[str, Any], max_attempts: int) -> GPT2TTSGenerateOutput:
        """Whole utterances, of which those that were misread are spoken again."""
        if max_attempts < 1:
            raise ValueError(f"`max_attempts` must be at least 1, got {max_attempts}.")
        # criteria of the caller may know the rows by their place in the batch
        if max_attempts == 1 or not self.model.has_aligned_heads or len(prepared["criteria"]) > 1:
            return self._speak_whole(prepared)
        prepared = {**prepared, "output_alignments": True}
        # one seed a row for all its further attempts, whatever the rest of the batch draws
        generators = prepared["generator"]
        seeds = [_peek(row) for row in generators] if isinstance(generators, list) else None
        result = self._speak_whole(prepared)
        misread = self._misread_tokens(result, prepared["attention_mask"])
        for attempt in range(1, max_attempts):
            rows = (misread >= MISREAD_TOKENS).nonzero()[:, 0]
            if len(rows) == 0:
                break
            by_row = ("input_ids", "attention_mask", "style_latents", "budgets")
            chosen = {**prepared, **{name: prepared[name][rows] for name in by_row}}
            if seeds is not None:
                chosen["generator"] = [torch.Generator().manual_seed(seeds[row] + attempt) for row in rows.tolist()]
            again = self._speak_whole(chosen)
            misread_again = self._misread_tokens(again, chosen["attention_mask"])
            better = misread_again < misread[rows]
            misread[rows[better]] = misread_again[better]
            result = self._replace_rows(result, rows[better], again, better)
        return result

    def _speak_whole(self, prepared: dict[str, Any]) -> GPT2TTSGenerateOutput:
        """Whole utterances of one attempt."""
        made = _Utterances.of(prepared["input_ids"])
        for _ in self._speak(made, **prepared):  # filtered when all are there
            pass
        return self._collect(made)

    def _misread_tokens(self, result: GPT2TTSGenerateOutput, attention_mask: torch.Tensor) -> torch.Tensor:
        """How badly each row was read, `(batch_size,)`: worst of all if it did not end by itself."""
        lengths = result.spectrogram_lengths // self.config.reduction_factor
        misread = count_misread_tokens(cast(torch.Tensor, result.alignments), lengths, attention_mask)
        return misread.masked_fill(~cast(torch.Tensor, result.stopped), float("inf"))

    def _replace_rows(
        self, result: GPT2TTSGenerateOutput, rows: torch.Tensor, again: GPT2TTSGenerateOutput, chosen: torch.Tensor
    ) -> GPT2TTSGenerateOutput:
        """`result` with the `chosen` rows of `again` at `rows`, as long as its longest row."""

        def put(name: str, dim: int = 0, size: int = 0, padding: float = 0.0) -> torch.Tensor:
            values, new_values = (cast(torch.Tensor, output[name]) for output in (result, again))
            if dim:  # cut where the padding is negative
                values, new_values = (
                    F.pad(each, (0, 0) * (-1 - dim) + (0, size - each.shape[dim]), value=padding)
                    for each in (values, new_values)
                )
            return values.index_put((rows,), new_values[chosen])

        lengths = put("spectrogram_lengths")
        num_frames = int(lengths.max())
        num_groups = num_frames // self.config.reduction_factor
        return GPT2TTSGenerateOutput(
            spectrogram=put("spectrogram", -2, num_frames, self.config.silence_level),
            spectrogram_lengths=lengths,
            stop_probabilities=put("stop_probabilities", -1, num_groups),
            stopped=put("stopped"),
            alignments=put("alignments", -2, num_groups),
        )

    def _warn_of_cuts(self, stopped: torch.Tensor):
        if not stopped.all():
            logger.warning(
                "%d of %d rows did not end by themselves and were cut at their frame budget (see `stopped`).",
                int((~stopped).sum()),
                len(stopped),
            )

    def _collect(self, made: _Utterances) -> GPT2TTSGenerateOutput:
        """The whole utterances, with nothing after each row's end."""
        config = self.config
        group_mask = torch.arange(len(made.groups), device=made.lengths.device) < made.lengths[:, None]
        frame_mask = group_mask.repeat_interleave(config.reduction_factor, dim=1)
        lengths = made.lengths * config.reduction_factor
        spectrogram = self.postfilter(self.ungroup_frames(torch.cat(made.groups, dim=1)), lengths)
        result = GPT2TTSGenerateOutput(
            spectrogram=spectrogram.masked_fill(~frame_mask[..., None], config.silence_level),
            spectrogram_lengths=lengths,
            stop_probabilities=torch.stack(made.stop_probabilities, dim=1) * group_mask,
            stopped=made.stopped,
        )
        if made.alignments is not None:
            result.alignments = made.alignments * group_mask[:, None, :, None]
        return result

    def _max_groups(self, generation_config: GenerationConfig | None, kwargs: dict[str, Any]) -> int:
        """The bound on mel groups of a generation configuration; refuses arguments that mean nothing here."""
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

    def _frame_budgets(self, attention_mask: torch.Tensor, max_frames: int | None) -> torch.Tensor:
        """Budget of each row in groups `(batch_size,)`."""
        if max_frames is not None:
            if max_frames < 1:
                raise ValueError(f"`max_frames` must be positive, got {max_frames}.")
            frames = torch.full_like(attention_mask[:, 0], max_frames, dtype=torch.float32)
        else:
            frames = (attention_mask.sum(1) * self.config.max_frames_per_token).clamp(min=MIN_FRAME_BUDGET)
        return (frames / self.config.reduction_factor).ceil().long()

    def _style_latents(
        self,
        batch_size: int,
        style_latents: torch.Tensor | None,
        reference_features: torch.Tensor | None,
        reference_mask: torch.Tensor | None,
        voice: str | list[str] | None,
    ) -> torch.Tensor:
        """The voice of each row, `(batch_size, num_style_latents, hidden_size)`."""
        if style_latents is None and reference_features is not None:
            style_latents = self.get_style_latents(reference_features, reference_mask)
        if style_latents is None and (voice or self.config.default_voice):
            names = voice or self.config.default_voice
            names = [names] if isinstance(names, str) else names
            style_latents = torch.stack([self.get_voice(name) for name in names])
        if style_latents is None:
            style_latents = self.model.null_style_latents[None]
        if style_latents.dim() == 2:
            style_latents = style_latents[None]
        if len(style_latents) not in (1, batch_size):
            raise ValueError(f"Got {len(style_latents)} voices for {batch_size} texts: pass one, or one a text.")
        return style_latents.to(self.device, self.dtype).expand(batch_size, -1, -1)


__all__ = ["FrameBudgetCriteria", "GPT2TTSGenerateOutput", "GPT2TTSGenerationMixin", "StopProbabilityCriteria"]
