import type en from "./en.ts";

export default { title: "Tšebetso", asking: "Ho a botsoa …" } satisfies Record<keyof typeof en, string>;
