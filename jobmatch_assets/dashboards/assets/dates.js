/* Dates are texts, YYYY-MM-DD, and days of UTC; the viewer's time zone plays no part. */
jobmatch.dates = (() => {
  const DAY = 86400000;
  const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

  const moment = (day) => Date.parse(day + "T00:00:00Z");
  const text = (milliseconds) => new Date(milliseconds).toISOString().slice(0, 10);
  const add = (day, days) => text(moment(day) + days * DAY);
  const between = (first, last) => Math.round((moment(last) - moment(first)) / DAY);
  const monday = (day) => add(day, -((new Date(moment(day)).getUTCDay() + 6) % 7));

  const month = (day) => `${day.slice(0, 8)}01`;

  /* What a clock counts in: the first date of the one that a date lies in, and how many dates that has. */
  const CLOCKS = {
    week_start: { start: monday, days: () => 7 },
    month_start: { start: month, days: (first) => between(first, month(add(first, 31))) },
  };
  const EVERY_DAY = { start: (day) => day, days: () => 1 };

  const period = (clock) => CLOCKS[clock] || EVERY_DAY;

  /* The first dates of all periods of a clock that have a date from the first to the last. */
  function periods(clock, first, last) {
    const { start, days } = period(clock);
    const found = [];
    for (let at = start(first); at <= last; at = add(at, days(at))) found.push(at);
    return found;
  }

  /* Whether a text is a date that exists. */
  function isDate(value) {
    return /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(moment(value)) && text(moment(value)) === value;
  }

  /* All dates from the first to the last, each `step` days after the one before. */
  function range(first, last, step = 1) {
    const days = [];
    for (let at = moment(first); at <= moment(last); at += step * DAY) days.push(text(at));
    return days;
  }

  function shown(day) {
    const date = new Date(moment(day));
    return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
  }

  /* 1–7 Mar 2026: no year or month twice. */
  function span(first, last) {
    if (first === last) return shown(first);
    const [from, to] = [shown(first).split(" "), shown(last).split(" ")];
    const same = first.slice(0, 7) === last.slice(0, 7) ? 1 : first.slice(0, 4) === last.slice(0, 4) ? 2 : 3;
    return `${from.slice(0, same).join(" ")}–${to.join(" ")}`;
  }

  /* Mar 2026 */
  const monthName = (day) => shown(day).split(" ").slice(1).join(" ");

  const weekday = (day) => WEEKDAYS[new Date(moment(day)).getUTCDay()];

  /* The dates that an axis names: as many as there is room for, on Mondays and firsts of months where there are more. */
  function ticks(first, last, most) {
    const days = between(first, last) + 1;
    if (days <= most) return range(first, last);
    for (const weeks of [1, 2, 4]) {
      if (days / (7 * weeks) <= most) return range(add(monday(first), first === monday(first) ? 0 : 7), last, 7 * weeks);
    }
    return thinned(periods("month_start", first, last).filter((day) => day >= first), most);
  }

  function thinned(days, most) {
    const step = Math.ceil(days.length / most);
    return days.filter((_, place) => place % step === 0);
  }

  /* How long ago, in the largest unit that says enough. */
  function age(milliseconds) {
    const minutes = Math.floor(milliseconds / 60000);
    if (minutes < 1) return "less than a minute";
    const plural = (count, unit) => `${count} ${unit}${count === 1 ? "" : "s"}`;
    if (minutes < 120) return plural(minutes, "minute");
    if (minutes < 48 * 60) return plural(Math.floor(minutes / 60), "hour");
    return plural(Math.floor(minutes / 1440), "day");
  }

  /* A time as ISO 8601 writes it, for people. */
  function time(value) {
    if (!value) return "not known";
    return `${shown(value.slice(0, 10))}, ${value.slice(11, 16)} UTC`;
  }

  return { DAY, moment, text, add, between, monday, period, periods, isDate, range, shown, span, monthName, weekday, ticks, thinned, age, time };
})();
