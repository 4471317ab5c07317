import { medicAnswer, medicError, medicHandshake, readMedicPost } from "../../../src/domain/gateway/medic.ts";
import { forbidden, readSmssync, refused, type SmssyncRead } from "../../../src/domain/gateway/smssync.ts";
import { log } from "../../../src/ports/log.ts";
import type { GatewayAnswer, GatewayRequest, PhoneFacts } from "../../../src/ports/mailboxes.ts";
import { answerSmssync, broughtBy, refusedSecret } from "./smssync.ts";
import type { Brought, MailboxStore } from "./store.ts";

/** A request of a known phone, read. */
export type Requested =
  | { kind: "medic_handshake" | "medic_post"; brought: Brought }
  | { kind: "smssync"; brought: Brought; read: SmssyncRead };

const NOTHING: Brought = { items: [], updates: [], updateCount: 0, spokenOf: [], isPoll: false };

export function readRequest(request: GatewayRequest, facts: PhoneFacts): Requested | { refusal: GatewayAnswer } {
  if (request.protocol === "smssync") {
    const read = readSmssync(request);
    const refusal = refusedSecret(request, read, facts);
    if (refusal !== null) return { refusal };
    if (read.kind === "alert") log.warn("phone-alert", { phone: facts.phoneId });
    return { kind: "smssync", brought: broughtBy(read), read };
  }
  if (request.method === "GET") return { kind: "medic_handshake", brought: NOTHING };
  if (request.method !== "POST")
    return { refusal: { status: 405, jsonText: medicError(`method ${request.method}; expected GET or POST`) } };
  const post = readMedicPost(request.body);
  if (!post.ok) return { refusal: { status: 400, jsonText: medicError(post.error.because) } };
  const { items, updates, updateCount, oddities } = post.value;
  if (oddities.length > 0) log.warn("gateway-body", { phone: facts.phoneId, oddities: oddities.slice(0, 5) });
  return { kind: "medic_post", brought: { items, updates, updateCount, spokenOf: [], isPoll: true } };
}

/** The answer, and what giving it changes. Inside the request's transaction. */
export function answerRequest(
  store: MailboxStore,
  request: GatewayRequest,
  read: Requested,
  now: number,
): GatewayAnswer {
  if (read.kind === "smssync") return answerSmssync(store, request, read.read, now);
  if (read.kind === "medic_handshake") return { status: 200, jsonText: medicHandshake() };
  // Nobody reads the answer to the old system's copy: what it carried would be lost.
  return { status: 200, jsonText: medicAnswer(request.mirrored ? [] : store.outgoing.offer(now)) };
}

export function deniedAnswer(request: GatewayRequest): GatewayAnswer {
  if (request.protocol === "smssync") return forbidden(request.method);
  return { status: 401, jsonText: medicError("user or password is wrong; expected this phone's own") };
}

/** Nothing was kept: the phone sends the same again. */
export function notReadyAnswer(request: GatewayRequest): GatewayAnswer {
  const because = "the request could not be stored; it will be taken when it is sent again";
  if (request.protocol === "smssync") return refused(request.method, 503, because);
  return { status: 503, jsonText: medicError(because) };
}
