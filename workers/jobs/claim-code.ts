import { log } from "../../src/ports/log.ts";
import { sendClaimCode } from "../../src/services/customer-sign-in.ts";
import { codePortsOf } from "../session.ts";
import type { Job } from "./job.ts";

/** One code for one account, asked for by somebody who may be anybody. */
export const claimCode: Job = async (env, page) => {
  if (typeof page !== "string") return null;
  const became = await sendClaimCode(codePortsOf(env), page);
  // Which account it was is not for the log.
  if (became === "no phone") log.warn("claim-code", { because: "the country has no phone" });
  return null;
};
