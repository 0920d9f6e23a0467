# ruff: noqa: RUF001 - the International Phonetic Alphabet has letters that look like others
"""Tests of the training data: datasets, features, splits, references and batches."""

import json
import math
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import datasets
import numpy as np
import pytest
import soundfile
import torch
from datasets import Audio, Dataset
from torch.utils.data import DataLoader

from gpt2tts.audio import read_audio
from gpt2tts.configuration_gpt2tts import GPT2TTSConfig
from gpt2tts.data import features
from gpt2tts.data.collation import Augmentation, SpeechCollator, TrainingRows
from gpt2tts.data.features import (
    FeatureMap,
    FeatureSettings,
    compute_mel_statistics,
    feature_files,
    write_features,
)
from gpt2tts.data.frames import label_size, trim_clip
from gpt2tts.data.prepare import balance_speakers, prepare_speech_data
from gpt2tts.data.samplers import LengthBucketBatchSampler, RowDraw
from gpt2tts.data.speech_datasets import (
    DatasetSpec,
    is_validation_text,
    load_speech_dataset,
    split_by_text,
    spoken_text,
)
from gpt2tts.data.streaming import StreamedBatches
from gpt2tts.feature_extraction_gpt2tts import GPT2TTSFeatureExtractor
from gpt2tts.phonemes_gpt2tts import Segment
from gpt2tts.processing_gpt2tts import GPT2TTSProcessor, build_byte_tokenizer

FIXTURE = Path(__file__).parent / "fixtures" / "speech"


@pytest.fixture(scope="module")
def config():
    return GPT2TTSConfig.from_preset("tiny")


@pytest.fixture(scope="module")
def data(processor, config, cache_dir):
    return prepare_speech_data([FIXTURE], processor, config, validation_share=0.15, cache_dir=cache_dir)


