"""A model can only replace rows in one of the ways that the project has."""

from pathlib import Path

import pytest

from jobmatch_assets_tests.bench.macros import compiled_macros


def test_a_model_that_does_not_say_how_rows_are_replaced_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AssertionError) as refused:
        compiled_macros("select 1 where {{ is_replaced('new_rows') }}", tmp_path)
    message = str(refused.value)
    assert "inline_query has the incremental_strategy" in message
    assert "Take replace_window, replace_entities, replace_touched or replace_differing" in message
