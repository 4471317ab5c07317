import { Hono } from "hono";
import { z } from "zod";
import { neonVendorSites } from "../../src/adapters/neon/vendor-sites.ts";
import { VENDORS } from "../../src/domain/vendor.ts";
import { MIRROR_PAGES_MAX } from "../../src/services/mirror-payments.ts";
import { recordAct } from "../act.ts";
import { json, limited, saysJson } from "../body.ts";
import { changeOf } from "../change.ts";
import { actor } from "../door.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { mirrorStep } from "../jobs/mirror-payments.ts";
import { syncSteamaNow } from "../jobs/sync-steama.ts";
import { clockOf, countryOf, databaseOf } from "../ports.ts";
import { budgetNames, budgetOf, vendorsHere } from "../vendors.ts";
import { instant, reason } from "./fields.ts";
import { tell } from "./tariffs-schedule.ts";

const SiteBody = z.object({
  site: z.string().regex(/^[A-Z]{3}$/, "three capital letters"),
  vendor: z.enum(VENDORS),
  vendorSiteId: z
    .string()
    .regex(/^[\w.:-]{1,100}$/, "the vendor's own id of the site, 1 to 100 letters, digits and . : - _"),
  reason,
});

const MirrorBody = z.object({
  vendor: z.enum(VENDORS),
  /** How far back it looks; the watermark otherwise. */
  from: instant.nullish(),
  /** Of the answer before, as it came; null: begin. */
  page: z
    .object({
      number: z.number().int().min(0).max(MIRROR_PAGES_MAX),
      since: z.number().int(),
      newestAt: z.number().int(),
      pendingAt: z.number().int().nullable(),
      counts: z.record(z.string().max(40), z.number().int()),
    })
    .nullish(),
});

const REFUSED = { exists: 409, unknown: 404, refused: 422 } as const;

/** Which sites have their wallets on a vendor's platform, and how the vendors fare. */
export const opsVendors = new Hono<{ Bindings: Env; Variables: { actor: string } }>()
  .get("/vendor-sites", async (c) => {
    const sites = await neonVendorSites(databaseOf(c.env)).list();
    return c.json({ asOf: clockOf(c.env).now(), sites });
  })
  .post("/vendor-sites", actor, limited, saysJson, json(SiteBody), async (c) => {
    const { reason: because, ...site } = c.req.valid("json");
    const country = countryOf(c.env);
    if (!country.siteCodes.includes(site.site))
      return fail(c, 422, "foreign_site", `${site.site} is no site of ${country.name}`);
    const by = { ...changeOf(c, because), reason: because };
    const registered = await neonVendorSites(databaseOf(c.env)).put(site, by);
    if (!registered.ok) return fail(c, REFUSED[registered.error.kind], registered.error.kind, registered.error.detail);
    const told = await tell(c.env, `vendor_site:${registered.value.version}`, false);
    return c.json({ version: registered.value.version, ...site, accounts: told });
  })
  .post("/vendors/mirror", actor, limited, saysJson, json(MirrorBody), async (c) => {
    const { vendor, from, page } = c.req.valid("json");
    // A person's run once, not each of its pages.
    if (page == null)
      await recordAct(c, "vendor.mirror", `vendor:${vendor}`, {
        from: from == null ? null : new Date(from).toISOString(),
      });
    const step = await mirrorStep(c.env, vendor, page ?? null, from ?? null);
    if (step === "not_configured")
      return fail(
        c,
        409,
        "vendor_unset",
        `this deployment cannot read the payments of ${vendor}: npm run vendor:health`,
      );
    if (step === "no_cutover")
      return fail(c, 409, "no_cutover", "the country has no cut-over yet: nothing is mirrored before it");
    return step.status === "not_ready"
      ? fail(c, 503, "not_ready", "not ready yet; send the same page again")
      : c.json(step);
  })
  .post("/sync/steama", actor, async (c) => {
    await recordAct(c, "reading.sync", "readings:steama");
    const synced = await syncSteamaNow(c.env);
    return synced === null ? fail(c, 422, "not_configured", "this country has no clinics at SteamaCo") : c.json(synced);
  })
  .get("/vendors", async (c) => {
    const budgets = await Promise.all(budgetNames(c.env).map((name) => budgetOf(c.env, name).health()));
    return c.json({ asOf: clockOf(c.env).now(), vendors: vendorsHere(c.env), budgets });
  });
