/* Rows and numbers of months: employers, and amounts of one currency. */
(() => {
  const { dates, series, tables, tileValues } = jobmatch;
  const SPARK_MONTHS = 12;

  const share = (part, whole) => (whole > 0 && part !== null ? part / whole : null);
  const before = (month) => dates.period("month_start").start(dates.add(month, -1));

  /* The row of a month that the filters choose: of a table with a row for each currency there is none before one is chosen. */
  function rowOf(page, found, month) {
    const chosen = tileValues.rowsBetween(page, found, { from: month, to: month });
    return chosen && chosen.isExact && chosen.rows.length ? chosen.rows[0] : null;
  }

  /* A column of a month; where months of zeros have no row, 0 between those that have one. */
  function valueOf(page, found, month, column, hasZeros) {
    const row = rowOf(page, found, month);
    return row === null && hasZeros && series.within(found)(month) ? 0 : row === null ? null : found.at(row, column);
  }

  const currencyOf = (page, found) => (found.dimensions.includes("currency") ? page.state.filters.currency : undefined);

  /*
   * A number of the newest complete month that is shown, or of the newest where none is, against the month before. Options:
   * table, column, whole (what it is a share of), of, has_zeros, is_amount, is_known (whether only months with a value count).
   */
  jobmatch.tiles.month = (page, { table, column, whole, of, has_zeros, is_amount, is_known }) => {
    const found = series.source(page, table);
    const lack = tileValues.lacking(found, {}, whole ? [column, whole] : [column]);
    if (lack) return lack;
    const get = (month, name) => valueOf(page, found, month, name, has_zeros);
    const value = (month) => (whole ? share(get(month, column), get(month, whole)) : get(month, column));
    const months = series.periods(page, found);
    const isComplete = (month) => !page.isIncomplete(month, dates.period(found.clock).days(month));
    const whole_months = months.filter((month) => isComplete(month) && (!is_known || value(month) !== null));
    const month = whole_months.at(-1) || (is_known ? null : months.at(-1));
    if (!month) return { value: null, earlier: null, periods: "months", series: [], when: months.length ? "no month is old enough" : undefined };
    const earlier = before(month) >= page.first ? before(month) : null;
    const [now, was] = [value(month), earlier && value(earlier)];
    const last = dates.periods(found.clock, page.first, month).slice(-SPARK_MONTHS);
    return {
      value: now, ...(whole ? { n: get(month, whole), of } : {}), unit: is_amount ? currencyOf(page, found) : "",
      relative: now !== null && was ? now / was - 1 : null,
      when: `${dates.monthName(month)}${isComplete(month) ? "" : ", not complete"}`, earlier: earlier && dates.monthName(earlier),
      periods: "months", series: last.map(value),
    };
  };

  /* Columns over months as they stand there. Options: table, columns [{series, column}], n (a column that the values are of), has_zeros, is_amount. */
  jobmatch.rows.values_by_month = (page, options) => {
    const names = options.columns.map(({ column }) => column);
    const choice = series.chosen(page, options, options.n ? [...names, options.n] : names);
    if (choice.message) return { rows: [], message: choice.message };
    const { found } = choice;
    if (!choice.isExact) return { rows: [], message: "Amounts of several currencies have no sum. Choose a currency." };
    const currency = currencyOf(page, found);
    const rows = options.columns.flatMap(({ series: name, column }) => choice.periods.map((month) => ({
      ...series.moment(page, found, month), month: dates.monthName(month), series: name, currency,
      value: valueOf(page, found, month, column, options.has_zeros),
      n: options.n ? valueOf(page, found, month, options.n, false) : null,
    })));
    if (rows.every((row) => row.value === null)) return { rows: [], message: options.none || "There is no value on these dates.", isCalm: true };
    const open = options.none ? rows.filter((row) => row.value === null && row.n > 0).map((row) => row.month) : [];
    const notes = [...(options.is_amount ? [`In ${currency}.`] : []), ...(open.length ? [`Not known yet: ${open.join(", ")}.`] : [])];
    return { rows, notes };
  };

  /* All columns of each month, the newest first. Options: table, columns. */
  jobmatch.rows.months = (page, { table, columns }) => {
    const choice = series.chosen(page, { table }, columns);
    if (choice.message) return { rows: [], message: choice.message };
    if (!choice.isExact) return { rows: [], message: "Amounts of several currencies have no sum. Choose a currency." };
    const { found } = choice;
    const rows = choice.rows.map((row) => {
      const month = found.at(row, found.clock);
      return { ...found.object(row), ...series.moment(page, found, month), month: dates.monthName(month) };
    });
    return { rows: rows.sort((a, b) => b.date - a.date) };
  };

  /* A row for each currency of the newest month shown that has any, each in its own. Options: table, columns. */
  jobmatch.rows.currencies = (page, { table, columns }) => {
    const found = series.source(page, table);
    const lack = series.lacking(found, columns);
    const months = new Set(series.periods(page, found));
    const shown = found.rows.filter((row) => months.has(found.at(row, found.clock)));
    const message = lack || series.silence(page, found, shown);
    if (message) return { rows: [], message };
    const newest = shown.map((row) => found.at(row, found.clock)).sort().at(-1);
    const rows = shown.filter((row) => found.at(row, found.clock) === newest).map(found.object);
    return { rows: rows.sort((a, b) => series.order(a.currency, b.currency)), notes: [`${dates.monthName(newest)}. Currencies are not added up.`] };
  };
})();
