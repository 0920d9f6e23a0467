"""The decoding loop in ONNX Runtime says what the model says."""

import functools
import json
import sys

import numpy as np
import pytest
import torch
from huggingface_hub import cached_assets_path

from gpt2tts import (
    GPT2TTSConfig,
    GPT2TTSForTextToSpeech,
    generation_gpt2tts,
    onnx_decoder_gpt2tts,
    onnx_engine_gpt2tts,
)
from gpt2tts.decoding_gpt2tts import SeededUniform, part_seed
from gpt2tts.generation_gpt2tts import seeded_generator
from gpt2tts.onnx_engine_gpt2tts import load_decoder
from gpt2tts.onnx_graphs_gpt2tts import BLOCK_SIZES, quantize_blocks

pytest.importorskip("onnxruntime")
pytest.importorskip("onnx")


def build_model(folder, **overrides) -> GPT2TTSForTextToSpeech:
    """A model that was loaded from a folder, and gets through its texts."""
    torch.manual_seed(0)
    model = GPT2TTSForTextToSpeech(GPT2TTSConfig.from_preset("tiny", vocoder=None, **overrides))
    torch.nn.init.constant_(model.step_head.bias, -0.5)
    for conv in model.postnet.convs[-1:]:
        torch.nn.init.normal_(conv.weight, std=0.1)
    if model.refiner is not None:
        torch.nn.init.normal_(model.refiner.fc_out.weight, std=0.3)
    # of normal size, so that a position in the wrong place shows
    torch.nn.init.normal_(model.model.gpt2.wpe.weight, std=0.3)
    model.save_pretrained(folder)
    return GPT2TTSForTextToSpeech.from_pretrained(folder)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("model")


@pytest.fixture
def model(folder):
    return build_model(folder)


@pytest.fixture
def inputs():
    torch.manual_seed(1)
    mask = (torch.arange(20) < torch.tensor([20, 13, 5])[:, None]).long()
    return {"input_ids": torch.randint(4, 260, (3, 20)) * mask, "attention_mask": mask}


@pytest.fixture
def full_precision(monkeypatch):
    exact = functools.partial(load_decoder, quantized=False)
    monkeypatch.setattr(generation_gpt2tts, "load_decoder", exact)


@pytest.mark.parametrize(
    "overrides",
    [
        {},
        {"postnet_num_layers": 0, "prenet_num_layers": 0, "text_conv_num_layers": 0, "refiner_hidden_size": 0},
        {"postnet_kernel_size": 1, "text_conv_kernel_size": 3, "prenet_num_layers": 1},
    ],
)
@pytest.mark.usefixtures("full_precision")
def test_in_full_precision_it_is_the_plain_loop(tmp_path, inputs, overrides):
    model = build_model(tmp_path, **overrides)
    voices = torch.randn(3, model.config.num_style_latents, model.config.hidden_size)
    for generator in (lambda: [seeded_generator(7, row) for row in range(3)], lambda: seeded_generator(7, 0)):
        plain, fast = (
            model.generate(**inputs, style_latents=voices, generator=generator(), engine=engine, speed=1.3)
            for engine in ("torch", "onnx")
        )
        assert plain.stopped.any()
        assert len(set(plain.spectrogram_lengths.tolist())) > 1
        assert torch.equal(fast.spectrogram_lengths, plain.spectrogram_lengths)
        names = ["spectrogram", "pitch", "voicing", "text_positions"]
        names += ["fine_spectrogram"] if model.refiner is not None else []
        for name in names:
            torch.testing.assert_close(fast[name], plain[name], atol=1e-3, rtol=1e-3)


def test_rounded_to_few_bits_it_speaks_nearly_the_same(model, inputs):
    plain, fast = (
        model.generate(**inputs, seed=0, prenet_dropout=0.0, max_frames=40, engine=engine).spectrogram
        for engine in ("torch", "onnx")
    )
    assert not torch.equal(plain, fast)
    assert (plain - fast).abs().mean() < 0.05 * plain.std()


