"""The forms of transcribed speech that people have on disk, each read or refused with a reason."""

import json
import os
import shutil
from pathlib import Path

import datasets
import pyarrow as pa
import pyarrow.parquet
import pytest
import soundfile
from datasets import Audio, ClassLabel, Dataset, DatasetDict, Features, Value

from gpt2tts.data.prepare import prepare_speech_data
from gpt2tts.data.speech_datasets import COLUMNS, DatasetSpec, load_speech_dataset
from gpt2tts.recordings import list_recordings

FIXTURE = Path(__file__).parent / "fixtures" / "speech"


@pytest.fixture(scope="module")
def clip(tmp_path_factory, make_speech):
    path = tmp_path_factory.mktemp("clip") / "clip.wav"
    soundfile.write(path, make_speech(0.5).numpy(), 22050)
    return path


@pytest.fixture
def folder(tmp_path, clip):
    """`folder({"a.wav": None, "metadata.csv": "..."})`: a folder of clips and of files with a content."""

    def make(files: dict[str, str | bytes | None]) -> Path:
        for name, content in files.items():
            path = tmp_path / "speech" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if content is None:
                shutil.copy(clip, path)
            else:
                path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path / "speech"

    return make


def rows_of(source, **kwargs):
    """`{file: (speaker, text)}` of what is loaded."""
    rows = load_speech_dataset(source, **kwargs).rows
    return {row["file"]: (row["speaker"], row["text"]) for row in rows.select_columns(["file", "speaker", "text"])}


TWO = {"a.wav": ("anna", "One day in May."), "b.wav": ("ben", "Two days in June.")}


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("metadata.csv", "a.wav|anna|One day in May.\nb.wav|ben|Two days in June.\n"),
        ("metadata.csv", "a.wav|One day in May.|anna\nb.wav|Two days in June.|ben\n"),
        (
            "metadata.csv",
            '"file_name","text","speaker"\n"a.wav","One day in May.","anna"\n"b.wav","Two days in June.","ben"\n',
        ),
        ("metadata.csv", "speaker,text,file_name\nanna,One day in May.,a.wav\nben,Two days in June.,b.wav\n"),
        ("metadata.csv", "audio_file|text|speaker_name\na.wav|One day in May.|anna\nb.wav|Two days in June.|ben\n"),
        (
            "metadata_train.csv",
            "audio_file|text|speaker_name\na.wav|One day in May.|anna\nb.wav|Two days in June.|ben\n",
        ),
        ("metadata.tsv", "a.wav\tanna\tOne day in May.\nb.wav\tben\tTwo days in June.\n"),
        (
            "train.tsv",
            "client_id\tpath\tsentence\tup_votes\nanna\ta.wav\tOne day in May.\t2\nben\tb.wav\tTwo days in June.\t2\n",
        ),
        ("metadata.csv", "file_name;text;speaker\r\na.wav;One day in May.;anna\r\nb.wav;Two days in June.;ben\r\n"),
        ("metadata.csv", "\ufefffile_name,text,speaker\na.wav,One day in May.,anna\nb.wav,Two days in June.,ben\n"),
        (
            "metadata.jsonl",
            '{"file_name": "a.wav", "text": "One day in May.", "speaker": "anna"}\n'
            '{"file_name": "b.wav", "text": "Two days in June.", "speaker": "ben"}\n',
        ),
    ],
)
def test_tables(folder, name, table):
    assert rows_of(folder({"a.wav": None, "b.wav": None, name: table})) == TWO


def test_a_text_of_a_plain_table_may_hold_the_delimiter(folder):
    table = "a.wav|anna|One | two | three.\nb.wav|ben|Two days in June.\n"
    assert rows_of(folder({"a.wav": None, "b.wav": None, "metadata.csv": table})) == {
        "a.wav": ("anna", "One | two | three."),
        "b.wav": ("ben", "Two days in June."),
    }


