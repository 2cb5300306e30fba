"""A proven hall for every test of a deed, on both databases."""

from collections.abc import AsyncIterator

import pytest

from tests.actions.proof import ProvenHall, proven_hall
from tests.builders import Watch


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
async def hall(database_url: str, watch: Watch) -> AsyncIterator[ProvenHall]:
    """Three windows, queues social (A) and tax (B), the day open; every command is proven."""
    async with proven_hall(database_url, watch) as hall:
        yield hall
