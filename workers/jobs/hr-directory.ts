import { log } from "../../src/ports/log.ts";
import { syncHr } from "../../src/services/sync-hr.ts";
import { hrPortsOf } from "../hr.ts";
import { clockOf } from "../ports.ts";
import type { Job } from "./job.ts";

/** Every quarter of an hour: who has left is locked. Throws where the directory does not say: the job is late then, and that is shown. */
export const hrDirectoryJob: Job = async (env) => {
  const ports = hrPortsOf(env);
  if (ports === null) return null;
  const by = { actor: "HR directory", reason: null, at: clockOf(env).now(), requestId: crypto.randomUUID() };
  const synced = await syncHr(ports, by);
  if (!synced.ok) throw new Error(`the HR directory: ${synced.error.kind} ${synced.error.detail}`);
  const { plan, notAllowed } = synced.value;
  if (plan.refused !== null)
    throw new Error(`the HR directory: ${plan.refused}; a person looks with hr:sync --dry-run`);
  if (notAllowed.length > 0) log.warn("hr directory", { notAllowed: notAllowed.length });
  // Whoever they name stays as they are until the rows can be read.
  if (plan.unreadable.length > 0)
    log.warn("hr directory", { unreadable: plan.unreadable.map(({ row, field }) => `row ${row}: ${field}`) });
  return null;
};
