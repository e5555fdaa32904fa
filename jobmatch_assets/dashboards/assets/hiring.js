/* What becomes of applications and openings. Rows of dates are put together to weeks: dates have few applications. */
(() => {
  const { dates, format, series, statistics, tables, tileValues } = jobmatch;
  const SOURCES = "It is made of jobs and applications, which come as tables of entities beside events";

  /* Why a table answers nothing, and what to do; null where it does. */
  function obstacle(page, found, needed, rows) {
    if (found.missing.length && Object.keys(found.columns).every((name) => found.missing.includes(name))) {
      return `The published copy has no ${found.name}. ${SOURCES}: land them as docs/entities.md says, then run jobmatch run.`;
    }
    const lack = series.lacking(found, needed);
    if (lack) return lack;
    if (!found.rows.length) return `There are no rows in ${found.name} yet. ${SOURCES}: see docs/entities.md.`;
    if (rows === null) return `There are no rows by ${Object.keys(series.filtersOf(page, found)).join(" and ")} in this way. Choose fewer filters.`;
    return series.silence(page, found, rows);
  }

  const share = (hits, n) => (n > 0 && hits !== null ? hits / n : null);
  const between = (found, rows, { from, to }) => rows.filter((row) => found.at(row, found.clock) >= from && found.at(row, found.clock) <= to);

  /* The rows that the filters choose, of the dates shown: {found, rows, message}. `needed`: the columns that are asked for. */
  function chosen(page, table, needed, split = []) {
    const found = page.tables[table];
    const choice = found.chosen(series.filtersOf(page, found), split);
    const rows = choice && (page.state.from ? between(found, choice.rows, page.state) : []);
    return { found, rows: rows || [], message: obstacle(page, found, needed, rows) };
  }

  /* The same by week: {found, weeks: [[what a row says of its week, its rows]], message}; the first and the last week are whole. */
  function byWeek(page, table, needed) {
    const found = page.tables[table];
    const choice = found.chosen(series.filtersOf(page, found));
    const first = page.state.from && dates.monday(page.state.from);
    const last = page.state.to && dates.add(dates.monday(page.state.to), 6);
    const rows = choice && (first ? between(found, choice.rows, { from: first, to: last }) : []);
    const members = tables.grouped(rows || [], (row) => dates.monday(found.at(row, found.clock)));
    const weeks = (first ? dates.range(first, last, 7) : []).map((day) => [
      { day, date: dates.moment(day), incomplete: page.isIncomplete(day, 7), heldBack: page.heldBack(day, 7) }, members.get(day) || [],
    ]);
    return { found, weeks, message: obstacle(page, found, needed, rows) };
  }

  /* Quotients of the sums of weeks; none where a part is not known yet. Options: table, quotients [{series, numerator, denominator}]. */
  jobmatch.rows.quotients_by_week = (page, options) => {
    const { found, weeks, message } = byWeek(page, options.table, options.quotients.flatMap((of) => [of.numerator, of.denominator]));
    if (message) return { rows: [], message };
    const rows = options.quotients.flatMap((of) => weeks.map(([moment, members]) => {
      const [hits, n] = [of.numerator, of.denominator].map((name) => tables.sum(found, members, name));
      return { ...moment, series: of.series, value: share(hits, n), hits, n };
    }));
    const isKnown = rows.some((row) => row.value !== null);
    return { rows: isKnown ? rows : [], message: isKnown ? null : "No week of these dates is old enough to say. Choose earlier dates." };
  };

  /* Sums of weeks. Options: table, columns [{series, column}]. */
  jobmatch.rows.counts_by_week = (page, options) => {
    const { found, weeks, message } = byWeek(page, options.table, options.columns.map(({ column }) => column));
    if (message) return { rows: [], message };
    return { rows: options.columns.flatMap(({ series: name, column }) => weeks.map(([moment, members]) => ({ ...moment, series: name, value: tables.sum(found, members, column) }))) };
  };

  /* How many applications came how far, and which may still move. Options: table, steps [[column, label]]. */
  jobmatch.rows.stages_reached = (page, options) => {
    const columns = options.steps.map(([column]) => column);
    const { found, rows, message } = chosen(page, options.table, [...columns, "open"]);
    if (message) return { rows: [], message };
    const sum = (name) => tables.sum(found, rows, name);
    const n = columns.map(sum);
    const steps = options.steps.map(([, step], place) => ({
      step, n: n[place], share: share(n[place], n[0]), of_before: place ? share(n[place], n[place - 1]) : null,
      lost: place ? n[place - 1] - n[place] : null,
    }));
    const shown = (name) => format.shown(sum(name), "count");
    return { rows: steps, notes: [`Of these ${shown("applications")}: ${shown("open")} are open and may still go on, ${shown("rejected")} were rejected, ${shown("withdrawn")} withdrawn, ${shown("reached_placed")} placed.`] };
  };

  /* A row for each value of a dimension. Options: table, dimension. */
  jobmatch.rows.hiring_by = (page, { table, dimension }) => {
    const sums = ["applications", "reached_reviewed", "reached_interview", "reached_placed", "rejected", "withdrawn", "open"];
    const { found, rows, message } = chosen(page, table, [...sums, "responded_7d"], [dimension]);
    if (message) return { rows: [], message };
    const groups = [...tables.grouped(rows, (row) => found.at(row, dimension))].map(([group, members]) => {
      const of = Object.fromEntries(sums.map((name) => [name, tables.sum(found, members, name)]));
      const mature = members.filter((row) => found.at(row, "responded_7d") !== null);
      return {
        group, ...of,
        reviewed_share: share(of.reached_reviewed, of.applications),
        interview_share: share(of.reached_interview, of.applications),
        placed_share: share(of.reached_placed, of.applications),
        answered: share(tables.sum(found, mature, "responded_7d"), tables.sum(found, mature, "applications")),
        answered_n: tables.sum(found, mature, "applications"),
      };
    });
    return { rows: groups.sort((a, b) => b.applications - a.applications || (a.group < b.group ? -1 : 1)) };
  };

  /*
   * Columns over dates as they stand there: they are not put together. Options: table, columns [{series, column}], n, per (a
   * dimension whose values are series, in the order of `names`).
   */
  jobmatch.rows.values_as_they_stand = (page, options) => {
    const found = page.tables[options.table];
    const needed = [...options.columns.map(({ column }) => column), options.n];
    const choice = found.chosen(series.filtersOf(page, found), options.per ? [options.per] : []);
    const days = series.periods(page, found);
    const within = new Set(days);
    const rows = choice && choice.rows.filter((row) => within.has(found.at(row, found.clock)));
    const message = obstacle(page, found, needed, rows);
    if (message) return { rows: [], message };
    const at = tables.grouped(rows, (row) => JSON.stringify([found.at(row, found.clock), options.per ? found.at(row, options.per) : ""]));
    const wanted = options.per
      ? options.names.map((name) => ({ series: name, column: options.columns[0].column, key: name }))
      : options.columns.map((of) => ({ ...of, key: "" }));
    return {
      rows: wanted.flatMap(({ series: name, column, key }) => days.map((day) => {
        const [row] = at.get(JSON.stringify([day, key])) || [];
        const there = row === undefined ? {} : found.object(row);
        return { ...there, ...series.moment(page, found, day), series: name, value: there[column] ?? null, n: there[options.n] ?? null };
      })),
    };
  };

  /* Each date with its numbers, the newest first. Options: table, needed. */
  jobmatch.rows.dates_in_numbers = (page, options) => {
    const { found, rows, message } = chosen(page, options.table, options.needed);
    if (message) return { rows: [], message };
    return { rows: rows.map((row) => ({ ...found.object(row), ...series.moment(page, found, found.at(row, found.clock)) })).reverse() };
  };

  /* What the weeks shown add up to, by stage. Options: table, names. */
  jobmatch.rows.stages_in_numbers = (page, options) => {
    const found = page.tables[options.table];
    const choice = found.chosen({}, ["stage"]);
    const weeks = new Set(series.periods(page, found));
    const rows = choice.rows.filter((row) => weeks.has(found.at(row, found.clock)));
    const message = obstacle(page, found, ["stage", "entered", "left", "still_in", "approximate"], rows);
    if (message) return { rows: [], message };
    const byStage = tables.grouped(rows, (row) => found.at(row, "stage"));
    return {
      rows: options.names.filter((stage) => byStage.has(stage)).map((stage) => ({
        stage, ...Object.fromEntries(["entered", "left", "still_in", "approximate"].map((name) => [name, tables.sum(found, byStage.get(stage), name)])),
      })),
    };
  };

  /*
   * Cumulative incidence of one of two ends with 95 % intervals: the variance of the delta method (Dinse and Larson 1986;
   * Marubini and Valsecchi 1995), on the scale of log(-log). Days: [{day, at_risk, filled, closed}], in their order.
   */
  function incidence(days, cause) {
    let left = 1;
    let total = 0;
    const steps = days.map(({ day, at_risk: n, filled, closed }) => {
      const [before, ended, hits] = [left, filled + closed, cause === "filled" ? filled : closed];
      total += (before * hits) / n;
      left = before * (1 - ended / n);
      return { day, n, ended, hits, before, value: total };
    });
    return steps.map(({ day, value }, place) => {
      let variance = 0;
      for (const step of steps.slice(0, place + 1)) {
        const rest = value - step.value;
        if (step.ended < step.n) variance += (rest * rest * step.ended) / (step.n * (step.n - step.ended));
        variance += (step.before * step.before * (step.n - step.hits) * step.hits) / step.n ** 3;
        variance -= (2 * rest * step.before * step.hits) / (step.n * step.n);
      }
      return { day, value, variance: Math.max(0, variance), ...interval(value, variance) };
    });
  }

  function interval(value, variance) {
    if (!(value > 0 && value < 1 && variance > 0)) return { low: null, high: null };
    const power = Math.exp((statistics.Z * Math.sqrt(variance)) / (value * -Math.log(value)));
    return { low: value ** power, high: value ** (1 / power) };
  }

  /* The newest date that openings were looked at, and the days on which some of a category's ended. */
  const asOf = (found) => found.rows.reduce((last, row) => (found.at(row, found.clock) > last ? found.at(row, found.clock) : last), "");

  function daysOf(page, category, date) {
    const found = page.tables.time_to_fill_curve;
    const rows = found.rows.filter((row) => found.at(row, "category") === category && found.at(row, found.clock) === date);
    return rows.map(found.object).sort((a, b) => a.day - b.day);
  }

  const CURVE = ["day", "at_risk", "filled", "closed", "filled_share", "closed_share"];
  const MOST_NUMBERS = 9;

  /* The curves of the newest date. Options: series {filled, closed}: what they are called. */
  jobmatch.rows.fill_curves = (page, options) => {
    const now = page.tables.fill_now;
    const category = page.state.filters.category || tables.ALL;
    const [at] = now.rows.filter((row) => now.at(row, "category") === category && now.at(row, now.clock) === asOf(now));
    const lack = obstacle(page, now, ["openings", "still_open"], now.rows) || (page.tables.time_to_fill_curve.missing.length ? obstacle(page, page.tables.time_to_fill_curve, CURVE, []) : null);
    if (lack) return { rows: [], message: lack };
    const of = at === undefined ? null : now.object(at);
    if (!of || !of.openings) return { rows: [], message: `No opening of this category went live in the 180 dates up to ${dates.shown(asOf(now))}.` };
    const shown = (name) => format.shown(of[name], "count");
    const notes = [`As of ${dates.shown(asOf(now))}: ${shown("openings")} openings of the 180 dates up to it; ${shown("filled")} filled, ${shown("closed_unfilled")} closed unfilled, ${shown("still_open")} still open. ${shown("evergreen")} evergreen ones are left out.`];
    const days = daysOf(page, category, asOf(now));
    if (!days.length) return { rows: [], message: `Nothing is filled or closed yet. ${notes[0]}`, isCalm: true };
    const ends = Object.entries(options.series).map(([cause, name]) => ({ cause, name, steps: incidence(days, cause) }));
    const rows = days.map((day, place) => ({
      ...day, ...Object.fromEntries(ends.flatMap(({ cause, steps }) => ["low", "high"].map((end) => [`${cause}_${end}`, steps[place][end]]))),
    }));
    const start = days[0].day > 0 ? [{ day: 0, value: 0, low: null, high: null, at_risk: of.openings }] : [];
    const drawn = ends.flatMap(({ name, steps }) => [...start, ...steps.map((step, place) => ({ ...days[place], ...step }))].map((row) => ({ ...row, series: name })));
    const counted = [...start, ...days];
    const step = counted[counted.length - 1].day / MOST_NUMBERS;
    /* From the last day on, which matters most, as many as there is room for. */
    const left = counted.reduceRight((kept, { day, at_risk }) => (kept.length && day > kept[0].day - step ? kept : [{ day, at_risk }, ...kept]), []);
    const top = Math.max(...drawn.map((row) => row.high ?? row.value));
    return { rows, data: { rows: drawn, left }, top, notes };
  };

  /* A share by a day with the interval of the curve; without one where the table has no share, or the curve is of another date. */
  function shareWithInterval(page, row, days) {
    const value = row[`filled_share_${days}`] ?? null;
    if (value === null) return { value, low: null, high: null };
    const steps = incidence(daysOf(page, row.category, row.as_of_date), "filled").filter((step) => step.day <= days);
    const last = steps[steps.length - 1];
    return { value, low: last ? last.low : null, high: last ? last.high : null };
  }

  /* A row for each category, of the newest date. */
  jobmatch.rows.fill_by_category = (page) => {
    const found = page.tables.fill_now;
    const lack = obstacle(page, found, found.missing, found.rows);
    if (lack) return { rows: [], message: lack };
    const wanted = page.state.filters.category;
    const rows = found.rows.map(found.object)
      .filter((row) => row.as_of_date === asOf(found) && (!wanted || row.category === wanted))
      .map((row) => ({ ...row, group: row.category === tables.ALL ? "all" : row.category, ...shareWithInterval(page, row, 60) }))
      .sort((a, b) => (b.category === tables.ALL) - (a.category === tables.ALL) || b.openings - a.openings || (a.category < b.category ? -1 : 1));
    return rows.length ? { rows } : { rows: [], message: `No opening of this category went live in the 180 dates up to ${dates.shown(asOf(found))}.` };
  };

  /* A quotient over the dates that are old enough for it. Options: table, numerator, denominator, of. */
  jobmatch.tiles.mature_quotient = (page, options) => {
    const found = page.tables[options.table];
    const message = obstacle(page, found, [options.numerator, options.denominator], found.rows);
    if (message) return { value: null, series: [], message };
    const known = (rows) => rows.filter((row) => found.at(row, options.numerator) !== null);
    const sums = (rows) => [options.numerator, options.denominator].map((name) => tables.sum(found, known(rows), name));
    const of = (range) => {
      const choice = range && range.from && tileValues.rowsBetween(page, found, range);
      return choice ? sums(choice.rows) : [null, null];
    };
    const [now, earlier] = [of(page.state), of(tileValues.before(page))];
    const [value, before] = [share(...now), share(...earlier)];
    const spark = tileValues.spark(page, found, {}, (rows) => share(...sums(rows)));
    if (value === null) return { value, series: spark, message: "No application of these dates is old enough to say. Choose earlier dates." };
    return { value, n: now[1], of: options.of, relative: before ? value / before - 1 : null, series: spark };
  };

  /* A sum, as the shared tile has it, that says where its table comes from. Options: table, column. */
  jobmatch.tiles.count_of_hiring = (page, options) => {
    const found = page.tables[options.table];
    const message = obstacle(page, found, [options.column], found.rows);
    return message ? { value: null, series: [], message } : jobmatch.tiles.count(page, options);
  };

  /* A value of openings on the last of the dates shown. Options: table, column, none (what NULL means), share_by (days of a share). */
  jobmatch.tiles.as_of = (page, options) => {
    const found = page.tables[options.table];
    const choice = found.chosen(series.filtersOf(page, found));
    const message = obstacle(page, found, [options.column, "openings"], choice && choice.rows);
    if (message) return { value: null, series: [], message };
    const on = (day) => {
      const rows = choice.rows.filter((row) => found.at(row, found.clock) === day);
      return rows.length ? found.object(rows[0]) : null;
    };
    const [row, earlier] = [on(page.state.to), tileValues.before(page) && on(tileValues.before(page).to)];
    const spark = tileValues.spark(page, found, {}, (rows) => (rows.length ? found.at(rows[0], options.column) : null));
    const value = row ? row[options.column] : null;
    if (value === null) return { value, series: spark, message: row ? options.none : `No opening is looked at on ${page.state.to ? dates.shown(page.state.to) : "any date"}.` };
    const before = earlier && earlier[options.column];
    const { low, high } = options.share_by ? shareWithInterval(page, row, options.share_by) : { low: null, high: null };
    return {
      value, ...(low === null ? {} : { low, high }), n: row.openings, of: "openings of 180 dates",
      relative: before ? value / before - 1 : null, series: spark,
    };
  };

  jobmatch.hiring = { incidence };
})();
