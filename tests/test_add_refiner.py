"""A refiner for a checkpoint that has none."""

from pathlib import Path

import numpy as np
import pytest
import torch
from typer.testing import CliRunner

from gpt2tts import (
    GPT2TTSConfig,
    GPT2TTSFeatureExtractor,
    GPT2TTSForTextToSpeech,
    GPT2TTSProcessor,
    build_byte_tokenizer,
)
from gpt2tts.data.collation import SpeechCollator
from gpt2tts.data.prepare import prepare_speech_data

FIXTURE = Path(__file__).parent / "fixtures" / "speech"


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("checkpoint")
    torch.manual_seed(0)
    model = GPT2TTSForTextToSpeech(GPT2TTSConfig.from_preset("tiny", refiner_hidden_size=0))
    model.model.set_mel_statistics(-5.0, 2.0)
    model.save_pretrained(folder)
    GPT2TTSProcessor(GPT2TTSFeatureExtractor(), build_byte_tokenizer()).save_pretrained(folder)
    return folder


def test_it_learns_and_the_rest_stays(load_recipe, checkpoint, cache_dir, tmp_path):
    recipe, out = load_recipe("add_refiner"), tmp_path / "refined"
    arguments = ["--model", checkpoint, "--dataset", FIXTURE, "--out", out, "--hidden-size", 48, "--rows", 10]
    arguments += ["--minutes", 0.05, "--cache-dir", cache_dir]
    result = CliRunner().invoke(recipe.app, list(map(str, arguments)))
    assert result.exit_code == 0, result.output
    old, new = (GPT2TTSForTextToSpeech.from_pretrained(folder).eval() for folder in (checkpoint, out))
    assert old.refiner is None
    assert new.config.refiner_hidden_size == 48
    weights = new.state_dict()
    for name, weight in old.state_dict().items():
        torch.testing.assert_close(weights[name], weight, rtol=0, atol=0)

    processor = GPT2TTSProcessor.from_pretrained(out)
    data = prepare_speech_data([FIXTURE], processor, new.config, cache_dir=cache_dir, validation_share=0.004)
    rows = data.training_rows(new.config, processor.tokenizer)
    batch = SpeechCollator(processor.tokenizer.pad_token_id, new.config.reduction_factor)([rows[0], rows[1]])
    # clips are drawn by their weights
    groups = []
    for row in (rows.num_frames.argmin(), rows.num_frames.argmax()):
        data.weights = np.eye(len(rows))[row]
        groups.append(len(recipe.hear(new, processor, data, 2, 0)[0]))
    assert groups[0] < 0.7 * groups[1]
    untrained = GPT2TTSForTextToSpeech.from_pretrained(checkpoint, refiner_hidden_size=48).eval()
    with torch.no_grad():
        before, after = (model(**batch, prenet_dropout=0.0).refiner_loss for model in (untrained, new))
    assert after < 0.8 * before


def test_the_options_of_the_data_are_passed_on(load_recipe, checkpoint, tmp_path, monkeypatch):
    def prepare(*_, british_speakers, speaker_balance, cache_dir, **__):
        asked.append((british_speakers, speaker_balance, cache_dir))
        raise ValueError

    recipe, asked = load_recipe("add_refiner"), []
    monkeypatch.setattr(recipe, "prepare_speech_data", prepare)
    arguments = ["--model", checkpoint, "--dataset", FIXTURE, "--out", tmp_path / "refined", "--cache-dir", tmp_path]
    arguments += ["--speaker-balance", 0.2, "--british-speakers", "bf_emma", "--british-speakers", "bm_george"]
    CliRunner().invoke(recipe.app, list(map(str, arguments)))
    assert asked == [(["bf_emma", "bm_george"], 0.2, tmp_path)]


def test_what_is_there_is_not_overwritten(load_recipe, checkpoint, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    arguments = ["--model", checkpoint, "--dataset", FIXTURE, "--out", tmp_path]
    result = CliRunner().invoke(load_recipe("add_refiner").app, list(map(str, arguments)))
    assert result.exit_code != 0
    assert "is not empty" in result.output
    assert (tmp_path / "notes.txt").read_text() == "mine"
