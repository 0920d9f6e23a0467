"""The command `gpt2tts`."""

import codecs
import logging
import os
import re
import secrets
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from enum import Enum
from importlib import import_module
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple
from urllib.parse import urlsplit

import typer

from .errors import UsageError, one_line, packages_of, wrong_value
from .finetune import finetune
from .prepare import prepare

if TYPE_CHECKING:
    from ..base_synthesizer import BaseSynthesizer
    from ..speech_chunks import SpeechChunk

# torch and transformers take seconds to import: the commands do so themselves, `--help` and usage errors come at once

PROGRAM = "gpt2tts"
USAGE_ERROR, RUNTIME_ERROR = 2, 1
# how files begin that hold text and are none
DOCUMENTS = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a document, a book or an archive (.docx, .odt, .epub, .zip)",
    b"\xd0\xcf\x11\xe0": "a document (.doc)",
    b"{\\rtf": "a document (.rtf)",
}

app = typer.Typer(
    name=PROGRAM,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

ModelOption = Annotated[
    str | None,
    typer.Option("--model", "-m", metavar="FOLDER|HUB_ID", help="Checkpoint. Default: the embedded one."),
]
DeviceOption = Annotated[
    str | None,
    typer.Option(
        help="Where PyTorch runs: cpu, cuda, cuda:1, mps. Default: ONNX Runtime speaks on the CPU where it can, else the GPU "
        "where there is one."
    ),
]


class Engine(str, Enum):
    """What may run the acoustic model."""

    ONNX = "onnx"
    TORCH = "torch"


EngineOption = Annotated[
    Engine | None,
    typer.Option(
        help="What runs the acoustic model: ONNX Runtime, on the CPU alone, or PyTorch. Default: ONNX Runtime where it can.",
        show_default=False,
    ),
]


def _print_version(value: bool) -> None:
    if value:
        typer.echo(f"{PROGRAM} {version(PROGRAM)}")
        raise typer.Exit


@app.callback()
def _options(
    show_version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks. Understood at any place.")] = False,
) -> None:
    """
    Text to speech with a GPT-2 backbone.

    \b
    Examples:
      gpt2tts speak "Good morning." -o morning.wav
      gpt2tts speak --file chapter.txt --voice my_recording.wav -o chapter.flac
      echo "Good morning." | gpt2tts speak -o - | aplay
      gpt2tts voices
      gpt2tts serve
    """


# words after the text are not click's to refuse: it would not say what to do
@app.command(context_settings={"allow_extra_args": True})
def speak(
    context: typer.Context,
    text: Annotated[str | None, typer.Argument(help="What to say. Default, or with '-': standard input.")] = None,
    file: Annotated[
        Path | None, typer.Option("--file", "-f", help="Read the text from a file (UTF-8).", show_default=False)
    ] = None,
    output: Annotated[
        str,
        typer.Option(
            "--output", "-o", metavar="FILE", help="A .wav, .flac, .ogg, .opus or .mp3 file, or '-': standard output."
        ),
    ] = "speech.wav",
    voice: Annotated[
        list[str] | None,
        typer.Option(
            "--voice",
            "-v",
            metavar="NAME|CLIP",
            help="A voice of the checkpoint, a blend of them as in 'ann(2)+bob(1)', a recording of the speaker or a "
            "folder of such, or an exported .safetensors voice. Given several times, their mean.",
            show_default=False,
        ),
    ] = None,
    model: ModelOption = None,
    vocoder: Annotated[
        str | None,
        typer.Option(
            metavar="FOLDER|HUB_ID", help="Vocoder, or 'griffin-lim'. Default: the one that the checkpoint names."
        ),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, help="Same text, voice and seed: same speech. Default: a new one.")
    ] = None,
    speed: Annotated[float, typer.Option(min=0.5, max=2.0, help="Rate of speech; the pitch stays.")] = 1.0,
    pitch_shift: Annotated[
        float, typer.Option(min=-12.0, max=12.0, help="Semitones by which the voice is higher; the rate stays.")
    ] = 0.0,
    british: Annotated[
        bool | None,
        typer.Option("--british/--american", help="Pronunciation. Default: the voice's own.", show_default=False),
    ] = None,
    lexicon: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Pronunciations, lines of WORD<tab>PHONEMES.")
    ] = None,
    letters: Annotated[bool, typer.Option("--letters", help="Read letters, not phonemes.")] = False,
    normalize: Annotated[bool, typer.Option(help="Spell out numbers, abbreviations and symbols.")] = True,
    prenet_dropout: Annotated[
        float | None,
        typer.Option(
            min=0.0,
            max=1.0,
            help="How much the speech differs from seed to seed. Default: the checkpoint's.",
            show_default=False,
        ),
    ] = None,
    max_frames_per_token: Annotated[
        float | None,
        typer.Option(
            min=1.0, help="Longest speech, in frames a token. Default: the checkpoint's.", show_default=False
        ),
    ] = None,
    subtitles: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write when each word is said: a .srt, .vtt or .json file."),
    ] = None,
    device: DeviceOption = None,
    engine: EngineOption = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print only errors.")] = False,
) -> None:
    """
    Speak text of any length.

    \b
    Examples:
      gpt2tts speak "Good morning." -o morning.wav
      gpt2tts speak "Good morning." --voice my_recording.wav --seed 7
      gpt2tts speak --file book.txt -o book.flac --speed 1.2 --subtitles book.srt
      gpt2tts speak -o - < poem.txt | aplay
    """
    if context.args:
        raise UsageError(
            f"The text ends at the first space: put quotes around it ({' '.join(context.args)!r} is left over)."
        )
    if letters and lexicon is not None:
        raise UsageError("--letters reads no phonemes, which --lexicon has: leave one of them out.")
    content = _read_text(text, file)
    _check_output(output)
    if subtitles is not None:
        _check_file("--subtitles", subtitles, (".srt", ".vtt", ".json"))
        if file is not None and file.exists() and subtitles.exists() and os.path.samefile(subtitles, file):
            raise UsageError(f"--subtitles: {str(file)!r} is the text itself, and would be replaced: choose another.")
    if not quiet and text is not None and os.path.isfile(text):
        typer.echo(f"{text!r} is spoken as a text, and is the name of a file too, which --file reads.", err=True)
    _check_recordings(voice or ())
    synthesizer = _load(model, vocoder, device, engine, quiet=quiet)
    # a voice of the model goes before a file or folder of its name
    others = [name for name in voice or () if name not in synthesizer.voices]
    _check_kept(output, others)
    tells_of_matching = not quiet and any(map(_is_recorded, others))
    if tells_of_matching:
        _tell_of_matching()
    if lexicon is not None:
        with wrong_value():
            synthesizer.add_lexicon(lexicon)
    synthesizer.prenet_dropout, synthesizer.max_frames_per_token = prenet_dropout, max_frames_per_token

    seed = secrets.randbelow(2**32) if seed is None else seed
    start = time.perf_counter()
    with wrong_value():
        chunks = synthesizer.stream(
            content,
            voice[0] if voice and len(voice) == 1 else voice or None,
            seed=seed,
            speed=speed,
            pitch_shift=pitch_shift,
            british=british,
            phonemes=False if letters else None,
            normalize=normalize,
        )
    if tells_of_matching:
        typer.echo(f"Matched in {time.perf_counter() - start:.1f} s.", err=True)
        start = time.perf_counter()
    speech = _write_speech(chunks, output, synthesizer.sampling_rate, subtitles, quiet=quiet)
    if not quiet:
        took = time.perf_counter() - start
        name = "standard output" if output == "-" else output
        typer.echo(f"{name}: {speech.seconds:.1f} s of speech, made in {took:.1f} s (seed {seed})", err=True)
        if speech.num_cut:
            typer.echo(
                f"{speech.num_cut} of {speech.num_parts} parts did not end by themselves and were cut: try another --seed.",
                err=True,
            )


