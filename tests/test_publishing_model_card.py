import json
import re

import pytest
import torch
import yaml
from datasets import Dataset
from huggingface_hub import ModelCard

from gpt2tts.configuration_gpt2tts import GPT2TTSConfig
from gpt2tts.modeling_gpt2tts import GPT2TTSForTextToSpeech
from gpt2tts.publishing.model_card import add_report, name_repository, summarize_data, write_model_card


@pytest.fixture(scope="module")
def model():
    return GPT2TTSForTextToSpeech(GPT2TTSConfig.from_preset("tiny"))


@pytest.fixture
def card(model, tmp_path):
    path = write_model_card(
        tmp_path,
        model,
        arguments={"learning_rate": 0.002},
        data_summary=["`LJSpeech-1.1`: 385 clips"],
        metrics={"free_running_cer": 0.123, "loss": 1.5, "speed": 7.0},
        training_summary="300 steps.",
        model_id="me/voice",
        recognizer="whisper tiny.en",
    )
    return ModelCard.load(path)


def test_metadata_is_that_of_a_speech_model(card):
    data = card.data
    assert (data.pipeline_tag, data.library_name, data.language) == ("text-to-speech", "transformers", "en")
    results = {result.metric_type: result.metric_value for result in data.eval_results}
    assert results == {"cer": pytest.approx(12.3), "loss": pytest.approx(1.5)}
    header = yaml.safe_load(card.content.split("---")[1])
    assert header["model-index"][0]["name"] == "voice"


def test_shares_of_the_validation_are_percent(model, tmp_path):
    shares = ("teacher_forced_cer", "free_running_cer_texts", "stopped", "stop_error_share")
    metrics = {**dict.fromkeys(shares, 0.25), "position_loss": 0.5, "spectrogram_loss": 0.75}
    text = ModelCard.load(write_model_card(tmp_path, model, arguments={}, metrics=metrics)).text
    shown = re.findall(r"^\| (.*) \| ([\d.]+) \|$", text.split("## Results")[1], flags=re.MULTILINE)
    assert {float(value) for name, value in shown if "%" in name} == {25.0}
    assert {value for name, value in shown if "%" not in name} == {"0.5", "0.75"}
    assert len(shown) == len(metrics)


def test_text_says_what_it_was_trained_with(card, model):
    config = model.config
    seconds = config.max_mel_positions * config.reduction_factor / config.frame_rate
    reference = config.max_reference_frames / config.frame_rate
    for expected in (
        "`LJSpeech-1.1`: 385 clips",
        "| `learning_rate` | `0.002` |",
        "whisper tiny.en",
        "300 steps.",
        f"| parameters | {sum(weight.numel() for weight in model.parameters()) / 1e6:.1f} million |",
        f"text tokens; {seconds:.1f} s of speech; {reference:.1f} s of reference |",
        "source-filter",
        'from_pretrained("me/voice", trust_remote_code=True)',
        "| Character error rate, free running (%) | 12.3 |",
    ):
        assert expected in card.text
    assert "{{" not in card.content
    assert "{%" not in card.content


def test_an_adapter_is_no_part_of_the_size(model, tmp_path, monkeypatch):
    size = f"| parameters | {model.num_parameters() / 1e6:.1f} million |"
    monkeypatch.setitem(model._parameters, "lora_A", torch.nn.Parameter(torch.zeros(10**6)))
    assert size in ModelCard.load(write_model_card(tmp_path, model, arguments={})).text


def test_example_runs_with_a_saved_voice(model, tmp_path):
    model.add_voice("ann", model.model.null_style_latents)
    card = ModelCard.load(write_model_card(tmp_path, model, arguments={}))
    assert 'voice="ann"' in card.text
    assert "Not measured." in card.text
    assert card.data.eval_results is None


def test_data_is_summed_up_by_dataset():
    rows = {"dataset": ["a", "a", "b"], "speaker": ["x", "y", "x"], "num_frames": [600, 600, 300]}
    assert summarize_data(Dataset.from_dict(rows), frame_rate=10.0) == [
        "`a`: 2 clips of 2 speaker(s), 2.0 minutes",
        "`b`: 1 clips of 1 speaker(s), 0.5 minutes",
    ]


@pytest.fixture
def report(tmp_path):
    figures = {
        "clips": 10,
        "cer": 0.0512,
        "cer_interval": [0.04, 0.06],
        "mos DNSMOS overall": 3.1,
        "mos DNSMOS overall_interval": [3.0, 3.2],
        "right_speaker": None,
    }
    content = {
        "settings": {"texts": "texts/test.txt", "dataset": []},
        "used": {"CER and WER": "faster-whisper (tiny.en)", "MOS (dnsmos)": "DNSMOS (1.0)"},
        "systems": {
            "GPT2TTS": {
                **figures,
                "clips": 20,
                "groups": {"plain": figures, "hard": {**figures, "cer": 0.25, "wer": 0.0, "right_speaker": 0.9}},
            }
        },
    }
    path = tmp_path / "report.json"
    path.write_text(json.dumps(content))
    return path


