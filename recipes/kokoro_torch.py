"""
Kokoro-82M from its int8 ONNX file in plain PyTorch, for speech by the hour on one GPU.

The ONNX file holds weights in 8 bits and quantises every activation on the fly; here the weights are expanded once to
float32, the activations stay float32 (TF32 inside cuDNN), and the network is written out in few, large operations. A
batch of utterances of different length runs at once: every layer masks what lies behind the end of an utterance, so
that a clip comes out as it does alone. Lengths are padded to a multiple of `_BUCKET`, as cuDNN plans every convolution
anew for a shape it has not met.

Differences from the graph, all on purpose:

- Activations are not quantised: a duration may differ by a frame where it lay at the edge of rounding.
- The graph divides the overlapping windows of the inverse Fourier transform by their sum in the first 20 samples only,
  and there by the wrong sum. Here it is divided everywhere, which takes 3.5 dB (a factor of 1.5) off the level.
- The graph is free of noise, where the network was trained with noise in its excitation. It is added as in training.
"""

import importlib.resources
import json
import logging
import lzma
import math
import os
from collections.abc import Mapping, Sequence
from typing import ClassVar

import numpy as np
import torch
import torch.nn.functional as F

logger = logging.getLogger(__name__)

SAMPLING_RATE = 24000  # Hz
FRAME_SAMPLES = 600  # of a frame, the unit of durations: 25 ms
F0_SAMPLES = 300  # of a value of the F0 curve: 12.5 ms
MAX_TOKENS = 510  # without the two at the edges

_STYLE = 128  # values of a style for the decoder, and as many after them for the predictor
_EPSILON = 1e-5
_NUM_HARMONICS = 9
_SINE_LEVEL, _NOISE_VOICED, _NOISE_UNVOICED = 0.1, 0.003, 0.1 / 3
_MIN_VOICED_F0 = 10.0  # Hz
_NUM_FFT, _HOP = 20, 5
_NUM_BINS = _NUM_FFT // 2 + 1
_DILATIONS = (1, 3, 5)
_NUM_RESBLOCKS = 3  # beside each other after each upsampling
_BUCKET = 16  # frames, or tokens


def style_for(voice: np.ndarray, num_tokens: int) -> np.ndarray:
    """
    Style of a voice for an utterance of a length.

    Args:
        voice (`np.ndarray` of shape `(lengths, 1, 256)`): One style for each number of tokens from 1 on.
        num_tokens (`int`): Phoneme symbols of the utterance, without the two at the edges.

    Returns:
        `np.ndarray` of shape `(1, 256)`.
    """
    return voice[min(max(num_tokens, 1), len(voice)) - 1]


def blend(voices: Mapping[str, np.ndarray], weights: Mapping[str, float]) -> np.ndarray:
    """
    A voice between others.

    Args:
        voices (mapping of `str` to `np.ndarray` of shape `(lengths, 1, 256)`): Known voices.
        weights (mapping of `str` to `float`): Share of each voice in the blend; they need not add up to one.

    Returns:
        `np.ndarray` of shape `(lengths, 1, 256)`, with as many lengths as the shortest voice has.
    """
    total = sum(weights.values())
    if not weights or total <= 0:
        raise ValueError(f"Weights of a blend must have a positive sum, got {dict(weights)}")
    length = min(len(voices[name]) for name in weights)
    return sum(weight / total * voices[name][:length] for name, weight in weights.items()).astype(np.float32)


