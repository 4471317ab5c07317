/**
 * The Worker with faults: the same code, and around it an isolate that fails where it is told to. Only the harness
 * bundles this file; without its service binding FP it changes nothing. Not TypeScript, for the types of the two
 * runtimes do not go together.
 */
import { env } from "cloudflare:workers";
import * as worker from "../../workers/index.ts";
import { faultyClass, faultyHandlers, install } from "./isolate.ts";

install(env);

export const AccountLedger = faultyClass("AccountLedger", worker.AccountLedger);
export const Directory = faultyClass("Directory", worker.Directory);
export const DisconnectGate = faultyClass("DisconnectGate", worker.DisconnectGate);
export const Mailbox = faultyClass("Mailbox", worker.Mailbox);
export const ReceiptBook = faultyClass("ReceiptBook", worker.ReceiptBook);
export const Till = faultyClass("Till", worker.Till);
export const UnmappedMeters = faultyClass("UnmappedMeters", worker.UnmappedMeters);
export const VendorBudget = faultyClass("VendorBudget", worker.VendorBudget);

export default faultyHandlers(worker.default);
