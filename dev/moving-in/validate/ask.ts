import type { Draw } from "../../faults/seeded.ts";
import type { Call } from "../../move-in.ts";
import type { Asked, Found } from "./compare.ts";
import type { Orphan, Partition } from "./lines.ts";

type Entry = { kind: string; energyWh: number };
type AccountView = { balanceWh: number; seq: number; entries: Entry[] };
export type BooksHead = { account: string; balanceWh: number; seq: number; openingWh: number | null };

export async function askFigures(call: Call): Promise<{ found: Found; orphans: Orphan[]; partitions: Partition[] }> {
  const get = <T>(part: string) => call<T>("GET", `/move-in/figures/${part}`);
  const counts = await get<Found["counts"]>("counts");
  const { sums, orphans } = await get<{ sums: Found["sums"]; orphans: Orphan[] }>("history");
  const { readings, partitions } = await get<{ readings: Found["readings"]; partitions: Partition[] }>("readings");
  const { findings } = await get<{ findings: Found["findings"] }>("findings");
  return { found: { counts, sums, readings, findings }, orphans, partitions };
}

/** Some accounts, drawn, by what their own objects say and what the books say of them. */
export async function askAccounts(
  call: Call,
  accounts: readonly string[],
  { draw, times, oldOpenings }: { draw: Draw; times: number; oldOpenings: ReadonlyMap<string, number> | null },
): Promise<Asked[]> {
  const some = draw.shuffle(accounts).slice(0, times).sort();
  const { heads } = await call<{ heads: BooksHead[] }>("POST", "/move-in/figures/accounts", { accounts: some });
  const byAccount = new Map(heads.map((head) => [head.account, head]));
  const asked: Asked[] = [];
  for (const account of some) {
    const view = await call<AccountView>("GET", `/accounts/${account}`).catch(() => null);
    const head = byAccount.get(account);
    asked.push({
      account,
      objectWh: view?.balanceWh ?? null,
      objectSeq: view?.seq ?? null,
      booksWh: head?.balanceWh ?? null,
      booksSeq: head?.seq ?? null,
      openingWh: head?.openingWh ?? null,
      oldOpeningWh: oldOpenings === null ? null : (oldOpenings.get(account) ?? null),
    });
  }
  return asked;
}
