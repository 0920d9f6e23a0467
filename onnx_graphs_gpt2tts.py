"""
A model as ONNX graphs: the arithmetic of [`GPT2TTSForTextToSpeech`] in two graphs of few, fused operations over a static
key/value cache, with weights in 8 and 4 bits, and in two of full precision. [`GPT2TTSOnnxDecoder`] runs them.

A step of the model is a few hundred small operations in PyTorch, and takes longer to call than to compute. `prefix` reads
a voice into the cache, or one text after it, `step` makes the next group of a batch; `refiner`, where the model has one, tells
the fine spectra of groups, since it is run once for all of them in full precision, and `encoder` the voice of a clip, too. The
others' weights are rounded block by block, and so is what they are multiplied by, each row by itself: a row comes out the same in
every batch.

They are made of the weights by their names and of the configuration: it needs neither PyTorch nor transformers.
"""

import itertools
from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from .frames_gpt2tts import FINE_FACTOR

# Inputs of a weight matrix that share a scale, by the bits of a weight. In larger blocks of 4 bits ONNX Runtime sums two
# rows in another order than one.
BLOCK_SIZES = {8: 64, 4: 32}
# A step reads all of its weights for each group, which takes most of its time: those of its backbone have few bits, save
# the last MLPs, whose rounding is heard most.
STEP_BACKBONE_BITS = 4
PRECISE_MLPS = 2
OPSET, CONTRIB_OPSET, IR_VERSION = 20, 1, 10
# what fused kernels there are for
BACKBONE_ACTIVATIONS = ("gelu_new", "gelu_pytorch_tanh")


