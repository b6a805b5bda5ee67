"""The declared studies. To add one: write ``trNNN.py`` beside this file and list it here."""

from __future__ import annotations

from ..datasets.manifest import Manifest
from ..datasets.stored_design import stored_study
from ..design import Study
from ..registry import Registry

RECORDED = (
    "calibration", "prompt-cache", "tr108", "tr109", "tr110", "tr111", "tr112", "tr113", "tr114", "tr115", "tr116",
    "tr117", "tr117-agents", "tr118", "tr119", "tr120", "tr121", "tr122",
)  # fmt: skip
"""The published studies, of which a session records one block each; the calibration vouches for the others."""

STUDIES: Registry[Study] = Registry(
    "study",
    ("tr108", "harness.studies.tr108:STUDY"),
    ("tr109", "harness.studies.tr109:STUDY"),
    ("tr110", "harness.studies.tr110:STUDY"),
    ("tr111", "harness.studies.tr111:STUDY"),
    ("tr112", "harness.studies.tr112:STUDY"),
    ("tr113", "harness.studies.tr113:STUDY"),
    ("tr114", "harness.studies.tr114:STUDY"),
    ("tr115", "harness.studies.tr115:STUDY"),
    ("tr116", "harness.studies.tr116:STUDY"),
    ("tr117", "harness.studies.tr117:STUDY"),
    ("tr117-agents", "harness.studies.tr117_agents:STUDY"),
    ("tr118", "harness.studies.tr118:STUDY"),
    ("tr119", "harness.studies.tr119:STUDY"),
    ("tr120", "harness.studies.tr120:STUDY"),
    ("tr121", "harness.studies.tr121:STUDY"),
    ("tr122", "harness.studies.tr122:STUDY"),
    ("calibration", "harness.studies.calibration:STUDY"),
    ("prompt-cache", "harness.studies.prompt_cache:STUDY"),
    ("prompt-cache-openai", "harness.studies.prompt_cache:OPENAI"),
    ("prompt-cache-ollama", "harness.studies.prompt_cache:OLLAMA"),
    ("quality-score", "harness.studies.quality_score:STUDY"),
)


def study_of(manifest: Manifest) -> Study:
    """The study of a dataset: as it is declared here, or as the dataset itself holds it. Raises ``DatasetCorrupt``."""
    return STUDIES.load(manifest.study) if manifest.study in STUDIES else stored_study(manifest)
