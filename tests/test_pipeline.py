"""The pipeline `text-to-speech`, beside the installed package; `test_remote_code.py` has the one of the folder's code."""

import copy
import re
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from transformers import pipeline

from gpt2tts import GPT2TTSPipeline, Synthesizer

SHORT, LONG = "Hi!", "It was a bright cold day in April, and all of the clocks were striking thirteen."


@pytest.fixture(scope="module")
def speaker(tiny_checkpoint):
    synthesizer = Synthesizer.from_pretrained(tiny_checkpoint, device="cpu")
    model, processor = synthesizer.model, synthesizer.processor
    # it gets through its text, more than a token with each group
    torch.nn.init.constant_(model.step_head.bias, 1.0)
    torch.nn.init.zeros_(model.step_head.weight)
    model.generation_config.max_frames_per_token = 30.0
    model.config.vocoder = "source-filter"
    model.config.british_voices = ["bob"]
    return pipeline(
        "text-to-speech", model=model, processor=processor, device="cpu", pipeline_class=GPT2TTSPipeline, seed=3
    )


def test_short_rows_of_a_batch_have_no_padding(speaker):
    batch = speaker([SHORT, LONG], batch_size=2)
    alone = [speaker(text) for text in (SHORT, LONG)]
    assert [len(speech["audio"]) for speech in batch] == [len(speech["audio"]) for speech in alone]
    assert len(batch[0]["audio"]) < len(batch[1]["audio"]) / 2
    assert batch[0]["audio"].dtype == np.float32
    assert batch[0]["sampling_rate"] == 22050


def test_no_texts_are_no_speech(speaker):
    assert speaker([]) == []


def test_a_page_is_spoken(speaker):
    page = speaker(" ".join([LONG] * 12))
    assert len(page["audio"]) > 10 * len(speaker(LONG)["audio"])


def test_it_speaks_as_the_synthesizer_does(speaker):
    settings = {"speed": 1.5, "british": True}
    expected, _ = speaker.synthesizer.speak(LONG, "ann(2)+bob(1)", seed=7, **settings)
    for arguments in (settings, {"forward_params": settings}, {"generate_kwargs": settings}):
        spoken = speaker(LONG, voice="ann(2)+bob(1)", **{"seed": 7, **arguments})["audio"]
        assert np.array_equal(spoken, expected)


def test_the_accent_is_that_of_the_voice(speaker):
    american, british, bob = (
        speaker("A tomato.", voice="bob", **arguments)["audio"]
        for arguments in ({"british": False}, {"british": True}, {})
    )
    assert np.array_equal(bob, british)
    assert not np.array_equal(bob, american)


def test_settings_hold_for_one_call(speaker):
    usual = speaker(SHORT)["audio"]
    assert not np.array_equal(speaker(SHORT, prenet_dropout=0.0)["audio"], usual)
    assert np.array_equal(speaker(SHORT)["audio"], usual)


def test_a_call_does_not_see_the_settings_of_another_thread(speaker):
    def speak(dropout):
        return [speaker(SHORT, prenet_dropout=dropout, seed=3)["audio"] for _ in range(4)]

    alone = {dropout: speaker(SHORT, prenet_dropout=dropout, seed=3)["audio"] for dropout in (0.0, 0.9)}
    with ThreadPoolExecutor(2) as pool:
        for dropout, spoken in zip(alone, pool.map(speak, alone), strict=True):
            assert all(np.array_equal(waveform, alone[dropout]) for waveform in spoken)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"text_inputs": 7}, TypeError, "`text_inputs` must be a string"),
        ({"text_inputs": "..."}, ValueError, "nothing to speak"),
        ({"text_inputs": "Hi.", "voice": "nobody"}, ValueError, "no voice 'nobody'"),
        ({"text_inputs": "Hi.", "temperature": 0.5}, ValueError, "no settings ['temperature']"),
        ({"text_inputs": "Hi.", "generate_kwargs": {"do_sample": True}}, ValueError, "no settings ['do_sample']"),
    ],
)
def test_bad_input_is_named(speaker, arguments, error, message):
    with pytest.raises(error, match=re.escape(message)):
        speaker(**arguments)


def test_the_model_can_be_printed_and_saved(speaker, tmp_path):
    assert "GPT2TTSPipeline" in str(speaker.model.config)
    speaker.model.save_pretrained(tmp_path)
    assert {"pipeline_gpt2tts.py", "synthesis.py", "audio.py"} <= {path.name for path in tmp_path.iterdir()}


def test_a_saved_pipeline_reads_as_before(speaker, tmp_path):
    processor, settings = copy.deepcopy(speaker.processor), {"lexicon": {"tts": "ti"}, "max_chunk_tokens": 77}
    vars(processor).update(settings)
    arguments = {"device": "cpu", "pipeline_class": GPT2TTSPipeline}
    pipeline("text-to-speech", model=speaker.model, processor=processor, **arguments).save_pretrained(tmp_path)
    loaded = pipeline("text-to-speech", model=str(tmp_path), **arguments).processor
    assert {name: getattr(loaded, name) for name in settings} == settings
    assert torch.equal(loaded(text="A TTS.")["input_ids"], processor(text="A TTS.")["input_ids"])
