import { askOf, FEE_STEPS_BY } from "../../src/domain/fees/paid-step.ts";
import { log } from "../../src/ports/log.ts";
import { feeStepsDue } from "../../src/queries/fee-steps.ts";
import { recordCommissioning } from "../../src/services/record-commissioning.ts";
import { clockOf, commissioningsOf, countryOf, readerOf } from "../ports.ts";
import type { Job } from "./job.ts";

const PAGE = 200;

/** Every quarter of an hour: a fee that is paid is a step on the way to light, and one whose payment was taken back is none any more. */
export const feeStepsJob: Job = async (env, page) => {
  const country = countryOf(env);
  const due = await feeStepsDue(readerOf(env), typeof page === "string" ? page : "", PAGE);
  if (due.length === 0) return null;
  const said = due.map((fee) => {
    const ask = askOf(fee, country.utcOffsetMinutes);
    const reason = ask.act === "record" ? "nothing of the fee is owed any more" : "the fee is owed again";
    return { account: fee.account, ask, reason, byBooks: true };
  });
  const by = { actor: FEE_STEPS_BY, reason: null, at: clockOf(env).now(), requestId: crypto.randomUUID() };
  const recorded = await recordCommissioning({ country, commissionings: commissioningsOf(env) }, said, "good", by);
  if (!recorded.ok) throw new Error(`the steps of paid fees were not recorded: ${recorded.error.kind}`);
  const refused = recorded.value.results.filter(({ status }) => status === "refused").length;
  if (refused > 0) log.warn("fee steps", { refused });
  return due.length < PAGE ? null : { next: due.at(-1)?.account ?? "" };
};
