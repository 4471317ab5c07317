import type { Currency } from "../domain/country.ts";
import { distribute } from "../domain/statements/distribute.ts";
import type { Estimate, MonthState, SiteMonth, VendorFiles } from "../ports/vendor-files.ts";

/**
 * What a site's month likely brought by account: the vendor's total over what each used. Nothing while one of the two files
 * is missing, or nobody used anything; and replaced for good by real payments, as soon as any of the month are known.
 */
export async function refreshVendorMonth(
  files: Pick<VendorFiles, "month" | "putMonth">,
  country: { currency: Currency; utcOffsetMinutes: number },
  of: SiteMonth,
  at: number,
): Promise<MonthState> {
  const { totalMinor, weights, hasReal } = await files.month(of, country.utcOffsetMinutes);
  const parts = totalMinor === null || weights === null ? null : distribute(totalMinor, weights);
  const state: MonthState = hasReal
    ? "replaced"
    : totalMinor === null || weights === null
      ? "waiting"
      : parts === null
        ? "unweighted"
        : "estimated";
  const weightOf = new Map((weights ?? []).map((weight) => [weight.key, weight]));
  const estimates: Estimate[] =
    state === "estimated"
      ? (parts ?? []).map((part) => ({
          ...part,
          account: weightOf.get(part.key)?.account ?? null,
          energyWh: weightOf.get(part.key)?.energyWh ?? 0,
        }))
      : [];
  await files.putMonth({ ...of, currency: country.currency }, state, estimates, at);
  return state;
}
