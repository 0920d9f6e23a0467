"""
A model as ONNX graphs: the arithmetic of [`GPT2TTSForTextToSpeech`] in two graphs of few, fused operations over a static
key/value cache, with weights in 8 and 4 bits. [`GPT2TTSOnnxDecoder`] runs them.

A step of the model is a few hundred small operations in PyTorch, and takes longer to call than to compute. `prefix` reads
a voice into the cache, or one text after it, `step` makes the next group of a batch; `refiner`, where the model has one, tells
the fine spectra of groups, in full precision, since it is run once for all of them. The others' weights are rounded block by block,
and so is what they are multiplied by, each row by itself: a row comes out the same in every batch.
"""

import hashlib
import json
import os
import tempfile
import threading
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import torch
from huggingface_hub import cached_assets_path
from torch import nn
from transformers.utils import logging

from .files import clear_cache
from .frames_gpt2tts import FINE_FACTOR
from .onnx_decoder_gpt2tts import GRAPH_VERSION, GPT2TTSOnnxDecoder, import_onnxruntime

logger = logging.get_logger(__name__)

# Inputs of a weight matrix that share a scale, by the bits of a weight. In larger blocks of 4 bits ONNX Runtime sums two
# rows in another order than one.
BLOCK_SIZES = {8: 64, 4: 32}
# A step reads all of its weights for each group, which takes most of its time: those of its backbone have few bits, save
# the last MLPs, whose rounding is heard most.
STEP_BACKBONE_BITS = 4
PRECISE_MLPS = 2
OPSET, CONTRIB_OPSET, IR_VERSION = 20, 1, 10
KEPT_DECODERS = 8  # in the cache, of 15 MB each
# where the classes of plain GPT-2 are
KNOWN_MODULES = {"transformers.models.gpt2.modeling_gpt2", "transformers.pytorch_utils", "transformers.activations"}
# what fused kernels there are for
BACKBONE_ACTIVATIONS = ("gelu_new", "gelu_pytorch_tanh")


class _Graph:
    """
    An ONNX graph in the making: operations take names of values and give the name of a new one.

    Args:
        quantized (`bool`): Whether weights have few bits.
        is_batched (`bool`): Whether it reads rows of a batch, each of which has to come out as it would alone.
    """

    def __init__(self, quantized: bool, is_batched: bool):
        self.quantized, self.is_batched = quantized, is_batched
        self.nodes: list[Any] = []
        self.constants: dict[str, np.ndarray] = {}
        self.inputs: list[tuple[str, np.dtype, list]] = []
        self.outputs: list[tuple[str, list]] = []

    def input(self, name: str, shape: list, dtype: type = np.float32) -> str:
        self.inputs.append((name, np.dtype(dtype), shape))
        return name

    def output(self, name: str, value: str, shape: list):
        self.nodes.append(("Identity", [value], [name], "", {}))
        self.outputs.append((name, shape))

    def constant(self, value: Any, dtype: type | None = None) -> str:
        array = value.detach().numpy() if isinstance(value, torch.Tensor) else np.asarray(value, dtype)
        name = f"constant_{len(self.constants)}"
        self.constants[name] = np.asarray(array, order="C")
        return name

    def call(self, operator: str, *inputs: str, outputs: list[str] | None = None, **attributes: Any) -> str:
        domain, _, name = operator.rpartition(":")
        outputs = [f"value_{len(self.nodes)}"] if outputs is None else outputs
        self.nodes.append((name, list(inputs), outputs, domain, attributes))
        return outputs[0]

    def linear(self, value: str, weight: torch.Tensor, bias: torch.Tensor | None = None, *, bits: int = 8) -> str:
        """`value @ weight.T + bias`, for a weight `(out, in)`, which has so many `bits` in a graph of batches."""
        if not self.quantized:
            value = self.call("MatMul", value, self.constant(weight.T))
            return value if bias is None else self.call("Add", value, self.constant(bias))
        if not self.is_batched:
            # about twice as fast for a whole text, but has one scale for all that is multiplied
            steps, scales = quantize_channels(weight)
            inputs = [self.constant(steps.T), self.constant(scales)]
            if bias is not None:
                inputs += ["", self.constant(bias)]
            return self.call("com.microsoft:DynamicQuantizeMatMul", value, *inputs)
        blocks, scales = quantize_blocks(weight, bits)
        inputs = [self.constant(blocks), self.constant(scales)]
        if bias is not None:
            inputs += ["", "", self.constant(bias)]
        return self.call(
            "com.microsoft:MatMulNBits",
            value,
            *inputs,
            N=weight.shape[0],
            K=weight.shape[1],
            bits=bits,
            block_size=BLOCK_SIZES[bits],
            accuracy_level=4,  # multiply in 8 bits too
        )

    def layer_norm(self, value: str, norm: nn.LayerNorm) -> str:
        weights = self.constant(norm.weight), self.constant(norm.bias)
        return self.call("LayerNormalization", value, *weights, axis=-1, epsilon=norm.eps)

    def add_and_norm(self, value: str, other: str, norm: nn.LayerNorm) -> tuple[str, str]:
        """`value + other`, and that normalised."""
        # two operations: `SkipLayerNormalization` takes several times as long
        total = self.call("Add", value, other)
        return total, self.layer_norm(total, norm)

    def serialize(self) -> bytes:
        # by name: remote code is refused where a package that it imports is missing
        onnx = import_module("onnx")
        helper, tensor_proto = onnx.helper, onnx.TensorProto
        types = {
            np.dtype(np.float32): tensor_proto.FLOAT,
            np.dtype(np.int32): tensor_proto.INT32,
            np.dtype(np.int64): tensor_proto.INT64,
        }
        graph = helper.make_graph(
            [
                helper.make_node(name, inputs, outputs, domain=domain, **attributes)
                for name, inputs, outputs, domain, attributes in self.nodes
            ],
            "gpt2tts",
            [helper.make_tensor_value_info(name, types[dtype], shape) for name, dtype, shape in self.inputs],
            [helper.make_tensor_value_info(name, tensor_proto.FLOAT, shape) for name, shape in self.outputs],
            [onnx.numpy_helper.from_array(array, name) for name, array in self.constants.items()],
        )
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid("com.microsoft", CONTRIB_OPSET)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION).SerializeToString()


