"""Recordings for vocoder training: clips in the cache, a part of the texts held back, random segments of the others."""

from __future__ import annotations

import copy
import math
import os
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import datasets
import numpy as np
import soundfile
import torch
from datasets import Dataset, Features, List, Value
from datasets.fingerprint import Hasher
from transformers import PreTrainedModel, ProcessorMixin, SequenceFeatureExtractor
from transformers.utils import logging

from ..audio import read_audio
from ..data.collation import SpeechCollator, encode_segments, group_positions
from ..data.features import FeatureMap, FeatureSettings, features_fingerprint
from ..data.frames import TrimmedClip, trim_clip
from ..data.speech_datasets import DatasetSpec, SpeechDataset, load_speech_dataset, split_by_text, spoken_text
from ..pitch import track_pitch

logger = logging.get_logger(__name__)

CLIPS_VERSION = 3  # goes up when what `_read_clip` makes of a file changes
PREDICTIONS_VERSION = 3  # goes up when what an acoustic model with the same weights predicts changes
TRIM_MARGIN = 0.1  # seconds of silence left at the edges, as in the training of the acoustic model
MARGIN_FRAMES = 4  # frames on each side of a segment that are vocoded but not judged: they lack their neighbours
FULL_BAND = 1e9  # Hz

CLIP_COLUMNS = Features(
    {
        "waveform": List(Value("int16")),
        "num_frames": Value("int64"),
        "band": Value("float32"),
        "pitch": List(Value("float32")),
        "voicing": List(Value("float32")),
        "text": Value("string"),
        "spoken_text": Value("string"),
        "speaker": Value("string"),
        "dataset": Value("string"),
        "file": Value("string"),
        "fault": Value("string"),
    }
)


@dataclass
class VocoderData:
    """
    Clips of a mix of datasets.

    Args:
        train (`Dataset`): Clips to train on: `waveform` (int16), `num_frames`, `band` (Hz), `pitch` (Hz)
            and `voicing` of each frame (empty unless asked for), `weight` (how often its
            seconds are drawn), `text`, `speaker`, `dataset`, `file`.
        validation (`Dataset`): Clips held back.
        seconds (`float`): Length of the training clips together.
    """

    train: Dataset
    validation: Dataset
    seconds: float


def prepare_vocoder_data(
    specs: Sequence[str | os.PathLike | DatasetSpec],
    feature_extractor: SequenceFeatureExtractor,
    *,
    speakers: Sequence[str] | None = None,
    exclude_speakers: Sequence[str] = (),
    exclude_files: Sequence[str] = (),
    validation_share: float = 0.02,
    with_pitch: bool = False,
    num_proc: int | None = None,
    cache_dir: str | os.PathLike | None = None,
    max_bad_share: float = 0.1,
) -> VocoderData:
    """
    Loads datasets, decodes their audio once into the cache, and holds back the clips of a share of the texts, the very ones
    that acoustic models hold back.

    A recording made at a lower rate than the features' has an empty top band; its `band` says where that begins.

    Args:
        specs (`Sequence`):
            The datasets, `SOURCE[:SPEAKER,...][=WEIGHT]`; see [`load_speech_dataset`].
        feature_extractor (`GPT2TTSFeatureExtractor`):
            Its rate is resampled to; its hop is a frame.
        speakers, exclude_speakers, exclude_files (`Sequence[str]`, *optional*):
            Filters, see [`load_speech_dataset`].
        validation_share (`float`, *optional*, defaults to 0.02):
            Share of the texts that is held back, see [`split_by_text`].
        with_pitch (`bool`, *optional*, defaults to `False`):
            Track the pitch too, see [`track_pitch`].
        num_proc (`int`, *optional*):
            Worker processes that decode.
        cache_dir (`str` or `os.PathLike`, *optional*):
            Folder of the decoded clips. Defaults to `gpt2tts` in the cache of `datasets`.
        max_bad_share (`float`, *optional*, defaults to 0.1):
            A dataset of which more files cannot be read is an error.

    Raises:
        `ValueError`: too many files cannot be read, or no clip is left.
    """
    parts = []
    for spec in specs:
        dataset = load_speech_dataset(
            spec, speakers=speakers, exclude_speakers=exclude_speakers, exclude_files=exclude_files
        )
        if len(dataset.rows) == 0:
            logger.warning(f"No row of dataset {dataset.name!r} passes the filters, or no file of it is there.")
            continue
        clips = _decode(dataset, feature_extractor, with_pitch, num_proc, cache_dir)
        faults = Counter(fault for fault in clips["fault"][:] if fault)
        bad = sum(faults.values())
        if bad or dataset.missing:
            logger.warning(
                f"{dataset.name}: {len(dataset.missing)} files are missing, {bad} of {len(clips)} are left out "
                f"({', '.join(f'{count} {fault}' for fault, count in faults.most_common(3)) or 'none'})"
            )
        if bad > max_bad_share * len(clips):
            raise ValueError(f"{bad} of {len(clips)} files of dataset {dataset.name!r} cannot be used: mend them.")
        clips = clips.select([row for row, fault in enumerate(clips["fault"][:]) if not fault])
        parts.append(clips.remove_columns("fault").add_column("weight", [dataset.weight] * len(clips)))
    if not parts:
        raise ValueError("No clip is left to train on: check the datasets and the filters on speakers and files.")
    clips = datasets.concatenate_datasets(parts) if len(parts) > 1 else parts[0]
    training, held_out, _ = split_by_text(clips["spoken_text"][:], validation_share)
    if not training:
        raise ValueError(f"`validation_share` {validation_share:g} leaves no clip to train on: lower it, or add data.")
    train = clips.select(training)
    return VocoderData(
        train=train,
        validation=clips.select(held_out),
        seconds=sum(train["num_frames"][:]) * feature_extractor.hop_length / feature_extractor.sampling_rate,
    )


