import { Hono } from "hono";
import { dayStart, localDay } from "../../src/domain/local-day.ts";
import { canonicalReceipt } from "../../src/domain/receipt.ts";
import {
  listPayments,
  PAYMENTS_PAGE_MAX,
  type PaymentsCursor,
  type PaymentsFilter,
  paymentDays,
} from "../../src/queries/payments.ts";
import { receiptStory } from "../../src/queries/receipt-story.ts";
import { type Acting, allow } from "../allow.ts";
import { query } from "../body.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { clockOf, countryOf, readerOf } from "../ports.ts";
import { forwardOf } from "./forward-of.ts";
import { PaymentsQuery } from "./payments-body.ts";
import { paymentLines } from "./payments-csv.ts";
import { answerWith } from "./reports-file.ts";
import { textStream } from "./reports-stream.ts";

const DAY_MS = 86_400_000;

/** What was paid: listed, added up by local day, as a file, and each receipt's whole story. */
export const paymentsList = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/", allow("money.read"), query(PaymentsQuery), async (c) => {
    const asked = c.req.valid("query");
    const rows = await listPayments(readerOf(c.env), filterOf(asked, c.env), cursorOf(asked.cursor), PAYMENTS_PAGE_MAX);
    const last = rows.length === PAYMENTS_PAGE_MAX ? rows.at(-1) : undefined;
    return c.json({
      asOf: clockOf(c.env).now(),
      payments: rows,
      next: last === undefined ? null : `${last.paidAt}:${last.receipt}`,
    });
  })
  .get("/totals", allow("money.read"), query(PaymentsQuery), async (c) => {
    const { utcOffsetMinutes, currency } = countryOf(c.env);
    const now = clockOf(c.env).now();
    const days = await paymentDays(readerOf(c.env), filterOf(c.req.valid("query"), c.env), utcOffsetMinutes);
    return c.json({ asOf: now, today: localDay(now, utcOffsetMinutes), currency, days });
  })
  .get("/csv", allow("money.read"), query(PaymentsQuery), (c) => {
    const asked = c.req.valid("query");
    const name = `payments-${c.env.COUNTRY}-${asked.from ?? "first"}-${asked.to ?? "last"}`;
    return answerWith("csv", name, textStream(paymentLines(c.env, filterOf(asked, c.env))));
  })
  .get("/:receipt", allow("money.read"), async (c) => {
    const receipt = canonicalReceipt(c.req.param("receipt"));
    const story = receipt === null ? null : await receiptStory(readerOf(c.env), receipt);
    if (story === null || (story.payment === null && story.sightings.length === 0 && story.sms.length === 0))
      return fail(c, 404, "unknown_receipt", "no such receipt here");
    const forwards = await Promise.all(story.sms.map((sms) => forwardOf(c.env, sms)));
    return c.json({
      asOf: clockOf(c.env).now(),
      ...story,
      sms: story.sms.map((sms, index) => ({ ...sms, forward: forwards[index] ?? null })),
    });
  });

function filterOf(asked: PaymentsQuery, env: Env): PaymentsFilter {
  const { utcOffsetMinutes } = countryOf(env);
  const start = (day: string) => dayStart(day, utcOffsetMinutes);
  return {
    from: asked.from === undefined ? null : start(asked.from),
    to: asked.to === undefined ? null : start(asked.to) + DAY_MS,
    site: asked.site ?? null,
    provider: asked.provider ?? null,
    holder: asked.holder ?? null,
    minMinor: asked.min ?? null,
    maxMinor: asked.max ?? null,
    text: asked.q === undefined ? null : asked.q.replace(/\s+/g, ""),
  };
}

function cursorOf(cursor: string | undefined): PaymentsCursor | null {
  if (cursor === undefined) return null;
  const at = cursor.indexOf(":");
  return { paidAt: Number(cursor.slice(0, at)), receipt: cursor.slice(at + 1) };
}