def quantize_blocks(weight: torch.Tensor, bits: int) -> tuple[np.ndarray, np.ndarray]:
    """
    A weight `(out, in)` in 8 or 4 bits, `BLOCK_SIZES[bits]` inputs to a scale: bytes `(out, blocks, bytes)`, where half of
    the range is zero and the first of two weights lies in the lower half of a byte, and the scales `(out, blocks)`.
    """
    array = weight.detach().numpy()
    block_size, half = BLOCK_SIZES[bits], 2 ** (bits - 1)
    padded = np.pad(array, ((0, 0), (0, -array.shape[1] % block_size)))
    blocks = padded.reshape(len(array), -1, block_size)
    # the largest, whatever its sign, is the lowest step: there is one more of those than of the highest
    largest = np.take_along_axis(blocks, np.abs(blocks).argmax(axis=-1, keepdims=True), axis=-1)
    units = np.divide(blocks, largest, out=np.zeros_like(blocks), where=largest != 0) * -half
    # or beyond it, where that brings the others nearer: the steps and the scale of the least squared error
    steps, scales, best = np.zeros_like(blocks), np.zeros_like(largest), np.full_like(largest, -1.0)
    for factor in np.linspace(1.0, 1.4, 5, dtype=np.float32):
        tried = np.rint(units * factor).clip(-half, half - 1)
        product = (tried * blocks).sum(axis=-1, keepdims=True)
        square = np.maximum((tried * tried).sum(axis=-1, keepdims=True), 1)
        explained = product * product / square
        is_better = explained > best
        steps, scales = np.where(is_better, tried, steps), np.where(is_better, product / square, scales)
        best = np.maximum(best, explained)
    steps = (steps + half).astype(np.uint8)
    return (steps if bits == 8 else steps[..., ::2] | steps[..., 1::2] << 4), scales[..., 0]


def quantize_channels(weight: torch.Tensor) -> tuple[np.ndarray, np.ndarray]:
    """A weight `(out, in)` in 8 bits, one scale for each output: `(out, in)`, and the scales `(out,)`."""
    array = weight.detach().numpy()
    scales = np.abs(array).max(axis=1) / 127
    return np.rint(array / np.where(scales > 0, scales, 1)[:, None]).astype(np.int8), scales


