"""The library that draws charts in the browser, as one script that vl-convert carries."""

import hashlib
from importlib.metadata import version

from jobmatch_assets.dashboards.kept import kept

# The address names a module that vl-convert carries; its own name for it, `vega`, is null.
_SNIPPET = (
    'import {{View, parse, Error as errors}} from "https://cdn.jsdelivr.net/npm/vega@{version}/+esm";'
    "window.vega={{View,parse,Error:errors}};"
)


def bundle() -> str:
    """Vega without Vega-Lite as one script, which has `vega` with what `drawings.js` needs of it."""

    def made() -> str:
        import vl_convert

        # As any script in a page, it must not hold the end of one.
        made_of = _SNIPPET.format(version=vl_convert.get_vega_version())
        return str(vl_convert.javascript_bundle(made_of)).replace("</script", "<\\/script")

    # What is kept is of one version and of one way to ask it.
    asked = hashlib.sha256(_SNIPPET.encode()).hexdigest()[:8]
    return kept("vega", f"runtime-{version('vl-convert-python')}-{asked}.js", made)
