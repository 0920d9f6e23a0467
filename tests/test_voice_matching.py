"""Voices of recordings: matched to them, kept in files, spoken by every engine."""

import sys
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile
import torch

from gpt2tts import Synthesizer, generation_gpt2tts, voice_matching
from gpt2tts.base_synthesizer import KEPT_VOICES
from gpt2tts.checkpoint_gpt2tts import read_voice
from gpt2tts.cli.main import main
from gpt2tts.frames_gpt2tts import spread_fine
from gpt2tts.matched_voices_gpt2tts import (
    join_voice,
    mean_voice,
    num_match_rows,
    split_voices,
    stack_voices,
    write_voice,
)
from gpt2tts.onnx_synthesis import OnnxSynthesizer
from gpt2tts.pitch import track_pitch
from gpt2tts.synthesis import EMBEDDED_CHECKPOINT

RECORDED = "She had your dark suit in greasy wash water all year, and he would not say a word about it."
TEXT = "The train leaves at nine, and nobody knows when it comes back."

pytest.importorskip("onnxruntime")
pytest.importorskip("swift_f0")


@pytest.fixture(scope="module")
def synthesizer():
    if not (EMBEDDED_CHECKPOINT / "config.json").is_file():
        pytest.skip("no embedded checkpoint in this installation")
    return Synthesizer.from_pretrained(device="cpu")


@pytest.fixture(scope="module")
def stranger(synthesizer):
    """A recording of somebody of another pitch, in a room that takes the highs and gives lows."""
    waveform, rate = synthesizer.speak(
        RECORDED,
        "emma(1)+puck(1)",
        seed=3,
        pitch_shift=3.0,
    )
    spectrum = np.fft.rfft(waveform)
    frequencies = np.fft.rfftfreq(len(waveform), 1 / rate)
    coloured = np.fft.irfft(spectrum * (1 + frequencies / 300) ** -1.0, len(waveform)).astype(np.float32)
    return 0.5 * coloured / np.abs(coloured).max(), rate


@pytest.fixture(scope="module")
def matched(synthesizer, stranger):
    return synthesizer.load_voice(stranger)


def _unmatched(synthesizer, recording):
    waveform, rate = recording
    inputs = synthesizer.processor(audio=waveform, sampling_rate=rate)
    with torch.inference_mode():
        return synthesizer.model.get_style_latents(inputs["reference_features"], inputs["reference_mask"])[0]


def _loud_mean(spectrogram: np.ndarray) -> np.ndarray:
    level = spectrogram.mean(-1)
    mean = spectrogram[level > np.percentile(level, 95) - 4].mean(0)
    return mean - np.median(mean)


def test_a_matched_voice_is_nearer_to_its_recording(synthesizer, stranger, matched):
    waveform, rate = stranger
    recorded = synthesizer.processor(audio=waveform, sampling_rate=rate)["reference_features"][0].numpy()

    def hear(voice):
        inputs = synthesizer.processor(text=RECORDED)
        speech = synthesizer.model.generate(**inputs, style_latents=voice, seed=0)
        pitch = speech.pitch[speech.voicing > 0.5].log().median().item()
        heard = synthesizer.processor.feature_extractor.log_mel(speech.waveform[0]).numpy()
        return pitch, np.abs(_loud_mean(heard) - _loud_mean(recorded)).mean()

    pitch, voicing = track_pitch(waveform, rate, len(recorded))
    true_pitch = np.median(np.log(pitch[voicing > 0.5]))
    (before, coloured_before), (after, coloured_after) = hear(_unmatched(synthesizer, stranger)), hear(matched)
    assert coloured_after < 0.75 * coloured_before
    # two semitones are what a listener takes for another voice
    assert abs(after - true_pitch) < max(abs(before - true_pitch), 2 * np.log(2) / 12)


def test_a_matched_voice_has_no_details_of_voices_that_were_trained_on(synthesizer, matched):
    latents, _ = split_voices(matched[None], synthesizer.config)
    inputs = synthesizer.processor(TEXT)
    changes = []
    for voice in (matched[None], latents):
        speech = synthesizer.model.generate(**inputs, style_latents=voice, generator=torch.Generator().manual_seed(0))
        here, between = (
            spread_fine(speech.fine_spectrogram)[0, : 2 * speech.spectrogram_lengths[0]]
            .unflatten(0, (-1, 2))
            .unbind(1)
        )
        changes.append((between[:-1] - (here[:-1] + here[1:]) / 2).abs().mean().item())
    assert 0 < changes[0] < 0.5 * changes[1]


