/* What the reader has chosen. It lives in the address after #, so that a link can be sent and Back goes back. */
jobmatch.state = (() => {
  const dates = jobmatch.dates;

  /*
   * What an address asks for. `known`: {first, last} of the data, `defaults` {from, to}, `filters` {name: values},
   * `always` {name of a filter that is never off: its value by default}, `switches` {name: values}. Whatever is not known is told and left out.
   */
  function read(fragment, known) {
    const told = [];
    const state = { from: known.defaults.from, to: known.defaults.to, filters: { ...known.always }, switches: {} };
    for (const [name, values] of Object.entries(known.switches)) state.switches[name] = values[0];
    const asked = new URLSearchParams(fragment.replace(/^#/, ""));
    const range = {};
    for (const [name, value] of asked) {
      if (name === "from" || name === "to") {
        if (!known.hasDates) continue;
        if (dates.isDate(value)) range[name] = value;
        else told.push(`The address asks for ${name}=${value}, which is no date (YYYY-MM-DD): left out.`);
      } else if (Object.hasOwn(known.filters, name)) {
        if (known.filters[name].includes(value)) state.filters[name] = value;
        else told.push(`The address asks for ${name}=${value}, which is not in this data: left out.`);
      } else if (Object.hasOwn(known.switches, name)) {
        if (known.switches[name].includes(value)) state.switches[name] = value;
        else told.push(`The address asks for ${name}=${value}; ${name} can be ${known.switches[name].join(", ")}: left out.`);
      } else {
        told.push(`The address asks for ${name}=${value}, which this page does not know: left out.`);
      }
    }
    if (known.first && (range.from || range.to)) limit(state, range, known, told);
    return { state, told };
  }

  function limit(state, range, known, told) {
    const from = range.from || known.first;
    const to = range.to || known.last;
    if (from > to) {
      told.push(`The address asks for dates from ${from} to ${to}, which end before they begin: left out.`);
      return;
    }
    if (to < known.first || from > known.last) {
      told.push(`The address asks for ${dates.span(from, to)}; there are events from ${dates.span(known.first, known.last)} only: left out.`);
      return;
    }
    state.from = from < known.first ? known.first : from;
    state.to = to > known.last ? known.last : to;
    if (state.from !== from || state.to !== to) {
      told.push(`The address asks for ${dates.span(from, to)}; shown is what there is of it, ${dates.span(state.from, state.to)}.`);
    }
  }

  /* The address of a state; what is as by default is left out, but dates are named once they were chosen. */
  function write(state, known) {
    const fields = new URLSearchParams();
    if (known.first && (state.from !== known.defaults.from || state.to !== known.defaults.to)) {
      fields.set("from", state.from);
      fields.set("to", state.to);
    }
    for (const [name, value] of Object.entries(state.filters)) if ((known.always || {})[name] !== value) fields.set(name, value);
    for (const [name, value] of Object.entries(state.switches)) {
      if (value !== known.switches[name][0]) fields.set(name, value);
    }
    return fields.toString();
  }

  return { read, write };
})();
