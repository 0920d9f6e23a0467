# ruff: noqa: RUF001 - the International Phonetic Alphabet has letters that look like others
"""Text of any length to speech."""

import re

import numpy as np
import pytest
import soundfile
import torch

from gpt2tts import synthesis, text_processing_gpt2tts
from gpt2tts.audio import AudioWriter
from gpt2tts.base_synthesizer import KEPT_SILENCE, SILENCE_LEVEL
from gpt2tts.speech_parts import PARAGRAPH_PAUSE, plan_parts
from gpt2tts.synthesis import Synthesizer
from gpt2tts.vocoder_gpt2tts import load_vocoder

SENTENCES = "The first one is short. The second, which is a little longer, follows it. A third! And a fourth?"


@pytest.fixture(scope="module")
def synthesizer(tiny_checkpoint) -> Synthesizer:
    result = Synthesizer.from_pretrained(tiny_checkpoint, device="cpu")
    result.processor.max_text_tokens = 48  # so that a few sentences are several parts
    return result


@pytest.fixture(scope="module")
def live(synthesizer) -> Synthesizer:
    """With a vocoder of finite context, which reads the pitch."""
    return Synthesizer(synthesizer.model, synthesizer.processor, load_vocoder("source-filter"))


@pytest.fixture(scope="module")
def reader(tiny_checkpoint) -> Synthesizer:
    """Gets through its text, about a third of a token with each group."""
    result = Synthesizer.from_pretrained(tiny_checkpoint, device="cpu")
    torch.nn.init.constant_(result.model.step_head.bias, -1.0)
    torch.nn.init.zeros_(result.model.step_head.weight)
    result.model.generation_config.max_frames_per_token = 30.0
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


@pytest.mark.parametrize(
    ("text", "settings"), [("Good morning.", {}), ("Hi!", {"speed": 2.0}), (SENTENCES, {"pitch_shift": 2.0})]
)
def test_live_speech_is_the_speech(live, text, settings, monkeypatch):
    # a batch rounds the pitch in another way, which adds up in the phase
    monkeypatch.setattr(live, "max_batch_size", 1)
    pieces = list(live.stream_waveform(text, "bob", seed=3, **settings))
    expected, _ = live.speak(text, "bob", seed=3, **settings)
    assert len(pieces) > 2
    assert len(pieces[0]) < 0.5 * live.sampling_rate
    np.testing.assert_allclose(np.concatenate(pieces), expected, atol=3e-4 * np.abs(expected).max())


def test_live_speech_without_a_finite_context_is_the_speech(synthesizer):
    pieces = list(synthesizer.stream_waveform(SENTENCES, seed=3))
    assert np.array_equal(np.concatenate(pieces), synthesizer.speak(SENTENCES, seed=3)[0])


def test_batching_makes_no_difference(synthesizer, monkeypatch):
    batched, _ = synthesizer.speak(SENTENCES, seed=3)
    monkeypatch.setattr(synthesizer, "max_batch_size", 1)
    single, _ = synthesizer.speak(SENTENCES, seed=3)
    assert batched.shape == single.shape
    # Griffin-Lim amplifies the rounding of batched matrix products
    assert np.corrcoef(batched, single)[0, 1] > 0.99


def test_no_word_is_lost_or_doubled(synthesizer, monkeypatch):
    text = "\n\n".join(f"Paragraph {number}. {SENTENCES}\n\n* * *" for number in range(12))
    spoken = []

    def speak_parts(batch, *settings):
        spoken.append([part.text for part in batch])
        return []

    monkeypatch.setattr(synthesizer, "_speak_parts", speak_parts)
    assert list(synthesizer.stream(text)) == []
    expected = letters(synthesizer.processor.normalize_text(text))
    assert letters("".join(part for batch in spoken for part in batch)) == expected
    sizes = [len(batch) for batch in spoken]
    assert sizes[:4] == [1, 2, 4, 8]  # the first is heard soon
    assert max(sizes) == synthesizer.max_batch_size


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

    def plan(text: str) -> list[str]:
        return [part.text for part in plan_parts(synthesizer._check(text, None, 0, None), synthesizer.processor, None)]

    assert plan(wrapped) == plan(wrapped.replace("\n", " "))