def _backbone(graph: _Graph, model: Any, hidden: str, *, is_prefix: bool) -> str:
    """GPT-2's layers over `hidden` `(B, S, H)`, which come after what the cache holds; of a prefix only the cache."""
    gpt2, config = model.model.gpt2, model.config.gpt2_config
    heads, size = config.n_head, config.n_embd // config.n_head
    lengths = graph.input("last_positions", ["batch"], np.int32)
    total = graph.input("total_length", [1], np.int32)
    extras: list[str] = []
    if is_prefix:
        # A sink that takes nothing: with one, attention over a whole text is computed as plain products of matrices, twice
        # as fast at these lengths as by blocks.
        extras = ["", "", "", "", graph.constant(np.full(heads, np.finfo(np.float32).min))]
    skip = ""
    for index, block in enumerate(gpt2.h):
        mlp_bits = 8 if index >= len(gpt2.h) - PRECISE_MLPS else STEP_BACKBONE_BITS
        if index == 0:
            residual, normed = hidden, graph.layer_norm(hidden, block.ln_1)
        else:
            residual, normed = graph.add_and_norm(hidden, skip, block.ln_1)
        shape = ["batch", heads, "capacity", size]
        past = [graph.input(f"{name}_{index}", shape) for name in ("keys", "values")]
        present = [f"next_{name}" for name in past]
        attended = graph.call(
            "com.microsoft:GroupQueryAttention",
            graph.linear(normed, block.attn.c_attn.weight.T, block.attn.c_attn.bias, bits=STEP_BACKBONE_BITS),
            *("", "", *past, lengths, total, *extras),
            outputs=[f"attended_{index}", *present],
            num_heads=heads,
            kv_num_heads=heads,
        )
        graph.outputs += [(name, shape) for name in present]
        if is_prefix and index == len(gpt2.h) - 1:
            return attended
        projected = graph.linear(attended, block.attn.c_proj.weight.T, block.attn.c_proj.bias, bits=STEP_BACKBONE_BITS)
        hidden, normed = graph.add_and_norm(residual, projected, block.ln_2)
        wide = graph.linear(normed, block.mlp.c_fc.weight.T, bits=mlp_bits)
        wide = graph.call("com.microsoft:FastGelu", wide, graph.constant(block.mlp.c_fc.bias))
        skip = graph.linear(wide, block.mlp.c_proj.weight.T, block.mlp.c_proj.bias, bits=mlp_bits)
    return graph.add_and_norm(hidden, skip, gpt2.ln_f)[1]


def _convolution(graph: _Graph, window: str, conv: nn.Conv1d) -> str:
    """A convolution of what lies at its taps, one after the other, `(B, T, taps * C)`."""
    return graph.linear(window, conv.weight.permute(0, 2, 1).flatten(1), conv.bias)


def _slice(graph: _Graph, value: str, start: int, stop: int, axis: int) -> str:
    return graph.call("Slice", value, *(graph.constant([bound], np.int64) for bound in (start, stop, axis)))


def _build_prefix(model: Any, quantized: bool) -> bytes:
    """
    A voice, or one text after it, to the cache; the voice to what is added at each step, the text to itself as a step reads
    it. What there is none of is of length 0.
    """
    backbone, size = model.model, model.config.hidden_size
    graph = _Graph(quantized, is_batched=False)
    ids = graph.input("input_ids", [1, "text"], np.int64)
    latents = graph.input("style_latents", [1, "latents", size])
    text = graph.call("Gather", graph.constant(backbone.gpt2.wte.weight), ids)
    for layer in backbone.text_convs:
        width = layer.conv.kernel_size[0]
        reach = width // 2
        padding = graph.constant([0, reach, 0, 0, reach, 0], np.int64)
        padded = graph.call("Pad", graph.layer_norm(text, layer.norm), padding)
        # to the end: 0 counts from the left, negative numbers from the right
        ends = [place - width + 1 or np.iinfo(np.int64).max for place in range(width)]
        windows = [_slice(graph, padded, place, end, 1) for place, end in enumerate(ends)]
        window = graph.call("Concat", *windows, axis=-1)
        text = graph.call("Add", text, graph.call("Gelu", _convolution(graph, window, layer.conv)))
    read = graph.linear(text, backbone.position_proj.weight, backbone.position_proj.bias)
    graph.output("text", read, [1, "text", size])

    kinds = backbone.kind_embeddings
    mean = graph.call("ReduceMean", latents, graph.constant([1], np.int64))
    mean = graph.call("MatMul", mean, graph.constant(backbone.style_proj.weight.T))
    mean = graph.call("Add", mean, graph.constant(backbone.style_proj.bias))
    graph.output("next_style", graph.call("Add", mean, graph.constant(kinds[2])), [1, 1, size])
    # which has the kind of what is said in it
    style = graph.call("Add", graph.input("style", [1, 1, size]), graph.constant(kinds[1] - kinds[2]))
    parts = []
    table = graph.constant(backbone.gpt2.wpe.weight)
    for part, added in ((latents, graph.constant(kinds[0])), (text, style)):
        length = graph.call("Shape", part, start=1, end=2)
        places = graph.call("Slice", table, graph.constant([0], np.int64), length, graph.constant([0], np.int64))
        parts.append(graph.call("Add", part, graph.call("Add", places, added)))
    _backbone(graph, model, graph.call("Concat", *parts, axis=1), is_prefix=True)
    return graph.serialize()


