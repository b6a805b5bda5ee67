"""Reads a YAML file into a strict model, with errors that name the file and the field."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from harness.errors import UsageError

Model = TypeVar("Model", bound=BaseModel)
_LOADER: type[yaml.CSafeLoader | yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_declaration(path: Path, model: type[Model]) -> Model:
    """The content of ``path`` as ``model``. Raises ``UsageError`` for a missing file, bad YAML or a wrong field."""
    try:
        return model.model_validate(yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER))  # noqa: S506
    except FileNotFoundError:
        raise UsageError(f"{path.name} is missing; restore it") from None
    except yaml.YAMLError as error:
        raise UsageError(f"{path.name} is no YAML: {' '.join(str(error).split())}") from None
    except ValidationError as error:
        first = error.errors()[0]
        raise UsageError(f"{path.name}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