@pytest.mark.parametrize("speed", [0.5, 1.3, 2.0])
def test_speed_is_the_pace_of_the_speech_and_of_its_words(reader, speed):
    normal, paced = (
        next(reader.stream("It was a bright cold day in April.", seed=0, speed=pace)) for pace in (1.0, speed)
    )
    assert len(paced.waveform) == pytest.approx(len(normal.waveform) / speed, abs=256)
    np.testing.assert_array_equal(paced.text_positions, normal.text_positions)
    for before, after in zip(normal.words, paced.words, strict=True):
        assert (after.start, after.end) == pytest.approx((before.start / speed, before.end / speed), abs=0.02)


def test_pitch_shift_is_heard_where_the_vocoder_reads_pitch(synthesizer, live):
    plain, higher = (next(live.stream("Good morning.", seed=0, pitch_shift=shift)) for shift in (0, 12))
    np.testing.assert_allclose(higher.pitch, 2 * plain.pitch, rtol=1e-4)
    assert not np.array_equal(plain.waveform, higher.waveform)
    with pytest.raises(ValueError, match="'griffin-lim', which reads no pitch: leave it out"):
        synthesizer.stream("Good morning.", pitch_shift=1.0)


def test_texts_of_a_batch_are_spoken_as_each_alone(live):
    texts, voices, seeds = ["Good morning.", SENTENCES, "Hi!"], ["bob", "ann", None], (1, 2, 3)
    spoken = live.speak_batch(texts, voices, seeds, batch_size=3)
    for chunk, text, voice, seed in zip(spoken, texts, voices, seeds, strict=True):
        alone, _ = live.speak(text, voice, seed=seed)
        np.testing.assert_allclose(chunk.waveform, alone, atol=1e-3 * np.abs(alone).max())
        assert letters(chunk.text) == letters(text)
    with pytest.raises(ValueError, match="`seeds` has 1 entries for 2 texts"):
        live.speak_batch(["A.", "B."], seeds=[1])
    with pytest.raises(TypeError, match="call `speak`"):
        live.speak_batch("A.")


@pytest.mark.parametrize("speed", [1.0, 0.5])
def test_silence_where_parts_meet_is_cut_to_the_pause(live, monkeypatch, speed):
    rate = live.sampling_rate
    silence = np.zeros(round(rate / 4 / speed), dtype=np.float32)

    def speech(samples):
        return torch.from_numpy(
            np.concatenate((silence, np.full(samples - 2 * len(silence), 0.5, np.float32), silence))
        )

    def vocode(spectrogram, lengths, **kwargs):
        waveform = torch.zeros(len(lengths), max(lengths) * 256)
        for row, length in enumerate(lengths):
            waveform[row, : length * 256] = speech(length * 256)
        return waveform

    monkeypatch.setattr(live.vocoder, "forward", vocode)
    monkeypatch.setattr(
        live.vocoder,
        "stream",
        lambda frames: iter(speech(sum(f.spectrogram.shape[1] for f in frames) * 256)[None].split(999, 1)),
    )
    text = "The long day was over at last for all of them.\n\nThey all went home to bed then."
    waveform, _ = live.speak(text, seed=0, speed=speed)
    loud = np.flatnonzero(np.abs(waveform) > SILENCE_LEVEL)
    assert loud[0] / rate == pytest.approx(0.25 / speed, abs=0.01)  # the lead-in of the whole stays
    assert (len(waveform) - loud[-1]) / rate == pytest.approx(0.25 / speed, abs=0.01)
    pause = (PARAGRAPH_PAUSE - 2 * KEPT_SILENCE) / speed + 2 * KEPT_SILENCE
    assert np.diff(loud).max() / rate == pytest.approx(pause, abs=0.01)
    pieces = list(live.stream_waveform(text, seed=0, speed=speed))
    np.testing.assert_allclose(np.concatenate(pieces), waveform, atol=1e-6)


