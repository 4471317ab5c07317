/** Money: every cent in one place, the same in the objects and in Postgres. */
import { partOf, UNALLOCATED } from "../../src/domain/fees/debt.ts";
import type { LedgerRow } from "../../src/domain/ledger.ts";
import type { Invariant } from "./invariants.ts";
import type { Book, EntrySeen, Snapshot } from "./snapshot.ts";

const sum = (list: readonly number[]) => list.reduce((total, each) => total + each, 0);
const CUSTOMER = new Set(["customer_energy", "customer_fees"]);

/** Credits of a receipt that no reversal has taken back; what paid a debt is counted with its posting. */
function liveCredits(entries: readonly EntrySeen[], receipt: string): EntrySeen[] {
  const own = entries.filter((entry) => entry.receipt === receipt && CUSTOMER.has(entry.book));
  const reversed = new Set(own.filter(({ kind }) => kind === "reversal").map(({ entryKey }) => entryKey));
  const live = own.filter(({ kind, entryKey }) => kind === "payment" && !reversed.has(`${entryKey}:reversal`));
  return live
    .filter(({ entryKey, postingId }) => entryKey === postingId)
    .map((main) => ({
      ...main,
      amountMinor: sum(live.filter((part) => part.postingId === main.postingId).map((part) => part.amountMinor)),
    }));
}

const heldBy = (book: Book, kind: string) =>
  sum(book.shares.filter((share) => share.kind === kind).map(({ amountMinor }) => amountMinor));

export const moneyInvariants: readonly Invariant[] = [
  {
    name: "every receipt that was brought is claimed, driven to its end, and recorded as it is held",
    check: ({ expected, books, payments }) =>
      expected.flatMap(({ receipt, amounts }) => {
        const book = books.find((each) => each.receipt === receipt);
        const row = payments.find((each) => each.receipt === receipt);
        if (book === undefined || row === undefined)
          return [`${receipt}: claimed ${book !== undefined}, recorded ${row !== undefined}`];
        const kinds = new Set(book.shares.map(({ kind }) => kind));
        const whole = book.shares.length === 1 ? [...kinds][0] : "split";
        const faults = [
          book.phase === "closed" || `phase ${book.phase}`,
          amounts.includes(book.amountMinor) || `amount ${book.amountMinor}; brought ${amounts.join(", ")}`,
          row.generation === book.generation || `generation ${row.generation} recorded; ${book.generation} in the book`,
          row.amountMinor === book.amountMinor || `amount ${row.amountMinor} recorded; ${book.amountMinor} in the book`,
          row.holderKind === whole || `holder ${row.holderKind} recorded; ${whole} in the book`,
          row.blocked === book.blocked || `blocked ${row.blocked} recorded; ${book.blocked} in the book`,
        ];
        return faults.flatMap((fault) => (fault === true ? [] : [`${receipt}: ${fault}`]));
      }),
  },
  {
    name: "the present shares of a receipt add up to its amount, and are the recorded ones",
    check: ({ books, allocations }) =>
      books.flatMap(({ receipt, amountMinor, generation, shares }) => {
        const total = sum(shares.map((share) => share.amountMinor));
        const mine = shares.map(({ kind, account, amountMinor: minor }) => `${kind} ${account} ${minor}`);
        const recorded = allocations
          .filter((row) => row.receipt === receipt && row.generation === generation)
          .map((row) => `${row.holderKind} ${row.account} ${row.amountMinor}`);
        return [
          ...(total === amountMinor ? [] : [`${receipt}: shares ${total}, amount ${amountMinor}`]),
          ...(mine.sort().join() === recorded.sort().join()
            ? []
            : [`${receipt}#${generation}: shares ${mine.join("; ")}; recorded ${recorded.join("; ")}`]),
        ];
      }),
  },
  {
    name: "each receipt is credited where its shares say, and nowhere else",
    check: ({ books, entries }) =>
      books.flatMap(({ receipt, shares }) => {
        const wanted = shares
          .filter(({ kind }) => kind === "account")
          .map(({ entryKey, account, amountMinor }) => `${entryKey} ${account} ${amountMinor}`);
        const live = liveCredits(entries, receipt).map(
          ({ entryKey, account, amountMinor }) => `${entryKey} ${account} ${amountMinor}`,
        );
        return wanted.sort().join() === live.sort().join()
          ? []
          : [`${receipt}: held as ${wanted.join("; ") || "nothing"}; credited ${live.join("; ") || "nothing"}`];
      }),
  },
  {
    name: "payments = customers + suspense + treasury + returned, and what clearing gave",
    check: ({ books, payments, entries, seed }) => {
      const perReceipt = books.flatMap((book) => {
        const own = entries.filter(({ receipt }) => receipt === book.receipt);
        const inBook = (name: string) => sum(own.filter((entry) => entry.book === name).map((e) => e.amountMinor));
        const places = [
          ["suspense", inBook("suspense"), heldBy(book, "suspense")],
          ["treasury", inBook("treasury"), heldBy(book, "treasury")],
          ["clearing", -inBook("clearing"), book.amountMinor - heldBy(book, "returned")],
          ["customers", inBook("customer_energy") + inBook("customer_fees"), heldBy(book, "account")],
        ] as const;
        return places.flatMap(([name, is, should]) =>
          is === should ? [] : [`${book.receipt}: ${name} ${is}; expected ${should}`],
        );
      });
      const known = new Set(books.map(({ receipt }) => receipt));
      const of = (...names: string[]) =>
        sum(
          entries
            .filter(({ receipt, book }) => known.has(receipt ?? "") && names.includes(book))
            .map(({ amountMinor }) => amountMinor),
        );
      const paid = sum(payments.map(({ amountMinor }) => amountMinor)) - sum(books.map((b) => heldBy(b, "returned")));
      const placed = of("customer_energy", "customer_fees", "suspense", "treasury");
      return [...perReceipt, ...(paid === placed ? [] : [`seed ${seed}: payments ${paid}, in the books ${placed}`])];
    },
  },
  {
    name: "every posting adds up to zero in energy and in money, and every key is there once",
    check: ({ entries }) => {
      const postings = new Map<string, EntrySeen[]>();
      for (const entry of entries) postings.set(entry.postingId, [...(postings.get(entry.postingId) ?? []), entry]);
      const keys = new Set(entries.map(({ entryKey }) => entryKey));
      return [
        ...[...postings].flatMap(([id, lines]) => {
          const [wh, minor] = [sum(lines.map((line) => line.energyWh)), sum(lines.map((line) => line.amountMinor))];
          return wh === 0 && minor === 0 ? [] : [`${id}: ${wh} Wh, ${minor} minor units`];
        }),
        ...(keys.size === entries.length ? [] : [`${entries.length - keys.size} keys are there twice`]),
      ];
    },
  },
  {
    name: "nobody has paid more of a fee than was charged",
    check: ({ accounts, entries }) =>
      accounts.flatMap(({ account }) => {
        // What nothing took is a credit, and has sentences of its own.
        const fees = entries.filter(
          ({ book, entryKey, ...entry }) =>
            entry.account === account &&
            book === "customer_fees" &&
            partOf({ book: book as LedgerRow["book"], entryKey }) !== UNALLOCATED,
        );
        const paidMinor = sum(fees.filter(({ kind }) => kind !== "fee").map((entry) => entry.amountMinor));
        const owedMinor = -sum(fees.map((entry) => entry.amountMinor));
        return paidMinor >= 0 && owedMinor >= 0 ? [] : [`${account}: paid ${paidMinor}, still owed ${owedMinor}`];
      }),
  },
  { name: "an account's object, its entries and Postgres tell the same balance", check: accountsAgree },
  { name: "nobody is credited whom no road and no person named", check: holdersAllowed },
  {
    name: "money that waits has an open case, and only that",
    check: ({ books, suspense }) =>
      books.flatMap(({ receipt, shares }) => {
        const waits = shares.filter(({ kind }) => kind === "suspense").map(({ amountMinor }) => amountMinor);
        const open = suspense
          .filter((each) => each.receipt === receipt && each.state === "open")
          .map(({ amountMinor }) => amountMinor);
        return waits.sort().join() === open.sort().join()
          ? []
          : [`${receipt}: waiting ${waits.join("; ") || "nothing"}; open cases ${open.join("; ") || "none"}`];
      }),
  },
  {
    name: "a credited account with a meter was told to connect",
    check: ({ accounts }) =>
      accounts.flatMap(({ account, thing, balanceWh, connects, published }) =>
        thing === null || balanceWh <= 0 || (connects > 0 && published > 0)
          ? []
          : [`${account}: balance ${balanceWh} Wh, ${connects} connects, ${published} published`],
      ),
  },
  {
    name: "a move of what was true before is refused",
    check: ({ said }) =>
      said.flatMap(({ who, receipt, status }) =>
        who.includes("(stale)") && status === 200 ? [`${receipt}: ${who} was answered 200`] : [],
      ),
  },
  {
    name: "a reversed receipt is blocked until a person has looked",
    check: ({ expected, books, said }) =>
      expected.flatMap(({ receipt, reversed }) => {
        const freed = said.some((each) => each.who.startsWith("staff: unblock") && each.receipt === receipt);
        const book = books.find((each) => each.receipt === receipt);
        return reversed && !freed && book?.blocked === false ? [`${receipt} is not blocked`] : [];
      }),
  },
];

