import type en from "./en.ts";

export default {
  title: "Lifaele",
  lead: "Tafole efe kapa efe e le faele. Ea entseng efe o ngotsoe tlas'a Liphetoho. Mela e {n} feela faeleng: sefa haeba e feta.",
  table: "Tafole",
  choose: "Khetha tafole",
  rows: "Mela e ka bang {n}.",
  rows_unknown: "Ha ho ea so bale mela ea eona.",
  too_much: "Faele e nka e {n}: khetha nako.",
  look: "E shebe pele",
  filters: "Lisefe",
  filters_hint:
    "column=value, column>=value, column<value; tse ngata li aroloe ka “ ; ”. Nako joalo ka 2026-11-03T12:00:00Z.",
  words: "Batla",
  words_hint: "Mela e nang le lentsoe lee feela",
  format: "Mofuta",
  csv_hint: "Bakeng sa mananeo a mang: UTC, mongolo o hlakileng",
  xlsx_hint: "Bakeng sa batho: nako ea mona, lipalo e le lipalo",
  make: "Etsa faele",
  file: "Faele",
  coming: "{size} ho fihlela joale",
  whole: "E feletse 'me e bolokiloe: {size}",
  broken: "E khaohile ka mor'a {size}, ha ho letho le bolokiloeng. E etse hape, kapa u sefe haholoanyane.",
  link: "Sehokelo se bula faele ena ho fihlela {at}, ho mang kapa mang ea nang le sona:",
} satisfies Record<keyof typeof en, string>;
