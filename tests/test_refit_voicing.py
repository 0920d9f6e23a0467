"""Fitting anew what a checkpoint predicts of voicing."""

import numpy as np
import pytest
import torch

from gpt2tts import GPT2TTSConfig, GPT2TTSForTextToSpeech


@pytest.fixture(scope="module")
def recipe(load_recipe):
    return load_recipe("refit_voicing")


def batches(config, voicing):
    """Of noise, whose voicing in the past is told by the mels; `voicing` is what it should be."""
    generator, frames = torch.Generator().manual_seed(0), 10 * config.reduction_factor
    for _ in range(12):
        mel = torch.randn(3, frames, 80, generator=generator) * 2 - 5
        pitch = 4.6 + torch.rand(3, frames, 1, generator=generator)
        yield {
            "input_ids": torch.randint(4, config.vocab_size, (3, 20), generator=generator),
            "labels": torch.cat([mel, pitch, 0.5 + 0.05 * (mel[..., :1] + 5)], dim=-1),
            "labels_mask": torch.ones(3, frames, dtype=torch.bool),
            "text_positions": torch.linspace(0, 20, 11).expand(3, -1),
            "voicing": torch.full((3, frames), voicing),
        }


def test_the_voicing_becomes_what_it_should_be_and_the_rest_stays(recipe):
    torch.manual_seed(0)
    config = GPT2TTSConfig.from_preset("tiny", prenet_dropout=0.0)
    model = GPT2TTSForTextToSpeech(config).eval()
    torch.nn.init.normal_(model.postnet.convs[-1].weight, std=0.02)
    probe = next(batches(config, 0.0))
    del probe["voicing"]
    with torch.no_grad():
        old = model(**probe)
        recipe.refit(model, batches(config, 0.3), batches(config, 0.3))
        new = model(**probe)
        probe["labels"][..., -1] = 0.9
        other = model(**probe)
    torch.testing.assert_close(new.voicing, torch.full_like(new.voicing, 0.3), atol=1e-3, rtol=0)
    assert (old.voicing - 0.3).abs().mean() > 0.05
    # the spectrogram varies by 2
    assert (new.spectrogram - old.spectrogram).abs().mean() < 0.02
    torch.testing.assert_close(new.steps, old.steps, atol=0.02, rtol=0)
    # what the past says of the voicing is no longer read
    torch.testing.assert_close(other.spectrogram, new.spectrogram)


def test_a_classifier_tells_voiced_frames_by_their_mels(recipe):
    generator = np.random.default_rng(0)
    clips = []
    for _ in range(8):
        voicing = np.repeat(generator.random(20) < 0.5, 20).astype(np.float32)
        mel = generator.normal(-5, 1, (400, 80)).astype(np.float32)
        mel[:, :20] += 4 * voicing[:, None]
        clips.append((torch.from_numpy(mel), torch.from_numpy(voicing)))
    torch.manual_seed(0)
    classifier = recipe.fit_classifier(clips[:-1])
    mel, voicing = clips[-1]
    with torch.no_grad():
        assert ((classifier(recipe.around(mel))[:, 0] > 0.5) == (voicing > 0.5)).float().mean() > 0.9
