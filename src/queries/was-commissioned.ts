import type { Reader } from "../ports/reader.ts";

/** An event says that it was, be it one that was withdrawn: events are never deleted. */
export const wasCommissioned = async (reader: Reader, accountId: number): Promise<boolean> =>
  (
    await reader.read(
      "SELECT 1 AS one FROM commissioning_events WHERE account_id = $1::bigint AND step = 'commissioned' LIMIT 1",
      [String(accountId)],
    )
  ).length > 0;