def write_clips(folder: Path, make_speech, rows: list[tuple[str, str, str]], seconds: float = 1.5) -> Path:
    """Folder of `metadata.csv` with `file|speaker|text` and a clip for each file that does not exist yet."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, (file, _, _) in enumerate(rows):
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            soundfile.write(path, make_speech(seconds, seed=number).numpy(), 22050)
    (folder / "metadata.csv").write_text("\n".join("|".join(row) for row in rows) + "\n", encoding="utf-8")
    return folder


def feature_row(number: int, *, num_symbols: int, num_frames: int) -> dict:
    """A row of a folder of features."""
    return {
        "words": ["a" * num_symbols],
        "phonemes": ["a" * num_symbols],
        "durations": np.full(num_symbols + 2, num_frames / (num_symbols + 2)),
        "labels": np.zeros((num_frames, label_size(80))),
        "num_tokens": num_symbols + 2,
        "num_frames": num_frames,
        "text": f"text {number}",
        "speaker": "anna",
        "dataset": "corpus",
        "file": f"clip {number}",
    }


def is_piece(frames: np.ndarray, mel: np.ndarray) -> bool:
    """Whether the frames are in a row somewhere in a mel."""
    return any(np.array_equal(mel[at : at + len(frames)], frames) for at in range(len(mel) - len(frames) + 1))


class TestLoading:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("owner/name", DatasetSpec("owner/name")),
            ("owner/name=0.5", DatasetSpec("owner/name", (), 0.5)),
            ("some/folder:anna,ben=2", DatasetSpec("some/folder", ("anna", "ben"), 2.0)),
            ("C:\\speech\\anna", DatasetSpec("C:\\speech\\anna")),
        ],
    )
    def test_spec(self, text, expected):
        assert DatasetSpec.parse(text) == expected

    @pytest.mark.parametrize("text", ["folder=much", "folder=0", "folder=-1", "folder=inf", "folder=nan"])
    def test_bad_weight(self, text):
        with pytest.raises(ValueError, match="weight"):
            DatasetSpec.parse(text)

    def test_ljspeech_layout(self, tmp_path, make_speech):
        (tmp_path / "wavs").mkdir()
        soundfile.write(tmp_path / "wavs" / "LJ001-0001.wav", make_speech().numpy(), 22050)
        (tmp_path / "metadata.csv").write_text(
            'LJ001-0001|In 1465 "so|In fourteen sixty-five "so\nLJ001-0002|gone|gone\n'
        )
        dataset = load_speech_dataset(tmp_path)
        assert dataset.rows["text"][:] == ['In fourteen sixty-five "so']
        assert dataset.rows["speaker"][:] == [tmp_path.name]
        assert [row.file for row in dataset.missing] == ["wavs/LJ001-0002.wav"]

    def test_header(self, tmp_path, make_speech):
        write_clips(tmp_path, make_speech, [("a.wav", "", ""), ("b.wav", "", "")])
        (tmp_path / "metadata.csv").write_text('file_name,text,speaker\na.wav,"One, two.",anna\nb.wav,Three.,ben\n')
        rows = load_speech_dataset(tmp_path).rows
        assert rows["text"][:] == ["One, two.", "Three."]
        assert rows["speaker"][:] == ["anna", "ben"]

    def test_audiofolder(self, tmp_path, make_speech):
        write_clips(tmp_path, make_speech, [("a.wav", "", ""), ("b.wav", "", "")])
        (tmp_path / "metadata.csv").unlink()
        (tmp_path / "metadata.jsonl").write_text(
            '{"file_name": "a.wav", "transcription": "One."}\n{"file_name": "b.wav", "transcription": "Two."}\n'
        )
        for streaming in (False, True):
            rows = list(load_speech_dataset(tmp_path, streaming=streaming).rows)
            assert [row["text"] for row in rows] == ["One.", "Two."]
            assert len(read_audio(rows[0]["audio"])[0]) == 1.5 * 22050

    def test_hub_columns(self, monkeypatch, make_speech, tmp_path):
        soundfile.write(tmp_path / "a.wav", make_speech().numpy(), 22050)
        content = (tmp_path / "a.wav").read_bytes()
        rows = Dataset.from_dict(
            {
                "id": ["LJ001-0001", "LJ050-0001"],
                "audio": [{"bytes": content, "path": None}] * 2,
                "file": ["x/LJ001-0001.wav", "x/LJ050-0001.wav"],
                "text": ["In 1465", "kept"],
                "normalized_text": ["In fourteen sixty-five", "kept"],
            }
        )
        # `Audio` asks for torchcodec when it encodes; a dataset of the Hub is encoded already
        rows._info.features["audio"] = Audio(decode=True)
        asked = []
        monkeypatch.setattr("datasets.load_dataset", lambda name, **kwargs: asked.append((name, kwargs)) or rows)
        dataset = load_speech_dataset("keithito/lj_speech", exclude_files=["LJ050-*"])
        assert asked == [("keithito/lj_speech", {"split": "train", "streaming": False})]
        (row,) = list(dataset.rows)
        assert row["text"] == "In fourteen sixty-five"
        assert row["speaker"] == "keithito/lj_speech"
        assert len(read_audio(row["audio"])[0]) == 22050

    @pytest.mark.parametrize("config", [None, "main"])
    def test_dataset_with_a_loading_script_is_read_from_its_parquet_copy(
        self, config, monkeypatch, make_speech, tmp_path
    ):
        # as `datasets` 5 answers for `keithito/lj_speech`; the copy of the Hub has a folder for each configuration and split
        soundfile.write(tmp_path / "a.wav", make_speech().numpy(), 22050)
        copy = tmp_path / "copy" / "main" / "train"
        audio = {"bytes": (tmp_path / "a.wav").read_bytes(), "path": "LJ001-0001.wav"}
        texts = {copy: "Printing."}
        if config:  # one of several
            texts[tmp_path / "copy" / "other" / "train"] = "Another."
        for folder, text in texts.items():
            folder.mkdir(parents=True, exist_ok=True)
            rows = Dataset.from_dict(
                {"id": ["LJ001-0001"], "audio": [audio], "file": ["LJ001-0001.wav"], "text": [text]}
            )
            rows.cast_column("audio", Audio(decode=False)).to_parquet(folder / "0000.parquet")
        load_dataset, asked = datasets.load_dataset, []

        def load_from_hub(source, revision=None, **kwargs):
            assert source == "keithito/lj_speech"
            if revision is None:
                raise RuntimeError("Dataset scripts are no longer supported, but found lj_speech.py")
            assert revision == "refs/convert/parquet"
            asked.append(kwargs["streaming"])
            return load_dataset(str(tmp_path / "copy"), cache_dir=str(tmp_path / "cache"), **kwargs)

        monkeypatch.setattr("datasets.load_dataset", load_from_hub)
        for streaming in (False, True):
            dataset = load_speech_dataset(
                "keithito/lj_speech" + (f"?config={config}" if config else ""), streaming=streaming
            )
            assert asked[-1] is streaming  # a stream is no download
            (row,) = dataset.rows
            assert row["text"] == "Printing."
            assert len(read_audio(row["audio"])[0]) == 22050

    def test_pinned_loading_script_is_named(self, monkeypatch):
        def refuse(*args, **kwargs):
            raise RuntimeError("Dataset scripts are no longer supported, but found lj_speech.py")

        monkeypatch.setattr("datasets.load_dataset", refuse)
        with pytest.raises(
            ValueError, match=r"'abc' of keithito/lj_speech has a loading script.*refs/convert/parquet"
        ):
            load_speech_dataset("keithito/lj_speech?revision=abc")

    @pytest.mark.parametrize("error", [datasets.exceptions.DatasetNotFoundError, FileNotFoundError])
    def test_a_loading_script_without_a_copy_is_named(self, monkeypatch, error):
        def refuse(source, revision=None, **kwargs):
            raise RuntimeError("Dataset scripts are no longer supported") if revision is None else error("no branch")

        monkeypatch.setattr("datasets.load_dataset", refuse)
        with pytest.raises(ValueError, match=r"lj_speech has a loading script.*no copy in Parquet \(no branch\)"):
            load_speech_dataset("keithito/lj_speech")

    def test_other_errors_of_the_library_are_told_as_they_are(self, monkeypatch):
        def refuse(source, revision=None, **kwargs):
            if revision is None:
                raise RuntimeError("the disk is gone")
            raise FileNotFoundError("a copy was asked for")

        monkeypatch.setattr("datasets.load_dataset", refuse)
        with pytest.raises(RuntimeError, match="the disk is gone"):
            load_speech_dataset("keithito/lj_speech")

    def test_speaker_filters(self):
        assert set(load_speech_dataset(f"{FIXTURE}:af_heart").rows["speaker"][:]) == {"af_heart"}
        assert set(load_speech_dataset(FIXTURE, exclude_speakers=["af_heart"]).rows["speaker"][:]) == {"am_michael"}
        with pytest.raises(ValueError, match="no speaker nobody"):
            load_speech_dataset(f"{FIXTURE}:nobody")

    def test_missing_folder(self, tmp_path):
        with pytest.raises(FileNotFoundError, match="no folder"):
            load_speech_dataset(tmp_path / "nowhere")

    def test_metadata_of_another_form(self, tmp_path):
        (tmp_path / "metadata.csv").write_text("no bars in here\n")
        with pytest.raises(ValueError, match="Line 1"):
            load_speech_dataset(tmp_path)


class TestSplit:
    def test_a_text_is_on_one_side(self):
        texts = [f"Sentence number {i}." for i in range(500)]
        training, validation, _ = split_by_text(texts + [text.upper().rstrip(".") for text in texts], 0.1)
        sides = [set(row % 500 for row in side) for side in (training, validation)]
        assert not sides[0] & sides[1]
        assert 60 < len(validation) < 140

    def test_side_does_not_depend_on_other_rows(self):
        texts = [f"Sentence number {i}." for i in range(500)]
        _, validation, _ = split_by_text(texts, 0.1)
        _, of_half, _ = split_by_text(texts[:250], 0.1)
        assert of_half == [row for row in validation if row < 250]
        # nor on the version: what was held back from an earlier training still is
        assert validation[:5] == [17, 21, 43, 46, 52]

    def test_pronunciations_in_a_text_move_it_to_no_other_side(self):
        assert spoken_text("Ask [Siobhan](/ʃəvˈɔn/) for 2.") == spoken_text("Ask Siobhan for two.")

    def test_small_sets_get_a_validation_text(self):
        training, validation, share = split_by_text(["One.", "Two.", "Three."], 1e-6)
        assert (len(training), len(validation)) == (2, 1)
        # those who split row by row, as streams do, get the same
        assert [is_validation_text(text, share) for text in ["One.", "Two.", "Three."]].count(True) == 1
        assert split_by_text(["One.", "Two."], 0.0)[1] == []
        # one text remains for training
        assert split_by_text(["One.", "one"], 0.01)[:2] == ([0, 1], [])


class TestFeatures:
    def test_features_are_the_words_and_frames_of_the_clip(self, data, processor):
        row = next(iter(data.train))
        waveform, rate = read_audio(FIXTURE / row["file"])
        extractor = processor.feature_extractor
        clip = trim_clip(extractor.resample(torch.from_numpy(waveform), rate), extractor)
        frames = np.asarray(row["labels"], dtype=np.float32).reshape(-1, label_size(80))
        np.testing.assert_allclose(frames[:, :80], extractor.log_mel(clip.waveform).numpy(), atol=0.005)
        assert row["num_frames"] == len(frames)
        # the text is whole, as written and as spoken
        assert "".join(row["words"]) == row["text"]
        assert "".join(row["phonemes"]) == processor.phonemize(row["text"])
        # each symbol has its time, and all together that of the clip
        assert row["num_tokens"] == len(row["durations"]) == 2 + sum(map(len, row["phonemes"]))
        assert min(row["durations"]) >= 0
        assert sum(row["durations"]) == pytest.approx(len(frames), abs=1.5)

    def test_speech_has_a_pitch_and_pauses_have_none(self, data):
        for row in data.train.select(range(4)):
            frames = np.asarray(row["labels"], dtype=np.float32).reshape(-1, label_size(80))
            voiced = frames[:, -1] > 0.5
            assert 0.3 < voiced.mean() < 0.9
            low, high = (150, 300) if row["speaker"] == "af_heart" else (70, 180)
            assert low < np.exp(np.median(frames[voiced, -2])) < high
            # the silence before and after
            assert frames[:15, -1].max() < 0.5
            assert frames[-15:, 81].max() < 0.5

    def test_validation_texts_are_not_trained_on(self, data):
        assert len(data.train) + len(data.validation) == 24
        assert len(data.validation) >= 1
        assert not set(data.train["text"][:]) & set(data.validation["text"][:])

    def test_bad_rows_are_counted_listed_and_skipped(self, tmp_path, processor, config, make_speech):
        rows = [(f"good{i}.wav", "anna", f"This is sentence number {i}.") for i in range(12)]
        bad = {
            "missing_file": ("missing.wav", "anna", "Nobody read this."),
            "undecodable": ("undecodable.wav", "anna", "This is not audio."),
            "rate": ("rate.wav", "anna", "This has an odd rate."),
            "silent": ("silent.wav", "anna", "This is silent."),
            "not_finite": ("nan.wav", "anna", "This is not a number."),
            "empty_text": ("empty.wav", "anna", "..."),
            "too_long": ("long.wav", "anna", "word " * 200),
            "speaking_rate": ("fast.wav", "anna", "This was spoken far too fast to be true. " * 4),
            "too_short": ("short.wav", "anna", "Short."),
        }
        folder = tmp_path / "set"
        write_clips(folder, make_speech, rows + [row for row in bad.values() if row[0] != "missing.wav"])
        (folder / "undecodable.wav").write_bytes(b"RIFF nonsense")
        soundfile.write(folder / "silent.wav", np.full(22050, 0.1), 22050)  # the offset of a sound card
        soundfile.write(folder / "nan.wav", np.full(22050, np.nan), 22050, subtype="FLOAT")
        soundfile.write(folder / "rate.wav", make_speech(1.5).numpy(), 44099)
        soundfile.write(folder / "short.wav", make_speech(0.05).numpy(), 22050)
        write_clips(folder, make_speech, rows)
        with open(folder / "metadata.csv", "a") as file:
            file.writelines("|".join(row) + "\n" for row in bad.values())

        report = tmp_path / "bad_rows.jsonl"
        arguments = {"cache_dir": tmp_path / "cache", "report_path": report, "validation_share": 0.0}
        data = prepare_speech_data([folder], processor, config, max_bad_share=0.5, num_proc=2, **arguments)
        causes = {file: "undecodable" if cause == "rate" else cause for cause, (file, *_) in bad.items()}
        assert data.report.causes == Counter(causes.values())
        listed = [json.loads(line) for line in report.read_text().splitlines()]
        assert {row["file"]: row["cause"] for row in listed} == causes
        assert sorted(data.train["file"][:]) == sorted(row[0] for row in rows)
        with pytest.raises(ValueError, match=r"8 of 20 rows of dataset 'set' cannot be used"):
            prepare_speech_data([folder], processor, config, max_bad_share=0.3, **arguments)

    def test_missing_files_have_an_allowance_of_their_own(self, tmp_path, processor, config, make_speech):
        rows = [(f"{i}.wav", "anna", f"This is sentence number {i}.") for i in range(301)]
        write_clips(tmp_path / "set", make_speech, rows[:4])
        (tmp_path / "set" / "metadata.csv").write_text("\n".join("|".join(row) for row in rows))
        arguments = {"cache_dir": tmp_path / "cache", "max_bad_share": 0.0, "validation_share": 0.0}
        assert len(prepare_speech_data([tmp_path / "set"], processor, config, **arguments).train) == 4
        for row in rows[2:4]:
            (tmp_path / "set" / row[0]).unlink()
        with pytest.raises(ValueError, match="299 of 301 audio files"):
            prepare_speech_data([tmp_path / "set"], processor, config, **arguments)

    def test_cache_follows_what_features_depend_on(self, tmp_path, processor, config, make_speech, monkeypatch):
        folder = write_clips(
            tmp_path / "set", make_speech, [(f"{i}.wav", "anna", f"This is row number {i}.") for i in range(4)]
        )
        computed = []
        compute_row = FeatureMap.row
        monkeypatch.setattr(FeatureMap, "row", lambda self, *row: computed.append(1) or compute_row(self, *row))

        def rows_computed(processor):
            computed.clear()
            prepare_speech_data([folder], processor, config, cache_dir=tmp_path / "cache", validation_share=0)
            return len(computed)

        assert rows_computed(processor) == 4
        assert rows_computed(GPT2TTSProcessor(GPT2TTSFeatureExtractor(), build_byte_tokenizer())) == 0
        assert rows_computed(GPT2TTSProcessor(GPT2TTSFeatureExtractor(f_max=7600.0), build_byte_tokenizer())) == 4
        with monkeypatch.context() as patch:
            segment = type(processor).segment
            more = [Segment("So", "sˈO"), Segment(" ", " ")]
            patch.setattr(type(processor), "segment", lambda *args, **kwargs: more + segment(*args, **kwargs))
            assert rows_computed(processor) == 4
        assert rows_computed(processor) == 0
        soundfile.write(folder / "0.wav", make_speech(2.0, seed=9).numpy(), 22050)
        assert rows_computed(processor) == 4

    def test_edges_are_trimmed(self, processor, make_speech, tmp_path):
        speech = make_speech(1.0).numpy()
        soundfile.write(tmp_path / "a.wav", np.concatenate([np.zeros(22050), speech, np.zeros(33075)]), 22050)
        row = FeatureMap(processor, FeatureSettings(100, 1000)).row(
            {"path": str(tmp_path / "a.wav")}, "One two three.", "anna"
        )
        assert row["cause"] == ""
        assert row["labels"].shape == (pytest.approx(1.5 * 22050 / 256, abs=3), label_size(80))
        # a quarter of a second of silence before the first sound, another after the last
        rate = 22050 / 256
        assert row["durations"][0] == pytest.approx(0.25 * rate, abs=1)
        assert sum(row["durations"][-2:]) == pytest.approx(0.25 * rate, abs=1)

    def test_a_text_that_takes_too_long_is_not_that_of_the_clip(self, processor, make_speech, tmp_path):
        soundfile.write(tmp_path / "a.wav", make_speech(2.0).numpy(), 22050)
        row = FeatureMap(processor, FeatureSettings(100, 1000)).row({"path": str(tmp_path / "a.wav")}, "I.", "anna")
        assert row["cause"] == "speaking_rate"

    def test_nothing_that_can_be_used_is_an_error_whatever_may_be_lost(self, processor, config, make_speech, tmp_path):
        folder = write_clips(tmp_path / "set", make_speech, [("a.wav", "anna", "..."), ("b.wav", "anna", "?")])
        with pytest.raises(ValueError, match="2 of 2 rows of dataset 'set' cannot be used"):
            prepare_speech_data([folder], processor, config, cache_dir=tmp_path / "cache", max_bad_share=1.0)

    def test_silence_is_silence_beside_an_offset(self, processor, make_speech, tmp_path):
        speech, silence = make_speech(1.0).numpy(), np.zeros(44100, np.float32)
        rows = []
        for name, offset in (("plain.wav", 0.0), ("offset.wav", 0.05)):
            soundfile.write(tmp_path / name, np.concatenate([silence, speech, silence]) + offset, 22050)
            rows.append(
                FeatureMap(processor, FeatureSettings(100, 1000)).row(
                    {"path": str(tmp_path / name)}, "One two three.", "anna"
                )
            )
        plain, offset = rows
        assert offset["labels"].shape == plain["labels"].shape
        np.testing.assert_allclose(offset["durations"], plain["durations"], atol=1)

    def test_cache_follows_the_phonemes_of_british_speakers(
        self, tmp_path, processor, config, make_speech, monkeypatch
    ):
        folder = write_clips(
            tmp_path / "set", make_speech, [(f"{i}.wav", "ben", f"This is row number {i}.") for i in range(2)]
        )

        def phonemes():
            arguments = {"cache_dir": tmp_path / "cache", "validation_share": 0, "british_speakers": ["ben"]}
            return prepare_speech_data([folder], processor, config, **arguments).train["phonemes"][0]

        before = phonemes()
        segment = type(processor).segment

        def segment_otherwise(self, text, *, british=False):
            return [Segment("So", "sˈQ"), Segment(" ", " ")] * british + segment(self, text, british=british)

        monkeypatch.setattr(type(processor), "segment", segment_otherwise)
        assert phonemes() == ["sˈQ", " ", *before]

    def test_a_damaged_cache_says_what_to_delete(self, tmp_path, processor, config, make_speech):
        folder = write_clips(
            tmp_path / "set", make_speech, [(f"{i}.wav", "anna", f"This is row number {i}.") for i in range(2)]
        )
        arguments = {"cache_dir": tmp_path / "cache", "validation_share": 0}
        prepare_speech_data([folder], processor, config, **arguments)
        (path,) = (tmp_path / "cache").glob("features-*.arrow")
        for size in (path.stat().st_size // 2, 100):
            path.write_bytes(path.read_bytes()[:size])
            with pytest.raises(ValueError, match=rf"cannot be read.*delete {path.stem}"):
                prepare_speech_data([folder], processor, config, **arguments)
        path.unlink()
        assert len(prepare_speech_data([folder], processor, config, **arguments).train) == 2

    def test_british_speakers_are_read_as_british(self, processor):
        settings = FeatureSettings(100, 1000, british_speakers=("ben",))
        feature_map = FeatureMap(processor, settings)
        spoken = {name: feature_map.segment("Nobody asked.", name)[0].phonemes for name in ("anna", "ben")}
        assert spoken == {"anna": "nˈObˌɑdi", "ben": "nˈQbədi"}

    def test_features_in_a_folder_are_taken_as_they_are(self, data, processor, config, tmp_path):
        """What a corpus script leaves: Arrow files of features, no audio."""
        table = data.train.select_columns(["text"]).to_dict()
        data.train.select(range(6)).save_to_disk(tmp_path / "saved")
        (tmp_path / "features").mkdir()
        for number, path in enumerate(sorted((tmp_path / "saved").glob("*.arrow"))):
            path.rename(tmp_path / "features" / f"{number}.arrow")
        speakers = data.train["speaker"][:6]
        read = prepare_speech_data([tmp_path / "features"], processor, config, validation_share=0.0)
        assert len(read.train) == len(speakers)
        assert read.train["text"][:] == table["text"][:6]
        item = read.training_rows(config, processor.tokenizer)[0]
        expected = data.training_rows(config, processor.tokenizer)[0]
        np.testing.assert_array_equal(item["labels"], expected["labels"])
        np.testing.assert_array_equal(item["input_ids"], expected["input_ids"])
        chosen = prepare_speech_data(
            [f"{tmp_path / 'features'}:{speakers[0]}=2"], processor, config, validation_share=0.0
        )
        assert set(chosen.train["speaker"][:]) == {speakers[0]}
        assert chosen.weights.tolist() == [2.0] * len(chosen.train)
        left_out = Path(data.train["file"][0]).stem
        rest = prepare_speech_data(
            [tmp_path / "features"], processor, config, validation_share=0.0, exclude_files=[left_out]
        )
        assert len(rest.train) < len(speakers)
        assert left_out not in {Path(file).stem for file in rest.train["file"][:]}
        with pytest.raises(ValueError, match="has no speaker nobody: its speakers are"):
            prepare_speech_data([f"{tmp_path / 'features'}:nobody"], processor, config)
        with pytest.raises(ValueError, match="features, which are no stream"):
            prepare_speech_data([tmp_path / "features"], processor, config, streaming=True)

    def test_features_in_a_folder_that_do_not_fit_the_model_are_skipped(self, processor, config, tmp_path):
        rows = [feature_row(number, num_symbols=30, num_frames=80) for number in range(8)]
        rows += [feature_row(8, num_symbols=config.max_text_positions - 1, num_frames=80)]
        rows += [feature_row(9, num_symbols=30, num_frames=config.max_mel_positions * config.reduction_factor + 1)]
        write_features(rows, tmp_path / "features-0.arrow")
        data = prepare_speech_data([tmp_path], processor, config, validation_share=0, max_bad_share=0.2)
        assert [(row.cause, row.file) for row in data.report.rows] == [("too_long", "clip 8"), ("too_long", "clip 9")]
        assert data.train["file"][:] == [f"clip {number}" for number in range(8)]
        assert data.report.num_rows == {tmp_path.name: 10}

    def test_features_are_written_by_several_at_once(self, tmp_path):
        path = tmp_path / "features-0.arrow"
        rows = [feature_row(number, num_symbols=30, num_frames=800) for number in range(20)]
        (tmp_path / ".partial-1-1-features-1.arrow").write_bytes(b"of a run that was killed")
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: write_features(rows, path), range(16)))
        assert feature_files(tmp_path) == [path]
        assert Dataset.from_file(str(path))["file"][:] == [f"clip {number}" for number in range(20)]

    def test_speakers_are_balanced_by_how_long_they_speak(self):
        features = Dataset.from_dict({"speaker": ["a"] * 6 + ["b", "b"], "num_frames": [100] * 6 + [100, 200]})
        weights = np.array([1.0] * 6 + [1.0, 1.0])
        frames = np.array(features["num_frames"][:])

        def amounts(balance):
            balanced = balance_speakers(weights, features, balance)
            assert balanced.sum() == pytest.approx(weights.sum())
            return (balanced * frames)[:6].sum(), (balanced * frames)[6:].sum()

        assert amounts(0.0) == pytest.approx((600, 300))
        first, second = amounts(1.0)
        assert first == pytest.approx(second)
        first, second = amounts(0.5)
        assert first / second == pytest.approx(2**0.5)

    def test_speaker_embeddings(self, tmp_path, processor, config, make_speech, monkeypatch):
        class Encoder:
            name, version, embedding_dim = "loudness", "1", 2

            def embed(self, waveforms, sampling_rate):
                assert sampling_rate == 22050
                return np.asarray([[len(waveform), waveform.std()] for waveform in waveforms], dtype=np.float32)

        folder = write_clips(
            tmp_path / "set", make_speech, [(f"{i}.wav", "anna", f"This is row number {i}.") for i in range(4)]
        )
        with open(folder / "metadata.csv", "r+") as file:
            content = file.read()
            file.seek(0)
            file.write("0.wav|anna|?\n" + content)

        def embeddings():
            data = prepare_speech_data(
                [folder],
                processor,
                config,
                cache_dir=tmp_path / "cache",
                validation_share=0,
                max_bad_share=0.5,
                speaker_encoder=Encoder(),
                num_proc=2,
            )
            rows = data.training_rows(config, processor.tokenizer)
            return SpeechCollator(0, 4)([rows[i] for i in range(4)])["speaker_embeddings"]

        expected = [[33075, read_audio(folder / f"{i}.wav")[0].std()] for i in range(4)]
        monkeypatch.delitem(sys.modules, "librosa.core.pitch", raising=False)
        torch.testing.assert_close(embeddings(), torch.tensor(expected), rtol=1e-4, atol=0)
        assert "librosa.core.pitch" in sys.modules  # compiled before two processes did so at once
        # those of another encoder are not taken for its own
        monkeypatch.setattr(Encoder, "version", "2")
        monkeypatch.setattr(Encoder, "embed", lambda self, waveforms, rate: np.ones((len(waveforms), 2), np.float32))
        assert torch.equal(embeddings(), torch.ones(4, 2))

    def test_statistics(self, data):
        frames = [np.asarray(row["labels"], dtype=np.float64).reshape(-1, label_size(80)) for row in data.train]
        mels = np.concatenate(frames)[:, :80]
        assert compute_mel_statistics(data.train, 80) == pytest.approx((mels.mean(), mels.std()), rel=1e-3)

    def test_statistics_of_many_rows_are_of_some_of_the_whole(self, monkeypatch):
        monkeypatch.setattr(features, "STATISTICS_ROWS", 3)
        labels = [np.full(2 * label_size(80), level, np.float16) for level in (0, 1, 5, 7, 10)]
        rows = Dataset.from_dict({"labels": labels, "num_frames": [2] * 5})
        assert compute_mel_statistics(rows, 80) == pytest.approx((5, (50 / 3) ** 0.5))
        with pytest.raises(ValueError, match="`features` has no rows"):
            compute_mel_statistics(rows.select([]), 80)

    def test_unknown_speaker_is_an_error(self, processor, config, cache_dir):
        with pytest.raises(ValueError, match="nobody"):
            prepare_speech_data([FIXTURE], processor, config, cache_dir=cache_dir, speakers=["af_heart", "nobody"])


class TestReferences:
    def test_another_clip_of_the_speaker(self, data, config, processor):
        rows = data.training_rows(config, processor.tokenizer)
        speakers = data.train["speaker"][:]
        for row in range(len(rows)):
            chosen = {rows.choose_reference(row, np.random.default_rng(seed)) for seed in range(40)}
            assert row not in chosen
            assert len(chosen) > 1
            assert {speakers[reference] for reference in chosen} == {speakers[row]}

    def test_a_single_clip_is_its_own_reference(self, data, config, processor):
        rows = TrainingRows(data.train.select([0]), processor.tokenizer)
        assert rows.choose_reference(0, np.random.default_rng(0)) == 0

    def test_validation_references_are_training_clips(self, data, config, processor):
        rows = data.validation_rows(config, processor.tokenizer)
        item = rows[0]
        mels = [np.asarray(row["labels"], dtype=np.float32).reshape(-1, label_size(80))[:, :80] for row in data.train]
        assert any(is_piece(item["reference_features"], mel) for mel in mels)

    def test_draws_repeat_and_differ(self, data, config, processor):
        rows, again = (data.training_rows(config, processor.tokenizer, seed=3) for _ in range(2))
        first, second = RowDraw(4, epoch=1), RowDraw(4, epoch=2)
        np.testing.assert_array_equal(rows[first]["reference_features"], again[first]["reference_features"])
        # whatever else is in the batch
        together = again.__getitems__([second, first])[1]
        np.testing.assert_array_equal(rows[first]["reference_features"], together["reference_features"])
        others = [rows[RowDraw(4, epoch)]["reference_features"] for epoch in range(2, 6)]
        assert any(not np.array_equal(rows[first]["reference_features"], other) for other in others)


class TestCollator:
    def test_batch_is_padded_and_masked(self, data, config, processor):
        rows = data.training_rows(config, processor.tokenizer)
        items = [rows[i] for i in range(5)]
        batch = SpeechCollator(processor.tokenizer.pad_token_id, 4)(items)
        assert set(batch) == {
            "input_ids", "attention_mask", "labels", "labels_mask", "text_positions",
            "reference_features", "reference_mask",
        }  # fmt: skip
        for number, item in enumerate(items):
            for key, mask in (
                ("input_ids", "attention_mask"),
                ("labels", "labels_mask"),
                ("reference_features", "reference_mask"),
            ):
                real = batch[mask][number].bool()
                assert int(real.sum()) == len(item[key])
                np.testing.assert_array_equal(batch[key][number][real].numpy(), item[key].astype(np.float32))
        assert batch["input_ids"][~batch["attention_mask"].bool()].eq(processor.tokenizer.pad_token_id).all()
        torch.testing.assert_close(
            batch["labels"][~batch["labels_mask"]].unique(), torch.tensor([math.log(1e-5)]), rtol=0, atol=1e-4
        )
        assert batch["labels"].dtype == torch.float32
        groups = -(-batch["labels_mask"].sum(1) // 4)
        assert batch["text_positions"].shape == (5, int(groups.max()) + 1)
        for number, item in enumerate(items):
            places = batch["text_positions"][number]
            assert places[0] == 0
            assert (places.diff() >= 0).all()
            # where the text ends, from the end of the row on
            assert (places[groups[number] :] == len(item["input_ids"])).all()

    def test_shapes_can_be_few(self, data, config, processor):
        rows = data.training_rows(config, processor.tokenizer)
        items = [rows[i] for i in range(3)]
        plain = SpeechCollator(0, 4)(items)
        batch = SpeechCollator(0, 4, multiple=8)(items)
        assert batch["input_ids"].shape[1] % 8 == 0
        assert batch["labels"].shape[1] % 32 == 0
        assert batch["text_positions"].shape[1] == batch["labels"].shape[1] // 4 + 1
        assert batch["reference_features"].shape[1] % 32 == 0
        for name, value in plain.items():
            torch.testing.assert_close(batch[name][:, : value.shape[1]], value)

    def test_without_references(self, data, config, processor):
        rows = data.training_rows(config, processor.tokenizer)
        assert not any(name.startswith("reference") for name in SpeechCollator(0, 4, with_references=False)([rows[0]]))


class TestLoader:
    def test_workers_and_resuming_do_not_change_batches(self, data, config, processor):
        def batches(num_workers: int, first_batch: int) -> list[dict[str, torch.Tensor]]:
            rows = data.training_rows(config, processor.tokenizer, seed=1)
            sampler = LengthBucketBatchSampler.for_rows(rows, config, max_positions_per_batch=800, seed=1)
            sampler.start_epoch(3, first_batch=first_batch)
            collator = SpeechCollator(processor.tokenizer.pad_token_id, 4)
            loader = DataLoader(rows, batch_sampler=sampler, collate_fn=collator, num_workers=num_workers)
            return list(loader)

        whole = batches(0, 0)
        assert len(whole) > 3
        for resumed in (batches(0, 2), batches(2, 2)):
            assert len(resumed) == len(whole) - 2
            for batch, expected in zip(resumed, whole[2:], strict=True):
                for key, tensor in expected.items():
                    assert torch.equal(batch[key], tensor)

    def test_second_start_on_the_recordings(self, shared_data, processor, config, tmp_path, monkeypatch):
        """The features of a real folder are not computed again."""
        folder = shared_data / "ljspeech" / "LJSpeech-1.1"
        arguments = {
            "cache_dir": tmp_path,
            "exclude_files": ["LJ001-*", "LJ002-00[3-9]*", "LJ002-0[1-9]*", "LJ00[4-9]-*", "LJ0[1-4]*"],
        }
        data = prepare_speech_data([folder], processor, config, **arguments)
        assert set(data.report.causes) <= {"missing_file", "too_long"}
        monkeypatch.setattr(FeatureMap, "__call__", lambda *_: pytest.fail("computed again"))
        again = prepare_speech_data([folder], processor, config, **arguments)
        assert again.train["text"][:] == data.train["text"][:]


class TestStreaming:
    def stream(self, processor, config, **kwargs):
        streams = [load_speech_dataset(FIXTURE, streaming=True)]
        arguments = {"max_positions_per_batch": 2000, "buffer_size": 8, **kwargs}
        return StreamedBatches(streams, processor, config, **arguments)

    @pytest.fixture(scope="class")
    def whole(self, processor, config):
        return list(self.stream(processor, config))

    def test_every_clip_but_the_first_of_each_speaker(self, whole):
        batches = whole
        assert sum(map(len, batches)) == 22
        assert len({item["labels"].tobytes() for batch in batches for item in batch}) == 22
        for batch in batches:
            assert not any(is_piece(item["reference_features"], item["labels"][:, :80]) for item in batch)

    def test_processes_have_shares_of_their_own(self, processor, config, whole):
        shares = [list(self.stream(processor, config, num_processes=2, process_index=i)) for i in range(2)]
        clips = [{item["labels"].tobytes() for batch in share for item in batch} for share in shares]
        assert not clips[0] & clips[1]
        # all but the first of each speaker, whom both may have
        assert 20 <= len(clips[0] | clips[1]) <= 22
        # the budget is that of all processes together
        assert max(map(len, shares[0])) < max(map(len, whole))
        for batch in shares[0] + shares[1]:
            tokens = max(len(item["input_ids"]) for item in batch)
            groups = max(-(-len(item["labels"]) // config.reduction_factor) for item in batch)
            assert len(batch) * (config.num_style_latents + tokens + groups) <= 1000

    def test_resumes(self, processor, config, whole):
        stream = self.stream(processor, config)
        stream.start_epoch(0, first_batch=1)
        resumed = list(stream)
        assert [len(batch) for batch in resumed] == [len(batch) for batch in whole[1:]]
        np.testing.assert_array_equal(resumed[0][0]["reference_features"], whole[1][0]["reference_features"])

    def test_no_clip_of_a_source_that_begins_again_is_its_own_reference(
        self, processor, config, tmp_path, make_speech
    ):
        rows = [(f"{i}.wav", "anna", f"This is row {i}.") for i in range(3)]
        short = write_clips(tmp_path / "short", make_speech, rows)
        streams = [load_speech_dataset(folder, streaming=True) for folder in (short, FIXTURE)]
        batches = StreamedBatches(streams, processor, config, max_positions_per_batch=2000, buffer_size=8)
        items = [item for batch in batches for item in batch]
        assert len({item["labels"].tobytes() for item in items}) < len(items)  # it began again
        for item in items:
            assert not is_piece(item["reference_features"], item["labels"][:, :80])

    def test_skips_bad_rows(self, processor, config, tmp_path, make_speech):
        rows = [(f"{i}.wav", "anna", f"This is row {i}.") for i in range(6)] + [("6.wav", "anna", "...")]
        folder = write_clips(tmp_path / "set", make_speech, rows)
        stream = StreamedBatches(
            [load_speech_dataset(folder, streaming=True)], processor, config, max_positions_per_batch=2000
        )
        assert sum(map(len, stream)) == 5
        assert stream.skipped == {"empty_text": 1}

    @pytest.fixture(scope="class")
    def folder(self, tmp_path_factory, make_speech):
        """Four clips of each of two speakers."""
        rows = [(f"{i}.wav", ("anna", "ben")[i % 2], f"Nobody asked for row {i}.") for i in range(8)]
        return write_clips(tmp_path_factory.mktemp("set"), make_speech, rows)

    def batches_of(self, processor, config, *sources, **kwargs):
        streams = [load_speech_dataset(source, streaming=True) for source in sources]
        return StreamedBatches(streams, processor, config, **{"max_positions_per_batch": 2000, **kwargs})

    def test_a_reference_is_of_the_latest_clips_of_the_speaker(self, folder, processor, config):
        batches = self.batches_of(processor, config, folder, buffer_size=1, references_per_speaker=1)
        rows = list(load_speech_dataset(folder).rows)
        mels = [batches.feature_map.row(row["audio"], row["text"], row["speaker"])["labels"][:, :80] for row in rows]

        def find(frames):
            (found,) = [number for number, mel in enumerate(mels) if is_piece(frames, mel)]
            return found

        before = {}
        for (item,) in batches:
            clip, reference = find(item["labels"][:, :80]), find(item["reference_features"])
            assert rows[reference]["speaker"] == rows[clip]["speaker"]
            assert before.setdefault(rows[clip]["speaker"], reference) == reference
            before[rows[clip]["speaker"]] = clip
        assert set(before) == {"anna", "ben"}

    def test_another_clip_begins_each_epoch_and_each_seed(self, folder, processor, config):
        def clips(epoch, seed):
            batches = self.batches_of(processor, config, folder, seed=seed)
            batches.start_epoch(epoch)
            return {item["labels"].tobytes() for batch in batches for item in batch}

        first = clips(0, 0)
        assert clips(0, 0) == first
        assert any(clips(epoch, 0) != first for epoch in (1, 2))
        assert any(clips(0, seed) != first for seed in (1, 2))

    def test_what_is_asked_for_reaches_the_rows(self, folder, processor, config):
        def items(**kwargs):
            return [item for batch in self.batches_of(processor, config, folder, **kwargs) for item in batch]

        def ids(**kwargs):
            return {item["input_ids"].tobytes() for item in items(**kwargs)}

        plain = ids()
        british = ids(british_speakers=["anna"])
        assert len(plain & british) == 3  # those of ben
        assert not plain & ids(augmentation=Augmentation(spelled_rows=1.0))
        texts = [spoken_text(f"Nobody asked for row {i}.") for i in range(8)]
        share = split_by_text(texts, 0.3)[2]
        kept = [i for i, text in enumerate(texts) if not is_validation_text(text, share)]
        assert len(kept) < 8
        # but the first of each speaker
        assert len(items(validation_share=share)) == len(kept) - len({i % 2 for i in kept})

    def test_sources_come_by_their_weights(self, processor, config, tmp_path, make_speech):
        for name in ("often", "rarely"):
            write_clips(tmp_path / name, make_speech, [(f"{i}.wav", name, f"Row {i} of {name}.") for i in range(2)])
        sources = [f"{tmp_path / 'often'}=9", f"{tmp_path / 'rarely'}=1"]
        items = [item for batch in self.batches_of(processor, config, *sources) for item in batch]
        counts = Counter(item["input_ids"].tobytes() for item in items)
        assert max(counts.values()) > 3 * min(counts.values())

    def test_what_cannot_be_streamed_is_named(self, folder, processor, config, tmp_path, make_speech, monkeypatch):
        with pytest.raises(ValueError, match="`streams` is empty"):
            StreamedBatches([], processor, config, max_positions_per_batch=2000)
        longest = config.num_style_latents + config.max_text_positions + config.max_mel_positions
        self.batches_of(processor, config, folder, max_positions_per_batch=longest)
        with pytest.raises(ValueError, match=f"too small: a row may take {longest}"):
            self.batches_of(processor, config, folder, max_positions_per_batch=2 * longest - 1, num_processes=2)
        alone = write_clips(tmp_path / "alone", make_speech, [("0.wav", "anna", "Row one."), ("1.wav", "ben", "...")])
        with pytest.raises(ValueError, match=r"no batch \(rows skipped: {'empty_text': 1}\).*at least two clips"):
            next(iter(self.batches_of(processor, config, alone)))
        monkeypatch.setattr(torch.utils.data, "get_worker_info", lambda: "of a worker")
        with pytest.raises(RuntimeError, match="use `num_workers=0`"):
            next(iter(self.batches_of(processor, config, folder)))
