/** Reads docs/schema.md as data. */

const HEADING = /^#+ (.*)$/;

/** Names in the first column of the tables headed "table", by the heading they stand under. */
export function tablesIn(markdown: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  let heading = "";
  let isListing = false;
  for (const line of markdown.split("\n")) {
    heading = HEADING.exec(line)?.[1] ?? heading;
    if (!line.startsWith("|")) isListing = false;
    else if (line.startsWith("| table |")) isListing = true;
    const name = isListing ? /^\| `(\w+)` \|/.exec(line)?.[1] : undefined;
    if (name !== undefined) found.set(heading, [...(found.get(heading) ?? []), name]);
  }
  return found;
}

/** The part of the document under "## …", up to the next heading of its rank. */
export function section(markdown: string, title: string): string {
  const [, rest] = markdown.split(`\n## ${title}\n`);
  if (rest === undefined) throw new Error(`the document has no section ${title}`);
  return rest.split(/\n## /)[0] ?? "";
}
