"""Vocoders: the same call for each kind, padding without effect, conversion without loss, streaming without seams."""

import math
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
import torchaudio
from transformers import SpeechT5HifiGan, SpeechT5HifiGanConfig

from gpt2tts import source_filter_gpt2tts, vocoder_gpt2tts
from gpt2tts.feature_extraction_gpt2tts import GPT2TTSFeatureExtractor
from gpt2tts.hifigan_vocoder_gpt2tts import GPT2TTSHifiGan, GPT2TTSHifiGanConfig, convert_speechbrain_generator
from gpt2tts.source_filter_gpt2tts import (
    MelGeometry,
    NumpySourceFilter,
    fine_settings,
    geometry_settings,
    make_waveform,
    mel_geometry,
    white_noise,
)
from gpt2tts.source_filter_vocoder_gpt2tts import (
    GPT2TTSSourceFilterVocoder,
    GPT2TTSSourceFilterVocoderConfig,
)
from gpt2tts.vocoder_gpt2tts import (
    GPT2TTSFrames,
    GPT2TTSGriffinLim,
    GPT2TTSGriffinLimConfig,
    GPT2TTSVocoder,
    load_vocoder,
)

HYPERPARAMS = """
sample_rate: 22050
hop_length: 256
n_fft: 1024
n_stft: !ref <n_fft> // 2 + 1
in_channels: 80
channels: !ref <width>
width: 64
opt_class: !name:torch.optim.AdamW
    lr: 0.0002
generator: !new:speechbrain.lobes.models.HifiGAN.HifiganGenerator
    in_channels: !ref <in_channels>
    out_channels: 1
    resblock_type: "1"
    resblock_dilation_sizes: [[1, 3, 5], [1, 3, 5]]
    resblock_kernel_sizes: [3, 7]
    upsample_kernel_sizes: [16, 16, 4, 4]
    upsample_initial_channel: !ref <channels>
    upsample_factors: [8, 8, 2, 2]
    inference_padding: 5
    cond_channels: 0
    conv_post_bias: True
modules:
    generator: !ref <generator>
pretrainer: !new:speechbrain.utils.parameter_transfer.Pretrainer
    loadables:
        generator: !ref <generator>
"""
V1 = {
    "in_channels": 80,
    "out_channels": 1,
    "resblock_type": "1",
    "resblock_dilation_sizes": [[1, 3, 5], [1, 3, 5]],
    "resblock_kernel_sizes": [3, 7],
    "upsample_kernel_sizes": [16, 16, 4, 4],
    "upsample_initial_channel": 64,
    "upsample_factors": [8, 8, 2, 2],
}


def randomise(module: torch.nn.Module) -> torch.nn.Module:
    """Weights large enough that every layer is heard."""
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for parameter in module.parameters():
            fan_in = parameter[0].numel() if parameter.dim() > 1 else 10
            parameter.copy_(torch.randn(parameter.shape, generator=generator) / fan_in**0.5)
    return module.eval()


def small_hifigan(**overrides) -> GPT2TTSHifiGan:
    return randomise(GPT2TTSHifiGan(GPT2TTSHifiGanConfig(upsample_initial_channel=32, **overrides)))


def source_filter(**overrides) -> GPT2TTSSourceFilterVocoder:
    return GPT2TTSSourceFilterVocoder(GPT2TTSSourceFilterVocoderConfig(**overrides)).eval()


def residual() -> GPT2TTSSourceFilterVocoder:
    return randomise(source_filter(num_residual_layers=2, residual_hidden_size=16, residual_intermediate_size=24))


def random_mel(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, 80, generator=torch.Generator().manual_seed(1)) - 4


def random_frames(*shape: int) -> GPT2TTSFrames:
    """Gliding pitch, syllables of voiced speech."""
    generator = torch.Generator().manual_seed(2)
    pitch = 160 + (torch.randn(*shape, generator=generator).cumsum(-1) * 4).clamp(-80, 200)
    voicing = (torch.randn(*shape, generator=generator).cumsum(-1) / 4).sigmoid()
    return GPT2TTSFrames(random_mel(*shape), pitch, voicing)


def fine_frames(*shape: int) -> GPT2TTSFrames:
    """The same with fine spectra."""
    frames = random_frames(*shape)
    noise = torch.randn(*shape, 160, generator=torch.Generator().manual_seed(3))
    return frames._replace(fine_spectrogram=torch.cat([frames.spectrogram] * 2, dim=-1) + noise / 2)