function accountsAgree({ accounts, entries }: Snapshot): string[] {
  return accounts.flatMap(({ account, seq, balanceWh, entries: own, recorded }) => {
    if (seq < 0) return [];
    const inPostgres = entries.filter((entry) => entry.account === account).sort((a, b) => (a.seq ?? 0) - (b.seq ?? 0));
    const faults = [
      own.every((entry, index) => entry.seq === index + 1) || `its sequence has holes`,
      own.length === seq || `${own.length} entries, sequence ${seq}`,
      sum(own.map(({ energyWh }) => energyWh)) === balanceWh || `balance ${balanceWh} is not the sum of its entries`,
      (recorded?.seq ?? 0) === seq || `sequence ${seq}; recorded ${recorded?.seq ?? 0}`,
      (recorded?.balanceWh ?? 0) === balanceWh || `balance ${balanceWh}; recorded ${recorded?.balanceWh ?? 0}`,
      own.map(({ entryKey, hash }) => `${entryKey} ${hash}`).join() ===
        inPostgres.map(({ entryKey, hash }) => `${entryKey} ${hash}`).join() || "its entries are not the recorded ones",
    ];
    return faults.flatMap((fault) => (fault === true ? [] : [`${account}: ${fault}`]));
  });
}

function holdersAllowed({ expected, books }: Snapshot): string[] {
  return expected.flatMap(({ receipt, accounts, mayWait, staff }) => {
    const book = books.find((each) => each.receipt === receipt);
    if (staff || book === undefined) return [];
    return book.shares.flatMap(({ kind, account }) => {
      if (kind === "suspense") return mayWait ? [] : [`${receipt} waits; it names ${accounts.join(", ")}`];
      const isNamed = kind === "account" && account !== null && accounts.includes(account);
      return isNamed ? [] : [`${receipt} is held by ${kind} ${account}; it names ${accounts.join(", ") || "nobody"}`];
    });
  });
}
