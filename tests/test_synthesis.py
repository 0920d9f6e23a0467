"""Text of any length to speech."""

import re

import numpy as np
import pytest
import torch

from gpt2tts import synthesis
from gpt2tts.hifigan_vocoder_gpt2tts import GPT2TTSHifiGan, GPT2TTSHifiGanConfig
from gpt2tts.synthesis import Synthesizer, change_speed

SENTENCES = "The first one is short. The second, which is a little longer, follows it. A third! And a fourth?"


@pytest.fixture(scope="module")
def synthesizer(tiny_checkpoint) -> Synthesizer:
    result = Synthesizer.from_pretrained(tiny_checkpoint, device="cpu")
    result.processor.max_text_tokens = 48  # so that a few sentences are several parts
    return result


def letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def test_seed_repeats_the_speech(synthesizer):
    first, rate = synthesizer.speak("Good morning.", seed=1)
    again, _ = synthesizer.speak("Good morning.", seed=1)
    other, _ = synthesizer.speak("Good morning.", seed=2)
    assert rate == 22050
    assert first.dtype == np.float32
    assert len(first) == 160 * 256
    assert np.isfinite(first).all()
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert not np.array_equal(*(synthesizer.speak("Good morning.")[0] for _ in range(2)))


def test_stream_joined_is_the_speech(synthesizer):
    chunks = list(synthesizer.stream(SENTENCES, "bob", seed=3))
    assert len(chunks) > 2
    waveform, _ = synthesizer.speak(SENTENCES, "bob", seed=3)
    assert np.array_equal(np.concatenate([chunk.waveform for chunk in chunks]), waveform)
    progress = [chunk.progress for chunk in chunks]
    assert progress == sorted(progress)
    assert progress[-1] == 1.0
    assert not any(chunk.stopped for chunk in chunks)  # random weights never end by themselves


@pytest.mark.parametrize("text", ["Good morning.", "Hi!", SENTENCES])
def test_live_speech_is_the_speech(synthesizer, text):
    config = GPT2TTSHifiGanConfig(upsample_initial_channel=16)
    torch.manual_seed(0)
    live = Synthesizer(synthesizer.model, synthesizer.processor, GPT2TTSHifiGan(config).eval())
    pieces = list(live.stream_waveform(text, "bob", seed=3))
    expected, _ = live.speak(text, "bob", seed=3)
    assert len(pieces) > 2
    assert len(pieces[0]) < 0.5 * live.sampling_rate
    np.testing.assert_allclose(np.concatenate(pieces), expected, atol=1e-3 * np.abs(expected).max())


@pytest.mark.parametrize("speed", [1.0, 2.0])
def test_live_speech_without_a_finite_context_is_the_speech(synthesizer, speed):
    pieces = list(synthesizer.stream_waveform(SENTENCES, seed=3, speed=speed))
    assert np.array_equal(np.concatenate(pieces), synthesizer.speak(SENTENCES, seed=3, speed=speed)[0])


def test_batching_makes_no_difference(synthesizer, monkeypatch):
    batched, _ = synthesizer.speak(SENTENCES, seed=3)
    monkeypatch.setattr(synthesis, "MAX_BATCH_SIZE", 1)
    single, _ = synthesizer.speak(SENTENCES, seed=3)
    assert batched.shape == single.shape
    # Griffin-Lim amplifies the rounding of batched matrix products
    assert np.corrcoef(batched, single)[0, 1] > 0.99


def test_no_word_is_lost_or_doubled(synthesizer, monkeypatch):
    text = "\n\n".join(f"Paragraph {number}. {SENTENCES}\n\n* * *" for number in range(12))
    spoken = []

    def speak_batch(batch, **voice):
        spoken.append([part.text for part in batch])
        return []

    monkeypatch.setattr(synthesizer, "_speak_batch", speak_batch)
    assert list(synthesizer.stream(text)) == []
    expected = letters(synthesizer.processor.normalize_text(text))
    assert letters("".join(part for batch in spoken for part in batch)) == expected
    sizes = [len(batch) for batch in spoken]
    assert sizes[:4] == [1, 2, 4, 8]  # the first is heard soon
    assert max(sizes) == synthesis.MAX_BATCH_SIZE


def test_long_text_is_made_as_it_is_asked_for(synthesizer, monkeypatch):
    normalized = []
    split_text = synthesizer.processor.split_text
    monkeypatch.setattr(
        synthesizer.processor, "split_text", lambda text, **kw: normalized.append(text) or split_text(text, **kw)
    )
    chunks = synthesizer.stream("\n\n".join([SENTENCES] * 1000), seed=0)
    assert next(chunks).progress < 0.01
    assert len(normalized) == 1


