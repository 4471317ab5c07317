import { z } from "zod";
import { steamaMeter, steamaReading } from "../../domain/steama.ts";
import type { Steama } from "../../ports/steama.ts";
import type { VendorCallKind } from "../../ports/vendor-budget.ts";
import type { FeedRefusal } from "../../ports/vendor-feeds.ts";
import {
  askVendor,
  jsonOf,
  refusalOf,
  sayOf,
  textOf,
  unreadable,
  type VendorDoor,
  type VendorReply,
} from "../vendors/http.ts";

export type SteamaSettings = { url: string; username: string; password: string };

const CALL_MS_MAX = 60_000;
const PATIENCE_MS = 15_000;
const PAGE_SIZE = 100;
/** A hundred meters, or a month of hours, many times over: beyond it the `next` of a page leads in a circle. */
const PAGES_MAX = 100;

const text = z.string().max(300);
const decimal = z.union([z.number(), text]);
const Token = z.object({ token: text.min(1) });
const Meters = z.object({
  next: text.max(2_000).nullish(),
  results: z.array(z.object({ id: z.union([text, z.number()]).transform(String), reference: text })).max(1_000),
});
const Readings = z.object({
  next: text.max(2_000).nullish(),
  results: z
    .array(z.object({ timestamp: text, reading: decimal.nullish(), usage_amount: decimal.nullish() }))
    .max(1_000),
});

/** SteamaCo: three-phase meters of clinics that pay later. It is only read. */
export function steama(settings: SteamaSettings, door: VendorDoor): Steama {
  const origin = settings.url.replace(/\/+$/, "");
  let token: string | null = null;

  const call = (kind: VendorCallKind, method: string, path: string, body?: unknown): Promise<VendorReply> =>
    askVendor(token === null ? door : { ...door, secrets: [...door.secrets, token] }, {
      kind,
      method,
      url: `${origin}${path}`,
      headers: {
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(token === null || body !== undefined ? {} : { authorization: `Token ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      timeoutMs: CALL_MS_MAX,
      patienceMs: PATIENCE_MS,
      expects: "data",
    });

  async function signIn(): Promise<FeedRefusal | null> {
    const { username, password } = settings;
    const reply = await call("metadata", "POST", "/get-token/", { username, password });
    if (reply.came === "answer" && reply.status === 400)
      return { refused: "unauthorised", retryAt: null, detail: sayOf(door, 400, textOf(reply)) };
    const refused = refusalOf(door, reply);
    if (refused !== null || reply.came !== "answer") return refused ?? unreadable(door, "no answer");
    const read = Token.safeParse(jsonOf(reply));
    if (!read.success) return unreadable(door, "there is no token in the answer");
    token = read.data.token;
    return null;
  }

  /** A token ends without notice: another one, and the same question once more. */
  async function ask(
    kind: VendorCallKind,
    path: string,
  ): Promise<Extract<VendorReply, { came: "answer" }> | FeedRefusal> {
    for (const isLast of [false, true]) {
      const refusal = token === null ? await signIn() : null;
      if (refusal !== null) return refusal;
      const reply = await call(kind, "GET", path);
      if (reply.came === "answer" && reply.status === 401 && !isLast) {
        token = null;
        continue;
      }
      const refused = refusalOf(door, reply);
      return refused !== null || reply.came !== "answer" ? (refused ?? unreadable(door, "no answer")) : reply;
    }
    return unreadable(door, "no answer");
  }

  /** Every page; what one of them lacks would be missing for ever, so all or a refusal. */
  async function all<T>(
    kind: VendorCallKind,
    first: string,
    shape: z.ZodType<{ next?: string | null | undefined; results: T[] }>,
  ): Promise<T[] | FeedRefusal> {
    const found: T[] = [];
    let path: string | null = first;
    for (let page = 0; page < PAGES_MAX && path !== null; page += 1) {
      const reply = await ask(kind, path);
      if ("refused" in reply) return reply;
      const read = shape.safeParse(jsonOf(reply));
      if (!read.success) return unreadable(door, "a page has another shape");
      found.push(...read.data.results);
      path = read.data.next ? pathOf(read.data.next) : null;
    }
    return path === null ? found : unreadable(door, `there are more than ${PAGES_MAX} pages`);
  }

  return {
    async meters() {
      const found = await all("metadata", `/meters/?page_size=${PAGE_SIZE}`, Meters);
      if ("refused" in found) return found;
      const meters = found.flatMap(({ id, reference }) => {
        const meterNumber = steamaMeter(reference);
        return meterNumber === null ? [] : [{ id, meterNumber }];
      });
      return { meters, leftOut: found.length - meters.length };
    },
    async readings({ id, meterNumber }, from, to) {
      const times = new URLSearchParams({
        start_time: new Date(from).toISOString(),
        end_time: new Date(to).toISOString(),
        page_size: String(PAGE_SIZE),
      });
      const found = await all("data", `/meters/${encodeURIComponent(id)}/utilities/1/readings/?${times}`, Readings);
      if ("refused" in found) return found;
      const readings = found.flatMap((row) => steamaReading(meterNumber, row) ?? []);
      readings.sort((a, b) => a.readAt - b.readAt);
      return { readings, leftOut: found.length - readings.length };
    },
  };
}

/** The address of the next page is absolute: its host is not believed, or the token would go wherever it says. */
function pathOf(next: string): string | null {
  try {
    const { pathname, search } = new URL(next, "http://relative.invalid");
    return pathname + search;
  } catch {
    return null;
  }
}
