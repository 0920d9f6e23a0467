"""
Speaking without PyTorch: a folder of ONNX graphs, tokenizer, settings and voices, and a synthesizer that needs no more than
NumPy, ONNX Runtime and `tokenizers`.

The folder of a checkpoint is made once, of its files, and kept in the Hub's cache. What it is kept under is a hash of where
the checkpoint lies and of the name, size, inode, modification and change time of all its files: no content changes without
its change time, which no program can set. So a folder of other weights is never spoken, only made anew or one too often.
"""

import hashlib
import json
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from .base_synthesizer import BaseSynthesizer
from .decoding_gpt2tts import DecodedSpeech, Decoding, FrameScale, SeededUniform, check_setting, part_seed
from .files import ADAPTER_CONFIG, PARTIAL_PREFIX, clear_cache, split_revision
from .folders import make_folder
from .frames_gpt2tts import SILENCE_LEVEL
from .matched_voices_gpt2tts import STYLE_LATENTS_KEY, is_voice_shape, split_voices, stack_voices, write_voice
from .onnx_decoder_gpt2tts import GRAPH_VERSION, GPT2TTSOnnxDecoder, OnnxSpeech, import_onnxruntime
from .source_filter_gpt2tts import CONFIG_FIELDS as VOCODER_FIELDS
from .source_filter_gpt2tts import DEFAULTS as VOCODER_DEFAULTS
from .source_filter_gpt2tts import SOURCE_FILTER, NumpySourceFilter
from .speech_parts import SpeechPart
from .synthesis import find_checkpoint
from .text_processing_gpt2tts import GPT2TTSTextProcessor
from .waveforms_gpt2tts import WAVEFORM_FIELDS, GPT2TTSWaveforms

logger = logging.getLogger(__name__)

SETTINGS_FILE = "onnx.json"
KEPT_FOLDERS = 8  # in the cache, of 25 MB each
SETTLED_SECONDS = 2.0  # after which a file that is written again has another time, on any file system
CONFIG_FIELDS = (
    *("n_mels", "sampling_rate", "hop_length", "reduction_factor", "frame_rate", "silence_level"),
    *("max_mel_positions", "max_reference_frames", "num_style_latents", "hidden_size"),
    *("default_voice", "british_voices"),
)
# what is read of a checkpoint on the Hub, if it is there
HUB_FILES = (
    *("config.json", "generation_config.json", "processor_config.json", "tokenizer.json", "model.safetensors"),
    *("voices/*.safetensors", ADAPTER_CONFIG),
)
# what comes of files that PyTorch may know what to do with, or what to say of
UNUSUAL = (ValueError, KeyError, TypeError, AttributeError, FileNotFoundError)
GENERATION_FIELDS = ("prenet_dropout", "max_frames_per_token")
PROCESSOR_FIELDS = ("normalize", "phonemes", "british", "lexicon", "max_text_tokens", "max_chunk_tokens")


class NotSpokenByGraphsError(ValueError):
    """A checkpoint that only PyTorch can speak."""


class NotFetchedError(OSError):
    """A checkpoint that is not to be had from the Hub."""


