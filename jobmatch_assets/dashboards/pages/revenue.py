"""Employers and revenue: who posts, who comes back, and what is invoiced and paid, by month.

Amounts are always of one currency, and never added over several.
"""

from functools import partial
from typing import Any

from jobmatch_assets.charts.over_time import MONTHS
from jobmatch_assets.charts.plain_lines import plain_lines
from jobmatch_assets.dashboards.page import Chart, Column, Filter, Page, Section, Table, Tile

_EMPLOYERS, _REVENUE = "employers_monthly", "revenue_monthly"
_MONTH = Column("month", "Month")
_AMOUNTS = ("invoiced", "credited", "net", "tax", "paid", "outstanding", "overdue")
_HOURS = ("hours_regular", "hours_overtime")
_PLACEMENTS = ("placements", "cancelled_placements")
_FORMATS = {
    **dict.fromkeys((*_AMOUNTS, *_HOURS), "amount"),
    **dict.fromkeys(("filled_90d_rate", "repeat_share"), "percent"),
    "applications_per_opening": "number",
}
_D3 = {"count": ",", "amount": ",.2f", "percent": ".1%", "number": ",.2f"}
_AXES = {"count": "~s", "amount": "~s", "percent": ".0%", "number": "~r"}


def _lines(label: str, form: str, series: tuple[str, ...], of: str, *, is_amount: bool) -> dict[str, Any]:
    return plain_lines(
        *(label, _AXES[form], _D3[form], of, series),
        when=("month", "month"),
        more=(("currency", "currency", ""),) if is_amount else (),
        size=50,
        date_format=MONTHS,
    )


def _over_months(
    name: str,
    title: str,
    caption: str,
    columns: dict[str, str],
    label: str,
    *,
    table: str = _EMPLOYERS,
    n: tuple[str, str] = ("", ""),
    none: str = "",
) -> Chart:
    """Columns of a table over months; `n` is a column that the values are of, and what it counts."""
    form = _FORMATS.get(next(iter(columns)), "count")
    is_amount = next(iter(columns)) in _AMOUNTS
    series = tuple(columns.values()) if len(columns) > 1 else ()
    options: dict[str, Any] = {
        "table": table,
        "columns": [{"series": text, "column": column} for column, text in columns.items()],
        "has_zeros": form in ("count", "amount"),
        "is_amount": is_amount,
    }
    if n[0]:
        options["n"] = n[0]
    if none:
        options["none"] = none
    return Chart(
        name=name,
        title=title,
        caption=caption,
        rows="values_by_month",
        options=options,
        columns=(
            _MONTH,
            Column("series", "What"),
            Column("value", label.capitalize(), form),
            *((Column("currency", "Currency"),) if is_amount else ()),
            *((Column("n", f"{n[1].capitalize()} n", "count"),) if n[0] else ()),
        ),
        spec=partial(_lines, label, form, series, n[1], is_amount=is_amount),
        metrics=tuple(f"monthly_{column}" for column in columns),
        is_wide=False,
    )


def _tile(column: str, label: str, table: str, **more: Any) -> Tile:
    form = _FORMATS.get(column, "count")
    options = {"table": table, "column": column, "has_zeros": form in ("count", "amount")}
    if column in _AMOUNTS:
        options["is_amount"] = True
    shown = "about" if form == "amount" else form
    return Tile(column, label, "month", {**options, **more}, shown, metric=f"monthly_{column}")


def _listed(columns: tuple[str, ...]) -> tuple[Column, ...]:
    return tuple(
        Column(name, name.replace("_", " ").capitalize(), _FORMATS.get(name, "count")) for name in columns
    )


_OF_EMPLOYERS = (
    *("active_employers", "new_employers", "repeat_employers", "repeat_share", "openings_posted"),
    *("live_openings", "filled_90d", "filled_90d_rate", "applications", "placed"),
    *("applications_per_opening", "median_hours_to_response"),
)
_OF_REVENUE = (*_AMOUNTS, *_HOURS, *_PLACEMENTS)
_LISTED_REVENUE = (Column("currency", "Currency"), *_listed(_OF_REVENUE))
_NOT_MATURE = "No month is old enough: 90 days must have passed since its last date."

