"""What tests of decisions share."""

from __future__ import annotations

import pytest

from engine.inference.agree import Inference


@pytest.fixture(scope="session")
def inference() -> Inference:
    """Both engines, made once."""
    return Inference.here()