@app.command()
def voices(model: ModelOption = None) -> None:
    """
    List the voices of a checkpoint.

    \b
    Examples:
      gpt2tts voices
      gpt2tts voices --model runs/mine/best
    """
    synthesizer = _load(model)
    default = synthesizer.config.default_voice
    for name in synthesizer.voices:
        notes = ["default"] * (name == default) + ["British"] * synthesizer.is_british(name)
        typer.echo(f"{name} ({', '.join(notes)})" if notes else name)
    if not synthesizer.voices:
        typer.echo("This checkpoint has no named voice: speak with --voice RECORDING.", err=True)


@app.command("export-voice")
def export_voice(
    clips: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="CLIP...",
            help="Recordings of the speaker, of a few seconds each, or a folder of them: the voice is their mean. Or a blend "
            "of voices.",
            show_default=False,
        ),
    ] = None,
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", help="Name of the voice: letters, digits, '_' and '-'.", show_default=False),
    ] = None,
    model: ModelOption = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="Voice file to write. Default: voices/NAME.safetensors in the checkpoint."
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a voice of that name.")] = False,
    device: DeviceOption = None,
) -> None:
    """
    Make a voice of recordings or of a blend of voices, so that it has a name.

    \b
    Examples:
      gpt2tts export-voice my_recording.wav me
      gpt2tts speak "Good morning." --voice me
      gpt2tts export-voice my_recordings me -o me.safetensors
      gpt2tts export-voice "ann(2)+bob(1)" both
    """
    if not clips or name is None:
        # the last argument is NAME to the parser: a recording there means that NAME was left out
        is_name = name is not None and not os.path.exists(name) and re.fullmatch(r"[\w-]+", name)
        missing = "CLIP and NAME are" if name is None else "CLIP is" if is_name else "NAME is"
        raise UsageError(
            f"{missing} missing: {PROGRAM} export-voice {'my_recording.wav' if is_name or not name else name} me"
        )
    if not re.fullmatch(r"[\w-]+", name):
        raise UsageError(f"NAME may hold letters, digits, '_' and '-', and {name!r} holds others: choose another.")
    for clip in clips:
        is_file_name = re.search(r"[/\\]|\.\w+$", clip)
        if is_file_name and not Path(clip).exists():
            raise UsageError(
                f"There is no recording {clip!r}: pass the path of an audio file, or of a folder of such."
            )
    if output is None:
        from ..synthesis import EMBEDDED_CHECKPOINT

        folder = EMBEDDED_CHECKPOINT if model is None else Path(model)
        if not folder.is_dir() or not os.access(folder, os.W_OK):
            raise UsageError(f"Voices cannot be added to {str(folder)!r}: choose a file with --output.")
        (folder / "voices").mkdir(exist_ok=True)
        output = folder / "voices" / f"{name}.safetensors"
    _check_file("--output", output, (".safetensors",))
    if output.exists() and not force:
        raise UsageError(f"{str(output)!r} exists: replace it with --force, or choose another name.")
    _check_recordings(clips)
    synthesizer = _load(model, device=device)
    if any(map(_is_recorded, clips)):
        _tell_of_matching()

    from ..matched_voices_gpt2tts import write_voice

    with wrong_value():
        latents = synthesizer.load_voice(clips)
    write_voice(output, latents)
    typer.echo(str(output))


