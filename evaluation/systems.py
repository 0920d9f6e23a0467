"""The systems that a report compares, each as a folder of clips: recordings, copy-synthesis, other systems, the model."""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm
from transformers.utils import logging

from ..audio import resample
from ..base_synthesizer import Voice
from ..feature_extraction_gpt2tts import GPT2TTSFeatureExtractor
from ..files import list_files
from ..onnx_decoder_gpt2tts import GRAPH_VERSION
from ..onnx_engine_gpt2tts import load_decoder
from ..pitch import track_pitch
from ..recordings import is_recording
from ..synthesis import Synthesizer
from .clips import SAMPLING_RATE, ClipStore, fingerprint, read_clip
from .test_sets import AudioSource, TestItem
from .utils import package_version

logger = logging.get_logger(__name__)


def store_recordings(store: ClipStore, items: Sequence[TestItem]) -> None:
    """Put the recordings of the items into a store."""
    for item in tqdm(items, desc="recordings", unit="clip"):
        if item.recording is None:
            continue
        key = fingerprint("recording", item.recording, *_file_state(item.recording), SAMPLING_RATE)
        if not store.is_finished(item.id, key):
            store.save(item.id, read_clip(item.recording), key)


def store_folder(store: ClipStore, items: Sequence[TestItem], folder: str | os.PathLike) -> None:
    """
    Put another system's clips, `FOLDER/ID.wav` (or another audio suffix), into a store.

    Raises:
        ValueError: If there is no such folder, or it has a clip of none of the items, or two of one.
    """
    if not Path(folder).is_dir():
        raise ValueError(f"There is no folder {os.fspath(folder)!r}.")
    ids = {item.id for item in items}
    paths: dict[str, Path] = {}
    for path in filter(is_recording, list_files(folder)):
        if path.stem in ids and path.stem in paths:
            raise ValueError(
                f"{paths[path.stem]} and {path} are of one item: name a folder that has one clip of each."
            )
        paths[path.stem] = path
    found = [item for item in items if item.id in paths]
    if not found:
        raise ValueError(f"{folder} has no clip named after an item, such as {items[0].id}.wav.")
    if len(found) < len(items):
        logger.warning("%s has clips of %d of the %d items.", folder, len(found), len(items))
    for item in items:
        if item.id not in paths:  # of another folder of that name before
            store.discard(item.id)
    for item in tqdm(found, desc=str(folder), unit="clip"):
        key = fingerprint("folder", paths[item.id], *_file_state(paths[item.id]))
        if not store.is_finished(item.id, key):
            store.save(item.id, read_clip(paths[item.id]), key)


@torch.inference_mode()
def store_copy_synthesis(
    store: ClipStore, recordings: ClipStore, items: Sequence[TestItem], vocoder: torch.nn.Module
) -> None:
    """
    Put the recordings, turned to mel and back by a vocoder, into a store: what no mel model in front of it beats. A
    vocoder that reads the pitch gets that of the recording.
    """
    extractor = _extractor_of(vocoder)
    rate = extractor.sampling_rate
    device = next((tensor.device for tensor in vocoder.state_dict().values()), torch.device("cpu"))
    for item in tqdm(items, desc=f"copy-synthesis {vocoder.reference}", unit="clip"):
        recording = recordings.load(item.id)
        if recording is None:
            continue
        key = fingerprint("copy", recording[0], _vocoder_fingerprint(vocoder))
        if store.is_finished(item.id, key):
            continue
        samples = resample(recording[0], SAMPLING_RATE, rate)
        spectrogram = extractor.log_mel(torch.from_numpy(samples)).to(device)
        source = {}
        if vocoder.requires_pitch:
            pitch, voicing = track_pitch(samples, rate, len(spectrogram), extractor.hop_length, rate)
            source = {"pitch": torch.from_numpy(pitch), "voicing": torch.from_numpy(voicing)}
            source["fine_spectrogram"] = extractor.fine_log_mel(torch.from_numpy(samples))
        start = time.perf_counter()
        waveform = vocoder(spectrogram, **source).cpu().numpy()
        seconds = time.perf_counter() - start
        store.save(item.id, resample(waveform, rate, SAMPLING_RATE), key, vocoder_seconds=seconds)


