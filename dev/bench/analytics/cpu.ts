import { readFile } from "node:fs/promises";
import type pg from "pg";

/**
 * What the backends of a local PostgreSQL have computed so far, in ms: unlike the time that passes it says nearly the same on a busy machine.
 * 0 where the system does not tell (only Linux does).
 */
export async function backendsMs(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>(
    "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()",
  );
  const each = await Promise.all(rows.map(({ pid }) => readFile(`/proc/${pid}/schedstat`, "utf8").catch(() => "0")));
  return each.reduce((sum, text) => sum + Number(text.split(" ")[0]) / 1e6, 0);
}
