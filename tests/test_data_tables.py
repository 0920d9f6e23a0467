"""Any table of transcripts either gives every row or names the one that it cannot read."""

import csv
import io
import re

import pytest

pytest.importorskip("hypothesis", reason="needs hypothesis")

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gpt2tts.data.transcripts import read_transcripts

SETTINGS = settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

# what tables are torn by, among ordinary letters
characters = st.sampled_from("ab \"',;|\t\r\n.\u2028\x85é𝄞\ufeff")
texts = st.text(characters, max_size=12)
files = st.sampled_from(["a.wav", "b.wav", "gone.wav", "a", "c d.flac"])
rows = st.lists(st.tuples(files, texts), min_size=1, max_size=6)


def words(text: str) -> list[str]:
    return text.split()


def read(folder, content: str | bytes):
    """The rows of a table; or `None` and the message, which is one line that names the table."""
    (folder / "metadata.csv").write_bytes(content.encode() if isinstance(content, str) else content)
    try:
        return read_transcripts(folder, "speech")[1], ""
    except ValueError as error:
        message = str(error)
    assert str(folder / "metadata.csv") in message
    assert "\n" not in message
    return None, message


@SETTINGS
@given(rows=rows, delimiter=st.sampled_from(",;"), newline=st.sampled_from(["\n", "\r\n"]), bom=st.booleans())
def test_what_a_csv_writer_wrote_is_read_whole(tmp_path, rows, delimiter, newline, bom):
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter, lineterminator=newline)
    writer.writerows([("file_name", "text"), *rows])
    entries, message = read(tmp_path, "\ufeff" * bom + file.getvalue())
    if entries is None:
        assert re.search(r"Line \d+ ", message)
        return
    assert [entry.file for entry in entries] == [file for file, _ in rows]
    assert [words(entry.text) for entry in entries] == [words(text) for _, text in rows]


@SETTINGS
@given(rows=rows, delimiter=st.sampled_from("|\t"), header=st.booleans(), newline=st.sampled_from(["\n", "\r\n"]))
def test_what_was_joined_by_hand_is_read_whole(tmp_path, rows, delimiter, header, newline):
    lines = [delimiter.join(("file_name", "text"))] * header
    lines += [f"{file}{delimiter}{text}" for file, text in rows]
    entries, _ = read(tmp_path, newline.join(lines) + newline)
    # of a text with another delimiter in it nobody can tell which is meant
    if entries is not None and not any(re.search(r"[\r\n\t|]", text) for _, text in rows):
        assert [entry.file for entry in entries] == [file for file, _ in rows]


@SETTINGS
@given(content=st.binary(max_size=60) | st.text(characters, max_size=60).map(str.encode))
def test_no_table_breaks_the_reader(tmp_path, content):
    entries, message = read(tmp_path, content)
    assert entries or message


def test_a_clip_that_is_named_twice_is_there_twice(tmp_path):
    entries, _ = read(tmp_path, "file_name,text\na.wav,One.\na.wav,Two.\n")
    assert [(entry.file, entry.text) for entry in entries] == [("a.wav", "One."), ("a.wav", "Two.")]