@app.command("export-checkpoint")
def export_checkpoint(
    folder: Annotated[Path, typer.Argument(help="Folder to write. It must not exist.")],
    model: Annotated[
        Path | None, typer.Option("--model", "-m", metavar="FOLDER", help="Checkpoint. Default: the embedded one.")
    ] = None,
) -> None:
    """
    Copy a checkpoint so that it is whole wherever it goes: zipped, on a system without links, to the Hub.

    \b
    Examples:
      gpt2tts export-checkpoint my_model
      gpt2tts export-checkpoint --model broken_copy my_model
    """
    from ..publishing.checkpoint_files import copy_checkpoint
    from ..synthesis import EMBEDDED_CHECKPOINT

    with wrong_value():
        typer.echo(str(copy_checkpoint(model or EMBEDDED_CHECKPOINT, folder)))


def _hand_over(command: str, module: str, extra: str, summary: str) -> None:
    """Adds a command whose arguments all go to the `main` of a script."""

    def run(context: typer.Context) -> None:
        with packages_of(command, extra):
            script = import_module(f"{PROGRAM}.{module}")
        sys.argv = [f"{PROGRAM} {command}", *context.args]
        raise typer.Exit(script.main() or 0)

    run.__doc__ = summary
    # `--help` is the script's own
    settings = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
    app.command(command, context_settings=settings, add_help_option=False)(run)


_hand_over("train", "train_accelerate", "train", "Train or fine-tune a model (see `train --help`).")
_hand_over("train-vocoder", "train_vocoder", "train", "Train a vocoder (see `train-vocoder --help`).")
app.command()(prepare)
app.command()(finetune)
_hand_over("evaluate", "evaluate_gpt2tts", "eval", "Measure a checkpoint (see `evaluate --help`).")


