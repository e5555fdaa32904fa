/* What is drawn as a CSV file (RFC 4180), which no spreadsheet takes for formulas. */
jobmatch.csv = (() => {
  function cell(value) {
    if (value === null || value === undefined) return "";
    if (typeof value === "number") return Number.isFinite(value) ? String(value) : "";
    const text = /^[=+\-@\t\r]/.test(String(value)) ? `'${value}` : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  }

  function text(columns, rows) {
    const lines = [columns.map((column) => column.name), ...rows.map((row) => columns.map((column) => row[column.name]))];
    return lines.map((line) => line.map(cell).join(",") + "\r\n").join("");
  }

  function save(name, columns, rows) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text(columns, rows)], { type: "text/csv;charset=utf-8" }));
    link.download = name;
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  return { text, save };
})();
