import type { ChartWords } from "../words.ts";

export default {
  locale: "st",
  months: "Phe Hla Tlh Mme Mot Phu Php Pha Loe Mph Pul Tši".split(" "),
  quarter: "K",
  table: "Tafole",
  csv: "CSV",
  png: "PNG",
  resetZoom: "Bontša tsohle",
  noData: "Ha ho letho le tsejoang ka nako ena.",
  gap: "ha e tsejoe",
  running: "e ntse e tsoela pele",
  source: "Mohloli",
  asOf: "ka",
  time: "nako",
  summary: "Lipalo tse {n} ho tloha {from} ho isa {to}.",
  summarySeries: "{name}: e phahameng ka ho fetisisa {highest} ({highestAt}), e tlase {lowest} ({lowestAt}).",
  summaryGaps: "Ha ho letho le tsejoang ka tse {n}.",
  keys: "Metsu ea leqele le ea le letona e bala lipalo.",
} satisfies ChartWords;