def test_short_texts_are_not_taken_for_speakers(folder):
    table = "a.wav|Turn left.|anna\nb.wav|Go right.|ben\n"
    assert rows_of(folder({"a.wav": None, "b.wav": None, "metadata.csv": table})) == {
        "a.wav": ("anna", "Turn left."),
        "b.wav": ("ben", "Go right."),
    }


@pytest.mark.parametrize("mark", ["\u2028", "\x85", "\x0c"])
def test_only_new_lines_part_rows(folder, mark):
    table = f"file_name,text\na.wav,One{mark}two.\nb.wav,Three.\n"
    assert rows_of(folder({"a.wav": None, "b.wav": None, "metadata.csv": table})) == {
        "a.wav": ("speech", f"One{mark}two."),
        "b.wav": ("speech", "Three."),
    }


def test_parquet(folder):
    source = folder({"a.wav": None, "b.wav": None})
    table = pa.table(
        {"file_name": list(TWO), "speaker": ["anna", "ben"], "transcription": ["One day in May.", "Two days in June."]}
    )
    pyarrow.parquet.write_table(table, source / "metadata.parquet")
    assert rows_of(source) == TWO


def test_a_speaker_may_be_the_number_0(folder):
    rows = [{"file_name": name, "text": "One.", "speaker": speaker} for speaker, name in enumerate(TWO)]
    source = folder({"a.wav": None, "b.wav": None, "metadata.jsonl": "\n".join(map(json.dumps, rows))})
    assert [speaker for speaker, _ in rows_of(source).values()] == ["0", "1"]
    assert list(rows_of(f"{source}:0")) == ["a.wav"]


def test_a_row_without_a_speaker_is_of_the_one_with_the_name_of_the_dataset(tmp_path, clip):
    columns = {
        "audio": [{"bytes": clip.read_bytes(), "path": name} for name in ("a.wav", "b.wav", None)],
        "text": ["One.", "Two.", "Three."],
        "speaker": [None, "anna", ""],
    }
    rows = Dataset.from_dict(columns).cast_column("audio", Audio(decode=False))
    rows.save_to_disk(str(tmp_path / "mine"))
    loaded = load_speech_dataset(tmp_path / "mine").rows
    assert loaded["speaker"][:] == ["mine", "anna", "mine"]
    assert loaded["file"][:] == ["a.wav", "b.wav", "row 2"]


def test_what_is_neither_a_folder_nor_on_the_hub_says_both(monkeypatch):
    def load_dataset(*args, **kwargs):
        raise datasets.exceptions.DatasetNotFoundError("Dataset 'my_recording' doesn't exist on the Hub")

    monkeypatch.setattr(datasets, "load_dataset", load_dataset)
    with pytest.raises(FileNotFoundError, match=r"no folder 'my_recording'.*doesn't exist on the Hub"):
        load_speech_dataset("my_recording")


def test_a_table_is_a_source_itself(folder):
    source = folder(
        {"a.wav": None, "b.wav": None, "mine.csv": "a.wav|anna|One day in May.\nb.wav|ben|Two days in June.\n"}
    )
    assert rows_of(source / "mine.csv") == TWO
    assert load_speech_dataset(source / "mine.csv").name == "speech"


def test_piper_has_speakers_and_ljspeech_has_not(folder):
    files = {f"wavs/{number}.wav": None for number in range(3)}
    piper = "0|anna|One day in May.\n1|ben|Two days in June.\n2|anna|Three at last.\n"
    assert rows_of(folder({**files, "metadata.csv": piper})) == {
        "wavs/0.wav": ("anna", "One day in May."),
        "wavs/1.wav": ("ben", "Two days in June."),
        "wavs/2.wav": ("anna", "Three at last."),
    }
    ljspeech = "0|In 1465|In fourteen sixty-five\n1|Yes.|Yes.\n2|Dr. No|Doctor No\n"
    assert rows_of(folder({"metadata.csv": ljspeech})) == {
        "wavs/0.wav": ("speech", "In fourteen sixty-five"),
        "wavs/1.wav": ("speech", "Yes."),
        "wavs/2.wav": ("speech", "Doctor No"),
    }


