import means from "../../../../src/domain/metrics/profile-words/fr.ts";

/** Definitions are written once, and stand in files too. */
export default {
  ...means,
  title: "Énergie selon l’ancienneté",
  lead: "Ce que les comptes consomment en un mois, selon leur ancienneté en mois.",
  rule: "Règle",
  rule_corrected: "Règle corrigée",
  rule_legacy: "Ancienne règle",
  group: "Dessiné",
  all: "tous les comptes",
  no_type: "sans type",
  mean: "Moyenne",
  upper: "Moyenne + é.-t.",
  lower: "Moyenne − é.-t.",
  sd: "é.-t.",
  n: "Comptes dans la moyenne",
  min: "Minimum",
  max: "Maximum",
  old_enough: "n : assez anciens",
  with_data: "nd : connus",
  left_out: "nf : écartés",
  month: "Mois",
  figure: "Énergie par mois selon l’ancienneté : {group}",
  means: "Moyennes de tous les groupes",
  table: "Mois par mois : {group}",
  none: "Personne n’est connu depuis assez longtemps",
  none_hint:
    "Une moyenne demande trois comptes avec un mois complet. Choisissez moins de filtres, ou attendez la fin d’un mois.",
};