def speak(vocoder: GPT2TTSVocoder, frames: GPT2TTSFrames, lengths=None) -> torch.Tensor:
    tracks = {"pitch": frames.pitch, "voicing": frames.voicing, "fine_spectrogram": frames.fine_spectrogram}
    return vocoder(frames.spectrogram, lengths, **tracks)


def chunks(frames: GPT2TTSFrames, size: int) -> list[GPT2TTSFrames]:
    return [frames.cut(start, start + size) for start in range(0, frames.spectrogram.shape[-2], size)]


@pytest.fixture(params=["griffin-lim", "hifigan", "source-filter", "residual"])
def vocoder(request):
    if request.param == "griffin-lim":
        return GPT2TTSGriffinLim(GPT2TTSGriffinLimConfig(num_iterations=4))
    return {"hifigan": small_hifigan, "source-filter": source_filter, "residual": residual}[request.param]()


def test_each_frame_becomes_hop_length_samples(vocoder):
    frames = random_frames(2, 30)
    batch = speak(vocoder, frames)
    assert batch.shape == (2, 30 * 256)
    assert batch.dtype == torch.float32
    assert batch.isfinite().all()
    assert batch.std() > 1e-4
    torch.testing.assert_close(speak(vocoder, frames.apply(lambda v, _: v[1])), batch[1], atol=1e-5, rtol=0)
    torch.testing.assert_close(speak(vocoder, frames), batch, atol=0, rtol=0)
    assert (vocoder.hop_length, vocoder.config.sampling_rate) == (256, 22050)


@pytest.mark.parametrize("frames", [1, 2, 3])
def test_shortest_spectrograms(vocoder, frames):
    waveform = speak(vocoder, random_frames(1, frames))
    assert waveform.shape == (1, frames * 256)
    assert waveform.isfinite().all()


def test_padding_changes_no_row(vocoder):
    frames, lengths = random_frames(4, 40), [40, 23, 0, 23]
    padded = frames.apply(lambda value, _: value.clone())
    for row, length in enumerate(lengths):
        padded.spectrogram[row, length:] = 50.0  # far louder than speech: would be heard if it leaked in
        padded.pitch[row, length:] = math.nan
        padded.voicing[row, length:] = math.nan
    waveform = speak(vocoder, padded, torch.tensor(lengths))
    for row, length in enumerate(lengths):
        if length:
            alone = speak(vocoder, frames.apply(lambda value, _: value[row]).cut(0, length))  # noqa: B023
            torch.testing.assert_close(waveform[row, : length * 256], alone, atol=1e-4, rtol=0)
        assert (waveform[row, length * 256 :] == 0).all()


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_input_is_raised(vocoder, dtype):
    frames = random_frames(1, 20).apply(lambda value, _: value.to(dtype))
    raised = frames.apply(lambda value, _: value.float())
    torch.testing.assert_close(speak(vocoder, frames), speak(vocoder, raised))


@pytest.mark.parametrize("chunk", [1, 7, 64])
@pytest.mark.parametrize("make", [small_hifigan, lambda: small_hifigan(padding_mode="zeros"), source_filter, residual])
def test_streaming_equals_one_pass(make, chunk):
    vocoder, frames = make(), random_frames(2, 150)
    pieces = list(vocoder.stream(chunks(frames, chunk)))
    assert len(pieces) > 1
    torch.testing.assert_close(torch.cat(pieces, dim=1), speak(vocoder, frames), atol=1e-4, rtol=0)


@pytest.mark.parametrize("make_frames", [random_frames, fine_frames])
def test_long_stream_of_the_source_filter_vocoder_is_exact(make_frames):
    """The phase is a running sum, the noise a function of the place: neither may depend on the chunks."""
    vocoder, frames = source_filter(), make_frames(2000)
    pieces = list(vocoder.stream(chunks(frames, 13)))
    torch.testing.assert_close(torch.cat(pieces), speak(vocoder, frames), atol=1e-5, rtol=0)


def test_vocoders_without_pitch_stream_plain_spectrograms():
    vocoder, mel = small_hifigan(), random_mel(150)
    streamed = torch.cat(list(vocoder.stream(mel.split(32))))
    torch.testing.assert_close(streamed, vocoder(mel), atol=1e-4, rtol=0)
    assert not streamed.requires_grad  # no graph grows with the stream


@pytest.mark.parametrize("make", [source_filter, residual, small_hifigan])
def test_context_frames_is_the_reach_of_a_frame(make):
    vocoder, frames = make(), random_frames(121)
    frames.spectrogram.requires_grad_()
    speak(vocoder, frames)[60 * 256 : 61 * 256].square().sum().backward()
    reach = (frames.spectrogram.grad.abs().amax(dim=1).nonzero().flatten() - 60).abs().max()
    assert vocoder.context_frames - 3 <= reach <= vocoder.context_frames


