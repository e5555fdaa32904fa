"""A marimo notebook on the published copy: `marimo edit docs/notebook.py`, or `python docs/notebook.py`."""

import marimo

app = marimo.App(width="medium", app_title="Funnel")


@app.cell
def _():
    import os

    import altair as alt
    import duckdb
    import marimo as mo

    path = os.environ.get("JOBMATCH_PUBLISHED_PATH") or "data/gold.duckdb"
    copy = duckdb.connect(path, read_only=True)
    return alt, copy, mo


@app.cell
def _(mo):
    mo.md("""
    # Who applies?

    Of the users who search on a date, the share that applies within 24 hours. A gap: nobody searched.
    """)


@app.cell
def _(copy, mo):
    (platforms,) = zip(
        *copy.sql("select distinct platform from job_matching_gold.funnel_daily order by all").fetchall(),
        strict=True,
    )
    platform = mo.ui.dropdown(platforms, value="__all__", label="platform")
    platform
    return (platform,)


@app.cell
def _(copy, platform):
    funnel = copy.execute(
        """
        select event_date, entered, reached_apply, search_to_apply_rate
        from job_matching_gold.funnel_daily
        where platform = $platform and device_type = '__all__' and surface = '__all__'
        order by event_date
        """,
        {"platform": platform.value},
    ).df()
    return (funnel,)


@app.cell
def _(alt, funnel):
    chart = (
        alt.Chart(funnel)
        .mark_line(point=True)
        .encode(
            x=alt.X("event_date:T", title=None),
            y=alt.Y("search_to_apply_rate:Q", title="apply, of who searched").axis(format="%"),
            tooltip=["event_date:T", "entered:Q", "reached_apply:Q", "search_to_apply_rate:Q"],
        )
    )
    chart
    return (chart,)


if __name__ == "__main__":
    app.run()
