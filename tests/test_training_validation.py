import copy
import math

import numpy as np
import pytest
import torch
from accelerate import Accelerator

from gpt2tts.audio import resample_waveforms
from gpt2tts.configuration_gpt2tts import GPT2TTSConfig
from gpt2tts.data.collation import SpeechCollator
from gpt2tts.modeling_gpt2tts import GPT2TTSForTextToSpeech
from gpt2tts.training.validation import (
    ValidationSample,
    build_speech_prompts,
    evaluate_losses,
    evaluate_speech,
    figure_of_merit,
    speech_metrics,
    spread_over_speakers,
)


class StubVocoder(torch.nn.Module):
    """A waveform of 256 samples a frame."""

    def forward(self, spectrogram, lengths=None, *, pitch=None, voicing=None, fine_spectrogram=None):
        assert pitch.shape == voicing.shape == fine_spectrogram.shape[:2] == spectrogram.shape[:2]
        return torch.zeros(len(spectrogram), spectrogram.shape[1] * 256)


class StubRecognizer:
    """Hears nothing in the first clip of each call and "hello there" in the others."""

    name = "stub"

    def transcribe(self, waveforms, sampling_rate):
        self.lengths = [len(waveform) for waveform in waveforms]
        return ["", *["hello there"] * (len(waveforms) - 1)]


def make_sample(frames, target_frames=None, **kwargs):
    target = None if target_frames is None else np.zeros((target_frames, 80))
    return ValidationSample("hello there", "ann", np.zeros(0), np.zeros((frames, 80)), target=target, **kwargs)


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(0)
    return GPT2TTSForTextToSpeech(GPT2TTSConfig.from_preset("tiny")).eval()


def random_frames(generator, count):
    """Frames `(count, 82)` of noise, with a pitch of 100 to 300 Hz."""
    mel = generator.normal(-5, 2, (count, 80))
    rest = [np.log(generator.uniform(100, 300, (count, 1))), generator.uniform(0, 1, (count, 1))]
    return np.concatenate([mel, *rest], axis=1).astype(np.float16)


