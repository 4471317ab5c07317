import type en from "../../src/domain/metrics/words/en.ts";
import { loadWords, METRICS_ROOM, wordsOf } from "../words.ts";

await loadWords(METRICS_ROOM);

/** Names and definitions of figures. */
export const metricWords = wordsOf<typeof en>(METRICS_ROOM);
