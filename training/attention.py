"""Which attention a machine is fast in."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torch.nn import functional as F
from transformers import AttentionInterface, PreTrainedModel
from transformers.masking_utils import AttentionMaskInterface, eager_mask

PRODUCTS = "gpt2tts_products"  # name of `attend_by_products` among the attentions of transformers


def attend_by_products(
    module: nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor,
    scaling: float,
    dropout: float = 0.0,
    **kwargs: Any,
) -> tuple[torch.Tensor, torch.Tensor]:
    """
    Attention as products of matrices, an attention implementation for transformers' `AttentionInterface`. On a CPU in
    bfloat16, forward and backward take half as long as those of PyTorch's fused kernel, at the price of the scores' memory
    and of their rounding to bfloat16.

    Args:
        module (`nn.Module`): The attention, whose dropout is off where it is not in training.
        query (`torch.Tensor` of shape `(batch_size, heads, queries, size)`): Queries.
        key, value (`torch.Tensor` of shape `(batch_size, heads, keys, size)`): Keys and values.
        attention_mask (`torch.Tensor`, broadcast to `(batch_size, heads, queries, keys)`):
            What is added to the scores: 0, or where there is nothing to see a very negative number.
        scaling (`float`): Factor on the scores.
        dropout (`float`, *optional*, defaults to 0.0): Dropout of the weights.

    Returns:
        What is seen, `(batch_size, queries, heads, size)`, and with which weights, `(batch_size, heads, queries, keys)`.
    """
    weights = ((query * scaling) @ key.mT + attention_mask.to(query.dtype)).softmax(-1)
    seen = F.dropout(weights, dropout, module.training) @ value
    return seen.transpose(1, 2), weights


def choose_attention(model: PreTrainedModel, mixed_precision: str, device_type: str = "cpu") -> None:
    """Sets the attention of a model's GPT-2 to [`attend_by_products`] where that is faster: on a CPU in bfloat16."""
    if device_type == "cpu" and mixed_precision == "bf16":
        AttentionInterface.register(PRODUCTS, attend_by_products)
        AttentionMaskInterface.register(PRODUCTS, eager_mask)
        model.set_attn_implementation(PRODUCTS)