@pytest.mark.parametrize("bits", [8, 4])
def test_weights_are_rounded_block_by_block(bits):
    size, half = BLOCK_SIZES[bits], 2 ** (bits - 1)
    weight = torch.randn(6, 3 * size - 10) * torch.tensor([1.0, 1e-3, 50.0, 1.0, 0.0, 1.0])[:, None]
    blocks, scales = quantize_blocks(weight.numpy(), bits)
    assert blocks.shape == (6, 3, size * bits // 8)
    steps = blocks if bits == 8 else np.stack([blocks & 15, blocks >> 4], axis=-1).reshape(6, 3, size)
    restored = ((steps.astype(np.float32) - half) * scales[..., None]).reshape(6, -1)[:, : weight.shape[1]]
    error = np.abs(restored - weight.numpy()).reshape(6, -1)
    # by half a step, and by a whole one at the end of the range that has one step less
    assert (error.max(axis=1) <= 1.001 * np.abs(scales).max(axis=1)).all()
    assert (np.median(error, axis=1) <= 0.5 * np.abs(scales).max(axis=1)).all()


def test_a_row_is_the_same_to_the_bit_in_every_batch(model, inputs):
    batched = model.generate(**inputs, seed=5)
    for row in range(3):
        alone = model.generate(
            inputs["input_ids"][row : row + 1, : int(inputs["attention_mask"][row].sum())],
            generator=seeded_generator(5, row),
        )
        frames = int(alone.spectrogram_lengths)
        assert frames == int(batched.spectrogram_lengths[row])
        assert torch.equal(batched.spectrogram[row, :frames], alone.spectrogram[0])
        # which is made of all groups at once, by a product of matrices
        torch.testing.assert_close(batched.fine_spectrogram[row, :frames], alone.fine_spectrogram[0])


def test_a_voice_that_was_read_speaks_the_next_text_as_the_first(model, inputs):
    voices = torch.randn(2, 1, model.config.num_style_latents, model.config.hidden_size)

    def speak(voice: torch.Tensor, row: int) -> torch.Tensor:
        ids = inputs["input_ids"][row : row + 1, : int(inputs["attention_mask"][row].sum())]
        return model.generate(ids, style_latents=voice, seed=0, engine="onnx", prenet_dropout=0.0).spectrogram

    first = [speak(voice, row) for row in range(3) for voice in voices]
    again = [speak(voice, row) for row in range(3) for voice in voices]
    fresh = [speak(voice, row) for row in range(3) for voice in voices.clone() + 1e-3]
    for one, other, moved in zip(first, again, fresh, strict=True):
        torch.testing.assert_close(one, other, atol=0, rtol=0)
        assert one.shape != moved.shape or not torch.equal(one, moved)
    assert not torch.equal(first[0][:, :5], first[1][:, :5])


def test_rows_that_have_ended_leave_the_batch_to_the_others(model, inputs):
    order = torch.tensor([2, 0, 1, 2, 1])  # short ones before and between long ones
    rows = {name: values[order] for name, values in inputs.items()}
    batched = model.generate(**rows, generator=[seeded_generator(5, row) for row in range(5)])
    assert len(set(batched.spectrogram_lengths.tolist())) > 2
    for row in range(5):
        alone = model.generate(
            **{name: values[row : row + 1] for name, values in rows.items()}, generator=seeded_generator(5, row)
        )
        frames = int(alone.spectrogram_lengths)
        assert torch.equal(batched.spectrogram[row, :frames], alone.spectrogram[0])
        assert torch.equal(batched.text_positions[row, : alone.text_positions.shape[1]], alone.text_positions[0])


@pytest.mark.parametrize("seed", [0, 7, 2**64 - 1])
def test_numpy_draws_what_pytorch_draws(seed):
    uniform, generator = SeededUniform(part_seed(seed, 3)), seeded_generator(seed, 3)
    for shape in ((5,), (3, 2, 400), (1,)):
        assert np.array_equal(uniform.rand(*shape), torch.rand(shape, generator=generator).numpy())


def test_a_processor_that_adds_with_overflow_says_the_same(model, folder, inputs, monkeypatch):
    expected = model.generate(**inputs, seed=0, max_frames=20).spectrogram
    monkeypatch.setattr(onnx_decoder_gpt2tts, "adds_exactly", lambda: False)
    careful = GPT2TTSForTextToSpeech.from_pretrained(folder)
    assert torch.equal(careful.generate(**inputs, seed=0, max_frames=20).spectrogram, expected)


def test_it_speaks_by_default_what_was_loaded_and_is_unchanged(model, inputs):
    def speak(**settings):
        return model.generate(**inputs, seed=0, max_frames=20, **settings).spectrogram

    assert torch.equal(speak(), speak(engine="onnx"))
    assert not torch.equal(speak(), speak(engine="torch"))
    before = speak()
    with torch.no_grad():
        model.mel_head.bias += 1.0
    assert torch.equal(speak(), speak(engine="torch"))  # as in training
    assert (speak(engine="onnx") - before).mean() > 0.5  # asked for, it follows the weights


def test_weights_that_change_behind_the_back_of_autograd_are_heard(model, inputs):
    before = model.generate(**inputs, seed=0, max_frames=8).spectrogram
    model.mel_head.bias.data += 1.0
    assert (model.generate(**inputs, seed=0, max_frames=8).spectrogram - before).mean() > 0.5


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda model: model.to(torch.bfloat16), "float32 on the CPU"),
        (lambda model: model.train(), "training mode"),
        (lambda model: model.mel_head.register_forward_hook(lambda *_: None), "hooks"),
    ],
)
def test_what_it_cannot_speak_the_modules_speak(model, inputs, change, message):
    change(model)
    assert model.generate(**inputs, max_frames=8).spectrogram.isfinite().all()
    with pytest.raises(ValueError, match=message):
        model.generate(**inputs, engine="onnx")


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"hidden_act": "relu"}, "activations"),
        ({"gpt2_config": {"activation_function": "relu"}}, "activations"),
        ({"gpt2_config": {"scale_attn_by_inverse_layer_idx": True}}, "unusual attention"),
        ({"gpt2_config": {"scale_attn_weights": False}}, "unusual attention"),
        ({"gpt2_config": {"n_head": 16}}, "unusual attention"),
    ],
)
def test_layers_that_graphs_do_not_have_are_left_to_the_modules(tmp_path, inputs, overrides, message):
    model = build_model(tmp_path, **overrides)
    by_default, plain = (
        model.generate(**inputs, seed=0, max_frames=8, engine=engine).spectrogram for engine in (None, "torch")
    )
    assert torch.equal(by_default, plain)
    with pytest.raises(ValueError, match=message):
        model.generate(**inputs, engine="onnx")


