import type { z } from "zod";
import type { Rate } from "../../src/domain/tariff.ts";
import {
  AHEAD_MS_MAX,
  concernsOf,
  earliestStart,
  hasSay,
  saysAlready,
  type WantedRate,
} from "../../src/domain/tariff-rules.ts";
import { formatLocal } from "../../src/domain/tariff-words.ts";
import { log } from "../../src/ports/log.ts";
import type { TariffRegistration } from "../../src/ports/registry.ts";
import { rowsOfAccount, type TariffRow, wideRows } from "../../src/queries/tariffs.ts";
import { changeOf } from "../change.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { refreshOnce } from "../jobs/refresh-accounts.ts";
import { countryOf, readerOf, registryOf } from "../ports.ts";
import { refusedAsSetBack } from "../set-back.ts";
import { badFields, type C, refuse } from "./refusals.ts";
import type { DryRunBody, ScheduleBody } from "./tariffs-body.ts";
import { rowView } from "./tariffs-view.ts";

type Named = z.infer<typeof DryRunBody>;
/** Typed, so that the answers of a route that passes it on keep their types. */
type Refused = ReturnType<typeof fail>;

/** What is wanted, of whom, and the rows that stand there: of the scope and of all wider ones. */
export type Asked = {
  of: { site: string | null; account: string | null };
  wanted: WantedRate;
  rows: TariffRow[];
};

/** Reads what a body names; a response where it names something that is not here. */
export async function readAsked(c: C, body: Named, now: number): Promise<Asked | Refused> {
  const { scope, site = null, account = null, ends = false, validFrom = earliestStart(scope, now) } = body;
  const rateE4PerKwh = body.rateE4PerKwh || null;
  const wanted = { scope, rateE4PerKwh, ends, validFrom };
  const country = countryOf(c.env);
  const siteOf = site ?? account?.slice(4) ?? null;
  if (siteOf !== null && !country.siteCodes.includes(siteOf))
    return badFields(c, [
      site === null
        ? { field: "account", value: account, expected: `an account of ${country.name}` }
        : { field: "site", value: site, expected: `a site of ${country.name}` },
    ]);
  const of = { site, account };
  if (account === null) {
    const rows = (await wideRows(readerOf(c.env))).filter((row) => row.site === null || row.site === site);
    return { of, wanted, rows };
  }
  const found = await rowsOfAccount(readerOf(c.env), account);
  return found === null ? fail(c, 404, "unknown", "no such account here") : { of, wanted, rows: found.rows };
}

/** Why it cannot be so, whatever is confirmed; null: it can. */
export function faultOf(c: C, { wanted, rows }: Asked, now: number, mayBackdate: boolean) {
  const country = countryOf(c.env);
  const { scope, validFrom } = wanted;
  const fault = (kind: string, message: string, details: object) => ({ kind, message, details });
  const there = rows.find((row) => isIt(row, wanted));
  if (there !== undefined)
    return fault("exists", "another rate begins at that instant", {
      field: "validFrom",
      value: new Date(validFrom).toISOString(),
      tariffId: there.tariffId,
    });
  const earliest = earliestStart(scope, now);
  if (validFrom < earliest && !mayBackdate)
    return fault(
      "too_soon",
      `all accounts must be told before it begins: begin at ${formatLocal(earliest, country)} or later`,
      { field: "validFrom", value: new Date(validFrom).toISOString(), earliest: new Date(earliest).toISOString() },
    );
  if (validFrom > now + AHEAD_MS_MAX)
    return fault("too_far", "a rate may begin within three years", {
      field: "validFrom",
      value: new Date(validFrom).toISOString(),
      latest: new Date(now + AHEAD_MS_MAX).toISOString(),
    });
  if (wanted.ends === true && !hasSay(rows, scope, validFrom))
    return fault("nothing_to_end", "it has no rate of its own then", { field: "ends", value: true });
  return null;
}

/** Sets a rate, once, after what is unusual about it was confirmed; then its accounts are told. */
export async function schedule(c: C, body: z.infer<typeof ScheduleBody>, now: number, mayBackdate: boolean) {
  const asked = await readAsked(c, body, now);
  if (asked instanceof Response) return asked;
  const { wanted, rows, of } = asked;
  const standing = saysAlready(rows, wanted);
  if (standing !== null) return c.json({ status: "exists" as const, tariff: rowView(standing, now, countryOf(c.env)) });
  const fault = faultOf(c, asked, now, mayBackdate);
  if (fault !== null) return fail(c, fault.kind === "exists" ? 409 : 422, fault.kind, fault.message, fault.details);
  const open = concernsOf(rows, wanted).filter(({ confirm }) => !body.confirm.includes(confirm));
  if (open.length > 0)
    return fail(c, 409, "needs_confirmation", `say it again with confirm: ${open.map((each) => each.confirm)}`, open);

  // Entries have the ids of rates that were lost: a new one under such an id would be their price.
  const back = await refusedAsSetBack(c, "no rate is set");
  if (back !== null) return back;
  const by = { ...changeOf(c, body.reason), at: now };
  const { rateE4PerKwh, validFrom, ends = false } = wanted;
  const registered = await registryOf(c.env).putTariff({ ...subject(body), rateE4PerKwh, ends, validFrom }, by);
  if (!registered.ok) return refuse(c, registered.error);
  const after = await readAsked(c, { ...body, validFrom }, now);
  const made = after instanceof Response ? undefined : after.rows.find((row) => isIt(row, wanted));
  if (made === undefined) throw new Error("a rate that was set is not there");
  const told = await tell(c.env, `tariff:${made.tariffId}`, of.account !== null);
  return c.json({ status: "scheduled" as const, tariff: rowView(made, now, countryOf(c.env)), told }, 201);
}

const isIt = (row: Rate, { scope, validFrom }: WantedRate) => row.scope === scope && row.validFrom === validFrom;

const subject = ({ scope, site, account }: Named) =>
  scope === "global"
    ? { scope }
    : scope === "site"
      ? { scope, site: site ?? "" }
      : ({ scope, account: account ?? "" } satisfies Partial<TariffRegistration>);

/** One account is told at once, many page by page. Whoever is not told now is by the run that was filed with the change. */
export async function tell(env: Env, unit: string, isOne: boolean): Promise<"told" | "under way"> {
  try {
    if (isOne) return (await refreshOnce(env, unit)) === "done" ? "told" : "under way";
    await env.JOBS.send({ job: "refresh-accounts", page: null });
  } catch (thrown) {
    log.warn("tell", { unit, error: thrown });
  }
  return "under way";
}