@app.command()
def push(
    folder: Annotated[Path, typer.Argument(help="Checkpoint: what save_pretrained wrote.")],
    repo_id: Annotated[str, typer.Argument(help="Repository on the Hugging Face Hub: USER/NAME.")],
    message: Annotated[str, typer.Option(help="Commit message.")] = "Upload GPT2TTS",
    private: Annotated[bool, typer.Option("--private", help="Make a new repository private.")] = False,
    report: Annotated[
        Path | None,
        typer.Option(metavar="REPORT.JSON", help="Put the figures of an evaluation into the model card first."),
    ] = None,
    space: Annotated[
        bool, typer.Option("--space", help="Make a Space of that name, too: a page in the browser that speaks by it.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check the folder and list its files, no more.")] = False,
) -> None:
    """
    Upload a checkpoint, its code, voices, vocoder and card to the Hugging Face Hub.

    \b
    Examples:
      gpt2tts push runs/mine/best me/my-voice --dry-run
      hf auth login && gpt2tts push runs/mine/best me/my-voice --private
      gpt2tts push runs/mine/best me/my-voice --report report/report.json
      gpt2tts push runs/mine/best me/my-voice --space
    """
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", repo_id):
        raise UsageError(f"REPO_ID must have the form USER/NAME, got {repo_id!r}.")
    if report is not None and not report.is_file():
        raise UsageError(f"--report: there is no file {str(report)!r}: pass the report.json of an evaluation.")
    if space and private:
        raise UsageError("--space: a page cannot read a private model: leave --private or --space out.")

    with packages_of("push"):
        from ..publishing.checkpoint_files import files_to_push
        from ..publishing.hub import push_folder
        from ..publishing.model_card import add_report, name_repository
        from ..publishing.space import write_space

    with wrong_value():
        files = files_to_push(folder)
        if report is not None and not dry_run:
            add_report(folder / "README.md", report)
    if dry_run:
        _list_files(folder, files)
    else:
        name_repository(folder / "README.md", repo_id)
        typer.echo(push_folder(folder, repo_id, commit_message=message, private=private).commit_url)
    if not space:
        return
    with tempfile.TemporaryDirectory() as page:
        write_space(page, repo_id)
        if dry_run:
            typer.echo("and in the Space:")
            _list_files(Path(page), sorted(Path(page).iterdir()))
        else:
            typer.echo(push_folder(page, repo_id, commit_message=message, repo_type="space").commit_url)


def _list_files(folder: Path, files: list[Path]) -> None:
    for file in files:
        typer.echo(f"{file.stat().st_size:>12,}  {file.relative_to(folder)}")


@app.command()
def serve(
    model: ModelOption = None,
    vocoder: Annotated[str | None, typer.Option(metavar="FOLDER|HUB_ID", help="As for speak.")] = None,
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for the whole network.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 for any.")] = 7860,
    wyoming: Annotated[
        str | None, typer.Option(metavar="tcp://HOST:PORT", help="Listen there for Home Assistant too.")
    ] = None,
    voices_folder: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Take voices, and keep them there. Default: take none.")
    ] = None,
    cors_origin: Annotated[
        list[str] | None,
        typer.Option(metavar="ORIGIN", help="Site whose pages may ask, such as https://example.org; repeatable."),
    ] = None,
    max_requests: Annotated[int, typer.Option(min=1, help="Requests at once; more are told to come again.")] = 32,
    max_characters: Annotated[int, typer.Option(min=1, help="Longest text of a request.")] = 4096,
    time_limit: Annotated[float, typer.Option(min=1, help="Seconds that a request may take.")] = 600.0,
    device: DeviceOption = None,
    engine: EngineOption = None,
) -> None:
    """
    Speak over HTTP: a page to try voices in the browser, OpenAI's speech API at /v1, Wyoming.

    With the environment variable GPT2TTS_API_KEY set, requests have to name that key.

    \b
    Examples:
      gpt2tts serve
      gpt2tts serve --model runs/mine/best --port 8080
      gpt2tts serve --voices-folder my_voices --wyoming tcp://127.0.0.1:10200
      GPT2TTS_API_KEY=secret gpt2tts serve --host 0.0.0.0
    """
    with packages_of("serve", "demo", "serve"):
        import gradio  # noqa: F401

    # before a model is loaded
    _check_address("--port", host, port)
    if wyoming is not None:
        _check_address("--wyoming", *_parse_wyoming(wyoming))
    if voices_folder is not None and voices_folder.exists() and not voices_folder.is_dir():
        raise UsageError(f"--voices-folder: {str(voices_folder)!r} is a file: choose a folder.")

    synthesizer = _load(model, vocoder, device, engine)
    if engine is Engine.ONNX and hasattr(synthesizer, "model"):
        from ..onnx_engine_gpt2tts import load_decoder

        with wrong_value():  # before the first request, not at it
            load_decoder(synthesizer.model, required=True)

    from ..serving.server import API_KEY_VARIABLE, ServerSettings
    from ..serving.server import serve as serve_forever

    settings = ServerSettings(
        host=host,
        port=port,
        api_key=os.environ.get(API_KEY_VARIABLE) or None,
        cors_origins=cors_origin or (),
        voices_folder=voices_folder,
        wyoming=wyoming,
        max_requests=max_requests,
        max_characters=max_characters,
        time_limit=time_limit,
    )
    with wrong_value():
        serve_forever(synthesizer, settings)


