"""Which entries of the rebuild queue a build may take off."""

from jobmatch_assets.warehouse.port import QueuedDate, QueuedLayer, Warehouse

_ORDER: tuple[QueuedLayer, ...] = ("silver", "gold", "experiments")


def ready(warehouse: Warehouse, layer: QueuedLayer) -> list[QueuedDate]:
    """What waits in a layer and can be built for good, by date.

    A request that still waits in an earlier layer is left out: what is built now is built from old rows, and
    has to be built again.
    """
    earlier = {
        entry.request_id for before in _ORDER[: _ORDER.index(layer)] for entry in warehouse.queued(before)
    }
    return [entry for entry in warehouse.queued(layer) if entry.request_id not in earlier]