def _extractor_of(vocoder: torch.nn.Module) -> GPT2TTSFeatureExtractor:
    """What makes the mels that a vocoder reads; what it does not name of them is as usual."""
    config = vocoder.config
    settings = {name: getattr(config, name) for name in ("n_fft", "f_min", "f_max") if hasattr(config, name)}
    if "n_fft" in settings:
        settings["win_length"] = settings["n_fft"]
    return GPT2TTSFeatureExtractor(config.n_mels, config.sampling_rate, hop_length=vocoder.hop_length, **settings)


@dataclass
class Voices:
    """
    The voices that a model is to speak in.

    Args:
        latents (`dict[str, torch.Tensor]`): For each speaker what [`~Synthesizer.load_voice`] returns.
        fingerprints (`dict[str, str]`): Of what they were made from.
        british (`dict[str, bool]`): Whether they read British phonemes.
    """

    latents: dict[str | None, torch.Tensor]
    fingerprints: dict[str | None, str]
    british: dict[str | None, bool]


def load_voices(
    synthesizer: Synthesizer,
    speakers: Sequence[str | None],
    enrolment: dict[str, list[AudioSource]],
    *,
    num_clips: int = 1,
) -> Voices:
    """
    Voices of speakers: the checkpoint's voice of that name, else that of the first `num_clips` enrolment clips; `None` is
    the default voice.
    """
    voices = Voices({}, {}, {speaker: synthesizer.is_british(speaker) for speaker in speakers})
    for speaker in speakers:
        voice: Voice = speaker
        if speaker in enrolment and speaker not in synthesizer.voices:
            voice = [(read_clip(source), SAMPLING_RATE) for source in enrolment[speaker][:num_clips]]
        voices.latents[speaker] = synthesizer.load_voice(voice)
        voices.fingerprints[speaker] = fingerprint(voices.latents[speaker].float().cpu().numpy())
    return voices


def store_synthesis(
    store: ClipStore,
    items: Sequence[TestItem],
    synthesizer: Synthesizer,
    voices: Voices,
    *,
    phonemes: bool | None = None,
    batch_size: int = 8,
    seed: int = 0,
) -> None:
    """
    Speak the items and put the clips into a store, with whether the model stopped by itself and how long it took.

    Every sentence has a seed of its own, so that neither the batch nor a break in the run changes the result.

    Args:
        store ([`ClipStore`]): Where the clips go; those that are finished stay.
        items (sequence of [`TestItem`]): What to speak.
        synthesizer ([`~gpt2tts.Synthesizer`]): Model, processor and vocoder.
        voices ([`Voices`]): A voice for each speaker of the items.
        phonemes (`bool`, *optional*): Whether words are read as phonemes. Defaults to the processor's.
        batch_size (`int`, *optional*, defaults to 8): Sentences at a time.
        seed (`int`, *optional*, defaults to 0): Seed of the run.
    """
    model, vocoder, processor = synthesizer.model, synthesizer.vocoder, synthesizer.processor
    phonemes = processor.reads_phonemes(phonemes)
    # what runs the model, where and in what batches, as the time is kept with the clip
    made_by = (package_version("gpt2tts"), _engine_in_use(synthesizer), str(model.device), batch_size)
    made_from = (_model_fingerprint(model), _vocoder_fingerprint(vocoder), made_by, seed)

    def what_is_read(item: TestItem) -> str:
        text = "\n".join(processor.split_text(item.text))
        return processor.phonemize(text, british=voices.british[item.speaker], normalize=False) if phonemes else text

    keys = {item.id: fingerprint(*made_from, what_is_read(item), voices.fingerprints[item.speaker]) for item in items}
    left = [item for item in items if not store.is_finished(item.id, keys[item.id])]
    left.sort(key=lambda item: len(item.text))  # rows of a batch end at about the same time
    with tqdm(total=len(items), initial=len(items) - len(left), desc="synthesis", unit="clip") as progress:
        for start in range(0, len(left), batch_size):
            batch = left[start : start + batch_size]
            spoken = synthesizer.speak_batch(
                [item.text for item in batch],
                [voices.latents[item.speaker] for item in batch],
                [_item_seed(item, seed) for item in batch],
                british=[voices.british[item.speaker] for item in batch],
                phonemes=phonemes,
                batch_size=batch_size,
            )
            for item, chunk in zip(batch, spoken, strict=True):
                store.save(
                    item.id,
                    resample(chunk.waveform, chunk.sampling_rate, SAMPLING_RATE),
                    keys[item.id],
                    stopped=chunk.stopped,
                    mel_seconds=chunk.model_seconds,
                    vocoder_seconds=chunk.vocoder_seconds,
                )
            progress.update(len(batch))


