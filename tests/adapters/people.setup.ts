/** Two countries' databases for the tests of people's routes, which run inside workerd and reach them as deployed; each file works in copies of its own. */
import type { TestProject } from "vitest/node";
import { withClient } from "../../dev/database-server.ts";
import { migrate } from "../../dev/migrate.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import { startDatabase } from "./database.setup.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Whoever may copy a database. */
    peopleSuperUrl: string;
    /** Role cc_app: what the Worker is. */
    peopleDatabaseUrl: string;
    peopleSqlUrl: string;
    /** Another country's, for whoever is at home in the first. */
    abroadDatabaseUrl: string;
  }
}

export default async function setUpPeople(project: TestProject) {
  const { server, bridge, stop } = await startDatabase();
  await withClient(server.superUrl(), async (client) => {
    await client.query("CREATE DATABASE people OWNER cc_owner TEMPLATE template0");
    await client.query("GRANT CONNECT ON DATABASE people TO cc_app");
  });
  // Named when each is there: a copy of a named one would be the same country's.
  await migrate(server.ownerUrl("people"));
  await withClient(server.superUrl(), async (client) => {
    await client.query("CREATE DATABASE abroad OWNER cc_owner TEMPLATE people");
    await client.query("GRANT CONNECT ON DATABASE abroad TO cc_app");
  });
  await migrate(server.ownerUrl("people"), COUNTRIES.LS);
  await migrate(server.ownerUrl("abroad"), COUNTRIES.BJ);
  project.provide("peopleSuperUrl", server.superUrl());
  project.provide("abroadDatabaseUrl", server.appUrl("abroad"));
  project.provide("peopleDatabaseUrl", server.appUrl("people"));
  project.provide("peopleSqlUrl", bridge.url);
  return stop;
}
