"""Releases load with `datasets` and train with TRL, on a tiny model made here."""

import copy
import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

os.environ["HF_HUB_OFFLINE"] = "1"  # before the libraries are imported: nothing is downloaded
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

from labelhub.domain.release.spec import FileType, Format, Rules
from tests.exports.releases import ALL, spec_of, write
from tests.exports.tiny_model import tiny_language_model, tiny_reward_model, tiny_tokenizer

pytestmark = [
    pytest.mark.training,
    pytest.mark.filterwarnings("ignore"),  # the libraries' own, about themselves
    pytest.mark.timeout(600),
]
datasets = pytest.importorskip("datasets")


@pytest.fixture(scope="module")
def trl() -> Any:
    pytest.importorskip("torch")
    return pytest.importorskip("trl")


def loaded(folder: Path, *name: str) -> Any:
    return datasets.load_dataset(str(folder), *name, cache_dir=str(folder.parent / "cache"))


@pytest.mark.parametrize(("form", "file_type"), ALL)
def test_a_release_loads_by_its_card_with_every_row(
    tmp_path: Path, form: Format, file_type: FileType
) -> None:
    manifest = write(tmp_path / "r", spec_of(form, file_type, with_raw=True))

    found = loaded(tmp_path / "r")

    assert {split: len(rows) for split, rows in found.items()} == manifest.counts.written
    for table in ("ratings", "prompts", "responses"):
        assert sum(len(rows) for rows in loaded(tmp_path / "r", table).values()) > 0


@pytest.mark.parametrize(("form", "file_type"), ALL)
def test_a_file_loads_by_itself(tmp_path: Path, form: Format, file_type: FileType) -> None:
    write(tmp_path / "r", spec_of(form, file_type))
    reader = "json" if file_type is FileType.JSONL else "parquet"
    for path in (tmp_path / "r").rglob("train-*"):
        rows = datasets.load_dataset(
            reader, data_files=str(path), split="train", cache_dir=str(tmp_path / "cache")
        )
        assert len(rows) > 0


def arguments(folder: Path, config: Callable[..., Any], **more: Any) -> Any:
    return config(
        output_dir=str(folder / "out"),
        max_steps=3,
        per_device_train_batch_size=2,
        report_to="none",
        save_strategy="no",
        logging_steps=1,
        use_cpu=True,
        bf16=False,
        disable_tqdm=True,
        dataset_num_proc=None,
        **more,
    )


def losses(trainer: Any) -> list[float]:
    trainer.train()
    found = [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]
    assert len(found) == 3
    assert all(math.isfinite(loss) for loss in found)
    return found


PAIR_FORMATS = (Format.TRL_PREFERENCE, Format.TRL_PREFERENCE_TEXT, Format.HH_RLHF)


@pytest.mark.parametrize("file_type", list(FileType))
@pytest.mark.parametrize("form", PAIR_FORMATS)
def test_dpo_trains(tmp_path: Path, trl: Any, form: Format, file_type: FileType) -> None:
    write(tmp_path / "r", spec_of(form, file_type))
    tokenizer = tiny_tokenizer()
    model = tiny_language_model(tokenizer)

    trainer = trl.DPOTrainer(
        model=model,
        ref_model=copy.deepcopy(model),
        args=arguments(tmp_path, trl.DPOConfig),
        processing_class=tokenizer,
        train_dataset=loaded(tmp_path / "r")["train"],
    )

    losses(trainer)


@pytest.mark.parametrize("file_type", list(FileType))
def test_kto_trains(tmp_path: Path, trl: Any, file_type: FileType) -> None:
    rules = Rules(unpaired_from_pairs=True)
    write(tmp_path / "r", spec_of(Format.TRL_UNPAIRED, file_type, rules=rules))
    rows = loaded(tmp_path / "r")["train"]
    assert set(rows["label"]) == {True, False}
    tokenizer = tiny_tokenizer()
    model = tiny_language_model(tokenizer)

    trainer = trl.KTOTrainer(
        model=model,
        ref_model=copy.deepcopy(model),
        args=arguments(tmp_path, trl.KTOConfig),
        processing_class=tokenizer,
        train_dataset=rows,
    )

    losses(trainer)


@pytest.mark.parametrize("file_type", list(FileType))
@pytest.mark.parametrize("form", [Format.REWARD_MARGIN, *PAIR_FORMATS])
def test_a_reward_model_trains(tmp_path: Path, trl: Any, form: Format, file_type: FileType) -> None:
    write(tmp_path / "r", spec_of(form, file_type))
    tokenizer = tiny_tokenizer()

    trainer = trl.RewardTrainer(
        model=tiny_reward_model(tokenizer),
        args=arguments(tmp_path, trl.RewardConfig),
        processing_class=tokenizer,
        train_dataset=loaded(tmp_path / "r")["train"],
    )

    losses(trainer)


def test_the_margin_is_in_the_loss(tmp_path: Path, trl: Any) -> None:
    torch = pytest.importorskip("torch")
    first = []
    for scale in (1.0, 100.0):
        folder = tmp_path / f"{scale}"
        write(folder, spec_of(Format.REWARD_MARGIN, rules=Rules(margin_scale=scale)))
        torch.manual_seed(1)
        tokenizer = tiny_tokenizer()
        trainer = trl.RewardTrainer(
            model=tiny_reward_model(tokenizer),
            args=arguments(folder, trl.RewardConfig, seed=1),
            processing_class=tokenizer,
            train_dataset=loaded(folder)["train"],
        )
        first.append(losses(trainer)[0])

    # -log σ(Δ − margin) is about the margin when the margin is large and Δ is near 0.
    assert first[0] < 5
    assert first[1] > 50
