"""The page: text, voice or recording in; speech, its words as they are said, its mel and how it read the text out."""

import html
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import gradio
from gradio.data_classes import FileData
from gradio.utils import get_upload_folder

from ..decoding_gpt2tts import SETTING_RANGES
from ..plots import draw_image, new_figure, positions_figure
from ..speech_chunks import join_chunks
from .catalog import decode_clip
from .gate import check_pauses
from .scheduler import BusyError, OutOfTimeError, count_seconds

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ..speech_chunks import SpeechChunk
    from .catalog import VoiceCatalog
    from .recordings import Recording, RecordingShelf
    from .scheduler import SpeechJob, SpeechScheduler

EXAMPLE = "Good morning. It is half past seven, and the train to the coast leaves in ten minutes."
UPLOAD_SECONDS = 3600  # for which a recording that was sent to the page is kept
QUEUE_POLL_SECONDS = 0.05  # what a click on the page may wait for
DOWNLOADS = ("wav", "flac", "mp3", "opus")
# gradio leaves the turns to the scheduler
UNLIMITED = {"concurrency_limit": None}

PAGE_HEAD = """
<style>
  #words { font-size: 1.2em; line-height: 1.7; }
  #words span { border-radius: 4px; padding: 0 2px; }
  #words span.spoken { background: var(--primary-500, #f97316); color: white; }
  #player audio { width: 100%; }
</style>
<script>
  // looks them up each time: the words grow while the speech is made
  setInterval(() => {
    const audio = document.querySelector("#player audio");
    for (const word of document.querySelectorAll("#words span")) {
      const time = audio && !audio.ended ? audio.currentTime : -1;
      word.classList.toggle("spoken", Number(word.dataset.start) <= time && time < Number(word.dataset.end));
    }
  }, 40);
</script>
"""


@dataclass
class _Requests:
    """What is asked for on the page, or by a program."""

    scheduler: "SpeechScheduler"
    catalog: "VoiceCatalog"
    shelf: "RecordingShelf"
    max_characters: int

    async def _start(
        self, text: str, voice: str | None, recording: str | None, speed: float, seed: float | None, pitch_shift: float
    ) -> "SpeechJob[SpeechChunk]":
        if not isinstance(text, str) or not isinstance(voice, str | None):
            raise ValueError("`text` has to be a string, and `voice` a string or null.")
        if len(text) > self.max_characters:
            raise ValueError(f"The text has {len(text)} characters, at most {self.max_characters} are taken.")
        weights = self.catalog.resolve(voice)
        content = None if recording is None else Path(await check_upload(recording)).read_bytes()

        def speak():
            check_pauses(text)
            latents, british = self.catalog.load(weights) if content is None else (decode_clip(content), None)
            return self.catalog.synthesizer.stream(
                text,
                latents,
                seed=None if seed is None else int(seed),
                speed=speed,
                pitch_shift=pitch_shift,
                british=british,
            )

        return self.scheduler.submit(speak, lambda chunk: count_seconds(chunk.waveform, chunk.sampling_rate))

    async def _chunks(self, speech: "Recording", *values) -> AsyncGenerator["SpeechChunk", None]:
        """The speech of what was asked for, which a recording is given too."""
        try:
            with await self._start(*values) as job:
                async for chunk in job:
                    speech.add(chunk.waveform)
                    yield chunk
        except (TypeError, ValueError, OverflowError, OSError, BusyError, OutOfTimeError) as error:
            raise gradio.Error(str(error), print_exception=False) from error
        finally:
            self.shelf.finish(speech)

    async def show(self, *values) -> AsyncIterator[tuple]:
        """Speech as it is made, for the page."""
        speech = self.shelf.new(self.catalog.synthesizer.sampling_rate)
        spoken: list[SpeechChunk] = []
        # closed with this generator, as gradio does when the page has gone
        async with aclosing(self._chunks(speech, *values)) as made:
            async for chunk in made:
                spoken.append(chunk)
                audio = player_html(speech) if len(spoken) == 1 else gradio.skip()
                yield audio, words_html(spoken), "", None, None, f"{chunk.progress:.0%}"
        whole = join_chunks(spoken)
        status = f"{len(whole.waveform) / whole.sampling_rate:.1f} s of speech."
        if cut := sum(not chunk.stopped for chunk in spoken):
            status += f" Cut at the frame limit: {cut} of {len(spoken)} parts."
        yield gradio.skip(), gradio.skip(), link_html(speech), mel_figure(whole), reading_figure(whole), status

    async def speak(
        self,
        text: str,
        voice: str | None,
        recording: str | None,
        speed: float,
        seed: float | None,
        pitch_shift: float,
        request: gradio.Request,
    ) -> AsyncIterator[str | None]:
        """Speaks `text` in a named voice or that of an uploaded recording; returns a WAV file."""
        speech = self.shelf.new(self.catalog.synthesizer.sampling_rate)
        async with aclosing(self._chunks(speech, text, voice, recording, speed, seed, pitch_shift)) as made:
            async for _ in made:
                yield None  # where gradio ends it if the client has gone
        yield f"{request.url.scheme}://{request.headers['host']}/speech/{speech.name}.wav"

    async def keep(self, name: str, recording: str | None) -> tuple:
        """Keeps the voice of a recording under a name, for everybody who uses the page."""
        try:
            self.catalog.check_new(str(name or ""))
            if recording is None:
                raise ValueError("There is no recording: upload or record one of the speaker first.")
            content = Path(await check_upload(recording)).read_bytes()
            with self.scheduler.submit(lambda: self.catalog.listen([content]), lambda latents: 0.0) as job:
                self.catalog.add(name, await anext(job))
        except OSError as error:
            # of the folder without its path, which is nobody's business
            raise gradio.Error(error.strerror or str(error), print_exception=error.errno is not None) from error
        except (ValueError, BusyError, OutOfTimeError) as error:
            raise gradio.Error(str(error), print_exception=False) from error
        # the recording goes: a voice that is chosen by name is what speaks next
        return gradio.update(choices=self.catalog.names, value=name), None, "", f"Kept as {name}."


