"""The libraries that draw charts in the browser, as one script that vl-convert carries."""

import os
from importlib.metadata import version
from pathlib import Path

_SNIPPET = "window.vegaEmbed=vegaEmbed;"


def bundle(folder: Path) -> str:
    """Vega, Vega-Lite and Vega-Embed as one script; making it takes a second, so it is kept.

    Args:
        folder: Where it is kept, by vl-convert's version.
    """
    kept = folder / f"vega-{version('vl-convert-python')}.js"
    try:
        return kept.read_text(encoding="utf-8")
    except OSError:
        pass
    import vl_convert

    made = str(vl_convert.javascript_bundle(_SNIPPET))
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = kept.with_name(f".{kept.name}.{os.getpid()}")
    unfinished.write_text(made, encoding="utf-8")
    unfinished.replace(kept)
    return made
