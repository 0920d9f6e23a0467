# ruff: noqa: RUF001 - the International Phonetic Alphabet has letters that look like others
import json
import logging
import os
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from transformers import AutoTokenizer

from gpt2tts import text_processing_gpt2tts
from gpt2tts.feature_extraction_gpt2tts import GPT2TTSFeatureExtractor
from gpt2tts.phonemes_gpt2tts import PHONEMES, Segment
from gpt2tts.processing_gpt2tts import (
    GPT2TTSProcessor,
    build_bpe_tokenizer,
    build_byte_tokenizer,
    phoneme_token,
    write_segments,
)


@pytest.fixture(scope="module")
def bpe_files(shared_data):
    folder = shared_data.parent / "gpt2-tokenizer"
    if not (folder / "merges.txt").is_file():
        pytest.skip(f"no GPT-2 vocabulary in {folder}")
    return folder / "vocab.json", folder / "merges.txt"


def words(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


# --- tokenizers -------------------------------------------------------------------------------------------------------


def test_byte_tokenizer_maps_bytes():
    tokenizer = build_byte_tokenizer()
    text = "a B\u00e9\u4f60!"
    assert tokenizer(text)["input_ids"] == [1] + [4 + byte for byte in text.lower().encode()] + [2]
    assert len(tokenizer) == 260 + len(PHONEMES)
    assert tokenizer.convert_tokens_to_ids(["<pad>", "<s>", "</s>", "<unk>"]) == [0, 1, 2, 3]
    assert tokenizer.decode(tokenizer(text)["input_ids"], skip_special_tokens=True) == text.lower()
    batch = tokenizer(["a", "abc"], padding=True)
    assert batch["input_ids"][0] == [1, 101, 2, 0, 0]
    assert batch["attention_mask"] == [[1, 1, 1, 0, 0], [1, 1, 1, 1, 1]]


def test_phonemes_are_tokens_of_their_own():
    tokenizer = build_byte_tokenizer()
    ids = tokenizer("".join(map(phoneme_token, PHONEMES)) + " a")["input_ids"]
    assert ids == [1, *range(260, 260 + len(PHONEMES)), 4 + ord(" "), 4 + ord("a"), 2]
    # the letter and the sound are two things
    assert tokenizer(phoneme_token("a"))["input_ids"] != tokenizer("a")["input_ids"]


def test_words_are_written_as_phonemes_where_they_have_any():
    segments = [Segment("Hi", "hˈI"), Segment(" ", " "), Segment("Xu", "Xu"), Segment(".", ".")]
    sounds = "".join(map(phoneme_token, "hˈI"))
    assert write_segments(segments) == f"{sounds} Xu."


def test_special_tokens_in_text_are_text():
    ids = build_byte_tokenizer()("stop </s> <pad>")["input_ids"]
    assert ids.count(2) == ids.count(1) == 1
    assert ids.count(0) == 0


def test_byte_tokenizer_survives_saving(tmp_path):
    tokenizer = build_byte_tokenizer()
    tokenizer.save_pretrained(tmp_path)
    loaded = AutoTokenizer.from_pretrained(tmp_path)
    text = ["Hello </s> W\u00f6rld", "A"]
    assert loaded(text, padding=True).data == tokenizer(text, padding=True).data
    assert loaded.pad_token_id == 0


def test_bpe_tokenizer(bpe_files, tmp_path):
    tokenizer = build_bpe_tokenizer(*bpe_files)
    assert tokenizer("Hello world")["input_ids"] == [50256, 15496, 995, 50256]
    assert tokenizer("<|endoftext|>")["input_ids"].count(50256) == 2
    assert len(tokenizer) == 50257 + len(PHONEMES)
    assert tokenizer.pad_token == "<|endoftext|>"
    tokenizer.save_pretrained(tmp_path)
    text = ["Hello World", "Hi"]
    loaded = AutoTokenizer.from_pretrained(tmp_path)
    assert loaded(text, padding=True).data == tokenizer(text, padding=True).data


def test_bpe_tokenizer_names_what_is_missing(tmp_path):
    with pytest.raises(ValueError, match="together"):
        build_bpe_tokenizer(tmp_path / "vocab.json")
    with pytest.raises(FileNotFoundError, match=r"vocab\.json"):
        build_bpe_tokenizer(tmp_path / "vocab.json", tmp_path / "merges.txt")


# --- inputs -----------------------------------------------------------------------------------------------------------


def read(processor, inputs, row=0):
    """What the model reads, its phonemes without their brackets."""
    text = processor.tokenizer.decode(inputs["input_ids"][row], skip_special_tokens=True)
    return text.replace("\u27e8", "").replace("\u27e9", "")


def test_text(processor):
    pytest.importorskip("hibari")
    inputs = processor(["It cost $5.", "Yes"])
    assert set(inputs) == {"input_ids", "attention_mask"}
    assert read(processor, inputs) == "ˌɪt kˈɔst fˈIv dˈɑləɹz."
    assert inputs["attention_mask"].sum(-1).tolist() == [2 + len("ˌɪt kˈɔst fˈIv dˈɑləɹz."), 2 + len("jˈɛs")]
    single = processor("Yes")
    assert single["input_ids"].tolist() == [inputs["input_ids"][1][: 2 + len("jˈɛs")].tolist()]


def test_letters_instead_of_phonemes(processor):
    inputs = processor("It cost $5.", phonemes=False)
    assert read(processor, inputs) == "it cost five dollars."
    letters = GPT2TTSProcessor(processor.feature_extractor, processor.tokenizer, phonemes=False)
    assert torch.equal(letters("It cost $5.")["input_ids"], inputs["input_ids"])


def test_the_text_half_alone_reads_what_the_processor_reads(processor):
    backend = processor.tokenizer.backend_tokenizer.to_str()
    text_half = text_processing_gpt2tts.GPT2TTSTextProcessor(Tokenizer.from_str(backend), max_chunk_tokens=20)
    text = "It cost $5, </s> in the [end](/ˈɛnd/)."
    for phonemes in (True, False):
        (written,) = text_half.write_texts(text, phonemes=phonemes)
        assert text_half.encode(written) == processor.encode(written)
        assert text_half.encode(written)[0] == processor(text, phonemes=phonemes)["input_ids"][0].tolist()
    assert text_half.split_text(text * 3) == processor.split_text(text * 3, 20)


def test_accent(processor):
    pytest.importorskip("hibari")
    british = GPT2TTSProcessor(processor.feature_extractor, processor.tokenizer, british=True)
    assert read(processor, processor("Nobody asked.")) == "nˈObˌɑdi ˈæskt."
    assert read(processor, british("Nobody asked.")) == "nˈQbədi ˈɑːskt."
    assert torch.equal(processor("Nobody asked.", british=True)["input_ids"], british("Nobody asked.")["input_ids"])
    assert processor.phonemize("Nobody asked.", british=True) == british.phonemize("Nobody asked.")


def test_a_pronunciation_can_be_given(processor):
    pytest.importorskip("hibari")
    text = "Ask [hibari](/hˈɪbɑɹi/)'s [St. John](/sˈɪnʤən/) for $5."
    assert processor.phonemize(text) == read(processor, processor(text)) == "ˈæsk hˈɪbɑɹiz sˈɪnʤən fɔɹ fˈIv dˈɑləɹz."
    # as the front door does it: normalised and cut first
    for max_tokens in (400, 30):
        chunks = processor.split_text(text, max_tokens)
        assert " ".join(read(processor, processor(chunk, normalize=False)) for chunk in chunks) == processor.phonemize(
            text
        )
    assert read(processor, processor(text, phonemes=False)) == "ask hibari's st. john for five dollars."
    known = GPT2TTSProcessor(processor.feature_extractor, processor.tokenizer, lexicon={"hibari": "hˈɪbɑɹi"})
    assert known.phonemize("Hibari!") == "hˈɪbɑɹi!"


def test_without_a_phonemizer_words_are_letters_and_a_warning_says_what_to_install(monkeypatch, caplog):
    monkeypatch.setattr("gpt2tts.text_processing_gpt2tts.phonemizer_available", lambda: False)
    text_processing_gpt2tts._warn_once.cache_clear()  # a warning once a process
    processor = GPT2TTSProcessor(GPT2TTSFeatureExtractor(), build_byte_tokenizer())
    with caplog.at_level(logging.WARNING):
        inputs = processor("It cost [hibari](/hˈɪbɑɹi/) $5.")
    assert read(processor, inputs) == "it cost hibari five dollars."
    assert "pip install hibari-tts" in caplog.text
    assert not any(segment.has_phonemes for segment in processor.segment("He can't."))
    assert len(processor.split_text("It is so. " * 100)) > 1


def test_normalize_off(processor):
    raw = processor("It cost $5.", normalize=False, phonemes=False)["input_ids"][0]
    assert processor.tokenizer.decode(raw, skip_special_tokens=True) == "it cost $5."
    plain = GPT2TTSProcessor(processor.feature_extractor, processor.tokenizer, normalize=False, phonemes=False)
    assert torch.equal(plain("It cost $5.")["input_ids"][0], raw)


def test_audio_and_target(processor, make_speech):
    clips = [make_speech(1.0), make_speech(0.5, seed=1)]
    inputs = processor(["One.", "Two."], audio=clips[::-1], audio_target=clips, sampling_rate=22050)
    assert inputs["labels"].shape == (2, 87, 80)
    assert inputs["labels_mask"].sum(-1).tolist() == [87, 44]
    assert inputs["reference_mask"].sum(-1).tolist() == [44, 87]
    assert all(inputs[name].dtype == torch.int64 for name in ("labels_mask", "reference_mask", "attention_mask"))
    expected = processor.feature_extractor(clips, sampling_rate=22050)["input_features"]
    torch.testing.assert_close(inputs["labels"], expected)
    torch.testing.assert_close(inputs["reference_features"], expected.flip(0))


def test_one_reference_serves_all_texts(processor, make_speech):
    inputs = processor(["One.", "Two.", "Three."], audio=make_speech(0.5), sampling_rate=22050)
    assert inputs["reference_features"].shape == (3, 44, 80)
    assert inputs["reference_mask"].shape == (3, 44)
    assert torch.equal(inputs["reference_features"][0], inputs["reference_features"][2])


def test_references_are_trimmed_and_targets_are_not(processor, make_speech):
    clip = torch.cat([torch.zeros(11025), make_speech(0.5), torch.zeros(11025)])
    frames = {
        trim: processor(audio=clip, audio_target=clip, sampling_rate=22050, **({} if trim is None else {"trim": trim}))
        for trim in (None, True, False)
    }
    lengths = {trim: (len(out["reference_mask"][0]), len(out["labels_mask"][0])) for trim, out in frames.items()}
    whole = 1 + len(clip) // 256
    assert lengths[False] == (whole, whole)
    assert lengths[None][0] == lengths[True][0] == lengths[True][1] < whole * 0.6
    assert lengths[None][1] == whole


def test_audio_options(processor, make_speech):
    inputs = processor(
        "A long text is not cut.",
        audio=make_speech(1.0, 16000),
        sampling_rate=16000,
        audio_kwargs={"max_length": 20},
    )
    assert inputs["reference_features"].shape == (1, 20, 80)
    assert inputs["input_ids"].shape[1] == len(processor.phonemize("A long text is not cut.")) + 2


@pytest.mark.parametrize("text", ["", "  \n", "...", "\U0001f600", ["Hello", " "]])
def test_refuses_nothing_to_speak(processor, text):
    with pytest.raises(ValueError, match="nothing to speak"):
        processor(text)
    with pytest.raises(ValueError, match="nothing to speak"):
        processor(text, normalize=False)


def test_refuses_bad_input(processor, make_speech):
    with pytest.raises(ValueError, match="at least one of"):
        processor()
    with pytest.raises(ValueError, match="empty list"):
        processor([])
    with pytest.raises(TypeError, match=r"`text\[1\]` must be a string"):
        processor(["a", 3])
    with pytest.raises(TypeError, match="`text` must be a string"):
        processor(3)
    with pytest.raises(ValueError, match="no valid Unicode"):
        processor("a\ud800", normalize=False)
    with pytest.raises(ValueError, match="'pt', 'np' or `None`"):
        processor("a", return_tensors="tf")
    with pytest.raises(ValueError, match="batch sizes differ"):
        processor(["a", "b"], audio=[make_speech(0.3)] * 3, sampling_rate=22050)
    with pytest.raises(ValueError, match="batch sizes differ"):
        processor(["a", "b"], audio_target=make_speech(0.3), sampling_rate=22050)
    with pytest.raises(ValueError, match="silent"):
        processor("a", audio=torch.zeros(22050), sampling_rate=22050)


def test_return_tensors(processor, make_speech):
    inputs = {
        "text": ["Yes.", "No, no."],
        "audio_target": [make_speech(0.3), make_speech(0.5)],
        "sampling_rate": 22050,
    }
    expected = processor(**inputs)
    arrays, lists = processor(**inputs, return_tensors="np"), processor(**inputs, return_tensors=None)
    assert isinstance(lists["input_ids"], list)
    assert set(arrays) == set(lists) == set(expected)
    for name, tensor in expected.items():
        assert isinstance(arrays[name], np.ndarray)
        np.testing.assert_array_equal(arrays[name], tensor)
        np.testing.assert_array_equal(np.asarray(lists[name]), tensor)


def test_threads_may_pad_and_encode_at_once(processor):
    texts = ["Yes.", "A longer text than that."]
    expected = processor(texts)["input_ids"]

    def pad(_):
        return processor(texts)["input_ids"]

    def encode(_):
        return torch.tensor(processor.encode("Yes.")[0])

    with ThreadPoolExecutor(4) as pool:
        padded = [pool.submit(work, number) for number in range(300) for work in (pad, encode)][::2]
        assert all(torch.equal(each.result(), expected) for each in padded)


@pytest.mark.filterwarnings("error")
def test_text_options(processor):
    def tokens(**options):
        return processor(["Yes.", "No, no."], phonemes=False, text_kwargs=options)

    plain = tokens()
    assert plain["input_ids"].shape == (2, 9)
    assert tokens(pad_to_multiple_of=8)["input_ids"].shape == (2, 16)
    longest = tokens(padding="max_length", max_length=12)
    assert longest["input_ids"].shape == (2, 12)
    assert torch.equal(longest["input_ids"][:, :9], plain["input_ids"])
    assert longest["attention_mask"].sum(-1).tolist() == plain["attention_mask"].sum(-1).tolist() == [6, 9]
    assert tokens(truncation=True, max_length=5)["input_ids"].shape == (2, 5)
    assert tokens(padding_side="left")["attention_mask"][0].tolist() == [0] * 3 + [1] * 6


def test_rows_of_an_array_are_voices(processor, make_speech):
    clips = torch.stack([make_speech(0.5), make_speech(0.5, seed=1)])
    both = processor(["a", "b"], audio=clips, sampling_rate=22050)
    apart = processor(["a", "b"], audio=list(clips), sampling_rate=22050)
    torch.testing.assert_close(dict(both), dict(apart))


def test_too_long_text_names_the_remedy(processor):
    letters = {"phonemes": False}
    processor("a" * 398, **letters)
    with pytest.raises(ValueError, match=r"`text\[1\]` has 401 tokens.*at most 400.*split_text"):
        processor(["a", "a" * 399], **letters)
    free = GPT2TTSProcessor(processor.feature_extractor, processor.tokenizer, max_text_tokens=None, **letters)
    assert free("a" * 1000)["input_ids"].shape == (1, 1002)
    assert free.split_text("a" * 1000) == ["a" * 1000]


# --- split_text -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def letters(processor):
    """A processor that reads letters: a chunk has as many tokens as letters, and two more."""
    return GPT2TTSProcessor(processor.feature_extractor, processor.tokenizer, phonemes=False)


def test_split_at_sentences(letters):
    text = "Dr. Smith paid 3.5 dollars. He left! Did J. R. Brown, e.g., stay? It was No. 5. The end."
    chunks = letters.split_text(text, max_tokens=34, normalize=False)
    assert chunks == [
        "Dr. Smith paid 3.5 dollars.",
        "He left!",
        "Did J. R. Brown, e.g., stay?",
        "It was No. 5. The end.",
    ]


def test_split_at_clauses_then_words_then_letters(letters):
    assert letters.split_text("when she came, he had left; nobody knew", max_tokens=21, normalize=False) == [
        "when she came,",
        "he had left;",
        "nobody knew",
    ]
    assert letters.split_text("one two three four", max_tokens=11, normalize=False) == ["one two", "three", "four"]
    assert letters.split_text("abcdefghijkl mn", max_tokens=10, normalize=False) == ["abcdefgh", "ijkl mn"]


def test_chunks_may_be_shorter_than_what_the_model_reads(processor):
    careful = GPT2TTSProcessor(processor.feature_extractor, processor.tokenizer, phonemes=False, max_chunk_tokens=21)
    text = "when she came, he had left; nobody knew"
    assert careful.split_text(text) == ["when she came,", "he had left;", "nobody knew"]
    assert careful.split_text(text, max_tokens=100) == [text]
    assert careful(text)["input_ids"].shape == (1, len(text) + 2)


def test_split_text_that_fits_is_one_chunk(processor):
    assert processor.split_text("  It cost $5. Yes. ") == ["It cost five dollars. Yes."]


def test_chunks_hold_everything_once_and_fit(processor, bpe_files):
    text = (
        'Mrs. Bennet, who paid $1,234.56 on May 5, 1905 (at 3:05 p.m.), said: "Well... I never!" -- and left. '
        "The U.S. Army, i.e. its 1st Div., came; \u4f60\u597d\u4f60\u597d\u4f60\u597d\u4f60\u597d Donaudampfschifffahrtsgesellschaftskapit\u00e4n etc. "
    ) * 5
    bpe = GPT2TTSProcessor(processor.feature_extractor, build_bpe_tokenizer(*bpe_files), max_text_tokens=64)
    for each in (processor, bpe):
        for normalize in (True, False):
            for max_tokens in (12, 50, 200):
                chunks = each.split_text(text, max_tokens, normalize=normalize)
                whole = each.normalize_text(text) if normalize else text
                assert words("".join(chunks)) == words(whole)
                assert all(len(each.tokenizer(chunk)["input_ids"]) <= max_tokens for chunk in chunks)
                assert all(words(chunk) and chunk == chunk.strip() for chunk in chunks)


def test_chunks_are_speakable_as_they_are(processor):
    text = "On May 5, 1905, Dr. Smith paid $3.50; then he left for the U.S. and never came back. " * 30
    chunks = processor.split_text(text)
    assert len(chunks) > 5
    assert processor(chunks)["input_ids"].shape[1] <= processor.max_text_tokens
    assert [processor.normalize_text(chunk) for chunk in chunks] == chunks


def test_chunks_fit_as_phonemes_too(processor):
    pytest.importorskip("hibari")
    # more phonemes than letters
    text = "We use UNIX, and I am busy; he is a joy. " * 12
    for max_tokens in (40, 90):
        chunks = processor.split_text(text, max_tokens)
        assert words("".join(chunks)) == words(processor.normalize_text(text))
        assert processor(chunks, normalize=False)["input_ids"].shape[1] <= max_tokens
        assert len(chunks) <= 24


def test_split_refuses(processor):
    with pytest.raises(ValueError, match="at least 8"):
        processor.split_text("Hello", 3)
    with pytest.raises(ValueError, match="nothing to speak"):
        processor.split_text(" ")


def test_split_of_a_long_text(processor):
    book = "It was the best of times, it was the worst of times. " * 1000
    chunks = processor.split_text(book, normalize=False)
    assert words("".join(chunks)) == words(book)


# --- audio out --------------------------------------------------------------------------------------------------------


def test_decode(processor):
    waveform = torch.randn(2, 1000, requires_grad=True)
    rows = processor.decode(SimpleNamespace(waveform=waveform, waveform_lengths=torch.tensor([1000, 300])))
    assert [row.shape for row in rows] == [(1000,), (300,)]
    assert all(isinstance(row, np.ndarray) and row.dtype == np.float32 for row in rows)
    np.testing.assert_array_equal(rows[1], waveform[1, :300].detach().numpy())
    assert len(processor.decode(waveform)[1]) == 1000
    assert len(processor.decode(waveform[0], [10])[0]) == 10
    assert processor.decode(waveform.bfloat16(), lengths=[5, 6])[1].dtype == np.float32
    with pytest.raises(ValueError, match="vocoder"):
        processor.decode(SimpleNamespace(spectrogram=waveform, waveform=None))
    with pytest.raises(ValueError, match="`lengths`"):
        processor.decode(waveform, [10, 2000])
    with pytest.raises(ValueError, match="shape"):
        processor.decode(waveform[None])
    for output in (
        SimpleNamespace(waveform=waveform, waveform_lengths=torch.tensor([1000, 300])),
        waveform.detach().numpy(),
    ):
        for row, expected in zip(processor.batch_decode(output), processor.decode(output), strict=True):
            np.testing.assert_array_equal(row, expected)
    ids = processor(text="Hello.")["input_ids"]
    assert processor.batch_decode(ids) == processor.tokenizer.batch_decode(ids)
    with pytest.raises(ValueError, match="token ids"):
        processor.decode(ids[0])


@pytest.mark.parametrize(("extension", "tolerance"), [("wav", 1e-4), ("flac", 1e-4), ("OGG", 0.2)])
def test_save_audio(processor, tmp_path, make_speech, extension, tolerance):
    soundfile = pytest.importorskip("soundfile")
    waveform = make_speech(2.5)
    path = tmp_path / f"speech.{extension}"
    processor.save_audio(waveform, path)
    samples, sampling_rate = soundfile.read(path, dtype="float32")
    assert sampling_rate == 22050
    assert samples.shape == waveform.shape
    np.testing.assert_allclose(samples, waveform.numpy(), atol=tolerance)
    processor.save_audio(waveform[None].numpy(), str(path), sampling_rate=16000)
    assert soundfile.info(path).samplerate == 16000


def test_save_audio_clips_and_refuses(processor, tmp_path, make_speech, monkeypatch):
    soundfile = pytest.importorskip("soundfile")
    waveform = make_speech(0.3)
    processor.save_audio(4 * waveform, tmp_path / "loud.wav")
    samples, _ = soundfile.read(tmp_path / "loud.wav")
    np.testing.assert_allclose(samples, (4 * waveform).clamp(-1, 1).numpy(), atol=1e-4)  # no wrap-around
    with pytest.raises(ValueError, match="NaN"):
        processor.save_audio(torch.full((100,), float("nan")), tmp_path / "nan.wav")
    with pytest.raises(FileNotFoundError, match="Create it"):
        processor.save_audio(waveform, tmp_path / "missing" / "a.wav")
    with pytest.raises(ValueError, match="must end in"):
        processor.save_audio(waveform, tmp_path / "a.m4a")
    with pytest.raises(ValueError, match="one waveform"):
        processor.save_audio(torch.zeros(2, 100), tmp_path / "a.wav")
    with pytest.raises(ValueError, match="one waveform"):
        processor.save_audio(torch.zeros(0), tmp_path / "a.wav")
    with pytest.raises(TypeError, match="`audio` is a tuple: pass the waveform alone"):  # what `speak` returns
        processor.save_audio((waveform.numpy(), 22050), tmp_path / "a.wav")
    for sampling_rate in (0, -1, 22050.0):
        with pytest.raises(ValueError, match="`sampling_rate` must be a positive whole number"):
            processor.save_audio(waveform, tmp_path / "a.mp3", sampling_rate)
    monkeypatch.setitem(sys.modules, "soundfile", None)
    with pytest.raises(ImportError, match="pip install soundfile"):
        processor.save_audio(waveform, tmp_path / "a.wav")
    assert [path.name for path in tmp_path.iterdir()] == ["loud.wav"]


# --- saving and remote code -------------------------------------------------------------------------------------------


def test_save_and_load(tmp_path, make_speech):
    processor = GPT2TTSProcessor(
        GPT2TTSFeatureExtractor(f_max=7600.0),
        build_byte_tokenizer(),
        normalize=False,
        british=True,
        lexicon={"siobhan": "ʃəvˈɔn"},
        max_text_tokens=100,
        max_chunk_tokens=50,
    )
    processor.save_pretrained(tmp_path)
    loaded = GPT2TTSProcessor.from_pretrained(tmp_path)
    assert type(loaded) is GPT2TTSProcessor
    assert (loaded.normalize, loaded.max_text_tokens, loaded.max_chunk_tokens) == (False, 100, 50)
    assert (loaded.phonemes, loaded.british, loaded.lexicon) == (True, True, {"siobhan": "ʃəvˈɔn"})
    assert loaded.feature_extractor.f_max == 7600.0
    inputs = {"text": "Hello 5 Siobhan W\u00f6rld", "audio": make_speech(0.5), "sampling_rate": 16000}
    for name, tensor in processor(**inputs).items():
        torch.testing.assert_close(loaded(**inputs)[name], tensor)


@pytest.mark.parametrize("name", ["processor_config.json", "tokenizer.json"])
def test_a_file_that_a_folder_lacks_is_named(tmp_path, processor, name):
    processor.save_pretrained(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(FileNotFoundError, match=f"lacks {name} of its processor: copy or download it again"):
        GPT2TTSProcessor.from_pretrained(tmp_path)


def test_loads_and_works_where_the_package_is_missing(tmp_path, processor):
    folder, empty = tmp_path / "checkpoint", tmp_path / "empty"
    empty.mkdir()
    processor.save_pretrained(folder)
    script = """
        import json, socket, sys

        class Missing:
            def find_spec(self, name, path=None, target=None):
                if name.split(".")[0] == "gpt2tts":
                    raise ModuleNotFoundError(f"No module named {name!r}", name=name)

        def refuse(*args, **kwargs):
            raise AssertionError("network access")

        sys.meta_path.insert(0, Missing())
        socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse

        import torch
        from transformers import AutoFeatureExtractor, AutoProcessor, AutoTokenizer

        folder = sys.argv[1]
        audio = torch.sin(torch.arange(16000) / 10)
        processor = AutoProcessor.from_pretrained(folder, trust_remote_code=True)
        inputs = processor(["Dr. No is 5.", "Yes"], audio=audio, sampling_rate=16000, return_tensors="pt")
        extractor = AutoFeatureExtractor.from_pretrained(folder, trust_remote_code=True)
        features = extractor(audio, sampling_rate=16000)["input_features"]
        tokenizer = AutoTokenizer.from_pretrained(folder)
        processor.save_pretrained(folder + "/again")
        again = AutoProcessor.from_pretrained(folder + "/again", trust_remote_code=True)
        print(json.dumps({
            "class": [type(processor).__name__, type(processor).__module__],
            "ids": inputs["input_ids"].tolist(),
            "tokenizer": tokenizer("Doctor No is five.")["input_ids"],
            "shapes": [list(inputs["reference_features"].shape), list(features.shape)],
            "again": again("Yes")["input_ids"].tolist(),
        }))
    """
    environment = {**os.environ, "HF_HOME": str(tmp_path / "home"), "PYTHONPATH": "", "OMP_NUM_THREADS": "1"}
    environment.pop("HF_HUB_OFFLINE", None)
    result = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), str(folder)],
        cwd=empty,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    report = json.loads(result.stdout.splitlines()[-1])
    assert report["class"][0] == "GPT2TTSProcessor"
    assert report["class"][1].startswith("transformers_modules.")
    assert report["ids"] == processor(["Doctor No is five.", "Yes"])["input_ids"].tolist()
    letters = processor("Doctor No is five.", phonemes=False)["input_ids"][0]
    assert report["tokenizer"] == letters.tolist()
    assert report["shapes"] == [[2, 87, 80], [1, 87, 80]]
    assert report["again"] == processor("Yes")["input_ids"].tolist()