def _decode(
    dataset: SpeechDataset,
    feature_extractor: SequenceFeatureExtractor,
    with_pitch: bool,
    num_proc: int | None,
    cache_dir: str | os.PathLike | None,
) -> Dataset:
    rows = dataset.rows
    num_proc = None if num_proc is None or num_proc <= 1 or len(rows) < 2 else min(num_proc, len(rows))
    cache_dir = Path(cache_dir or Path(datasets.config.HF_DATASETS_CACHE) / "gpt2tts")
    cache_dir.mkdir(parents=True, exist_ok=True)
    feature_extractor = copy.copy(feature_extractor)
    feature_extractor.trim_margin = TRIM_MARGIN
    fingerprint = Hasher.hash(
        [CLIPS_VERSION, rows._fingerprint, sorted(feature_extractor.to_dict().items(), key=str), with_pitch]
    )
    return rows.map(
        _read_clip,
        fn_kwargs={
            "feature_extractor": feature_extractor,
            "with_pitch": with_pitch,
            "single_thread": num_proc is not None,
        },
        remove_columns=["audio"],
        features=CLIP_COLUMNS,
        num_proc=num_proc,
        writer_batch_size=64,
        new_fingerprint=fingerprint,
        cache_file_name=str(cache_dir / f"clips-{fingerprint}.arrow"),
        desc=f"Audio of {dataset.name}",
    )


def _read_clip(
    row: dict[str, Any], *, feature_extractor: SequenceFeatureExtractor, with_pitch: bool, single_thread: bool
) -> dict[str, Any]:
    if single_thread and torch.get_num_threads() > 1:
        torch.set_num_threads(1)  # OpenMP threads do not survive the fork of a pool
    nothing = np.zeros(0, np.float32)
    spoken = {"spoken_text": spoken_text(row["text"])}
    bad = {
        "waveform": np.zeros(0, np.int16),
        "num_frames": 0,
        "band": 0.0,
        "pitch": nothing,
        "voicing": nothing,
    } | spoken
    try:
        waveform, rate = read_audio(row["audio"])
    except (FileNotFoundError, ValueError, soundfile.LibsndfileError):
        return {**bad, "fault": "unreadable"}
    waveform = feature_extractor.resample(torch.from_numpy(waveform), rate)
    if not waveform.isfinite().all() or len(waveform) <= feature_extractor.n_fft:
        return {**bad, "fault": "too short or not finite"}
    waveform = feature_extractor.trim_silence(waveform)
    if waveform.abs().max() < feature_extractor.silence_level or len(waveform) <= feature_extractor.n_fft:
        return {**bad, "fault": "silent"}
    num_frames, pitch, voicing = len(waveform) // feature_extractor.hop_length, nothing, nothing
    if with_pitch:
        hop_length, sampling_rate = feature_extractor.hop_length, feature_extractor.sampling_rate
        pitch, voicing = track_pitch(waveform.numpy(), sampling_rate, num_frames, hop_length, sampling_rate)
    return {
        "waveform": (waveform.clamp(-1, 1) * 32767).round().to(torch.int16).numpy(),
        "num_frames": num_frames,
        "pitch": pitch,
        "voicing": voicing,
        # the filters of the lower rate take the top of its band away
        "band": 0.95 * rate / 2 if rate < 0.98 * feature_extractor.sampling_rate else FULL_BAND,
        "fault": "",
        **spoken,
    }