def test_words_have_times(reader):
    for phonemes in (True, False):
        chunk = reader.speak_batch([SENTENCES], seeds=0, phonemes=phonemes)[0]
        assert [word.text for word in chunk.words] == re.findall(r"\w+", SENTENCES)
        times = [time for _, start, end in chunk.words for time in (start, end)]
        assert times == sorted(times)
        assert 0 <= times[0] < times[-1] <= len(chunk.waveform) / 22050
        assert all(end > start for _, start, end in chunk.words[:3])


def test_words_come_earlier_by_the_silence_that_is_cut_before_them(reader, monkeypatch):
    def vocode(spectrogram, lengths, **kwargs):  # sound after a quarter of a second
        waveform = torch.full((len(lengths), max(lengths) * 256), 0.5)
        waveform[:, : 22050 // 4] = 0.0
        return waveform

    monkeypatch.setattr(reader.vocoder, "forward", vocode)
    (alone,) = reader.stream("Two more.", seed=0)
    _, second = reader.stream("One.\n\nTwo more.", seed=0)
    for expected, word in zip(alone.words, second.words, strict=True):
        assert word.start == pytest.approx(max(expected.start - 0.22, 0.0), abs=0.01)
    assert second.words[-1].start > 0


def test_accent_is_that_of_the_voice(synthesizer, monkeypatch):
    monkeypatch.setattr(synthesizer.model.config, "british_voices", ["bob"])
    asked = []
    segment = synthesizer.processor.segment
    monkeypatch.setattr(
        synthesizer.processor, "segment", lambda text, **kw: asked.append(kw["british"]) or segment(text, **kw)
    )
    latents = synthesizer.load_voice("bob")
    for voice in ("ann", "bob", "bob(2)+ann(1)", "bob+ann(1.5)", None, latents):
        synthesizer.speak_batch(["Hi."], voice, 0)
    synthesizer.speak_batch(["Hi.", "Ho."], "bob", 0, british=[False, True])
    assert asked == [False, True, True, False, False, False, False, True]
    synthesizer.speak_batch(["Hi."], "bob", 0, phonemes=False)
    assert len(asked) == 8
    # a mean of voices has the accent of the blend of the same ones
    for voices, is_british in (
        (["bob", "bob"], True),
        (["bob", "ann"], False),
        (["bob", "bob(3)+ann(1)", "ann"], True),
        (["bob", latents], True),
        ([latents], False),
    ):
        asked.clear()
        synthesizer.speak("Hi.", voices, seed=0)
        assert asked == [is_british]


def test_lexicon_gives_pronunciations(tiny_checkpoint, tmp_path):
    path = tmp_path / "words.tsv"
    path.write_text("hibari\thˈɪbɑɹi\n", "utf-8")
    for lexicon in (path, {"hibari": "hˈɪbɑɹi"}):
        speaker = Synthesizer.from_pretrained(tiny_checkpoint, vocoder="griffin-lim", device="cpu", lexicon=lexicon)
        assert speaker.processor.phonemize("Hibari.") == "hˈɪbɑɹi."


def test_pronunciations_in_the_text_are_spoken_and_not_shown(synthesizer, monkeypatch):
    text, plain = "Ask [Siobhan](/ʃəvˈɔn/) for it.", "Ask Siobhan for it."
    read, generate = [], synthesizer.model.generate
    monkeypatch.setattr(
        synthesizer.model, "generate", lambda **inputs: read.append(inputs["input_ids"][0]) or generate(**inputs)
    )
    for phonemes in (True, False):
        (chunk,) = synthesizer.stream(text, seed=0, phonemes=phonemes, normalize=False)
        assert chunk.text == plain
        assert [word.text for word in chunk.words] == plain.rstrip(".").split()
    written = [synthesizer.processor.tokenizer.decode(ids, skip_special_tokens=True) for ids in read]
    assert "⟨ʃ⟩⟨ə⟩⟨v⟩⟨ˈ⟩⟨ɔ⟩⟨n⟩" in written[0]
    assert written[1] == plain.lower()


def test_letters_are_read_where_no_package_knows_phonemes(synthesizer, monkeypatch):
    monkeypatch.setattr(text_processing_gpt2tts, "phonemizer_available", lambda: False)
    read, spelled = (synthesizer.processor(text="Bread and butter.", phonemes=value) for value in (True, False))
    assert torch.equal(read["input_ids"], spelled["input_ids"])
    (chunk,) = synthesizer.stream("Bread and butter.", seed=0)
    assert [word.text for word in chunk.words] == ["Bread", "and", "butter"]


def test_blends_and_several_clips(synthesizer, make_speech):
    ann, bob = synthesizer.load_voice("ann"), synthesizer.load_voice("bob")
    torch.testing.assert_close(synthesizer.load_voice("ann(2)+bob(1)"), (2 * ann + bob) / 3)
    torch.testing.assert_close(synthesizer.load_voice("ann + bob"), (ann + bob) / 2)
    torch.testing.assert_close(synthesizer.load_voice(["ann", bob]), (ann + bob) / 2)
    clips = [(make_speech(2.0, 16000, seed=seed).numpy(), 16000) for seed in (0, 1)]
    both = synthesizer.load_voice(clips)
    torch.testing.assert_close(both, (synthesizer.load_voice(clips[0]) + synthesizer.load_voice(clips[1])) / 2)
    torch.testing.assert_close(synthesizer.load_voice(["ann", *clips]), (ann + 2 * both) / 3)


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
    first, *_ = synthesizer.stream("Good morning.", seed=0)
    assert first.spectrogram.shape == (160, 80)
    assert first.pitch.shape == (160,)
    assert first.text_positions.shape == (40,)


def test_the_pitch_of_a_chunk_is_zero_where_it_is_unvoiced(synthesizer, monkeypatch):
    generate = synthesizer.model.generate

    def half_voiced(**inputs):
        output = generate(**inputs)
        output.voicing[:, :100], output.voicing[:, 100:] = 0.1, 0.9
        return output

    monkeypatch.setattr(synthesizer.model, "generate", half_voiced)
    chunk = next(synthesizer.stream("Good morning.", seed=0))
    assert (chunk.pitch[:100] == 0).all()
    assert (chunk.pitch[100:] > 0).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"text": " ... "}, "nothing to speak"),
        ({"text": "Hello.", "voice": "nobody"}, "no voice 'nobody'. Pass one of ann, bob"),
        ({"text": "Hello.", "voice": torch.zeros(1, 2)}, "export the voice again"),
        (
            {"text": "Hello.", "voice": np.zeros(22050, np.float32)},
            "pass a clip with its rate, `(array, sampling_rate)`",
        ),
        ({"text": "Hello.", "voice": "ann(1)+Bobb(2)"}, "no voice 'Bobb'. Did you mean 'bob'?"),
        ({"text": "Hello.", "voice": b"no audio"}, "8 bytes of audio cannot be decoded"),
        ({"text": "Hello.", "voice": "ann(0)"}, "are all 0"),
        ({"text": "Hello.", "voice": f"ann({'9' * 400})+bob"}, "too large"),
        ({"text": "日本語"}, "日本語"),
        ({"text": "Hello.", "voice": []}, "empty list"),
        ({"text": "Hello.", "speed": 3.0}, "`speed` must lie between 0.5 and 2.0"),
        ({"text": "Hello.", "speed": "fast"}, "`speed` must be a number between 0.5 and 2.0, got 'fast'"),
        ({"text": "Hello.", "pitch_shift": 30}, "`pitch_shift` must lie between -12.0 and 12.0"),
        ({"text": "Hello.", "seed": 2**64}, "`seed` must be between 0 and 2**64 - 1"),
        ({"text": ["a", "b"]}, "`text` must be a string, got `list`: call `speak_batch`"),
        ({"text": None}, "`text` must be a string, got `NoneType`."),
    ],
)
def test_bad_input_is_refused_at_once(synthesizer, arguments, message):
    with pytest.raises((ValueError, TypeError), match=re.escape(message)):
        synthesizer.stream(**arguments)


