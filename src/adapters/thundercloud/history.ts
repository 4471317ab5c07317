import { z } from "zod";
import type { FeedPage, FeedRefusal, VendorFeed } from "../../ports/vendor-feeds.ts";
import { jsonOf, refusalOf, unreadable, type VendorReply } from "../vendors/http.ts";
import type { ThunderCloud } from "./door.ts";
import { isParquet, readParquet, type Serials, serialsOf } from "./parquet.ts";
import { noPages } from "./transactions.ts";

/** A file of fewer bytes has no data: it is what stands there before the day's is made. */
const BYTES_MIN = 100;
const FILES_MAX = 20_000;
const METERS_MAX = 20_000;
const DAY_MS = 86_400_000;

const FILE = /^year=(\d{4})\/month=(\d{2})\/day=(\d{2})\/(.+)_\1_\2_\3_reading\.parquet$/;

const text = z.string().max(300);
const List = z.object({ files: z.array(z.object({ filename: text })).max(FILES_MAX) });
const Meters = z.object({ meters: z.array(z.object({ meter_serial: text.nullish() })).max(METERS_MAX) });

/** "year=2026/month=04/day=10/BS1_2026_04_10_reading.parquet" */
export const fileOf = (base: string, day: string): string => {
  const [year, month, date] = day.split("-");
  return `year=${year}/month=${month}/day=${date}/${base}_${year}_${month}_${date}_reading.parquet`;
};

/** A base station's UTC day as one file, made about a day later. The vendor's site id is the base station's serial. */
export function thunderHistory(thunder: ThunderCloud): VendorFeed {
  const { door } = thunder;
  let serials: Promise<Serials | FeedRefusal> | null = null;
  return {
    async page(unit) {
      const name = encodeURIComponent(fileOf(unit.vendorSiteId, unit.day));
      const reply = await thunder.pages?.get(`/history/download/${name}`);
      if (reply === undefined || reply === "refused") return noPages(thunder);
      if (isAbsent(reply))
        return { refused: "absent", retryAt: null, detail: `${door.name} has no file of ${unit.day} yet` };
      const refused = refusalOf(door, reply);
      if (refused !== null || reply.came !== "answer") return refused ?? unreadable(door, "no answer");
      if (!isParquet(reply.bytes)) return unreadable(door, "the file is no parquet");
      serials ??= meterSerials(thunder);
      const known = await serials;
      if ("refused" in known) {
        serials = null;
        return known;
      }
      const read = await readParquet(reply.bytes, unit.day, door.now(), known);
      if (typeof read === "string") return unreadable(door, read);
      return { intervals: read.intervals, leftOut: read.leftOut, next: null } satisfies FeedPage;
    },

    async freshness() {
      const reply = await thunder.pages?.get("/history/list.json");
      if (reply === undefined || reply === "refused") return noPages(thunder);
      const refused = refusalOf(door, reply);
      if (refused !== null || reply.came !== "answer") return refused ?? unreadable(door, "no answer");
      const read = List.safeParse(jsonOf(reply));
      if (!read.success) return unreadable(door, "the list of files has another shape");
      return { newest: newestOf(read.data.files.map(({ filename }) => filename)) };
    },
  };
}

const isAbsent = (reply: VendorReply) =>
  reply.came === "answer" && (reply.status === 404 || (reply.status === 200 && reply.bytes.byteLength < BYTES_MIN));

/** The last quarter of an hour of the newest file's day, by base station. */
function newestOf(names: readonly string[]): Record<string, number> {
  const newest: Record<string, number> = {};
  for (const name of names) {
    const [, year, month, day, base] = FILE.exec(name) ?? [];
    if (base === undefined) continue;
    const at = Date.parse(`${year}-${month}-${day}T00:00:00Z`) + DAY_MS - 900_000;
    newest[base] = Math.max(newest[base] ?? 0, at);
  }
  return newest;
}

/** Files know a meter by part of its serial: the console's map has all of it. */
async function meterSerials(thunder: ThunderCloud): Promise<Serials | FeedRefusal> {
  const { door } = thunder;
  const reply = await thunder.pages?.get("/meter/meters.json?meter_type=customer");
  if (reply === undefined || reply === "refused") return noPages(thunder);
  const refused = refusalOf(door, reply);
  if (refused !== null || reply.came !== "answer") return refused ?? unreadable(door, "no answer");
  const read = Meters.safeParse(jsonOf(reply));
  if (!read.success) return unreadable(door, "the map of meters has another shape");
  return serialsOf(read.data.meters.flatMap(({ meter_serial: serial }) => (serial ? [serial] : [])));
}
