/** What others may be told of. Apart from how it is signed, so that the portal knows it too. */
export const WEBHOOK_KINDS = ["payments", "readings", "tickets"] as const;
export type WebhookKind = (typeof WEBHOOK_KINDS)[number];

/** Two secrets sign at once while one is being rotated. */
export const WEBHOOK_SECRETS_MAX = 2;
