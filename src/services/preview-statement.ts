import { accountTokens } from "../domain/account.ts";
import type { Country } from "../domain/country.ts";
import type { FieldFault } from "../domain/customer.ts";
import { beforeCutover } from "../domain/hold.ts";
import { paidAtOf } from "../domain/paid-at.ts";
import { type NamedStatus, resolveAccount } from "../domain/sms/resolve.ts";
import { isLine, type RowRead, type StatementLine, takesBack } from "../domain/statements/line.ts";

export type PreviewPorts = {
  country: Country;
  known(
    receipts: string[],
  ): Promise<{ receipt: string; amountMinor: number; currency: string; account: string | null }[]>;
  stands(accounts: string[]): Promise<Record<string, NamedStatus>>;
  cutoverAt(): Promise<number | null>;
};

export type PreviewRow = {
  row: number;
  receipt: string | null;
  amountMinor: number | null;
  result: string;
  because: string | null;
  account: string | null;
  fault: FieldFault | null;
};

/** What each row of a statement would come to now; nothing is kept and nothing moves. Caps of the day are not asked. */
export async function previewStatement(
  ports: PreviewPorts,
  rows: readonly RowRead[],
  now: number,
): Promise<PreviewRow[]> {
  const { country } = ports;
  const lines = rows.filter(isLine).map(({ line }) => line);
  const named = lines.flatMap(({ receipt, linked }) => (linked === null ? [receipt] : [receipt, linked]));
  const known = new Map((await ports.known([...new Set(named)])).map((each) => [each.receipt, each]));
  const tokens = new Map(lines.map((line) => [line.row, accountTokens(line.text, country.siteCodes)]));
  const stands = await ports.stands([...new Set([...tokens.values()].flat().map(({ account }) => account))]);
  const cutoverAt = await ports.cutoverAt();

  const unknown = (line: StatementLine): Pick<PreviewRow, "result" | "because" | "account"> => {
    const found = resolveAccount({
      remarkTokens: [],
      textTokens: tokens.get(line.row) ?? [],
      existing: stands,
      aliasAccount: null,
      payerAccounts: null,
    });
    const account = found.kind === "account" ? found.account : null;
    const paidAt = paidAtOf(line.at, now);
    if (!paidAt.inWindow) return { result: "would_hold", because: "date", account };
    const early = beforeCutover(cutoverAt, paidAt);
    if (early !== null) return { result: "would_hold", because: early.because, account };
    return found.kind === "account"
      ? { result: "would_credit", because: null, account }
      : { result: "would_hold", because: found.because, account };
  };

  return rows.map((read): PreviewRow => {
    if (!isLine(read))
      return {
        row: read.row,
        receipt: null,
        amountMinor: null,
        result: "refused",
        because: null,
        account: null,
        fault: read.fault,
      };
    const { row, line } = read;
    const { receipt, amountMinor, kind } = line;
    const about = { row, receipt, amountMinor, fault: null };
    if (kind === "reversal") {
      const { result, because } = takesBack(line, known.get(line.linked ?? "")?.amountMinor ?? null);
      return { ...about, result: result === "blocked" ? "would_block" : result, because, account: null };
    }
    if (kind !== "payment") return { ...about, result: kind, because: null, account: null };
    const ours = known.get(receipt);
    if (ours === undefined) return { ...about, ...unknown(line) };
    const { account } = ours;
    return ours.amountMinor === amountMinor && ours.currency === country.currency
      ? { ...about, result: "known", because: null, account }
      : {
          ...about,
          result: "conflict",
          because: `we have ${ours.amountMinor} ${ours.currency} in minor units`,
          account,
        };
  });
}
