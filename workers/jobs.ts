import { troubleOf } from "../src/adapters/neon/database.ts";
import { keepJobEnd } from "../src/adapters/neon/job-ends.ts";
import { forRequest, log } from "../src/ports/log.ts";
import type { Env, JobMessage } from "./env.ts";
import { accrueDebtsJob } from "./jobs/accrue-debts.ts";
import { alarmsJob } from "./jobs/alarms.ts";
import { carrierSmsJob } from "./jobs/carrier-sms.ts";
import { checkIsolation } from "./jobs/check-isolation.ts";
import { checkPrices } from "./jobs/check-prices.ts";
import { claimCode } from "./jobs/claim-code.ts";
import { claimImportsJob } from "./jobs/claim-imports.ts";
import { closeDaysJob } from "./jobs/close-days.ts";
import { compareWalletsJob } from "./jobs/compare-wallets.ts";
import { drainCopies } from "./jobs/drain-copies.ts";
import { dropFolderJob } from "./jobs/drop-folder.ts";
import { erasePeopleJob } from "./jobs/erase-people.ts";
import { factsBehindJob } from "./jobs/facts-behind.ts";
import { feeStepsJob } from "./jobs/fee-steps.ts";
import { heads } from "./jobs/heads.ts";
import { hrDirectoryJob } from "./jobs/hr-directory.ts";
import type { Job } from "./jobs/job.ts";
import { lateReadingsJob } from "./jobs/late-readings.ts";
import { liveBalancesJob } from "./jobs/live-balances.ts";
import { makePartitions } from "./jobs/make-partitions.ts";
import { mirrorPaymentsJob } from "./jobs/mirror-payments.ts";
import { mirrorTicketsJob } from "./jobs/mirror-tickets.ts";
import { postCorrectionsJob } from "./jobs/post-corrections.ts";
import { postFeesJob } from "./jobs/post-fees.ts";
import { refreshAccounts } from "./jobs/refresh-accounts.ts";
import { registrationsJob } from "./jobs/registrations.ts";
import { rollupHoursJob, rollupsJob } from "./jobs/rollups.ts";
import { syncSamplesJob } from "./jobs/sync-samples.ts";
import { syncSteamaJob } from "./jobs/sync-steama.ts";
import { ticketSmsJob } from "./jobs/ticket-sms.ts";
import { ticketsByDataJob } from "./jobs/tickets-by-data.ts";
import { tillDaysJob } from "./jobs/till-days.ts";
import { uploadsJob } from "./jobs/uploads.ts";
import { vendorMonthsJob } from "./jobs/vendor-months.ts";
import { walkAuditJob } from "./jobs/walk-audit.ts";
import { webhooksJob } from "./jobs/webhooks.ts";
import { welcomeSms } from "./jobs/welcome-sms.ts";
import { measure } from "./metrics.ts";
import { clockOf, databaseOf } from "./ports.ts";

const JOBS: Record<string, Job> = {
  "accrue-debts": accrueDebtsJob,
  "carrier-sms": carrierSmsJob,
  alarms: alarmsJob(() => CLOCK_JOBS),
  "check-isolation": checkIsolation,
  "check-prices": checkPrices,
  "claim-code": claimCode,
  "claim-imports": claimImportsJob,
  "close-days": closeDaysJob,
  "compare-wallets": compareWalletsJob,
  "drain-copies": drainCopies,
  "drop-folder": dropFolderJob,
  "erase-people": erasePeopleJob,
  "facts-behind": factsBehindJob,
  heads,
  "fee-steps": feeStepsJob,
  "hr-directory": hrDirectoryJob,
  "late-readings": lateReadingsJob,
  "live-balances": liveBalancesJob,
  "make-partitions": makePartitions,
  "mirror-payments": mirrorPaymentsJob,
  "mirror-tickets": mirrorTicketsJob,
  "post-corrections": postCorrectionsJob,
  "post-fees": postFeesJob,
  "refresh-accounts": refreshAccounts,
  registrations: registrationsJob,
  "rollup-hours": rollupHoursJob,
  rollups: rollupsJob,
  "sync-samples": syncSamplesJob,
  "sync-steama": syncSteamaJob,
  "ticket-sms": ticketSmsJob,
  "tickets-by-data": ticketsByDataJob,
  "till-days": tillDaysJob,
  uploads: uploadsJob,
  "vendor-months": vendorMonthsJob,
  "walk-audit": walkAuditJob,
  webhooks: webhooksJob,
  "welcome-sms": welcomeSms,
};

