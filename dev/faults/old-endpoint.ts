/** The old endpoint as it is on a bad day: a share of its requests fail, and every request is written down. */
import { setTimeout as wait } from "node:timers/promises";
import { asRecord, parseJson, readBytes, sendJson, serve } from "../serve.ts";
import type { Draw } from "./seeded.ts";

/** One SMS in one POST; `text` and `id` as the phone sent them. */
export type Carried = { id: string; text: string };
/** `until` is when the answer had left, or the caller was gone; `status` 0: cut. `at` is machine time. */
export type Post = { at: number; until: number | null; status: number | null; answered: boolean; items: Carried[] };

export type OldEndpoint = {
  url: string;
  posts(): readonly Post[];
  forget(): void;
  /** The share of requests that fail from now on. */
  setFailing(share: number): void;
  failures(): number;
  close(): Promise<void>;
};

/** One that hangs holds up those of its batch, and so all that come after: it is the rarest. */
const FAILURES = [
  ...["refused", "refused", "refused", "cut", "cut", "cut"],
  ...["late", "late", "late", "processed and cut", "processed and cut", "hanging"],
] as [string, ...string[]];
/** Longer than any caller waits, in machine time. */
const HANG_MS = 4_000;

/** A failing one is refused with 500, cut, left to hang, answered late, or acted on and then cut. */
export async function startOldEndpoint(draw: Draw, lateMs: number): Promise<OldEndpoint> {
  let posts: Post[] = [];
  let failing = 0;
  let failures = 0;
  const served = await serve(0, async (req, res) => {
    const post: Post = { at: Date.now(), until: null, status: null, answered: false, items: [] };
    res.on("close", () => {
      post.until = Date.now();
      post.answered = res.writableFinished;
    });
    const body = (await readBytes(req)).toString("utf8");
    post.items = itemsIn(body, req.headers["content-type"] ?? "");
    if (post.items.length > 0) posts.push(post);
    const fault = draw.chance(failing) ? draw.pick(FAILURES) : null;
    if (fault !== null) failures += 1;
    if (fault === "hanging") await wait(HANG_MS, undefined, { ref: false });
    if (fault === "late") await wait(lateMs, undefined, { ref: false });
    if (fault === "cut" || fault === "processed and cut" || fault === "hanging") {
      post.status = 0;
      res.socket?.resetAndDestroy();
      return;
    }
    post.status = fault === "refused" ? 500 : 200;
    if (fault === "refused") return sendJson(res, 500, { error: true });
    const isSmsSync = /SMSSync/.test(req.headers["user-agent"] ?? "");
    return sendJson(res, 200, isSmsSync ? { payload: { success: true, error: null } } : { messages: [] });
  });
  return {
    url: served.url,
    posts: () => posts,
    forget: () => {
      posts = [];
    },
    setFailing: (share) => {
      failing = share;
    },
    failures: () => failures,
    close: served.close,
  };
}

/** The SMS in a forwarded body, of either protocol. */
export function itemsIn(body: string, contentType: string): Carried[] {
  if (/form-urlencoded/.test(contentType)) {
    const form = new URLSearchParams(body);
    const text = form.get("message");
    return text === null ? [] : [{ id: form.get("message_id") ?? "", text }];
  }
  const messages = asRecord(parseJson(body)).messages;
  return (Array.isArray(messages) ? messages : []).map((message) => {
    const { id, content } = asRecord(message);
    return { id: String(id), text: String(content) };
  });
}