def test_latents_of_a_clip_are_a_voice_if_they_are_finite(synthesizer):
    latents = synthesizer.load_voice("ann")
    assert torch.equal(synthesizer.load_voice(latents[None]), latents)
    with pytest.raises(ValueError, match=r"holds latents of shape \(2, "):
        synthesizer.load_voice(torch.stack([latents, latents]))
    with pytest.raises(ValueError, match="not finite"):
        synthesizer.load_voice(latents * float("nan"))


def test_a_voice_of_several_texts_is_loaded_once(synthesizer, tmp_path, make_speech, monkeypatch):
    soundfile.write(tmp_path / "clip.wav", make_speech(2.0).numpy(), 22050)
    loaded = []
    load = synthesizer.load_voice
    monkeypatch.setattr(synthesizer, "load_voice", lambda voice=None: loaded.append(voice) or load(voice))
    clip = tmp_path / "clip.wav"
    synthesizer.speak_batch(["One.", "Two.", "Three."], [clip, clip, "ann"], seeds=0)
    assert loaded == [clip, "ann"]
    with pytest.raises(ValueError, match="`batch_size` must be at least 1"):
        synthesizer.speak_batch(["One."], batch_size=0)


def test_a_blend_with_a_recording_in_it_is_named(synthesizer, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "me.wav").touch()
    with pytest.raises(ValueError, match=r"'ann\+me\.wav' blends names with a recording, 'me\.wav'.*pass a list"):
        synthesizer.load_voice("ann+me.wav")