def test_a_matched_voice_beside_another_is_as_without_it(synthesizer, matched):
    unmatched = matched.clone()
    unmatched[synthesizer.config.num_style_latents :] = 0
    inputs = synthesizer.processor([TEXT, TEXT])
    none, one, both = (
        synthesizer.model.generate(**inputs, style_latents=torch.stack(voices), seed=0).fine_spectrogram
        for voices in ((unmatched, unmatched), (matched, unmatched), (matched, matched))
    )
    torch.testing.assert_close(one[0], both[0])
    torch.testing.assert_close(one[1], none[1])


def test_the_same_recording_gives_the_same_voice(synthesizer, stranger, matched):
    assert torch.equal(synthesizer.load_voice([stranger]), matched)
    rows = synthesizer.config.num_style_latents + num_match_rows(synthesizer.config)
    assert matched.shape == (rows, synthesizer.config.hidden_size)


def test_a_voice_is_the_same_whatever_is_spoken_with(synthesizer, stranger, matched):
    parts = synthesizer.model, synthesizer.processor, synthesizer.vocoder
    hasty = Synthesizer(*parts, prenet_dropout=0.0, max_frames_per_token=0.5)
    assert torch.equal(hasty.load_voice(stranger), matched)


def test_a_recording_is_matched_once(synthesizer, stranger, matched, monkeypatch):
    monkeypatch.setattr(voice_matching, "match_voice", lambda *_, **__: pytest.fail("matched again"))
    assert len(synthesizer.speak_batch(["One.", "Two."], stranger, seeds=0)) == 2


def test_with_other_mels_than_the_vocoder_has_the_encoder_decides_alone(synthesizer, stranger, monkeypatch):
    def refuse(*_, **__):
        raise ValueError("other mels")

    monkeypatch.setattr(voice_matching, "mel_geometry", refuse)
    voice = torch.from_numpy(voice_matching.match_voice(synthesizer, [stranger]))
    torch.testing.assert_close(voice, _unmatched(synthesizer, stranger))


@pytest.mark.parametrize("other", [{"hop_length": 300}, {"hop_length": 512}, {"n_mels": 400}])
def test_the_closed_form_refuses_mels_that_it_cannot_make(other):
    config = SimpleNamespace(**{"sampling_rate": 22050, "hop_length": 256, "n_mels": 80, **other})
    with pytest.raises(ValueError, match=r"hops of|too small"):
        voice_matching._make_vocoder(config)


def test_every_way_of_speaking_matches(synthesizer, matched, tmp_path):
    write_voice(tmp_path / "me.safetensors", matched)
    assert torch.equal(read_voice(tmp_path / "me.safetensors"), matched)
    waveform, _ = synthesizer.speak(TEXT, tmp_path / "me.safetensors", seed=0)
    assert 0.3 < np.abs(waveform).max() < 0.8
    streamed = np.concatenate(list(synthesizer.stream_waveform(TEXT, matched, seed=0)))
    np.testing.assert_allclose(streamed, waveform, atol=2e-3)
    batch = synthesizer.speak_batch(["Good night.", TEXT], ["heart", matched], seeds=0)
    plain = synthesizer.speak_batch(["Good night."], ["heart"], seeds=0)
    np.testing.assert_allclose(batch[0].waveform, plain[0].waveform, atol=1e-5)
    without_torch = OnnxSynthesizer.from_pretrained()
    np.testing.assert_array_equal(without_torch.speak(TEXT, tmp_path / "me.safetensors", seed=0)[0], waveform)


def test_threads_may_load_more_voices_than_are_kept(synthesizer, matched, monkeypatch):
    monkeypatch.setattr(voice_matching, "match_voice", lambda *_, **__: matched)
    kept = dict(synthesizer._matched)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(12) as pool:
            for _ in pool.map(lambda level: synthesizer.load_voice((np.full(4, level), 22050)), range(4000)):
                pass
    finally:
        sys.setswitchinterval(interval)
    assert len(synthesizer._matched) == KEPT_VOICES
    synthesizer._matched = kept


