import means from "../../../../src/domain/metrics/profile-words/st.ts";

/** Definitions are written once, and stand in files too. */
export default {
  ...means,
  title: "Motlakase ka nako ea boreki",
  lead: "Seo liak’haonte li se sebelisang ka khoeli, ho ea ka likhoeli tseo e bileng tsa bareki.",
  rule: "Molao",
  rule_corrected: "Molao o lokisitsoeng",
  rule_legacy: "Molao oa khale",
  group: "E takiloeng",
  all: "liak’haonte tsohle",
  no_type: "ha ho mofuta",
  mean: "Karolelano",
  upper: "Karolelano + sd",
  lower: "Karolelano − sd",
  sd: "sd",
  n: "Liak’haonte tse karolelanong",
  min: "Bonyane",
  max: "Boholo",
  old_enough: "n: tse lekaneng",
  with_data: "nd: tse tsejoang",
  left_out: "nf: tse tlohetsoeng",
  month: "Khoeli",
  figure: "Motlakase ka khoeli ho ea ka nako: {group}",
  means: "Likarolelano tsa lihlopha tsohle",
  table: "Khoeli le khoeli: {group}",
  none: "Ha ho ea tsejoang nako e lekaneng",
  none_hint:
    "Karolelano e hloka liak’haonte tse tharo tse nang le khoeli e felletseng. Khetha lihloela tse fokolang, kapa u emele khoeli e fele.",
};