def test_ljspeech_without_a_normalised_text_has_the_other(folder):
    source = folder(
        {"wavs/0.wav": None, "wavs/1.wav": None, "metadata.csv": "0|Yes, sir.|\n1|In 2 days|In two days\n"}
    )
    assert {file: text for file, (_, text) in rows_of(source).items()} == {
        "wavs/0.wav": "Yes, sir.",
        "wavs/1.wav": "In two days",
    }


def test_a_file_that_is_missing_has_the_name_that_the_table_gives_it(folder):
    dataset = load_speech_dataset(folder({"wavs/0.wav": None, "metadata.csv": "0.wav|One.\ngone.wav|Two.\n"}))
    assert [row.file for row in dataset.missing] == ["gone.wav"]


def test_common_voice_names_clips_in_their_folder(folder):
    table = "client_id\tpath\tsentence\nanna\ta.wav\tOne.\n"
    assert rows_of(folder({"clips/a.wav": None, "train.tsv": table})) == {"clips/a.wav": ("anna", "One.")}


def test_a_table_in_each_folder(folder):
    header = "file_name,text\n"
    source = folder(
        {
            "anna/x.wav": None,
            "ben/x.wav": None,
            "anna/metadata.csv": header + "x.wav,One.\n",
            "ben/metadata.csv": header + "x.wav,Two.\n",
            "test/metadata.csv": header + "x.wav,Three.\n",
        }
    )
    assert rows_of(source) == {"anna/x.wav": ("anna", "One."), "ben/x.wav": ("ben", "Two.")}


def test_one_table_in_a_folder_is_of_one_speaker(folder):
    source = folder({"part/x.wav": None, "part/metadata.csv": "file_name,text\nx.wav,One.\n"})
    assert rows_of(source) == {"part/x.wav": ("speech", "One.")}


@pytest.mark.parametrize(("clips", "texts"), [("", ""), ("wav48/", "txt/")])
def test_a_text_beside_each_clip(folder, clips, texts):
    source = folder(
        {
            f"{clips}anna/x.wav": None,
            f"{clips}anna/lost.wav": None,
            f"{clips}ben/y.wav": None,
            f"{texts}anna/x.txt": "One.\n",
            f"{texts}ben/y.txt": "2.",
            f"{texts}ben/y.normalized.txt": "Two.",
        }
    )
    assert rows_of(source) == {f"{clips}anna/x.wav": ("anna", "One."), f"{clips}ben/y.wav": ("ben", "Two.")}


def test_the_text_beside_a_clip_goes_before_others_and_one_of_several_elsewhere_is_no_choice(folder, caplog):
    source = folder(
        {
            "anna/x.wav": None,
            "anna/x.txt": "One.",
            "other/x.normalized.txt": "Another.",
            "anna/y.wav": None,
            "first/y.txt": "Two.",
            "second/y.txt": "Three.",
        }
    )
    assert rows_of(source) == {"anna/x.wav": ("speech", "One.")}
    assert "1 of 2 clips in" in caplog.text


def test_speakers_are_the_outer_folders_of_clips(folder):
    """As in LibriSpeech, whose speakers have a folder for each chapter."""
    files = {"anna/1/x.wav": None, "anna/2/y.wav": None, "ben/3/z.wav": None}
    texts = {name.replace(".wav", ".txt"): "One." for name in files}
    assert {who for who, _ in rows_of(folder({**files, **texts})).values()} == {"anna", "ben"}


def test_vctk_as_it_is_unpacked(folder, caplog):
    files = {
        f"wav48_silence_trimmed/{who}/{who}_001_mic{number}.flac": None
        for who in ("p225", "p226")
        for number in (1, 2)
    }
    texts = {f"txt/{who}/{who}_001.txt": "Please call Stella.\n" for who in ("p225", "p226")}
    source = folder({**files, **texts, "speaker-info.txt": "ID AGE", "wav48_silence_trimmed/log.txt": "log"})
    assert rows_of(source) == {
        f"wav48_silence_trimmed/{who}/{who}_001_mic1.flac": (who, "Please call Stella.") for who in ("p225", "p226")
    }
    assert not caplog.records
    assert [path.name for path in list_recordings(source)] == ["p225_001_mic1.flac", "p226_001_mic1.flac"]


