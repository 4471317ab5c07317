/**
 * Whether the release before can go on working while a migration is in the database and its own release is not out yet: a
 * migration adds (expand), and takes away (contract) only what an earlier release has stopped using. Pure.
 */
import { doubtsOf } from "./migration-doubts.ts";
import { ALTERED, bare, flat, type Made, type Migration, madeIn, splitActions } from "./migration-text.ts";

/** In a migration that takes away: `-- contract step of release 1a2b3c4: nothing has read tills.note since`. */
const CONTRACT = /^-- contract step of release ([0-9a-f]{7,40}): \S.*$/m;

/** The release that stopped using what the migration takes away; null: it says none. */
export const contractOf = (sql: string): string | null => CONTRACT.exec(sql)?.[1] ?? null;

/** In one that changes what the release before has or writes: `-- expand step: payments of before have no note, and it asks for none`. */
const EXPAND = /^-- expand step: \S.*$/m;

/** Landed before the rule about them, and never edited: why the release before goes on with what they bring. */
const LOOKED_AT: Readonly<Record<string, string>> = {
  "0036_returned_money": "the wider check stands in the place of another",
  "0037_identity": "who has a home is written by releases that know of it alone",
  "0038_database_country":
    "nothing is refused until db:migrate has named the database, and then only what is another country's",
};

/** What in it may refuse what the release before writes, or change what it reads: each asks for a sentence by whoever has looked. */
export function doubts({ tag, sql }: Migration, before: readonly Migration[]): string[] {
  if (EXPAND.test(sql) || LOOKED_AT[tag] !== undefined) return [];
  const made = madeIn(sql, before);
  return doubtsOf(sql, { ...made, sqlBefore: before.map((each) => each.sql) });
}

/** What in it would hurt a release that does not know of it. `before`: the chain up to it, which says what was made how. */
export function destructions({ sql }: Migration, before: readonly Migration[]): string[] {
  const made = madeIn(sql, before);
  const plainIndexes = new Set(
    before.flatMap((each) =>
      [...each.sql.matchAll(/CREATE INDEX (?:IF NOT EXISTS )?"?(\w+)"?/gi)].map(([, name]) => name),
    ),
  );
  return flat(sql).flatMap((statement) => faultsOf(statement, made, plainIndexes));
}

/** The new migrations, as faults: what is destructive and not a named contract step. */
export function lintMigrations(fresh: readonly Migration[], before: readonly Migration[]): string[] {
  const chain = [...before];
  return fresh.flatMap((migration) => {
    const isNamed = contractOf(migration.sql) !== null;
    const faults = isNamed ? [] : [...destructions(migration, chain), ...doubts(migration, chain)];
    chain.push(migration);
    return faults.map((fault) => `${migration.tag}: ${fault}`);
  });
}

/** A CHECK or a foreign key that goes lets more in; a key that goes takes the ground from ON CONFLICT. */
const LOOSENING = /_(?:check|fk|fkey)$/;

/** A key over a column that is new is empty in every row of a release that does not know it, and so refuses none. */
const isOfNew = (text: string, table: string, columns: ReadonlySet<string>): boolean =>
  /\(([^()]*)\)/
    .exec(text)?.[1]
    ?.split(",")
    .some((column) => columns.has(`${table}.${bare(column.trim())}`)) === true;

