"""BPE dropout (Provilkov et al. 2020, arXiv:1910.13267) from a generator of one's own."""

import itertools
import json

import numpy as np
from transformers import PreTrainedTokenizerBase


class BpeDropout:
    """
    Tokenises text with each merge skipped at random, so that a text is cut differently each time it is drawn.

    The fast tokenizer's own `dropout` draws from a generator that cannot be seeded; a resumed run could not repeat it.

    Args:
        tokenizer (`PreTrainedTokenizerBase`):
            A fast byte-level BPE tokenizer that ends its texts with `eos_token`.
        dropout (`float`):
            Probability of skipping a merge, in (0, 1).

    Raises:
        `ValueError`: the tokenizer has no merges to drop, or `dropout` is out of range.
    """

    def __init__(self, tokenizer: PreTrainedTokenizerBase, dropout: float):
        if not 0 < dropout < 1:
            raise ValueError(f"`dropout` must be in (0, 1), got {dropout}: leave BPE dropout out to turn it off.")
        merges = json.loads(tokenizer.backend_tokenizer.to_str())["model"].get("merges") or []
        if not merges:
            raise ValueError(
                "`tokenizer` has no merges, so BPE dropout does nothing: use a BPE tokenizer or no dropout."
            )
        pairs = (tuple(merge.split(" ")) if isinstance(merge, str) else tuple(merge) for merge in merges)
        self.ranks = {pair: rank for rank, pair in enumerate(pairs)}
        self.vocabulary = tokenizer.get_vocab()
        self.eos_token_id = tokenizer.eos_token_id
        self.dropout = dropout
        self.backend = tokenizer.backend_tokenizer

    def __call__(self, text: str, generator: np.random.Generator) -> np.ndarray:
        """Token ids of a normalised text, int32 `(tokens,)`, with the end token."""
        if self.backend.normalizer is not None:
            text = self.backend.normalizer.normalize_str(text)
        input_ids = []
        for word, _ in self.backend.pre_tokenizer.pre_tokenize_str(text):
            input_ids += [self.vocabulary[symbol] for symbol in self._merge(list(word), generator)]
        return np.asarray([*input_ids, self.eos_token_id], dtype=np.int32)

    def _merge(self, symbols: list[str], generator: np.random.Generator) -> list[str]:
        while len(symbols) > 1:
            ranks = [
                self.ranks[pair] if pair in self.ranks and generator.random() >= self.dropout else len(self.ranks)
                for pair in itertools.pairwise(symbols)
            ]
            best = int(np.argmin(ranks))
            if ranks[best] == len(self.ranks):
                break
            symbols[best : best + 2] = [symbols[best] + symbols[best + 1]]
        return symbols
