import { RETENTION, type RetentionKind, retentionOf } from "../../domain/retention.ts";
import type { RetentionBook } from "../../ports/retention.ts";
import type { Database } from "./database.ts";
import { PUT_SETTING, seenOf, settingOfVersion } from "./registry-settings.ts";
import { change, staleOr } from "./registry-write.ts";

/** The setting's name in `country_settings`. */
export const RETENTION_SETTING = "retention";

export const neonRetention = (db: Database): RetentionBook => ({
  async kept() {
    const row = await settingOfVersion<unknown>(db, RETENTION_SETTING);
    return { retention: retentionOf(row?.setting), version: row?.version ?? null };
  },
  put: async (retention, by, seen) =>
    staleOr(await change(db, { key: RETENTION_SETTING, value: retention, seen: seenOf(seen) }, by, PUT_SETTING)),
});

/** How long something is kept, as an interval within a statement; the rule of `retentionOf`, so that no setting can fail what asks for it. */
export function keptFor(kind: RetentionKind): string {
  const { days, min, max } = RETENTION[kind];
  return `(interval '24 hours' * coalesce((SELECT (s.value ->> '${kind}')::int FROM country_settings s
    WHERE s.key = '${RETENTION_SETTING}' AND CASE WHEN s.value ->> '${kind}' ~ '^[0-9]{1,4}$' THEN (s.value ->> '${kind}')::int BETWEEN ${min} AND ${max} END), ${days}))`;
}
