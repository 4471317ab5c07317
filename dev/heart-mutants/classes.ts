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
    name: "second person by letter case",
    breaks: "whoever asked that somebody is erased approves it, with another letter case in the name",
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
];