def test_griffin_lim_streams_all_at_the_end():
    vocoder, mel = GPT2TTSGriffinLim(GPT2TTSGriffinLimConfig(num_iterations=2)), random_mel(40)
    (piece,) = vocoder.stream(mel.split(10))
    torch.testing.assert_close(piece, vocoder(mel))


def test_griffin_lim_restores_the_spectrogram(make_speech):
    feature_extractor = GPT2TTSFeatureExtractor()
    mel = feature_extractor.log_mel(make_speech(1.0))
    vocoder = load_vocoder("griffin-lim")
    waveform = vocoder(mel)
    torch.testing.assert_close(waveform, vocoder(mel), atol=0, rtol=0)
    assert (feature_extractor.log_mel(waveform)[: len(mel)] - mel).abs().mean() < 0.25


@pytest.mark.parametrize("weight_norm", [True, False])
@pytest.mark.parametrize("last_bias", [True, False])
def test_converted_speechbrain_generator_gives_the_same_waveform(weight_norm, last_bias):
    hifigan = pytest.importorskip("speechbrain.lobes.models.HifiGAN")
    arguments = {**V1, "conv_post_bias": last_bias}
    generator = randomise(hifigan.HifiganGenerator(**arguments))
    if not weight_norm:
        generator.remove_weight_norm()
    converted = convert_speechbrain_generator(generator.state_dict(), **arguments)
    mel = random_mel(2, 30)
    with torch.no_grad():
        expected = generator.inference(mel.mT)[:, 0, 5 * 256 : -5 * 256]
        assert expected.std() > 0.01
        torch.testing.assert_close(converted(mel), expected, atol=1e-5, rtol=0)
        bare = convert_speechbrain_generator(generator.state_dict(), **arguments, inference_padding=0)
        torch.testing.assert_close(bare(mel), generator(mel.mT)[:, 0], atol=1e-5, rtol=0)


def test_speechbrain_folder_loads_without_running_it(tmp_path):
    hifigan = pytest.importorskip("speechbrain.lobes.models.HifiGAN")
    vocoders = pytest.importorskip("speechbrain.inference.vocoders")
    source = tmp_path / "source"
    source.mkdir()
    (source / "hyperparams.yaml").write_text(HYPERPARAMS)
    torch.save(randomise(hifigan.HifiganGenerator(**V1)).state_dict(), source / "generator.ckpt")
    vocoder, mel = load_vocoder(source), random_mel(1, 25)
    theirs = vocoders.HIFIGAN.from_hparams(source=str(source), savedir=str(tmp_path / "theirs"))
    expected = theirs.decode_batch(mel.mT)[:, 0, 5 * 256 : -5 * 256]
    torch.testing.assert_close(vocoder(mel), expected, atol=1e-5, rtol=0)

    vocoder.save_pretrained(tmp_path / "converted")
    assert sorted(path.name for path in (tmp_path / "converted").iterdir()) == ["config.json", "model.safetensors"]
    torch.testing.assert_close(load_vocoder(tmp_path / "converted")(mel), vocoder(mel), atol=0, rtol=0)

    (source / "hyperparams.yaml").write_text(HYPERPARAMS.replace("sample_rate: 22050", "sample_rate: 16000"))
    assert load_vocoder(source).config.sampling_rate == 16000
    (source / "hyperparams.yaml").write_text(HYPERPARAMS.replace("conv_post_bias", "conv_pre_bias"))
    with pytest.raises(ValueError, match=r"argument this package does not know.*conv_pre_bias"):
        load_vocoder(source)
    (source / "hyperparams.yaml").write_text(HYPERPARAMS.replace("HifiganGenerator", "UnitHifiganGenerator"))
    with pytest.raises(ValueError, match="HifiganGenerator"):
        load_vocoder(source)


@pytest.mark.parametrize("make", [small_hifigan, residual, lambda: source_filter(noise_seed=3)])
def test_saved_vocoder_loads_by_path(make, tmp_path):
    vocoder, frames = make(), random_frames(1, 20)
    vocoder.save_pretrained(tmp_path / "checkpoint" / "vocoder")
    for loaded in (
        load_vocoder(tmp_path / "checkpoint" / "vocoder"),
        load_vocoder("vocoder", base_path=tmp_path / "checkpoint"),
    ):
        torch.testing.assert_close(speak(loaded, frames), speak(vocoder, frames), atol=0, rtol=0)
        assert not loaded.training
        assert not any(parameter.requires_grad for parameter in loaded.parameters())
    assert loaded.reference == "vocoder"