def clip_waveform(clip: dict[str, Any]) -> torch.Tensor:
    """The waveform of a row, float32 `(samples,)` in [-1, 1]."""
    return torch.from_numpy(np.asarray(clip["waveform"], dtype=np.int16).astype(np.float32) / 32767)


def clip_spectrogram(clip: dict[str, Any], n_mels: int) -> torch.Tensor:
    """The predicted spectrogram of a row, float32 `(frames, n_mels)`."""
    return torch.from_numpy(np.asarray(clip["spectrogram"], dtype=np.float32)).view(-1, n_mels)


def clip_pitch(clip: dict[str, Any]) -> dict[str, torch.Tensor]:
    """The `pitch` and `voicing` of a row, float32 `(frames,)` each, where it has them: arguments of a vocoder."""
    return {
        name: torch.from_numpy(np.asarray(clip[name], dtype=np.float32))
        for name in ("pitch", "voicing")
        if len(clip[name])
    }


class SegmentDataset(torch.utils.data.Dataset):
    """
    Random segments. The index is the number of the draw and decides everything about it, so that a resumed run goes on
    with the draws it would have made.

    Args:
        clips (`Dataset`):
            Rows of [`VocoderData`], with or without the predicted `spectrogram` of
            [`add_predicted_spectrograms`].
        segment_frames (`int`):
            Frames to a segment; [`MARGIN_FRAMES`] on each side come on top.
        feature_extractor (`GPT2TTSFeatureExtractor`):
            Makes the recordings' own spectrograms; its hop is a frame.
        gain_db (`float`, *optional*, defaults to 0.0):
            Each segment is made louder or softer by up to this; not where its spectrogram is predicted.
        recorded_share (`float`, *optional*, defaults to 0.0):
            Share of the segments that come with their own spectrogram although there is a predicted one.
        seed (`int`, *optional*, defaults to 0):
            Seed of the draws.

    Items are `waveform` `(samples,)`, `spectrogram` `(frames, n_mels)`, `band` (scalar, Hz), and, where the clips have
    them, `pitch` and `voicing` `(frames,)`.
    """

    def __init__(
        self,
        clips: Dataset,
        *,
        segment_frames: int,
        feature_extractor: SequenceFeatureExtractor,
        gain_db: float = 0.0,
        recorded_share: float = 0.0,
        seed: int = 0,
    ):
        self.recorded_share = recorded_share if "spectrogram" in clips.column_names else 1.0
        columns = ["waveform", "num_frames", "band", "pitch", "voicing"] + ["spectrogram"] * (
            "spectrogram" in clips.column_names
        )
        self.clips = clips.select_columns(columns).with_format("numpy")
        weights = np.asarray(clips["weight"][:]) * np.asarray(clips["num_frames"][:])
        self.shares = np.cumsum(weights) / weights.sum()
        self.num_frames = segment_frames + 2 * MARGIN_FRAMES
        self.feature_extractor, self.gain_db, self.seed = feature_extractor, gain_db, seed

    def __len__(self) -> int:
        return 2**40  # draws without end

    def __getitem__(self, draw: int) -> dict[str, torch.Tensor]:
        rng = np.random.default_rng((self.seed, draw))
        clip = self.clips[int(np.searchsorted(self.shares, rng.random(), side="right"))]
        start = int(rng.integers(max(1, clip["num_frames"] - self.num_frames + 1)))
        hop_length = self.feature_extractor.hop_length
        tracks = {
            name: _pad(track[start : start + self.num_frames], self.num_frames, None)
            for name, track in clip_pitch(clip).items()
        }
        samples = slice(start * hop_length, (start + self.num_frames) * hop_length)
        waveform = _pad(clip_waveform({"waveform": clip["waveform"][samples]}), self.num_frames * hop_length, 0.0)
        if rng.random() >= self.recorded_share:
            spectrogram = clip_spectrogram(clip, self.feature_extractor.feature_size)
            spectrogram = _pad(spectrogram[start : start + self.num_frames], self.num_frames, math.log(1e-5))
        else:
            gain = 10 ** (rng.uniform(-self.gain_db, self.gain_db) / 20)
            waveform = waveform * min(gain, 1 / max(1e-3, float(waveform.abs().max())))
            # frame n is around sample n * hop: one frame more than there are hops
            spectrogram = self.feature_extractor.log_mel(waveform)[:-1]
        return {"waveform": waveform, "spectrogram": spectrogram, "band": torch.tensor(float(clip["band"])), **tracks}


