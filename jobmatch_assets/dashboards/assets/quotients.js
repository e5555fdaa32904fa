/* Values without an interval: quotients of sums, and values that no sum of days gives. */
(() => {
  const { series, tables, tileValues } = jobmatch;

  const quotient = (hits, n) => (n > 0 && hits !== null ? hits / n : null);

  /*
   * Quotients of sums over dates, with what they are of. Options: table, where, quotients [{series, numerator,
   * denominator}].
   */
  jobmatch.rows.quotients_by_date = (page, options) => {
    const choice = series.chosen(page, options, options.quotients.flatMap((of) => [of.numerator, of.denominator]));
    if (choice.message) return { rows: [], message: choice.message };
    const byDay = choice.groups.get("") || new Map();
    const rows = options.quotients.flatMap((of) => choice.periods.map((day) => {
      const found = series.limited(page, choice.found, byDay.get(day) || [], options.where);
      const [hits, n] = [of.numerator, of.denominator].map((name) => tables.sum(choice.found, found, name));
      return { ...series.moment(page, choice.found, day), series: of.series, value: quotient(hits, n), hits, n };
    }));
    return { rows };
  };

  /*
   * A column over dates as it stands there: it is read from one row a date and never added up.
   * Options: table, column, n (columns that are added up to what the value is of), less (columns that are taken off it).
   */
  jobmatch.rows.values_by_date = (page, options) => {
    const choice = series.chosen(page, options, [options.column, ...options.n, ...(options.less || [])]);
    if (choice.message) return { rows: [], message: choice.message };
    if (!choice.isExact) return { rows: [], message: "This value cannot be put together from parts. Choose fewer filters." };
    const byDay = choice.groups.get("") || new Map();
    const rows = choice.periods.map((day) => {
      const found = byDay.get(day) || [];
      const sums = (names) => names.reduce((sum, name) => sum + (tables.sum(choice.found, found, name) || 0), 0);
      const n = found.length ? sums(options.n) - sums(options.less || []) : null;
      return { ...series.moment(page, choice.found, day), value: found.length ? choice.found.at(found[0], options.column) : null, n };
    });
    return { rows };
  };

  /* The quotient of two sums, and how it differs from the days before, as a share. Options: table, numerator, denominator, where, of. */
  jobmatch.tiles.quotient = (page, options) => {
    const found = series.source(page, options.table);
    const lack = tileValues.lacking(found, options, [options.numerator, options.denominator]);
    if (lack) return lack;
    const sums = (range) => {
      const chosen = range && tileValues.rowsBetween(page, found, range, options.where);
      return [options.numerator, options.denominator].map((name) => (chosen ? tables.sum(found, chosen.rows, name) : null));
    };
    const [now, earlier] = [sums(page.state), sums(tileValues.before(page))];
    const [value, before] = [quotient(...now), quotient(...earlier)];
    return {
      value, n: now[1], of: options.of,
      relative: value !== null && before ? value / before - 1 : null,
      series: tileValues.spark(page, found, options.where, (rows) => quotient(...[options.numerator, options.denominator].map((name) => tables.sum(found, rows, name)))),
    };
  };
})();
