import type en from "./en.ts";

export default {
  title: "Exports",
  lead: "Toute table en fichier. Qui a fait lequel est gardé sous Changements. Au plus {n} lignes par fichier : filtrez au-delà.",
  table: "Table",
  choose: "Choisissez une table",
  rows: "Environ {n} lignes.",
  rows_unknown: "Personne n’a encore compté ses lignes.",
  too_much: "Un fichier en contient {n} : choisissez une période.",
  look: "Les regarder d’abord",
  filters: "Filtres",
  filters_hint:
    "colonne=valeur, colonne>=valeur, colonne<valeur ; plusieurs séparés par « ; ». Instants comme 2026-11-03T12:00:00Z.",
  words: "Recherche",
  words_hint: "Seulement les lignes avec ce mot",
  format: "Forme",
  csv_hint: "Pour d’autres programmes : UTC, texte simple",
  xlsx_hint: "Pour les gens : heures locales, nombres en nombres",
  make: "Faire le fichier",
  file: "Le fichier",
  coming: "{size} reçus",
  whole: "Entier et enregistré : {size}",
  broken: "Interrompu après {size}, rien n’a été enregistré. Refaites-le, ou filtrez davantage.",
  link: "Le lien ouvre ce fichier jusqu’au {at}, pour qui le détient :",
} satisfies Record<keyof typeof en, string>;
