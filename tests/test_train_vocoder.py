"""Vocoder training: data in step with its spectrograms, losses in their band, runs that resume where they stopped."""

import json
import math
import os
import signal
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from datasets import Dataset

from gpt2tts import train_vocoder
from gpt2tts.configuration_gpt2tts import GPT2TTSConfig
from gpt2tts.data.prepare import prepare_speech_data
from gpt2tts.feature_extraction_gpt2tts import GPT2TTSFeatureExtractor
from gpt2tts.hifigan_vocoder_gpt2tts import GPT2TTSHifiGan
from gpt2tts.modeling_gpt2tts import GPT2TTSForTextToSpeech
from gpt2tts.processing_gpt2tts import GPT2TTSProcessor, build_byte_tokenizer
from gpt2tts.training.adversarial_losses import discriminator_loss, generator_losses
from gpt2tts.training.arguments import parse_arguments
from gpt2tts.training.tracking import Tracker, read_metrics
from gpt2tts.training.vocoder_data import (
    FULL_BAND,
    MARGIN_FRAMES,
    SegmentDataset,
    add_predicted_spectrograms,
    clip_pitch,
    clip_spectrogram,
    clip_waveform,
    prepare_vocoder_data,
)
from gpt2tts.training.vocoder_discriminators import build_discriminator
from gpt2tts.training.vocoder_losses import MultiResolutionSpectralLoss, limit_band
from gpt2tts.training.vocoder_validation import copy_synthesis
from gpt2tts.vocoder_gpt2tts import load_vocoder

TINY = (
    "--model",
    "source-filter",
    "--model_overrides",
    "{residual_hidden_size: 16, residual_intermediate_size: 24, num_residual_layers: 1}",
)


@pytest.fixture
def speech_folder(tmp_path, make_speech) -> Path:
    """Two speakers, one of them recorded at 16 kHz; a file that is no audio, and one that is missing."""
    folder = tmp_path / "speech"
    folder.mkdir()
    lines = []
    for index in range(12):
        speaker, rate = ("wide", 22050) if index % 2 else ("narrow", 16000)
        soundfile.write(folder / f"{index}.wav", make_speech(0.8, rate, seed=index).numpy(), rate)
        lines.append(f"{index}.wav|{speaker}|Sentence number {index}.")
    (folder / "bad.wav").write_bytes(b"no audio")
    lines += ["bad.wav|wide|Bad.", "missing.wav|wide|Missing."]
    (folder / "metadata.csv").write_text("\n".join(lines))
    return folder


@pytest.fixture
def data(speech_folder, tmp_path):
    return prepare_vocoder_data([speech_folder], GPT2TTSFeatureExtractor(), cache_dir=tmp_path / "cache")


def test_clips_are_decoded_held_out_and_know_their_band(data, speech_folder):
    assert (len(data.train), len(data.validation)) == (11, 1)
    for clip in data.train:
        assert clip["band"] == (FULL_BAND if clip["speaker"] == "wide" else pytest.approx(7600))
        assert len(clip["waveform"]) // 256 == clip["num_frames"]
    wide = next(clip for clip in data.train if clip["speaker"] == "wide")
    recording, _ = soundfile.read(speech_folder / wide["file"], dtype="float32")
    correlation = np.correlate(recording, clip_waveform(wide).numpy(), "valid").max()
    assert correlation == pytest.approx(float(clip_waveform(wide).square().sum()), rel=1e-3)


def test_too_many_unreadable_files_are_an_error(speech_folder, tmp_path):
    for index in range(0, 12, 3):
        (speech_folder / f"{index}.wav").write_bytes(b"no audio")
    with pytest.raises(ValueError, match="5 of 13 files of dataset 'speech'"):
        prepare_vocoder_data([speech_folder], GPT2TTSFeatureExtractor(), cache_dir=tmp_path / "cache")


def test_clips_held_back_are_those_of_the_acoustic_model(speech_folder, tmp_path):
    config = GPT2TTSConfig.from_preset("tiny")
    processor = GPT2TTSProcessor(GPT2TTSFeatureExtractor(), build_byte_tokenizer())
    arguments = {"validation_share": 0.3, "cache_dir": tmp_path / "cache"}
    speech = prepare_speech_data([speech_folder], processor, config, **arguments)
    clips = prepare_vocoder_data([speech_folder], GPT2TTSFeatureExtractor(), **arguments)
    # the numbers of the sentences are written in digits, and split as they are spoken
    assert speech.validation["text"][0].startswith("Sentence number")
    assert 1 < len(clips.validation) < 8
    assert sorted(clips.validation["file"][:]) == sorted(speech.validation["file"][:])
    assert sorted(clips.train["file"][:]) == sorted(speech.train["file"][:])


