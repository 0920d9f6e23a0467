"""
Export a checkpoint to ONNX, for programs without PyTorch.

    python export_onnx.py --model pretrained --output onnx

writes two graphs and `onnx.json`, what their caller has to know. `prefix.onnx` reads the voice and the text and gives the
first group of frames, `step.onnx` reads a group and gives the next; keys and values go from one call to the next, and so
does the reading position. [`OnnxModel`] is that loop in NumPy. What remains outside: the tokens (`processor`), the vocoder.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import nn
from transformers import DynamicCache

from gpt2tts import GPT2TTSForTextToSpeech
from gpt2tts.decoding_gpt2tts import MIN_FRAME_BUDGET
from gpt2tts.frames_gpt2tts import LOG_PITCH_RANGE


class Prefix(nn.Module):
    """The first step of [`~GPT2TTSForTextToSpeech.generate`], for one text."""

    def __init__(self, model: GPT2TTSForTextToSpeech):
        super().__init__()
        self.model = model

    def forward(self, input_ids: torch.Tensor, style_latents: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """
        Token ids `(1, T)` and style latents `(1, Q, H)` to the first group `(1, 1, D)` of normalised frames, how many
        tokens the reading position moves after it `(1, 1)`, what there is before the postnet `(1, 1, D)`, the keys and
        values `(layers, 1, heads, Q + T + 1, head_dim)`, and the embeddings of the text `(1, T, H)`.
        """
        outputs = self.model.model(
            input_ids=input_ids,
            style_latents=style_latents,
            text_positions=style_latents.new_zeros(1, 1),
            use_cache=True,
        )
        predicted, step = self.model.predict(outputs.last_hidden_state)
        return self.model.postnet(predicted), step, predicted, *stack_cache(outputs.cache), outputs.text_embeds


class Step(nn.Module):
    """Any further step, for one text."""

    def __init__(self, model: GPT2TTSForTextToSpeech):
        super().__init__()
        self.model = model

    def forward(
        self,
        group: torch.Tensor,
        position: torch.Tensor,
        text_position: torch.Tensor,
        text_embeds: torch.Tensor,
        style_latents: torch.Tensor,
        dropout_masks: torch.Tensor,
        predicted: torch.Tensor,
        keys: torch.Tensor,
        values: torch.Tensor,
    ) -> tuple[torch.Tensor, ...]:
        """
        The last group `(1, 1, D)`, how many there are `(1, 1)`, the place in the text of the next one `(1, 1)`, the
        embeddings of the text `(1, T, H)`, the style latents, the prenet's dropout masks
        `(prenet_layers, 1, 1, prenet_hidden_size)`, predictions before the postnet `(1, P, D)`, keys and values to the
        same as [`Prefix`] gives, one group further and without the embeddings of the text.
        """
        backbone = self.model.model
        embedding = backbone.prenet(group, dropout_masks=dropout_masks) + backbone.kind_embeddings[2]
        embedding = embedding + backbone.read_text(text_embeds, text_position)
        embedding = embedding + backbone.style_proj(style_latents.mean(1, keepdim=True))
        cache = DynamicCache()
        for layer in range(len(backbone.gpt2.h)):
            cache.update(keys[layer], values[layer], layer)
        outputs = backbone.gpt2(inputs_embeds=embedding, position_ids=position, cache=cache, use_cache=True)
        latest, step = self.model.predict(outputs.last_hidden_state)
        predicted = torch.cat([predicted, latest], dim=1)
        return self.model.postnet(predicted)[:, -1:], step, predicted, *stack_cache(outputs.cache)


def stack_cache(cache: DynamicCache) -> tuple[torch.Tensor, torch.Tensor]:
    """Keys and values of all layers, each `(layers, B, heads, T, head_dim)`."""
    return torch.stack([layer.keys for layer in cache.layers]), torch.stack([layer.values for layer in cache.layers])


def export_onnx(checkpoint: str | Path, folder: str | Path) -> Path:
    """
    Writes `prefix.onnx`, `step.onnx` and `onnx.json`.

    Args:
        checkpoint (`str` or `Path`): Folder or Hub id of a model.
        folder (`str` or `Path`): Folder to write.
    """
    model = GPT2TTSForTextToSpeech.from_pretrained(checkpoint, dtype=torch.float32).eval()
    config, folder = model.config, Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    style_latents = model.model.null_style_latents[None].detach()
    state = ("group", "step", "predicted", "keys", "values")
    common = {"dynamo": True, "external_data": False, "verbose": False}

    with torch.no_grad():
        input_ids = torch.arange(4, 24)[None]
        prefix = Prefix(model).eval()
        made = prefix(input_ids, style_latents)
        text = torch.export.Dim("text", min=2, max=config.max_text_positions)
        torch.onnx.export(
            prefix,
            (input_ids, style_latents),
            folder / "prefix.onnx",
            input_names=["input_ids", "style_latents"],
            output_names=[*state, "text_embeds"],
            dynamic_shapes=({1: text}, None),
            **common,
        )
        masks = torch.ones(config.prenet_num_layers, 1, 1, config.prenet_hidden_size)
        group, _, predicted, keys, values, text_embeds = made
        place = torch.full((1, 1), 1.5)
        # two groups: a length of 1 would be taken for a constant
        predicted = predicted.repeat(1, 2, 1)
        inputs = (
            *(group, torch.tensor([[2]]), place, text_embeds, style_latents),
            *(masks, predicted, keys, values),
        )
        seen = torch.export.Dim("seen", min=2, max=config.max_mel_positions)
        length = torch.export.Dim("length", min=2, max=2 * config.gpt2_config.n_positions)
        torch.onnx.export(
            Step(model).eval(),
            inputs,
            folder / "step.onnx",
            input_names=[
                "group",
                "position",
                "text_position",
                "text_embeds",
                "style_latents",
                "dropout_masks",
                "predicted",
                "keys",
                "values",
            ],
            output_names=[f"next_{name}" for name in state],
            dynamic_shapes=(None, None, None, {1: text}, None, None, {1: seen}, {3: length}, {3: length}),
            **common,
        )
    description = {
        "n_mels": config.n_mels,
        "frame_size": config.frame_size,
        "reduction_factor": config.reduction_factor,
        "sampling_rate": config.sampling_rate,
        "hop_length": config.hop_length,
        "max_mel_positions": config.max_mel_positions,
        "max_frames_per_token": config.max_frames_per_token,
        "min_frames": MIN_FRAME_BUDGET,
        "prenet_num_layers": config.prenet_num_layers,
        "prenet_hidden_size": config.prenet_hidden_size,
        "prenet_dropout": config.prenet_dropout,
        "postnet_context_groups": model.postnet.context_groups,
        "frame_mean": model.model.normalizer.frame_mean.tolist(),
        "frame_std": model.model.normalizer.frame_std.tolist(),
        "log_pitch_range": list(LOG_PITCH_RANGE),
    }
    (folder / "onnx.json").write_text(json.dumps(description, indent=2) + "\n")
    return folder


class OnnxFrames(NamedTuple):
    """
    Speech of one text, as a vocoder reads it.

    Attributes:
        spectrogram (`np.ndarray` of shape `(num_frames, n_mels)`): Log-mel frames.
        pitch (`np.ndarray` of shape `(num_frames,)`): In Hz, also through unvoiced stretches.
        voicing (`np.ndarray` of shape `(num_frames,)`): From 0 (unvoiced) to 1 (voiced).
        text_positions (`np.ndarray` of shape `(num_groups,)`): Place in the text, in tokens, that each group speaks.
    """

    spectrogram: np.ndarray
    pitch: np.ndarray
    voicing: np.ndarray
    text_positions: np.ndarray


class OnnxModel:
    """
    The exported graphs, and `generate` in NumPy.

    Args:
        folder (`str` or `Path`): What [`export_onnx`] wrote.
    """

    def __init__(self, folder: str | Path):
        import onnxruntime

        folder = Path(folder)
        self.config = json.loads((folder / "onnx.json").read_text())
        self.prefix = onnxruntime.InferenceSession(folder / "prefix.onnx", providers=["CPUExecutionProvider"])
        self.step = onnxruntime.InferenceSession(folder / "step.onnx", providers=["CPUExecutionProvider"])

    def generate(
        self,
        input_ids: np.ndarray,
        style_latents: np.ndarray,
        *,
        max_groups: int | None = None,
        speed: float = 1.0,
        pitch_shift: float = 0.0,
        prenet_dropout: float | None = None,
        seed: int | None = None,
    ) -> OnnxFrames:
        """
        Speaks one text.

        Args:
            input_ids (`np.ndarray` of shape `(1, num_tokens)`): Text tokens, int64.
            style_latents (`np.ndarray` of shape `(1, num_style_latents, hidden_size)`): The voice, float32.
            max_groups (`int`, *optional*): Bound on the groups. Defaults to the checkpoint's for as many tokens.
            speed (`float`, *optional*, defaults to 1.0): How fast the text is read.
            pitch_shift (`float`, *optional*, defaults to 0.0): Semitones by which the pitch is higher.
            prenet_dropout (`float`, *optional*): Defaults to the checkpoint's.
            seed (`int`, *optional*): Seed of what is drawn.
        """
        config, random = self.config, np.random.default_rng(seed)
        rate = config["prenet_dropout"] if prenet_dropout is None else prenet_dropout
        num_tokens = input_ids.shape[1]
        if max_groups is None:
            frames = max(num_tokens * config["max_frames_per_token"] / speed, config["min_frames"])
            max_groups = math.ceil(frames / config["reduction_factor"])
        max_groups = min(max_groups, config["max_mel_positions"])
        shape = (config["prenet_num_layers"], 1, 1, config["prenet_hidden_size"])

        group, step, predicted, keys, values, text_embeds = self.prefix.run(
            None, {"input_ids": input_ids, "style_latents": style_latents}
        )
        groups, places, position = [group], [0.0], speed * step.item()
        # half a token beyond the last one the text is over
        while position < num_tokens - 0.5 and len(groups) < max_groups:
            places.append(min(position, num_tokens - 1.0))
            masks = (random.random(shape) >= rate).astype(np.float32) / max(1 - rate, 1e-6)
            group, step, predicted, keys, values = self.step.run(
                None,
                {
                    "group": group,
                    "position": np.array([[len(groups)]]),
                    "text_position": np.array([[places[-1]]], np.float32),
                    "text_embeds": text_embeds,
                    "style_latents": style_latents,
                    "dropout_masks": masks,
                    "predicted": predicted,
                    "keys": keys,
                    "values": values,
                },
            )
            predicted = predicted[:, -max(config["postnet_context_groups"], 1) :]
            groups.append(group)
            position += speed * step.item()
        frames = np.concatenate(groups, axis=1).reshape(-1, config["frame_size"])
        frames = frames * np.array(config["frame_std"], np.float32) + np.array(config["frame_mean"], np.float32)
        spectrogram, log_pitch, voicing = np.split(frames, [config["n_mels"], config["n_mels"] + 1], axis=1)
        pitch = np.exp(log_pitch[:, 0].clip(*config["log_pitch_range"])) * 2 ** (pitch_shift / 12)
        return OnnxFrames(spectrogram, pitch, voicing[:, 0].clip(0, 1), np.array(places, np.float32))


def main(argv: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="pretrained", help="Folder or Hub id of a checkpoint.")
    parser.add_argument("--output", default="onnx", help="Folder to write.")
    args = parser.parse_args(argv)
    folder = export_onnx(args.model, args.output)
    for path in sorted(folder.glob("*.onnx")):
        print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