def test_a_part_of_too_many_phonemes_is_read_by_its_letters(synthesizer):
    (chunk,) = synthesizer.stream(f"[W](/{'dˈʌbᵊlju' * 9}/).", seed=0)
    assert chunk.text == "W."


def test_missing_embedded_checkpoint_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(synthesis, "EMBEDDED_CHECKPOINT", tmp_path)
    with pytest.raises(FileNotFoundError, match="no embedded checkpoint: pass `checkpoint`"):
        Synthesizer.from_pretrained()


def test_a_recording_may_come_in_any_form(synthesizer, tmp_path, make_speech):
    speech = make_speech(2.0).numpy()
    with AudioWriter(tmp_path / "clip.wav", 22050) as writer:
        writer.write(speech)
    expected = synthesizer.load_voice(tmp_path / "clip.wav")
    for voice in ((tmp_path / "clip.wav").read_bytes(), (speech, 22050), [str(tmp_path / "clip.wav")]):
        torch.testing.assert_close(synthesizer.load_voice(voice), expected, atol=1e-3, rtol=1e-3)


def test_the_same_samples_at_another_rate_or_as_stereo_are_another_voice(synthesizer, make_speech):
    speech = make_speech(4.0).numpy()
    clips = ((speech, 22050), (speech, 16000), (speech.reshape(-1, 2), 22050))
    mono, slower, stereo = (synthesizer.load_voice(clip) for clip in clips)
    assert not torch.equal(mono, slower)
    assert not torch.equal(mono, stereo)


def test_a_folder_of_recordings_is_a_voice(synthesizer, tmp_path, make_speech):
    clips = []
    for seed in (0, 1):
        clips.append(tmp_path / "me" / "wavs" / f"{seed}.wav")
        clips[-1].parent.mkdir(parents=True, exist_ok=True)
        with AudioWriter(clips[-1], 22050) as writer:
            writer.write(make_speech(2.0, seed=seed).numpy())
    expected = synthesizer.load_voice(clips)
    assert torch.equal(synthesizer.load_voice(tmp_path / "me"), expected)
    assert torch.equal(synthesizer.load_voice([str(tmp_path / "me")]), expected)
    (tmp_path / "nothing").mkdir()
    with pytest.raises(ValueError, match="holds no audio"):
        synthesizer.speak("Hello.", tmp_path / "nothing")


