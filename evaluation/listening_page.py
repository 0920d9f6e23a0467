"""A page to listen to: each sentence with its reference, its recording, every system's clip and what was understood."""

import html
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .error_rates import mark_errors
from .measures import Row
from .report import Report, build_table

_STYLE = """
:root { color-scheme: light dark; --line: #8886; --soft: #8882; --bad: #b00020; --sub: #8a5300; --add: #6a1b9a; }
@media (prefers-color-scheme: dark) { :root { --bad: #ff8a94; --sub: #ffc46b; --add: #d9a6ff; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 75rem; margin: 0 auto; padding: 1rem; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid var(--line); }
.scroll { overflow-x: auto; }
.scroll td, .scroll th { font-size: .85rem; padding: .35rem .4rem; }
article table { table-layout: fixed; }
article th { width: 9rem; overflow-wrap: anywhere; }
article { border: 1px solid var(--line); border-radius: .5rem; padding: .2rem 1rem 1rem; margin: 1rem 0; }
article h3 { margin: .6rem 0 .2rem; font-size: 1rem; font-weight: 600; }
article .text { font-size: 1.1rem; margin: .2rem 0 .6rem; }
article td:nth-child(2) { width: 19rem; }
@media (max-width: 50rem) { article td, article th { display: block; border: 0; width: auto !important; } }
audio { width: 18rem; height: 2.2rem; }
del { color: var(--bad); } ins { color: var(--add); font-weight: 600; } mark { background: none; color: var(--sub); font-weight: 600; border-bottom: 2px dotted; }
.fail { color: var(--bad); font-weight: 600; }
.meta { opacity: .8; font-size: .9rem; }
form { position: sticky; top: 0; background: Canvas; padding: .6rem 0; display: flex; gap: 1rem; flex-wrap: wrap; border-bottom: 1px solid var(--line); z-index: 1; }
img { max-width: 100%; height: auto; background: #fff; }
"""

_SCRIPT = """
const form = document.querySelector('form'), list = document.querySelector('#sentences');
const cards = [...list.querySelectorAll('article')];
function refresh() {
  const group = form.group.value, system = form.system.value;
  const worst = card => Math.max(...[...card.querySelectorAll('tr[data-system]')]
    .filter(row => !system || row.dataset.system === system).map(row => +row.dataset.cer || 0), 0);
  const failed = card => [...card.querySelectorAll('tr[data-failed]')]
    .some(row => !system || row.dataset.system === system);
  let shown = 0;
  for (const card of cards) {
    card.hidden = (group && card.dataset.group !== group) || (form.failed.checked && !failed(card));
    shown += !card.hidden;
    for (const row of card.querySelectorAll('tr[data-system]'))
      row.hidden = system && row.dataset.system !== system && !row.hasAttribute('data-real');
  }
  const order = form.order.value === 'cer' ? [...cards].sort((a, b) => worst(b) - worst(a)) : cards;
  list.append(...order);
  document.querySelector('output').textContent = shown + ' of ' + cards.length + ' sentences';
}
form.addEventListener('input', refresh);
document.addEventListener('play', event => document.querySelectorAll('audio').forEach(
  audio => audio === event.target || audio.pause()), true);
refresh();
"""


