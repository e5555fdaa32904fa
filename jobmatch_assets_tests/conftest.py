import logging
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import pytest

from jobmatch_assets.garbage import collect_rarely
from jobmatch_assets.orchestration.run_report import RunReport
from jobmatch_assets.settings import PROJECT_DIR
from jobmatch_assets_tests.bench import golden_entities as entities
from jobmatch_assets_tests.bench import golden_subjects as subjects
from jobmatch_assets_tests.bench.built_once import settle_in
from jobmatch_assets_tests.bench.golden import LANDING
from jobmatch_assets_tests.bench.one_thread import use_one_thread
from jobmatch_assets_tests.bench.workbench import Workbench

TESTS = Path(__file__).parent

# dbt's and Dagster's many objects stay until the end; going through them again and again is a quarter of a run.
collect_rarely()
use_one_thread()

# One process runs a file: what takes longest comes first, or the others wait for it at the end.
LONG = (
    "warehouse/test_rebuild_queue.py",
    "models/test_experiment_dates.py",
    "pipeline/test_partitions_end.py",
    "pipeline/test_held_back.py",
    "pipeline/test_weeks.py",
    "warehouse/test_publication.py",
    "pipeline/test_partitions_start.py",
    "pipeline/test_reruns.py",
    "end_to_end/test_dagster_dev.py",
    "cli/test_broken_input.py",
    "orchestration/test_new_files_sensor.py",
    "pipeline/test_renewed_tables.py",
    "pipeline/test_accept_quarantine.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of long files before all others, which stay in their order."""
    places = {TESTS / name: place for place, name in enumerate(LONG)}
    assert all(path.is_file() for path in places), f"LONG names a file that is not there: {LONG}"
    items.sort(key=lambda item: places.get(item.path, len(LONG)))


@pytest.fixture(autouse=True, scope="session")
def _quiet() -> None:
    logging.getLogger("dagster").setLevel(logging.CRITICAL)


@pytest.fixture(scope="session")
def instance() -> Iterator[dg.DagsterInstance]:
    """An instance that keeps nothing."""
    with dg.DagsterInstance.ephemeral() as ephemeral:
        yield ephemeral


@pytest.fixture
def workbench(tmp_path: Path, instance: dg.DagsterInstance) -> Callable[..., Workbench]:
    """A platform in a new folder: landing root and settings (as environment variables) may be given."""

    def make(landing: Path | None = None, **environment: str) -> Workbench:
        return Workbench(tmp_path, instance, landing, **environment)

    return make


@pytest.fixture(scope="session")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """The golden set, built in one run; its instance has seen nothing else. Tests leave it as it is."""
    with dg.DagsterInstance.ephemeral() as instance:
        bench = Workbench(tmp_path_factory.mktemp("golden"), instance, LANDING)
        bench.run()
        yield bench


@pytest.fixture(scope="session")
def golden_contents(golden: Workbench) -> dict[str, str]:
    """A hash of each table of it."""
    return golden.contents()


@pytest.fixture(scope="session")
def entities_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workbench, RunReport]]:
    """The golden set of entities, built in one run, and what that reports."""
    with dg.DagsterInstance.ephemeral() as instance:
        folder = tmp_path_factory.mktemp("entities")
        bench = Workbench(folder, instance, entities.LANDING, JOBMATCH_SOURCES=str(entities.SOURCES))
        yield bench, bench.try_run()


@pytest.fixture(scope="session")
def golden_entities(entities_run: tuple[Workbench, RunReport]) -> Workbench:
    """The same without the report. Tests leave it as it is."""
    return entities_run[0]


@pytest.fixture(scope="session")
def golden_subjects(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """The golden set of subjects, built in one run. Tests leave it as it is."""
    with dg.DagsterInstance.ephemeral() as instance:
        bench = Workbench(tmp_path_factory.mktemp("subjects"), instance, subjects.LANDING)
        bench.run()
        yield bench


@pytest.fixture(scope="module")
def warehouse(
    golden: Workbench, instance: dg.DagsterInstance, tmp_path_factory: pytest.TempPathFactory
) -> Workbench:
    """A copy of the golden warehouse that a module may plant things in, if it undoes them."""
    copy = golden.copied_to(tmp_path_factory.mktemp("copy"), instance)
    copy.keep_open()
    return copy


@pytest.fixture
def golden_copy(golden: Workbench, instance: dg.DagsterInstance, tmp_path: Path) -> Workbench:
    """The built golden set for a test of its own: landing folder and warehouse are copies."""
    landing = shutil.copytree(golden.landing, tmp_path / "landing")
    copy = golden.copied_to(tmp_path, instance, landing)
    settle_in(copy)
    return copy


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Dagster home with the pool of the project, whose places the dead keep, and with nobody who takes them away."""
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(PROJECT_DIR / "dagster.yaml", home)
    monkeypatch.chdir(home)
    monkeypatch.setenv("DAGSTER_HOME", str(home))
    return home
