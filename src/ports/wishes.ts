import type { Language } from "../domain/country.ts";

/** What customers want from now on, by the phone that says so. Of two words the one that was received later counts. */
export interface Wishes {
  /** For whoever holds the phone; older: somebody has chosen since. `down`: not known whether it was kept. */
  speak(phone: string, language: Language, receivedAt: number): Promise<"kept" | "older" | "down">;
  /** For the number itself, whoever has it. */
  campaigns(phone: string, wanted: boolean, receivedAt: number): Promise<"kept" | "down">;
}
