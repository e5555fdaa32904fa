"""Charts as SVG: specifications of the room `charts`, with their data put in, drawn without a browser."""

from pathlib import Path
from typing import Any

from jobmatch_assets.reports.parts import Chart

FONT = "Source Sans Pro"
"""The font of the report, of its charts too; its files lie in `FONTS`."""

FONTS = Path(__file__).parent / "template" / "fonts"

_WIDTH, _HALF_WIDTH = 640, 300


def drawn(chart: Chart) -> str:
    """The SVG of a chart.

    Args:
        chart: The chart; its texts are set in the report's font.
    """
    import vl_convert

    vl_convert.register_font_directory(str(FONTS))
    return str(vl_convert.vegalite_to_svg(_with_data(chart)))


def _with_data(chart: Chart) -> dict[str, Any]:
    spec = dict(chart.spec)
    parameters = [
        {**parameter, "value": chart.parameters.get(parameter["name"], parameter.get("value"))}
        for parameter in spec.get("params", ())
    ]
    text = {**spec.get("config", {}).get("text", {}), "font": FONT}
    return {
        **spec,
        **({"params": parameters} if parameters else {}),
        "datasets": {name: list(rows) for name, rows in chart.rows.items()},
        "width": _HALF_WIDTH if chart.half else _WIDTH,
        "height": chart.height,
        "config": {**spec.get("config", {}), "font": FONT, "text": text},
    }
