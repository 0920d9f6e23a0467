"""Upload of a finished folder to the Hugging Face Hub."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from huggingface_hub import CommitInfo, HfApi
from huggingface_hub.errors import HfHubHTTPError
from transformers.utils import logging

logger = logging.get_logger(__name__)

RETRY_WAIT_SECONDS = 5.0

T = TypeVar("T")


def push_folder(
    folder: str | os.PathLike,
    repo_id: str,
    *,
    commit_message: str,
    private: bool = False,
    token: str | None = None,
    retry_wait: float = RETRY_WAIT_SECONDS,
) -> CommitInfo:
    """
    Upload exactly the files of `folder` to the model repository `repo_id`, which is created if it does not exist.

    Each request that the Hub answers with 503 (Service Unavailable) is tried once more.

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
        retry_wait (`float`, *optional*, defaults to 5.0):
            Seconds before the second try.

    Returns:
        `huggingface_hub.CommitInfo`: the commit.

    Raises:
        ValueError: if `folder` has no `config.json`.
        huggingface_hub.errors.HfHubHTTPError: if the Hub refuses, or answers 503 twice.
    """
    if not (Path(folder) / "config.json").is_file():
        raise ValueError(f"`folder`={os.fspath(folder)!r} has no config.json: it is no saved model")
    api = HfApi(token=token)
    repo_id = _with_retry(lambda: api.create_repo(repo_id, private=private, exist_ok=True), retry_wait).repo_id
    return _with_retry(
        lambda: api.upload_folder(repo_id=repo_id, folder_path=folder, commit_message=commit_message), retry_wait
    )


def _with_retry(request: Callable[[], T], wait: float) -> T:
    try:
        return request()
    except HfHubHTTPError as error:
        if error.response is None or error.response.status_code != 503:
            raise
        logger.warning(f"the Hub is unavailable (503); trying once more in {wait:.0f} s")
        time.sleep(wait)
        return request()
