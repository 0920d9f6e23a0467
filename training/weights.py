"""Which weights a training changes, and how much of the change is kept."""

from collections.abc import Sequence
from pathlib import Path

from transformers import PreTrainedModel


def freeze_others(model: PreTrainedModel, trainable: Sequence[str]) -> None:
    """
    Leaves only some weights to be trained.

    Args:
        model (`PreTrainedModel`): The model.
        trainable (`Sequence[str]`): Beginnings of their names, such as `"model.gpt2"`; none leaves all of them.

    Raises:
        ValueError: If no weight has one of the names.
    """
    names = [name for name, _ in model.named_parameters()]
    unknown = [prefix for prefix in trainable if not any(name.startswith(prefix) for name in names)]
    if unknown:
        raise ValueError(f"`trainable` names {', '.join(unknown)}, and no weight of the model is called so.")
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(not trainable or name.startswith(tuple(trainable)))


def move_weights(model: PreTrainedModel, other: str | Path, share: float) -> None:
    """
    Moves the weights of a model towards those of a checkpoint that it was trained on from, or that was from it: less is
    forgotten half way (WiSE-FT, https://arxiv.org/abs/2109.01903).

    Args:
        model (`PreTrainedModel`): The model.
        other (`str` or `Path`): Folder or Hub id of the checkpoint.
        share (`float`): How far, from 0, not at all, to 1, all the way.

    Raises:
        ValueError: If the checkpoint has weights of other sizes.
    """
    goal = type(model).from_pretrained(other, dtype=model.dtype).state_dict()
    for name, weight in model.state_dict().items():
        if name not in goal or goal[name].shape != weight.shape:
            raise ValueError(
                f"{str(other)!r} is a model of other sizes: `{name}` does not fit. Weights are blended only with those of a "
                "checkpoint that they were trained on from, or that was from them."
            )
        weight.lerp_(goal[name].to(weight), share)
