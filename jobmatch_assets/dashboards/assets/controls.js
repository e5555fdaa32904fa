/* The form of the page: dates, quick choices, filters, switches. It changes the address, and the address all else. */
jobmatch.controls = (() => {
  const { dates, element } = jobmatch;

  /* The ranges that one click chooses: [label, from, to]. */
  function quick(page) {
    const { first, last, completeThrough } = page;
    if (!first) return [];
    const whole = completeThrough && completeThrough >= first ? (completeThrough < last ? completeThrough : last) : null;
    if (page.isMonthly) {
      const months = dates.periods("month_start", first, last);
      return [["Last 3 months", months.at(-3) || first, last], ["Last 12 months", months.at(-12) || first, last], ["All", first, last]];
    }
    const since = (end, days) => (dates.add(end, 1 - days) < first ? first : dates.add(end, 1 - days));
    const found = [["Last 7 days", since(whole || last, 7), whole || last], ["Last 28 days", since(last, 28), last]];
    if (whole) {
      const sunday = dates.add(dates.monday(dates.add(whole, 1)), -1);
      const monday = dates.add(sunday, -6);
      if (monday >= first) found.push(["Last complete week", monday, sunday]);
    }
    found.push(["All", first, last]);
    return found;
  }

  function make(page, choose) {
    const form = document.getElementById("controls");
    form.addEventListener("submit", (event) => event.preventDefault());
    const inputs = {};
    const groups = [];
    if (page.registered.hasDates && page.first) {
      for (const [name, label] of [["from", "From"], ["to", "To"]]) {
        inputs[name] = element("input", { type: "date", id: `choose-${name}`, min: page.first, max: page.last, required: true });
        inputs[name].addEventListener("change", () => {
          const range = { from: inputs.from.value, to: inputs.to.value };
          if (range.from && range.to && range.from <= range.to) choose(range);
          else inputs[name].setCustomValidity(range.from > range.to ? "The dates end before they begin." : "");
          inputs[name].reportValidity();
          inputs[name].setCustomValidity("");
        });
        groups.push(field(label, inputs[name]));
      }
      inputs.quick = quick(page).map(([label, from, to]) => {
        const button = element("button", { type: "button" }, label);
        button.addEventListener("click", () => choose({ from, to }));
        return { button, from, to };
      });
      groups.push(element("div", { class: "choices", role: "group", "aria-label": "Dates" }, ...inputs.quick.map((choice) => choice.button)));
    }
    for (const { dimension, label, always } of page.registered.filters) {
      const options = page.values[dimension].map((value) => element("option", { value }, value));
      const select = element("select", { id: `choose-${dimension}` }, always && options.length ? null : element("option", { value: "" }, always ? "none yet" : "all"), ...options);
      select.addEventListener("change", () => choose({ filter: [dimension, select.value] }));
      inputs[dimension] = select;
      groups.push(field(label, select));
    }
    for (const { name, label, choices } of page.registered.switches) {
      const buttons = choices.map(([value, text]) => {
        const button = element("button", { type: "button" }, text);
        button.addEventListener("click", () => choose({ turn: [name, value] }));
        return { button, value };
      });
      inputs[name] = buttons;
      groups.push(element("div", { class: "choices", role: "group", "aria-label": label }, element("span", { class: "name", "aria-hidden": "true" }, label), ...buttons.map((choice) => choice.button)));
    }
    form.replaceChildren(...groups);
    form.hidden = !groups.length;
    return inputs;
  }

  function field(label, input) {
    return element("label", { for: input.id }, element("span", { class: "name" }, label), input);
  }

  /* What is chosen, in words, for paper. */
  function inWords(page) {
    const { state, registered } = page;
    const parts = state.from && registered.hasDates ? [dates.span(state.from, state.to)] : [];
    for (const { dimension, label } of registered.filters) if (state.filters[dimension]) parts.push(`${label}: ${state.filters[dimension]}`);
    for (const { name, label, choices } of registered.switches) parts.push(`${label}: ${new Map(choices).get(state.switches[name])}`);
    return parts.join(" · ");
  }

  /* Let the form say what is shown. */
  function show(page, inputs) {
    const { state } = page;
    document.getElementById("chosen").textContent = inWords(page);
    if (inputs.from) {
      inputs.from.value = state.from;
      inputs.to.value = state.to;
      let isMarked = false;
      for (const { button, from, to } of inputs.quick) {
        const isIt = !isMarked && from === state.from && to === state.to;
        button.setAttribute("aria-pressed", String(isIt));
        isMarked = isMarked || isIt;
      }
    }
    for (const { dimension } of page.registered.filters) inputs[dimension].value = state.filters[dimension] || "";
    for (const { name } of page.registered.switches) {
      for (const { button, value } of inputs[name]) button.setAttribute("aria-pressed", String(state.switches[name] === value));
    }
  }

  return { make, show, quick };
})();