def test_an_unknown_engine_is_refused(model, inputs):
    with pytest.raises(ValueError, match="`engine` must be one of 'torch', 'onnx', got 'tensorrt'"):
        model.generate(**inputs, engine="tensorrt")


def test_without_its_packages_the_modules_speak(model, inputs, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    plain = model.generate(**inputs, seed=0, max_frames=8, engine="torch").spectrogram
    assert torch.equal(model.generate(**inputs, seed=0, max_frames=8).spectrogram, plain)
    with pytest.raises(ImportError, match="pip install onnxruntime"):
        model.generate(**inputs, max_frames=8, engine="onnx")


def test_graphs_are_made_once_and_kept_for_the_next_program(model, folder, inputs, monkeypatch):
    first = model.generate(**inputs, seed=0, max_frames=8).spectrogram
    kept = sorted(cached_assets_path("gpt2tts", namespace="decoders").parent.rglob("*.onnx"))
    assert kept

    def refuse(*_, **__):
        raise AssertionError("the graphs are made again")

    monkeypatch.setattr(onnx_engine_gpt2tts, "build_graphs", refuse)
    again = GPT2TTSForTextToSpeech.from_pretrained(folder)
    assert torch.equal(again.generate(**inputs, seed=0, max_frames=8).spectrogram, first)
    # those of an earlier version of the package are not spoken by a later one
    monkeypatch.setattr(onnx_engine_gpt2tts, "GRAPH_VERSION", onnx_engine_gpt2tts.GRAPH_VERSION + 1)
    with pytest.raises(AssertionError, match="made again"):
        GPT2TTSForTextToSpeech.from_pretrained(folder).generate(**inputs, max_frames=8)


@pytest.mark.usefixtures("full_precision")
def test_graphs_that_are_kept_are_of_the_settings_too(tmp_path, inputs):
    """Of the same weights in another configuration, nothing of the first is spoken."""
    first = build_model(tmp_path, postnet_num_layers=0)
    settings = {**inputs, "seed": 0, "prenet_dropout": 0.0, "max_frames": 20}
    before = first.generate(**settings, engine="onnx").spectrogram
    config = json.loads((tmp_path / "config.json").read_text())
    config["gpt2_config"]["layer_norm_epsilon"] = 1.0
    (tmp_path / "config.json").write_text(json.dumps(config))
    other = GPT2TTSForTextToSpeech.from_pretrained(tmp_path)
    plain, fast = (other.generate(**settings, engine=engine).spectrogram for engine in ("torch", "onnx"))
    torch.testing.assert_close(fast, plain, atol=1e-3, rtol=1e-3)
    assert not torch.allclose(before, plain, atol=1e-3, rtol=1e-3)


def test_a_clip_is_encoded_as_by_the_modules_whatever_the_settings(tmp_path):
    """And nothing that is kept of the same weights in another configuration is used."""
    sizes = {"conditioning_stride": 3, "perceiver_num_layers": 2, "max_reference_frames": 50}
    build_model(tmp_path, **sizes)
    spectrogram = np.random.default_rng(0).normal(-5, 2, (50, 80)).astype(np.float32)
    for heads in (4, 2):
        config = json.loads((tmp_path / "config.json").read_text())
        (tmp_path / "config.json").write_text(
            json.dumps({**config, "conditioning_num_heads": heads, "perceiver_num_heads": heads})
        )
        model = GPT2TTSForTextToSpeech.from_pretrained(tmp_path)
        for frames in (1, 2, 49, 50):
            clip = spectrogram[:frames]
            with torch.inference_mode():
                expected = model.get_style_latents(torch.from_numpy(clip)[None])[0].numpy()
            np.testing.assert_allclose(load_decoder(model).encode(clip), expected, atol=1e-4)


def test_graphs_of_other_models_make_room(tmp_path, inputs, monkeypatch):
    monkeypatch.setattr(onnx_engine_gpt2tts, "KEPT_DECODERS", 2)
    for layers in (0, 1, 3):
        build_model(tmp_path / str(layers), prenet_num_layers=layers).generate(**inputs, max_frames=4, engine="onnx")
    assert len(list(cached_assets_path("gpt2tts", namespace="decoders").parent.iterdir())) <= 3


def test_it_speaks_where_nothing_can_be_kept(model, inputs, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError("read-only")

    monkeypatch.setattr(onnx_engine_gpt2tts, "cached_assets_path", refuse)
    fast = model.generate(**inputs, seed=0, max_frames=8, engine="onnx").spectrogram
    assert not torch.equal(fast, model.generate(**inputs, seed=0, max_frames=8, engine="torch").spectrogram)
