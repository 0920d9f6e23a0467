import copy
import logging
import math
import os
import re
import shutil
from pathlib import Path

import pytest
import torch
from huggingface_hub import ResolvedRevision
from safetensors.torch import load_file, save_file
from transformers import GPT2Config

from gpt2tts.checkpoint_gpt2tts import read_voice
from gpt2tts.configuration_gpt2tts import GPT2TTSConfig
from gpt2tts.hifigan_vocoder_gpt2tts import GPT2TTSHifiGan, GPT2TTSHifiGanConfig
from gpt2tts.matched_voices_gpt2tts import write_voice
from gpt2tts.modeling_gpt2tts import GPT2TTSForTextToSpeech, GPT2TTSPreTrainedModel


@pytest.fixture
def model():
    torch.manual_seed(0)
    return GPT2TTSForTextToSpeech(GPT2TTSConfig.from_preset("tiny", vocoder=None)).eval()


@pytest.fixture
def latents(model):
    return model.get_style_latents(torch.randn(2, 30, 80) * 2 - 5)


def speak(model, **kwargs):
    return model.generate(torch.tensor([[5, 6, 7, 2]]), seed=0, max_frames=12, engine="torch", **kwargs).spectrogram


def test_voices_are_saved_with_the_model(model, latents, tmp_path):
    for name, row in zip(("ann", "bob"), latents, strict=True):
        model.add_voice(name, row)
    model.config.default_voice = "bob"
    model.save_pretrained(tmp_path)
    loaded = GPT2TTSForTextToSpeech.from_pretrained(tmp_path)
    assert loaded.voices == ["ann", "bob"]
    torch.testing.assert_close(loaded.get_voice("ann"), latents[0])
    torch.testing.assert_close(speak(loaded), speak(model, style_latents=latents[1:]))
    torch.testing.assert_close(speak(loaded, voice="ann"), speak(model, style_latents=latents[:1]))

    # and once more, from a model that has not read them yet
    loaded = GPT2TTSForTextToSpeech.from_pretrained(tmp_path)
    loaded.save_pretrained(tmp_path / "again")
    again = GPT2TTSForTextToSpeech.from_pretrained(tmp_path / "again")
    torch.testing.assert_close(speak(again), speak(loaded))


def test_a_voice_file_put_into_the_folder_is_a_voice(model, latents, tmp_path):
    model.save_pretrained(tmp_path)
    (tmp_path / "voices").mkdir()
    write_voice(tmp_path / "voices" / "eve.safetensors", latents[0])
    loaded = GPT2TTSForTextToSpeech.from_pretrained(tmp_path)
    assert loaded.voices == ["eve"]
    torch.testing.assert_close(loaded.get_voice("eve"), latents[0])


def test_several_voices_in_a_batch(model, latents):
    model.add_voice("ann", latents[0])
    model.add_voice("bob", latents[1])
    ids = torch.tensor([[5, 6, 7, 2]] * 2)
    both = model.generate(ids, voice=["ann", "bob"], prenet_dropout=0.0, max_frames=12, engine="torch").spectrogram
    bob = model.generate(ids[:1], voice="bob", prenet_dropout=0.0, max_frames=12, engine="torch").spectrogram
    torch.testing.assert_close(both[1:, : bob.shape[1]], bob)


@pytest.mark.parametrize("name", ["", "../ann", "a b"])
def test_names_that_are_no_file_names_are_refused(model, latents, name):
    with pytest.raises(ValueError, match="name"):
        model.add_voice(name, latents[0])


def test_latents_of_another_shape_are_refused(model, latents):
    with pytest.raises(ValueError, match="style_latents"):
        model.add_voice("ann", latents)


def test_a_file_that_is_no_voice_is_refused(tmp_path):
    save_file({"weight": torch.zeros(2)}, tmp_path / "x.safetensors")
    with pytest.raises(ValueError, match="not a voice"):
        read_voice(tmp_path / "x.safetensors")


@pytest.fixture
def checkpoint(model, latents, tmp_path):
    """Folder of a model with the voice `ann` and a vocoder."""
    folder = tmp_path / "checkpoint"
    model.add_voice("ann", latents[0], default=True)
    model.config.vocoder = "vocoder"
    model.save_pretrained(folder)
    torch.manual_seed(0)
    vocoder_config = GPT2TTSHifiGanConfig(upsample_initial_channel=32, initializer_range=0.2)
    GPT2TTSHifiGan(vocoder_config).save_pretrained(folder / "vocoder")
    return folder


