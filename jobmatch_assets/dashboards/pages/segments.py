"""Segments: who comes often, which jobs are wanted, and which companies answer; by words with fixed thresholds."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from jobmatch_assets.charts.histogram import histogram
from jobmatch_assets.charts.over_time import over_time
from jobmatch_assets.charts.parts import parts
from jobmatch_assets.contracts.tiers import INSUFFICIENT, SILENT, least_evidence, steps_of, words_of
from jobmatch_assets.dashboards.page import Chart, Column, Page, Section, Table, Tile

_SEGMENTS = words_of("segment")
_STYLES = words_of("style")
_TIERS = (*words_of("tier"), INSUFFICIENT)
_QUALITIES = (*words_of("quality_tier"), INSUFFICIENT)
_ANSWERS = (*reversed(words_of("responsiveness")), SILENT, INSUFFICIENT)
_INACTIVE = _SEGMENTS[-1]

_COEC_WIDTH, _COEC_STEPS = 0.1, 31
_HOURS_WIDTH, _HOURS_STEPS = 24, 31


def _whole(column: str, unit: str) -> dict[str, str]:
    """{word: what it follows} of whole numbers."""
    return {
        word: f"{least:g} {unit} or more"
        if below is None
        else f"{least:g} {unit}"
        if below == least + 1
        else f"{least:g} to {below - 1:g} {unit}"
        for word, least, below in steps_of(column)
    }


def _fraction(column: str, what: str, too_few: str) -> dict[str, str]:
    """{word: what it follows} of other numbers, of which there may be too little evidence."""
    rules = {
        word: f"{what} {least:g} or more"
        if below is None
        else f"{what} below {below:g}"
        if not least
        else f"{what} from {least:g}, below {below:g}"
        for word, least, below in steps_of(column)
    }
    return {**rules, INSUFFICIENT: f"fewer than {least_evidence(column)} {too_few}"}


_RULES: Mapping[str, Mapping[str, str]] = {
    "segment": _whole("segment", "active dates of 28"),
    "tier": _fraction("tier", "COEC", "clicks expected"),
    "quality_tier": _fraction("quality_tier", "qualified share", "qualified or disqualified"),
    "responsiveness": {
        **_whole("responsiveness", "hours, median"),
        SILENT: "less than half answered",
        INSUFFICIENT: f"fewer than {least_evidence('responsiveness')} applications",
    },
    "style": _fraction("style", "applications per click", "clicks"),
}

_DAILY = "user_segments_daily"
_JOBS_HELD = {"since": "job_tiers_since", "until": "job_tiers_until"}
_COMPANIES_HELD = {"since": "responsiveness_since", "until": "responsiveness_until"}


def _level(kind: str, name: str, label: str, of: str, metric: str = "", **options: Any) -> Tile:
    """A count, or a share, at the close of the last date shown."""
    format_ = "percent" if kind == "level_share" else "count"
    return Tile(name, label, kind, {**options, "of": of}, format_, metric=metric)


def _moved(name: str, label: str, column: str, metric: str) -> Tile:
    return Tile(
        name, label, "moved", {"table": _DAILY, "column": column, "segment": _INACTIVE}, metric=metric
    )


def _levels(
    name: str,
    title: str,
    caption: str,
    words: Sequence[str],
    unit: str,
    options: Mapping[str, Any],
    **further: Any,
) -> Chart:
    """Stacks over dates."""
    return Chart(
        name=name,
        title=title,
        caption=caption,
        rows="levels_by_date",
        options={**options, "words": words},
        columns=(
            Column("day", "Date", "date"),
            Column("series", "Word"),
            Column("value", unit.capitalize(), "count"),
        ),
        spec=partial(parts, unit, words),
        **further,
    )


def _lines(label: str, series: tuple[str, ...], height: int) -> dict[str, Any]:
    details = (("day", "date", ""), ("series", "what", ""), ("value", label, ","))
    return over_time("value", label, details, axis_format="~s", series=series, height=height)


_STACK = _levels(
    "users_by_segment",
    "Users by segment",
    "At the close of each date, everybody who was ever active by then, by the dates on which they were active among the 28 up "
    "to it. Below the grey part: users who came in these 28 dates.",
    _SEGMENTS,
    "users",
    {"table": _DAILY},
    metrics=("segment_units",),
)

_OVER_DATES = Chart(
    name="segments_over_dates",
    title="From the first to the last date shown",
    caption="Before + entered − left = now. Who enters and leaves a segment several times counts each time.",
    rows="segments_over_dates",
    options={"table": _DAILY, "words": _SEGMENTS, "rules": _RULES["segment"]},
    columns=(
        Column("word", "Segment"),
        Column("rule", "Follows"),
        Column("before", "Before", "count"),
        Column("entered", "Entered", "count"),
        Column("left", "Left", "count"),
        Column("now", "Now", "count"),
        Column("change", "Change", "count"),
        Column("share", "Share of all now", "percent"),
    ),
    metrics=("segment_units", "segment_entered", "segment_left"),
)

_MOVED = ("new", "came back", "became inactive")

_GROWTH = Chart(
    name="comings_and_goings",
    title="Who comes and who stays away",
    caption="New: never active before. Became inactive: the last active date is 28 dates ago. Came back: active again after "
    "that. New + came back − became inactive is what the number of active users grows by.",
    rows="comings_and_goings",
    options={"table": _DAILY},
    columns=(Column("day", "Date", "date"), Column("series", "What"), Column("value", "Users", "count")),
    spec=partial(_lines, "users", _MOVED, 200),
    metrics=("segment_entered", "segment_left"),
)

_MOVES = Chart(
    name="moves_by_segment",
    title="Who entered and left each segment",
    caption="By date, all on one scale. A user who leaves one segment enters another one on the same date.",
    rows="moves_by_segment",
    options={"table": _DAILY, "words": _SEGMENTS},
    columns=(
        Column("panel", "Segment"),
        Column("day", "Date", "date"),
        Column("series", "What"),
        Column("value", "Users", "count"),
    ),
    spec=partial(_lines, "", ("entered", "left"), 120),
    metrics=("segment_entered", "segment_left"),
    in_panels=True,
)

_JOB_SUMS = ("impressions", "clicks", "applies", "qualified", "disqualified", "expected_clicks")
_CROSSED = "jobs_by_tier"


def _jobs(name: str, title: str, caption: str, column: str, words: Sequence[str]) -> Chart:
    """What jobs with each word have got."""
    return Chart(
        name=name,
        title=title,
        caption=caption,
        rows="by_word",
        options={
            "table": _CROSSED,
            "column": column,
            "words": words,
            "rules": _RULES[column],
            "count": "jobs",
            "sums": _JOB_SUMS,
            "quotients": {"ctr": ["clicks", "impressions"], "apply_rate": ["applies", "impressions"]},
            "all": "all jobs",
        },
        columns=(
            Column("word", "Tier"),
            Column("rule", "Follows"),
            Column("count", "Jobs", "count"),
            Column("share", "Share of jobs", "percent"),
            Column("impressions", "Impressions n", "count"),
            Column("clicks", "Clicks", "count"),
            Column("ctr", "CTR", "percent"),
            Column("applies", "Applies", "count"),
            Column("apply_rate", "Apply rate", "percent"),
            Column("qualified", "Qualified", "count"),
            Column("disqualified", "Disqualified", "count"),
        ),
    )


_COEC = Chart(
    name="coec",
    title="COEC of jobs",
    caption="Clicked items of a job over those that jobs at the same ranks usually get: 1 is usual, 2 is twice that. Jobs with "
    f"{_RULES['tier'][INSUFFICIENT]} are left out: their COEC says nothing yet.",
    rows="histogram",
    options={
        "table": "jobs_by_coec",
        "column": "coec",
        "split": "tier",
        "words": _TIERS[:-1],
        "count": "jobs",
        "steps": _COEC_STEPS,
        "unit": _COEC_WIDTH,
        "none": f"All jobs have {_RULES['tier'][INSUFFICIENT]}, so nothing can be said of them yet.",
    },
    columns=(Column("step", "COEC"), Column("series", "Tier"), Column("value", "Jobs", "count")),
    spec=partial(histogram, "COEC", "jobs", _TIERS[:-1]),
    is_wide=False,
)

_BOTH = Chart(
    name="tiers_crossed",
    title="Wanted, and by the right people?",
    caption="Jobs by tier, and across by quality tier. Hot jobs of low quality are clicked a lot by people who do not fit: look "
    "at what they promise. Weak ones of high quality deserve better places.",
    rows="crossed",
    options={
        "table": _CROSSED,
        "rows": {"column": "tier", "words": _TIERS},
        "columns": {"column": "quality_tier", "words": _QUALITIES},
        "count": "jobs",
    },
    columns=(
        Column("word", "Tier"),
        *(Column(f"of_{word}", f"Quality {word}", "count") for word in _QUALITIES),
        Column("count", "All", "count"),
    ),
    is_wide=False,
)

_SPEND = Chart(
    name="spend",
    title="What is spent on which jobs",
    caption="Bids of the clicks of all time, each currency by itself. (mixed): jobs with bids in several currencies, which "
    "have no sum. Money on weak jobs buys places that others would get more clicks from.",
    rows="spend_by_word",
    options={"table": _CROSSED, "column": "tier", "words": _TIERS, "count": "jobs"},
    columns=(
        Column("currency", "Currency", "name"),
        Column("word", "Tier"),
        Column("count", "Jobs", "count"),
        Column("clicks", "Clicks", "count"),
        Column("spend", "Spend", "number"),
        Column("share", "Share of the currency", "percent"),
    ),
)

_COMPANIES = Chart(
    name="companies",
    title="Companies by how soon they answer",
    caption="Median hours from an application to the first response, over all applications, those without one counted as still "
    "waiting. Silent: so few are answered that there is no median.",
    rows="by_word",
    options={
        "table": "company_mart",
        "column": "responsiveness",
        "words": _ANSWERS,
        "rules": _RULES["responsiveness"],
        "count": "companies",
        "sums": ("openings", "live", "applications", "placed"),
        "quotients": {"placed_share": ["placed", "applications"]},
        "all": "all companies",
    },
    columns=(
        Column("word", "Answers"),
        Column("rule", "Follows"),
        Column("count", "Companies", "count"),
        Column("share", "Share of companies", "percent"),
        Column("openings", "Openings ever", "count"),
        Column("live", "Live now", "count"),
        Column("applications", "Applications n", "count"),
        Column("placed", "Placed", "count"),
        Column("placed_share", "Placed of applications", "percent"),
    ),
)

_WAITS = Chart(
    name="waits",
    title="How long companies take",
    caption="Companies by their median, in days. Silent ones have none and are not in it, nor are those with "
    f"{_RULES['responsiveness'][INSUFFICIENT]}.",
    rows="histogram",
    options={
        "table": "companies_by_median",
        "column": "median_hours_to_response",
        "split": "responsiveness",
        "words": _ANSWERS[:-2],
        "count": "companies",
        "steps": _HOURS_STEPS,
        "unit": 1,
        "none": f"No company has a median yet: it takes {least_evidence('responsiveness')} applications, half of them answered.",
    },
    columns=(Column("step", "Days"), Column("series", "Answers"), Column("value", "Companies", "count")),
    spec=partial(histogram, "days to the first response, median", "companies", _ANSWERS[:-2]),
    is_wide=False,
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
    title="What the words follow",
    caption="They are the same for all dates: nobody changes the word because others do. The style of users stands in "
    "user_mart, in the warehouse: rows of persons go onto no page.",
    rows="words",
    options={
        "rows": [
            {"kind": label, "word": word, "rule": rule}
            for column, label in _KINDS.items()
            for word, rule in _RULES[column].items()
        ]
    },
    columns=(Column("kind", "What"), Column("word", "Word"), Column("rule", "Follows")),
)


def _held(mart: str, columns: tuple[str, ...], keys: Mapping[str, str]) -> tuple[Table, ...]:
    """A history: how many stays begin and end on each date."""
    return tuple(
        Table(f"{mart}_history", (), counted_by=(clock, *columns), key=keys[key], rows_as="rows")
        for key, clock in (("since", "valid_from"), ("until", "valid_to"))
    )


PAGE = Page(
    name="segments",
    title="Segments",
    question="Who comes often, which jobs are wanted, and which companies answer?",
    position=55,
    tables=(
        Table(_DAILY, ("segment", "units", "entered", "left"), "date"),
        Table(
            "job_mart",
            (*_JOB_SUMS, "spend"),
            counted_by=("tier", "quality_tier", "currency"),
            key=_CROSSED,
            rows_as="jobs",
            digits={"expected_clicks": 8},
        ),
        Table(
            "job_mart",
            (),
            counted_by=("tier", "coec"),
            steps={"coec": (_COEC_WIDTH, _COEC_STEPS)},
            key="jobs_by_coec",
            rows_as="jobs",
        ),
        *_held("job_mart", ("tier", "quality_tier"), _JOBS_HELD),
        Table(
            "company_mart",
            ("openings", "live", "applications", "placed"),
            counted_by=("responsiveness",),
            rows_as="companies",
        ),
        Table(
            "company_mart",
            (),
            counted_by=("responsiveness", "median_hours_to_response"),
            steps={"median_hours_to_response": (_HOURS_WIDTH, _HOURS_STEPS)},
            key="companies_by_median",
            rows_as="companies",
        ),
        *_held("company_mart", ("responsiveness",), _COMPANIES_HELD),
    ),
    sections=(
        Section(
            "Who comes often?",
            (
                _level(
                    "level",
                    "active_users",
                    "Users active in 28 dates",
                    "ever active",
                    "segment_units",
                    table=_DAILY,
                    part=_SEGMENTS[:-1],
                    whole=_SEGMENTS,
                ),  # fmt: skip
                _level(
                    "level_share",
                    "often",
                    f"Of them {_SEGMENTS[0]} or {_SEGMENTS[1]}",
                    "active in 28 dates",
                    table=_DAILY,
                    part=_SEGMENTS[:2],
                    whole=_SEGMENTS[:-1],
                ),  # fmt: skip
                _moved("became_inactive", "Became inactive", "entered", "segment_entered"),
                _moved("came_back", "Came back", "left", "segment_left"),
                _STACK,
                _OVER_DATES,
                _GROWTH,
                _MOVES,
            ),
            intro="Users by the dates on which they were active. Numbers of users are those at the close of the last date shown.",
        ),
        Section(
            "Which jobs are wanted?",
            (
                _level(
                    "level_share",
                    "told_jobs",
                    "Jobs with clicks enough for a tier",
                    "jobs",
                    **_JOBS_HELD,
                    column="tier",
                    part=_TIERS[:-1],
                    whole=_TIERS,
                ),  # fmt: skip
                _level(
                    "level_share",
                    "wanted_jobs",
                    f"Of them {_TIERS[0]} or {_TIERS[1]}",
                    "jobs with a tier",
                    **_JOBS_HELD,
                    column="tier",
                    part=_TIERS[:2],
                    whole=_TIERS[:-1],
                ),  # fmt: skip
                _levels(
                    "jobs_over_time",
                    "Jobs by tier",
                    "At the close of each date, all jobs known by then. A job is clicked as often as others at its ranks "
                    "(good), more (hot) or less (weak).",
                    _TIERS,
                    "jobs",
                    {**_JOBS_HELD, "column": "tier"},
                    is_wide=False,
                ),  # fmt: skip
                _levels(
                    "quality_over_time",
                    "Jobs by quality tier",
                    "At the close of each date, by the share of their judged applications that were qualified.",
                    _QUALITIES,
                    "jobs",
                    {**_JOBS_HELD, "column": "quality_tier"},
                    is_wide=False,
                ),  # fmt: skip
                _COEC,
                _BOTH,
                _jobs(
                    "tiers",
                    "What jobs of each tier get",
                    "Sums over the jobs of a tier, of all time.",
                    "tier",
                    _TIERS,
                ),
                _jobs(
                    "qualities",
                    "What jobs of each quality tier get",
                    "The same by quality tier. An application that was qualified and disqualified counts in both.",
                    "quality_tier",
                    _QUALITIES,
                ),  # fmt: skip
                _SPEND,
            ),
        ),
        Section(
            "Which companies answer?",
            (
                _level(
                    "level_share",
                    "answering",
                    f"Companies that answer {_ANSWERS[0]} or {_ANSWERS[1]}",
                    f"with {least_evidence('responsiveness')} applications or more",
                    **_COMPANIES_HELD,
                    column="responsiveness",
                    part=_ANSWERS[:2],
                    whole=_ANSWERS[:-1],
                ),  # fmt: skip
                _level(
                    "level",
                    "silent",
                    "Silent companies",
                    f"with {least_evidence('responsiveness')} applications or more",
                    **_COMPANIES_HELD,
                    column="responsiveness",
                    part=[SILENT],
                    whole=_ANSWERS[:-1],
                ),  # fmt: skip
                _levels(
                    "companies_over_time",
                    "Companies by how soon they answer",
                    "At the close of each date, all companies known by then, by the applications of all time until then.",
                    _ANSWERS,
                    "companies",
                    {**_COMPANIES_HELD, "column": "responsiveness"},
                    is_wide=False,
                ),  # fmt: skip
                _WAITS,
                _COMPANIES,
            ),
        ),
        Section("What do the words mean?", (_WORDS,)),
    ),
    scripts=("stacks.js", "segments.js"),
)
