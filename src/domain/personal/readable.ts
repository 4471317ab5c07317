/** What is kept of a person, as they can read it: a heading a list, a line a field. Instants (UTC ms) are written as UTC. */
export function readablePersonal(
  {
    customer,
    lists,
  }: {
    customer: Record<string, unknown>;
    lists: Record<string, { isWhole: boolean; rows: Record<string, unknown>[] }>;
  },
  madeAt: number,
): string {
  const parts = [
    `What is kept of customer ${customer.customerId}, as of ${instantText(madeAt)}`,
    block(customer),
    ...Object.entries(lists).flatMap(([name, { rows, isWhole }]) => [
      `\n## ${name.replaceAll("_", " ")}: ${rows.length}${isWhole ? "" : " shown, and more are kept"}`,
      ...rows.map((row) => `${block(row)}\n`),
    ]),
  ];
  return `${parts.join("\n")}\n`;
}

const block = (row: Record<string, unknown>) =>
  Object.entries(row)
    .map(([field, value]) => `${field}: ${shown(field, value)}`)
    .join("\n");

function shown(field: string, value: unknown): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "number" && /(^at|At)$/.test(field)) return instantText(value);
  // A line end within a text would begin a field that nobody wrote.
  return (typeof value === "string" ? value : JSON.stringify(value)).replace(/[\r\n\u2028\u2029]+/g, " / ");
}

const instantText = (at: number) => new Date(at).toISOString();
