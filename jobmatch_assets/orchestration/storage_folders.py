"""Where on this machine Dagster keeps what it remembers: runs, events, ticks, logs."""

from pathlib import Path

import dagster as dg


def storage_folders(instance: dg.DagsterInstance) -> tuple[list[Path], list[str]]:
    """(the folders of an instance, the parts of its storage that lie in none, a database for example)."""
    ref = instance.get_ref()
    parts = {
        "runs": ref.run_storage_data,
        "event log": ref.event_storage_data,
        "schedules": ref.schedule_storage_data,
        "logs of steps": ref.compute_logs_data,
    }
    bases = {name: part.config_dict.get("base_dir") if part else None for name, part in parts.items()}
    folders = {Path(base).resolve() for base in bases.values() if base}
    folders.add(Path(instance.storage_directory()).resolve())
    return sorted(filter(Path.exists, folders)), [name for name, base in bases.items() if not base]