PAGE = Page(
    name="revenue",
    title="Employers and revenue",
    question="Do employers come, come back and find whom they look for, and what do they pay?",
    position=58,
    days=365,
    tables=(
        Table(
            _EMPLOYERS,
            _OF_EMPLOYERS,
            "month_start",
            ("company_id",),
            totals_only=("company_id",),
            made_of=("job", "application"),
        ),
        Table(
            _REVENUE,
            _OF_REVENUE,
            "month_start",
            ("currency", "company_id"),
            (("currency",),),
            totals_only=("company_id",),
            made_of=("placement", "timesheet", "invoice"),
        ),
    ),
    own_dates=True,
    filters=(Filter("currency", "Currency", always="placements"),),
    sections=(
        Section(
            "Employers",
            (
                _tile("active_employers", "Active employers", _EMPLOYERS),
                _tile("new_employers", "New employers", _EMPLOYERS),
                _tile("repeat_employers", "Employers that came back", _EMPLOYERS),
                _tile("openings_posted", "Openings posted", _EMPLOYERS),
                Tile(
                    "filled_90d_rate",
                    "Filled within 90 days",
                    "month",
                    {
                        "table": _EMPLOYERS,
                        "column": "filled_90d",
                        "whole": "openings_posted",
                        "of": "openings of the month",
                        "is_known": True,
                    },
                    "percent",
                    metric="monthly_filled_90d_rate",
                ),
                _over_months(
                    "employers",
                    "Employers",
                    "Active: with an opening live in the month. New: the first opening ever. Back: posted in"
                    " the month and in one of the 12 before.",
                    {"active_employers": "active", "new_employers": "new", "repeat_employers": "back"},
                    "companies",
                ),
                _over_months(
                    "repeat_share",
                    "Employers that came back, of those that posted",
                    "A month in which nobody posted is a gap. In the first months of the data most employers "
                    "look new.",
                    {"repeat_share": "back"},
                    "share",
                    n=("repeat_employers", "came back"),
                ),
                _over_months(
                    "openings",
                    "Openings",
                    "Posted in the month, and live at its close.",
                    {"openings_posted": "posted", "live_openings": "live at the close"},
                    "openings",
                ),
                _over_months(
                    "filled",
                    "Filled within 90 days",
                    "Of the openings posted in a month, the share that was filled within 90 days. A month "
                    "has a rate once 90 days have passed since its last date.",
                    {"filled_90d_rate": "filled"},
                    "share",
                    n=("openings_posted", "openings"),
                    none=_NOT_MATURE,
                ),
                _over_months(
                    "applications",
                    "Applications and hires",
                    "Applications of the month, and applications that were placed in it, whenever they were "
                    "sent.",
                    {"applications": "applications", "placed": "placed"},
                    "applications",
                ),
                _over_months(
                    "per_opening",
                    "Applications per opening",
                    "Applications of the month / openings that were live in it.",
                    {"applications_per_opening": "per opening"},
                    "applications",
                    n=("applications", "applications"),
                ),
                _over_months(
                    "response",
                    "Hours to a response",
                    "After so many hours half of the applications of the month had a response; those that "
                    "still wait are counted as waiting (Kaplan and Meier). A gap: more than half still wait.",
                    {"median_hours_to_response": "median"},
                    "hours",
                    n=("applications", "applications"),
                    none="Half of the applications of no month has a response yet.",
                ),
                Chart(
                    name="employer_months",
                    title="All numbers by month",
                    caption="All companies together.",
                    rows="months",
                    options={"table": _EMPLOYERS, "columns": _OF_EMPLOYERS},
                    columns=(_MONTH, *_listed(_OF_EMPLOYERS)),
                ),
            ),
            intro="Tiles show the last complete month of those shown, against the month before. (unknown) is"
            " no employer.",
        ),
        Section(
            "Revenue",
            (
                _tile("net", "Net invoiced", _REVENUE),
                _tile("paid", "Paid", _REVENUE),
                _tile("outstanding", "Outstanding", _REVENUE),
                _tile("overdue", "Overdue", _REVENUE),
                _tile("placements", "Placements", _REVENUE),
                _tile("hours_regular", "Regular hours", _REVENUE),
                _over_months(
                    "invoiced",
                    "Invoiced",
                    "Invoices and credit notes by the month in which they were issued. Credit notes are "
                    "below 0; net is the sum of both.",
                    {"invoiced": "invoiced", "credited": "credited", "net": "net"},
                    "amount",
                    table=_REVENUE,
                ),
                _over_months(
                    "paid",
                    "Paid",
                    "By the month of the payment, so it pays invoices of earlier months, too.",
                    {"paid": "paid"},
                    "amount",
                    table=_REVENUE,
                ),
                _over_months(
                    "owed",
                    "Outstanding and overdue",
                    "At the close of the month: what was issued and not paid, and what of it was due. Months"
                    " do not add up.",
                    {"outstanding": "outstanding", "overdue": "overdue"},
                    "amount",
                    table=_REVENUE,
                ),
                _over_months(
                    "placements",
                    "Placements",
                    "Placements of the month, and those that were cancelled in it.",
                    {"placements": "placements", "cancelled_placements": "cancelled"},
                    "placements",
                    table=_REVENUE,
                ),
                _over_months(
                    "hours",
                    "Hours",
                    "Of timesheets that are approved or paid. A week belongs to the month in which it "
                    "starts.",
                    {"hours_regular": "regular", "hours_overtime": "overtime"},
                    "hours",
                    table=_REVENUE,
                ),
                Chart(
                    name="revenue_months",
                    title="All numbers by month",
                    caption="In the currency that is chosen.",
                    rows="months",
                    options={"table": _REVENUE, "columns": _OF_REVENUE},
                    columns=(_MONTH, *_LISTED_REVENUE),
                ),
                Chart(
                    name="currencies",
                    title="All currencies of the newest month",
                    caption="Each row in its own currency.",
                    rows="currencies",
                    options={"table": _REVENUE, "columns": _OF_REVENUE},
                    columns=_LISTED_REVENUE,
                ),
            ),
            intro="Of one currency, chosen above. Nothing is converted, and nothing added over currencies; "
            "(none) holds what was sent without one.",
        ),
    ),
    scripts=("revenue.js",),
)
