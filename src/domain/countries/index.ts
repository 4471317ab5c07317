// Written by `npm run countries` from the files beside it. In the order in which they came.
// biome-ignore assist/source/organizeImports: the order is the countries'
import { LS } from "./ls.ts";
import { BJ } from "./bj.ts";
import { ZM } from "./zm.ts";

export const FILES = { LS, BJ, ZM } as const;
