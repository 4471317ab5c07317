import type { RestoredOutgoing } from "../../../src/ports/mailbox-restores.ts";

/** As Postgres has it. What was handed to the phone stays so, whatever the state says; only what never was is offered. */
export function restoreOutgoing(sql: SqlStorage, sms: RestoredOutgoing, now: number) {
  const isOpen = ["queued", "offered", "unsent", "pending", "moved"].includes(sms.state) && sms.expiresAt > now;
  if (!isOpen) {
    sql.exec("INSERT INTO outgoing_known VALUES (?) ON CONFLICT DO NOTHING", sms.id);
    return;
  }
  sql.exec(
    `INSERT INTO outgoing (id, origin, to_phone, content, template, language, account, receipt, created_at, expires_at,
       state, reason, state_at, offered_at, offers, version) VALUES (?, ?, ?, ?, ?, NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    sms.id,
    sms.origin,
    sms.toPhone,
    sms.content,
    sms.template,
    sms.account,
    sms.receipt,
    sms.createdAt,
    sms.expiresAt,
    sms.state === "queued" && sms.offeredAt !== null ? "offered" : sms.state,
    sms.reason,
    sms.stateAt,
    sms.offeredAt,
    sms.offeredAt === null ? 0 : 1,
    sms.version,
  );
}
