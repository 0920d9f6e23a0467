"""Uploads against a stand-in of the Hub's HTTP interface on loopback."""

import base64
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from huggingface_hub import constants
from huggingface_hub.errors import HfHubHTTPError

from gpt2tts.publishing import hub

TOKEN = "hf_secretsecretsecretsecretsecretsecr"


class HubHandler(BaseHTTPRequestHandler):
    """
    The four requests an upload of small files takes. `server.failures` maps a path to statuses still to be given,
    `server.hold` names one that is not answered before `server.release` is set.
    """

    def log_message(self, *_):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.tokens.add(self.headers.get("Authorization"))
        name = self.path.split("?")[0].rsplit("/", 2)[-2]
        failures = self.server.failures.get(name, [])
        self.server.requests.append(self.path)
        if name == self.server.hold:
            self.server.held.set()
            self.server.release.wait()
            return
        if failures:
            # of a repository that is there the Hub says where
            return self.answer({"error": "Refused", "url": f"{self.server.url}/me/voice"}, failures.pop(0))
        if self.path == "/api/repos/create":
            self.server.created.append(json.loads(body))
            return self.answer({"url": f"{self.server.url}/me/voice"})
        if self.path.endswith("/api/validate-yaml"):
            self.server.cards.append(json.loads(body)["content"])
            return self.answer({"errors": [], "warnings": []})
        if "/preupload/" in self.path:
            files = [
                {"path": f["path"], "uploadMode": "regular", "shouldIgnore": False} for f in json.loads(body)["files"]
            ]
            return self.answer({"files": files})
        if "/commit/" in self.path:
            self.server.commits.append([json.loads(line) for line in body.splitlines()])
            return self.answer({"commitUrl": f"{self.server.url}/me/voice/commit/1", "commitOid": "1" * 40})
        return self.answer({"error": "not found"}, 404)

    def do_GET(self):
        self.answer({"sha": "0" * 40, "id": "me/voice", "siblings": []})

    def answer(self, content, status=200):
        payload = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)


@pytest.fixture
def server(monkeypatch):
    server = ThreadingHTTPServer(("127.0.0.1", 0), HubHandler)
    server.url = f"http://127.0.0.1:{server.server_port}"
    server.created, server.commits, server.cards, server.requests = [], [], [], []
    server.tokens, server.failures = set(), {}
    server.hold, server.held, server.release = None, threading.Event(), threading.Event()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setattr(constants, "ENDPOINT", server.url)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    real = hub.HfApi
    monkeypatch.setattr(hub, "HfApi", lambda **kwargs: real(endpoint=server.url, **kwargs))
    yield server
    server.release.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "best"
    (folder / "voices").mkdir(parents=True)
    (folder / "config.json").write_text('{"model_type": "gpt2tts"}')
    (folder / "README.md").write_text("---\nlibrary_name: transformers\n---\n# Voice\n")
    (folder / "voices" / "ann.txt").write_text("latents")
    (tmp_path / "checkpoint.bin").write_text("beside the folder")
    return folder


def is_private(created):
    # versions of the client spell it either way
    return created.get("private") is True or created.get("visibility") == "private"


def uploaded_files(commit):
    return {
        line["value"]["path"]: base64.b64decode(line["value"]["content"]) for line in commit if line["key"] == "file"
    }