@pytest.fixture
def rows():
    generator = np.random.default_rng(0)
    return [
        {
            "input_ids": np.full(5 + n, 100, dtype=np.int32),
            "text_positions": np.linspace(0, 5 + n, -(-(30 + 4 * n) // 4) + 1, dtype=np.float32),
            "labels": random_frames(generator, 30 + 4 * n),
            "reference_features": generator.normal(-5, 2, (40, 80)).astype(np.float16),
        }
        for n in range(4)
    ]


def test_stop_error_and_rates():
    samples = [
        make_sample(110, 100, transcript="hello there", teacher_forced_transcript="hello there"),
        make_sample(80, 100, transcript="", teacher_forced_transcript="hello there", stopped=False),
        make_sample(50, transcript="hello there"),
    ]
    metrics = speech_metrics(samples, frame_rate=10)
    assert metrics["stop_error_share"] == pytest.approx(0.15)
    assert metrics["stop_error_seconds"] == pytest.approx(1.5)
    assert metrics["stopped"] == pytest.approx(2 / 3)
    assert metrics["free_running_cer"] == pytest.approx(0.5)
    assert metrics["teacher_forced_cer"] == 0.0
    assert metrics["free_running_cer_texts"] == 0.0


def test_without_a_recognizer_there_are_no_error_rates():
    assert not any("cer" in name for name in speech_metrics([make_sample(10, 10)]))
    assert speech_metrics([]) == {}


def test_figure_of_merit_prefers_what_was_heard():
    assert figure_of_merit({"loss": 0.1, "free_running_cer": 0.4}) == 0.4
    assert figure_of_merit({"loss": 0.1}) == 0.1
    assert figure_of_merit({}) == math.inf
    assert figure_of_merit({"free_running_cer": math.nan, "loss": 2.0}) == 2.0


def test_rows_are_spread_over_the_speakers():
    assert spread_over_speakers(["a", "a", "a", "b", "c", "b"], 5) == [0, 3, 4, 1, 5]


def test_losses_are_weighted_by_frames(model, rows):
    collate = SpeechCollator(0, 4)
    accelerator = Accelerator(cpu=True)
    torch.manual_seed(0)
    model = copy.deepcopy(model).train()
    model.config.prenet_dropout, model.model.prenet.dropout = 0.0, 0.0
    losses = evaluate_losses(model, [collate(rows[:1]), collate(rows[1:])], accelerator)
    assert model.training  # which goes on
    model.eval()
    apart = [model(**collate([row])).spectrogram_loss.item() for row in rows]
    frames = [len(row["labels"]) for row in rows]
    expected = np.average(apart, weights=frames)
    assert losses["spectrogram_loss"] == pytest.approx(expected, rel=0.01)
    with pytest.raises(ValueError, match="validation_share"):
        evaluate_losses(model, [], accelerator)


def test_speech_that_is_many_times_too_loud_is_heard(model, rows):
    class LoudVocoder(StubVocoder):
        def forward(self, *args, **kwargs):
            return super().forward(*args, **kwargs) + 5.8

    class Recognizer(StubRecognizer):
        def transcribe(self, waveforms, sampling_rate):
            return super().transcribe(resample_waveforms(waveforms, sampling_rate, 16000), sampling_rate)

    prompts = build_speech_prompts(
        rows, ["one", "two", "three", "four"], ["ann", "bob"] * 2, SpeechCollator(0, 4), num_sentences=2, num_voices=1
    )
    assert list(prompts.references) == ["ann"]
    tools = {"accelerator": Accelerator(cpu=True), "vocoder": LoudVocoder(), "recognizer": Recognizer()}
    result = evaluate_speech(model, prompts.batches, prompts.texts, prompts.voices, **tools)
    assert all(sample.transcript is not None for sample in result.samples)
    assert [sample.waveform.max() for sample in result.samples] == [1, 1]
    assert set(prompts.shown(result.samples)) == {"ann/recorded"}  # of the voices that are saved
    assert not model.training  # as before


def test_sentences_are_generated_and_heard_both_ways(model, rows):
    prompts = build_speech_prompts(
        rows,
        ["one", "two", "three", "four"],
        ["ann", "bob.2", "ann", "ann"],
        SpeechCollator(0, 4),
        num_sentences=3,
        num_voices=2,
        extra_texts=["given"],
        tokenize=lambda text: [100] * len(text),
        batch_size=2,
    )
    # a voice is named as a checkpoint may name it
    assert list(prompts.references) == ["ann", "bob_2"]
    assert [len(texts) for texts in prompts.texts] == [2, 1, 2]
    recognizer = StubRecognizer()
    model = copy.deepcopy(model).train()
    arguments = {"accelerator": Accelerator(cpu=True), "vocoder": StubVocoder(), "recognizer": recognizer}
    result = evaluate_speech(model, prompts.batches, prompts.texts, prompts.voices, **arguments)
    again = evaluate_speech(model, prompts.batches, prompts.texts, prompts.voices, **arguments)

    recorded, given = result.samples[:3], result.samples[3:]
    assert sorted(sample.text for sample in recorded) == ["one", "three", "two"]
    assert [(sample.text, sample.voice) for sample in given] == [("given", "ann"), ("given", "bob_2")]
    lengths = {"one": 30, "two": 34, "three": 38}
    for sample in recorded:
        assert sample.target.shape == (lengths[sample.text], 80)
        assert sample.teacher_forced_transcript is not None
    for sample, repeated in zip(result.samples, again.samples, strict=True):
        assert len(sample.waveform) == 256 * len(sample.spectrogram)
        num_tokens = {"one": 5, "two": 6, "three": 7, "given": 5}[sample.text]
        assert sample.text_positions.shape == (len(sample.spectrogram) // 4,)
        assert 0 <= sample.text_positions.min() <= sample.text_positions.max() <= num_tokens - 1
        np.testing.assert_array_equal(sample.spectrogram, repeated.spectrogram)
    assert {"free_running_cer", "teacher_forced_cer", "stop_error_share", "stopped"} <= set(result.metrics)
    assert set(prompts.shown(result.samples)) == {"ann/recorded", "bob_2/recorded", "ann/given", "bob_2/given"}
    assert model.training
