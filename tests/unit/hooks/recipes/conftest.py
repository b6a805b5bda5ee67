"""A draft of the synthetic dataset: two models, ``num_gpu`` without effect, ``threads`` with one."""

from __future__ import annotations

import pytest

from hooks.analysis.measurements import Measurements
from hooks.recipes.report_builder import Draft
from tests.support.datasets import synthetic_study


@pytest.fixture
def draft(measured: Measurements) -> Draft:
    return Draft(measured, synthetic_study())