class _Checkpoint(NamedTuple):
    """What an export is made of: `weights` (float32) and `voices` by name, `tokenizer` (JSON), fields of the others."""

    weights: Mapping[str, np.ndarray]
    config: Any
    settings: dict[str, float]  # of `generate`
    processor: dict[str, Any]
    waveforms: dict[str, Any]
    tokenizer: str
    vocoder: dict[str, Any]
    voices: dict[str, np.ndarray]

    def write(self, folder: Path) -> Path:
        """Writes what [`OnnxSynthesizer`] reads."""
        from .onnx_graphs_gpt2tts import build_graphs

        is_export = any(folder.glob("*.onnx"))  # one that was killed, too
        if not is_export and ((folder / "config.json").is_file() or any(folder.glob("voices/*"))):
            raise FileExistsError(
                f"`folder` {str(folder)!r} is no export, and its files would be replaced: choose another folder."
            )
        make_folder(folder, "folder")
        graphs = build_graphs(self.weights, self.config)
        for name, graph in graphs.items():
            (folder / f"{name}.onnx").write_bytes(graph)
        (folder / "tokenizer.json").write_text(self.tokenizer, encoding="utf-8")
        shutil.rmtree(folder / "voices", ignore_errors=True)  # of an export before
        (folder / "voices").mkdir()
        for name, latents in self.voices.items():
            write_voice(folder / "voices" / f"{name}.safetensors", latents)
        settings = {
            "graph_version": GRAPH_VERSION,
            "graphs": list(graphs),
            "config": {name: getattr(self.config, name) for name in CONFIG_FIELDS} | self.settings,
            "processor": self.processor,
            "waveforms": self.waveforms,
            "vocoder": self.vocoder,
            "frame_mean": self.weights["model.normalizer.frame_mean"].tolist(),
            "frame_std": self.weights["model.normalizer.frame_std"].tolist(),
            "no_voice": self.weights["model.null_style_latents"].tolist(),
        }
        content = json.dumps(settings, indent=1, ensure_ascii=False) + "\n"
        (folder / SETTINGS_FILE).write_text(content, encoding="utf-8")
        return folder


def export_onnx(model: Any, processor: Any, folder: str | os.PathLike) -> Path:
    """
    Writes what [`OnnxSynthesizer`] reads. Needs PyTorch and the package `onnx`.

    Args:
        model ([`GPT2TTSForTextToSpeech`]): On the CPU, in float32.
        processor ([`GPT2TTSProcessor`]): Its processor.
        folder (`str` or `os.PathLike`): Folder to write, made if need be.

    Raises:
        NotSpokenByGraphsError: If its layers or its vocoder have no such form.
        FileExistsError: If `folder` is a checkpoint, or holds a folder `voices` that is not of an earlier export.
        ImportError: If `onnx` is missing.
    """
    from .onnx_engine_gpt2tts import read_weights, why_not

    reason = why_not(model.eval())
    vocoder: Any = model.get_vocoder() if model.config.vocoder else None
    if reason is None and (getattr(vocoder, "requires_pitch", False) is False or vocoder.residual is not None):
        reason = f"its vocoder is {model.config.vocoder!r}, not a source-filter vocoder without a network"
    if reason is not None:
        raise NotSpokenByGraphsError(f"ONNX Runtime cannot speak this model: {reason}.")
    return _Checkpoint(
        read_weights(model),
        model.config,
        {name: model._setting(name, None, None) for name in GENERATION_FIELDS}
        | {"max_mel_positions": model._max_groups(None, {})},
        {name: getattr(processor, name) for name in PROCESSOR_FIELDS},
        {name: getattr(processor.feature_extractor, name) for name in WAVEFORM_FIELDS},
        processor.tokenizer.backend_tokenizer.to_str(pretty=True),
        {name: getattr(vocoder.config, name) for name in VOCODER_FIELDS},
        {name: model.get_voice(name).float().numpy() for name in model.voices},
    ).write(Path(folder))


def export_files(checkpoint: str | os.PathLike, folder: str | os.PathLike) -> Path | None:
    """
    What [`export_onnx`] does, of the files of a checkpoint alone, without PyTorch.

    Args:
        checkpoint (`str` or `os.PathLike`): Its folder.
        folder (`str` or `os.PathLike`): Folder to write, made if need be.

    Returns:
        `Path` or `None`: The folder; nothing where the files are not as `save_pretrained` of this version writes them.

    Raises:
        NotSpokenByGraphsError, FileExistsError, ImportError: As [`export_onnx`].
    """
    _check_vocoder(Path(checkpoint))
    try:
        return _read_checkpoint(Path(checkpoint)).write(Path(folder))
    except UNUSUAL as error:
        logger.info("PyTorch reads %s: %r", checkpoint, error)
        return None


