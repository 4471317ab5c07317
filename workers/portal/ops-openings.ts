import { Hono } from "hono";
import { z } from "zod";
import type { OpeningAnswer } from "../../src/domain/ledger.ts";
import { OPENING_WH_MAX, OPENINGS_MAX } from "../../src/domain/moving-in/openings.ts";
import { isStorable, json, limited, saysJson } from "../body.ts";
import { actor } from "../door.ts";
import type { Env } from "../env.ts";
import { accountLocator } from "../objects/locate.ts";
import { accountField } from "./fields.ts";

const AT_ONCE_MAX = 20;

const OpeningsBody = z.strictObject({
  openings: z
    .array(
      z.strictObject({
        account: accountField,
        energyWh: z.number().int().min(-OPENING_WH_MAX).max(OPENING_WH_MAX),
        at: z.iso.datetime({ offset: true }).transform((iso) => Date.parse(iso)),
        /** The row of the old books that says so. */
        document: z.string().trim().min(1).max(300).refine(isStorable, "text without U+0000 and lone surrogates"),
      }),
    )
    .min(1)
    .max(OPENINGS_MAX),
});

type Result = {
  account: string;
  status: "opened" | "opened_before" | "refused" | "not_ready";
  /** Why it is refused. */
  because: string | null;
  balanceWh: number | null;
};

/** One documented opening an account. The same page again changes nothing, and says so. */
export const opsOpenings = new Hono<{ Bindings: Env; Variables: { actor: string } }>().post(
  "/openings",
  actor,
  limited,
  saysJson,
  json(OpeningsBody),
  async (c) => {
    const { openings } = c.req.valid("json");
    const results: Result[] = [];
    for (let from = 0; from < openings.length; from += AT_ONCE_MAX) {
      const some = openings.slice(from, from + AT_ONCE_MAX);
      const answers = await Promise.all(
        some.map(({ account, ...order }) =>
          accountLocator(c.env, account).open(account, { ...order, actor: c.get("actor") }),
        ),
      );
      for (const [index, { account, energyWh }] of some.entries())
        results.push(resultOf(account, energyWh, answers[index]));
    }
    return c.json({ results });
  },
);

function resultOf(account: string, energyWh: number, answer: OpeningAnswer | undefined): Result {
  const none = { account, because: null, balanceWh: null };
  if (answer === undefined || answer.status === "not_ready") return { ...none, status: "not_ready" };
  if (answer.status === "has_entries") return { ...none, status: "refused", because: "has_entries" };
  if (answer.status === "refused") return { ...none, status: "refused", because: answer.because };
  const { energyWh: postedWh, balanceAfterWh } = answer.entry;
  return { ...none, status: postedWh === energyWh ? "opened" : "opened_before", balanceWh: balanceAfterWh };
}
