/** SQL cut into its statements, without comments and without what stands between quotes. Pure. */

/** A statement in capitals, its literals empty, its names as they are; `body` is what a DO block runs. */
export type Statement = { text: string; body: string | null };

/** Statements with a body between dollars, as a function's, each with that body. */
export const dollarBodiesOf = (sql: string): { text: string; body: string }[] =>
  cut(sql).flatMap(({ text, body }) => (body === null ? [] : [{ text, body }]));

/** What runs when the migration does: the body of a DO block, and none of a function's. */
export const statementsOf = (sql: string): Statement[] =>
  cut(sql).map(({ text, body }) => ({ text, body: /^DO\b/i.test(text) ? body : null }));

/** A chain is read once for each migration that comes after: each text is cut once. */
const known = new Map<string, readonly Statement[]>();
function cut(sql: string): readonly Statement[] {
  const before = known.get(sql);
  if (before !== undefined) return before;
  const statements = cutAnew(sql);
  known.set(sql, statements);
  return statements;
}

/** Comments out, 'text' to '', $$body$$ to a mark; a statement ends at a semicolon outside all of them. */
function cutAnew(sql: string): Statement[] {
  const statements: Statement[] = [];
  let text = "";
  let body: string | null = null;
  const end = () => {
    const trimmed = text.replaceAll(/\s+/g, " ").trim();
    if (trimmed !== "") statements.push({ text: trimmed, body });
    text = "";
    body = null;
  };
  for (let at = 0; at < sql.length; ) {
    const rest = sql.slice(at);
    const dollar = /^\$[A-Za-z_]*\$/.exec(rest)?.[0];
    if (rest.startsWith("--")) at += lengthTo(rest, "\n");
    else if (rest.startsWith("/*")) at += lengthTo(rest, "*/", 2);
    else if (dollar !== undefined) {
      const length = lengthTo(rest, dollar, dollar.length);
      body = `${body ?? ""}${rest.slice(dollar.length, length - dollar.length)};`;
      text += " $$ ";
      at += length;
    } else if (rest.startsWith("'")) {
      at += /^'(?:[^']|'')*(?:'|$)/.exec(rest)?.[0].length ?? 1;
      text += "''";
    } else if (rest.startsWith('"')) {
      const name = /^"(?:[^"]|"")*(?:"|$)/.exec(rest)?.[0] ?? '"';
      text += name;
      at += name.length;
    } else {
      if (rest.startsWith(";")) end();
      else text += rest[0];
      at += 1;
    }
  }
  end();
  return statements;
}

/** How far `mark` reaches, itself included; to the end where there is none. */
function lengthTo(text: string, mark: string, from = 0): number {
  const found = text.indexOf(mark, from);
  return found < 0 ? text.length : found + mark.length;
}
