import type en from "./en.ts";

export default { asking: "Un instant …" } satisfies Record<keyof typeof en, string>;
