import { z } from "zod";
import { DayReader, type VendorRow } from "../../domain/vendor-reading.ts";
import { vendorInstant } from "../../domain/vendor-time.ts";
import type { FeedPage, FeedRefusal, VendorFeed } from "../../ports/vendor-feeds.ts";
import { jsonOf, refusalOf, textOf, unreadable, type VendorDoor, type VendorReply } from "../vendors/http.ts";
import { askKoios, KOIOS_DATA_MS_MAX, type KoiosSettings } from "./door.ts";

/** Documented most first; where a page is too much for the vendor's machine, the next smaller one. */
export const PER_PAGE = [200, 100, 50, 25, 12, 10] as const;
/** Pages that go through before the next larger size is tried again: a storm that has passed must not cost the whole day. */
const GROW_AFTER = 8;
/** A cursor lives five minutes from its making; so long before its end it is not used any more. */
const CURSOR_MS_MAX = 5 * 60_000 - 10_000;
/** A page that has taken so long is not asked for in a smaller size, but later. */
const PAGE_MS_MAX = 150_000;
const PATIENCE_MS = 15_000;
const ROWS_MAX = 1_000;

const text = z.string().max(200);
const decimal = z.union([z.number(), text]);
/** Nested as it comes, and flat as the vendor's own schema says; both are taken. */
const Reading = z.object({
  meter: z
    .object({
      serial_number: text.nullish(),
      serial: text.nullish(),
      customer: z.object({ code: text.nullish() }).nullish(),
    })
    .nullish(),
  meter_id: text.nullish(),
  customer_id: text.nullish(),
  timestamp: text.nullish(),
  kilowatt_hours: decimal.nullish(),
  energy: decimal.nullish(),
  type: text.nullish(),
});
const Page = z.object({
  data: z.array(z.unknown()).max(ROWS_MAX),
  pagination: z.object({ has_more: z.boolean(), cursor: text.max(4_000).nullish() }),
});
const Freshness = z.object({
  freshness: z.record(text, z.object({ reading: text.nullish() }).nullish()),
});

/** Interval readings of the last days (Koios v2). What is older it knows by the day only: see the report. */
export function koiosHistorical(settings: KoiosSettings, door: VendorDoor): VendorFeed {
  const base = `/api/v2/organizations/${encodeURIComponent(settings.org)}/data`;
  const ask = (path: string, json: unknown) =>
    askKoios(door, settings.url, settings.readKey, {
      kind: "data",
      method: "POST",
      path: `${base}${path}`,
      json,
      timeoutMs: KOIOS_DATA_MS_MAX,
      patienceMs: PATIENCE_MS,
    });

  return {
    async page(unit, cursor) {
      const begun = door.now();
      const at: Place | null = cursor === null ? FIRST : cursorOf(cursor);
      if (at === null) return unreadable(door, "this cursor is not one of ours");
      if (at.cursor !== null && begun > at.madeAt + CURSOR_MS_MAX)
        return { refused: "cursor_died", retryAt: null, detail: `${door.name}: the cursor is older than five minutes` };
      let reply: VendorReply = { came: "none", detail: "not asked" };
      const sizes = sizesFrom(at);
      for (const perPage of sizes) {
        const asked = door.now();
        reply = await ask("/historical", {
          filters: { sites: [unit.vendorSiteId], date_range: { from: unit.day, to: unit.day } },
          per_page: perPage,
          ...(at.cursor === null ? {} : { cursor: at.cursor }),
        });
        if (isTooMuch(reply) && door.now() - begun < PAGE_MS_MAX) continue;
        if (at.cursor !== null && isDeadCursor(reply))
          return { refused: "cursor_died", retryAt: null, detail: `${door.name}: the cursor is not known any more` };
        const gone = perPage === at.perPage ? at.gone + 1 : 1;
        return pageOf(door, unit.day, reply, { perPage, gone, madeAt: asked });
      }
      return pageOf(door, unit.day, reply, { perPage: at.perPage, gone: 0, madeAt: begun });
    },

    async freshness() {
      const reply = await ask("/freshness", {});
      const refused = refusalOf(door, reply);
      if (refused !== null || reply.came !== "answer") return refused ?? unreadable(door, "no answer");
      const read = Freshness.safeParse(jsonOf(reply));
      if (!read.success) return unreadable(door, "freshness has another shape");
      const newest = Object.entries(read.data.freshness).map(
        ([site, said]) => [site, said?.reading ? vendorInstant(said.reading) : null] as const,
      );
      return { newest: Object.fromEntries(newest) };
    },
  };
}

