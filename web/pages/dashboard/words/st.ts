import type en from "./en.ts";

export default { asking: "Ho a botsoa …" } satisfies Record<keyof typeof en, string>;
