"""
ONNX Runtime as what runs a model: whether it can, and the decoder of its graphs, made once as long as the weights stay what
they are, and kept for the next program.
"""

import hashlib
import json
import os
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import torch
from huggingface_hub import cached_assets_path
from torch import nn
from transformers.utils import logging

from .files import clear_cache
from .onnx_decoder_gpt2tts import GRAPH_VERSION, GPT2TTSOnnxDecoder, import_onnxruntime
from .onnx_graphs_gpt2tts import build_graphs, why_not_config

logger = logging.get_logger(__name__)

KEPT_DECODERS = 8  # in the cache, of 23 MB each
# where the classes of plain GPT-2 are
KNOWN_MODULES = {"transformers.models.gpt2.modeling_gpt2", "transformers.pytorch_utils", "transformers.activations"}


def read_weights(model: nn.Module) -> dict[str, np.ndarray]:
    """The weights of a model on the CPU in float32, by name, without copies: what [`build_graphs`] reads."""
    return {name: weight.numpy() for name, weight in model.state_dict().items()}


def graph_names(model: Any) -> list[str]:
    """Names of the graphs that [`build_graphs`] makes of a model."""
    return ["prefix", "step", "encoder"] + (["refiner"] if model.refiner is not None else [])


def why_not(model: Any) -> str | None:
    """The reason why a model cannot be spoken by ONNX Runtime, `None` where it can be."""
    heads = (model.mel_head, model.step_head, model.postnet, *(() if model.refiner is None else (model.refiner,)))
    parts = [module for part in (model.model, *heads) for module in part.modules()]
    for weight in model.parameters():
        if weight.is_inference():
            return "its weights were made in inference mode, where changes cannot be noticed"
        if weight.device.type != "cpu" or weight.dtype != torch.float32:
            return f"it has weights in {weight.dtype} on {weight.device}, not in float32 on the CPU"
    if model.training or model.model.training:
        return "it is in training mode: call `model.eval()`"
    if (reason := why_not_config(model.config)) is not None:
        return reason
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


def load_decoder(model: Any, *, required: bool = False, quantized: bool = True) -> GPT2TTSOnnxDecoder | None:
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


def _make_decoder(model: Any, quantized: bool, *, keep: bool) -> GPT2TTSOnnxDecoder:
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
    return GPT2TTSOnnxDecoder(
        build_graphs(read_weights(model), model.config, quantized=quantized), num_threads=num_threads
    )


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
    settings += [config.conditioning_num_heads, config.perceiver_num_heads]
    settings += [config.conditioning_stride, config.max_reference_frames]
    digest = hashlib.sha256(json.dumps(settings).encode())
    for name, weight in model.state_dict().items():
        digest.update(f"{name} {list(weight.shape)}".encode())
        digest.update(weight.contiguous().numpy())
    folder = cached_assets_path("gpt2tts", namespace="decoders", subfolder=digest.hexdigest()[:32])
    paths = {name: folder / f"{name}.onnx" for name in graph_names(model)}
    if not all(path.is_file() for path in paths.values()):
        for name, graph in build_graphs(read_weights(model), model.config, quantized=quantized).items():
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


__all__ = ["graph_names", "load_decoder", "read_weights", "why_not"]
