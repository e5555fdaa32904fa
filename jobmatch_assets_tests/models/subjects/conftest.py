from collections.abc import Iterator

import dagster as dg
import pytest

from jobmatch_assets_tests.bench.dbt import Dbt
from jobmatch_assets_tests.bench.workbench import Workbench


@pytest.fixture(scope="module")
def built(
    golden_subjects: Workbench, instance: dg.DagsterInstance, tmp_path_factory: pytest.TempPathFactory
) -> Workbench:
    """A copy of the golden set of subjects that violations are planted in."""
    copy = golden_subjects.copied_to(tmp_path_factory.mktemp("planted"), instance)
    copy.keep_open()
    return copy


@pytest.fixture(scope="module")
def dbt(built: Workbench) -> Iterator[Dbt]:
    """dbt on it."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**built.environment, "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}.items():
            patch.setenv(name, value)
        yield Dbt(built)