def test_librispeech_as_it_is_unpacked(folder):
    source = folder(
        {
            "dev-clean/19/198/19-198-0000.flac": None,
            "dev-clean/19/198/19-198-0001.flac": None,
            "dev-clean/19/198/19-198.trans.txt": "19-198-0000 NORTHANGER ABBEY\n19-198-0001 I THINK I'M IN IT\n",
            "train-clean-100/26/495/26-495-0000.flac": None,
            "train-clean-100/26/495/26-495.trans.txt": "26-495-0000 CHAPTER ONE\n",
            "SPEAKERS.TXT": "19 | F",
        }
    )
    assert {Path(file).stem: row for file, row in rows_of(source).items()} == {
        "19-198-0000": ("19", "Northanger abbey"),
        "19-198-0001": ("19", "I think I'm in it"),
        "26-495-0000": ("26", "Chapter one"),
    }


def test_libritts_as_it_is_unpacked(folder):
    clips = ("dev-clean/84/121123/84_121123_000007_000001", "test-clean/121/121726/121_121726_000004_000003")
    source = folder(
        {f"{clip}.wav": None for clip in clips}
        | {f"{clip}.original.txt": "In 2 days." for clip in clips}
        | {f"{clip}.normalized.txt": "In two days." for clip in clips}
    )
    assert rows_of(source) == {f"{clip}.wav": (clip.split("/")[1], "In two days.") for clip in clips}


def test_folders_that_links_lead_to_are_read_once(folder, tmp_path):
    source = folder({"anna/x.wav": None, "anna/x.txt": "One."})
    elsewhere = tmp_path / "elsewhere" / "ben"
    elsewhere.mkdir(parents=True)
    shutil.copy(source / "anna" / "x.wav", elsewhere / "y.wav")
    (elsewhere / "y.txt").write_text("Two.")
    try:
        (source / "ben").symlink_to(elsewhere, target_is_directory=True)
        (elsewhere / "round").symlink_to(source, target_is_directory=True)
    except OSError:
        pytest.skip("this system makes no links for its users")
    assert rows_of(source) == {"anna/x.wav": ("anna", "One."), "ben/y.wav": ("ben", "Two.")}


def test_labels_of_audacity_are_a_text(folder):
    source = folder(
        {"x.wav": None, "x.txt": "0.10\t0.20\tOne day\n0.25\t0.40\tin May.\n", "y.wav": None, "y.txt": "1.5 m"}
    )
    assert rows_of(source) == {"x.wav": ("speech", "One day in May."), "y.wav": ("speech", "1.5 m")}


def test_clips_of_another_part_are_not_read(folder):
    names = ("train/x", "test/y")
    source = folder({f"{name}.wav": None for name in names} | {f"{name}.txt": "One." for name in names})
    assert set(rows_of(source)) == {"x.wav"}
    assert set(rows_of(f"{source}?split=test")) == {"y.wav"}


def test_pairs_in_one_folder_are_one_speaker(folder):
    source = folder({"wavs/x.wav": None, "wavs/y.wav": None, "wavs/x.txt": "One.", "wavs/y.lab": "Two."})
    assert rows_of(source) == {"wavs/x.wav": ("speech", "One."), "wavs/y.wav": ("speech", "Two.")}


@pytest.mark.parametrize(("file", "text"), [("memo.m4a", "memo.txt"), ("x.aiff", "x.txt"), ("A.WAV", "A.TXT")])
def test_a_text_beside_what_a_phone_or_a_recorder_wrote(folder, file, text):
    source = folder({file: None, text: "One.\n", "lonely.wav": None})
    assert rows_of(source) == {file: ("speech", "One.")}


