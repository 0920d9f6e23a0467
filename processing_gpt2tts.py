"""Text and audio to model inputs, and generated waveforms to audio files."""

import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import AddedToken, Tokenizer, normalizers, processors
from transformers import BatchEncoding, BatchFeature, GPT2Tokenizer, PreTrainedTokenizerFast
from transformers.convert_slow_tokenizer import bytes_to_unicode
from transformers.processing_utils import AudioKwargs, ProcessingKwargs, ProcessorMixin, Unpack

from .audio import AudioWriter, file_format
from .configuration_gpt2tts import GPT2_REPOSITORY
from .feature_extraction_gpt2tts import GPT2TTSFeatureExtractor, Waveform
from .files import split_revision
from .phonemes_gpt2tts import PHONEMES
from .text_processing_gpt2tts import GPT2TTSTextMixin, phoneme_token, write_segments

logger = logging.getLogger(__name__)


def _build_tokenizer(backend: Tokenizer, eos_token: str, **special_tokens: str) -> PreTrainedTokenizerFast:
    backend.add_tokens([AddedToken(phoneme_token(symbol), normalized=False) for symbol in PHONEMES])
    bos_token = special_tokens["bos_token"]
    backend.post_processor = processors.TemplateProcessing(
        single=f"{bos_token} $A {eos_token}",
        special_tokens=[(token, backend.token_to_id(token)) for token in dict.fromkeys((bos_token, eos_token))],
    )
    # `GPT2Tokenizer.from_pretrained` rebuilds the backend from vocabulary and merges and forgets the normalizer; its
    # base class loads the whole `tokenizer.json`
    return PreTrainedTokenizerFast(
        tokenizer_object=backend,
        eos_token=eos_token,
        model_input_names=["input_ids", "attention_mask"],
        # "</s>" in a user's text is text
        split_special_tokens=True,
        **special_tokens,
    )