def _read(chunks: "Iterable[SpeechChunk]") -> "Iterator[SpeechChunk]":
    """The chunks. A text is read as it is spoken, so that what is wrong with it may show only here."""
    with wrong_value():
        yield from chunks


class _Speech(NamedTuple):
    """What was written: its length, its parts, and how many of them were cut."""

    seconds: float
    num_parts: int
    num_cut: int


def _write_speech(
    chunks: Iterator["SpeechChunk"], output: str, sampling_rate: int, subtitles: Path | None, *, quiet: bool
) -> _Speech:
    """Writes speech as it is made, and when each word is said."""
    from tqdm import tqdm

    from ..audio import AudioWriter
    from ..timestamps import Cue, shift_words, write_subtitles

    done, num_parts, num_cut = 0.0, 0, 0
    cues = []
    with (
        AudioWriter(output, sampling_rate) as writer,
        # drawn where a person watches
        tqdm(total=100, unit="%", bar_format="{l_bar}{bar}| {elapsed}<{remaining}", disable=quiet or None) as bar,
    ):
        for chunk in _read(chunks):
            if subtitles is not None:
                cues.append(Cue(chunk.text, shift_words(chunk.words, writer.num_samples / chunk.sampling_rate)))
            writer.write(chunk.waveform)
            bar.update(100 * (chunk.progress - done))
            done = chunk.progress
            num_parts, num_cut = num_parts + 1, num_cut + (not chunk.stopped)
    if subtitles is not None:
        write_subtitles(subtitles, cues)
    return _Speech(writer.num_samples / sampling_rate, num_parts, num_cut)


def _read_text(text: str | None, file: Path | None) -> str:
    if text not in (None, "-") and file is not None:
        raise UsageError("Pass the text or --file, not both.")
    if file is not None and str(file) != "-":
        try:
            content = file.read_bytes()
        except OSError as error:
            raise UsageError(f"{str(file)!r} cannot be read: {error.strerror}.") from error
    elif text not in (None, "-"):
        content = text.encode("utf-8", "surrogateescape")
    elif sys.stdin is None or sys.stdin.isatty():  # closed, as some launchers do
        raise UsageError(f'There is no text: {PROGRAM} speak "Good morning.", --file FILE, or standard input.')
    else:
        content = sys.stdin.buffer.read()
    for begin, kind in DOCUMENTS.items():
        if content.startswith(begin):
            raise UsageError(f"The text is {kind}: save it as plain text in UTF-8 first, and pass that.")
    try:
        decoded = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        is_utf16 = content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
        encoding = "UTF-16" if is_utf16 else "LATIN1"
        raise UsageError(
            f"The text is not UTF-8 ({error.reason} at byte {error.start}): convert it first, such as by "
            f"`iconv -f {encoding} -t UTF-8 {file or 'FILE'}`."
        ) from error
    if "\0" in decoded:
        raise UsageError(
            "The text holds bytes of zero, as UTF-16 and files that are no text do: pass UTF-8, such as of "
            f"`iconv -f UTF-16LE -t UTF-8 {file or 'FILE'}`."
        )
    if not any(character.isalnum() for character in decoded):
        raise UsageError(f"The text holds nothing to speak (no letter or digit): {decoded[:40]!r}.")
    return decoded