def test_the_vocoder_of_a_checkpoint_comes_before_a_folder_of_that_name(tmp_path, monkeypatch):
    small_hifigan().save_pretrained(tmp_path / "vocoder")
    source_filter().save_pretrained(tmp_path / "checkpoint" / "vocoder")
    monkeypatch.chdir(tmp_path)
    assert isinstance(load_vocoder("vocoder", base_path="checkpoint"), GPT2TTSSourceFilterVocoder)
    for other in ("vocoder", tmp_path / "vocoder"):
        base_path = "nothing" if other == "vocoder" else "checkpoint"
        assert isinstance(load_vocoder(other, base_path=base_path), GPT2TTSHifiGan)


def test_transformers_hifigan_folder_loads(tmp_path):
    theirs = randomise(SpeechT5HifiGan(SpeechT5HifiGanConfig(upsample_initial_channel=32)))
    theirs.save_pretrained(tmp_path)
    vocoder, mel = load_vocoder(tmp_path), random_mel(2, 30)
    torch.testing.assert_close(vocoder(mel), theirs(mel), atol=1e-5, rtol=0)
    assert vocoder.config.sampling_rate == 16000


def test_weight_norm_keeps_the_waveform():
    vocoder, mel = small_hifigan(), random_mel(1, 12)
    expected, names = vocoder(mel), set(vocoder.state_dict())
    vocoder.apply_weight_norm()
    torch.testing.assert_close(vocoder(mel), expected, atol=1e-5, rtol=0)
    vocoder.remove_weight_norm()
    torch.testing.assert_close(vocoder(mel), expected, atol=1e-5, rtol=0)
    assert set(vocoder.state_dict()) == names


def test_gradients_reach_every_weight():
    vocoder = small_hifigan()
    vocoder(random_mel(2, 20), lengths=[20, 12]).square().sum().backward()
    assert all(parameter.grad is not None and parameter.grad.any() for parameter in vocoder.parameters())


def test_gradients_reach_spectrogram_pitch_and_voicing():
    frames = random_frames(2, 20)
    frames = frames._replace(voicing=0.5 + (frames.voicing - 0.5) / 50)
    for value in frames[:3]:
        value.requires_grad_()
    waveform = speak(source_filter(), frames, [20, 12])
    (waveform * torch.randn(waveform.shape, generator=torch.Generator().manual_seed(0))).sum().backward()
    for value in frames[:3]:
        assert value.grad.isfinite().all()
        assert (value.grad[0].flatten(1) if value.dim() == 3 else value.grad[0]).any()
        assert not value.grad[1, 12:].any()


def test_source_filter_restores_the_spectrogram_in_time(make_speech):
    feature_extractor = GPT2TTSFeatureExtractor()
    speech = make_speech(1.0)
    mel = feature_extractor.log_mel(speech)
    vocoder = load_vocoder("source-filter")
    waveform = vocoder(mel, pitch=torch.full((len(mel),), 150.0), voicing=torch.zeros(len(mel)))
    restored = feature_extractor.log_mel(waveform)[: len(mel)]
    differences = [(restored[4 + shift : -4 + shift or None] - mel[4:-4]).abs().mean() for shift in (-2, 0, 2)]
    assert differences[1] < 0.5
    assert differences[1] < min(differences[0], differences[2])


@pytest.mark.parametrize("make_frames", [random_frames, fine_frames])
def test_without_pytorch_it_is_the_same(make_frames):
    frames, vocoder = make_frames(2, 150), source_filter()
    without = NumpySourceFilter(vocoder.config)
    of_numpy = frames.apply(lambda value, _: value.numpy())
    waveform = without(of_numpy)
    assert waveform.dtype == np.float32
    assert np.array_equal(waveform, speak(vocoder, frames).numpy())
    in_training = frames._replace(spectrogram=frames.spectrogram.clone().requires_grad_())
    scale = np.abs(waveform).max()
    np.testing.assert_allclose(waveform, speak(vocoder, in_training).detach().numpy(), atol=1e-4 * scale)
    for chunk in (7, 64):
        pieces = list(without.stream(chunks(of_numpy, chunk)))
        assert len(pieces) > 1
        np.testing.assert_allclose(np.concatenate(pieces, axis=1), waveform, atol=1e-4 * scale)


