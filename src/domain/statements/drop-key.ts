import type { FieldFault } from "../customer.ts";
import { isDay } from "../local-day.ts";
import { err, ok, type Result } from "../result.ts";

/** What a file in the drop folder is, by where it lies. */
export type Dropped = {
  kind: "statement" | "pay_file" | "portfolio_payments" | "monthly_payments" | "monthly_readings" | "daily_readings";
  tillId: string | null;
  site: string | null;
  month: string | null;
  day: string | null;
  days: { from: string; to: string } | null;
  name: string;
};

export const DROP_PREFIX = "drop/";

const EXPECTED =
  "drop/statement/TILL/FILE, drop/statement/TILL/2026-04-01_2026-04-30/FILE, drop/pay_file/TILL/FILE, drop/portfolio_payments/FILE, drop/monthly_payments/SITE/2026-04/FILE, drop/monthly_readings/SITE/2026-04/FILE or drop/daily_readings/SITE/2026-04-10/FILE";
const TILL = /^[a-z0-9-]{1,40}$/;
const SITE = /^[A-Z]{3}$/;
const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;
const NAME_CHARS_MAX = 200;

/** Reads a key of the drop folder; one that says less, or more, than its kind needs is refused. */
export function readDropKey(key: string): Result<Dropped, FieldFault[]> {
  const refused = err([{ field: "key", value: key.slice(0, NAME_CHARS_MAX), expected: EXPECTED }]);
  if (!key.startsWith(DROP_PREFIX)) return refused;
  const [kind, ...path] = key.slice(DROP_PREFIX.length).split("/");
  const name = path.pop() ?? "";
  if (name === "" || name.length > NAME_CHARS_MAX) return refused;
  const nothing = { tillId: null, site: null, month: null, day: null, days: null, name };
  const [first = "", second = ""] = path;
  switch (kind) {
    case "statement": {
      if (!TILL.test(first) || path.length > 2) return refused;
      if (path.length === 1) return ok({ ...nothing, kind, tillId: first });
      const [from = "", to = "", ...more] = second.split("_");
      return isDay(from) && isDay(to) && more.length === 0
        ? ok({ ...nothing, kind, tillId: first, days: { from, to } })
        : refused;
    }
    case "pay_file":
      return TILL.test(first) && path.length === 1 ? ok({ ...nothing, kind, tillId: first }) : refused;
    case "portfolio_payments":
      return path.length === 0 ? ok({ ...nothing, kind }) : refused;
    case "monthly_payments":
    case "monthly_readings": {
      const site = first.toUpperCase();
      return SITE.test(site) && MONTH.test(second) && path.length === 2
        ? ok({ ...nothing, kind, site, month: second })
        : refused;
    }
    case "daily_readings": {
      const site = first.toUpperCase();
      return SITE.test(site) && isDay(second) && path.length === 2
        ? ok({ ...nothing, kind, site, day: second })
        : refused;
    }
    default:
      return refused;
  }
}
