"""Segments: who comes often, which jobs are wanted, and which companies answer."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from jobmatch_assets.charts import theme
from jobmatch_assets.charts.histogram import histogram
from jobmatch_assets.charts.parts import parts
from jobmatch_assets.charts.plain_lines import plain_lines
from jobmatch_assets.contracts.tiers import INSUFFICIENT, SILENT
from jobmatch_assets.dashboards.page import Chart, Column, Page, Section, Table, Tile
from jobmatch_assets.metrics.tier_words import QUALITY_TIERS, RESPONSIVENESS, RULES, SEGMENTS, TIERS

_DAILY, _JOBS, _COMPANIES = "user_segments_daily", "job_mart", "company_mart"
_COEC_WIDTH, _COEC_STEPS = 0.1, 31
_HOURS_WIDTH, _HOURS_STEPS = 24, 31
_COUNTED = ("openings", "live", "applications", "placed")
_TRAFFIC = ("impressions", "clicks", "applies", "qualified", "disqualified")

_USERS = {"table": _DAILY}
_TIER = {"since": "jobs_since", "until": "jobs_until", "column": "tier"}
_QUALITY = {**_TIER, "column": "quality_tier"}
_ANSWERS = {"since": "companies_since", "until": "companies_until", "column": "responsiveness"}

_COLOURS = {
    SEGMENTS: theme.levels(len(SEGMENTS)),
    TIERS: theme.levels(len(TIERS)),
    QUALITY_TIERS: theme.levels(len(QUALITY_TIERS)),
    RESPONSIVENESS: (*theme.levels(len(RESPONSIVENESS))[:-2], theme.SERIES[1], theme.PALE),
}


def _level(
    kind: str,
    name: str,
    label: str,
    source: Mapping[str, Any],
    part: Sequence[str],
    whole: Sequence[str],
    of: str,
) -> Tile:
    """A count, or a share, at the close of the last date shown."""
    options = {**source, "part": part, "whole": whole, "of": of}
    return Tile(name, label, kind, options, "percent" if kind == "level_share" else "count")


def _moved(column: str, label: str) -> Tile:
    options = {**_USERS, "column": column, "segment": SEGMENTS[-1]}
    return Tile(f"inactive_{column}", label, "moved", options, metric=f"segment_{column}")


def _levels(
    name: str,
    title: str,
    caption: str,
    words: Sequence[str],
    unit: str,
    source: Mapping[str, Any],
    **further: Any,
) -> Chart:
    """A stack for each date."""
    return Chart(
        name=name,
        title=title,
        caption=caption,
        rows="levels_by_date",
        options={**source, "words": words},
        columns=(
            Column("day", "Date", "date"),
            Column("series", "Word"),
            Column("value", unit.capitalize(), "count"),
        ),
        spec=partial(parts, unit, words, colours=_COLOURS[tuple(words)]),
        **further,
    )


_lines = partial(plain_lines, axis_format="~s", form=",", what="users")


_OVER_DATES = Chart(
    name="segments_over_dates",
    title="From the first to the last date shown",
    caption="Before + entered − left = now. Who enters and leaves a segment several times counts each time.",
    rows="segments_over_dates",
    options={**_USERS, "words": SEGMENTS, "rules": RULES["segment"]},
    columns=(
        Column("word", "Segment"),
        Column("rule", "Threshold"),
        Column("before", "Before", "count"),
        Column("entered", "Entered", "count"),
        Column("left", "Left", "count"),
        Column("now", "Now", "count"),
        Column("change", "Change", "count"),
        Column("share", "Share of all now", "percent"),
    ),
    metrics=("segment_units", "segment_entered", "segment_left"),
)

_COMINGS_AND_GOINGS = Chart(
    name="comings_and_goings",
    title="Who comes and who stays away",
    caption="New: never active before. Became inactive: last active 28 dates ago. Came back: active again "
    "after that. New + came back − became inactive is what the number of active users grows by.",
    rows="comings_and_goings",
    options=_USERS,
    columns=(Column("day", "Date", "date"), Column("series", "What"), Column("value", "Users", "count")),
    spec=partial(_lines, "users", series=("new", "came back", "became inactive")),
    metrics=("segment_entered", "segment_left"),
)

_MOVES = Chart(
    name="moves_by_segment",
    title="Who entered and left each segment",
    caption="By date, all on one scale. Who leaves a segment enters another one on the same date.",
    rows="moves_by_segment",
    options={**_USERS, "words": SEGMENTS},
    columns=(
        Column("panel", "Segment"),
        Column("day", "Date", "date"),
        Column("series", "What"),
        Column("value", "Users", "count"),
    ),
    spec=partial(_lines, "", series=("entered", "left"), height=120),
    metrics=("segment_entered", "segment_left"),
    in_panels=True,
)


def _tiers(name: str, title: str, caption: str, column: str, words: Sequence[str]) -> Chart:
    """What jobs with each word have got."""
    return Chart(
        name=name,
        title=title,
        caption=caption,
        rows="by_word",
        options={
            "table": _JOBS,
            "column": column,
            "words": words,
            "rules": RULES[column],
            "count": "jobs",
            "sums": _TRAFFIC,
            "quotients": {"ctr": ["clicks", "impressions"], "apply_rate": ["applies", "impressions"]},
            "all": "all jobs",
        },
        columns=(
            Column("word", "Tier"),
            Column("rule", "Threshold"),
            Column("count", "Jobs", "count"),
            Column("share", "Share of jobs", "percent"),
            Column("impressions", "Impressions n", "count"),
            Column("clicks", "Clicks", "count"),
            Column("ctr", "Clicks per impression", "percent"),
            Column("applies", "Applies", "count"),
            Column("apply_rate", "Applies per impression", "percent"),
            Column("qualified", "Qualified", "count"),
            Column("disqualified", "Disqualified", "count"),
        ),
    )


def _histogram(
    name: str, title: str, caption: str, axis: str, counted: str, words: Sequence[str], **options: Any
) -> Chart:
    return Chart(
        name=name,
        title=title,
        caption=caption,
        rows="histogram",
        options={**options, "words": words, "count": counted},
        columns=(
            Column("step", "From, to"),
            Column("series", "Word"),
            Column("value", counted.capitalize(), "count"),
        ),
        spec=partial(histogram, axis, counted, words, _COLOURS[(*words, *options["without"])]),
        is_wide=False,
    )


_COEC = _histogram(
    "coec", "COEC of jobs",
    "Clicked items of a job over those that jobs at the same ranks usually get: 1 is usual, 2 is twice that. "
    f"Jobs with {RULES['tier'][INSUFFICIENT]} are left out: their COEC says nothing yet.",
    "COEC", "jobs", TIERS[:-1],
    table="jobs_by_coec", column="coec", split="tier", steps=_COEC_STEPS, unit=_COEC_WIDTH,
    without=TIERS[-1:],
    none=f"All jobs have {RULES['tier'][INSUFFICIENT]}, so nothing can be said of them yet.",
)  # fmt: skip

_WAITS = _histogram(
    "waits", "How long companies take",
    "Companies by their median, in days. Silent ones have none and are left out, as are those with "
    f"{RULES['responsiveness'][INSUFFICIENT]}.",
    "median days to the first response", "companies", RESPONSIVENESS[:-2],
    table="companies_by_median", column="median_hours_to_response", split="responsiveness",
    steps=_HOURS_STEPS, unit=1, without=RESPONSIVENESS[-2:],
    none="No company that has applications enough answers half of them, so there is no median.",
)  # fmt: skip

_CROSSED = Chart(
    name="tiers_crossed",
    title="Wanted, and by the right people?",
    caption="Jobs by tier, and across by quality tier. Hot jobs of low quality are clicked by people who do "
    "not fit: look at what they promise. Weak ones of high quality may deserve better places.",
    rows="crossed",
    options={
        "table": _JOBS,
        "rows": {"column": "tier", "words": TIERS},
        "columns": {"column": "quality_tier", "words": QUALITY_TIERS},
        "count": "jobs",
    },
    columns=(
        Column("word", "Tier"),
        *(Column(f"of_{word}", f"Quality {word}", "count") for word in QUALITY_TIERS),
        Column("count", "All", "count"),
    ),
    is_wide=False,
)

_SPEND = Chart(
    name="spend",
    title="What is spent on which jobs",
    caption="Bids of the clicks of all time, each currency by itself. (mixed): jobs with bids in several "
    "currencies, which have no sum.",
    rows="spend_by_word",
    options={"table": _JOBS, "column": "tier", "words": TIERS, "count": "jobs"},
    columns=(
        Column("currency", "Currency", "name"),
        Column("word", "Tier"),
        Column("count", "Jobs", "count"),
        Column("clicks", "Clicks", "count"),
        Column("spend", "Spend", "money"),
        Column("share", "Share of the currency", "percent"),
    ),
)

_BY_RESPONSIVENESS = Chart(
    name="companies",
    title="What becomes of applications",
    caption="Companies by their median hours from an application to the first response. Applications without "
    "one count as still waiting.",
    rows="by_word",
    options={
        "table": _COMPANIES,
        "column": "responsiveness",
        "words": RESPONSIVENESS,
        "rules": RULES["responsiveness"],
        "count": "companies",
        "sums": _COUNTED,
        "quotients": {"placed_share": ["placed", "applications"]},
        "all": "all companies",
    },
    columns=(
        Column("word", "Answers"),
        Column("rule", "Threshold"),
        Column("count", "Companies", "count"),
        Column("share", "Share of companies", "percent"),
        Column("openings", "Openings ever", "count"),
        Column("live", "Live now", "count"),
        Column("applications", "Applications n", "count"),
        Column("placed", "Placed", "count"),
        Column("placed_share", "Placed of applications", "percent"),
    ),
)

_KINDS = {
    "segment": "Segment of a user",
    "style": "Style of a user",
    "tier": "Tier of a job",
    "quality_tier": "Quality tier of a job",
    "responsiveness": "Responsiveness of a company",
}

_WORDS = Chart(
    name="words",
    title="Thresholds",
    caption="They are fixed: nobody changes the word because others do.",
    rows="words",
    options={
        "told": "The style of users stands in user_mart, in the warehouse: rows of persons go onto no page.",
        "rows": [
            {"kind": label, "word": word, "rule": rule}
            for column, label in _KINDS.items()
            for word, rule in RULES[column].items()
        ],
    },
    columns=(Column("kind", "What"), Column("word", "Word"), Column("rule", "Threshold")),
)


def _held(mart: str, columns: tuple[str, ...], source: Mapping[str, str]) -> tuple[Table, ...]:
    """A history: how many stays begin and end on each date."""
    return tuple(
        Table(f"{mart}_history", (), counted_by=(clock, *columns), key=source[key], rows_as="rows")
        for key, clock in (("since", "valid_from"), ("until", "valid_to"))
    )


_OF_USERS = (
    Tile(
        "active_users", "Users active in 28 dates", "level",
        {**_USERS, "part": SEGMENTS[:-1], "whole": SEGMENTS, "of": "ever active"}, metric="segment_units",
    ),
    _level(
        "level_share", "often", f"Of them {SEGMENTS[0]} or {SEGMENTS[1]}",
        _USERS, SEGMENTS[:2], SEGMENTS[:-1], "active in 28 dates",
    ),
    _moved("entered", "Became inactive"),
    _moved("left", "Came back"),
    _levels(
        "users_by_segment", "Users by segment",
        "At the close of each date, everybody who was ever active by then, by how many of the 28 dates up to "
        "it they were active on. The pale part on top: users who stay away.",
        SEGMENTS, "users", _USERS, metrics=("segment_units",),
    ),
    _OVER_DATES,
    _COMINGS_AND_GOINGS,
    _MOVES,
)  # fmt: skip

_OF_JOBS = (
    _level("level_share", "told_jobs", "Jobs with lists enough for a tier", _TIER, TIERS[:-1], TIERS, "jobs"),
    _level(
        "level_share", "wanted_jobs", f"Of them {TIERS[0]} or {TIERS[1]}",
        _TIER, TIERS[:2], TIERS[:-1], "jobs with a tier",
    ),
    _levels(
        "jobs_over_time", "Jobs by tier",
        "At the close of each date, all jobs known by then: clicked more often than others at the same ranks "
        "(hot), as often (good), or less (weak).",
        TIERS, "jobs", _TIER, is_wide=False,
    ),
    _levels(
        "quality_over_time", "Jobs by quality tier",
        "At the close of each date, by the share of applications that were qualified, of those that were "
        "qualified or disqualified.",
        QUALITY_TIERS, "jobs", _QUALITY, is_wide=False,
    ),
    _COEC,
    _CROSSED,
    _tiers("tiers", "What jobs of each tier get", "Sums over its jobs, of all time.", "tier", TIERS),
    _tiers(
        "qualities", "What jobs of each quality tier get",
        "The same by quality tier. An application that was qualified and disqualified counts in both.",
        "quality_tier", QUALITY_TIERS,
    ),
    _SPEND,
)  # fmt: skip

_OF_COMPANIES = (
    _level(
        "level_share", "answering", f"Companies that answer {RESPONSIVENESS[0]} or {RESPONSIVENESS[1]}",
        _ANSWERS, RESPONSIVENESS[:2], RESPONSIVENESS[:-1], "with applications enough",
    ),
    _level(
        "level", "silent", "Silent companies",
        _ANSWERS, (SILENT,), RESPONSIVENESS[:-1], "with applications enough",
    ),
    _levels(
        "companies_over_time", "Companies by how soon they answer",
        "At the close of each date, all companies known by then, by all their applications until then.",
        RESPONSIVENESS, "companies", _ANSWERS, is_wide=False,
    ),
    _WAITS,
    _BY_RESPONSIVENESS,
)  # fmt: skip

PAGE = Page(
    name="segments",
    title="Segments",
    question="Who comes often, which jobs are wanted, and which companies answer?",
    position=55,
    tables=(
        Table(_DAILY, ("segment", "units", "entered", "left"), "date"),
        Table(
            _JOBS, (*_TRAFFIC, "spend"), counted_by=("tier", "quality_tier", "currency"), rows_as="jobs"
        ),
        Table(
            _JOBS, (), counted_by=("tier", "coec"), steps={"coec": (_COEC_WIDTH, _COEC_STEPS)},
            key="jobs_by_coec", rows_as="jobs",
        ),
        *_held(_JOBS, ("tier", "quality_tier"), _TIER),
        Table(_COMPANIES, _COUNTED, counted_by=("responsiveness",), rows_as="companies"),
        Table(
            _COMPANIES, (), counted_by=("responsiveness", "median_hours_to_response"),
            steps={"median_hours_to_response": (_HOURS_WIDTH, _HOURS_STEPS)},
            key="companies_by_median", rows_as="companies",
        ),
        *_held(_COMPANIES, ("responsiveness",), _ANSWERS),
    ),
    sections=(
        Section(
            "Who comes often?", _OF_USERS,
            intro="Users by the dates on which they were active. Numbers of users are those at the close of "
            "the last date shown.",
        ),
        Section(
            "Which jobs are wanted?", _OF_JOBS,
            intro="Shares and stacks are those at the close of the dates shown; tables name their date.",
        ),
        Section("Which companies answer?", _OF_COMPANIES),
        Section("What do the words mean?", (_WORDS,)),
    ),
    scripts=("stacks.js", "segments.js"),
)  # fmt: skip
