/* Rows that only the page of platform health needs. */
(() => {
  const { dates, format, series, statistics, tables, tileValues } = jobmatch;
  const WINDOW = 28;
  const COHORTS = 27;
  const BAR = 0.36 * dates.DAY;
  const DARK = 0.7;

  /* The rows of a chart with the dates that their 28 could hold, and a note where these are fewer. */
  function withWindow(page, options, found) {
    const table = page.tables[options.table];
    const byDay = new Map(table.rows.map((row) => [table.at(row, table.clock), table.at(row, "window_days")]));
    const rows = found.rows.map((row) => ({ ...row, window_days: byDay.get(row.day) ?? null }));
    const short = [...new Set(rows.filter((row) => row.value !== null && row.window_days !== null && row.window_days < WINDOW).map((row) => row.day))].sort();
    const notes = short.length ? [`On ${dates.span(short[0], short[short.length - 1])} the data are less than ${WINDOW} dates old: users of ${WINDOW} dates are too few there, and rise by that alone; stickiness is too high.`] : [];
    return { ...found, rows, notes: [...(found.notes || []), ...notes] };
  }

  jobmatch.rows.active_units = (page, options) => withWindow(page, options, jobmatch.rows.counts_by_date(page, options));
  jobmatch.rows.stickiness = (page, options) => withWindow(page, options, jobmatch.rows.values_by_date(page, options));

  /* Sums over dates, a panel for each column on its own scale. Options: table, columns [{series, column}]. */
  jobmatch.rows.panels_by_date = (page, options) => {
    const found = jobmatch.rows.counts_by_date(page, options);
    return { ...found, rows: found.rows.map((row) => ({ ...row, panel: row.series })), top: 0 };
  };

  /*
   * What a number of each date is made of. Options: table, columns [{series, column}], whole (the number), rest: what is
   * left of it, by its name; nothing where it is left out.
   */
  jobmatch.rows.stacked_by_date = (page, options) => {
    const names = options.columns.map(({ column }) => column);
    const choice = series.chosen(page, options, [...names, options.whole]);
    if (choice.message) return { rows: [], message: choice.message };
    const byDay = choice.groups.get("") || new Map();
    const rows = choice.periods.map((day) => {
      const of = (name) => tables.sum(choice.found, byDay.get(day) || [], name);
      const values = Object.fromEntries(names.map((name) => [name, of(name)]));
      const whole = of(options.whole);
      const isKnown = whole !== null && names.every((name) => values[name] !== null);
      const rest = isKnown ? names.reduce((left, name) => left - values[name], whole) : null;
      return { ...series.moment(page, choice.found, day), ...values, whole, rest };
    });
    const stack = (row) => {
      let at = 0;
      return [...options.columns.map(({ series: name, column }) => [name, row[column]]), ...(options.rest ? [[options.rest, row.rest]] : [])].map(([name, value]) => {
        const low = at;
        at += value || 0;
        return { ...row, series: name, value, low, high: at, start: row.date - BAR, end: row.date + BAR };
      });
    };
    return { rows, data: { rows: rows.flatMap(stack) } };
  };

  /* Sums over the dates shown, and over as many before. Options: table, columns [{series, column}]. */
  jobmatch.rows.totals_and_before = (page, options) => {
    const choice = series.chosen(page, options, options.columns.map(({ column }) => column));
    if (choice.message) return { rows: [], message: choice.message };
    const earlier = tileValues.before(page);
    const past = earlier && tileValues.rowsBetween(page, choice.found, earlier);
    const rows = options.columns.map(({ series: name, column }) => {
      const value = tables.sum(choice.found, choice.rows, column);
      const before = past ? tables.sum(choice.found, past.rows, column) : null;
      return { series: name, value, before, change: value !== null && before ? value / before - 1 : null };
    });
    const compared = earlier ? `Days before: ${dates.span(earlier.from, earlier.to)}.` : "There are no earlier days to compare with.";
    return { rows, notes: [compared] };
  };

  /* Users of each role. Options: table, whole and parts (columns as of the last date), counts (columns that add up over dates). */
  jobmatch.rows.users_by_role = (page, options) => {
    const choice = series.chosen(page, { table: options.table, split: "role" }, [options.whole, ...options.parts, ...options.counts]);
    if (choice.message) return { rows: [], message: choice.message };
    const { found } = choice;
    const isCounted = found.rows.some((row) => found.at(row, found.clock) === page.state.to);
    const rows = [...choice.groups].map(([role, byDay]) => {
      const [last] = byDay.get(page.state.to) || [];
      /* A role of which nobody is left has no row. */
      const state = (name) => (last !== undefined ? found.at(last, name) : isCounted ? 0 : null);
      const every = [...byDay.values()].flat();
      return {
        role,
        ...Object.fromEntries([options.whole, ...options.parts].map((name) => [name, state(name)])),
        rest: state(options.whole) === null ? null : options.parts.reduce((left, name) => left - state(name), state(options.whole)),
        ...Object.fromEntries(options.counts.map((name) => [name, tables.sum(found, every, name)])),
      };
    });
    return { rows, notes: [`States as of ${dates.shown(page.state.to)}.`] };
  };

  /*
   * A value as it stands on the last date shown, against the same day of the week before. Options: table, column, window:
   * how many dates it looks back on.
   */
  jobmatch.tiles.level = (page, options) => {
    const found = series.source(page, options.table);
    const lack = tileValues.lacking(found, options, [options.column]);
    if (lack) return lack;
    const on = (day) => {
      const chosen = day && tileValues.rowsBetween(page, found, { from: day, to: day });
      if (!chosen || !chosen.rows.length) return { value: null, days: null };
      return { value: found.at(chosen.rows[0], options.column), days: found.at(chosen.rows[0], "window_days") };
    };
    const range = tileValues.before(page);
    const [now, earlier] = [on(page.state.to), on(range && range.to)];
    const isShort = ({ days }) => options.window !== undefined && days !== null && days < options.window;
    const notes = [];
    if (isShort(now)) notes.push(`the data are ${now.days} ${now.days === 1 ? "date" : "dates"} old, not ${options.window}: not to be compared yet`);
    else if (isShort(earlier)) notes.push(`no change is told: the data were ${earlier.days} ${earlier.days === 1 ? "date" : "dates"} old then`);
    const isCompared = now.value !== null && earlier.value && !isShort(now) && !isShort(earlier);
    return {
      value: now.value, notes, when: now.value === null ? "" : `on ${dates.shown(page.state.to)}`,
      earlier: range && dates.shown(range.to),
      relative: isCompared ? now.value / earlier.value - 1 : null,
      series: tileValues.spark(page, found, {}, (rows) => (rows.length ? found.at(rows[0], options.column) : null)),
    };
  };

  /*
   * The cohorts that began up to the last date shown, the oldest first: [{week, size, isFirst, weeks: [{since, active,
   * isComplete}]}]. The first one of the data also holds all who were there before, so it is told apart.
   */
  function cohortsOf(found, to) {
    const first = found.rows.reduce((least, row) => (found.at(row, "cohort_week") < least ? found.at(row, "cohort_week") : least), "9");
    const byWeek = tables.grouped(found.rows.filter((row) => found.at(row, "cohort_week") <= to), (row) => found.at(row, "cohort_week"));
    return [...byWeek.keys()].sort().slice(-COHORTS).map((week) => {
      const rows = byWeek.get(week);
      const weeks = rows.map((row) => ({ since: found.at(row, "weeks_since"), active: found.at(row, "active_units"), isComplete: found.at(row, "is_complete") }));
      return { week, size: found.at(rows[0], "cohort_size"), isFirst: week === first, weeks: weeks.sort((a, b) => a.since - b.since) };
    });
  }

  const NEEDED = ["cohort_week", "weeks_since", "cohort_size", "active_units", "is_complete"];

  /* The cohorts of a page, or why there is none. */
  function followed(page, options) {
    const found = page.tables[options.table];
    const lack = series.lacking(found, NEEDED);
    if (lack) return { message: lack };
    if (!found.rows.length || !page.state.to) return { message: series.silence(page, found, []) || "There are no cohorts." };
    const cohorts = cohortsOf(found, page.state.to);
    if (!cohorts.length) return { message: `Nobody came before ${dates.shown(page.state.to)}. Choose later dates.` };
    if (!cohorts.some(({ weeks }) => weeks.some(({ since }) => since > 0))) return { message: "No week after the first one of a cohort has begun: whether anybody comes back is seen from then on." };
    return { cohorts };
  }

  const named = ({ week, size }) => `${dates.shown(week)} (${format.shown(size, "count")})`;

  function rowsOf(cohort) {
    return cohort.weeks.filter(({ since }) => since > 0).map(({ since, active, isComplete }) => ({
      cohort: named(cohort), weeks_since: since, hits: active, n: cohort.size, value: active / cohort.size,
      incomplete: !isComplete, week_is: isComplete ? "over" : "not over",
    }));
  }

  /* All cohorts but the first one of the data together, week by week: those whose week is over. */
  function together(cohorts) {
    const rows = cohorts.filter(({ isFirst }) => !isFirst).flatMap(rowsOf).filter((row) => !row.incomplete);
    const bySince = tables.grouped(rows, (row) => row.weeks_since);
    return [...bySince.keys()].sort((a, b) => a - b).map((since) => {
      const of = bySince.get(since);
      const [hits, n] = ["hits", "n"].map((name) => of.reduce((sum, row) => sum + row[name], 0));
      return { cohort: "all cohorts", is_all: true, weeks_since: since, hits, n, ...statistics.wilson(hits, n), incomplete: false, week_is: "over" };
    });
  }

  /* Options: table, least: users that a cohort needs for a line of its own. */
  jobmatch.rows.retention_curves = (page, options) => {
    const { cohorts, message } = followed(page, options);
    if (message) return { rows: [], message };
    const large = cohorts.filter(({ size }) => size >= options.least);
    const small = cohorts.length - large.length;
    const notes = small ? [`${small} of ${cohorts.length} cohorts ${small === 1 ? "has" : "have"} fewer than ${options.least} users and no line of ${small === 1 ? "its" : "their"} own.`] : [];
    const rows = [...together(cohorts), ...large.flatMap(rowsOf).map((row) => ({ ...row, is_all: false }))];
    return rows.length ? { rows, notes } : { rows, message: "No week of a cohort but the first one of the data is over yet, and that one is small. What there is of it stands below." };
  };

  jobmatch.rows.cohort_cells = (page, options) => {
    const { cohorts, message } = followed(page, options);
    if (message) return { rows: [], message };
    const rows = cohorts.flatMap(rowsOf);
    const most = Math.max(...rows.map(({ value }) => value));
    const columns = new Set(rows.map((row) => row.weeks_since)).size;
    return { rows: rows.map((row) => ({ ...row, columns, is_dark: !row.incomplete && row.value > DARK * most })) };
  };

  /*
   * How many of the newest cohorts whose week is over were active in it, against as many before them; the first one of the
   * data is left out. Options: table,
   * weeks: how many after the first one, cohorts: how many of them.
   */
  jobmatch.tiles.retention = (page, options) => {
    const found = page.tables[options.table];
    const lack = tileValues.lacking(found, options, NEEDED);
    if (lack) return lack;
    const known = (page.state.to ? cohortsOf(found, page.state.to) : []).filter(({ isFirst }) => !isFirst).flatMap(({ week, size, weeks }) => {
      const of = weeks.find(({ since, isComplete }) => since === options.weeks && isComplete);
      return of ? [{ week, hits: of.active, n: size }] : [];
    });
    const newest = known.slice(-options.cohorts);
    const older = known.slice(0, -options.cohorts).slice(-options.cohorts);
    const sums = (of) => ["hits", "n"].map((name) => of.reduce((sum, row) => sum + row[name], 0));
    const span = (of) => dates.span(of[0].week, dates.add(of[of.length - 1].week, 6));
    const compared = older.length === options.cohorts;
    return {
      ...(newest.length ? statistics.wilson(...sums(newest)) : { value: null }),
      n: newest.length ? sums(newest)[1] : null, of: newest.length ? `who came first on ${span(newest)}` : "",
      change: compared ? statistics.difference(...sums(newest), ...sums(older)) : null,
      earlier: compared ? span(older) : null,
      notes: newest.length ? [] : [`no newcomers of ${options.weeks} ${options.weeks === 1 ? "week" : "weeks"} ago yet`],
      periods: "cohorts",
      series: known.map(({ hits, n }) => hits / n),
    };
  };
})();
