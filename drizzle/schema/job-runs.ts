import { sql } from "drizzle-orm";
import { bigint, check, index, jsonb, pgTable, text, unique } from "drizzle-orm/pg-core";
import { instant, whole } from "./columns.ts";

/** One row a unit of a job's work (a page, a site-day): its lease, how far it came, how it ended. */
export const jobRuns = pgTable(
  "job_runs",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    job: text("job").notNull(),
    unit: text("unit").notNull(),
    state: text("state").notNull(),
    leaseOwner: text("lease_owner"),
    leaseUntil: instant("lease_until"),
    /** Rises with every taking of the lease: a late worker with an older one writes nothing. */
    fence: whole("fence").notNull().default(0),
    watermark: jsonb("watermark"),
    counts: jsonb("counts"),
    error: text("error"),
    startedAt: instant("started_at").notNull().defaultNow(),
    endedAt: instant("ended_at"),
  },
  (t) => [
    // A unit is done once, whoever starts it.
    unique("job_runs_key").on(t.job, t.unit),
    // The newest runs of a job.
    index("job_runs_started").on(t.job, t.startedAt),
    check("job_runs_state", sql`${t.state} IN ('running', 'done', 'failed')`),
  ],
);
