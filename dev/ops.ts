import type { RebuildPage } from "../workers/jobs/rebuild-page.ts";
import { type Command, type Flags, need, say, shown, typedFlags } from "./command.ts";
import { call, type Door, doorOf } from "./door.ts";
import { type CreditWriterView, claimLegacyFile, creditWriterLines } from "./move-in.ts";
import { AGREEMENT_COMMANDS } from "./ops-agreements.ts";
import { ALARM_COMMANDS } from "./ops-alarms.ts";
import { AUDIT_COMMANDS } from "./ops-audit.ts";
import { CAMPAIGN_COMMANDS } from "./ops-campaigns.ts";
import { COMMISSIONING_COMMANDS } from "./ops-commissioning.ts";
import { CONTRACT_COMMANDS } from "./ops-contracts.ts";
import { CORRECTION_COMMANDS } from "./ops-corrections.ts";
import { CUSTOMER_COMMANDS } from "./ops-customers.ts";
import { EXPORT_COMMANDS } from "./ops-export.ts";
import { FEE_COMMANDS } from "./ops-fees.ts";
import { GRID_PLAN_COMMANDS } from "./ops-grid-plan.ts";
import { HR_COMMANDS } from "./ops-hr.ts";
import { IMPORT_COMMANDS } from "./ops-imports.ts";
import { METER_COMMANDS } from "./ops-meters.ts";
import { NEIGHBOUR_COMMANDS } from "./ops-neighbours.ts";
import { PERSONAL_COMMANDS } from "./ops-personal.ts";
import { RECEIPT_COMMANDS } from "./ops-receipts.ts";
import { REGISTRATION_COMMANDS } from "./ops-registrations.ts";
import { ROLLUP_COMMANDS } from "./ops-rollups.ts";
import { STAFF_COMMANDS } from "./ops-staff.ts";
import { STATEMENT_COMMANDS } from "./ops-statements.ts";
import { TARIFF_COMMANDS } from "./ops-tariffs.ts";
import { TICKET_COMMANDS } from "./ops-tickets.ts";
import { TILL_COMMANDS } from "./ops-tills.ts";
import { VENDOR_COMMANDS } from "./ops-vendors.ts";
import { WALLET_COMMANDS } from "./ops-wallets.ts";
import { statusLines } from "./status-lines.ts";
import { TRACE_COMMANDS } from "./trace.ts";

/** Commands for operators: a thin client of /api/ops. */
const COMMANDS: Record<string, Command> = {
  ...ALARM_COMMANDS,
  ...IMPORT_COMMANDS,
  ...METER_COMMANDS,
  ...CUSTOMER_COMMANDS,
  ...PERSONAL_COMMANDS,
  ...STAFF_COMMANDS,
  ...TARIFF_COMMANDS,
  ...AUDIT_COMMANDS,
  ...COMMISSIONING_COMMANDS,
  ...REGISTRATION_COMMANDS,
  ...CONTRACT_COMMANDS,
  ...EXPORT_COMMANDS,
  ...STATEMENT_COMMANDS,
  ...VENDOR_COMMANDS,
  ...CORRECTION_COMMANDS,
  ...FEE_COMMANDS,
  ...AGREEMENT_COMMANDS,
  ...WALLET_COMMANDS,
  ...ROLLUP_COMMANDS,
  ...NEIGHBOUR_COMMANDS,
  ...HR_COMMANDS,
  ...GRID_PLAN_COMMANDS,
  ...CAMPAIGN_COMMANDS,
  ...TRACE_COMMANDS,
  ...TILL_COMMANDS,
  ...TICKET_COMMANDS,
  ...RECEIPT_COMMANDS,
  account: {
    help: "--account 0045MAK   balance, entries, commands and SMS, as the account's own object knows them",
    run: (door, flags) => say(door, "GET", `/accounts/${encodeURIComponent(need(flags, "account"))}`),
  },
  "account:again": {
    help: "--account 0166MAK --name NAME --reason TEXT [--dry-run] --actor NAME   registers an account anew that a database which was set back has forgotten, under its own id and number, and sends what is owed of it",
    run: (door, flags) =>
      say(
        door,
        "POST",
        "/accounts/again",
        {
          account: need(flags, "account"),
          name: need(flags, "name"),
          reason: need(flags, "reason"),
          dryRun: flags["dry-run"] === "true",
        },
        need(flags, "actor"),
      ),
  },
  "sms:replay": {
    help: "--since 2026-11-01 [--write]   re-runs the current parser over stored SMS; shows what would change, writes only with --write",
    run: replay,
  },
  "forward:parked": {
    help: "forwards that the old system never answered and that wait for a person",
    run: (door) => say(door, "GET", "/forwards/parked"),
  },
  "forward:send": {
    help: "--phone ID --forward N   sends a parked one again",
    run: (door, flags) => say(door, "POST", `/forwards/${need(flags, "phone")}/${need(flags, "forward")}/send`, {}),
  },
  "copies:refused": {
    help: "rows that Postgres refused and that wait for a person: which object, how many, why, since",
    run: (door) => say(door, "GET", "/copies/refused"),
  },
  "copies:resume": {
    help: "--object receipt_book|mailbox|till|account_ledger --name shard-03 --actor NAME   tries them again, and closes the object's cases when none is refused any more",
    run: (door, flags) =>
      say(
        door,
        "POST",
        "/copies/resume",
        { object: need(flags, "object"), name: need(flags, "name") },
        need(flags, "actor"),
      ),
  },
  "legacy:claim": {
    help: "--file transactions.csv|json [--source NAME] [--dry-run] --actor NAME   brings the old system's transactions over; the receipts it knows never credit here",
    run: (door, flags) => {
      const actor = flags["dry-run"] === "true" ? flags.actor : need(flags, "actor");
      need(flags, "file");
      return claimLegacyFile((method, path, body) => call(door, method, path, body, actor), flags, console.log);
    },
  },
  "credit-writer": {
    help: "--site MAK --writer legacy|ours --reason TEXT --actor NAME, or --list   who credits the vendor's platform; for 30 minutes after a switch neither does",
    run: creditWriter,
  },
  heads: {
    help: "[--since 2026-11-01]   compares every object with Postgres now, and sends again what Postgres lacks",
    run: heads,
  },
  "consumption:rebuild": {
    help: "--from 2026-11-01 --to 2026-11-30 [--meters 23099001,23099002] [--write]   hours and days anew from stored readings; counts what differs, writes only with --write",
    run: rebuild,
  },
  status: {
    help: "[--json]   is anything stuck: depths of queues and outboxes, silent phones, open breakers; with --json all of it, the last SMS, payments, entries and commands too",
    run: async (door, flags) => {
      if (flags.json === "true") return say(door, "GET", "/status");
      for (const line of statusLines(await call(door, "GET", "/status"), door.where)) console.log(line);
    },
  },
};

