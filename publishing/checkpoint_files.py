"""What a checkpoint folder must and must not hold before it is copied elsewhere or goes to the Hub."""

import shutil
from pathlib import Path

from safetensors import SafetensorError, safe_open

from ..files import PARTIAL_PREFIX, is_adapter, list_files
from ..folders import replace_folder

REQUIRED = ("config.json", "model.safetensors", "README.md", "processor_config.json", "tokenizer.json")
PICKLED = {".bin", ".ckpt", ".pickle", ".pkl", ".pt", ".pth"}
PACKAGE = Path(__file__).parents[1]


def files_to_push(folder: Path) -> list[Path]:
    """
    The files of a checkpoint.

    Args:
        folder (`Path`): What `save_pretrained` of the model and the processor wrote, with its model card.

    Returns:
        `list[Path]`: All files below the folder, sorted, without hidden ones and what Python has compiled.

    Raises:
        ValueError: If a file that users need is missing, damaged or no more than a link, or one holds pickled weights.
    """
    if not folder.is_dir():
        raise ValueError(f"There is no folder {str(folder)!r}: pass a saved checkpoint.")
    _refuse_adapter(folder)
    missing = [name for name in REQUIRED if not (folder / name).is_file()]
    if missing:
        raise ValueError(
            f"{str(folder)!r} lacks {', '.join(missing)}: save model and processor into it with save_pretrained, and "
            "write the model card as README.md."
        )
    broken = broken_sources(folder)
    if broken:
        raise ValueError(
            f"{', '.join(broken)} in {str(folder)!r} led to the sources of the package and lead nowhere now: "
            f"gpt2tts export-checkpoint --model {folder} FOLDER writes a whole one."
        )
    files = [file for file in list_files(folder) if "__pycache__" not in file.relative_to(folder).parts]
    pickled = [str(file.relative_to(folder)) for file in files if file.suffix in PICKLED]
    if pickled:
        raise ValueError(f"{', '.join(pickled)} may run code when loaded: convert to safetensors, or remove.")
    for file in files:
        try:
            if file.suffix == ".safetensors":
                with safe_open(file, "numpy"):  # which knows how long it has to be
                    pass
        except (SafetensorError, OSError) as error:
            raise ValueError(f"{str(file)!r} is damaged ({error}): copy or download it again.") from error
    return files


def _refuse_adapter(folder: Path) -> None:
    if is_adapter(folder):
        raise ValueError(
            f"{str(folder)!r} is an adapter, a part of a checkpoint: pass the whole one, which `gpt2tts finetune` wrote above it."
        )


def check_replaceable(folder: Path, argument: str) -> None:
    """
    What is at `folder` may give way to a checkpoint: an earlier checkpoint, an adapter, or an empty folder.

    Args:
        folder (`Path`): Where one is to be written.
        argument (`str`): The name of the argument, for the error.

    Raises:
        FileExistsError: If it is anything else.
    """
    is_checkpoint = (folder / "config.json").is_file() and any(folder.glob("*.safetensors"))
    if folder.is_dir() and any(folder.iterdir()) and not is_checkpoint and not is_adapter(folder):
        raise FileExistsError(
            f"`{argument}` {str(folder)!r} is no checkpoint, and would be replaced: choose another folder."
        )
    if folder.is_file():
        raise FileExistsError(f"`{argument}` {str(folder)!r} is a file, and would be replaced: choose a folder.")


def broken_sources(folder: Path) -> list[str]:
    """
    Names of the source files of a folder that are links to nowhere, or, where a system without links unpacked them, text
    files with the path that the link had.
    """

    def is_broken(path: Path) -> bool:
        return not path.is_file() or path.read_text("utf-8").strip() == f"../{path.name}"

    return sorted(path.name for path in folder.glob("*.py") if is_broken(path))


def copy_checkpoint(source: Path, target: Path) -> Path:
    """
    Copies a checkpoint so that it is whole wherever the copy goes: with files where `source` has links to the sources of
    the package, also where these links are broken.

    Args:
        source (`Path`): Folder of a checkpoint.
        target (`Path`): Folder to write; it must not exist.

    Raises:
        ValueError: If `source` is no checkpoint, or `target` exists or lies in `source`.
        OSError: If it cannot be copied, as onto a full disk. Nothing is left there.
    """
    _refuse_adapter(source)
    if not (source / "config.json").is_file():
        raise ValueError(f"{str(source)!r} is no checkpoint: it has no config.json.")
    if target.exists():
        raise ValueError(f"{str(target)!r} exists: choose another folder, or remove it first.")
    if target.resolve().is_relative_to(source.resolve()):
        raise ValueError(f"{str(target)!r} lies in {str(source)!r}, the checkpoint itself: choose another folder.")
    broken = broken_sources(source)
    partial = target.with_name(f"{PARTIAL_PREFIX}{target.name}")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        shutil.copytree(source, partial, ignore=shutil.ignore_patterns("__pycache__", *broken))
        for name in broken:
            shutil.copyfile(PACKAGE / name, partial / name)
    except OSError as error:
        shutil.rmtree(partial, ignore_errors=True)
        # `shutil.Error` has the reasons of all files
        reason = error.args[0][0][2] if isinstance(error, shutil.Error) else error
        raise OSError(f"{str(source)!r} cannot be copied to {str(target)!r}: {reason}") from error
    return replace_folder(partial, target)
