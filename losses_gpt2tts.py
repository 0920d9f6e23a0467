"""Training losses of GPT2TTS."""

import torch
import torch.nn.functional as F

from .configuration_gpt2tts import GPT2TTSConfig


def compute_losses(
    config: GPT2TTSConfig,
    *,
    target: torch.Tensor,
    group_mask: torch.Tensor,
    before: torch.Tensor,
    after: torch.Tensor,
    stop_logits: torch.Tensor,
    code_logits: torch.Tensor | None,
    code_levels: torch.Tensor | None,
    alignments: torch.Tensor | None,
    attention_mask: torch.Tensor,
    predicted_embeddings: torch.Tensor,
    speaker_embeddings: torch.Tensor | None,
    num_items: torch.Tensor | int,
) -> dict[str, torch.Tensor | None]:
    """
    The losses by the names that [`GPT2TTSOutput`] has for them, and as `loss` their sum with the weights of `config`.
    Each is summed over the groups of `group_mask` and divided by `num_items`, so that the losses of a batch's parts
    add up to the batch's.

    Args:
        config (`GPT2TTSConfig`): Holds the weights.
        target, before, after (`torch.Tensor` of shape `(batch_size, num_groups, reduction_factor * n_mels)`):
            Normalised true groups, and the predicted ones before and after the postnet.
        group_mask (`torch.BoolTensor` of shape `(batch_size, num_groups)`): Mask of real groups.
        stop_logits (`torch.Tensor` of shape `(batch_size, num_groups)`): Logits of a group being the last.
        code_logits (`torch.Tensor` of shape `(batch_size, num_groups, len(code_levels), levels)`, *optional*):
            Logits of the level of each number of a group's code.
        code_levels (`torch.LongTensor` of shape `(batch_size, num_groups, len(code_levels))`, *optional*):
            Levels of the true groups.
        alignments (`torch.Tensor` of shape `(batch_size, num_heads, num_groups, num_tokens)`, *optional*):
            Attention of the aligned heads to the text.
        attention_mask (`torch.Tensor` of shape `(batch_size, num_tokens)`): Mask of real text tokens.
        predicted_embeddings (`torch.Tensor` of shape `(batch_size, speaker_embedding_dim)`):
            What the style latents say of the speaker.
        speaker_embeddings (`torch.Tensor` of shape `(batch_size, speaker_embedding_dim)`, *optional*):
            What the frozen speaker encoder says.
        num_items (`int`): Groups to divide by.
    """
    weight = group_mask.float() / num_items
    target = target.float()

    def mean(values: torch.Tensor) -> torch.Tensor:
        return (values * weight).sum()

    after_loss = mean(_l1_and_l2(after, target, config.squared_error_weight))
    before_loss = mean(_l1_and_l2(before, target, config.squared_error_weight))
    stop_loss = mean(_stop_losses(stop_logits, group_mask, config.stop_positive_weight))
    loss = config.spectrogram_loss_weight * (after_loss + before_loss) + config.stop_loss_weight * stop_loss

    code_loss = attention_loss = flux_loss = speaker_loss = None
    if code_logits is not None and code_levels is not None:
        code_loss = mean(F.cross_entropy(code_logits.permute(0, 3, 1, 2), code_levels, reduction="none").sum(-1))
        loss = loss + config.code_loss_weight * code_loss
    if alignments is not None:
        prior = diagonal_prior(group_mask, attention_mask, config.guided_attention_sigma)
        # rewards mass on the diagonal: a penalty off it could be escaped by not attending to the text at all
        attention_loss = mean(1 - (alignments * prior[:, None]).sum(-1).mean(1))
        loss = loss + config.guided_attention_loss_weight * attention_loss
    if config.spectral_flux_loss_weight > 0:
        flux_loss = -mean(_spectral_flux(after, target, config.reduction_factor))
        loss = loss + config.spectral_flux_loss_weight * flux_loss
    if speaker_embeddings is not None:
        similarity = F.cosine_similarity(predicted_embeddings.float(), speaker_embeddings.float(), dim=-1)
        speaker_loss = mean((1 - similarity)[:, None].expand_as(weight))
        loss = loss + config.speaker_consistency_loss_weight * speaker_loss
    else:
        # data parallelism wants a gradient for every weight
        loss = loss + 0.0 * predicted_embeddings.float().sum()
    return {
        "loss": loss,
        "spectrogram_loss": after_loss,
        "spectrogram_before_postnet_loss": before_loss,
        "stop_loss": stop_loss,
        "code_loss": code_loss,
        "guided_attention_loss": attention_loss,
        "spectral_flux_loss": flux_loss,
        "speaker_consistency_loss": speaker_loss,
    }


def diagonal_prior(group_mask: torch.Tensor, attention_mask: torch.Tensor, sigma: float) -> torch.Tensor:
    """
    Where attention should lie if speech ran evenly through the text: `exp(-(n/N - t/T)^2 / (2 sigma^2))`, of shape
    `(B, groups, tokens)`, for rows of `N` groups and `T` tokens (after https://huggingface.co/papers/1710.08969).
    """

    def progress(mask: torch.Tensor) -> torch.Tensor:
        steps = torch.arange(mask.shape[1], device=mask.device, dtype=torch.float32)
        return (steps + 0.5) / mask.sum(1, keepdim=True)

    gap = progress(group_mask)[:, :, None] - progress(attention_mask)[:, None, :]
    return torch.exp(-gap.square() / (2 * sigma**2)) * attention_mask[:, None, :]


def _l1_and_l2(prediction: torch.Tensor, target: torch.Tensor, squared_error_weight: float) -> torch.Tensor:
    """L1 and weighted L2 of each group, `(B, N)`."""
    error = prediction.float() - target
    return error.abs().mean(-1) + squared_error_weight * error.square().mean(-1)


def _stop_losses(logits: torch.Tensor, group_mask: torch.Tensor, positive_weight: float) -> torch.Tensor:
    """Cross-entropy `(B, N)` of each group being its row's last one."""
    is_last = group_mask & ~F.pad(group_mask[:, 1:], (0, 1))
    weight = torch.where(is_last, positive_weight, 1.0)
    return F.binary_cross_entropy_with_logits(logits.float(), is_last.float(), weight, reduction="none")


def _spectral_flux(prediction: torch.Tensor, target: torch.Tensor, reduction_factor: int) -> torch.Tensor:
    """Mean L1 distance `(B, N)` of a group's predicted frames to the true frames before them."""
    frames = prediction.float().unflatten(-1, (reduction_factor, -1))
    true_frames = target.unflatten(-1, (reduction_factor, -1)).flatten(1, 2)
    previous = torch.cat([true_frames[:, :1], true_frames[:, :-1]], dim=1).unflatten(1, (-1, reduction_factor))
    return (frames - previous).abs().mean((-2, -1))