def _read_checkpoint(folder: Path) -> _Checkpoint:
    """
    A checkpoint by its files alone, without PyTorch, where nothing is unusual about them.

    Raises:
        ValueError, KeyError, TypeError, OSError: If something is: [`GPT2TTSForTextToSpeech`] knows what to do, or to say.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    from .onnx_graphs_gpt2tts import why_not_config

    def read(name: str) -> dict[str, Any]:
        return json.loads((folder / name).read_text("utf-8"))

    def load(path: Path) -> dict[str, np.ndarray]:
        try:
            return {name: weight.astype(np.float32) for name, weight in load_file(path).items()}
        except SafetensorError as error:
            raise ValueError(f"{path} is damaged ({error}).") from error

    fields, processor = read("config.json"), read("processor_config.json")
    generation = read("generation_config.json") if (folder / "generation_config.json").is_file() else fields
    config = SimpleNamespace(**fields)
    config.gpt2_config = SimpleNamespace(**fields["gpt2_config"])
    config.hidden_size, config.silence_level = config.gpt2_config.n_embd, SILENCE_LEVEL
    config.frame_rate = config.sampling_rate / config.hop_length
    weights = load(folder / "model.safetensors")
    voices = {path.stem: load(path)[STYLE_LATENTS_KEY] for path in sorted((folder / "voices").glob("*.safetensors"))}
    named = {} if config.vocoder == SOURCE_FILTER else read(f"{config.vocoder}/config.json")
    vocoder = {name: named.get(name, default) for name, default in VOCODER_DEFAULTS.items()}
    is_usual = (
        config.model_type == "gpt2tts"
        and "quantization_config" not in fields
        and not (folder / ADAPTER_CONFIG).is_file()
        and fields["dtype"] == "float32"  # without one, PyTorch takes that of the weights
        and why_not_config(config) is None
        and _fits(weights, config)
        and all(np.isfinite(weight).all() for weight in weights.values())
        and max(config.max_text_positions, config.max_mel_positions) <= config.gpt2_config.n_positions
        and all(vocoder[name] == fields[name] for name in ("n_mels", "sampling_rate", "hop_length"))
        and set(config.voices or voices) == set(voices)
        and config.default_voice in (None, *voices)
        and all(is_voice_shape(latents.shape, config) and np.isfinite(latents).all() for latents in voices.values())
    )
    if not is_usual:
        raise ValueError(f"{folder} is no checkpoint as `save_pretrained` writes them.")
    try:
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    except Exception as error:  # of no class of its own
        raise ValueError(f"{folder / 'tokenizer.json'} is damaged ({error}).") from error
    chosen = {name: generation.get(name) for name in GENERATION_FIELDS}
    longest = generation.get("max_new_tokens")
    longest = config.max_mel_positions if longest is None else longest
    if longest < 1:
        raise ValueError("`max_new_tokens` is not positive.")
    return _Checkpoint(
        weights,
        config,
        {name: fields[name] if value is None else check_setting(name, value) for name, value in chosen.items()}
        | {"max_mel_positions": min(longest, config.max_mel_positions)},
        {name: processor[name] for name in PROCESSOR_FIELDS},
        {name: processor["feature_extractor"][name] for name in WAVEFORM_FIELDS},
        tokenizer.to_str(pretty=True),
        vocoder,
        voices,
    )


def _fits(weights: Mapping[str, np.ndarray], config: Any) -> bool:
    """Whether weights have the layers and sizes that a configuration asks for."""
    size, group_size = config.hidden_size, (config.n_mels + 2) * config.reduction_factor
    num_layers = {
        "model.gpt2.h.": config.gpt2_config.n_layer,
        "model.text_convs.": config.text_conv_num_layers,
        "model.prenet.layers.": config.prenet_num_layers,
        "postnet.convs.": config.postnet_num_layers,
        "refiner.fc_in.b": int(config.refiner_hidden_size > 0),
        "model.conditioning_encoder.layers.": config.conditioning_num_layers,
        "model.perceiver_resampler.attentions.": config.perceiver_num_layers,
    }
    shapes = {
        "model.gpt2.wte.weight": (config.vocab_size, size),
        "model.gpt2.wpe.weight": (config.gpt2_config.n_positions, size),
        "model.null_style_latents": (config.num_style_latents, size),
        "model.normalizer.frame_mean": (config.n_mels + 2,),
        "mel_head.weight": (group_size, size),
        "model.conditioning_encoder.input_proj.weight": (
            config.conditioning_hidden_size,
            config.n_mels * config.conditioning_stride,
        ),
        "model.perceiver_resampler.latents": (config.num_style_latents, size),
    }
    layers = {
        prefix: {name[len(prefix) :].split(".")[0] for name in weights if name.startswith(prefix)}
        for prefix in num_layers
    }
    return all(len(layers[prefix]) == number for prefix, number in num_layers.items()) and all(
        weights[name].shape == shape for name, shape in shapes.items()
    )


class OnnxSynthesizer(BaseSynthesizer):
    """
    [`Synthesizer`] without PyTorch: the same methods, in NumPy.

    Args:
        folder (`str` or `os.PathLike`): What [`export_onnx`] wrote.
        lexicon, prenet_dropout, max_frames_per_token (*optional*): See [`Synthesizer`].
        num_threads (`int`, *optional*): CPU threads. Defaults to `OMP_NUM_THREADS`, else the cores there are.

    Raises:
        FileNotFoundError: If the folder lacks a file.
        ValueError: If another version of the package wrote it.
        ImportError: If `onnxruntime` is missing.

    Example:

    ```python
    >>> from gpt2tts import OnnxSynthesizer

    >>> synthesizer = OnnxSynthesizer.from_pretrained()
    >>> waveform, sampling_rate = synthesizer.speak("Good morning.", seed=0)
    ```
    """

    def __init__(
        self,
        folder: str | os.PathLike,
        *,
        lexicon: Mapping[str, str] | str | os.PathLike | None = None,
        prenet_dropout: float | None = None,
        max_frames_per_token: float | None = None,
        num_threads: int | None = None,
    ):
        from tokenizers import Tokenizer

        folder = Path(folder)
        _check_files(folder, SETTINGS_FILE)
        settings = json.loads((folder / SETTINGS_FILE).read_text("utf-8"))
        if settings.get("graph_version") != GRAPH_VERSION:
            raise ValueError(
                f"{folder} was written by another version of the package: export the checkpoint again by `export_onnx.py`."
            )
        _check_files(folder, "tokenizer.json", *(f"{name}.onnx" for name in settings["graphs"]))
        self._config = SimpleNamespace(**settings["config"])
        super().__init__(
            GPT2TTSTextProcessor(Tokenizer.from_file(str(folder / "tokenizer.json")), **settings["processor"]),
            NumpySourceFilter(SimpleNamespace(**settings["vocoder"])),
            lexicon=lexicon,
            prenet_dropout=prenet_dropout,
            max_frames_per_token=max_frames_per_token,
        )
        if num_threads is None:
            num_threads = _count_threads()
        self.decoder = GPT2TTSOnnxDecoder(
            {name: str(folder / f"{name}.onnx") for name in settings["graphs"]}, num_threads=num_threads
        )
        mean, deviation = (np.array(settings[name], np.float32) for name in ("frame_mean", "frame_std"))
        self.scale = FrameScale(
            len(mean),
            self._config.reduction_factor,
            lambda frames: frames * deviation[: frames.shape[-1]] + mean[: frames.shape[-1]],
            self._config.silence_level,
            refine=self.decoder.refine,
        )
        self.no_voice = np.array(settings["no_voice"], np.float32)
        self._waveforms = GPT2TTSWaveforms(**settings["waveforms"])
        # at once: a folder of the cache makes room for others
        self._voices = {
            path.stem: self._file_latents(path) for path in sorted((folder / "voices").glob("*.safetensors"))
        }

    @classmethod
    def from_pretrained(
        cls,
        checkpoint: str | os.PathLike | None = None,
        *,
        on_making: Callable[[], None] = lambda: None,
        **settings: Any,
    ) -> "OnnxSynthesizer":
        """
        Load what [`export_onnx`] wrote, or a checkpoint. The folder of a checkpoint is made on its first use, and kept in the
        Hub's cache folder (`HF_ASSETS_CACHE`), which needs the packages `onnx` and `huggingface_hub`, and PyTorch only where
        its files are not as `save_pretrained` of this version writes them.

        Args:
            checkpoint (`str` or `os.PathLike`, *optional*):
                Folder or Hub id, which may pin a revision as `ID@REVISION`. Defaults to the embedded checkpoint.
            on_making (callable, *optional*): Called before a checkpoint's folder is made.
            settings: See [`OnnxSynthesizer`].

        Raises:
            FileNotFoundError: If there is no such folder, or it holds no checkpoint.
            NotFetchedError: If nothing of that name comes from the Hub.
            NotSpokenByGraphsError: If only PyTorch can speak the checkpoint.
            ImportError: If a package is missing.
        """
        import_onnxruntime()  # before anything is made
        found = find_checkpoint(checkpoint)
        folder = Path(found)
        if (folder / SETTINGS_FILE).is_file():
            return cls(folder, **settings)
        is_complete = not folder.is_dir()
        if is_complete:
            folder = _fetch(found)
        lexicon = settings.pop("lexicon", None)
        kept = _kept_folder(folder, on_making, is_complete=is_complete)
        try:
            synthesizer = cls(kept, **settings)
        except Exception as error:
            # of a disk that is full or broken, or of ONNX Runtime, which has classes of its own
            logger.info("%s is made again: %s", kept, error)
            shutil.rmtree(kept, ignore_errors=True)
            synthesizer = cls(_kept_folder(folder, on_making, is_complete=is_complete), **settings)
        if lexicon is not None:  # its errors are the user's
            synthesizer.add_lexicon(lexicon)
        return synthesizer

    @property
    def config(self) -> SimpleNamespace:
        """The fields of the model's configuration that speaking needs."""
        return self._config

    @property
    def waveforms(self) -> GPT2TTSWaveforms:
        """What makes log-mels of recordings."""
        return self._waveforms

    @property
    def voices(self) -> list[str]:
        """Names of the voices of the folder."""
        return list(self._voices)

    def _named_latents(self, name: str | None) -> np.ndarray:
        return self.no_voice if name is None else self._voices[name]

    def _file_latents(self, path: str | os.PathLike) -> np.ndarray:
        from safetensors import SafetensorError
        from safetensors.numpy import load_file

        try:
            return load_file(path)[STYLE_LATENTS_KEY]
        except (SafetensorError, KeyError, TypeError) as error:  # NumPy has no bfloat16 by itself
            raise ValueError(f"{path} holds no voice ({error}): copy it or export the voice again.") from error

    def _keep_voice(self, name: str, latents: np.ndarray) -> None:
        self._voices[name] = latents

    def _own_latents(self, latents: Any) -> np.ndarray:
        if not isinstance(latents, np.ndarray):
            latents = latents.detach().float().cpu()  # a tensor, maybe of bfloat16
        return np.array(latents, np.float32)  # a copy: what a caller does to it leaves the voices as they are

    def _start(
        self, parts: Sequence[SpeechPart], ids: list[list[int]], speed: float, pitch_shift: float
    ) -> tuple[Decoding, OnnxSpeech, FrameScale]:
        """The loop over texts, what makes the groups, and what makes frames of them."""
        padded, num_tokens = self._pad(ids)
        config = self.config
        rate, longest = (
            check_setting(name, getattr(config, name) if getattr(self, name) is None else getattr(self, name))
            for name in ("prenet_dropout", "max_frames_per_token")
        )
        decoding = Decoding(
            num_tokens, config.reduction_factor, max_frames_per_token=longest, max_groups=config.max_mel_positions
        )
        latents, match = split_voices(stack_voices([part.request.latents for part in parts]), config)
        speech = OnnxSpeech(
            self.decoder,
            padded,
            num_tokens,
            latents,
            max_groups=int(decoding.budgets.max()),
            prenet_dropout=rate,
            uniform=[SeededUniform(part_seed(part.request.seed, part.number)) for part in parts],
        )
        return decoding, speech, self.scale.of(speed, pitch_shift, match)

    def encode_clip(self, spectrogram: np.ndarray) -> np.ndarray:
        """See [`~BaseSynthesizer.encode_clip`]."""
        return self.decoder.encode(spectrogram[: self.config.max_reference_frames])

    def make_frames(
        self, parts: Sequence[SpeechPart], ids: list[list[int]], speed: float = 1.0, pitch_shift: float = 0.0
    ) -> DecodedSpeech:
        """See [`~BaseSynthesizer.make_frames`]."""
        decoding, next_group, scale = self._start(parts, ids, speed, pitch_shift)
        for _ in decoding.run(next_group):
            pass
        return DecodedSpeech.of(decoding, scale)

    def _vocode(self, speech: DecodedSpeech) -> list[np.ndarray]:
        return [self.vocoder(frames)[0] for frames in speech.rows]

    def _stream_sound(
        self, part: SpeechPart, ids: list[int], speed: float, pitch_shift: float
    ) -> Iterator[np.ndarray]:
        decoding, next_group, scale = self._start([part], [ids], speed, pitch_shift)
        for piece in self.vocoder.stream(scale.stream(decoding.run(next_group))):
            yield piece[0]