@pytest.mark.parametrize(
    ("file", "named"),
    [
        ("ZOOM0001.WAV", "ZOOM0001"),  # what a recorder wrote
        ("wavs/a.wav", "wavs\\a.wav"),  # a table of Windows
        ("u\u0308ber.wav", "\u00fcber.wav"),  # a file of macOS
        ("\u00fcber.wav", "u\u0308ber"),
    ],
)
def test_clips_of_other_systems_are_found(folder, file, named):
    source = folder({file: None, "metadata.csv": f"file_name,text\n{named},One.\n"})
    assert rows_of(source) == {file: ("speech", "One.")}
    (source / "metadata.csv").unlink()
    folder({f"{Path(named.replace(chr(92), '/')).stem}.txt": "Two."})
    assert rows_of(source) == {file: ("speech", "Two.")}


def test_a_table_names_clips_of_a_phone_without_their_suffix(folder):
    assert rows_of(folder({"memo.m4a": None, "metadata.csv": "file_name,text\nmemo,One.\n"})) == {
        "memo.m4a": ("speech", "One.")
    }


@pytest.mark.parametrize("streaming", [False, True])
def test_speakers_that_are_classes_have_their_names(tmp_path, clip, streaming):
    features = Features({"audio": Audio(), "text": Value("string"), "speaker": ClassLabel(names=["anna", "ben"])})
    columns = {
        "audio": [{"bytes": clip.read_bytes(), "path": None}] * 4,
        "text": ["One.", "Two.", "Three.", "Four."],
        "speaker": [1, 0, None, -1],
    }
    saved = Dataset(pa.table(columns, schema=features.arrow_schema))
    saved.save_to_disk(tmp_path / "mine")
    (tmp_path / "parquet").mkdir()
    saved.to_parquet(tmp_path / "parquet" / "train.parquet")
    for name in ("mine", "parquet"):
        rows = list(load_speech_dataset(tmp_path / name, streaming=streaming).rows)
        assert [row["speaker"] for row in rows] == ["ben", "anna", name, name]
        (row,) = load_speech_dataset(f"{tmp_path / name}:ben", streaming=streaming).rows
        assert row["text"] == "One."


@pytest.mark.parametrize("streaming", [False, True])
def test_save_to_disk(tmp_path, clip, streaming):
    columns = {"audio": [{"bytes": clip.read_bytes(), "path": "a.wav"}], "text": ["One."], "speaker": ["anna"]}
    rows = Dataset.from_dict(columns)
    rows._info.features["audio"] = Audio(decode=True)  # as datasets of the Hub have it; encoding asks for torchcodec
    rows.save_to_disk(tmp_path / "one")
    DatasetDict({"train": rows, "dev": rows}).save_to_disk(tmp_path / "parts")
    for source in (tmp_path / "one", tmp_path / "parts", f"{tmp_path / 'parts'}?split=dev"):
        (row,) = list(load_speech_dataset(source, streaming=streaming).rows)
        assert (row["speaker"], row["text"], row["audio"]["bytes"]) == ("anna", "One.", clip.read_bytes())
        assert set(row) == set(COLUMNS)
    with pytest.raises(ValueError, match=r"has the splits train, dev.*\?split=train"):
        load_speech_dataset(f"{tmp_path / 'parts'}?split=test")


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (
            "file_name,text\na.wav,One.\n" + 'a.wav,"Two.\n' + "a.wav,Three.\n" * 400,
            "Line 3 .* swallows the 400 lines",
        ),
        ('file_name,text\na.wav,"One.\na.wav,Two.\na.wav,"Three."\n', "Line 2 .* swallows"),
        ('file_name,text\na,"One.\nb,Two.\n', "Line 2 .* swallows the 1 lines"),
        ('file_name,text\na.wav,"One.\nb.wav,Two."\n', "Line 2 .* swallows the 1 lines"),
        ("file_name,text\na.wav,One, two.\n", "Line 2 .* has 3 columns, and the header has 2"),
        ("file_name,utterance\na.wav,One.\n", r"columns \['file_name', 'utterance'\].*SOURCE\?file=COLUMN"),
        ("a.wav|x|One.|anna\n", "4 columns and no header"),
        ("file_name,text\na.wav,Café.\n".encode("utf-16"), "Line 1 .* UTF-16"),
        ("file_name,text\na.wav,Café.\n".encode("utf-16-le"), "Line 1 .* UTF-16"),
        ("file_name,text\na.wav,Caf\xe9.\n".encode("latin-1"), "Line 2 .* Latin-1"),
        ("", "has no rows"),
        ("b.wav|One.\nc.wav|Two.\n", "None of the 2 audio files .*b.wav"),
    ],
)
def test_a_table_that_cannot_be_read_says_where(folder, table, message):
    source = folder({"a.wav": None, "metadata.csv": table})
    with pytest.raises(ValueError, match=message) as error:
        load_speech_dataset(source)
    assert "\n" not in str(error.value)
    assert str(source) in str(error.value)