/** The vendor's machine gave up: a smaller page may go through. */
const isTooMuch = (reply: VendorReply) => reply.came === "none" || (reply.came === "answer" && reply.status >= 500);

const isDeadCursor = (reply: VendorReply) =>
  reply.came === "answer" && reply.status >= 400 && reply.status < 500 && /cursor/i.test(textOf(reply));

/** Where a day is: the size that went through last and how often, when the cursor was made, and the vendor's own. */
type Place = { perPage: number; gone: number; madeAt: number; cursor: string | null };
const FIRST: Place = { perPage: PER_PAGE[0], gone: 0, madeAt: 0, cursor: null };

/** The size that went through last, or a larger one when it did so often; then ever smaller. */
function sizesFrom({ perPage, gone }: Place): number[] {
  const larger = PER_PAGE.findLast((size) => size > perPage);
  const sizes = PER_PAGE.filter((size) => size <= perPage);
  return larger !== undefined && gone >= GROW_AFTER ? [larger, ...sizes] : sizes;
}

/** Ours carries all of that, so that a dead one costs no request. */
const nextCursor = ({ perPage, gone, madeAt }: Omit<Place, "cursor">, cursor: string) =>
  `${perPage}.${gone}.${madeAt}.${cursor}`;
function cursorOf(text: string): Place | null {
  const [, perPage, gone, madeAt, cursor] = /^(\d{1,4})\.(\d{1,6})\.(\d{1,16})\.([\s\S]+)$/.exec(text) ?? [];
  return cursor === undefined ? null : { perPage: Number(perPage), gone: Number(gone), madeAt: Number(madeAt), cursor };
}

function pageOf(
  door: VendorDoor,
  day: string,
  reply: VendorReply,
  place: Omit<Place, "cursor">,
): FeedPage | FeedRefusal {
  const refused = refusalOf(door, reply);
  if (refused !== null || reply.came !== "answer") return refused ?? unreadable(door, "no answer");
  const read = Page.safeParse(jsonOf(reply));
  if (!read.success) return unreadable(door, "a page of history has another shape");
  const { data, pagination } = read.data;
  const cursor = pagination.cursor ?? null;
  // Taken for the end, the rest of the day would be missing.
  if (pagination.has_more && cursor === null) return unreadable(door, "there is more, and no cursor");
  const reader = new DayReader(day, door.now());
  for (const row of data) {
    const reading = Reading.safeParse(row);
    if (reading.success) reader.add(rowOf(reading.data));
    else reader.leave("unreadable");
  }
  return {
    intervals: reader.intervals,
    leftOut: reader.leftOut,
    next: pagination.has_more && cursor !== null ? nextCursor(place, cursor) : null,
  };
}

const rowOf = (reading: z.infer<typeof Reading>): VendorRow => {
  const { meter } = reading;
  const isFlat = meter === null || meter === undefined;
  return {
    serial: isFlat ? reading.meter_id : (meter.serial_number ?? meter.serial),
    code: isFlat ? reading.customer_id : meter.customer?.code,
    at: reading.timestamp,
    // The vendor's schema says so of the flat shape; in the nested one it is the start, as in its CSV.
    atIs: isFlat ? "end" : "start",
    kwh: reading.kilowatt_hours ?? reading.energy,
    isTotalizer: reading.type?.toLowerCase() === "totalizer",
  };
};
