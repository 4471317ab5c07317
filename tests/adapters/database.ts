/** An own database for a test or a file of them, migrated, reached as the Worker reaches it. */
import { randomBytes } from "node:crypto";
import { inject } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import type { FaultMode } from "../../dev/neon.ts";
import { TEMPLATE } from "./database.setup.ts";

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
    await client.query(`CREATE DATABASE ${name} OWNER cc_owner TEMPLATE ${TEMPLATE}`);
    await client.query(`GRANT CONNECT ON DATABASE ${name} TO cc_app`);
  });
  const urlFor = (base: string) => Object.assign(new URL(base), { pathname: `/${name}` }).href;
  const ownerUrl = urlFor(inject("databaseOwnerUrl"));
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
