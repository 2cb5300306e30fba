"""The examples in the docstrings of the rules are true."""

import doctest
from types import ModuleType

import pytest

from hall_server.rules import calling, forecast, policy
from hall_server.rules.forecast import laws, score, shown


@pytest.mark.parametrize("module", [calling, policy, forecast, laws, score, shown])
def test_every_example_says_what_happens(module: ModuleType) -> None:
    found = doctest.testmod(module)
    assert found.attempted > 0
    assert found.failed == 0
