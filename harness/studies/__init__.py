"""The declared studies. To add one: write ``trNNN.py`` beside this file and list it here."""

from __future__ import annotations

from ..design import Study
from ..registry import Registry

RECORDED = ("calibration", "prompt-cache", "tr108", "tr117", "tr120", "tr121")
"""The published studies, of which a session records one block each; the calibration vouches for the others."""

STUDIES: Registry[Study] = Registry(
    "study",
    ("tr108", "harness.studies.tr108:STUDY"),
    ("tr117", "harness.studies.tr117:STUDY"),
    ("tr120", "harness.studies.tr120:STUDY"),
    ("tr121", "harness.studies.tr121:STUDY"),
    ("calibration", "harness.studies.calibration:STUDY"),
    ("prompt-cache", "harness.studies.prompt_cache:STUDY"),
    ("prompt-cache-openai", "harness.studies.prompt_cache:OPENAI"),
    ("prompt-cache-ollama", "harness.studies.prompt_cache:OLLAMA"),
)
