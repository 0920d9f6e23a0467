"""The checkpoint in `pretrained/`, as `make speak` and `trust_remote_code` use it."""

from pathlib import Path

import numpy as np
import pytest
from transformers.dynamic_module_utils import get_relative_import_files

from gpt2tts import Synthesizer
from gpt2tts.synthesis import EMBEDDED_CHECKPOINT

TEXT = "The quick brown fox jumps over the lazy dog."


@pytest.fixture(scope="module")
def synthesizer():
    return Synthesizer.from_pretrained(device="cpu")


VOICES = (
    *("heart", "bella", "kore", "sarah", "fenrir", "michael", "puck", "emma", "isabella", "fable", "george"),
    "ljspeech",
)


def test_it_names_its_voices_and_the_vocoder_that_needs_no_weights(synthesizer):
    config = synthesizer.model.config
    assert sorted(synthesizer.voices) == sorted(VOICES)
    assert config.default_voice == "heart"
    assert sorted(config.british_voices) == ["emma", "fable", "george", "isabella"]
    assert [synthesizer.is_british(voice) for voice in (None, "heart", "emma", "fable")] == [False, False, True, True]
    assert config.vocoder == "source-filter"
    assert not (EMBEDDED_CHECKPOINT / "vocoder").exists()
    assert sorted(path.stem for path in (EMBEDDED_CHECKPOINT / "voices").iterdir()) == sorted(VOICES)


def test_hisses_have_no_voice_and_vowels_have_one(synthesizer):
    voiced_hisses, voiced_vowels = [], []
    for speech in synthesizer.speak_batch(
        ["She sells six sharp scissors, so she says."] * len(VOICES), list(VOICES), seeds=0
    ):
        frames, is_voiced = np.asarray(speech.spectrogram), np.asarray(speech.pitch) > 0
        low, high = frames[:, :20].max(axis=1), frames[:, 55:].max(axis=1)
        voiced_hisses.append(is_voiced[(high > -5) & (high > low + 1)])
        voiced_vowels.append(is_voiced[(low > -2) & (low > high + 1)])
    assert len(np.concatenate(voiced_hisses)) > 100
    assert np.concatenate(voiced_hisses).mean() < 0.05
    assert np.concatenate(voiced_vowels).mean() > 0.75


def test_every_voice_speaks_and_ends_by_itself(synthesizer):
    voices = synthesizer.model.voices
    assert synthesizer.model.config.default_voice in voices
    for voice in voices:
        chunks = list(synthesizer.stream(TEXT, voice, seed=0))
        waveform = np.concatenate([chunk.waveform for chunk in chunks])
        assert all(chunk.stopped for chunk in chunks), voice
        assert 1.5 < len(waveform) / synthesizer.sampling_rate < 6.0, voice
        assert np.abs(waveform).max() > 0.05, voice


@pytest.mark.parametrize("speed", [0.5, 2.0])
def test_it_speaks_at_the_pace_asked_for_and_at_its_own_pitch(synthesizer, speed):
    plain, paced = (next(synthesizer.stream(TEXT, seed=0, speed=pace)) for pace in (1.0, speed))
    assert len(paced.waveform) == pytest.approx(len(plain.waveform) / speed, abs=256)
    median, paced_median = (np.median(chunk.pitch[chunk.pitch > 0]) for chunk in (plain, paced))
    assert paced_median == pytest.approx(median, rel=0.02)


def test_it_fits_the_repository():
    files = [path for path in EMBEDDED_CHECKPOINT.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 32e6
    assert {path.suffix for path in files} <= {".json", ".md", ".py", ".safetensors", ".pyc"}


def test_its_sources_are_the_packages_own():
    package = EMBEDDED_CHECKPOINT.parent.resolve()
    sources = {path.name for path in EMBEDDED_CHECKPOINT.glob("*.py")} - {"__init__.py"}
    needed = {Path(path).name for path in get_relative_import_files(package / "modeling_gpt2tts.py")}
    assert sources == needed | {"modeling_gpt2tts.py", "processing_gpt2tts.py"}, (
        "a link ../NAME is missing or too much"
    )
    for name in sources:
        assert (EMBEDDED_CHECKPOINT / name).resolve() == package / name
