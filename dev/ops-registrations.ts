import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { RegistrationBatch, RegistrationRow } from "../src/queries/registrations.ts";
import { type Command, type Flags, need } from "./command.ts";
import { call, type Door, send } from "./door.ts";
import { clearLine, progressLine } from "./progress-line.ts";

const POLL_MS = 500;
const POLLS_MAX = 2_400;
const PAGES_MAX = 20;

type Answer = { batch: RegistrationBatch; problems: RegistrationRow[] };

/** Commands about files of new customers. */
export const REGISTRATION_COMMANDS: Record<string, Command> = {
  "customers:import": {
    help: "--file x.xlsx|x.csv [--site MAK] [--dry-run] [--good-rows] [--take-twins] --actor NAME   looks at every row, then registers all or none, or the good rows; the same file again registers nobody twice",
    run: importCustomers,
  },
  "customers:undo": {
    help: "--batch N --reason TEXT --actor NAME   undoes a file; what was used since is kept and said",
    run: undoCustomers,
  },
};

async function importCustomers(door: Door, flags: Flags) {
  const file = need(flags, "file");
  const bytes = readFileSync(file);
  const actor = need(flags, "actor");
  const began = performance.now();
  const site = flags.site === undefined ? "" : `&site=${encodeURIComponent(flags.site)}`;
  // The file names the act: whoever sends it again means the same. After an undo it is a new one.
  const key = flags.key ?? `${createHash("sha256").update(bytes).digest("hex").slice(0, 40)}-${Date.now()}`;
  const uploaded = await send<Answer>(
    door,
    `/registrations?name=${encodeURIComponent(basename(file))}${site}`,
    bytes,
    actor,
    {
      "Idempotency-Key": key,
    },
  );
  const { batch } = uploaded;
  console.log(lineOf(batch));
  for (const { header, field } of batch.columns)
    if (field === null && header !== "") console.log(`  column ${header} is not read`);
  await printRows(door, batch.batchId, "problems");
  console.log(`looked at in ${seconds(began)}`);
  if (flags["dry-run"] === "true") return console.log("nothing was registered (--dry-run)");
  if (batch.state !== "checked") return finish(door, batch, began);
  const mode = flags["good-rows"] === "true" ? "good" : "all";
  const twins = flags["take-twins"] === "true" ? "take" : "refuse";
  await call(door, "POST", `/registrations/${batch.batchId}/commit`, { mode, twins }, actor);
  await finish(door, batch, began);
}

async function undoCustomers(door: Door, flags: Flags) {
  const began = performance.now();
  const id = need(flags, "batch");
  const body = { reason: need(flags, "reason") };
  const { batch } = await call<Answer>(door, "POST", `/registrations/${id}/undo`, body, need(flags, "actor"));
  await finish(door, batch, began);
  await printRows(door, batch.batchId, "kept");
}

/** Waits until the work is done, and draws how far it is. */
async function finish(door: Door, { batchId }: RegistrationBatch, began: number) {
  const draw = progressLine();
  for (let poll = 0; poll < POLLS_MAX; poll++) {
    const { batch } = await call<Answer>(door, "GET", `/registrations/${batchId}`);
    if (batch.state !== "committing" && batch.state !== "undoing") {
      clearLine();
      console.log(`${lineOf(batch)} in ${seconds(began)}`);
      if (batch.state === "checked") throw new Error(`nothing was registered: ${batch.because ?? "nobody knows why"}`);
      return;
    }
    const { all, registered, told, undone } = batch.rows;
    draw(() => `${batch.state}: ${registered} registered, ${told} told, ${undone} undone of ${all}`);
    await sleep(POLL_MS);
  }
  throw new Error(`registration ${batchId} is still at work; ask again`);
}

async function printRows(door: Door, batchId: number, show: "problems" | "kept") {
  let cursor = 0;
  for (let page = 0; page < PAGES_MAX; page++) {
    const path = `/registrations/${batchId}/rows?show=${show}&cursor=${cursor}`;
    const { rows, next } = await call<{ rows: RegistrationRow[]; next: number | null }>(door, "GET", path);
    for (const row of rows) console.log(rowLine(row));
    if (next === null) return;
    cursor = next;
  }
}

const lineOf = ({ batchId, state, rows }: RegistrationBatch) =>
  `registration ${batchId} ${state}: ${rows.all} rows, ${rows.good} good, ${rows.twins} likely twins, ${rows.faulty} wrong, ${rows.empty} empty; ${rows.registered} registered, ${rows.undone} undone, ${rows.kept} kept`;

const rowLine = ({ row, faults, twins, account, because }: RegistrationRow) =>
  [
    `  row ${row}`,
    ...faults.map(({ field, value, expected }) => `${field} ${JSON.stringify(value)}: ${expected}`),
    ...twins.map((twin) => `likely ${twin.name} (${twin.accounts.join(" ")}), the same ${twin.because.join(" and ")}`),
    because === null ? "" : `${account ?? ""} kept: ${because}`,
  ]
    .filter((part) => part !== "")
    .join(" · ");

const seconds = (began: number) => `${((performance.now() - began) / 1000).toFixed(1)} s`;