def _check_files(folder: Path, *names: str) -> None:
    for name in names:
        if not (folder / name).is_file():
            raise FileNotFoundError(f"{folder / name} is missing: export the checkpoint again by `export_onnx.py`.")


def _count_threads() -> int:
    """`OMP_NUM_THREADS`, else the cores that this process may use."""
    told = os.environ.get("OMP_NUM_THREADS", "")
    if told.isdecimal() and int(told):
        return int(told)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _checkpoint_key(checkpoint: Path) -> tuple[str, float]:
    """What changes if the checkpoint or the code that reads it does, and the time of its latest change."""
    sources = [Path(__file__), Path(__file__).with_name("onnx_graphs_gpt2tts.py")]
    # `**` does not enter a folder that a link leads to, such as `voices`
    files = {
        path
        for suffix in ("json", "safetensors")
        for pattern in (f"**/*.{suffix}", f"*/*.{suffix}")
        for path in checkpoint.glob(pattern)
    }
    states = [(str(path), path.stat()) for path in (*sources, *sorted(files))]
    kept = [(path, each.st_size, each.st_ino, each.st_mtime_ns, each.st_ctime_ns) for path, each in states]
    content = json.dumps([os.path.realpath(checkpoint), *kept])
    return hashlib.sha256(content.encode()).hexdigest()[:32], max(each.st_ctime for _, each in states)


