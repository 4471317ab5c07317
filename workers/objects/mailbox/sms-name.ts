/** SMS that one line of the log names. */
export const NAMED_MAX = 20;
const NAME_CHARS = 12;

/** How the log names an SMS: the beginning of its hash, which its row in Postgres has too. */
export const smsName = (contentHash: string): string => contentHash.slice(0, NAME_CHARS);
