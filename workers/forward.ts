import { forRequest, log } from "../src/ports/log.ts";
import type { ForwardOutcome } from "../src/ports/mailboxes.ts";
import type { Env, ForwardMessage } from "./env.ts";
import { measure } from "./metrics.ts";
import { mailboxOf } from "./objects/locate.ts";
import { within } from "./objects/turns.ts";

const POST_MS_MAX = 10_000;
const MAILBOX_MS_MAX = 10_000;
const ANSWER_BYTES_MAX = 256 * 1024;
const RETRY_SECONDS = 30;

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** What goes to the old system: the phone's own request. */
type Going = {
  protocol: "medic" | "smssync";
  method: string;
  query: string;
  contentType: string;
  userAgent: string;
  body: Uint8Array;
};

/**
 * The LEGACY_FORWARD consumer. The Mailbox has the record: a message without a lease is dropped, and one that fails
 * here is sent again by the Mailbox as well.
 */
export async function forwardQueue(
  batch: MessageBatch<ForwardMessage>,
  env: Env,
  fetchFn: Fetch = (url, init) => fetch(url, init),
) {
  await Promise.all(
    batch.messages.map(async (message) => {
      try {
        const { body } = message;
        if (body.kind === "stored") await forRequest(body.requestId, () => forwardStored(body, env, fetchFn));
        else await forwardPoll(body, env, fetchFn);
        message.ack();
      } catch (thrown) {
        log.warn("forward", { kind: message.body?.kind, error: thrown });
        message.retry({ delaySeconds: RETRY_SECONDS });
      }
    }),
  );
}

async function forwardStored(message: ForwardMessage & { kind: "stored" }, env: Env, fetchFn: Fetch) {
  const { phoneId, forwardId } = message;
  const lease = await within(MAILBOX_MS_MAX, mailboxOf(env, phoneId).leaseForward(forwardId));
  if (lease === null) return;
  const target = targetOf(env, lease.channel);
  const outcome: ForwardOutcome =
    target === null
      ? { kind: "refused", status: 0 }
      : await send(target, { ...lease, protocol: lease.protocol }, fetchFn);
  const status = outcome.kind === "unanswered" ? null : outcome.status;
  measure(env, { kind: "forward", name: lease.channel, outcome: outcome.kind });
  log.info("forwarded", { phone: phoneId, forward: forwardId, outcome: outcome.kind, status });
  await within(MAILBOX_MS_MAX, mailboxOf(env, phoneId).forwardDone(forwardId, lease.leaseId, outcome));
}

async function forwardPoll(message: ForwardMessage & { kind: "poll" }, env: Env, fetchFn: Fetch) {
  const phone = await within(MAILBOX_MS_MAX, mailboxOf(env, message.phoneId).view());
  const target = phone === null || phone.revoked ? null : targetOf(env, phone.channel);
  if (target === null) return;
  const outcome = await send(
    target,
    {
      ...message,
      protocol: message.method === "GET" || /smssync/i.test(message.userAgent) ? "smssync" : "medic",
      body: Buffer.from(message.bodyBase64, "base64"),
    },
    fetchFn,
  );
  // A lost or refused poll is no loss: the phone asks again.
  if (outcome.kind === "confirmed")
    await within(MAILBOX_MS_MAX, mailboxOf(env, message.phoneId).pollAnswered(outcome.body));
}

const targetOf = (env: Env, channel: "electricity" | "fees") =>
  (channel === "fees" ? env.LEGACY_FEES_SMS_URL : env.LEGACY_SMS_URL) || null;

/** The old system looks at the User-Agent, and takes only these two names. */
function userAgentFor({ userAgent, protocol }: Going): string {
  if (/medic-gateway|SMSSync/.test(userAgent)) return userAgent;
  return protocol === "medic" ? "medic-gateway" : "SMSSync-Android/v3.1.1";
}

async function send(target: string, going: Going, fetchFn: Fetch): Promise<ForwardOutcome> {
  const url = new URL(target);
  const headers = new Headers({ "User-Agent": userAgentFor(going), Accept: "application/json" });
  if (going.contentType !== "") headers.set("Content-Type", going.contentType);
  if (url.username !== "") {
    const user = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    headers.set("Authorization", `Basic ${Buffer.from(user, "utf8").toString("base64")}`);
    url.username = "";
    url.password = "";
  }
  if (going.query !== "") url.search = url.search === "" ? going.query : `${url.search}&${going.query}`;
  try {
    const response = await fetchFn(url.href, {
      method: going.method,
      headers,
      redirect: "manual",
      signal: AbortSignal.timeout(POST_MS_MAX),
      ...(going.method !== "GET" && { body: going.body }),
    });
    if (!response.ok) {
      response.body?.cancel().catch(() => {});
      return { kind: "refused", status: response.status };
    }
    // A 2xx confirms, even if the rest of its body is lost.
    return { kind: "confirmed", status: response.status, body: await answerOf(response).catch(() => "") };
  } catch (thrown) {
    return { kind: "unanswered", error: thrown instanceof Error ? thrown.name : "unknown" };
  }
}

/** What the answer says, up to the cap; a longer one is no answer of this protocol. */
async function answerOf(response: Response): Promise<string> {
  if (response.body === null) return "";
  const parts: Uint8Array[] = [];
  let bytes = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = (await reader.read()) as { done: boolean; value?: Uint8Array };
    if (done || value === undefined) return Buffer.concat(parts).toString("utf8");
    bytes += value.length;
    if (bytes > ANSWER_BYTES_MAX) {
      reader.cancel().catch(() => {});
      return "";
    }
    parts.push(value);
  }
}
