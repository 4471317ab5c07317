import { neon, neonConfig } from "@neondatabase/serverless";
import { inject } from "vitest";

declare module "vitest" {
  interface ProvidedContext {
    peopleSuperUrl: string;
    peopleDatabaseUrl: string;
    peopleSqlUrl: string;
    abroadDatabaseUrl: string;
  }
}

/** A copy for this test file alone of the database that a URL names: what one file leaves behind is in no other's way. */
export async function ownDatabase(of: "peopleDatabaseUrl" | "abroadDatabaseUrl"): Promise<string> {
  const url = new URL(inject(of));
  const template = url.pathname.slice(1);
  const own = `${template}_${crypto.randomUUID().replaceAll("-", "").slice(0, 12)}`;
  neonConfig.fetchEndpoint = inject("peopleSqlUrl");
  await neon(inject("peopleSuperUrl")).query(`CREATE DATABASE ${own} OWNER cc_owner TEMPLATE ${template}`);
  url.pathname = `/${own}`;
  return url.href;
}
