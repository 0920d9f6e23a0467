"""
Runs the graphs of [`build_graphs`] by ONNX Runtime, in NumPy's memory: `prefix` reads a voice into a key/value cache, or
one text after it, `step` makes the next group of a batch, `refiner` tells the fine spectra of groups, `encoder` the voice of a
clip. Needs neither PyTorch nor transformers.
"""

import functools
import mmap
import os
import platform
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any, Protocol

import numpy as np

MIN_ONNXRUNTIME = (1, 23)  # the first whose attention knows sinks
GRAPH_VERSION = 11  # of what `build_graphs` makes of the same weights, and of what is run here
STEPS_DRAWN = 16  # for whose dropout numbers are drawn at once
KEPT_VOICES = 32  # as they were read, of 0.2 MB each
NUMPY_TYPES = {"tensor(float)": np.float32, "tensor(int32)": np.int32, "tensor(int64)": np.int64}


def import_onnxruntime() -> ModuleType:
    """
    The package `onnxruntime`.

    Raises:
        ImportError: If it is missing or too old.
    """
    # from 1.29 on it reports to Microsoft what runs; the package sees to that on import, remote code has only this
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    try:
        import onnxruntime
    except ImportError as error:
        raise ImportError("ONNX Runtime is missing: `pip install onnxruntime`.") from error
    if tuple(map(int, onnxruntime.__version__.split(".")[:2])) < MIN_ONNXRUNTIME:
        wanted = ".".join(map(str, MIN_ONNXRUNTIME))
        raise ImportError(f"ONNX Runtime is too old: `pip install 'onnxruntime>={wanted}'`.")
    return onnxruntime


@functools.cache
def adds_exactly() -> bool:
    """
    Whether the processor is known to add products of 8 bits without overflow, as those of ARM and those with VNNI do. On
    others ONNX Runtime has to be told to, and takes longer.
    """
    if platform.machine().lower() not in ("x86_64", "amd64", "i386", "i686", "x86"):
        return True
    try:
        with open("/proc/cpuinfo", encoding="ascii") as lines:
            flags = next((line for line in lines if line.startswith("flags")), "")
    except (OSError, ValueError):  # not of Linux
        return False
    return "vnni" in flags


class Uniform(Protocol):
    """A source of what is drawn, such as [`SeededUniform`]."""

    def rand(self, *shape: int) -> np.ndarray:
        """Uniform numbers, at least 0 and below 1, float32."""


