import { Hono } from "hono";
import { z } from "zod";
import { neonRetention } from "../../src/adapters/neon/retention.ts";
import { RETENTION, RETENTION_KINDS, type RetentionKind } from "../../src/domain/retention.ts";
import { lastSaid } from "../../src/queries/last-said.ts";
import { type Acting, allow } from "../allow.ts";
import { json, limited, saysJson } from "../body.ts";
import { changeOf } from "../change.ts";
import type { Env } from "../env.ts";
import { clockOf, databaseOf, readerOf } from "../ports.ts";
import { reason, seenVersion } from "./fields.ts";
import { refuseSetting } from "./refusals.ts";

const SUBJECT = "setting:retention";

const days = (kind: RetentionKind) => {
  const { min, max } = RETENTION[kind];
  const expected = `a whole number of days from ${min} to ${max}`;
  return z.number(expected).int(expected).min(min, expected).max(max, expected);
};
const RetentionBody = z.strictObject({
  mailboxDays: days("mailboxDays"),
  claimCodeDays: days("claimCodeDays"),
  sessionDays: days("sessionDays"),
  version: seenVersion,
  reason,
});

/** How long is kept what is only kept for a time, within which bounds, who said so and what was set before (docs/personal-data.md). */
export const retentionSetting = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/retention", allow("reports.read"), async (c) => {
    const { retention, version } = await neonRetention(databaseOf(c.env)).kept();
    const bounds = Object.fromEntries(RETENTION_KINDS.map((kind) => [kind, RETENTION[kind]]));
    const said = await lastSaid<unknown>(readerOf(c.env), SUBJECT);
    return c.json({ asOf: clockOf(c.env).now(), retention, version, bounds, said });
  })
  .put("/retention", allow("settings.write"), limited, saysJson, json(RetentionBody), async (c) => {
    const { reason: why, version, ...retention } = c.req.valid("json");
    const registered = await neonRetention(databaseOf(c.env)).put(retention, changeOf(c, why), version);
    return registered.ok
      ? c.json({ version: registered.value.version })
      : refuseSetting(c, readerOf(c.env), registered.error, SUBJECT);
  });
