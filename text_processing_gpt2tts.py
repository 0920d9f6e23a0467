"""
Text as the model reads it: normalised, split, written as phonemes, tokenised. Needs neither PyTorch nor transformers.
"""

import functools
import logging
import re
from collections.abc import Mapping, Sequence

from tokenizers import Tokenizer

from .g2p_packages_gpt2tts import phonemizer_available
from .phonemes_gpt2tts import (
    EnglishPhonemizer,
    Segment,
    hide_pronunciations,
    show_pronunciations,
    strip_pronunciations,
)
from .text_normalization_gpt2tts import normalize_english_text
from .text_sentences_gpt2tts import find_sentence_ends

logger = logging.getLogger(__name__)

# after the marks, closing quotes (curly ones too) and brackets; \u2013 and \u2014 are the dashes
CLAUSE_END = re.compile("[,;:][\"'\u201d\u2019)\\]]*\\s+|\\s+[-\u2013\u2014]+\\s+|[\u2013\u2014]\\s*")
WORD_END = re.compile(r"\s+")


def phoneme_token(symbol: str) -> str:
    """How a phoneme is written in a text for the tokenizer: in brackets that no normalised text has."""
    return f"\u27e8{symbol}\u27e9"


def write_segments(segments: Sequence[Segment]) -> str:
    """The text that the tokenizer reads of words and what is between them, see [`EnglishPhonemizer`]."""
    return "".join(
        "".join(symbol if symbol == " " else phoneme_token(symbol) for symbol in segment.phonemes)
        if segment.has_phonemes
        else segment.text
        for segment in segments
    )


@functools.cache
def _warn_once(message: str) -> None:
    logger.warning(message)


