/**
 * What only adds, and may hurt the release before all the same: rows that are changed, checks and triggers that refuse what it
 * writes, a view with fewer columns than it reads, and statements that are put together as text, which no check can read. Pure.
 */
import { ALTERED, bare, flat, type Made, splitActions } from "./migration-text.ts";
import { dollarBodiesOf, statementsOf } from "./sql-statements.ts";

type Chain = Made & { sqlBefore: readonly string[] };

export function doubtsOf(sql: string, chain: Chain): string[] {
  const own = flat(sql);
  const dropped = new Set(own.flatMap((text) => bare(/^DROP TRIGGER (?:IF EXISTS )?([\w."]+)/i.exec(text)?.[1])));
  return own.flatMap((text) => [
    ...changedRows(text, chain),
    ...newChecks(text, own, chain),
    ...newTrigger(text, sql, dropped, chain),
    ...narrowerView(text, chain),
    ...(/^EXECUTE\b/i.test(text) || /\bEXECUTE (?:''|format\b|[a-z_]+ ?(?:\|\||USING|$))/i.test(withoutGrants(text))
      ? [`executes text that nobody can read beforehand: ${text.slice(0, 60)}`]
      : []),
  ]);
}

/** A right or a trigger's function is no statement that is put together. */
const withoutGrants = (text: string) => text.replaceAll(/\bEXECUTE (?:ON|FUNCTION|PROCEDURE)\b/gi, "");

/** Filling a column that is new changes nothing that the release before reads. */
function changedRows(text: string, { tables, columns }: Chain): string[] {
  if (/^(?:DELETE|WITH|MERGE)\b/i.test(text) && /\bDELETE\b/i.test(text)) {
    const table = bare(/\bDELETE FROM (?:ONLY )?([\w."]+)/i.exec(text)?.[1]);
    return tables.has(table) ? [] : [`deletes rows: ${text.slice(0, 60)}`];
  }
  const update = /\bUPDATE (?:ONLY )?([\w."]+)(?: (?:AS )?(?!SET\b)\w+)? SET (.*)$/i.exec(text);
  // One that empties is refused as taking away.
  if (update === null || !/^(?:UPDATE|WITH|MERGE)\b/i.test(text) || /= ?NULL\b/i.test(update[2] ?? "")) return [];
  const table = bare(update[1]);
  const set = splitActions((update[2] ?? "").replace(/\b(?:FROM|WHERE|RETURNING)\b.*$/i, ""));
  const isNew = set.every((each) => columns.has(`${table}.${bare(/^([\w"]+)/.exec(each)?.[1])}`));
  return tables.has(table) || isNew ? [] : [`changes rows: ${text.slice(0, 60)}`];
}

/** A check of new columns alone holds for whoever leaves them empty; one that stands for another is compared by whoever writes it. */
function newChecks(text: string, own: readonly string[], { tables, columns }: Chain): string[] {
  const table = bare(ALTERED.exec(text)?.[1]);
  if (table === "" || tables.has(table)) return [];
  const replaced = own.flatMap((each) => bare(/\bDROP CONSTRAINT (?:IF EXISTS )?([\w."]+)/i.exec(each)?.[1]));
  return splitActions(text.replace(/^ALTER TABLE (?:IF EXISTS |ONLY )*[\w."]+\s*/i, "")).flatMap((action) => {
    const name = bare(/^ADD CONSTRAINT ([\w."]+) CHECK\b/i.exec(action)?.[1]);
    const isCheck = name !== "" || /^ADD CHECK\b/i.test(action);
    if (!isCheck || /\bNOT VALID$/i.test(action) || (name !== "" && replaced.includes(name))) return [];
    const named = [...action.replace(/^ADD (?:CONSTRAINT [\w."]+ )?/i, "").matchAll(/"(\w+)"/g)].map(([, each]) =>
      bare(each),
    );
    const about = named.filter((each) => each !== table);
    const isOfNew = about.length > 0 && about.every((each) => columns.has(`${table}.${each}`));
    return isOfNew ? [] : [`checks more of ${table}: ${action.slice(0, 60)}`];
  });
}

/** Whether a trigger refuses is in its function: one that raises, or that lets a row fall by returning none before it is written. */
function newTrigger(text: string, sql: string, dropped: ReadonlySet<string>, { tables, sqlBefore }: Chain): string[] {
  const made =
    /^CREATE (?:OR REPLACE )?(?:CONSTRAINT )?TRIGGER ([\w."]+) .*? ON ([\w."]+) .*EXECUTE (?:FUNCTION|PROCEDURE) ([\w."]+)/i.exec(
      text,
    );
  if (made === null) return [];
  const [name, table, called] = [bare(made[1]), bare(made[2]), bare(made[3])];
  if (tables.has(table) || dropped.has(name)) return [];
  const body = [...sqlBefore, sql].flatMap(functionsOf).findLast((each) => each.name === called)?.body ?? null;
  const raises = /\bRAISE (?:EXCEPTION|SQLSTATE|''|;)|\bPERFORM refuse/i;
  // Nobody reads what a trigger returns once the row is written.
  const isAfter = /^CREATE (?:OR REPLACE )?(?:CONSTRAINT )?TRIGGER [\w."]+ AFTER\b/i.test(text);
  const refuses = body === null || raises.test(body) || (!isAfter && /\bRETURN NULL\b/i.test(body));
  return refuses ? [`a trigger on ${table} may refuse: ${name}`] : [];
}

const functionsOf = (sql: string) =>
  dollarBodiesOf(sql).flatMap(({ text, body }) => {
    const name = /^CREATE (?:OR REPLACE )?(?:FUNCTION|PROCEDURE) ([\w."]+)/i.exec(text)?.[1];
    return name === undefined ? [] : [{ name: bare(name), body }];
  });

/** The newest one of before is compared with; what cannot be read column by column is said to be so. */
function narrowerView(text: string, { sqlBefore }: Chain): string[] {
  const name = viewOf(text);
  if (name === null) return [];
  const was = sqlBefore.flatMap((each) => statementsOf(each)).findLast((each) => viewOf(each.text) === name);
  if (was === undefined) return [];
  const [before, now] = [columnsOfView(was.text), columnsOfView(text)];
  if (before === null || now === null) return [`replaces view ${name}, whose columns cannot be compared`];
  const gone = before.filter((each) => !now.includes(each));
  return gone.length === 0 ? [] : [`view ${name} lacks ${gone.join(", ")}`];
}

const VIEW = /^CREATE (?:OR REPLACE )?(?:MATERIALIZED )?VIEW (?:IF NOT EXISTS )?([\w."]+)/i;
const viewOf = (text: string): string | null => {
  const name = VIEW.exec(text)?.[1];
  return name === undefined ? null : bare(name);
};

/** Names of its columns, as the list behind its name or as its outermost SELECT says; null: neither does. */
function columnsOfView(text: string): string[] | null {
  const rest = text.replace(VIEW, "").trim();
  const list = /^\(([^()]*)\) AS\b/i.exec(rest)?.[1];
  if (list !== undefined) return list.split(",").map((each) => bare(each.trim()));
  const select = /^(?:WITH \([^()]*\) )?AS \(?\s*SELECT (?:DISTINCT )?(.*)$/i.exec(rest)?.[1];
  if (select === undefined) return null;
  const names = splitActions(untilFrom(select)).map((each) => {
    const named = /(?:\bAS )?("\w+"|\w+)$/i.exec(each)?.[1];
    return each.includes("*)") || !/\*$/.test(each) ? bare(named) : "";
  });
  return names.includes("") ? null : names;
}

/** What stands before the FROM that belongs to it. */
function untilFrom(text: string): string {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "(") depth++;
    else if (text[at] === ")") depth--;
    else if (depth === 0 && /^ FROM\b/i.test(text.slice(at, at + 6))) return text.slice(0, at);
  }
  return text;
}