def test_segments_are_cut_in_step_with_spectrograms():
    frames, hop = 60, 256
    waveform = np.repeat(np.arange(frames, dtype=np.int16), hop)  # each sample says which frame it is of
    spectrogram = np.repeat(np.arange(frames, dtype=np.float16), 4)
    clip = {"waveform": waveform, "num_frames": frames, "band": FULL_BAND, "weight": 1.0, "spectrogram": spectrogram}
    clip |= {name: np.arange(frames, dtype=np.float16) for name in ("pitch", "voicing")}
    short = {**clip, "waveform": waveform[: 3 * hop], "num_frames": 3, "spectrogram": spectrogram[: 3 * 4]}
    short |= {name: np.arange(3, dtype=np.float16) for name in ("pitch", "voicing")}
    feature_extractor = GPT2TTSFeatureExtractor(feature_size=4, hop_length=hop)
    clips = Dataset.from_list([clip, short])
    segments = SegmentDataset(clips, segment_frames=16, feature_extractor=feature_extractor)
    length, padded = 16 + 2 * MARGIN_FRAMES, 0
    for draw in range(60):
        item = segments[draw]
        assert item["spectrogram"].shape == (length, 4)
        assert item["waveform"].shape == (length * hop,)
        frame_of_sample = (item["waveform"][::hop] * 32767).round()
        if item["spectrogram"][-1, 0] < 0:  # the short clip, padded with silence
            padded += 1
            assert (frame_of_sample[3:] == 0).all()
            assert (item["pitch"] == torch.arange(length).clamp(max=2)).all()
            frame_of_sample[3:] = item["spectrogram"][3:, 0]
        else:
            torch.testing.assert_close(item["voicing"], item["spectrogram"][:, 0])
        torch.testing.assert_close(frame_of_sample, item["spectrogram"][:, 0])
    assert 0 < padded < 20  # drawn by length
    assert not torch.equal(segments[0]["waveform"], segments[1]["waveform"])
    torch.testing.assert_close(segments[7]["waveform"], segments[7]["waveform"], atol=0, rtol=0)


def test_a_share_of_the_segments_comes_with_its_own_spectrogram(data):
    predicted = data.train.map(lambda clip: {"spectrogram": [7.0] * (80 * clip["num_frames"])})
    feature_extractor = GPT2TTSFeatureExtractor()
    segments = SegmentDataset(predicted, segment_frames=16, feature_extractor=feature_extractor, recorded_share=0.5)
    own = 0
    for draw in range(40):
        item = segments[draw]
        if (item["spectrogram"] != 7).all():
            own += 1
            torch.testing.assert_close(item["spectrogram"], feature_extractor.log_mel(item["waveform"])[:-1])
    assert 8 < own < 32


def test_segments_change_in_level_but_never_clip(data):
    segments = SegmentDataset(data.train, segment_frames=16, feature_extractor=GPT2TTSFeatureExtractor(), gain_db=12.0)
    peaks = torch.stack([segments[draw]["waveform"].abs().max() for draw in range(40)])
    assert peaks.max() <= 1.0
    assert peaks.max() > 4 * peaks.min()


def test_spectral_loss_falls_with_the_distance(make_speech):
    loss = MultiResolutionSpectralLoss(22050)
    speech = make_speech(0.5)[None]
    noise = torch.randn(speech.shape, generator=torch.Generator().manual_seed(0))
    distances = [loss(speech + level * noise, speech) for level in (0.0, 0.01, 0.1)]
    assert float(distances[0].loss) == pytest.approx(0, abs=1e-5)
    for name in ("loss", "mel", "stft"):
        values = [float(getattr(distance, name)) for distance in distances]
        assert values == sorted(values)
        assert values[1] > 0


def test_spectral_loss_is_that_of_its_definition():
    """Twice as loud: log magnitudes differ by log 2, and the difference is as large as what is compared with."""
    loss = MultiResolutionSpectralLoss(22050)
    noise = torch.randn(1, 11025, generator=torch.Generator().manual_seed(0))
    distance = loss(2 * noise, noise)
    assert float(distance.mel) == pytest.approx(math.log(2), rel=1e-3)
    assert float(distance.stft) == pytest.approx(1 + math.log(2), rel=1e-3)
    assert float(distance.loss) == pytest.approx(1 + 2 * math.log(2), rel=1e-3)
    # what is fainter than can be heard counts as silence
    silence = torch.zeros_like(noise)
    assert float(loss(1e-10 * noise, silence).loss) == pytest.approx(0, abs=1e-3)
    assert float(loss(silence, silence).loss) == 0


