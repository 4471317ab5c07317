import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

const TOLERANCE_S = 300;
/** Tellings that are shown, the newest first. */
const SHOWN_MAX = 50;

export type HeardAlarm = { id: string; how: "new" | "again"; body: unknown };
/** `isWell` false: it answers 503, as a receiver that is down behind its proxy. */
export type OnCallState = { secret: string; isWell: boolean; heard: HeardAlarm[] };

/**
 * Whoever is on call, on a laptop: takes what is signed by the secret and not older than five minutes, once under each id.
 * `GET /` shows what was heard, `POST /mood {"well":false}` makes it refuse.
 */
export function heardBy(
  state: OnCallState,
  headers: Record<string, unknown>,
  text: string,
  nowS: number,
): { status: number; heard: HeardAlarm | null } {
  if (!state.isWell) return { status: 503, heard: null };
  const [id, time] = [String(headers["webhook-id"]), String(headers["webhook-timestamp"])];
  const key = Buffer.from(state.secret.replace(/^whsec_/, ""), "base64");
  const wanted = createHmac("sha256", key).update(`${id}.${time}.${text}`).digest();
  const given = String(headers["webhook-signature"])
    .split(" ")
    .map((each) => Buffer.from(each.replace(/^v1,/, ""), "base64"));
  const isSigned = given.some((each) => each.length === wanted.length && timingSafeEqual(each, wanted));
  if (!isSigned || !(Math.abs(nowS - Number(time)) < TOLERANCE_S)) return { status: 401, heard: null };
  const how = state.heard.some((each) => each.id === id) ? "again" : "new";
  const heard: HeardAlarm = { id, how, body: JSON.parse(text) };
  state.heard = [heard, ...state.heard].slice(0, SHOWN_MAX);
  return { status: 200, heard };
}

/** Serves it on a port that is free. */
export async function startOnCall(secret: string): Promise<{ url: string; server: Server }> {
  const state: OnCallState = { secret, isWell: true, heard: [] };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString("utf8");
    if (request.method === "GET") return void response.end(JSON.stringify(state.heard));
    if (request.url === "/mood") {
      state.isWell = JSON.parse(text).well === true;
      return void response.end("{}");
    }
    response.writeHead(heardBy(state, request.headers, text, Date.now() / 1_000).status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}
