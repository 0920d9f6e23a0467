"""Datasets of the Hub, those that have a loading script too."""

import logging
from typing import Any

import datasets

logger = logging.getLogger(__name__)

PARQUET_REVISION = "refs/convert/parquet"


def load_hub_dataset(
    source: str, config: str | None = None, *, split: str, revision: str | None = None, streaming: bool = False
) -> Any:
    """
    `datasets.load_dataset`, which refuses datasets that have a loading script, such as `keithito/lj_speech`, since version 4. Of
    these the Hub keeps a copy as Parquet files, which is loaded then.

    Args:
        source (`str`): A Hub id, or a folder.
        config (`str`, *optional*): Its configuration.
        split (`str`): Its split.
        revision (`str`, *optional*): Commit, branch or tag.
        streaming (`bool`, *optional*, defaults to `False`): Whether to read it as it is used.

    Returns:
        `datasets.Dataset`, or `datasets.IterableDataset` if `streaming`.

    Raises:
        ValueError: If the revision named has a loading script, or there is no such copy.
    """
    chosen = {name: value for name, value in (("name", config), ("revision", revision)) if value is not None}
    try:
        return datasets.load_dataset(source, split=split, streaming=streaming, **chosen)
    except RuntimeError as error:
        if "scripts are no longer supported" not in str(error):
            raise
        if revision is not None:
            raise ValueError(
                f"Revision {revision!r} of {source} has a loading script, which `datasets` no longer runs: leave the revision out, "
                f"or name a commit of its copy in Parquet, {PARQUET_REVISION!r}."
            ) from error
        logger.info("%s has a loading script: its copy in Parquet is loaded.", source)
        folder = {} if config is None else {"data_dir": config}  # there a configuration is a folder
        try:
            return datasets.load_dataset(source, split=split, streaming=streaming, revision=PARQUET_REVISION, **folder)
        except (datasets.exceptions.DatasetNotFoundError, FileNotFoundError) as missing:
            raise ValueError(
                f"{source} has a loading script, which `datasets` no longer runs, and no copy in Parquet ({missing}): convert it by "
                f"`datasets` 3, `save_to_disk`, and pass that folder."
            ) from missing


__all__ = ["load_hub_dataset"]
