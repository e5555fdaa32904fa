/* Rows and numbers of the campaign desk: amounts by currency, and budgets as of the last date. */
(() => {
  const { dates, format, series, tables, tileValues } = jobmatch;
  const WEEK = 7;
  const DRAWN = 20;
  const [FAST, SLOW] = [1.1, 0.9];

  const money = (currency, value) => `${format.shown(value, "money")}\u00a0${currency}`;
  const quotient = (amount, n) => (amount !== null && n > 0 ? amount / n : null);

  /* Why there is nothing to show, and what to do; null where there is something. */
  function silence(page, needed) {
    for (const key of needed) {
      const found = page.tables[key];
      if (!found.rows.length && found.missing.length) {
        return `The published copy has no ${found.name}, or an earlier one. It is built when files of campaigns and jobs have landed beside the events (docs/entities.md): land them, run jobmatch run, then jobmatch dashboards.`;
      }
      const lack = series.lacking(found);
      if (lack) return lack;
    }
    return page.tables.costs.rows.length ? null : "No campaign has a row yet. They come with the first event that names a campaign_id, and with the first file of campaigns.";
  }

  /* A function of all pages, where there is anything to ask it of. Options: rows or value, its name, and its own. */
  jobmatch.rows.of_campaigns = (page, options) => {
    const message = silence(page, [options.table, "costs"]);
    return message ? { rows: [], message } : jobmatch.rows[options.rows](page, options);
  };
  jobmatch.tiles.of_campaigns = (page, options) => {
    const message = silence(page, [options.table, "costs"]);
    return message ? { value: null, series: [], message } : jobmatch.tiles[options.value](page, options);
  };

  const ledger = (page) => page.tables.job_spend_hourly;
  const isCurrency = (value) => value !== null && !value.startsWith("(");

  /* Rows of a currency between two dates. */
  const rowsOf = (found, { from, to }, currency) => found.rows.filter((row) => found.at(row, "currency") === currency && found.at(row, found.clock) >= from && found.at(row, found.clock) <= to);

  /* The currencies that are shown, that with the most clicks first. */
  function currencies(page) {
    const { currency: only } = page.state.filters;
    const known = new Set([ledger(page), page.tables.costs].flatMap((found) => found.values("currency")).filter(isCurrency));
    const clicks = (currency) => tables.sum(ledger(page), rowsOf(ledger(page), page.state, currency), "clicks") || 0;
    return [...known].filter((currency) => !only || currency === only)
      .map((currency) => [currency, clicks(currency)])
      .sort(([a, ofA], [b, ofB]) => ofB - ofA || (a < b ? -1 : 1))
      .map(([currency]) => currency);
  }

  /* The dates of which anything is known: on others, no spend is not a spend of 0. */
  const covered = (page) => new Set(page.tables.costs.values("event_date"));

  /* A sum of the ledger; where a known date has no row, nothing was spent. */
  function spent(page, range, currency, column) {
    const days = covered(page);
    if (!dates.range(range.from, range.to).some((day) => days.has(day))) return null;
    return tables.sum(ledger(page), rowsOf(ledger(page), range, currency), column) ?? 0;
  }

  /* Spend, count and their quotient, of campaigns with bids in a currency. */
  function cost(page, range, currency, count) {
    const rows = rowsOf(page.tables.costs, range, currency);
    const [spend, n] = ["spend", count].map((name) => tables.sum(page.tables.costs, rows, name));
    return { spend, n, value: quotient(spend, n) };
  }

  const NO_CURRENCY = "No click of a campaign carries a bid.";

  /* A number of the first currency, those of the others below it. `of`: what it is for a range and a currency, {value, …}. */
  function inCurrencies(page, of) {
    const message = silence(page, ["costs", "job_spend_hourly"]);
    if (message) return { value: null, series: [], message };
    const [first, ...others] = currencies(page);
    if (!first) return { value: null, series: [], message: NO_CURRENCY };
    const before = tileValues.before(page);
    const [now, earlier] = [of(page.state, first), before ? of(before, first) : { value: null }];
    const from = dates.add(page.state.to, -27);
    const day = (at) => of({ from: at, to: at }, first).value;
    return {
      ...now, unit: first,
      relative: now.value !== null && earlier.value ? now.value / earlier.value - 1 : null,
      notes: others.length ? [`and ${others.map((currency) => money(currency, of(page.state, currency).value)).join(", ")}`] : [],
      series: dates.range(from < page.first ? page.first : from, page.state.to).map(day),
    };
  }

  /* A sum of the ledger. Options: column. */
  jobmatch.tiles.spend = (page, { column }) => inCurrencies(page, (range, currency) => ({ value: spent(page, range, currency, column) }));

  /* What one of a kind costs. Options: count, of. */
  jobmatch.tiles.cost = (page, { count, of }) => inCurrencies(page, (range, currency) => {
    const { value, n } = cost(page, range, currency, count);
    return { value, n, of };
  });

  /* Rows by currency and date, or why there are none. A currency has a panel where it has a value, and a scale of its own. */
  function byCurrency(page, what, of) {
    const message = silence(page, ["costs", "job_spend_hourly"]);
    if (message) return { rows: [], message };
    const known = currencies(page);
    const rows = known.flatMap((panel) => {
      const days = dates.range(page.state.from, page.state.to).map((day) => ({ ...series.moment(page, page.tables.costs, day), panel, ...of(day, panel) }));
      return days.some((row) => row.value) ? days : [];
    });
    const shown = new Set(rows.map((row) => row.panel));
    const silent = known.filter((currency) => !shown.has(currency)).join(", ");
    if (!rows.length) return { rows, message: silent ? `${what} in ${silent} on these dates.` : NO_CURRENCY, isCalm: true };
    return { rows, top: 0, notes: silent ? [`${what} in ${silent}.`] : [] };
  }

  /* A sum of the ledger. Options: column, none: what is said where it is 0. */
  jobmatch.rows.amounts_by_date = (page, { column, none }) => byCurrency(page, none, (day, currency) => {
    const range = { from: day, to: day };
    return { value: spent(page, range, currency, column), n: spent(page, range, currency, "clicks") };
  });

  /* What one of a kind costs over seven days. Options: count. */
  jobmatch.rows.costs_by_date = (page, { count }) => {
    const [first] = page.tables.costs.values("event_date");
    return byCurrency(page, "Nothing to measure", (day, currency) => {
      const from = dates.add(day, 1 - WEEK);
      return from < first ? { value: null, spend: null, n: null } : cost(page, { from, to: day }, currency, count);
    });
  };

  const COUNTS = { cpc: "clicks", cpa: "conversion", cpqa: "qualified_application" };

  /* A row for each currency, and for what has no single one. */
  jobmatch.rows.costs_by_currency = (page) => {
    const message = silence(page, ["costs", "job_spend_hourly"]);
    if (message) return { rows: [], message };
    const row = (currency, shown) => {
      const found = Object.entries(COUNTS).map(([name, count]) => [name, count, cost(page, page.state, currency, count)]);
      const counts = Object.fromEntries(found.map(([, count, { n }]) => [count, n ?? 0]));
      if (shown) return Object.values(counts).some(Boolean) ? [{ currency: shown, spend: null, ...counts }] : [];
      return [{ currency, spend: spent(page, page.state, currency, "spend_hour"), ...counts, ...Object.fromEntries(found.map(([name, , { value }]) => [name, value])) }];
    };
    const rest = page.state.filters.currency ? [] : [["(mixed)", "several on one date"], [null, "no bid yet"]];
    const rows = [...currencies(page).flatMap((currency) => row(currency)), ...rest.flatMap(([currency, shown]) => row(currency, shown))];
    const notes = rows.some((found) => found.currency === rest[0]?.[1]) ? ["A campaign with bids in several currencies on one date has no cost then; its bids are in the spend of each."] : [];
    return rows.length ? { rows, notes } : { rows, message: "No campaign had a click or an application on these dates.", isCalm: true };
  };

  /*
   * Budgets: of campaigns that have a row on the last date (`running`), and of those whose last row stands on one of the
   * dates shown. Those that are used up and furthest come first.
   */
  function budgets(page) {
    const found = page.tables.budgets;
    const all = found.rows.map(found.object);
    const last = found.values("event_date").at(-1) || null;
    const open = all.filter((row) => row.event_date === last || (row.event_date >= page.state.from && row.event_date <= page.state.to));
    const names = tables.grouped(page.tables.dim_campaign.rows.map(page.tables.dim_campaign.object), (row) => row.campaign_id);
    const { currency } = page.state.filters;
    const label = (id) => {
      const known = [...new Set((names.get(id) || []).map((row) => row.name).filter(Boolean))];
      return known.length === 1 ? `${id} · ${known[0]}` : String(id);
    };
    const withBudget = open.filter((row) => row.spend_in_period !== null);
    const rows = withBudget.filter((row) => !currency || row.budget_currency === currency).map((row) => ({
      ...row,
      label: label(row.campaign_id),
      used: quotient(row.spend_in_period, row.budget_amount),
      elapsed: row.elapsed_share,
      is_running: row.event_date === last,
      is_over: row.exhausted_at !== null,
      isBad: row.exhausted_at !== null,
      used_up: row.exhausted_at && dates.time(row.exhausted_at),
      others: row.spend_other_currency ? "yes, not counted" : null,
      amount: `${money(row.budget_currency, row.budget_amount)} per ${row.budget_period}`,
    }));
    const rank = (row) => row.pacing ?? -1;
    rows.sort((a, b) => b.is_running - a.is_running || b.is_over - a.is_over || rank(b) - rank(a) || a.campaign_id - b.campaign_id);
    const notes = [];
    if (open.length > withBudget.length) notes.push(`Campaigns without a known budget: ${format.shown(open.length - withBudget.length, "count")}.`);
    if (found.leftOut) notes.push(`The page has the ${format.shown(all.length, "count")} campaigns that are furthest; ${format.shown(found.leftOut, "count")} are left out, and stand in campaign_daily.`);
    return { rows, running: rows.filter((row) => row.is_running), last, notes };
  }

  const NO_BUDGET = "No campaign has a budget with amount, currency and period.";

  function listed(page, of) {
    const message = silence(page, ["budgets"]);
    if (message) return { rows: [], message };
    const { rows, running, last, notes } = budgets(page);
    const shown = of(rows, running);
    return shown.length ? { rows: shown, notes: [`As of ${dates.shown(last)}.`, ...notes] } : { rows: [], message: [NO_BUDGET, ...notes].join(" "), isCalm: true };
  }

  jobmatch.rows.budgets = (page) => listed(page, (rows) => rows);

  jobmatch.rows.furthest_budgets = (page) => listed(page, (_, running) => running.filter((row) => row.used !== null).slice(0, DRAWN));

  const KINDS = {
    used_up: (row) => row.is_over,
    too_fast: (row) => !row.is_over && row.pacing !== null && row.pacing > FAST,
    too_slow: (row) => !row.is_over && row.pacing !== null && row.pacing < SLOW,
  };

  /* How many budgets are of a kind. Options: are. */
  jobmatch.tiles.budgets_that = (page, { are }) => {
    const message = silence(page, ["budgets"]);
    if (message) return { value: null, series: [], message };
    const { running, last } = budgets(page);
    return { value: running.length ? running.filter(KINDS[are]).length : null, n: running.length, of: "budgets", asOf: last };
  };

  /* What was spent after budgets were used up, by currency. */
  jobmatch.tiles.spent_after = (page) => {
    const message = silence(page, ["budgets"]);
    if (message) return { value: null, series: [], message };
    const { running, last } = budgets(page);
    const byCurrencies = tables.grouped(running, (row) => row.budget_currency);
    const sums = [...byCurrencies].map(([currency, members]) => [currency, members.reduce((sum, row) => sum + row.spend_after_exhausted, 0)])
      .sort(([a, ofA], [b, ofB]) => (ofB > 0) - (ofA > 0) || byCurrencies.get(b).length - byCurrencies.get(a).length || (a < b ? -1 : 1));
    const [first, ...others] = sums;
    if (!first) return { value: null, asOf: last, series: [] };
    const further = others.filter(([, sum]) => sum > 0).map((of) => money(...of));
    return { value: first[1], unit: first[0], notes: further.length ? [`and ${further.join(", ")}`] : [], asOf: last };
  };
})();
