import type en from "./en.ts";

export default {
  title: "Boitsebiso ba ka",
  roles: "Seo nka se etsang",
  permissions: "Litumello tse {n}",
  password: "Phasewete",
  old: "Phasewete ea hona joale",
  new: "Phasewete e ncha",
  wrong: "Phasewete ea hona joale ha ea nepahala.",
  change: "E fetole",
  changed: "E fetotsoe. Libatli tse ling li ntšitsoe.",
  sessions: "Moo ke keneng teng",
  browser: "Sebatli",
  last: "E bonoe",
  this: "Ho kena",
  here: "ena",
  end: "E koale",
  end_ask: "Ntša sebatli seo?",
  ended: "Se ntšitsoe",
  none: "Ha ho kae kapa kae",
} satisfies Record<keyof typeof en, string>;