class GPT2TTSTextMixin:
    """The text half of a processor, whose attributes [`GPT2TTSProcessor`] describes."""

    normalize: bool
    phonemes: bool
    british: bool
    lexicon: dict[str, str]
    max_text_tokens: int | None
    max_chunk_tokens: int | None

    def encode(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """The tokens of a written text, that of its beginning and of its end among them, and where in it each stands."""
        raise NotImplementedError

    def write_texts(
        self,
        text: str | list[str],
        *,
        normalize: bool | None = None,
        phonemes: bool | None = None,
        british: bool | None = None,
    ) -> list[str]:
        r"""
        Texts as the tokenizer reads them, normalised and with their phonemes.

        Args:
            text (`str` or `list[str]`): One or several.
            normalize, phonemes, british (`bool`, *optional*): See [`GPT2TTSProcessor.__call__`].

        Raises:
            ValueError, TypeError: If there is nothing to speak, or one is no text.
        """
        is_batch = isinstance(text, (list, tuple))
        texts: list[str] = list(text) if isinstance(text, (list, tuple)) else [text]
        if not texts:
            raise ValueError("`text` is an empty list: pass at least one text.")
        written = []
        for index, row in enumerate(texts):
            name = f"`text[{index}]`" if is_batch else "`text`"
            self._check_length(row, name)
            written.append(self._write(self._prepare_text(row, normalize, name), phonemes, british))
        return written

    def check_num_tokens(self, lengths: Sequence[int], is_batch: bool = True) -> None:
        """Raises a `ValueError` where one of the texts has more tokens than the model reads."""
        longest = max(range(len(lengths)), key=lengths.__getitem__)
        if self.max_text_tokens is not None and lengths[longest] > self.max_text_tokens:
            name = f"`text[{longest}]`" if is_batch else "`text`"
            raise ValueError(
                f"{name} has {lengths[longest]} tokens, and the model reads at most {self.max_text_tokens}: split it "
                "with `processor.split_text(text)` and speak the parts one by one."
            )

    def _check_length(self, text: str, name: str) -> None:
        """Refuses a book before it is normalised, which would take as long as splitting it."""
        if self.max_text_tokens is None or not isinstance(text, str) or len(text) < 100 * self.max_text_tokens:
            return
        num_letters = sum(map(str.isalnum, text))
        if num_letters > 50 * self.max_text_tokens:
            raise ValueError(
                f"{name} has {num_letters:,} letters and digits, and the model reads at most {self.max_text_tokens} "
                "tokens: split it with `processor.split_text(text)` and speak the parts one by one."
            )

    def _write(self, text: str, phonemes: bool | None = None, british: bool | None = None) -> str:
        """A prepared text as the tokenizer reads it."""
        if self.reads_phonemes(phonemes):
            return write_segments(self.segment(text, british=british, normalize=False))
        return strip_pronunciations(text)

    def _prepare_text(self, text: str, normalize: bool | None, name: str = "`text`") -> str:
        if not isinstance(text, str):
            raise TypeError(f"{name} must be a string, got `{type(text).__name__}`.")
        normalize = self.normalize if normalize is None else normalize
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise ValueError(f"{name} is no valid Unicode text ({error.reason}): decode it as UTF-8 first.") from error
        prepared = self.normalize_text(text) if normalize else text.strip()
        if not any(character.isalnum() for character in prepared):
            raise ValueError(f"{name} holds nothing to speak (no letter or digit): {text[:80]!r}.")
        return prepared

    def normalize_text(self, text: str) -> str:
        r"""
        Spells out numbers, abbreviations and symbols as English words, see [`normalize_english_text`]. Pronunciations
        given in the text stay as they are.

        Args:
            text (`str`): The text as written.

        Returns:
            `str`: The text as spoken. Normalising it again changes nothing.
        """
        return normalize_english_text(text)

    def reads_phonemes(self, phonemes: bool | None = None) -> bool:
        r"""
        Whether words are read as phonemes: where that is asked for (by default, where `self.phonemes` says so) and a
        package that knows them is installed. Warns where none is.
        """
        wanted = self.phonemes if phonemes is None else phonemes
        if wanted and not phonemizer_available():
            _warn_once(
                "No package that knows pronunciations is installed, and words are read by their letters: "
                "`pip install hibari-tts` makes speech surer."
            )
            return False
        return wanted

    def segment(self, text: str, *, british: bool | None = None, normalize: bool | None = None) -> list[Segment]:
        r"""
        Words with their phonemes, and what is between them; words without phonemes, with a warning, where no package for
        them is installed.

        Args:
            text (`str`): The text. A pronunciation can be given in it, `[hibari](/hˈɪbɑɹi/)`.
            british (`bool`, *optional*): Whether to pronounce it as British English. Defaults to `self.british`.
            normalize (`bool`, *optional*): Whether to normalise it first. Defaults to `self.normalize`.
        """
        normalize = self.normalize if normalize is None else normalize
        if not self.reads_phonemes(True):
            text = self.normalize_text(text) if normalize else text
            return [Segment(piece, piece) for piece in re.findall(r"\w+|\W", strip_pronunciations(text))]
        phonemizer = EnglishPhonemizer(self.british if british is None else british, self.lexicon)
        return phonemizer(text, normalize=normalize)

    def phonemize(self, text: str, *, british: bool | None = None, normalize: bool | None = None) -> str:
        r"""
        The text as phonemes of misaki's alphabet, see [`~GPT2TTSTextMixin.segment`].

        Example:

        ```python
        >>> processor.phonemize("Hello there.")
        'həlˈO ðˈɛɹ.'
        ```
        """
        segments = self.segment(text, british=british, normalize=normalize)
        return "".join(segment.phonemes for segment in segments)

    def split_text(
        self,
        text: str,
        max_tokens: int | None = None,
        *,
        normalize: bool | None = None,
        british: bool | None = None,
    ) -> list[str]:
        r"""
        Splits `text` into chunks the model can speak one by one: at sentence ends, where a sentence is too long at clause
        ends, then between words, and within a word only if it is too long itself. Chunks are about as long as the limit
        allows, and together they hold every letter and digit of the text once and in order.

        Args:
            text (`str`):
                The text to split.
            max_tokens (`int`, *optional*):
                Largest number of tokens per chunk, as letters and as phonemes, its beginning and end included. Defaults to
                `self.max_chunk_tokens`, and without that to `self.max_text_tokens`.
            normalize (`bool`, *optional*):
                Whether to normalise the text before it is split (the limit holds for what is spoken). Defaults to
                `self.normalize`. Normalised chunks may be passed to the processor as they are.
            british (`bool`, *optional*):
                Whether the phonemes are British ones. Defaults to `self.british`.

        Returns:
            `list[str]`: The chunks, without white space at their ends.
        """
        if max_tokens is None:
            max_tokens = self.max_text_tokens if self.max_chunk_tokens is None else self.max_chunk_tokens
        prepared = self._prepare_text(text, normalize)
        if max_tokens is None:
            return [prepared]
        if max_tokens < 8:
            raise ValueError(f"`max_tokens` must be at least 8, so that any character fits, got {max_tokens}.")

        prepared, hidden = hide_pronunciations(prepared)
        limit = max_tokens

        def fits(chunk: str) -> bool:
            return len(self.encode(chunk.strip())[0]) <= limit

        def pack(piece: str, level: int) -> list[str]:
            """Cuts `piece` at boundaries of `level` and joins neighbours again as long as they fit."""
            chunks = [""]
            for part in _cut(piece, level, fits):
                if fits(chunks[-1] + part):
                    chunks[-1] += part
                elif fits(part):
                    chunks.append(part)
                else:
                    chunks += pack(part, level + 1)
            return chunks

        chunks: list[str] = []
        waiting = [(prepared, max_tokens)]  # the next one last
        while waiting:
            piece, limit = waiting.pop()
            parts: list[str] = []
            for chunk in (chunk.strip() for chunk in pack(piece, 0)):
                if any(character.isalnum() for character in chunk):
                    parts.append(chunk)
                elif chunk and parts and fits(f"{parts[-1]} {chunk}"):
                    parts[-1] += f" {chunk}"
            if len(parts) > 1:
                waiting += [(part, limit) for part in reversed(parts)]
                continue
            for chunk in parts:
                shown = show_pronunciations(chunk, hidden)
                # no letter has more phonemes than "W", nine with the space before the next
                may_be_longer = 9 * len(chunk) + 2 > max_tokens
                num_tokens = len(self.encode(self._write(shown, british=british))[0]) if may_be_longer else 0
                if num_tokens > max_tokens and limit > 8:
                    # more phonemes than letters: shorter chunks of this one
                    waiting.append((chunk, max(8, min(limit - 1, len(chunk) * max_tokens // num_tokens))))
                else:
                    chunks.append(shown)
        return chunks


class GPT2TTSTextProcessor(GPT2TTSTextMixin):
    """
    The text half of a [`GPT2TTSProcessor`] by itself.

    Args:
        tokenizer (`tokenizers.Tokenizer`): What `tokenizer.json` of a checkpoint holds.
        normalize, phonemes, british, lexicon, max_text_tokens, max_chunk_tokens (*optional*):
            See [`GPT2TTSProcessor`].
    """

    def __init__(
        self,
        tokenizer: Tokenizer,
        *,
        normalize: bool = True,
        phonemes: bool = True,
        british: bool = False,
        lexicon: Mapping[str, str] | None = None,
        max_text_tokens: int | None = 400,
        max_chunk_tokens: int | None = None,
    ):
        self.tokenizer = tokenizer
        # "</s>" in a user's text is text
        tokenizer.encode_special_tokens = True
        # it keeps those of the last text before it was saved
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self.normalize = normalize
        self.phonemes = phonemes
        self.british = british
        self.lexicon = dict(lexicon or {})
        self.max_text_tokens = max_text_tokens
        self.max_chunk_tokens = max_chunk_tokens

    def encode(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """See [`~GPT2TTSTextMixin.encode`]."""
        encoding = self.tokenizer.encode(text)
        return encoding.ids, encoding.offsets


def _cut(text: str, level: int, fits) -> list[str]:
    """Cuts `text` after sentences (level 0), clauses (1), words (2) or, within a word, as late as it fits (3)."""
    if level == 3:
        parts = []
        while text:
            low, high = 1, min(len(text), 4096)
            while low < high:
                middle = (low + high + 1) // 2
                low, high = (middle, high) if fits(text[:middle]) else (low, middle - 1)
            parts.append(text[:low])
            text = text[low:]
        return parts
    pattern = CLAUSE_END if level == 1 else WORD_END
    ends = find_sentence_ends(text) if level == 0 else [match.end() for match in pattern.finditer(text)]
    return [text[start:end] for start, end in zip([0, *ends], [*ends, len(text)], strict=True) if start < end]


__all__ = ["GPT2TTSTextMixin", "GPT2TTSTextProcessor", "phoneme_token", "write_segments"]
