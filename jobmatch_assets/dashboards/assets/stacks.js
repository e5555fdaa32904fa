/* Parts of a date one upon the other, as charts of parts draw them. */
jobmatch.stacks = (() => {
  const { dates } = jobmatch;
  const HALF = 0.36 * dates.DAY;

  const bar = (day) => ({ start: dates.moment(day) - HALF, end: dates.moment(day) + HALF });

  /* A row for each part that is there. `values`: [[name, value]] from below. */
  function of(row, values) {
    let low = 0;
    return values.filter(([, value]) => value > 0).map(([name, value]) => {
      const part = { ...bar(row.day), day: row.day, incomplete: row.incomplete, series: name, value, low, high: low + value };
      low += value;
      return part;
    });
  }

  return { bar, of };
})();
