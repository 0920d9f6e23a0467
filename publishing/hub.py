"""Upload of a finished folder, a model, a dataset or a Space, to the Hugging Face Hub."""

import os
from pathlib import Path

from huggingface_hub import CommitInfo, HfApi


def push_folder(
    folder: str | os.PathLike,
    repo_id: str,
    *,
    commit_message: str,
    repo_type: str = "model",
    private: bool = False,
    token: str | None = None,
) -> CommitInfo:
    """
    Upload the files of `folder`, but for hidden ones and what Python has compiled, in one commit to the repository `repo_id`,
    which is created if it does not exist. What is cut short changes nothing there.

    Args:
        folder (`str` or `os.PathLike`):
            Folder with `config.json` and the rest of a model, or with the card and the files of a dataset or a Space.
        repo_id (`str`):
            `"user/name"`.
        commit_message (`str`):
            Message of the commit.
        repo_type (`str`, *optional*, defaults to `"model"`):
            `"model"`, `"dataset"` or `"space"`, which is one of gradio.
        private (`bool`, *optional*, defaults to `False`):
            Whether the repository is private, if it is created here.
        token (`str`, *optional*):
            Access token; defaults to the one `hf auth login` or `HF_TOKEN` set. It is not stored.

    Returns:
        `huggingface_hub.CommitInfo`: the commit.

    Raises:
        ValueError: if `folder` has no `config.json`, or that of a dataset or a Space no `README.md`.
        ConnectionError: if the Hub cannot be reached.
        huggingface_hub.errors.HfHubHTTPError: if the Hub refuses.
    """
    needed = "config.json" if repo_type == "model" else "README.md"
    if not (Path(folder) / needed).is_file():
        raise ValueError(f"`folder`={os.fspath(folder)!r} has no {needed}: it is no saved {repo_type}")
    repo_id = create_repository(repo_id, repo_type=repo_type, private=private, token=token)
    return HfApi(token=token).upload_folder(
        repo_id=repo_id,
        repo_type=repo_type,
        folder_path=folder,
        commit_message=commit_message,
        ignore_patterns=[".*", "*/.*", "__pycache__/*", "*/__pycache__/*"],
    )


def create_repository(
    repo_id: str, *, repo_type: str = "model", private: bool = False, token: str | None = None
) -> str:
    """
    Create a repository if it does not exist: what shows before a long run whether its upload will be let in.

    Args:
        repo_id (`str`):
            `"user/name"`.
        repo_type (`str`, *optional*, defaults to `"model"`):
            `"model"`, `"dataset"` or `"space"`, which is one of gradio.
        private (`bool`, *optional*, defaults to `False`):
            Whether the repository is private, if it is created here.
        token (`str`, *optional*):
            Access token; defaults to the one `hf auth login` or `HF_TOKEN` set. It is not stored.

    Returns:
        `str`: its whole name.

    Raises:
        ConnectionError: if the Hub cannot be reached.
        huggingface_hub.errors.HfHubHTTPError: if the Hub refuses.
    """
    api = HfApi(token=token)
    try:
        sdk = "gradio" if repo_type == "space" else None
        return api.create_repo(repo_id, repo_type=repo_type, private=private, space_sdk=sdk, exist_ok=True).repo_id
    except Exception as error:
        # of httpx or httpx2, as the version of huggingface_hub has it
        if type(error).__name__ not in ("ConnectError", "ConnectTimeout"):
            raise
        raise ConnectionError(
            f"{api.endpoint} cannot be reached ({error}): check the network. Nothing was uploaded."
        ) from error