def test_uploads_exactly_the_folder(server, folder):
    info = hub.push_folder(folder, "me/voice", commit_message="Best weights, step 7", private=True, token=TOKEN)
    assert [created["name"] for created in server.created] == ["voice"]
    assert is_private(server.created[0])
    assert len(server.commits) == 1
    expected = {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    assert uploaded_files(server.commits[0]) == expected
    header = next(line["value"] for line in server.commits[0] if line["key"] == "header")
    assert header["summary"] == "Best weights, step 7"
    assert info.oid == "1" * 40
    assert server.tokens == {f"Bearer {TOKEN}"}


def test_hidden_files_stay_at_home(server, folder):
    for name in (
        ".env",
        ".partial-best/weights.pt",
        "voices/.ipynb_checkpoints/ann.pkl",
        "__pycache__/a.pyc",
        "voices/__pycache__/a.pyc",
    ):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("secret")
    hub.push_folder(folder, "me/voice", commit_message="x", token=TOKEN)
    assert set(uploaded_files(server.commits[0])) == {"README.md", "config.json", "voices/ann.txt"}


def test_public_by_default(server, folder):
    hub.push_folder(folder, "me/voice", commit_message="x", token=TOKEN)
    assert not is_private(server.created[0])


def test_a_repository_that_is_there_is_taken(server, folder):
    server.failures = {"repos": [409]}
    hub.push_folder(folder, "me/voice", commit_message="x", token=TOKEN)
    assert len(server.commits) == 1


def test_a_name_without_a_user_is_that_of_the_token(server, folder):
    hub.push_folder(folder, "voice", commit_message="x", token=TOKEN)
    assert any("/api/models/me/voice/commit/" in path for path in server.requests)


def test_a_refusal_is_an_error_at_once(server, folder):
    server.failures = {"commit": [403]}
    with pytest.raises(HfHubHTTPError, match="403"):
        hub.push_folder(folder, "me/voice", commit_message="x", token=TOKEN)
    assert sum("/commit/" in path for path in server.requests) == 1


def test_the_token_is_neither_logged_nor_written(server, folder, tmp_path, caplog, capfd):
    with caplog.at_level("DEBUG"):
        hub.push_folder(folder, "me/voice", commit_message="x", token=TOKEN)
    out, err = capfd.readouterr()
    assert TOKEN not in caplog.text + out + err
    assert not any(TOKEN.encode() in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_a_hub_that_cannot_be_reached_is_named(folder, monkeypatch):
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    with pytest.raises(ConnectionError, match=r"127\.0\.0\.1:9 cannot be reached .*Nothing was uploaded"):
        hub.push_folder(folder, "user/name", commit_message="x")


def test_a_hub_that_does_not_answer_is_named(folder, monkeypatch):
    class ConnectTimeout(Exception):
        """As httpx and httpx2 have it."""

    def create_repo(*_, **settings):
        raise ConnectTimeout("timed out")

    monkeypatch.setattr(hub.HfApi, "create_repo", create_repo)
    with pytest.raises(ConnectionError, match=r"cannot be reached \(timed out\).*Nothing was uploaded"):
        hub.push_folder(folder, "user/name", commit_message="x")


def test_a_folder_without_a_model_is_refused(server, tmp_path):
    with pytest.raises(ValueError, match=r"config\.json"):
        hub.push_folder(tmp_path, "me/voice", commit_message="x", token=TOKEN)
    assert server.requests == []


@pytest.mark.parametrize("path", ["preupload", "commit"])
def test_the_upload_survives_a_503(server, folder, path):
    server.failures = {path: [503]}
    hub.push_folder(folder, "me/voice", commit_message="x", token=TOKEN)
    assert len(server.commits) == 1


def test_a_dataset_is_pushed_as_one(server, folder):
    hub.push_folder(folder, "me/voice", repo_type="dataset", commit_message="x", token=TOKEN)
    assert server.created[0]["type"] == "dataset"
    assert all("/api/datasets/me/voice/" in path for path in server.requests if "/commit/" in path)
    assert set(uploaded_files(server.commits[0])) == {"README.md", "config.json", "voices/ann.txt"}
    (folder / "README.md").unlink()
    with pytest.raises(ValueError, match=r"no README\.md: it is no saved dataset"):
        hub.push_folder(folder, "me/voice", repo_type="dataset", commit_message="x", token=TOKEN)


def test_a_space_is_one_of_gradio(server, folder):
    hub.push_folder(folder, "me/voice", repo_type="space", commit_message="x", token=TOKEN)
    assert (server.created[0]["type"], server.created[0]["sdk"]) == ("space", "gradio")
    assert all("/api/spaces/me/voice/" in path for path in server.requests if "/commit/" in path)


@pytest.mark.parametrize("path", ["preupload", "commit"])
def test_a_push_that_is_killed_changes_nothing(server, folder, path):
    server.hold = path
    code = "import sys; from gpt2tts.publishing.hub import push_folder; push_folder(*sys.argv[1:], commit_message='x')"
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(folder), "me/voice"],
        env={**os.environ, "HF_ENDPOINT": server.url, "HF_HUB_OFFLINE": "0", "HF_TOKEN": TOKEN},
        stderr=subprocess.DEVNULL,
    )
    assert server.held.wait(60)
    process.kill()
    process.wait()
    assert server.commits == []
    server.hold = None
    hub.push_folder(folder, "me/voice", commit_message="x", token=TOKEN)
    assert len(server.commits) == 1
