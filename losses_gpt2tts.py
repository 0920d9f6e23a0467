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
    fine: torch.Tensor | None,
    fine_target: torch.Tensor | None,
    steps: torch.Tensor,
    true_steps: torch.Tensor,
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
        target, before, after (`torch.Tensor` of shape `(batch_size, num_groups, group_size)`):
            Normalised true groups, and the predicted ones before and after the postnet.
        fine, fine_target (`torch.Tensor` of shape `(batch_size, num_groups, fine_size)`, *optional*):
            Normalised fine spectra, as predicted where there is a refiner, and in truth where `labels` have them, NaN where
            they are not known.
        group_mask (`torch.BoolTensor` of shape `(batch_size, num_groups)`): Mask of real groups.
        steps, true_steps (`torch.Tensor` of shape `(batch_size, num_groups)`):
            How many tokens the reading position moves after each group, as predicted and in truth.
        predicted_embeddings (`torch.Tensor` of shape `(batch_size, speaker_embedding_dim)`):
            What the style latents say of the speaker.
        speaker_embeddings (`torch.Tensor` of shape `(batch_size, speaker_embedding_dim)`, *optional*):
            What the frozen speaker encoder says; zeros where that is not known.
        num_items (`int`): Groups to divide by.
    """
    weight = group_mask.float() / num_items
    target = target.float()

    def mean(values: torch.Tensor) -> torch.Tensor:
        return (values * weight).sum()

    after_loss = mean(_l1_and_l2(after, target))
    before_loss = mean(_l1_and_l2(before, target))
    position_loss = mean(F.smooth_l1_loss(steps.float(), true_steps.float().clamp(min=0), reduction="none"))
    loss = config.spectrogram_loss_weight * (after_loss + before_loss) + config.position_loss_weight * position_loss

    refiner_loss = None
    if fine is not None:
        refiner_loss = 0.0 * fine.float().sum()
        if fine_target is not None:
            known = torch.where(fine_target.isnan(), fine.detach(), fine_target).float()
            refiner_loss = mean(_l1_and_l2(fine, known))
        loss = loss + refiner_loss

    speaker_loss = None
    if speaker_embeddings is not None:
        similarity = F.cosine_similarity(predicted_embeddings.float(), speaker_embeddings.float(), dim=-1)
        # rows of which none is known have zeros; the mean is over the others
        is_known = (speaker_embeddings.abs().sum(-1, keepdim=True) > 0).float().expand_as(weight)
        share = (is_known * weight).sum() / weight.sum()
        speaker_loss = mean((1 - similarity)[:, None] * is_known) / share.clamp(min=1e-6)
        loss = loss + config.speaker_consistency_loss_weight * speaker_loss
    else:
        # data parallelism wants a gradient for every weight
        loss = loss + 0.0 * predicted_embeddings.float().sum()
    return {
        "loss": loss,
        "spectrogram_loss": after_loss,
        "spectrogram_before_postnet_loss": before_loss,
        "refiner_loss": refiner_loss,
        "position_loss": position_loss,
        "speaker_consistency_loss": speaker_loss,
    }


def _l1_and_l2(prediction: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """L1 + L2 of each group, `(B, N)`."""
    error = prediction.float() - target
    return error.abs().mean(-1) + error.square().mean(-1)