def build_page(
    scheduler: "SpeechScheduler", catalog: "VoiceCatalog", shelf: "RecordingShelf", *, max_characters: int
) -> gradio.Blocks:
    """
    The page, with the API endpoints `/speak` and, where voices are kept, `/keep`.

    Args:
        scheduler ([`SpeechScheduler`]): Does the work.
        catalog ([`VoiceCatalog`]): The voices, and what speaks.
        shelf ([`RecordingShelf`]): Keeps the speech for the browser or program to fetch.
        max_characters (`int`): Longest text.

    Returns:
        `gradio.Blocks`: To be mounted on the application that has the shelf's route.
    """
    requests = _Requests(scheduler, catalog, shelf, max_characters)
    synthesizer = catalog.synthesizer
    has_pitch = getattr(synthesizer.vocoder, "requires_pitch", False)
    with gradio.Blocks(title="GPT2TTS", analytics_enabled=False, delete_cache=(600, UPLOAD_SECONDS)) as page:
        gradio.Markdown("# GPT2TTS\nText to speech in a named voice, or in that of a recording of a few seconds.")
        with gradio.Row():
            with gradio.Column():
                text = gradio.Textbox(EXAMPLE, label="Text", lines=5, elem_id="text", max_length=max_characters)
                voice = gradio.Dropdown(
                    catalog.names,
                    value=synthesizer.config.default_voice,
                    label="Voice",
                    info="A name, or a blend by weight: FIRST(2)+SECOND(1)",
                    allow_custom_value=True,
                    elem_id="voice",
                )
                recording = gradio.Audio(
                    sources=["upload", "microphone"], type="filepath", label="Or a recording of the speaker"
                )
                # instead of fetching or copying what is no upload. A subclass would have gradio write a file beside this one
                recording.async_move_resource_to_block_cache = check_upload
                with gradio.Row(visible=catalog.folder is not None, elem_id="keep"):
                    name = gradio.Textbox(label="Keep the recorded voice as", max_length=64, elem_id="name")
                    keeper = gradio.Button("Keep", elem_id="keeper")
                with gradio.Row():
                    speed = gradio.Slider(*SETTING_RANGES["speed"], value=1.0, step=0.05, label="Speed")
                    pitch_shift = gradio.Slider(
                        *SETTING_RANGES["pitch_shift"],
                        value=0.0,
                        step=0.5,
                        label="Higher by semitones",
                        visible=has_pitch,
                    )
                    seed = gradio.Number(0, label="Seed", precision=0, minimum=0)
                button = gradio.Button("Speak", variant="primary", elem_id="speak")
            with gradio.Column():
                player = gradio.HTML(elem_id="player")
                words = gradio.HTML(elem_id="words")
                link = gradio.HTML(elem_id="speech")
                status = gradio.Textbox(label="State", interactive=False, elem_id="status")
                mel = gradio.Plot(show_label=False)
                reading = gradio.Plot(show_label=False)
        inputs = [text, voice, recording, speed, seed, pitch_shift]
        outputs = [player, words, link, mel, reading, status]
        button.click(requests.show, inputs, outputs, api_visibility="private", **UNLIMITED)
        keeper.click(requests.keep, [name, recording], [voice, recording, name, status], api_name="keep", **UNLIMITED)
        # for programs alone
        result = gradio.Audio(visible=False)
        result.postprocess = audio_at  # instead of a copy on disk
        gradio.Button(visible=False).click(requests.speak, inputs, result, api_name="speak", **UNLIMITED)
        page.load(lambda: gradio.update(choices=catalog.names), None, voice, api_visibility="private")
    # gradio looks for work a thousand times a second, by which an idle server takes 6% of a core
    page._queue.sleep_when_free = page._queue.progress_update_sleep_when_free = QUEUE_POLL_SECONDS
    # it checks what a request names as an upload only on pages that it has launched by itself
    page.has_launched = True
    return page