def _build_step(model: Any, quantized: bool) -> bytes:
    """The last group and the place of the next one in the text to that group, and how far the place moves after it."""
    backbone, config = model.model, model.config
    size = config.hidden_size
    graph = _Graph(quantized, is_batched=True)
    group = graph.input("group", ["batch", 1, config.group_size])
    index = graph.input("index", [1], np.int32)
    past = group
    for layer, linear in enumerate(backbone.prenet.layers):
        past = graph.call("Relu", graph.linear(past, linear.weight, linear.bias))
        mask = graph.input(f"dropout_mask_{layer}", ["batch", 1, config.prenet_hidden_size])
        past = graph.call("Mul", past, mask)
    past = graph.linear(past, backbone.prenet.output_proj.weight, backbone.prenet.output_proj.bias)
    is_first = graph.call("Equal", index, graph.constant([0], np.int32))
    past = graph.call("Where", is_first, graph.constant(backbone.start_embedding), past)

    # linear interpolation between the two nearest tokens: each counts by 1 - its distance
    text = graph.input("text", ["batch", "text", size])
    place = graph.input("place", ["batch", 1, 1])
    tokens = graph.input("tokens", ["text"])
    distance = graph.call("Abs", graph.call("Sub", place, tokens))
    shares = graph.call("Relu", graph.call("Sub", graph.constant([1.0], np.float32), distance))
    read = graph.call("MatMul", shares, text)
    position = graph.call("Gather", graph.constant(backbone.gpt2.wpe.weight), index)
    hidden = graph.call("Sum", graph.input("style", ["batch", 1, size]), position, past, read)
    hidden = _backbone(graph, model, hidden, is_prefix=False)

    if model.refiner is not None:
        graph.output("hidden", hidden, ["batch", 1, size])
    # not as a matrix product, which rounds in other ways for more rows
    step = graph.call("Mul", hidden, graph.constant(model.step_head.weight[0]))
    step = graph.call("ReduceSum", step, graph.constant([1, 2], np.int64), keepdims=0)
    graph.output("step", graph.call("Add", step, graph.constant(model.step_head.bias)), ["batch"])
    before = graph.linear(hidden, model.mel_head.weight, model.mel_head.bias)
    correction = before
    for layer, conv in enumerate(model.postnet.convs):
        width, channels = conv.kernel_size[0], conv.in_channels
        if layer > 0:
            correction = graph.call("Gelu", correction)
        if width == 1:
            correction = graph.linear(correction, conv.weight[..., 0], conv.bias)
            continue
        # what the convolution read at the groups before, one after the other
        shape = ["batch", 1, (width - 1) * channels]
        window = graph.call("Concat", graph.input(f"seen_{layer}", shape), correction, axis=-1)
        graph.output(f"next_seen_{layer}", _slice(graph, window, channels, width * channels, 2), shape)
        correction = _convolution(graph, window, conv)
    made = graph.call("Add", before, correction) if len(model.postnet.convs) else before
    graph.output("next_group", made, ["batch", 1, config.group_size])
    return graph.serialize()