def _fetch(checkpoint: str) -> Path:
    """
    Where the Hub's cache holds a checkpoint, of which `HUB_FILES` are downloaded if they are not there.

    Raises:
        NotFetchedError: If it cannot be found or fetched.
    """
    from huggingface_hub import snapshot_download
    from tqdm.auto import tqdm

    class PatientBar(tqdm):
        """Is drawn where something is worth waiting for."""

        def __init__(self, *args: Any, **kwargs: Any):
            super().__init__(*args, **{"delay": 1.0, **kwargs})

    source, pinned = split_revision(checkpoint)
    try:
        folder = snapshot_download(
            source, revision=pinned.get("revision"), allow_patterns=list(HUB_FILES), tqdm_class=PatientBar
        )
    except (OSError, ValueError) as error:
        raise NotFetchedError(
            f"`checkpoint`: there is no folder {checkpoint!r}, and of that name nothing came from the Hub: {error}"
        ) from error
    return Path(folder)


def _check_vocoder(checkpoint: Path) -> None:
    """Refuses by the files alone, which takes no time, what no graphs can be made for."""
    if not (checkpoint / "config.json").is_file():
        raise NotSpokenByGraphsError(f"{checkpoint} is no checkpoint in a folder.")
    try:
        reference = json.loads((checkpoint / "config.json").read_text("utf-8")).get("vocoder", SOURCE_FILTER)
    except ValueError as error:
        raise NotSpokenByGraphsError(f"{checkpoint} cannot be read ({error}).") from error
    if reference == SOURCE_FILTER:
        return
    # not one from elsewhere, which may change unseen
    own = checkpoint / str(reference) / "config.json"
    if Path(str(reference)).is_absolute() or ".." in Path(str(reference)).parts or not own.is_file():
        raise NotSpokenByGraphsError(f"The vocoder {reference!r} needs PyTorch.")
    vocoder = json.loads(own.read_text("utf-8"))
    if vocoder.get("model_type") != "gpt2tts_source_filter" or vocoder.get("num_residual_layers"):
        raise NotSpokenByGraphsError(f"The vocoder {reference!r} needs PyTorch.")


