import type { Trouble } from "../../api.ts";
import { byWhom, when } from "../../say.ts";

/** Who set something between reading and saving, when and why, for a sentence. Null: nobody did, and it is another trouble. */
export function meanwhile({ kind, details }: Trouble): { who: string; at: string; reason: string } | null {
  if (kind !== "stale") return null;
  const said = (details as { said?: { by?: unknown; at?: unknown; reason?: unknown } | null } | null)?.said;
  return {
    who: typeof said?.by === "string" ? byWhom(said.by) : "–",
    at: typeof said?.at === "number" ? when(said.at) : "–",
    reason: typeof said?.reason === "string" ? said.reason : "–",
  };
}