def _pad(values: torch.Tensor, length: int, value: float | None) -> torch.Tensor:
    """Lengthen by `value`, or by the last of the values where it is `None`."""
    if len(values) == length:
        return values
    value = float(values[-1]) if value is None else value
    return torch.cat((values, values.new_full((length - len(values), *values.shape[1:]), value)))


@torch.inference_mode()
def add_predicted_spectrograms(
    clips: Dataset,
    model: PreTrainedModel,
    processor: ProcessorMixin,
    *,
    device: torch.device | str = "cpu",
    num_proc: int | None = None,
) -> Dataset:
    """
    Adds what an acoustic model predicts of each clip when it is fed the clip's own past: blurred as its speech will be,
    and in step with the recording. A vocoder trained on it learns to sharpen.

    Args:
        clips (`Dataset`):
            Rows of [`VocoderData`].
        model (`GPT2TTSForTextToSpeech`):
            The acoustic model. The reference is another clip of the speaker.
        processor (`GPT2TTSProcessor`):
            Of the model.
        device (`torch.device` or `str`, *optional*, defaults to `"cpu"`):
            Where the model runs.
        num_proc (`int`, *optional*):
            Worker processes, on a CPU.

    Returns:
        `Dataset`: the clips that the model could read, with the column `spectrogram`. It is kept in the cache of `clips`, so
        that a run which goes on does not predict again.
    """
    model = model.to(device).eval()
    on_cpu = torch.device(device).type == "cpu"
    num_proc = num_proc if on_cpu and num_proc is not None and num_proc > 1 else None
    config, extractor = model.config, processor.feature_extractor
    max_frames = config.max_mel_positions * config.reduction_factor
    settings = FeatureSettings(config.max_text_positions, max_frames, tuple(config.british_voices or ()))
    feature_map = FeatureMap(processor, settings)
    collate = SpeechCollator(
        processor.tokenizer.pad_token_id, config.reduction_factor, mel_padding_value=extractor.padding_value
    )
    rows_of_speaker = defaultdict(list)
    for row, speaker in enumerate(clips["speaker"][:]):
        rows_of_speaker[speaker].append(row)

    def predict(clip: dict[str, Any], row: int) -> dict[str, Any]:
        if num_proc is not None and torch.get_num_threads() > 1:
            torch.set_num_threads(1)  # OpenMP threads do not survive the fork of a pool
        peers = rows_of_speaker[clip["speaker"]]
        reference = clip_waveform(clips[peers[(peers.index(row) + 1) % len(peers)]]).numpy()
        waveform, rate = clip_waveform(clip), extractor.sampling_rate
        # where its sound begins and ends; the clip itself stays whole, in step with its prediction
        trimmed = trim_clip(waveform, extractor)
        sound = (trimmed.start + trimmed.onset, trimmed.start + trimmed.offset)
        try:
            segments = feature_map.segment(clip["text"], clip["speaker"])
            labels, durations = feature_map.speech(segments, TrimmedClip(waveform, len(waveform) / rate, 0.0, *sound))
            item = encode_segments(segments, [False] * len(segments), durations.astype(float), processor.tokenizer)
            places = group_positions(item.pop("token_ends"), len(labels), config.reduction_factor)
            heard = processor(audio=reference, sampling_rate=rate, return_tensors="np")["reference_features"][0]
            inputs = collate([{**item, "text_positions": places, "labels": labels, "reference_features": heard}])
            output = model(**{name: values.to(device) for name, values in inputs.items()})
        except ValueError as error:  # too long for the model, or a text that normalises to nothing
            logger.warning_once(f"no predicted spectrogram of some clips: {error}")
            return {"spectrogram": np.zeros(0, np.float16)}
        spectrogram = output.spectrogram[0, : clip["num_frames"]].float().cpu()
        return {"spectrogram": spectrogram.numpy().astype(np.float16).ravel()}

    weights = Hasher.hash([(name, weight.float().cpu().numpy()) for name, weight in model.state_dict().items()])
    state = {"version": PREDICTIONS_VERSION, "config": model.config.to_dict(), "weights": weights}
    features = Features({**clips.features, "spectrogram": List(Value("float16"))})
    clips = clips.map(
        predict,
        with_indices=True,
        features=features,
        num_proc=None if num_proc is None else min(num_proc, len(clips)),
        new_fingerprint=features_fingerprint(clips, processor, state),
        writer_batch_size=64,
        desc="Predicted spectrograms",
    )
    lengths = [len(values) for values in clips.with_format("numpy")["spectrogram"]]
    return clips.select([row for row, length in enumerate(lengths) if length])
