import { database, type Mutant, unit, workers } from "./mutant.ts";

const REGISTER = "src/domain/register.ts";
const TAKE = "src/domain/take-reading.ts";
const TAKE_LATE = "src/domain/take-late.ts";

/** What loses or doubles energy between a meter and its account. */
export const METER_MUTANTS: Mutant[] = [
  {
    name: "register moved back",
    breaks: "a late reading sets the register back, and what came after it is debited again",
    edits: [
      {
        file: TAKE_LATE,
        from: `return fits ? accepted("late", known, [reading], [])`,
        to: `return fits ? accepted("late", { ...known, readAt, registerWh }, [reading], [])`,
      },
    ],
    tests: unit("domain/register", "stores a late reading and never moves the register back for it"),
  },
  {
    name: "gate loses energy",
    breaks: "what was counted up to a reading that came too soon is never debited",
    edits: [
      {
        file: TAKE,
        from: "register: { ...known, ...seen, connected, heldWh: null, version: known.version + 1 },\n      store: [],",
        to: `register: {
        ...known,
        ...seen,
        registerWh,
        postedWh: known.postedWh + registerWh - known.registerWh,
        connected,
        heldWh: null,
        version: known.version + 1,
      },
      store: [],`,
      },
    ],
    tests: unit("domain/register", "sees a reading that comes too soon"),
  },
  {
    name: "role ignored",
    breaks: "a check meter debits its account, which then pays twice",
    edits: [{ file: REGISTER, from: `placement.role === "primary" && billFrom !== null`, to: "billFrom !== null" }],
    tests: unit("domain/register", "debits nothing for a "),
  },
  {
    name: "reset debits",
    breaks: "after a reset everything that the register shows is debited anew",
    edits: [
      {
        file: TAKE,
        from: "    postedWh: registerWh,\n    postedAt: Math.max(readAt, known.postedAt),\n    seenAt: Math.max(readAt, known.seenAt),",
        to: "    postedWh: 0,\n    postedAt: Math.max(readAt, known.postedAt),\n    seenAt: Math.max(readAt, known.seenAt),",
      },
    ],
    tests: unit("domain/register", "takes a fall for a reset"),
  },
  {
    name: "reset goes negative",
    breaks: "a meter that starts anew from zero gives back all that it ever counted",
    edits: [
      { file: TAKE, from: "  if (fell) return takeReset(known, reading, connected, facts);\n", to: "" },
      {
        file: TAKE,
        from: "if (!isDue || registerWh <= known.postedWh)",
        to: "if (registerWh === known.postedWh)",
      },
    ],
    tests: unit("domain/register", "takes a fall for a reset"),
  },
  {
    name: "silence billed twice",
    breaks: "a meter that begins to bill after a silence debits again what the meter before it has debited",
    edits: [
      {
        file: REGISTER,
        from: "postedWh: pointBetween(top, { readAt, registerWh }, known.postedAt).registerWh",
        to: "postedWh: top.registerWh",
      },
    ],
    tests: unit("domain/register-people", "debits what it counts from then on, and nothing of its silence"),
  },
  {
    name: "jump billed",
    breaks: "one digit read wrong takes a family's credit for a year",
    edits: [
      {
        file: TAKE,
        from: `  if (!fell && isJump(known, reading, facts)) return quarantined(known, reading, "beyond_rating");\n`,
        to: "",
      },
    ],
    tests: unit("domain/register", "measures a jump by the meter's own rating"),
  },
  {
    name: "patient jump billed",
    breaks: "a jump that is repeated long enough becomes plausible, and is debited without anybody having looked",
    edits: [
      {
        file: TAKE,
        from: "  if (known.heldWh !== null && registerWh >= known.heldWh) return true;\n",
        to: "",
      },
    ],
    tests: unit("domain/register", "lets a jump beyond the meter's rating wait"),
  },
  {
    name: "future billed",
    breaks: "a clock that runs ahead is believed: every true reading after it comes too late to count",
    edits: [
      {
        file: TAKE,
        from: `  if (reading.readAt > facts.now + AHEAD_MS_MAX) return quarantined(register, reading, "future");\n`,
        to: "",
      },
    ],
    tests: unit("domain/register", "an hour and a minute ahead"),
  },
  {
    name: "wrong clock billed",
    breaks: "a meter whose clock was set back is debited twice: by the wrong clock, and again when it is right",
    edits: [
      {
        file: TAKE_LATE,
        from: "if (before === null || after === null || isHistory(known, readAt, facts.now))",
        to: "if (before === null || after === null)",
      },
    ],
    tests: unit("domain/register-clock", "days behind is history"),
  },
  {
    name: "entry without its register's name",
    breaks: "an account that was restored debits again what an entry has debited",
    edits: [
      {
        file: "src/domain/posting.ts",
        from: `  \`use:\${meterNumber}:\${toWh}@\${readAt}\`;`,
        to: `  \`use:\${meterNumber}:\${toWh}@\${readAt}~\${Math.random()}\`;`,
      },
    ],
    tests: workers("account-meters-restore", "never debits again what an entry has debited"),
  },
  {
    name: "other counter billed",
    breaks: "the counter that every reboot resets is taken for the billing register",
    edits: [
      {
        file: "src/domain/meter-message.ts",
        from: `energy: ["energy_active", "EnergyActive"],`,
        to: `energy: ["energy_active", "EnergyActive", "energy_integrated", "EnergyIntegrated"],`,
      },
    ],
    tests: unit("domain/meter-message", "never looks at the counter that a reboot resets"),
  },
  {
    name: "padded id another meter",
    breaks: "one meter in two spellings is two meters, of which one has no account",
    edits: [
      {
        file: "src/domain/meter-message.ts",
        from: `String(value).trim().replace(/^0+/, "")`,
        to: "String(value).trim()",
      },
    ],
    tests: unit("domain/meter-message", "takes a meter id of "),
  },
  {
    name: "nonce twice",
    breaks: "who has overheard a signed request can send it again",
    edits: [
      {
        file: "workers/ingest/meter-door.ts",
        from: `return isNew ? null : "this nonce`,
        to: `return isNew || claimed.nonce !== "" ? null : "this nonce`,
      },
    ],
    tests: workers("readings", "is good once"),
  },
  {
    name: "unmapped dropped",
    breaks: "readings that waited for their account are thrown away when it could not take them",
    edits: [
      {
        file: "workers/objects/unmapped-meters.ts",
        from: `if (verdicts === "not_ready") throw new Error(\`account \${account} is not ready\`);`,
        to: `if (verdicts === "not_ready") final.push(...readings);
      if (verdicts === "not_ready") continue;`,
      },
    ],
    tests: workers("unmapped-meters", "again by its alarm what an account could not take"),
  },
  {
    name: "hours added up",
    breaks: "a batch that comes again counts its hours again",
    edits: [
      {
        file: "src/adapters/neon/hours.ts",
        from: "ON CONFLICT (meter_id, account_id, hour) DO UPDATE SET energy_wh = excluded.energy_wh,",
        to: "ON CONFLICT (meter_id, account_id, hour) DO UPDATE SET energy_wh = c.energy_wh + excluded.energy_wh,",
      },
    ],
    tests: database("consumption", "fill the running hour as far as they reach"),
  },
  {
    name: "reading overwritten",
    breaks: "a second register of the same instant takes the place of the one that was billed",
    edits: [
      {
        file: "src/adapters/neon/copy-readings.ts",
        from: "ON CONFLICT (meter_id, read_at) WHERE account_id IS NOT NULL DO NOTHING",
        to: "ON CONFLICT (meter_id, read_at) WHERE account_id IS NOT NULL DO UPDATE SET register_wh = excluded.register_wh",
      },
    ],
    tests: database("consumption", "of two registers of one instant the first stays"),
  },
];
