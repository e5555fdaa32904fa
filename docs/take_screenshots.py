"""Take the pictures in docs/images from a running Dagster UI.

    make demo                        # something to look at
    make dev                         # in another terminal
    .venv/bin/python docs/take_screenshots.py

Needs Chromium (`apt-get install chromium`), nothing else; it runs headless with an empty profile.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

IMAGES = Path(__file__).parent / "images"
LAYERS = ("bronze", "silver", "gold")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

# In a smaller window the graph is so small that the UI cuts names.
_ALL_NAMES = 2700, 2350

# The page loads its data after it has loaded itself: time that Chromium lets pass before the picture.
_MILLISECONDS_TO_LOAD = 20_000


@dataclass(frozen=True)
class Picture:
    """A page of the UI, and the size of its window."""

    name: str
    path: str
    width: int
    height: int


def main() -> None:
    """Take all pictures."""
    arguments = _arguments()
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        sys.exit("Chromium is not installed: apt-get install chromium")
    # How the UI's addresses name the groups of its graph, whatever code location they are in.
    expanded = ",".join(f"global@global:{layer}" for layer in LAYERS)
    pictures = [
        Picture("asset_graph", "/asset-groups?" + urlencode({"expanded": expanded}), *_ALL_NAMES),
        Picture("asset_page", "/assets/gold/funnel_daily", 1500, 1000),
    ]
    IMAGES.mkdir(exist_ok=True)
    for picture in pictures:
        _take(browser, arguments.url, picture)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:3000", help="where the UI runs")
    return parser.parse_args()


def _take(browser: str, url: str, picture: Picture) -> None:
    file = IMAGES / f"{picture.name}.png"
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(  # noqa: S603 (a command of this file)
            [
                browser,
                *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
                *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
                *("--hide-scrollbars", "--blink-settings=preferredColorScheme=1"),
                f"--user-data-dir={profile}",
                f"--window-size={picture.width},{picture.height}",
                f"--virtual-time-budget={_MILLISECONDS_TO_LOAD}",
                f"--screenshot={file}",
                url + picture.path,
            ],
            check=True,
            timeout=120,
            stderr=subprocess.DEVNULL,
        )
    print(f"{file}: {file.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
