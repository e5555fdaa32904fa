"""The libraries that draw charts in the browser, as one script that vl-convert carries."""

from importlib.metadata import version

from jobmatch_assets.dashboards.kept import kept


def bundle() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script, which has `vegaEmbed`."""

    def made() -> str:
        import vl_convert

        # As any script in a page, it must not hold the end of one.
        return str(vl_convert.javascript_bundle("window.vegaEmbed=vegaEmbed;")).replace(
            "</script", "<\\/script"
        )

    return kept("vega", f"{version('vl-convert-python')}.js", made)