def vocode(model):
    torch.manual_seed(0)
    with torch.no_grad():
        return model.get_vocoder()(torch.randn(1, 20, 80) - 5)


def write_hub_cache(checkpoint: Path, cache_dir: Path, *, revision: str, subfolder: str = "") -> Path:
    """What the Hub's client keeps of a repository `me/voice` after a download. Returns its folder."""
    repository, commit = cache_dir / "models--me--voice", "a" * 40
    shutil.copytree(checkpoint, repository / "snapshots" / commit / subfolder)
    (repository / "refs").mkdir()
    (repository / "refs" / revision).write_text(commit)
    return repository


def test_an_embedded_vocoder_is_saved_with_the_model(checkpoint, tmp_path):
    first = GPT2TTSForTextToSpeech.from_pretrained(checkpoint)
    first.save_pretrained(tmp_path / "b")
    second = GPT2TTSForTextToSpeech.from_pretrained(tmp_path / "b")
    torch.testing.assert_close(vocode(second), vocode(first))
    second.save_pretrained(tmp_path / "b")
    torch.testing.assert_close(vocode(GPT2TTSForTextToSpeech.from_pretrained(tmp_path / "b")), vocode(first))


def test_gradients_go_through_a_vocoder_that_generation_has_loaded(model):
    model.generate(torch.full((1, 5), 70), seed=0, max_frames=8, vocoder="griffin-lim")
    spectrogram = torch.full((1, 20, 80), -5.0, requires_grad=True)
    model.get_vocoder("griffin-lim")(spectrogram).square().sum().backward()
    assert spectrogram.grad.abs().sum() > 0


@pytest.mark.parametrize("subfolder", ["", "inner"])
def test_a_checkpoint_of_the_hub_keeps_its_voices_and_vocoder(checkpoint, latents, tmp_path, subfolder):
    write_hub_cache(checkpoint, tmp_path / "cache", revision="v2", subfolder=subfolder)
    where = {"cache_dir": str(tmp_path / "cache"), "revision": "v2", "local_files_only": True, "subfolder": subfolder}
    loaded = GPT2TTSForTextToSpeech.from_pretrained("me/voice", **where)
    shutil.rmtree(tmp_path / "cache")
    loaded.save_pretrained(tmp_path / "saved")
    again = GPT2TTSForTextToSpeech.from_pretrained(tmp_path / "saved")
    assert again.voices == ["ann"]
    torch.testing.assert_close(again.get_voice("ann"), latents[0])
    local = GPT2TTSForTextToSpeech.from_pretrained(checkpoint)
    torch.testing.assert_close(vocode(again), vocode(local))


def test_weights_and_voices_are_of_one_commit(checkpoint, latents, tmp_path, monkeypatch):
    repository = write_hub_cache(checkpoint, tmp_path / "cache", revision="main")
    newer = repository / "snapshots" / ("b" * 40)
    shutil.copytree(checkpoint, newer)
    write_voice(newer / "voices" / "ann.safetensors", -latents[0])
    read_weights = GPT2TTSPreTrainedModel.from_pretrained.__func__

    def push_meanwhile(cls, *args, **kwargs):
        result = read_weights(cls, *args, **kwargs)
        (repository / "refs" / "main").write_text("b" * 40)
        return result

    monkeypatch.setattr(GPT2TTSPreTrainedModel, "from_pretrained", classmethod(push_meanwhile))
    where = {"cache_dir": str(tmp_path / "cache"), "local_files_only": True}
    loaded, after = (GPT2TTSForTextToSpeech.from_pretrained("me/voice", **where) for _ in range(2))
    torch.testing.assert_close(loaded.get_voice("ann"), latents[0])
    torch.testing.assert_close(after.get_voice("ann"), -latents[0])


def test_what_is_cached_of_a_commit_is_not_asked_for_again(checkpoint, tmp_path, monkeypatch):
    repository = write_hub_cache(checkpoint, tmp_path / "cache", revision="main")
    asked = []
    monkeypatch.setattr("transformers.utils.hub.hf_hub_download", lambda *args, **kwargs: asked.append(args))
    monkeypatch.setattr("huggingface_hub.HfApi.resolve_revision", lambda *args, **kwargs: ResolvedRevision("a" * 40))
    loaded = GPT2TTSForTextToSpeech.from_pretrained("me/voice", cache_dir=str(repository.parent))
    assert loaded.voices == ["ann"]
    assert not {name for name in map(str, asked) if "voices" in name or "vocoder" in name}


