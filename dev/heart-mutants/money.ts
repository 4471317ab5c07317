import { database, type Mutant, people, unit, workers } from "./mutant.ts";

/** What loses or doubles money, or leaves somebody who has paid in the dark. */
export const MONEY_MUTANTS: Mutant[] = [
  {
    name: "a stranger's postings",
    breaks: "what an account owes is written under its id, whoever has that id in the database",
    edits: [
      { file: "src/adapters/neon/copy-postings.ts", from: "a.account_number IS DISTINCT FROM r.owner", to: "false" },
    ],
    tests: database("strangers", "is written at no stranger's account"),
  },
  {
    name: "a stranger's payments",
    breaks: "what a shard tells of a payment is written at whoever has the account's number in the database",
    edits: [
      {
        file: "src/adapters/neon/copy-step.ts",
        from: `CASE WHEN o."accountId" <> a.id OR (o."accountId" IS NOT NULL AND a.id IS NULL)`,
        to: "CASE WHEN false",
      },
    ],
    tests: database("strangers", "is written nowhere while its object has said another id"),
  },
  {
    name: "a number without its id",
    breaks: "a shard tells of a holder by number alone, though the holder has said under which id it goes",
    edits: [
      {
        file: "workers/objects/receipt-book/holder-ids.ts",
        from: "return accountId === undefined ? item :",
        to: "return accountId !== null ? item :",
      },
    ],
    tests: workers("receipt-book", "tells of its holder under which id"),
  },
  {
    name: "numbers that were set back",
    breaks:
      "somebody is registered under a number that the database gave before it was set back, as no version shows it",
    edits: [
      {
        file: "workers/set-back.ts",
        from: "return ahead === null ? null :",
        to: "return ahead !== undefined ? null :",
      },
    ],
    tests: people("set-back", "nobody is either while a site has not come to a number"),
  },
  {
    name: "a stranger's entries taken over",
    breaks: "an account adopts what stands under its id, whoever has that id in the database",
    edits: [
      {
        file: "workers/objects/account-ledger.ts",
        from: "if (isOwn === false) return",
        to: "if (isOwn === null) return",
      },
    ],
    tests: workers("account-ledger-reconcile", "takes over nothing that stands under its id"),
  },
  {
    name: "no dedupe of receipts",
    breaks: "the claim of a known receipt creates it again",
    edits: [
      {
        file: "workers/objects/receipt-book.ts",
        from: "decideClaim(this.#changes.state(claim.receipt), claim,",
        to: "decideClaim(null, claim,",
      },
      {
        file: "workers/objects/receipt-book/table.ts",
        from: "INSERT INTO entries (entry_key, receipt, account,",
        to: "INSERT OR REPLACE INTO entries (entry_key, receipt, account,",
      },
    ],
    tests: workers("receipt-book", "credits once when it comes forty times"),
  },
  {
    name: "no dedupe of SMS",
    breaks: "a Mailbox without its unique key stores an SMS as often as it comes",
    edits: [
      {
        file: "workers/objects/mailbox/tables.ts",
        from: "content_hash TEXT NOT NULL, PRIMARY KEY (external_id, content_hash)) STRICT, WITHOUT ROWID",
        to: "content_hash TEXT NOT NULL) STRICT",
      },
    ],
    tests: workers("medic", "M09, M10", "M11"),
  },
  {
    name: "no dedupe of entries",
    breaks: "an account credits a key that it has answered",
    edits: [
      {
        file: "workers/objects/account-ledger/post.ts",
        from: "decidePost(facts, tables.answer(payment.entryKey), held, payment)",
        to: "decidePost(facts, null, held, payment)",
      },
      {
        file: "workers/objects/account-ledger/tables.ts",
        from: "entry_key TEXT PRIMARY KEY,\n    posting_id",
        to: "entry_key TEXT NOT NULL,\n    posting_id",
      },
      {
        file: "workers/objects/account-ledger/tables.ts",
        from: "entry_key TEXT PRIMARY KEY,\n    receipt",
        to: "entry_key TEXT NOT NULL,\n    receipt",
      },
      {
        file: "workers/objects/account-ledger/tables.ts",
        from: "INSERT INTO answers VALUES",
        to: "INSERT OR REPLACE INTO answers VALUES",
      },
    ],
    tests: workers("account-ledger", "credits a receipt once"),
  },
  {
    name: "ack on error",
    breaks: "the Mailbox answers 200 although its transaction failed: the phone forgets the SMS",
    edits: [
      {
        file: "workers/objects/mailbox.ts",
        from: "error: thrown });\n      return notReadyAnswer(request);",
        to: "error: thrown });\n      return { status: 200, jsonText: '{\"messages\":[]}' };",
      },
    ],
    tests: workers("medic", "M31"),
  },
  {
    name: "torn write",
    breaks: "an account commits the entry first and what it owes Postgres in a second transaction",
    edits: [
      {
        file: "workers/objects/account-ledger.ts",
        from: `    const filed = this.transact(() => {
      const isOwing = this.wakes.has("copy");
      const { answer, posting, after = [] } = file(facts, this.clock.now());
      const news`,
        to: `    const { answer, posting, after = [] } = this.transact(() => file(facts, this.clock.now()));
    const filed = this.transact(() => {
      const isOwing = this.wakes.has("copy");
      const news`,
      },
    ],
    tests: workers("account-ledger", "files nothing of a credit whose debt"),
  },
  {
    name: "taken sequence ignored",
    breaks: "the copy skips a posting whose sequence another key has, and calls it recorded",
    edits: [
      {
        file: "src/adapters/neon/copy-postings.ts",
        from: "ON CONFLICT (entry_key) DO NOTHING",
        to: "ON CONFLICT DO NOTHING",
      },
      {
        file: "src/adapters/neon/copy-postings.ts",
        from: `AND s.entry_key <> r."entryKey"\n`,
        to: "AND false\n",
      },
      {
        file: "src/adapters/neon/copy-postings.ts",
        from: "WHERE bad.i IS NOT NULL OR e.id IS NULL GROUP BY",
        to: "WHERE bad.i IS NOT NULL GROUP BY",
      },
    ],
    tests: database("copy-rows", "an account's postings"),
  },
  {
    name: "any conflict passes",
    breaks: "of two writers at once, the insert leaves out the line whose sequence the other has just taken",
    edits: [
      {
        file: "src/adapters/neon/copy-postings.ts",
        from: "ON CONFLICT (entry_key) DO NOTHING",
        to: "ON CONFLICT DO NOTHING",
      },
    ],
    tests: database(
      "copy-writers",
      "write the same postings interleaved",
      "bring another posting for the same sequence",
    ),
  },
  {
    name: "mark before post",
    breaks: "a share counts as posted before the account has answered: a lost call is lost money",
    edits: [
      {
        file: "workers/objects/receipt-book/drive.ts",
        from: `!(await gate.knows(receipt)))) break;
      const answer`,
        to: `!(await gate.knows(receipt)))) break;
      const early = { account: asked.account, seq: 1, energyWh: 0, balanceAfterWh: 0, rateE4PerKwh: 0 };
      transact(() => this.#house.changes.posted(asked, early));
      const answer`,
      },
    ],
    tests: workers("receipt-book-faults", "credits an account although the gate does not answer"),
  },
  {
    name: "no dead-man alarm",
    breaks: "an object that dies in the middle of its work is never woken again",
    edits: [
      {
        file: "workers/objects/waking-object.ts",
        from: "    if (due.length > 0) await this.#setAlarm(deadManAt);\n",
        to: "",
      },
    ],
    tests: workers("waking-object", "has its next alarm armed before the work"),
  },
  {
    name: "claim without generation",
    breaks: "of two people who move the same receipt, both win",
    edits: [
      {
        file: "src/domain/move-rules.ts",
        from: `  if (state.generation !== move.expectedGeneration) return { kind: "stale" };\n`,
        to: "",
      },
    ],
    tests: workers("receipt-book-moves", "lets one of two win"),
  },
  {
    name: "reversal after",
    breaks: "the new account has the money before it is taken from the old one",
    edits: [
      {
        file: "workers/objects/receipt-book/changes.ts",
        from: `    if (leaving.length > 0) return leaving.find(({ entryKey }) => !skipped.has(entryKey)) ?? null;
    if (stored.phase === "settling") this.#beginPosting(stored);
    const wanted = entries.filter(({ state }) => state === "wanted");
    if (wanted.length > 0) return wanted.find(({ entryKey }) => !skipped.has(entryKey)) ?? null;
`,
        to: `    const wanted = entries.filter(({ state, entryKey }) => state === "wanted" && !skipped.has(entryKey));
    if (wanted[0] !== undefined) return wanted[0];
    if (leaving.length > 0) return leaving.find(({ entryKey }) => !skipped.has(entryKey)) ?? null;
    if (stored.phase === "settling") this.#beginPosting(stored);
`,
      },
    ],
    tests: workers("receipt-book-moves", "posts nothing to an account that a move asked first"),
  },
  {
    name: "a stranger's reversal blocks",
    breaks: "anybody who texts the shop's phone keeps the own light on, and puts who has paid into the dark",
    edits: [
      {
        file: "src/services/process-sms.ts",
        from: `if (believed === "stranger") return done(reversal`,
        to: `if (receipt === null) return done(reversal`,
      },
    ],
    tests: workers("stranger-reversals", "blocks no receipt and holds no account", "puts nobody in the dark"),
  },
  {
    name: "a closed reversal is deaf",
    breaks: "the operator's own reversal is dropped once a person has closed a forged one: the money is spent twice",
    edits: [
      {
        file: "workers/objects/receipt-book/reversals.ts",
        from: "if (before.includes(text) || (isClosed &&",
        to: "if (before.includes(text) || isClosed || (isClosed &&",
      },
    ],
    tests: workers("receipt-book-reversals", "opens again by other words"),
  },
  {
    name: "forward not remembered",
    breaks: "the old system is sent again what it has answered with a 2xx, and credits twice",
    edits: [
      {
        file: "workers/objects/mailbox/forwards.ts",
        from: "SET state = 'confirmed', lease_id",
        to: "SET state = 'waiting', lease_id",
      },
    ],
    tests: workers("forward", "never sends again what a 2xx confirmed"),
  },
  {
    name: "forward without lease",
    breaks: "two consumers send the same SMS to the old system at once",
    edits: [
      {
        file: "workers/objects/mailbox/forwards.ts",
        from: " AND (f.lease_until IS NULL OR f.lease_until <= ?)`,\n        id,\n        now,",
        to: "`,\n        id,",
      },
    ],
    tests: workers("forward", "two deliveries at the same time"),
  },
  {
    name: "receipt not canonical",
    breaks: "one receipt in two spellings is two receipts",
    edits: [
      {
        file: "src/domain/receipt.ts",
        from: `text.normalize("NFKC").toUpperCase().replace(/\\s+/g, "")`,
        to: "text",
      },
    ],
    tests: unit("domain/receipt", "canonicalReceipt"),
  },
  {
    name: "webhook receipt not canonical",
    breaks: "a provider's webhook credits again what an SMS in another letter case has credited",
    edits: [
      {
        file: "workers/payments.ts",
        from: "canonicalReceipt(reference)",
        to: "reference",
      },
    ],
    tests: workers("payments", "credits once"),
  },
  {
    name: "SMS receipt not canonical",
    breaks: "an SMS credits again what a webhook in another spelling has credited",
    edits: [{ file: "src/domain/sms/reading.ts", from: "canonicalReceipt(text)", to: "text" }],
    tests: unit("domain/sms/parse", "the receipt"),
  },
  {
    name: "twin rule off",
    breaks: "a payment that comes once more by hand is credited twice, and nobody is asked",
    edits: [
      {
        file: "src/domain/ledger.ts",
        from: `  if (twin !== null) return refuse("twin", twin.receipt);\n`,
        to: "",
      },
    ],
    tests: workers("account-ledger", "holds back a likely twin"),
  },
  {
    name: "first verdict not kept",
    breaks: "a till judges the same receipt anew: a repeat uses its caps twice",
    edits: [
      {
        file: "workers/objects/till/verdicts.ts",
        from: "const judged = table.judged(receipt);",
        to: "const judged = null as JudgedPayment | null;",
      },
      {
        file: "workers/objects/till/table.ts",
        from: "INSERT INTO verdicts VALUES",
        to: "INSERT OR REPLACE INTO verdicts VALUES",
      },
    ],
    tests: workers("till", "counts a receipt once"),
  },
  {
    name: "credit without connect",
    breaks: "a family that has paid stays in the dark",
    edits: [
      {
        file: "workers/objects/account-ledger.ts",
        from: `if (filed.answer.status === "posted" && filed.posting !== null) {
        this.desks.afterCredit(facts, now);`,
        to: `if (filed.answer.status === "posted" && filed.posting !== null) {`,
      },
    ],
    tests: workers("relay", "orders a connect in the same transaction"),
  },
  {
    name: "gate told later",
    breaks: "a claim is answered before the gate knows of its money that waits: its payer may go dark",
    edits: [
      {
        file: "workers/objects/receipt-book.ts",
        from: `    if (!(await this.#gate.knows(claim.receipt))) return { status: "not_ready" };
    await this.#drive(claim.receipt);
    if (!(await this.#gate.knows(claim.receipt))) return { status: "not_ready" };`,
        to: "    await this.#drive(claim.receipt);",
      },
    ],
    tests: workers("receipt-book-faults", "does not answer a claim that holds money before the gate knows"),
  },
  {
    name: "gate told later of a refusal",
    breaks: "the account refuses, the money waits, and the claim is answered before the gate knows",
    edits: [
      {
        file: "workers/objects/receipt-book.ts",
        from: `    await this.#drive(claim.receipt);
    if (!(await this.#gate.knows(claim.receipt))) return { status: "not_ready" };`,
        to: "    await this.#drive(claim.receipt);",
      },
    ],
    tests: workers("receipt-book-faults", "does not answer a claim that its account refuses before the gate knows"),
  },
  {
    name: "refusal not kept",
    breaks: "a post that comes late credits an account whose share a move has taken away",
    edits: [
      {
        file: "workers/objects/account-ledger/post.ts",
        from: `tables.answer(entryKey) ?? tables.fixRefusal(entryKey, "moved");`,
        to: `tables.answer(entryKey) ?? { status: "refused", because: "moved", twinReceipt: null };`,
      },
    ],
    tests: workers("account-ledger", "refuses for ever a key that was settled"),
  },
];