def test_fine_spectra_make_a_burst_short():
    """One of 5 ms in silence, as that of a consonant: in the window of a frame it is smeared over 46 ms."""
    extractor = GPT2TTSFeatureExtractor()
    waveform = 1e-4 * torch.randn(22050, generator=torch.Generator().manual_seed(0))
    waveform[11000:11110] += torch.randn(110, generator=torch.Generator().manual_seed(1)) / 4
    mel, fine = extractor.log_mel(waveform), extractor.fine_log_mel(waveform)
    frames = GPT2TTSFrames(mel, torch.full((len(mel),), 150.0), torch.zeros(len(mel)), fine)

    def share_of_energy(frames: GPT2TTSFrames) -> float:
        energy = speak(source_filter(), frames).square()
        return float(energy[11000 - 110 : 11110 + 110].sum() / energy.sum())

    assert share_of_energy(frames) > 0.85
    assert share_of_energy(frames._replace(fine_spectrogram=None)) < 0.7


def test_fine_spectra_of_another_shape_are_refused():
    frames = fine_frames(1, 20)
    with pytest.raises(ValueError, match="`fine_spectrogram` must hold 2 spectra for each frame"):
        speak(source_filter(), frames._replace(fine_spectrogram=frames.fine_spectrogram[..., :80]))


def test_its_mel_filters_are_those_of_the_features():
    filters = mel_geometry(1024, 0.0, 8000.0, 80, 22050).filters
    expected = torchaudio.functional.melscale_fbanks(513, 0.0, 8000.0, 80, 22050, norm="slaney", mel_scale="slaney")
    np.testing.assert_allclose(filters, expected.numpy(), atol=1e-6)


def test_what_frames_are_multiplied_by_has_no_subnormal_numbers():
    config = GPT2TTSSourceFilterVocoderConfig()
    for values in mel_geometry(*geometry_settings(fine_settings(config))):
        assert np.abs(values[values != 0]).min() > np.finfo(np.float32).tiny


def test_more_mel_bins_than_can_be_told_apart_are_refused():
    with pytest.raises(ValueError, match=r"`n_fft` \(256\) is too small for `n_mels` \(80\)"):
        mel_geometry(256, 0.0, 8000.0, 80, 22050)


def _depth_of_harmonics(waveform, pitch, low, high):
    """By how much, of the natural logarithm, harmonics between two frequencies stand out of what lies between them."""
    spectrum = torch.fft.rfft(waveform * torch.hann_window(len(waveform))).abs()
    frequencies = torch.fft.rfftfreq(len(waveform), 1 / 22050)

    def level(offset):
        orders = torch.arange(math.ceil(low / pitch), int(high / pitch)) + offset
        near = (frequencies - (orders * pitch)[:, None]).abs() < 15
        return torch.stack([spectrum[row].max() for row in near]).log().mean()

    return level(0.0) - level(0.5)


def test_harmonics_stand_out_where_predicted_mels_show_none():
    mel, pitch = torch.full((80, 80), -3.0), 200.0
    arguments = {"pitch": torch.full((80,), pitch), "voicing": torch.ones(80)}
    smoothed, exact = (source_filter(gain_smoothing=width)(mel, **arguments) for width in (60.0, 0.0))
    deep, flat = (_depth_of_harmonics(waveform, pitch, 1000, 2500) for waveform in (smoothed, exact))
    assert deep > flat + 0.3
    # below, where mels do show them, they are as asked for
    deep, flat = (_depth_of_harmonics(waveform, pitch, 150, 600) for waveform in (smoothed, exact))
    assert abs(deep - flat) < 0.1


def test_contrast_raises_formants_and_not_the_level():
    feature_extractor, frames = GPT2TTSFeatureExtractor(), 60
    formant = torch.linspace(-3.0, -6.0, 80) + 1.5 * torch.exp(-(((torch.arange(80) - 50) / 2.5) ** 2))
    arguments = {"pitch": torch.full((frames,), 150.0), "voicing": torch.zeros(frames)}
    plain, sharp = (
        feature_extractor.log_mel(source_filter(contrast=contrast)(formant.expand(frames, 80), **arguments))[
            8:-8
        ].mean(0)
        for contrast in (0.0, 1.0)
    )
    assert sharp[50] > plain[50] + 0.2
    assert sharp[[44, 56]].mean() < plain[[44, 56]].mean()
    assert (sharp - plain)[:20].abs().max() < 0.1  # below 1 kHz nothing changes
    assert (sharp - plain).mean().abs() < 0.05


