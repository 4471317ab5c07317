import { Hono } from "hono";
import { z } from "zod";
import { neonCreditWriters } from "../../src/adapters/neon/credit-writers.ts";
import { creditWriterAt, inForce, SWITCH_SILENCE_MS } from "../../src/domain/credit-writer.ts";
import type { CreditWriterRow } from "../../src/ports/credit-writers.ts";
import { type Acting, allow } from "../allow.ts";
import { isStorable, json, limited, saysJson } from "../body.ts";
import { changeOf } from "../change.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { directoryOf } from "../objects/locate.ts";
import { clockOf, databaseOf } from "../ports.ts";

const SwitchBody = z.object({
  site: z.string().regex(/^[A-Z]{3}$/, "three capital letters"),
  writer: z.enum(["legacy", "ours"]),
  reason: z.string().trim().min(1).max(500).refine(isStorable, "text without U+0000 and lone surrogates"),
});

/** Who credits the vendor's platform for a site: looked at, and switched by one audited action. */
export const opsCreditWriter = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/credit-writers", allow("meters.read"), async (c) => {
    const writers = neonCreditWriters(databaseOf(c.env));
    const [sites, rows] = await Promise.all([writers.sites(), writers.list(null)]);
    const now = clockOf(c.env).now();
    return c.json({ asOf: now, sites: sites.map((site) => viewOf(rows, site, now)) });
  })
  .post("/credit-writers", allow("credits.writer"), limited, saysJson, json(SwitchBody), async (c) => {
    const { site, writer, reason } = c.req.valid("json");
    const writers = neonCreditWriters(databaseOf(c.env));
    const now = clockOf(c.env).now();
    const registered = await writers.put(site, writer, { ...changeOf(c), reason, at: now });
    if (!registered.ok)
      return fail(c, registered.error.kind === "unknown" ? 404 : 422, registered.error.kind, registered.error.detail);
    const rows = await writers.list(site);
    // All of the site's rows, also when nothing changed: a call whose answer was lost is made whole by the next.
    await directoryOf(c.env).putCreditWriters(
      rows.map(({ writer: set, validFrom }) => ({ site, writer: set, validFrom })),
    );
    const seen = Math.max(now, rows.at(-1)?.validFrom ?? now);
    return c.json({ version: registered.value.version, ...viewOf(rows, site, seen) });
  });

/** `now` is who may send this minute; `silentUntil` the end of a silence that is under way. */
function viewOf(rows: readonly CreditWriterRow[], site: string, at: number) {
  const { writer, switchedAt } = inForce(rows, site, at);
  const last = rows.findLast((row) => row.site === site && row.validFrom === switchedAt);
  const now = creditWriterAt(rows, site, at);
  return {
    site,
    writer,
    now,
    since: switchedAt,
    silentUntil: now === "neither" && switchedAt !== null ? switchedAt + SWITCH_SILENCE_MS : null,
    changedBy: last?.changedBy ?? null,
    reason: last?.reason ?? null,
  };
}