def _build_refiner(model: Any) -> bytes:
    """Hidden states and normalised groups to normalised fine spectra, see [`GPT2TTSRefiner`]."""
    refiner, config = model.refiner, model.config
    graph = _Graph(quantized=False, is_batched=True)
    hidden = graph.input("hidden", ["batch", "groups", config.hidden_size])
    groups = graph.input("groups", ["batch", "groups", config.group_size])
    shape = [0, 0, config.reduction_factor, config.frame_size]
    frames = graph.call("Reshape", groups, graph.constant(shape, np.int64))
    frames = _slice(graph, frames, 0, config.n_mels, 3)
    following = [
        _slice(graph, frames, start, config.reduction_factor, 2) for start in (1, config.reduction_factor - 1)
    ]
    between = graph.call("Add", frames, graph.call("Concat", *following, axis=2))
    between = graph.call("Div", between, graph.constant(FINE_FACTOR, np.float32))
    interpolated = graph.call("Concat", frames, between, axis=3)
    interpolated = graph.call("Reshape", interpolated, graph.constant([0, 0, config.fine_size], np.int64))
    read = graph.call("Concat", hidden, groups, axis=2)
    wide = graph.call("Gelu", graph.linear(read, refiner.fc_in.weight, refiner.fc_in.bias))
    told = graph.linear(wide, refiner.fc_out.weight, refiner.fc_out.bias)
    graph.output("fine", graph.call("Add", interpolated, told), ["batch", "groups", config.fine_size])
    return graph.serialize()


def build_graphs(model: Any, *, quantized: bool = True) -> dict[str, bytes]:
    """
    The graphs `prefix` and `step` of a model, and `refiner` where it has one, as ONNX files.

    Args:
        model ([`GPT2TTSForTextToSpeech`]): A model that [`why_not`] has nothing against.
        quantized (`bool`, *optional*, defaults to `True`): Whether weights have few bits rather than 32.

    Raises:
        ImportError: If the package `onnx` is missing.
    """
    if find_spec("onnx") is None:
        raise ImportError("Making ONNX graphs needs the package `onnx`: `pip install onnx`.")
    graphs = {"prefix": _build_prefix(model, quantized), "step": _build_step(model, quantized)}
    return graphs if model.refiner is None else graphs | {"refiner": _build_refiner(model)}


def graph_names(model: Any) -> list[str]:
    """Names of the graphs that [`build_graphs`] makes of a model."""
    return ["prefix", "step"] + (["refiner"] if model.refiner is not None else [])


def why_not(model: Any) -> str | None:
    """The reason why a model cannot be spoken by ONNX Runtime, `None` where it can be."""
    config = model.config.gpt2_config
    heads = (model.mel_head, model.step_head, model.postnet, *(() if model.refiner is None else (model.refiner,)))
    parts = [module for part in (model.model, *heads) for module in part.modules()]
    for weight in model.parameters():
        if weight.is_inference():
            return "its weights were made in inference mode, where changes cannot be noticed"
        if weight.device.type != "cpu" or weight.dtype != torch.float32:
            return f"it has weights in {weight.dtype} on {weight.device}, not in float32 on the CPU"
    if model.training or model.model.training:
        return "it is in training mode: call `model.eval()`"
    if config.activation_function not in BACKBONE_ACTIVATIONS or model.config.hidden_act != "gelu":
        return "it has activations for which there are no fused kernels"
    if config.scale_attn_by_inverse_layer_idx or not config.scale_attn_weights or config.n_embd // config.n_head % 8:
        return "it has an unusual attention"
    # offloading replaces the method `forward` of a module, adapters the module
    known = {kind.__module__ for kind in type(model).__mro__} | KNOWN_MODULES
    if any(
        "forward" in vars(module)
        or not (type(module).__module__ in known or type(module).__module__.startswith("torch.nn.modules."))
        for module in parts
    ):
        return "its layers have been replaced, by adapters for instance"
    if any(module._forward_hooks or module._forward_pre_hooks for module in parts):
        return "its modules have hooks"
    return None


_lock = threading.Lock()
_decoders: "WeakKeyDictionary[nn.Module, tuple[Any, GPT2TTSOnnxDecoder]]" = WeakKeyDictionary()


