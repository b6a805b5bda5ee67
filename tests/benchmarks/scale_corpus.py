"""Writes the scale corpus: a project of many large reports, and a mkdocs-macros site that shows the same data.

python -m tests.benchmarks.scale_corpus FOLDER [--reports 16] [--rows 200000]

FOLDER/bindery   a copy of this project with generated studies, report modules and prose
FOLDER/data      the datasets, one per report
FOLDER/macros    the rival site: same prose, figures and tables, by pandas and Altair
"""

from __future__ import annotations

import argparse
import shutil
from dataclasses import dataclass
from pathlib import Path

from harness.datasets.manifest import Manifest
from harness.datasets.schema import MANIFEST
from tests.benchmarks.scale_report import SHOWN
from tests.benchmarks.scale_study import scale_study
from tests.benchmarks.scale_tables import write_dataset

ROOT = Path(__file__).resolve().parents[2]
REPORTS = tuple(f"tr{number}" for number in range(108, 124))
PROSE = (
    "The requests of this report were sent one at a time to a fresh process, in randomised complete blocks, and "
    "every arrival was stamped before it was decoded. What follows shows the settings beside each other."
)
STUDIES = '''"""The studies of the scale corpus."""

from __future__ import annotations

from ..datasets.manifest import Manifest
from ..design import Study
from ..registry import Registry

STUDIES: Registry[Study] = Registry(
    "study",
{entries}
)


def study_of(manifest: Manifest) -> Study:
    """The study of a dataset."""
    return STUDIES.load(manifest.study)
'''
STUDY = '''"""A study of the scale corpus."""

from __future__ import annotations

from harness.studies.scale_study import scale_study

STUDY = scale_study("{report}")
'''


@dataclass(frozen=True, slots=True)
class Corpus:
    """Where the parts of a corpus are."""

    root: Path
    reports: tuple[str, ...]

    @property
    def project(self) -> Path:
        return self.root / "bindery"

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def macros(self) -> Path:
        return self.root / "macros"

    def prose(self, report: str) -> Path:
        return self.project / "docs" / "reports" / f"{report}.md"


def write_corpus(root: Path, reports: int = len(REPORTS), rows: int = 200_000) -> Corpus:
    """The corpus in ``root``, which must not exist."""
    corpus = Corpus(root, REPORTS[:reports])
    for seed, report in enumerate(corpus.reports):
        write_dataset(corpus.data, scale_study(report), rows, seed)
    _write_project(corpus)
    _write_macros(corpus)
    return corpus


def edit_sentence(corpus: Corpus, report: str, sentence: str) -> None:
    """Puts ``sentence`` at the end of the report's limitations."""
    path = corpus.prose(report)
    old = "- Drawn from a generator, never measured."
    path.write_text(path.read_text(encoding="utf-8").replace(old, f"{old} {sentence}"), encoding="utf-8")


def edit_manifest(corpus: Corpus, report: str, **environment: str) -> None:
    """Changes facts of the machine in the manifest of a report's first version."""
    path = corpus.data / report / "v1" / MANIFEST
    manifest = Manifest.model_validate_json(path.read_bytes())
    changed = manifest.model_copy(update={"environment": {**manifest.environment, **environment}})
    path.write_bytes(changed.to_bytes())


def _write_project(corpus: Corpus) -> None:
    quiet = shutil.ignore_patterns("__pycache__", "*.pyc", "notebooks")
    for name in ("docs", "templates", "harness", "hooks", "data/cited"):
        shutil.copytree(ROOT / name, corpus.project / name, ignore=quiet)
    shutil.copyfile(ROOT / "mkdocs.yml", corpus.project / "mkdocs.yml")
    for page in (corpus.project / "docs" / "reports").iterdir():
        page.unlink()
    entries = "\n".join(f'    ("{report}", "harness.studies.{report}:STUDY"),' for report in corpus.reports)
    studies = corpus.project / "harness" / "studies"
    (studies / "__init__.py").write_text(STUDIES.format(entries=entries), encoding="utf-8")
    shutil.copyfile(ROOT / "tests/benchmarks/scale_study.py", studies / "scale_study.py")
    for report in corpus.reports:
        (studies / f"{report}.py").write_text(STUDY.format(report=report), encoding="utf-8")
        module = corpus.project / "hooks" / "reports" / f"{report}.py"
        shutil.copyfile(ROOT / "tests/benchmarks/scale_report.py", module)
        corpus.prose(report).write_text(_prose(report), encoding="utf-8")


def _prose(report: str) -> str:
    shown = "\n".join(f'{PROSE}\n\n{{{{ show("{name}") }}}}\n{{{{ chart("{name}") }}}}\n' for name in SHOWN)
    blocks = {
        "summary": "{% for id in claims %}\n- {{ claim(id) }}\n{% endfor %}",
        "questions": "- Which setting matters?",
        "method": PROSE,
        "results": shown,
        "no_difference": "Every factor was varied.",
        "verdict": "Nothing to choose.",
        "limitations": "- Drawn from a generator, never measured.",
    }
    body = "\n\n".join(f"{{% block {name} %}}\n{text}\n{{% endblock %}}" for name, text in blocks.items())
    return f'---\ntitle: Scale\nedition: first\nstatus: draft\n---\n{{% extends "report.md.j2" %}}\n\n{body}\n'


def _write_macros(corpus: Corpus) -> None:
    docs = corpus.macros / "docs" / "reports"
    docs.mkdir(parents=True)
    shutil.copyfile(ROOT / "tests/benchmarks/scale_macros.py", corpus.macros / "main.py")
    (corpus.macros / "docs" / "index.md").write_text("# Scale\n", encoding="utf-8")
    for report in corpus.reports:
        shown = "\n".join(
            f'{PROSE}\n\n{{{{ table("{report}", "{name}") }}}}\n\n{{{{ figure("{report}", "{name}") }}}}\n'
            for name in SHOWN
        )
        (docs / f"{report}.md").write_text(f"# {report.upper()}\n\n{shown}", encoding="utf-8")
    theme = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("plugins:")[0]
    plugins = "plugins:\n  - search\n  - macros\nmarkdown_extensions:\n  - md_in_html\n"
    (corpus.macros / "mkdocs.yml").write_text(theme + plugins, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--reports", type=int, default=len(REPORTS))
    parser.add_argument("--rows", type=int, default=200_000)
    options = parser.parse_args()
    corpus = write_corpus(options.folder, options.reports, options.rows)
    print(f"{len(corpus.reports)} reports in {corpus.root}")


if __name__ == "__main__":
    main()
