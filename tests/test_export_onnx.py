"""The exported graphs give the mel that the model gives."""

import numpy as np
import pytest
import torch

from gpt2tts import GPT2TTSForTextToSpeech
from gpt2tts.export_onnx import OnnxModel, export_onnx


@pytest.fixture(scope="module")
def model(tiny_checkpoint):
    return GPT2TTSForTextToSpeech.from_pretrained(tiny_checkpoint).eval()


@pytest.fixture(scope="module")
def exported(model, tmp_path_factory):
    # random weights whose postnet and codes do something, saved first: the export reads a folder
    torch.nn.init.normal_(model.postnet.convs[-1].weight, std=0.1)
    torch.nn.init.normal_(model.code_head.decoder[-1].weight, std=0.1)
    folder = tmp_path_factory.mktemp("onnx")
    model.save_pretrained(folder / "model")
    return OnnxModel(export_onnx(folder / "model", folder / "onnx"))


@pytest.mark.parametrize("num_tokens", [2, 9, 60])
def test_the_graphs_give_the_mel_of_the_model(model, exported, num_tokens):
    torch.manual_seed(num_tokens)
    input_ids = torch.randint(4, 200, (1, num_tokens))
    style_latents = model.get_voice("bob")[None]
    factor = model.config.reduction_factor
    expected = model.generate(
        input_ids,
        style_latents=style_latents,
        prenet_dropout=0.0,
        temperature=0.0,
        stop_threshold=1.1,
        max_frames=12 * factor,
        output_waveform=False,
    )
    exported.config["stop_threshold"] = 1.1
    mel = exported.generate(
        input_ids.numpy(), style_latents.numpy(), prenet_dropout=0.0, temperature=0.0, max_groups=12
    )
    assert mel.shape == (12 * factor, 80)
    np.testing.assert_allclose(mel, expected.spectrogram[0].numpy(), atol=1e-3)


def test_dropout_varies_and_a_seed_repeats(model, exported):
    inputs = (np.arange(4, 20)[None], model.get_voice("ann")[None].numpy())
    first, again, other = (exported.generate(*inputs, max_groups=6, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_it_stops_by_itself(model, exported):
    exported.config["stop_threshold"] = 0.0
    mel = exported.generate(np.arange(4, 20)[None], model.get_voice("ann")[None].numpy())
    assert len(mel) == model.config.reduction_factor
