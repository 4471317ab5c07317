import type { BooksDays } from "../../src/queries/parallel-days.ts";
import type { AccountSaid } from "./compare.ts";

type Get = <T>(method: string, path: string) => Promise<T>;

/** What the new system says, page by page of accounts. */
export async function booksSaid(get: Get, days: readonly string[]): Promise<Map<string, AccountSaid>> {
  const said = new Map<string, AccountSaid>();
  const [from, to] = [days.at(0) ?? "", days.at(-1) ?? ""];
  for (let after: string | null = ""; after !== null; ) {
    const page: { accounts: BooksDays[]; next: string | null } = await get(
      "GET",
      `/parallel?from=${from}&to=${to}&after=${after}`,
    );
    for (const { account, beforeWh, days: ofAccount } of page.accounts)
      said.set(account, { beforeWh, days: new Map(ofAccount.map(({ day, ...rest }) => [day, rest])) });
    after = page.next;
  }
  return said;
}
