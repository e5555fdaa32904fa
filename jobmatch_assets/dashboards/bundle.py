"""The libraries that draw charts in the browser, as one script that vl-convert carries."""

from importlib.metadata import version
from pathlib import Path

from jobmatch_assets.dashboards.kept import kept


def bundle(folder: Path) -> str:
    """Vega, Vega-Lite and Vega-Embed as one script, which has `vegaEmbed`.

    Args:
        folder: Where it is kept, by vl-convert's version.
    """

    def made() -> str:
        import vl_convert

        # As any script in a page, it must not hold the end of one.
        return str(vl_convert.javascript_bundle("window.vegaEmbed=vegaEmbed;")).replace(
            "</script", "<\\/script"
        )

    return kept(folder, "vega", f"{version('vl-convert-python')}.js", made)
