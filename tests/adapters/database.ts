/** An own database for a test file, migrated, reached as the Worker reaches it. */
import { randomBytes } from "node:crypto";
import { inject } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { migrate } from "../../dev/migrate.ts";
import type { FaultMode } from "../../dev/neon.ts";

export type FreshDatabase = {
  /** Role cc_owner: owns the tables. */
  ownerUrl: string;
  /** Role cc_app: what the Worker is. Goes into `neon(appUrl)`. */
  appUrl: string;
  /** Goes into `neonConfig.fetchEndpoint`. */
  sqlUrl: string;
  drop(): Promise<void>;
};

export async function freshDatabase(): Promise<FreshDatabase> {
  const name = `test_${randomBytes(6).toString("hex")}`;
  const superUrl = inject("databaseSuperUrl");
  await withClient(superUrl, async (client) => {
    await client.query(`CREATE DATABASE ${name} OWNER cc_owner TEMPLATE template0`);
    await client.query(`GRANT CONNECT ON DATABASE ${name} TO cc_app`);
  });
  const urlFor = (base: string) => Object.assign(new URL(base), { pathname: `/${name}` }).href;
  const ownerUrl = urlFor(inject("databaseOwnerUrl"));
  await migrate(ownerUrl);
  return {
    ownerUrl,
    appUrl: urlFor(inject("databaseAppUrl")),
    sqlUrl: inject("neonSqlUrl"),
    drop: () =>
      withClient(superUrl, async (client) => {
        await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      }),
  };
}

/** Breaks the bridge for the next `count` requests, or until set to "none" when count is null. */
export async function setFault(mode: FaultMode, count: number | null = 1): Promise<void> {
  const answer = await fetch(new URL("/fault", inject("neonSqlUrl")), {
    method: "POST",
    body: JSON.stringify({ mode, count }),
  });
  if (!answer.ok) throw new Error(`fault not set: ${await answer.text()}`);
}