@pytest.mark.parametrize("pitch", [80.0, 123.4, 310.0, 590.0])
def test_the_pitch_that_is_told_is_heard(pitch):
    frames = 80
    mel = torch.full((frames, 80), -3.0)
    waveform = source_filter()(mel, pitch=torch.full((frames,), pitch), voicing=torch.ones(frames))
    spectrum = torch.fft.rfft(waveform * torch.hann_window(len(waveform))).abs()
    frequencies = torch.fft.rfftfreq(len(waveform), 1 / 22050)
    near = (frequencies > 4.6 * pitch) & (frequencies < 5.4 * pitch)  # the fifth harmonic
    heard = frequencies[near][spectrum[near].argmax()] / 5
    assert abs(heard - pitch) < 0.5


def _periodicity(voicing: float = 1.0, **settings) -> float:
    mel, period = torch.linspace(-2.0, -9.0, 80).expand(60, 80), 147
    pitch = torch.full((60,), 22050 / period)
    waveform = source_filter(**settings)(mel, pitch=pitch, voicing=torch.full((60,), voicing))[2048:-2048]
    return float(torch.corrcoef(torch.stack((waveform[:-period], waveform[period:])))[0, 1])


def test_noise_among_the_pulses_is_as_loud_as_asked_for():
    none, little, more = (_periodicity(noise_level=level, harmonic_cutoff=11_000.0) for level in (0.0, 0.15, 0.5))
    assert none > 0.99 > 0.98 > little > 0.95 > 0.9 > more > 0.8


def test_from_the_threshold_on_a_frame_is_voiced():
    assert _periodicity(0.45, voicing_threshold=0.3) > 0.7
    assert _periodicity(0.45, voicing_threshold=0.6) < 0.1


def test_pulses_are_the_sum_of_all_harmonics():
    config = GPT2TTSSourceFilterVocoderConfig()
    pulses = source_filter_gpt2tts._pulses(np.full((1, 8), 200.0, np.float32), None, config)[0]
    time = (np.arange(len(pulses)) - 512) / 22050  # from the middle of the first frame
    expected = sum(np.cos(2 * np.pi * 200 * order * time) for order in range(1, 56))
    np.testing.assert_allclose(pulses, expected, atol=0.1)


def test_pulses_come_ever_faster_where_the_pitch_rises():
    config = GPT2TTSSourceFilterVocoderConfig()
    pulses = source_filter_gpt2tts._pulses(np.geomspace(90, 360, 24, dtype=np.float32)[None], None, config)[0]
    rises = pulses[1:-1]
    peaks = np.flatnonzero((rises >= pulses[:-2]) & (rises > pulses[2:]) & (rises > 15))
    periods = np.diff(peaks)
    assert 60 <= len(peaks) <= 66
    assert (np.diff(periods) <= 1).all()  # by whole samples


def test_noise_is_another_at_each_step_of_training():
    vocoder, frames = source_filter().train(), random_frames(1, 20)
    assert not torch.allclose(speak(vocoder, frames), speak(vocoder, frames), atol=1e-3)


def test_harmonics_do_not_all_peak_at_once():
    """A voice would clip long before it is loud."""
    mel, pitch = torch.linspace(-2.0, -7.0, 80).expand(80, 80), torch.full((80,), 120.0)
    waveform = source_filter()(mel, pitch=pitch, voicing=torch.ones(80))[2048:-2048]
    assert waveform.abs().max() < 4.0 * waveform.std()


def test_the_phase_is_that_of_a_resonance():
    resonance = 1 / (1 - 0.8 * np.exp(-2j * np.pi * np.arange(513) / 1024))
    phase = source_filter_gpt2tts._minimum_phase(np.log(np.abs(resonance)))
    np.testing.assert_allclose(phase, np.angle(resonance), atol=1e-4)


def test_voiced_speech_is_periodic_and_unvoiced_speech_is_not():
    mel, period = torch.linspace(-2.0, -9.0, 80).expand(60, 80), 147
    correlations = []
    for voicing in (0.0, 1.0):
        waveform = source_filter()(mel, pitch=torch.full((60,), 22050 / period), voicing=torch.full((60,), voicing))[
            2048:-2048
        ]
        correlations.append(torch.corrcoef(torch.stack((waveform[:-period], waveform[period:])))[0, 1])
    assert correlations[0] < 0.2
    assert correlations[1] > 0.6


def test_the_transforms_keep_full_precision_under_autocast():
    frames = random_frames(1, 20)
    with torch.autocast("cpu", torch.bfloat16):
        plain, halved = (speak(vocoder, frames) for vocoder in (source_filter(), residual()))
    torch.testing.assert_close(plain, speak(source_filter(), frames))
    expected = speak(residual(), frames)
    assert (halved - expected).square().mean() < 0.05 * expected.square().mean()


