import { database, type Mutant, unit, workers } from "./mutant.ts";

const REGISTER = "src/domain/register.ts";
const TAKE = "src/domain/take-reading.ts";
const TAKE_LATE = "src/domain/take-late.ts";
const DISCONNECT = "src/domain/disconnect.ts";
const PERMIT = "src/domain/permit.ts";
const RELAY = "src/domain/relay.ts";
const RELAY_DESK = "workers/objects/account-ledger/relay.ts";
const DARK_DESK = "workers/objects/account-ledger/dark.ts";
const ERRANDS = "workers/objects/account-ledger/errands.ts";

/** What loses or doubles energy between a meter and its account, or decides wrongly on light and dark. */
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
    tests: unit("domain/register", "debits what it counts from then on, and nothing of its silence"),
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
  {
    name: "stale disconnect",
    breaks: "a family goes dark by what its meter said yesterday",
    edits: [
      {
        file: DISCONNECT,
        from: `  if (now - facts.readAt > READING_AGE_MS_MAX) return "reading_stale";\n`,
        to: "",
      },
    ],
    tests: unit("domain/disconnect", "holds: "),
  },
  {
    name: "second look skipped",
    breaks: "one look is enough to go dark",
    edits: [
      {
        file: DISCONNECT,
        from: `  if (facts.firstLookAt === null || now - facts.firstLookAt < SECOND_LOOK_MS)
    return { order: "hold", because: "first_look" };
`,
        to: "",
      },
    ],
    tests: unit("domain/disconnect", "holds: "),
  },
  {
    name: "no flap limit",
    breaks: "a relay goes on and off all day",
    edits: [
      {
        file: DISCONNECT,
        from: `  if (facts.disconnectsToday >= DISCONNECTS_PER_DAY_MAX) return "flapping";\n`,
        to: "",
      },
    ],
    tests: unit("domain/disconnect", "holds: "),
  },
  {
    name: "breaker off",
    breaks: "a tariff read wrong puts a whole village in the dark in one night",
    edits: [
      { file: PERMIT, from: "if (facts.inBurst + 1 > limits.perTenMinutesMax)", to: "if (facts.isLacking)" },
      { file: PERMIT, from: "if (facts.inHour + 1 > Math.max(share, limits.accountsMin))", to: "if (share < 0)" },
    ],
    tests: unit("domain/permit", "stops the site: "),
  },
  {
    name: "open breaker ignored",
    breaks: "the site goes on going dark although nobody has looked",
    edits: [{ file: PERMIT, from: `  if (facts.isTripped) return refuse("breaker_open");\n`, to: "" }],
    tests: unit("domain/permit", "refuses: "),
  },
  {
    name: "permit not asked",
    breaks: "an account puts its meter in the dark without asking what others know",
    edits: [
      {
        file: ERRANDS,
        from: "const permit = await this.#askPermit(facts, meterNumber);",
        to: "const permit: Permit = { granted: true };",
      },
    ],
    tests: workers("dark", "stays lit while the gate does not answer"),
  },
  {
    name: "permit is the last word",
    breaks: "a payment that came while the gate was thinking does not count",
    edits: [
      {
        file: DARK_DESK,
        from: `    this.#note(meterNumber, decision, now);
    if (decision.order !== "disconnect") return false;
    this.#host.desk.order(facts, { ...meter, action: "disconnect", because: decision.because }, now);`,
        to: `    this.#note(meterNumber, decision, now);
    if (!permit.granted) return false;
    this.#host.desk.order(facts, { ...meter, action: "disconnect", because: "zero_balance" }, now);`,
      },
    ],
    tests: workers("dark-between", "a payment that comes while the gate thinks"),
  },
  {
    name: "connect waits for a reading",
    breaks: "who has paid stays in the dark until the meter happens to say something",
    edits: [
      {
        file: RELAY,
        from: `  if (balanceWh <= 0) return { order: "hold", because: "no_credit" };
  if (newest?.action === "connect"`,
        to: `  if (balanceWh <= 0 || relay.heardAt === null) return { order: "hold", because: "no_credit" };
  if (newest?.action === "connect"`,
      },
    ],
    tests: unit("domain/relay", "decideConnect"),
  },
  {
    name: "connect waits for Postgres",
    breaks: "while the database is down nobody is lit",
    edits: [
      {
        file: "workers/objects/account-ledger.ts",
        from: `      case "relay":
        return this.#errands.turnRelays(known.facts);`,
        to: `      case "relay":
        return this.outbox.isWaiting() ? undefined : this.#errands.turnRelays(known.facts);`,
      },
    ],
    tests: workers("relay", "orders a connect in the same transaction and publishes it at the first alarm"),
  },
  {
    name: "disconnect in flight stands",
    breaks: "a payment is not followed by a connect because the meter was lit a moment ago, and then it goes dark",
    edits: [
      {
        file: RELAY,
        from: `if (knownClosed && newest?.action !== "disconnect")`,
        to: "if (knownClosed)",
      },
    ],
    tests: unit("domain/relay", "decideConnect"),
  },
  {
    name: "ended disconnect believed undone",
    breaks: "a disconnect that ended without an answer counts as never obeyed: who pays then stays in the dark",
    edits: [
      {
        file: RELAY_DESK,
        from: "decideConnect(supplyWh, relay, this.#host.tables.newest(meter.meterNumber), now, isKeptDark)",
        to: "decideConnect(supplyWh, relay, this.live(meter.meterNumber), now, isKeptDark)",
      },
    ],
    tests: workers("dark-between", "a payment after a disconnect that nobody answered lights at once"),
  },
  {
    name: "acked is waited for",
    breaks: "a meter that answered without saying how its relay stands never goes dark again",
    edits: [
      {
        file: DISCONNECT,
        from: "if (facts.live !== null && isUnderWay(facts.live.state))",
        to: "if (facts.live !== null)",
      },
    ],
    tests: unit("domain/disconnect", "does not hold for "),
  },
  {
    name: "unanswered disconnect forgotten",
    breaks: "a meter that obeys the older disconnect after the connect stays dark",
    edits: [
      {
        file: RELAY_DESK,
        from: "        tables.putOnceMore(order.meterNumber, older.expiresAt);\n",
        to: "        tables.putOnceMore(order.meterNumber, null);\n",
      },
    ],
    tests: workers("dark", "connects once more when a disconnect that nobody answered has ended"),
  },
  {
    name: "stale answer heard",
    breaks: "what a meter said of an older command is taken for how its relay stands now",
    edits: [
      {
        file: RELAY_DESK,
        from: `    if (tables.newest(command.meterNumber)?.id !== command.id) return { status: "noop", state: command.state };\n`,
        to: "",
      },
    ],
    tests: workers("relay-seeds", "the rules of light and dark"),
  },
  {
    name: "sequence falls back",
    breaks: "after a clock was set back a meter refuses every newer command as an old one",
    edits: [
      {
        file: "src/domain/relay-commands.ts",
        from: "seq: Math.max(lastSeq + 1, Math.floor(now / 1_000)),",
        to: "seq: Math.floor(now / 1_000),",
      },
    ],
    tests: unit("domain/relay", "rises in sequence"),
  },
  {
    name: "keep_dark undone by a payment",
    breaks: "a payment puts power on a line on which somebody works",
    edits: [
      {
        file: RELAY,
        from: `  if (isKeptDark) return { order: "hold", because: "keep_dark" };
  if (balanceWh <= 0) return { order: "hold", because: "no_credit" };
  if (newest?.action === "connect"`,
        to: `  if (balanceWh <= 0) return { order: "hold", because: "no_credit" };
  if (newest?.action === "connect"`,
      },
    ],
    tests: workers("dark", "puts in the dark for safety, and no payment lights it until it ends"),
  },
  {
    name: "stranger's BAL answered",
    breaks: "anybody who knows an account's number is told its balance",
    edits: [
      {
        file: "src/services/answer-balance.ts",
        from: "held.filter(({ account }) => account === question.account)",
        to: `[{ account: question.account, status: "live" as const, language: "en" as const }]`,
      },
    ],
    tests: unit("services/answer-balance", "says nothing to "),
  },
];
