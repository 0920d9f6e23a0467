"""A page to listen to the clips of a training set, correct their transcripts, and choose: no server, no network."""

import hashlib
import html
import os
from pathlib import Path

from .report import PreparationReport

_STYLE = """
:root { color-scheme: light dark; --line: #8886; --bad: #b00020; }
@media (prefers-color-scheme: dark) { :root { --bad: #ff8a94; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 0 auto; padding: 1rem; }
header { position: sticky; top: 0; background: Canvas; border-bottom: 1px solid var(--line); padding: .5rem 0; z-index: 1; }
header form { display: flex; gap: 1rem; flex-wrap: wrap; align-items: center; }
article { display: grid; grid-template-columns: 1.5rem 17rem 1fr; gap: .3rem .8rem; padding: .6rem 0; border-bottom: 1px solid var(--line); }
article[hidden] { display: none; }
audio { width: 17rem; height: 2.2rem; }
textarea { font: inherit; width: 100%; box-sizing: border-box; field-sizing: content; }
small { grid-column: 2 / -1; opacity: .85; } .reasons { color: var(--bad); }
@media (max-width: 45rem) { article { grid-template-columns: 1.5rem 1fr; } textarea { grid-column: 1 / -1; } }
"""

# what is typed stays in the browser until the page's clips change
_SCRIPT = """
const cards = [...document.querySelectorAll('article')], form = document.querySelector('form');
const key = 'gpt2tts-review-' + document.body.dataset.key;
const saved = JSON.parse(localStorage.getItem(key) || '{}');
for (const card of cards) {
  const state = saved[card.id];
  if (state) { card.querySelector('textarea').value = state.text; card.querySelector('input').checked = state.kept; }
}
function rows() {
  return cards.filter(card => card.querySelector('input').checked).map(card => {
    const text = card.querySelector('textarea').value.replace(/[|\\s]+/g, ' ').trim();
    return [card.id, text];
  }).filter(row => row[1]);
}
function refresh() {
  const show = form.show.value;
  for (const card of cards) card.hidden = show !== 'all' && (show === 'out') !== card.hasAttribute('data-out');
  document.querySelector('output').textContent = rows().length + ' of ' + cards.length + ' clips chosen';
}
document.addEventListener('input', event => {
  const card = event.target.closest('article');
  if (card) {
    saved[card.id] = { text: card.querySelector('textarea').value, kept: card.querySelector('input').checked };
    localStorage.setItem(key, JSON.stringify(saved));
  }
  refresh();
});
document.querySelector('#download').addEventListener('click', () => {
  const content = rows().map(([id, text]) => `${id}|${text}|${text}\\n`).join('');
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([content], { type: 'text/csv' }));
  link.download = 'metadata.csv';
  link.click();
});
document.addEventListener('play', event => document.querySelectorAll('audio').forEach(
  audio => audio === event.target || audio.pause()), true);
refresh();
"""


def write_review_page(report: PreparationReport, folder: str | os.PathLike) -> Path:
    """
    Writes `index.html` beside `wavs/`: each clip with its transcript to correct, ticked where it is kept, and a button that
    saves the `metadata.csv` of what is ticked, to be put in the place of the old one.
    """
    cards = []
    for clip in report.clips:
        facts = f"{clip.source}, {clip.start:.1f} s, DNSMOS {clip.mos:.2f}, confidence {clip.confidence:.2f}"
        if clip.is_given and clip.heard != clip.text:
            facts += f", heard: {clip.heard}"
        reasons = f"<span class=reasons>{html.escape('; '.join(clip.reasons))}</span> " if clip.reasons else ""
        name = html.escape(clip.id)
        cards.append(
            f"<article id='{name}'{' data-out' if clip.reasons else ''}>"
            f"<input type=checkbox aria-label='keep {name}'{'' if clip.reasons else ' checked'}>"
            f"<audio controls preload=none src='wavs/{name}.wav' aria-label='{name}'></audio>"
            f"<textarea rows=1 aria-label='transcript of {name}'>{html.escape(clip.text)}</textarea>"
            f"<small>{reasons}{html.escape(facts)}</small></article>"
        )
    # the browser keeps what is typed by this: not for other clips of the same names
    clips = repr([(clip.id, clip.source, clip.end) for clip in report.clips])
    key = f"{Path(folder).resolve().name}-{hashlib.sha256(clips.encode()).hexdigest()[:16]}"
    page = f"""<!doctype html>
<html lang=en>
<meta charset=utf-8>
<meta name=viewport content="width=device-width, initial-scale=1">
<title>Recordings</title>
<style>{_STYLE}</style>
<body data-key="{html.escape(key)}">
<header><h1>Recordings</h1>
<form onsubmit="return false">
<label>Show <select name=show><option value=all>all</option><option value=in>kept</option><option value=out>left out</option></select></label>
<output aria-live=polite></output>
<button type=button id=download>Save metadata.csv</button>
</form></header>
<main>{"".join(cards)}</main>
<script>{_SCRIPT}</script>
</body>
</html>
"""
    path = Path(folder) / "index.html"
    path.write_text(page, encoding="utf-8")
    return path
