import type { MetricId } from "../registry.ts";

/** What each figure is called, and what it is: `name_<id>` and `means_<id>`. */
export default {
  name_paid: "Payé",
  means_paid:
    "Ce que les clients ont payé, moins ce que l'ancien système a repris. Compté au jour local du paiement, chez qui détient l'argent maintenant ; l'argent que personne ne détient encore et celui du trésor en font partie.",
  name_paid_electricity: "Payé pour l'électricité",
  means_paid_electricity:
    "Ce qui a été payé et que des comptes détiennent pour l'électricité : ni frais, ni argent non affecté.",
  name_paid_fees: "Payé en frais",
  means_paid_fees: "Frais de raccordement et de tableau qui ont été payés.",
  name_paid_unassigned: "Non affecté",
  means_paid_unassigned: "Ce qui a été payé et attend encore son compte.",
  name_paid_treasury: "Au trésor",
  means_paid_treasury: "Ce qui a été payé et mis de côté au trésor.",
  name_payments: "Paiements",
  means_payments: "Nombre de reçus. Un reçu partagé entre des comptes compte une fois, là où est sa première part.",
  name_vended: "Énergie vendue",
  means_vended:
    "Énergie créditée pour des paiements (kWh vendus), au jour du paiement. Sans les soldes d'ouverture ni les corrections. Ce n'est pas ce qui a été consommé.",
  name_metered: "Énergie consommée",
  means_metered:
    "Énergie comptée par les compteurs (kWh mesurés), par celui qui facture : un compteur de contrôle ne la double jamais. Les heures dont on ne sait rien ne sont dans aucune somme.",
  name_accounts_ever: "Comptes ayant déjà payé",
  means_accounts_ever:
    "Comptes distincts qui avaient payé au moins une fois à la fin de la période. Ce nombre ne baisse jamais ; un ancien paiement arrivé tard relève aussi les périodes d'avant.",
  name_accounts_paying: "Comptes ayant payé",
  means_accounts_paying: "Comptes distincts qui ont payé dans la période.",
  name_accounts_connected: "Comptes raccordés",
  means_accounts_connected:
    "Comptes raccordés un jour moyen de la période : de la mise en service (ou, si personne ne l'a notée, du premier jour d'usage ou de paiement) à la résiliation.",
  name_arpu_ever: "ARPU, comptes ayant déjà payé",
  means_arpu_ever:
    "Payé dans la période, par les comptes ayant déjà payé à sa fin. Argent par compte et par période. Le dénominateur convenu pour la continuité.",
  name_arpu_paying: "ARPU, comptes ayant payé",
  means_arpu_paying: "Payé dans la période, par les comptes qui y ont payé. Argent par compte et par période.",
  name_arpu_connected: "ARPU, comptes raccordés",
  means_arpu_connected:
    "Payé dans la période, par le nombre moyen de comptes raccordés. Argent par compte et par période.",
  name_vended_a_day: "Énergie vendue par compte et jour",
  means_vended_a_day: "Énergie vendue dans la période, par jours où des comptes étaient raccordés.",
  name_metered_a_day: "Énergie consommée par compte et jour",
  means_metered_a_day:
    "Énergie consommée dans les heures connues, pour 24 d'entre elles : les trous n'abaissent rien. Un compte qui n'a rien consommé compte pour 0.",
  name_paid_a_day: "Payé par compte et jour",
  means_paid_a_day: "Payé dans la période, par jours où des comptes étaient raccordés.",
  name_price: "Prix moyen du kWh",
  means_price: "Payé pour l'électricité, par énergie vendue.",
  name_coverage: "Heures connues",
  means_coverage: "Heures des comptes raccordés dont le compteur a dit quelque chose, par toutes leurs heures.",
} satisfies Record<`name_${MetricId}` | `means_${MetricId}`, string>;