def test_nothing_is_read_after_the_weights(checkpoint, tmp_path, monkeypatch):
    expected = vocode(GPT2TTSForTextToSpeech.from_pretrained(checkpoint))
    monkeypatch.chdir(checkpoint.parent)
    loaded, info = GPT2TTSForTextToSpeech.from_pretrained(checkpoint.name, output_loading_info=True)
    assert not info["missing_keys"]
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    shutil.rmtree(checkpoint)
    speak(loaded, voice="ann")
    torch.testing.assert_close(vocode(loaded), expected)
    loaded.save_pretrained("copy")
    torch.testing.assert_close(vocode(GPT2TTSForTextToSpeech.from_pretrained("copy")), expected)
    torch.testing.assert_close(vocode(copy.deepcopy(loaded)), expected)


def test_a_vocoder_elsewhere_stays_a_reference(checkpoint, tmp_path):
    (checkpoint / "vocoder").rename(tmp_path / "vocoder")
    loaded = GPT2TTSForTextToSpeech.from_pretrained(checkpoint, vocoder=str(tmp_path / "vocoder"))
    loaded.save_pretrained(tmp_path / "saved")
    again = GPT2TTSForTextToSpeech.from_pretrained(tmp_path / "saved")
    assert again.config.vocoder == str(tmp_path / "vocoder")
    assert not (tmp_path / "saved" / "vocoder").exists()
    torch.testing.assert_close(vocode(again), vocode(loaded))


def test_no_vocoder_is_read_or_written_beside_the_checkpoint(checkpoint, tmp_path):
    (checkpoint / "vocoder").rename(checkpoint.parent / "evil")
    loaded = GPT2TTSForTextToSpeech.from_pretrained(checkpoint, vocoder="../evil")
    loaded.save_pretrained(tmp_path / "deep" / "saved")
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["saved"]


def test_a_push_has_voices_and_vocoder(checkpoint, tmp_path):
    loaded = GPT2TTSForTextToSpeech.from_pretrained(checkpoint)
    loaded.save_pretrained(tmp_path / "saved")
    uploaded = set(loaded._get_files_timestamps(tmp_path / "saved"))
    assert "config.json" in uploaded
    assert not uploaded & {"voices", "vocoder"}


def test_voices_of_another_model_are_left_out(checkpoint):
    loaded = GPT2TTSForTextToSpeech.from_pretrained(checkpoint, num_style_latents=3, ignore_mismatched_sizes=True)
    assert loaded.voices == []
    speak(loaded)


def test_a_default_voice_that_is_not_there_is_warned_of(checkpoint, caplog):
    with caplog.at_level("WARNING"):
        assert GPT2TTSForTextToSpeech.from_pretrained(checkpoint, default_voice="anne").config.default_voice is None
    assert re.search(r"'anne' is not among the voices .*\(ann\)", caplog.text)


def test_voices_do_not_change_with_the_tensors_of_a_caller(model, latents):
    model.add_voice("ann", latents[0])
    ann = latents[0].clone()
    latents.zero_()
    mixed = model.get_voice("ann")
    mixed += 1
    model.add_voice("mixed", mixed)
    torch.testing.assert_close(model.get_voice("ann"), ann)
    torch.testing.assert_close(model.get_voice("mixed"), ann + 1)


def test_a_new_voice_can_be_the_default(checkpoint, latents):
    loaded = GPT2TTSForTextToSpeech.from_pretrained(checkpoint)
    loaded.add_voice("zoe", latents[1])
    assert loaded.config.default_voice == "ann"
    loaded.add_voice("zoe", latents[1], default=True)
    torch.testing.assert_close(speak(loaded), speak(loaded, style_latents=latents[1:]))


