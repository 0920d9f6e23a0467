import pytest
import torch
from safetensors.torch import save_file

from gpt2tts.checkpoint_gpt2tts import read_voice, write_voice
from gpt2tts.configuration_gpt2tts import GPT2TTSConfig
from gpt2tts.modeling_gpt2tts import GPT2TTSForTextToSpeech


@pytest.fixture
def model():
    torch.manual_seed(0)
    return GPT2TTSForTextToSpeech(GPT2TTSConfig.from_preset("tiny", vocoder=None)).eval()


@pytest.fixture
def latents(model):
    return model.get_style_latents(torch.randn(2, 30, 80) * 2 - 5)


def speak(model, **kwargs):
    return model.generate(torch.tensor([[5, 6, 7, 2]]), seed=0, max_frames=12, **kwargs).spectrogram


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
    both = model.generate(ids, voice=["ann", "bob"], prenet_dropout=0.0, max_frames=12).spectrogram
    bob = model.generate(ids[:1], voice="bob", prenet_dropout=0.0, max_frames=12).spectrogram
    torch.testing.assert_close(both[1:], bob)


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


def test_an_embedded_vocoder_is_saved_with_the_model(model, tmp_path):
    from gpt2tts.hifigan_vocoder_gpt2tts import GPT2TTSHifiGan, GPT2TTSHifiGanConfig

    model.config.vocoder = "vocoder"
    model.save_pretrained(tmp_path / "a")
    torch.manual_seed(0)
    GPT2TTSHifiGan(GPT2TTSHifiGanConfig(upsample_initial_channel=16)).save_pretrained(tmp_path / "a" / "vocoder")
    first = GPT2TTSForTextToSpeech.from_pretrained(tmp_path / "a")
    first.save_pretrained(tmp_path / "b")
    second = GPT2TTSForTextToSpeech.from_pretrained(tmp_path / "b")
    spectrogram = torch.randn(1, 20, 80) - 5
    with torch.no_grad():
        torch.testing.assert_close(second.get_vocoder()(spectrogram), first.get_vocoder()(spectrogram))


def test_weights_are_safetensors_only(model, tmp_path):
    model.save_pretrained(tmp_path)
    suffixes = {path.suffix for path in tmp_path.rglob("*") if path.is_file()}
    assert suffixes == {".json", ".py", ".safetensors"}
