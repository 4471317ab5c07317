import type en from "./en.ts";

export default { title: "Exploitation", asking: "Un instant …" } satisfies Record<keyof typeof en, string>;
