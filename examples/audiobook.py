"""
A book to an MP3 with chapters, and subtitles beside it.

    python examples/audiobook.py book.txt book.mp3 --voice george

A line such as "Chapter 1" or "# The beginning" starts a chapter. Needs `pip install av`, which writes the chapters.
"""

import argparse
import re
from fractions import Fraction
from pathlib import Path

import av
from tqdm import tqdm

from gpt2tts import Synthesizer
from gpt2tts.audio import AudioWriter
from gpt2tts.timestamps import Cue, shift_words, write_subtitles

HEADING = re.compile(r"^(?:#+ *(.+)|(chapter +\w+.*))$", re.IGNORECASE | re.MULTILINE)


def split_chapters(text: str) -> list[tuple[str, str]]:
    """Title and text of each chapter; what comes before the first heading has the title "Beginning"."""
    pieces = HEADING.split(text)
    chapters = [("Beginning", pieces[0])]
    for marked, spelled, body in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
        title = (marked or spelled).strip()
        chapters.append((title, f"{title}.\n\n{body}"))
    return [(title, body) for title, body in chapters if any(map(str.isalnum, body))]


def main(argv: list[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("book", type=Path, help="text file, UTF-8")
    parser.add_argument("output", type=Path, help="an .mp3 file; the subtitles become an .srt file beside it")
    parser.add_argument("--voice", help="name, blend or recording")
    parser.add_argument("--model", help="checkpoint; default: the embedded one")
    args = parser.parse_args(argv)
    if not args.book.is_file():
        parser.error(f"there is no file {str(args.book)!r}")
    if args.output.suffix.lower() != ".mp3":
        parser.error(f"{str(args.output)!r} has to end in .mp3: what is written is one")

    try:
        chapters = split_chapters(args.book.read_text("utf-8-sig"))
    except UnicodeDecodeError as error:
        parser.error(f"{str(args.book)!r} is not UTF-8 ({error}): convert it first, such as by iconv")
    if not chapters:
        parser.error(f"{str(args.book)!r} holds nothing to speak")

    synthesizer = Synthesizer.from_pretrained(args.model)
    rate = synthesizer.sampling_rate
    plain = args.output.with_suffix(".part.mp3")
    cues, starts, titles = [], [], []
    with AudioWriter(plain, rate) as writer:
        for title, text in tqdm(chapters, unit="chapter"):
            titles.append(title)
            starts.append(writer.num_samples / rate)
            for chunk in synthesizer.stream(text, args.voice, seed=0):
                cues.append(Cue(chunk.text, shift_words(chunk.words, writer.num_samples / rate)))
                writer.write(chunk.waveform)
    write_subtitles(args.output.with_suffix(".srt"), cues)

    # FFmpeg copies the sound and writes the chapters before it
    with av.open(plain) as source, av.open(args.output, "w") as target:
        stream = target.add_stream_from_template(source.streams.audio[0])
        target.metadata["title"] = args.book.stem
        target.set_chapters(
            [
                {
                    "id": number,
                    "start": round(1000 * start),
                    "end": round(1000 * end),
                    "time_base": Fraction(1, 1000),
                    "metadata": {"title": title},
                }
                for number, (title, start, end) in enumerate(
                    zip(titles, starts, [*starts[1:], writer.num_samples / rate], strict=True)
                )
            ]
        )
        for packet in source.demux(audio=0):
            if packet.dts is not None:  # the last one is empty
                packet.stream = stream
                target.mux(packet)
    plain.unlink()


if __name__ == "__main__":
    main()
