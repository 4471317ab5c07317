/** What the SQL of a migration is made of: its statements one by one, and what it makes. Pure. */
import { statementsOf } from "./sql-statements.ts";

export type Migration = { tag: string; sql: string };

/** A block's own statements too, each from where it begins. */
export const flat = (sql: string): string[] =>
  statementsOf(sql).flatMap(({ text, body }) =>
    body === null
      ? [text]
      : flat(body).map((inner) =>
          inner.replace(
            /^.*\b(?:BEGIN|THEN|ELSE|LOOP) (?=(?:DROP|ALTER|TRUNCATE|DELETE|REVOKE|UPDATE|MERGE|EXECUTE|CREATE|WITH)\b)/i,
            "",
          ),
        ),
  );

/** `columns`: those that are added to a table, as `tills.note`. `functions`: those that no migration before has made. */
export type Made = { tables: Set<string>; names: Set<string>; columns: Set<string>; functions: Set<string> };
const functionMadeBy = (text: string): string | null => {
  const name = /^CREATE (?:OR REPLACE )?(?:FUNCTION|PROCEDURE) ([\w."]+)/i.exec(text)?.[1];
  return name === undefined ? null : bare(name);
};
const tableMadeBy = (text: string): string | null => {
  const table = /^CREATE TABLE (?:IF NOT EXISTS )?([\w."]+)/i.exec(text)?.[1];
  return table === undefined ? null : bare(table);
};

/** What the same migration makes: a table that is new hurts nobody, and what is dropped and made again is replaced. */
export function madeIn(sql: string, before: readonly Migration[]): Made {
  // One that may be there already is not new where it was made before.
  const old = new Set(before.flatMap((each) => flat(each.sql).flatMap((text) => tableMadeBy(text) ?? [])));
  const tables = new Set<string>();
  const names = new Set<string>();
  const columns = new Set<string>();
  const known = new Set(before.flatMap((each) => statementsOf(each.sql).map(({ text }) => functionMadeBy(text))));
  const functions = new Set(
    statementsOf(sql).flatMap(({ text }) => {
      const name = functionMadeBy(text);
      return name === null || known.has(name) ? [] : [name];
    }),
  );
  for (const text of flat(sql)) {
    const table = tableMadeBy(text);
    if (table !== null && !old.has(table)) tables.add(table);
    const made =
      /^CREATE (?:OR REPLACE )?(?:UNIQUE |MATERIALIZED |CONSTRAINT )*(?:INDEX|VIEW|FUNCTION|PROCEDURE|TRIGGER|TYPE|POLICY) (?:CONCURRENTLY |IF NOT EXISTS )*([\w."]+)/i.exec(
        text,
      )?.[1];
    if (made !== undefined) names.add(bare(made));
    const altered = bare(ALTERED.exec(text)?.[1]);
    for (const [, column] of text.matchAll(/\bADD COLUMN (?:IF NOT EXISTS )?("?\w+"?)/gi))
      columns.add(`${altered}.${bare(column)}`);
    for (const [, constraint] of text.matchAll(/ADD CONSTRAINT ([\w."]+)/gi)) names.add(bare(constraint));
  }
  return { tables, names, columns, functions };
}

export const bare = (name = "") =>
  name
    .replaceAll('"', "")
    .replace(/^public\./, "")
    .toLowerCase();

export const ALTERED = /^ALTER TABLE (?:IF EXISTS |ONLY )*([\w."]+)/i;

/** Actions of one ALTER TABLE, at the commas outside parentheses. */
export function splitActions(text: string): string[] {
  const actions: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at <= text.length; at++) {
    const letter = text[at];
    if (letter === "(") depth++;
    else if (letter === ")") depth--;
    else if (letter === undefined || (letter === "," && depth === 0)) {
      actions.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  return actions.filter((action) => action !== "");
}