def load_decoder(model: Any, *, required: bool = False, quantized: bool = True) -> "GPT2TTSOnnxDecoder | None":
    """
    The decoder of a model, made once as long as its weights stay what they are. That of weights as they were loaded is
    kept in the Hub's cache folder (`HF_ASSETS_CACHE`) for the next program.

    Args:
        model ([`GPT2TTSForTextToSpeech`]): On the CPU, in float32 and eval mode.
        required (`bool`, *optional*, defaults to `False`):
            Whether to raise an error where there can be none, rather than to return `None`, and to make one of weights
            that have changed since they were loaded, as those in training do.
        quantized (`bool`, *optional*, defaults to `True`): Whether weights have few bits rather than 32.

    Raises:
        ValueError: If it is required and the model cannot be spoken so.
        ImportError: If it is required and `onnxruntime` or `onnx` is missing.
    """
    state, is_changed = _state(model)
    is_loaded = bool(model.config._name_or_path) and not is_changed
    key = (state, torch.get_num_threads(), quantized)
    known, decoder = _decoders.get(model, (None, None))
    if known == key and (decoder is not None or not required) and (required or is_loaded):
        return decoder
    reason = why_not(model)
    if reason is not None and required:
        raise ValueError(f"ONNX Runtime cannot speak this model: {reason}. Pass `engine='torch'`.")
    if reason is not None or not (required or is_loaded):
        return None
    with _lock:
        known, decoder = _decoders.get(model, (None, None))
        if known == key and decoder is not None:  # another thread has made it meanwhile
            return decoder
        try:
            decoder = _make_decoder(model, quantized, keep=is_loaded)
        except ImportError as error:
            if required:
                raise
            logger.warning_once(f"Speech is made by PyTorch, several times slower than by ONNX Runtime: {error}")
            decoder = None
        _decoders[model] = key, decoder
    return decoder


def _make_decoder(model: Any, quantized: bool, *, keep: bool) -> "GPT2TTSOnnxDecoder":
    """The decoder of the graphs that were kept, else of new ones, which are then kept if they are to be."""
    import_onnxruntime()  # before anything is built and written
    num_threads = torch.get_num_threads()
    if keep:
        paths: dict[str, Path] = {}
        try:
            paths = _kept_graphs(model, quantized)
            return GPT2TTSOnnxDecoder({name: str(path) for name, path in paths.items()}, num_threads=num_threads)
        except ImportError:
            raise
        except Exception as error:  # of the file system, or of ONNX Runtime, which has classes of its own
            logger.info("Graphs are not kept: %s", error)
            for path in paths.values():
                with suppress(OSError):
                    path.unlink()
    return GPT2TTSOnnxDecoder(build_graphs(model, quantized=quantized), num_threads=num_threads)


def _state(model: nn.Module) -> tuple[list, bool]:
    """What would change if the model did, and whether a weight has since it was made."""
    state: list[Any] = []
    is_changed = False
    modules = [model]
    while modules:  # `named_modules` takes as long as two steps of the loop
        module = modules.pop()
        modules += filter(None, module._modules.values())
        state.append((type(module), module.training, len(module._forward_hooks), len(module._forward_pre_hooks)))
        for weight in filter(lambda weight: weight is not None, module._parameters.values()):
            version = 0 if weight.is_inference() else weight._version
            # a value too: what changes `weight.data` leaves no trace in the version. By NumPy, which takes less time; those
            # elsewhere or of other types are not spoken by graphs
            probe = 0.0
            if weight.is_cpu and weight.dtype == torch.float32 and weight.numel() > 0:
                probe = weight.detach().numpy().item(weight.numel() // 2)
            state.append((weight.data_ptr(), version, probe))
            is_changed = is_changed or version > 0
    return state, is_changed


def _kept_graphs(model: Any, quantized: bool) -> dict[str, Path]:
    """The files of a model's graphs in the cache, written if they are not there."""
    config = model.config
    backbone = config.gpt2_config
    settings = [GRAPH_VERSION, quantized]
    settings += [backbone.n_head, backbone.layer_norm_epsilon, config.layer_norm_eps]
    digest = hashlib.sha256(json.dumps(settings).encode())
    for name, weight in model.state_dict().items():
        digest.update(f"{name} {list(weight.shape)}".encode())
        digest.update(weight.contiguous().numpy())
    folder = cached_assets_path("gpt2tts", namespace="decoders", subfolder=digest.hexdigest()[:32])
    paths = {name: folder / f"{name}.onnx" for name in graph_names(model)}
    if not all(path.is_file() for path in paths.values()):
        for name, graph in build_graphs(model, quantized=quantized).items():
            # whole or absent, also where two programs write at once
            with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
                try:
                    file.write(graph)
                    file.flush()
                    os.chmod(file.name, 0o644)  # the cache may be of several users
                    os.replace(file.name, paths[name])
                except BaseException:
                    os.unlink(file.name)
                    raise
        clear_cache(folder.parent, folder.name, KEPT_DECODERS)
    return paths
