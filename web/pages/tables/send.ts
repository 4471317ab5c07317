import type { ClientResponse } from "hono/client";
import { type Answer, apiUrl, ask } from "../../api.ts";

type Written = { table: string; name: string; version: number };

/** Writes a row of a plain table. Which fields it has depends on the table, so the typed client knows no body for it. */
export const sendRow = (
  method: "POST" | "PATCH" | "DELETE",
  path: string,
  body: Record<string, unknown>,
): Promise<Answer<Written>> =>
  ask(
    fetch(apiUrl(`/tables/${path}`), {
      method,
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    }) as unknown as Promise<ClientResponse<Written, 200, "json">>,
  );
