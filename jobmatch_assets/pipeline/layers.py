"""With which layer a table is built."""

# Where the layer that a table is built with is not the one of its schema.
_BUILT_WITH = {
    "stg_events": "bronze",
    "stg_search_dates": "bronze",
    "result_list_items": "gold",
    "ab_units_daily": "gold",
    "ab_cumulative_sums": "experiments",
    "ab_results": "experiments",
}


def layer_of(schema: str, table: str) -> str:
    """The layer that a table is built with: bronze, silver, gold or experiments."""
    return _BUILT_WITH.get(table, schema)
