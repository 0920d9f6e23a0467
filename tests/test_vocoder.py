"""Vocoders: the same call for each kind, padding without effect, conversion without loss, streaming without seams."""

import shutil
from pathlib import Path

import pytest
import torch
from transformers import SpeechT5HifiGan, SpeechT5HifiGanConfig

from gpt2tts.feature_extraction_gpt2tts import GPT2TTSFeatureExtractor
from gpt2tts.vocoder_gpt2tts import (
    GPT2TTSGriffinLim,
    GPT2TTSGriffinLimConfig,
    GPT2TTSHifiGan,
    GPT2TTSHifiGanConfig,
    GPT2TTSVocos,
    GPT2TTSVocosConfig,
    convert_speechbrain_generator,
    load_vocoder,
)

HYPERPARAMS = """
sample_rate: 22050
hop_length: 256
n_fft: 1024
n_stft: !ref <n_fft> // 2 + 1
in_channels: 80
channels: 64
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
V3 = V1 | {
    "resblock_type": "2",
    "resblock_dilation_sizes": [[1, 2], [2, 6]],
    "upsample_kernel_sizes": [16, 16, 8],
    "upsample_factors": [8, 8, 4],
    "conv_post_bias": False,
}


def randomise(module: torch.nn.Module) -> torch.nn.Module:
    """Weights large enough that every layer is heard."""
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for parameter in module.parameters():
            fan_in = parameter[0].numel() if parameter.dim() > 1 else 10
            parameter.copy_(torch.randn(parameter.shape, generator=generator) / fan_in**0.5)
    return module.eval()


def small_vocos(**overrides) -> GPT2TTSVocos:
    config = GPT2TTSVocosConfig(hidden_size=16, intermediate_size=24, num_hidden_layers=2, **overrides)
    return randomise(GPT2TTSVocos(config))


def small_hifigan(**overrides) -> GPT2TTSHifiGan:
    return randomise(GPT2TTSHifiGan(GPT2TTSHifiGanConfig(upsample_initial_channel=32, **overrides)))


def random_mel(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, 80, generator=torch.Generator().manual_seed(1)) - 4


@pytest.fixture(params=["griffin-lim", "vocos", "hifigan"])
def vocoder(request):
    if request.param == "griffin-lim":
        return GPT2TTSGriffinLim(GPT2TTSGriffinLimConfig(num_iterations=4))
    return small_vocos() if request.param == "vocos" else small_hifigan()


def test_each_frame_becomes_hop_length_samples(vocoder):
    batch = vocoder(random_mel(2, 30))
    assert batch.shape == (2, 30 * 256)
    assert batch.dtype == torch.float32
    assert batch.isfinite().all()
    assert batch.std() > 1e-4
    torch.testing.assert_close(vocoder(random_mel(2, 30)[1]), batch[1], atol=1e-5, rtol=0)
    assert (vocoder.hop_length, vocoder.config.sampling_rate) == (256, 22050)


@pytest.mark.parametrize("frames", [1, 2, 3])
def test_shortest_spectrograms(vocoder, frames):
    waveform = vocoder(random_mel(1, frames))
    assert waveform.shape == (1, frames * 256)
    assert waveform.isfinite().all()


def test_padding_changes_no_row(vocoder):
    mel, lengths = random_mel(4, 40), [40, 23, 0, 23]
    padded = mel.clone()
    for row, length in enumerate(lengths):
        padded[row, length:] = 50.0  # far louder than speech: would be heard if it leaked in
    waveform = vocoder(padded, torch.tensor(lengths))
    for row, length in enumerate(lengths):
        if length:
            alone = vocoder(mel[row, :length])
            torch.testing.assert_close(waveform[row, : length * 256], alone, atol=1e-4, rtol=0)
        assert (waveform[row, length * 256 :] == 0).all()


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_input_is_raised(vocoder, dtype):
    mel = random_mel(1, 20).to(dtype)
    torch.testing.assert_close(vocoder(mel), vocoder(mel.float()))


@pytest.mark.parametrize("chunk", [7, 64])
@pytest.mark.parametrize(
    "make",
    [
        small_vocos,
        lambda: small_vocos(num_refinements=0),
        small_hifigan,
        lambda: small_hifigan(padding_mode="zeros"),
    ],
)
def test_streaming_equals_one_pass(make, chunk):
    vocoder, mel = make(), random_mel(1, 150)
    pieces = list(vocoder.stream(mel.split(chunk, dim=1)))
    assert len(pieces) > 1
    torch.testing.assert_close(torch.cat(pieces, dim=1), vocoder(mel), atol=1e-4, rtol=0)


@pytest.mark.parametrize("make", [small_vocos, small_hifigan])
def test_context_frames_is_the_reach_of_a_frame(make):
    vocoder, mel = make(), random_mel(121).requires_grad_()
    vocoder(mel)[60 * 256 : 61 * 256].square().sum().backward()
    reach = (mel.grad.abs().amax(dim=1).nonzero().flatten() - 60).abs().max()
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


@pytest.mark.parametrize("hyperparameters", [V1, V3], ids=["v1", "v3"])
@pytest.mark.parametrize("weight_norm", [True, False])
def test_converted_speechbrain_generator_gives_the_same_waveform(hyperparameters, weight_norm):
    hifigan = pytest.importorskip("speechbrain.lobes.models.HifiGAN")
    generator = randomise(hifigan.HifiganGenerator(**hyperparameters))
    if not weight_norm:
        generator.remove_weight_norm()
    converted = convert_speechbrain_generator(generator.state_dict(), **hyperparameters)
    mel = random_mel(2, 30)
    with torch.no_grad():
        expected = generator.inference(mel.mT)[:, 0, 5 * 256 : -5 * 256]
        assert expected.std() > 0.01
        torch.testing.assert_close(converted(mel), expected, atol=1e-5, rtol=0)
        bare = convert_speechbrain_generator(generator.state_dict(), **hyperparameters, inference_padding=0)
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

    (source / "hyperparams.yaml").write_text(HYPERPARAMS.replace("HifiganGenerator", "UnitHifiganGenerator"))
    with pytest.raises(ValueError, match="HifiganGenerator"):
        load_vocoder(source)


@pytest.mark.parametrize("make", [small_vocos, small_hifigan, lambda: small_hifigan(resblock_type=2)])
def test_saved_vocoder_loads_by_path(make, tmp_path):
    vocoder, mel = make(), random_mel(1, 20)
    vocoder.save_pretrained(tmp_path / "checkpoint" / "vocoder")
    for loaded in (
        load_vocoder(tmp_path / "checkpoint" / "vocoder"),
        load_vocoder("vocoder", base_path=tmp_path / "checkpoint"),
    ):
        torch.testing.assert_close(loaded(mel), vocoder(mel), atol=0, rtol=0)
        assert not loaded.training
        assert not any(parameter.requires_grad for parameter in loaded.parameters())
    assert loaded.reference == "vocoder"


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
    vocoder = small_vocos()
    vocoder(random_mel(2, 20), lengths=[20, 12]).square().sum().backward()
    assert all(parameter.grad is not None and parameter.grad.any() for parameter in vocoder.parameters())


def test_new_vocoder_starts_from_the_magnitudes_asked_for(make_speech):
    """The trunk corrects an interpolation of the mel bins: before any training the loudness is about right."""
    feature_extractor = GPT2TTSFeatureExtractor()
    mel = feature_extractor.log_mel(make_speech(0.5))
    torch.manual_seed(0)
    vocoder = GPT2TTSVocos(GPT2TTSVocosConfig())
    difference = feature_extractor.log_mel(vocoder(mel).detach())[: len(mel)] - mel
    assert difference.abs().mean() < 1.0


def test_refinement_brings_the_mel_nearer(make_speech):
    feature_extractor = GPT2TTSFeatureExtractor()
    mel = feature_extractor.log_mel(make_speech(0.5))
    torch.manual_seed(0)
    vocoder, differences = GPT2TTSVocos(GPT2TTSVocosConfig()).eval(), []
    for count in (0, 1, 3):
        vocoder.config.num_refinements = count
        waveform = vocoder(mel).detach()
        differences.append((feature_extractor.log_mel(waveform)[: len(mel)] - mel).abs().mean().item())
    assert differences[0] > differences[1] > differences[2]
    unrefined = vocoder.train()(mel)
    vocoder.config.num_refinements = 0
    quiet = unrefined.abs() < 0.8  # louder samples are rounded off
    torch.testing.assert_close(vocoder.eval()(mel)[quiet], unrefined[quiet], atol=0, rtol=0)


def test_loud_speech_is_rounded_off_and_other_speech_left_alone():
    vocoder, mel = small_vocos(num_refinements=0), random_mel(1, 40)
    with torch.inference_mode():
        unlimited = [vocoder.train()(mel + gain) for gain in (0.0, 9.0)]
        limited = [vocoder.eval()(mel + gain) for gain in (0.0, 9.0)]
    for before, after in zip(unlimited, limited, strict=True):
        quiet = before.abs() < 0.8
        torch.testing.assert_close(after[quiet], before[quiet])
        assert torch.equal(after.sign(), before.sign())
        assert after.abs().max() <= 1
    assert unlimited[1].abs().max() > 1


def test_small_vocoder_fits_its_budget():
    vocoder = GPT2TTSVocos(GPT2TTSVocosConfig())
    assert vocoder.num_parameters() <= 2_000_000
    assert sum(tensor.nbytes for tensor in vocoder.state_dict().values()) <= 8_000_000


def test_unusable_input_is_refused(vocoder):
    with pytest.raises(ValueError, match=r"\(batch, frames, 80\).*\(2, 80, 30\)"):
        vocoder(random_mel(2, 30).mT)
    with pytest.raises(ValueError, match="`lengths`"):
        vocoder(random_mel(2, 30), [30])
    with pytest.raises(ValueError, match="`lengths`"):
        vocoder(random_mel(2, 30), [30, 31])


def test_unknown_references_name_the_remedy(tmp_path, monkeypatch):
    for reference in ("no-such-vocoder", "./no/such", tmp_path / "missing"):
        with pytest.raises(FileNotFoundError, match="griffin-lim"):
            load_vocoder(reference)
    with pytest.raises(FileNotFoundError, match="griffin-lim"):
        load_vocoder("vocoder", base_path=tmp_path)
    with pytest.raises(OSError, match="griffin-lim"):
        load_vocoder("nobody/no-such-vocoder", local_files_only=True)
    (tmp_path / "config.json").write_text('{"model_type": "gpt2"}')
    with pytest.raises(FileNotFoundError, match="holds no vocoder"):
        load_vocoder(tmp_path)


def test_vocoder_for_other_spectrograms_is_refused(tmp_path):
    small_hifigan(sampling_rate=16000).save_pretrained(tmp_path)
    load_vocoder(tmp_path, hop_length=256, n_mels=80)
    with pytest.raises(ValueError, match=r"sampling_rate=16000.*sampling_rate=22050"):
        load_vocoder(tmp_path, sampling_rate=22050)


@pytest.mark.parametrize(
    ("config_class", "fields", "named"),
    [
        (GPT2TTSVocosConfig, {"kernel_size": 4}, "kernel_size"),
        (GPT2TTSVocosConfig, {"hop_length": 512}, "hop_length"),
        (GPT2TTSVocosConfig, {"hidden_size": "192"}, "hidden_size"),
        (GPT2TTSHifiGanConfig, {"upsample_rates": [8, 8]}, "upsample_rates"),
        (GPT2TTSHifiGanConfig, {"upsample_kernel_sizes": [16, 16, 4, 5]}, "upsample_kernel_sizes"),
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


def test_file_works_as_remote_code(tmp_path):
    """Copied beside a checkpoint, it is importable with what inference needs."""
    from transformers.dynamic_module_utils import check_imports, get_class_from_dynamic_module

    import gpt2tts.vocoder_gpt2tts as module

    shutil.copy(module.__file__, tmp_path)
    assert check_imports(tmp_path / Path(module.__file__).name) == []
    small_vocos().save_pretrained(tmp_path / "vocoder")
    remote_class = get_class_from_dynamic_module("vocoder_gpt2tts.GPT2TTSVocos", str(tmp_path))
    assert remote_class.__module__.startswith("transformers_modules")
    mel = random_mel(1, 10)
    torch.testing.assert_close(remote_class.from_pretrained(tmp_path / "vocoder")(mel), small_vocos()(mel))