@pytest.mark.parametrize("make", [source_filter, residual])
def test_a_pitch_of_zero_is_raised_to_what_can_be_made(make):
    frames = random_frames(1, 20)
    none, lowest = (
        speak(make(), frames._replace(pitch=torch.full_like(frames.pitch, hertz))) for hertz in (0.0, 20.0)
    )
    assert none.isfinite().all()
    torch.testing.assert_close(none, lowest)


def test_missing_pitch_names_the_remedy():
    mel, pitch = random_mel(2, 10), torch.full((2, 10), 100.0)
    for missing, arguments in (("pitch", {}), ("voicing", {"pitch": pitch})):
        with pytest.raises(ValueError, match=f"`{missing}` is missing.*griffin-lim"):
            source_filter()(mel, **arguments)
    with pytest.raises(ValueError, match=r"`voicing` must hold one value for each frame, \(2, 10\)"):
        source_filter()(mel, pitch=pitch, voicing=pitch[:, :9])
    assert source_filter().requires_pitch
    assert not small_hifigan().requires_pitch


def test_noise_is_white_and_a_function_of_the_place():
    noise = white_noise(-512, 100_000, seed=0, like=torch.zeros(1))
    assert abs(noise.mean()) < 0.02
    assert abs(noise.std() - 1) < 0.02
    assert all(abs((noise[lag:] * noise[:-lag]).mean()) < 0.02 for lag in (1, 2, 256, 1024))
    assert torch.equal(white_noise(1000, 64, seed=0, like=noise), noise[1512:1576])
    other = white_noise(-512, 100_000, seed=1, like=noise)
    assert abs((noise * other).mean()) < 0.02


@pytest.mark.parametrize("make", [torch.from_numpy, np.asarray])
def test_what_is_made_at_a_time_makes_no_difference(make, monkeypatch):
    frames = random_frames(2, 150).apply(lambda values, _: values.numpy())
    config = GPT2TTSSourceFilterVocoderConfig()
    geometry = MelGeometry(*(make(values) for values in mel_geometry(*geometry_settings(config))))

    def speak() -> np.ndarray:
        arrays = frames.apply(lambda values, _: make(values))
        return np.asarray(make_waveform(arrays, config, geometry, first_frame=37))

    known = speak()
    monkeypatch.setattr(source_filter_gpt2tts, "PIECE", 1000)
    source_filter_gpt2tts._piece_of_noise.cache_clear()
    np.testing.assert_allclose(speak(), known, atol=1e-5)
    source_filter_gpt2tts._piece_of_noise.cache_clear()


def test_unusable_input_is_refused(vocoder):
    frames = random_frames(2, 30)
    with pytest.raises(ValueError, match=r"\(batch, frames, 80\).*\(2, 80, 30\)"):
        speak(vocoder, frames._replace(spectrogram=frames.spectrogram.mT))
    with pytest.raises(ValueError, match="`lengths`"):
        speak(vocoder, frames, [30])
    with pytest.raises(ValueError, match="`lengths`"):
        speak(vocoder, frames, [30, 31])


def test_unknown_references_name_the_remedy(tmp_path, monkeypatch):
    for reference in ("no-such-vocoder", "./no/such", tmp_path / "missing"):
        with pytest.raises(FileNotFoundError, match="griffin-lim"):
            load_vocoder(reference)
    with pytest.raises(FileNotFoundError, match="griffin-lim"):
        load_vocoder("vocoder", base_path=tmp_path)
    with pytest.raises(OSError, match="griffin-lim"):
        load_vocoder("nobody/no-such-vocoder", local_files_only=True)
    for pinned in ("nobody/vocoder@", "@main"):
        with pytest.raises(ValueError, match=f"'{pinned}' has an empty part.*ID@REVISION"):
            load_vocoder(pinned)
    (tmp_path / "config.json").write_text('{"model_type": "gpt2"}')
    with pytest.raises(FileNotFoundError, match="holds no vocoder"):
        load_vocoder(tmp_path)
    monkeypatch.setattr(vocoder_gpt2tts, "cached_file", lambda *_, **__: None)  # a repository of something else
    with pytest.raises(FileNotFoundError, match=r"^someone/model holds no vocoder: .*griffin-lim"):
        load_vocoder("someone/model")


def test_a_pinned_vocoder_is_of_its_own_revision(monkeypatch):
    asked = []

    def fetch(source, filename, **settings):
        asked.append((source, settings["revision"]))
        raise OSError("not there")

    monkeypatch.setattr(vocoder_gpt2tts, "cached_file", fetch)
    with pytest.raises(OSError, match="'someone/vocoder' could not be loaded: not there"):
        load_vocoder("someone/vocoder@v2", revision="that-of-the-checkpoint")
    assert asked == [("someone/vocoder", "v2")]


