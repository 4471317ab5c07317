/** `npm run scale`: cost and limits at 10 thousand, 1 million and 100 million accounts, computed from what an SMS and a reading ask for (docs/scale.md). */
import { scaleTables } from "./scale/print.ts";

console.log(scaleTables());