def test_a_named_voice_may_be_matched(synthesizer, matched, tmp_path):
    synthesizer.model.add_voice("stranger", matched)
    try:
        spoken = synthesizer.speak(TEXT, "stranger", seed=0)[0]
        np.testing.assert_array_equal(spoken, synthesizer.speak(TEXT, matched, seed=0)[0])
        blend = synthesizer.load_voice("stranger(1)+heart(3)")
        torch.testing.assert_close(
            blend, mean_voice([matched, synthesizer.load_voice("heart")], [1, 3]), rtol=1e-5, atol=1e-5
        )
    finally:
        del synthesizer.model._added_voices["stranger"]


def test_transform_and_shift_are_what_changes_the_spectrogram(synthesizer):
    generator = np.random.default_rng(0)
    latents = synthesizer.load_voice("heart")
    size = synthesizer.config.n_mels
    transform = generator.uniform(-0.02, 0.02, (size, size)).astype(np.float32)
    shift = generator.uniform(-0.2, 0.2, size).astype(np.float32)
    voice = torch.from_numpy(join_voice(latents.numpy(), transform, shift))
    inputs = synthesizer.processor(text="Good morning.")
    plain, changed = (
        synthesizer.model.generate(**inputs, style_latents=each, seed=0, output_waveform=False)
        for each in (latents, voice)
    )
    expected = plain.spectrogram @ (torch.eye(size) + torch.from_numpy(transform)) + torch.from_numpy(shift)
    torch.testing.assert_close(changed.spectrogram, expected, rtol=1e-4, atol=1e-4)
    assert torch.equal(changed.pitch, plain.pitch)


@pytest.mark.parametrize("kind", [np.asarray, torch.as_tensor])
def test_voices_of_both_kinds_are_joined_and_split(synthesizer, kind):
    config = synthesizer.config
    latents = np.ones((config.num_style_latents, config.hidden_size), np.float32)
    transform, shift = np.full((config.n_mels,) * 2, 0.5, np.float32), np.full((1, config.n_mels), -2.0, np.float32)
    matched, plain = kind(join_voice(latents, transform, shift[0])), kind(latents)
    back, match = split_voices(stack_voices([plain, matched]), config)
    assert np.array_equal(back, np.stack([latents, latents]))
    assert np.array_equal(match[0], np.zeros((config.n_mels + 1, config.n_mels)))
    assert np.array_equal(match[1], np.concatenate([transform, shift]))
    assert split_voices(stack_voices([plain]), config)[1] is None
    _, mean = split_voices(mean_voice([plain, matched], [3, 1])[None], config)
    np.testing.assert_allclose(mean[0], np.concatenate([transform, shift]) / 4)


def test_a_short_recording_changes_less_of_how_frames_vary(synthesizer, stranger):
    """The covariance of a second of speech is chance: taken for the voice, words are no longer understood."""
    waveform, rate = stranger
    short = (waveform[: round(1.6 * rate)], rate)

    def change(recordings):
        _, match = split_voices(synthesizer.load_voice(recordings)[None].numpy(), synthesizer.config)
        return np.linalg.norm(match[0, :-1])

    assert change(short) < 0.8 * change([short] * 6)


def test_frames_unlike_those_that_were_heard_are_not_blown_up():
    draw = np.random.default_rng(0)
    made = draw.normal(size=(2000, 80))
    wanted = made * np.r_[np.full(10, 4.0), np.ones(70)]
    transform, shift = voice_matching._match_frames(made, wanted)
    change = np.linalg.norm(made @ transform, axis=1) / np.linalg.norm(made, axis=1)
    assert 0.1 < change.mean() < change.max() <= 0.5
    assert np.abs(made.mean(0) @ transform + shift).max() < 0.1


def test_pitch_is_heard_where_the_speech_is(synthesizer, stranger):
    """Whatever silence is before it, which is cut, and in stereo."""
    waveform, rate = stranger
    late = np.concatenate((np.zeros(4 * 22050, np.float32), waveform))
    clip, again = (
        voice_matching._record(synthesizer, samples, rate) for samples in (waveform, np.stack((late, late), axis=1))
    )
    length = min(len(clip.voicing[0]), len(again.voicing[0]))
    first, second = clip.voicing[0, :length], again.voicing[0, :length]
    assert np.corrcoef(first, second)[0, 1] > 0.9
    # of mels and pitch alike: what is voiced is louder
    level = again.spectrogram[0].mean(-1)
    assert level[again.voicing[0] > 0.5].mean() > level[again.voicing[0] < 0.1].mean() + 1


