/* A small line beside a number: its last weeks, with gaps, and the last value as a dot. */
jobmatch.sparkline = (values, label) => {
  const [width, height, edge] = [84, 28, 3];
  const there = values.filter((value) => value !== null);
  const svg = (tag, attributes) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  };
  const drawn = svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "sparkline", role: "img", "aria-label": label });
  if (there.length < 2) return drawn;
  const [low, high] = [Math.min(...there), Math.max(...there)];
  const x = (place) => edge + (place / (values.length - 1)) * (width - 2 * edge);
  const y = (value) => height - edge - (high > low ? (value - low) / (high - low) : 0.5) * (height - 2 * edge);
  let path = "";
  values.forEach((value, place) => {
    if (value === null) return;
    path += `${place > 0 && values[place - 1] !== null ? "L" : "M"}${x(place).toFixed(1)} ${y(value).toFixed(1)}`;
  });
  drawn.append(svg("path", { d: path, fill: "none", stroke: "currentColor", "stroke-width": 1.5 }));
  const last = values.findLastIndex((value) => value !== null);
  drawn.append(svg("circle", { cx: x(last).toFixed(1), cy: y(values[last]).toFixed(1), r: 2.5, fill: "currentColor" }));
  return drawn;
};
