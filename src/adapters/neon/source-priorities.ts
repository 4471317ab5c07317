import type { SourcePriorities } from "../../ports/meter-days.ts";
import type { Database } from "./database.ts";

export const neonSourcePriorities = (db: Database): SourcePriorities => ({
  list: () =>
    db.read(
      `SELECT scope, sources, cc_ms(updated_at) AS "updatedAt" FROM source_priorities ORDER BY length(scope) DESC, scope`,
    ),
  async put(scope, sources, at) {
    const query = `INSERT INTO source_priorities (scope, sources, updated_at)
      VALUES ($1::text, ARRAY(SELECT jsonb_array_elements_text($2::jsonb)), cc_at($3::bigint))
      ON CONFLICT (scope) DO UPDATE SET sources = excluded.sources, updated_at = excluded.updated_at`;
    await db.transaction([{ query, params: [scope, JSON.stringify(sources), String(at)] }]);
  },
});