def test_adversarial_losses_are_means_of_squares():
    fake, real = ([torch.full((1, 3), score) for score in scores] for scores in ((0.5, 0.0), (1.0, 0.6)))
    features = [[torch.zeros(1, 2)], [torch.zeros(1, 2)]]
    # 0.5 ** 2 of the first discriminator, 0.4 ** 2 of the second
    assert float(discriminator_loss((fake, features), (real, features))) == pytest.approx((0.25 + 0.16) / 2)
    adversarial, _ = generator_losses((fake, features), (real, features))
    assert float(adversarial) == pytest.approx((0.25 + 1.0) / 2)


def test_band_limit_silences_what_lies_above(make_speech):
    noise = torch.randn(2, 8192, generator=torch.Generator().manual_seed(0)).requires_grad_()
    limited = limit_band(noise, torch.tensor([4000.0, FULL_BAND]), 22050)
    torch.testing.assert_close(limited[1], noise[1])
    up_to_the_end = limit_band(noise, torch.tensor([4000.0, 22050 / 2]), 22050)
    assert torch.equal(up_to_the_end[1], noise[1])
    power = torch.fft.rfft(limited[0].detach()).abs().square()
    split = round(4000 / 22050 * 8192)
    assert power[split:].sum() < 1e-6 * power.sum()
    full_power = torch.fft.rfft(noise[0].detach()).abs().square()
    below = round(3500 / 22050 * 8192)
    torch.testing.assert_close(power[:below], full_power[:below], rtol=1e-3, atol=1e-2)
    limited.square().sum().backward()
    assert torch.fft.rfft(noise.grad[0]).abs()[split:].max() < 1e-3
    torch.testing.assert_close(noise.grad[1], 2 * noise.detach()[1])


def test_discriminator_learns_to_tell_and_generator_to_deceive(make_speech):
    torch.manual_seed(0)
    discriminator = build_discriminator("small")
    real, fake = make_speech(0.2)[None, None], torch.randn(1, 1, 4410) * 0.1
    optimizer = torch.optim.AdamW(discriminator.parameters(), lr=2e-3)
    losses = []
    for _ in range(15):
        losses.append(discriminator_loss(discriminator(fake), discriminator(real)))
        losses[-1].backward()
        optimizer.step()
        optimizer.zero_grad()
    assert losses[-1] < 0.5 * losses[0]
    fake.requires_grad_()
    adversarial, features = generator_losses(discriminator(fake), discriminator(real))
    assert adversarial > 0.3
    assert features > 0
    (adversarial + features).backward()
    assert fake.grad.abs().sum() > 0
    same = generator_losses(discriminator(real), discriminator(real))[1]
    assert same.item() == 0
    with pytest.raises(ValueError, match="small, medium, full"):
        build_discriminator("huge")


def test_predicted_spectrograms_are_those_of_teacher_forcing(data):
    torch.manual_seed(0)
    tokenizer = build_byte_tokenizer()
    config = GPT2TTSConfig.from_preset("tiny", vocab_size=len(tokenizer), prenet_dropout=0.0)
    model = GPT2TTSForTextToSpeech(config).eval()
    processor = GPT2TTSProcessor(GPT2TTSFeatureExtractor(), tokenizer)
    clips = data.train.filter(lambda speaker: speaker == "wide", input_columns="speaker")
    calls = []
    hook = model.register_forward_pre_hook(lambda module, args, kwargs: calls.append(kwargs), with_kwargs=True)
    predicted = add_predicted_spectrograms(clips, model, processor)
    hook.remove()
    assert len(predicted) == len(clips) == len(calls)
    first, second = clips[0], clips[1]
    read = processor(
        text=first["text"],
        audio=clip_waveform(second).numpy(),
        audio_target=clip_waveform(first).numpy(),
        sampling_rate=22050,
    )
    # the model is fed the clip's own frames, in step with its waveform, and the voice of another one
    num_frames, num_reference, num_tokens = (
        read[name].shape[1] for name in ("labels", "reference_features", "input_ids")
    )
    assert calls[0]["labels_mask"].sum() == num_frames
    torch.testing.assert_close(calls[0]["labels"][:, :num_frames, :80], read["labels"], atol=0.01, rtol=0)
    torch.testing.assert_close(calls[0]["reference_features"][:, :num_reference], read["reference_features"])
    assert torch.equal(calls[0]["input_ids"], read["input_ids"])
    places = calls[0]["text_positions"][0]
    assert (places.diff() >= 0).all()
    assert 0 <= places[0] < 1
    assert places[-1] == num_tokens
    with torch.no_grad():
        expected = model(**calls[0]).spectrogram[0, : first["num_frames"]]
    spectrogram = clip_spectrogram(predicted[0], config.n_mels)
    assert spectrogram.shape == (first["num_frames"], 80)
    torch.testing.assert_close(spectrogram, expected, atol=0.01, rtol=0.01)

    # the cache holds those of these weights
    model.postnet.convs[-1].weight.data.normal_()
    other = clip_spectrogram(add_predicted_spectrograms(clips, model, processor)[0], config.n_mels)
    assert not torch.allclose(other, spectrogram, atol=0.1)
    forward, model.forward = model.forward, None
    kept = clip_spectrogram(add_predicted_spectrograms(clips, model, processor)[0], config.n_mels)
    assert torch.equal(kept, other)
    model.forward = forward