def _item_seed(item: TestItem, seed: int) -> int:
    return int(fingerprint(seed, item.id)[:12], 16)


def time_to_first_audio(
    synthesizer: Synthesizer, items: Sequence[TestItem], voices: Voices, *, seed: int = 0
) -> float:
    """Median seconds from the call to the first samples, the model being loaded and warm, over three of the items."""
    chosen = list(items)[:: max(1, len(items) // 3)][:3]
    times = []
    for item in [chosen[0], *chosen]:  # the first call warms up
        start = time.perf_counter()
        stream = synthesizer.stream_waveform(
            item.text, voices.latents[item.speaker], seed=seed, british=voices.british[item.speaker]
        )
        next(stream)
        times.append(time.perf_counter() - start)
    return float(np.median(times[1:]))


@dataclass
class Reading:
    """
    How a sentence was read.

    Args:
        item ([`TestItem`]): The sentence.
        text_positions (`np.ndarray` of shape `(groups,)`): Place in the text, in tokens, that each group speaks.
    """

    item: TestItem
    text_positions: np.ndarray


def collect_readings(
    synthesizer: Synthesizer, items: Sequence[TestItem], voices: Voices, *, seed: int = 0
) -> list[Reading]:
    """Speak each item once more and keep the reading positions."""
    spoken = synthesizer.speak_batch(
        [item.text for item in items],
        [voices.latents[item.speaker] for item in items],
        [_item_seed(item, seed) for item in items],
        british=[voices.british[item.speaker] for item in items],
    )
    return [Reading(item, chunk.text_positions) for item, chunk in zip(items, spoken, strict=True)]


def _file_state(source: AudioSource | Path) -> tuple[int, ...]:
    """Size and time of a file, which tell that there is another in its place; nothing for audio in memory."""
    if isinstance(source, dict):
        return ()
    status = os.stat(source)
    return status.st_size, status.st_mtime_ns


def _engine_in_use(synthesizer: Synthesizer) -> str:
    """What runs the acoustic model, also where that is left to it."""
    engine = synthesizer.engine
    if engine == "torch" or load_decoder(synthesizer.model, required=engine == "onnx") is None:
        return "torch"
    return f"onnx {GRAPH_VERSION}"


def _weights_fingerprint(model: torch.nn.Module) -> str:
    return fingerprint(*(value.detach().float().cpu().numpy() for value in model.state_dict().values()))


def _model_fingerprint(model: torch.nn.Module) -> str:
    """Of all that speech depends on: the weights, the configuration and how it is generated."""
    settings = [config.to_dict() for config in (model.config, model.generation_config)]
    # voices count by their latents
    where = ("_name_or_path", "transformers_version", "auto_map", "voices", "default_voice", "vocoder")
    settings = [sorted((name, value) for name, value in part.items() if name not in where) for part in settings]
    return fingerprint(_weights_fingerprint(model), settings)


def _vocoder_fingerprint(vocoder: torch.nn.Module) -> str:
    settings = vocoder.config.to_dict()
    settings = sorted((k, v) for k, v in settings.items() if k not in ("_name_or_path", "transformers_version"))
    return fingerprint(vocoder.reference, _weights_fingerprint(vocoder), settings)