class _Graph:
    """
    An ONNX graph in the making: operations take names of values and give the name of a new one.

    Args:
        weights (`Mapping[str, np.ndarray]`): The model's weights by name.
        quantized (`bool`): Whether weights have few bits.
        is_batched (`bool`): Whether it reads rows of a batch, each of which has to come out as it would alone.
    """

    def __init__(self, weights: Mapping[str, np.ndarray], *, quantized: bool, is_batched: bool):
        self.weights, self.quantized, self.is_batched = weights, quantized, is_batched
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
        name = f"constant_{len(self.constants)}"
        self.constants[name] = np.asarray(value, dtype, order="C")
        return name

    def call(self, operator: str, *inputs: str, outputs: list[str] | None = None, **attributes: Any) -> str:
        domain, _, name = operator.rpartition(":")
        outputs = [f"value_{len(self.nodes)}"] if outputs is None else outputs
        self.nodes.append((name, list(inputs), outputs, domain, attributes))
        return outputs[0]

    def layers(self, name: str) -> list[str]:
        """Names of the modules of a list, as `model.text_convs.0`."""
        names = (f"{name}.{number}" for number in itertools.count())
        begun = {".".join(weight.split(".")[: name.count(".") + 2]) for weight in self.weights}
        return list(itertools.takewhile(begun.__contains__, names))

    def dense(self, value: str, name: str) -> str:
        """A linear layer."""
        return self.linear(value, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"])

    def gpt2_dense(
        self, value: str, name: str, *, bits: int, with_bias: bool = True, factors: np.ndarray | float = 1.0
    ) -> str:
        """A linear layer of GPT-2, whose weight is `(in, out)`, times `factors` `(out,)`."""
        weight, bias = (self.weights[f"{name}.{kind}"] * factors for kind in ("weight", "bias"))
        return self.linear(value, weight.T, bias if with_bias else None, bits=bits)

    def convolution(self, window: str, name: str) -> str:
        """A convolution of what lies at its taps, one after the other, `(B, T, taps * C)`."""
        weight = self.weights[f"{name}.weight"]
        return self.linear(window, weight.transpose(0, 2, 1).reshape(len(weight), -1), self.weights[f"{name}.bias"])

    def linear(self, value: str, weight: np.ndarray, bias: np.ndarray | None = None, *, bits: int = 8) -> str:
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

    def layer_norm(self, value: str, name: str, epsilon: float) -> str:
        weights = self.constant(self.weights[f"{name}.weight"]), self.constant(self.weights[f"{name}.bias"])
        return self.call("LayerNormalization", value, *weights, axis=-1, epsilon=epsilon)

    def add_and_norm(self, value: str, other: str, name: str, epsilon: float) -> tuple[str, str]:
        """`value + other`, and that normalised."""
        # two operations: `SkipLayerNormalization` takes several times as long
        total = self.call("Add", value, other)
        return total, self.layer_norm(total, name, epsilon)

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


def quantize_blocks(weight: np.ndarray, bits: int) -> tuple[np.ndarray, np.ndarray]:
    """
    A weight `(out, in)` in 8 or 4 bits, `BLOCK_SIZES[bits]` inputs to a scale: bytes `(out, blocks, bytes)`, where half of
    the range is zero and the first of two weights lies in the lower half of a byte, and the scales `(out, blocks)`.
    """
    block_size, half = BLOCK_SIZES[bits], 2 ** (bits - 1)
    padded = np.pad(weight, ((0, 0), (0, -weight.shape[1] % block_size)))
    blocks = padded.reshape(len(weight), -1, block_size)
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


def quantize_channels(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A weight `(out, in)` in 8 bits, one scale for each output: `(out, in)`, and the scales `(out,)`."""
    scales = np.abs(weight).max(axis=1) / 127
    return np.rint(weight / np.where(scales > 0, scales, 1)[:, None]).astype(np.int8), scales


def _backbone(graph: _Graph, config: Any, hidden: str, *, is_prefix: bool) -> str:
    """GPT-2's layers over `hidden` `(B, S, H)`, which come after what the cache holds; of a prefix only the cache."""
    gpt2 = config.gpt2_config
    heads, size, epsilon = gpt2.n_head, gpt2.n_embd // gpt2.n_head, gpt2.layer_norm_epsilon
    lengths = graph.input("last_positions", ["batch"], np.int32)
    total = graph.input("total_length", [1], np.int32)
    # A sink that takes nothing: with one, attention is computed as plain products of matrices, at these lengths twice as fast
    # for a text as by blocks. The weights scale the queries: a product that has a factor is packed first, even of a single row.
    sink = graph.constant(np.full(heads, np.finfo(np.float32).min))
    factors = np.repeat(np.array([size**-0.5, 1.0, 1.0], np.float32), gpt2.n_embd)
    skip = ""
    blocks = graph.layers("model.gpt2.h")
    for index, block in enumerate(blocks):
        mlp_bits = 8 if index >= len(blocks) - PRECISE_MLPS else STEP_BACKBONE_BITS
        if index == 0:
            residual, normed = hidden, graph.layer_norm(hidden, f"{block}.ln_1", epsilon)
        else:
            residual, normed = graph.add_and_norm(hidden, skip, f"{block}.ln_1", epsilon)
        shape = ["batch", heads, "capacity", size]
        past = [graph.input(f"{name}_{index}", shape) for name in ("keys", "values")]
        present = [f"next_{name}" for name in past]
        attended = graph.call(
            "com.microsoft:GroupQueryAttention",
            graph.gpt2_dense(normed, f"{block}.attn.c_attn", bits=STEP_BACKBONE_BITS, factors=factors),
            *("", "", *past, lengths, total, "", "", "", "", sink),
            outputs=[f"attended_{index}", *present],
            num_heads=heads,
            kv_num_heads=heads,
            scale=1.0,
        )
        graph.outputs += [(name, shape) for name in present]
        if is_prefix and index == len(blocks) - 1:
            return attended
        projected = graph.gpt2_dense(attended, f"{block}.attn.c_proj", bits=STEP_BACKBONE_BITS)
        hidden, normed = graph.add_and_norm(residual, projected, f"{block}.ln_2", epsilon)
        wide = graph.gpt2_dense(normed, f"{block}.mlp.c_fc", bits=mlp_bits, with_bias=False)
        wide = graph.call("com.microsoft:FastGelu", wide, graph.constant(graph.weights[f"{block}.mlp.c_fc.bias"]))
        skip = graph.gpt2_dense(wide, f"{block}.mlp.c_proj", bits=mlp_bits)
    return graph.add_and_norm(hidden, skip, "model.gpt2.ln_f", epsilon)[1]


def _slice(graph: _Graph, value: str, start: int, stop: int, axis: int) -> str:
    return graph.call("Slice", value, *(graph.constant([bound], np.int64) for bound in (start, stop, axis)))


def _begin(graph: _Graph, table: str, value: str) -> str:
    """As many rows of a table, from the first on, as `value` `(B, length, ...)` has."""
    start = graph.constant([0], np.int64)
    return graph.call("Slice", table, start, graph.call("Shape", value, start=1, end=2), start)


def _build_prefix(weights: Mapping[str, np.ndarray], config: Any, quantized: bool) -> bytes:
    """
    A voice, or one text after it, to the cache; the voice to what is added at each step, the text to itself as a step reads
    it. What there is none of is of length 0.
    """
    size = config.gpt2_config.n_embd
    graph = _Graph(weights, quantized=quantized, is_batched=False)
    ids = graph.input("input_ids", [1, "text"], np.int64)
    latents = graph.input("style_latents", [1, "latents", size])
    text = graph.call("Gather", graph.constant(weights["model.gpt2.wte.weight"]), ids)
    for layer in graph.layers("model.text_convs"):
        width = weights[f"{layer}.conv.weight"].shape[2]
        reach = width // 2
        padding = graph.constant([0, reach, 0, 0, reach, 0], np.int64)
        padded = graph.call("Pad", graph.layer_norm(text, f"{layer}.norm", config.layer_norm_eps), padding)
        # to the end: 0 counts from the left, negative numbers from the right
        ends = [place - width + 1 or np.iinfo(np.int64).max for place in range(width)]
        windows = [_slice(graph, padded, place, end, 1) for place, end in enumerate(ends)]
        window = graph.call("Concat", *windows, axis=-1)
        text = graph.call("Add", text, graph.call("Gelu", graph.convolution(window, f"{layer}.conv")))
    graph.output("text", graph.dense(text, "model.position_proj"), [1, "text", size])

    kinds = weights["model.kind_embeddings"]
    mean = graph.call("ReduceMean", latents, graph.constant([1], np.int64))
    mean = graph.call("MatMul", mean, graph.constant(weights["model.style_proj.weight"].T))
    mean = graph.call("Add", mean, graph.constant(weights["model.style_proj.bias"]))
    graph.output("next_style", graph.call("Add", mean, graph.constant(kinds[2])), [1, 1, size])
    # which has the kind of what is said in it
    style = graph.call("Add", graph.input("style", [1, 1, size]), graph.constant(kinds[1] - kinds[2]))
    parts = []
    table = graph.constant(weights["model.gpt2.wpe.weight"])
    for part, added in ((latents, graph.constant(kinds[0])), (text, style)):
        parts.append(graph.call("Add", part, graph.call("Add", _begin(graph, table, part), added)))
    _backbone(graph, config, graph.call("Concat", *parts, axis=1), is_prefix=True)
    return graph.serialize()


def _build_step(weights: Mapping[str, np.ndarray], config: Any, quantized: bool) -> bytes:
    """The last group and the place of the next one in the text to that group, and how far the place moves after it."""
    size = config.gpt2_config.n_embd
    group_size = (config.n_mels + 2) * config.reduction_factor
    graph = _Graph(weights, quantized=quantized, is_batched=True)
    group = graph.input("group", ["batch", 1, group_size])
    index = graph.input("index", [1], np.int32)
    past = group
    for number, layer in enumerate(graph.layers("model.prenet.layers")):
        past = graph.call("Relu", graph.dense(past, layer))
        mask = graph.input(f"dropout_mask_{number}", ["batch", 1, len(weights[f"{layer}.bias"])])
        past = graph.call("Mul", past, mask)
    past = graph.dense(past, "model.prenet.output_proj")
    is_first = graph.call("Equal", index, graph.constant([0], np.int32))
    past = graph.call("Where", is_first, graph.constant(weights["model.start_embedding"]), past)

    # linear interpolation between the two nearest tokens: each counts by 1 - its distance
    text = graph.input("text", ["batch", "text", size])
    place = graph.input("place", ["batch", 1, 1])
    tokens = graph.input("tokens", ["text"])
    distance = graph.call("Abs", graph.call("Sub", place, tokens))
    shares = graph.call("Relu", graph.call("Sub", graph.constant([1.0], np.float32), distance))
    read = graph.call("MatMul", shares, text)
    position = graph.call("Gather", graph.constant(weights["model.gpt2.wpe.weight"]), index)
    hidden = graph.call("Sum", graph.input("style", ["batch", 1, size]), position, past, read)
    hidden = _backbone(graph, config, hidden, is_prefix=False)

    if has_refiner(weights):
        graph.output("hidden", hidden, ["batch", 1, size])
    # not as a matrix product, which rounds in other ways for more rows
    step = graph.call("Mul", hidden, graph.constant(weights["step_head.weight"][0]))
    step = graph.call("ReduceSum", step, graph.constant([1, 2], np.int64), keepdims=0)
    graph.output("step", graph.call("Add", step, graph.constant(weights["step_head.bias"])), ["batch"])
    before = graph.dense(hidden, "mel_head")
    correction = before
    convs = graph.layers("postnet.convs")
    for number, conv in enumerate(convs):
        _, channels, width = weights[f"{conv}.weight"].shape
        if number > 0:
            correction = graph.call("Gelu", correction)
        if width == 1:
            correction = graph.convolution(correction, conv)
            continue
        # what the convolution read at the groups before, one after the other
        shape = ["batch", 1, (width - 1) * channels]
        window = graph.call("Concat", graph.input(f"seen_{number}", shape), correction, axis=-1)
        graph.output(f"next_seen_{number}", _slice(graph, window, channels, width * channels, 2), shape)
        correction = graph.convolution(window, conv)
    made = graph.call("Add", before, correction) if convs else before
    graph.output("next_group", made, ["batch", 1, group_size])
    return graph.serialize()


def _build_refiner(weights: Mapping[str, np.ndarray], config: Any) -> bytes:
    """Hidden states and normalised groups to normalised fine spectra, see [`GPT2TTSRefiner`]."""
    frame_size, fine_size = config.n_mels + 2, FINE_FACTOR * config.n_mels * config.reduction_factor
    graph = _Graph(weights, quantized=False, is_batched=True)
    hidden = graph.input("hidden", ["batch", "groups", config.gpt2_config.n_embd])
    groups = graph.input("groups", ["batch", "groups", frame_size * config.reduction_factor])
    shape = [0, 0, config.reduction_factor, frame_size]
    frames = graph.call("Reshape", groups, graph.constant(shape, np.int64))
    frames = _slice(graph, frames, 0, config.n_mels, 3)
    following = [
        _slice(graph, frames, start, config.reduction_factor, 2) for start in (1, config.reduction_factor - 1)
    ]
    between = graph.call("Add", frames, graph.call("Concat", *following, axis=2))
    between = graph.call("Div", between, graph.constant(FINE_FACTOR, np.float32))
    interpolated = graph.call("Concat", frames, between, axis=3)
    interpolated = graph.call("Reshape", interpolated, graph.constant([0, 0, fine_size], np.int64))
    read = graph.call("Concat", hidden, groups, axis=2)
    told = graph.dense(graph.call("Gelu", graph.dense(read, "refiner.fc_in")), "refiner.fc_out")
    graph.output("fine", graph.call("Add", interpolated, told), ["batch", "groups", fine_size])
    return graph.serialize()


def _build_encoder(weights: Mapping[str, np.ndarray], config: Any) -> bytes:
    """Log-mels of a clip, `max_reference_frames` at most, to its style latents: the conditioning encoder and the resampler."""
    epsilon, stride, n_mels = config.layer_norm_eps, config.conditioning_stride, config.n_mels
    graph = _Graph(weights, quantized=False, is_batched=True)

    def attend(value: str, context: str, name: str, heads: int) -> str:
        size = weights[f"{name}.q_proj.weight"].shape[0]
        by_head = graph.constant([0, 0, heads, size // heads], np.int64)
        both = graph.dense(context, f"{name}.kv_proj")
        query, key, values = (
            graph.call("Transpose", graph.call("Reshape", each, by_head), perm=order)
            for each, order in (
                (graph.dense(value, f"{name}.q_proj"), [0, 2, 1, 3]),
                (_slice(graph, both, 0, size, 2), [0, 2, 3, 1]),
                (_slice(graph, both, size, 2 * size, 2), [0, 2, 1, 3]),
            )
        )
        scores = graph.call("MatMul", query, key)
        scores = graph.call("Mul", scores, graph.constant((size // heads) ** -0.5, np.float32))
        attended = graph.call("MatMul", graph.call("Softmax", scores, axis=-1), values)
        attended = graph.call("Transpose", attended, perm=[0, 2, 1, 3])
        return graph.dense(graph.call("Reshape", attended, graph.constant([0, 0, size], np.int64)), f"{name}.out_proj")

    def widen(value: str, name: str) -> str:
        hidden = graph.dense(graph.layer_norm(value, f"{name}.norm", epsilon), f"{name}.fc_in")
        return graph.call("Add", value, graph.dense(graph.call("Gelu", hidden), f"{name}.fc_out"))

    frames = graph.input("spectrogram", [1, "frames", n_mels])
    mean, deviation = (graph.constant(weights[f"model.normalizer.frame_{name}"][:n_mels]) for name in ("mean", "std"))
    frames = graph.call("Div", graph.call("Sub", frames, mean), deviation)
    length = graph.call("Shape", frames, start=1, end=2)
    missing = graph.call("Mod", graph.call("Neg", length), graph.constant([stride], np.int64))
    before, after = graph.constant([0] * 4, np.int64), graph.constant([0], np.int64)
    frames = graph.call("Pad", frames, graph.call("Concat", before, missing, after, axis=0))
    steps = graph.call("Reshape", frames, graph.constant([1, -1, stride * n_mels], np.int64))
    hidden = graph.dense(steps, "model.conditioning_encoder.input_proj")
    places = graph.constant(_sinusoids(-(-config.max_reference_frames // stride), config.conditioning_hidden_size))
    hidden = graph.call("Add", hidden, _begin(graph, places, hidden))
    for layer in graph.layers("model.conditioning_encoder.layers"):
        normed = graph.layer_norm(hidden, f"{layer}.attention_norm", epsilon)
        attended = attend(normed, normed, f"{layer}.attention", config.conditioning_num_heads)
        hidden = widen(graph.call("Add", hidden, attended), f"{layer}.mlp")
    context = graph.dense(hidden, "model.conditioning_encoder.output_proj")
    context = graph.layer_norm(context, "model.conditioning_encoder.output_norm", epsilon)
    name = "model.perceiver_resampler"
    latents = graph.constant(weights[f"{name}.latents"][None])
    for number in range(len(graph.layers(f"{name}.attentions"))):
        normed = graph.layer_norm(latents, f"{name}.norms.{number}", epsilon)
        both = graph.call("Concat", context, normed, axis=1)
        attended = attend(normed, both, f"{name}.attentions.{number}", config.perceiver_num_heads)
        latents = widen(graph.call("Add", latents, attended), f"{name}.mlps.{number}")
    latents = graph.layer_norm(latents, f"{name}.output_norm", epsilon)
    graph.output("style_latents", latents, [1, config.num_style_latents, config.gpt2_config.n_embd])
    return graph.serialize()


def _sinusoids(length: int, size: int) -> np.ndarray:
    """What [`sinusoidal_positions`] gives, `(length, size)`."""
    rates = np.exp(np.arange(0, size, 2, dtype=np.float32) * np.float32(-np.log(10000.0) / size))
    angles = np.arange(length, dtype=np.float32)[:, None] * rates
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(length, -1)[:, :size]


def build_graphs(weights: Mapping[str, np.ndarray], config: Any, *, quantized: bool = True) -> dict[str, bytes]:
    """
    The graphs `prefix`, `step` and `encoder` of a model, and `refiner` where it has one, as ONNX files.

    Args:
        weights (`Mapping[str, np.ndarray]`): What `model.safetensors` holds, float32.
        config: A [`GPT2TTSConfig`] that [`why_not_config`] has nothing against, or its fields.
        quantized (`bool`, *optional*, defaults to `True`): Whether weights have few bits rather than 32.

    Raises:
        ImportError: If the package `onnx` is missing.
    """
    if find_spec("onnx") is None:
        raise ImportError("Making ONNX graphs needs the package `onnx`: `pip install onnx`.")
    graphs = {
        "prefix": _build_prefix(weights, config, quantized),
        "step": _build_step(weights, config, quantized),
        "encoder": _build_encoder(weights, config),
    }
    return graphs | ({"refiner": _build_refiner(weights, config)} if has_refiner(weights) else {})


def has_refiner(weights: Mapping[str, Any]) -> bool:
    """Whether a model has a refiner, and so a graph of it."""
    return "refiner.fc_in.weight" in weights


def why_not_config(config: Any) -> str | None:
    """The reason why no model of a configuration can be spoken by ONNX Runtime, `None` where there is none."""
    gpt2 = config.gpt2_config
    if gpt2.activation_function not in BACKBONE_ACTIVATIONS or config.hidden_act != "gelu":
        return "it has activations for which there are no fused kernels"
    if gpt2.scale_attn_by_inverse_layer_idx or not gpt2.scale_attn_weights or gpt2.n_embd // gpt2.n_head % 8:
        return "it has an unusual attention"
    return None


__all__ = ["BLOCK_SIZES", "build_graphs", "has_refiner", "quantize_blocks", "why_not_config"]