const PAGES_MAX = 10_000;

async function creditWriter(door: Door, flags: Flags) {
  if (flags.list !== "true") {
    const wanted = { site: need(flags, "site"), writer: need(flags, "writer"), reason: need(flags, "reason") };
    const set = await call<CreditWriterView>(door, "POST", "/credit-writers", wanted, need(flags, "actor"));
    return console.log(creditWriterLines([set]).join("\n"));
  }
  const { sites } = await call<{ sites: CreditWriterView[] }>(door, "GET", "/credit-writers");
  console.log(creditWriterLines(sites).join("\n"));
}

async function replay(door: Door, flags: Flags) {
  let cursor: string | null = null;
  let seen = 0;
  let changed = 0;
  let left = 0;
  for (let page = 0; page < PAGES_MAX; page++) {
    const answer: { seen: number; changes: { left: boolean }[]; next: string | null } = await call(
      door,
      "POST",
      "/sms/replay",
      {
        since: need(flags, "since"),
        write: flags.write === "true",
        cursor,
      },
    );
    seen += answer.seen;
    changed += answer.changes.length;
    left += answer.changes.filter((change) => change.left).length;
    for (const change of answer.changes) console.log(JSON.stringify(change));
    if (answer.next === null) break;
    cursor = answer.next;
  }
  console.log(
    `${seen} SMS read again, ${changed} differ${flags.write === "true" ? ", sent to be processed again" : " (nothing written: add --write)"}`,
  );
  if (left > 0)
    console.log(
      `${left} of them left as they are: another receipt is read now, and their money stands at the first one`,
    );
}

async function rebuild(door: Door, flags: Flags) {
  let cursor: string | null = null;
  const total = { hours: 0, days: 0 };
  for (let page = 0; page < PAGES_MAX; page++) {
    const answer: RebuildPage = await call(door, "POST", "/consumption/rebuild", {
      from: need(flags, "from"),
      to: need(flags, "to"),
      meters: flags.meters?.split(",") ?? null,
      write: flags.write === "true",
      cursor,
    });
    const [hours, days] = [answer.hours, answer.days].map(({ missing, other, extra }) => missing + other + extra);
    total.hours += hours ?? 0;
    total.days += days ?? 0;
    console.log(
      `${answer.from} to ${answer.to}, ${answer.meters} meters up to ${answer.last ?? "-"}: ${JSON.stringify({ hours: answer.hours, days: answer.days })}`,
    );
    if (answer.next === null) break;
    cursor = answer.next;
  }
  console.log(
    `${total.hours} hours and ${total.days} days differed from the readings${flags.write === "true" ? ", put right" : " (nothing written: add --write)"}`,
  );
}

async function heads(door: Door, flags: Flags) {
  let cursor: string | null = null;
  const total: Record<string, number> = {};
  let found = 0;
  for (let page = 0; page < PAGES_MAX; page++) {
    const answer: { counts: Record<string, number>; differences: unknown[]; next: string | null } = await call(
      door,
      "POST",
      "/heads",
      { since: flags.since ?? null, cursor },
    );
    for (const [name, count] of Object.entries(answer.counts)) total[name] = (total[name] ?? 0) + count;
    for (const difference of answer.differences) console.log(shown(difference));
    found += answer.differences.length;
    if (answer.next === null) break;
    cursor = answer.next;
  }
  console.log(JSON.stringify(total));
  console.log(
    found === 0 ? "no difference" : `${found} differed, a line each above: what was done about it is its "because"`,
  );
}

async function main() {
  const [command, ...rest] = process.argv.slice(2);
  const chosen = COMMANDS[command ?? ""];
  if (chosen === undefined || rest.includes("--help")) {
    const line = (name: string, { help }: Command) => `npm run ${name} -- --env local|ls|bj|zm ${help}`;
    for (const [name, each] of Object.entries(COMMANDS)) console.log(line(name, each));
    // Last, where one looks: the command that was asked about.
    if (chosen !== undefined) console.log(`\n${line(command ?? "", chosen)}`);
    process.exit(chosen === undefined ? 2 : 0);
  }
  const flags = typedFlags(rest);
  await chosen.run(doorOf(flags), flags);
}

main().catch((thrown: unknown) => {
  console.error(thrown instanceof Error ? thrown.message : String(thrown));
  process.exit(1);
});
