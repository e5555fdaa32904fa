/* Intervals of 95 % of what is computed from sums. Each takes and gives plain numbers; null where there is no value. */
jobmatch.statistics = (() => {
  const Z = 1.959963984540054;

  /* Wilson's interval of a share (Wilson 1927): {value, low, high}, or null without anything to count. */
  function wilson(hits, n) {
    if (!(n > 0) || hits === null) return null;
    const share = hits / n;
    const zz = Z * Z;
    const middle = (share + zz / (2 * n)) / (1 + zz / n);
    const half = (Z / (1 + zz / n)) * Math.sqrt((share * (1 - share)) / n + zz / (4 * n * n));
    return {
      value: share,
      low: hits === 0 ? 0 : Math.max(0, middle - half),
      high: hits === n ? 1 : Math.min(1, middle + half),
    };
  }

  /* The difference of two independent shares, after − before (Newcombe 1998, method 10, from Wilson's intervals). */
  function difference(hits, n, hitsBefore, nBefore) {
    const [after, before] = [wilson(hits, n), wilson(hitsBefore, nBefore)];
    if (!after || !before) return null;
    const value = after.value - before.value;
    return {
      value,
      low: value - Math.hypot(after.value - after.low, before.high - before.value),
      high: value + Math.hypot(after.high - after.value, before.value - before.low),
    };
  }

  /*
   * The ratio of sums by unit over days, with the variance of the delta method and days as independent (Deng et al. 2018).
   * Each day has s = ΣS, n = ΣN, ss = ΣS², sn = ΣSN, nn = ΣN² over its units, and units, their number.
   */
  function ratio(days) {
    const total = (name) => days.reduce((sum, day) => sum + day[name], 0);
    const [s, n] = [total("s"), total("n")];
    if (!(n > 0)) return null;
    const value = s / n;
    let spread = 0;
    for (const day of days) {
      const correction = day.units > 1 ? day.units / (day.units - 1) : 1;
      spread += (day.ss - 2 * value * day.sn + value * value * day.nn) * correction;
    }
    const variance = Math.max(0, spread) / (n * n);
    const half = Z * Math.sqrt(variance);
    return { value, low: value - half, high: value + half, variance, n, units: total("units") };
  }

  /* The difference of two independent ratios, after − before. */
  function differenceOfRatios(after, before) {
    if (!after || !before) return null;
    const value = after.value - before.value;
    const half = Z * Math.sqrt(after.variance + before.variance);
    return { value, low: value - half, high: value + half };
  }

  /* What an interval of a difference says. */
  function verdict(interval) {
    if (!interval) return "";
    return interval.low > 0 ? "up" : interval.high < 0 ? "down" : "no difference found";
  }

  return { Z, wilson, difference, ratio, differenceOfRatios, verdict };
})();
