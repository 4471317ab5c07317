import { database, type Mutant, people, unit, workers } from "./mutant.ts";

/** One of each class of mistake that was made before, in other places: a day, a right, a key, an alarm. */
export const CLASS_MUTANTS: Mutant[] = [
  {
    name: "local day as UTC",
    breaks: "what is paid in the first hours of a day at the place is of the day before in every figure",
    edits: [
      {
        file: "src/domain/local-day.ts",
        from: "new Date(at + utcOffsetMinutes * MINUTE_MS).toISOString()",
        to: "new Date(at).toISOString()",
      },
    ],
    tests: unit("domain/local-day", "is of the new day from midnight at the place on"),
  },
  {
    name: "local day of money as UTC",
    breaks: "the figures add up what was paid in the first hours of a day at the place to the day before",
    edits: [
      {
        file: "src/adapters/neon/rollup-sql.ts",
        from: 'const START = "d.day::timestamp AT TIME ZONE $2::text";',
        to: `const START = "d.day::timestamp AT TIME ZONE 'UTC'";`,
      },
    ],
    tests: database("rollups", "golden d: belongs to the next day"),
  },
  {
    name: "no permission on a route",
    breaks: "whoever knows the address approves that a person is erased",
    edits: [
      {
        file: "workers/portal/personal.ts",
        from: `.post("/erasures/:id/approve", allow("personal.erase"), limited,`,
        to: `.post("/erasures/:id/approve", limited,`,
      },
    ],
    tests: people("routes", "says whom it is for"),
  },
  {
    name: "weaker permission on a route",
    breaks: "whoever may look at money moves it to another account",
    edits: [
      {
        file: "workers/portal/ops-receipts.ts",
        from: `"/receipts/:receipt/move", allow("money.write")`,
        to: `"/receipts/:receipt/move", allow("money.read")`,
      },
    ],
    tests: people("routes", "that writes asks for no right that only reads"),
  },
  {
    name: "second person by letter case",
    breaks:
      "whoever asked that somebody is erased, and approves it in another letter case, is refused by a rule of the database that nobody can read",
    edits: [
      {
        file: "src/adapters/neon/second-person.ts",
        from: "`lower(regexp_replace(",
        to: "`(regexp_replace(",
      },
    ],
    tests: database("erasures", "waits for a second person, who is no other spelling"),
  },
  {
    name: "receipt by letter case",
    breaks: "the same receipt in small letters, as a person types it, is another receipt and is credited again",
    edits: [
      { file: "src/domain/receipt.ts", from: `text.normalize("NFKC").toUpperCase()`, to: `text.normalize("NFKC")` },
      {
        file: "src/domain/receipt.ts",
        from: "const CANONICAL = /^[A-Z0-9._/#-]+$/;",
        to: "const CANONICAL = /^[A-Z0-9._/#-]+$/i;",
      },
    ],
    tests: unit("domain/receipt", "it spells"),
  },
  {
    name: "account by letter case",
    breaks: "0045mak is another account than 0045MAK: money for it is at an object of its own",
    edits: [{ file: "src/domain/account.ts", from: "+ site.toUpperCase());", to: "+ site);" }],
    tests: unit("domain/account", "it spells"),
  },
  {
    name: "a dead letter that cannot be stored is taken",
    breaks: "what every queue gave up on while the database was down is lost",
    edits: [
      {
        file: "workers/dead-letters.ts",
        from: "message.retry({ delaySeconds: Math.min(RETRY_SECONDS_MAX, RETRY_SECONDS * Math.max(1, message.attempts)) });",
        to: "message.ack();",
      },
    ],
    tests: people("dead-letters", "that cannot be stored is tried again later"),
  },
  {
    name: "no alarm after a deploy",
    breaks:
      "an object that wakes up in a new life believes that its alarm stands: what it owes waits for a call that may never come",
    edits: [
      {
        file: "workers/objects/waking-object.ts",
        from: "if (this.#armedAt == null || at < this.#armedAt) await this.#setAlarm(at);",
        to: "if (this.#armedAt === null || at < (this.#armedAt ?? 0)) await this.#setAlarm(at);",
      },
    ],
    tests: workers("waking-object", "whose alarm was lost with a deploy sets it with the first call of its new life"),
  },
  {
    name: "a gap taken for a lag",
    breaks:
      "a payment that a set-back took from the middle of an account waits for days, as long as each night something else of it is on its way",
    edits: [{ file: "workers/jobs/heads-accounts.ts", from: " && isWhole(head);", to: ";" }],
    tests: people("heads-gap", "is sent again, though newer entries are there"),
  },
];
