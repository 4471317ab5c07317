import type { Vendor } from "./vendor.ts";
import { textOf, understood } from "./vendor-answer.ts";
import { type CreditSought, type FoundVerdict, foundIn } from "./vendor-payment-read.ts";

/** What a vendor said to a request about a credit, before anybody judged it. `none`: nobody knows whether it arrived. */
export type CreditAnswer = { came: "none"; detail: string } | { came: "answer"; status: number; body: string };

/** Why a vendor did not take a credit. It is certain that nothing was credited. */
export type NotTaken =
  | "no_meter" // the customer exists there without a meter
  | "unknown_customer" // the code is unknown in this organisation
  | "too_many_decimals" // an amount that its currency does not have: our own mistake
  | "unauthorised" // a person must renew the key
  | "refused"; // anything else that the vendor said no with

export type SentVerdict =
  | { is: "accepted"; vendorId: string | null }
  /** The external id is known there: it was credited before. */
  | { is: "taken" }
  | { is: "refused"; because: NotTaken; detail: string }
  /** Perhaps credited, perhaps not: it is looked up by its external id before anything is sent again. */
  | { is: "unknown"; detail: string };

export type ReversedVerdict =
  | { is: "reversed" }
  | { is: "refused"; detail: string }
  | { is: "unknown"; detail: string };

/** Longest piece of an answer that is kept for a person. */
export const DETAIL_CHARS_MAX = 200;

/**
 * What the answer to a credit means. The order of the rules is that of precedence, and each of them exists because
 * somebody once lost or doubled money: no answer, an empty one, one that is no JSON, errors inside it, a status that is no
 * success, and only then success.
 */
export function judgeSent(vendor: Vendor, answer: CreditAnswer): SentVerdict {
  if (answer.came === "none") return { is: "unknown", detail: cut(answer.detail) };
  const { status } = answer;
  const said = understood(answer.body);
  if (said.shape === "empty") return isSuccess(status) ? { is: "accepted", vendorId: null } : failed(status, "", false);
  if (said.shape === "not_json") return failed(status, `no JSON came: ${textOf(answer.body)}`, false);
  if (said.errors.length > 0) return failed(status, said.errors.join(": "), true);
  if (!isSuccess(status)) return failed(status, said.message ?? "", true);
  if (vendor === "thundercloud" && said.status !== "success")
    return { is: "unknown", detail: cut(`neither success nor failure: ${textOf(answer.body)}`) };
  return { is: "accepted", vendorId: said.vendorId };
}

/** What a look-up by external id says. Only a clear no is `absent`: on it a credit may be sent again. */
export function judgeFound(vendor: Vendor, answer: CreditAnswer, sought: CreditSought): FoundVerdict {
  if (answer.came === "none") return { is: "unknown", detail: cut(answer.detail) };
  const { status } = answer;
  const said = understood(answer.body);
  const unknown = (detail: string): FoundVerdict => ({ is: "unknown", detail: cut(`${status} ${detail}`) });
  if (status === 404) {
    if (said.shape === "not_json") return unknown(textOf(answer.body));
    // A path that does not exist says nothing about the credit.
    return /no such api/i.test([...said.errors, said.message].join(" ")) ? unknown("no such api") : { is: "absent" };
  }
  if (!isSuccess(status)) return unknown(said.errors.join(": ") || said.message || textOf(answer.body));
  if (said.shape !== "json" || said.errors.length > 0) return unknown(said.errors.join(": ") || textOf(answer.body));
  return foundIn(vendor, said.json, sought);
}

/** What the answer to a reversal means. */
export function judgeReversed(answer: CreditAnswer): ReversedVerdict {
  if (answer.came === "none") return { is: "unknown", detail: cut(answer.detail) };
  const said = understood(answer.body);
  const words = said.errors.join(": ") || said.message || (said.shape === "not_json" ? textOf(answer.body) : "");
  if (/already.{0,20}revers/i.test(words)) return { is: "reversed" };
  if (isSuccess(answer.status) && said.shape !== "not_json" && said.errors.length === 0) return { is: "reversed" };
  const detail = cut(`${answer.status} ${words}`);
  return isClearNo(answer.status, said.shape !== "not_json") ? { is: "refused", detail } : { is: "unknown", detail };
}

function failed(status: number, words: string, isJson: boolean): SentVerdict {
  if (isJson && /external.?id/i.test(words) && /taken|used|exists|duplicate/i.test(words)) return { is: "taken" };
  const detail = cut(`${status} ${words}`);
  if (isJson && /too many decimal/i.test(words)) return { is: "refused", because: "too_many_decimals", detail };
  // A success with errors in it, a gateway that gave up, a page instead of an answer: it may have been credited.
  if (!isClearNo(status, isJson)) return { is: "unknown", detail };
  if (status === 401 || status === 403) return { is: "refused", because: "unauthorised", detail };
  if (/no such api/i.test(words)) return { is: "refused", because: "refused", detail };
  if (status === 404 || /no such customer/i.test(words)) return { is: "refused", because: "unknown_customer", detail };
  if (/^bad request[.:\s]*$/i.test(words)) return { is: "refused", because: "no_meter", detail };
  return { is: "refused", because: "refused", detail };
}

const isSuccess = (status: number) => status >= 200 && status < 300;
/** 408 and 409 come from in between, or of two requests at once: neither says that nothing was credited. */
const isClearNo = (status: number, isJson: boolean) =>
  status >= 400 && status < 500 && status !== 408 && status !== 409 && (isJson || status === 401 || status === 403);
const cut = (text: string) => text.trim().slice(0, DETAIL_CHARS_MAX).toWellFormed();
