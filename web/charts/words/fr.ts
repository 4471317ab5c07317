import type { ChartWords } from "../words.ts";

export default {
  locale: "fr",
  months: "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.".split(" "),
  quarter: "T",
  table: "Tableau",
  csv: "CSV",
  png: "PNG",
  resetZoom: "Tout montrer",
  noData: "Rien n’est connu de cette période.",
  gap: "inconnu",
  running: "en cours",
  source: "Source",
  asOf: "au",
  time: "moment",
  summary: "{n} valeurs, de {from} à {to}.",
  summarySeries: "{name} : maximum {highest} ({highestAt}), minimum {lowest} ({lowestAt}).",
  summaryGaps: "Rien n’est connu de {n}.",
  keys: "Les flèches gauche et droite lisent les valeurs.",
} satisfies ChartWords;