/** Cron expression to the jobs it starts. */
const CRONS: Record<string, string[]> = {
  "* * * * *": [
    "drain-copies",
    "refresh-accounts",
    "welcome-sms",
    "post-corrections",
    "post-fees",
    "webhooks",
    "carrier-sms",
    "alarms",
  ],
  "*/5 * * * *": ["live-balances", "rollups", "mirror-tickets", "ticket-sms"],
  "*/15 * * * *": [
    "sync-samples",
    "sync-steama",
    "registrations",
    "uploads",
    "drop-folder",
    "claim-imports",
    "mirror-payments",
    "rollup-hours",
    "close-days",
    "hr-directory",
    "tickets-by-data",
    "fee-steps",
  ],
  "17 1 * * *": [
    "heads",
    "make-partitions",
    "facts-behind",
    "check-isolation",
    "check-prices",
    "walk-audit",
    "till-days",
    "compare-wallets",
    "vendor-months",
    "accrue-debts",
    "late-readings",
    "erase-people",
  ],
};

const MINUTE_MS = 60_000;
const EVERY_MS: Record<string, number> = {
  "* * * * *": MINUTE_MS,
  "*/5 * * * *": 5 * MINUTE_MS,
  "*/15 * * * *": 15 * MINUTE_MS,
  "17 1 * * *": 24 * 60 * MINUTE_MS,
};
/** What the clock starts, and how often: so late is late. */
export const CLOCK_JOBS: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries(CRONS).flatMap(([cron, jobs]) => jobs.map((job) => [job, EVERY_MS[cron] ?? MINUTE_MS])),
);

const RETRY_SECONDS = 60;
/** While the database is down tries come ever later: the ten of the queue last an hour and three quarters. */
const DOWN_RETRY_SECONDS_MAX = 15 * 60;
/** What the clock starts again within this needs nobody to send it again. */
const SELF_MS_MAX = 15 * MINUTE_MS;

/** Whether a message that failed with the database down is done with: the clock brings the same again by itself. */
const comesBack = ({ job, page }: JobMessage): boolean =>
  page === null && (CLOCK_JOBS[job] ?? Number.POSITIVE_INFINITY) <= SELF_MS_MAX;

export async function runCron(env: Env, cron: string, _at: number): Promise<void> {
  for (const job of CRONS[cron] ?? []) await env.JOBS.send({ job, page: null });
}

/** A job that dies goes on where it was: each message is one unit, and what it does can be done again. */
export async function jobQueue(batch: MessageBatch<JobMessage>, env: Env): Promise<void> {
  for (const message of batch.messages) {
    const job = JOBS[message.body?.job];
    if (job === undefined) {
      message.retry();
      continue;
    }
    const requestId = message.body.requestId ?? message.id;
    const beganAt = Date.now();
    const end = (outcome: "good" | "failed" | "database_down") =>
      measure(env, { kind: "job", name: message.body.job, outcome, ms: Date.now() - beganAt });
    try {
      const more = await forRequest(requestId, () => job(env, message.body.page));
      if (more !== null) await env.JOBS.send({ job: message.body.job, page: more.next, requestId });
      else await keepEnd(env, message.body.job, null);
      message.ack();
      end("good");
    } catch (thrown) {
      const isDown = troubleOf(thrown) === "down";
      end(isDown ? "database_down" : "failed");
      log.warn("job", { requestId, job: message.body.job, error: thrown });
      await keepEnd(env, message.body.job, String(thrown));
      if (isDown && comesBack(message.body)) message.ack();
      else message.retry({ delaySeconds: isDown ? downRetrySeconds(message.attempts) : RETRY_SECONDS });
    }
  }
}

/** `attempts`: tries so far, this one too. */
export const downRetrySeconds = (attempts: number): number =>
  Math.min(DOWN_RETRY_SECONDS_MAX, RETRY_SECONDS * 2 ** Math.min(Math.max(0, attempts - 1), 10));

/** For whoever looks whether jobs run. With the database down nothing is kept, and the job did what it did: then it looks late. */
async function keepEnd(env: Env, job: string, error: string | null): Promise<void> {
  if (CLOCK_JOBS[job] === undefined) return;
  try {
    await keepJobEnd(databaseOf(env), job, clockOf(env).now(), error);
  } catch (thrown) {
    log.warn("job end", { job, error: thrown });
  }
}
