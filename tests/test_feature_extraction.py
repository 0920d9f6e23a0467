import math

import numpy as np
import pytest
import torch

from gpt2tts.feature_extraction_gpt2tts import GPT2TTSFeatureExtractor
from gpt2tts.waveforms_gpt2tts import WAVEFORM_FIELDS, GPT2TTSWaveforms


@pytest.fixture
def extractor():
    return GPT2TTSFeatureExtractor()


def speechbrain_mel(waveform: torch.Tensor) -> torch.Tensor:
    """`(samples,)` to `(frames, 80)`, with the settings of `speechbrain/tts-hifigan-ljspeech`."""
    hifigan = pytest.importorskip("speechbrain.lobes.models.HifiGAN")
    mel = hifigan.mel_spectrogram(
        sample_rate=22050,
        hop_length=256,
        win_length=1024,
        n_fft=1024,
        n_mels=80,
        f_min=0,
        f_max=8000,
        power=1,
        normalized=False,
        norm="slaney",
        mel_scale="slaney",
        compression=True,
        audio=waveform,
    )
    return mel.T


def test_equals_speechbrain_on_synthetic_audio(extractor, make_speech):
    for seed, seconds in enumerate((0.1, 0.97, 3.0)):
        waveform = make_speech(seconds, seed=seed)
        features = extractor(waveform, sampling_rate=22050)["input_features"][0]
        torch.testing.assert_close(features, speechbrain_mel(waveform), atol=1e-4, rtol=0)


def test_equals_speechbrain_on_recordings(extractor, shared_data):
    soundfile = pytest.importorskip("soundfile")
    clips = sorted((shared_data / "ljspeech").rglob("LJ00*.wav"))[:10]
    if not clips:
        pytest.skip("no LJSpeech clips in the shared data")
    for clip in clips:
        samples, sampling_rate = soundfile.read(clip, dtype="float32")
        features = extractor(samples, sampling_rate=sampling_rate)["input_features"][0]
        torch.testing.assert_close(features, speechbrain_mel(torch.from_numpy(samples)), atol=1e-4, rtol=0)


