"""What a checkpoint folder must and must not hold before it goes to the Hub."""

from pathlib import Path

REQUIRED = ("config.json", "model.safetensors", "README.md", "tokenizer.json")
PICKLED = {".bin", ".ckpt", ".pickle", ".pkl", ".pt", ".pth"}


def files_to_push(folder: Path) -> list[Path]:
    """
    The files of a checkpoint.

    Args:
        folder (`Path`): What `save_pretrained` of the model and the processor wrote, with its model card.

    Returns:
        `list[Path]`: All files below the folder, sorted, without hidden ones.

    Raises:
        ValueError: If a file that users need is missing, or one holds pickled weights.
    """
    if not folder.is_dir():
        raise ValueError(f"There is no folder {str(folder)!r}: pass a saved checkpoint.")
    missing = [name for name in REQUIRED if not (folder / name).is_file()]
    if missing:
        raise ValueError(
            f"{str(folder)!r} lacks {', '.join(missing)}: save model and processor into it with save_pretrained, and "
            "write the model card as README.md."
        )
    files = sorted(
        file
        for file in folder.rglob("*")
        if file.is_file() and not any(part.startswith(".") for part in file.relative_to(folder).parts)
    )
    pickled = [str(file.relative_to(folder)) for file in files if file.suffix in PICKLED]
    if pickled:
        raise ValueError(f"{', '.join(pickled)} may run code when loaded: convert to safetensors, or remove.")
    return files