def test_quotes_that_belong_there_are_read(folder):
    files = {"a.wav": None, "b.wav": None}
    several_lines = 'file_name,text\na.wav,"One, ""two"",\nthree."\nb.wav,Four "five" six.\n'
    expected = {"a.wav": ("speech", 'One, "two",\nthree.'), "b.wav": ("speech", 'Four "five" six.')}
    assert rows_of(folder({**files, "metadata.csv": several_lines})) == expected
    bars = 'file_name|text\na.wav|"One, two.\nb.wav|"Three."\n'
    expected = {"a.wav": ("speech", '"One, two.'), "b.wav": ("speech", "Three.")}
    assert rows_of(folder({"metadata.csv": bars})) == expected


def test_a_broken_line_of_json(folder):
    source = folder({"a.wav": None, "metadata.jsonl": '{"file_name": "a.wav", "text": "One."}\n{"file_name"\n'})
    with pytest.raises(ValueError, match="Line 2"):
        load_speech_dataset(source)


def test_what_is_cached_of_a_dataset_is_that_of_its_files_texts_and_speakers(folder, tmp_path, clip):
    table = "a.wav|anna|One.\nb.wav|ben|Two.\n"
    source = folder({"a.wav": None, "b.wav": None, "metadata.csv": table})

    def fingerprint(source=source):
        return load_speech_dataset(source).rows._fingerprint

    first = fingerprint()
    assert fingerprint() == first
    seen = {first}
    for changed in (table.replace("One", "Won"), table.replace("ben", "bob")):
        folder({"metadata.csv": changed})
        seen.add(fingerprint())
    folder({"metadata.csv": table})
    os.utime(source / "a.wav", (1, 1))  # another recording of that size
    seen.add(fingerprint())
    assert len(seen) == 4
    # of a dataset of the library those of its columns that are asked for
    columns = {"audio": [{"bytes": clip.read_bytes(), "path": "a.wav"}]}
    columns |= {name: [name] for name in ("text", "raw", "speaker", "who")}
    Dataset.from_dict(columns).cast_column("audio", Audio(decode=False)).save_to_disk(tmp_path / "saved")
    saved = tmp_path / "saved"
    assert len({fingerprint(source) for source in (saved, f"{saved}?text=raw", f"{saved}?speaker=who")}) == 3


def test_files_are_excluded_by_their_names_without_a_suffix(folder):
    source = folder({"a.wav": None, "b.wav": None, "metadata.csv": "a.wav|anna|One day.\nb.wav|ben|Two days.\n"})
    assert set(rows_of(source, exclude_files=["a", "*.wav"])) == {"b.wav"}


def test_files_that_are_missing_of_others_do_not_count(folder):
    source = folder({"a.wav": None, "metadata.csv": "a.wav|anna|One day.\ngone.wav|ben|Two days.\n"})
    assert [row.speaker for row in load_speech_dataset(source).missing] == ["ben"]
    assert load_speech_dataset(f"{source}:anna").missing == []


# datasets 4.0 gets as far as the columns
def test_a_folder_of_something_else_says_what_it_holds(folder):
    with pytest.raises(ValueError, match=r"holds a.wav, notes.md, and a metadata.csv with|a column of transcripts"):
        load_speech_dataset(folder({"a.wav": None, "notes.md": "# Notes"}))