async def check_upload(path: str | Path) -> str:
    """The path of a recording, if it was uploaded to the page: a request may name any."""
    uploads = Path(get_upload_folder()).resolve()
    resolved = Path(path).resolve()
    if "://" in str(path) or not resolved.is_relative_to(uploads):
        raise gradio.Error("`recording` is no upload: upload the file first.", print_exception=False)
    return str(resolved)


def audio_at(address: str | None) -> FileData | None:
    """Audio that this server has in memory. As a stream its address is left as it is, for the client to fetch."""
    return address and FileData(path=address, url=address, orig_name=address.rpartition("/")[2], is_stream=True)


def player_html(speech: "Recording") -> str:
    """Plays speech from its beginning, while it is made."""
    return f'<audio controls autoplay src="speech/{speech.name}.mp3"></audio>'


def link_html(speech: "Recording") -> str:
    """Links to the whole of it in several formats."""
    links = (f'<a download="speech.{name}" href="speech/{speech.name}.{name}">{name}</a>' for name in DOWNLOADS)
    return f"Download: {' '.join(links)}"


def words_html(chunks: Sequence["SpeechChunk"]) -> str:
    """The text of the chunks, each word with the seconds in which it is said."""
    pieces, begin = [], 0.0
    for chunk in chunks:
        rest = chunk.text
        for word in chunk.words:
            before, _, rest = rest.partition(word.text)
            times = f'data-start="{begin + word.start:.3f}" data-end="{begin + word.end:.3f}"'
            pieces.append(f"{html.escape(before)}<span {times}>{html.escape(word.text)}</span>")
        pieces.append(html.escape(rest) + " ")
        begin += len(chunk.waveform) / chunk.sampling_rate
    return "".join(pieces)


def mel_figure(speech: "SpeechChunk") -> "Figure":
    """Picture of the log-mel frames, time to the right, frequency upwards."""
    figure = new_figure(7, 2.5)
    axes = figure.subplots()
    draw_image(axes, speech.spectrogram)
    axes.set(title="Mel spectrogram", xlabel="frame", ylabel="mel bin")
    return figure


def reading_figure(speech: "SpeechChunk") -> "Figure":
    """Picture of the place in the text over time: it rises evenly in good speech."""
    return positions_figure(speech.text_positions, "Place in the text")