def test_a_report_takes_the_place_of_the_results(card, report, tmp_path):
    path = add_report(tmp_path / "README.md", report)
    path = add_report(path, report)  # again: replaced, not added
    card = ModelCard.load(path)
    found = {(result.dataset_config, result.metric_type): result for result in card.data.eval_results}
    assert {key: result.metric_value for key, result in found.items()} == {
        ("all", "cer"): 5.12,
        ("all", "mos"): 3.1,
        ("plain", "cer"): 5.12,
        ("plain", "mos"): 3.1,
        ("hard", "cer"): 25.0,
        ("hard", "wer"): 0.0,
        ("hard", "speaker_accuracy"): 90.0,
        ("hard", "mos"): 3.1,
    }
    assert "faster-whisper (tiny.en)" in found["all", "cer"].metric_name
    assert card.data.model_name == "voice"
    assert card.text.count("## Results") == 1
    assert "| hard (10) | 25 | 0 | 90 | 3.1 |" in card.text
    assert "free running" not in card.text
    assert "Of speech made from `test`, none" in card.text
    assert "## Limits" in card.text


def test_one_group_is_not_told_twice_and_datasets_have_their_names(card, report, tmp_path):
    content = json.loads(report.read_text())
    groups = content["systems"]["GPT2TTS"]["groups"]
    content["systems"]["GPT2TTS"]["groups"] = {"LJSpeech-1.1": groups["plain"]}
    content["settings"] = {"dataset": ["data/LJSpeech-1.1?split=test:ann=2"]}
    report.write_text(json.dumps(content))
    card = ModelCard.load(add_report(tmp_path / "README.md", report))
    assert {result.dataset_config for result in card.data.eval_results} == {"all"}
    assert "Of speech made from `LJSpeech-1.1` (" in card.text
    assert "| sentences | Character error rate (%) | Predicted MOS" in card.text  # what nobody measured has no column


def test_the_rating_names_its_predictor_where_it_was_found_by_itself(card, report, tmp_path):
    content = json.loads(report.read_text())
    content["used"] = {"MOS (auto)": "DNSMOS overall (speechmos 0.0.1)"}
    report.write_text(json.dumps(content))
    results = ModelCard.load(add_report(tmp_path / "README.md", report)).data.eval_results
    assert "speechmos 0.0.1" in next(result.metric_name for result in results if result.metric_type == "mos")


def test_that_nothing_was_trained_on_is_said_where_it_is_known(card, report, tmp_path):
    content = json.loads(report.read_text())
    for settings, is_said in [
        ({"texts": "texts/test.txt"}, True),
        ({"dataset": ["my_recordings"]}, False),
        ({"dataset": ["my_recordings"], "validation_share": 0.02}, True),
    ]:
        report.write_text(json.dumps({**content, "settings": settings}))
        text = ModelCard.load(add_report(tmp_path / "README.md", report)).text
        assert ("none of which was trained on" in text) is is_said


def test_figures_of_another_folder_are_warned_of(card, report, tmp_path, caplog):
    content = json.loads(report.read_text())
    for measured, is_warned in [(str(tmp_path), False), ("runs/other", True)]:
        content["settings"]["model"] = measured
        report.write_text(json.dumps(content))
        caplog.clear()
        add_report(tmp_path / "README.md", report)
        assert ("runs/other" in caplog.text) is is_warned


def test_a_card_without_results_gets_them(report, tmp_path):
    path = tmp_path / "README.md"
    path.write_text("---\nlanguage: en\n---\n\n# Me\n", "utf-8")
    assert "# Me\n\n## Results\n\nOf speech made" in add_report(path, report).read_text("utf-8")


def test_results_are_replaced_where_lines_end_as_on_windows(card, report, tmp_path):
    path = tmp_path / "README.md"
    path.write_bytes(
        b"---\r\nlanguage: en\r\n---\r\n\r\n# Me\r\n\r\n## Results\r\n\r\nOld.\r\n\r\n## Limits\r\n\r\nMany.\r\n"
    )
    add_report(path, report)
    text = path.read_text("utf-8")
    assert (text.count("## Results"), "Old." in text, "Many." in text) == (1, False, True)
    assert ModelCard.load(path).data.model_name == tmp_path.name  # the Hub wants one


def test_a_report_without_a_figure_is_refused_and_the_card_stays(card, report, tmp_path):
    content = json.loads(report.read_text())
    content["systems"]["GPT2TTS"] = {"clips": 2, "groups": {}}
    report.write_text(json.dumps(content))
    with pytest.raises(ValueError, match="has no figure"):
        add_report(tmp_path / "README.md", report)
    assert ModelCard.load(tmp_path / "README.md").data.eval_results


def test_the_example_of_a_pushed_card_loads_what_was_pushed(model, tmp_path):
    path = write_model_card(tmp_path, model, arguments={}, model_id="mine")
    before = path.read_text(encoding="utf-8")
    name_repository(path, "me/voice")
    assert path.read_text(encoding="utf-8") == before.replace('from_pretrained("mine"', 'from_pretrained("me/voice"')
    assert before.count('from_pretrained("mine"') == 2


def test_what_is_no_report_is_refused(card, report, tmp_path):
    content = json.loads(report.read_text())
    content["systems"] = {"recordings": content["systems"]["GPT2TTS"]}
    report.write_text(json.dumps(content))
    with pytest.raises(ValueError, match="measures no model"):
        add_report(tmp_path / "README.md", report)
    report.write_text("[]")
    with pytest.raises(ValueError, match=r"no report\.json"):
        add_report(tmp_path / "README.md", report)