def write_listening_page(
    report: Report,
    content: dict[str, Any],
    audio: dict[str, str],
    folder: str | os.PathLike,
    *,
    references: dict[str, str] | None = None,
    plots: Sequence[str] = (),
    recordings: str = "recordings",
) -> Path:
    """
    Write `index.html`. It needs nothing but the files beside it: no network, no server.

    Args:
        report ([`Report`]): What was measured.
        content (`dict`): The same as [`~gpt2tts.evaluation.report.to_dict`] gives it.
        audio (`dict[str, str]`): System to the folder of its clips, relative to the page.
        folder (`str` or `os.PathLike`): Where the page goes.
        references (`dict[str, str]`, *optional*): Speaker to the reference clip, relative to the page.
        plots (sequence of `str`, *optional*): Pictures, relative to the page.
        recordings (`str`, *optional*, defaults to `"recordings"`): The system that stays in view when another is chosen.

    Returns:
        `Path`: The page.
    """
    escape = html.escape
    by_id: dict[str, list[Row]] = {}
    for row in report.rows:
        by_id.setdefault(row.id, []).append(row)
    cards = []
    for number, rows in enumerate(by_id.values(), start=1):
        first = rows[0]
        lines = []
        reference = (references or {}).get(first.speaker or "")
        if reference:
            lines.append(
                f"<tr><th scope=row>reference<td>{_player(reference, f'reference voice {first.speaker}')}"
                f"<td class=meta>the voice asked for: {escape(first.speaker or '')}"
            )
        lines += [_clip_row(row, audio[row.system], number, is_real=row.system == recordings) for row in rows]
        cards.append(
            f'<article data-group="{escape(first.group)}" aria-labelledby="s{number}">'
            f"<h3 id=s{number}>{escape(first.id)}</h3><p class=text>{escape(first.text)}</p>"
            f"<table><thead hidden><tr><th>clip<th>audio<th>heard</thead><tbody>{''.join(lines)}</tbody></table></article>"
        )

    def options(names: Sequence[str]) -> str:
        return "".join(f"<option>{escape(name)}</option>" for name in names)

    page = f"""<!doctype html>
<html lang=en>
<meta charset=utf-8>
<meta name=viewport content="width=device-width, initial-scale=1">
<title>GPT2TTS evaluation</title>
<style>{_STYLE}</style>
<header><h1>GPT2TTS evaluation</h1></header>
<main>
<div class=scroll tabindex=0 role=region aria-label="Results">{_html_table(content["systems"])}</div>
<p class=meta>{escape(_describe(content))}</p>
<details><summary>Pictures</summary>{"".join(f'<p><img src="{escape(plot)}" alt="{escape(_alt(plot))}" loading=lazy></p>' for plot in plots)}</details>
<h2>Sentences</h2>
<p class=meta>In the transcripts: <mark>words heard in place of others</mark>, <ins>words not in the text</ins>,
<del>words not heard</del>. Both sides after Whisper's normaliser.</p>
<form aria-label="Choose sentences" onsubmit="return false">
<label>Group <select name=group><option value="">all</option>{options(report.groups)}</select></label>
<label>System <select name=system><option value="">all</option>{options(report.systems)}</select></label>
<label>Order <select name=order><option value=given>as in the test set</option><option value=cer>worst first</option></select></label>
<label><input type=checkbox name=failed> only failures</label>
<output aria-live=polite></output>
</form>
<div id=sentences>{"".join(cards)}</div>
</main>
<script>{_SCRIPT}</script>
</html>
"""
    path = Path(folder) / "index.html"
    path.write_text(page, encoding="utf-8")
    return path


def _clip_row(row: Row, audio_folder: str, number: int, *, is_real: bool) -> str:
    escape = html.escape
    flags = f' data-cer="{row.cer:.3f}"' if row.cer is not None else ""
    flags += " data-failed" if row.failures else ""
    flags += " data-real" if is_real else ""
    marks = {"substitute": "mark", "insert": "ins", "delete": "del"}
    heard = []
    for kind, words in mark_errors(row.text, row.transcript) if row.transcript is not None else []:
        tag = marks.get(kind)
        heard.append(f"<{tag}>{escape(words)}</{tag}>" if tag else escape(words))
    facts = [f"{row.seconds:.1f} s"]
    if row.cer is not None:
        facts.append(f"CER {row.cer:.0%}")
    if row.speaker_similarity is not None:
        facts.append(f"SECS {row.speaker_similarity:.2f}")
    facts += [f"{escape(name)} {score:.2f}" for name, score in row.mos.items()]
    failures = "".join(
        f"<br><span class=fail>{escape(failure['kind'])}</span>: {escape(failure['detail'])}"
        for failure in row.failures
    )
    player = _player(f"{audio_folder}/{row.id}.wav", f"{row.system}, sentence {number}")
    return (
        f'<tr data-system="{escape(row.system)}"{flags}><th scope=row>{escape(row.system)}<td>{player}'
        f"<td>{' '.join(heard)} <span class=meta>({', '.join(facts)})</span>{failures}"
    )


def _player(path: str, label: str) -> str:
    return f'<audio controls preload=none src="{html.escape(path)}" aria-label="{html.escape(label)}"></audio>'


def _html_table(summaries: dict[str, Any]) -> str:
    headings, rows = build_table(summaries)
    head = "".join(f"<th scope=col>{html.escape(heading)}" for heading in headings)
    body = "".join(
        f"<tr><th scope=row>{html.escape(row[0])}" + "".join(f"<td>{html.escape(cell)}" for cell in row[1:])
        for row in rows
    )
    return f"<table><caption>All sentences</caption><thead><tr>{head}</thead><tbody>{body}</tbody></table>"


def _describe(content: dict[str, Any]) -> str:
    parts = [f"{kind}: {name}" for kind, name in content["used"].items()]
    parts += [f"{kind} left out: {reason}" for kind, reason in content["left_out"].items()]
    bounds = content["similarity_bounds"]
    if bounds.get("ceiling") is not None:
        floor = f", of two speakers {bounds['floor']:.3f}" if bounds.get("floor") is not None else ""
        parts.append(f"SECS of real clips of one speaker {bounds['ceiling']:.3f}{floor}")
    return ". ".join(parts) + "."


def _alt(plot: str) -> str:
    return {
        "cer_by_length": "Bars: character error rate of each system by length of the text",
        "speaker_similarity": "Matrix: cosine of each system's voices to the real voices",
        "reading": "Place in the text over time, one line a sentence",
        "spectrograms": "Mel spectrograms of a few sentences, one row a system",
        "pitch": "Pitch contours of a few sentences, one line a system",
    }.get(Path(plot).stem, Path(plot).stem)