def test_pauses_follow_the_text(synthesizer):
    def silence_after(text: str) -> float:
        first, *_ = synthesizer.stream(text, seed=0)
        return len(first.waveform) / 22050 - 160 * 256 / 22050

    clause = silence_after("When the long day was over at last, they all went home to bed.")
    sentence = silence_after("The long day was over at last for them. They all went home to bed.")
    paragraph = silence_after("The long day was over at last for them.\n\nThey went home.")
    assert 0.05 < clause < sentence < paragraph < 1.0
    last = list(synthesizer.stream(SENTENCES, seed=0))[-1]
    assert len(last.waveform) == 160 * 256  # no silence at the very end


def test_line_breaks_of_wrapped_text_are_no_sentence_ends(synthesizer):
    wrapped = "It was a bright cold day in April and all of the many clocks\nwere striking thirteen, so he went in."
    plan = [part.text for part in synthesizer._plan(wrapped, None)]
    assert plan == [part.text for part in synthesizer._plan(wrapped.replace("\n", " "), None)]


@pytest.mark.parametrize(("speed", "frames"), [(2.0, 50), (0.5, 200), (1.0, 100)])
def test_change_speed_keeps_each_frame_what_it_was(speed, frames):
    spectrogram = torch.linspace(-8, 0, 100)[None, :, None] + torch.linspace(0, 1, 80)
    stretched, lengths = change_speed(spectrogram.repeat(2, 1, 1), torch.tensor([100, 40]), speed)
    assert lengths.tolist() == [frames, round(40 / speed)]
    assert stretched.shape == (2, frames, 80)
    # the same rise at another pace, the same spectral shape: the pitch is what it was
    torch.testing.assert_close(stretched[0, frames // 2], spectrogram[0, 50], atol=0.2, rtol=0)
    torch.testing.assert_close(stretched[0].diff(dim=-1), spectrogram[0, :1].diff(dim=-1).expand(frames, -1))


def test_speed_changes_the_duration(synthesizer):
    normal, _ = synthesizer.speak("Good morning.", seed=0)
    fast, _ = synthesizer.speak("Good morning.", seed=0, speed=2.0)
    assert len(fast) == len(normal) // 2


def test_voices(synthesizer, tmp_path, make_speech):
    soundfile = pytest.importorskip("soundfile")
    clip = tmp_path / "speaker.wav"
    soundfile.write(clip, make_speech(seconds=2.0, sampling_rate=16000).numpy(), 16000)
    assert synthesizer.voices == ["ann", "bob"]
    latents = synthesizer.load_voice(clip)
    assert latents.shape == synthesizer.load_voice("bob").shape
    assert torch.equal(synthesizer.load_voice(), synthesizer.load_voice("ann"))
    default, ann, bob, cloned = (
        synthesizer.speak("Good morning.", voice, seed=0)[0] for voice in (None, "ann", "bob", latents)
    )
    assert np.array_equal(default, ann)
    assert not np.array_equal(ann, bob)
    assert not np.array_equal(ann, cloned)


def test_chunks_hold_what_is_drawn(synthesizer):
    first, *_ = synthesizer.stream("Good morning.", seed=0, output_alignments=True)
    assert first.spectrogram.shape == (160, 80)
    heads, groups, tokens = first.alignments.shape
    assert (groups, tokens) == (40, len("Good morning.") + 1)
    assert heads >= 1
    assert next(synthesizer.stream("Good morning.", seed=0)).alignments is None


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"text": " ... "}, "nothing to speak"),
        ({"text": "Hello.", "voice": "nobody"}, "no voice 'nobody': pass one of ann, bob"),
        ({"text": "Hello.", "voice": torch.zeros(1, 2)}, "export the voice again"),
        ({"text": "Hello.", "speed": 3.0}, "`speed` must lie between 0.5 and 2.0"),
    ],
)
def test_bad_input_is_refused_at_once(synthesizer, arguments, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        synthesizer.stream(**arguments)


def test_missing_embedded_checkpoint_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(synthesis, "EMBEDDED_CHECKPOINT", tmp_path)
    with pytest.raises(FileNotFoundError, match="no embedded checkpoint: pass `checkpoint`"):
        Synthesizer.from_pretrained()
