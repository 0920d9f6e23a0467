"""How a text was read: what the attention of the aligned heads says of words that were skipped or said twice."""

import torch


def count_misread_tokens(
    alignments: torch.Tensor, lengths: torch.Tensor, attention_mask: torch.Tensor
) -> torch.Tensor:
    """
    The longest stretch of text that was gone back over, skipped, or left unread at the end. Where attention is at a
    step is its mean position; in a sound reading it moves on evenly, at most by some five tokens at a time, which are
    letters to a byte tokenizer.

    Args:
        alignments (`torch.Tensor` of shape `(batch_size, num_heads, num_groups, num_tokens)`):
            Attention to the text.
        lengths (`torch.LongTensor` of shape `(batch_size,)`):
            Groups of each row.
        attention_mask (`torch.Tensor` of shape `(batch_size, num_tokens)`):
            Mask of real tokens (`1`) as opposed to padding (`0`).

    Returns:
        `torch.Tensor` of shape `(batch_size,)`: float32, in tokens.
    """
    attention = alignments.float().mean(1)
    tokens = torch.arange(attention.shape[-1], device=attention.device, dtype=torch.float32)
    position = (attention * tokens).sum(-1) / attention.sum(-1).clamp(min=1e-6)
    # padding repeats the last step, which changes nothing
    steps = torch.arange(position.shape[1], device=lengths.device).minimum(lengths[:, None] - 1)
    position = position.gather(1, steps)
    furthest = position.cummax(1).values
    gone_back = (furthest - position).amax(1)
    # the first step may skip the text's beginning
    skipped = torch.diff(furthest, dim=1, prepend=torch.zeros_like(furthest[:, :1])).amax(1)
    unread = attention_mask.sum(1) - 1 - furthest[:, -1]
    return torch.stack([gone_back, skipped, unread]).amax(0)


__all__ = ["count_misread_tokens"]
