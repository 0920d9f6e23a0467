"""Upload of a finished folder to the Hugging Face Hub."""

import os
from pathlib import Path

from huggingface_hub import CommitInfo, HfApi


def push_folder(
    folder: str | os.PathLike,
    repo_id: str,
    *,
    commit_message: str,
    private: bool = False,
    token: str | None = None,
) -> CommitInfo:
    """
    Upload exactly the files of `folder` to the model repository `repo_id`, which is created if it does not exist.

    Args:
        folder (`str` or `os.PathLike`):
            Folder with `config.json` and the rest of a model.
        repo_id (`str`):
            `"user/name"`.
        commit_message (`str`):
            Message of the commit.
        private (`bool`, *optional*, defaults to `False`):
            Whether the repository is private, if it is created here.
        token (`str`, *optional*):
            Access token; defaults to the one `hf auth login` or `HF_TOKEN` set. It is not stored.

    Returns:
        `huggingface_hub.CommitInfo`: the commit.

    Raises:
        ValueError: if `folder` has no `config.json`.
        huggingface_hub.errors.HfHubHTTPError: if the Hub refuses.
    """
    if not (Path(folder) / "config.json").is_file():
        raise ValueError(f"`folder`={os.fspath(folder)!r} has no config.json: it is no saved model")
    api = HfApi(token=token)
    repo_id = api.create_repo(repo_id, private=private, exist_ok=True).repo_id
    return api.upload_folder(repo_id=repo_id, folder_path=folder, commit_message=commit_message)