def _check_output(output: str) -> None:
    if output == "-":
        if sys.stdout is None:
            raise UsageError("Standard output is closed: choose a file.")
        if sys.stdout.isatty():
            raise UsageError("Standard output is a terminal, which cannot play audio: redirect it, or choose a file.")
        return
    _check_file("--output", Path(output), (".wav", ".flac", ".ogg", ".opus", ".mp3"))


def _check_file(option: str, path: Path, suffixes: Sequence[str]) -> None:
    if path.suffix.lower() not in suffixes:
        raise UsageError(
            f"{option} must end in {' or '.join(suffixes).replace(' or ', ', ', len(suffixes) - 2)}, got {str(path)!r}."
        )
    if path.is_dir():
        raise UsageError(f"{option}: {str(path)!r} is a folder: choose the name of a file.")
    if not path.absolute().parent.is_dir():
        raise UsageError(f"The folder {str(path.parent)!r} of {option} does not exist: create it first.")
    if not os.access(path.absolute().parent, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
        raise UsageError(f"{option}: {str(path)!r} may not be written here: choose another folder or name.")


def _check_address(option: str, host: str, port: int) -> None:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
    except OSError as error:
        raise UsageError(f"{option}: {host}:{port} is not free ({error.strerror}): choose another.") from error
    except UnicodeError as error:
        raise UsageError(f"{host!r} is no name or address of a machine: choose another host.") from error


def _parse_wyoming(address: str) -> tuple[str, int]:
    """Host and port of the address to listen on for Wyoming."""
    with suppress(ValueError):  # of what is no port or no host
        parts = urlsplit(address)
        if parts.scheme == "tcp" and parts.hostname is not None and parts.port is not None:
            return parts.hostname, parts.port
    raise UsageError(f"--wyoming must have the form tcp://HOST:PORT, got {address!r}.")


def _load(
    model: str | None,
    vocoder: str | None = None,
    device: str | None = None,
    engine: Engine | None = None,
    *,
    quiet: bool = False,
) -> "BaseSynthesizer":
    """The synthesizer of a checkpoint: without PyTorch, which takes seconds to import, where it does what is asked for."""
    if model is not None and not Path(model).is_dir() and not re.fullmatch(r"[\w.-]+/[\w.-]+(@[\w./-]+)?", model):
        raise UsageError(f"--model is neither a folder nor of the form USER/NAME or USER/NAME@REVISION: {model!r}.")
    from ..synthesis import find_checkpoint

    if model is not None and Path(model).is_dir():
        with wrong_value():
            find_checkpoint(model)
    # the commands sum up what is said of each batch
    logging.getLogger(f"{PROGRAM}.decoding_gpt2tts").setLevel(logging.ERROR)
    if quiet:
        logging.getLogger(PROGRAM).setLevel(logging.ERROR)

    from ..onnx_synthesis import SETTINGS_FILE, NotFetchedError, NotSpokenByGraphsError, OnnxSynthesizer

    needs_torch = vocoder is not None or device is not None or engine is Engine.TORCH
    if model is not None and (Path(model) / SETTINGS_FILE).is_file():
        if needs_torch:
            raise UsageError(
                f"{model!r} is an ONNX export, which has one engine and one vocoder: pass the checkpoint itself."
            )
        return OnnxSynthesizer(model)

    def on_making() -> None:
        from huggingface_hub.utils import disable_progress_bars

        # where transformers is needed, it is imported after this, and does as it says
        disable_progress_bars()
        if quiet:
            os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
        else:
            typer.echo("Preparing the checkpoint for ONNX Runtime, on its first use and after a change ...", err=True)

    hindrance = "checkpoints speak on the CPU, by the vocoder that needs no weights."
    if not needs_torch:
        # what hinders it, a full disk or no onnxruntime, PyTorch does without; or it says what is wrong
        try:
            return OnnxSynthesizer.from_pretrained(model, on_making=on_making)
        except NotFetchedError as error:
            raise UsageError(str(error).replace("`checkpoint`", "--model")) from error
        except (NotSpokenByGraphsError, ImportError, OSError) as error:
            hindrance = str(error)
    try:
        _quieten_transformers(quiet, model)

        from ..modeling_gpt2tts import GPT2TTSForTextToSpeech  # noqa: F401 - here is known what a missing package means
    except ImportError as error:
        raise UsageError(
            f"This needs PyTorch ({error}): pip install torch torchaudio transformers. Without it: {hindrance}"
        ) from error

    from ..synthesis import Synthesizer

    with wrong_value():
        return Synthesizer.from_pretrained(model, vocoder=vocoder, device=device, engine=engine and engine.value)


def _is_recorded(voice: str) -> bool:
    return bool(voice) and os.path.exists(voice) and Path(voice).suffix != ".safetensors"


def _check_recordings(voices: Sequence[str]) -> None:
    """What is no audio, before a model is loaded for it."""
    from ..audio import read_audio
    from ..recordings import list_recordings

    for voice in filter(_is_recorded, voices):
        if re.fullmatch(r"[\w-]+", voice):
            continue  # maybe a voice of the model, which goes before a file or folder of its name
        with wrong_value():
            if os.path.isdir(voice):
                list_recordings(voice)
            else:
                read_audio(voice, max_seconds=1.0)


def _check_kept(output: str, voices: Sequence[str]) -> None:
    """That the speech does not replace a recording of which its voice is taken."""
    from ..recordings import list_recordings

    for voice in filter(_is_recorded, voices if os.path.isfile(output) else ()):
        clips = list_recordings(voice) if os.path.isdir(voice) else [voice]
        if any(os.path.samefile(output, clip) for clip in clips):
            raise UsageError(f"--output: {output!r} is a recording of --voice, and would be replaced: choose another.")


def _tell_of_matching() -> None:
    typer.echo("Matching the voice to its recordings; `export-voice` keeps it in a file ...", err=True)


def _quieten_transformers(quiet: bool, model: str | None) -> None:
    from transformers.utils import logging as transformers_logging

    if quiet:
        transformers_logging.set_verbosity_error()
    if quiet or model is None or Path(model).is_dir():  # nothing to download, nothing to wait for
        transformers_logging.disable_progress_bar()


def _takes_value(argument: str) -> bool:
    """Whether an argument of `speak` is an option whose value follows, as in `--pitch-shift -2`."""
    parameters = typer.main.get_command(app).commands["speak"].params  # type: ignore[attr-defined]
    return any(argument in option.opts and not getattr(option, "is_flag", True) for option in parameters)


def _mark_text(arguments: list[str]) -> list[str]:
    """Arguments in which a text such as "-5 degrees" stands after `--`: it is no option."""
    if arguments[:1] != ["speak"] or "--" in arguments:
        return arguments
    texts = []
    for index, (before, value) in enumerate(pairwise(arguments), start=1):
        is_sentence = re.match(r"-[^-]|--\s", value) and re.search(r"\s", value)
        if (is_sentence or re.match(r"-\d", value)) and not _takes_value(before):
            texts.append(index)
    kept = [value for index, value in enumerate(arguments) if index not in texts]
    return [*kept, "--", *(arguments[index] for index in texts)] if texts else arguments


def main(arguments: Sequence[str] | None = None) -> None:
    """
    Runs the command line. Errors are one line on standard error, `gpt2tts: error: reason and remedy`.

    Args:
        arguments (`Sequence[str]`, *optional*): Defaults to those of the process.

    Raises:
        SystemExit: Always: 0 after success, 2 for what cannot be asked for, 1 for what went wrong.
    """
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    separator = arguments.index("--") if "--" in arguments else len(arguments)
    debug = "--debug" in arguments[:separator]
    arguments = [value for value in arguments[:separator] if value != "--debug"] + arguments[separator:]
    # as exceptions they let files that are not complete go; training has handlers of its own
    for number in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
        if threading.current_thread() is threading.main_thread() and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, lambda received, _: sys.exit(128 + received))
    try:
        app(_mark_text(arguments), prog_name=PROGRAM)
    except BrokenPipeError:  # the reader of standard output has gone, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(RUNTIME_ERROR)
    except Exception as error:
        if debug:
            raise
        typer.echo(f"{PROGRAM}: error: {one_line(error)}", err=True)
        sys.exit(USAGE_ERROR if isinstance(error, UsageError) else RUNTIME_ERROR)