def test_weights_are_safetensors_only(model, tmp_path):
    model.save_pretrained(tmp_path)
    suffixes = {path.suffix for path in tmp_path.rglob("*") if path.is_file()}
    assert suffixes == {".json", ".py", ".safetensors"}


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
def test_weights_and_voices_survive_bit_for_bit(model, latents, tmp_path, dtype):
    model = model.to(dtype)
    model.add_voice("ann", latents[0])
    model.save_pretrained(tmp_path / "a")
    loaded = GPT2TTSForTextToSpeech.from_pretrained(tmp_path / "a")
    loaded.save_pretrained(tmp_path / "b")
    for name in ("model.safetensors", "voices/ann.safetensors"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    for name, weight in model.state_dict().items():
        assert loaded.state_dict()[name].dtype == weight.dtype
        assert torch.equal(loaded.state_dict()[name], weight), name
    assert torch.equal(loaded.get_voice("ann"), latents[0])


@pytest.fixture
def damage(model, tmp_path):
    """`damage(name, values)`: the model's folder, with that weight replaced, or left out where there are no values."""

    def save(name, values=None):
        model.save_pretrained(tmp_path)
        weights = load_file(tmp_path / "model.safetensors")
        weights.pop(name, None)
        weights |= {} if values is None else {name: values}
        save_file(weights, tmp_path / "model.safetensors", metadata={"format": "pt"})
        return tmp_path

    return save


@pytest.mark.parametrize(
    ("name", "values", "error", "message"),
    [
        ("model.normalizer.frame_std", torch.full((82,), math.inf), ValueError, r"not finite \(model\.normalizer"),
        ("mel_head.bias", torch.zeros(3), RuntimeError, r"mel_head\.bias: \(3,\), \(328,\).*config\.json"),
        (
            "step_head.bias",
            torch.tensor([math.nan]),
            ValueError,
            r"not finite \(step_head\.bias\).*earlier checkpoint",
        ),
    ],
)
def test_weights_that_do_not_fit_are_named(damage, name, values, error, message):
    folder = damage(name, values)
    with pytest.raises(error, match=message) as raised:
        GPT2TTSForTextToSpeech.from_pretrained(folder)
    assert str(folder) in str(raised.value)


@pytest.mark.parametrize(("name", "values"), [("mel_head.bias", None), ("mel_head.scale", torch.zeros(3))])
def test_missing_and_superfluous_weights_are_warned_of(damage, name, values):
    loader = logging.getLogger("transformers.modeling_utils")
    records = []
    handler = logging.Handler()
    handler.emit = lambda record: records.append(record.getMessage())
    loader.addHandler(handler)
    _, info = GPT2TTSForTextToSpeech.from_pretrained(damage(name, values), output_loading_info=True)
    loader.removeHandler(handler)
    assert info["missing_keys" if values is None else "unexpected_keys"] == {name}
    assert any(name in message for message in records)


def test_a_checkpoint_of_another_model_is_named(tmp_path):
    GPT2Config(n_layer=1).save_pretrained(tmp_path)
    for load in (GPT2TTSForTextToSpeech.from_pretrained, GPT2TTSConfig.from_pretrained):
        with pytest.raises(
            ValueError, match=r"is a model of the type 'gpt2', not 'gpt2tts': pass a folder or Hub id"
        ) as raised:
            load(tmp_path)
        assert str(tmp_path) in str(raised.value)


@pytest.mark.parametrize("content", ["half", "empty", "other"])
def test_a_damaged_file_of_weights_is_named(model, tmp_path, content):
    model.save_pretrained(tmp_path)
    file = tmp_path / "model.safetensors"
    whole = file.read_bytes()
    file.write_bytes({"half": whole[: len(whole) // 2], "empty": b"", "other": b"<html>not found</html>"}[content])
    with pytest.raises(OSError, match=r"cannot be read.*cut short.*force_download") as raised:
        GPT2TTSForTextToSpeech.from_pretrained(tmp_path)
    assert str(tmp_path) in str(raised.value)


def test_a_damaged_voice_is_left_out_and_named(model, latents, tmp_path, caplog):
    for name in ("ann", "bob", "eve"):
        model.add_voice(name, latents[0])
    model.save_pretrained(tmp_path)
    file = tmp_path / "voices" / "bob.safetensors"
    file.write_bytes(file.read_bytes()[:-100])
    write_voice(tmp_path / "voices" / "eve.safetensors", latents[0] * math.nan)
    with caplog.at_level(logging.WARNING):
        loaded = GPT2TTSForTextToSpeech.from_pretrained(tmp_path)
    assert loaded.voices == ["ann"]
    with pytest.raises(ValueError, match=r"bob\.safetensors cannot be read.*export the voice again"):
        read_voice(file)
    with pytest.raises(ValueError, match="'eve' are not finite"):
        loaded.add_voice("eve", latents[0] * math.nan)


def test_a_damaged_vocoder_is_named(checkpoint):
    file = checkpoint / "vocoder" / "model.safetensors"
    file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(OSError, match=r"The vocoder 'vocoder' could not be loaded.*griffin-lim"):
        GPT2TTSForTextToSpeech.from_pretrained(checkpoint)


@pytest.mark.skipif(os.name == "nt", reason="of POSIX alone")
def test_voices_and_weights_can_be_read_by_others(checkpoint, tmp_path):
    other = tmp_path / "other"
    other.touch()
    files = [*checkpoint.glob("*.safetensors"), *checkpoint.glob("voices/*.safetensors")]
    assert len(files) > 1
    assert {path.stat().st_mode for path in files} == {other.stat().st_mode}
