import { Hono } from "hono";
import { z } from "zod";
import { orDown } from "../../src/adapters/neon/database.ts";
import { canonicalAccount } from "../../src/domain/account.ts";
import { correctionKeyOf, isCorrectionKey } from "../../src/domain/correction.ts";
import type { LedgerRow } from "../../src/domain/ledger.ts";
import { consumptionOf, vendorDayOf } from "../../src/domain/posting.ts";
import { accountSums } from "../../src/queries/account-sums.ts";
import {
  type EntryStories,
  entryStories,
  type StoryQuestion,
  type StoryText,
} from "../../src/queries/entry-stories.ts";
import { entrySums } from "../../src/queries/entry-sums.ts";
import { type Acting, allow } from "../allow.ts";
import { query } from "../body.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { accountLocator } from "../objects/locate.ts";
import { clockOf, countryOf, readerOf } from "../ports.ts";
import { queryNumber } from "../query-number.ts";
import { forwardOf } from "./forward-of.ts";

export const ENTRIES_PAGE_MAX = 100;
/** Texts of a page whose phone is asked: each is a call of its Mailbox. */
const FORWARDS_MAX = 50;

const PageQuery = z.object({
  limit: queryNumber(1, ENTRIES_PAGE_MAX).default(50),
  /** The `next` of the page before: entries below this sequence. */
  cursor: queryNumber(1, Number.MAX_SAFE_INTEGER).optional(),
});

type Vars = { Bindings: Env; Variables: Acting };
type C = Parameters<typeof fail>[0];

/**
 * Every entry of an account, newest first, as its own object has it; behind each what the database knows of it: texts, claim
 * and moves, tariff, correction, readings, the vendor's wallet. While the database is down the entries stand alone.
 */
export const accountEntries = new Hono<Vars>()
  .get("/:account/entries", allow("money.read"), query(PageQuery), async (c) => {
    const account = canonicalAccount(c.req.param("account"));
    if (!account.ok) return noAccount(c);
    const { limit, cursor } = c.req.valid("query");
    const object = accountLocator(c.env, account.value);
    const view = await object.view(account.value);
    if (view === "not_ready") return notReady(c);
    if (view === null) return noAccount(c);
    const { asOf, seq, balanceWh, availableWh, currency, meters, copyWaiting } = view;
    const to = Math.min(seq, (cursor ?? seq + 1) - 1);
    const from = Math.max(0, to - limit);
    const rows = await object.entriesAfter(account.value, from, to - from);
    if (rows === "not_ready") return notReady(c);
    const told = await orDown("entries", () => entryStories(readerOf(c.env), questionOf(account.value, rows)));
    const stories = told === "down" ? null : { ...told, texts: await withForwards(c.env, told.texts) };
    return c.json({
      ...{ asOf, account: account.value, currency, seq, balanceWh, availableWh, copyWaiting },
      /** What meters counted and nobody has posted yet: the difference between the last entry and what is left. */
      unposted: meters.flatMap(({ meterNumber, unpostedWh, registerWh, readAt }) =>
        unpostedWh === null || unpostedWh === 0 ? [] : [{ meterNumber, unpostedWh, registerWh, readAt }],
      ),
      entries: rows.toReversed().map((row) => entryOf(row, stories)),
      stories,
      next: from > 0 ? from + 1 : null,
    });
  })
  .get("/:account/entries/sums", allow("money.read"), async (c) => {
    const account = canonicalAccount(c.req.param("account"));
    if (!account.ok) return noAccount(c);
    const sums = await entrySums(readerOf(c.env), account.value);
    const head = await accountLocator(c.env, account.value).head(account.value, sums.seq);
    if (head === "not_ready") return notReady(c);
    if (head === null && sums.seq === 0) return noAccount(c);
    /** What the account's own object says for the same entry; null: it has none of that number. */
    return c.json({ account: account.value, ...sums, objectWh: head?.balanceWh ?? null });
  })
  .get("/:account/sums", allow("customers.read"), async (c) => {
    const account = canonicalAccount(c.req.param("account"));
    const now = clockOf(c.env).now();
    const asked = { now, timeZone: countryOf(c.env).timeZone };
    const sums = account.ok ? await accountSums(readerOf(c.env), { account: account.value, ...asked }) : null;
    return sums === null ? noAccount(c) : c.json({ asOf: now, ...sums });
  });

/** Each text with how far it is on its way to the old system, as its phone's Mailbox knows it. */
const withForwards = (env: Env, texts: readonly StoryText[]) =>
  Promise.all(
    texts.map(async (text, place) => ({ ...text, forward: place < FORWARDS_MAX ? await forwardOf(env, text) : null })),
  );

const noAccount = (c: C) => fail(c, 404, "unknown", "no such account here");
const notReady = (c: C) => fail(c, 503, "not_ready", "not ready yet; ask again");

function questionOf(account: string, rows: readonly LedgerRow[]): StoryQuestion {
  const distinct = <T>(values: readonly (T | null)[]) => [...new Set(values)].filter((value) => value !== null);
  return {
    account,
    receipts: distinct(rows.map(({ receipt }) => receipt)),
    tariffIds: distinct(rows.map(({ tariffId }) => tariffId)),
    corrections: rows.flatMap(({ entryKey }) =>
      isCorrectionKey(entryKey) ? [entryKey.slice(correctionKeyOf("").length)] : [],
    ),
    entryKeys: rows.map(({ entryKey }) => entryKey),
    uses: rows.flatMap((row) => {
      const use = consumptionOf(row);
      return use === null || row.seq === null ? [] : [{ seq: row.seq, meterNumber: use.meterNumber }];
    }),
  };
}

/** An entry as people read it, with what its own key says. */
function entryOf(row: LedgerRow, stories: Pick<EntryStories, "readings"> | null) {
  const { entryKey, seq, book, kind, energyWh, amountMinor, balanceAfterWh, provider, receipt } = row;
  const { tariffId, rateE4PerKwh, actor, reason, occurredAt, acceptedAt } = row;
  const use = consumptionOf(row);
  const from = stories?.readings.find((reading) => reading.seq === seq)?.fromAt ?? null;
  return {
    ...{ entryKey, seq, book, kind, energyWh, amountMinor, balanceAfterWh, provider, receipt },
    ...{ tariffId, rateE4PerKwh, actor, reason, occurredAt, acceptedAt },
    use: use === null ? null : { ...use, fromAt: from },
    vendorDay: vendorDayOf(row),
    correction: isCorrectionKey(entryKey) ? entryKey.slice(correctionKeyOf("").length) : null,
  };
}
