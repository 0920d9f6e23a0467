"""
Export a checkpoint to ONNX, for programs without PyTorch.

    python export_onnx.py --model pretrained --output onnx

writes two graphs and `onnx.json`, what their caller has to know. `prefix.onnx` reads the voice and the text and gives the
first group of mel frames, `step.onnx` reads a group and gives the next; keys and values go from one call to the next.
[`OnnxModel`] is that loop in NumPy. What remains outside: the tokens (`processor`, or the bytes of the text), the vocoder.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn
from transformers import DynamicCache

from gpt2tts import GPT2TTSForTextToSpeech


class Prefix(nn.Module):
    """The first step of [`~GPT2TTSForTextToSpeech.generate`], for one text."""

    def __init__(self, model: GPT2TTSForTextToSpeech):
        super().__init__()
        self.model = model

    def forward(
        self, input_ids: torch.Tensor, style_latents: torch.Tensor, code_noise: torch.Tensor
    ) -> tuple[torch.Tensor, ...]:
        """
        Token ids `(1, T)`, style latents `(1, Q, H)` and the noise `(1, 1, len(code_levels), levels)` that is added to
        the logits of the code (Gumbel noise times a temperature) to the first group `(1, 1, D)` of normalised frames, its
        stop probability `(1, 1)`, what there is before the postnet `(1, 1, D)`, and the keys and values
        `(layers, 1, heads, Q + T + 1, head_dim)`.
        """
        outputs = self.model.model(input_ids=input_ids, style_latents=style_latents, use_cache=True)
        codes = self.model.likeliest_codes(outputs.last_hidden_state, code_noise)
        predicted, stop_logits = self.model.predict(outputs.last_hidden_state, codes)
        return self.model.postnet(predicted), stop_logits.sigmoid(), predicted, *stack_cache(outputs.cache)


class Step(nn.Module):
    """Any further step, for one text."""

    def __init__(self, model: GPT2TTSForTextToSpeech):
        super().__init__()
        self.model = model

    def forward(
        self,
        group: torch.Tensor,
        position: torch.Tensor,
        style_latents: torch.Tensor,
        dropout_masks: torch.Tensor,
        code_noise: torch.Tensor,
        predicted: torch.Tensor,
        keys: torch.Tensor,
        values: torch.Tensor,
    ) -> tuple[torch.Tensor, ...]:
        """
        The last group `(1, 1, D)`, how many there are `(1, 1)`, the style latents, the prenet's dropout masks
        `(prenet_layers, 1, 1, prenet_hidden_size)`, the noise on the codes, predictions before the postnet `(1, P, D)`,
        keys and values to the same five as [`Prefix`] gives, one group further.
        """
        backbone = self.model.model
        embedding = backbone.prenet(group, dropout_masks=dropout_masks) + backbone.kind_embeddings[2]
        if backbone.quantizer is not None:
            embedding = embedding + backbone.quantizer.embed_past(group)
        if backbone.style_proj is not None:
            embedding = embedding + backbone.style_proj(style_latents.mean(1, keepdim=True))
        cache = DynamicCache()
        for layer in range(len(backbone.gpt2.h)):
            cache.update(keys[layer], values[layer], layer)
        outputs = backbone.gpt2(inputs_embeds=embedding, position_ids=position, cache=cache, use_cache=True)
        codes = self.model.likeliest_codes(outputs.last_hidden_state, code_noise)
        latest, stop_logits = self.model.predict(outputs.last_hidden_state, codes)
        predicted = torch.cat([predicted, latest], dim=1)
        group = self.model.postnet(predicted)[:, -1:]
        return group, stop_logits.sigmoid(), predicted, *stack_cache(outputs.cache)


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
    state = ("group", "stop_probability", "predicted", "keys", "values")
    common = {"dynamo": True, "external_data": False, "verbose": False}

    with torch.no_grad():
        input_ids = torch.arange(4, 24)[None]
        prefix = Prefix(model).eval()
        noise = torch.zeros(1, 1, len(config.code_levels), max(config.code_levels, default=0))
        made = prefix(input_ids, style_latents, noise)
        text = torch.export.Dim("text", min=2, max=config.max_text_positions)
        torch.onnx.export(
            prefix,
            (input_ids, style_latents, noise),
            folder / "prefix.onnx",
            input_names=["input_ids", "style_latents", "code_noise"],
            output_names=list(state),
            dynamic_shapes=({1: text}, None, None),
            **common,
        )
        masks = torch.ones(config.prenet_num_layers, 1, 1, config.prenet_hidden_size)
        group, _, predicted, keys, values = made
        # two groups: a length of 1 would be taken for a constant
        inputs = (group, torch.tensor([[2]]), style_latents, masks, noise, predicted.repeat(1, 2, 1), keys, values)
        seen = torch.export.Dim("seen", min=2, max=config.max_mel_positions)
        length = torch.export.Dim("length", min=2, max=2 * config.gpt2_config.n_positions)
        torch.onnx.export(
            Step(model).eval(),
            inputs,
            folder / "step.onnx",
            input_names=[
                "group",
                "position",
                "style_latents",
                "dropout_masks",
                "code_noise",
                "predicted",
                "keys",
                "values",
            ],
            output_names=[f"next_{name}" for name in state],
            dynamic_shapes=(None, None, None, None, None, {1: seen}, {3: length}, {3: length}),
            **common,
        )
    description = {
        "n_mels": config.n_mels,
        "reduction_factor": config.reduction_factor,
        "sampling_rate": config.sampling_rate,
        "hop_length": config.hop_length,
        "stop_threshold": config.stop_threshold,
        "max_mel_positions": config.max_mel_positions,
        "prenet_num_layers": config.prenet_num_layers,
        "prenet_hidden_size": config.prenet_hidden_size,
        "prenet_dropout": config.prenet_dropout,
        "code_levels": list(config.code_levels),
        "code_temperature": config.code_temperature,
        "postnet_context_groups": model.postnet.context_groups,
        "mel_mean": model.model.mel_mean.tolist(),
        "mel_std": model.model.mel_std.tolist(),
    }
    (folder / "onnx.json").write_text(json.dumps(description, indent=2) + "\n")
    return folder


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
        prenet_dropout: float | None = None,
        temperature: float | None = None,
        seed: int | None = None,
    ) -> np.ndarray:
        """
        The log-mel spectrogram of one text.

        Args:
            input_ids (`np.ndarray` of shape `(1, num_tokens)`): Text tokens, int64.
            style_latents (`np.ndarray` of shape `(1, num_style_latents, hidden_size)`): The voice, float32.
            max_groups (`int`, *optional*): Bound on the groups. Defaults to the context.
            prenet_dropout, temperature (`float`, *optional*): Default to the checkpoint's.
            seed (`int`, *optional*): Seed of what is drawn.

        Returns:
            `np.ndarray` of shape `(num_frames, n_mels)`.
        """
        config, random = self.config, np.random.default_rng(seed)
        rate = config["prenet_dropout"] if prenet_dropout is None else prenet_dropout
        temperature = config["code_temperature"] if temperature is None else temperature

        def code_noise() -> np.ndarray:
            levels = config["code_levels"]
            return (temperature * random.gumbel(size=(1, 1, len(levels), max(levels, default=0)))).astype(np.float32)

        shape = (config["prenet_num_layers"], 1, 1, config["prenet_hidden_size"])
        limit = min(max_groups or config["max_mel_positions"], config["max_mel_positions"])
        group, stop, predicted, keys, values = self.prefix.run(
            None, {"input_ids": input_ids, "style_latents": style_latents, "code_noise": code_noise()}
        )
        groups = [group]
        while stop.item() < config["stop_threshold"] and len(groups) < limit:
            masks = (random.random(shape) >= rate).astype(np.float32) / max(1 - rate, 1e-6)
            group, stop, predicted, keys, values = self.step.run(
                None,
                {
                    "group": group,
                    "position": np.array([[len(groups)]]),
                    "style_latents": style_latents,
                    "dropout_masks": masks,
                    "code_noise": code_noise(),
                    "predicted": predicted,
                    "keys": keys,
                    "values": values,
                },
            )
            predicted = predicted[:, -max(config["postnet_context_groups"], 1) :]
            groups.append(group)
        frames = np.concatenate(groups, axis=1).reshape(-1, config["n_mels"])
        return frames * np.array(config["mel_std"], np.float32) + np.array(config["mel_mean"], np.float32)


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
