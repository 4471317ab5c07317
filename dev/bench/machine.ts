import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { cpus } from "node:os";
import pg from "pg";

/** What the figures were taken on, in one line. */
export async function machineLine(postgresUrl: string): Promise<string> {
  const modules = createRequire(import.meta.url);
  const { version: workerd } = modules("workerd/package.json") as { version: string };
  const client = new pg.Client({ connectionString: postgresUrl });
  await client.connect();
  const { rows } = await client.query<{ server_version: string }>("SHOW server_version");
  await client.end();
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
  return [
    `${cpus()[0]?.model.trim() ?? "unknown CPU"}, ${cpus().length} cores`,
    `node ${process.version}`,
    `workerd ${workerd}`,
    `PostgreSQL ${rows[0]?.server_version ?? "unknown"}`,
    `${new Date().toISOString().slice(0, 10)}, commit ${commit}`,
  ].join(" · ");
}