@pytest.fixture
def train(speech_folder, tmp_path):
    """`train(output, *arguments)` runs the script on little data in this process and returns its exit code."""
    from accelerate.state import AcceleratorState

    handler = signal.getsignal(signal.SIGTERM)

    def run(output: Path, *arguments: str) -> int:
        AcceleratorState._reset_state(reset_partial_state=True)
        return train_vocoder.main(
            [
                *("--dataset", str(speech_folder), "--output_dir", str(output)),
                *("--cache_dir", str(tmp_path / "cache"), "--num_proc", "1", "--report_to", "none"),
                *("--mos_predictor", "none", "--batch_size", "2", "--segment_frames", "16"),
                *("--logging_steps", "1", "--warmup_steps", "2", "--ema_decay", "0.5", *arguments),
            ]
        )

    yield run
    signal.signal(signal.SIGTERM, handler)
    AcceleratorState._reset_state(reset_partial_state=True)


def test_training_goes_through_both_stages_and_leaves_a_vocoder(train, tmp_path):
    output = tmp_path / "run"
    arguments = ("--max_train_steps", "30", "--adversarial_start", "0.9", "--learning_rate", "5e-3")
    assert train(output, *TINY, *arguments) == 0
    rows = [row for row in read_metrics(output / "metrics.jsonl") if "train/loss" in row]
    assert ["train/adversarial" in row for row in rows] == [row["step"] > 27 for row in rows]
    first, last = (np.mean([row["train/multi_mel"] for row in part]) for part in (rows[:5], rows[-5:]))
    assert last < first
    for folder in ("best", "final"):
        tracks = {"pitch": torch.full((10,), 100.0), "voicing": torch.ones(10)}
        waveform = load_vocoder(output / folder)(torch.zeros(10, 80) - 5, **tracks)
        assert waveform.shape == (2560,)
        assert waveform.isfinite().all()
    assert json.loads((output / "final" / "config.json").read_text())["model_type"] == "gpt2tts_source_filter"


def test_terminated_run_resumes_to_the_same_weights(train, tmp_path, monkeypatch):
    arguments = (*TINY, "--max_train_steps", "6", "--adversarial_start", "0.3")
    assert train(tmp_path / "whole", *arguments) == 0
    log = Tracker.log

    def log_and_terminate(self, values, step):
        log(self, values, step)
        if step == 3 and "train/loss" in values:
            os.kill(os.getpid(), signal.SIGTERM)

    with monkeypatch.context() as context:
        context.setattr(Tracker, "log", log_and_terminate)
        assert train(tmp_path / "cut", *arguments) == 143
    assert not (tmp_path / "cut" / "final").exists()
    assert train(tmp_path / "cut", *arguments, "--resume_from_checkpoint", "latest") == 0
    steps = [row["step"] for row in read_metrics(tmp_path / "cut" / "metrics.jsonl") if "train/loss" in row]
    assert steps == sorted(set(steps))
    whole, cut = (load_vocoder(tmp_path / name / "final").state_dict() for name in ("whole", "cut"))
    for name, weight in whole.items():
        torch.testing.assert_close(cut[name], weight, atol=0, rtol=0)


