import type { Env } from "./env.ts";

export { AccountLedger } from "./objects/account-ledger.ts";
export { Directory } from "./objects/directory.ts";
export { DisconnectGate } from "./objects/disconnect-gate.ts";
export { Mailbox } from "./objects/mailbox.ts";
export { ReceiptBook } from "./objects/receipt-book.ts";
export { Till } from "./objects/till.ts";

export default {
  fetch: () => new Response("not yet"),
} satisfies ExportedHandler<Env>;
