import { readWebhookUrl } from "./webhook.ts";

const PHONES_MAX = 5;
const PHONE = /^\d{8,15}$/;
const SECRET = /^whsec_[A-Za-z0-9+/]{32,}={0,2}$/;

/** Whom an alarm is told. `phones`: international digits. `hook`: an address and the secret that signs. */
export type OnCall = { phones: readonly string[]; hook: { url: string; secret: string } | null };

/** The three settings that say so; `isLaptop`: the world of a laptop, where all is 127.0.0.1. */
export type OnCallSettings = {
  phones: string | undefined;
  url: string | undefined;
  secret: string | undefined;
  isLaptop: boolean;
};

const typed = (phones = "") => phones.split(",").flatMap((each) => each.trim() || []);

/** Every fault of the settings, as a sentence without their values. */
export function onCallFaults({ phones, url, secret, isLaptop }: OnCallSettings): string[] {
  const numbers = typed(phones);
  const read = url ? readWebhookUrl(url, isLaptop) : null;
  return [
    ...(numbers.length > PHONES_MAX || numbers.some((number) => !PHONE.test(number))
      ? [`ON_CALL_PHONES must hold at most ${PHONES_MAX} numbers in international digits, separated by a comma`]
      : []),
    ...(Boolean(url) === Boolean(secret) ? [] : ["ON_CALL_URL and ON_CALL_SECRET come together"]),
    ...(read?.ok === false ? [`ON_CALL_URL must be ${read.error}`] : []),
    ...(secret && !SECRET.test(secret) ? ["ON_CALL_SECRET must be whsec_ and at least 24 bytes in base64"] : []),
  ];
}

/** Whom alarms are told, by settings without a fault. */
export function readOnCall({ phones, url, secret, isLaptop }: OnCallSettings): OnCall {
  const read = url ? readWebhookUrl(url, isLaptop) : null;
  return { phones: typed(phones), hook: read?.ok && secret ? { url: read.value, secret } : null };
}