def test_a_folder_whose_name_is_a_pattern_is_to_be_renamed(folder, clip):
    source = folder({"take [1]/notes.md": "# Notes"}) / "take [1]"
    rows = Dataset.from_dict({"audio": [{"bytes": clip.read_bytes(), "path": "a.wav"}], "text": ["One."]})
    rows.to_parquet(source / "train.parquet")
    with pytest.raises(ValueError, match=r"takes for a pattern: rename the folder"):
        load_speech_dataset(source)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a/b?config=en", DatasetSpec("a/b", options={"config": "en"})),
        ("a/b?split=dev&text=raw:ann,bob=2", DatasetSpec("a/b", ("ann", "bob"), 2.0, {"split": "dev", "text": "raw"})),
    ],
)
def test_options(text, expected):
    assert DatasetSpec.parse(text) == expected


def test_a_folder_may_have_a_colon_in_its_name(folder):
    source = folder({"take: one/a.wav": None, "take: one/metadata.csv": "a.wav|One.\n"}) / "take: one"
    assert DatasetSpec.parse(f"{source}=2") == DatasetSpec(str(source), weight=2.0)
    assert DatasetSpec.parse(f"{source}:ann=2") == DatasetSpec(str(source), ("ann",), 2.0)


@pytest.mark.parametrize("text", ["a/b?lang=en", "a/b?config", "a/b?"])
def test_unknown_options_name_the_known(text):
    with pytest.raises(ValueError, match="config, split, revision, audio, file, text, speaker"):
        DatasetSpec.parse(text)


def test_columns_of_other_names(folder):
    table = "clip,said,who\na.wav,One day in May.,anna\nb.wav,Two days in June.,ben\n"
    source = folder({"a.wav": None, "b.wav": None, "metadata.csv": table})
    assert rows_of(f"{source}?file=clip&text=said&speaker=who") == TWO
    with pytest.raises(ValueError, match="text=spoken"):
        load_speech_dataset(f"{source}?file=clip&text=spoken")
    # also where a text goes over several lines
    folder({"metadata.csv": 'clip,said\na.wav,"One day,\nin May, yes."\n'})
    with pytest.raises(ValueError, match="file=wrong"):
        load_speech_dataset(f"{source}?file=wrong&text=said")


def test_config_split_and_columns_of_the_hub(monkeypatch, clip):
    rows = Dataset.from_dict({"sound": [{"bytes": clip.read_bytes(), "path": "a.wav"}], "said": ["One."], "who": [7]})
    asked = []
    monkeypatch.setattr("datasets.load_dataset", lambda source, **kwargs: asked.append((source, kwargs)) or rows)
    loaded = rows_of("me/set?config=en&split=dev&revision=a1b2&audio=sound&text=said&speaker=who")
    assert asked == [("me/set", {"split": "dev", "streaming": False, "name": "en", "revision": "a1b2"})]
    assert loaded == {"a.wav": ("7", "One.")}


def test_an_unnamed_config_names_the_remedy(monkeypatch):
    def refuse(*args, **kwargs):
        raise ValueError("Config name is missing. Please pick one among: ['de', 'en'].")

    monkeypatch.setattr("datasets.load_dataset", refuse)
    with pytest.raises(ValueError, match=r"\['de', 'en'\].*me/set\?config=CONFIG"):
        load_speech_dataset("me/set")


def test_filters_may_leave_missing_files_only(folder, tiny_checkpoint, tmp_path):
    from gpt2tts import GPT2TTSConfig, GPT2TTSProcessor

    source = folder({"a.wav": None, "metadata.csv": "a.wav|anna|One.\ngone.wav|ben|Two.\n"})
    processor = GPT2TTSProcessor.from_pretrained(tiny_checkpoint)
    with pytest.raises(ValueError, match="1 of 1 audio files of dataset 'speech' are missing"):
        prepare_speech_data(
            [f"{source}:ben"], processor, GPT2TTSConfig.from_preset("tiny"), cache_dir=tmp_path / "cache"
        )
