// Tables as text: CSV as RFC 4180 has it, or with tabs.
export interface Table {
  header: string[];
  rows: Record<string, string>[];
}

export function parseTable(text: string, delimiter: ',' | '\t' = ','): Table {
  const records: string[][] = [];
  const field = new RegExp(`("(?:[^"]|"")*"|[^"${delimiter}\\r\\n][^${delimiter}\\r\\n]*|)(${delimiter}|\\r?\\n|$)`, 'y');
  let record: string[] = [];
  while (field.lastIndex < text.length) {
    const match = field.exec(text);
    if (!match) throw new Error(`record ${records.length + 1} is not as RFC 4180 has it`);
    const [, value, end] = match;
    record.push(value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value);
    if (end === delimiter) continue;
    records.push(record);
    record = [];
  }
  const [header, ...rest] = records;
  const rows = rest.map((values) => Object.fromEntries(header.map((name, i) => [name, values[i] ?? ''])));
  return { header, rows };
}
