"""Marked numbers in any Markdown file are those of their datasets, or the check fails naming file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.datasets.read import Dataset
from harness.errors import BinderyError, UsageError
from hooks.analysis.measurements import Measurements
from hooks.binding.answers import Answers
from hooks.binding.asked import asked
from hooks.binding.bound import bound
from hooks.binding.markers import markers
from hooks.build import compute
from hooks.commands.bind import bind
from hooks.content.blocks import content_record
from hooks.project import Project
from hooks.recipes.report_builder import Draft
from tests.support.datasets import make_dataset, synthetic_study
from tests.support.projects import ROOT


def small_report(_report: str, folder: Path, _other_recording: bool, _inputs: Path) -> object:
    """Findings and a claim, as report modules make them."""
    draft = Draft(Measurements(Dataset.open(folder)), synthetic_study())
    fast, slow = (draft.data.value("decode_tps", {"threads": level}) for level in (2, 1))
    ratio = draft.finding("ratio", fast / slow)
    draft.claim("threads", "Two threads are {r} {r.interval} as fast.", {"r": ratio}, "r.low > 1.2")
    return content_record(draft.content())


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("data")
    make_dataset(root, runs=8)
    make_dataset(root, runs=8, seed=1, effect={"threads=2": 1.5}, supersedes_reason="a test")
    return root


@pytest.fixture
def project(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setattr(compute, "compute_content", small_report)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs" / "reports").mkdir(parents=True)
    (tmp_path / "templates").mkdir()
    (tmp_path / "docs" / "reports" / "tr108.md").write_text("---\ntitle: A report\ndataset: v1\n---\nWords.\n")
    return Project.at(tmp_path, data)


def says(project: Project, words: str) -> str:
    return Answers(project).text(asked(tuple(words.split())))


def test_a_marker_says_what_its_dataset_gives(project: Project, data: Path) -> None:
    side = Measurements(Dataset.open(data / "tr108" / "v2"))
    value = side.value("decode_tps", {"threads": 2})
    assert value.interval is not None
    assert says(project, "tr108/v2 metric=decode_tps threads=2") == value.text
    assert says(project, "tr108/v2 metric=decode_tps threads=2 show=number") == value.figure
    assert (
        says(project, "tr108/v2 metric=decode_tps threads=2 show=interval")
        == f"{value.text} ({value.low}–{value.high})"
    )
    assert says(project, "tr108/v1 count=runs threads=2") == "32"
    ratio = says(project, "tr108/v2 finding=ratio")
    assert 1.4 < float(ratio.removesuffix("×")) < 1.6
    assert says(project, "tr108/v2 claim=threads show=verdict") == "supported"
    assert says(project, "tr108/v1 claim=threads show=verdict") == "contradicted"
    assert says(project, "tr108/v2 claim=threads").startswith(f"Two threads are {ratio} [1.")


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("tr108/v9 finding=ratio", "'v9'"),
        ("nothing/v1 metric=ttft", "nothing/v1"),
        ("tr108/v1 finding=speed", "ratio"),
        ("tr108/v1 claim=speed", "threads"),
        ("tr108/v1 metric=speed", "ttft"),
        ("tr108/v1 metric=ttft threads=3", "level of threads"),
        ("tr108/v1 metric=ttft colour=red", "factor"),
        ("tr108/v1 metric=ttft across=often", "statistic"),
        ("tr108/v1 count=people", "runs"),
        ("tr108/v1 finding=ratio report=none", "no report 'none'"),
        ("tr108/v1 finding=ratio threads=1", "take out threads"),
        ("tr108/v1 finding=ratio claim=threads", "give one of"),
        ("tr108/v1 metric=ttft show=verdict", "cannot be shown"),
        ("tr108/v1 metric=ttft metric=itl", "stands twice"),
        ("tr108 metric=ttft", "is no dataset"),
        ("../x/v1 metric=ttft", "is no dataset"),
    ],
)
def test_what_a_marker_cannot_ask_is_one_line(project: Project, words: str, named: str) -> None:
    with pytest.raises(BinderyError) as caught:
        says(project, words)
    assert named in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_stale_text_fails_the_check_and_is_written_anew(
    project: Project, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = Path("notes.md")
    marker = "<!-- bind: tr108/v1 count=runs threads=2 -->"
    page.write_text(f"# Notes\n\nIt has {marker}30<!-- /bind --> runs,\n{marker}32<!-- /bind --> of them.\n")
    page.chmod(0o640)
    before = page.read_text()
    with pytest.raises(BinderyError, match="1 of 2 marked texts differ"):
        bind([page], check=True, data=data)
    assert page.read_text() == before
    assert "notes.md:3: '30' → '32'" in capsys.readouterr().out
    bind([page], data=data)
    assert page.read_text() == before.replace(">30<", ">32<")
    assert page.stat().st_mode & 0o777 == 0o640
    bind([page], check=True, data=data)
    assert "2 marked texts: all as their datasets give them" in capsys.readouterr().out


def test_code_holds_examples_and_no_markers() -> None:
    real = "<!-- bind: c/v1 x=1 -->7<!-- /bind -->"
    text = f"```\n<!-- bind: a/v1 x=1 -->\n```\n`<!-- bind: b/v1 x=1 -->` {real}\n~~~\n<!-- /bind -->"
    (found,) = markers(Path("x.md"), text)
    assert (found.words, found.place, text[found.begin : found.end]) == (("c/v1", "x=1"), "x.md:4", "7")


REAL, EXAMPLE = "<!-- bind: a/v1 x=1 -->7<!-- /bind -->", "<!-- bind: b/v1 x=1 -->0<!-- /bind -->"


@pytest.mark.parametrize(
    "text",
    [
        f"```text\r\n{EXAMPLE}\r\n```\r\n{REAL}\r\n",
        f"A lone ` here.\n\n{REAL}\n\nAnother ` there.\n",
        f"An escaped \\` here, {REAL}, and \\` there.\n",
        f"- a ` in an item\n- {REAL}\n- a ` in an item\n",
        f"| 5` | 6 |\n| {REAL} | 7 |\n| 8` | 9 |\n",
        f"```code``` begins this line.\n\n{REAL}\n",
        f"- item\n\n     ```\n\n     {EXAMPLE}\n     ```\n\n{REAL}\n",
        f"- ```\n  {EXAMPLE}\n\n{REAL}\n",
        f"> ```\n>\n> {EXAMPLE}\n\n{REAL}\n",
        f"~~~~ `x`\n{EXAMPLE}\n~~~\n```\n{EXAMPLE}\n~~~~\n{REAL}\n",
        f"`{EXAMPLE}\nin two lines` {REAL}\n",
    ],
)
def test_no_marker_is_lost_in_what_is_no_code(text: str) -> None:
    (found,) = markers(Path("x.md"), text)
    assert found.words == ("a/v1", "x=1")
    assert text[found.begin : found.end] == "7"


def test_a_link_stays_a_link_and_what_may_only_be_read_is_left_alone(project: Project, data: Path) -> None:
    text = "<!-- bind: tr108/v1 count=runs threads=2 -->30<!-- /bind -->\n"
    real, link, kept = Path("real.md"), Path("link.md"), Path("kept.md")
    for page in (real, kept):
        page.write_text(text)
    link.symlink_to("real.md")
    kept.chmod(0o440)
    with pytest.raises(BinderyError, match=r"kept\.md may only be read; make it writable first"):
        bind([link, kept], data=data)
    assert (real.read_text(), kept.read_text()) == (text, text)
    bind([link], data=data)
    assert link.is_symlink()
    assert ">32<" in real.read_text()


@pytest.mark.parametrize(
    "text",
    [
        "<!-- bind: a/v1 x=1 and no end",
        "<!-- bind: a/v1 x=1 -->1<!-- /bind",
        "<!-- bind: a/v1 x=1 -->",
        "<!-- /bind -->",
        "<!-- bind: a/v1 x=1 --><!-- bind: a/v1 x=1 --><!-- /bind -->",
        "<!-- bind a/v1 x=1 --><!-- /bind -->",
        "<!-- bind: --><!-- /bind -->",
        "<!-- bind: a/v1 x='1 --><!-- /bind -->",
        "<!-- Bind: a/v1 x=1 --><!-- /Bind -->",
        "<!-- bind: a/v1\nx=1 -->7<!-- /bind -->",
        "<!-- bind: a/v1 x=1\n-->7<!-- /bind -->",
        "<!--- bind: a/v1 x=1 --->7<!--- /bind --->",
        "<!-- bind: a/v1 x=1 ->7<!-- /bind -->",
    ],
)
def test_a_broken_marker_names_its_line(text: str) -> None:
    with pytest.raises(UsageError, match=r"^x\.md:3: "):
        list(markers(Path("x.md"), f"one\n\n{text}\n"))


def test_a_file_that_cannot_be_read_is_one_line(tmp_path: Path, project: Project) -> None:
    (tmp_path / "bytes.md").write_bytes(b"\xff\xfe")
    for name, said in (
        ("bytes.md", "is no UTF-8 text"),
        ("none.md", "none.md cannot be read: No such file or directory;"),
    ):
        with pytest.raises(UsageError, match=said):
            bound(tmp_path / name, Answers(project))


def test_names_that_are_no_plain_words_are_escaped(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def hostile(*_: object) -> object:
        draft = Draft(Measurements(Dataset.open(project.data / "tr108" / "v1")), synthetic_study())
        one, two = (draft.data.value("ttft", {"threads": level}) for level in (1, 2))
        draft.claim("evil", "One thread over two is {r} <!-- /bind --> `x` | y.", {"r": one / two}, "r.low > 1")
        return content_record(draft.content())

    monkeypatch.setattr(compute, "compute_content", hostile)
    said = says(project, "tr108/v1 claim=evil")
    assert "<" not in said
    assert "|" not in said
    assert "`" not in said


def test_the_readme_says_what_its_datasets_give() -> None:
    found = bound(ROOT / "README.md", Answers(Project.at(ROOT)))
    assert found.number == 3
    assert found.stale == ()


@pytest.mark.parametrize(
    "between",
    [
        "\n\nOther words.\n\n",
        "\n- another item ",
        " | 8 | ",
        "\n```\ncode\n```\n",
        "\n# Heading\n",
        "\r\n\r\n",
        "\n> \n> more ",
    ],
)
def test_a_marker_swallows_nothing_but_its_own_text(between: str) -> None:
    text = f"one\n\n<!-- bind: a/v1 x=1 -->7{between}8<!-- /bind -->\n"
    with pytest.raises(UsageError, match=r"^x\.md:3: the text of a marker goes over the end of its paragraph"):
        list(markers(Path("x.md"), text))
    wrapped = "<!-- bind: a/v1 x=1 -->Two lines\nof one sentence.<!-- /bind -->"
    assert len(list(markers(Path("x.md"), wrapped))) == 1


def test_an_example_below_a_byte_order_mark_is_no_marker() -> None:
    (found,) = markers(Path("x.md"), f"\ufeff```\n{EXAMPLE}\n```\n{REAL}\n")
    assert found.place == "x.md:4"


def test_a_file_that_cannot_be_written_stays_as_it_was(
    project: Project, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = Path("notes.md")
    text = "\ufeff<!-- bind: tr108/v1 count=runs threads=2 -->30<!-- /bind -->\r\n"
    page.write_bytes(text.encode())

    def full(_self: Path, _target: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(Path, "replace", full)
        with pytest.raises(BinderyError, match=r"cannot write .*notes\.md: No space left on device; it is as it was"):
            bind([page], data=data)
    assert [path.name for path in Path().iterdir() if "bound" in path.name] == []
    assert page.read_bytes() == text.encode()
    bind([page], data=data)
    assert page.read_bytes() == text.replace(">30<", ">32<").encode()
