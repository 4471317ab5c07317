/**
 * The Worker with a counter: the same code, and around it an isolate that writes down what is asked of the platform.
 * Only the bench bundles this file. Not TypeScript, for the types of the two runtimes do not go together.
 */
import * as worker from "../../../workers/index.ts";
import { countedClass, countedHandlers } from "./isolate.ts";

export const AccountLedger = countedClass("AccountLedger", worker.AccountLedger);
export const Directory = countedClass("Directory", worker.Directory);
export const DisconnectGate = countedClass("DisconnectGate", worker.DisconnectGate);
export const Mailbox = countedClass("Mailbox", worker.Mailbox);
export const ReceiptBook = countedClass("ReceiptBook", worker.ReceiptBook);
export const Till = countedClass("Till", worker.Till);
export const UnmappedMeters = countedClass("UnmappedMeters", worker.UnmappedMeters);
export const VendorBudget = countedClass("VendorBudget", worker.VendorBudget);

export default countedHandlers(worker.default);
