import { parseArgs } from "node:util";
import { call, doorOf } from "./door.ts";
import { pull, refusals } from "./odyssey.ts";

/**
 * Pulls as a funder's platform does, and says what the standard would not take. Of a deployment with a key of its programme
 * (ODYSSEY_KEY); in the local world with one that is issued for it and revoked after, which then has to be refused.
 */
const DAY_MS = 24 * 3_600_000;
const DAYS = 3;
const PROGRAMME = "DEMO-1";
const ACTOR = "odyssey validator";

const { values } = parseArgs({
  options: { env: { type: "string" }, country: { type: "string" }, days: { type: "string" }, page: { type: "string" } },
});
const door = doorOf(values);
const base = `${door.url}/api/odyssey/v1`;
const ask = (url: string, headers: Record<string, string>) =>
  fetch(url, { headers, signal: AbortSignal.timeout(60_000) });

type Issued = { key: string; made: { keyId: number } | null };
async function issue(): Promise<Issued> {
  const { rows } = await call<{ rows: { code: string }[] }>(door, "GET", "/tables/sites?limit=100");
  const body = {
    name: "Rural light",
    funder: "a funder of the demo",
    sites: rows.map(({ code }) => code),
    reason: "validation",
  };
  await call(door, "PUT", `/programmes/${PROGRAMME}`, body, ACTOR);
  const wanted = { name: "validator", programme: PROGRAMME, days: 1, reason: "validation" };
  return call<Issued>(door, "POST", "/keys", wanted, ACTOR);
}

const own = process.env.ODYSSEY_KEY;
if (own === undefined && !door.where.startsWith("the local world"))
  throw new Error("set ODYSSEY_KEY, a key of a programme there");
const issued = own === undefined ? await issue() : { key: own, made: null };
const source = { base, key: issued.key, ask };

const health = (await (await ask(`${base}/health`, {})).json()) as {
  status: string;
  timestamp: string;
  active_programs: number;
};
// The clock of the deployment, which a demo may have moved.
const today = Math.floor(Date.parse(health.timestamp) / DAY_MS) * DAY_MS;
const from = today - Number(values.days ?? DAYS) * DAY_MS;
const wanted = { from, to: today + DAY_MS, ...(values.page === undefined ? {} : { pageSize: Number(values.page) }) };
const payments = await pull(source, "electricity-payment", wanted);
const metrics = await pull(source, "meter-metrics", wanted);
const faults = [...payments.faults, ...metrics.faults, ...(await refusals(source, from))];
if (issued.made !== null) {
  await call(door, "POST", `/keys/${issued.made.keyId}/revoke`, { reason: "validated" }, ACTOR);
  const { status } = await ask(`${base}/meter-metrics`, { Authorization: `Bearer ${issued.key}` });
  if (status !== 401) faults.push(`a revoked key: ${status} and not 401`);
}

console.log(`${door.where}: ${health.status}, ${health.active_programs} active programmes`);
const offline = metrics.rows.filter(({ error_type }) => error_type === "offline").length;
console.log(`payments: ${payments.rows.length} in ${payments.pages} pages`);
console.log(`meters' days: ${metrics.rows.length} in ${metrics.pages} pages, ${offline} offline`);
for (const fault of faults) console.log(`FAULT ${fault}`);
console.log(faults.length === 0 ? "nothing that the standard would not take" : `${faults.length} faults`);
process.exitCode = faults.length === 0 ? 0 : 1;