/** Nobody calls yet what is new, by one function a statement. */
const REVOKED_CALL = /^REVOKE EXECUTE ON (?:FUNCTION|PROCEDURE) ([\w."]+) ?\([^()]*\) FROM\b/i;

function faultsOf(
  text: string,
  { tables, names, columns, functions }: Made,
  plainIndexes: Set<string | undefined>,
): string[] {
  const table = bare(ALTERED.exec(text)?.[1]);
  if (table !== "") return tables.has(table) ? [] : alterFaults(text, table, names, columns);
  const [, kind = "", name = ""] =
    /^DROP (TABLE|COLUMN|MATERIALIZED VIEW|VIEW|FUNCTION|PROCEDURE|TRIGGER|TYPE|SCHEMA|SEQUENCE|INDEX|POLICY|EXTENSION|ROLE|DOMAIN) (?:CONCURRENTLY |IF EXISTS )*([\w."]+)/i.exec(
      text,
    ) ?? [];
  if (kind !== "") {
    const isReplaced = kind.toUpperCase() !== "TABLE" && names.has(bare(name));
    const isSlowerOnly = kind.toUpperCase() === "INDEX" && plainIndexes.has(bare(name));
    return isReplaced || isSlowerOnly ? [] : [`drops ${kind.toLowerCase()} ${bare(name)}`];
  }
  if (/^DROP\b/i.test(text)) return [`drops something: ${text.slice(0, 60)}`];
  if (/^ALTER .* RENAME\b/i.test(text)) return [`renames: ${text.slice(0, 60)}`];
  if (/^TRUNCATE\b/i.test(text)) return [`empties a table: ${text.slice(0, 60)}`];
  if (/^(?:UPDATE|WITH)\b/i.test(text) && /\bSET\b[^;]*=\s*NULL\b/i.test(text))
    return [`empties a column: ${text.slice(0, 60)}`];
  if (/^ALTER (?:ROLE|USER|GROUP|DATABASE|SCHEMA|SYSTEM|DEFAULT PRIVILEGES)\b/i.test(text))
    return [`changes who may do what: ${text.slice(0, 60)}`];
  const unique = /^CREATE UNIQUE INDEX (?:CONCURRENTLY |IF NOT EXISTS )*[\w."]+ ON (?:ONLY )?([\w."]+)/i.exec(
    text,
  )?.[1];
  if (unique !== undefined && !tables.has(bare(unique)) && !isOfNew(text, bare(unique), columns))
    return [`wants ${bare(unique)} without twins`];
  if (/^REVOKE\b/i.test(text) && !functions.has(bare(REVOKED_CALL.exec(text)?.[1])))
    return [`takes a right away: ${text.slice(0, 60)}`];
  return [];
}

function alterFaults(text: string, table: string, names: Set<string>, columns: Set<string>): string[] {
  const actions = splitActions(text.replace(/^ALTER TABLE (?:IF EXISTS |ONLY )*[\w."]+\s*/i, ""));
  return actions.flatMap((action) => {
    const column = bare(/^ALTER (?:COLUMN )?([\w."]+)/i.exec(action)?.[1]);
    const constraint = bare(/^DROP CONSTRAINT (?:IF EXISTS )?([\w."]+)/i.exec(action)?.[1]);
    if (constraint !== "")
      return LOOSENING.test(constraint) || names.has(constraint) ? [] : [`drops constraint ${constraint} of ${table}`];
    if (/^DROP\b/i.test(action))
      return [`drops column ${bare(/^DROP (?:COLUMN )?(?:IF EXISTS )?([\w."]+)/i.exec(action)?.[1])} of ${table}`];
    if (/^(?:SET SCHEMA|SET UNLOGGED|(?:ENABLE|FORCE) ROW LEVEL SECURITY|DISABLE)\b/i.test(action))
      return [`takes ${table} from whoever uses it: ${action.slice(0, 60)}`];
    if (
      /^ADD (?:CONSTRAINT [\w."]+ )?(?:UNIQUE|PRIMARY KEY|EXCLUDE|FOREIGN KEY)\b/i.test(action) &&
      !isOfNew(action, table, columns)
    )
      return [`wants more of ${table}: ${action.slice(0, 60)}`];
    if (/^RENAME\b/i.test(action)) return [`renames in ${table}: ${action.slice(0, 60)}`];
    if (column !== "" && /\bSET NOT NULL\b/i.test(action)) return [`wants ${column} of ${table} always`];
    if (column !== "" && /\bTYPE\b/i.test(action)) return [`changes the type of ${column} of ${table}`];
    if (column !== "" && /\bDROP DEFAULT\b/i.test(action)) return [`takes the default of ${column} of ${table}`];
    const added = bare(/^ADD (?:COLUMN )?(?:IF NOT EXISTS )?("?\w+"?)/i.exec(action)?.[1]);
    const isColumn = added !== "" && !/^ADD (?:CONSTRAINT|CHECK|UNIQUE|PRIMARY|FOREIGN|EXCLUDE)\b/i.test(action);
    if (isColumn && /\bNOT NULL\b/i.test(action) && !/\b(?:DEFAULT|GENERATED|SERIAL|BIGSERIAL)\b/i.test(action))
      return [`adds ${added} to ${table}, not null and without a default`];
    return [];
  });
}
