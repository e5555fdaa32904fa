/* Tables as the page carries them, and which of their rows answer a question. */
jobmatch.tables = (() => {
  const ALL = "__all__";

  /* One column: `at(row)` is its value there, null for NULL. */
  function column(encoded) {
    if (Array.isArray(encoded)) return { at: (row) => encoded[row] };
    return {
      values: encoded.values,
      at: (row) => (encoded.codes[row] < 0 ? null : encoded.values[encoded.codes[row]]),
    };
  }

  /* A table: its columns, its clock, and rows as numbers. */
  function table(name, encoded, registered = {}) {
    const columns = Object.fromEntries(Object.entries(encoded.columns).map(([key, value]) => [key, column(value)]));
    const dimensions = registered.dimensions || [];
    const sets = registered.groupingSets || [[]];
    const clock = registered.clock || null;
    const madeOf = registered.madeOf || [];
    const every = Array.from({ length: encoded.rows }, (_, row) => row);
    const kept = new Map();

    /* The rows in which exactly these dimensions are not rolled up. */
    function ofSet(names) {
      const key = names.join(" ");
      if (!kept.has(key)) {
        kept.set(key, every.filter((row) => dimensions.every((name) => (columns[name].at(row) !== ALL) === names.includes(name))));
      }
      return kept.get(key);
    }

    /*
     * The rows that add up to what filters choose, told apart by the dimensions of `split`.
     * `isExact`: each group and date is one row, so that what cannot be added up (users) can be read from it.
     * null where the table has no rows that are told apart so.
     */
    function chosen(filters = {}, split = []) {
      const wanted = new Set([...Object.keys(filters), ...split]);
      const holding = sets.filter((names) => [...wanted].every((name) => names.includes(name)));
      if (holding.length === 0) return null;
      const names = holding.reduce((best, found) => (found.length < best.length ? found : best));
      const rows = ofSet(names).filter((row) => Object.entries(filters).every(([name, value]) => columns[name].at(row) === value));
      return { rows, isExact: names.length === wanted.size };
    }

    const has = (key) => key in columns;
    return {
      name, rows: every, columns, clock, dimensions, madeOf, chosen, has,
      missing: encoded.missing || [],
      /* Of a column that the copy lacks, there is no value. */
      at: (row, key) => (has(key) ? columns[key].at(row) : null),
      values: (key) => (has(key) ? [...new Set(every.map((row) => columns[key].at(row)))].filter((value) => value !== null && value !== ALL).sort() : []),
      object: (row) => Object.fromEntries(Object.entries(columns).map(([key, found]) => [key, found.at(row)])),
    };
  }

  /* {group: rows}, groups in the order of their first row. */
  function grouped(rows, key) {
    const groups = new Map();
    for (const row of rows) {
      const group = key(row);
      if (!groups.has(group)) groups.set(group, []);
      groups.get(group).push(row);
    }
    return groups;
  }

  /* The sum of a column; null where there is no row, or one of them has NULL: a part is no sum. */
  function sum(found, rows, key) {
    let total = rows.length ? 0 : null;
    for (const row of rows) {
      const value = found.at(row, key);
      if (value === null || value === undefined) return null;
      total += value;
    }
    return total;
  }

  return { ALL, table, grouped, sum };
})();