@pytest.mark.parametrize("num_samples", [2205, 2303, 2304, 22050])
def test_number_of_frames(extractor, make_speech, num_samples):
    features = extractor(make_speech(2.0)[:num_samples], sampling_rate=22050)["input_features"]
    assert features.shape == (1, 1 + num_samples // 256, 80)
    assert features.dtype == torch.float32


@pytest.mark.parametrize("num_samples", [5000, 5120, 5375])
def test_fine_spectra_are_two_to_a_frame_and_noise_has_the_level_of_whole_windows(extractor, num_samples):
    noise = 0.1 * torch.randn(num_samples, generator=torch.Generator().manual_seed(0))
    mel, fine = extractor.log_mel(noise), extractor.fine_log_mel(noise)
    assert fine.shape == (len(mel), 160)
    assert (fine[2:-2] - torch.cat([mel, mel], dim=1)[2:-2]).mean().abs() < 0.1
    # the second of a frame lies between it and the next
    click = torch.zeros(22050)
    click[40 * 256 + 128] = 1.0
    loud = extractor.fine_log_mel(click).reshape(-1, 80).mean(-1).argmax()
    assert loud == 2 * 40 + 1
    torch.testing.assert_close(extractor.fine_log_mel(torch.zeros(5000)), torch.full((20, 160), math.log(1e-5)))


def test_a_tone_is_in_its_mel_bin(extractor):
    time = torch.arange(22050) / 22050
    low, high = (
        extractor(0.5 * torch.sin(2 * math.pi * frequency * time), sampling_rate=22050)["input_features"][0, 40]
        for frequency in (200.0, 4000.0)
    )
    assert low.argmax() < 10
    assert high.argmax() > 50


def test_batch_is_padded_and_masked(extractor, make_speech):
    clips = [make_speech(1.0), make_speech(0.4, seed=1)]
    batch = extractor(clips, sampling_rate=22050)
    assert batch["input_features"].shape == (2, 87, 80)
    assert batch["attention_mask"].sum(-1).tolist() == [87, 35]
    assert batch["attention_mask"][1].tolist() == [1] * 35 + [0] * 52
    assert batch["attention_mask"].dtype == torch.int64
    for row, clip in enumerate(clips):
        alone = extractor(clip, sampling_rate=22050)["input_features"][0]
        torch.testing.assert_close(batch["input_features"][row, : len(alone)], alone)
    torch.testing.assert_close(batch["input_features"][1, 35:], torch.full((52, 80), math.log(1e-5)))


def test_max_length_crops_and_pads(extractor, make_speech):
    clips = [make_speech(1.0), make_speech(0.4)]
    cropped = extractor(clips, sampling_rate=22050, max_length=50)
    assert cropped["attention_mask"].sum(-1).tolist() == [50, 35]
    torch.testing.assert_close(
        cropped["input_features"][0], extractor(clips[0], sampling_rate=22050)["input_features"][0, :50]
    )
    padded = extractor(clips, sampling_rate=22050, padding="max_length", max_length=100)
    assert padded["input_features"].shape == (2, 100, 80)
    multiple = extractor(clips, sampling_rate=22050, pad_to_multiple_of=4)
    assert multiple["input_features"].shape == (2, 88, 80)


def test_resamples(extractor, make_speech):
    reference = extractor(make_speech(1.0), sampling_rate=22050)["input_features"]
    for sampling_rate in (16000, 24000, 44100, 48000):
        audio = make_speech(1.0, sampling_rate)
        features = extractor(audio, sampling_rate=sampling_rate)["input_features"]
        assert abs(features.shape[1] - reference.shape[1]) <= 1
    # the pitch is that of the audio, not 48000 / 22050 times it
    time = torch.arange(48000) / 48000
    tone = extractor(torch.sin(2 * math.pi * 1000 * time), sampling_rate=48000)["input_features"][0, 40]
    same = extractor(torch.sin(2 * math.pi * 1000 * torch.arange(22050) / 22050), sampling_rate=22050)
    assert tone.argmax() == same["input_features"][0, 40].argmax()


def test_mixes_to_mono(extractor, make_speech):
    left, right = make_speech(0.5), make_speech(0.5, seed=1)
    expected = extractor((left + right) / 2, sampling_rate=22050)["input_features"]
    for stereo in ([torch.stack([left, right])], torch.stack([left, right], -1).numpy()):
        torch.testing.assert_close(extractor(stereo, sampling_rate=22050)["input_features"], expected)
    mono = extractor(left, sampling_rate=22050)["input_features"]
    torch.testing.assert_close(extractor(left[None], sampling_rate=22050)["input_features"], mono)
    torch.testing.assert_close(extractor(left[:, None], sampling_rate=22050)["input_features"], mono)


@pytest.mark.parametrize("num_clips", [2, 3])
def test_the_rows_of_an_array_are_clips(extractor, make_speech, num_clips):
    clips = [make_speech(0.5, seed=seed) for seed in range(num_clips)]
    expected = extractor(clips, sampling_rate=22050)["input_features"]
    assert len(expected) == num_clips
    for batch in (torch.stack(clips), torch.stack(clips).numpy()):
        torch.testing.assert_close(extractor(batch, sampling_rate=22050)["input_features"], expected)


def test_accepts_lists_and_other_floats(extractor, make_speech):
    clip = make_speech(0.3)
    expected = extractor(clip, sampling_rate=22050)["input_features"]
    torch.testing.assert_close(extractor(clip.tolist(), sampling_rate=22050)["input_features"], expected)
    torch.testing.assert_close(extractor(clip.double().numpy(), sampling_rate=22050)["input_features"], expected)
    array = extractor([clip, clip], sampling_rate=22050, return_tensors="np")["input_features"]
    assert isinstance(array, np.ndarray)
    assert array.shape == (2, 26, 80)


def test_trim_cuts_silence_at_the_ends_only(extractor, make_speech):
    silence = 1e-4 * torch.randn(11025, generator=torch.Generator().manual_seed(0))
    speech = make_speech(0.6)
    pause = torch.cat([silence, speech, silence, speech, silence])
    assert extractor(pause, sampling_rate=22050)["attention_mask"].sum() == 1 + len(pause) // 256
    trimmed = extractor.trim_silence(pause)
    kept = len(speech) * 2 + len(silence)
    assert kept <= len(trimmed) <= kept + 0.12 * 22050 + 512
    frames = extractor(pause, sampling_rate=22050, trim=True)["attention_mask"].sum()
    assert frames == 1 + len(trimmed) // 256
    assert GPT2TTSFeatureExtractor(trim=True)(pause, sampling_rate=22050)["attention_mask"].sum() == frames


@pytest.mark.parametrize(
    ("audio", "message"),
    [
        (np.zeros(22050, np.float32), "silent"),
        (np.full(22050, 0.3, np.float32), "silent"),
        (np.array([0.1, np.nan] * 8000, np.float32), "NaN or infinite"),
        (np.array([0.1, np.inf] * 8000, np.float32), "NaN or infinite"),
        (np.sin(np.arange(1000)), "pass a longer clip"),
        (np.array([], np.float32), "empty"),
        (np.int16(20000 * np.sin(np.arange(22050))), r"audio / 32768"),
        (20000 * np.sin(np.arange(22050)), r"divide integer samples"),
        ([np.random.default_rng(0).normal(size=(6, 22050)) * 0.1], "mix other layouts to mono"),
        ([np.ones((2, 2))], "shape"),
        (np.ones((1, 2, 22050)), "shape"),
        ([], "holds no clip"),
        (np.zeros((0, 22050)), "holds no clip"),
    ],
)
def test_refuses_unusable_audio(extractor, audio, message):
    with pytest.raises(ValueError, match=message):
        extractor(audio, sampling_rate=22050)


@pytest.mark.parametrize("audio", ["speech.wav", b"RIFF", {"array": [0.0]}, None])
def test_refuses_what_is_no_audio(extractor, audio):
    with pytest.raises(TypeError, match="`audio`"):
        extractor(audio, sampling_rate=22050)


def test_names_the_clip_at_fault(extractor, make_speech):
    with pytest.raises(ValueError, match=r"`audio\[1\]` is silent"):
        extractor([make_speech(0.3), torch.zeros(9000)], sampling_rate=22050)


@pytest.mark.parametrize("sampling_rate", ["22050", 22.05, 22050.5, 0, -16000, True, float("nan")])
def test_refuses_what_is_no_sampling_rate(extractor, make_speech, sampling_rate):
    with pytest.raises(ValueError, match="`sampling_rate`"):
        extractor(make_speech(0.3), sampling_rate=sampling_rate)


def test_refuses_a_rate_too_costly_to_resample(extractor, make_speech):
    with pytest.raises(ValueError, match="usual rate"):
        extractor(make_speech(0.3), sampling_rate=44099)


def test_log_mel_is_batched_and_differentiable(extractor, make_speech):
    waveform = torch.stack([make_speech(0.5), make_speech(0.5, seed=1)])
    with torch.inference_mode():  # the cached filterbank must stay usable with gradients
        expected = extractor.log_mel(waveform)
    waveform.requires_grad_()
    mel = extractor.log_mel(waveform[:, None])
    assert mel.shape == (2, 1, 44, 80)
    torch.testing.assert_close(mel[:, 0].detach(), expected)
    mel.sum().backward()
    assert torch.isfinite(waveform.grad).all()
    assert waveform.grad.abs().sum() > 0


def test_log_mel_keeps_its_precision(extractor, make_speech):
    waveform = make_speech(0.5)
    expected = extractor.log_mel(waveform)
    with torch.autocast("cpu", torch.bfloat16):
        torch.testing.assert_close(extractor.log_mel(waveform), expected)
    assert extractor.log_mel(waveform.bfloat16()).dtype == torch.float32
    assert extractor.log_mel(waveform.double()).dtype == torch.float64
    with pytest.raises(ValueError, match="more than 512"):
        extractor.log_mel(waveform[:512])


def test_save_and_load(tmp_path, make_speech):
    extractor = GPT2TTSFeatureExtractor(f_max=7600.0, trim=True)
    clip = make_speech(0.5)
    features = extractor(clip, sampling_rate=16000)["input_features"]  # fills the cache: it must not be saved
    extractor.save_pretrained(tmp_path)
    loaded = GPT2TTSFeatureExtractor.from_pretrained(tmp_path)
    assert {**loaded.to_dict(), "auto_map": None} == {**extractor.to_dict(), "auto_map": None}
    torch.testing.assert_close(loaded(clip, sampling_rate=16000)["input_features"], features)
    assert (tmp_path / "feature_extraction_gpt2tts.py").is_file()


@pytest.mark.parametrize(
    "settings", [{}, {"win_length": 801}, {"n_fft": 2048, "win_length": 2048, "hop_length": 300, "f_max": 7000.0}]
)
def test_log_mels_are_the_same_without_pytorch(make_speech, settings):
    extractor = GPT2TTSFeatureExtractor(**settings)
    waveforms = GPT2TTSWaveforms(**{name: getattr(extractor, name) for name in WAVEFORM_FIELDS})
    for samples in (4096, 9001):
        speech = make_speech(1.0)[:samples]
        prepared = waveforms.prepare_waveform(speech.numpy())
        np.testing.assert_allclose(waveforms.analyse(prepared), extractor.log_mel(speech).numpy(), atol=2e-3)
