import { readCmAnswer } from "../../domain/cm-answer.ts";
import type { Carrier, CarrierMessage } from "../../ports/carrier.ts";

const TIMEOUT_MS = 20_000;
const PARTS_MAX = 3;
/** Of their answer so much is read. */
const ANSWER_CHARS_MAX = 200_000;

/** `url`: of their business messaging, as https://gw.messaging.cm.com/v1.0/message. `sender`: at most 11 letters and digits. */
export type CmSettings = { url: string; token: string; sender: string };

/** CM.com's HTTP. Never redirected: a page to sign in is no answer. */
export const cmClient = ({ url, token, sender }: CmSettings, send: typeof fetch = fetch): Carrier => ({
  async send(messages) {
    const references = messages.map(({ reference }) => reference);
    return readCmAnswer(await post(send, { url, token }, bodyOf(sender, messages)), references);
  },
});

/** "00" stands before the country's code: a "+" is not what they show in their exports. */
const bodyOf = (sender: string, messages: readonly CarrierMessage[]) => ({
  messages: {
    msg: messages.map(({ reference, to, content }) => ({
      from: sender,
      to: [{ number: `00${to.replace(/^\+/, "")}` }],
      body: { type: "auto", content },
      reference,
      minimumNumberOfMessageParts: 1,
      maximumNumberOfMessageParts: PARTS_MAX,
    })),
  },
});

/** Null: nobody answered, or not to the end. */
async function post(send: typeof fetch, { url, token }: Omit<CmSettings, "sender">, body: unknown) {
  try {
    const response = await send(url, {
      method: "POST",
      redirect: "manual",
      headers: { "Content-Type": "application/json", "X-CM-PRODUCTTOKEN": token },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { status: response.status, body: (await response.text()).slice(0, ANSWER_CHARS_MAX) };
  } catch {
    return null;
  }
}
