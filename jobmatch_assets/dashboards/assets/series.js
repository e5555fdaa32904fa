/* Rows of charts that many pages need. Each function gets the page and its options, and gives {rows, message, notes}. */
jobmatch.series = (() => {
  const { dates, statistics, tables } = jobmatch;

  /* The table that options name, or the one for the chosen grain of time. */
  function source(page, table) {
    return page.tables[typeof table === "string" ? table : table[page.state.switches.grain]];
  }

  /* The dates, or the first dates of the weeks or months, that are shown. */
  function periods(page, found) {
    if (!page.state.from) return [];
    return dates.periods(found.clock, page.state.from, page.state.to);
  }

  /* Filters that a table has; the others do not concern it. */
  function filtersOf(page, found) {
    return Object.fromEntries(Object.entries(page.state.filters).filter(([name]) => found.dimensions.includes(name)));
  }

  /* What every row says of its date, week or month. */
  function moment(page, found, day) {
    const days = dates.period(found.clock).days(day);
    return { day, date: dates.moment(day), incomplete: page.isIncomplete(day, days), heldBack: page.heldBack(day, days) };
  }

  /* Why a table answers nothing, and what to do; null where it does. */
  function silence(page, found, rows) {
    if (isWaiting(found)) return waiting(found);
    if (!found.rows.length) return `There are no rows in ${found.name} yet. They come with the first events: jobmatch run loads files that have landed.`;
    if (rows === null) return `${found.name} has no rows that are told apart by ${[...Object.keys(page.state.filters)].join(" and ")} in this way. Choose fewer filters.`;
    if (!rows.length) return `Nothing happened from ${dates.span(page.state.from, page.state.to)} with these filters. Choose other dates, or fewer filters.`;
    return null;
  }

  /*
   * What a table lacks of the columns that are needed, those of `where` among them; null where it has them. Without a row,
   * whatever it lacks may be why.
   */
  function lacking(found, needed = found.missing, where = {}) {
    if (isWaiting(found)) return waiting(found);
    const missing = found.rows.length ? found.missing.filter((name) => needed.includes(name) || Object.hasOwn(where, name)) : found.missing;
    return missing.length ? lacks(`${found.name} (${missing.slice(0, 3).join(", ")})`) : null;
  }

  /* What a table needs that is not made of events. */
  const isWaiting = (found) => !found.rows.length && found.madeOf.length > 0;
  const waiting = (found) => `There are no rows in ${found.name} yet. They are made of entities (${found.madeOf.join(", ")}), beside events: docs/entities.md says what to send. jobmatch run loads what has landed, then run jobmatch dashboards.`;

  const lacks = (what) => `The published copy lacks ${what}: it was made by an earlier version. Run jobmatch run, then jobmatch dashboards.`;

  const UNIT_SUMS = ["s", "n", "ss", "sn", "nn", "units"];

  /* The columns that a ratio with these sums is made of. */
  const columnsOf = (sums) => UNIT_SUMS.map((name) => sums[name]);

  /* By name, and what is no name of its own last. */
  const isRest = (name) => name === "other" || String(name).startsWith("(");
  const order = (a, b) => isRest(a) - isRest(b) || (a < b ? -1 : a > b ? 1 : 0);

  /*
   * The rows of a table in the dates shown, by date and group: {found, periods, rows, groups: Map(group → Map(day → rows)),
   * isExact, message: why there is nothing to show}. `needed`: the columns that are asked for, besides those of `where`.
   */
  function chosen(page, options, needed) {
    const found = source(page, options.table);
    const lack = lacking(found, needed, options.where);
    const split = options.split ? [options.split] : [];
    const choice = found.chosen(filtersOf(page, found), split);
    const days = periods(page, found);
    const within = new Set(days);
    const rows = choice && choice.rows.filter((row) => within.has(found.at(row, found.clock)));
    const groups = new Map();
    if (rows) {
      for (const [group, members] of tables.grouped(rows, (row) => (options.split ? found.at(row, options.split) : ""))) {
        groups.set(group, tables.grouped(members, (row) => found.at(row, found.clock)));
      }
    }
    return { found, periods: days, rows, groups: new Map([...groups].sort(([a], [b]) => order(a, b))), isExact: !choice || choice.isExact, message: lack || silence(page, found, rows) };
  }

  /*
   * Shares over dates with Wilson's interval. Options: table, steps [{series, numerator, denominator}], split (a dimension
   * whose values become panels).
   */
  jobmatch.rows.rates_by_date = (page, options) => {
    const choice = chosen(page, options, options.steps.flatMap((step) => [step.numerator, step.denominator]));
    const rows = [];
    const empty = [];
    for (const [group, byDay] of choice.groups) {
      if (options.split && !options.steps.some((step) => [...byDay.values()].some((of) => tables.sum(choice.found, of, step.denominator) > 0))) {
        empty.push(group);
        continue;
      }
      for (const step of options.steps) {
        for (const day of choice.periods) {
          const of = byDay.get(day) || [];
          const hits = tables.sum(choice.found, of, step.numerator);
          const n = tables.sum(choice.found, of, step.denominator);
          const rate = statistics.wilson(hits, n) || { value: null, low: null, high: null };
          rows.push({ ...moment(page, choice.found, day), panel: group, series: step.series, hits, n, ...rate });
        }
      }
    }
    const notes = empty.length ? [`Nothing to measure for ${empty.join(", ")}.`] : [];
    return { rows: choice.message ? [] : rows, message: choice.message, notes: choice.message ? [] : notes };
  };

  /* Tells whether a date lies from the first to the last one of a table. What has no row there is 0 where rows of zeros are left out. */
  function within(found) {
    const all = found.values(found.clock);
    return (day) => day >= all[0] && day <= all[all.length - 1];
  }

  /*
   * Sums over dates. Options: table, columns [{series, column}], split, are_users: distinct people, which are read from
   * one row a date and never added up; has_zeros: the table has no row where all counts are 0.
   */
  jobmatch.rows.counts_by_date = (page, options) => {
    const choice = chosen(page, options, options.columns.map(({ column }) => column));
    if (!choice.message && options.are_users && !choice.isExact) {
      const names = Object.keys(filtersOf(page, choice.found)).join(" and ");
      return { rows: [], message: `People cannot be counted by ${names} together: they are counted once in each group, and a sum would count some twice. Choose one of these filters.` };
    }
    const rows = [];
    const isZero = options.has_zeros ? within(choice.found) : () => false;
    for (const [group, byDay] of choice.groups) {
      for (const { series, column } of options.columns) {
        for (const day of choice.periods) {
          const value = !byDay.has(day) && isZero(day) ? 0 : tables.sum(choice.found, byDay.get(day) || [], column);
          rows.push({ ...moment(page, choice.found, day), panel: group, series, value });
        }
      }
    }
    return { rows: choice.message ? [] : rows, message: choice.message };
  };

  /*
   * Ratios of sums by unit over dates, with the interval of the delta method. Options: table, ratios [{series, s, n, ss,
   * sn, nn, units}], split, where {column: value}.
   */
  jobmatch.rows.ratios_by_date = (page, options) => {
    const choice = chosen(page, options, options.ratios.flatMap(columnsOf));
    const rows = [];
    for (const [group, byDay] of choice.groups) {
      for (const sums of options.ratios) {
        for (const day of choice.periods) {
          const found = unitSums(choice.found, limited(page, choice.found, byDay.get(day) || [], options.where), sums);
          const ratio = statistics.ratio(found) || { value: null, low: null, high: null, n: found.length ? 0 : null, units: null };
          rows.push({ ...moment(page, choice.found, day), panel: group, series: sums.series, value: ratio.value, low: ratio.low, high: ratio.high, n: ratio.n, units: ratio.units });
        }
      }
    }
    return { rows: choice.message ? [] : rows, message: choice.message };
  };

  /* Rows with certain values; "$name" stands for what the switch `name` chooses. */
  function limited(page, found, rows, where = {}) {
    const wanted = Object.entries(where).map(([column, value]) => [column, String(value).startsWith("$") ? page.state.switches[String(value).slice(1)] : String(value)]);
    return rows.filter((row) => wanted.every(([column, value]) => String(found.at(row, column)) === value));
  }

  /* The sums by unit of rows, as the statistics take them; rows with a NULL among them are left out. */
  function unitSums(found, rows, sums) {
    return rows
      .map((row) => Object.fromEntries(UNIT_SUMS.map((name) => [name, found.at(row, sums[name])])))
      .filter((day) => UNIT_SUMS.every((name) => day[name] !== null));
  }

  return { source, periods, filtersOf, moment, isWaiting, lacking, lacks, silence, within, order, columnsOf, chosen, limited, unitSums };
})();