def build_byte_tokenizer() -> PreTrainedTokenizerFast:
    r"""
    The GPT-2 tokenizer without merges: `<s>`, one token per UTF-8 byte of the lower-cased text or per phoneme (see
    [`phoneme_token`]), and `</s>`. It needs no file, and the whole of it is saved in `tokenizer.json`.

    Returns:
        [`PreTrainedTokenizerFast`]: `<pad>` (0), `<s>` (1), `</s>` (2), `<unk>` (3), byte `b` at `4 + b`, then the
        phonemes.
    """
    special_tokens = {"pad_token": "<pad>", "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}
    byte_tokens = [token for _, token in sorted(bytes_to_unicode().items())]
    vocabulary = {token: index for index, token in enumerate([*special_tokens.values(), *byte_tokens])}
    backend = GPT2Tokenizer(vocab=vocabulary, merges=[], **special_tokens).backend_tokenizer
    backend.normalizer = normalizers.Lowercase()
    return _build_tokenizer(backend, **special_tokens)


def build_bpe_tokenizer(
    vocab_file: str | os.PathLike | None = None, merges_file: str | os.PathLike | None = None, **hub_kwargs
) -> PreTrainedTokenizerFast:
    r"""
    The standard GPT-2 tokenizer (50,257 entries) with the phonemes added, which here begins and ends every text with one
    `<|endoftext|>` and pads with the same token (the attention mask tells them apart).

    Args:
        vocab_file (`str` or `os.PathLike`, *optional*):
            GPT-2's `vocab.json`.
        merges_file (`str` or `os.PathLike`, *optional*):
            GPT-2's `merges.txt`. Without both files the tokenizer is loaded from the Hub (`openai-community/gpt2` at a
            commit).
        hub_kwargs:
            Passed to `from_pretrained` when loading from the Hub (`revision`, `cache_dir`, ...).
    """
    if vocab_file is None and merges_file is None:
        source, revision = split_revision(GPT2_REPOSITORY)
        tokenizer = GPT2Tokenizer.from_pretrained(source, **{**revision, **hub_kwargs})
    elif vocab_file is None or merges_file is None:
        raise ValueError("Pass `vocab_file` and `merges_file` together, or neither to load them from the Hub.")
    else:
        for name, file in (("vocab_file", vocab_file), ("merges_file", merges_file)):
            if not os.path.isfile(file):
                raise FileNotFoundError(f"`{name}`: there is no file {os.fspath(file)!r}.")
        tokenizer = GPT2Tokenizer(vocab=os.fspath(vocab_file), merges=os.fspath(merges_file))
    token = "<|endoftext|>"
    return _build_tokenizer(
        tokenizer.backend_tokenizer, eos_token=token, bos_token=token, unk_token=token, pad_token=token
    )


class GPT2TTSAudioKwargs(AudioKwargs, total=False):  # type: ignore[call-arg]
    """
    trim (`bool`, *optional*):
        Whether to cut the silence at both ends of the clips.
    """

    trim: bool


class GPT2TTSProcessorKwargs(ProcessingKwargs, total=False):  # type: ignore[call-arg]
    audio_kwargs: GPT2TTSAudioKwargs
    _defaults = {  # noqa: RUF012 (read by transformers as a plain dictionary)
        "text_kwargs": {"padding": True},
        "audio_kwargs": {"padding": True},
    }


class GPT2TTSProcessor(GPT2TTSTextMixin, ProcessorMixin):
    r"""
    Prepares text, reference clips and training targets for [`GPT2TTSForTextToSpeech`], and turns its output into
    waveforms and audio files.

    Args:
        feature_extractor ([`GPT2TTSFeatureExtractor`]):
            Waveform to log-mel spectrogram.
        tokenizer ([`PreTrainedTokenizerFast`]):
            Made by [`build_byte_tokenizer`] or [`build_bpe_tokenizer`].
        normalize (`bool`, *optional*, defaults to `True`):
            Whether text is normalised as English (numbers, abbreviations and so on spelt out) before it is tokenised.
        phonemes (`bool`, *optional*, defaults to `True`):
            Whether words are read as phonemes. Where no package for it is installed they are read as letters, with a
            warning.
        british (`bool`, *optional*, defaults to `False`):
            Whether they are British phonemes rather than American ones.
        lexicon (`dict[str, str]`, *optional*):
            Pronunciations of words, which go before those of the package; see [`EnglishPhonemizer`].
        max_text_tokens (`int`, *optional*, defaults to 400):
            Longest text in tokens, those of its beginning and end included: the model's `max_text_positions`. `None` checks nothing.
        max_chunk_tokens (`int`, *optional*):
            Longest chunk that `split_text` makes, as letters and as phonemes: a model reads texts near the longest it was trained on less
            surely. Defaults to `max_text_tokens`.
    """

    valid_processor_kwargs = GPT2TTSProcessorKwargs
    # `save_pretrained` writes this file and its entry in `auto_map` beside the configuration
    _auto_class = "AutoProcessor"

    def __init__(
        self,
        feature_extractor,
        tokenizer,
        normalize: bool = True,
        phonemes: bool = True,
        british: bool = False,
        lexicon: Mapping[str, str] | None = None,
        max_text_tokens: int | None = 400,
        max_chunk_tokens: int | None = None,
    ):
        self.normalize = normalize
        self.phonemes = phonemes
        self.british = british
        self.lexicon = dict(lexicon or {})
        self.max_text_tokens = max_text_tokens
        self.max_chunk_tokens = max_chunk_tokens
        super().__init__(feature_extractor, tokenizer)

    @classmethod
    def from_pretrained(cls, pretrained_model_name_or_path: str | os.PathLike, **kwargs):
        """
        Loads a processor, as [`~transformers.ProcessorMixin`] does; a Hub id may pin its revision, `ID@REVISION`.

        Raises:
            FileNotFoundError: If a folder lacks one of the processor's files; names it.
        """
        source, revision = split_revision(pretrained_model_name_or_path)
        folder = Path(source, kwargs.get("subfolder") or "")
        has_settings = any((folder / name).is_file() for name in ("processor_config.json", "preprocessor_config.json"))
        missing = ["processor_config.json"] * (not has_settings)
        missing += ["tokenizer.json"] * (not (folder / "tokenizer.json").is_file())
        if missing and folder.is_dir():
            raise FileNotFoundError(
                f"The folder {str(folder)!r} lacks {' and '.join(missing)} of its processor: copy or download it again, or "
                "save the processor there with `save_pretrained`."
            )
        return super().from_pretrained(source, **{**kwargs, **revision})

    @classmethod
    def _get_arguments_from_pretrained(cls, pretrained_model_name_or_path, processor_dict=None, **kwargs):
        # The parts are of known classes. The auto classes, which transformers uses here, would ask whether to trust the
        # folder's code, as they do not know this package's classes before they are registered.
        return [
            GPT2TTSFeatureExtractor.from_pretrained(pretrained_model_name_or_path, **kwargs),
            PreTrainedTokenizerFast.from_pretrained(pretrained_model_name_or_path, **kwargs),
        ]

    @property
    def model_input_names(self) -> list[str]:
        """Names of the tensors [`~GPT2TTSProcessor.__call__`] may return."""
        return [
            "input_ids",
            "attention_mask",
            "reference_features",
            "reference_mask",
            "labels",
            "labels_mask",
        ]

    def __call__(
        self,
        text: str | list[str] | None = None,
        audio: Waveform | list[Waveform] | None = None,
        audio_target: Waveform | list[Waveform] | None = None,
        *,
        sampling_rate: int | None = None,
        normalize: bool | None = None,
        phonemes: bool | None = None,
        british: bool | None = None,
        return_tensors: str | None = "pt",
        **kwargs: Unpack[GPT2TTSProcessorKwargs],
    ) -> BatchFeature:
        r"""
        Args:
            text (`str` or `list[str]`, *optional*):
                The text(s) to speak.
            audio (`np.ndarray`, `torch.Tensor`, or a list of them, *optional*):
                The reference clip(s), whose voice speaks: one per text, or one for all of them. The rows of a 2-D array
                are clips. Their silence at both ends is cut unless `trim=False`.
            audio_target (`np.ndarray`, `torch.Tensor`, or a list of them, *optional*):
                The recording(s) of the text(s), in training. Trimmed only with `trim=True`.
            sampling_rate (`int`, *optional*):
                Sampling rate of `audio` and `audio_target` in Hz. Without it they are taken to have the feature
                extractor's.
            normalize (`bool`, *optional*):
                Whether to normalise the text. Defaults to `self.normalize`.
            phonemes, british (`bool`, *optional*):
                Whether to read phonemes, and British ones. Default to `self.phonemes` and `self.british`.
            return_tensors (`str`, *optional*, defaults to `"pt"`):
                `"pt"`, `"np"`, or `None` for lists: of numbers for tokens and masks, of arrays for spectrograms.
            kwargs:
                Further options of the tokenizer (`text_kwargs`) and the feature extractor (`audio_kwargs`, for instance
                `{"max_length": 400}` to crop the clips to 400 frames).

        Returns:
            [`BatchFeature`] with, each where its input was given, `input_ids` and `attention_mask`
            `(batch_size, text_length)`, `reference_features` `(batch_size, num_frames, n_mels)` and `reference_mask`
            `(batch_size, num_frames)`, `labels` `(batch_size, num_target_frames, n_mels)` and `labels_mask`
            `(batch_size, num_target_frames)`. Masks are 1 for real positions; padding is on the right.

        Raises:
            `ValueError`: for text with nothing to speak or of more than `max_text_tokens` tokens, for unusable audio
            (see [`GPT2TTSFeatureExtractor.__call__`]) and for inputs of different batch sizes.
        """
        if text is None and audio is None and audio_target is None:
            raise ValueError("Pass at least one of `text`, `audio` and `audio_target`.")
        if return_tensors not in ("pt", "np", None):
            raise ValueError(f"`return_tensors` must be 'pt', 'np' or `None`, got {return_tensors!r}.")
        merged = self._merge_kwargs(
            self.valid_processor_kwargs, tokenizer_init_kwargs=self.tokenizer.init_kwargs, **kwargs
        )

        data = {}
        if text is not None:
            written = self.write_texts(text, normalize=normalize, phonemes=phonemes, british=british)
            encoded = self._tokenize(written, **{**merged["text_kwargs"], "return_tensors": "pt"})
            self.check_num_tokens(encoded["attention_mask"].sum(-1).tolist(), isinstance(text, (list, tuple)))
            data.update(encoded)
        for clips, is_reference, names in (
            (audio, True, ("reference_features", "reference_mask")),
            (audio_target, False, ("labels", "labels_mask")),
        ):
            if clips is None:
                continue
            audio_kwargs = {
                "trim": is_reference,
                "is_reference": is_reference,
                **merged["audio_kwargs"],
                "return_tensors": "pt",
                "return_attention_mask": True,
            }
            if sampling_rate is not None:
                audio_kwargs["sampling_rate"] = sampling_rate
            features = self.feature_extractor(clips, **audio_kwargs)
            data.update(zip(names, (features["input_features"], features["attention_mask"]), strict=True))

        batch_sizes = {name: len(data[name]) for name in ("input_ids", "reference_features", "labels") if name in data}
        batch_size = max(batch_sizes.values())
        if batch_sizes.get("reference_features") == 1 and batch_size > 1:
            for name in ("reference_features", "reference_mask"):
                data[name] = data[name].expand(batch_size, *data[name].shape[1:]).contiguous()
            batch_sizes.pop("reference_features")
        if len(set(batch_sizes.values())) > 1:
            raise ValueError(
                f"The batch sizes differ: {batch_sizes}. Pass one target per text, and one reference clip per text or "
                "one for all (several clips as a list)."
            )
        if return_tensors == "np":
            return BatchFeature({name: value.numpy() for name, value in data.items()})
        if return_tensors is None:
            return BatchFeature({name: v.tolist() if v.ndim == 2 else list(v.numpy()) for name, v in data.items()})
        return BatchFeature(data)

    def _tokenize(self, texts: list[str], **options: Any) -> BatchEncoding:
        """`input_ids` and `attention_mask` of written texts; `options` are those of a call of the tokenizer."""
        # A tokenizer that pads as it encodes sets that in its backend, which all threads share.
        padding: dict[str, Any] = {
            name: options.pop(name)
            for name in ("padding", "pad_to_multiple_of", "padding_side", "return_tensors")
            if name in options
        }
        if padding.get("padding") == "max_length":
            padding["max_length"] = options.get("max_length")
        encoded = self.tokenizer(texts, **options)
        return self.tokenizer.pad({name: encoded[name] for name in ("input_ids", "attention_mask")}, **padding)

    def encode(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """See [`~GPT2TTSTextMixin.encode`]."""
        encoded = self.tokenizer(text, return_offsets_mapping=True)
        return encoded["input_ids"], encoded["offset_mapping"]

    def decode(self, output, lengths: torch.Tensor | list[int] | None = None) -> list[np.ndarray]:
        r"""
        Cuts generated waveforms to their lengths.

        Args:
            output ([`GPT2TTSGenerateOutput`], `torch.Tensor` or `np.ndarray`):
                What `generate` returned (with a vocoder), or waveforms `(batch_size, num_samples)` or `(num_samples,)`.
            lengths (`torch.Tensor` or `list[int]` of shape `(batch_size,)`, *optional*):
                Length of each row in samples. Defaults to the output's `waveform_lengths`; without any, rows are whole.

        Returns:
            `list[np.ndarray]`: float32 waveforms `(num_samples,)`, one per row.
        """
        if isinstance(output, (torch.Tensor, np.ndarray)):
            waveform = output
        else:
            waveform = getattr(output, "waveform", None)
            lengths = getattr(output, "waveform_lengths", None) if lengths is None else lengths
            if waveform is None:
                raise ValueError(
                    "`output` holds no waveform: generate with a vocoder (`output_waveform=True`), or turn its "
                    "`spectrogram` into one with a vocoder and pass that and its `lengths`."
                )
        waveform = torch.as_tensor(waveform).detach()
        if not waveform.is_floating_point():
            raise ValueError(
                f"`output` has integers ({waveform.dtype}), and a waveform of floats is expected: `batch_decode` makes text "
                "of token ids."
            )
        waveform = waveform.float().cpu()
        waveform = waveform[None] if waveform.ndim == 1 else waveform
        if waveform.ndim != 2:
            raise ValueError(
                f"`output` has shape {tuple(waveform.shape)}, and `(batch_size, num_samples)` is expected."
            )
        lengths = [waveform.shape[1]] * len(waveform) if lengths is None else [int(length) for length in lengths]
        if len(lengths) != len(waveform) or not all(0 <= length <= waveform.shape[1] for length in lengths):
            raise ValueError(
                f"`lengths` must hold {len(waveform)} values of at most {waveform.shape[1]}, got {lengths}."
            )
        return [row[:length].numpy() for row, length in zip(waveform, lengths, strict=True)]

    def batch_decode(self, output, *args: Any, **kwargs: Any) -> list:
        """[`~GPT2TTSProcessor.decode`] of what `generate` returned or of waveforms; of token ids the texts of the tokenizer."""
        is_array = isinstance(output, (torch.Tensor, np.ndarray))
        if hasattr(output, "waveform") or (is_array and torch.as_tensor(output).is_floating_point()):
            return self.decode(output, *args, **kwargs)
        return self.tokenizer.batch_decode(output, *args, **kwargs)

    def save_audio(
        self,
        audio: np.ndarray | torch.Tensor,
        path: str | os.PathLike,
        sampling_rate: int | None = None,
    ) -> None:
        r"""
        Writes a waveform to an audio file (needs the package `soundfile`). Samples beyond [-1, 1] are clipped, with a
        warning.

        Args:
            audio (`np.ndarray` or `torch.Tensor` of shape `(num_samples,)`):
                The waveform; a batch of one is accepted.
            path (`str` or `os.PathLike`):
                The file; its extension chooses the format: `.wav` and `.flac` (16 bits), `.ogg` (Vorbis), `.opus`, `.mp3`.
            sampling_rate (`int`, *optional*):
                Sampling rate of `audio` in Hz. Defaults to the feature extractor's.
        """
        path = Path(path)
        file_format(path)  # refuses what is none
        if not path.absolute().parent.is_dir():
            raise FileNotFoundError(f"`path`: the folder {str(path.parent)!r} does not exist. Create it first.")
        if isinstance(audio, tuple):  # what `Synthesizer.speak` returns
            raise TypeError("`audio` is a tuple: pass the waveform alone, and its rate as `sampling_rate`.")
        rows = self.decode(audio) if isinstance(audio, torch.Tensor) else self.decode(np.asarray(audio))
        if len(rows) != 1 or rows[0].size == 0:
            raise ValueError(
                f"`audio` must hold one waveform with at least one sample, got shape {tuple(np.shape(audio))}: write "
                "the rows of a batch (`processor.decode(output)`) to one file each."
            )
        waveform = rows[0]
        if not np.isfinite(waveform).all():
            raise ValueError("`audio` holds NaN or infinite samples and is not written: check how it was generated.")
        peak = float(np.abs(waveform).max())
        if peak > 1.0:
            logger.warning(f"`audio` reaches {peak:.3g}: its samples are clipped to [-1, 1] in {path.name!r}.")
        extractor = self.feature_extractor
        sampling_rate = extractor.sampling_rate if sampling_rate is None else extractor._check_rate(sampling_rate)
        with AudioWriter(path, sampling_rate) as writer:
            writer.write(waveform)


__all__ = ["GPT2TTSProcessor", "build_bpe_tokenizer", "build_byte_tokenizer", "phoneme_token", "write_segments"]