class GPT2TTSOnnxDecoder:
    """
    The graphs of a model, ready to run.

    Args:
        graphs (`Mapping[str, bytes | str]`): What [`build_graphs`] made, or paths of files of it.
        num_threads (`int`): CPU threads that read a text.
    """

    def __init__(self, graphs: Mapping[str, bytes | str], *, num_threads: int):
        onnxruntime = import_onnxruntime()

        def load(graph: bytes | str, threads: int) -> Any:
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = threads
            # a thread that waits busily takes a core from the vocoder
            options.add_session_config_entry("session.intra_op.allow_spinning", "0")
            if not adds_exactly():
                options.add_session_config_entry("session.x64quantprecision", "1")
            return onnxruntime.InferenceSession(
                graph,
                options,
                providers=["CPUExecutionProvider"],
                disabled_optimizers=["SkipLayerNormFusion"],  # what it makes is slower
            )

        # the operations of a step are too short to be shared: it takes longer to wake a thread
        self.prefix, self.step = load(graphs["prefix"], num_threads), load(graphs["step"], 1)
        self._refiner = load(graphs["refiner"], num_threads) if "refiner" in graphs else None
        # few voices are of recordings: it is loaded for the first, when its file may have made room for others
        encoder: Any = graphs["encoder"]
        if isinstance(encoder, str):
            with open(encoder, "rb") as file:
                encoder = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._load_encoder = functools.cache(lambda: load(bytes(encoder), num_threads))
        self._read_latents = functools.lru_cache(KEPT_VOICES)(self._read_new_latents)

    @property
    def refine(self) -> Callable[[np.ndarray, np.ndarray], np.ndarray] | None:
        """What makes fine spectra, see [`FrameScale`]; `None` where the model has no refiner."""
        session = self._refiner
        if session is None:
            return None
        return lambda hidden_states, groups: session.run(None, {"hidden": hidden_states, "groups": groups})[0]

    def encode(self, spectrogram: np.ndarray) -> np.ndarray:
        """
        Log-mels of a clip `(frames, n_mels)`, `max_reference_frames` at most, to its style latents, `(num_style_latents,
        hidden_size)`.
        """
        features = np.ascontiguousarray(spectrogram[None], np.float32)
        return self._load_encoder().run(None, {"spectrogram": features})[0][0]

    def read_voice(self, style_latents: np.ndarray) -> tuple[dict[str, np.ndarray], np.ndarray]:
        """
        What comes of a voice `(num_style_latents, hidden_size)`: the beginning of the cache, `(1, num_heads,
        num_style_latents, head_size)` by name, and what is added at each step, `(1, 1, hidden_size)`. It is read once, and
        kept for the next text.
        """
        return self._read_latents(style_latents.tobytes())

    def _read_new_latents(self, style_latents: bytes) -> tuple[dict[str, np.ndarray], np.ndarray]:
        shapes = {each.name: each.shape for each in self.prefix.get_inputs()}
        latents = np.frombuffer(style_latents, np.float32).reshape(1, -1, shapes["style_latents"][-1])
        sizes = {"batch": 1, "capacity": latents.shape[1]}
        cache = {
            name: np.empty([sizes.get(size, size) for size in shape], np.float32)
            for name, shape in shapes.items()
            if "capacity" in shape
        }
        style = np.zeros((1, 1, latents.shape[2]), np.float32)
        self._read(cache, 0, np.empty((1, 0), np.int64), latents, style, {"next_style": style})
        return cache, style

    def read_text(
        self, input_ids: np.ndarray, num_seen: int, style: np.ndarray, cache: dict[str, np.ndarray]
    ) -> np.ndarray:
        """
        Tokens `(1, length)` to what a step reads of them, `(1, length, hidden_size)`, and into the cache after the
        `num_seen` entries of a voice, whose `style` [`read_voice`] gave.
        """
        text = np.empty((1, input_ids.shape[1], style.shape[2]), np.float32)
        self._read(cache, num_seen, input_ids, style[:, :0], style, {"text": text})
        return text

    def _read(
        self,
        cache: dict[str, np.ndarray],
        num_seen: int,
        input_ids: np.ndarray,
        style_latents: np.ndarray,
        style: np.ndarray,
        outputs: dict[str, np.ndarray],
    ) -> None:
        length = np.array([num_seen + input_ids.shape[1] + style_latents.shape[1]], np.int32)
        inputs = {"input_ids": input_ids, "style_latents": style_latents, "style": style}
        inputs |= {"last_positions": length - 1, "total_length": length}
        binding = bind_memory(self.prefix, inputs | cache, outputs | {f"next_{name}": cache[name] for name in cache})
        self.prefix.run_with_iobinding(binding)


