"""dbt by its own commands, in this process, on the warehouse of a workbench."""

from dataclasses import dataclass

from dbt.cli.main import dbtRunner, dbtRunnerResult

from jobmatch_assets.settings import PROJECT_DIR
from jobmatch_assets_tests.bench.workbench import Workbench


@dataclass(frozen=True)
class Outcome:
    """What an invocation of dbt said, by the names of its nodes."""

    passed: frozenset[str]
    failed: frozenset[str]


class Dbt:
    """The project, parsed once; the environment must be that of the workbench."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._runner = dbtRunner()
        self._manifest = self._invoke("parse").result
        self._runner = dbtRunner(manifest=self._manifest)

    def __call__(self, command: str, *arguments: str) -> Outcome:
        """Run a dbt command that may fail only in its tests."""
        result = self._invoke(command, *arguments)
        statuses = {node.node.name: str(node.status) for node in result.result}
        strange = {n: s for n, s in statuses.items() if s not in ("success", "pass", "fail")}
        assert not strange, strange
        failed = frozenset(name for name, status in statuses.items() if status == "fail")
        return Outcome(frozenset(statuses) - failed, failed)

    def compiled(self, *names: str) -> dict[str, str]:
        """{name: the SQL of a data test}: it gives the rows that break it."""
        result = self._invoke("compile", "--select", *names)
        return {node.node.name: node.node.compiled_code for node in result.result}

    def data_tests(self) -> frozenset[str]:
        """The names of all data tests of models; no model writes the table of the source `statistics`."""
        return frozenset(
            node.name
            for node in self._manifest.nodes.values()
            if node.resource_type == "test"
            and not any("jobmatch.statistics" in parent for parent in node.depends_on.nodes)
        )

    def unreadable_tests(self) -> frozenset[str]:
        """The names of tests that read models which are not there: what those are made of has not come."""
        there = {table.split(".")[1] for table in self._bench.tables()}
        nodes = self._manifest.nodes
        missing = {name for name, node in nodes.items() if node.resource_type == "model"} - {
            name for name, node in nodes.items() if node.name in there
        }
        return frozenset(
            node.name
            for node in nodes.values()
            if node.resource_type == "test" and not missing.isdisjoint(node.depends_on.nodes)
        )

    def _invoke(self, command: str, *arguments: str) -> dbtRunnerResult:
        result = self._runner.invoke(
            [
                command,
                *("--quiet", "--no-write-json"),
                *("--project-dir", str(PROJECT_DIR / "dbt_project")),
                *("--profiles-dir", str(PROJECT_DIR / "dbt_project")),
                *("--target-path", str(self._bench.folder / "target")),
                *("--log-path", str(self._bench.folder / "logs")),
                *arguments,
            ]
        )
        if result.exception is not None:
            raise result.exception
        return result
