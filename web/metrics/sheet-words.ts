import type en from "../../src/domain/metrics/sheet-words/en.ts";
import { loadWords, SHEETS_ROOM, wordsOf } from "../words.ts";

await loadWords(SHEETS_ROOM);

/** Names of reports of one table, and of their columns. */
export const sheetWords = wordsOf<typeof en>(SHEETS_ROOM);
