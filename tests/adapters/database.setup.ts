/** One throwaway PostgreSQL for all database tests, with a bridge for each worker; each test file makes its own database in it. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { withClient } from "../../dev/database-server.ts";
import { migrate } from "../../dev/migrate.ts";
import { startNeonBridge } from "../../dev/neon.ts";
import { startPostgres } from "../../dev/postgres.ts";

/** The database that every test's own is a copy of. */
export const TEMPLATE = "test_template";

declare module "vitest" {
  interface ProvidedContext {
    /** Superuser, database "postgres". */
    databaseSuperUrl: string;
    /** The same server as role cc_owner and as role cc_app; the path names no real database. */
    databaseOwnerUrl: string;
    databaseAppUrl: string;
    /**
     * What `neonConfig.fetchEndpoint` is set to, one for each worker. `POST …/fault` beside it breaks the bridge on purpose, for
     * the file that runs there and for no other.
     */
    neonSqlUrls: string[];
  }
}

export default async function setUpDatabase(project: TestProject) {
  const { server, bridge, stop } = await startDatabase();
  // Migrated once and copied by each test: a copy takes a tenth of the time.
  await withClient(server.superUrl(), (client) =>
    client.query(`CREATE DATABASE ${TEMPLATE} OWNER cc_owner TEMPLATE template0`),
  );
  await migrate(server.ownerUrl(TEMPLATE));
  project.provide("databaseSuperUrl", server.superUrl());
  project.provide("databaseOwnerUrl", server.ownerUrl("none"));
  project.provide("databaseAppUrl", server.appUrl("none"));
  const others = await Promise.all(
    Array.from({ length: project.config.maxWorkers - 1 }, () => startNeonBridge({ port: 0 })),
  );
  project.provide(
    "neonSqlUrls",
    [bridge, ...others].map(({ url }) => url),
  );
  return async () => {
    await Promise.all(others.map((other) => other.close()));
    await stop();
  };
}

/** A throwaway server with a bridge, and how both end. */
export async function startDatabase() {
  const dataDir = await mkdtemp(join(tmpdir(), "cc-database-test-"));
  const server = await startPostgres({ dataDir, port: 0, throwaway: true });
  const bridge = await startNeonBridge({ port: 0 });
  const stop = async () => {
    await bridge.close();
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  return { server, bridge, stop };
}