def test_pitch_is_tracked_where_it_is_asked_for(data, speech_folder, tmp_path):
    assert clip_pitch(data.train[0]) == {}
    feature_extractor = GPT2TTSFeatureExtractor()
    with_pitch = prepare_vocoder_data(
        [speech_folder], feature_extractor, with_pitch=True, cache_dir=tmp_path / "cache"
    )
    clip = with_pitch.train[0]
    tracks = clip_pitch(clip)
    assert all(track.shape == (clip["num_frames"],) for track in tracks.values())
    assert (tracks["voicing"] > 0.5).float().mean() > 0.5
    assert 60 < tracks["pitch"].median() < 300
    result = copy_synthesis(load_vocoder("source-filter"), [clip_waveform(clip)], feature_extractor, pitches=[tracks])
    again = copy_synthesis(load_vocoder("source-filter"), [clip_waveform(clip)], feature_extractor)
    assert result.metrics["mel"] == pytest.approx(again.metrics["mel"], abs=0.1)


def test_residual_starts_as_no_correction_and_every_weight_learns():
    args = parse_arguments(train_vocoder.VocoderTrainingArguments, ["--dataset", "x", *TINY])
    generator = train_vocoder.build_generator(args).eval()
    frames = {"pitch": torch.full((2, 20), 100.0), "voicing": torch.ones(2, 20)}
    mel = torch.randn(2, 20, 80, generator=torch.Generator().manual_seed(0)) - 5
    torch.testing.assert_close(generator(mel, **frames), load_vocoder("source-filter")(mel, **frames))
    torch.nn.init.normal_(generator.residual.head.weight, std=0.1)
    generator(mel, **frames).square().sum().backward()
    assert all(parameter.grad is not None and parameter.grad.any() for parameter in generator.parameters())
    whole = train_vocoder.PRESETS["source-filter"]()
    assert whole.num_parameters() <= 1_000_000


def test_trained_vocoder_and_hifigan_train_on(train, tmp_path):
    overrides = "{upsample_initial_channel: 32, resblock_kernel_sizes: [3], resblock_dilation_sizes: [[1]]}"
    budget = ("--max_train_steps", "2", "--adversarial_start", "1")
    assert train(tmp_path / "first", "--model", "v1", "--model_overrides", overrides, *budget) == 0
    assert train(tmp_path / "second", "--model", str(tmp_path / "first" / "final"), *budget) == 0
    first, second = (load_vocoder(tmp_path / name / "final") for name in ("first", "second"))
    assert isinstance(second, GPT2TTSHifiGan)
    assert set(first.state_dict()) == set(second.state_dict())  # weight norm is gone from what is saved
    difference = (first.conv_pre.weight - second.conv_pre.weight).abs().max()
    assert 0 < difference < 0.1


def test_a_trained_vocoder_takes_what_fits_its_weights(train, tmp_path):
    assert train(tmp_path / "first", *TINY, "--max_train_steps", "1") == 0
    trained = ["--dataset", "x", "--model", str(tmp_path / "first" / "final"), "--model_overrides"]
    args = parse_arguments(train_vocoder.VocoderTrainingArguments, [*trained, "{noise_level: 0.3}"])
    assert train_vocoder.build_generator(args).config.noise_level == 0.3
    args = parse_arguments(train_vocoder.VocoderTrainingArguments, [*trained, "{num_residual_layers: 2}"])
    with pytest.raises(ValueError, match="does not fit the weights"):
        train_vocoder.build_generator(args)


def test_recipes_fit_the_arguments():
    recipes = Path(train_vocoder.__file__).parent.glob("recipes/vocoder_*.yaml")
    parsed = {
        path.stem: parse_arguments(train_vocoder.VocoderTrainingArguments, ["--config", str(path)]) for path in recipes
    }
    assert set(parsed) == {"vocoder_hifigan", "vocoder_residual"}
    for args in parsed.values():
        assert args.dataset
        assert args.model in train_vocoder.PRESETS or "/" in args.model


def test_unusable_arguments_are_refused(tmp_path):
    with pytest.raises(ValueError, match="--dataset"):
        parse_arguments(train_vocoder.VocoderTrainingArguments, [])
    with pytest.raises(ValueError, match="adversarial_start"):
        parse_arguments(train_vocoder.VocoderTrainingArguments, ["--dataset", "x", "--adversarial_start", "40"])
    with pytest.raises(ValueError, match="`segment_frames` must be at least 8"):
        parse_arguments(train_vocoder.VocoderTrainingArguments, ["--dataset", "x", "--segment_frames", "0"])
    with pytest.raises(ValueError, match="has no weights"):
        train_vocoder.build_generator(
            parse_arguments(train_vocoder.VocoderTrainingArguments, ["--dataset", "x", "--model", "griffin-lim"])
        )
    (tmp_path / "config.yaml").write_text("datasets: [x]")
    with pytest.raises(ValueError, match="unknown arguments: datasets"):
        parse_arguments(train_vocoder.VocoderTrainingArguments, ["--config", str(tmp_path / "config.yaml")])