class OnnxSpeech:
    """
    A batch that is being spoken by graphs: the cache, and what else goes from step to step. A [`GroupMaker`].

    Args:
        decoder ([`GPT2TTSOnnxDecoder`]): The graphs.
        input_ids (`np.ndarray` of shape `(batch_size, length)`): Tokens of the texts, right-padded, int64.
        num_tokens (`np.ndarray` of shape `(batch_size,)`): How many of them each text has.
        style_latents (`np.ndarray` of shape `(batch_size, num_style_latents, hidden_size)`): Voices, float32.
        max_groups (`int`): Groups that a row may have.
        prenet_dropout (`float`): Dropout of the prenet.
        uniform (sequence of [`Uniform`]): What draws it: one, or one a row.
    """

    def __init__(
        self,
        decoder: GPT2TTSOnnxDecoder,
        input_ids: np.ndarray,
        num_tokens: np.ndarray,
        style_latents: np.ndarray,
        *,
        max_groups: int,
        prenet_dropout: float,
        uniform: Sequence[Uniform],
    ):
        (batch_size, length), num_latents = input_ids.shape, style_latents.shape[1]
        sizes = {"batch": batch_size, "text": length, "capacity": num_latents + length + max_groups}
        self.session, self.refine = decoder.step, decoder.refine
        shapes = {each.name: each.shape for each in self.session.get_inputs()}
        types = {each.name: NUMPY_TYPES[each.type] for each in self.session.get_inputs()}
        self.of_rows = [name for name, shape in shapes.items() if shape[0] == "batch"]
        self.of_cache = [name for name, shape in shapes.items() if "capacity" in shape]
        # the memory that the graph reads, and writes the same things of the next step to: it reads them first; of the
        # cache only what was written
        self.memory = {
            name: (np.empty if name in self.of_cache else np.zeros)(
                [sizes.get(size, size) for size in shape], types[name]
            )
            for name, shape in shapes.items()
        }
        self.batch_size, self.rows = batch_size, np.arange(batch_size)
        # row by row: a text is long enough to use the processor's width, and padding costs nothing
        for row, tokens in enumerate(num_tokens.tolist()):
            beginning, style = decoder.read_voice(style_latents[row])
            cache = {name: self.memory[name][row : row + 1] for name in self.of_cache}
            for name, values in beginning.items():
                cache[name][:, :, :num_latents] = values
            ids = np.ascontiguousarray(input_ids[row : row + 1, :tokens])
            self.memory["style"][row] = style[0]
            self.memory["text"][row, :tokens] = decoder.read_text(ids, num_latents, style, cache)[0]
        self.memory["tokens"][:] = np.arange(length)
        # one array, so that one addition counts them all
        self.counts = np.zeros(2 + batch_size, np.int32)
        names = ("index", "total_length", "last_positions")
        self.memory.update(zip(names, np.split(self.counts, [1, 2]), strict=True))
        self.memory["last_positions"][:] = num_latents + num_tokens
        self.rate, self.uniform = prenet_dropout, uniform
        # one block of memory for those of all layers; the first step has read nothing that could be dropped
        layers = [name for name in shapes if name.startswith("dropout_mask_")]
        self.masks = np.ones((len(layers), batch_size, 1, shapes[layers[0]][-1] if layers else 0), np.float32)
        self.memory.update(zip(layers, self.masks, strict=True))
        self.drawn: list[np.ndarray] = []
        self._bind()

    def _bind(self) -> None:
        self.memory["total_length"][:] = self.memory["last_positions"].max() + 1
        self.moved = np.zeros(len(self.rows), np.float32)
        self.place, self.made = self.memory["place"][:, 0, 0], [self.memory["group"][:, 0]]
        memory = {**self.memory, "step": self.moved}
        outputs = {}
        for each in self.session.get_outputs():
            if each.name == "hidden":  # is not read again
                memory["hidden"] = np.zeros((len(self.rows), *each.shape[1:]), np.float32)
                self.made.append(memory["hidden"][:, 0])
            outputs[each.name] = memory[each.name.removeprefix("next_")]
        self.binding = bind_memory(self.session, self.memory, outputs)

    def __call__(self, place: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """See [`GroupMaker`]."""
        self.place[:] = place
        if self.rate and len(self.masks) and self.counts[0]:
            if not self.drawn:
                self.drawn = self._draw()
            self.masks[:] = self.drawn.pop()
        self.session.run_with_iobinding(self.binding)
        self.counts += 1
        # softplus not in the graph, where it depends on the number of rows
        return np.concatenate(self.made, axis=-1), np.logaddexp(self.moved, np.float32(0))

    def keep(self, rows: np.ndarray) -> None:
        """See [`GroupMaker`]."""
        self.rows = self.rows[rows]
        for to, row in enumerate(rows.tolist()):
            if to == row:
                continue
            used = (slice(None), slice(int(self.memory["last_positions"][row])))
            for name in self.of_rows:
                place = used if name in self.of_cache else ()
                self.memory[name][(to, *place)] = self.memory[name][(row, *place)]
        for name in self.of_rows:
            self.memory[name] = self.memory[name][: len(rows)]
        self.masks = self.masks[:, : len(rows)]
        self.drawn = [masks[:, rows] for masks in self.drawn]
        self._bind()

    def _draw(self) -> list[np.ndarray]:
        """Dropout masks of the next steps, the last one first, of the very numbers that the prenet would draw."""
        layers, _, _, size = self.masks.shape
        if len(self.uniform) == 1:
            drawn = self.uniform[0].rand(STEPS_DRAWN, layers, self.batch_size, 1, size)[:, :, self.rows]
        else:
            rows = [self.uniform[row].rand(STEPS_DRAWN, layers, 1, 1, size) for row in self.rows.tolist()]
            drawn = np.concatenate(rows, axis=2)
        return list(np.multiply(drawn >= self.rate, np.float32(1) / np.float32(max(1 - self.rate, 1e-6)))[::-1])


def bind_memory(session: Any, inputs: Mapping[str, np.ndarray], outputs: Mapping[str, np.ndarray]) -> Any:
    """A binding of a session's inputs and outputs to the memory of arrays, which have to outlive it."""
    binding = session.io_binding()
    for bind, arrays in ((binding.bind_input, inputs), (binding.bind_output, outputs)):
        for name, array in arrays.items():
            assert array.flags.c_contiguous
            bind(name, "cpu", 0, array.dtype, array.shape, array.ctypes.data)
    return binding


__all__ = ["GRAPH_VERSION", "GPT2TTSOnnxDecoder", "OnnxSpeech", "Uniform", "import_onnxruntime"]