def resample(waveform: np.ndarray, num_samples: int, guard: int = 2400) -> np.ndarray:
    """
    Stretch a waveform to another number of samples by its spectrum, which moves every frequency by their ratio.

    Args:
        waveform (`np.ndarray` of shape `(samples,)`): Any signal that begins and ends close to silence.
        num_samples (`int`): Samples wanted.
        guard (`int`, *optional*, defaults to 2400):
            Least silence added, in samples, as the transform takes the signal for periodic.

    Returns:
        `np.ndarray` of shape `(num_samples,)`, float32.
    """
    if num_samples == len(waveform):
        return waveform.astype(np.float32)
    padded = -(-(len(waveform) + guard) // 2048) * 2048
    stretched = round(padded * num_samples / len(waveform))
    stretched += stretched % 2
    spectrum = np.fft.rfft(waveform, padded)
    kept = np.zeros(stretched // 2 + 1, spectrum.dtype)
    bins = min(len(kept), len(spectrum))
    kept[:bins] = spectrum[:bins]
    return (np.fft.irfft(kept, stretched)[:num_samples] * (stretched / padded)).astype(np.float32)


class _Weights:
    """Expanded weights of the ONNX file by the names of its layers."""

    def __init__(self, path: str | os.PathLike):
        import onnx
        from onnx import numpy_helper

        with (lzma.open if os.fspath(path).endswith(".xz") else open)(path, "rb") as file:
            graph = onnx.load_model_from_string(file.read()).graph
        self._values = {value.name: value for value in graph.initializer}
        self._nodes = {node.name: list(node.input) for node in graph.node}
        self._to_array = numpy_helper.to_array

    def __getitem__(self, name: str) -> np.ndarray:
        return np.array(self._to_array(self._values[name]))

    def has(self, node: str) -> bool:
        """Whether the graph has a node."""
        return node in self._nodes

    def _expand(self, quantized: str, zero_point: str) -> np.ndarray:
        scale = self[quantized.removesuffix("_quantized") + "_scale"]
        values, zero = self[quantized].astype(np.float32), self[zero_point].astype(np.float32)
        if scale.ndim == 1 and values.ndim == 3:  # an LSTM, with one scale for each direction
            scale, zero = scale[:, None, None], zero[:, None, None]
        return (values - zero) * scale

    def embedding(self, name: str) -> np.ndarray:
        """Table of shape `(entries, size)`; the zero point of every table is 0."""
        return self[f"{name}.weight_quantized"].astype(np.float32) * self[f"{name}.weight_scale"]

    def linear(self, node: str, bias: str) -> tuple[np.ndarray, np.ndarray]:
        """Weight `(out, in)` and bias of a matrix product."""
        name = node + "/MatMul_quant" if node + "/MatMul_quant" in self._nodes else node + "/Gemm_MatMul_quant"
        inputs = self._nodes[name]
        return np.ascontiguousarray(self._expand(inputs[1], inputs[3]).T), self[bias]

    def conv(self, node: str, bias: str | None) -> tuple[np.ndarray, np.ndarray | None]:
        """Weight `(out, in, kernel)` and bias of a convolution."""
        inputs = self._nodes[node + "/Conv_quant"]
        return self._expand(inputs[1], inputs[3]), None if bias is None else self[bias]

    def plain(self, node: str) -> tuple[np.ndarray, np.ndarray]:
        """Weight and bias of a layer that the file holds in float32."""
        inputs = self._nodes[node]
        return self[inputs[1]], self[inputs[2]]

    def matrix(self, node: str, index: int) -> np.ndarray:
        """Constant that enters a node of the graph."""
        return self[self._nodes[node][index]]

    def lstm(self, node: str) -> torch.nn.LSTM:
        """Bidirectional LSTM; ONNX orders gates i, o, f, c and PyTorch i, f, c, o."""
        inputs = self._nodes[node + "/LSTM_quant"]
        inner = self._expand(inputs[1], inputs[9]), self._expand(inputs[2], inputs[11])
        size = inner[1].shape[1]
        order = np.concatenate([np.arange(size) + size * gate for gate in (0, 2, 3, 1)])
        lstm = torch.nn.LSTM(inner[0].shape[1], size, batch_first=True, bidirectional=True)
        biases = self[inputs[3]]  # (2, 8 * size): of the input, then of the state
        with torch.no_grad():
            for direction, suffix in enumerate(("", "_reverse")):
                for name, weight in zip(("ih", "hh"), inner, strict=True):
                    getattr(lstm, f"weight_{name}_l0{suffix}").copy_(torch.from_numpy(weight[direction].T[order]))
                for name, bias in zip(("ih", "hh"), np.split(biases[direction], 2), strict=True):
                    getattr(lstm, f"bias_{name}_l0{suffix}").copy_(torch.from_numpy(bias[order]))
        return lstm.requires_grad_(False).eval()


def _moments(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Biased variance and mean over time of x `(B, C, T)`, `(B, C, 1)` each."""
    if x.is_cuda or x.dtype != torch.float32:
        return torch.var_mean(x, -1, correction=0, keepdim=True)
    # on a CPU `torch.var_mean` takes ten times as long, a sixth of all time
    mean = x.mean(-1, keepdim=True)
    return x.square().mean(-1, keepdim=True) - mean * mean, mean


class _Fused:
    """
    Element-wise formulas as one kernel each on CUDA, compiled when first used, and in plain PyTorch elsewhere.

    `norm_*` complete an adaptive instance norm. Their arguments are x `(B, C, T)`, zero where masked; mean and biased
    variance of its padded rows, weight and bias, all `(B, C, 1)`; the mask `(B, 1, T)`; and `(B, 1, 1)` the ratio of
    padded to true length, which turns the moments of the padded row into those of the utterance.
    """

    _NORM = (
        "T m = mean * ratio; T v = (var + mean * mean) * ratio - m * m; v = v > T(0) ? v : T(0);"
        f"T y = (x - m) / sqrt(v + T({_EPSILON})) * weight + bias;"
    )
    _CODE: ClassVar[dict[str, str]] = {
        "norm_leaky": "template <typename T>"
        " T norm_leaky(T x, T mean, T var, T weight, T bias, T mask, T ratio) {"
        f" {_NORM} return (y > T(0) ? y : T(0.2) * y) * mask; }}",
        "norm_snake": "template <typename T>"
        " T norm_snake(T x, T mean, T var, T weight, T bias, T alpha, T mask, T ratio) {"
        f" {_NORM} T s = sin(alpha * y); return (y + s * s / alpha) * mask; }}",
        "bias_mask": "template <typename T> T bias_mask(T x, T bias, T mask) { return (x + bias) * mask; }",
        "bias_mask_add": "template <typename T> T bias_mask_add(T x, T bias, T mask, T y) {"
        " return (x + bias) * mask + y; }",
    }

    def __init__(self, device: torch.device):
        self._kernels = {}
        if device.type != "cuda":
            return
        x, mean, mask = (torch.rand(shape, device=device) for shape in ((2, 3, 8), (2, 3, 1), (2, 1, 8)))
        norm = (x, mean, mean + 1, mean, mean)
        ratio = 1 + mask[..., :1]
        arguments = {
            "norm_leaky": (*norm, mask, ratio),
            "norm_snake": (*norm, mean[:1] + 0.5, mask, ratio),
            "bias_mask": (x, mean[:1], mask),
            "bias_mask_add": (x, mean[:1], mask, x),
        }
        try:
            kernels = {name: torch.cuda.jiterator._create_jit_fn(code) for name, code in self._CODE.items()}
            for name, kernel in kernels.items():
                torch.testing.assert_close(kernel(*arguments[name]), getattr(self, name)(*arguments[name]))
            self._kernels = kernels
        except Exception as error:  # whatever the compiler of this machine lacks
            logger.warning("No fused kernels, synthesis is slower: %s", error)

    @staticmethod
    def _norm(x, mean, var, weight, bias, ratio):
        true_mean = mean * ratio
        true_var = ((var + mean * mean) * ratio - true_mean * true_mean).clamp_min(0)
        scale = weight * torch.rsqrt(true_var + _EPSILON)
        return torch.addcmul(bias - true_mean * scale, x, scale)

    def norm_leaky(self, x, mean, var, weight, bias, mask, ratio):
        if self._kernels:
            return self._kernels["norm_leaky"](x, mean, var, weight, bias, mask, ratio)
        return F.leaky_relu_(self._norm(x, mean, var, weight, bias, ratio), 0.2).mul_(mask)

    def norm_snake(self, x, mean, var, weight, bias, alpha, mask, ratio):
        if self._kernels:
            return self._kernels["norm_snake"](x, mean, var, weight, bias, alpha, mask, ratio)
        y = self._norm(x, mean, var, weight, bias, ratio)
        return y.add_((y * alpha).sin_().square_().div_(alpha)).mul_(mask)

    def bias_mask(self, x, bias, mask):
        if self._kernels:
            return self._kernels["bias_mask"](x, bias, mask)
        return (x + bias).mul_(mask)

    def bias_mask_add(self, x, bias, mask, y):
        if self._kernels:
            return self._kernels["bias_mask_add"](x, bias, mask, y)
        return (x + bias).mul_(mask).add_(y)


class _Lengths:
    """Lengths of the utterances of a batch at one resolution: the mask `(B, 1, T)` and the ratio `(B, 1, 1)`."""

    def __init__(self, lengths: torch.Tensor, padded: int):
        self.mask = (torch.arange(padded, device=lengths.device) < lengths[:, None]).float()[:, None]
        self.ratio = (padded / lengths.float())[:, None, None]


class KokoroTorch:
    """
    Kokoro-82M on a device.

    Args:
        model_path (`str` or `os.PathLike`): The int8 ONNX file (92 MB), or that file packed by `xz` (60 MB).
        device (`str` or `torch.device`): Where it runs.

    Attributes:
        vocab (`dict[str, int]`): Phoneme symbols and their ids, those of the package `hibari-tts`.
    """

    def __init__(self, model_path: str | os.PathLike, device: str | torch.device):
        self.device = torch.device(device)
        vocab = importlib.resources.files("hibari").joinpath("assets", "vocab.json")
        self.vocab: dict[str, int] = json.loads(vocab.read_text(encoding="utf-8"))
        self._fused = _Fused(self.device)
        weights = _Weights(model_path)
        with torch.inference_mode():
            self._load_text(weights)
            self._load_predictor(weights)
            self._load_decoder(weights)

    def _tensor(self, array: np.ndarray | None) -> torch.Tensor | None:
        return None if array is None else torch.tensor(array, dtype=torch.float32, device=self.device)

    def _pair(self, arrays: Sequence[np.ndarray | None]) -> tuple[torch.Tensor | None, ...]:
        return tuple(self._tensor(array) for array in arrays)

    def _conv(self, weights: _Weights, node: str, bias: str | None) -> tuple[torch.Tensor, torch.Tensor | None]:
        """A convolution, its bias of shape `(1, out, 1)` so that it can be added with the mask."""
        weight, offset = self._pair(weights.conv(node, bias))
        return weight, None if offset is None else offset[None, :, None]

    def _lstm(self, weights: _Weights, node: str) -> torch.nn.LSTM:
        lstm = weights.lstm(node).to(self.device)
        lstm.flatten_parameters()
        return lstm

    def _load_text(self, weights: _Weights) -> None:
        bert, prefix = "encoder.bert.embeddings", "/encoder/bert/encoder"
        layer, name = (
            f"{prefix}/albert_layer_groups.0/albert_layers.0",
            "encoder.bert.encoder.albert_layer_groups.0.albert_layers.0",
        )
        positions = (
            weights.embedding(f"{bert}.position_embeddings") + weights.embedding(f"{bert}.token_type_embeddings")[:1]
        )
        self._bert_words = self._tensor(weights.embedding(f"{bert}.word_embeddings"))
        self._bert_positions = self._tensor(positions)
        self._bert_norm = self._pair((weights[f"{bert}.LayerNorm.weight"], weights[f"{bert}.LayerNorm.bias"]))
        self._bert_in = self._pair(
            weights.linear(
                f"{prefix}/embedding_hidden_mapping_in", "encoder.bert.encoder.embedding_hidden_mapping_in.bias"
            )
        )
        attention = [
            weights.linear(f"{layer}/attention/{part}", f"{name}.attention.{part}.bias")
            for part in ("query", "key", "value")
        ]
        self._bert_attention = self._pair([np.concatenate(parts) for parts in zip(*attention, strict=True)])
        self._bert_dense = self._pair(weights.linear(f"{layer}/attention/dense", f"{name}.attention.dense.bias"))
        self._bert_ffn = self._pair(weights.linear(f"{layer}/ffn", f"{name}.ffn.bias"))
        self._bert_ffn_out = self._pair(weights.linear(f"{layer}/ffn_output", f"{name}.ffn_output.bias"))
        self._bert_norms = [
            self._pair((weights[f"{name}.{norm}.weight"], weights[f"{name}.{norm}.bias"]))
            for norm in ("attention.LayerNorm", "full_layer_layer_norm")
        ]
        self._bert_out = self._pair(weights.linear("/encoder/bert_encoder", "encoder.bert_encoder.bias"))

        text = "encoder.text_encoder"
        self._text_embedding = self._tensor(weights.embedding(f"{text}.embedding"))
        self._text_convs = [
            (
                self._pair(weights.conv(f"/encoder/text_encoder/cnn.{i}/cnn.{i}.0", f"{text}.cnn.{i}.0.bias")),
                self._pair((weights[f"{text}.cnn.{i}.1.gamma"], weights[f"{text}.cnn.{i}.1.beta"])),
            )
            for i in range(3)
        ]
        self._text_lstm = self._lstm(weights, "/encoder/text_encoder/lstm")

    def _load_norms(
        self, weights: _Weights, norms: Sequence[tuple[str, str]]
    ) -> tuple[torch.Tensor, torch.Tensor, list]:
        """All projections of a style as one, with 1 added to every scale, and the sizes of its parts."""
        parts = [weights.linear(node, bias) for node, bias in norms]
        for _, bias in parts:
            bias[: len(bias) // 2] += 1.0
        sizes = [len(bias) for _, bias in parts]
        return (*self._pair([np.concatenate(arrays) for arrays in zip(*parts, strict=True)]), sizes)

    def _load_block(self, weights: _Weights, node: str, name: str) -> dict:
        """Residual block of the predictor or the decoder."""
        block = {
            "conv1": self._conv(weights, f"{node}/conv1", f"{name}.conv1.bias"),
            "conv2": self._conv(weights, f"{node}/conv2", f"{name}.conv2.bias"),
            "shortcut": None,
            "pool": None,
        }
        if weights.has(f"{node}/conv1x1/Conv_quant"):
            block["shortcut"] = self._conv(weights, f"{node}/conv1x1", None)[0]
        if weights.has(f"{node}/pool/ConvTranspose"):
            block["pool"] = self._pair(weights.plain(f"{node}/pool/ConvTranspose"))
        return block

    def _load_predictor(self, weights: _Weights) -> None:
        root, name = "/encoder/predictor", "encoder.predictor"
        norms = [(f"{root}/text_encoder/lstms.{i}/fc", f"{name}.text_encoder.lstms.{i}.fc.bias") for i in (1, 3, 5)]
        norms += [
            (f"/encoder/{curve}.{i}/norm{k}/fc", f"{name}.{curve}.{i}.norm{k}.fc.bias")
            for curve in ("F0", "N")
            for i in range(3)
            for k in (1, 2)
        ]
        self._predictor_norms = self._load_norms(weights, norms)
        self._predictor_lstms = [self._lstm(weights, f"{root}/text_encoder/lstms.{i}") for i in (0, 2, 4)]
        self._duration_lstm = self._lstm(weights, f"{root}/lstm")
        self._duration = self._pair(
            weights.linear(f"{root}/duration_proj/linear_layer", f"{name}.duration_proj.linear_layer.bias")
        )
        self._shared_lstm = self._lstm(weights, "/encoder/shared")
        self._curves = [
            (
                [self._load_block(weights, f"/encoder/{curve}.{i}", f"{name}.{curve}.{i}") for i in range(3)],
                self._conv(weights, f"/encoder/{curve}_proj", f"{name}.{curve}_proj.bias"),
            )
            for curve in ("F0", "N")
        ]

    def _load_decoder(self, weights: _Weights) -> None:
        root, name = "/decoder/decoder", "decoder.decoder"
        blocks = ["encode", *(f"decode.{i}" for i in range(4))]
        norms = [(f"{root}/{b}/norm{k}/fc", f"{name}.{b}.norm{k}.fc.bias") for b in blocks for k in (1, 2)]
        residuals = [f"generator.noise_res.{i}" for i in range(2)] + [f"generator.resblocks.{i}" for i in range(6)]
        norms += [
            (f"{root}/{r}/adain{k}.{i}/fc", f"{name}.{r}.adain{k}.{i}.fc.bias".replace("/", "."))
            for r in (r.replace("generator.", "generator/") for r in residuals)
            for i in range(3)
            for k in (1, 2)
        ]
        self._decoder_norms = self._load_norms(weights, norms)
        self._asr = self._conv(weights, f"{root}/asr_res/asr_res.0", f"{name}.asr_res.0.bias")
        self._curve_convs = [self._conv(weights, f"{root}/{c}_conv", f"{name}.{c}_conv.bias") for c in ("F0", "N")]
        self._blocks = [self._load_block(weights, f"{root}/{b}", f"{name}.{b}") for b in blocks]

        generator, name = f"{root}/generator", f"{name}.generator"
        self._source = (
            self._tensor(weights.matrix(f"{generator}/m_source/l_linear/MatMul", 1)).reshape(1, -1, 1),
            float(weights[f"{name}.m_source.l_linear.bias"][0]),
        )
        self._source_norm = float(self._source[0].norm())
        self._harmonics = torch.arange(1, _NUM_HARMONICS + 1, device=self.device, dtype=torch.float64)[None, :, None]
        self._noise_convs = [
            self._conv(weights, f"{generator}/noise_convs.{i}", f"{name}.noise_convs.{i}.bias") for i in range(2)
        ]
        self._residuals = [
            [
                tuple(
                    (
                        *self._conv(
                            weights,
                            f"{root}/{r.replace('.', '/', 1)}/convs{k}.{i}",
                            f"decoder.decoder.{r}.convs{k}.{i}.bias",
                        ),
                        self._tensor(weights[f"decoder.decoder.{r}.alpha{k}.{i}"]),
                    )
                    for k in (1, 2)
                )
                for i in range(3)
            ]
            for r in residuals
        ]
        self._ups = [self._pair(weights.plain(f"{generator}/ups.{i}/ConvTranspose")) for i in range(2)]
        self._post = self._pair(weights.plain(f"{generator}/conv_post/Conv"))

        # both Fourier transforms as matrices
        samples, bins = np.arange(_NUM_FFT), np.arange(_NUM_BINS)
        window = 0.5 - 0.5 * np.cos(2 * np.pi * samples / _NUM_FFT)
        turn = (np.outer(samples, bins) % _NUM_FFT) / _NUM_FFT * 2 * np.pi
        sine = np.where(np.outer(samples, bins) % (_NUM_FFT // 2) == 0, 0.0, np.sin(turn))
        basis = np.concatenate([np.cos(turn), -sine], axis=1) * window[:, None]
        self._analysis = torch.tensor(basis, dtype=torch.float64, device=self.device)  # (20, 22)
        synthesis = weights[f"{name}.stft.istft.stft.inverse_basis"][:, 0] * (_NUM_FFT / _HOP)
        self._synthesis = self._tensor(synthesis)  # (22, 20)
        self._window_power = self._tensor(window**2)

    def token_ids(self, phonemes: str) -> list[int]:
        """Ids of phoneme symbols with the one at either edge; `ValueError` for unknown symbols and for too many."""
        unknown = sorted(set(phonemes) - self.vocab.keys())
        if unknown:
            raise ValueError(f"Symbols that Kokoro does not know: {unknown}")
        if not 1 <= len(phonemes) <= MAX_TOKENS:
            raise ValueError(f"Between 1 and {MAX_TOKENS} symbols can be said at once, got {len(phonemes)}")
        return [0, *(self.vocab[symbol] for symbol in phonemes), 0]

    def synthesize_batch(
        self, phonemes: Sequence[str], styles: Sequence[np.ndarray], speeds: Sequence[float], seeds: Sequence[int]
    ) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """
        Say several utterances at once, fastest when they are about equally long.

        Args:
            phonemes (sequence of `str`): Symbols of misaki's alphabet, of one utterance each.
            styles (sequence of `np.ndarray` of shape `(1, 256)`): One for each utterance, see [`style_for`].
            speeds (sequence of `float`): What the durations of each are divided by.
            seeds (sequence of `int`): Of the noise in the excitation of each.

        Returns:
            For each utterance waveform (`(samples,)` float32 at 24 kHz), durations in seconds of the tokens with both edges
            (`(len(phonemes) + 2,)` float32, multiples of 25 ms that add up to the waveform) and F0 in Hz every 12.5 ms
            (`(samples / 300,)` float32; not cut off in unvoiced sounds, where it falls to values about 0).
        """
        ids = [self.token_ids(symbols) for symbols in phonemes]
        if not len(ids) == len(styles) == len(speeds) == len(seeds):
            raise ValueError("There must be as many styles, speeds and seeds as utterances")
        if not ids:
            return []
        with torch.inference_mode():
            style = self._tensor(np.stack([np.asarray(style, np.float32).reshape(-1) for style in styles]))
            predictor = self._style_norms(self._predictor_norms, style[:, _STYLE:])
            lengths = [len(row) for row in ids]
            tokens = torch.zeros(len(ids), self._padded(max(lengths)), dtype=torch.long)
            for row, values in zip(tokens, ids, strict=True):
                row[: len(values)] = torch.tensor(values)
            tokens = tokens.to(self.device)
            mask = (torch.arange(tokens.shape[1]) < torch.tensor(lengths)[:, None]).to(self.device)

            encoded = self._encode_prosody(tokens, mask, lengths, style, predictor)
            hidden = self._run_lstm(self._duration_lstm, encoded, lengths)
            spread = F.linear(hidden, *self._duration).sigmoid().sum(-1) / self._tensor(np.array(speeds))[:, None]
            frames = spread.round().clamp_min(1.0).cpu().numpy()  # the one wait for the device before the end
            frames = [row[:length].astype(np.int64) for row, length in zip(frames, lengths, strict=True)]

            totals = [int(row.sum()) for row in frames]
            padded = self._padded(max(totals))
            index = np.zeros((len(ids), padded), np.int64)
            for row, counts in zip(index, frames, strict=True):
                row[: counts.sum()] = np.repeat(np.arange(len(counts)), counts)
            index = torch.from_numpy(index).to(self.device)
            sizes = torch.tensor(totals).to(self.device)
            steps = [_Lengths(sizes, padded), _Lengths(2 * sizes, 2 * padded)]

            text = self._encode_text(tokens, mask, lengths)
            prosody = self._spread(encoded, index)
            f0, energy = self._predict_curves(self._run_lstm(self._shared_lstm, prosody, totals), steps, predictor[3:])
            aligned = self._spread(text, index).transpose(1, 2) * steps[0].mask
            decoder = self._style_norms(self._decoder_norms, style[:, :_STYLE])
            hidden = self._decode(aligned, f0, energy, steps, decoder[:10])
            waveform = self._generate(hidden, f0, sizes, totals, decoder[10:], seeds)
            waveform, f0 = waveform.cpu().numpy(), f0[:, 0].cpu().numpy()
        return [
            (
                waveform[i, : total * FRAME_SAMPLES].copy(),
                (frames[i] * (FRAME_SAMPLES / SAMPLING_RATE)).astype(np.float32),
                f0[i, : total * FRAME_SAMPLES // F0_SAMPLES].copy(),
            )
            for i, total in enumerate(totals)
        ]

    @staticmethod
    def _padded(length: int) -> int:
        return -(-length // _BUCKET) * _BUCKET

    @staticmethod
    def _style_norms(norms: tuple, style: torch.Tensor) -> list[tuple[torch.Tensor, torch.Tensor]]:
        """Scale and shift, each `(B, C, 1)`, of every norm for styles `(B, 128)`."""
        weight, bias, sizes = norms
        parts = F.linear(style, weight, bias)[..., None].split(sizes, dim=1)
        return [part.chunk(2, dim=1) for part in parts]

    @staticmethod
    def _run_lstm(lstm: torch.nn.LSTM, x: torch.Tensor, lengths: Sequence[int]) -> torch.Tensor:
        """`(B, T, in)` to `(B, T, out)`, the backward direction starting from the end of each utterance."""
        if len(lengths) == 1:
            return F.pad(lstm(x[:, : lengths[0]])[0], (0, 0, 0, x.shape[1] - lengths[0]))
        packed = torch.nn.utils.rnn.pack_padded_sequence(x, torch.tensor(lengths), True, enforce_sorted=False)
        return torch.nn.utils.rnn.pad_packed_sequence(lstm(packed)[0], True, total_length=x.shape[1])[0]

    @staticmethod
    def _spread(x: torch.Tensor, index: torch.Tensor) -> torch.Tensor:
        """Rows of x `(B, T, C)` repeated as index `(B, F)` says: `(B, F, C)`."""
        return x.gather(1, index[..., None].expand(-1, -1, x.shape[2]))

    def _encode_prosody(self, tokens, mask, lengths, style, norms) -> torch.Tensor:
        """Tokens `(B, T)` to `(B, T, 640)`: what durations and pitch are predicted from."""
        batch, length = tokens.shape
        x = F.embedding(tokens, self._bert_words) + self._bert_positions[:length]
        x = F.linear(F.layer_norm(x, x.shape[-1:], *self._bert_norm, 1e-12), *self._bert_in)
        allowed = mask[:, None, None]
        for _ in range(12):  # one layer, twelve times
            heads = F.linear(x, *self._bert_attention).view(batch, length, 3, 12, 64).permute(2, 0, 3, 1, 4)
            attended = F.scaled_dot_product_attention(*heads, attn_mask=allowed)
            attended = F.linear(attended.transpose(1, 2).flatten(2), *self._bert_dense)
            x = F.layer_norm(x + attended, x.shape[-1:], *self._bert_norms[0], 1e-12)
            inner = F.gelu(F.linear(x, *self._bert_ffn), approximate="tanh")
            x = F.layer_norm(x + F.linear(inner, *self._bert_ffn_out), x.shape[-1:], *self._bert_norms[1], 1e-12)
        x = F.linear(x, *self._bert_out)
        speaker = style[:, None, _STYLE:].expand(-1, length, -1)
        for lstm, (scale, shift) in zip(self._predictor_lstms, norms[:3], strict=True):
            x = F.layer_norm(self._run_lstm(lstm, torch.cat([x, speaker], -1), lengths), x.shape[-1:], eps=_EPSILON)
            x = torch.addcmul(shift.transpose(1, 2), x, scale.transpose(1, 2))
        return torch.cat([x, speaker], -1)

    def _encode_text(self, tokens, mask, lengths) -> torch.Tensor:
        """Tokens `(B, T)` to `(B, T, 512)`: what is said."""
        mask = mask[..., None]
        x = F.embedding(tokens, self._text_embedding) * mask
        for (weight, bias), norm in self._text_convs:
            x = F.conv1d(x.transpose(1, 2), weight, bias, padding=weight.shape[2] // 2).transpose(1, 2)
            x = F.leaky_relu(F.layer_norm(x, x.shape[-1:], *norm, _EPSILON), 0.2) * mask
        return self._run_lstm(self._text_lstm, x, lengths)

    def _run_block(self, block: dict, x, before: _Lengths, after: _Lengths, norms) -> torch.Tensor:
        """Residual block on x `(B, C, T)`, zero behind the ends; twice as long after it where it has a pool."""
        fused = self._fused
        var, mean = _moments(x)
        y = fused.norm_leaky(x, mean, var, *norms[0], before.mask, before.ratio)
        if block["pool"] is not None:
            weight, bias = block["pool"]
            y = (
                F.conv_transpose1d(y, weight, bias, stride=2, padding=1, output_padding=1, groups=len(weight))
                * after.mask
            )
            x = x.repeat_interleave(2, dim=2)
        weight, bias = block["conv1"]
        y = fused.bias_mask(F.conv1d(y, weight, padding=1), bias, after.mask)
        var, mean = _moments(y)
        y = fused.norm_leaky(y, mean, var, *norms[1], after.mask, after.ratio)
        if block["shortcut"] is not None:
            x = F.conv1d(x, block["shortcut"])
        weight, bias = block["conv2"]
        return fused.bias_mask_add(F.conv1d(y, weight, padding=1), bias, after.mask, x).mul_(math.sqrt(0.5))

    def _predict_curves(self, hidden, steps, norms) -> list[torch.Tensor]:
        """Hidden states `(B, F, 512)` to F0 in Hz and energy, each `(B, 1, 2 F)`."""
        curves = []
        for i, (blocks, (weight, bias)) in enumerate(self._curves):
            x = hidden.transpose(1, 2).contiguous()
            for k, block in enumerate(blocks):
                pair = norms[6 * i + 2 * k : 6 * i + 2 * k + 2]
                x = self._run_block(block, x, steps[k // 2], steps[(k + 1) // 2], pair)
            curves.append(self._fused.bias_mask(F.conv1d(x, weight), bias, steps[1].mask))
        return curves

    def _decode(self, aligned, f0, energy, steps, norms) -> torch.Tensor:
        """What is said `(B, 512, F)` and its curves to the hidden states `(B, 512, 2 F)` of the generator."""
        frame, half = steps
        curves = [
            self._fused.bias_mask(F.conv1d(curve, weight, stride=2, padding=1), bias, frame.mask)
            for curve, (weight, bias) in zip((f0, energy), self._curve_convs, strict=True)
        ]
        residual = self._fused.bias_mask(F.conv1d(aligned, self._asr[0]), self._asr[1], frame.mask)
        x = self._run_block(self._blocks[0], torch.cat([aligned, *curves], 1), frame, frame, norms[:2])
        for i, block in enumerate(self._blocks[1:], 1):
            after = half if block["pool"] is not None else frame
            x = self._run_block(block, torch.cat([x, residual, *curves], 1), frame, after, norms[2 * i : 2 * i + 2])
        return x

    def _excite(self, f0, sizes, totals, seeds) -> torch.Tensor:
        """F0 in Hz `(B, 1, 2 F)` to the spectrum `(B, 22, 120 F + 1)` of a signal of its harmonics."""
        step = f0.double() * self._harmonics / SAMPLING_RATE
        cycles = (step - step.floor()).cumsum(-1) * F0_SAMPLES
        cycles = F.interpolate(cycles, scale_factor=float(F0_SAMPLES), mode="linear")
        sines = (cycles - cycles.floor()).float().mul_(2 * math.pi).sin_()
        weight, bias = self._source
        voiced = (f0 > _MIN_VOICED_F0).float().repeat_interleave(F0_SAMPLES, dim=2)
        signal = (sines * (weight * _SINE_LEVEL)).sum(1, keepdim=True) * voiced
        # nine independent channels through one projection: a single one of the same power
        draw = torch.zeros_like(signal)
        for row, total, seed in zip(draw, totals, seeds, strict=True):
            generator = torch.Generator(self.device).manual_seed(seed)
            row[:, : total * FRAME_SAMPLES].normal_(generator=generator)
        signal = signal + draw * (_NOISE_UNVOICED + (_NOISE_VOICED - _NOISE_UNVOICED) * voiced) * self._source_norm
        signal = torch.tanh(signal + bias)[:, 0]

        # reflected at both ends of each utterance
        half = _NUM_FFT // 2
        position = torch.arange(-half, signal.shape[1] + half, device=self.device).abs()
        last = sizes[:, None] * FRAME_SAMPLES - 1
        position = torch.minimum(position, 2 * last - position).clamp_min_(0)
        windows = signal.gather(1, position).double().unfold(1, _NUM_FFT, _HOP)
        real, imaginary = (windows @ self._analysis).float().transpose(1, 2).chunk(2, dim=1)
        imaginary = imaginary.where(imaginary != 0, 0.0)  # no negative zero: the angle of a negative number is pi
        return torch.cat([torch.hypot(real, imaginary), torch.atan2(imaginary, real)], 1)

    def _run_residual(self, layers, x, moments, lengths: _Lengths, norms) -> torch.Tensor:
        """Residual block of the generator on x `(B, C, T)`, zero behind the ends; moments are those of x."""
        fused = self._fused
        for i, ((weight1, bias1, alpha1), (weight2, bias2, alpha2)) in enumerate(layers):
            var, mean = _moments(x) if moments is None else moments
            moments = None
            y = fused.norm_snake(x, mean, var, *norms[2 * i], alpha1, lengths.mask, lengths.ratio)
            reach = weight1.shape[2] // 2
            y = F.conv1d(y, weight1, padding=reach * _DILATIONS[i], dilation=_DILATIONS[i])
            y = fused.bias_mask(y, bias1, lengths.mask)
            var, mean = _moments(y)
            y = fused.norm_snake(y, mean, var, *norms[2 * i + 1], alpha2, lengths.mask, lengths.ratio)
            x = fused.bias_mask_add(F.conv1d(y, weight2, padding=reach), bias2, lengths.mask, x)
        return x

    def _generate(self, x, f0, sizes, totals, norms, seeds) -> torch.Tensor:
        """Hidden states `(B, 512, 2 F)` and F0 to samples `(B, 600 F)`."""
        padded = x.shape[2] // 2
        spectral = _Lengths(120 * sizes + 1, 120 * padded + 1)
        steps = [_Lengths(20 * sizes, 20 * padded), spectral]
        source = self._excite(f0, sizes, totals, seeds) * spectral.mask
        norms = [norms[i : i + 6] for i in range(0, len(norms), 6)]
        for i, lengths in enumerate(steps):
            weight, bias = self._noise_convs[i]
            stride = 6 if i == 0 else 1
            added = F.conv1d(source, weight, stride=stride, padding=3 if i == 0 else 0)
            added = self._fused.bias_mask(added, bias, lengths.mask)
            added = self._run_residual(self._residuals[i], added, None, lengths, norms[i])
            weight, bias = self._ups[i]
            stride = weight.shape[2] // 2
            x = F.conv_transpose1d(F.leaky_relu(x, 0.1), weight, stride=stride, padding=stride // 2)
            if i == 1:
                x = F.pad(x, (1, 0), mode="reflect")
            x = self._fused.bias_mask_add(x, bias[None, :, None], lengths.mask, added)
            moments = _moments(x)
            first = 2 + _NUM_RESBLOCKS * i
            total = None
            for k in range(first, first + _NUM_RESBLOCKS):
                y = self._run_residual(self._residuals[k], x, moments, lengths, norms[k])
                total = y if total is None else total.add_(y)
            x = total.div_(_NUM_RESBLOCKS)
        weight, bias = self._post
        level, phase = F.conv1d(F.leaky_relu_(x, 0.01), weight, bias, padding=weight.shape[2] // 2).chunk(2, dim=1)
        level, phase = level.exp() * spectral.mask, phase.sin()
        parts = torch.cat([level * phase.cos(), level * phase.sin()], 1).transpose(1, 2) @ self._synthesis
        power = spectral.mask.transpose(1, 2) * self._window_power
        half = _NUM_FFT // 2
        summed, power = (self._overlap(p)[:, half : half + FRAME_SAMPLES * padded] for p in (parts, power))
        return summed / power.clamp_min(1e-3)

    @staticmethod
    def _overlap(windows: torch.Tensor) -> torch.Tensor:
        """Windows `(B, T, 20)`, 5 samples apart, added up: `(B, 5 T + 15)`."""
        batch, length, size = windows.shape
        count = size // _HOP
        out = windows.new_zeros(batch, length + count - 1, _HOP)
        for i in range(count):
            out[:, i : i + length] += windows[..., i * _HOP : (i + 1) * _HOP]
        return out.flatten(1)


def change_tract(
    waveform: np.ndarray, durations: np.ndarray, f0: np.ndarray, tract: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """
    Play an utterance faster by a factor, which a vocal tract shorter by it would sound like.

    Args:
        waveform (`np.ndarray` of shape `(samples,)`): Samples at 24 kHz, said at `1 / tract` of the rate wanted.
        durations (`np.ndarray` of shape `(tokens,)`): Seconds.
        f0 (`np.ndarray` of shape `(samples / 300,)`): Hz every 12.5 ms.
        tract (`float`): The factor.

    Returns:
        The same three, at 24 kHz, in seconds and in Hz every 12.5 ms.
    """
    num_samples = round(len(waveform) / tract)
    centres = (np.arange(-(-num_samples // F0_SAMPLES)) + 0.5) * tract - 0.5
    return (
        resample(waveform, num_samples),
        (durations * (num_samples / len(waveform))).astype(np.float32),
        (f0[np.clip(np.rint(centres).astype(np.int64), 0, len(f0) - 1)] * tract).astype(np.float32),
    )
