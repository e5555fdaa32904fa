"""Hiring: whether applicants hear back and are hired, and whether openings are filled."""

from jobmatch_assets.dashboards.page import Filter, Page, Section
from jobmatch_assets.dashboards.pages import _hiring_answers as answers
from jobmatch_assets.dashboards.pages import _hiring_applications as applications
from jobmatch_assets.dashboards.pages import _hiring_openings as openings
from jobmatch_assets.dashboards.pages import _hiring_stages as stages

PAGE = Page(
    name="hiring",
    title="Hiring",
    question="Do applicants hear back, are they hired, and are openings filled?",
    position=42,
    days=84,
    tables=(*applications.TABLES, *answers.TABLES, *stages.TABLES, *openings.TABLES),
    filters=(Filter("category", "Category"), Filter("channel", "Channel")),
    sections=(
        Section(
            "In numbers",
            (*applications.TILES, *openings.TILES),
            intro="Rates of applications are of those old enough to say: each was given the same time. "
            "Applications to one company are answered together, so they have no interval. Openings are "
            "those of the 180 dates up to the last date shown.",
        ),
        applications.SECTION,
        answers.SECTION,
        stages.SECTION,
        openings.SECTION,
    ),
    scripts=("hiring.js",),
)
