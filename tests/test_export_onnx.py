"""The exported graphs give the frames that the model gives."""

import numpy as np
import pytest
import torch

from gpt2tts import GPT2TTSForTextToSpeech
from gpt2tts.export_onnx import OnnxModel, export_onnx


@pytest.fixture(scope="module")
def model(tiny_checkpoint):
    model = GPT2TTSForTextToSpeech.from_pretrained(tiny_checkpoint).eval()
    # random weights that read on, and whose postnet does something
    torch.nn.init.constant_(model.step_head.bias, -1.0)
    torch.nn.init.normal_(model.postnet.convs[-1].weight, std=0.1)
    model.config.max_frames_per_token = 30.0
    return model


@pytest.fixture(scope="module")
def exported(model, tmp_path_factory):
    pytest.importorskip("onnxruntime")
    pytest.importorskip("onnxscript")
    folder = tmp_path_factory.mktemp("onnx")
    model.save_pretrained(folder / "model")
    return OnnxModel(export_onnx(folder / "model", folder / "onnx"))


@pytest.mark.parametrize(
    # a step reads the frames of the last one: over more steps than these, rounding adds up
    ("num_tokens", "settings"),
    [(2, {}), (9, {"speed": 0.5}), (24, {"speed": 1.5, "pitch_shift": 3.0})],
)
def test_the_graphs_give_the_frames_of_the_model(model, exported, num_tokens, settings):
    torch.manual_seed(num_tokens)
    input_ids = torch.randint(4, 200, (1, num_tokens))
    style_latents = model.get_voice("bob")[None]
    settings = {"prenet_dropout": 0.0, **settings}
    expected = model.generate(input_ids, style_latents=style_latents, output_waveform=False, **settings)
    frames = exported.generate(input_ids.numpy(), style_latents.numpy(), **settings)
    assert expected.stopped.all()
    for name in ("spectrogram", "voicing", "text_positions"):
        np.testing.assert_allclose(getattr(frames, name), getattr(expected, name)[0].numpy(), atol=1e-3)
    np.testing.assert_allclose(frames.pitch, expected.pitch[0].numpy(), rtol=1e-3)


def test_dropout_varies_and_a_seed_repeats(model, exported):
    inputs = (np.arange(4, 20)[None], model.get_voice("ann")[None].numpy())
    first, again, other = (exported.generate(*inputs, max_groups=6, seed=seed).spectrogram for seed in (1, 1, 2))
    assert first.shape == (6 * model.config.reduction_factor, 80)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
