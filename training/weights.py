"""Which weights a training changes."""

from collections.abc import Sequence

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