def test_what_cannot_be_heard_in_a_folder_spoils_nothing(synthesizer, tmp_path, make_speech, caplog):
    folder = tmp_path / "mixed"
    folder.mkdir()
    soundfile.write(folder / "speech.wav", make_speech(2.0).numpy(), 22050)
    expected = synthesizer.load_voice(folder / "speech.wav")
    soundfile.write(
        folder / "silence.wav", np.tile([6e-5, 0.0], 2 * 22050), 22050
    )  # the noise of a recorder that is on
    (folder / "text.wav").write_text("not audio")
    (folder / "empty.m4a").write_bytes(b"")
    assert torch.equal(synthesizer.load_voice(folder), expected)
    assert all(f"{name} is left out" in caplog.text for name in ("silence.wav", "text.wav"))
    (folder / "speech.wav").unlink()
    with pytest.raises(ValueError, match=r"No recording in .*mixed.* can be heard"):
        synthesizer.load_voice(folder)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"text": "Hello.", "seed": "7"}, "`seed` must be a whole number, got '7'"),
        ({"text": "Hello.", "voice": 7}, "`voice` is of type `int`: pass a name"),
        ({"text": "Hello.", "voice": ("ann", "bob")}, "`(array, sampling_rate)`"),
        ({"text": "Hello.", "voice": (np.ones(22050, np.float32), "22050")}, "`(array, sampling_rate)`"),
        # as gradio has it
        ({"text": "Hello.", "voice": (22050, np.zeros(22050, np.float32))}, "`(array, sampling_rate)`"),
    ],
)
def test_what_is_of_another_type_is_named(synthesizer, arguments, message):
    with pytest.raises(TypeError, match=re.escape(message)):
        synthesizer.speak(**arguments)


def test_a_recording_in_a_folder_may_begin_with_a_long_silence(synthesizer, tmp_path, make_speech):
    with AudioWriter(tmp_path / "late.wav", 22050) as writer:
        writer.write(np.concatenate([np.zeros(25 * 22050, np.float32), make_speech(6.0).numpy()]))
    torch.testing.assert_close(synthesizer.load_voice(tmp_path), synthesizer.load_voice(tmp_path / "late.wav"))


def test_texts_of_a_batch_are_a_list_or_an_array(synthesizer):
    (speech,) = synthesizer.speak_batch(np.array(["Hi."]), seeds=0)
    assert len(speech.waveform)
    with pytest.raises(TypeError, match=r"`texts` must be a list of strings, got `generator`: pass `list\(texts\)`"):
        synthesizer.speak_batch(text for text in ["Hello."])


def test_a_checkpoint_may_be_in_a_subfolder(tiny_checkpoint):
    folder, name = tiny_checkpoint.parent, tiny_checkpoint.name
    assert Synthesizer.from_pretrained(folder, subfolder=name, device="cpu").voices
    with pytest.raises(FileNotFoundError, match=r"nothere' holds none \(no config.json\)"):
        Synthesizer.from_pretrained(folder, subfolder="nothere")


def test_a_checkpoint_that_is_none_is_named(tmp_path, monkeypatch):
    with pytest.raises(FileNotFoundError, match=r"`checkpoint`: the folder .* holds none \(no config.json\)"):
        Synthesizer.from_pretrained(tmp_path)
    # what the library says of a network that is away does not name it
    with pytest.raises(OSError, match="no folder 'nobody/nothing', and of that name nothing came from the Hub"):
        Synthesizer.from_pretrained("nobody/nothing", local_files_only=True)


def test_an_engine_that_is_none_is_named_before_anything_is_spoken(tiny_checkpoint):
    with pytest.raises(ValueError, match="`engine` must be one of 'torch', 'onnx', got 'gpu'"):
        Synthesizer.from_pretrained(tiny_checkpoint, engine="gpu")


def test_a_lexicon_that_is_not_there_is_named(tiny_checkpoint):
    with pytest.raises(FileNotFoundError, match=r"`lexicon`: there is no file 'no\.tsv'"):
        Synthesizer.from_pretrained(tiny_checkpoint, lexicon="no.tsv")


def test_a_folder_that_is_not_there_is_named():
    with pytest.raises(FileNotFoundError, match=r"no folder 'runs/mine/best'.*USER/NAME"):
        Synthesizer.from_pretrained("runs/mine/best")


def test_how_much_seeds_differ_and_how_long_speech_may_be(tiny_checkpoint):
    even = Synthesizer.from_pretrained(tiny_checkpoint, device="cpu", prenet_dropout=0.0, max_frames_per_token=20.0)
    first, second = (next(even.stream("Good morning.", seed=seed)) for seed in (1, 2))
    assert np.array_equal(first.spectrogram, second.spectrogram)
    assert len(first.spectrogram) > 160
