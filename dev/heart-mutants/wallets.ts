import { database, type Mutant, unit } from "./mutant.ts";

const DRIFT = "src/domain/vendor-drift.ts";

/** A wallet on a vendor's platform, beside our balance. */
export const WALLET_MUTANTS: Mutant[] = [
  {
    name: "currency read as kWh",
    breaks:
      "a wallet of M100 stands beside a balance of 20 kWh as 100 kWh: five times too much, as the old system once had it",
    edits: [
      {
        file: DRIFT,
        from: "const theirsWh = energyForMoney(wallet.amountMinor, minorDigits, rateE4PerKwh);",
        to: "const theirsWh = (wallet.amountMinor * 1_000) / 10 ** minorDigits;",
      },
    ],
    tests: unit("domain/vendor-drift", "are compared in energy by the rate"),
  },
  {
    name: "edit hidden as a missing hour",
    breaks: "money that somebody took out of a wallet is explained away by readings that are late",
    edits: [{ file: DRIFT, from: "-Math.min(-leftWh, mostWh)", to: "leftWh" }],
    tests: unit("domain/vendor-drift", "is an edit on the platform as far as"),
  },
  {
    name: "drift case twice",
    breaks: "each night's look opens another case of the same difference, and nobody reads any of them",
    edits: [
      {
        file: "src/adapters/neon/wallet-books.ts",
        from: "AND k.subject = r.account AND k.state = 'open')\n  ON CONFLICT",
        to: "AND k.subject = r.account AND false)\n  ON CONFLICT",
      },
    ],
    tests: database("wallet-books", "is one row a day and one case an account"),
  },
];
