import { neonMeterDays } from "../../src/adapters/neon/meter-days.ts";
import { neonVendorSites } from "../../src/adapters/neon/vendor-sites.ts";
import { log } from "../../src/ports/log.ts";
import { newestHours, openCasesOf } from "../../src/queries/meter-days.ts";
import { claimImports } from "../../src/services/claim-imports.ts";
import type { Env } from "../env.ts";
import { putCases } from "../imports.ts";
import { clockOf, databaseOf, readerOf } from "../ports.ts";
import { importFeedOf, vendorsHere } from "../vendors.ts";
import type { Job } from "./job.ts";

/** Every quarter of an hour: site-days that lack something go to the IMPORTS queue, newest first. */
export const claimImportsJob: Job = async (env) => {
  if (!vendorsHere(env).some(({ configured }) => configured)) return null;
  const claimed = await claimImports(
    {
      days: neonMeterDays(databaseOf(env)),
      sites: () => neonVendorSites(databaseOf(env)).list(),
      feed: (source) => importFeedOf(env, source),
      send: (units) => sendUnits(env, units),
      newest: () => newestHours(readerOf(env)),
      openCaseKeys: (keys) => openCasesOf(readerOf(env), keys),
      putCases: (cases) => putCases(env, cases),
    },
    clockOf(env).now(),
  );
  log.info("claim-imports", { ...claimed });
  return null;
};

export const sendUnits = async (env: Env, units: Parameters<Env["IMPORTS"]["send"]>[0][]) => {
  if (units.length > 0) await env.IMPORTS.sendBatch(units.map((body) => ({ body })));
};