def test_the_engine_that_matches_is_the_one_that_is_asked_for(stranger, monkeypatch):
    monkeypatch.setattr(generation_gpt2tts, "load_decoder", lambda *_, **__: pytest.fail("by ONNX Runtime"))
    synthesizer = Synthesizer.from_pretrained(device="cpu", engine="torch")
    assert len(synthesizer.load_voice(stranger)) > synthesizer.config.num_style_latents


def test_without_a_pitch_to_hear_the_sound_alone_is_matched(synthesizer, stranger, matched, monkeypatch, caplog):
    def refuse(*_):
        raise ImportError("pip install swift-f0")

    monkeypatch.setattr(voice_matching, "track_pitch", refuse)
    monkeypatch.setattr(voice_matching, "ROUNDS", 1)
    monkeypatch.setattr(voice_matching, "SENTENCES", voice_matching.SENTENCES[:1])
    voice = voice_matching.match_voice(synthesizer, [stranger])
    assert voice.shape == matched.shape
    assert np.isfinite(voice).all()
    assert "The pitch of a voice is not matched to its recordings: pip install swift-f0" in caplog.text


def test_latents_of_recordings_are_the_mean_of_each(synthesizer, stranger):
    waveform, rate = stranger
    clips = [stranger, (waveform[: 2 * rate], rate)]
    expected = torch.stack([_unmatched(synthesizer, clip) for clip in clips]).mean(0)
    found = torch.from_numpy(voice_matching.encode_recordings(synthesizer, clips))
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-4)


def test_too_little_speech_is_not_matched(synthesizer, stranger):
    waveform, rate = stranger
    short = (waveform[: round(0.6 * rate)], rate)
    torch.testing.assert_close(synthesizer.load_voice(short), _unmatched(synthesizer, short), rtol=1e-4, atol=1e-4)


def test_a_model_that_does_not_speak_matches_nothing(tiny_checkpoint, stranger):
    synthesizer = Synthesizer.from_pretrained(tiny_checkpoint, device="cpu")
    torch.testing.assert_close(synthesizer.load_voice(stranger), _unmatched(synthesizer, stranger))


def test_a_damaged_voice_is_refused(synthesizer, matched, tmp_path):
    write_voice(tmp_path / "cut.safetensors", matched[:-2])
    with pytest.raises(ValueError, match="export the voice again"):
        synthesizer.load_voice(tmp_path / "cut.safetensors")
    with pytest.raises(ValueError, match="must be"):
        synthesizer.model.add_voice("cut", matched[:-2])


def test_a_voice_is_exported_matched(stranger, synthesizer, tmp_path):
    waveform, rate = stranger
    soundfile.write(tmp_path / "stranger.wav", waveform, rate)
    with pytest.raises(SystemExit, match="0"):
        main(["export-voice", str(tmp_path / "stranger.wav"), "me", "-o", str(tmp_path / "me.safetensors")])
    torch.testing.assert_close(
        read_voice(tmp_path / "me.safetensors"),
        synthesizer.load_voice(tmp_path / "stranger.wav"),
        rtol=1e-4,
        atol=1e-4,
    )


def test_voices_are_matched_by_threads_at_once(synthesizer, stranger, matched):
    waveform, rate = stranger
    quieter = [(share * waveform, rate) for share in (0.9, 0.8, 0.7)]
    with ThreadPoolExecutor(4) as pool:
        spoken = [pool.submit(synthesizer.speak, "Good morning.", seed=0) for _ in range(8)]
        voices = list(pool.map(synthesizer.load_voice, quieter))
    alone, _ = synthesizer.speak("Good morning.", seed=0)
    assert all(np.array_equal(speech.result()[0], alone) for speech in spoken)
    assert all(voice.shape == matched.shape for voice in voices)


def test_a_voice_may_be_changed_and_what_is_kept_of_it_stays(synthesizer, stranger, matched):
    expected = matched.clone()
    synthesizer.load_voice(stranger).zero_()
    assert torch.equal(synthesizer.load_voice(stranger), expected)
