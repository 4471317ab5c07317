import { LEASE_MS, neonMeterDays } from "../src/adapters/neon/meter-days.ts";
import type { UnitName } from "../src/domain/imports/unit.ts";
import type { CaseRow } from "../src/domain/outbox.ts";
import { log } from "../src/ports/log.ts";
import { type ImportPorts, type ImportStep, importStep, type StepOrder } from "../src/services/import-step.ts";
import type { Env, ImportMessage } from "./env.ts";
import { within } from "./objects/turns.ts";
import { accountsOf, clockOf, copiesOf, databaseOf } from "./ports.ts";
import { importFeedOf } from "./vendors.ts";

/** An account that takes longer is asked again. */
const RECORD_MS_MAX = 20_000;
/** One message goes on so long, then another takes its turn. */
const MESSAGE_MS_MAX = 20_000;
/** Sooner than the next look for what is due. */
const SOON_MS_MAX = 4 * 60_000;
/** A message that met a fault comes back when nobody can be at its unit any more. */
const RETRY_SECONDS = LEASE_MS / 1_000 + 5;

export const importPortsOf = (env: Env): ImportPorts => ({
  days: neonMeterDays(databaseOf(env)),
  feed: (source) => importFeedOf(env, source),
  accounts: {
    recordDays: (account, days) => within(RECORD_MS_MAX, accountsOf(env).recordDays(account, days)),
  },
  openCases: (cases) => putCases(env, cases),
  now: () => clockOf(env).now(),
});

export async function putCases(env: Env, cases: CaseRow[]): Promise<void> {
  await copiesOf(env).write(cases.map((row, id) => ({ id, row: { kind: "case", ...row } })));
}

/** The IMPORTS consumer: a message names a site's day of a source; how far it is stands in Postgres. */
export async function importQueue(batch: MessageBatch<ImportMessage>, env: Env): Promise<void> {
  for (const message of batch.messages) {
    const { freshAt, sentAt, ...unit } = message.body;
    try {
      const last = await runUnit(env, unit, { freshAt, sentAt }, MESSAGE_MS_MAX);
      if (last.is === "more") await env.IMPORTS.send(message.body);
      if (last.is === "later") await sendSoon(env, message.body, last.nextAt);
      message.ack();
    } catch (thrown) {
      log.warn("import", { ...unit, error: thrown });
      message.retry({ delaySeconds: RETRY_SECONDS });
    }
  }
}

/** What waits for the vendor's pace alone goes on before its cursor dies; the rest waits for the next look. */
async function sendSoon(env: Env, body: ImportMessage, nextAt: number | null) {
  const waitMs = (nextAt ?? Number.POSITIVE_INFINITY) - clockOf(env).now();
  if (waitMs <= SOON_MS_MAX) await env.IMPORTS.send(body, { delaySeconds: Math.max(1, Math.ceil(waitMs / 1_000)) });
}

/** Steps of one unit, until nothing can be done at once or the time is over. */
export async function runUnit(env: Env, unit: UnitName, order: StepOrder, msMax: number): Promise<ImportStep> {
  const ports = importPortsOf(env);
  const until = Date.now() + msMax;
  for (;;) {
    const step = await importStep(ports, unit, order);
    if (step.is !== "more" || Date.now() >= until) return step;
  }
}
