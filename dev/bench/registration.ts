/** How long a file of new customers takes: read, looked at, taken, undone. Red when it takes longer than was asked. */
import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { connect } from "../../src/adapters/neon/database.ts";
import { neonRegistrations } from "../../src/adapters/neon/registrations-write.ts";
import { readSheet } from "../../src/adapters/sheets/sheet.ts";
import { writeXlsx } from "../../src/adapters/sheets/write-xlsx.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import { checkSheet } from "../../src/domain/registration/check-sheet.ts";
import { ROWS_PAGE_MAX, UNDO_PAGE_MAX } from "../../src/ports/registrations.ts";
import { uploadRegistration } from "../../src/services/upload-registration.ts";
import { withClient } from "../database-server.ts";
import { migrate } from "../migrate.ts";
import { startNeonBridge } from "../neon.ts";
import { startPostgres } from "../postgres.ts";
import { grouped, seconds, table } from "./figures.ts";
import { machineLine } from "./machine.ts";
import { loadPeople } from "./search/load.ts";
import { madePeople, type Person } from "./search/people.ts";

const { values: flags } = parseArgs({
  options: {
    rows: { type: "string", default: "5000" },
    /** Customers who are there already. */
    there: { type: "string", default: "20000" },
    seed: { type: "string", default: "1" },
  },
});
const ASKED_MS = 20_000;
const NOW = Date.UTC(2026, 10, 28, 12);
const by = { actor: "bench", reason: "bench", at: NOW };

const HEADERS = "First name,Last name,Phone,National ID,Customer type,Site,Plot number".split(",");
const rowOf = (person: Person, n: number) => [
  person.given,
  person.family,
  `5${String(1_000_000 + n)}`,
  `N${String(n).padStart(9, "0")}`,
  person.type,
  person.site,
  `${person.site} ${String((n % 9_000) + 1_000)} ${person.type}`,
];
const csvOf = (rows: string[][]) => new TextEncoder().encode(rows.map((cells) => cells.join(",")).join("\n"));

const count = Number(flags.rows);
const there = Number(flags.there);
const dataDir = await mkdtemp(join(tmpdir(), "cc-bench-registration-"));
const server = await startPostgres({ dataDir, port: 0, throwaway: true });
const bridge = await startNeonBridge({ port: 0 });
let isLate = false;
try {
  await server.createDatabase("bench");
  await migrate(server.ownerUrl("bench"));
  console.error(`loading ${grouped(there)} customers`);
  await withClient(server.ownerUrl("bench"), (client) => loadPeople(client, madePeople(there, Number(flags.seed))));
  const registrations = neonRegistrations(connect(server.appUrl("bench"), bridge.url));
  const strangers = madePeople(count, Number(flags.seed) + 1).map((person, n) => ({ ...person, n }));
  // Each file has its own people.
  const fileRows = (from: number) => [HEADERS, ...strangers.map((person) => rowOf(person, from + person.n))];
  const files = [
    ["XLSX, all or nothing", "all", writeXlsx([{ name: "Customers", widths: [], rows: fileRows(0) }])],
    ["CSV, good rows only", "good", csvOf(fileRows(100_000))],
  ] as const;

  const lines: string[][] = [];
  for (const [name, mode, bytes] of files) {
    const took: number[] = [];
    const clock = async <T>(work: () => Promise<T> | T): Promise<T> => {
      const began = performance.now();
      const answer = await work();
      took.push(performance.now() - began);
      return answer;
    };
    const rules = { country: COUNTRIES.LS, sites: COUNTRIES.LS.siteCodes, site: null, now: NOW };
    await clock(() => {
      const sheet = readSheet(bytes);
      if (!sheet.ok) throw new Error(JSON.stringify(sheet.error));
      const checked = checkSheet(sheet.value, rules);
      if (!checked.ok) throw new Error(JSON.stringify(checked.error));
      const bad = checked.value.rows.filter(({ faults }) => faults.length > 0);
      if (bad.length > 0) throw new Error(`${bad.length} rows are wrong: ${JSON.stringify(bad[0])}`);
    });
    const contentHash = createHash("sha256").update(bytes).digest("hex");
    const batch = await clock(() =>
      uploadRegistration(
        { readSheet, registrations },
        { key: `bench:${mode}`, bytes, contentHash, fileName: name, rules },
        by,
      ),
    );
    if (!batch.ok) throw new Error(JSON.stringify(batch.error));
    const { batchId } = batch.value;
    await clock(async () => {
      await registrations.commit(batchId, { mode, takesTwins: true }, by);
      for (let after: number | null = 0; after !== null; ) {
        const page: Awaited<ReturnType<typeof registrations.registerRows>> = await registrations.registerRows(
          batchId,
          after,
          ROWS_PAGE_MAX,
          NOW,
        );
        if (!page.ok) throw new Error(JSON.stringify(page.error));
        after = page.value.next;
      }
    });
    const [, upload = 0, commit = 0] = took;
    isLate ||= upload + commit > ASKED_MS;
    const made = await registrations.rowsIn(batchId, "registered", count);
    if (made.length !== count) throw new Error(`${made.length} of ${count} were registered`);
    await registrations.told(
      batchId,
      made.map(({ row }) => row),
      [],
      NOW,
    );
    await registrations.finish(batchId, NOW);
    await clock(async () => {
      await registrations.undo(batchId, by);
      for (let after = 0; ; ) {
        const rows = (await registrations.rowsToUndo(batchId, after, UNDO_PAGE_MAX)).map(({ row }) => row);
        if (rows.length === 0) break;
        await registrations.undoRows(batchId, rows, [], NOW);
        after = rows.at(-1) ?? after;
      }
    });
    lines.push([
      name,
      `${Math.round(bytes.length / 1024)} kB`,
      ...took.map((ms) => seconds(ms)),
      seconds(upload + commit),
    ]);
  }
  console.log(
    `**Machine:** ${await machineLine(server.superUrl("bench"))}. ${grouped(count)} rows; ${grouped(there)} customers are there already.\n`,
  );
  console.log(
    table(
      [
        "file",
        "size",
        "read alone",
        "upload (read, rows, twins)",
        "taken (twins again, customers, accounts, audit)",
        "undone",
        "upload and taken",
      ],
      lines,
    ),
  );
  console.log(`\nAsked: ${seconds(ASKED_MS)}. The accounts' objects are told afterwards, in the background.`);
} finally {
  await bridge.close();
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
}
if (isLate) process.exitCode = 1;
