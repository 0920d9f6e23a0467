"""The notebook runs from its first cell to its last, and is kept without outputs."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "gpt2tts.ipynb"


@pytest.fixture(scope="module")
def notebook():
    return nbformat.read(NOTEBOOK, as_version=4)


def test_outputs_are_stripped(notebook):
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code
    assert all(not cell.outputs and cell.execution_count is None for cell in code)


def test_every_cell_runs(notebook, monkeypatch):
    monkeypatch.setenv("GPT2TTS_NOTEBOOK_STEPS", "12")
    client = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(NOTEBOOK.parent)}})
    client.execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    pictures = [output for output in outputs if "image/png" in output.get("data", {})]
    sounds = [output for output in outputs if "<audio" in output.get("data", {}).get("text/html", "")]
    tables = [output for output in outputs if "| CER |" in output.get("data", {}).get("text/markdown", "")]
    assert len(pictures) == 3
    assert len(sounds) == 2
    assert len(tables) == 1
