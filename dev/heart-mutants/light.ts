import { type Mutant, unit, workers } from "./mutant.ts";

const DISCONNECT = "src/domain/disconnect.ts";
const PERMIT = "src/domain/permit.ts";
const RELAY = "src/domain/relay.ts";
const RELAY_DESK = "workers/objects/account-ledger/relay.ts";
const DARK_DESK = "workers/objects/account-ledger/dark.ts";
const ERRANDS = "workers/objects/account-ledger/errands.ts";

/** What decides wrongly on light and dark, or loses a command on its way to a meter. */
export const LIGHT_MUTANTS: Mutant[] = [
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
