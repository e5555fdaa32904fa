"""The files in which Dagster keeps runs, events and ticks, where it keeps them in SQLite."""

from pathlib import Path


def storage_files(home: Path) -> list[Path]:
    """The SQLite files that an instance has once something ran; none where it keeps all in another database.

    Args:
        home: The folder of DAGSTER_HOME, whose dagster.yaml can be read.
    """
    from dagster._core.instance.ref import InstanceRef

    reference = InstanceRef.from_dir(str(home))
    storage = reference.storage_data
    if storage is None or storage.class_name != "DagsterSqliteStorage":
        return []
    base = Path(storage.config_dict["base_dir"])
    base = base if base.is_absolute() else home / base
    return [
        base / "history" / "runs.db",
        base / "history" / "runs" / "index.db",
        base / "schedules" / "schedules.db",
    ]