def _kept_folder(checkpoint: Path, on_making: Callable[[], None], *, is_complete: bool = False) -> Path:
    """The folder that is kept of a checkpoint, made if there is none; of one that may still be written, after a while."""
    from huggingface_hub import cached_assets_path

    _check_vocoder(checkpoint)
    key, latest = _checkpoint_key(checkpoint)
    try:
        cache = cached_assets_path("gpt2tts", namespace="onnx", subfolder="checkpoints")
    except ValueError as error:  # a file where a folder should be
        raise OSError(f"The cache folder cannot be made ({error}): set `HF_ASSETS_CACHE` to another.") from error
    if (cache / key / SETTINGS_FILE).is_file():
        with suppress(OSError):
            os.utime(cache / key)  # what is used stays the longest
        return cache / key
    on_making()
    if not is_complete:  # whatever is written from then on has another time, whichever clock the file system has
        time.sleep(min(max(latest + SETTLED_SECONDS - time.time(), 0.0), SETTLED_SECONDS))
    with tempfile.TemporaryDirectory(dir=cache, prefix=PARTIAL_PREFIX) as partial:
        target = Path(partial, key)
        try:
            made = _read_checkpoint(checkpoint).write(target)
        except UNUSUAL as error:
            if is_complete:  # so far as it was fetched
                raise NotSpokenByGraphsError(f"PyTorch reads {checkpoint}: {error!r}") from error
            logger.info("PyTorch reads %s: %r", checkpoint, error)
            shutil.rmtree(target, ignore_errors=True)
            made = _export_by_torch(checkpoint, target, error)
        if _checkpoint_key(checkpoint)[0] != key:
            raise NotSpokenByGraphsError(f"{checkpoint} has changed while it was read.")
        with suppress(OSError):  # another program was faster
            made.rename(cache / key)
    clear_cache(cache, key, KEPT_FOLDERS)
    return cache / key


def _export_by_torch(checkpoint: Path, folder: Path, reason: Exception) -> Path:
    try:
        from .modeling_gpt2tts import GPT2TTSForTextToSpeech
        from .processing_gpt2tts import GPT2TTSProcessor
    except ImportError as error:
        raise ImportError(
            f"This checkpoint has to be prepared by PyTorch ({error}), for of its files alone it could not be ({reason!r}): "
            "install torch and transformers, or pass a folder that `export_onnx.py` wrote elsewhere."
        ) from error
    model = GPT2TTSForTextToSpeech.from_pretrained(checkpoint)
    return export_onnx(model, GPT2TTSProcessor.from_pretrained(checkpoint), folder)


__all__ = ["NotFetchedError", "NotSpokenByGraphsError", "OnnxSynthesizer", "export_files", "export_onnx"]
