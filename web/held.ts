import { loadWords, said } from "./words.ts";

const ROOM = "held";
await loadWords(ROOM);

/** Why money waits, in the reader's words. */
export const heldBecause = (code: string | null): string => said(ROOM, "because", code);