def test_vocoder_for_other_spectrograms_is_refused(tmp_path):
    small_hifigan(sampling_rate=16000).save_pretrained(tmp_path)
    assert load_vocoder(tmp_path, hop_length=256, n_mels=80, device="meta").device.type == "meta"
    with pytest.raises(ValueError, match=r"sampling_rate=16000.*sampling_rate=22050"):
        load_vocoder(tmp_path, sampling_rate=22050)


@pytest.mark.parametrize(
    ("config_class", "fields", "named"),
    [
        (GPT2TTSSourceFilterVocoderConfig, {"hop_length": 512}, "hop_length"),
        (GPT2TTSSourceFilterVocoderConfig, {"noise_level": -1.0}, "noise_level"),
        (GPT2TTSSourceFilterVocoderConfig, {"residual_kernel_size": 4}, "residual_kernel_size"),
        (GPT2TTSHifiGanConfig, {"upsample_rates": [8, 8]}, "upsample_rates"),
        (GPT2TTSHifiGanConfig, {"upsample_kernel_sizes": [16, 16, 4, 5]}, "upsample_kernel_sizes"),
        (GPT2TTSHifiGanConfig, {"upsample_kernel_sizes": [6, 16, 4, 4]}, "upsample_kernel_sizes"),
        (GPT2TTSHifiGanConfig, {"resblock_kernel_sizes": [3, 7]}, "resblock_kernel_sizes"),
        (GPT2TTSHifiGanConfig, {"padding_mode": "mirror"}, "padding_mode"),
        (GPT2TTSGriffinLimConfig, {"num_iterations": 0}, "num_iterations"),
    ],
)
def test_impossible_configs_are_refused(config_class, fields, named):
    with pytest.raises(Exception, match=named):
        config_class(**fields)


def test_incomplete_speechbrain_weights_are_refused():
    hifigan = pytest.importorskip("speechbrain.lobes.models.HifiGAN")
    state_dict = hifigan.HifiganGenerator(**V1).state_dict()
    state_dict.pop("conv_pre.conv.bias")
    with pytest.raises(ValueError, match=r"conv_pre\.bias"):
        convert_speechbrain_generator(state_dict, **V1)
    with pytest.raises(ValueError, match="cond_channels"):
        convert_speechbrain_generator(state_dict, **V1, cond_channels=8)
    with pytest.raises(ValueError, match="resblock_type"):
        convert_speechbrain_generator(state_dict, **{**V1, "resblock_type": "2"})


@pytest.mark.parametrize(
    ("make", "module_name"),
    [(small_hifigan, "hifigan_vocoder_gpt2tts"), (source_filter, "source_filter_vocoder_gpt2tts")],
)
def test_files_work_as_remote_code(make, module_name, tmp_path):
    """Copied beside a checkpoint, they are importable with what inference needs."""
    from transformers.dynamic_module_utils import check_imports, get_class_from_dynamic_module

    import gpt2tts.vocoder_gpt2tts as module

    sources = Path(module.__file__).parent
    for path in (
        *sources.glob("*vocoder_gpt2tts.py"),
        sources / "files.py",
        sources / "frames_gpt2tts.py",
        sources / "source_filter_gpt2tts.py",
    ):
        shutil.copy(path, tmp_path)
        check_imports(tmp_path / path.name)  # raises where a package is missing
    vocoder, frames = make(), random_frames(1, 10)
    vocoder.save_pretrained(tmp_path / "vocoder")
    remote_class = get_class_from_dynamic_module(f"{module_name}.{type(vocoder).__name__}", str(tmp_path))
    assert remote_class.__module__.startswith("transformers_modules")
    loaded = remote_class.from_pretrained(tmp_path / "vocoder")
    torch.testing.assert_close(speak(loaded, frames), speak(vocoder, frames))
    remote_load = get_class_from_dynamic_module("vocoder_gpt2tts.load_vocoder", str(tmp_path))
    torch.testing.assert_close(speak(remote_load(tmp_path / "vocoder"), frames), speak(vocoder, frames))


@pytest.mark.parametrize("config_class", [GPT2TTSGriffinLimConfig, GPT2TTSSourceFilterVocoderConfig])
@pytest.mark.parametrize("fields", [{"f_max": 12_000}, {"f_min": 9_000}, {"sampling_rate": 8_000}])
def test_mel_filters_beyond_the_sound_are_refused(config_class, fields):
    with pytest.raises(Exception, match=r"(?s)`f_max` \(\d+.*must lie above `f_min`.*half of `sampling_rate`"):
        config_class(**fields)
